"""The council's own monthly summary, kept beside what is calculated from its extracts."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from wfanalytics.clean.columns import clean_numbers, parse_month_text, spread, take_column
from wfanalytics.clean.repairs import Ledger, clean_each
from wfanalytics.clean.rows import prepare_rows
from wfanalytics.errors import InputError
from wfanalytics.periods import format_month
from wfanalytics.raw.headings import RawTable


def clean_summary(tables: Sequence[RawTable], *, ledger: Ledger) -> pd.DataFrame:
    """Figures as stated, one row a month and figure; percentages as fractions.

    Rows keep their file, sheet and row; one extract row gives one row a figure.
    """
    parts = clean_each(tables, lambda table: _clean_one(table, ledger))
    rows = pd.concat(parts, ignore_index=True)
    again = rows.duplicated(["month", "figure"])
    if again.any():
        first = rows.loc[again.idxmax()]
        raise InputError(
            f"{format_month(first['month'])} stands twice", file=first["file"],
            sheet=first["sheet"], row=int(first["row"]), remedy="Keep the right row.",
        )  # fmt: skip
    return rows


def _clean_one(table: RawTable, ledger: Ledger) -> pd.DataFrame:
    figures = [name for name in table.headings if name != "month"]
    if not figures:
        raise InputError(
            "no column holds a figure that is known", file=table.sheet.file,
            sheet=table.sheet.sheet, row=table.heading_row,
            remedy="Name its headings under sources in profile.yml, or leave the summary out.",
        )  # fmt: skip
    rows = prepare_rows(table, ledger)
    month = take_column(table, rows, "month")
    months = spread(rows["month"], parse_month_text)
    month.refuse(months.isna(), "not a month", allowed="Sept-19, Sep 2019 or September 2019",
                 remedy="Correct the cell.")  # fmt: skip
    parts = []
    for figure in figures:
        column = take_column(table, rows, figure)
        is_rate = figure.endswith("rate_fte")
        values, status = clean_numbers(column, ledger, kind="fraction" if is_rate else "number")
        if is_rate:
            column.refuse(values > 1, "a rate without a percentage sign", allowed="18.5% or 0.185",
                          remedy="Write the % sign in the whole column.")  # fmt: skip
        part = rows[["file", "sheet", "row"]].assign(
            month=pd.to_datetime(months), figure=figure, value=values,
            status=status.replace("missing", "unavailable"),
        )  # fmt: skip
        parts.append(part)
    return pd.concat(parts)
