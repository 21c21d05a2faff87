"""How many agency staff have become permanent?"""

from __future__ import annotations

import pandas as pd

from wfanalytics.analysis.agency import sum_months
from wfanalytics.analysis.rates import CHANCE, FEWEST_LEAVERS, calculate_p_value
from wfanalytics.measures.area_data import AreaData, select
from wfanalytics.measures.posts import MONTHS_IN_YEAR
from wfanalytics.periods import format_month
from wfanalytics.present.charts import plot_stack
from wfanalytics.present.exhibit import Exhibit
from wfanalytics.present.exhibits.agency import AGENCY_NAMES
from wfanalytics.present.exhibits.agency_stay import FEWEST_BARS, QUARTER, QUARTERS_SHOWN
from wfanalytics.present.exhibits.build import NoFigureError, make_month, needs_extracts
from wfanalytics.present.exhibits.simple import count_people, join_alt, show_numbers
from wfanalytics.present.words import NO_FIGURE, sentence_case
from wfanalytics.rounding import format_number


@needs_extracts("How many agency staff have become permanent?")
def agency_conversions(data: AreaData) -> Exhibit:
    """Agency staff made permanent in each quarter and in twelve months, people."""
    months = select(data, "conversions_headcount")
    quarters = sum_months(months, month=data.month, length=QUARTER)
    years = sum_months(months, month=data.month, length=MONTHS_IN_YEAR)
    if quarters.empty or quarters["value"].isna().all():
        reason = "Three months of starters and leavers lists are needed, up to the month."
        raise NoFigureError(reason)
    rows = quarters.tail(QUARTERS_SHOWN).assign(band="made")
    axes = None
    if len(rows) >= FEWEST_BARS and rows["value"].any():
        axes = plot_stack(rows, parts={"made": "made permanent"}, by="band",
                          unit="in three months",
                          label="Agency staff made permanent in three months, people")  # fmt: skip
    said = _describe_conversions(data, quarters, years)
    ends = [format_month(date) for date in rows["period_end"]]
    numbers = show_numbers(rows["value"], none=NO_FIGURE)
    head = f"Bar chart: agency staff made permanent in three months, {data.name}."
    return make_month(
        data, headline=said[0], what="Agency staff made permanent, by quarter", sentences=said,
        axes=axes,
        alt=join_alt(head, ends[::-1], numbers[::-1]),
        table=pd.DataFrame({"Three months to": ends, "Made permanent, people": numbers}),
        source="movements", measures=["conversions_headcount"],
    )  # fmt: skip


def _describe_conversions(data: AreaData, quarters: pd.DataFrame, years: pd.DataFrame) -> list[str]:
    when = format_month(data.month)
    if years.empty or pd.isna(years["value"].iloc[-1]):
        number = float(quarters["value"].iloc[-1])
        if pd.isna(number):
            return [f"How many became permanent in the three months to {when} is not known."]
        made = sentence_case(count_people(number, *AGENCY_NAMES))
        return [f"{made} became permanent in the three months to {when}."]
    now = float(years["value"].iloc[-1])
    made = sentence_case(count_people(now, *AGENCY_NAMES))
    said = [f"{made} became permanent in the twelve months to {when}."]
    if len(years) > 1 and pd.notna(years["value"].iloc[-2]):
        before = float(years["value"].iloc[-2])
        said.append(f"It was {format_number(before)} in the twelve months before: "
                    f"{_judge(int(now), int(before))}.")  # fmt: skip
    return said


def _judge(now: int, before: int) -> str:
    if now + before < FEWEST_LEAVERS:
        return "too few to tell"
    is_clear = calculate_p_value(now, before, share=0.5) < CHANCE
    return (
        "more than chance alone makes it differ" if is_clear
        else "chance alone may make that difference"
    )  # fmt: skip
