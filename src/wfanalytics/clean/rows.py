"""Rows that are not data: repeated headings, totals, footnotes, doubles, second deliveries."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd

from wfanalytics.clean.columns import parse_date, parse_month_text, parse_number, spread
from wfanalytics.clean.repairs import Ledger
from wfanalytics.errors import InputError
from wfanalytics.periods import format_date, format_month
from wfanalytics.raw.headings import RawTable, normalise

_TOTAL = re.compile(r"(grand |sub |service |team )*(total|totals|sum)\b")
_PRODUCED = re.compile(r"\b(produced|extracted|run on|created|printed)\b", re.IGNORECASE)
_DATE_IN_TEXT = re.compile(
    r"\d{4}-\d{2}-\d{2}|\d{1,2}[/.]\d{1,2}[/.]\d{2,4}"
    r"|\d{1,2}(?:st|nd|rd|th)? [A-Za-z]{3,9},? \d{4}|\d{1,2}-[A-Za-z]{3,4}-\d{2,4}"
)
_MONTH_IN_NAME = re.compile(r"(?<!\d)(20\d\d)[-_ ](0[1-9]|1[0-2])(?!\d)")
#: Half the last digit of a total printed to one decimal, and a little for adding floats.
_TOTAL_TOLERANCE = 0.051
_BOOKKEEPING = ("row", "first", "filled", "file", "sheet")


def prepare_rows(table: RawTable, ledger: Ledger, *, sums: Sequence[str] = ()) -> pd.DataFrame:
    """A raw table's data rows, with their file and sheet; the rest goes to the ledger.

    ``sums`` are the fields a Total row adds up; a total that does not agree with the rows
    above it is queried.
    """
    rows = table.frame.assign(file=table.sheet.file, sheet=table.sheet.sheet)
    for heading in table.unknown:
        ledger.note_file(table, "A30", column=heading, reason="left alone: no alias knows it")
    rows = ledger.refuse(rows, _is_heading(rows, table), "A15")
    first = rows["first"].map(normalise)
    is_total = first.map(lambda text: _TOTAL.match(text) is not None).astype(bool)
    is_note = (rows["filled"] == 1) & (len(table.headings) > 2)
    _check_totals(rows[~is_total & ~is_note], rows[is_total], table, ledger, sums)
    rows = ledger.refuse(rows, is_total | is_note, "A12")
    fields = [name for name in rows.columns if name not in _BOOKKEEPING]
    return ledger.refuse(rows, rows.duplicated(fields), "A18")


def _is_heading(rows: pd.DataFrame, table: RawTable) -> pd.Series:
    same = [
        rows[name].str.strip() == heading for name, heading in table.headings.items() if heading
    ]
    return sum(same, start=pd.Series(0, index=rows.index)) > len(table.headings) / 2


def _check_totals(
    body: pd.DataFrame, totals: pd.DataFrame, table: RawTable, ledger: Ledger, sums: Sequence[str]
) -> None:
    if len(totals) != 1:
        return
    for name in (field for field in sums if field in body):
        stated = parse_number(totals[name].iloc[0])
        added = spread(body[name], parse_number).astype("float64").sum()
        if stated is not None and abs(stated - added) > _TOTAL_TOLERANCE:
            ledger.note(
                totals, "A12", column=name, severity="Q", before=totals[name].iloc[0],
                reason=f"the Total row says {stated:g} and the rows add up to {added:g}",
            )  # fmt: skip


def find_as_at(table: RawTable, ledger: Ledger) -> pd.Timestamp:
    """The month end a snapshot file is about: from its titles, sheet name or file name.

    Raises
    ------
    InputError
        where none of them names a date, or they name different months (rule 2).
    """
    sheet = table.sheet
    dated = [_date_in(text) for text in table.titles if not _PRODUCED.search(text)]
    title = next((date for date in dated if date is not None), None)
    name = month_of_file(table)
    if title is None and name is None:
        raise InputError(
            "nothing says which month this is", file=sheet.file, sheet=sheet.sheet,
            remedy="Put 'As at 31 July 2019' above the headings, or 2019-07 in the file's name.",
        )  # fmt: skip
    if title is not None and name is not None and title + pd.offsets.MonthEnd(0) != name:
        raise InputError(
            "the title and the file's name are about different months",
            file=sheet.file, sheet=sheet.sheet, found=format_date(title),
            allowed=f"a date in {format_month(name)}", remedy="Correct whichever is wrong.",
        )  # fmt: skip
    if title is not None and title + pd.offsets.MonthEnd(0) != title:
        ledger.note_file(table, "A02", before=format_date(title),
                         reason="used as the month's end")  # fmt: skip
    date = title if title is not None else name
    return date + pd.offsets.MonthEnd(0)  # type: ignore[operator]


def month_of_file(table: RawTable) -> pd.Timestamp | None:
    """The month (its last day) in a sheet's name, else in a file's name; None for neither.

    ``2011-12`` may be December 2011 or the financial year: it says nothing.
    """
    of_sheet = parse_month_text(table.sheet.sheet)
    if of_sheet is not None:
        return of_sheet
    match = _MONTH_IN_NAME.search(table.sheet.file.rsplit("/", 1)[-1])
    if match is None or int(match[2]) == (int(match[1]) + 1) % 100:
        return None
    return parse_month_text(f"{match[1]}-{match[2]}-01")


def produced_on(table: RawTable) -> pd.Timestamp | None:
    """The date an extract says it was produced, or None."""
    dated = [_date_in(text) for text in table.titles if _PRODUCED.search(text)]
    return next((date for date in dated if date is not None), None)


def _date_in(text: str) -> pd.Timestamp | None:
    match = _DATE_IN_TEXT.search(text)
    return parse_date(match[0]) if match else None


def check_one_delivery(dates: dict[pd.Timestamp, list[RawTable]]) -> None:
    """Refuse two snapshot files for one month: nothing says which is right (rule 11)."""
    for date, tables in sorted(dates.items()):
        if len(tables) > 1:
            files = [t.sheet.file + (f" ({t.sheet.sheet})" if t.sheet.sheet else "") for t in tables]
            raise InputError(
                f"{len(files)} extracts are about {format_month(date)}: {', '.join(files)}",
                remedy="Keep the right one in the folder and move the others out.",
            )
