"""A table of places by measures, high figures filled dark, and what it means in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from wfanalytics.present import axes as ground
from wfanalytics.present import bars
from wfanalytics.present.axes import GAP, pixels
from wfanalytics.present.labels import ASCENT, LINE_HEIGHT, Box, measure_text
from wfanalytics.present.style import COLOURS, PALE, TEXT_COLOURS, styled, text_on

_FILLS = {True: COLOURS["own"], False: PALE["below"], None: PALE["withheld"]}


@styled
def plot_heat(
    frame: pd.DataFrame, *, columns: Mapping[str, str], label: str = "", ax: Axes | None = None
) -> Axes:
    """A cell for each place and measure: its figure in words, dark where it is high.

    Parameters
    ----------
    frame : a row a place, in order: ``area_name``; for each column its text and
        ``<column>_is_high`` (True, False, or None where there is no figure); ``words``, what stands
        at the row's end.
    columns : column -> its heading.

    >>> rows = pd.DataFrame({"area_name": ["North"], "load": ["17.1"], "load_is_high": [True],
    ...                      "words": ["over the band"]})
    >>> axes = plot_heat(rows, columns={"load": "Caseload"})
    >>> [float(patch.get_width()) for patch in axes.patches]
    [0.96]
    """
    bars.check_bars(len(frame))
    is_new = ax is None
    ax = ground.open_axes(ax)
    place = ground.find_place(ax)
    cells = max(measure_text(ax, str(text))[0] for column in columns for text in frame[column])
    after = max(measure_text(ax, str(text))[0] for text in frame["words"])
    room = ground.slot_of(ax, place).width - after - len(columns) * (cells + pixels(ax, GAP))
    shown = _wrap_to(ax, frame["area_name"], room - 3 * pixels(ax, GAP))
    heights = bars.bar_heights(shown)
    headings = {column: ground.wrap_words(text, 9) for column, text in columns.items()}
    lines = max(text.count("\n") for text in headings.values()) + 1
    if is_new:
        more = lines * pixels(ax, LINE_HEIGHT) + pixels(ax, GAP)
        bars.fit_bars(ax, heights, place=place, label=label, more=more)
    middles = np.cumsum(heights) - np.array(heights) / 2
    slot, gap = ground.slot_of(ax, place), pixels(ax, GAP)
    top = slot.top - ground.draw_title(ax, label, slot=slot) - lines * pixels(ax, LINE_HEIGHT) - gap
    left = slot.left + max(measure_text(ax, text)[0] for text in shown) + gap
    box = Box(left, slot.bottom, slot.right - after - 2 * gap, top)
    ground.set_frame(ax, box)
    ax.set_xlim(0, len(columns))
    ax.set_ylim(sum(heights), 0)
    ax.set_axis_off()
    bars.draw_names(ax, shown, middles, edge=left - gap)
    bars.draw_names(ax, list(frame["words"]), middles, edge=box.right + 2 * gap, ends=False)
    for number, column in enumerate(columns):
        _draw_column(ax, frame, column, number, middles)
        centre = box.left + box.width * (number + 0.5) / len(columns)
        _draw_centred(ax, headings[column], centre, top + lines * pixels(ax, LINE_HEIGHT) + gap / 2,
                      TEXT_COLOURS["plain"])  # fmt: skip
    return ax


def _wrap_to(ax: Axes, names: Iterable[object], room: float) -> list[str]:
    """Names on as few lines as leave the cells room for their words (pixels)."""
    shown = bars.wrap_names(names)
    for letters in range(40, 8, -4):
        if max(measure_text(ax, words)[0] for words in shown) <= room:
            break
        shown = [ground.wrap_words(str(name), letters) for name in names]
    return shown


def _draw_column(
    ax: Axes, frame: pd.DataFrame, column: str, number: int, middles: np.ndarray
) -> None:
    cells = zip(frame[column], frame[f"{column}_is_high"], middles, strict=True)
    for text, is_high, middle in cells:
        fill = _FILLS[None if is_high is None or pd.isna(is_high) else bool(is_high)]
        ax.barh(middle, 0.96, left=number + 0.02, height=bars.CM_BAR * 0.86, facecolor=fill,
                edgecolor="none", label=f"_cell {column}", zorder=2)  # fmt: skip
        x, y = ax.transData.transform((number + 0.5, middle))
        _draw_centred(ax, str(text), float(x), float(y) + pixels(ax, ASCENT) / 2, text_on(fill))


def _draw_centred(ax: Axes, words: str, centre: float, top: float, colour: str) -> None:
    for i, line in enumerate(words.split("\n")):
        width = measure_text(ax, line)[0]
        ground.add_words(ax, line, left=centre - width / 2, top=top - i * pixels(ax, LINE_HEIGHT),
                         colour=colour)  # fmt: skip
