"""Who left, who joined, and are more coming?"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from wfanalytics.frames import USABLE_STATUSES
from wfanalytics.measures.area_data import AreaData, select
from wfanalytics.present.exhibit import Exhibit
from wfanalytics.present.exhibits.build import NoFigureError, asks, list_notes, needs_extracts
from wfanalytics.present.exhibits.common import make_places, make_trend
from wfanalytics.present.tables import table_trend

YEARLY = (
    "Leavers of parts of the authority are shown once a year: from month to month they would "
    "give few people away."
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
