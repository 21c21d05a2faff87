"""How many cases does each social worker hold, week by week?"""

from __future__ import annotations

import pandas as pd

from wfanalytics.analysis.caseload_spread import find_week
from wfanalytics.measures.area_data import AreaData, select
from wfanalytics.periods import format_month
from wfanalytics.present.charts import plot_shares
from wfanalytics.present.exhibit import Exhibit
from wfanalytics.present.exhibits.build import (
    NoFigureError,
    asks,
    has_figures,
    make_exhibit,
    needs_extracts,
)
from wfanalytics.present.exhibits.common import make_trend
from wfanalytics.present.exhibits.simple import count_people, show_numbers, show_share
from wfanalytics.rounding import format_number

#: Months shown in the chart of shares.
SHARES_SHOWN = 13
ROLES = {
    "caseload_below_rate": "below", "caseload_within_rate": "within",
    "caseload_above_rate": "above",
}  # fmt: skip
LAST_WEEK = "A month's figure is that of the last week that ends in it."


def take_week(data: AreaData) -> pd.Timestamp:
    """The reported month's last week; an exhibit without it says that it was not counted."""
    week = find_week(data)
    if week is None:
        raise _no_count(data)
    return week


def _no_count(data: AreaData) -> NoFigureError:
    return NoFigureError(f"There is no caseload figure for {format_month(data.month)}.")


@asks("What is the average caseload, week by week?")
def caseload_trend(data: AreaData) -> Exhibit:
    """Average caseload week by week (year by year where published), against the band."""
    return make_trend(
        data, "caseload_fte", table="caseload", beside_england=True,
        period_type="week" if data.source == "local" else None,
    )  # fmt: skip


@needs_extracts("How many case holders are within the band?")
def caseload_shares(data: AreaData) -> Exhibit:
    """Case holders below, within and above the band, month by month, people."""
    parts = _name_parts(data.band)
    rows = pd.concat(select(data, name) for name in parts)
    months = sorted(rows["period_end"].unique())[-SHARES_SHOWN:]
    rows = rows[rows["period_end"].isin(months)].sort_values("period_end")
    rows = rows.assign(month=[format_month(date, short=True) for date in rows["period_end"]])
    last = rows[rows["period_end"] == data.month].set_index("measure")
    if last.empty or not has_figures(last):
        raise _no_count(data)
    low, high = (format_number(edge) for edge in data.band)
    base = format_number(last["denominator"].iloc[0])
    below, inside, above = (f"{format_number(last.loc[name, 'numerator'])} were {label}"
                            for name, label in parts.items())  # fmt: skip
    axes = plot_shares(
        rows, parts=parts, name="month", number="numerator", roles=ROLES,
        label="Case holders by caseload at the month's last week (numbers are people)",
    )  # fmt: skip
    within = last.loc["caseload_within_rate", "value"]
    sentence = (f"In {format_month(data.month)}, of {base} case holders, {below} cases, {inside} "
                f"and {above}.")  # fmt: skip
    span = count_people(len(months), "month")
    chart = f"Stacked bar chart: case holders by caseload, {data.name}, {span}."
    return make_exhibit(
        data, headline=f"{show_share(within)} of case holders have {low} to {high} cases",
        subtitle=f"Case holders below, within and above {low} to {high} cases, {data.name}",
        sentences=(sentence,), source="caseload", axes=axes, alt=f"{chart} {sentence}",
        table=_tabulate(rows, parts), caption=f"Case holders by caseload, {data.name}, people",
        measures=list(parts), notes=[LAST_WEEK, EACH_OWN],
    )  # fmt: skip


EACH_OWN = (
    "Each case holder's own caseload is counted for full time: 8 cases at 0.5 FTE count as 16."
)


def _name_parts(band: tuple[float, float]) -> dict[str, str]:
    low, high = (format_number(edge) for edge in band)
    return {
        "caseload_below_rate": f"below {low}",
        "caseload_within_rate": f"within {low} to {high}",
        "caseload_above_rate": f"above {high}",
    }


def _tabulate(rows: pd.DataFrame, parts: dict[str, str]) -> pd.DataFrame:
    wide = rows.pivot_table(
        index="period_end", columns="measure", values="numerator", dropna=False
    ).reindex(sorted(rows["period_end"].unique()))  # fmt: skip
    table = pd.DataFrame({"Month": [format_month(date) for date in wide.index]})
    for name, label in parts.items():
        table[label.capitalize()] = show_numbers(wide[name], none="no count")
    return table
