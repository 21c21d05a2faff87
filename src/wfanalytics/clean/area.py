"""All of an area's extracts, read and cleaned, with the ledger of what was done to them."""

from __future__ import annotations

import fnmatch
import functools
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import pandas as pd

from wfanalytics.clean.caseload import clean_caseload
from wfanalytics.clean.coded import spell_out
from wfanalytics.clean.faults import Faults, clean_confined
from wfanalytics.clean.identity import read_key
from wfanalytics.clean.layouts import arrange, check_job_shares
from wfanalytics.clean.movements import clean_movements
from wfanalytics.clean.posts import clean_posts
from wfanalytics.clean.repairs import Ledger, count_files
from wfanalytics.clean.stock import query_stock
from wfanalytics.clean.summary import clean_summary
from wfanalytics.clean.workers import clean_workers
from wfanalytics.errors import InputError
from wfanalytics.frames import CLEAN_SCHEMAS, check_clean
from wfanalytics.raw.area import Area
from wfanalytics.raw.database import add_queries
from wfanalytics.raw.headings import LONG_TABLE, RawTable, find_table, has_table
from wfanalytics.raw.limits import MAX_FILE_BYTES, MAX_LONG_BYTES
from wfanalytics.raw.tables import RawSheet, read_sheets
from wfanalytics.settings import TABLES


@dataclass(frozen=True)
class Clean:
    """An area's clean tables, what was done to the extracts, and which files were read."""

    tables: dict[str, pd.DataFrame]
    repairs: pd.DataFrame
    files: pd.DataFrame
    faults: pd.DataFrame = field(default_factory=lambda: Faults().to_frame())
    """What stopped an extract, and the months that are missing for it."""


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


def read_extracts(
    area: Area, table: str, ledger: Ledger, faults: Faults
) -> tuple[list[RawTable], list[RawTable]]:
    """Every sheet of one table's extracts, as text under field names; and those refused.

    A sheet of notes beside a sheet with the table is left out, and noted. A hidden sheet with
    the table is read like any other, and noted.
    """
    source = area.profile.sources[table]  # type: ignore[index]
    own = source.headings
    # An establishment list is about posts: when a holder started may not be in it.
    optional = ("start_date",) if source.holds == "establishment" else ()
    found: list[RawTable] = []
    refused: list[RawTable] = []
    for file, read in _list_deliveries(area, table):
        sheets: list[RawSheet] = []
        with faults.confine(file, table, ledger, refused):
            sheets = _choose_sheets(read(), area, table, ledger)
        for sheet in _take_sheets(sheets, table, own, ledger):
            with faults.confine(sheet, table, ledger, refused):
                raw = find_table(sheet, table, own_headings=own, optional=optional)
                parts = arrange(raw, source, area.profile, ledger)
                if table == "workers" and source.holds == "establishment":
                    _check_holders(sheet, parts, area)
                found += parts
    if not found:  # then a fault was confined in each
        raise InputError(str(faults.entries[0]["message"]).removesuffix("."))
    return found, refused


def _take_sheets(
    sheets: list[RawSheet], table: str, own: dict[str, str], ledger: Ledger
) -> list[RawSheet]:
    """The sheets that have the table, the others noted."""
    kept = [s for s in sheets if has_table(s, table, own_headings=own)] or sheets[:1]
    for sheet in sheets:
        if sheet not in kept:
            ledger.note_sheet(sheet, "A30", reason="a sheet without the table: left out")
        elif sheet.is_hidden:
            ledger.note_sheet(sheet, "A30", reason="a hidden sheet: read like the others")
        if sheet.has_marks:
            ledger.note_sheet(sheet, "A21", reason="invisible characters: taken out")
    return kept


def _list_deliveries(area: Area, table: str) -> list[tuple[RawSheet, Callable[[], list[RawSheet]]]]:
    """What each file, or part of a query's result, is called; and what reads its sheets."""
    if area.profile.sources[table].query:  # type: ignore[index]
        return [(sheet, functools.partial(list, [sheet])) for sheet in area.queried[table]]
    most = MAX_LONG_BYTES if table == LONG_TABLE else MAX_FILE_BYTES
    return [
        (
            RawSheet(path.relative_to(area.folder).as_posix(), "", [], ""),
            functools.partial(read_sheets, path, root=area.folder, most=most),
        )
        for path in list_extracts(area, table)
    ]


def _choose_sheets(
    sheets: list[RawSheet], area: Area, table: str, ledger: Ledger
) -> list[RawSheet]:
    """The sheets a source names; all where it names none.

    A sheet that another source names is that one's; one that nobody names is asked about.
    """
    sources = area.profile.sources
    wanted = sources[table].sheets  # type: ignore[index]
    if not wanted:
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


def clean_area(area: Area, *, on_fault: Literal["raise", "refuse"] = "raise") -> Clean:
    """Read and clean everything an area's profile names.

    Parameters
    ----------
    on_fault : whether a fault that has no repair is raised, or refuses its extract and leaves
        its months out (``faults``). One in every extract of a table is raised either way.

    Returns
    -------
    Clean
        ``tables`` keyed as ``frames.CLEAN_SCHEMAS``; ``repairs`` one row a repair, query or
        refusal; ``files`` one row a file and sheet, rows read = kept + refused.

    Raises
    ------
    InputError
        for a file or cell that stops the figures, naming file, row and column.
    WfanalyticsError
        where a real area has no pseudonym key.
    """
    area = add_queries(area)
    key = read_key(is_fictional=area.profile.fictional)
    rows: dict[str, pd.DataFrame] = {}
    repairs, files = [], []
    faults = Faults(is_confined=on_fault == "refuse")
    for table in (name for name in TABLES if name in area.profile.sources):
        ledger = Ledger(table)
        raw, refused = read_extracts(area, table, ledger, faults)
        clean = functools.partial(_clean_table, table, area, key, rows)
        kept = rows[table] = clean_confined(table, raw, clean, faults, ledger)
        if table == "summary":  # one row read gives one row a figure
            kept = kept.drop_duplicates(["file", "sheet", "row"])
        if table == "movements":
            query_stock(rows["workers"], kept, ledger, months_refused=faults.months(table))
        repairs.append(ledger.to_frame())
        files.append(count_files(table, [*raw, *refused], kept, repairs[-1]))
    return Clean(
        {table: _finish(frame, table) for table, frame in rows.items()},
        pd.concat(repairs, ignore_index=True),
        pd.concat(files, ignore_index=True),
        faults.to_frame(),
    )


def _clean_table(
    table: str,
    area: Area,
    key: bytes,
    done: dict[str, pd.DataFrame],
    raw: list[RawTable],
    ledger: Ledger,
) -> pd.DataFrame:
    """One table's rows, with the tables already ``done`` where it needs them."""
    if table == "posts":
        return clean_posts(raw, area, ledger=ledger)
    if table == "workers":
        return clean_workers(raw, area, key=key, ledger=ledger, posts=done.get("posts"))
    if table == "summary":
        return clean_summary(raw, ledger=ledger)
    if "workers" not in done:
        raise InputError(
            f"the {table} extracts need the worker list", column="sources",
            file=f"{area.folder.name}/profile.yml", remedy="Name the workers extracts too.",
        )  # fmt: skip
    workers = done["workers"]
    if table == "movements":
        return clean_movements(raw, area, key=key, workers=workers, ledger=ledger)
    return clean_caseload(
        raw, area, key=key, workers=workers, movements=done.get("movements"), ledger=ledger
    )


def _finish(rows: pd.DataFrame, table: str) -> pd.DataFrame:
    """Only the contract's columns, in key order."""
    schema = CLEAN_SCHEMAS[table]
    frame = rows[list(schema.columns)].sort_values(list(schema.unique), ignore_index=True)
    return check_clean(spell_out(frame), table)
