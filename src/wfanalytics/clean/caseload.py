"""Cases by worker and week, with each worker's role and FTE from the worker list."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from wfanalytics.clean.columns import Column, clean_dates, clean_numbers
from wfanalytics.clean.identity import clean_worker_ids
from wfanalytics.clean.places import add_places
from wfanalytics.clean.repairs import Ledger
from wfanalytics.clean.rows import month_of_file, prepare_rows, produced_on
from wfanalytics.errors import InputError
from wfanalytics.frames import CASE_TYPES
from wfanalytics.periods import format_date, format_month
from wfanalytics.raw.area import Area
from wfanalytics.raw.headings import RawTable

TYPE_COLUMNS = tuple(f"cases_{case_type}" for case_type in CASE_TYPES)
#: A week may belong to the month before or after its last day.
_MONTH_MARGIN = pd.Timedelta(days=7)


def clean_caseload(
    tables: Sequence[RawTable], area: Area, *, key: bytes, workers: pd.DataFrame, ledger: Ledger
) -> pd.DataFrame:
    """Caseload as ``frames.CLEAN_SCHEMAS`` has it, with each row's file, sheet and row."""
    rows = pd.concat([_clean_one(t, area, key, ledger) for t in tables], ignore_index=True)
    rows = _fix_second_delivery(rows, ledger)
    _check_unique(rows)
    _query_missing_weeks(rows, ledger)
    return _add_workers(rows, workers, ledger)


def _clean_one(table: RawTable, area: Area, key: bytes, ledger: Ledger) -> pd.DataFrame:
    rows = prepare_rows(table, ledger, sums=(*TYPE_COLUMNS, "cases"))
    week = Column(table, "week_ending", rows["week_ending"])
    dates = clean_dates(week)
    _check_month(week, dates)
    rows = add_places(rows, dates, teams=area.teams, ledger=ledger)
    worker = Column(table, "worker_id", rows["worker_id"])
    types, total = _clean_counts(table, rows, ledger)
    return rows.assign(
        week_ending=dates,
        worker_id=clean_worker_ids(worker, rows, key=key, ledger=ledger, is_tray_allowed=True),
        produced=produced_on(table) or pd.NaT,
        **types,
        cases=total,
    )


def _clean_counts(
    table: RawTable, rows: pd.DataFrame, ledger: Ledger
) -> tuple[dict[str, pd.Series], pd.Series]:
    """Cases by type, and their total: the stated one where there is one (rule 8 asks)."""
    types = {}
    for name in TYPE_COLUMNS:
        if name in rows:
            column = Column(table, name, rows[name])
            values, _ = clean_numbers(column, ledger)
            column.refuse(
                (values < 0) | (values % 1 > 0), "not a count of cases",
                allowed="0, 1, 2, ...", remedy="Correct the cell.",
            )  # fmt: skip
            types[name] = values
        else:
            types[name] = pd.Series(float("nan"), index=rows.index)
    added = pd.DataFrame(types).sum(axis=1, min_count=1)
    if "cases" not in rows:
        _refuse_uncounted(table, rows, added)
        return types, added
    total, _ = clean_numbers(Column(table, "cases", rows["cases"]), ledger)
    total = total.fillna(added)
    _refuse_uncounted(table, rows, total)
    differs = added.notna() & (added != total)
    ledger.note(rows[differs], "C08", column="cases", before=rows.loc[differs, "cases"])
    return types, total


def _refuse_uncounted(table: RawTable, rows: pd.DataFrame, total: pd.Series) -> None:
    if total.isna().any() or (total < 0).any() or (total % 1 > 0).any():
        bad = (total.isna() | (total < 0) | (total % 1 > 0)).idxmax()
        raise InputError(
            "a row has no number of cases", file=table.sheet.file, sheet=table.sheet.sheet,
            row=int(rows.loc[bad, "row"]), allowed="a total, or cases by type, from 0",
            remedy="Write the number, 0 included, or remove the row.",
        )  # fmt: skip


def _check_month(week: Column, dates: pd.Series) -> None:
    """Refuse weeks outside the month of their file (rule 2): often dates read as American."""
    month = month_of_file(week.table)
    if month is None:
        return
    start = month.to_period("M").to_timestamp() - _MONTH_MARGIN
    outside = (dates < start) | (dates > month + _MONTH_MARGIN)
    if not outside.any():
        return
    first = dates[outside.idxmax()]
    swapped = first.day <= 12 and first.day == month.month
    week.refuse(
        outside,
        "the dates look American: day and month have changed places"
        if swapped else f"a week outside {format_month(month)}, the month of the file",
        allowed=f"week endings in {format_month(month)}",
        remedy="Export the file again with UK settings. No date in this column was used."
        if swapped else "Move the row to its month's file, or rename the file.",
    )  # fmt: skip


def _fix_second_delivery(rows: pd.DataFrame, ledger: Ledger) -> pd.DataFrame:
    """A week in two files: the file produced later counts, the other's rows are refused."""
    files = rows.groupby("week_ending")["file"].transform("nunique")
    if not (files > 1).any():
        return rows
    latest = rows.groupby("week_ending")["produced"].transform("max")
    unclear = (files > 1) & (rows["produced"].isna() | _is_tied(rows))
    if unclear.any():
        first = rows[unclear].iloc[0]
        names = sorted(rows.loc[rows["week_ending"] == first["week_ending"], "file"].unique())
        raise InputError(
            f"the week ending {format_date(first['week_ending'])} is in {' and in '.join(names)}, "
            "and nothing says which is later (rule C11)",
            remedy="Put 'Produced 05/12/2019' above the headings of each, or remove one.",
        )
    is_old = (files > 1) & (rows["produced"] < latest)
    return ledger.refuse(rows, is_old, "C11", reason="the week was delivered again later")


def _is_tied(rows: pd.DataFrame) -> pd.Series:
    """Whether a week's files were produced on one day."""
    files = rows.groupby("week_ending")["file"].transform("nunique")
    days = rows.groupby("week_ending")["produced"].transform("nunique")
    return days < files


def _check_unique(rows: pd.DataFrame) -> None:
    again = rows.duplicated(["week_ending", "worker_id", "team"])
    if again.any():
        first = rows.loc[again.idxmax()]
        raise InputError(
            "a worker stands twice in one week and team, with different numbers (rule A18)",
            file=first["file"], sheet=first["sheet"], row=int(first["row"]),
            remedy="Keep the right row, or add the two up.",
        )  # fmt: skip


def _query_missing_weeks(rows: pd.DataFrame, ledger: Ledger) -> None:
    weeks = pd.DatetimeIndex(sorted(rows["week_ending"].unique()))
    expected = pd.date_range(weeks.min(), weeks.max(), freq="7D")
    for week in expected.difference(weeks):
        ledger.note_absence("C11", reason=f"no count for the week ending {format_date(week)}")


def _add_workers(rows: pd.DataFrame, workers: pd.DataFrame, ledger: Ledger) -> pd.DataFrame:
    """Role, employment and FTE from the list of the week's month, else the last one before."""
    people = workers.sort_values("fte", ascending=False).groupby(
        ["as_at", "worker_id"], as_index=False, sort=False
    ).agg(
        role=("role", "first"), employment=("employment", "first"), fte=("fte", "sum"),
        fte_status=("fte_status", "first"), is_newly_qualified=("is_newly_qualified", "max"),
    )  # fmt: skip
    people["fte"] = people["fte"].clip(upper=1).where(people["fte_status"] == "ok")
    dates = pd.DatetimeIndex(sorted(people["as_at"].unique()))
    ends = pd.DatetimeIndex(rows["week_ending"] + pd.offsets.MonthEnd(0))
    lists = dates[(dates.searchsorted(ends, side="right") - 1).clip(min=0)]
    joined = rows.assign(as_at=lists).merge(
        people, on=["as_at", "worker_id"], how="left", validate="many_to_one"
    ).drop(columns="as_at")  # fmt: skip
    joined.index = rows.index
    is_tray = joined["worker_id"] == ""
    is_stranger = joined["role"].isna() & ~is_tray
    ledger.note(joined[is_stranger], "C27", column="worker_id")
    return joined.assign(
        role=joined["role"].fillna(""),
        employment=joined["employment"].fillna(""),
        is_newly_qualified=joined["is_newly_qualified"].eq(True),
        fte_status=joined["fte_status"].fillna("missing").mask(is_tray, "not_applicable"),
    )
