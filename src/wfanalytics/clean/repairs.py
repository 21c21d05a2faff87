"""The ledger: every repair, query and refusal as a row, personal values masked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from wfanalytics.clean.coded import is_coded, take_text
from wfanalytics.clean.rules import RULES
from wfanalytics.errors import InputError, WfanalyticsError, raise_first
from wfanalytics.frames import FILES_SCHEMA, REPAIRS_SCHEMA, check_files, check_repairs
from wfanalytics.raw.headings import RawTable, hide_personal
from wfanalytics.raw.tables import RawSheet

#: Fields whose values are never written anywhere but in the clean tables.
PERSONAL_FIELDS = frozenset(
    {"worker_id", "name", "birth_date", "payroll_number", "email", "secondary_worker", "child_id"}
)
MASKED = "(personal)"


@dataclass
class Ledger:
    """Collects what happened to one table's rows while they are cleaned.

    Mutable on purpose: every ``fix_`` function writes to the one ledger it is given.
    """

    table: str
    entries: list[dict[str, object]] = field(default_factory=list)
    totals: dict[tuple[str, str, int, str], bool] = field(default_factory=dict)
    """File, sheet, row and column of a total -> whether it agrees with the rows."""

    def note(
        self,
        rows: pd.DataFrame,
        rule: str,
        *,
        column: str = "",
        before: Iterable[str] | str = "",
        after: Iterable[str] | str = "",
        reason: str = "",
        severity: str = "",
        is_refused: bool = False,
    ) -> None:
        """Note one rule for each of ``rows``, which carry file, sheet and row."""
        count = len(rows)
        old, new = _spread(before, count), _spread(after, count)
        if column in PERSONAL_FIELDS:
            old = new = [MASKED] * count
        places = zip(rows["file"], rows["sheet"], rows["row"], old, new, strict=True)
        for file, sheet, row, was, now in places:
            was, now = hide_personal(was), hide_personal(now)
            self._add(rule, file, sheet, int(row), column, was, now, reason, severity, is_refused)

    def note_file(
        self, table: RawTable, rule: str, *, column: str = "", before: str = "", after: str = "",
        reason: str = "", severity: str = "",
    ) -> None:  # fmt: skip
        """Note one rule for a whole column or file; its row is the heading row."""
        sheet = table.sheet
        self._add(rule, sheet.file, sheet.sheet, table.heading_row, column, before, after,
                  reason, severity, False)  # fmt: skip

    def note_sheet(
        self, sheet: RawSheet, rule: str, *, reason: str, severity: str = "Q"
    ) -> None:  # fmt: skip
        """Note one rule for a whole sheet."""
        self._add(rule, sheet.file, sheet.sheet, 0, "", "", "", reason, severity, False)

    def note_absence(self, rule: str, *, reason: str, date: pd.Timestamp | None = None) -> None:
        """Ask about what is not there, so has no file or row; ``date`` is that of which it is."""
        when = "" if date is None else f"{date:%Y-%m-%d}"
        self._add(rule, "", "", 0, "", when, "", reason, "Q", False)

    def refuse(
        self, rows: pd.DataFrame, is_bad: pd.Series, rule: str, *, column: str = "",
        reason: str = "", severity: str = "",
    ) -> pd.DataFrame:  # fmt: skip
        """Take the bad rows out, note them as refused, and return the others."""
        if not is_bad.any():
            return rows
        self.note(rows[is_bad], rule, column=column, reason=reason, severity=severity,
                  is_refused=True)  # fmt: skip
        return rows[~is_bad]

    def _add(
        self, rule: str, file: str, sheet: str, row: int, column: str, before: str, after: str,
        reason: str, severity: str, is_refused: bool,
    ) -> None:  # fmt: skip
        known = RULES[rule]
        self.entries.append(
            {
                "table": self.table, "file": file, "sheet": sheet, "row": row, "column": column,
                "rule": rule, "severity": severity or known.severity, "before": before,
                "after": after, "reason": reason or known.title, "is_row_refused": is_refused,
            }
        )  # fmt: skip

    def to_frame(self) -> pd.DataFrame:
        """The ledger as ``frames.REPAIRS_SCHEMA`` has it."""
        return check_repairs(pd.DataFrame(self.entries, columns=list(REPAIRS_SCHEMA.columns)))


def place_rows(table: RawTable) -> pd.DataFrame:
    """A raw table's rows with their file and sheet."""
    rows, names = table.frame, {"file": table.sheet.file, "sheet": table.sheet.sheet}
    if "first" not in rows or not is_coded(rows["first"]):
        return rows.assign(**names)
    same = np.zeros(len(rows), "int8")
    return rows.assign(**{key: take_text([name], same, rows.index) for key, name in names.items()})


def clean_each(
    tables: Iterable[RawTable], clean_one: Callable[[RawTable], pd.DataFrame]
) -> list[pd.DataFrame]:
    """What ``clean_one`` makes of each extract; where any has a fault, those of all are raised.

    One turn so finds the faults of every extract, however many there are.
    """
    parts, faults = [], []
    for table in tables:
        try:
            parts.append(clean_one(table))
        except InputError as error:
            faults.append(error)
    raise_first(faults)
    return parts


def _spread(values: Iterable[str] | str, count: int) -> list[str]:
    return [values] * count if isinstance(values, str) else [str(value) for value in values]


#: The column a clean table is dated by; each has one.
DATE_COLUMNS = ("as_at", "week_ending", "date", "month")


def count_files(
    table: str, tables: Iterable[RawTable], kept: pd.DataFrame, repairs: pd.DataFrame,
    totals: Mapping[tuple[str, str, int, str], bool] | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Rows read, kept and refused for each file and sheet, as ``frames.FILES_SCHEMA`` has it.

    ``kept`` holds the rows that went into the clean table, with their file, sheet and row;
    ``repairs`` and ``totals`` are the table's ledger's.

    Raises
    ------
    WfanalyticsError
        where rows kept and rows the ledger refused are not the rows read: a row has vanished,
        or was counted twice, and no figure of that file can be trusted.
    """
    places = ["file", "sheet"]
    held = kept.groupby(places).size()
    date = next((name for name in DATE_COLUMNS if name in kept), None)
    dates = kept.groupby(places)[date or "row"]
    earliest, latest = (dates.min(), dates.max()) if date else ({}, {})
    refused = repairs[repairs["is_row_refused"]].groupby(places).size()
    read: dict[tuple[str, str], int] = {}
    sheets = {}
    for raw in tables:
        place = (raw.sheet.file, raw.sheet.sheet)
        read[place] = read.get(place, 0) + len(raw.frame) + raw.refused
        sheets[place] = raw.sheet
    rows = []
    for place, count in read.items():
        counts = count, int(held.get(place, 0)), int(refused.get(place, 0))
        if counts[0] != counts[1] + counts[2]:
            raise WfanalyticsError(
                f"{place[0]}: {counts[0]} rows were read, but {counts[1]} kept and "
                f"{counts[2]} refused. This is a fault in wfanalytics; please report it."
            )
        sheet = sheets[place]
        rows.append((
            table, *place, sheet.sha256, *counts,
            earliest.get(place, pd.NaT), latest.get(place, pd.NaT),
            *_count_totals(totals or {}, place), sheet.encoding, sheet.delimiter,
        ))  # fmt: skip
    return check_files(pd.DataFrame(rows, columns=list(FILES_SCHEMA.columns)))


def _count_totals(
    totals: Mapping[tuple[str, str, int, str], bool], place: tuple[str, str]
) -> tuple[int, int]:  # fmt: skip
    found = [agrees for (file, sheet, *_), agrees in totals.items() if (file, sheet) == place]
    return len(found), sum(found)
