"""What stops an area before its figures are calculated."""

from __future__ import annotations

import pandas as pd

from wfanalytics.clean.area import Clean
from wfanalytics.errors import InputError, unknown_name
from wfanalytics.measures.definitions import DEFINITIONS
from wfanalytics.periods import format_month
from wfanalytics.raw.area import Area
from wfanalytics.settings import OPTIONAL_TABLES


def find_stop(clean: Clean) -> str:
    """The fault for which no report can be made: nothing tells its months; '' where none does."""
    faults = clean.faults[~clean.faults["table"].isin(OPTIONAL_TABLES)]
    stops = faults.loc[faults["month"].isna(), "message"]
    return str(stops.iloc[0]) if len(stops) else ""


def check_faults(clean: Clean) -> None:
    """Raise the first fault in an extract about months nothing tells."""
    if stop := find_stop(clean):
        raise InputError(stop.removesuffix("."))


def list_held(clean: Clean, table: str) -> set[pd.Timestamp]:
    """The months a table has an extract about, also one that could not be used."""
    return {*clean.tables[table]["as_at"], *clean.months_refused(table)}


def check_settings(area: Area) -> None:
    """Raise for a target, or a manager's words, on an unknown measure, or a rate without %."""
    for row, target in enumerate(area.targets, start=2):
        file = f"{area.folder.name}/targets.csv"
        if target.measure not in DEFINITIONS:
            raise InputError(unknown_name("measure", target.measure, DEFINITIONS).rstrip("."),
                             file=file, row=row, column="measure")  # fmt: skip
        highest = target.high if target.value is None else target.value
        if DEFINITIONS[target.measure].unit == "percent" and highest is not None and highest > 1:
            raise InputError(
                "a rate's target has no percentage sign", file=file, row=row, column="value",
                found=f"{highest:g}", allowed=f"{highest:g}%", remedy="Write the % sign.",
            )  # fmt: skip
    for entry in area.commentary:
        if entry.measure not in DEFINITIONS:
            raise InputError(unknown_name("measure", entry.measure, DEFINITIONS).rstrip("."),
                             file=f"{area.folder.name}/commentary.yml",
                             column="measure")  # fmt: skip


def check_month(clean: Clean, end: pd.Timestamp, slug: str) -> None:
    """Raise where no extract is about the month."""
    for table in ("posts", "workers"):
        dates = list_held(clean, table) if table in clean.tables else {end}
        if end not in dates:
            others = clean.faults.loc[clean.faults["month"] == end, "message"]
            also = f" Mend this too: {others.iloc[0]}" if len(others) else ""
            raise InputError(
                f"no {table} extract is about {format_month(end)}", file=f"{slug}/{table}",
                found=f"{format_month(min(dates))} to {format_month(max(dates))}",
                remedy=f"Put the month's extract in the folder, or ask for another month.{also}",
            )  # fmt: skip
