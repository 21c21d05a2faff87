"""Starters, leavers, conversions and internal moves, one row a movement of one person."""

from __future__ import annotations

import functools
from collections.abc import Sequence

import pandas as pd

from wfanalytics.clean.columns import (
    Column,
    clean_dates,
    clean_numbers,
    clean_words,
    parse_month_text,
    spread,
    take_column,
)
from wfanalytics.clean.declared import FROM_NAME
from wfanalytics.clean.fte import fix_fte
from wfanalytics.clean.identity import clean_worker_ids
from wfanalytics.clean.places import add_places
from wfanalytics.clean.repairs import Ledger, clean_each
from wfanalytics.clean.rows import prepare_rows, refuse_doubles
from wfanalytics.clean.words import MOVEMENT_WORDS, STAGE_WORDS
from wfanalytics.periods import format_month, month_end
from wfanalytics.raw.area import Area
from wfanalytics.raw.headings import RawTable
from wfanalytics.settings import INTERNAL_MOVE_DAYS

#: This many dates outside their month, most of them right with day and month swapped, are
#: no accident.
_SWAPPED_DATES = 2


def clean_movements(
    tables: Sequence[RawTable], area: Area, *, key: bytes, workers: pd.DataFrame, ledger: Ledger
) -> pd.DataFrame:
    """Movements as ``frames.CLEAN_SCHEMAS`` has them, with each row's file, sheet and row.

    ``workers`` is the clean worker list: a starter whom it shows as agency before the date is a
    conversion.
    """
    parts = clean_each(tables, lambda table: _clean_one(table, area, key, ledger))
    rows = pd.concat(parts, ignore_index=True)
    rows = ledger.refuse(rows, rows["movement"] == "agency_end", "M07", column="movement",
                         reason="an agency assignment that ended, among the leavers")  # fmt: skip
    rows = ledger.refuse(rows, rows["movement"] == "offer", "M22", column="movement")
    problem = "one person has the same movement twice on one day, with different details (rule A18)"
    rows = refuse_doubles(rows, ["worker_id", "movement", "date"], problem, ledger)
    rows = _fix_internal_moves(rows, ledger)
    _query_second_leavers(rows, ledger)
    _query_dates(rows, workers, ledger)
    return _fix_conversions(rows, workers, ledger)


def _clean_one(table: RawTable, area: Area, key: bytes, ledger: Ledger) -> pd.DataFrame:
    is_named = table.headings["movement"] == FROM_NAME
    rows = prepare_rows(table, ledger, may_be_empty=is_named)
    column = functools.partial(take_column, table, rows)
    dates = clean_dates(column("date"))
    _query_months(rows, column("date"), dates, ledger)
    movement = clean_words(
        column("movement"), MOVEMENT_WORDS, own=area.profile.words.get("movement")
    )
    if "stage" in rows:
        own = area.profile.words.get("stage")
        stage = clean_words(column("stage"), STAGE_WORDS, own=own)
        movement = movement.mask((stage == "offer") & (movement == "starter"), "offer")
    fte, fte_status = clean_numbers(column("fte"), ledger, kind="fraction")
    fte, fte_status = fix_fte(rows, column("fte"), fte, fte_status, ledger)
    place = column("place").text.str.strip()
    placed = add_places(rows, dates, teams=area.teams, ledger=ledger)
    cleaned = placed.assign(
        date=dates,
        worker_id=clean_worker_ids(column("worker_id"), rows, key=key, ledger=ledger),
        movement=movement,
        fte=fte,
        fte_status=fte_status,
        origin=place.where(movement.isin(("starter", "conversion")), ""),
        destination=place.where(movement == "leaver", ""),
        reason=column("reason").text.str.strip(),
    )
    # A name or date of birth has done its work once the row is read.
    return cleaned.drop(columns=["name", "birth_date", "place", "stage", "first"], errors="ignore")


def _query_months(rows: pd.DataFrame, column: Column, dates: pd.Series, ledger: Ledger) -> None:
    """Ask about a date outside the month its own row names (rule 7), or refuse the column.

    Where most such dates would be right with day and month exchanged, the file was read the
    American way before it came here (rule 14).
    """
    if "month" not in rows:
        return
    stated = pd.to_datetime(spread(rows["month"], parse_month_text), errors="coerce")
    is_unread = stated.isna() & (rows["month"].str.strip() != "")
    ledger.note(rows[is_unread], "M07", column="month", severity="Q",
                before=rows["month"][is_unread], reason="the month cannot be read: the date counts",
                )  # fmt: skip
    differs = stated.notna() & (stated != dates + pd.offsets.MonthEnd(0))
    is_swapped = differs & (dates.dt.day == stated.dt.month) & (dates.dt.year == stated.dt.year)
    if is_swapped.sum() >= max(_SWAPPED_DATES, differs.sum() / 2):
        column.refuse(
            is_swapped, "the dates look American: day and month have changed places",
            allowed="dates in the month the row names",
            remedy="Export the file again with UK settings. No date in this column was used.",
            rule="A14",
        )  # fmt: skip
    ledger.note(rows[differs], "M07", column="month", severity="Q", before=rows["month"][differs],
                reason="the date lies outside the month of the row")  # fmt: skip


def _fix_internal_moves(rows: pd.DataFrame, ledger: Ledger) -> pd.DataFrame:
    """Leaver then starter within 31 days: one internal move, dated at the start (rule 6)."""
    starts = rows.loc[rows["movement"] == "starter", ["worker_id", "date"]]
    starts = starts.assign(start=starts.index).sort_values("date")
    leaves = rows.loc[rows["movement"] == "leaver", ["worker_id", "date"]]
    leaves = leaves.assign(leave=leaves.index).sort_values("date")
    if starts.empty or leaves.empty:
        return rows
    pairs = pd.merge_asof(
        leaves, starts, on="date", by="worker_id", direction="forward",
        tolerance=pd.Timedelta(days=INTERNAL_MOVE_DAYS),
    ).dropna(subset="start")  # fmt: skip
    moved = rows.assign(
        movement=rows["movement"].mask(rows.index.isin(pairs["start"]), "internal_move"),
        origin=rows["origin"].mask(rows.index.isin(pairs["start"]), ""),
    )
    is_left = pd.Series(moved.index.isin(pairs["leave"]), index=moved.index)
    return ledger.refuse(moved, is_left, "M06", column="movement")


def _query_second_leavers(rows: pd.DataFrame, ledger: Ledger) -> None:
    """Ask about a person who left twice and never came back: assignment and contract (rule 6)."""
    ordered = rows[rows["movement"] != "internal_move"].sort_values(["worker_id", "date"])
    is_again = (
        (ordered["movement"] == "leaver")
        & (ordered["movement"].shift() == "leaver")
        & (ordered["worker_id"] == ordered["worker_id"].shift())
    )
    ledger.note(ordered[is_again], "M06", column="movement", severity="Q",
                reason="the person had left already and had not started again")  # fmt: skip


def _query_dates(rows: pd.DataFrame, workers: pd.DataFrame, ledger: Ledger) -> None:
    """Ask about movements after the last worker list, and leavers before they started.

    What is still to come is counted in its own month, once that is reported (rules 7 and 22).
    """
    is_future = rows["date"] > workers["as_at"].max()
    is_starter = rows["movement"].isin(("starter", "conversion"))
    ledger.note(rows[is_future & ~is_starter], "M07", column="date", severity="Q",
                reason="after the last worker list: known, and not counted yet")  # fmt: skip
    ledger.note(rows[is_future & is_starter], "M22", column="date", severity="Q",
                reason="after the last worker list: about to start, and not counted yet",
                )  # fmt: skip
    began = workers.groupby("worker_id")["start_date"].min().reindex(rows["worker_id"])
    is_early = (rows["movement"] == "leaver") & (rows["date"] < began.to_numpy())
    ledger.note(rows[is_early], "M07", column="date", severity="Q",
                reason="the person left before the start date in the worker list")  # fmt: skip


def _query_lists(starts: pd.Series, lists: pd.Series, ledger: Ledger) -> None:
    """Ask for a list without which nobody can tell a conversion from a starter."""
    months = set(lists.dt.to_period("M"))
    for month in sorted(set(starts.dt.to_period("M") - 1) - months):
        if months and min(months) < month < max(months):
            end = month_end(month)
            ledger.note_absence("M01", date=end, reason=f"no worker list for {format_month(end)}: "
                                "agency staff made permanent in the month after stand as starters",
                                )  # fmt: skip


def _fix_conversions(rows: pd.DataFrame, workers: pd.DataFrame, ledger: Ledger) -> pd.DataFrame:
    """A starter last listed as agency here, within 31 days, is a conversion (rule 1)."""
    listed = workers[["as_at", "worker_id", "employment"]].drop_duplicates(["as_at", "worker_id"])
    listed = listed.sort_values("as_at").rename(columns={"as_at": "date"})
    starters = rows.loc[rows["movement"] == "starter", ["date", "worker_id"]]
    starters = starters.assign(start=starters.index).sort_values("date")
    _query_lists(starters["date"], listed["date"], ledger)
    before = pd.merge_asof(
        starters, listed, on="date", by="worker_id", allow_exact_matches=False,
        tolerance=pd.Timedelta(days=INTERNAL_MOVE_DAYS),
    )  # fmt: skip
    found = before.loc[before["employment"] == "agency", "start"]
    is_conversion = pd.Series(rows.index.isin(found), index=rows.index)
    ledger.note(rows[is_conversion], "M01", column="movement", before="starter",
                after="conversion")  # fmt: skip
    return rows.assign(movement=rows["movement"].mask(is_conversion, "conversion"))
