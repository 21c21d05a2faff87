"""Who works in which post at each month end, permanent or agency."""

from __future__ import annotations

import functools
from collections.abc import Sequence

import pandas as pd

from wfanalytics.clean.columns import (
    clean_dates,
    clean_flags,
    clean_numbers,
    clean_words,
    take_column,
)
from wfanalytics.clean.fte import fix_fte
from wfanalytics.clean.identity import clean_worker_ids
from wfanalytics.clean.places import add_places
from wfanalytics.clean.repairs import Ledger, clean_each
from wfanalytics.clean.rows import (
    check_one_delivery,
    clean_post_ids,
    find_as_at,
    prepare_rows,
    refuse_doubles,
)
from wfanalytics.clean.words import ABSENCE_WORDS, EMPLOYMENT_WORDS, ROLE_WORDS, SCHEME_WORDS
from wfanalytics.clean.worker_checks import (
    check_contracts,
    check_dates,
    check_payroll,
    fix_newly_qualified,
    query_posts,
    query_sums,
)
from wfanalytics.errors import InputError
from wfanalytics.raw.area import Area
from wfanalytics.raw.headings import RawTable

#: Columns that have done their work once the list is read; some name people.
_READ_ONCE = ["payroll_number", "email", "supplier", "day_rate", "pay_route", "post_type",
              "end_date", "newly_qualified_end", "first"]  # fmt: skip


def clean_workers(
    tables: Sequence[RawTable],
    area: Area,
    *,
    key: bytes,
    ledger: Ledger,
    posts: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Workers as ``frames.CLEAN_SCHEMAS`` has them, with each row's file, sheet and row.

    Nobody is permanent and agency at once (rule 1): where a permanent line began later, the
    agency line is the stale one and is refused; where nothing tells, the file is. ``posts`` is
    the clean establishment: a worker in a post it does not have that month is asked about.
    """
    dates: dict[pd.Timestamp, list[RawTable]] = {}

    def clean_one(table: RawTable) -> pd.DataFrame:
        as_at = find_as_at(table, ledger)
        dates.setdefault(as_at, []).append(table)
        rows = _clean_one(table, as_at, area, key, ledger)
        rows = _fix_two_statuses(rows, table, ledger)
        problem = "one person stands twice in one post, with different details (rule A18)"
        return refuse_doubles(rows, ["worker_id", "post_id"], problem, ledger)

    workers = pd.concat(clean_each(tables, clean_one), ignore_index=True)
    check_one_delivery(dates)
    query_sums(workers, ledger)
    if posts is not None:
        query_posts(workers, posts, ledger)
    return workers


def _clean_one(
    table: RawTable, as_at: pd.Timestamp, area: Area, key: bytes, ledger: Ledger
) -> pd.DataFrame:
    rows = prepare_rows(table, ledger, sums=("fte",))
    words = area.profile.words
    column = functools.partial(take_column, table, rows)
    fte, fte_status = clean_numbers(column("fte"), ledger, kind="fraction")
    fte, fte_status = fix_fte(rows, column("fte"), fte, fte_status, ledger)
    days, _ = clean_numbers(column("days_lost"), ledger)
    column("days_lost").refuse(days < 0, "fewer than no days", allowed="0 or more",
                               remedy="Correct the cell.")  # fmt: skip
    employment = column("employment")
    role = column("role")
    absence = column("absence")
    placed = add_places(rows, pd.Series(as_at, rows.index), teams=area.teams, ledger=ledger)
    cleaned = placed.assign(
        as_at=as_at,
        worker_id=clean_worker_ids(column("worker_id"), rows, key=key, ledger=ledger),
        post_id=clean_post_ids(column("post_id"), rows, ledger),
        role=clean_words(role, ROLE_WORDS, own=words.get("role")),
        employment=clean_words(employment, EMPLOYMENT_WORDS, own=words.get("employment")),
        fte=fte,
        fte_status=fte_status,
        start_date=clean_dates(column("start_date"), optional=True),
        is_newly_qualified=clean_flags(column("is_newly_qualified")),
        absence=clean_words(absence, ABSENCE_WORDS, own=words.get("absence")),
        days_lost=days,
        is_project_team=clean_flags(column("is_project_team")),
        in_retention_scheme=clean_words(column("in_retention_scheme"), SCHEME_WORDS),
    )
    is_new = fix_newly_qualified(table, cleaned, cleaned["is_newly_qualified"], ledger)
    cleaned = cleaned.assign(is_newly_qualified=is_new)
    check_contracts(table, cleaned, area, ledger)
    if "payroll_number" in rows:
        check_payroll(column("payroll_number"), cleaned, ledger)
    cleaned = check_dates(table, cleaned, ledger)
    return cleaned.drop(columns=_READ_ONCE, errors="ignore")


def _fix_two_statuses(rows: pd.DataFrame, table: RawTable, ledger: Ledger) -> pd.DataFrame:
    is_agency = rows["employment"] == "agency"
    both = is_agency & rows["worker_id"].isin(rows["worker_id"][~is_agency])
    if not both.any():
        return rows
    began = rows[~is_agency].groupby("worker_id")["start_date"].max()
    is_stale = both & (rows["start_date"] < rows["worker_id"].map(began))
    unclear = both & ~is_stale
    if unclear.any():
        raise InputError(
            "one person is listed as permanent and as agency, and the start dates do not show "
            "that the agency line is the older one (rule W01)",
            file=table.sheet.file, sheet=table.sheet.sheet,
            row=int(rows.loc[unclear.idxmax(), "row"]),
            column=table.headings["employment"], rule="W01",
            remedy="Remove the line that no longer holds.",
        )  # fmt: skip
    return ledger.refuse(rows, is_stale, "W01", column="employment")
