"""What is said of one measure through time: its level, its changes, chance, and its target."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd

from wfanalytics.analysis.change import Change
from wfanalytics.analysis.control import (
    SETTLED_POINTS,
    calculate_assurance,
    calculate_control,
    calculate_rate_control,
    compare_counts,
    find_settled_phases,
)
from wfanalytics.analysis.targets import calculate_target_status
from wfanalytics.frames import USABLE_STATUSES
from wfanalytics.measures.area_data import AreaData, select
from wfanalytics.periods import format_month
from wfanalytics.present.chance import describe_assurance, describe_control, describe_counts
from wfanalytics.present.commentary import describe_change, describe_level, describe_target
from wfanalytics.settings import Event, Target

USUAL_RANGE = (
    "Usual range: the average and about three standard deviations each way, from how much "
    "neighbouring figures differ (an XmR control chart with NHS England's rules)."
)
USUAL_RANGE_OF_RATES = (
    "Usual range: the average and three standard deviations each way of a count that chance "
    "alone would give, wider where fewer staff are at risk (a u-chart)."
)
MONTHS_TELL = (
    "The usual range of the weekly line is that of its month-end figures: neighbouring weeks "
    "share most of their cases."
)
#: Rates whose numerator is a small count: their limits are those of a u-chart.
COUNTED_RATES = ("leaver_rate_headcount",)

_BETTER = re.compile(r"; (lower|higher) is better\.$")


def from_first_figure(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows from the first figure on: before it nothing is missing, it had not begun."""
    has = rows["status"].isin(USABLE_STATUSES)
    return rows[has.cummax()].reset_index(drop=True)


def find_control(data: AreaData, measure: str, rows: pd.DataFrame) -> pd.DataFrame:
    """The series' control limits; a weekly line takes those of its month-end figures."""
    months = rows
    if len(rows) and rows["period_type"].iloc[0] == "week":
        level, name = rows[["area_level", "area_name"]].iloc[0]
        months = from_first_figure(select(data, measure, level=level, area_name=name))
    if measure in COUNTED_RATES:
        return calculate_rate_control(months, events=data.events)
    return calculate_control(months, events=data.events)


def list_limits_notes(control: pd.DataFrame, rows: pd.DataFrame, data: AreaData) -> list[str]:
    """How the usual range is found, and why it starts anew where it does."""
    if control.empty:
        return []
    is_rate = control["measure"].iloc[0] in COUNTED_RATES
    notes = [USUAL_RANGE_OF_RATES if is_rate else USUAL_RANGE]
    notes += [MONTHS_TELL] if rows["period_type"].iloc[0] == "week" else []
    first, last = control["period_end"].iloc[[0, -1]]
    return notes + [
        _say_rebase(event, control)
        for event in data.events
        if event.rebase and first < pd.Timestamp(event.date) <= last
    ]


def _say_rebase(event: Event, control: pd.DataFrame) -> str:
    what = f"“{event.label}”, {format_month(pd.Timestamp(event.date))}"
    if find_settled_phases(control, [event]):
        return f"The usual range starts anew with {what}: {event.reason}."
    count = f"{SETTLED_POINTS} figures"
    return f"The usual range starts anew with {what}, once it has {count}: {event.reason}."


def describe_series(
    rows: pd.DataFrame, change: Change, *, targets: Sequence[Target], control: pd.DataFrame
) -> tuple[str, ...]:
    """Level, change since the last turning point and in a year, chance, target; none said twice."""
    sentences = [describe_level(rows)]
    dates = [
        row["period_end"] for row in (change.turning_point, change.year_ago) if row is not None
    ]
    if change.has_figure:
        for date in dict.fromkeys(dates):
            said = describe_change(rows, since=date)
            # Which way is good is said once.
            is_first = len(sentences) == 1
            sentences += said if is_first else [_BETTER.sub(".", text) for text in said[:1]]
        sentences += describe_control(control)
    target = describe_target(rows, targets=targets)
    if target:
        assured = calculate_assurance(calculate_target_status(rows, targets), control)
        sentences += [target, describe_assurance(assured)]
    return tuple(text for text in dict.fromkeys(sentences) if text)


def describe_small_counts(
    rows: pd.DataFrame, *, caution: str, control: pd.DataFrame
) -> tuple[str, ...]:
    """Level, caution, chance, and a quarter against the same quarter a year before."""
    compared = compare_counts(rows)
    said = () if compared.empty else (describe_counts(compared),)
    # One month that is out of the usual range does tell something.
    tells = len(control) > 0 and control["rule"].iloc[-1] == "outside"
    care = () if tells else (caution,)
    return (describe_level(rows), *care, *describe_control(control), *said)
