"""Read spreadsheets and CSV files as a grid of text, saying where each cell was.

Nothing is interpreted here. A number in a workbook becomes its shortest text, a date its ISO
form; everything else is as written. Rows are counted the way a spreadsheet shows them, from 1.
"""

from __future__ import annotations

import csv
import datetime
import hashlib
import io
from dataclasses import dataclass
from pathlib import Path

import python_calamine

from wfanalytics.errors import InputError

BOOK_SUFFIXES = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
TEXT_SUFFIXES = (".csv", ".txt", ".tsv")
DELIMITERS = (",", ";", "\t", "|")


@dataclass(frozen=True)
class RawSheet:
    """One sheet, or one CSV file (``sheet`` ''), as text.

    ``file`` is the path inside the area's folder with ``/``; ``cells[0]`` is row 1.
    """

    file: str
    sheet: str
    cells: list[list[str]]
    sha256: str


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
        sheets = _read_book(content, file)
    elif suffix in TEXT_SUFFIXES:
        sheets = {"": _read_csv(content, file)}
    else:
        raise InputError(
            f"files ending {suffix or 'in nothing'} are not read",
            file=file,
            allowed=", ".join((*BOOK_SUFFIXES, *TEXT_SUFFIXES)),
            remedy="Save it as .xlsx or .csv, or move it out of the folder.",
        )
    found = [RawSheet(file, name, cells, digest) for name, cells in sheets.items() if any(cells)]
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


def _read_book(content: bytes, file: str) -> dict[str, list[list[str]]]:
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        return {name: _sheet_text(book.get_sheet_by_name(name)) for name in book.sheet_names}
    except (python_calamine.CalamineError, ValueError, OSError) as error:
        kind = "protected by a password" if "assword" in str(error) else "not a readable workbook"
        raise InputError(
            f"the workbook is {kind}",
            file=file,
            remedy="Open it in Excel, save it again as .xlsx without a password, and replace it.",
        ) from None


def _sheet_text(sheet: python_calamine.CalamineSheet) -> list[list[str]]:
    return [[_cell_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]


def _cell_text(cell: object) -> str:
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
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
        return content.decode("utf-16")
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
