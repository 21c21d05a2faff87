"""A fault that has no repair, confined to the extract it is in and the months that is about.

Severity E stops the figure it would corrupt, not the whole run: the extract's rows are refused,
every other row of that table in those months with them (a month of which a part is refused is
not a month), and the months are written down, so that nobody takes the gap for a zero.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from wfanalytics.clean.columns import parse_date, parse_month_text, spread
from wfanalytics.clean.repairs import DATE_COLUMNS, Ledger, place_rows
from wfanalytics.clean.rows import find_as_at, month_of_file, prepare_rows
from wfanalytics.errors import InputError, raise_first
from wfanalytics.frames import CLEAN_SCHEMAS, FAULTS_SCHEMA, check_faults
from wfanalytics.periods import format_month
from wfanalytics.raw.headings import RawTable
from wfanalytics.raw.tables import RawSheet
from wfanalytics.settings import NEEDED_TABLE

#: The code of a fault no rule of its own is about: an extract that is not as it should be.
ANY_FAULT = "A30"
_DATES_CHANGED = "A14"


@dataclass
class Faults:
    """The faults of an area's extracts; ``is_confined`` False raises the first of them.

    Mutable on purpose: reading and cleaning add to the one list.
    """

    is_confined: bool = False
    entries: list[dict[str, object]] = field(default_factory=list)

    @contextlib.contextmanager
    def confine(
        self, sheet: RawSheet, table: str, ledger: Ledger, refused: list[RawTable]
    ) -> Iterator[None]:
        """Refuse a file or sheet that cannot be read, and go on with the others."""
        before = len(ledger.entries)
        try:
            yield
        except InputError as error:
            if not self.is_confined:
                raise
            del ledger.entries[before:]
            raw = RawTable(sheet, pd.DataFrame({"row": pd.Series(dtype="int64")}), 0, {}, ())
            self.refuse(raw, table, error, ledger)
            refused.append(raw)

    def refuse(self, raw: RawTable, table: str, error: InputError, ledger: Ledger) -> None:
        """Write a fault down, and the rows of its extract as refused."""
        rule = error.rule or ANY_FAULT
        rows = place_rows(raw)
        is_own = error.file in (None, raw.sheet.file) and not (
            error.sheet and error.sheet != raw.sheet.sheet
        )
        is_cause = (rows["row"] == error.row) & is_own
        if not is_cause.any():
            ledger.note_file(raw, rule, reason=error.describe(), severity="E")
        for chosen, reason in (
            (rows[is_cause], error.describe()),
            (rows[~is_cause], f"refused with its extract: {error.problem}"),
        ):
            ledger.note(chosen, rule, reason=reason, severity="E", is_refused=True)
        for month in find_months(raw, table, error) or [pd.NaT]:
            self.entries.append(
                {"table": table, "file": raw.sheet.file, "sheet": raw.sheet.sheet,
                 "month": month, "rule": rule, "message": str(error)}
            )  # fmt: skip

    def months(self, table: str) -> list[pd.Timestamp]:
        """Month ends of which a table's figures are refused."""
        found = {entry["month"] for entry in self.entries if entry["table"] == table}
        return sorted(month for month in found if month is not pd.NaT)

    def to_frame(self) -> pd.DataFrame:
        """One row a fault and month, as ``frames.FAULTS_SCHEMA`` has it."""
        return check_faults(pd.DataFrame(self.entries, columns=list(FAULTS_SCHEMA.columns)))


def clean_confined(
    table: str,
    raw: list[RawTable],
    clean: Callable[[list[RawTable], Ledger], pd.DataFrame],
    faults: Faults,
    ledger: Ledger,
    *,
    is_whole: bool = False,
) -> pd.DataFrame:
    """A table cleaned; where a fault is confined, again without the extract it is in.

    Each turn leaves out the extracts at fault, at least one, so this ends. Where nothing is left
    the table is empty, unless every other needs it: then the fault is raised, as is one that is in
    no extract. With ``is_whole`` one fault empties the table.
    """
    if not raw and table == NEEDED_TABLE:
        raise InputError(str(faults.entries[0]["message"]).removesuffix("."))
    left, before = list(raw), len(ledger.entries)
    rows: pd.DataFrame | None = None
    refusals: list[tuple[RawTable, InputError]] = []
    while left and not (is_whole and (refusals or faults.entries)):
        try:
            rows = clean(left, ledger)
            break
        except InputError as error:
            if not faults.is_confined:
                raise
            found = _find_causes(left, (error, *error.others), table)
            refusals += found
            out = {id(one) for one, _ in found}
            left = [one for one in left if id(one) not in out]
            del ledger.entries[before:]
    for one, fault in refusals:
        faults.refuse(one, table, fault, ledger)
    if rows is not None:
        return _refuse_months(rows, faults.months(table), _list_weeks(refusals), ledger)
    for one in left:
        ledger.note(place_rows(one), ANY_FAULT, reason=_ALL_REFUSED, severity="E", is_refused=True)
    return _EMPTY[table].copy()


def _list_weeks(refusals: Iterable[tuple[RawTable, InputError]]) -> set[pd.Timestamp]:
    weeks = {text for one, _ in refusals if "week_ending" in one.frame
             for text in one.frame["week_ending"]}  # fmt: skip
    return {date for text in weeks if (date := parse_date(text)) is not None}


def _find_causes(
    raw: list[RawTable], errors: Iterable[InputError], table: str
) -> list[tuple[RawTable, InputError]]:  # fmt: skip
    """Each extract at fault and its fault, raised where that would leave no worker list.

    Two extracts that contradict each other may agree once one of them is out for another fault:
    the next turn tells.
    """
    found: list[tuple[RawTable, InputError]] = []
    for error in errors:
        bad = _find_cause(raw, error)
        out = {id(one) for one, _ in found}
        if bad and any(id(one) in out for one in bad):
            continue
        if not bad or (table == NEEDED_TABLE and len(bad) + len(found) == len(raw)):
            raise error from None
        found += [(one, error) for one in bad]
    return found


def _find_cause(raw: list[RawTable], error: InputError) -> list[RawTable]:
    """The extracts a fault is in; of a sheet divided by month, the part that has the row."""
    bad = [one for one in raw if (one.sheet.file, one.sheet.sheet) in error.places]
    holding = [
        one for one in bad if len(error.places) == 1 and (one.frame["row"] == error.row).any()
    ]
    return holding or bad


def _refuse_months(
    rows: pd.DataFrame, months: list[pd.Timestamp], weeks: set[pd.Timestamp], ledger: Ledger
) -> pd.DataFrame:  # fmt: skip
    """Refuse what other extracts say about the months, and the weeks, of refused ones."""
    if not months and not weeks:
        return rows
    dates = rows[next(name for name in DATE_COLUMNS if name in rows)].dt.normalize()
    is_gap = (dates + pd.offsets.MonthEnd(0)).isin(months) | dates.isin(weeks)
    if ledger.table == "summary":  # one row of an extract gives one row a figure
        is_first = ~rows.duplicated(["file", "sheet", "row"])
        ledger.refuse(rows, is_gap & is_first, ANY_FAULT, severity="E", reason=_PART_REFUSED)
        return rows[~is_gap]
    return ledger.refuse(rows, is_gap, ANY_FAULT, severity="E", reason=_PART_REFUSED)


_PART_REFUSED = "another extract about this month is refused: the month is not whole"
_ALL_REFUSED = "another extract is refused: a part would be counted as if it were all"
#: What is left of a table of which no extract can be used.
_EMPTY = {
    name: pd.DataFrame(columns=[*schema.columns, "file", "sheet", "row"])
    for name, schema in CLEAN_SCHEMAS.items()
}


def find_months(raw: RawTable, table: str, error: InputError | None = None) -> list[pd.Timestamp]:
    """The month ends an extract is about; empty where they cannot be told for every row.

    Its name tells, or its title (a snapshot), or the months or dates of all its rows, or a
    financial year in its name. Dates that look American tell nothing.
    """
    try:
        named = raw.as_at + pd.offsets.MonthEnd(0) if raw.as_at is not None else month_of_file(raw)
        if named is None and table in _SNAPSHOTS:
            named = find_as_at(raw, Ledger(table))
        found = [named] if named is not None else _months_of_rows(raw, table, error)
    except InputError:
        found = []
    return found or ([] if table in _SNAPSHOTS else _months_of_year(raw))


_SNAPSHOTS = ("posts", "workers")
#: "2020-21" and "2020/2021": from 2012 on no month can be meant.
_FINANCIAL_YEAR = re.compile(r"(?<!\d)(20[1-9]\d)[-_ /]?(?:20)?(\d\d)(?!\d)")


def _months_of_year(raw: RawTable) -> list[pd.Timestamp]:
    """The months of the one financial year in a file's name, where it names one."""
    name = raw.sheet.file.rsplit("/", 1)[-1]
    years = {int(year) for year, after in _FINANCIAL_YEAR.findall(name)
             if int(after) == (int(year) + 1) % 100 and int(year) >= 2012}  # fmt: skip
    if len(years) != 1:
        return []
    return list(pd.date_range(f"{years.pop()}-04-01", periods=12, freq="ME"))


def _months_of_rows(raw: RawTable, table: str, error: InputError | None) -> list[pd.Timestamp]:
    if raw.frame.empty:
        return []
    is_changed = error is not None and error.rule == _DATES_CHANGED
    names = ["month", *([] if is_changed else ["date", "week_ending"])]
    rows = prepare_rows(raw, Ledger(table))
    for name in (one for one in names if one in rows):
        months = spread(rows[name], parse_month_text)
        if not months.isna().any():
            return list(pd.date_range(months.min(), months.max(), freq="ME"))
    return []


def check_one_delivery(
    dates: Mapping[pd.Timestamp, Sequence[RawTable]],
    *,
    remedy: str = "Keep the right one in the folder and move the others out.",
) -> None:
    """Refuse two snapshot files for one month: nothing says which is right (rule 11)."""
    faults = []
    for date, tables in sorted(dates.items()):
        if len(tables) > 1:
            sheets = [table.sheet for table in tables]
            files = [s.file + (f" ({s.sheet})" if s.sheet else "") for s in sheets]
            faults.append(InputError(
                f"{len(files)} extracts are about {format_month(date)}: {', '.join(files)}",
                remedy=remedy,
                places=[(s.file, s.sheet) for s in sheets],
            ))  # fmt: skip
    raise_first(faults)
