"""What the exhibits made from worker rows share: one builder, alt texts, lists of names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd
from matplotlib.axes import Axes

from wfanalytics.measures.area_data import AreaData, select
from wfanalytics.periods import format_month
from wfanalytics.present.alt_text import ALT_TEXT_LIMIT
from wfanalytics.present.axes import figure_of
from wfanalytics.present.exhibit import Exhibit
from wfanalytics.present.exhibits import common
from wfanalytics.present.phrases import usable
from wfanalytics.rounding import format_number

WITHHELD = "withheld"


def make_exhibit(
    data: AreaData,
    *,
    key: str,
    question: str,
    headline: str,
    what: str,
    sentences: Sequence[str],
    axes: Axes | None,
    alt: str,
    table: pd.DataFrame,
    source: str,
    notes: Sequence[str],
    measures: Sequence[str] = (),
) -> Exhibit:
    """An exhibit of the month: ``what`` names what it shows, ``source`` the table it is from.

    ``measures`` are those whose formulae open the notes.
    """
    when = format_month(data.month)
    newest = [common.PROVISIONAL] if data.is_provisional else []
    return Exhibit(
        key=key,
        question=question,
        headline=headline.removesuffix("."),
        subtitle=f"{what}, {data.name}, {when}",
        sentences=tuple(sentences),
        figure=None if axes is None else figure_of(axes),
        alt_text="" if axes is None else alt,
        description="" if axes is None else alt,
        table=table,
        table_caption=f"{what}, {when}",
        source=common.name_source(data, source),
        notes=common.list_notes(data, *measures, more=[*newest, *notes]),
    )


def join_alt(head: str, parts: Iterable[str]) -> str:
    """An alt text of at most 250 characters: the head, and as many parts as fit."""
    text = head
    for part in parts:
        if len(text) + len(part) + 1 > ALT_TEXT_LIMIT:
            break
        text = f"{text} {part}"
    return text[:ALT_TEXT_LIMIT]


def join_names(names: Sequence[str]) -> str:
    """Names as a sentence lists them.

    >>> join_names(["City", "Coast"]), join_names(["City", "Coast", "Weald"])
    ('City and Coast', 'City, Coast and Weald')
    """
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def format_share(share: float, decimals: int = 0) -> str:
    """A share as printed.

    >>> format_share(0.585)
    '59%'
    """
    return f"{format_number(share * 100, decimals)}%"


def count_people(number: float, noun: str, plural: str = "") -> str:
    """A count with its noun.

    >>> count_people(1, "leaver"), count_people(0, "leaver"), count_people(1200, "leaver")
    ('1 leaver', 'no leavers', '1,200 leavers')
    """
    name = noun if number == 1 else plural or f"{noun}s"
    return f"{format_number(number) if number else 'no'} {name}"


def count_or_withheld(values: Iterable[float], decimals: int = 0) -> list[str]:
    """Figures of a table column as printed, with what is blank withheld."""
    return [WITHHELD if pd.isna(v) else format_number(v, decimals) for v in values]


def find_value(data: AreaData, measure: str, *, month: pd.Timestamp | None = None) -> float | None:
    """The authority's figure of a month, the reported one unless given; None without one."""
    rows = usable(select(data, measure))
    found = rows.loc[rows["period_end"] == (month or data.month), "value"]
    return None if found.empty else float(found.iloc[0])


def year_ago(data: AreaData) -> pd.Timestamp:
    """The month end a year before the reported one."""
    return data.month - pd.DateOffset(years=1) + pd.offsets.MonthEnd(0)


def lacks(data: AreaData, *tables: str) -> bool:
    """Whether the area has no rows of one of these tables."""
    return any(name not in data.tables or data.tables[name].empty for name in tables)
