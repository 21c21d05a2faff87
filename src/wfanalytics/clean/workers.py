"""Who works in which post at each month end, permanent or agency."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from wfanalytics.clean.columns import (
    Column, blank_column, clean_dates, clean_flags, clean_numbers, clean_words,
)  # fmt: skip
from wfanalytics.clean.identity import clean_worker_ids
from wfanalytics.clean.places import add_places
from wfanalytics.clean.repairs import Ledger
from wfanalytics.clean.rows import check_one_delivery, find_as_at, prepare_rows
from wfanalytics.clean.words import ABSENCE_WORDS, EMPLOYMENT_WORDS, ROLE_WORDS
from wfanalytics.errors import InputError
from wfanalytics.raw.area import Area
from wfanalytics.raw.headings import RawTable


def clean_workers(
    tables: Sequence[RawTable], area: Area, *, key: bytes, ledger: Ledger
) -> pd.DataFrame:
    """Workers as ``frames.CLEAN_SCHEMAS`` has them, with each row's file, sheet and row.

    Nobody is permanent and agency at once (rule 1): where a permanent line began later, the
    agency line is the stale one and is refused; where nothing tells, the file is.
    """
    dates: dict[pd.Timestamp, list[RawTable]] = {}
    parts = []
    for table in tables:
        as_at = find_as_at(table, ledger)
        dates.setdefault(as_at, []).append(table)
        rows = _clean_one(table, as_at, area, key, ledger)
        parts.append(_fix_two_statuses(rows, table, ledger))
    check_one_delivery(dates)
    return pd.concat(parts, ignore_index=True)


def _clean_one(
    table: RawTable, as_at: pd.Timestamp, area: Area, key: bytes, ledger: Ledger
) -> pd.DataFrame:
    rows = prepare_rows(table, ledger, sums=("fte",))
    words = area.profile.words
    rows = add_places(rows, blank_column(rows, as_at), teams=area.teams, ledger=ledger)

    def column(name: str, default: str = "") -> Column:
        text = rows[name] if name in rows else blank_column(rows, default)
        return Column(table, name, text)

    fte, fte_status = clean_numbers(column("fte"), ledger, kind="fraction")
    fte, fte_status = _fix_range(rows, fte, fte_status, ledger)
    days, _ = clean_numbers(column("days_lost"), ledger)
    return rows.assign(
        as_at=as_at,
        worker_id=clean_worker_ids(column("worker_id"), rows, key=key, ledger=ledger),
        post_id=rows["post_id"].str.strip(),
        role=clean_words(column("role"), ROLE_WORDS, own=words.get("role")),
        employment=clean_words(
            column("employment"), EMPLOYMENT_WORDS, own=words.get("employment")
        ),
        fte=fte,
        fte_status=fte_status,
        start_date=clean_dates(column("start_date"), optional=True),
        is_newly_qualified=clean_flags(column("is_newly_qualified")),
        absence=clean_words(column("absence"), ABSENCE_WORDS, own=words.get("absence")),
        days_lost=days,
        is_project_team=clean_flags(column("is_project_team")),
    )


def _fix_range(
    rows: pd.DataFrame, fte: pd.Series, status: pd.Series, ledger: Ledger
) -> tuple[pd.Series, pd.Series]:
    """Leave an FTE outside 0 to 1 out of the FTE figures (rule 16); the person still counts."""
    is_bad = (fte < 0) | (fte > 1)
    ledger.note(rows[is_bad], "W16", column="fte", before=rows.loc[is_bad, "fte"], after="")
    return fte.mask(is_bad), status.mask(is_bad, "unreliable")


def _fix_two_statuses(rows: pd.DataFrame, table: RawTable, ledger: Ledger) -> pd.DataFrame:
    is_agency = rows["employment"] == "agency"
    began = rows[~is_agency].groupby("worker_id")["start_date"].max()
    both = is_agency & rows["worker_id"].isin(began.index)
    if not both.any():
        return rows
    is_stale = both & (rows["start_date"] < rows["worker_id"].map(began))
    unclear = both & ~is_stale
    if unclear.any():
        raise InputError(
            "one person is listed as permanent and as agency, and the start dates do not say "
            "which came later (rule W01)",
            file=table.sheet.file, sheet=table.sheet.sheet,
            row=int(rows.loc[unclear.idxmax(), "row"]),
            column=table.headings["employment"], remedy="Remove the line that no longer holds.",
        )  # fmt: skip
    return ledger.refuse(rows, is_stale, "W01", column="employment")
