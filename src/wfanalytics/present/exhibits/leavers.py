"""Who left, who joined, in which roles, and are more coming?"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd

from wfanalytics.analysis.movers import calculate_role_turnover
from wfanalytics.frames import USABLE_STATUSES
from wfanalytics.measures.area_data import AreaData, select
from wfanalytics.periods import format_month
from wfanalytics.present.charts import plot_bars
from wfanalytics.present.exhibit import Exhibit
from wfanalytics.present.exhibits.build import (
    FEW_NOTE,
    NoFigureError,
    asks,
    list_notes,
    make_month,
    needs_extracts,
)
from wfanalytics.present.exhibits.common import make_places, make_trend
from wfanalytics.present.exhibits.simple import (
    WITHHELD,
    count_people,
    find_value,
    join_alt,
    show_numbers,
    show_share,
)
from wfanalytics.present.tables import table_trend
from wfanalytics.present.words import each_row, sentence_case
from wfanalytics.rounding import format_number

YEARLY = (
    "Leavers of parts of the authority are shown once a year: from month to month their changes "
    "would tell of single people."
)
SMALL_NUMBERS = (
    "Monthly numbers this small rise and fall by chance: one month is too few to tell a trend."
)


@needs_extracts("How many people leave each month?")
def leavers_month(data: AreaData) -> Exhibit:
    """Leavers in each month, people."""
    return make_trend(data, "leavers_headcount", table="movements", caution=SMALL_NUMBERS)


@asks("How many left and joined in twelve months?")
def leavers_year(data: AreaData) -> Exhibit:
    """Leavers in the twelve months to each month, people; starters beside them in the table."""
    made = make_trend(data, "leavers_12m_headcount", table="movements")
    return _add_beside(made, data, "starters_12m_headcount", name="Starters in twelve months")


@asks("What is the turnover rate?")
def turnover_trend(data: AreaData) -> Exhibit:
    """Turnover as DfE counts it; on average stock beside it in the table."""
    made = make_trend(data, "turnover_rate_fte", table="movements")
    return _add_beside(
        made, data, "turnover_average_stock_headcount", name="On average stock, people"
    )


@needs_extracts("Is the rate at which people leave out of the usual?")
def leavers_rate(data: AreaData) -> Exhibit:
    """Leavers each month as a share of staff in post, with limits made for small counts."""
    return make_trend(data, "leaver_rate_headcount", table="movements")


@needs_extracts("Do staff stay?")
def stability_index(data: AreaData) -> Exhibit:
    """Share of permanent staff in post a year ago who still are, month by month."""
    return make_trend(data, "stability_rate_headcount", table="movements")


@needs_extracts("In which localities do most leave?")
def turnover_localities(data: AreaData) -> Exhibit:
    """Turnover of each locality at the last date it is shown, with its staff and agency rate."""
    rows = select(data, "turnover_rate_headcount", level="locality")
    rows = rows[rows["status"].isin(USABLE_STATUSES)]
    if rows.empty:
        raise NoFigureError(YEARLY)
    return make_places(
        replace(data, month=rows["period_end"].max()), "turnover_rate_headcount",
        level="locality", table="movements", more_notes=[YEARLY],
        also=["leavers_12m_headcount", "inpost_headcount", "agency_rate_headcount"],
    )  # fmt: skip


@asks("How much sickness absence is there?")
def absence_trend(data: AreaData) -> Exhibit:
    """Sickness absence rate in twelve months, FTE."""
    return make_trend(data, "absence_rate_fte", table="movements")


def _add_beside(made: Exhibit, data: AreaData, measure: str, *, name: str) -> Exhibit:
    """The exhibit with another measure's figures as a column of its table."""
    rows = select(data, measure)
    if made.table is None or rows.empty:
        return made
    other = table_trend(rows, last=len(made.table))
    period = made.table.columns[0]
    joined = made.table.merge(
        pd.DataFrame({period: other.iloc[:, 0], name: other.iloc[:, 1]}),
        on=period, how="left", validate="one_to_one",
    )  # fmt: skip
    notes = dict.fromkeys([*made.notes, *list_notes(data, measure)])
    return replace(made, table=joined, notes=tuple(notes))


@needs_extracts("In which roles do most leave?")
def turnover_roles(data: AreaData) -> Exhibit:
    """Turnover of twelve months by group of roles, with the permanent share of its staff."""
    total = find_value(data, "leavers_12m_headcount")
    rows = pd.DataFrame({"turnover": [], "status": []})
    if total is not None and "workers" in data.tables:
        rows = calculate_role_turnover(data.tables, through=data.month, rules=data.disclosure)
    if rows["turnover"].isna().all():
        reason = "No group of roles has a figure that may be shown: each rests on few people."
        raise NoFigureError(reason)
    said = _describe_roles(rows)
    text = [_turnover_words(row) for row in each_row(rows)]
    axes = plot_bars(
        rows.assign(name=rows["role"].map(sentence_case), text=text), value="turnover",
        name="name", text="text", label="Leavers in twelve months, per cent of permanent staff",
    )  # fmt: skip
    return make_month(
        data, headline=said[0].split(":")[0], what="Turnover by role, twelve months",
        sentences=said, axes=axes,
        alt=join_alt(f"Bar chart: turnover by role, {data.name}, twelve months to "
                     f"{format_month(data.month)}.", rows["role"], text),
        table=_tabulate_roles(rows), source="movements",
        notes=["Leavers in twelve months ÷ permanent staff in the role at the end of them, people; "
               "a leaver's role is the last one listed. DfE's six roles stand in four groups: "
               "senior, middle and first line managers are one.", FEW_NOTE,
               "Where few of a role are agency staff its permanent staff are withheld too: another "
               "table has both together."],
    )  # fmt: skip


def _describe_roles(rows: pd.DataFrame) -> list[str]:
    shown = rows[rows["turnover"].notna()].sort_values("turnover", ascending=False)
    top = next(each_row(shown))
    more = "" if len(shown) == len(rows) else " of those shown"
    said = [
        f"Turnover was highest among {top.role}{more}: {count_people(top.leavers, 'leaver')} "
        f"in twelve months, {show_share(top.turnover, 1)} of {format_number(top.permanent)} "
        "permanent staff."
    ]
    if not top.turnover:
        said = [f"No group of roles{more} had a leaver in twelve months."]
    mixed = rows[rows["permanent_share"].notna()].sort_values("permanent_share")
    for row in each_row(mixed.head(1)):
        was = "was lowest" if len(mixed) > 1 else "is shown only"
        said.append(f"The permanent share {was} among {row.role}: "
                    f"{show_share(row.permanent_share)}.")  # fmt: skip
    return said


def _tabulate_roles(rows: pd.DataFrame) -> dict[str, object]:
    return {
        "Role": rows["role"].map(sentence_case),
        "Leavers in twelve months, people": show_numbers(rows["leavers"]),
        "Permanent staff, people": show_numbers(rows["permanent"]),
        "Turnover": rows["turnover"].map(_show_tenth),
        "Agency staff, people": show_numbers(rows["agency"]),
        "Permanent share": rows["permanent_share"].map(_show_tenth),
    }


def _show_tenth(value: float) -> str:
    return show_share(value, 1)


def _turnover_words(row: Any) -> str:
    if pd.isna(row.turnover):
        return WITHHELD
    return f"{show_share(row.turnover, 1)} ({count_people(row.leavers, 'leaver')})"
