"""The establishment: funded posts at each month end."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from wfanalytics.clean.columns import clean_numbers, clean_words, take_column
from wfanalytics.clean.faults import check_one_delivery
from wfanalytics.clean.fte import check_fte_column
from wfanalytics.clean.places import add_places
from wfanalytics.clean.repairs import Ledger, clean_each
from wfanalytics.clean.rows import (
    clean_post_ids,
    find_as_at,
    prepare_rows,
    refuse_doubles,
)
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

    def clean_one(table: RawTable) -> pd.DataFrame:
        as_at = find_as_at(table, ledger)
        dates.setdefault(as_at, []).append(table)
        return _clean_one(table, as_at, area, ledger)

    parts = clean_each(tables, clean_one)
    check_one_delivery(dates)
    return pd.concat(parts, ignore_index=True)


def _clean_one(table: RawTable, as_at: pd.Timestamp, area: Area, ledger: Ledger) -> pd.DataFrame:
    rows = prepare_rows(table, ledger, sums=("fte",))
    words = area.profile.words
    if "funding" in rows:
        column = take_column(table, rows, "funding")
        funding = clean_words(column, FUNDING_WORDS, own=words.get("funding"))
        rows = ledger.refuse(rows, funding != "funded", "P03", column="funding")
    if rows.empty:
        raise InputError(
            "no post is funded", file=table.sheet.file, sheet=table.sheet.sheet,
            column=table.headings["funding"], remedy="Correct the column, or ask for it again.",
        )  # fmt: skip
    number = take_column(table, rows, "post_id")
    posts = clean_post_ids(number, rows, ledger)
    number.refuse(posts == "", "a post without a number", allowed="such as P1001",
                  remedy="Give the post its number.")  # fmt: skip
    fte = take_column(table, rows, "fte")
    values, _ = clean_numbers(fte, ledger, kind="fraction")
    check_fte_column(fte, values)
    fte.refuse(
        ~((values > 0) & (values <= 1)), "a post's FTE is missing or impossible",
        allowed="more than 0, at most 1", remedy="Correct the post's FTE.", rule="W16",
    )  # fmt: skip
    role = take_column(table, rows, "role")
    placed = add_places(rows, pd.Series(as_at, rows.index), teams=area.teams, ledger=ledger)
    cleaned = placed.assign(
        as_at=as_at,
        post_id=posts,
        role=clean_words(role, ROLE_WORDS, own=words.get("role")),
        fte=values,
    )
    problem = "a post number stands twice, with different details (rule P03)"
    return refuse_doubles(cleaned, ["post_id"], problem, ledger)
