"""Find the table inside a sheet: its heading row, and which column is which field.

Headings are matched by the aliases of ``headings.csv`` and of the area's profile, never by
position. Titles may stand above; a heading may be split over two rows, the upper one merged.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from wfanalytics.errors import InputError
from wfanalytics.raw.column_text import Mask, list_columns
from wfanalytics.raw.lists import read_list
from wfanalytics.raw.table_rows import check_width, list_rows
from wfanalytics.raw.tables import RawSheet

#: The table with a row a worker and week, whose columns stay codes of their distinct texts.
LONG_TABLE = "caseload"
#: A heading row lies within this many rows of the top.
HEADING_ROWS = 40
#: A sheet where fewer headings than this are known is notes or a picture, not an extract.
FEWEST_HEADINGS = 2
# What a registration, payroll or telephone number, an address, "Surname, First name" or "cover: J
# Smith" looks like.
_PERSONAL = re.compile(
    r"\d{5}|\b[A-Za-z]{2} ?\d{3}|@|[^\W\d] *, *[^\W\d]|\bcover(?:ed)?\b\W*(?::|by)\W*\w",
    re.IGNORECASE,
)
HIDDEN = "(not shown)"


_NO_HEADINGS: Mapping[str, str] = {}


@dataclass(frozen=True)
class RawTable:
    """A sheet's rows under field names, all text, with the spreadsheet ``row`` of each.

    ``headings`` maps each field to the heading as written; ``titles`` are the texts above it;
    ``unknown`` the headings no alias knows. Blank rows are left out and not counted. Where a
    sheet was divided, ``as_at`` is the part's own date and ``refused`` counts rows of the sheet
    that were refused before it.
    """

    sheet: RawSheet
    frame: pd.DataFrame
    heading_row: int
    headings: dict[str, str]
    titles: tuple[str, ...]
    unknown: tuple[str, ...] = field(default=())
    as_at: pd.Timestamp | None = None
    refused: int = 0


def normalise(text: str) -> str:
    """A heading or word without case, punctuation (but %) or spare spaces.

    >>> normalise(" Post  No.\\n"), normalise("FTE (%)"), normalise("From / to")
    ('post no', 'fte %', 'from to')
    """
    return " ".join(re.sub(r"[^\w%]+|_", " ", text.casefold()).split())


@functools.cache
def known_headings() -> dict[str, dict[str, str]]:
    """Table -> normalised alias -> field, from ``headings.csv``."""
    known: dict[str, dict[str, str]] = {}
    for row in _heading_rows():
        known.setdefault(row["table"], {})[normalise(row["alias"])] = row["field"]
    return known


@functools.cache
def required_fields(table: str) -> tuple[str, ...]:
    """Fields a table cannot do without, in the order of ``headings.csv``."""
    return tuple(
        dict.fromkeys(
            row["field"] for row in _heading_rows()
            if row["table"] == table and row["required"] == "yes"
        )
    )  # fmt: skip


@functools.cache
def _heading_rows() -> tuple[dict[str, str], ...]:
    return tuple(read_list("headings"))


def hide_personal(text: str) -> str:
    """``text``, unless it might name a person: then a stand-in for messages and the ledger.

    >>> hide_personal("Social Wroker"), hide_personal("SW123456"), hide_personal("Abbey, Ben")
    ('Social Wroker', '(not shown)', '(not shown)')
    >>> hide_personal("Vacant - agency cover: J Smith"), hide_personal("Agency cover")
    ('(not shown)', 'Agency cover')
    """
    return HIDDEN if _PERSONAL.search(text) else text


def has_table(
    sheet: RawSheet, table: str, *, own_headings: Mapping[str, str] = _NO_HEADINGS
) -> bool:
    """Whether a sheet has anything like the table's headings, complete or not."""
    _, fields = _find_headings(sheet, table, own_headings)
    needed = min(FEWEST_HEADINGS, len(required_fields(table)))
    return len(set(fields.values())) >= needed or _find_other(sheet, table) is not None


def find_table(
    sheet: RawSheet,
    table: str,
    *,
    own_headings: Mapping[str, str] = _NO_HEADINGS,
    optional: Collection[str] = (),
) -> RawTable:
    """The rows of one sheet as a table of text.

    Parameters
    ----------
    table : ``posts``, ``workers``, ``movements``, ``caseload`` or ``summary``.
    own_headings : the council's own headings -> fields, from its profile; a heading of '' is
        left alone, and a field that has its own heading takes no other.
    optional : required fields that this council's extracts may lack.

    Raises
    ------
    InputError
        where no heading row is found, a required column is missing, two columns claim one
        field, or the sheet is plainly another kind of extract.
    """
    row, fields = _find_headings(sheet, table, own_headings)
    found = {*fields.values(), *optional}
    missing = [name for name in required_fields(table) if name not in found]
    if missing:
        _refuse(sheet, table, row, fields, missing)
    _check_single(sheet, row, fields)
    below = list_columns(sheet.cells, row + 1, most=None if sheet.sheet else len(sheet.cells[row]))
    is_filled = [column.find(str.strip) for column in below]
    check_width(sheet, row, is_filled)
    heads = [alone for alone, _ in heading_texts(sheet.cells, row)]
    columns = {name: position for position, name in fields.items()}
    return RawTable(
        sheet,
        list_rows(below, is_filled, row, columns, is_coded=table == LONG_TABLE),
        row + 1,
        {name: heads[position] for name, position in columns.items()},
        tuple(cell.strip() for line in sheet.cells[:row] for cell in line if cell.strip()),
        tuple(_list_unknown(sheet, row, fields, own_headings, is_filled)),
    )


def _list_unknown(
    sheet: RawSheet, row: int, fields: Mapping[int, str], own_headings: Mapping[str, str],
    is_filled: list[Mask],
) -> Iterator[str]:  # fmt: skip
    """Headings no alias knows, but for those the profile says to leave alone."""
    left = {normalise(heading) for heading, name in own_headings.items() if not name}
    for position, (alone, joined) in enumerate(heading_texts(sheet.cells, row)):
        is_left = normalise(alone) in left or normalise(joined) in left
        if not alone or position in fields or is_left:
            continue
        # Not a title that stands above an empty column.
        own = sheet.cells[row][position : position + 1]
        if "".join(own).strip() or (position < len(is_filled) and is_filled[position].any()):
            yield alone


def _find_headings(
    sheet: RawSheet, table: str, own_headings: Mapping[str, str]
) -> tuple[int, dict[int, str]]:
    """The row (from 0) that holds most of the table's headings, and column -> field."""
    own = {normalise(k): v for k, v in own_headings.items()}
    aliases = known_headings()[table] | own
    best: tuple[int, dict[int, str]] = (0, {})
    for i in range(min(HEADING_ROWS, len(sheet.cells))):
        fields = _match_row(sheet.cells, i, aliases, own)
        if len(set(fields.values())) > len(set(best[1].values())):
            best = (i, fields)
        # Where a row has all that is needed, only the lower half of its heading can have more.
        elif i > best[0] and set(required_fields(table)) <= set(best[1].values()):
            break
    return best


def _find_other(sheet: RawSheet, table: str) -> tuple[str, int] | None:
    """Another kind of extract whose headings are all here, and their row (from 0)."""
    for other in known_headings():
        row, fields = _find_headings(sheet, other, _NO_HEADINGS)
        needed = required_fields(other)
        if other != table and len(needed) > 1 and set(needed) <= set(fields.values()):
            return other, row
    return None


def heading_texts(cells: Sequence[list[str]], i: int) -> list[tuple[str, str]]:
    """Each heading of row ``i`` alone, and under the text of the row above it.

    A merged cell holds its text in its first column, or in its upper row, only.

    >>> heading_texts([["Post", "", "Team"], ["No", "Title", ""]], 1)
    [('No', 'Post No'), ('Title', 'Post Title'), ('Team', 'Team')]
    """
    upper = cells[i - 1] if i else []
    width = max(len(cells[i]), len(upper))
    above, texts = "", []
    for position in range(width):
        over = upper[position].strip() if position < len(upper) else ""
        alone = cells[i][position].strip() if position < len(cells[i]) else ""
        above = over or above
        texts.append((alone, f"{above} {alone}".strip()) if alone else (over, over))
    return texts


def _match_row(
    cells: Sequence[list[str]], i: int, aliases: Mapping[str, str], own: Mapping[str, str]
) -> dict[int, str]:
    """Column position -> field, reading row ``i`` alone or under the row above it."""
    fields: dict[int, str] = {}
    mine: set[int] = set()
    for position, (alone, joined) in enumerate(heading_texts(cells, i)):
        key = next((k for k in (normalise(joined), normalise(alone)) if k in aliases), "")
        if key and aliases[key]:
            fields[position] = aliases[key]
            mine |= {position} if key in own else set()
    named = {fields[position] for position in mine}
    return {p: name for p, name in fields.items() if p in mine or name not in named}


def _refuse(
    sheet: RawSheet, table: str, row: int, fields: Mapping[int, str], missing: list[str]
) -> None:
    other = _find_other(sheet, table)
    if other is not None:
        raise InputError(
            f"this looks like a {other[0]} extract, in the {table} folder",
            file=sheet.file, sheet=sheet.sheet, row=other[1] + 1,
            remedy=f"Move it to the {other[0]} folder.",
        )  # fmt: skip
    wanted = missing[0]
    names = sorted(alias for alias, name in known_headings()[table].items() if name == wanted)
    # With one heading or none the row may hold people, not headings.
    is_heading = len(set(fields.values())) >= FEWEST_HEADINGS
    found = [hide_personal(cell.strip()) for cell in sheet.cells[row] if cell.strip()]
    raise InputError(
        f"no column for {', '.join(missing)} of the {table} table",
        file=sheet.file, sheet=sheet.sheet, row=row + 1 if is_heading else None,
        found=", ".join(found[:12]) if is_heading else "no heading row",
        allowed=f"{wanted} headed {' or '.join(repr(name) for name in names)}",
        remedy="Restore the column, or name its new heading under sources in profile.yml.",
    )  # fmt: skip


def _check_single(sheet: RawSheet, row: int, fields: Mapping[int, str]) -> None:
    seen: dict[str, int] = {}
    for position, name in fields.items():
        if name in seen:
            heads = [alone for alone, _ in heading_texts(sheet.cells, row)]
            raise InputError(
                f"two columns could be {name}: {heads[seen[name]]!r} and {heads[position]!r}",
                file=sheet.file, sheet=sheet.sheet, row=row + 1,
                remedy="Remove or rename one of them.",
            )  # fmt: skip
        seen[name] = position
