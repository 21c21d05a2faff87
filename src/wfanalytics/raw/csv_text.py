"""CSV files as text: encodings, separators and quotation marks."""

from __future__ import annotations

import codecs
import csv
import io
import mmap
import re
from collections.abc import Sequence
from typing import NamedTuple

from wfanalytics.errors import InputError
from wfanalytics.raw.column_text import find_end, read_plain_csv
from wfanalytics.raw.limits import (
    MAX_CELL_CHARACTERS,
    MAX_CELLS,
    MAX_FILE_BYTES,
    MAX_LONG_CELLS,
    check_extent,
    check_size,
)

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}

#: What UTF-8 text of a council holds beyond ASCII: European letters, dashes, quotation marks.
_USUAL = re.compile("[\u00a0-\u017f\u2010-\u2044\u20ac]")

#: Enough for the 30 rows the separator is found from.
_HEAD_CHARACTERS = 100_000


class CsvText(NamedTuple):
    """A CSV file's rows, Python's name of its encoding, and what separates its cells."""

    rows: Sequence[list[str]]
    encoding: str
    delimiter: str


def read_csv_text(content: bytes | mmap.mmap, *, file: str) -> CsvText:
    """The rows of a CSV file and how it is written; ``file`` is its name in messages.

    A plain one is read column by column, and may be longer; any other with Python's own reader.

    Raises
    ------
    InputError
        for text that cannot be read with certainty, or too much of it.
    """
    found = read_plain_csv(content, find_delimiter=_find_delimiter)
    most = MAX_CELLS if len(content) <= MAX_FILE_BYTES else MAX_LONG_CELLS
    if found is not None:
        plain, delimiter = found
        if plain.count_cells() > most:
            check_extent(len(plain), len(plain.columns), file=file, most=most)
        return CsvText(plain, _name_utf8(content), delimiter)
    check_size(
        len(content), file, most=MAX_FILE_BYTES,
        remedy="A longer one is read only as plain text: UTF-8, no quotation marks, as many cells "
        "in every row. Save it so, or split it by month.",
    )  # fmt: skip
    return _read_rows(bytes(content), file)


def _read_rows(content: bytes, file: str) -> CsvText:
    """Row by row, whatever is in them; blank rows are empty lists."""
    encoding = _find_encoding(content, file)
    content = content if encoding == "utf-16" else content[: find_end(content)]
    # Decoded as it is read: the whole text at once takes five times the file's size.
    text = io.TextIOWrapper(io.BytesIO(content), encoding, newline="")
    delimiter = _find_delimiter(text.read(_HEAD_CHARACTERS))
    text.seek(0)
    rows: list[list[str]] = []
    cells = widest = 0
    usual = csv.field_size_limit(MAX_CELL_CHARACTERS)
    try:
        for row in csv.reader(text, delimiter=delimiter, strict=True):
            # Excel may write a million rows of separators below the table.
            line = row if row and (row[0] or any(row)) else []
            rows.append(line)
            width = len(line)
            cells += width or 1
            if width > widest:
                widest = width
            if cells > MAX_CELLS:
                check_extent(len(rows), max(widest, 1), file=file)
    except csv.Error as error:
        is_long = "field limit" in str(error)
        problem = f"the text is not a readable CSV file ({error})"
        raise InputError(
            "a cell is too long" if is_long else problem, file=file, row=len(rows) + 1,
            allowed=f"{MAX_CELL_CHARACTERS:,} characters" if is_long else None,
            remedy="Look for a quotation mark that is opened and never closed.",
        ) from None  # fmt: skip
    finally:
        csv.field_size_limit(usual)
    while rows and not rows[-1]:
        rows.pop()
    return CsvText(rows, encoding, delimiter)


def _name_utf8(content: bytes | mmap.mmap) -> str:
    return "utf-8-sig" if content[: len(codecs.BOM_UTF8)] == codecs.BOM_UTF8 else "utf-8"


def _find_encoding(content: bytes, file: str) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            content.decode("utf-16")
        except UnicodeDecodeError:
            raise InputError(
                "the text is cut off or damaged", file=file, remedy="Ask for the extract again."
            ) from None
        return "utf-16"
    if b"\x00" in content:
        raise InputError(
            "the file holds NUL bytes, so it is damaged or not text",
            file=file,
            remedy="Ask for the extract again.",
        )
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        # What Excel on Windows writes as "CSV"; the five bytes it leaves undefined cannot occur
        # in it, so they show that the file is something else.
        _check_one_encoding(content, file)
        try:
            content.decode("cp1252")
        except UnicodeDecodeError:
            raise InputError(
                "the text is neither UTF-8 nor Windows (cp1252)",
                file=file,
                remedy="Save it again as 'CSV UTF-8'.",
            ) from None
        return "cp1252"
    return _name_utf8(content)


def _check_one_encoding(content: bytes, file: str) -> None:
    """Refuse a file put together from a UTF-8 and a Windows one: one half would be garbled."""
    for number, line in enumerate(content.split(b"\n"), start=1):
        if not line.isascii() and _USUAL.search(line.decode("utf-8", "ignore")):
            try:
                line.decode("utf-8")
            except UnicodeDecodeError:
                continue
            raise InputError(
                "the text mixes two encodings, UTF-8 and Windows (cp1252)", file=file, row=number,
                remedy="Export it again, or save each part as 'CSV UTF-8' and put them together.",
            )  # fmt: skip


def _find_delimiter(text: str) -> str:
    """The separator that splits the first 30 lines into most cells, the same number in each.

    A comma in a title and in every "Surname, First name" is in more lines than the real one.
    """
    lines = [line for line in text.splitlines()[:30] if line.strip()]

    def agreement(delimiter: str) -> tuple[int, int]:
        counts = [line.count(delimiter) for line in lines if delimiter in line]
        commonest = max(set(counts), key=counts.count) if counts else 0
        return counts.count(commonest) * commonest, commonest

    return max(DELIMITERS, key=agreement)
