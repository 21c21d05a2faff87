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
    ax = ground.open_axes()
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
    # The highest tick's words stand half above the frame.
    top = slot.top - ground.draw_title(ax, label, slot=slot) - line / 2
    half = measure_text(ax, "10")[0]
    frame = Box(
        ground.right_of_scale(ax, slot), slot.bottom + 2 * line + gap, slot.right - half, top
    )
    ground.set_frame(ax, frame)
    if foot:
        left = (frame.left + frame.right - measure_text(ax, foot)[0]) / 2
        ground.add_words(ax, foot, left=left, top=slot.bottom + line, colour=TEXT_COLOURS["plain"])


def _draw_marks(ax: Axes, rows: pd.DataFrame, marks: Mapping[float, str]) -> None:
    """Points on the curve, and beside them as many of their words as have room, the first first."""
    shares = {y: float(rows.loc[rows["years"] <= y, "survival"].iloc[-1]) for y in sorted(marks)}
    for year, share in shares.items():
        ax.plot([year], [share], "o", color=COLOURS["own"], markersize=7, label="_mark", zorder=4)
    named = list(shares)
    while named and not _place_words(ax, shares, marks, named):
        named.pop()
    for year, (left, top) in _place_words(ax, shares, marks, named).items():
        colour = TEXT_COLOURS["own"]
        ground.add_words(ax, marks[year], left=left, top=top, colour=colour, bold=True)


def _place_words(
    ax: Axes, shares: Mapping[float, float], marks: Mapping[float, str], named: list[float]
) -> dict[float, tuple[float, float]]:
    """Upper left corners up and to the right of each point, where a falling curve leaves room.

    From the right each stands above the one before. Empty where they would leave the chart.
    """
    box, gap = ax.get_window_extent(), pixels(ax, GAP)
    corners: dict[float, tuple[float, float]] = {}
    floor = 0.0
    for year in reversed(named):
        x, y = (float(v) for v in ax.transData.transform((year, shares[year])))
        width, height = measure_text(ax, marks[year], bold=True)
        floor = max(y + gap, floor) + height
        corners[year] = (min(x + gap, box.x1 - width), floor)
    return corners if floor <= box.y1 else {}
