"""Numbers, periods and reasons in the words a paper prints, for charts, tables and sentences."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

import pandas as pd

from wfanalytics.measures.definition import Definition
from wfanalytics.periods import format_month
from wfanalytics.rounding import find_decimals, format_number, round_half_up
from wfanalytics.thresholds import Disclosure

#: Why there is no figure, in plain English; nothing for a figure that stands.
STATUS_WORDS = {
    "ok": "",
    "provisional": "provisional",
    "missing": "missing",
    "suppressed": "withheld to protect people",
    "unavailable": "not available",
    "not_applicable": "not applicable",
    "rounds_to_zero": "rounds to zero",
    "unreliable": "not reliable enough to publish",
}
#: The same where a cell or the end of a bar has room for a word or two.
SHORT_STATUS_WORDS = {
    **STATUS_WORDS,
    "suppressed": "withheld",
    "unreliable": "not reliable",
}
NO_FIGURE = "no figure"
#: Stand in an exhibit's words for the fewest people its area tells of, and for fewer.
FEW, SOME = "{few}", "{some}"
_SMALL_NUMBERS = {4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight", 9: "nine"}

_UNITS = {
    "percent": "per cent",
    "FTE": "full-time equivalents (FTE)",
    "people": "people",
    "cases": "cases",
    "cases per FTE": "cases per social worker (FTE)",
    "permanent per agency": "permanent staff for each agency worker",
    "days": "days",
}


def fill_few(text: str, rules: Disclosure) -> str:
    """``{few}`` as the area's own rule has it, and ``{some}`` as the counts it withholds.

    >>> rules = (Disclosure(), Disclosure(smallest_count=10))
    >>> [fill_few("Of {few}: {some}.", rule) for rule in rules]
    ['Of fewer than five: one to four.', 'Of fewer than 10: 1 to 9.']
    """
    least = rules.smallest_count
    few, some = f"fewer than {least}", f"1 to {least - 1}"
    if least in _SMALL_NUMBERS:
        few = f"fewer than {_SMALL_NUMBERS[least]}"
        some = f"one to {_SMALL_NUMBERS[least - 1]}"
    return text.replace(FEW, few).replace(SOME, some)


def count_few(rules: Disclosure) -> str:
    """What stands in a cell for a count of few people.

    >>> count_few(Disclosure())
    'fewer than 5'
    """
    return f"fewer than {rules.smallest_count}"


def each_row(frame: pd.DataFrame) -> Iterator[Any]:
    """The rows of a frame with their columns as attributes."""
    yield from map(_row_of(tuple(frame.columns))._make, frame.to_numpy(dtype=object))


@lru_cache(maxsize=256)
def _row_of(columns: tuple[str, ...]) -> Any:
    """A row's type, made once: pandas makes it anew for each frame, which took half the time."""
    return namedtuple("Row", columns, rename=True)


def format_value(value: float, definition: Definition) -> str:
    """A value as printed, without its unit except ``%``; ``no figure`` where there is none.

    >>> from wfanalytics.measures.definitions import find_definition
    >>> format_value(0.07, find_definition("vacancy_rate_fte"))
    '7.0%'
    >>> format_value(1396, find_definition("cases"))
    '1,396'
    """
    if pd.isna(value):
        return NO_FIGURE
    if definition.unit == "percent":
        return f"{format_number(value * 100, definition.decimals)}%"
    return format_number(value, definition.decimals)


def format_with_unit(value: float, definition: Definition) -> str:
    """A value as printed, with its unit where a reader would otherwise ask.

    >>> from wfanalytics.measures.definitions import find_definition
    >>> format_with_unit(31, find_definition("vacancy_fte"))
    '31.0 FTE'
    """
    text = format_value(value, definition)
    return f"{text} FTE" if definition.unit == "FTE" and text != NO_FIGURE else text


def format_plain(value: float, definition: Definition) -> str:
    """A target or a stated figure, with no more decimals than it was given.

    >>> from wfanalytics.measures.definitions import find_definition
    >>> format_plain(0.07, find_definition("vacancy_rate_fte"))
    '7%'
    """
    percent = definition.unit == "percent"
    shown = value * 100 if percent else value
    return f"{format_number(shown, find_decimals([shown]))}{'%' if percent else ''}"


def parts_unit(definition: Definition) -> str:
    """What the numerator and denominator of a rate are counted in."""
    if definition.id == "absence_rate_fte":
        return "working days"
    return "FTE" if definition.id.endswith("_fte") else "people"


def format_part(value: float, unit: str) -> str:
    """A numerator or denominator as printed: FTE to one decimal, a whole count without.

    >>> format_part(450, "FTE"), format_part(549.25, "people"), format_part(12, "people")
    ('450.0', '549.3', '12')
    """
    is_whole = unit != "FTE" and abs(value - round_half_up(value)) < 1e-9
    return format_number(value, 0 if is_whole else 1)


def format_parts(row: Any, definition: Definition) -> str:
    """The base of a rate, such as ``31.5 of 450.0 FTE``; empty where a part is not known.

    >>> from types import SimpleNamespace as Row
    >>> from wfanalytics.measures.definitions import find_definition
    >>> format_parts(Row(numerator=31.5, denominator=450), find_definition("vacancy_rate_fte"))
    '31.5 of 450.0 FTE'
    """
    if not definition.is_rate or pd.isna(row.numerator) or pd.isna(row.denominator):
        return ""
    if definition.id == "caseload_fte":
        cases, holders = format_number(row.numerator), format_part(row.denominator, "FTE")
        return f"{cases} cases, {holders} FTE"
    unit = parts_unit(definition)
    top, base = format_part(row.numerator, unit), format_part(row.denominator, unit)
    joint = "to" if definition.unit == "permanent per agency" else "of"
    return f"{top} {joint} {base} {unit}"


def format_period(row: Any, *, short: bool = False) -> str:
    """The period of a measure row: its month, or the day a week ends.

    >>> from types import SimpleNamespace as Row
    >>> end = pd.Timestamp("2020-09-27")
    >>> format_period(Row(period_end=end, period_type="week"))
    '27 September 2020'
    >>> format_period(Row(period_end=end, period_type="snapshot"), short=True)
    'Sep 2020'
    """
    end = pd.Timestamp(row.period_end)
    month = format_month(end, short=short)
    return f"{end.day} {month}" if row.period_type == "week" else month


def format_when(row: Any, definition: Definition) -> str:
    """The period with its preposition: ``in September 2020``.

    >>> from types import SimpleNamespace as Row
    >>> from wfanalytics.measures.definitions import find_definition
    >>> row = Row(period_end=pd.Timestamp("2020-09-30"), period_type="snapshot")
    >>> format_when(row, find_definition("vacancy_rate_fte"))
    'at the end of September 2020'
    """
    period = format_period(row)
    if row.period_type != "week" and definition.basis == "rolling 12 months":
        return f"in the twelve months to {period}"
    phrases = {
        "week": "in the week ending",
        "year": "in the year to",
        "quarter": "in the quarter to",
        "snapshot": "at the end of",
    }
    return f"{phrases.get(row.period_type, 'in')} {period}"


def sentence_case(text: str) -> str:
    """The text with a capital first letter and the rest as it is."""
    return text[:1].upper() + text[1:]


def axis_title(definition: Definition) -> str:
    """Measure and unit, for the words above a chart's axis.

    >>> from wfanalytics.measures.definitions import find_definition
    >>> axis_title(find_definition("vacancy_rate_fte"))
    'Vacancy rate before agency cover, per cent'
    """
    if definition.unit in ("permanent per agency", "cases"):
        return sentence_case(definition.label)
    return f"{sentence_case(definition.label)}, {_UNITS[definition.unit]}"


def join_words(words: Sequence[str]) -> str:
    """Words as a list in a sentence.

    >>> join_words(["leavers", "starters", "moves"])
    'leavers, starters and moves'
    """
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
