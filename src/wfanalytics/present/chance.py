"""Sentences on chance: is the latest figure out of the usual, and is a target safe?

Plain words for a control chart: ``average`` for its centre, ``usual range`` for its limits and
``more than chance`` for a special cause. Every number is one of the frames of
:mod:`wfanalytics.analysis.control`.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from wfanalytics.measures.definition import Definition
from wfanalytics.present.phrases import definition_of, name_count
from wfanalytics.present.words import each_row, format_period, format_value, sentence_case
from wfanalytics.rounding import format_number

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
            "eleven", "twelve")  # fmt: skip
_NOUNS = {"week": "week", "year": "year", "quarter": "quarter"}
NO_CHANGE = "no reliable change"
MORE_THAN_CHANCE = "more than chance"


def name_number(count: int) -> str:
    """A small number in words.

    >>> name_number(8), name_number(14)
    ('eight', '14')
    """
    return _NUMBERS[count] if count < len(_NUMBERS) else str(count)


def name_range(row: Any, definition: Definition) -> str:
    """The usual range as printed: ``6.6% to 8.1%``.

    >>> from types import SimpleNamespace as Row
    >>> from wfanalytics.measures.definitions import find_definition
    >>> name_range(Row(usual_low=0.066, usual_high=0.081), find_definition("agency_rate_fte"))
    '6.6% to 8.1%'
    """
    low, high = (format_value(value, definition) for value in (row.usual_low, row.usual_high))
    return f"{low} to {high}"


def name_average(row: Any, definition: Definition) -> str:
    """The centre as printed, a count's to one decimal: on average 6.8 people left."""
    is_count = definition.unit != "percent" and definition.decimals == 0
    return format_number(row.centre, 1) if is_count else format_value(row.centre, definition)


def describe_control(points: pd.DataFrame) -> tuple[str, ...]:
    """Whether the latest figure is out of the usual, and by which rule; nothing where none is.

    ``points`` are of :func:`~wfanalytics.analysis.control.calculate_control`.
    """
    if points.empty or pd.isna(points["value"].iloc[-1]):
        return ()
    definition = definition_of(points)
    row = next(each_row(points.tail(1)))
    if row.limits_note == "not enough variation for limits":
        return ("It has moved too seldom to say what range is usual.",)
    if pd.isna(row.usual_low):
        return ("There are too few figures to say what range is usual.",)
    value, usual = format_value(row.value, definition), name_range(row, definition)
    if row.is_special:
        sentence = f"{_say_rule(points, row, definition)}: {say_verdict(row)}."
    else:
        sentence = f"{sentence_case(NO_CHANGE)}: {value} is within the usual range of {usual}."
    count = int(points.loc[points["phase"] == row.phase, "value"].notna().sum())
    short = f"That range rests on {name_number(count)} {_noun(row, count)} only and is provisional."
    return (sentence, short) if row.limits_note == "provisional" else (sentence,)


def say_verdict(row: Any) -> str:
    """That a special cause is more than chance, and whether it is for the better."""
    side = {"improvement": "better by ", "concern": "worse by "}.get(row.point_type, "")
    return f"{side}{MORE_THAN_CHANCE}"


def _say_rule(points: pd.DataFrame, row: Any, definition: Definition) -> str:
    """The rule that labels the latest figure, in words, without a full stop."""
    is_up = row.direction == "up"
    side, end = ("above", "upper") if is_up else ("below", "lower")
    value, usual = format_value(row.value, definition), name_range(row, definition)
    if row.rule == "outside":
        edge = row.usual_high if is_up else row.usual_low
        just = "just " if format_value(edge, definition) == value else ""
        return f"{sentence_case(_in_period(row))} it was {just}{side} the usual range of {usual}"
    inside = points["period_end"].between(row.rule_start, row.rule_end) & points["value"].notna()
    first = next(each_row(points[inside].head(1)))
    if row.rule == "trend":
        verb = "rose" if is_up else "fell"
        start = format_value(first.value, definition)
        each = f"each {_noun(row, 1)} from {format_period(first)} to {format_period(row)}"
        return f"It {verb} {each}, from {start} to {value}"
    if row.rule == "two_in_three":
        few = f"Two or more of the last three {_noun(row, 3)}"
        return f"{few} were near the {end} end of the usual range, {usual}"
    count = int(inside.sum())
    few = f"The last {name_number(count)} {_noun(row, count)}"
    return f"{few} were all {side} the average of {name_average(row, definition)}"


def _in_period(row: Any) -> str:
    week = "the week ending " if row.period_type == "week" else ""
    return f"in {week}{format_period(row)}"


def _noun(row: Any, count: int) -> str:
    noun = _NOUNS.get(row.period_type, "month")
    return noun if count == 1 else f"{noun}s"


def describe_limits(points: pd.DataFrame) -> tuple[str, ...]:
    """Each phase's band, and the figures out of it, for the long description of a chart."""
    sentences = []
    for _, part in points[points["usual_low"].notna()].groupby("phase") if len(points) else ():
        first, last = each_row(part.iloc[[0, -1]])
        definition = definition_of(part)
        special = part[part["is_special"]]
        sentences.append(
            f"Usual range {name_range(last, definition)}, average "
            f"{name_average(last, definition)}, {format_period(first)} to "
            f"{format_period(last)}: {len(special)} of {part['value'].notna().sum()} figures "
            f"marked as {MORE_THAN_CHANCE}."
        )
    return tuple(sentences)


def shorten_control(points: pd.DataFrame) -> str:
    """What the control chart says in a few words, for an alt text or a cell; empty without one."""
    if points.empty or pd.isna(points["value"].iloc[-1]):
        return ""
    row = next(each_row(points.tail(1)))
    if pd.isna(row.usual_low):
        return "too few movements for a usual range"
    if not row.is_special:
        return NO_CHANGE
    moved = {("trend", "up"): "rising", ("trend", "down"): "falling"}
    level = "high" if row.direction == "up" else "low"
    return f"{moved.get((row.rule, row.direction), level)}, {say_verdict(row)}"


def describe_assurance(assured: pd.DataFrame) -> str:
    """Will the target go on being met? One sentence; empty where nothing can be said.

    ``assured`` is of :func:`~wfanalytics.analysis.control.calculate_assurance`.
    """
    row = next(each_row(assured))
    definition = definition_of(assured)
    if row.assurance == "":
        return ""
    if row.assurance == "unsettled":
        return "Its level is changing, so its past range cannot say whether the target will be met."
    usual = f"the usual range is {name_range(row, definition)}"
    each = f"every {_noun(row, 1)}"
    if row.assurance == "every time":
        return f"If nothing changes it will be met {each}: {usual}."
    if row.assurance == "never":
        return f"If nothing changes it will be missed {each}: {usual}."
    share = f"{format_number(row.share_inside * 100)}%"
    return (
        f"If nothing changes it will be met or missed by chance: {share} of the usual range, "
        f"{name_range(row, definition)}, meets it."
    )


def describe_counts(compared: pd.DataFrame) -> str:
    """Whether a few months' count differs from a year before by more than chance.

    ``compared`` is of :func:`~wfanalytics.analysis.control.compare_counts`.
    """
    definition = definition_of(compared)
    row = next(each_row(compared))
    now = name_count(row.after, definition)
    verb = "was" if now.startswith("1 ") else "were"
    verdict = MORE_THAN_CHANCE if row.is_reliable else "too few to tell"
    return (
        f"In the {name_number(row.months)} months to {format_period(row)} there {verb} {now}, "
        f"a year before {format_number(row.before)}: {verdict}."
    )
