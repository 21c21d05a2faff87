"""The council's own monthly summary, kept beside what is calculated from its extracts."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from wfanalytics.clean.columns import Column, clean_numbers, parse_month_text, spread
from wfanalytics.clean.repairs import Ledger
from wfanalytics.clean.rows import prepare_rows
from wfanalytics.raw.headings import RawTable


def clean_summary(tables: Sequence[RawTable], *, ledger: Ledger) -> pd.DataFrame:
    """Figures as stated, one row a month and figure; percentages as fractions.

    Rows keep their file, sheet and row; one extract row gives one row a figure.
    """
    return pd.concat([_clean_one(table, ledger) for table in tables], ignore_index=True)


def _clean_one(table: RawTable, ledger: Ledger) -> pd.DataFrame:
    rows = prepare_rows(table, ledger)
    month = Column(table, "month", rows["month"])
    months = spread(rows["month"], parse_month_text)
    month.refuse(months.isna(), "not a month", allowed="Sept-19, Sep 2019 or September 2019",
                 remedy="Correct the cell.")  # fmt: skip
    parts = []
    for figure in (name for name in table.headings if name != "month"):
        kind = "fraction" if figure.endswith("rate_fte") else "number"
        values, status = clean_numbers(Column(table, figure, rows[figure]), ledger, kind=kind)
        part = rows[["file", "sheet", "row"]].assign(
            month=pd.to_datetime(months), figure=figure, value=values,
            status=status.replace("missing", "unavailable"),
        )  # fmt: skip
        parts.append(part)
    return pd.concat(parts)
