"""The heading row of an unknown sheet, and the cells that stand under each heading."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from wfanalytics.clean.contents import Contents
from wfanalytics.clean.layouts import is_units
from wfanalytics.clean.rows import names_total
from wfanalytics.raw.headings import FEWEST_HEADINGS, HEADING_ROWS, heading_texts, normalise
from wfanalytics.raw.synonyms import is_known
from wfanalytics.raw.tables import RawSheet

#: What a sheet may hold.
KINDS = ("workers", "posts", "movements", "caseload", "summary", "establishment")
#: A row in which a larger share of the cells has digits holds data, not headings.
_HEADING_DIGITS = 0.34
#: Lines of a sheet that are looked at.
_MOST_LINES = 50_000


@dataclass(frozen=True)
class Grid:
    """A sheet with its heading row (from 0), headings and the cells of each below."""

    sheet: RawSheet
    row: int
    heads: tuple[tuple[str, str], ...]
    lines: tuple[tuple[str, ...], ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """Each heading as a profile can name it: alone, or under the upper one where it must."""
        alone = Counter(normalise(text) for text, _ in self.heads)
        keys = [text if alone[normalise(text)] == 1 else joined for text, joined in self.heads]
        return tuple(" ".join(key.split()) for key in keys)


def find_grid(sheet: RawSheet) -> Grid | None:
    """The heading row of a sheet, and what stands below it; None where there is none."""
    best: tuple[int, int, int] | None = None
    for i in range(min(HEADING_ROWS, len(sheet.cells))):
        filled = [cell for cell in sheet.cells[i] if cell.strip()]
        digits = sum(any(c.isdigit() for c in cell) for cell in filled)
        if len(filled) < FEWEST_HEADINGS or digits > _HEADING_DIGITS * len(filled):
            continue
        candidate = (_count_known(heading_texts(sheet.cells, i)), len(filled), -i)
        if best is None or (candidate[0], 0.8 * candidate[1]) > best[:2]:
            best = candidate
    if best is None:
        return None
    row = -best[2]
    heads = heading_texts(sheet.cells, row)
    lines = tuple(_data_lines(sheet, row, [alone for alone, _ in heads]))
    return Grid(sheet, row, tuple(heads), lines) if lines else None


def _count_known(heads: Sequence[tuple[str, str]]) -> int:
    """How many headings are known as those of their best table."""
    return max(
        sum(is_known(alone, kind) or is_known(joined, kind) for alone, joined in heads)
        for kind in KINDS
    )


def _data_lines(sheet: RawSheet, row: int, heads: list[str]) -> Iterator[tuple[str, ...]]:
    width = len(heads)
    over = [cell.strip() for cell in sheet.cells[row - 1]] if row else []
    for number, line in enumerate(sheet.cells[row + 1 : row + 1 + _MOST_LINES]):
        cells = [cell.strip() for cell in line[:width]] + [""] * (width - len(line))
        filled = [cell for cell in cells if cell]
        same = sum(cell == head for cell, head in zip(cells, heads, strict=True) if cell)
        is_note = len(filled) < min(2, width) or any(map(names_total, filled))
        is_note = is_note or (any(over) and cells[: len(over)] == over)
        if not is_note and same <= len(filled) / 2 and not (number == 0 and is_units(cells)):
            yield tuple(cells)


def pool_cells(grids: Sequence[Grid]) -> dict[str, Contents]:
    """The cells under each heading, normalised, of sheets with the same headings."""
    cells: dict[str, list[str]] = {}
    for grid in grids:
        for position, key in enumerate(grid.keys):
            cells.setdefault(normalise(key), []).extend(line[position] for line in grid.lines)
    return {key: Contents.of(values) for key, values in cells.items()}
