"""Small words and figures that several exhibits print: shares, counts, lists for alt texts."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from wfanalytics.measures.area_data import AreaData, select
from wfanalytics.periods import format_month
from wfanalytics.present.alt_text import fit_alt
from wfanalytics.present.exhibits.build import NoFigureError
from wfanalytics.present.phrases import usable
from wfanalytics.rounding import format_number

WITHHELD = "withheld"
NO_STAFF_LIST = "There is no staff list for {month}."


def join_alt(head: str, names: Iterable[str], words: Iterable[str]) -> str:
    """An alt text of at most 250 characters: the head, and as many ``name: words.`` as fit."""
    said = (f"{name}: {word}." for name, word in zip(names, words, strict=True))
    return fit_alt([head, *said])


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


def count_people(number: float, noun: str, plural: str = "", *, none: str = "no") -> str:
    """A count with its noun; ``none`` is the word for 0.

    >>> count_people(1, "leaver"), count_people(0, "leaver"), count_people(1200, "leaver")
    ('1 leaver', 'no leavers', '1,200 leavers')
    """
    shown = format_number(number)
    return f"{shown if number else none} {noun if shown == '1' else plural or f'{noun}s'}"


def find_value(data: AreaData, measure: str, *, month: pd.Timestamp | None = None) -> float | None:
    """The authority's figure of a month, the reported one unless given; None without one."""
    rows = usable(select(data, measure))
    found = rows.loc[rows["period_end"] == (month or data.month), "value"]
    return None if found.empty else float(found.iloc[0])


def year_ago(data: AreaData) -> pd.Timestamp:
    """The month end a year before the reported one."""
    return data.month - pd.offsets.MonthEnd(12)


def take_staff(data: AreaData) -> pd.DataFrame:
    """The clean staff lists of an area that keeps any."""
    if lacks(data, "workers"):
        raise NoFigureError(NO_STAFF_LIST.format(month=format_month(data.month)))
    return data.tables["workers"]


def lacks(data: AreaData, *tables: str) -> bool:
    """Whether the area has no rows of one of these tables."""
    return any(name not in data.tables or data.tables[name].empty for name in tables)
