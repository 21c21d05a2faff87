"""The words of a trend chart: beside what they name, over nothing.

The chart is laid out in pixels: the widths of the words decide the plotting rectangle, and
the rectangle decides where words are free to stand. A label with no free place beside its line
moves to the column on the right, and the chart is laid out again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from wfanalytics.periods import format_month
from wfanalytics.present import axes as ground
from wfanalytics.present.axes import Note, pixels
from wfanalytics.present.dates import choose_dates, label_dates
from wfanalytics.present.labels import LINE_HEIGHT, Box, measure_text, stack_rows
from wfanalytics.present.style import CM_PER_INCH, COLOURS, TEXT_COLOURS
from wfanalytics.present.trend_limits import explain_limits, name_limits
from wfanalytics.present.trend_places import (
    EPOCH,
    LETTERS_ASIDE,
    NOWHERE,
    Chart,
    find_obstacles,
    middle_of,
    pixel_of,
    place_limits,
    place_peak,
    place_stated,
    place_targets,
)
from wfanalytics.present.words import STATUS_WORDS, each_row, format_period, format_value
from wfanalytics.settings import Event, Target

if TYPE_CHECKING:
    pass

#: Letters on a line of the label above an event, and centimetres a further row of them takes.
_LETTERS_EVENT = 18
_CM_PER_ROW = 1.0
#: The plotting rectangle is at least so high, whatever words stand above and below it.
_LEAST_CM = 3.6


def draw_words(chart: Chart, *, may_grow: bool) -> None:
    """Lay the chart out and draw every word and every event line."""
    _lay_out(chart)
    if may_grow and chart.rows > 1:
        _grow(chart, (chart.rows - 1) * _CM_PER_ROW)
    while True:
        _lay_out(chart)
        lack = _LEAST_CM - chart.frame.height / ground.centimetres(chart.ax, 1)
        if may_grow and lack > 0:
            _grow(chart, lack)
            _lay_out(chart)
        find_obstacles(chart)
        failed = place_stated(chart) | place_targets(chart) | place_limits(chart)
        if not failed:
            break
        chart.aside |= failed
    place_peak(chart)
    _draw(chart)


def _grow(chart: Chart, centimetres: float) -> None:
    figure = ground.figure_of(chart.ax)
    figure.set_figheight(figure.get_figheight() + centimetres / CM_PER_INCH)


def _lay_out(chart: Chart) -> None:
    """Find the plotting rectangle that leaves room for all words around it."""
    ax = chart.ax
    chart.slot = slot = ground.slot_of(ax, chart.place)
    line = pixels(ax, LINE_HEIGHT)
    left = ground.right_of_scale(ax, slot)
    right = slot.right - ground.measure_notes(ax, _notes(chart, NOWHERE))
    ground.set_frame(ax, Box(left, slot.bottom, right, slot.top))
    dates = pd.DatetimeIndex(sorted({d for item in chart.series for d in item.rows["period_end"]}))
    tick_dates, labels = choose_dates(ax, dates)
    top = slot.top - ground.draw_title(ax, chart.title, slot=slot, draw=False)
    top = _stack_flags(chart, top, right=right)
    under = max(label.count("\n") for label in labels) + 1
    under_frame = under * line + pixels(ax, 9) + len(_footers(chart)) * line
    chart.frame = Box(left, slot.bottom + under_frame, right, top)
    ground.set_frame(ax, chart.frame)
    chart.dates = (tick_dates, labels)


def _stack_flags(chart: Chart, top: float, *, right: float) -> float:
    """Stack the event labels under ``top``; return where the plotting rectangle may end.

    They end at ``right``, before the column that the latest figure stands in.
    """
    ax = chart.ax
    words = [_flag_words(event) for event in chart.events]
    sizes = [measure_text(ax, text) for text in words]
    anchors = [pixel_of(ax, pd.Timestamp(event.date), 0)[0] for event in chart.events]
    placed = stack_rows(
        anchors, [width for width, _ in sizes],
        low=chart.slot.left, high=right, gap=pixels(ax, 3),
    )  # fmt: skip
    chart.rows = 1 + max((row for row, _ in placed), default=-1)
    heights = [
        max(size[1] for size, (at, _) in zip(sizes, placed, strict=True) if at == row)
        + pixels(ax, 3)
        for row in range(chart.rows)
    ]
    floor = top - sum(heights)
    chart.flags = [
        (event, left, floor + sum(heights[: row + 1]))
        for event, (row, left) in zip(chart.events, placed, strict=True)
    ]
    return floor - (pixels(ax, 2) if chart.rows else 0)


def _flag_words(event: Event) -> str:
    month = format_month(pd.Timestamp(event.date), short=True)
    return f"{ground.wrap_words(event.label, _LETTERS_EVENT)}\n{month}"


def _notes(chart: Chart, frame: Box) -> list[Note]:
    """The column on the right: the latest value of each line, and what had to move aside."""
    ax, is_single = chart.ax, len(chart.series) == 1
    notes = []
    for item in chart.series:
        colour = TEXT_COLOURS[item.role]
        name = [] if is_single else ground.wrap_words(item.name, LETTERS_ASIDE).split("\n")
        if item.usable.empty:
            notes.append(Note((*name, "no figure"), colour, frame.bottom, len(name)))
            continue
        row = next(each_row(item.usable.tail(1)))
        value = format_value(row.value, chart.definition)
        when = format_period(row, short=True)
        lines = [value, when] if is_single else [*name, f"{value}, {when}"]
        lines += ["provisional"] if row.status == "provisional" else []
        height = pixel_of(ax, row.period_end, row.value)[1]
        notes.append(Note(tuple(lines), colour, height, len(name) or 1))
    for i, target in enumerate(chart.targets):
        if ("target", i) in chart.aside and _is_current(chart, target):
            lines = ground.wrap_words(target.label, LETTERS_ASIDE).split("\n")
            height = pixel_of(ax, EPOCH, middle_of(target))[1]
            notes.append(Note(tuple(lines), TEXT_COLOURS["target"], height, 0))
    return notes


def _footers(chart: Chart) -> list[str]:
    """Lines under the chart that say what a small mark means."""
    rows = pd.concat([item.rows for item in chart.series])
    reasons = [STATUS_WORDS[s] for s in dict.fromkeys(rows["status"]) if s in STATUS_WORDS]
    reasons = [words for words in reasons if words not in ("", "provisional")]
    lines = [f"× no figure: {', or '.join(reasons)}"] if reasons else []
    latest = [item.usable["status"].iloc[-1] for item in chart.series if not item.usable.empty]
    if (rows["status"] == "provisional").any() and "provisional" not in latest:
        lines.append("○ provisional")
    if chart.control is not None:
        if ("limits", 0) in chart.aside:
            lines.append(f"shaded: {name_limits(chart.control, chart.definition)}")
        lines += [words for words in [explain_limits(chart.control)] if words]
    kept = [i for i in range(len(chart.stated)) if ("stated", i) in chart.aside]
    last = max(item.rows["period_end"].iloc[-1] for item in chart.series)
    lines += [f"◇ {chart.stated['label'].iloc[i]}" for i in kept]
    for i, target in enumerate(chart.targets):
        if ("target", i) in chart.aside and not _is_current(chart, target):
            start, end = pd.Timestamp(target.valid_from), pd.Timestamp(target.valid_to or last)
            dates = f"{format_month(start, short=True)} to {format_month(end, short=True)}"
            lines.append(f"line {dates}: {target.label}")
    return lines


def _is_current(chart: Chart, target: Target) -> bool:
    """Whether a target is still valid at the end of the time axis."""
    last = max(item.rows["period_end"].iloc[-1] for item in chart.series)
    return target.valid_to is None or pd.Timestamp(target.valid_to) >= last


def _draw(chart: Chart) -> None:
    ax, frame, slot = chart.ax, chart.frame, chart.slot
    ground.draw_title(ax, chart.title, slot=slot)
    label_dates(ax, *chart.dates)
    for event, left, top in chart.flags:
        words = _flag_words(event)
        ax.plot(
            [np.datetime64(event.date)] * 2, [0, (top - frame.bottom) / frame.height],
            transform=ax.get_xaxis_transform(), color=COLOURS["event"], linewidth=1.0,
            linestyle=(0, (1, 2)), clip_on=False, zorder=1.5, label=f"_event {event.label}",
        )  # fmt: skip
        ground.add_words(ax, words, left=left, top=top, colour=TEXT_COLOURS["event"])
    for words, box, colour, fill in chart.inside:
        ground.add_words(ax, words, left=box.left, top=box.top, colour=colour, background=fill)
    ground.draw_notes(ax, _notes(chart, frame), frame=frame, slot=slot)
    line = pixels(ax, LINE_HEIGHT)
    for i, words in enumerate(reversed(_footers(chart))):
        role = {"◇": "stated", "l": "target", "s": "usual"}.get(words[0], "no figure")
        colour = TEXT_COLOURS[role]
        ground.add_words(ax, words, left=slot.left, top=slot.bottom + (i + 1) * line, colour=colour)
