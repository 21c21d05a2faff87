"""All of an area's extracts, read and cleaned, with the ledger of what was done to them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from wfanalytics.clean.caseload import clean_caseload
from wfanalytics.clean.identity import read_key
from wfanalytics.clean.movements import clean_movements
from wfanalytics.clean.posts import clean_posts
from wfanalytics.clean.repairs import Ledger, count_files
from wfanalytics.clean.summary import clean_summary
from wfanalytics.clean.workers import clean_workers
from wfanalytics.errors import InputError
from wfanalytics.frames import CLEAN_SCHEMAS, check_clean
from wfanalytics.raw.area import Area
from wfanalytics.raw.headings import RawTable, find_table, has_table
from wfanalytics.raw.tables import read_sheets
from wfanalytics.settings import TABLES


@dataclass(frozen=True)
class Clean:
    """An area's clean tables, what was done to the extracts, and which files were read."""

    tables: dict[str, pd.DataFrame]
    repairs: pd.DataFrame
    files: pd.DataFrame


def list_extracts(area: Area, table: str) -> list[Path]:
    """The extract files of one table, in name order; temporary and hidden files left out."""
    source = area.profile.sources[table]  # type: ignore[index]
    folder = area.folder / source.folder
    if not folder.is_dir():
        raise InputError(
            "the folder is not there", file=f"{area.folder.name}/{source.folder}",
            remedy=f"Make it and put the {table} extracts in it, or change profile.yml.",
        )  # fmt: skip
    files = sorted(
        path for path in folder.glob(source.pattern)
        if path.is_file() and not path.name.startswith((".", "~$"))
    )  # fmt: skip
    if not files:
        raise InputError(
            f"no file matches {source.pattern!r}", file=f"{area.folder.name}/{source.folder}",
            remedy=f"Put the {table} extracts in the folder.",
        )  # fmt: skip
    return files


def read_extracts(area: Area, table: str, ledger: Ledger) -> list[RawTable]:
    """Every sheet of one table's extracts, as text under field names.

    A sheet of notes beside a sheet with the table is left out, and noted. A hidden sheet with
    the table is read like any other, and noted.
    """
    own = area.profile.sources[table].headings  # type: ignore[index]
    found = []
    for path in list_extracts(area, table):
        sheets = read_sheets(path, root=area.folder)
        kept = [s for s in sheets if has_table(s, table, own_headings=own)] or sheets[:1]
        for sheet in sheets:
            if sheet not in kept:
                ledger.note_sheet(sheet, "A30", reason="a sheet without the table: left out")
            elif sheet.is_hidden:
                ledger.note_sheet(sheet, "A30", reason="a hidden sheet: read like the others")
        found += [find_table(sheet, table, own_headings=own) for sheet in kept]
    return found


def clean_area(area: Area) -> Clean:
    """Read and clean everything an area's profile names.

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
    key = read_key(is_fictional=area.profile.fictional)
    rows: dict[str, pd.DataFrame] = {}
    repairs = []
    files = []
    for table in TABLES:
        if table not in area.profile.sources:
            continue
        ledger = Ledger(table)
        raw = read_extracts(area, table, ledger)
        if table == "posts":
            rows[table] = clean_posts(raw, area, ledger=ledger)
        elif table == "workers":
            posts = rows.get("posts")
            rows[table] = clean_workers(raw, area, key=key, ledger=ledger, posts=posts)
        elif table == "summary":
            rows[table] = clean_summary(raw, ledger=ledger)
        elif "workers" not in rows:
            raise InputError(
                f"the {table} extracts need the worker list", column="sources",
                file=f"{area.folder.name}/profile.yml", remedy="Name the workers extracts too.",
            )  # fmt: skip
        else:
            clean = clean_movements if table == "movements" else clean_caseload
            rows[table] = clean(raw, area, key=key, workers=rows["workers"], ledger=ledger)
        kept = rows[table]
        if table == "summary":  # one row read gives one row a figure
            kept = kept.drop_duplicates(["file", "sheet", "row"])
        repairs.append(ledger.to_frame())
        files.append(count_files(table, raw, kept, repairs[-1]))
    return Clean(
        {table: _finish(frame, table) for table, frame in rows.items()},
        pd.concat(repairs, ignore_index=True),
        pd.concat(files, ignore_index=True),
    )


def _finish(rows: pd.DataFrame, table: str) -> pd.DataFrame:
    """Only the contract's columns, in key order."""
    schema = CLEAN_SCHEMAS[table]
    frame = rows[list(schema.columns)].sort_values(list(schema.unique), ignore_index=True)
    return check_clean(frame, table)
