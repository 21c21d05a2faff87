"""The folder the sample's extracts are written to, and the defects planted in them."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from wfanalytics.periods import MONTH_NAMES
from wfanalytics.sample.organisation import RENAMED

#: Parts a workbook can do without, and what names them in the parts that list the others.
_SPARED = re.compile(r"theme|docProps")
_NAMED = re.compile(rb"<(Override|Relationship) [^>]*(theme|docProps)[^>]*/>")
_LISTS = ("[Content_Types].xml", "_rels/.rels", "xl/_rels/workbook.xml.rels")

COUNCIL = "Exampleshire County Council (fictional)"


@dataclass
class Sheet:
    """One sheet: title rows, group headings over ``width`` columns, headings, rows, Total."""

    titles: list[str]
    headings: Sequence[str]
    rows: list[list[object]]
    groups: Sequence[tuple[str, int]] = ()
    total: Sequence[object] = ()
    footnote: str = ""


@dataclass
class Folder:
    """Where the extracts go, and what was planted in them."""

    path: Path
    planted: list[tuple[str, str, str, int, str]] = field(default_factory=list)

    def plant(self, rule: str, table: str, file: str, rows: int, what: str) -> None:
        """Note one planted defect."""
        if rows:
            self.planted.append((rule, table, file, rows, what))


def write_book(path: Path, sheets: dict[str, Sheet]) -> None:
    """A workbook whose sheets have title rows, a merged heading row, rows and a Total row."""
    book = xlsxwriter.Workbook(str(path))
    bold = book.add_format({"bold": True})
    centre = book.add_format({"bold": True, "align": "center"})
    dates = book.add_format({"num_format": "dd/mm/yyyy"})
    for name, sheet in sheets.items():
        page = book.add_worksheet(name)
        for r, title in enumerate(sheet.titles):
            page.write(r, 0, title, bold)
        r = len(sheet.titles) + 1
        _write_groups(page, r, sheet.groups, centre)
        r += 1 if sheet.groups else 0
        page.write_row(r, 0, sheet.headings, bold)
        _write_rows(page, r + 1, sheet.rows, dates)
        r += len(sheet.rows)
        if sheet.total:
            page.write_row(r + 2, 0, sheet.total, bold)
        if sheet.footnote:
            page.write(r + 4, 0, sheet.footnote)
    book.close()
    _squeeze(path)


def _write_groups(
    page: Worksheet, row: int, groups: Sequence[tuple[str, int]], format: Format
) -> None:
    start = 0
    for label, width in groups:
        if width == 1:
            page.write(row, start, label, format)
        else:
            page.merge_range(row, start, row, start + width - 1, label, format)
        start += width


def _write_rows(page: Worksheet, row: int, rows: list[list[object]], dates: Format) -> None:
    for r, values in enumerate(rows, start=row):
        for c, value in enumerate(values):
            if isinstance(value, pd.Timestamp):
                page.write_datetime(r, c, value.to_pydatetime(), dates)
            elif value != "":
                page.write(r, c, value)


def _squeeze(path: Path) -> None:
    """Compress a workbook as far as zip goes, without theme and properties: it is committed."""
    with zipfile.ZipFile(path) as book:
        parts = [
            (item, _NAMED.sub(b"", book.read(item)) if item.filename in _LISTS
             else book.read(item))
            for item in book.infolist() if not _SPARED.search(item.filename)
        ]  # fmt: skip
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as book:
        for item, content in parts:
            book.writestr(item, content, compresslevel=9)


def write_csv(path: Path, rows: Iterable[Sequence[object]], *, encoding: str) -> None:
    """A CSV file in one encoding, lines ending as on Unix."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))


def month_as_written(date: pd.Timestamp) -> str:
    """A month as councils' spreadsheets have it: ``Sept-19``, ``Jul-19``."""
    name = MONTH_NAMES[date.month - 1]
    return f"{name[:4] if name == 'September' else name[:3]}-{date:%y}"


def team_as_written(team: str, end: pd.Timestamp) -> str:
    """A team's name as the extracts of its time have it."""
    if team == "North Vale Safeguarding" and end.to_period("M") < RENAMED:
        return "North Vale Child Protection"
    return team
