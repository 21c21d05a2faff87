"""How many cases does each social worker hold?"""

from __future__ import annotations

import pandas as pd

from wfanalytics.measures.area_data import AreaData, select
from wfanalytics.periods import format_month
from wfanalytics.present.axes import figure_of
from wfanalytics.present.charts import plot_shares
from wfanalytics.present.exhibit import Exhibit
from wfanalytics.present.exhibits import common
from wfanalytics.rounding import format_number
from wfanalytics.settings import Target

#: Months shown in the chart of shares.
SHARES_SHOWN = 13
ROLES = {
    "caseload_below_rate": "below", "caseload_within_rate": "within",
    "caseload_above_rate": "above",
}  # fmt: skip
LAST_WEEK = "A month's figure is that of the last week that ends in it."


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
        reason = f"There is no caseload figure for {format_month(data.month)}."
        return common.make_unavailable(
            data, key="caseload_shares", question=question, reason=reason
        )
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


@common.needs_extracts("Which services carry most?")
def caseload_services(data: AreaData) -> Exhibit:
    """Average caseload of each service at the month's last week."""
    return common.make_places(
        data, "caseload_fte", level="service", key="caseload_services", table="caseload",
        question="Which services carry most?", also=["cases", "case_holders_fte"],
        band=data.band, band_label=_label_band(data), more_notes=[LAST_WEEK],
    )  # fmt: skip


def _label_band(data: AreaData) -> str:
    low, high = (format_number(edge) for edge in data.band)
    return f"band: {low} to {high}"


@common.needs_extracts("How many cases does each team hold?")
def caseload_teams(data: AreaData) -> Exhibit:
    """Cases held in each team at the month's last week, beside a team target if there is one."""
    aim = _team_aim(data)
    return common.make_places(
        data, "cases", level="team", key="caseload_teams", table="caseload",
        question="How many cases does each team hold?", also=["caseload_fte"],
        band=None if aim is None else (float(aim.low or 0), float(aim.high or 0)),
        band_label="" if aim is None else aim.label,
        more_notes=[LAST_WEEK, *([] if aim is None else [f"{aim.label}: {aim.source}."])],
    )  # fmt: skip


def _team_aim(data: AreaData) -> Target | None:
    aims = [
        target for target in data.targets
        if target.measure == "cases" and target.scope_level == "any team" and target.is_band
        and pd.Timestamp(target.valid_from) <= data.month
    ]  # fmt: skip
    return aims[-1] if aims else None
