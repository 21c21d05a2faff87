"""Which social worker each child was allocated to, and when: child data, read only on request."""

from __future__ import annotations

import functools
from collections.abc import Sequence

import pandas as pd

from wfanalytics.clean.columns import clean_dates, take_column
from wfanalytics.clean.identity import clean_child_ids, clean_worker_ids
from wfanalytics.clean.places import add_places
from wfanalytics.clean.repairs import Ledger, clean_each
from wfanalytics.clean.rows import prepare_rows
from wfanalytics.raw.area import Area
from wfanalytics.raw.headings import RawTable

_KEY = ["child_id", "worker_id", "start_date"]


def clean_allocations(
    tables: Sequence[RawTable], area: Area, *, key: bytes, workers: pd.DataFrame, ledger: Ledger
) -> pd.DataFrame:
    """Allocations as ``frames.CLEAN_SCHEMAS`` has them, with each row's file, sheet and row.

    Children and workers are pseudonyms. An allocation delivered again, ended since or corrected,
    is the newest file's (by name). One that ends before it starts is refused; two workers at
    once, and a worker in no list, are asked about.
    """
    parts = clean_each(tables, lambda table: _clean_one(table, area, key, ledger))
    rows = pd.concat(parts, ignore_index=True)
    rows = ledger.refuse(rows, rows.duplicated(_KEY, keep="last"), "L11")
    rows = ledger.refuse(rows, rows["end_date"] < rows["start_date"], "L07", column="end_date")
    is_known = (rows["worker_id"] == "") | rows["worker_id"].isin(workers["worker_id"])
    ledger.note(rows[~is_known], "L27", column="worker_id")
    _query_overlaps(rows, ledger)
    return rows


def _clean_one(table: RawTable, area: Area, key: bytes, ledger: Ledger) -> pd.DataFrame:
    rows = prepare_rows(table, ledger)
    column = functools.partial(take_column, table, rows)
    start = clean_dates(column("start_date"))
    placed = add_places(rows, start, teams=area.teams, ledger=ledger)
    return placed.assign(
        child_id=clean_child_ids(column("child_id"), key=key),
        worker_id=clean_worker_ids(
            column("worker_id"), rows, key=key, ledger=ledger, is_tray_allowed=True
        ),
        start_date=start,
        end_date=clean_dates(column("end_date"), optional=True),
    )


def _query_overlaps(rows: pd.DataFrame, ledger: Ledger) -> None:
    """Ask where a child's next allocation starts before the one before it ends."""
    ordered = rows[rows["worker_id"] != ""].sort_values(["child_id", "start_date"])
    following = ordered.groupby("child_id")["start_date"].shift(-1)
    is_open = ordered["end_date"].isna() & following.notna()
    ledger.note(ordered[is_open | (ordered["end_date"] > following)], "L10", column="end_date")
