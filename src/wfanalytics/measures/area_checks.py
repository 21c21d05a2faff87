"""What stops an area before its figures are calculated."""

from __future__ import annotations

import pandas as pd

from wfanalytics.clean.area import Clean
from wfanalytics.errors import InputError, unknown_name
from wfanalytics.measures.definitions import DEFINITIONS
from wfanalytics.periods import format_month
from wfanalytics.raw.area import Area
from wfanalytics.settings import OPTIONAL_TABLES


def check_faults(clean: Clean, end: pd.Timestamp) -> None:
    """Raise the first fault in an extract about the month, or about months nothing tells."""
    faults = clean.faults[~clean.faults["table"].isin(OPTIONAL_TABLES)]
    month = faults["month"]
    stops = faults.loc[month.isna() | (month == end), "message"]
    if len(stops):
        raise InputError(stops.iloc[0].removesuffix("."))


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
        dates = clean.tables[table]["as_at"] if table in clean.tables else pd.Series([end])
        if not (dates == end).any():
            raise InputError(
                f"no {table} extract is about {format_month(end)}", file=f"{slug}/{table}",
                found=f"{format_month(dates.min())} to {format_month(dates.max())}",
                remedy="Put the month's extract in the folder, or ask for another month.",
            )  # fmt: skip
