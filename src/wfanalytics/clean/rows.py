"""Rows that are not data: repeated headings, totals, footnotes, doubles, second deliveries."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd

from wfanalytics.clean.columns import (
    BLANK_WORDS,
    ERROR_WORDS,
    Column,
    parse_date,
    parse_month_text,
    parse_number,
    spread,
)
from wfanalytics.clean.repairs import Ledger
from wfanalytics.errors import InputError
from wfanalytics.periods import format_date, format_month
from wfanalytics.raw.headings import RawTable, normalise, required_fields

# Normalised: "Total", "Grand total", "Sum of FTE", and Excel's "City Safeguarding Total".
_TOTAL = re.compile(r"(grand |sub |service |team )*(total|totals|sum)\b.*|.*\b(sub)?totals?")
_GRAND_TOTALS = frozenset({"total", "totals", "grand total", "sum"})
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

    Raises
    ------
    InputError
        where nothing is left: an extract without rows is a failed export, not a quiet month.
    """
    rows = table.frame.assign(file=table.sheet.file, sheet=table.sheet.sheet)
    for heading in table.unknown:
        ledger.note_file(table, "A30", column=heading, reason="left alone: no alias knows it")
    rows = ledger.refuse(rows, _is_heading(rows, table), "A15")
    is_total = _is_total(rows, required_fields(ledger.table))
    is_note = (rows["filled"] == 1) & (len(table.headings) > 2)
    if is_total.any():
        _check_totals(rows[~is_total & ~is_note], rows[is_total], ledger, sums)
    rows = ledger.refuse(rows, is_total | is_note, "A12")
    if rows.empty:
        raise InputError(
            "no rows stand under the headings", file=table.sheet.file, sheet=table.sheet.sheet,
            row=table.heading_row, remedy="Ask for the extract again, or move the file out.",
        )  # fmt: skip
    fields = [name for name in rows.columns if name not in _BOOKKEEPING]
    return ledger.refuse(rows, rows.duplicated(fields), "A18")


def _is_heading(rows: pd.DataFrame, table: RawTable) -> pd.Series:
    is_like = rows["first"].isin([*table.headings.values(), *table.unknown])
    if not is_like.any():
        return is_like
    same = [rows[name].str.strip() == heading for name, heading in table.headings.items()]
    return is_like & (sum(same, start=pd.Series(0, rows.index)) > len(table.headings) / 2)


def _is_total(rows: pd.DataFrame, needed: Sequence[str]) -> pd.Series:
    """Rows that begin as a total does and leave empty what every data row has."""
    is_total = spread(rows["first"], _names_total).astype(bool)
    for row in is_total.index[is_total]:
        blank = [name for name in needed if not rows.loc[row, name].strip()]
        is_total[row] = bool(blank) or len(needed) == 1
    return is_total


def _names_total(text: str) -> bool:
    lower = text.casefold()
    is_likely = "total" in lower or lower.startswith("sum")
    return is_likely and _TOTAL.fullmatch(normalise(text)) is not None


def _check_totals(
    body: pd.DataFrame, totals: pd.DataFrame, ledger: Ledger, sums: Sequence[str]
) -> None:
    """Compare the one grand total with the rows above it (rule 12)."""
    grand = totals[[normalise(text) in _GRAND_TOTALS for text in totals["first"]]]
    if len(grand) != 1:
        return
    for name in (field for field in sums if field in body):
        text = grand[name].iloc[0]
        stated = parse_number(text)
        added = spread(body[name], parse_number).astype("float64").sum()
        if text.strip().casefold() in ERROR_WORDS:
            ledger.note(grand, "A12", column=name, severity="E", before=text,
                        reason="the Total row holds an error")  # fmt: skip
        elif stated is not None and abs(stated - added) > _TOTAL_TOLERANCE:
            ledger.note(
                grand, "A12", column=name, severity="Q", before=text,
                reason=f"the Total row says {stated:g} and the rows add up to {added:g}",
            )  # fmt: skip


def clean_post_ids(column: Column, rows: pd.DataFrame, ledger: Ledger) -> pd.Series:
    """Post numbers written one way, so that two extracts agree; '' where there is none.

    ``p1001 `` and ``P 1001`` become ``P1001``, and ``1001.0`` becomes ``1001`` (rule 21).
    """
    posts = spread(column.text, _standard_post)
    is_changed = posts != column.text
    if is_changed.any():
        is_blank = is_changed & (posts == "") & (column.text.str.strip() != "")
        ledger.note(rows[is_blank], "A26", column="post_id", before=column.text[is_blank])
        is_mended = is_changed & (posts != "")
        ledger.note(rows[is_mended], "A21", column="post_id", before=column.text[is_mended],
                    after=posts[is_mended])  # fmt: skip
    return posts.astype("str")


def _standard_post(text: str) -> str:
    if text.strip().casefold() in (*BLANK_WORDS, "none"):
        return ""
    return re.sub(r"\.0+$", "", "".join(text.split()).upper())


def refuse_doubles(rows: pd.DataFrame, key: Sequence[str], problem: str, ledger: Ledger,
                   ) -> pd.DataFrame:  # fmt: skip
    """Rows that are the same once cleaned, refused; two that differ and share a key, an error.

    Rule 18 repairs a row that stands twice. Where the two say different things nothing tells
    which is right, and to take either would be a guess.
    """
    if not rows.duplicated(list(key)).any():
        return rows
    values = [name for name in rows.columns if name not in (*_BOOKKEEPING, "month")]
    rows = ledger.refuse(rows, rows.duplicated(values), "A18")
    again = rows.duplicated(list(key))
    if again.any():
        first = rows.loc[again.idxmax()]
        raise InputError(
            problem, file=first["file"], sheet=first["sheet"], row=int(first["row"]),
            remedy="Keep the right row, or add the two up in one.",
        )  # fmt: skip
    return rows


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
    date = title if title is not None else name
    if date is None:
        raise InputError(
            "nothing says which month this is", file=sheet.file, sheet=sheet.sheet,
            remedy="Put 'As at 31 July 2019' above the headings, or 2019-07 in the file's name.",
        )  # fmt: skip
    end = date + pd.offsets.MonthEnd(0)
    if name is not None and end != name:
        raise InputError(
            "the title and the file's name are about different months",
            file=sheet.file, sheet=sheet.sheet, found=format_date(date),
            allowed=f"a date in {format_month(name)}", remedy="Correct whichever is wrong.",
        )  # fmt: skip
    if end != date:
        ledger.note_file(table, "A02", before=format_date(date),
                         reason="used as the month's end")  # fmt: skip
    return end


def month_of_file(table: RawTable) -> pd.Timestamp | None:
    """The month (its last day) in a sheet's name or in a file's name; None for neither.

    ``2011-12`` may be December 2011 or the financial year: it says nothing.

    Raises
    ------
    InputError
        where the two name different months.
    """
    of_sheet = parse_month_text(table.sheet.sheet)
    match = _MONTH_IN_NAME.search(table.sheet.file.rsplit("/", 1)[-1])
    if match is None or int(match[2]) == (int(match[1]) + 1) % 100:
        return of_sheet
    of_file = parse_month_text(f"{match[1]}-{match[2]}-01")
    if of_sheet is not None and of_sheet != of_file:
        raise InputError(
            "the sheet and the file are named after different months", file=table.sheet.file,
            sheet=table.sheet.sheet, remedy="Rename whichever is wrong.",
        )  # fmt: skip
    return of_file


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
            sheets = [table.sheet for table in tables]
            files = [s.file + (f" ({s.sheet})" if s.sheet else "") for s in sheets]
            raise InputError(
                f"{len(files)} extracts are about {format_month(date)}: {', '.join(files)}",
                remedy="Keep the right one in the folder and move the others out.",
            )
