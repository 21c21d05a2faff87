"""Tables of the paper, as Word's own XML: header rows that repeat, widths that stay on the page."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import Any

import pandas as pd
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from wfanalytics.present.tables import format_table, is_number_column

#: Sizes of a table's text, in points, and the longest text that is not broken over two lines,
#: most readable first; a table too wide for the last is split by columns.
SIZES = ((12, 30), (11, 30), (12, 17), (11, 17), (10, 30), (10, 17), (9, 17), (9, 0))
#: A row of more lines than this is a ribbon: the table is set smaller while it can be.
MOST_LINES = 3
#: Widths of Arial's characters in em, near enough; bold is wider, and another font may be.
NARROW, WIDE, CAPITAL, OTHER = 0.3, 0.87, 0.72, 0.54
NARROW_LETTERS, WIDE_LETTERS = set("ijlftrI .,:;'’|!()[]/-"), set("mwMW%@—◆▲●○")
BOLD, SAFETY = 1.1, 1.06
CM_PER_POINT = 2.54 / 72
CELL_MARGIN_CM = 0.17
TWIPS_PER_CM = 1440 / 2.54
#: Text longer than this may wrap; a narrower column would make it a ribbon.
LONG_TEXT, LONG_TEXT_CM = 30, 2.4
#: A table with a longer text than this is set in smaller type from the start.
WORDY, WORDY_POINTS = 60, 10
#: Tables up to this many rows stay whole; longer ones may run on, their header repeated.
KEPT_WHOLE = 6
_NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def clean_text(text: str) -> str:
    """A text without the control characters that XML forbids."""
    return _NOT_XML.sub("", text)


@dataclass(frozen=True)
class SizedTable:
    """A table, or the columns of it that fit, as text with its size and widths."""

    table: pd.DataFrame
    is_number: list[bool]
    points: int
    widths_cm: list[float]


def size_tables(table: pd.DataFrame, *, width_cm: float) -> list[SizedTable]:
    """The table in the largest type that fits; split by columns where none does."""
    shown = format_table(table)
    shown.columns = [str(name) for name in shown.columns]
    is_number = [is_number_column(table.iloc[:, i]) for i in range(table.shape[1])]
    is_wordy = max((len(cell) for cell in shown.to_numpy().ravel()), default=0) > WORDY
    for size in SIZES:
        least = _least_widths(shown, is_number, size)
        if sum(least) <= width_cm and not (is_wordy and size[0] > WORDY_POINTS):
            sized = _size(shown, is_number, size, width_cm)
            if size == SIZES[-1] or _count_lines(sized) <= MOST_LINES:
                return [sized]
    size = SIZES[-2]
    least = _least_widths(shown, is_number, size)
    groups = _group_columns(least, width_cm)
    # As wide as each other, where that takes no more pieces.
    share = 1.1 * (sum(least) + least[0] * (len(groups) - 1)) / len(groups)
    even = _group_columns(least, min(width_cm, share))
    return [
        _size(shown.iloc[:, group], [is_number[i] for i in group], size, width_cm)
        for group in (even if len(even) == len(groups) else groups)
    ]


def _group_columns(widths: list[float], most: float) -> list[list[int]]:
    """Columns that fit side by side, each group with the first column."""
    groups: list[list[int]] = [[0]]
    for column in range(1, len(widths)):
        used = sum(widths[i] for i in groups[-1])
        if used + widths[column] > most and len(groups[-1]) > 1:
            groups.append([0])
        groups[-1].append(column)
    return groups


def _count_lines(sized: SizedTable) -> int:
    """Lines of the tallest cell, near enough."""
    cells = [
        (cell, (width - 2 * CELL_MARGIN_CM) / (SAFETY * sized.points * CM_PER_POINT))
        for i, width in enumerate(sized.widths_cm)
        for cell in sized.table.iloc[:, i]
    ]
    return max((_wrap(cell, room) for cell, room in cells), default=1)


def _wrap(text: str, room: float) -> int:
    """Lines that a text takes in so many em."""
    lines, used = 1, 0.0
    for word in text.split():
        width = sum(map(_em, word)) + NARROW
        if used and used + width - NARROW > room + 1e-9:
            lines, used = lines + 1, 0.0
        used += width
    return lines


def _size(
    shown: pd.DataFrame, is_number: list[bool], size: tuple[int, int], width_cm: float
) -> SizedTable:
    """Share out the room: what each column needs, the rest to those with long text."""
    points, least = size[0], _least_widths(shown, is_number, size)
    wished = [
        max(w, min(_widest([name, *shown.iloc[:, i]], points, bold=False), width_cm))
        for i, (name, w) in enumerate(zip(shown.columns, least, strict=True))
    ]
    spare, more = width_cm - sum(least), [w - x for w, x in zip(wished, least, strict=True)]
    share = min(1.0, max(0.0, spare) / sum(more)) if sum(more) else 0.0
    widths = [w + share * m for w, m in zip(least, more, strict=True)]
    scale = min(1.0, width_cm / sum(widths))
    return SizedTable(shown, is_number, points, [w * scale for w in widths])


def _widest(texts: Iterable[str], points: int, *, bold: bool) -> float:
    """Width in cm of a column that holds the widest of these texts on one line."""
    em = max((sum(map(_em, text)) for text in texts), default=0.0)
    return em * (BOLD if bold else 1) * SAFETY * points * CM_PER_POINT + 2 * CELL_MARGIN_CM


def _em(letter: str) -> float:
    if letter in NARROW_LETTERS:
        return NARROW
    return WIDE if letter in WIDE_LETTERS else CAPITAL if letter.isupper() else OTHER


def _words(text: str) -> list[str]:
    """The pieces of a text between which a line may break: at spaces and after hyphens.

    A mark such as ◆ keeps the word after it.
    """
    return re.findall(r"(?:[▲◆●○] )?[^\s-]+-?|-", text)


def _least_widths(shown: pd.DataFrame, is_number: list[bool], size: tuple[int, int]) -> list[float]:
    """Widths below which a word, a number or a short text would break."""
    points, unbroken = size
    widths = []
    for position, name in enumerate(shown.columns):
        cells = list(shown.iloc[:, position])
        longest = max(map(len, cells), default=0)
        is_whole = is_number[position] or longest <= unbroken
        pieces = cells if is_whole else [word for cell in cells for word in _words(cell)]
        head = _widest(_words(name), points, bold=True)
        least = max(_widest(pieces, points, bold=False), head)
        widths.append(max(least, LONG_TEXT_CM) if longest > LONG_TEXT else least)
    return widths


def make_table(sized: SizedTable, *, title: str, description: str, style: str) -> Any:
    """The ``w:tbl`` element: first row repeated and marked, no row broken over two pages.

    ``style`` is the identifier of a table style.
    """
    widths = [round(w * TWIPS_PER_CM) for w in sized.widths_cm]
    rows = [list(sized.table.columns), *sized.table.to_numpy().tolist()]
    last = len(rows) - 1
    body = "".join(
        _row(cells, sized, widths, is_head=n == 0,
             keep=n < last and (last <= KEPT_WHOLE or n < 3 or n == last - 1))
        for n, cells in enumerate(rows)
    )  # fmt: skip
    margins = "".join(
        f'<w:{side} w:w="{round(CELL_MARGIN_CM * TWIPS_PER_CM)}" w:type="dxa"/>'
        for side in ("left", "right")
    )
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return parse_xml(
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblStyle w:val="{style}"/>'
        f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblBorders>{_borders()}</w:tblBorders>'
        f'<w:tblLayout w:type="fixed"/><w:tblCellMar>{margins}</w:tblCellMar>'
        '<w:tblLook w:val="0420" w:firstRow="1" w:lastRow="0" w:firstColumn="0" '
        'w:lastColumn="0" w:noHBand="0" w:noVBand="1"/>'
        f'<w:tblCaption w:val="{_attribute(title)}"/>'
        f'<w:tblDescription w:val="{_attribute(description)}"/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{body}</w:tbl>"
    )


def _borders() -> str:
    """Thin lines between rows only."""
    line = '<w:{} w:val="single" w:sz="4" w:space="0" w:color="B1B4B6"/>'
    none = '<w:{} w:val="nil"/>'
    sides = {"top": line, "left": none, "bottom": line, "right": none}
    return "".join(
        xml.format(side) for side, xml in (sides | {"insideH": line, "insideV": none}).items()
    )


def _row(
    cells: list[str], sized: SizedTable, widths: list[int], *, is_head: bool, keep: bool
) -> str:
    head = "<w:tblHeader/>" if is_head else ""
    written = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>'
        f"{_cell(cell, sized.points, is_bold=is_head, is_number=number, keep=keep)}</w:tc>"
        for cell, width, number in zip(cells, widths, sized.is_number, strict=True)
    )
    return f"<w:tr><w:trPr><w:cantSplit/>{head}</w:trPr>{written}</w:tr>"


def _cell(text: str, points: int, *, is_bold: bool, is_number: bool, keep: bool) -> str:
    next_ = "<w:keepNext/>" if keep else ""
    align = "right" if is_number else "left"
    bold = "<w:b/>" if is_bold else ""
    return (
        f'<w:p><w:pPr>{next_}<w:spacing w:before="20" w:after="20" w:line="240" '
        f'w:lineRule="auto"/><w:jc w:val="{align}"/></w:pPr><w:r><w:rPr>{bold}'
        f'<w:sz w:val="{points * 2}"/></w:rPr>'
        f'<w:t xml:space="preserve">{escape(clean_text(text))}</w:t></w:r></w:p>'
    )


def _attribute(text: str) -> str:
    return escape(clean_text(text), quote=True)
