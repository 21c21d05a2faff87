"""The ground a chart is drawn on: its place in the figure, its scales and its words.

Positions are pixels of the figure while a chart is laid out, and fractions of the figure once
drawn, so a chart looks the same at any resolution.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

from wfanalytics.errors import WfanalyticsError
from wfanalytics.measures.definition import Definition
from wfanalytics.present.labels import (
    ASCENT,
    LINE_HEIGHT,
    Box,
    measure_text,
    spread_labels,
    text_dpi,
)
from wfanalytics.present.style import (
    AXIS_COLOUR,
    CM_PER_INCH,
    GRID_COLOUR,
    TEXT_COLOURS,
    TEXT_SIZE,
    new_figure,
)
from wfanalytics.rounding import find_decimals, format_number

#: Points between words and what they name.
GAP = 5.0
#: At most this many horizontal gridlines.
MOST_GRIDLINES = 6


@dataclass(frozen=True)
class Note:
    """Words in the column right of a chart, wanted at one height (pixels)."""

    lines: tuple[str, ...]
    colour: str
    height: float
    bold_lines: int = 1


def open_axes(ax: Axes | None = None) -> Axes:
    """The axes given, or those of a new figure of printed size, in the house style."""
    if ax is None:
        return new_figure().add_axes((0, 0, 1, 1))
    for side, is_shown in (("top", False), ("right", False), ("left", False), ("bottom", True)):
        ax.spines[side].set_visible(is_shown)
    ax.spines["bottom"].set_color(AXIS_COLOUR)
    ax.grid(True, axis="y", color=GRID_COLOUR, linewidth=0.6)
    ax.set_axisbelow(True)
    ax.tick_params(labelsize=TEXT_SIZE, color=AXIS_COLOUR, labelcolor=TEXT_COLOURS["plain"])
    ax.tick_params(axis="y", length=0)
    return ax


def fit_height(ax: Axes, height: float) -> None:
    """Make a new figure as tall as its chart needs (pixels)."""
    figure = figure_of(ax)
    figure.set_figheight(height / figure.dpi)


def centimetres(ax: Axes, length: float) -> float:
    """Centimetres as pixels of the axes' figure."""
    return pixels(ax, length / CM_PER_INCH * 72)


def pixels(ax: Axes, points: float) -> float:
    """Points as pixels of the axes' figure."""
    return points * text_dpi(ax) / 72


def find_place(ax: Axes) -> Box:
    """The part of the figure this chart may fill, words included, as fractions of it."""
    spec = ax.get_subplotspec()
    place = ax.get_position() if spec is None else spec.get_position(figure_of(ax))
    return Box(place.x0, place.y0, place.x1, place.y1)


def slot_of(ax: Axes, place: Box) -> Box:
    """That part in pixels, less a small margin."""
    whole = figure_of(ax).bbox
    box = Box(
        place.left * whole.width,
        place.bottom * whole.height,
        place.right * whole.width,
        place.top * whole.height,
    )
    return box.grown(-pixels(ax, 3))


def right_of_scale(ax: Axes, slot: Box) -> float:
    """Where the numbers of the scale on the left, and a gap, end (pixels)."""
    widths = [measure_text(ax, words.get_text())[0] for words in ax.get_yticklabels()]
    return slot.left + max(widths) + pixels(ax, GAP)


def figure_of(ax: Axes) -> Figure:
    """The whole figure an axes is part of."""
    figure = ax.get_figure(root=True)
    if figure is None:
        raise WfanalyticsError("The axes given belong to no figure.")
    return figure


def set_frame(ax: Axes, frame: Box) -> None:
    """Put the axes' plotting rectangle here (pixels)."""
    whole = figure_of(ax).bbox
    ax.set_position(
        (
            frame.left / whole.width,
            frame.bottom / whole.height,
            frame.width / whole.width,
            frame.height / whole.height,
        )
    )


def add_words(
    ax: Axes,
    words: str,
    *,
    left: float,
    top: float,
    colour: str,
    bold: bool = False,
    ends: bool = False,
    background: str | None = None,
) -> None:
    """Words with their upper left corner at a pixel (``ends``: upper right), line by line.

    ``background`` keeps gridlines from running through them.
    """
    whole = figure_of(ax).bbox
    if background is not None:
        width, height = measure_text(ax, words, bold=bold)
        box = Box(left, top - height, left + width, top).grown(pixels(ax, 1))
        patch = Rectangle(
            (box.left / whole.width, box.bottom / whole.height),
            box.width / whole.width, box.height / whole.height,
            transform=figure_of(ax).transFigure, facecolor=background, edgecolor="none",
            clip_on=False, zorder=1.8, label="_ground",
        )  # fmt: skip
        ax.add_artist(patch)
    for i, line in enumerate(words.split("\n")):
        baseline = top - pixels(ax, ASCENT + i * LINE_HEIGHT)
        ax.text(
            left / whole.width, baseline / whole.height, line, color=colour,
            transform=figure_of(ax).transFigure, weight="bold" if bold else "normal",
            va="baseline", ha="right" if ends else "left", zorder=5,
        )  # fmt: skip


@lru_cache(maxsize=4096)
def wrap_words(words: str, letters: int) -> str:
    """Words on as few lines of so many letters as hold them, the lines about equally long.

    >>> wrap_words("local policy: 13 to 16", 17).split("\\n")
    ['local policy:', '13 to 16']
    """

    # "13 to 16" stays on one line.
    joined = re.sub(r"(\d\S*) to (\d)", "\\1\N{NO-BREAK SPACE}to\N{NO-BREAK SPACE}\\2", words)

    def wrap(width: int) -> list[str]:
        return textwrap.wrap(joined, width, break_long_words=False, break_on_hyphens=False)

    fewest = len(wrap(letters))
    narrowest = next((n for n in range(1, letters) if len(wrap(n)) == fewest), letters)
    return "\n".join(wrap(narrowest)).replace("\N{NO-BREAK SPACE}", " ") or words


def measure_notes(ax: Axes, notes: Sequence[Note]) -> float:
    """Width in pixels of the column that holds these notes, its gap included."""
    widths = [
        measure_text(ax, line, bold=i < note.bold_lines)[0]
        for note in notes
        for i, line in enumerate(note.lines)
    ]
    return max(widths) + 2 * pixels(ax, GAP) if widths else pixels(ax, GAP)


def draw_notes(ax: Axes, notes: Sequence[Note], *, frame: Box, slot: Box) -> list[Box]:
    """Draw the column of notes right of the frame, each as near its height as there is room."""
    line = pixels(ax, LINE_HEIGHT)
    heights = [len(note.lines) * line + pixels(ax, 3) for note in notes]
    centres = spread_labels(
        [note.height for note in notes], heights, low=slot.bottom, high=slot.top
    )
    left = frame.right + 2 * pixels(ax, GAP)
    boxes = []
    for note, centre, height in zip(notes, centres, heights, strict=True):
        top = centre + (height - pixels(ax, 3)) / 2
        for i, words in enumerate(note.lines):
            bold = i < note.bold_lines
            add_words(ax, words, left=left, top=top - i * line, colour=note.colour, bold=bold)
        if abs(centre - note.height) > height / 2:
            draw_leader(ax, (frame.right, note.height), (left - pixels(ax, 2), centre), note.colour)
        boxes.append(Box(left, centre - height / 2, slot.right, centre + height / 2))
    return boxes


def draw_leader(
    ax: Axes, start: tuple[float, float], end: tuple[float, float], colour: str
) -> None:
    """A thin line from a mark to words that stand away from it (pixels)."""
    whole = figure_of(ax).bbox
    ax.plot(
        [start[0] / whole.width, end[0] / whole.width],
        [start[1] / whole.height, end[1] / whole.height],
        transform=figure_of(ax).transFigure,
        color=colour,
        linewidth=0.8,
        clip_on=False,
        label="_leader",
        scalex=False,
        scaley=False,
    )


def find_scale(values: Sequence[float], *, definition: Definition | None) -> list[float]:
    """Tick values from 0 (or below) past the highest value, evenly and roundly spaced."""
    factor = 100.0 if definition is not None and definition.unit == "percent" else 1.0
    finite = [v * factor for v in values if np.isfinite(v)] or [0.0]
    low, high = min(0.0, *finite), max(0.0, *finite)
    if high == low:
        high = 10.0 if factor == 100 else 5.0
    is_count = definition is not None and definition.decimals == 0 and factor == 1
    locator = MaxNLocator(
        nbins=MOST_GRIDLINES - 1, steps=[1, 2, 2.5, 5, 10], integer=is_count, min_n_ticks=2
    )
    ticks = [float(t) for t in locator.tick_values(low, high)]
    return [round(t, 9) / factor for t in ticks]


def format_scale(ticks: Sequence[float], *, is_percent: bool) -> list[str]:
    """The words at these ticks, all with the same decimals."""
    shown = [t * 100 if is_percent else t for t in ticks]
    decimals = find_decimals(shown, (0, 1, 2, 3, 6))
    return [f"{format_number(t, decimals)}{'%' if is_percent else ''}" for t in shown]


def draw_nothing(ax: Axes, *, title: str) -> Axes:
    """Say in the middle of the chart that there is no figure, and draw no scale."""
    slot = slot_of(ax, find_place(ax))
    set_frame(ax, slot)
    ax.set_axis_off()
    words = "No figure for this period"
    width, height = measure_text(ax, words)
    left, top = (slot.left + slot.right - width) / 2, (slot.bottom + slot.top + height) / 2
    add_words(ax, words, left=left, top=top, colour=TEXT_COLOURS["plain"])
    draw_title(ax, title, slot=slot)
    return ax


def draw_title(ax: Axes, title: str, *, slot: Box, draw: bool = True) -> float:
    """Draw measure and unit above the axis; return the height they take (pixels)."""
    if not title:
        return 0.0
    width, _ = measure_text(ax, title)
    words = wrap_words(title, int(len(title) * min(1.0, slot.width / width)))
    height = measure_text(ax, words)[1]
    if draw:
        add_words(ax, words, left=slot.left, top=slot.top, colour=TEXT_COLOURS["plain"])
    return height + pixels(ax, 2 * GAP)
