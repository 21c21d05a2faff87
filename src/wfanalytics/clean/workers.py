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
from wfanalytics.clean.identity import clean_worker_ids
from wfanalytics.clean.places import add_places
from wfanalytics.clean.repairs import Ledger
from wfanalytics.clean.rows import (
    check_one_delivery,
    clean_post_ids,
    find_as_at,
    prepare_rows,
    refuse_doubles,
)
from wfanalytics.clean.words import ABSENCE_WORDS, EMPLOYMENT_WORDS, ROLE_WORDS
from wfanalytics.errors import InputError
from wfanalytics.raw.area import Area
from wfanalytics.raw.headings import RawTable

#: One person's FTE may add up to this, a little of it rounding.
_WHOLE_PERSON = 1.005


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
    parts = []
    for table in tables:
        as_at = find_as_at(table, ledger)
        dates.setdefault(as_at, []).append(table)
        rows = _clean_one(table, as_at, area, key, ledger)
        rows = _fix_two_statuses(rows, table, ledger)
        problem = "one person stands twice in one post, with different details (rule A18)"
        parts.append(refuse_doubles(rows, ["worker_id", "post_id"], problem, ledger))
    check_one_delivery(dates)
    workers = pd.concat(parts, ignore_index=True)
    _query_sums(workers, ledger)
    if posts is not None:
        _query_posts(workers, posts, ledger)
    return workers


def _clean_one(
    table: RawTable, as_at: pd.Timestamp, area: Area, key: bytes, ledger: Ledger
) -> pd.DataFrame:
    rows = prepare_rows(table, ledger, sums=("fte",))
    words = area.profile.words
    column = functools.partial(take_column, table, rows)
    fte, fte_status = clean_numbers(column("fte"), ledger, kind="fraction")
    fte, fte_status = fix_range(rows, fte, fte_status, ledger)
    days, _ = clean_numbers(column("days_lost"), ledger)
    column("days_lost").refuse(days < 0, "fewer than no days", allowed="0 or more",
                               remedy="Correct the cell.")  # fmt: skip
    employment = column("employment")
    role = column("role")
    absence = column("absence")
    placed = add_places(rows, pd.Series(as_at, rows.index), teams=area.teams, ledger=ledger)
    return placed.assign(
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
    )


def fix_range(
    rows: pd.DataFrame, fte: pd.Series, status: pd.Series, ledger: Ledger
) -> tuple[pd.Series, pd.Series]:
    """Leave an FTE outside 0 to 1 out of the FTE figures (rule 16); the person still counts."""
    is_bad = (fte < 0) | (fte > 1)
    if is_bad.any():
        ledger.note(rows[is_bad], "W16", column="fte", before=rows.loc[is_bad, "fte"],
                    reason="FTE outside 0 to 1")  # fmt: skip
    return fte.mask(is_bad), status.mask(is_bad, "unreliable")


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
            column=table.headings["employment"], remedy="Remove the line that no longer holds.",
        )  # fmt: skip
    return ledger.refuse(rows, is_stale, "W01", column="employment")


def _query_sums(workers: pd.DataFrame, ledger: Ledger) -> None:
    """Ask about one person with more than one full-time contract (rule 16)."""
    total = workers.groupby(["as_at", "worker_id"])["fte"].transform("sum")
    is_much = total > _WHOLE_PERSON
    ledger.note(workers[is_much], "W16", column="fte", before=total[is_much].map("{:g}".format),
                reason="the FTE of one person adds up to more than 1")  # fmt: skip


def _query_posts(workers: pd.DataFrame, posts: pd.DataFrame, ledger: Ledger) -> None:
    """Ask about workers whose post is not funded that month: they fill no vacancy (rule 4).

    Agency staff without a post number are above the establishment, which needs no question.
    """
    known = pd.MultiIndex.from_frame(posts[["as_at", "post_id"]])
    held = pd.MultiIndex.from_frame(workers[["as_at", "post_id"]])
    is_listed = workers["as_at"].isin(posts["as_at"].unique())
    is_extra = (workers["post_id"] == "") & (workers["employment"] == "agency")
    is_lost = is_listed & ~is_extra & ~held.isin(known)
    ledger.note(workers[is_lost], "W04", column="post_id", before=workers["post_id"][is_lost])
