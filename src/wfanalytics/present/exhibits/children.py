"""How many social workers has each child had? Child data: only where the profile asks for it."""

from __future__ import annotations

import pandas as pd

from wfanalytics.analysis.worker_changes import (
    SEVERAL,
    SMALLEST_CHILDREN,
    calculate_several,
    calculate_worker_changes,
)
from wfanalytics.measures.area_data import AreaData
from wfanalytics.periods import format_month
from wfanalytics.present.chance import name_number
from wfanalytics.present.charts import plot_bars
from wfanalytics.present.exhibit import Exhibit
from wfanalytics.present.exhibits.build import NoFigureError, make_exhibit, needs_extracts
from wfanalytics.present.exhibits.simple import show_numbers, show_share
from wfanalytics.present.words import each_row
from wfanalytics.rounding import format_number

NOT_ASKED = (
    "No allocations are read: they are about children, so profile.yml has to ask for them "
    "(child_data: true)."
)
NOTES = (
    "Children allocated to a social worker on any day of the year; each of theirs counts once. "
    "A duty tray is no social worker.",
    f"Groups of fewer than {SMALLEST_CHILDREN} children are merged or withheld, and nothing is "
    "shown by locality or team.",
    "A change of social worker may be right for a child: a new team, or a worker who left.",
)


@needs_extracts("How many social workers has each child had in a year?")
def worker_changes(data: AreaData) -> Exhibit:
    """Children by how many social workers they had in twelve months; several, by service."""
    when = format_month(data.month)
    allocations = data.tables.get("allocations")
    if allocations is None:
        raise NoFigureError(NOT_ASKED)
    groups = calculate_worker_changes(allocations, month=data.month)
    if groups.empty:
        raise NoFigureError(f"Too few children were allocated in the year to {when}.")
    several = calculate_several(allocations, month=data.month, level="service")
    total = int(groups["children"].sum())
    words = [f"{show_share(row.share)} ({format_number(row.children)} children)"
             for row in each_row(groups)]  # fmt: skip
    names = [f"{name_number(int(row.workers)).capitalize()}{' or more' if row.is_last else ''}"
             for row in each_row(groups)]  # fmt: skip
    rows = pd.DataFrame({"area_name": names, "value": groups["share"], "shown": words})
    axes = plot_bars(
        rows, text="shown", is_percent=True, ranked=False,
        label=f"Children by social workers in the year to {when}, share of {format_number(total)}",
    )  # fmt: skip
    sentences = _describe(data, groups, total)
    alt = f"Bar chart, {data.name}, year to {when}: " + "; ".join(
        f"{name.lower()} {said}" for name, said in zip(names, words, strict=True)
    )
    first = groups["share"].iloc[0]
    return make_exhibit(
        data, headline=f"{show_share(first)} of children had one social worker in the year",
        subtitle=f"Children by social workers in twelve months, {data.name}, year to {when}",
        sentences=sentences,
        source=f"{data.name}'s allocations of children to social workers, to {when}.", axes=axes,
        alt=f"{alt}.", table=_tabulate(several),
        caption=f"Children with {name_number(SEVERAL)} or more social workers, year to {when}",
        notes=NOTES,
    )  # fmt: skip


def _describe(data: AreaData, groups: pd.DataFrame, total: int) -> tuple[str, ...]:
    one = groups.iloc[0]
    text = (
        f"In the year to {format_month(data.month)}, {format_number(one['children'])} of "
        f"{format_number(total)} children ({show_share(one['share'])}) had one social worker."
    )
    several = calculate_several(data.tables["allocations"], month=data.month, level="authority")
    row = several.iloc[0]
    if row["status"] != "ok":
        return (text, f"The number with {name_number(SEVERAL)} or more is too small to show.")
    return (
        text,
        f"{format_number(row['numerator'])} of {format_number(row['denominator'])} "
        f"({show_share(row['value'])}) had {name_number(SEVERAL)} or more.",
    )


def _tabulate(several: pd.DataFrame) -> dict[str, object]:
    names = ["numerator", "denominator", "value"]
    shown = several[names].where(several["status"] == "ok")
    return {
        "Service": several["area_name"],
        "Three or more": show_numbers(shown["numerator"]),
        "Children": show_numbers(shown["denominator"]),
        "Share": shown["value"].map(show_share),
    }
