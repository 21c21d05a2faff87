"""The share still here by years since they started, with its interval, as a falling curve."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from wfanalytics.present import axes as ground
from wfanalytics.present.axes import GAP, pixels
from wfanalytics.present.labels import LINE_HEIGHT, Box, measure_text
from wfanalytics.present.style import COLOURS, PALE, TEXT_COLOURS, styled

#: The curve is drawn this far; beyond it few are left to count.
MOST_YEARS = 10.0
_SCALE = (0.0, 0.25, 0.5, 0.75, 1.0)


@styled
def plot_survival(
    frame: pd.DataFrame,
    *,
    marks: Mapping[float, str] | None = None,
    label: str = "",
    foot: str = "",
    ax: Axes | None = None,
) -> Axes:
    """A survival curve as steps, its interval as a pale band.

    Parameters
    ----------
    frame : ``years``, ``survival``, ``lower`` and ``upper`` (0 to 1), ``years`` ascending.
    marks : years -> words beside the curve there.
    foot : what the years are counted from, below the scale.

    >>> rows = pd.DataFrame({"years": [1.0, 2.0], "survival": [0.9, 0.8], "lower": 0.7,
    ...                      "upper": 0.95})
    >>> plot_survival(rows).lines[0].get_ydata().tolist()
    [1.0, 0.9, 0.8]
    """
    ax = ground.open_axes(ax)
    place = ground.find_place(ax)
    shown = frame[frame["years"] <= MOST_YEARS]
    if shown.empty:
        return ground.draw_nothing(ax, title=label)
    start = {"years": 0.0, "survival": 1.0, "lower": 1.0, "upper": 1.0}
    rows = pd.concat([pd.DataFrame([start]), shown[list(start)]], ignore_index=True)
    years = rows["years"].to_numpy()
    ax.plot(
        years, rows["survival"].to_numpy(), drawstyle="steps-post", color=COLOURS["own"],
        label="_curve", zorder=3,
    )  # fmt: skip
    ax.fill_between(
        years, rows["lower"].to_numpy(), rows["upper"].to_numpy(), step="post",
        facecolor=PALE["below"], edgecolor="none", label="_interval", zorder=1.5,
    )  # fmt: skip
    ax.set_ylim(0, 1)
    ax.set_yticks(_SCALE, ground.format_scale(_SCALE, is_percent=True))
    last = float(np.ceil(years[-1]))
    ax.set_xlim(0, last)
    ticks = [float(tick) for tick in np.arange(0, last + 1, 1 if last > 1 else 0.5)]
    ax.set_xticks(ticks, ground.format_scale(ticks, is_percent=False))
    _lay_out(ax, place, label=label, foot=foot)
    _draw_marks(ax, rows, marks or {})
    return ax


def _lay_out(ax: Axes, place: Box, *, label: str, foot: str) -> None:
    slot = ground.slot_of(ax, place)
    line, gap = pixels(ax, LINE_HEIGHT), pixels(ax, GAP)
    scale = max(measure_text(ax, words.get_text())[0] for words in ax.get_yticklabels())
    top = slot.top - ground.draw_title(ax, label, slot=slot)
    half = measure_text(ax, "10")[0]
    frame = Box(slot.left + scale + gap, slot.bottom + 2 * line + gap, slot.right - half, top)
    ground.set_frame(ax, frame)
    if foot:
        left = (frame.left + frame.right - measure_text(ax, foot)[0]) / 2
        ground.add_words(ax, foot, left=left, top=slot.bottom + line, colour=TEXT_COLOURS["plain"])


def _draw_marks(ax: Axes, rows: pd.DataFrame, marks: Mapping[float, str]) -> None:
    """Points on the curve, their words up and to the right, where a falling curve leaves room."""
    box = ax.get_window_extent()
    floor = 0.0
    for year in sorted(marks, reverse=True):
        share = float(rows.loc[rows["years"] <= year, "survival"].iloc[-1])
        ax.plot([year], [share], "o", color=COLOURS["own"], markersize=7, label="_mark", zorder=4)
        x, y = ax.transData.transform((year, share))
        width, height = measure_text(ax, marks[year])
        bottom = max(float(y) + pixels(ax, GAP), floor)
        left = min(float(x) + pixels(ax, GAP), box.x1 - width)
        colour = TEXT_COLOURS["own"]
        ground.add_words(ax, marks[year], left=left, top=bottom + height, colour=colour, bold=True)
        floor = bottom + height
