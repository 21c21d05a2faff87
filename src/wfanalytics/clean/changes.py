"""What a late or corrected extract changed: rows added, removed and changed, month by month."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pandas as pd

from wfanalytics.clean.columns import parse_month_text, spread
from wfanalytics.clean.reading import Reading
from wfanalytics.clean.repairs import Ledger
from wfanalytics.clean.rows import find_as_at
from wfanalytics.errors import InputError
from wfanalytics.raw.headings import RawTable

CHANGE_COLUMNS = ("table", "file", "noticed", "before_sha256", "after_sha256", "month", "added",
                  "removed", "changed")  # fmt: skip
#: A row removed and one added with the same of these is one row changed.
_SAME = {"posts": ("post_id",), "workers": ("worker_id",), "movements": ("worker_id",),
         "caseload": ("worker_id", "team")}  # fmt: skip
_DATES = ("week_ending", "date", "month")
_NO_VALUES = ("row", "first", "filled")

Row = tuple[str, tuple[str, ...], tuple[str, ...]]


def count_changes(table: str, before: Reading, after: Reading) -> list[tuple[str, int, int, int]]:
    """Month (such as 2020-09; '' where nothing tells), rows added, removed and changed.

    Rows that are the same in both are not counted, wherever they stand; a month without a
    difference is left out.
    """
    old, new = Counter(_list_rows(table, before)), Counter(_list_rows(table, after))
    gone, come = old - new, new - old
    counts = []
    for month in sorted({row[0] for row in (*gone, *come)}):
        less, more = _count_same(gone, month), _count_same(come, month)
        changed = (less & more).total()
        counts.append((month, more.total() - changed, less.total() - changed, changed))
    return counts


def _count_same(rows: Counter[Row], month: str) -> Counter[tuple[str, ...]]:
    found: Counter[tuple[str, ...]] = Counter()
    for row, count in rows.items():
        if row[0] == month:
            found[row[1]] += count
    return found


def _list_rows(table: str, reading: Reading) -> Iterator[Row]:
    """Each row's month, what tells it from others, and all it says."""
    for part in reading.found:
        names = [name for name in part.frame.columns if name not in _NO_VALUES]
        same = [part.frame[name] for name in _SAME.get(table, ()) if name in part.frame]
        values = zip(*(part.frame[name] for name in names), strict=True)
        keys = zip(*same, strict=True) if same else [()] * len(part.frame)
        yield from zip(_list_months(table, part), keys, values, strict=True)


def _list_months(table: str, part: RawTable) -> list[str]:
    if table in ("posts", "workers"):
        try:
            month = f"{find_as_at(part, Ledger(table)):%Y-%m}"
        except InputError:
            month = ""
        return [month] * len(part.frame)
    name = next((name for name in _DATES if name in part.frame), None)
    if name is None:
        return [""] * len(part.frame)
    months = pd.to_datetime(spread(part.frame[name], parse_month_text))
    return ["" if pd.isna(month) else f"{month:%Y-%m}" for month in months]
