"""Which cases count, and whose: children and not families, primary workers only, odd loads."""

from __future__ import annotations

import re

import pandas as pd

from wfanalytics.clean.coded import sum_groups
from wfanalytics.clean.columns import clean_words, spread, take_column
from wfanalytics.clean.repairs import Ledger
from wfanalytics.clean.words import ALLOCATION_WORDS
from wfanalytics.errors import InputError
from wfanalytics.raw.area import Area
from wfanalytics.raw.headings import RawTable, normalise

#: A worker with more cases is asked about (rule 28), and a manager or a tray with more than ...
HEAVY_CASELOAD = 35
MANAGER_CASES = 10
_MANAGERS = ("first_line_manager", "middle_manager", "senior_manager")
_FAMILIES = re.compile(r"\b(famil(y|ies)|households?|sibling groups?)\b")


def check_unit(table: RawTable) -> None:
    """Refuse counts of families: children and families are never in one series (rule 8).

    A carer's household is a case of its own and counts.
    """
    counts = [
        (name, heading) for name, heading in table.headings.items()
        if name.startswith("cases") and name != "cases_carer"
    ]  # fmt: skip
    heads = [heading for _, heading in counts] or list(table.unknown)
    for heading in heads:
        if _FAMILIES.search(normalise(heading)):
            raise InputError(
                "the column counts families, and a case is a child (rule C08)",
                file=table.sheet.file, sheet=table.sheet.sheet, row=table.heading_row,
                column=heading, remedy="Ask for the count of children, each sibling one.",
                rule="C08",
            )  # fmt: skip


def take_primary(table: RawTable, rows: pd.DataFrame, area: Area, ledger: Ledger) -> pd.DataFrame:
    """Rows of primary allocations: a case with two workers is the first one's (rule 10)."""
    for name in ("secondary_worker", "cases_secondary"):
        if name in rows:
            ledger.note_file(table, "C10", column=name, severity="F",
                             reason="a second allocation: not counted")  # fmt: skip
    if "allocation" not in rows:
        return rows
    column = take_column(table, rows, "allocation")
    kind = clean_words(column, ALLOCATION_WORDS, own=area.profile.words.get("allocation"))
    rows = ledger.refuse(rows, kind == "secondary", "C10", column="allocation")
    if rows.empty:
        raise InputError("no row is a primary allocation", file=table.sheet.file,
                         sheet=table.sheet.sheet, column=column.heading,
                         remedy="Correct the column.")  # fmt: skip
    return rows


def query_loads(cases: pd.DataFrame, ledger: Ledger) -> None:
    """Ask about heavy caseloads (rule 28), and say whose cases are in no caseload (rule 9)."""
    is_tray = cases["worker_id"] == ""
    total = sum_groups(cases, ["week_ending", "worker_id"], "cases")
    is_manager = cases["role"].isin(_MANAGERS)
    for is_odd, reason in (
        (~is_tray & ~is_manager & (total > HEAVY_CASELOAD), "one worker with more than 35 cases"),
        (is_tray & (cases["cases"] > MANAGER_CASES), "more than 10 cases nobody is named for"),
        (is_manager & (total > MANAGER_CASES), "a manager with more than 10 cases"),
    ):
        ledger.note(cases[is_odd], "C28", column="cases", reason=reason,
                    before=cases.loc[is_odd, "cases"].map(str))  # fmt: skip
    support = cases[(cases["role"] == "support") & (cases["cases"] > 0)]
    for (file, sheet), rows in support.groupby(["file", "sheet"]):
        first = pd.DataFrame({"file": [file], "sheet": [sheet], "row": [0]})
        ledger.note(first, "C09", column="cases", before=str(int(rows["cases"].sum())))


def find_left(cases: pd.DataFrame, movements: pd.DataFrame | None) -> pd.Series:
    """Whether the worker's last recorded leaving was before the week began."""
    if movements is None:
        return pd.Series(False, cases.index)
    last = movements[movements["movement"] == "leaver"].groupby("worker_id")["date"].max().to_dict()
    left = spread(cases["worker_id"], last.get, dtype="datetime64[us]")
    return cases["week_ending"] - pd.Timedelta(days=7) >= left
