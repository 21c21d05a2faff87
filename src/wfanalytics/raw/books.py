"""Workbooks as text: .xlsx, .xlsm, .xls and .ods, errors in cells included.

A number becomes its shortest text, a date its ISO form, whichever of Excel's two calendars the
book uses. Sizes are judged before the reader is let near the file.
"""

from __future__ import annotations

import datetime
import io
import re
import struct
import xml.etree.ElementTree as ET
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

import python_calamine

from wfanalytics.errors import InputError
from wfanalytics.raw.limits import (
    MAX_CELL_CHARACTERS,
    check_extent,
    check_lengths,
    check_parts,
    check_sheet_part,
    read_letters,
)
from wfanalytics.raw.old_books import (
    Errors,
    find_ods_errors,
    find_xls_errors,
    list_ods_extents,
    list_xls_extents,
)

# The first bytes of an encrypted .xlsx, and of an old .xls; and what only the first holds.
_OLD_BOOK = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_RESAVE = "Open it in Excel, save it again as .xlsx without a password, and replace it."


class Page(NamedTuple):
    """One sheet of a workbook."""

    name: str
    cells: list[list[str]]
    is_hidden: bool


def read_book(content: bytes, *, file: str, suffix: str) -> list[Page]:
    """Every sheet of a workbook; ``file`` is its name in messages.

    Raises
    ------
    InputError
        for a workbook that is damaged, encrypted or too large, or a formula without a result.
    """
    if content.startswith(_OLD_BOOK) and (_ENCRYPTED in content or suffix != ".xls"):
        kind = "protected by a password" if _ENCRYPTED in content else "an old .xls workbook"
        raise InputError(f"the workbook is {kind}", file=file, remedy=_RESAVE)
    try:
        parts = _check_book(content, file)
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        pages = book.sheets_metadata
        return [
            Page(
                page.name,
                _sheet_text(book, file, page.name, lost),
                page.visible != python_calamine.SheetVisibleEnum.Visible,
            )
            for page, lost in zip(pages, _list_lost(content, parts, file, pages), strict=True)
            if page.typ == python_calamine.SheetTypeEnum.WorkSheet
        ]  # fmt: skip
    except InputError:
        raise
    except (python_calamine.CalamineError, zipfile.BadZipFile, ET.ParseError, zlib.error,
            struct.error, LookupError, ValueError, RuntimeError, EOFError, OSError):  # fmt: skip
        raise InputError("not a readable workbook", file=file, remedy=_RESAVE) from None
    except BaseException as error:
        # A panic in the reader, which is not Python: no Exception, and of no importable type.
        if type(error).__name__ != "PanicException":
            raise
        raise InputError("not a readable workbook", file=file, remedy=_RESAVE) from None


def _check_book(content: bytes, file: str) -> zipfile.ZipFile | None:
    """The parts of a zipped workbook, none for .xls; what is read whole is checked here."""
    parts = None if content.startswith(_OLD_BOOK) else check_parts(content, file)
    if parts is None:
        extents = list_xls_extents(content)
    elif "content.xml" in parts.namelist():
        extents = list_ods_extents(parts.read("content.xml"))
    else:
        extents = []
    for rows, columns in extents:
        check_extent(rows, columns, file=file)
    return parts


def _list_lost(
    content: bytes,
    parts: zipfile.ZipFile | None,
    file: str,
    pages: Sequence[python_calamine.SheetMetadata],
) -> Iterator[Errors]:
    """What calamine loses of each sheet, in the workbook's order, before it reads the sheet."""
    if parts is None:
        yield from find_xls_errors(content)
        return
    if "content.xml" in parts.namelist():
        yield from find_ods_errors(content)
        return
    places = _find_parts(parts)
    for page in pages:
        if page.typ != python_calamine.SheetTypeEnum.WorkSheet:
            yield []
            continue
        part = parts.read(places[page.name])
        check_sheet_part(part, file=file, sheet=page.name)
        yield list(_find_lost(part, file, page.name))


def _find_parts(parts: zipfile.ZipFile) -> dict[str, str]:
    """Sheet name -> its part inside the .xlsx file."""
    links = ET.fromstring(parts.read("xl/_rels/workbook.xml.rels"))
    targets = {link.get("Id"): str(link.get("Target")) for link in links}
    places = {}
    for sheet in ET.fromstring(parts.read("xl/workbook.xml")).iterfind(".//{*}sheet"):
        link = next(value for name, value in sheet.items() if name.endswith("}id"))
        target = targets[link]
        places[str(sheet.get("name"))] = target[1:] if target[0] == "/" else f"xl/{target}"
    return places


def _find_lost(part: bytes, file: str, sheet: str) -> Iterator[tuple[int, int, str]]:
    """Row and column (from 0) and text of the errors, which calamine reads as empty cells.

    A formula without a saved result is read as empty too, and nothing can tell its value.
    """
    if not any(mark in part for mark in (b'"e"', b"'e'", b"<f", b":f")):
        return
    for cell in ET.fromstring(part).iterfind(".//{*}c"):
        match = re.fullmatch(r"([A-Z]+)(\d+)", cell.get("r", ""))
        if match is None:
            raise ValueError("a cell without its place")
        value = cell.findtext("{*}v") or ""
        if cell.get("t") == "e":
            yield int(match[2]) - 1, read_letters(match[1].encode()) - 1, value or "#ERROR!"
        elif not value and cell.get("t") != "str" and cell.find("{*}f") is not None:
            raise InputError(
                "a formula whose result was not saved", file=file, sheet=sheet,
                row=int(match[2]), column=match[1],
                remedy="Open the workbook in Excel, save it, and replace it.",
            )  # fmt: skip


def _sheet_text(
    book: python_calamine.CalamineWorkbook, file: str, sheet: str, lost: Errors
) -> list[list[str]]:
    cells = []
    numbers: dict[float, str] = {}

    def write(cell: object) -> str:
        if type(cell) is not float:
            return write_value(cell)
        if cell not in numbers:
            numbers[cell] = write_value(cell)
        return numbers[cell]

    rows = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    for number, row in enumerate(rows, start=1):
        line = [c if type(c) is str else write(c) for c in row]
        if sum(map(len, line)) > MAX_CELL_CHARACTERS:
            check_lengths(line, file=file, sheet=sheet, row=number)
        cells.append(line)
    for at, column, text in lost:
        cells.extend([] for _ in range(at + 1 - len(cells)))
        cells[at].extend("" for _ in range(column + 1 - len(cells[at])))
        cells[at][column] = text
    return cells


def write_value(cell: object) -> str:
    """A cell's value as text: the shortest form of a number, the ISO form of a date.

    >>> write_value(0.80), write_value(17.0), write_value(datetime.date(2019, 7, 31))
    ('0.8', '17', '2019-07-31')
    """
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else format(Decimal(repr(cell)), "f")
    if isinstance(cell, datetime.datetime):
        midnight = cell.time() == datetime.time(0)
        return cell.date().isoformat() if midnight else cell.isoformat(sep=" ")
    return str(cell)
