"""All authorities as thin ranked bars, one of them marked, its region and England named."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from wfanalytics.measures.definitions import find_definition
from wfanalytics.present import axes as ground
from wfanalytics.present.axes import GAP, pixels
from wfanalytics.present.bars import plot_bars
from wfanalytics.present.labels import LINE_HEIGHT, Box, measure_text
from wfanalytics.present.style import COLOURS, TEXT_COLOURS, styled
from wfanalytics.present.words import axis_title, format_value

#: The quiet grey of the authorities that are not named; dark enough to be seen on white.
QUIET = "#8C8C8C"


@styled
def plot_ranked(
    frame: pd.DataFrame,
    *,
    own: str,
    own_label: str,
    region: str | None = None,
    level: float | None = None,
    level_label: str = "",
    marked: Collection[str] = (),
    marked_label: str = "",
) -> Axes:
    """One bar an authority, lowest on the left; ``own`` dark, its region coloured, the rest grey.

    Parameters
    ----------
    frame : one measure and year: ``area_name``, ``region_name``, ``value``, ``measure``; rows
        without a value are left out.
    own_label : the words beside the marked bar; ``level`` a line across, such as England's.
    marked : authorities with a diamond on their bar, which ``marked_label`` explains.

    >>> rows = pd.DataFrame({"measure": "vacancy_rate_fte", "area_name": ["a", "b"],
    ...                      "region_name": "South", "value": [0.1, 0.2]})
    >>> len(plot_ranked(rows, own="a", own_label="a: 10%").patches)
    2
    """
    ax = ground.open_axes()
    place = ground.find_place(ax)
    definition = find_definition(str(frame["measure"].iloc[0]))
    rows = frame[frame["value"].notna()].sort_values("value", kind="stable", ignore_index=True)
    is_own, is_near = rows["area_name"] == own, rows["region_name"] == region
    colours = np.where(is_own, COLOURS["own"], np.where(is_near, COLOURS["second"], QUIET))
    ax.bar(rows.index.to_numpy(), rows["value"].to_numpy(), width=0.72, color=colours, zorder=2)
    ticks = ground.find_scale([*rows["value"], level or 0.0], definition=definition)
    ax.set_ylim(ticks[0], ticks[-1])
    is_percent = definition.unit == "percent"
    ax.set_yticks(ticks, ground.format_scale(ticks, is_percent=is_percent))
    ax.set_xlim(-1, len(rows))
    ax.set_xticks([])
    diamonds = rows[rows["area_name"].isin(marked)]
    ax.scatter(
        diamonds.index, diamonds["value"], marker="D", s=22, facecolor=TEXT_COLOURS["third"],
        edgecolor="white", linewidth=0.7, zorder=4, label="_marked", clip_on=False,
    )  # fmt: skip
    keys = [("Each bar is an authority, lowest first", TEXT_COLOURS["plain"])]
    keys += [(f"■ {region}", TEXT_COLOURS["second"])] if is_near.any() else []
    keys += [(f"◆ {marked_label}", TEXT_COLOURS["third"])] if len(diamonds) else []
    _finish(ax, place, title=axis_title(definition), keys=keys)
    if level is not None:
        ax.axhline(level, color=TEXT_COLOURS["plain"], linewidth=1.2, zorder=3, label="_level")
        at = int(is_own.idxmax()) if is_own.any() else -1
        _name_level(ax, level, f"{level_label} {format_value(level, definition)}", own=at)
    if is_own.any():
        _name_own(ax, rows["value"].to_numpy(), own_label, index=int(is_own.idxmax()), level=level)
    return ax


def _finish(ax: Axes, place: Box, *, title: str, keys: list[tuple[str, str]]) -> None:
    """Lay out: title above, scale on the left, a key below in words, on lines that hold it."""
    slot = ground.slot_of(ax, place)
    line = pixels(ax, LINE_HEIGHT)
    left = ground.right_of_scale(ax, slot)
    top = slot.top - ground.draw_title(ax, title, slot=slot)
    spots: list[tuple[float, int]] = []
    across, down = left, 0
    for words, _ in keys:
        width = measure_text(ax, f"{words}  ")[0]
        if spots and across + width > slot.right:
            across, down = left, down + 1
        spots.append((across, down))
        across += width
    base = slot.bottom + line * (down + 1)
    ground.set_frame(ax, Box(left, base + pixels(ax, 2 * GAP), slot.right, top))
    for (words, colour), (across, row) in zip(keys, spots, strict=True):
        ground.add_words(ax, words, left=across, top=base - row * line, colour=colour)


def _name_level(ax: Axes, level: float, words: str, *, own: int) -> None:
    """Name the level over its left end, where the bars are lowest, clear of the marked bar."""
    x, y = ax.transData.transform((-0.5, level))
    width, height = measure_text(ax, words)
    marked = float(ax.transData.transform((own, 0))[0])
    left = float(x) + pixels(ax, GAP)
    if left - pixels(ax, GAP) < marked < left + width + pixels(ax, GAP):
        left = marked + pixels(ax, 2 * GAP)
    top = y + height + pixels(ax, 2)
    ground.add_words(ax, words, left=left, top=top, colour=TEXT_COLOURS["plain"])


def _name_own(
    ax: Axes, heights: np.ndarray, words: str, *, index: int, level: float | None
) -> None:
    """Name the marked bar above all that stands under the words, a line straight down to it."""
    wrapped = ground.wrap_words(words, 26)
    width, height = measure_text(ax, wrapped, bold=True)
    box = ax.get_window_extent()
    places = ax.transData.transform(np.column_stack([np.arange(len(heights)), heights]))
    x, y = (float(number) for number in places[index])
    left = float(np.clip(x - width, box.x0 + pixels(ax, GAP), box.x1 - width))
    is_under = (places[:, 0] >= left - 4) & (places[:, 0] <= left + width)
    top = max(y, *places[is_under, 1]) + height + pixels(ax, 3 * GAP)
    if level is not None:
        # The level's own name stands on it, one line high.
        line = float(ax.transData.transform((0, level))[1])
        name = line + pixels(ax, LINE_HEIGHT + GAP)
        top = name + height if line - height < top < name + height else top
    top = min(top, box.y1)
    ground.add_words(ax, wrapped, left=left, top=top, colour=TEXT_COLOURS["own"], bold=True)
    foot = (float(np.clip(x, left, left + width)), top - height - pixels(ax, 1))
    ground.draw_leader(ax, (x, y + pixels(ax, 1)), foot, COLOURS["own"])


@styled
def plot_neighbours(
    frame: pd.DataFrame, *, own: str, median: float, median_label: str, measure: str
) -> Axes:
    """A horizontal bar an authority, ``own`` dark, and a line at the neighbours' median.

    ``frame`` has a row an authority: ``area_name``, ``value``, ``status``.

    >>> rows = pd.DataFrame({"area_name": ["a", "b"], "value": [0.1, 0.2], "status": "ok"})
    >>> axes = plot_neighbours(rows, own="a", median=0.2, median_label="median 20%",
    ...                        measure="vacancy_rate_fte")
    >>> [float(line.get_xdata()[0]) for line in axes.lines if line.get_label() == "_band edge"]
    [0.2, 0.2]
    """
    definition = find_definition(measure)
    axes = plot_bars(
        frame, decimals=definition.decimals, is_percent=definition.unit == "percent",
        highlight=[own], band=(median, median), band_label=median_label,
        label=axis_title(definition),
    )  # fmt: skip
    # A target's colour would say that the median is an aim.
    for line in axes.lines:
        if line.get_label() == "_band edge":
            line.set_color(TEXT_COLOURS["england"])
    for text in axes.texts:
        if text.get_text() == median_label:
            text.set_color(TEXT_COLOURS["england"])
    return axes
