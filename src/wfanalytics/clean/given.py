"""What only a file's name tells of an unknown extract, weeks side by side, and merged cells.

A list of leavers has no column that says "leaver", a list of agency staff none for the contract.
The name is believed only where the headings agree: a leaving date in every row, no such column.
"""

from __future__ import annotations

import fnmatch
import glob
import itertools
import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import replace
from pathlib import PurePosixPath

from wfanalytics.clean.columns import parse_date
from wfanalytics.clean.declared import read_week
from wfanalytics.clean.grids import Grid, find_grid
from wfanalytics.clean.propose import Proposal, common_start
from wfanalytics.raw.headings import HEADING_ROWS, required_fields
from wfanalytics.raw.synonyms import SYNONYM, find_meanings, is_known
from wfanalytics.raw.tables import RawSheet
from wfanalytics.settings import FilePart

#: Word in a name -> field, word for each row, and what the heading of its date is like.
_NAMES = (
    (re.compile(r"leavers?|leaving", re.I), "movement", "leaver",
     re.compile(r"\b(leav\w*|left|last (working )?day|terminat\w*|end(ed)?)\b", re.I)),
    (re.compile(r"starters?|joiners?|new starts?", re.I), "movement", "starter",
     re.compile(r"\b(start\w*|join\w*|appoint\w*|commenc\w*)\b", re.I)),
    (re.compile(r"agency|locums?", re.I), "employment", "agency", None),
)  # fmt: skip
_TABLES = {"movement": "movements", "employment": "workers"}
#: Headings put over what a name tells: known ones, so that the rest is recognised as usual.
HEADINGS = {"movement": "Type", "employment": "Contract", "date": "Effective date"}
_FEWEST_WEEKS = 3
#: Where cells are merged, no larger share of them has the text.
_MOST_FILLED = 0.7


def find_given(sheet: RawSheet) -> tuple[RawSheet, FilePart] | None:
    """The sheet with the column its name stands for, and what the profile must say; or None."""
    name = f"{sheet.file.rsplit('/', 1)[-1]} {sheet.sheet}"
    told = [one for one in _NAMES if one[0].search(name)]
    grid = find_grid(sheet) if len(told) == 1 else None
    if grid is None:
        return None
    _, field, word, date_like = told[0]
    heads = [alone for alone, _ in grid.heads]
    if any(_means(head, field) for head in heads):
        return None
    headings = {}
    if date_like is not None:
        dates = [
            head for place, head in enumerate(heads)
            if date_like.search(head) and _are_dates(grid, place)
        ]  # fmt: skip
        if len(dates) != 1:
            return None
        headings = {dates[0]: "date"}
    return _add_column(grid, HEADINGS[field], word, headings), FilePart(
        values={field: word}, headings=headings
    )


def _means(heading: str, field: str) -> bool:
    found = find_meanings(heading, _TABLES[field])
    return any(one.field == field and one.level >= SYNONYM for one in found)


def _are_dates(grid: Grid, place: int) -> bool:
    return all(parse_date(line[place]) is not None for line in grid.lines)


def _add_column(grid: Grid, head: str, word: str, headings: Mapping[str, str]) -> RawSheet:
    """The sheet with one more column of the same word, its date under a known heading."""
    cells = [list(line) for line in grid.sheet.cells]
    width = max(len(line) for line in cells)
    for number in range(grid.row, len(cells)):
        line = cells[number]
        if any(cell.strip() for cell in line):
            more = head if number == grid.row else word
            cells[number] = line + [""] * (width - len(line)) + [more]
    top = cells[grid.row]
    cells[grid.row] = [HEADINGS["date"] if cell.strip() in headings else cell for cell in top]
    return replace(grid.sheet, cells=cells)


def find_across(sheet: RawSheet) -> RawSheet | None:
    """A caseload sheet with a column a week, as one of its first week; None where it is none."""
    for number, line in enumerate(sheet.cells[:HEADING_ROWS]):
        weeks = [place for place, cell in enumerate(line) if read_week(cell) is not None]
        others = [place for place, cell in enumerate(line) if cell.strip() and place not in weeks]
        known = [place for place in others if is_known(line[place], "caseload")]
        if len(weeks) >= _FEWEST_WEEKS and len(known) >= 2:  # a worker and a team
            first = weeks[0]
            cells = [list(one) for one in sheet.cells[:number]]
            cells.append([line[place] for place in others] + ["Week ending", "Cases"])
            for row in sheet.cells[number + 1 :]:
                kept = [row[place] if place < len(row) else "" for place in others]
                case = row[first] if first < len(row) else ""
                cells.append([*kept, str(read_week(line[first])) if case.strip() else "", case])
            return replace(sheet, cells=cells)
    return None


def add_parts(
    proposals: Mapping[str, Proposal], named: Mapping[tuple[str, str], FilePart], across: Set[str]
) -> list[str]:
    """Add what names tell, and weeks side by side, to what is proposed; what cannot be is said."""
    notes = []
    for table, proposal in proposals.items():
        apart = {"holds": "table"} if proposal.holds == "establishment" else {}
        parts = {at: named[at].model_copy(update=apart)
                 for at in proposal.sheets_at if at in named}  # fmt: skip
        if proposal.unit == "share":
            parts |= {at: parts.get(at, FilePart()).model_copy(update={"fte": unit})
                      for at, unit in proposal.units.items()}  # fmt: skip
        proposal.parts = name_parts(proposal.sheets_at, parts)
        if "employment" in proposal.missing and parts:
            own = FilePart(values={"employment": "permanent"})
            rest = dict.fromkeys([at for at in proposal.sheets_at if at not in parts], own)
            proposal.maybe_parts = name_parts(proposal.sheets_at, rest)
        side = [file for file in proposal.files if file in across]
        proposal.is_across = table == "caseload" and len(side) == len(proposal.files)
        if side and not proposal.is_across:
            notes.append(f"{', '.join(side)}: weeks stand side by side, and in the other {table} "
                         "files below one another; lay them out alike")  # fmt: skip
    return notes


def name_parts(
    places: Sequence[tuple[str, str]], parts: Mapping[tuple[str, str], FilePart]
) -> dict[str, FilePart]:
    """Name pattern -> what files, or sheets, of that name stand for, among those of one table.

    Where a file holds other sheets of the table too, the sheets' names tell. A pattern that would
    be true of another file or sheet gives way to the whole names.

    >>> leaver = FilePart(values={"movement": "leaver"})
    >>> files = [("a/Leavers 2019.csv", ""), ("a/Leavers 2020.csv", ""), ("b.csv", "")]
    >>> list(name_parts(files, dict.fromkeys(files[:2], leaver)))
    ['Leavers *']
    >>> sheets = [("a.xlsx", "Staff"), ("a.xlsx", "Locums")]
    >>> list(name_parts(sheets, {sheets[1]: leaver}))
    ['Locums*']
    """
    found: dict[str, FilePart] = {}
    for part in {repr(part): part for part in parts.values()}.values():
        mine = [place for place in places if parts.get(place) == part]
        others = [place for place in places if parts.get(place) != part]
        is_mixed = bool({file for file, _ in mine} & {file for file, _ in others})
        names = dict.fromkeys(s if is_mixed else PurePosixPath(f).name for f, s in mine)
        rest = {name for file, sheet in others for name in (PurePosixPath(file).name, sheet)}
        start = common_start([PurePosixPath(name).stem for name in names]) if names else ""
        pattern = f"{glob.escape(start)}*"
        is_clear = start and not any(fnmatch.fnmatchcase(name, pattern) for name in rest)
        found |= dict.fromkeys([pattern] if is_clear else map(glob.escape, names), part)
    return found


def find_merged(proposal: Proposal) -> dict[str, str]:
    """Field -> heading of columns that look merged: texts with blanks below, none twice in a row.

    Whether they are, only a person knows: a blank may also be a blank.
    """
    needed = {*required_fields(proposal.table), "team"}
    if proposal.holds == "establishment":  # a vacant post has nobody
        needed -= {"worker_id", "employment"}
    lines = {line.heading: line for line in (*proposal.known, *proposal.headings)}
    found = {}
    for grid in proposal.grids:
        for key, cells in zip(grid.keys, zip(*grid.lines, strict=True), strict=True):
            if key in lines and lines[key].field in needed and _is_merged(cells):
                found[lines[key].field] = key
    return found


def _is_merged(cells: Sequence[str]) -> bool:
    is_again = any(cell and cell == after for cell, after in itertools.pairwise(cells))
    filled = sum(map(bool, cells))
    return bool(cells[0]) and not is_again and 1 < filled <= _MOST_FILLED * len(cells)
