"""How many cases does each social worker hold, week by week?"""

from __future__ import annotations

import pandas as pd

from wfanalytics.measures.area_data import AreaData, select
from wfanalytics.periods import format_month
from wfanalytics.present.axes import figure_of
from wfanalytics.present.charts import plot_shares
from wfanalytics.present.exhibit import Exhibit
from wfanalytics.present.exhibits import common
from wfanalytics.rounding import format_number

#: Months shown in the chart of shares.
SHARES_SHOWN = 13
ROLES = {
    "caseload_below_rate": "below", "caseload_within_rate": "within",
    "caseload_above_rate": "above",
}  # fmt: skip
LAST_WEEK = "A month's figure is that of the last week that ends in it."


def make_missing(data: AreaData, *, key: str, question: str) -> Exhibit:
    """An exhibit that says the month's last week was not counted."""
    reason = f"There is no caseload figure for {format_month(data.month)}."
    return common.make_unavailable(data, key=key, question=question, reason=reason)


def caseload_trend(data: AreaData) -> Exhibit:
    """Average caseload week by week (year by year where published), against the band."""
    return common.make_trend(
        data, "caseload_fte", key="caseload_trend", table="caseload",
        question="What is the average caseload, week by week?",
        period_type="week" if data.source == "local" else None,
        beside=["England"] if data.source == "published" and data.name != "England" else [],
    )  # fmt: skip


@common.needs_extracts("How many are within the band?")
def caseload_shares(data: AreaData) -> Exhibit:
    """Case holders below, within and above the band, month by month, people."""
    parts = _name_parts(data.band)
    rows = pd.concat(select(data, name) for name in parts)
    months = sorted(rows["period_end"].unique())[-SHARES_SHOWN:]
    rows = rows[rows["period_end"].isin(months)].sort_values("period_end")
    rows = rows.assign(month=[format_month(date, short=True) for date in rows["period_end"]])
    question = "How many case holders are within the band?"
    last = rows[rows["period_end"] == data.month].set_index("measure")
    if last.empty or not common.has_figures(last):
        return make_missing(data, key="caseload_shares", question=question)
    low, high = (format_number(edge) for edge in data.band)
    base = format_number(last["denominator"].iloc[0])
    words = {
        name: f"{format_number(last.loc[name, 'numerator'])} were {label}"
        for name, label in parts.items()
    }
    axes = plot_shares(
        rows, parts=parts, name="month", number="numerator", roles=ROLES,
        label="Case holders by caseload at the month's last week (numbers are people)",
    )  # fmt: skip
    within = last.loc["caseload_within_rate", "value"]
    sentence = (
        f"In {format_month(data.month)}, of {base} case holders, "
        f"{words['caseload_below_rate']} cases, {words['caseload_within_rate']} and "
        f"{words['caseload_above_rate']}."
    )
    chart = f"Stacked bar chart: case holders by caseload, {data.name}, {SHARES_SHOWN} months."
    alt = f"{chart} {sentence}"
    return Exhibit(
        key="caseload_shares",
        question=question,
        headline=f"{format_number(within * 100)}% of case holders have {low} to {high} cases",
        subtitle=f"Case holders below, within and above {low} to {high} cases, {data.name}",
        sentences=(sentence,),
        figure=figure_of(axes),
        alt_text=alt[:250],
        description=alt,
        table=_tabulate(rows, parts),
        table_caption=f"Case holders by caseload, {data.name}, people",
        source=common.name_source(data, "caseload"),
        notes=common.list_notes(data, *parts, more=[LAST_WEEK, EACH_OWN]),
    )


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
        table[label.capitalize()] = [
            "no count" if pd.isna(x) else format_number(x) for x in wide[name]
        ]
    return table
