"""The time axis: to scale, with as many dates named as fit without crowding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from wfanalytics.periods import format_month
from wfanalytics.present import axes as ground
from wfanalytics.present.axes import Note, pixels
from wfanalytics.present.labels import ASCENT, LINE_HEIGHT, Box, measure_text
from wfanalytics.present.style import TEXT_COLOURS

#: At most this many labels.
MOST_TIME_LABELS = 7
#: Periods closer than this are weeks.
WEEKLY_DAYS = 20
#: Every how many periods the time axis may be labelled.
_STRIDES = {
    "month": (1, 2, 3, 6, 12, 24, 36, 60, 120),
    "quarter": (1, 2, 4, 8, 12, 20, 40),
    "year": (1, 2, 3, 5, 10, 20),
}


def choose_dates(ax: Axes, dates: pd.DatetimeIndex) -> tuple[list[pd.Timestamp], list[str]]:
    """The dates to label on the time axis: as many as fit without crowding."""
    low, high = ax.get_xlim()
    for every in _date_choices(dates):
        ticks = [t for t in every if low <= _day(t) <= high]
        labels = _label_dates(ticks)
        if not 0 < len(ticks) <= MOST_TIME_LABELS:
            continue
        centres = ax.transData.transform([(_day(t), 0) for t in ticks])[:, 0]
        widths = [max(measure_text(ax, line)[0] for line in w.split("\n")) for w in labels]
        edges = [(c - w / 2, c + w / 2) for c, w in zip(centres, widths, strict=True)]
        gap = pixels(ax, 8)
        if all(a[1] + gap <= b[0] for a, b in pairwise(edges)):
            return ticks, labels
    return [dates[-1]], [format_month(dates[-1], short=True)]


def _day(date: pd.Timestamp) -> float:
    return float((date - pd.Timestamp(0)) / pd.Timedelta(days=1))


def label_dates(ax: Axes, ticks: Sequence[pd.Timestamp], labels: Sequence[str]) -> None:
    """Write the labels under the time axis, all months on one baseline, all years on another."""
    names = [words.split("\n")[0] for words in labels]
    ax.set_xticks(np.array(ticks, dtype="datetime64[us]"), names)
    ax.tick_params(axis="x", pad=4 + ASCENT)
    for text in ax.get_xticklabels():
        text.set_verticalalignment("baseline")
    under = pixels(ax, 8 + ASCENT + ASCENT + (LINE_HEIGHT - ASCENT)) / ax.bbox.height
    for tick, words in zip(ticks, labels, strict=True):
        if "\n" in words:
            ax.text(
                _day(tick), -under, words.split("\n")[1], transform=ax.get_xaxis_transform(),
                color=TEXT_COLOURS["plain"], va="baseline", ha="center",
            )  # fmt: skip


def _date_choices(dates: pd.DatetimeIndex) -> list[list[pd.Timestamp]]:
    """Sets of dates that could be labelled, the fullest first; Aprils where there are any."""
    days = float(min(np.diff(dates.to_numpy()) / np.timedelta64(1, "D"), default=400.0))
    if days < WEEKLY_DAYS and len(dates) <= 2 * MOST_TIME_LABELS:
        return [list(dates[::-1][::k][::-1]) for k in (1, 2, 3, 4)]
    if days < WEEKLY_DAYS:
        dates, days = pd.date_range(dates[0] - pd.Timedelta(days=6), dates[-1], freq="MS"), 30.0
    strides = _STRIDES["month" if days < 80 else "quarter" if days < 300 else "year"]
    aprils = [i for i, date in enumerate(dates) if date.month == 4]
    anchor = aprils[0] if aprils else len(dates) - 1
    return [[dates[i] for i in range(anchor % k, len(dates), k)] for k in strides]


def _label_dates(ticks: list[pd.Timestamp]) -> list[str]:
    """The ticks' words; the year stands under the first tick of each year only."""
    is_daily = len({(t.year, t.month) for t in ticks}) < len(ticks)
    is_yearly = len({t.year for t in ticks}) == len(ticks)
    labels = []
    for i, tick in enumerate(ticks):
        name, year = format_month(tick, short=True).split(" ")
        name = f"{tick.day} {name}" if is_daily else name
        is_new = i == 0 or ticks[i - 1].year != tick.year
        if is_yearly and len(ticks) < 6:
            labels.append(f"{name} {year}")
        else:
            labels.append(f"{name}\n{year}" if is_new else name)
    return labels


def lay_out_dates(
    ax: Axes, dates: pd.DatetimeIndex, notes: Sequence[Note], *, place: Box, title: str,
    foot: str = "", colour: str = "plain",
) -> None:  # fmt: skip
    """Lay a chart out: notes at the right, dates and one line of words below, title above.

    The notes' heights are in the chart's own unit.
    """
    slot, line = ground.slot_of(ax, place), pixels(ax, LINE_HEIGHT)
    left = ground.right_of_scale(ax, slot)
    right = slot.right - ground.measure_notes(ax, notes)
    top = slot.top - ground.draw_title(ax, title, slot=slot)
    ground.set_frame(ax, Box(left, slot.bottom, right, top))
    ticks, labels = choose_dates(ax, dates)
    under = max(words.count("\n") for words in labels) + 1 + bool(foot)
    frame = Box(left, slot.bottom + under * line + pixels(ax, 9), right, top)
    ground.set_frame(ax, frame)
    label_dates(ax, ticks, labels)
    if foot:
        role = TEXT_COLOURS[colour]
        ground.add_words(ax, foot, left=slot.left, top=slot.bottom + line, colour=role)
    placed = [
        replace(note, height=float(ax.transData.transform((0, note.height))[1])) for note in notes
    ]
    ground.draw_notes(ax, placed, frame=frame, slot=slot)
