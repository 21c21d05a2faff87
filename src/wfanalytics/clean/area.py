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
from wfanalytics.raw.headings import RawTable, find_table
from wfanalytics.raw.tables import read_sheets


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


def read_extracts(area: Area, table: str) -> list[RawTable]:
    """Every sheet of one table's extracts, as text under field names."""
    headings = area.profile.sources[table].headings  # type: ignore[index]
    return [
        find_table(sheet, table, own_headings=headings)
        for path in list_extracts(area, table)
        for sheet in read_sheets(path, root=area.folder)
    ]


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
    ledgers: dict[str, Ledger] = {}
    files = []
    for table in ("posts", "workers", "movements", "caseload", "summary"):
        if table not in area.profile.sources:
            continue
        raw = read_extracts(area, table)
        ledger = ledgers[table] = Ledger(table)
        if table == "posts":
            rows[table] = clean_posts(raw, area, ledger=ledger)
        elif table == "workers":
            rows[table] = clean_workers(raw, area, key=key, ledger=ledger)
        elif table == "movements":
            rows[table] = clean_movements(raw, area, key=key, workers=rows["workers"],
                                          ledger=ledger)  # fmt: skip
        elif table == "caseload":
            rows[table] = clean_caseload(raw, area, key=key, workers=rows["workers"],
                                         ledger=ledger)  # fmt: skip
        else:
            rows[table] = clean_summary(raw, ledger=ledger)
        kept = rows[table].drop_duplicates(["file", "sheet", "row"])
        files.append(count_files(table, raw, kept))
    repairs = pd.concat([ledger.to_frame() for ledger in ledgers.values()], ignore_index=True)
    return Clean(
        {table: _finish(frame, table) for table, frame in rows.items()},
        repairs,
        pd.concat(files, ignore_index=True),
    )


def _finish(rows: pd.DataFrame, table: str) -> pd.DataFrame:
    """Only the contract's columns, in key order."""
    schema = CLEAN_SCHEMAS[table]
    frame = rows[list(schema.columns)].sort_values(list(schema.unique), ignore_index=True)
    return check_clean(frame, table)
