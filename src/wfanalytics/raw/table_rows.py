"""The rows below a heading row, from columns of text."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
import pandas as pd

from wfanalytics.errors import InputError
from wfanalytics.raw.column_text import ColumnCells, Mask, TextColumn, join_texts
from wfanalytics.raw.tables import RawSheet

_TOTAL_LABEL = re.compile(r"\s*((grand|sub)[ -]?)?totals?\b|.*\b(sub)?totals?\s*$", re.IGNORECASE)


def check_width(sheet: RawSheet, row: int, is_filled: list[Mask]) -> None:
    """Refuse a CSV row that is wider than its headings: its cells stand under wrong ones."""
    width = len(sheet.cells[row])
    wide = [int(mask.argmax()) for mask in is_filled[width:] if mask.any()]
    lists = sheet.cells.head if isinstance(sheet.cells, ColumnCells) else sheet.cells
    lines = enumerate(lists[row + 1 :])
    wide += [i for i, line in lines if len(line) > width and "".join(line[width:]).strip()]
    if wide and not sheet.sheet:
        raise InputError(
            "a row has more cells than there are headings", file=sheet.file,
            row=row + 2 + min(wide),
            remedy="Put quotation marks round a text that holds the separator.",
        )  # fmt: skip


def list_rows(
    below: list[TextColumn], is_filled: list[Mask], row: int, columns: Mapping[str, int], *,
    is_coded: bool,
) -> pd.DataFrame:  # fmt: skip
    """The rows below a heading row (from 0) as a table, the blank ones left out.

    Besides the fields: the ``first`` text of the row, how many cells are ``filled``, its ``row``.
    """
    size = len(below[0].codes) if below else 0
    filled = sum(is_filled, start=np.zeros(size, "int64"))
    if not filled.all():
        rows = np.flatnonzero(filled)
        below, is_filled = [c.take(rows) for c in below], [mask[rows] for mask in is_filled]
    blank = TextColumn([""], np.zeros(np.count_nonzero(filled), "int8"))
    data = {
        name: (below[position] if position < len(below) else blank).to_series(is_coded=is_coded)
        for name, position in columns.items()
    }
    data["first"] = _find_first(below, is_filled).to_series(is_coded=is_coded)
    data["filled"] = pd.Series(filled[filled > 0])
    data["row"] = pd.Series(np.flatnonzero(filled) + row + 2)
    return pd.DataFrame(data)


def _find_first(below: list[TextColumn], is_filled: list[Mask]) -> TextColumn:
    """The first cell of each row, which shows a Total or a footnote in whatever column.

    Where columns have changed places, the label of a Total may come after its numbers.
    """
    usual = next((i for i, mask in enumerate(is_filled) if mask.all()), len(below))
    found = list(zip(below, is_filled, strict=True))[: usual + 1]
    labels = [(c, c.find(_is_label)) for c in below]
    found = [*[pair for pair in labels if pair[1].any()], *found]
    texts, codes = join_texts([TextColumn([t.strip() for t in c.texts], c.codes) for c, _ in found])
    first = np.zeros(len(codes[0]) if codes else 0, "int32")
    for own, (_, mask) in zip(reversed(codes), reversed(found), strict=True):
        np.copyto(first, own, where=mask)
    return TextColumn(texts, first)


def _is_label(text: str) -> bool:
    return "total" in text.lower() and _TOTAL_LABEL.match(text.strip()) is not None
