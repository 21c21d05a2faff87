"""The building blocks of sentences: what a measure is called, how it moved, what it aimed at."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import pandas as pd

from wfanalytics.analysis.targets import calculate_target_status
from wfanalytics.errors import WfanalyticsError
from wfanalytics.frames import USABLE_STATUSES
from wfanalytics.measures.definition import Definition, round_shown
from wfanalytics.measures.definitions import find_definition
from wfanalytics.present.words import each_row, format_plain, format_value
from wfanalytics.settings import Target

#: A sentence a councillor reads at one go, and a headline that asks and answers.
MOST_WORDS, MOST_HEADLINE_WORDS = 25, 18

_NO_ARTICLE = ("turnover", "establishment", "over-establishment")
_SINGULAR = {
    "leavers": "leaver",
    "starters": "starter",
    "cases": "case",
    "case holders": "case holder",
    "unallocated cases": "unallocated case",
    "agency staff": "member of agency staff",
    "permanent staff": "member of permanent staff",
}


def definition_of(rows: pd.DataFrame) -> Definition:
    """The definition of the one measure these rows hold."""
    measures = sorted(set(rows["measure"]))
    if len(measures) != 1:
        found = ", ".join(measures) or "none"
        raise WfanalyticsError(f"A sentence is about one measure; the rows have {found}.")
    return find_definition(measures[0])


def in_order(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of one line in time order.

    Raises
    ------
    WfanalyticsError
        where a period occurs twice: a sentence cannot know which row is meant.
    """
    if rows.empty or rows["period_end"].duplicated().any():
        raise WfanalyticsError("A sentence needs one row for each period, and at least one.")
    return rows.sort_values("period_end", ignore_index=True)


def usable(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows that hold a figure."""
    return rows[rows["status"].isin(USABLE_STATUSES) & rows["value"].notna()]


def name_subject(definition: Definition) -> str:
    """What a sentence about a rise or fall calls the measure.

    >>> name_subject(find_definition("leavers_headcount"))
    'the number of leavers'
    >>> name_subject(find_definition("vacancy_rate_fte"))
    'the vacancy rate before agency cover'
    """
    if definition.unit in ("people", "cases"):
        return f"the number of {definition.label}"
    plain = definition.label.startswith(_NO_ARTICLE) or not definition.is_rate
    if plain or definition.unit == "permanent per agency":
        return definition.label
    return f"the {definition.label}"


def past_verb(definition: Definition) -> str:
    """``was`` or ``were``, to follow :func:`name_subject`."""
    is_amount = definition.unit in ("FTE", "days", "permanent per agency")
    return "were" if is_amount and not definition.label.endswith("establishment") else "was"


def name_count(count: float, definition: Definition) -> str:
    """A count with its noun: ``no leavers``, ``1 leaver``, ``2 leavers``.

    >>> leavers = find_definition("leavers_headcount")
    >>> name_count(0, leavers), name_count(1, leavers), name_count(1396, leavers)
    ('no leavers', '1 leaver', '1,396 leavers')
    """
    label = definition.label.removesuffix(" in twelve months")
    shown = format_value(count, definition)
    if shown == "1":
        for plural in sorted(_SINGULAR, key=len, reverse=True):
            if label.startswith(plural):
                label = _SINGULAR[plural] + label[len(plural) :]
                break
    return f"{'no' if shown == '0' else shown} {label}"


def shown_difference(before: float, after: float, definition: Definition) -> float:
    """The change between two figures as printed, so that a reader's subtraction agrees.

    18.46% and 6.95% are printed 18.5% and 7.0%: the change is 11.5 points, not 11.51.
    """
    return round_shown(after, definition) - round_shown(before, definition)


def name_difference(difference: float, definition: Definition) -> str:
    """The size of a difference with its unit.

    >>> name_difference(-0.115, find_definition("vacancy_rate_fte"))
    '11.5 percentage points'
    """
    size = abs(difference)
    if definition.unit == "percent":
        text = format_value(size, definition).removesuffix("%")
        return f"{text} percentage point{'' if text == '1' else 's'}"
    unit = {"FTE": " FTE", "cases per FTE": " cases per social worker", "days": " days"}
    return f"{format_value(size, definition)}{unit.get(definition.unit, '')}"


def say_more(difference: float, definition: Definition) -> str:
    """A difference and its side: ``0.4 percentage points less``, ``2 fewer``.

    >>> say_more(-0.1, find_definition("caseload_fte"))
    '0.1 fewer cases per social worker'
    """
    is_count = definition.unit in ("people", "cases", "cases per FTE")
    side = "more" if difference > 0 else "fewer" if is_count else "less"
    size, _, unit = name_difference(difference, definition).partition(" ")
    words = (size, side, unit) if is_count else (size, unit, side)
    return " ".join(word for word in words if word)


def name_target(target: Any, definition: Definition) -> str:
    """A target as a sentence calls it: ``our target of 7%``, ``the local policy of 13 to 16``."""
    owner = "our target" if target.target_status_text == "our target" else "the local policy"
    if pd.notna(target.target_value):
        return f"{owner} of {format_plain(target.target_value, definition)}"
    low, high = (format_plain(v, definition) for v in (target.target_low, target.target_high))
    return f"{owner} of {low.removesuffix('%')} to {high}"


def rate_latest(rows: pd.DataFrame, targets: Sequence[Target]) -> Any | None:
    """The latest row with its target and rating; None where no target is rated."""
    if not targets:
        return None
    status = calculate_target_status(in_order(rows), targets)
    row = next(each_row(status.tail(1)))
    return None if row.rating in ("no target", "no figure") else row


def count_words(sentence: str) -> int:
    """How many words a sentence has."""
    return len(sentence.split())


def describe_refusal(question: str, reason: str) -> str:
    """The headline of what has nothing to show: the question, and why where that is short.

    >>> describe_refusal("Who left?", "There is no list of leavers: ask for one.")
    'Who left? There is no list of leavers'
    """
    said = f"{question} {re.split(r'[:.](?: |$)', reason)[0]}"
    return said if count_words(said) <= MOST_HEADLINE_WORDS else f"{question} No figure to show"
