"""Find the table inside a sheet: its heading row, and which column is which field.

Headings are matched by the aliases of ``headings.csv`` and of the area's profile, never by
position. Titles may stand above; a heading may be split over two rows, the upper one merged.
"""

from __future__ import annotations

import csv
import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import resources

import pandas as pd

from wfanalytics.errors import InputError
from wfanalytics.raw.tables import RawSheet

#: A heading row lies within this many rows of the top.
HEADING_ROWS = 40


@dataclass(frozen=True)
class RawTable:
    """A sheet's rows under field names, all text, with the spreadsheet ``row`` of each.

    ``headings`` maps each field to the heading as written; ``titles`` are the texts above it;
    ``unknown`` the headings no alias knows. Blank rows are left out and not counted.
    """

    sheet: RawSheet
    frame: pd.DataFrame
    heading_row: int
    headings: dict[str, str]
    titles: tuple[str, ...]
    unknown: tuple[str, ...] = field(default=())


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
    text = resources.files("wfanalytics.raw").joinpath("headings.csv").read_text("utf-8")
    return tuple(csv.DictReader(text.splitlines()))


def find_table(sheet: RawSheet, table: str, *, own_headings: Mapping[str, str] = {}) -> RawTable:
    """The rows of one sheet as a table of text.

    Parameters
    ----------
    table : ``posts``, ``workers``, ``movements``, ``caseload`` or ``summary``.
    own_headings : the council's own headings -> fields, from its profile.

    Raises
    ------
    InputError
        where no heading row is found, a required column is missing, two columns claim one
        field, or the sheet is plainly another kind of extract.
    """
    aliases = known_headings()[table] | {normalise(k): v for k, v in own_headings.items()}
    row, fields = max(
        ((i, _match_row(sheet.cells, i, aliases)) for i in range(_depth(sheet))),
        key=lambda pair: (len(set(pair[1].values())), -pair[0]),
    )
    missing = [name for name in required_fields(table) if name not in fields.values()]
    if missing:
        _refuse(sheet, table, row, fields, missing)
    _check_single(sheet, row, fields)
    heads = sheet.cells[row]
    columns = {name: position for position, name in fields.items()}
    return RawTable(
        sheet,
        _rows_below(sheet, row, columns),
        row + 1,
        {name: heads[position].strip() for name, position in columns.items()},
        tuple(cell.strip() for line in sheet.cells[:row] for cell in line if cell.strip()),
        tuple(h.strip() for i, h in enumerate(heads) if h.strip() and i not in fields),
    )


def _depth(sheet: RawSheet) -> int:
    return min(HEADING_ROWS, len(sheet.cells))


def _match_row(cells: list[list[str]], i: int, aliases: Mapping[str, str]) -> dict[int, str]:
    """Column position -> field, reading row ``i`` alone or under the row above it."""
    above = ""
    fields: dict[int, str] = {}
    upper = cells[i - 1] if i else []
    for position, cell in enumerate(cells[i]):
        # A merged cell holds its text in its first column only.
        if position < len(upper) and upper[position].strip():
            above = upper[position]
        alone, joined = normalise(cell), normalise(f"{above} {cell}")
        name = aliases.get(joined) or aliases.get(alone)
        if name and alone:
            fields[position] = name
    return fields


def _refuse(
    sheet: RawSheet, table: str, row: int, fields: Mapping[int, str], missing: list[str]
) -> None:
    for other in known_headings():
        matched = _match_row(sheet.cells, row, known_headings()[other])
        fits = all(name in matched.values() for name in required_fields(other))
        if other != table and fits:
            raise InputError(
                f"this looks like a {other} extract, in the {table} folder",
                file=sheet.file, sheet=sheet.sheet, row=row + 1,
                remedy=f"Move it to the {other} folder.",
            )  # fmt: skip
    wanted = missing[0]
    names = sorted(alias for alias, name in known_headings()[table].items() if name == wanted)
    found = [cell.strip() for cell in sheet.cells[row] if cell.strip()] if fields else []
    raise InputError(
        f"no column for {', '.join(missing)} of the {table} table",
        file=sheet.file, sheet=sheet.sheet, row=row + 1 if fields else None,
        found=", ".join(found[:12]) if found else "no heading row",
        allowed=f"{wanted} headed {' or '.join(repr(name) for name in names)}",
        remedy="Restore the column, or name its new heading under sources in profile.yml.",
    )  # fmt: skip


def _check_single(sheet: RawSheet, row: int, fields: Mapping[int, str]) -> None:
    seen: dict[str, int] = {}
    for position, name in fields.items():
        if name in seen:
            heads = sheet.cells[row]
            raise InputError(
                f"two columns could be {name}: {heads[seen[name]]!r} and {heads[position]!r}",
                file=sheet.file, sheet=sheet.sheet, row=row + 1,
                remedy="Remove or rename one of them.",
            )  # fmt: skip
        seen[name] = position


def _rows_below(sheet: RawSheet, row: int, columns: Mapping[str, int]) -> pd.DataFrame:
    below = [
        (number, line) for number, line in enumerate(sheet.cells[row + 1 :], start=row + 2)
        if any(cell.strip() for cell in line)
    ]  # fmt: skip
    data: dict[str, object] = {"row": [number for number, _ in below]}
    for name, position in columns.items():
        data[name] = [line[position] if position < len(line) else "" for _, line in below]
    # The first cell shows a Total or a footnote, whatever column it stands in.
    data["first"] = [next(cell.strip() for cell in line if cell.strip()) for _, line in below]
    data["filled"] = [sum(1 for cell in line if cell.strip()) for _, line in below]
    return pd.DataFrame(data).astype({"row": "int64", "first": "str", "filled": "int64"})
