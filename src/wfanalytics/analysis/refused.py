"""Extracts that could not be used, and the figures that are missing for it, in sentences."""

from __future__ import annotations

import pandas as pd

from wfanalytics.analysis.revisions import find_tables
from wfanalytics.measures.area_data import AreaData
from wfanalytics.measures.definitions import DEFINITIONS
from wfanalytics.periods import format_month

#: Months a report shows.
MONTHS_SHOWN = 13


def describe_faults(faults: pd.DataFrame) -> tuple[str, ...]:
    """A sentence for each fault: whose months, which file, row and column, what to do.

    Extracts of a table that have the same fault in the same place are told of once.

    >>> describe_faults(pd.DataFrame({"table": "posts", "month": pd.Timestamp("2020-09-30"),
    ...     "file": ["a.csv"], "message": ["a.csv, row 2: not a number. Correct it."]}))
    ('The posts extract of September 2020 could not be used: a.csv, row 2: not a number. \
Correct it.',)
    """
    place = zip(faults["message"], faults["file"], strict=True)
    faults = faults.assign(fault=[message.removeprefix(file) for message, file in place])
    said = []
    for (table, _), rows in faults.groupby(["table", "fault"], sort=False):
        others = rows["file"].nunique() - 1
        more = f" {others} more {'has' if others == 1 else 'have'} the same fault."
        which = f"The {table} extract{'s' * bool(others)}{_say_months(rows['month'])}"
        said.append(f"{which} could not be used: {rows['message'].iloc[0]}{more if others else ''}")
    return tuple(said)


def _say_months(months: pd.Series) -> str:
    """The months of one fault, such as " of April 2020 to September 2020"."""
    found = sorted(set(months.dropna()))
    if not found:
        return ""
    if pd.date_range(found[0], found[-1], freq="ME").size == len(found) > 1:
        return f" of {format_month(found[0])} to {format_month(found[-1])}"
    return f" of {', '.join(map(format_month, found))}"


def describe_refused(
    data: AreaData, tables: tuple[str, ...], *, months: int = 1
) -> tuple[str, ...]:
    """Why what rests on these tables' last ``months`` has no figure; () where it may have."""
    first = data.month - pd.offsets.MonthEnd(months - 1)
    faults = data.refused[data.refused["table"].isin(tables)]
    is_last = faults["month"].isna() | faults["month"].between(first, data.month)
    return describe_faults(faults[faults["message"].isin(faults.loc[is_last, "message"])])


def list_missing(data: AreaData) -> tuple[str, ...]:
    """Names of the authority's figures that are missing for the reported month, where an extract
    of a table they are made from could not be used.

    A figure of twelve months that there never was lacks the months before the first extract.
    """
    tables = set(_find_shown(data)["table"])
    rows = data.measures
    is_own = (rows["area_level"] == "authority") & (rows["period_type"] != "week")
    rows = rows[is_own] if tables else rows.head(0)
    missing = (rows["status"] == "missing") & (rows["period_end"] == data.month)
    had = set(rows.loc[rows["status"] == "ok", "measure"])
    found = set(rows.loc[missing & (rows["measure"].isin(had) | (rows["period_type"] != "year")),
                         "measure"])  # fmt: skip
    return tuple(dict.fromkeys(
        one.label for name, one in DEFINITIONS.items()
        if name in found and tables & set(find_tables(name))
    ))  # fmt: skip


def _find_shown(data: AreaData) -> pd.DataFrame:
    """Faults of the months a report shows, and of tables without a month."""
    first = data.month - pd.offsets.MonthEnd(MONTHS_SHOWN - 1)
    month = data.refused["month"]
    return data.refused[month.isna() | month.between(first, data.month)]


def list_refused(data: AreaData) -> tuple[str, ...]:
    """A sentence for each extract that could not be used, and one of the figures missing for it.

    Of the months a report shows, the reported month's first: a gap, never a zero and never another
    month's figure.
    """
    shown = _find_shown(data)
    is_now = shown["message"].isin(shown.loc[shown["month"] == data.month, "message"])
    labels = list_missing(data)
    missing = [f"Missing for {format_month(data.month)}: {', '.join(labels)}."] if labels else []
    return (*describe_faults(shown[is_now]), *missing, *describe_faults(shown[~is_now]))
