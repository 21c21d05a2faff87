"""How many posts are empty, and who covers them?"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from wfanalytics.measures.area_data import AreaData, select
from wfanalytics.periods import format_month
from wfanalytics.present.axes import figure_of
from wfanalytics.present.charts import plot_stack
from wfanalytics.present.commentary import describe_parts_alt_text
from wfanalytics.present.exhibit import Exhibit
from wfanalytics.present.exhibits import common
from wfanalytics.present.exhibits.benchmark_words import describe_cover_years
from wfanalytics.rounding import format_number

#: Parts of the establishment, from the bottom of the bars up.
PARTS = {
    "filled_fte": "permanent",
    "agency_cover_fte": "covered by agency",
    "uncovered_vacancy_fte": "uncovered",
}
ROLES = {
    "filled_fte": "permanent",
    "agency_cover_fte": "agency",
    "uncovered_vacancy_fte": "uncovered",
}
QUARTER_MONTHS = 3


def vacancy_trend(data: AreaData) -> Exhibit:
    """Uncovered vacancy rate, month by month (year by year where published)."""
    return common.make_trend(
        data, "uncovered_vacancy_rate_fte", key="vacancy_trend", table="posts",
        question="How many posts does nobody cover?",
    )  # fmt: skip


def vacancy_gross(data: AreaData) -> Exhibit:
    """Vacancy rate before agency cover; England beside it where the figures are published."""
    beside = ["England"] if data.source == "published" and data.name != "England" else []
    trend = common.make_trend(
        data, "vacancy_rate_fte", key="vacancy_gross", table="posts", beside=beside,
        question="How many posts have no permanent holder?",
        stated_also=["uncovered_vacancy_rate_fte"],
    )  # fmt: skip
    return replace(trend, sentences=(*trend.sentences, *describe_cover_years(data)))


@common.needs_extracts("Who fills the posts?")
def vacancy_cover(data: AreaData) -> Exhibit:
    """Permanent, covered and uncovered FTE, adding up to the establishment, each quarter."""
    rows = _list_parts(data)
    last = rows[rows["period_end"] == data.month].set_index("measure")
    question = "Who fills the posts?"
    if last.empty or last["value"].isna().any():
        reason = f"There are no posts for {format_month(data.month)}."
        return common.make_unavailable(data, key="vacancy_cover", question=question, reason=reason)
    total = last["value"].sum()
    words = [
        f"{format_number(last.loc[m, 'value'], 1)} {name} ({_percent(last.loc[m, 'share'])})"
        for m, name in PARTS.items()
    ]
    when = format_month(data.month)
    over = select(data, "over_establishment_fte")["value"].iloc[-1]
    sentences = (
        f"In {when} the establishment was {format_number(total, 1)} FTE: {', '.join(words)}.",
        f"Permanent staff above their posts' FTE, shown apart: {format_number(over, 1)} FTE.",
    )
    axes = plot_stack(
        rows, parts=PARTS, roles=ROLES,
        label="Who fills the established posts, full-time equivalents (FTE)",
    )  # fmt: skip
    alt = describe_parts_alt_text(rows, parts=PARTS, what=f"who fills posts, {data.name}")
    share = last.loc["uncovered_vacancy_fte", "share"]
    return Exhibit(
        key="vacancy_cover",
        question=question,
        headline=f"{_percent(share)} of the establishment has nobody in it, permanent or agency",
        subtitle=f"Establishment by who fills it, FTE, {data.name}, each quarter to {when}",
        sentences=sentences,
        figure=figure_of(axes),
        alt_text=alt,
        description=alt,
        table=_tabulate(rows),
        table_caption=f"Who fills the established posts, FTE, {data.name}",
        source=common.name_source(data, "posts"),
        notes=common.list_notes(
            data, "establishment_fte", "agency_cover_fte", "uncovered_vacancy_fte",
            "over_establishment_fte",
            more=[common.PROVISIONAL] if common.is_provisional(rows) else [],
        ),
    )  # fmt: skip


def _percent(share: float) -> str:
    return f"{format_number(share * 100, 1)}%"


def _list_parts(data: AreaData) -> pd.DataFrame:
    """The three parts and their shares of the establishment, quarterly back from the month."""
    names = ["establishment_fte", "agency_cover_fte", "uncovered_vacancy_fte"]
    wide = {name: select(data, name).set_index("period_end") for name in names}
    base = wide["establishment_fte"]
    back = (data.month.to_period("M") - base.index.to_period("M")).map(lambda step: step.n)
    keep = base.index[back % QUARTER_MONTHS == 0]
    values = {name: frame["value"].reindex(keep) for name, frame in wide.items()}
    filled = (
        values["establishment_fte"] - values["agency_cover_fte"] - values["uncovered_vacancy_fte"]
    )
    parts = {"filled_fte": filled} | {name: values[name] for name in names[1:]}
    return pd.concat(
        pd.DataFrame(
            {
                "period_end": keep,
                "period_type": "snapshot",
                "measure": name,
                "value": part.to_numpy(),
                "share": (part / values["establishment_fte"]).to_numpy(),
                "status": base.loc[keep, "status"].to_numpy(),
            }
        )
        for name, part in parts.items()
    ).reset_index(drop=True)


def _tabulate(rows: pd.DataFrame) -> pd.DataFrame:
    wide = rows.pivot_table(index="period_end", columns="measure", values="value")
    table = pd.DataFrame({"Month": [format_month(date) for date in wide.index]})
    for measure, name in PARTS.items():
        table[f"{name.capitalize()}, FTE"] = wide[measure].round(1).to_numpy()
    table["Establishment, FTE"] = wide.sum(axis=1).round(1).to_numpy()
    return table


@common.needs_extracts("Where are the gaps?")
def vacancy_services(data: AreaData) -> Exhibit:
    """Uncovered vacancy rate of each service at the month's end."""
    return common.make_places(
        data, "uncovered_vacancy_rate_fte", level="service", key="vacancy_services",
        table="posts", question="Where are the gaps?",
    )  # fmt: skip
