"""Who left, who joined, and are more coming?"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from wfanalytics.frames import USABLE_STATUSES
from wfanalytics.measures.area_data import AreaData, select
from wfanalytics.present.exhibit import Exhibit
from wfanalytics.present.exhibits import common
from wfanalytics.present.tables import table_trend

YEARLY = (
    "Leavers of parts of the authority are shown once a year: from month to month they would "
    "give few people away."
)
SMALL_NUMBERS = (
    "Monthly numbers this small rise and fall by chance: one month is too few to tell a trend."
)


@common.needs_extracts("How many people leave each month?")
def leavers_month(data: AreaData) -> Exhibit:
    """Leavers in each month, people."""
    return common.make_trend(
        data, "leavers_headcount", key="leavers_month", table="movements",
        question="How many people leave each month?", caution=SMALL_NUMBERS,
    )  # fmt: skip


def leavers_year(data: AreaData) -> Exhibit:
    """Leavers in the twelve months to each month, people; starters beside them in the table."""
    exhibit = common.make_trend(
        data, "leavers_12m_headcount", key="leavers_year", table="movements",
        question="How many left and joined in twelve months?",
    )  # fmt: skip
    return _add_beside(
        exhibit, data, "starters_12m_headcount", name="Starters in twelve months",
    )  # fmt: skip


def turnover_trend(data: AreaData) -> Exhibit:
    """Turnover as DfE counts it; on average stock beside it in the table."""
    exhibit = common.make_trend(
        data, "turnover_rate_fte", key="turnover_trend", table="movements",
        question="What is the turnover rate?",
    )  # fmt: skip
    return _add_beside(
        exhibit, data, "turnover_average_stock_headcount", name="On average stock, people",
    )  # fmt: skip


@common.needs_extracts("Do staff stay?")
def stability_index(data: AreaData) -> Exhibit:
    """Share of permanent staff in post a year ago who still are, month by month."""
    return common.make_trend(
        data, "stability_rate_headcount", key="stability_index", table="movements",
        question="Do staff stay?",
    )  # fmt: skip


@common.needs_extracts("In which localities do most leave?")
def turnover_localities(data: AreaData) -> Exhibit:
    """Turnover of each locality at the last date it is shown, with its staff and agency rate."""
    key, question = "turnover_localities", "In which localities do most leave?"
    rows = select(data, "turnover_rate_headcount", level="locality")
    rows = rows[rows["status"].isin(USABLE_STATUSES)]
    if rows.empty:
        return common.make_unavailable(data, key=key, question=question, reason=YEARLY)
    return common.make_places(
        replace(data, month=rows["period_end"].max()), "turnover_rate_headcount",
        level="locality", key=key, table="movements", question=question, more_notes=[YEARLY],
        also=["leavers_12m_headcount", "inpost_headcount", "agency_rate_headcount"],
    )  # fmt: skip


def absence_trend(data: AreaData) -> Exhibit:
    """Sickness absence rate in twelve months, FTE."""
    return common.make_trend(
        data, "absence_rate_fte", key="absence_trend", table="movements",
        question="How much sickness absence is there?",
    )  # fmt: skip


def _add_beside(exhibit: Exhibit, data: AreaData, measure: str, *, name: str) -> Exhibit:
    """The exhibit with another measure's figures as a column of its table."""
    rows = select(data, measure)
    if exhibit.table is None or rows.empty:
        return exhibit
    other = table_trend(rows, last=len(exhibit.table))
    period = exhibit.table.columns[0]
    joined = exhibit.table.merge(
        pd.DataFrame({period: other.iloc[:, 0], name: other.iloc[:, 1]}),
        on=period, how="left", validate="one_to_one",
    )  # fmt: skip
    notes = common.list_notes(data, measure)
    return replace(exhibit, table=joined, notes=tuple(dict.fromkeys([*exhibit.notes, *notes])))
