"""Shares of each team as bars of one length: below, within and above the band."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from wfanalytics.present import axes as ground
from wfanalytics.present import bars
from wfanalytics.present.axes import GAP, pixels
from wfanalytics.present.labels import ASCENT, LINE_HEIGHT, Box, measure_text
from wfanalytics.present.stack import spread_parts
from wfanalytics.present.style import (
    PALE,
    TEXT_COLOURS,
    Parts,
    fill_of,
    roles_of,
    styled,
    text_on,
)
from wfanalytics.present.words import NO_FIGURE, STATUS_WORDS
from wfanalytics.rounding import format_number

_BAR = bars.CM_BAR * 0.8


@styled
def plot_shares(
    frame: pd.DataFrame,
    *,
    parts: Parts,
    by: str = "measure",
    name: str = "area_name",
    number: str = "numerator",
    roles: Parts | None = None,
    ranked_by: str = "",
    side: Mapping[str, str] | None = None,
    side_label: str = "",
    label: str = "",
    ax: Axes | None = None,
) -> Axes:
    """For each team, month or service the shares of its parts, as bars of one length.

    Parameters
    ----------
    frame : a row a name and part: ``name``, ``by``, ``value`` (the share, a fraction),
        ``status`` and ``number`` (what is printed in the bar; text such as ``<5`` as it is).
        A name that lacks a usable share has a pale bar that says why.
    parts : words for each value of ``by``, from left to right; printed above the bars.
    ranked_by : the part whose share orders the bars, largest first; the frame's order if empty.
    side : words for each name in a column on the right, under ``side_label``.

    >>> rows = pd.DataFrame({"area_name": "North", "measure": ["in", "out"], "status": "ok",
    ...                      "value": [0.25, 0.75], "numerator": [2, 6]})
    >>> axes = plot_shares(rows, parts={"in": "within the band", "out": "above the band"})
    >>> [float(bar.get_width()) for bar in axes.patches]
    [0.25, 0.75]
    """
    roles = roles_of(parts, roles)
    wide = spread_parts(frame, index=name, by=by, parts=parts)
    bars.check_bars(len(wide))
    if ranked_by:
        wide = wide.sort_values(ranked_by, ascending=False, kind="stable")
    shown = bars.wrap_names(wide.index)
    heights = bars.bar_heights(shown)
    is_new = ax is None
    ax = ground.open_axes(ax)
    place = ground.find_place(ax)
    if wide.empty:
        return ground.draw_nothing(ax, title=label)
    middles = np.cumsum(heights) - np.array(heights) / 2
    sides = [] if side is None else [side.get(str(item), "") for item in wide.index]
    ax.set_ylim(sum(heights), 0)
    if is_new:
        slot = ground.slot_of(ax, place)
        lines = 1 + len(_key_rows(ax, parts, slot, sides))
        more = lines * pixels(ax, LINE_HEIGHT) + pixels(ax, 2 * GAP)
        bars.fit_bars(ax, heights, place=place, label=label, more=more)
    _frame_shares(ax, shown, list(middles), place=place, label=label, sides=sides,
                  side_label=side_label, parts=parts, roles=roles)  # fmt: skip
    cells = frame.set_index([name, by])
    for item, middle in zip(wide.index, middles, strict=True):
        if wide.loc[item].isna().any():
            why = [s for s in frame.loc[frame[name] == item, "status"] if STATUS_WORDS.get(s)]
            _draw_withheld(ax, middle, STATUS_WORDS[why[0]] if why else NO_FIGURE)
            continue
        left = 0.0
        for part in parts:
            words = _in_bar(cells.loc[(item, part), number])
            _draw_share(ax, left, float(wide.loc[item, part]), middle, words, roles[part])
            left += float(wide.loc[item, part])
    return ax


def _frame_shares(
    ax: Axes, shown: Sequence[str], middles: Sequence[float], *, place: Box, label: str,
    sides: Sequence[str], side_label: str, parts: Parts, roles: Parts,
) -> None:  # fmt: skip
    """Lay out the bars: names before them, the key above, percentages below, a column after."""
    slot = ground.slot_of(ax, place)
    gap, line = pixels(ax, GAP), pixels(ax, LINE_HEIGHT)
    left = slot.left + max(measure_text(ax, words)[0] for words in shown) + gap
    column = max((measure_text(ax, words)[0] for words in [*sides, side_label]), default=0.0)
    right = slot.right - max(column + 2 * gap, measure_text(ax, "100%")[0] / 2)
    top = slot.top - ground.draw_title(ax, label, slot=slot)
    top = _draw_key(ax, parts, roles, slot=slot, sides=sides, top=top)
    frame = Box(left, slot.bottom + line + gap, right, top)
    ground.set_frame(ax, frame)
    ticks = [0.0, 0.25, 0.5, 0.75, 1.0]
    ax.set_xlim(0, 1)
    ax.set_xticks(ticks, ground.format_scale(ticks, is_percent=True))
    ax.set_yticks([])
    ax.grid(False)
    bars.draw_names(ax, shown, middles, edge=left - gap)
    if sides:
        bars.draw_names(ax, sides, middles, edge=slot.right)
        top, start = frame.top + line, slot.right - measure_text(ax, side_label)[0]
        colour = TEXT_COLOURS["plain"]
        ground.add_words(ax, side_label, left=start, top=top, colour=colour)


def _key_rows(
    ax: Axes, parts: Parts, slot: Box, sides: Sequence[str]
) -> list[list[tuple[str, float]]]:
    """The parts on as many rows as the key needs, each with its distance from the left."""
    after = pixels(ax, 60) if sides else 0.0
    rows: list[list[tuple[str, float]]] = [[]]
    x = 0.0
    for part, words in parts.items():
        width = pixels(ax, 9 + GAP) + measure_text(ax, words)[0]
        if rows[-1] and x + width > slot.width - after:
            rows.append([])
            x = 0.0
        rows[-1].append((part, x))
        x += width + pixels(ax, 4 * GAP)
    return rows


def _draw_key(
    ax: Axes, parts: Parts, roles: Parts, *, slot: Box, sides: Sequence[str], top: float
) -> float:
    """Name the parts above the bars, in the bars' order; return where the bars may start."""
    box, line, whole = pixels(ax, 9), pixels(ax, LINE_HEIGHT), ground.figure_of(ax)
    bottom = top
    for row in _key_rows(ax, parts, slot, sides):
        bottom -= line
        for part, x in row:
            left, low = slot.left + x, bottom + pixels(ax, 5)
            swatch = Rectangle(
                (left / whole.bbox.width, low / whole.bbox.height),
                box / whole.bbox.width, box / whole.bbox.height,
                transform=whole.transFigure, clip_on=False, label="_key", **fill_of(roles[part]),
            )  # fmt: skip
            whole.add_artist(swatch)
            ground.add_words(
                ax, parts[part], left=left + box + pixels(ax, GAP), top=bottom + line,
                colour=TEXT_COLOURS[roles[part]],
            )  # fmt: skip
    return bottom - pixels(ax, GAP)


def _draw_share(ax: Axes, left: float, share: float, middle: float, words: str, role: str) -> None:
    """One part of a bar, with its number inside where there is room."""
    fill = fill_of(role)
    ax.barh(middle, share, left=left, height=_BAR, label=f"_share {role}", zorder=2, **fill)
    _draw_inside(ax, left, share, middle, words, text_on(str(fill["facecolor"])))


def _draw_inside(
    ax: Axes, left: float, share: float, middle: float, words: str, colour: str
) -> None:
    width = measure_text(ax, words)[0]
    (start, y), (end, _) = ax.transData.transform([(left, middle), (left + share, middle)])
    if words and width + pixels(ax, 3) <= end - start:
        top = y + pixels(ax, ASCENT) / 2
        ground.add_words(ax, words, left=(start + end - width) / 2, top=top, colour=colour)


def _draw_withheld(ax: Axes, middle: float, words: str) -> None:
    fill: dict[str, Any] = {"facecolor": PALE["withheld"], "edgecolor": "none"}
    ax.barh(middle, 1.0, height=_BAR, label="_no figure", zorder=2, **fill)
    _draw_inside(ax, 0.0, 1.0, middle, words, TEXT_COLOURS["no figure"])


def _in_bar(number: Any) -> str:
    if isinstance(number, str):
        return number
    return "" if pd.isna(number) else format_number(float(number))
