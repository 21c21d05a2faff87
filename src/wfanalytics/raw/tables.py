"""Read spreadsheets and CSV files as a grid of text, saying where each cell was.

Nothing is interpreted here. A number in a workbook becomes its shortest text, a date its ISO
form (whichever of Excel's two calendars the book uses), an error its code, such as ``#REF!``;
everything else is as written. Rows are counted the way a spreadsheet shows them, from 1.
"""

from __future__ import annotations

import hashlib
import mmap
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from wfanalytics.errors import InputError
from wfanalytics.raw.books import read_book
from wfanalytics.raw.column_text import ColumnCells
from wfanalytics.raw.csv_text import read_csv_text
from wfanalytics.raw.limits import MAX_FILE_BYTES, MAX_LONG_BYTES, check_file

#: Not .xlsb: there an error cell cannot be told from an empty one.
BOOK_SUFFIXES = (".xlsx", ".xlsm", ".xls", ".ods")
TEXT_SUFFIXES = (".csv", ".txt", ".tsv")

_LINE = 1_000
_INVISIBLE = re.compile("[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


@dataclass(frozen=True)
class RawSheet:
    """One sheet, or one CSV file (``sheet`` ''), as text.

    ``file`` is the path inside the area's folder with ``/``; ``cells[0]`` is row 1.
    """

    file: str
    sheet: str
    cells: Sequence[list[str]]
    sha256: str
    is_hidden: bool = False
    has_marks: bool = False
    """Whether invisible characters were taken out of its cells."""
    encoding: str = ""
    delimiter: str = ""
    """How a CSV file is written; '' for any other."""


def read_sheets(path: Path, *, root: Path, most: int = MAX_FILE_BYTES) -> list[RawSheet]:
    """Every sheet of a file that holds anything, as text.

    ``most`` is the largest CSV file allowed, in bytes, if it is a plain one.

    Raises
    ------
    InputError
        for a file that is missing, empty, damaged, encrypted or of a kind not read.
    """
    file = path.relative_to(root).as_posix()
    suffix = path.suffix.lower()
    content = _read_bytes(path, file, most=most if suffix in TEXT_SUFFIXES else MAX_FILE_BYTES)
    if not content[:_LINE].strip() and not content[:].strip():
        raise InputError("the file is empty", file=file, remedy="Ask for the extract again.")
    digest = hashlib.sha256(content).hexdigest()
    if suffix in BOOK_SUFFIXES:
        sheets = [
            RawSheet(file, page.name, page.cells, digest, page.is_hidden)
            for page in read_book(bytes(content), file=file, suffix=suffix)
        ]
    elif suffix in TEXT_SUFFIXES:
        rows, *form = read_csv_text(content, file=file)
        sheets = [RawSheet(file, "", rows, digest, False, False, *form)]
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
    is_plain = suffix in TEXT_SUFFIXES and isinstance(content, bytes) and content.isascii()
    return found if is_plain else [take_out_marks(sheet) for sheet in found]


def take_out_marks(sheet: RawSheet) -> RawSheet:
    """The sheet without the characters nobody can see, which make two words of one.

    Zero-width spaces, soft hyphens, direction marks and byte order marks come with text copied
    from a web page or with files put one after another. They carry no content.
    """
    if isinstance(sheet.cells, ColumnCells):
        return _take_out_of_columns(sheet, sheet.cells)
    odd = [
        (line, i)
        for line in sheet.cells
        if not "".join(line).isascii()
        for i, cell in enumerate(line)
        if _INVISIBLE.search(cell)
    ]
    for line, i in odd:
        line[i] = _INVISIBLE.sub("", line[i])
    return replace(sheet, has_marks=True) if odd else sheet


def _take_out_of_columns(sheet: RawSheet, cells: ColumnCells) -> RawSheet:
    head = take_out_marks(replace(sheet, cells=[[*line] for line in cells.head]))
    columns = [column.recode(lambda text: _INVISIBLE.sub("", text)) for column in cells.columns]
    is_odd = head.has_marks or any(a is not b for a, b in zip(columns, cells.columns, strict=True))
    return replace(sheet, cells=ColumnCells([*head.cells], columns), has_marks=is_odd)


def hash_file(path: Path) -> str:
    """SHA-256 of a file's bytes, as hexadecimal text."""
    content = _read_bytes(path, f"{path.parent.name}/{path.name}", most=MAX_LONG_BYTES)
    return hashlib.sha256(content).hexdigest()


def _read_bytes(path: Path, file: str, *, most: int) -> bytes | mmap.mmap:
    """A file's content; one above the usual limit stays on the disk until it is used."""
    check_file(path, file, most=most)
    try:
        with path.open("rb") as stream:
            if os.fstat(stream.fileno()).st_size > MAX_FILE_BYTES:
                return mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
            content = stream.read()
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
    return content
