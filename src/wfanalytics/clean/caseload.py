"""Cases by worker and week, with each worker's role and FTE from the worker list."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd

from wfanalytics.clean.case_checks import check_unit, find_left, query_loads, take_primary
from wfanalytics.clean.coded import Numbers, factorize, is_blank, join_rows, take_text
from wfanalytics.clean.columns import (
    Column,
    clean_dates,
    clean_numbers,
    parse_number,
    spread,
    take_column,
)
from wfanalytics.clean.identity import clean_worker_ids
from wfanalytics.clean.places import add_places
from wfanalytics.clean.repairs import Ledger, clean_each
from wfanalytics.clean.rows import month_of_file, prepare_rows, produced_on, refuse_doubles
from wfanalytics.errors import InputError, raise_first
from wfanalytics.frames import CASE_TYPES
from wfanalytics.periods import format_date, format_month, month_end
from wfanalytics.raw.area import Area
from wfanalytics.raw.headings import RawTable

TYPE_COLUMNS = tuple(f"cases_{case_type}" for case_type in CASE_TYPES)
#: A week may belong to the month before or after its last day.
_MONTH_MARGIN = pd.Timedelta(days=7)
#: A later delivery of a week with less than this share of the earlier one's rows is not whole.
_WHOLE_DELIVERY = 0.5
_DELIVERY = ["file", "sheet"]
#: pandas' names of weeks by their last day, Monday first.
_WEEKS = ("W-MON", "W-TUE", "W-WED", "W-THU", "W-FRI", "W-SAT", "W-SUN")


def clean_caseload(
    tables: Sequence[RawTable],
    area: Area,
    *,
    key: bytes,
    workers: pd.DataFrame,
    ledger: Ledger,
    movements: pd.DataFrame | None = None,
    lists_refused: Collection[pd.Timestamp] = (),
) -> pd.DataFrame:
    """Caseload as ``frames.CLEAN_SCHEMAS`` has it, with each row's file, sheet and row.

    ``movements``, where the area has them, tell cases of leavers from cases of strangers.
    ``lists_refused`` are the months whose worker list could not be used: no other stands in.
    """
    rows = join_rows(clean_each(tables, lambda table: _clean_one(table, area, key, ledger)))
    rows = _fix_second_delivery(rows, ledger)
    problem = (
        "a worker, or the unallocated cases, stands twice in one week and team, with different "
        "numbers (rule A18)"
    )
    rows = refuse_doubles(rows, ["week_ending", "worker_id", "team"], problem, ledger)
    _query_weeks(rows, ledger)
    rows = _add_workers(rows, workers, movements, lists_refused, ledger)
    query_loads(rows, ledger)
    return rows


def _clean_one(table: RawTable, area: Area, key: bytes, ledger: Ledger) -> pd.DataFrame:
    check_unit(table)
    rows = prepare_rows(table, ledger, sums=(*TYPE_COLUMNS, "cases"))
    rows = take_primary(table, rows, area, ledger)
    week = take_column(table, rows, "week_ending")
    dates = clean_dates(week)
    _check_month(week, dates)
    worker = take_column(table, rows, "worker_id")
    ledger.note(rows[is_blank(worker.text)], "C08",
                reason="no worker is named: counted with the unallocated cases")  # fmt: skip
    types, total = _clean_counts(table, rows, ledger)
    produced = produced_on(table)
    return add_places(rows, dates, teams=area.teams, ledger=ledger).assign(
        week_ending=dates,
        worker_id=clean_worker_ids(worker, rows, key=key, ledger=ledger, is_tray_allowed=True),
        produced=pd.Series(pd.NaT if produced is None else produced, rows.index),
        **types,
        cases=total,
    )


def _clean_counts(
    table: RawTable, rows: pd.DataFrame, ledger: Ledger
) -> tuple[dict[str, pd.Series], pd.Series]:
    """Cases by type, and their total: the stated one where there is one (rule 8 asks)."""
    types = {}
    for name in TYPE_COLUMNS:
        values = pd.Series(float("nan"), rows.index)
        if name in rows:
            column = take_column(table, rows, name)
            values, _ = clean_numbers(column, ledger)
            column.refuse(
                spread(column.text, _is_odd, dtype="bool"), "not a count of cases",
                allowed="0, 1, 2, ...", remedy="Correct the cell.",
            )  # fmt: skip
        types[name] = values
    added = _add_up(list(types.values()))
    total, is_odd = added, pd.Series(False, rows.index)
    if "cases" in rows:
        column = take_column(table, rows, "cases")
        stated, _ = clean_numbers(column, ledger)
        is_odd = spread(column.text, _is_odd, dtype="bool")
        total = stated.fillna(added)
        differs = stated.notna() & added.notna() & (added != stated)
        ledger.note(rows[differs], "C08", column="cases", before=rows.loc[differs, "cases"],
                    reason="cases by type do not add up to the total")  # fmt: skip
    is_bad = total.isna() | is_odd
    if is_bad.any():
        raise InputError(
            "a row has no number of cases", file=table.sheet.file, sheet=table.sheet.sheet,
            row=int(rows.loc[is_bad.idxmax(), "row"]), allowed="a total, or cases by type, from 0",
            remedy="Write the number, 0 included, or remove the row.", rule="A26",
        )  # fmt: skip
    return types, total


def _is_odd(text: str) -> bool:
    """Whether a cell has a number that counts nothing."""
    number = parse_number(text)
    return number is not None and (number < 0 or number % 1 > 0)


def _add_up(types: list[pd.Series]) -> pd.Series:
    """The sum of the types there are; none where all are missing."""
    is_none, added = pd.Series(True, types[0].index), pd.Series(0.0, types[0].index)
    for values in types:
        is_missing = values.isna()
        is_none &= is_missing
        added += values.fillna(0) if is_missing.any() else values
    return added.mask(is_none) if is_none.any() else added


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
        rule="A14" if swapped else "A02",
    )  # fmt: skip


def _fix_second_delivery(rows: pd.DataFrame, ledger: Ledger) -> pd.DataFrame:
    """A week delivered twice: the delivery produced later counts, the other is refused."""
    if len(rows[_DELIVERY].drop_duplicates()) == 1:
        return rows
    deliveries = rows.groupby(["week_ending", *_DELIVERY], as_index=False).agg(
        produced=("produced", "first"), count=("row", "size")
    )
    twice = [(week, found) for week, found in deliveries.groupby("week_ending") if len(found) > 1]
    raise_first([
        fault for week, found in twice
        if (fault := _judge_deliveries(week, found.sort_values("produced"))) is not None
    ])  # fmt: skip
    latest = rows["week_ending"].map(deliveries.groupby("week_ending")["produced"].max())
    return ledger.refuse(rows, rows["produced"] < latest, "C11",
                         reason="the week was delivered again later")  # fmt: skip


def _judge_deliveries(week: pd.Timestamp, found: pd.DataFrame) -> InputError | None:
    """The fault where nothing tells which delivery is later, or the later is not whole."""
    names = " and in ".join(
        f"{file} ({sheet})" if sheet else file
        for file, sheet in sorted(zip(found["file"], found["sheet"], strict=True))
    )
    if found["produced"].isna().any() or found["produced"].duplicated().any():
        return InputError(
            f"the week ending {format_date(week)} is in {names}, and nothing says which is later "
            "(rule C11)",
            remedy="Put 'Produced 05/12/2019' above the headings of each, or remove one.",
            places=zip(found["file"], found["sheet"], strict=True),
        )
    if found["count"].iloc[-1] < _WHOLE_DELIVERY * found["count"].max():
        return InputError(
            f"the week ending {format_date(week)} was delivered again later with less than half "
            "its rows (rule C11)",
            file=found["file"].iloc[-1], sheet=found["sheet"].iloc[-1],
            found=f"{found['count'].iloc[-1]} rows", allowed=f"about {found['count'].max()}",
            remedy="If it holds corrections only, write them into the earlier file and remove it.",
            places=zip(found["file"], found["sheet"], strict=True),
        )  # fmt: skip
    return None


def _query_weeks(rows: pd.DataFrame, ledger: Ledger) -> None:
    """Ask for weeks without a count, and about weeks that end on another day (rule 11)."""
    counts = rows["week_ending"].value_counts(sort=False).sort_index()
    # Of two days as usual as each other, the one earlier in the week.
    usual = counts.groupby(counts.index.day_of_week).sum().idxmax()
    if (counts.index.day_of_week != usual).any():
        is_odd = rows["week_ending"].dt.day_of_week != usual
        ledger.note(rows[is_odd], "C11", column="week_ending", severity="Q",
                    reason="the week ends on another day than most")  # fmt: skip
    counted = counts.index.to_period(_WEEKS[usual])
    for week in pd.period_range(counted.min(), counted.max(), freq=_WEEKS[usual]):
        if week not in counted:
            end = week.to_timestamp(how="end")
            date = format_date(end)
            ledger.note_absence("C11", date=end, reason=f"no count for the week ending {date}")


def _add_workers(
    rows: pd.DataFrame,
    workers: pd.DataFrame,
    movements: pd.DataFrame | None,
    lists_refused: Collection[pd.Timestamp],
    ledger: Ledger,
) -> pd.DataFrame:
    """Role, employment and FTE from the worker list of the week's month, or of the month before.

    An older list says nothing about the week, nor does another where the month's own could not be
    used: then they are missing, and the list is asked for.
    """
    weeks, distinct = factorize(rows["week_ending"])
    months = pd.DatetimeIndex(distinct).to_period("M")
    lists = _find_lists(months, workers, lists_refused, ledger)
    as_at = pd.DatetimeIndex([lists[month] for month in months])
    people = _list_people(workers)
    places = _find_people(rows["worker_id"], as_at, weeks, people)
    is_tray = rows["worker_id"] == ""
    strangers = rows[(places < 0) & ~is_tray & as_at.notna()[weeks]]
    has_left = find_left(strangers, movements)
    ledger.note(strangers[~has_left], "C27", column="worker_id")
    ledger.note(strangers[has_left], "C27", column="worker_id",
                reason="cases held by somebody who had left before the week")  # fmt: skip
    # Two more stand for whoever is not found, at place -1, and for a tray, before it.
    nobody = {"role": "", "employment": "", "is_newly_qualified": False, "fte": float("nan")}
    more = [{**nobody, "fte_status": status} for status in ("not_applicable", "missing")]
    people = pd.concat([people[[*more[0]]], pd.DataFrame(more)], ignore_index=True)
    places = np.where(is_tray, len(people) - 2, places)
    texts = ("role", "employment", "fte_status")
    return rows.assign(
        **{name: take_text(people[name], places, rows.index) for name in texts},
        **{name: people[name].to_numpy()[places] for name in ("fte", "is_newly_qualified")},
    )


def _find_people(
    who: pd.Series, as_at: pd.DatetimeIndex, weeks: Numbers, people: pd.DataFrame
) -> Numbers:
    """The place of each row's worker among the people of its list, -1 for nobody.

    ``as_at`` is the list of each week, and ``weeks`` the place of each row's week in it.
    """
    codes, names = factorize(who)
    lists, dates = factorize(people["as_at"])
    found = names.get_indexer(people["worker_id"])
    grid = np.full((len(dates) + 1, len(names)), -1)
    is_needed = found >= 0
    grid[lists[is_needed], found[is_needed]] = np.flatnonzero(is_needed)
    places: Numbers = grid[dates.get_indexer(as_at)[weeks], codes]
    return places


def _find_lists(
    months: pd.PeriodIndex, workers: pd.DataFrame, refused: Collection[pd.Timestamp],
    ledger: Ledger,
) -> dict[pd.Period, pd.Timestamp]:  # fmt: skip
    """Month -> date of the worker list that tells about its weeks; other lists are asked for."""
    dates = {date.to_period("M"): date for date in workers["as_at"].unique()}
    found = {}
    for month in sorted(months.unique()):
        name = format_month(month_end(month))
        before = pd.NaT if month_end(month) in refused else dates.get(month - 1, pd.NaT)
        found[month] = dates.get(month, before)
        if month not in dates:
            used = "FTE is missing" if pd.isna(before) else "the month before's was used"
            ledger.note_absence("C27", date=month_end(month),
                                reason=f"no worker list for {name}: {used}")  # fmt: skip
    return found


def _list_people(workers: pd.DataFrame) -> pd.DataFrame:
    """One row a person and list: FTE added up over posts, role of the largest."""
    ordered = workers.sort_values(["fte", "post_id"], ascending=[False, True])
    # Sorted last, an FTE that is not known in one of several posts makes the sum not known.
    people = ordered.groupby(["as_at", "worker_id"], as_index=False, sort=False).agg(
        role=("role", "first"), employment=("employment", "first"), fte=("fte", "sum"),
        fte_status=("fte_status", "last"), is_newly_qualified=("is_newly_qualified", "max"),
    )  # fmt: skip
    return people.assign(fte=people["fte"].clip(upper=1).where(people["fte_status"] == "ok"))
