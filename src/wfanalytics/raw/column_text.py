"""A sheet column by column: each distinct text once, and for every row which text it has.

A plain CSV file (no quotation marks, one width) is read that way at full speed, by Arrow; what is
read as lists of cells is turned into columns here. Cleaning then judges each distinct text once.
"""

from __future__ import annotations

import csv
import io
import mmap
import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, overload

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.csv as pa_csv

from wfanalytics.raw.limits import MAX_CELL_CHARACTERS, MAX_CELLS

Codes = npt.NDArray[np.signedinteger]
Mask = npt.NDArray[np.bool_]
#: Rows kept as lists: titles and headings stand there, and a last line may be ragged.
HEAD_ROWS = 50
_SCAN = 4_194_304
_BLOCK = 1048576


class TextColumn(NamedTuple):
    """One column: its distinct texts, and the place of each row's text among them."""

    texts: list[str]
    codes: Codes

    def find(self, judge: Callable[[str], object]) -> Mask:
        """The rows whose text ``judge`` says yes to."""
        judged = np.array([bool(judge(text)) for text in self.texts], dtype="bool")
        found: Mask = judged[self.codes]
        return found

    def take(self, rows: npt.NDArray[np.intp]) -> TextColumn:
        """The column of some of its rows."""
        return TextColumn(self.texts, self.codes[rows])

    def recode(self, mend: Callable[[str], str]) -> TextColumn:
        """The column with each text mended; the very same where none changes."""
        mended = [mend(text) for text in self.texts]
        if mended == self.texts:
            return self
        texts, (codes,) = join_texts([TextColumn(mended, self.codes)])
        return TextColumn(texts, codes)

    def to_series(self, *, is_coded: bool) -> pd.Series:
        """As pandas has it: a categorical, or Python's own text."""
        if is_coded:
            values = pd.Categorical.from_codes(self.codes, categories=_index(self.texts))
            return pd.Series(values)
        return pd.Series(np.array(self.texts, dtype="object")[self.codes], dtype="object")


class ColumnCells(Sequence[list[str]]):
    """The rows of a sheet: the first as lists, those below as columns."""

    def __init__(self, head: list[list[str]], columns: list[TextColumn]) -> None:
        self.head, self.columns = head, columns

    def __len__(self) -> int:
        return len(self.head) + len(self.columns[0].codes)

    def count_cells(self) -> int:
        """The cells of the columns; a blank row, as Excel may write by the million, is one."""
        if len(self) * len(self.columns) <= MAX_CELLS:
            return len(self) * len(self.columns)
        is_filled = np.zeros(len(self.columns[0].codes), "bool")
        for column in self.columns:
            is_filled |= column.find(bool)
        return len(is_filled) + int(is_filled.sum()) * (len(self.columns) - 1)

    @overload
    def __getitem__(self, place: int) -> list[str]: ...
    @overload
    def __getitem__(self, place: slice) -> list[list[str]]: ...
    def __getitem__(self, place: int | slice) -> list[str] | list[list[str]]:
        if isinstance(place, slice):
            return [self[i] for i in range(*place.indices(len(self)))]
        place = range(len(self))[place]
        if place < len(self.head):
            return self.head[place]
        return [texts[codes[place - len(self.head)]] for texts, codes in self.columns]

    def __iter__(self) -> Iterator[list[str]]:
        return (self[i] for i in range(len(self)))


def list_columns(
    cells: Sequence[list[str]], start: int, *, most: int | None = None
) -> list[TextColumn]:
    """The columns of a sheet from row ``start`` (from 0) down, a short row filled with ''.

    Of rows as lists ``most`` columns are made, where it is given.
    """
    if not isinstance(cells, ColumnCells):
        return _factorize(cells[start:], most)
    over = _factorize(cells.head[start:], most)
    blank = TextColumn([""], np.zeros(max(len(cells.head) - start, 0), "int8"))
    over += [blank] * (len(cells.columns) - len(over))
    none = TextColumn([""], np.zeros(len(cells.columns[0].codes), "int8"))
    columns = [*cells.columns, *[none] * (len(over) - len(cells.columns))]
    return [_join(*pair) for pair in zip(over, columns, strict=True)]


def _factorize(lines: Sequence[list[str]], most: int | None) -> list[TextColumn]:
    width = max((len(line[:most]) for line in lines), default=0)
    blanks = [""] * width
    full = [line if len(line) >= width else line + blanks[len(line) :] for line in lines]
    columns = []
    for position in range(width):
        texts = np.array([line[position] for line in full], dtype="object")
        codes, distinct = pd.factorize(texts)
        columns.append(TextColumn(distinct.tolist(), _small(codes, len(distinct))))
    return columns


def _join(first: TextColumn, second: TextColumn) -> TextColumn:
    """One column above another."""
    places = {text: i for i, text in enumerate(second.texts)}
    moved = [places.setdefault(text, len(places)) for text in first.texts]
    codes = np.array(moved, dtype="int64")[first.codes] if moved else first.codes
    return TextColumn(list(places), _small(np.concatenate([codes, second.codes]), len(places)))


def _small(codes: Codes, size: int) -> Codes:
    return codes.astype("int8" if size < 128 else "int16" if size < 32_768 else "int32", copy=False)


def _index(texts: list[str]) -> pd.Index:
    return pd.Index(texts, dtype="object")


def join_texts(parts: Sequence[TextColumn]) -> tuple[list[str], list[Codes]]:
    """The distinct texts of several columns in one list, and each one's codes in it."""
    places: dict[str, int] = {}
    moved = [[places.setdefault(text, len(places)) for text in part.texts] for part in parts]
    return list(places), [
        _small(np.array(move, dtype="int64"), len(places))[part.codes]
        for move, part in zip(moved, parts, strict=True)
    ]


def read_plain_csv(
    content: bytes | mmap.mmap, *, find_delimiter: Callable[[str], str]
) -> tuple[ColumnCells, str] | None:
    """The cells of a plain CSV file, column by column, and what separates them; None for others.

    Plain is UTF-8 without quotation marks, NUL bytes or lone carriage returns, every row below
    the first of one width, and no cell longer than Excel's.
    """
    start = 0
    for _ in range(HEAD_ROWS):
        start = content.find(b"\n", start) + 1
        if not start:
            return None
    end = find_end(content, start)
    if end == start or not _is_plain(content):
        return None
    try:
        head = content[:start].decode("utf-8-sig")
        delimiter = find_delimiter(head)
        lines = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter)
        columns = _read_columns(memoryview(content)[start:end], delimiter)
    except (UnicodeDecodeError, pa.ArrowInvalid):
        return None
    is_long = any(len(text) > MAX_CELL_CHARACTERS for texts, _ in columns for text in texts)
    if is_long:
        return None
    return ColumnCells([line if any(line) else [] for line in lines], columns), delimiter


def find_end(content: bytes | mmap.mmap, start: int = 0) -> int:
    """Where the last line ends that says something; Excel may write a million blank ones below.

    >>> find_end(b"a,b\\r\\n1,\\r\\n,\\r\\n,\\r\\n")
    7
    """
    end = len(content)
    while end > start:
        piece = content[max(start, end - _SCAN) : end]
        said = len(piece.rstrip(b" ,;\t|\r\n"))
        end -= len(piece) - said
        if said:
            line = re.compile(b"[\r\n]").search(content, end)
            return line.start() if line else len(content)
    return start


def _is_plain(content: bytes | mmap.mmap) -> bool:
    last = b""
    for place in range(0, len(content), _SCAN):
        piece = last + content[place : place + _SCAN]
        last = b"\r" if piece[-1:] == b"\r" else b""
        if b'"' in piece or b"\x00" in piece:
            return False
        if b"\r" in piece and piece.count(b"\r") > piece.count(b"\r\n") + len(last):
            return False
    return not last


def _read_columns(body: memoryview, delimiter: str) -> list[TextColumn]:
    first = bytes(body[:_BLOCK]).partition(b"\n")[0]
    names = [f"f{i}" for i in range(first.count(delimiter.encode()) + 1)]
    table = pa_csv.read_csv(
        pa.py_buffer(body),
        read_options=pa_csv.ReadOptions(column_names=names, block_size=_BLOCK),
        parse_options=pa_csv.ParseOptions(
            delimiter=delimiter, quote_char=False, ignore_empty_lines=False
        ),
        convert_options=pa_csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.dictionary(pa.int32(), pa.string()))
        ),
    ).unify_dictionaries()
    return [_take_column(table.column(name)) for name in names]


def _take_column(column: pa.ChunkedArray) -> TextColumn:
    texts = column.chunk(0).dictionary.to_pylist()
    pieces = [_small(chunk.indices.to_numpy(), len(texts)) for chunk in column.chunks]
    return TextColumn(texts, np.concatenate(pieces))
