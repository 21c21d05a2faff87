"""Read spreadsheets and CSV files as a grid of text, saying where each cell was.

Nothing is interpreted here. A number in a workbook becomes its shortest text, a date its ISO
form (whichever of Excel's two calendars the book uses), an error its code, such as ``#REF!``;
everything else is as written. Rows are counted the way a spreadsheet shows them, from 1.
"""

from __future__ import annotations

import csv
import datetime
import hashlib
import io
import re
import xml.etree.ElementTree as ET
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import python_calamine

from wfanalytics.errors import InputError

#: Only these: in the other workbook formats an error cell cannot be told from an empty one.
BOOK_SUFFIXES = (".xlsx", ".xlsm")
TEXT_SUFFIXES = (".csv", ".txt", ".tsv")
DELIMITERS = (",", ";", "\t", "|")

# The first bytes of an encrypted .xlsx, and of an old .xls; and what only the first holds.
_OLD_BOOK = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_RESAVE = "Open it in Excel, save it again as .xlsx without a password, and replace it."


@dataclass(frozen=True)
class RawSheet:
    """One sheet, or one CSV file (``sheet`` ''), as text.

    ``file`` is the path inside the area's folder with ``/``; ``cells[0]`` is row 1.
    """

    file: str
    sheet: str
    cells: list[list[str]]
    sha256: str
    is_hidden: bool = False


def read_sheets(path: Path, *, root: Path) -> list[RawSheet]:
    """Every sheet of a file that holds anything, as text.

    Raises
    ------
    InputError
        for a file that is missing, empty, damaged, encrypted or of a kind not read.
    """
    file = path.relative_to(root).as_posix()
    content = _read_bytes(path, file)
    digest = hashlib.sha256(content).hexdigest()
    suffix = path.suffix.lower()
    if suffix in BOOK_SUFFIXES:
        sheets = _read_book(content, file, digest)
    elif suffix in TEXT_SUFFIXES:
        sheets = [RawSheet(file, "", _read_csv(content, file), digest)]
    else:
        raise InputError(
            f"files ending {suffix or 'in nothing'} are not read",
            file=file,
            allowed=", ".join((*BOOK_SUFFIXES, *TEXT_SUFFIXES)),
            remedy="Save it as .xlsx or .csv, or move it out of the folder.",
        )
    found = [s for s in sheets if any(cell.strip() for line in s.cells for cell in line)]
    if not found:
        raise InputError("the file is empty", file=file, remedy="Ask for the extract again.")
    return found


def hash_file(path: Path) -> str:
    """SHA-256 of a file's bytes, as hexadecimal text."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _read_bytes(path: Path, file: str) -> bytes:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise InputError(
            "the file is not there", file=file, remedy="Put it back, or ask for it again."
        ) from None
    except OSError as error:
        raise InputError(
            f"the file cannot be opened ({error.strerror})",
            file=file,
            remedy="Close it in other programs and check who may read it.",
        ) from None
    if not content.strip():
        raise InputError("the file is empty", file=file, remedy="Ask for the extract again.")
    return content


def _read_book(content: bytes, file: str, digest: str) -> list[RawSheet]:
    if content.startswith(_OLD_BOOK):
        kind = "protected by a password" if _ENCRYPTED in content else "an old .xls workbook"
        raise InputError(f"the workbook is {kind}", file=file, remedy=_RESAVE)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        parts = zipfile.ZipFile(io.BytesIO(content))
        places = _find_parts(parts)
        return [
            RawSheet(
                file,
                page.name,
                _sheet_text(
                    book.get_sheet_by_name(page.name),
                    list(_find_lost(parts.read(places[page.name]), file, page.name)),
                ),
                digest,
                page.visible != python_calamine.SheetVisibleEnum.Visible,
            )
            for page in book.sheets_metadata
            if page.typ == python_calamine.SheetTypeEnum.WorkSheet
        ]
    except InputError:
        raise
    except (python_calamine.CalamineError, zipfile.BadZipFile, ET.ParseError, zlib.error,
            KeyError, ValueError, OSError):  # fmt: skip
        raise InputError("not a readable workbook", file=file, remedy=_RESAVE) from None


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
            yield int(match[2]) - 1, _column_number(match[1]), value or "#ERROR!"
        elif not value and cell.get("t") != "str" and cell.find("{*}f") is not None:
            raise InputError(
                "a formula whose result was not saved", file=file, sheet=sheet,
                row=int(match[2]), column=match[1],
                remedy="Open the workbook in Excel, save it, and replace it.",
            )  # fmt: skip


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _sheet_text(
    sheet: python_calamine.CalamineSheet, lost: list[tuple[int, int, str]]
) -> list[list[str]]:
    rows = sheet.to_python(skip_empty_area=False)
    cells = [[c if type(c) is str else _cell_text(c) for c in row] for row in rows]
    for row, column, text in lost:
        cells.extend([] for _ in range(row + 1 - len(cells)))
        cells[row].extend("" for _ in range(column + 1 - len(cells[row])))
        cells[row][column] = text
    return cells


def _cell_text(cell: object) -> str:
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else format(Decimal(repr(cell)), "f")
    if isinstance(cell, datetime.datetime):
        midnight = cell.time() == datetime.time(0)
        return cell.date().isoformat() if midnight else cell.isoformat(sep=" ")
    return str(cell)


def _read_csv(content: bytes, file: str) -> list[list[str]]:
    text = _decode(content, file)
    delimiter = _find_delimiter(text)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise InputError(
            f"the text is not a readable CSV file ({error})",
            file=file,
            remedy="Look for a quotation mark that is opened and never closed.",
        ) from None


def _decode(content: bytes, file: str) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return content.decode("utf-16")
        except UnicodeDecodeError:
            raise InputError(
                "the text is cut off or damaged", file=file, remedy="Ask for the extract again."
            ) from None
    if b"\x00" in content:
        raise InputError(
            "the file holds NUL bytes, so it is damaged or not text",
            file=file,
            remedy="Ask for the extract again.",
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # What Excel on Windows writes as "CSV"; the five bytes it leaves undefined cannot occur
        # in it, so they show that the file is something else.
        try:
            return content.decode("cp1252")
        except UnicodeDecodeError:
            raise InputError(
                "the text is neither UTF-8 nor Windows (cp1252)",
                file=file,
                remedy="Save it again as 'CSV UTF-8'.",
            ) from None


def _find_delimiter(text: str) -> str:
    """The separator that splits most of the first 30 lines into the same number of cells."""
    lines = [line for line in text.splitlines()[:30] if line.strip()]

    def agreement(delimiter: str) -> tuple[int, int]:
        counts = [line.count(delimiter) for line in lines if delimiter in line]
        commonest = max(set(counts), key=counts.count) if counts else 0
        return counts.count(commonest) if commonest else 0, commonest

    return max(DELIMITERS, key=agreement)
