"""The repairs ledger as a workbook that can be sent to the data's owner."""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd
import xlsxwriter

from wfanalytics.clean.census_rules import ALL_RULES
from wfanalytics.errors import WfanalyticsError

_LEDGER_COLUMNS = {
    "table": "Extract", "file": "File", "sheet": "Sheet", "row": "Row", "column": "Column",
    "rule": "Rule", "severity": "Severity", "before": "Value before", "after": "Value after",
    "reason": "Reason", "is_row_refused": "Row refused",
}  # fmt: skip
_PROBLEM_COLUMNS = {
    "file": "File", "sheet": "Sheet", "rule": "Rule", "severity": "Severity", "rows": "Rows",
    "first_row": "First row", "reason": "Reason", "cure": "What to do", "owner": "Who",
}  # fmt: skip


def write_ledger(repairs: pd.DataFrame, problems: pd.DataFrame, path: Path) -> None:
    """Write the ledger as .xlsx: what to mend, every row, and the rules; whole or not at all.

    Personal values are masked in the ledger already. Text is written as text, so that nothing
    in an extract becomes a formula.

    Raises
    ------
    WfanalyticsError
        where the file cannot be written, such as one that Excel holds open.
    """
    path = path if path.suffix.lower() == ".xlsx" else path.with_name(f"{path.name}.xlsx")
    temporary = path.with_name(f".{path.name}.part")
    rules = pd.DataFrame(
        [(rule.code, rule.severity, rule.title, rule.cure) for rule in ALL_RULES.values()],
        columns=["Rule", "Severity", "What it finds", "What to do"],
    )
    mend = problems[problems["needs_mending"]]
    sheets = {
        "To mend": mend[list(_PROBLEM_COLUMNS)].rename(columns=_PROBLEM_COLUMNS),
        "All rows": repairs[list(_LEDGER_COLUMNS)].rename(columns=_LEDGER_COLUMNS),
        "Rules": rules,
    }
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _write_sheets(sheets, temporary)
        os.replace(temporary, path)
    except (OSError, xlsxwriter.exceptions.XlsxWriterException):
        raise WfanalyticsError(
            f"{path.name} could not be written. Close it in Excel, or name another file."
        ) from None
    finally:
        temporary.unlink(missing_ok=True)


def _write_sheets(sheets: dict[str, pd.DataFrame], path: Path) -> None:
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties({"title": "Repairs ledger"})
        bold = book.add_format({"bold": True})
        for name, frame in sheets.items():
            page = book.add_worksheet(name)
            page.write_row(0, 0, list(frame.columns), bold)
            for number, values in enumerate(frame.itertuples(index=False), start=1):
                for position, value in enumerate(values):
                    _write_cell(page, number, position, value)
            page.autofit()


def _write_cell(page: xlsxwriter.worksheet.Worksheet, row: int, column: int, value: object) -> None:
    if isinstance(value, bool):
        page.write_string(row, column, "yes" if value else "no")
    elif isinstance(value, int | float) or hasattr(value, "item"):
        page.write_number(row, column, float(value))  # type: ignore[arg-type]
    else:
        page.write_string(row, column, str(value))
