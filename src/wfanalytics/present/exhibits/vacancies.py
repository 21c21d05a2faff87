"""How many posts are empty, and who covers them?"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from wfanalytics.measures.area_data import AreaData, select
from wfanalytics.periods import format_month
from wfanalytics.present.alt_text import describe_parts_alt_text
from wfanalytics.present.charts import plot_stack
from wfanalytics.present.exhibit import Exhibit
from wfanalytics.present.exhibits.benchmark_words import describe_cover_years
from wfanalytics.present.exhibits.build import (
    PROVISIONAL,
    NoFigureError,
    asks,
    is_provisional,
    make_exhibit,
    needs_extracts,
)
from wfanalytics.present.exhibits.common import make_places, make_trend
from wfanalytics.present.words import NO_FIGURE
from wfanalytics.rounding import format_number, round_half_up, round_to_sum

#: Parts of the establishment, from the bottom of the bars up.
PARTS = {
    "filled_fte": "permanent",
    "agency_cover_fte": "covered by agency",
    "uncovered_vacancy_fte": "uncovered",
    "over_establishment_fte": "over-establishment",
}
ROLES = {
    "filled_fte": "permanent",
    "agency_cover_fte": "agency",
    "uncovered_vacancy_fte": "uncovered",
    "over_establishment_fte": "over",
}
#: Permanent staff above their posts' FTE: outside the establishment, on top of the bars.
OVER = "over_establishment_fte"
MONTHS_SHOWN = 25


@asks("How many posts does nobody cover?")
def vacancy_trend(data: AreaData) -> Exhibit:
    """Uncovered vacancy rate, month by month (year by year where published)."""
    trend = make_trend(data, "uncovered_vacancy_rate_fte", table="posts")
    return replace(trend, sentences=(*trend.sentences, *describe_cover_years(data)))


@asks("How many posts have no permanent holder?")
def vacancy_gross(data: AreaData) -> Exhibit:
    """Vacancy rate before agency cover; England beside it where the figures are published."""
    trend = make_trend(
        data, "vacancy_rate_fte", table="posts", beside_england=True,
        stated_also=["uncovered_vacancy_rate_fte"],
    )  # fmt: skip
    return replace(trend, sentences=(*trend.sentences, *describe_cover_years(data)))


@needs_extracts("Who fills the posts?")
def vacancy_cover(data: AreaData) -> Exhibit:
    """Permanent, covered and uncovered FTE, adding up to the establishment, month by month."""
    rows = _list_parts(data)
    last = rows[rows["period_end"] == data.month].set_index("measure")
    if last.empty or last["value"].isna().any() or not last["value"].sum():
        raise NoFigureError(f"There are no posts for {format_month(data.month)}.")
    when = format_month(data.month)
    sentences, uncovered = _describe_parts(last, when)
    axes = plot_stack(
        rows, parts=PARTS, roles=ROLES, above=OVER, whole_label="establishment", decimals=1,
        label="Established posts, full-time equivalents (FTE)",
    )  # fmt: skip
    alt = describe_parts_alt_text(rows, parts=PARTS, what=f"who fills posts, {data.name}",
                                  decimals=1)  # fmt: skip
    return make_exhibit(
        data, headline=f"{uncovered}% of the establishment has nobody in it, permanent or agency",
        subtitle=f"Establishment by who fills it, FTE, {data.name}, each month to {when}",
        sentences=sentences, source="posts", axes=axes, alt=alt, table=_tabulate(rows),
        caption=f"Who fills the established posts, FTE, {data.name}",
        measures=["establishment_fte", "agency_cover_fte", "uncovered_vacancy_fte", OVER],
        notes=[PROVISIONAL] if is_provisional(rows) else [],
    )  # fmt: skip


def _describe_parts(last: pd.DataFrame, when: str) -> tuple[tuple[str, str], str]:
    """Two sentences whose parts add up as printed, and the uncovered share."""
    inner = [name for name in PARTS if name != OVER]
    total = float(last.loc[inner, "value"].sum())
    shown = round_to_sum([float(last.loc[m, "value"]) for m in inner], 1, total=total)
    shares = round_to_sum([float(last.loc[m, "share"]) * 100 for m in inner], 1, total=100)
    words = [
        f"{format_number(value, 1)} {PARTS[m]} ({format_number(share, 1)}%)"
        for m, value, share in zip(inner, shown, shares, strict=True)
    ]
    over = format_number(float(last.loc[OVER, "value"]), 1)
    return (
        f"In {when} the establishment was {format_number(total, 1)} FTE: {', '.join(words)}.",
        "Permanent staff above their posts' FTE stand on top of it, as over-establishment: "
        f"{over} FTE.",
    ), format_number(shares[-1], 1)


def _list_parts(data: AreaData) -> pd.DataFrame:
    """The parts and their shares of the establishment, month by month, a row a month and part."""
    names = ["establishment_fte", "agency_cover_fte", "uncovered_vacancy_fte", OVER]
    wide = {name: select(data, name).set_index("period_end") for name in names}
    values = pd.DataFrame({name: frame["value"] for name, frame in wide.items()})
    values = values.tail(MONTHS_SHOWN)
    whole = values["establishment_fte"]
    values["filled_fte"] = whole - values["agency_cover_fte"] - values["uncovered_vacancy_fte"]
    # A month that lacks one part, such as its staff list, has no bar.
    status = wide["uncovered_vacancy_fte"]["status"].reindex(values.index)
    return pd.concat(
        pd.DataFrame(
            {
                "period_end": values.index,
                "period_type": "snapshot",
                "measure": name,
                "value": values[name].to_numpy(),
                "share": (values[name] / whole).to_numpy(),
                "status": status.to_numpy(),
            }
        )
        for name in PARTS
    ).reset_index(drop=True)


def _tabulate(rows: pd.DataFrame) -> pd.DataFrame:
    """A row a month; the parts as printed add up to the establishment as printed."""
    wide = rows.set_index(["period_end", "measure"])["value"].unstack()[list(PARTS)]  # noqa: PD010
    names = [f"{words.capitalize()}, FTE" for words in PARTS.values()]
    columns = [*names[:-1], "Establishment, FTE", names[-1]]
    lines: list[list[float | str]] = []
    for values in wide.to_numpy(dtype=float):
        if pd.isna(values).any():
            lines.append([NO_FIGURE] * len(columns))
            continue
        parts = round_to_sum([float(v) for v in values[:-1]], 1, total=float(values[:-1].sum()))
        lines.append([*parts, round_half_up(sum(parts), 1), round_half_up(float(values[-1]), 1)])
    months = [format_month(date) for date in wide.index]
    return pd.DataFrame(
        {"Month": months} | dict(zip(columns, zip(*lines, strict=True), strict=True))
    )


@needs_extracts("Where are the gaps?")
def vacancy_services(data: AreaData) -> Exhibit:
    """Uncovered vacancy rate of each service at the month's end."""
    return make_places(data, "uncovered_vacancy_rate_fte", level="service", table="posts")
