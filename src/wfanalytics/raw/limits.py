"""How large an extract may be, judged before it is opened.

A workbook of a few kilobytes can unpack to gigabytes, and one cell in the last corner of a sheet
makes a reader ask for memory for every cell before it. The limits are far above any council's
extract (a caseload of 100,000 rows is 6 MB) and far below what would stop an office computer.
"""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ET
import zipfile
from pathlib import Path

from wfanalytics.errors import InputError

#: A million caseload rows as CSV are 60 MB.
MAX_FILE_BYTES = 100_000_000
#: A caseload as plain CSV, read column by column (``column_text``): a file of which a table is
#: made, and one of which only sums are. 80 million cells are 11 million rows of seven columns.
MAX_LONG_BYTES, MAX_SUMMED_BYTES = 200_000_000, 1_000_000_000
MAX_LONG_CELLS = 80_000_000
#: Excel's XML takes about 40 bytes a cell.
MAX_UNPACKED_BYTES = 400_000_000
#: One sheet, empty cells between the others included: 100,000 rows of 100 columns.
MAX_CELLS = 10_000_000
#: The longest text a cell of Excel can hold.
MAX_CELL_CHARACTERS = 32_767

_SPLIT = "Split it by month, or ask for only the columns and months that are needed."
_SUMS = " A national file can only be added up: see 'Very long files' in docs/cleaning.md."
_COLUMN = re.compile(rb'r="([A-Z]+)')
_ROW = re.compile(rb'r="[A-Z]*(\d+)')


def check_file(path: Path, file: str, *, most: int = MAX_FILE_BYTES) -> None:
    """Refuse what is not an ordinary file, or is too large to read.

    A pipe would wait for ever, and a link that leads nowhere is a missing extract.
    """
    try:
        is_file, is_link = path.is_file(), path.is_symlink()
        size = path.stat().st_size if is_file else 0
    except OSError as error:
        raise InputError(
            f"the file cannot be opened ({error.strerror})", file=file,
            remedy="Close it in other programs and check who may read it.",
        ) from None  # fmt: skip
    if not is_file and (is_link or path.exists()):
        raise InputError(
            "a link that leads nowhere" if is_link else "not an ordinary file", file=file,
            remedy="Put the file itself in the folder.",
        )  # fmt: skip
    check_size(size, file, most=most)


def check_size(size: int, file: str, *, most: int = MAX_FILE_BYTES, remedy: str = "") -> None:
    """Refuse a file of more bytes than are read."""
    if size > most:
        more = _SUMS if most == MAX_LONG_BYTES else ""
        raise InputError(
            "the file is too large", file=file, found=f"{size / 1e6:,.0f} MB",
            allowed=f"{most / 1e6:,.0f} MB", remedy=remedy or _SPLIT + more,
        )  # fmt: skip


def check_parts(content: bytes, file: str) -> zipfile.ZipFile:
    """The parts of a zipped workbook, once it is known that all can be unpacked.

    Raises
    ------
    InputError
        where they would unpack to too much.
    zipfile.BadZipFile
        where a part is not what the directory says: damaged, or made to look small.
    """
    parts = zipfile.ZipFile(io.BytesIO(content))
    size = sum(part.file_size for part in parts.infolist())
    if size > MAX_UNPACKED_BYTES:
        raise InputError(
            "the workbook unpacks to too much", file=file, found=f"{size / 1e6:,.0f} MB",
            allowed=f"{MAX_UNPACKED_BYTES / 1e6:,.0f} MB", remedy=_SPLIT,
        )  # fmt: skip
    if len(set(parts.namelist())) < len(parts.namelist()) or parts.testzip() is not None:
        raise zipfile.BadZipFile("its directory is not true")
    return parts


def check_extent(
    rows: int, columns: int, *, file: str, sheet: str = "", most: int = MAX_CELLS
) -> None:
    """Refuse a sheet, or a CSV file, of too many cells."""
    if rows * columns > most:
        raise InputError(
            "the table is too large", file=file, sheet=sheet,
            found=f"{rows:,} rows and {columns:,} columns", allowed=f"{most:,} cells",
            remedy=f"Delete what stands far from the table. {_SPLIT}",
        )  # fmt: skip


def check_lengths(line: list[str], *, file: str, sheet: str = "", row: int) -> None:
    """Refuse a row with a cell that holds a document."""
    if any(len(cell) > MAX_CELL_CHARACTERS for cell in line):
        raise InputError(
            "a cell is too long", file=file, sheet=sheet, row=row,
            allowed=f"{MAX_CELL_CHARACTERS:,} characters",
            remedy="Look for a quotation mark that is opened and never closed.",
        )  # fmt: skip


def check_sheet_part(part: bytes, *, file: str, sheet: str) -> None:
    """Refuse a sheet of an .xlsx workbook whose cells reach too far.

    What the sheet says of its own size is not believed. Formatted cells without a value cost
    nothing, so where the quick count is too high only cells with a value are counted.
    """
    letters = _COLUMN.findall(part)
    columns = max((read_letters(text) for text in set(letters)), default=0)
    rows = max((int(text[:9]) for text in set(_ROW.findall(part))), default=0)
    # Cells may leave their places out, or write them as Excel never does.
    cells = part.count(b"<c ") + part.count(b"<c>") + part.count(b":c ")
    is_odd = len(letters) < cells or b"r='" in part or b"r =" in part
    if is_odd or rows * columns > MAX_CELLS:
        check_extent(*_valued_extent(part), file=file, sheet=sheet)


def read_letters(letters: bytes) -> int:
    """The number of a column of a spreadsheet, from 1; of four letters at most.

    >>> read_letters(b"A"), read_letters(b"XFD")
    (1, 16384)
    """
    number = 0
    for letter in letters[:4]:
        number = number * 26 + letter - ord("A") + 1
    return number


def _valued_extent(part: bytes) -> tuple[int, int]:
    last_row = last_column = row = column = 0
    for event, element in ET.iterparse(io.BytesIO(part), ("start", "end")):
        kind = element.tag.rpartition("}")[2]
        if kind == "row" and event == "start":
            row, column = int(element.get("r", row + 1)), 0
        elif kind == "row":
            element.clear()
        elif kind == "c" and event == "end":
            match = re.fullmatch(r"([A-Z]+)(\d+)", element.get("r", ""))
            column = read_letters(match[1].encode()) if match else column + 1
            if len(element):
                last_row = max(last_row, int(match[2]) if match else row)
                last_column = max(last_column, column)
    return last_row, last_column
