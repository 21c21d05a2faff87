"""Where words go on a chart: beside what they name, never over a line, a bar or each other.

Everything here is geometry in pixels: a :class:`Box` is measured from the drawn text, so a
longer name or another font moves the words and not the overlap.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.font_manager import FontProperties

from wfanalytics.present.style import TEXT_SIZE

Segment = tuple[float, float, float, float]

#: Points from one line of text to the next, and from a baseline to the top and the bottom of
#: its letters. Lines are placed by baseline, one by one: matplotlib centres a block by the ink
#: it happens to have, so that "Apr" and "Oct" would stand at different heights.
LINE_HEIGHT = TEXT_SIZE * 1.25
ASCENT, DESCENT = TEXT_SIZE * 0.76, TEXT_SIZE * 0.24

#: Pixels under which two edges are one.
_EDGE = 1e-9


class Box(NamedTuple):
    """A rectangle: left, bottom, right, top."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def width(self) -> float:
        """Right less left."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Top less bottom."""
        return self.top - self.bottom

    def grown(self, margin: float) -> Box:
        """The box with a margin all round."""
        return Box(self.left - margin, self.bottom - margin, self.right + margin, self.top + margin)

    def overlaps(self, other: Box) -> bool:
        """Whether the two share more than an edge.

        >>> Box(0, 0, 2, 2).overlaps(Box(1, 1, 3, 3)), Box(0, 0, 2, 2).overlaps(Box(2, 0, 3, 2))
        (True, False)
        """
        return (
            self.left < other.right - _EDGE
            and other.left < self.right - _EDGE
            and self.bottom < other.top - _EDGE
            and other.bottom < self.top - _EDGE
        )

    def is_within(self, other: Box) -> bool:
        """Whether the whole box lies inside the other."""
        return (
            self.left >= other.left
            and self.right <= other.right
            and self.bottom >= other.bottom
            and self.top <= other.top
        )

    def is_crossed(self, segment: Segment) -> bool:
        """Whether a straight line between two points passes through the box.

        >>> Box(1, 1, 2, 2).is_crossed((0, 0, 3, 3)), Box(1, 1, 2, 2).is_crossed((0, 0, 3, 0))
        (True, False)
        """
        x0, y0, x1, y1 = segment
        start, end = 0.0, 1.0
        for origin, change, low, high in (
            (x0, x1 - x0, self.left, self.right),
            (y0, y1 - y0, self.bottom, self.top),
        ):
            if abs(change) < _EDGE:
                if not low < origin < high:
                    return False
                continue
            enter, leave = sorted(((low - origin) / change, (high - origin) / change))
            start, end = max(start, enter), min(end, leave)
        return start < end - _EDGE


def measure_text(axes: Axes, words: str, *, bold: bool = False) -> tuple[float, float]:
    """Width and height in pixels of words drawn line by line (see ``axes.add_words``)."""
    lines = words.split("\n")
    weight = "bold" if bold else "normal"
    font = (tuple(mpl.rcParams["font.family"]), float(mpl.rcParams["font.size"]), weight)
    width = max(_measure_line(line, *font, text_dpi(axes)) for line in lines)
    points = (len(lines) - 1) * LINE_HEIGHT + ASCENT + DESCENT
    return width, points * text_dpi(axes) / 72


@lru_cache(maxsize=4096)
def _measure_line(
    words: str, family: tuple[str, ...], size: float, weight: str, dpi: float
) -> float:
    """Width in pixels of one line, as matplotlib lays it out: charts measure most words often."""
    font = FontProperties(family=family, size=size, weight=weight)
    renderer: Any = RendererAgg(1, 1, dpi)  # type: ignore[no-untyped-call]
    return float(renderer.get_text_width_height_descent(words, font, False)[0])


def text_dpi(axes: Axes) -> float:
    """Dots an inch of the axes' figure."""
    figure = axes.get_figure(root=True)
    return 72.0 if figure is None else float(figure.dpi)


def spread_labels(
    centres: Sequence[float], heights: Sequence[float], *, low: float, high: float
) -> list[float]:
    """Centres moved as little as possible so that labels of these heights do not overlap.

    Labels keep their order and stay between ``low`` and ``high`` while there is room; where
    there is none they run over ``low``.

    >>> spread_labels([10, 10], [4, 4], low=0, high=20)
    [8.0, 12.0]
    >>> spread_labels([3, 17], [4, 4], low=0, high=20)
    [3.0, 17.0]
    """
    order = sorted(range(len(centres)), key=lambda i: centres[i])
    groups: list[tuple[list[int], float, float]] = []  # members, centre wanted, height
    for i in order:
        members, wanted, height = [i], float(centres[i]), float(heights[i])
        wanted = min(max(wanted, low + height / 2), high - height / 2)
        while groups and groups[-1][1] + groups[-1][2] / 2 > wanted - height / 2:
            before, centre, tall = groups.pop()
            total = len(before) + len(members)
            # Each group sits where its members' own wishes, less their place in it, average.
            wanted = (
                len(before) * (centre + height / 2) + len(members) * (wanted - tall / 2)
            ) / total
            members, height = before + members, height + tall
            wanted = min(max(wanted, low + height / 2), high - height / 2)
            wanted = wanted if height <= high - low else high - height / 2
        groups.append((members, wanted, height))
    placed = [0.0] * len(centres)
    for members, centre, height in groups:
        edge = centre - height / 2
        for i in members:
            placed[i] = edge + heights[i] / 2
            edge += heights[i]
    return placed


def find_free(
    candidates: Iterable[Box],
    *,
    inside: Box,
    boxes: Sequence[Box] = (),
    lines: Sequence[Segment] = (),
    margin: float = 0.0,
) -> Box | None:
    """The first candidate that lies inside and touches no box and no line; None if none does."""
    for candidate in candidates:
        grown = candidate.grown(margin)
        if (
            candidate.is_within(inside)
            and not any(grown.overlaps(box) for box in boxes)
            and not any(grown.is_crossed(line) for line in lines)
        ):
            return candidate
    return None


def stack_rows(
    anchors: Sequence[float], widths: Sequence[float], *, low: float, high: float, gap: float
) -> list[tuple[int, float]]:
    """For each upright line at ``anchors``, the row of its label (0 lowest) and its left edge.

    A label starts at its line, or ends there. The fewest rows are used in which no two labels
    of a row overlap and no line on its way up to its own label crosses another label; where
    there is no such arrangement each label has a row of its own.

    >>> stack_rows([10, 20], [30, 30], low=0, high=100, gap=2)
    [(1, 12.0), (0, 22.0)]
    """
    order = sorted(range(len(anchors)), key=lambda i: -anchors[i])
    flags = [
        [
            _Flag(anchors[i], left, left + widths[i], gap)
            for left in _sides(anchors[i], widths[i], low, high, gap)
        ]
        for i in order
    ]
    for rows in range(1, len(order) + 1):
        found = _arrange(flags, rows, [])
        if found:
            break
    else:
        found = [(row, sides[0]) for row, sides in enumerate(flags)]
    by_label = dict(zip(order, found, strict=True))
    return [(by_label[i][0], by_label[i][1].left) for i in range(len(anchors))]


class _Flag(NamedTuple):
    """An upright line at ``anchor`` with a label from ``left`` to ``right``."""

    anchor: float
    left: float
    right: float
    gap: float

    def covers(self, x: float) -> bool:
        return self.left - self.gap / 2 < x < self.right + self.gap / 2

    def clashes(self, row: int, other: _Flag, other_row: int) -> bool:
        are_apart = self.left >= other.right + self.gap or other.left >= self.right + self.gap
        if row == other_row and not are_apart:
            return True
        higher, lower = (self, other) if row > other_row else (other, self)
        return lower.covers(higher.anchor) or (row == other_row and higher.covers(lower.anchor))


def _sides(anchor: float, width: float, low: float, high: float, gap: float) -> list[float]:
    sides = [float(anchor + gap), float(anchor - gap - width)]
    fitting = [left for left in sides if low <= left and left + width <= high]
    return fitting or [float(max(low, min(sides[0], high - width)))]


def _arrange(
    flags: list[list[_Flag]], rows: int, placed: list[tuple[int, _Flag]]
) -> list[tuple[int, _Flag]]:
    if len(placed) == len(flags):
        return placed
    for row in range(rows):
        for flag in flags[len(placed)]:
            if not any(flag.clashes(row, other, other_row) for other_row, other in placed):
                found = _arrange(flags, rows, [*placed, (row, flag)])
                if found:
                    return found
    return []
