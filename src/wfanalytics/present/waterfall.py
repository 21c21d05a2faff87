"""How one level became another: bars from level to level, one change below the other."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from wfanalytics.present import axes as ground
from wfanalytics.present import bars
from wfanalytics.present.axes import GAP, pixels
from wfanalytics.present.labels import Box, measure_text
from wfanalytics.present.style import AXIS_COLOUR, COLOURS, styled

#: Colour of each kind of bar; its number carries the sign, so colour is never alone.
_ROLES = {"level": "bar", "rise": "above", "fall": "second"}


@styled
def plot_waterfall(frame: pd.DataFrame, *, label: str = "", ax: Axes | None = None) -> Axes:
    """A level, what was added and taken away, and the level it became, from top to bottom.

    Parameters
    ----------
    frame : a row a bar, in order: ``name``, ``value`` (of the first and last row a level from 0,
        of the others a change) and ``text``, what is printed after the bar.

    >>> rows = pd.DataFrame({"name": ["June", "leavers", "July"], "value": [3.0, 2.0, 5.0],
    ...                      "text": ["3.0", "+2.0", "5.0"]})
    >>> axes = plot_waterfall(rows)
    >>> [(float(bar.get_x()), float(bar.get_width())) for bar in axes.patches]
    [(0.0, 3.0), (3.0, 2.0), (0.0, 5.0)]
    """
    bars.check_bars(len(frame))
    shown = bars.wrap_names(frame["name"])
    heights = bars.bar_heights(shown)
    is_new = ax is None
    ax = ground.open_axes(ax)
    place = ground.find_place(ax)
    if is_new:
        bars.fit_bars(ax, heights, place=place, label=label)
    middles = np.cumsum(heights) - np.array(heights) / 2
    values = frame["value"].to_numpy(dtype=float)
    reached = [values[0], *(values[0] + values[1:-1].cumsum()), values[-1]]
    starts = [0.0, *reached[: len(values) - 2], 0.0]
    _draw_steps(ax, starts, reached, middles, list(frame["name"]))
    ax.set_ylim(sum(heights), 0)
    _finish(ax, shown, list(frame["text"]), starts, reached, middles, place=place, label=label)
    return ax


def _draw_steps(
    ax: Axes, starts: list[float], reached: list[float], middles: np.ndarray, names: list[str]
) -> None:
    last = len(reached) - 1
    for i, (start, end, middle) in enumerate(zip(starts, reached, middles, strict=True)):
        kind = "level" if i in (0, last) else "rise" if end > start else "fall"
        ax.barh(
            middle, abs(end - start), left=min(start, end), height=bars.CM_BAR * 0.72,
            facecolor=COLOURS[_ROLES[kind]], edgecolor="none", zorder=2, label=f"_bar {names[i]}",
        )  # fmt: skip
    for (above, below), end in zip(pairwise(middles), reached, strict=False):
        half = bars.CM_BAR * 0.36
        ax.plot([end, end], [above + half, below - half], color=AXIS_COLOUR, linewidth=0.9,
                zorder=1, label="_connector")  # fmt: skip


def _finish(
    ax: Axes, shown: list[str], texts: list[str], starts: list[float], reached: list[float],
    middles: np.ndarray, *, place: Box, label: str,
) -> None:  # fmt: skip
    slot, gap = ground.slot_of(ax, place), pixels(ax, GAP)
    names = max(measure_text(ax, words)[0] for words in shown)
    after = max(measure_text(ax, words)[0] for words in texts)
    top = slot.top - ground.draw_title(ax, label, slot=slot)
    frame = Box(slot.left + names + gap, slot.bottom, slot.right - after - 2 * gap, top)
    ground.set_frame(ax, frame)
    ax.set_xlim(min(0.0, *reached), max(*starts, *reached) or 1.0)
    bars.draw_zero(ax)
    bars.draw_names(ax, shown, middles, edge=frame.left - gap)
    for words, start, end, middle in zip(texts, starts, reached, middles, strict=True):
        edge = float(ax.transData.transform((max(start, end), middle))[0]) + gap
        bars.draw_names(ax, [words], [middle], edge=edge, ends=False)
