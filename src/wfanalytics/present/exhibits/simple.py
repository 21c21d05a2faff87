"""Small words and figures that several exhibits print: shares, counts, lists for alt texts."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from wfanalytics.measures.area_data import AreaData, select
from wfanalytics.present.alt_text import ALT_TEXT_LIMIT
from wfanalytics.present.phrases import usable
from wfanalytics.rounding import format_number

WITHHELD = "withheld"


def join_alt(head: str, names: Iterable[str], words: Iterable[str]) -> str:
    """An alt text of at most 250 characters: the head, and as many ``name: words.`` as fit."""
    text = head
    for name, said in zip(names, words, strict=True):
        part = f"{name}: {said}."
        if len(text) + len(part) + 1 > ALT_TEXT_LIMIT:
            break
        text = f"{text} {part}"
    return text[:ALT_TEXT_LIMIT]


def show_share(share: float, decimals: int = 0) -> str:
    """A share as printed, or that it is withheld.

    >>> show_share(0.585), show_share(float("nan"))
    ('59%', 'withheld')
    """
    return WITHHELD if pd.isna(share) else f"{format_number(share * 100, decimals)}%"


def show_numbers(values: Iterable[float], decimals: int = 0, none: str = WITHHELD) -> list[str]:
    """Figures of a table column as printed, with ``none`` for what is blank.

    >>> show_numbers([1200, float("nan")])
    ['1,200', 'withheld']
    """
    return [none if pd.isna(v) else format_number(v, decimals) for v in values]


def count_people(number: float, noun: str, plural: str = "") -> str:
    """A count with its noun.

    >>> count_people(1, "leaver"), count_people(0, "leaver"), count_people(1200, "leaver")
    ('1 leaver', 'no leavers', '1,200 leavers')
    """
    name = noun if number == 1 else plural or f"{noun}s"
    return f"{format_number(number) if number else 'no'} {name}"


def find_value(data: AreaData, measure: str, *, month: pd.Timestamp | None = None) -> float | None:
    """The authority's figure of a month, the reported one unless given; None without one."""
    rows = usable(select(data, measure))
    found = rows.loc[rows["period_end"] == (month or data.month), "value"]
    return None if found.empty else float(found.iloc[0])


def year_ago(data: AreaData) -> pd.Timestamp:
    """The month end a year before the reported one."""
    return data.month - pd.offsets.MonthEnd(12)


def lacks(data: AreaData, *tables: str) -> bool:
    """Whether the area has no rows of one of these tables."""
    return any(name not in data.tables or data.tables[name].empty for name in tables)
