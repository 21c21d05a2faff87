"""Sentences from measure frames: every number in them is a number of the frame.

British English, at most 25 words a sentence. A difference is that of the two figures as
printed, so that a reader who subtracts gets what the sentence says.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import pandas as pd

from wfanalytics.measures.definition import Definition, round_shown
from wfanalytics.present.phrases import (
    MOST_WORDS,
    count_words,
    definition_of,
    in_order,
    name_count,
    name_difference,
    name_subject,
    name_target,
    past_verb,
    rate_latest,
    shown_difference,
    usable,
)
from wfanalytics.present.words import (
    STATUS_WORDS,
    each_row,
    format_part,
    format_parts,
    format_period,
    format_plain,
    format_value,
    format_when,
    format_with_unit,
    sentence_case,
)
from wfanalytics.settings import Target

_BETTER = {"lower": "lower is better", "higher": "higher is better"}


def describe_measure(
    rows: pd.DataFrame, *, targets: Sequence[Target] = (), since: object = None
) -> tuple[str, ...]:
    """Where one measure stands, how it has changed and whether it meets its target.

    Parameters
    ----------
    rows : measure frame of one measure and area, a row a period.
    targets : those of the area; the one that applies on the last day is named.
    since : date from which the change is counted; the first figure unless given.

    Returns sentences of at most 25 words; rates in per cent, differences in percentage points.
    Raises a plain error for rows of several measures.

    >>> from wfanalytics.measures.area import open_area
    >>> from wfanalytics.measures.area_data import select
    >>> rows = select(open_area("exampleshire", month="2019-07"), "agency_headcount")
    >>> describe_measure(rows, since="2019-06-30")[0]
    'There were 45 agency staff at the end of July 2019.'
    """
    change = describe_change(rows, since=since)
    target = describe_target(rows, targets=targets)
    return (describe_level(rows), *change, *([target] if target else []))


def describe_level(rows: pd.DataFrame) -> str:
    """The latest figure with its base, or why there is none.

    >>> rows = pd.DataFrame({"measure": ["leavers_headcount"], "period_type": ["month"],
    ...     "period_end": [pd.Timestamp("2020-09-30")], "status": ["ok"], "value": [1.0],
    ...     "numerator": [None], "denominator": [None]})
    >>> describe_level(rows)
    'There was 1 leaver in September 2020.'
    """
    definition = definition_of(rows)
    row = next(each_row(in_order(rows).tail(1)))
    if usable(rows[rows["period_end"] == row.period_end]).empty:
        week = "the week ending " if row.period_type == "week" else ""
        why = STATUS_WORDS.get(row.status) or "missing"
        return f"No figure for {week}{format_period(row)}: {why}."
    when = format_when(row, definition)
    notes = [format_parts(row, definition), STATUS_WORDS[row.status]]
    base = "; ".join(note for note in notes if note)
    base = f" ({base})" if base else ""
    value = format_value(row.value, definition)
    if definition.unit in ("people", "cases"):
        number = name_count(row.value, definition)
        return f"There {'was' if number.startswith('1 ') else 'were'} {number} {when}{base}."
    if definition.unit in ("FTE", "days"):
        verb = "was" if value == "1.0" else "were"
        return f"There {verb} {value} {definition.unit} of {definition.label} {when}{base}."
    if definition.unit == "permanent per agency":
        return f"There were {value} {definition.label} {when}{base}."
    unit = " cases per social worker" if definition.unit == "cases per FTE" else ""
    return f"{sentence_case(name_subject(definition))} was {value}{unit} {when}{base}."


def describe_change(rows: pd.DataFrame, *, since: object = None) -> tuple[str, ...]:
    """How the figure changed from ``since`` (or the first figure) to the last figure.

    Figures of another definition are not compared: the change then counts from the first
    figure of the latest one, and a sentence says so. Nothing where there is one figure only.

    >>> rows = pd.DataFrame({"measure": "uncovered_vacancy_rate_fte", "period_type": "month",
    ...     "period_end": pd.to_datetime(["2019-02-28", "2019-07-31"]), "status": "ok",
    ...     "value": [0.1846, 0.0704], "definition_version": "1"})
    >>> print(*describe_change(rows), sep="")
    Between February 2019 and July 2019 the uncovered vacancy rate fell by 11.5 percentage points,
    from 18.5% to 7.0%; lower is better.
    """
    definition = definition_of(rows)
    figures = usable(in_order(rows))
    if since is not None:
        figures = figures[figures["period_end"] >= pd.Timestamp(str(since))]
    if len(figures) < 2:
        return ()
    is_same = figures["definition_version"] == figures["definition_version"].iloc[-1]
    started = is_same[::-1].cummin()[::-1]
    compared = figures[started]
    sentences = [*describe_definition(figures)]
    if len(compared) > 1:
        sentences += _compare(compared, definition)
    return tuple(sentences)


def describe_definition(rows: pd.DataFrame) -> tuple[str, ...]:
    """Since when the latest definition holds; nothing where there has been one only."""
    is_old = rows["definition_version"] != rows["definition_version"].iloc[-1]
    if not is_old.any():
        return ()
    first = next(each_row(rows[~is_old[::-1].cummax()[::-1]].head(1)))
    return (
        f"The definition changed with {format_period(first)}; earlier figures are not comparable.",
    )


def _compare(figures: pd.DataFrame, definition: Definition) -> list[str]:
    first, last = each_row(figures.iloc[[0, -1]])
    before, after = (format_value(row.value, definition) for row in (first, last))
    difference = shown_difference(first.value, last.value, definition)
    start = f"Between {format_period(first)} and {format_period(last)} {name_subject(definition)}"
    if before == after:
        level = format_with_unit(last.value, definition)
        sentence = f"{start} {past_verb(definition)} unchanged at {level}"
    else:
        verb = "rose" if difference > 0 else "fell"
        change = name_difference(difference, definition)
        end = format_with_unit(last.value, definition)
        sentence = f"{start} {verb} by {change}, from {before} to {end}"
    better = _BETTER.get(definition.better, "")
    if not better:
        return [f"{sentence}."]
    whole = f"{sentence}; {better}."
    return [whole] if count_words(whole) <= MOST_WORDS else [
        f"{sentence}.", f"{sentence_case(better)}.",
    ]  # fmt: skip


def describe_target(rows: pd.DataFrame, *, targets: Sequence[Target]) -> str:
    """Where the latest figure stands against the target valid that day; empty without one.

    The rating is :func:`~wfanalytics.analysis.targets.calculate_target_status`'s; a result
    elsewhere is no target.
    """
    definition = definition_of(rows)
    row = rate_latest(rows, targets)
    if row is None:
        return ""
    aim = name_target(row, definition)
    verdict = {
        "met": "and meets it",
        "near": "and does not meet it, but is near",
        "missed": "and does not meet it",
    }[row.rating]
    value = format_value(row.value, definition)
    distance = find_distance(row.value, row, definition)
    place = "equals" if pd.notna(row.target_value) else "is within"
    if distance != 0:
        side = "above" if distance > 0 else "below"
        place = f"is {_name_gap(distance, definition)} {side}"
    sentence = f"At {value} it {place} {aim} {verdict}"
    whole = f"{sentence}{_say_since(row)}."
    return whole if count_words(whole) <= MOST_WORDS else f"{sentence}."


def _say_since(row: Any) -> str:
    """Since when a rated row has stood as it does: ``, and has since July 2019``; empty if new."""
    if row.since == row.period_end:
        return ""
    first = SimpleNamespace(period_end=row.since, period_type=row.period_type)
    week = "the week ending " if row.period_type == "week" else ""
    verb = {"met": "has", "near": "has been", "missed": "has not"}[row.rating]
    return f", and {verb} since {week}{format_period(first)}"


def find_distance(value: float, row: Any, definition: Definition) -> float:
    """The printed figure less the target; for a band, from its nearest edge, 0 inside."""
    shown = round_shown(value, definition)
    low, high = (
        (row.target_value, row.target_value)
        if pd.notna(row.target_value)
        else (row.target_low, row.target_high)
    )
    return float(round(max(shown - high, 0.0) + min(shown - low, 0.0), 9))


def _name_gap(distance: float, definition: Definition) -> str:
    """A gap from a target: a target may be given more finely than the measure is printed."""
    size = abs(distance)
    if definition.unit == "percent":
        text = format_plain(size, definition).removesuffix("%")
        text = text if "." in text or definition.decimals == 0 else f"{text}.0"
        return f"{text} percentage point{'' if text == '1' else 's'}"
    text = format_part(size, "FTE") if definition.decimals else format_plain(size, definition)
    unit = {"FTE": " FTE", "cases per FTE": " cases"}.get(definition.unit, "")
    return f"{text}{unit}"


#: What the places of a level are called, one and several.
_PLACES = {
    "team": ("team", "teams"), "service": ("service", "services"),
    "locality": ("locality", "localities"),
}  # fmt: skip


def describe_areas(rows: pd.DataFrame) -> str:
    """Which areas have the highest and the lowest figure; rows of one period.

    Where figures are withheld or missing, the lowest is not named, since it may be one of
    them, and the highest is said to be that of those shown.
    """
    definition = definition_of(rows)
    figures = usable(rows).sort_values("value", ascending=False, kind="stable")
    if figures.empty:
        return "No figure for any of them."
    top, bottom = each_row(figures.iloc[[0, -1]])
    high, low = (format_with_unit(row.value, definition) for row in (top, bottom))
    subject = sentence_case(name_subject(definition))
    verb = past_verb(definition)
    one, several = _PLACES.get(str(rows["area_level"].iloc[0]), ("area", "areas"))
    without = len(rows) - len(figures)
    if without:
        others = f"{without} {one if without == 1 else several} cannot be shown"
        return f"{subject} {verb} highest in {top.area_name} ({high}) of those shown; {others}."
    if high == low:
        where = top.area_name if len(figures) == 1 else f"each of {len(figures)} {several}"
        return f"{subject} {verb} {high} in {where}."
    ends = f"highest in {top.area_name} ({high}), lowest in {bottom.area_name} ({low})"
    return f"{subject} {verb} {ends}."
