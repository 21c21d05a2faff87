"""Sums of a caseload too long to be held row by row: a region's, or the whole country's.

The rows are cleaned as an area's are, by the same functions, while they are codes of their
distinct texts; only the sums are written out as text.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pandas as pd

from wfanalytics.clean.caseload import TYPE_COLUMNS, clean_caseload
from wfanalytics.clean.coded import spell_out
from wfanalytics.clean.repairs import Ledger, count_files
from wfanalytics.raw.area import Area
from wfanalytics.raw.headings import LONG_TABLE, find_table
from wfanalytics.raw.limits import MAX_SUMMED_BYTES
from wfanalytics.raw.tables import read_sheets

PLACES = ["week_ending", "team", "service", "locality"]


class CaseloadSums(NamedTuple):
    """Sums by week and team, what was done to the rows, and rows read, kept and refused."""

    sums: pd.DataFrame
    repairs: pd.DataFrame
    files: pd.DataFrame


def aggregate_caseload(
    path: Path, area: Area, *, key: bytes, workers: pd.DataFrame,
    movements: pd.DataFrame | None = None,
) -> CaseloadSums:  # fmt: skip
    """Clean one long caseload file and add it up by week and team.

    Parameters
    ----------
    path : a plain CSV file inside ``area.folder``, of at most 1,000 MB.
    key : the pseudonym key, from ``clean.identity.read_key``.
    workers, movements : clean tables, as :func:`~wfanalytics.clean.caseload.clean_caseload` has
        them.

    Returns
    -------
    CaseloadSums
        ``sums`` has one row a week and team: cases by type (missing where no row has the type)
        and in all; ``unallocated`` cases; ``case_holders``, rows of somebody with cases; and
        ``fte``, theirs, in full-time equivalents.

    Raises
    ------
    InputError
        for a file or cell that stops the figures, naming file, row and column.
    """
    (sheet,) = read_sheets(path, root=area.folder, most=MAX_SUMMED_BYTES)
    own = area.profile.sources.get("caseload")
    raw = find_table(sheet, LONG_TABLE, own_headings=own.headings if own else {})
    ledger = Ledger(LONG_TABLE)
    rows = clean_caseload([raw], area, key=key, workers=workers, movements=movements, ledger=ledger)
    repairs = ledger.to_frame()
    files = count_files(LONG_TABLE, [raw], rows, repairs, ledger.totals)
    is_holder = (rows["worker_id"] != "") & (rows["role"] != "support") & (rows["cases"] > 0)
    rows = rows[[*PLACES, *TYPE_COLUMNS, "cases"]].assign(
        unallocated=rows["cases"].where(rows["worker_id"] == "", 0),
        case_holders=is_holder,
        fte=rows["fte"].where(is_holder),
    )
    sums = rows.groupby(PLACES, observed=True, as_index=False).sum(min_count=1)
    sums = spell_out(sums).sort_values(PLACES, ignore_index=True)
    return CaseloadSums(sums.astype({"cases": "int64", "unallocated": "int64"}), repairs, files)
