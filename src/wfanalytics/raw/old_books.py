"""Errors in the cells of .xls and .ods workbooks, which calamine reads as empty cells.

An empty cell and ``#REF!`` are not the same to an analyst (rule 26), so the workbook is read a
second time for its errors alone: sheet by sheet, in the workbook's order, as row and column
(from 0) and text.
"""

from __future__ import annotations

import io
import struct
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Iterator

Errors = list[tuple[int, int, str]]

#: [MS-XLS] 2.5.10: what a cell's error byte stands for.
_CODES = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?",
          0x24: "#NUM!", 0x2A: "#N/A"}  # fmt: skip
_BOUNDSHEET, _FORMULA, _BOOLERR, _EOF = 0x85, 0x06, 0x205, 0x0A
_MULRK = 0xBD
#: Records of cells with a value: formula, several numbers, text (three ways), number, error.
_CELLS = frozenset({_FORMULA, _MULRK, 0xD6, 0xFD, 0x203, 0x204, _BOOLERR, 0x27E})
_END_OF_CHAIN = 0xFFFFFFFA
#: A cell repeated further than this is a whole row or column of formatting, not of results.
_MOST_REPEATS = 1000


def find_ods_errors(content: bytes) -> list[Errors]:
    """Errors of each sheet of an OpenDocument spreadsheet."""
    root = ET.fromstring(zipfile.ZipFile(io.BytesIO(content)).read("content.xml"))
    return [list(_ods_sheet(table)) for table in root.iterfind(".//{*}spreadsheet/{*}table")]


def list_ods_extents(part: bytes) -> list[tuple[int, int]]:
    """Rows and columns of each table of an OpenDocument ``content.xml``, up to its last value."""
    extents = []
    rows = last_row = last_column = 0
    for _, element in ET.iterparse(io.BytesIO(part)):
        kind = element.tag.rpartition("}")[2]
        if kind == "table":
            extents.append((last_row, last_column))
            rows = last_row = last_column = 0
        elif kind == "table-row":
            rows, column = rows + _repeats(element, "rows"), 0
            for cell in element:
                column += _repeats(cell, "columns")
                if len(cell) or any(key.endswith("}value-type") for key in cell.attrib):
                    last_row, last_column = rows, max(last_column, column)
            element.clear()
    return extents


def _ods_sheet(table: ET.Element) -> Iterator[tuple[int, int, str]]:
    row = 0
    for line in table.iter():
        if not line.tag.endswith("}table-row"):
            continue
        rows, column = _repeats(line, "rows"), 0
        for cell in line:
            columns = _repeats(cell, "columns")
            if _is_ods_error(cell):
                text = "".join(cell.itertext()).strip() or "#ERROR!"
                for i in range(min(rows, _MOST_REPEATS)):
                    yield from ((row + i, column + j, text) for j in range(columns))
            column += columns
        row += rows


def _repeats(element: ET.Element, what: str) -> int:
    name = f"number-{what}-repeated"
    return int(next((value for key, value in element.items() if key.endswith(name)), "1"))


def _is_ods_error(cell: ET.Element) -> bool:
    kinds = {key.rpartition("}")[2]: value for key, value in cell.items()}
    is_unsaved = "formula" in kinds and "value-type" not in kinds
    types = [value for key, value in cell.items() if key.endswith("}value-type")]
    return is_unsaved or "error" in types


def find_xls_errors(content: bytes) -> list[Errors]:
    """Errors of each sheet of an Excel 97-2003 workbook.

    Raises
    ------
    ValueError
        where the bytes are no such workbook.
    """
    try:
        book = _read_stream(content)
        return [list(_xls_sheet(book, start)) for start in _sheet_starts(book)]
    except (struct.error, IndexError) as error:
        raise ValueError("not an .xls workbook") from error


def list_xls_extents(content: bytes) -> list[tuple[int, int]]:
    """Rows and columns of each sheet up to its last cell, whatever the sheet says of its size.

    Raises
    ------
    ValueError
        where the bytes are no such workbook.
    """
    try:
        book = _read_stream(content)
        return [_xls_extent(book, start) for start in _sheet_starts(book)]
    except (struct.error, IndexError) as error:
        raise ValueError("not an .xls workbook") from error


def _xls_extent(book: bytes, start: int) -> tuple[int, int]:
    rows = columns = 0
    for kind, data in _records(book, start):
        if kind in _CELLS:
            row, column = struct.unpack_from("<HH", data)
            last = struct.unpack_from("<H", data, len(data) - 2)[0] if kind == _MULRK else column
            rows, columns = max(rows, row + 1), max(columns, last + 1)
    return rows, columns


def _records(book: bytes, position: int) -> Iterator[tuple[int, bytes]]:
    while position < len(book):
        kind, length = struct.unpack_from("<HH", book, position)
        yield kind, book[position + 4 : position + 4 + length]
        if kind == _EOF:
            return
        position += 4 + length


def _sheet_starts(book: bytes) -> list[int]:
    found = (data for kind, data in _records(book, 0) if kind == _BOUNDSHEET)
    return [struct.unpack_from("<I", data)[0] for data in found]


def _xls_sheet(book: bytes, start: int) -> Iterator[tuple[int, int, str]]:
    for kind, data in _records(book, start):
        if kind == _BOOLERR and data[7]:
            code = data[6]
        elif kind == _FORMULA and data[12:14] == b"\xff\xff" and data[6] == 2:
            code = data[8]
        else:
            continue
        row, column = struct.unpack_from("<HH", data)
        yield row, column, _CODES.get(code, "#ERROR!")


def _read_stream(content: bytes) -> bytes:
    """The workbook's own stream out of the compound file ([MS-CFB]) it is kept in."""
    size = 1 << struct.unpack_from("<H", content, 30)[0]
    (first_directory,) = struct.unpack_from("<I", content, 48)
    cutoff, first_mini = struct.unpack_from("<II", content, 56)
    sectors = [content[i : i + size] for i in range(size, len(content), size)]
    table = _read_table(content, sectors)
    directory = _follow(first_directory, sectors, table)
    entries = [directory[i : i + 128] for i in range(0, len(directory), 128)]
    root = entries[0]
    for entry in entries:
        (length,) = struct.unpack_from("<H", entry, 64)
        if entry[: max(length - 2, 0)].decode("utf-16-le") not in ("Workbook", "Book"):
            continue
        start, stream_size = struct.unpack_from("<II", entry, 116)
        if stream_size >= cutoff:
            return _follow(start, sectors, table)[:stream_size]
        small = _follow(struct.unpack_from("<I", root, 116)[0], sectors, table)
        pieces = [small[i : i + 64] for i in range(0, len(small), 64)]
        return _follow(start, pieces, _numbers(_follow(first_mini, sectors, table)))[:stream_size]
    raise ValueError("no workbook inside")


def _read_table(content: bytes, sectors: list[bytes]) -> list[int]:
    """Which sector follows which."""
    listed = list(struct.unpack_from("<109I", content, 76))
    (more,) = struct.unpack_from("<I", content, 68)
    for _ in sectors:
        if more >= _END_OF_CHAIN:
            break
        *numbers, more = _numbers(sectors[more])
        listed += numbers
    return _numbers(b"".join(sectors[number] for number in listed if number < _END_OF_CHAIN))


def _numbers(data: bytes) -> list[int]:
    return list(struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4]))


def _follow(start: int, sectors: list[bytes], table: list[int]) -> bytes:
    parts = []
    while start < _END_OF_CHAIN:
        parts.append(sectors[start])
        if len(parts) > len(sectors):
            raise ValueError("a chain of sectors without an end")
        start = table[start]
    return b"".join(parts)
