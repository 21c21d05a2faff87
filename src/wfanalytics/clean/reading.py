"""Read one delivered extract: its sheets as text under field names, and what was odd on the way."""

from __future__ import annotations

import fnmatch
import functools
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from wfanalytics.clean.declared import (
    add_values,
    cut_sheet,
    fill_merged,
    find_part,
    find_second_table,
    spread_weeks,
)
from wfanalytics.clean.faults import Faults
from wfanalytics.clean.identity import number_people
from wfanalytics.clean.layouts import arrange, check_job_shares
from wfanalytics.clean.repairs import Ledger
from wfanalytics.errors import InputError
from wfanalytics.raw.area import Area
from wfanalytics.raw.csv_text import DELIMITERS
from wfanalytics.raw.headings import LONG_TABLE, RawTable, find_table, has_table
from wfanalytics.raw.limits import MAX_FILE_BYTES, MAX_LONG_BYTES
from wfanalytics.raw.tables import RawSheet, hash_file, read_sheets
from wfanalytics.settings import Source

#: A CSV file written otherwise is noted (rule 30).
_USUAL = ("utf-8", ",")


@dataclass(frozen=True)
class Delivery:
    """A file of one table, or a query's result; ``sheets`` reads it."""

    file: str
    sha256: str
    """Of its content; '' where it cannot be read, which reading it then says."""
    sheets: Callable[[], list[RawSheet]] = field(repr=False, compare=False)


@dataclass(frozen=True)
class Reading:
    """One delivery as cleaning takes it: tables, those refused, ledger entries and faults."""

    found: list[RawTable] = field(default_factory=list)
    refused: list[RawTable] = field(default_factory=list)
    entries: list[dict[str, object]] = field(default_factory=list)
    faults: list[dict[str, object]] = field(default_factory=list)


def list_extracts(area: Area, table: str) -> list[Path]:
    """The extract files of one table, in name order; temporary and hidden files left out.

    What is neither a file nor a folder, such as a link that leads nowhere, stays in the list:
    reading it says so.
    """
    source = area.profile.sources[table]  # type: ignore[index]
    folder = area.folder / source.folder
    if not folder.is_dir():
        raise InputError(
            "the folder is not there", file=f"{area.folder.name}/{source.folder}",
            remedy=f"Make it and put the {table} extracts in it, or change profile.yml.",
        )  # fmt: skip
    files = sorted(
        path for path in folder.glob(source.pattern)
        if not path.is_dir() and not path.name.startswith((".", "~$"))
    )  # fmt: skip
    if not files:
        raise InputError(
            f"no file matches {source.pattern!r}", file=f"{area.folder.name}/{source.folder}",
            remedy=f"Put the {table} extracts in the folder.",
        )  # fmt: skip
    return files


def list_deliveries(area: Area, table: str) -> list[Delivery]:
    """What was delivered of one table, with the hash of each; no table is read for it."""
    if area.profile.sources[table].query:  # type: ignore[index]
        sheets = area.queried[table]
        return [Delivery(sheets[0].file, sheets[0].sha256, functools.partial(list, sheets))]
    most = MAX_LONG_BYTES if table == LONG_TABLE else MAX_FILE_BYTES
    return [
        Delivery(path.relative_to(area.folder).as_posix(), _hash_extract(path),
                 functools.partial(read_sheets, path, root=area.folder, most=most))
        for path in list_extracts(area, table)
    ]  # fmt: skip


def _hash_extract(path: Path) -> str:
    try:
        return hash_file(path)
    except InputError:
        return ""


def read_delivery(area: Area, table: str, delivery: Delivery, *, is_confined: bool) -> Reading:
    """Every sheet of one delivery, as text under field names; and those refused.

    A sheet of notes beside a sheet with the table is left out, and noted. A hidden sheet with
    the table is read like any other, and noted.
    """
    source = area.profile.sources[table]  # type: ignore[index]
    ledger, faults, reading = Ledger(table), Faults(is_confined), Reading()
    whole = RawSheet(delivery.file, "", [], "")
    sheets: list[RawSheet] = []
    with faults.confine(whole, table, ledger, reading.refused):
        sheets = _choose_sheets(delivery.sheets(), area, table, ledger)
    for sheet in _take_sheets(sheets, table, source, ledger):
        with faults.confine(sheet, table, ledger, reading.refused):
            parts = _find_parts(sheet, area, table, ledger)
            reading.found.extend(_without_cells(part) for part in parts)
    return replace(reading, entries=ledger.entries, faults=faults.entries)


def _find_parts(sheet: RawSheet, area: Area, table: str, ledger: Ledger) -> list[RawTable]:
    source = area.profile.sources[table]  # type: ignore[index]
    second = find_second_table(sheet)
    if second is not None:
        sheet = cut_sheet(sheet, second)
        ledger.note_sheet(sheet, "A30", reason=f"a second table begins in row {second}: only the "
                          "first is read")  # fmt: skip
    own = find_part(sheet, source)
    changed = {"fte": own.fte or source.fte, "holds": own.holds or source.holds}
    source = source.model_copy(update=changed)
    # An establishment list is about posts: when a holder started may not be in it.
    optional = [*own.values, *(["start_date"] if source.holds == "establishment" else [])]
    optional += ["week_ending", "cases"] if source.weeks == "across" else []
    headings = {**source.headings, **own.headings}
    raw = find_table(sheet, table, own_headings=headings, optional=optional)
    raw = fill_merged(add_values(raw, own.values), source.merged, ledger)
    raw = number_people(raw, area.people, ledger)
    across = spread_weeks(sheet, raw) if source.weeks == "across" else [raw]
    parts = [part for one in across for part in arrange(one, source, area.profile, ledger)]
    if table == "workers" and source.holds == "establishment":
        _check_holders(sheet, parts, area)
    return parts


def _without_cells(part: RawTable) -> RawTable:
    """A table read is its frame: the grid of cells has done its work."""
    return replace(part, sheet=replace(part.sheet, cells=[]),
                   frame=part.frame.reset_index(drop=True))  # fmt: skip


def _take_sheets(
    sheets: list[RawSheet], table: str, source: Source, ledger: Ledger
) -> list[RawSheet]:
    """The sheets that have the table, the others noted."""

    def is_ours(sheet: RawSheet) -> bool:
        own = {**source.headings, **find_part(sheet, source).headings}
        return has_table(sheet, table, own_headings=own)

    kept = [sheet for sheet in sheets if is_ours(sheet)] or sheets[:1]
    for sheet in sheets:
        if sheet not in kept:
            ledger.note_sheet(sheet, "A30", reason="a sheet without the table: left out")
        elif sheet.is_hidden:
            ledger.note_sheet(sheet, "A30", reason="a hidden sheet: read like the others")
        if sheet.delimiter and (sheet.encoding.removesuffix("-sig"), sheet.delimiter) != _USUAL:
            how = f"{sheet.encoding} text, cells separated by {DELIMITERS[sheet.delimiter]}"
            ledger.note_sheet(sheet, "A30", reason=f"read as {how}", severity="F")
        if sheet.has_marks:
            ledger.note_sheet(sheet, "A21", reason="invisible characters: taken out")
    return kept


def _choose_sheets(
    sheets: list[RawSheet], area: Area, table: str, ledger: Ledger
) -> list[RawSheet]:
    """The sheets a source names; all where it names none, and of a text file, which has none.

    A sheet that another source names is that one's; one that nobody names is asked about.
    """
    sources = area.profile.sources
    wanted = sources[table].sheets  # type: ignore[index]
    if not wanted or not any(sheet.sheet for sheet in sheets):
        return sheets
    named = [name for source in sources.values() for name in source.sheets]
    for sheet in sheets:
        if not any(fnmatch.fnmatchcase(sheet.sheet, name) for name in named):
            ledger.note_sheet(sheet, "A30", reason="a sheet profile.yml does not name: left out")
    chosen = [s for s in sheets if any(fnmatch.fnmatchcase(s.sheet, name) for name in wanted)]
    if not chosen:
        raise InputError(
            f"no sheet for the {table} table", file=sheets[0].file,
            found=", ".join(sheet.sheet for sheet in sheets), allowed=", ".join(wanted),
            remedy="Name its sheet under sources in profile.yml.",
        )  # fmt: skip
    return chosen


def _check_holders(sheet: RawSheet, parts: list[RawTable], area: Area) -> None:
    posts = area.profile.sources.get("posts")
    own = posts.headings if posts else {}
    heading = find_table(sheet, "posts", own_headings=own).headings["fte"]
    for part in parts:
        check_job_shares(part, heading, own=area.profile.words.get("employment"))
