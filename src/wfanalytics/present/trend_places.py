"""Where the words of a trend chart may stand: beside their mark, over no line and no word."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from wfanalytics.measures.definition import Definition
from wfanalytics.present import axes as ground
from wfanalytics.present.axes import pixels
from wfanalytics.present.labels import Box, Segment, find_free, measure_text
from wfanalytics.present.style import PALE, TEXT_COLOURS
from wfanalytics.present.trend_limits import each_average, name_limits, phases_of
from wfanalytics.present.words import each_row, format_period, format_value
from wfanalytics.settings import Event, Target

if TYPE_CHECKING:
    from wfanalytics.present.trend import Series

#: Letters on a line of a label beside a mark: first tried, in the right-hand column, narrow.
_LETTERS_INSIDE, LETTERS_ASIDE, _LETTERS_NARROW = 28, 17, 12
#: The highest value is named only in a line at least this long.
_FEWEST_FOR_PEAK = 8
EPOCH = pd.Timestamp(0)
NOWHERE = Box(0, 0, 0, 0)


@dataclass
class Chart:
    """What is being laid out: the axes, what they show, and which labels had to move aside."""

    ax: Axes
    series: Sequence[Series]
    definition: Definition
    targets: Sequence[Target]
    events: Sequence[Event]
    stated: pd.DataFrame
    title: str
    place: Box
    control: pd.DataFrame | None = None
    aside: set[tuple[str, int]] = field(default_factory=set)
    frame: Box = NOWHERE
    slot: Box = NOWHERE
    flags: list[tuple[Event, float, float]] = field(default_factory=list)
    rows: int = 0
    boxes: list[Box] = field(default_factory=list)
    lines: list[Segment] = field(default_factory=list)
    dates: tuple[list[pd.Timestamp], list[str]] = ([], [])
    inside: list[tuple[str, Box, str, str | None]] = field(default_factory=list)


def pixel_of(ax: Axes, date: pd.Timestamp, value: float) -> tuple[float, float]:
    """Where a date and a value are drawn."""
    day = (date - EPOCH) / pd.Timedelta(days=1)
    x, y = ax.transData.transform((day, value))
    return float(x), float(y)


def middle_of(target: Target) -> float:
    """A target's value, or the middle of its band."""
    if target.value is not None:
        return target.value
    return (float(target.low or 0) + float(target.high or 0)) / 2


def find_obstacles(chart: Chart) -> None:
    """Everything drawn that words must not touch: lines, marks, event lines, targets."""
    ax, frame = chart.ax, chart.frame
    chart.inside, chart.boxes, chart.lines = [], [], []
    for item in chart.series:
        for part in item.segments():
            points = [
                pixel_of(ax, d, v) for d, v in zip(part["period_end"], part["value"], strict=True)
            ]
            chart.lines += [(*a, *b) for a, b in pairwise(points)]
            chart.boxes += [_mark(ax, points[0]), _mark(ax, points[-1])]
        missing = item.rows.drop(item.usable.index)
        foot = frame.bottom + 0.025 * frame.height
        chart.boxes += [_mark(ax, (pixel_of(ax, d, 0)[0], foot)) for d in missing["period_end"]]
    for event, _, top in chart.flags:
        x = pixel_of(ax, pd.Timestamp(event.date), 0)[0]
        chart.lines.append((x, frame.bottom, x, top))
    chart.lines += _list_levels(chart)
    for row in each_row(chart.stated):
        chart.boxes.append(_mark(ax, pixel_of(ax, row.period_end, row.value)))


def _list_levels(chart: Chart) -> list[Segment]:
    """The level lines: targets, edges of bands, averages."""
    levels = []
    for target in chart.targets:
        left, right = _target_ends(chart, target)
        heights = [v for v in (target.value, target.low, target.high) if v is not None]
        levels += [(left, y, right, y) for y in (pixel_of(chart.ax, EPOCH, v)[1] for v in heights)]
    for first, last, height in [] if chart.control is None else each_average(chart.control):
        ends = (pixel_of(chart.ax, first, height), pixel_of(chart.ax, last, height))
        levels.append((*ends[0], *ends[1]))
    return levels


def _mark(ax: Axes, point: tuple[float, float]) -> Box:
    return Box(*point, *point).grown(pixels(ax, 5))


def _target_ends(chart: Chart, target: Target) -> tuple[float, float]:
    start, left = pixel_of(chart.ax, pd.Timestamp(target.valid_from), 0)[0], chart.frame.left
    until = pd.Timestamp.max if target.valid_to is None else pd.Timestamp(target.valid_to)
    return max(start, left), min(pixel_of(chart.ax, until, 0)[0], chart.frame.right)


def _place(
    chart: Chart, words: str, candidates: Iterator[Box], colour: str, ground_colour: str | None
) -> Box | None:
    """Give words the first free place among the candidates, and keep it free from then on."""
    box = find_free(
        candidates,
        inside=chart.frame.grown(pixels(chart.ax, 1)),
        boxes=chart.boxes,
        lines=chart.lines,
        margin=pixels(chart.ax, 2),
    )
    if box is not None:
        chart.boxes.append(box)
        chart.inside.append((words, box, colour, _ground_under(chart, box, ground_colour)))
    return box


def _ground_under(chart: Chart, box: Box, colour: str | None) -> str | None:
    """The colour words stand on: that of the usual range inside it, none across its edge."""
    for part in [] if chart.control is None or colour != "white" else phases_of(chart.control):
        first, last = part["period_end"].iloc[[0, -1]]
        corners = (first, part["usual_low"].min()), (last, part["usual_high"].max())
        band = Box(*(x for date, value in corners for x in pixel_of(chart.ax, date, value)))
        if box.overlaps(band):
            return PALE["usual"] if box.is_within(band) else None
    return colour


def place_targets(chart: Chart) -> set[tuple[str, int]]:
    """Name each target on its own line or band; return those with no free place."""
    failed = set()
    for i, target in enumerate(chart.targets):
        if ("target", i) in chart.aside:
            continue
        for letters in (_LETTERS_INSIDE, _LETTERS_NARROW):
            words = ground.wrap_words(target.label, letters)
            if _place_target(chart, target, words):
                break
        else:
            failed.add(("target", i))
    return failed


def _place_target(chart: Chart, target: Target, words: str) -> bool:
    """Name a target in its band; else above or below it, from the right; else past its end."""
    ax, gap = chart.ax, pixels(chart.ax, 3)
    width, height = measure_text(ax, words)
    left, right = _target_ends(chart, target)
    low, high = (
        pixel_of(ax, EPOCH, middle_of(target) if value is None else value)[1]
        for value in (target.low, target.high)
    )
    edges = np.arange(right, max(left + width, right - 1), -pixels(ax, 6))
    starts = [float(edge - width) for edge in edges] or [right - width]
    centre = (low + high - height) / 2
    within = [Box(x, centre, x + width, centre + height) for x in starts if high - low > height]
    beside = [
        Box(x, bottom, x + width, bottom + height)
        for x in starts
        for bottom in (high + gap, low - gap - height)
    ]
    beside += [
        Box(x, centre, x + width, centre + height)
        for x in (right + 2 * gap, left - 2 * gap - width)
    ]
    colour = TEXT_COLOURS["target"]
    return bool(
        _place(chart, words, iter(within), colour, PALE["band"])
        or _place(chart, words, iter(beside), colour, "white")
    )


def place_limits(chart: Chart) -> set[tuple[str, int]]:
    """Name the usual range in its band, from the right, else beside it; say if there is no room."""
    if chart.control is None or ("limits", 0) in chart.aside:
        return set()
    words = name_limits(chart.control, chart.definition)
    if not words:
        return set()
    ax, gap = chart.ax, pixels(chart.ax, 3)
    last = phases_of(chart.control)[-1]
    left, right = (pixel_of(ax, d, 0)[0] for d in last["period_end"].iloc[[0, -1]])
    low, high = (
        pixel_of(ax, EPOCH, last[name].iloc[-1])[1] for name in ("usual_low", "usual_high")
    )
    for letters in (_LETTERS_INSIDE, LETTERS_ASIDE):
        lines = ground.wrap_words(words, letters)
        width, height = measure_text(ax, lines)
        starts = np.arange(right - width, left - 1, -pixels(ax, 6))
        within = [y for y in (low + gap, high - gap - height) if high - low > height + 2 * gap]
        beside = [high + gap, low - gap - height]
        for bottoms, ground_colour in ((within, PALE["usual"]), (beside, "white")):
            spots = (Box(x, y, x + width, y + height) for x in starts for y in bottoms)
            if _place(chart, lines, spots, TEXT_COLOURS["usual"], ground_colour):
                return set()
    return {("limits", 0)}


def place_stated(chart: Chart) -> set[tuple[str, int]]:
    """Name each stated figure beside its diamond; return those with no free place."""
    failed = set()
    for i, row in enumerate(each_row(chart.stated)):
        if ("stated", i) in chart.aside:
            continue
        point = pixel_of(chart.ax, row.period_end, row.value)
        for letters in (_LETTERS_INSIDE, LETTERS_ASIDE, _LETTERS_NARROW):
            words = ground.wrap_words(row.label, letters)
            spots = _around(chart, point, measure_text(chart.ax, words), (7, 12, 18, 25))
            if _place(chart, words, spots, TEXT_COLOURS["stated"], "white"):
                break
        else:
            failed.add(("stated", i))
    return failed


def _around(
    chart: Chart, point: tuple[float, float], size: tuple[float, float], distances: Sequence[float]
) -> Iterator[Box]:
    """Places beside a point, near before far: right, left, above, below, slid along it."""
    (x, y), (width, height) = point, size
    for distance in distances:
        d = pixels(chart.ax, distance)
        beside = (x + d, x - d - width)
        corners = [(left, bottom) for bottom in (y - height / 2, y) for left in beside]
        slides = [x - width * part for part in (0.5, 0.3, 0.7, 0.1, 0.9)]
        corners += [(left, bottom) for left in slides for bottom in (y + d, y - d - height)]
        for left, bottom in corners:
            yield Box(left, bottom, left + width, bottom + height)


def place_peak(chart: Chart) -> None:
    """Name the highest value of a single line, where there is a free place right beside it."""
    rows = chart.series[0].usable
    if len(chart.series) > 1 or len(rows) < _FEWEST_FOR_PEAK:
        return
    row = next(each_row(rows.loc[[rows["value"].idxmax()]]))
    if row.value in (rows["value"].iloc[-1], rows["value"].min()):
        return
    words = f"highest {format_value(row.value, chart.definition)}, {format_period(row, short=True)}"
    point = pixel_of(chart.ax, row.period_end, row.value)
    for letters in (_LETTERS_INSIDE, LETTERS_ASIDE):
        lines = ground.wrap_words(words, letters)
        spots = _around(chart, point, measure_text(chart.ax, lines), (5, 9))
        if _place(chart, lines, spots, TEXT_COLOURS[chart.series[0].role], "white"):
            return
