"""The establishment: funded posts at each month end."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from wfanalytics.clean.columns import Column, blank_column, clean_numbers, clean_words
from wfanalytics.clean.places import add_places
from wfanalytics.clean.repairs import Ledger
from wfanalytics.clean.rows import check_one_delivery, find_as_at, prepare_rows
from wfanalytics.clean.words import FUNDING_WORDS, ROLE_WORDS
from wfanalytics.errors import InputError
from wfanalytics.raw.area import Area
from wfanalytics.raw.headings import RawTable


def clean_posts(tables: Sequence[RawTable], area: Area, *, ledger: Ledger) -> pd.DataFrame:
    """Posts as ``frames.CLEAN_SCHEMAS`` has them, with each row's file, sheet and row.

    Frozen, deleted and unfunded posts are refused (rule 3): they are not establishment, and
    counting them would show vacancies nobody may fill.
    """
    dates: dict[pd.Timestamp, list[RawTable]] = {}
    parts = []
    for table in tables:
        as_at = find_as_at(table, ledger)
        dates.setdefault(as_at, []).append(table)
        parts.append(_clean_one(table, as_at, area, ledger))
    check_one_delivery(dates)
    return pd.concat(parts, ignore_index=True)


def _clean_one(
    table: RawTable, as_at: pd.Timestamp, area: Area, ledger: Ledger
) -> pd.DataFrame:
    rows = prepare_rows(table, ledger, sums=("fte",))
    if "funding" in rows:
        words = area.profile.words.get("funding")
        funding = clean_words(Column(table, "funding", rows["funding"]), FUNDING_WORDS, own=words)
        rows = ledger.refuse(rows, funding != "funded", "P03", column="funding")
    _check_unique(rows, table)
    rows = add_places(rows, blank_column(rows, as_at), teams=area.teams, ledger=ledger)
    role = Column(table, "role", rows["role"])
    fte, status = clean_numbers(Column(table, "fte", rows["fte"]), ledger, kind="fraction")
    Column(table, "fte", rows["fte"]).refuse(
        (status != "ok") | (fte <= 0) | (fte > 1), "a post's FTE is missing or impossible",
        allowed="more than 0, at most 1", remedy="Correct the post's FTE.",
    )  # fmt: skip
    return rows.assign(
        as_at=as_at,
        post_id=rows["post_id"].str.strip(),
        role=clean_words(role, ROLE_WORDS, own=area.profile.words.get("role")),
        fte=fte,
    )


def _check_unique(rows: pd.DataFrame, table: RawTable) -> None:
    again = rows["post_id"].str.strip().duplicated()
    if again.any():
        raise InputError(
            "a post number stands twice, with different details (rule P03)",
            file=table.sheet.file, sheet=table.sheet.sheet,
            row=int(rows.loc[again.idxmax(), "row"]), column=table.headings["post_id"],
            found=rows.loc[again.idxmax(), "post_id"].strip(),
            remedy="Keep the right row; vacancies cannot be counted until one post is one row.",
        )  # fmt: skip
