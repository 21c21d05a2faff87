"""All of an area's extracts, read and cleaned, with the ledger of what was done to them."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import pandas as pd

from wfanalytics.clean.allocations import clean_allocations
from wfanalytics.clean.caseload import clean_caseload
from wfanalytics.clean.changes import CHANGE_COLUMNS
from wfanalytics.clean.coded import spell_out
from wfanalytics.clean.doubtful import DOUBTFUL_COLUMNS, find_doubtful
from wfanalytics.clean.faults import Faults, clean_confined
from wfanalytics.clean.identity import read_key
from wfanalytics.clean.movements import clean_movements
from wfanalytics.clean.posts import clean_posts
from wfanalytics.clean.reading import Reading, list_deliveries, read_delivery
from wfanalytics.clean.repairs import Ledger, count_files
from wfanalytics.clean.stock import query_stock
from wfanalytics.clean.summary import clean_summary
from wfanalytics.clean.workers import clean_workers
from wfanalytics.errors import InputError
from wfanalytics.frames import CLEAN_SCHEMAS, check_clean
from wfanalytics.raw.area import Area
from wfanalytics.raw.database import add_queries
from wfanalytics.raw.headings import RawTable
from wfanalytics.settings import TABLES

#: The tables each table is cleaned with, besides its own extracts.
NEEDS: Mapping[str, tuple[str, ...]] = {
    "workers": ("posts",), "movements": ("workers",), "caseload": ("workers", "movements"),
    "allocations": ("workers",),
}  # fmt: skip
#: A part of this table would be counted as if it were all: a fault leaves it out whole.
_WHOLE_OR_NOT = "allocations"


@dataclass(frozen=True)
class Clean:
    """An area's clean tables, what was done to the extracts, and which files were read."""

    tables: dict[str, pd.DataFrame]
    repairs: pd.DataFrame
    files: pd.DataFrame
    faults: pd.DataFrame = field(default_factory=lambda: Faults().to_frame())
    """What stopped an extract, and the months that are missing for it; NaT where nothing tells."""
    doubtful: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=DOUBTFUL_COLUMNS))
    """Rows refused or asked about, with what they would count: see ``clean.doubtful``."""
    changes: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=CHANGE_COLUMNS))
    """What the last late or corrected delivery of each file changed: see ``clean.changes``."""

    def months_refused(self, table: str) -> list[pd.Timestamp]:
        """Month ends about which a table has an extract that could not be used."""
        own = self.faults.loc[self.faults["table"] == table, "month"].dropna()
        return sorted(own.unique())


def clean_area(area: Area, *, on_fault: Literal["raise", "refuse"] = "raise") -> Clean:
    """Read and clean everything an area's profile names.

    Parameters
    ----------
    on_fault : whether a fault that has no repair is raised, or refuses its extract and leaves
        its months out (``faults``). A table of which nothing is left is empty; of the worker list,
        which the others are read with, the fault is raised either way.

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
    is_confined = on_fault == "refuse"
    done: dict[str, Clean] = {}
    for table in list_tables(area):
        readings = [
            read_delivery(area, table, delivery, is_confined=is_confined)
            for delivery in list_deliveries(area, table)
        ]
        done[table] = clean_table(table, area, readings, done, key=key, is_confined=is_confined)
    return join_tables(list(done.values()))


def list_tables(area: Area) -> list[str]:
    """The tables an area's profile names, in the order they are cleaned."""
    return [name for name in TABLES if name in area.profile.sources]


def join_tables(parts: Sequence[Clean]) -> Clean:
    """Tables cleaned one by one, as one."""
    names = ("repairs", "files", "faults", "doubtful")
    frames = {
        name: pd.concat([getattr(part, name) for part in parts], ignore_index=True)
        for name in names
    }
    return Clean({name: rows for part in parts for name, rows in part.tables.items()}, **frames)


def clean_table(
    table: str,
    area: Area,
    readings: Sequence[Reading],
    done: Mapping[str, Clean],
    *,
    key: bytes,
    is_confined: bool,
) -> Clean:
    """One table cleaned, with the tables already ``done`` where it needs them (``NEEDS``)."""
    ledger, faults = Ledger(table), Faults(is_confined)
    for reading in readings:
        ledger.entries += reading.entries
        faults.entries += reading.faults
    raw = [part for reading in readings for part in reading.found]
    refused = [part for reading in readings for part in reading.refused]
    clean = functools.partial(_clean_rows, table, area, key, done, [*raw, *refused])
    rows = clean_confined(table, raw, clean, faults, ledger, is_whole=table == _WHOLE_OR_NOT)
    kept = rows
    if table == "summary":  # one row read gives one row a figure
        kept = rows.drop_duplicates(["file", "sheet", "row"])
    if table == "movements" and len(rows):
        lists = _with_microseconds(done["workers"].tables["workers"])
        query_stock(lists, rows, ledger, months_refused=faults.months(table))
    repairs = ledger.to_frame()
    is_out = table == _WHOLE_OR_NOT and bool(faults.entries)
    for fault in faults.entries if is_out else ():
        fault["month"] = pd.NaT
    return Clean(
        {} if is_out else {table: _finish(rows, table)},
        repairs,
        count_files(table, [*raw, *refused], kept, repairs, ledger.totals),
        faults.to_frame(),
        find_doubtful(table, raw, repairs, words=area.profile.words),
    )


def _clean_rows(
    table: str,
    area: Area,
    key: bytes,
    done: Mapping[str, Clean],
    delivered: Sequence[RawTable],
    raw: list[RawTable],
    ledger: Ledger,
) -> pd.DataFrame:
    needed = {
        name: _with_microseconds(done[name].tables[name])
        for name in NEEDS.get(table, ()) if name in done
    }  # fmt: skip
    if table == "posts":
        return clean_posts(raw, area, ledger=ledger)
    if table == "workers":
        return clean_workers(raw, area, key=key, ledger=ledger, posts=needed.get("posts"),
                             delivered=delivered)  # fmt: skip
    if table == "summary":
        return clean_summary(raw, ledger=ledger)
    if "workers" not in needed:
        raise InputError(
            f"the {table} extracts need the worker list", column="sources",
            file=f"{area.folder.name}/profile.yml",
            remedy="Name the workers extracts too, or the columns they need where they say "
            "'read: no'.",
        )  # fmt: skip
    workers = needed["workers"]
    if table == "allocations":
        return clean_allocations(raw, area, key=key, workers=workers, ledger=ledger)
    if table == "movements":
        return clean_movements(raw, area, key=key, workers=workers, ledger=ledger)
    return clean_caseload(
        raw, area, key=key, workers=workers, movements=needed.get("movements"), ledger=ledger,
        lists_refused=done["workers"].months_refused("workers"),
    )  # fmt: skip


def _with_microseconds(frame: pd.DataFrame) -> pd.DataFrame:
    """Dates in the unit extracts are read in: pandas joins no others to them."""
    dates = frame.select_dtypes("datetime").columns
    return frame.astype(dict.fromkeys(dates, "datetime64[us]"))


def _finish(rows: pd.DataFrame, table: str) -> pd.DataFrame:
    """Only the contract's columns, in key order."""
    schema = CLEAN_SCHEMAS[table]
    frame = rows[list(schema.columns)].sort_values(list(schema.unique), ignore_index=True)
    return check_clean(spell_out(frame), table)
