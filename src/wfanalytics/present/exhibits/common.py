"""What every exhibit is made with: the standard trend, sources, notes and refusals."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import wraps

import pandas as pd

from wfanalytics.analysis.change import Change, calculate_change
from wfanalytics.frames import USABLE_STATUSES
from wfanalytics.measures.area_data import AreaData, select
from wfanalytics.measures.definitions import find_definition
from wfanalytics.periods import format_month
from wfanalytics.present.axes import figure_of
from wfanalytics.present.charts import plot_bars, plot_trend
from wfanalytics.present.commentary import (
    describe_alt_text,
    describe_areas,
    describe_areas_alt_text,
    describe_change,
    describe_headline,
    describe_level,
    describe_long,
    describe_target,
)
from wfanalytics.present.exhibit import Exhibit
from wfanalytics.present.exhibits.benchmark_words import ESTIMATED_YEAR, PART_ESTIMATED
from wfanalytics.present.tables import table_areas, table_stated, table_trend
from wfanalytics.present.words import axis_title, sentence_case
from wfanalytics.settings import Target

FICTIONAL = "Exampleshire is fictional: these figures are invented."
PROVISIONAL = "The latest month is provisional: the next delivery of extracts may correct it."
WITHHELD = "Figures that rest on fewer than five people in part of the authority are withheld."
#: Words for an area's own extracts, by the table a measure is made from.
EXTRACTS = {
    "posts": "establishment and staff lists",
    "movements": "starters and leavers lists and staff lists",
    "caseload": "weekly caseload extracts and staff lists",
    "summary": "monthly workforce summary and extracts",
}

Maker = Callable[[AreaData], Exhibit]


def name_source(data: AreaData, table: str) -> str:
    """The source line of an exhibit: whose extracts, or which published file."""
    if data.source == "published":
        vintage = str(data.measures["source"].iloc[-1]).split(",")[0]
        return f"Department for Education, Children's social work workforce, {vintage} file."
    return f"{data.name}'s {EXTRACTS[table]}, to {format_month(data.month)}."


def list_notes(data: AreaData, *measures: str, more: Sequence[str] = ()) -> tuple[str, ...]:
    """Method notes: each measure's formula and what it is not, then the caller's and the area's."""
    notes = []
    for definition in map(find_definition, measures):
        formula = f"{sentence_case(definition.label)}: {definition.formula}."
        notes.append(f"{formula} Not {definition.is_not}." if definition.is_not else formula)
    own = [FICTIONAL] if data.is_fictional else []
    return (*notes, *more, *own)


def is_provisional(rows: pd.DataFrame) -> bool:
    """Whether any row is provisional."""
    return bool((rows["status"] == "provisional").any())


def has_figures(rows: pd.DataFrame) -> bool:
    """Whether any row has a figure that may be shown."""
    return bool(rows["status"].isin(USABLE_STATUSES).any())


def from_first_figure(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows from the first figure on: before it nothing is missing, it had not begun."""
    has = rows["status"].isin(USABLE_STATUSES)
    return rows[has.cummax()].reset_index(drop=True)


def make_unavailable(
    data: AreaData, *, key: str, question: str, reason: str, headline: str = "No figure to show"
) -> Exhibit:
    """An exhibit that says why it has nothing to show."""
    return Exhibit(
        key=key, question=question, headline=headline,
        subtitle=f"{data.name}, {format_month(data.month)}", sentences=(reason,), figure=None,
        alt_text="", description="", table=None, table_caption="", source="",
        status="unavailable",
    )  # fmt: skip


def needs_extracts(question: str) -> Callable[[Maker], Maker]:
    """Mark an exhibit that only an area's own extracts can give."""

    def decorate(maker: Maker) -> Maker:
        @wraps(maker)
        def make(data: AreaData) -> Exhibit:
            if data.source == "local":
                return maker(data)
            reason = "DfE does not publish this: it needs the authority's own extracts."
            return make_unavailable(data, key=maker.__name__, question=question, reason=reason)

        return make

    return decorate


def make_trend(
    data: AreaData,
    measure: str,
    *,
    key: str,
    question: str,
    table: str,
    period_type: str | None = None,
    beside: Sequence[str] = (),
    stated_also: Sequence[str] = (),
    more_notes: Sequence[str] = (),
    caution: str = "",
) -> Exhibit:
    """One measure of the area through time, against its targets, events and stated figures.

    ``beside`` names comparators drawn with it, where the figures are published; ``stated_also``
    other measures whose stated figures are marked too, each named as what it is. ``caution``
    is said in place of the changes, for numbers too small to compare.
    """
    definition = find_definition(measure)
    rows = from_first_figure(select(data, measure, period_type=period_type))
    if rows.empty:
        reason = f"There is no figure of {definition.label} for {data.name}."
        return make_unavailable(data, key=key, question=question, reason=reason)
    targets = [t for t in data.targets if t.measure == measure and t.scope_level == "authority"]
    marked = table_stated(data.stated, measure=measure, authority=data.name, also=stated_also)
    stated = marked if data.source == "published" else None
    drawn = pd.concat([rows, *(select(data, measure, area_name=name) for name in beside)])
    axes = plot_trend(drawn, targets=targets, events=data.events, stated=stated)
    change = calculate_change(rows)
    since = None if change.turning_point is None else change.turning_point["period_end"]
    level = describe_level(rows)
    headline = describe_headline(rows, targets=targets, since=since)
    notes = [PROVISIONAL] if is_provisional(rows) else []
    notes += [STATED_NOTE] if stated is not None and len(stated) else []
    is_estimated = (drawn["area_name"] == "England") & drawn["period_end"].dt.year.eq(
        ESTIMATED_YEAR
    )
    notes += [PART_ESTIMATED] if is_estimated.any() else []
    is_over = measure == "uncovered_vacancy_rate_fte" and (rows["value"] < 0).any()
    notes += [OVER_COVER] if is_over else []
    return Exhibit(
        key=key,
        question=question,
        headline=level.removesuffix(".") if caution else headline,
        subtitle=f"{axis_title(definition)}, {' and '.join([data.name, *beside])}",
        sentences=(level, caution) if caution else describe_series(rows, change, targets=targets),
        figure=figure_of(axes),
        alt_text=describe_alt_text(drawn, targets=targets),
        description=describe_long(drawn, targets=targets, events=data.events, stated=stated),
        table=table_trend(rows),
        table_caption=f"{sentence_case(definition.label)}, {data.name}, latest periods",
        source=name_source(data, table),
        notes=list_notes(data, measure, more=[*notes, *more_notes]),
    )


OVER_COVER = "A rate below 0 means that agency cover was more than the vacancies."
STATED_NOTE = (
    "Diamonds are figures as stated in committee papers, with the definition each is read as; "
    "a label that names another measure marks a figure that is not the line's."
)


_BETTER = re.compile(r"; (lower|higher) is better\.$")


def describe_series(
    rows: pd.DataFrame, change: Change, *, targets: Sequence[Target]
) -> tuple[str, ...]:
    """Level, change since the last turning point, change in a year, target; none said twice."""
    sentences = [describe_level(rows)]
    dates = [
        row["period_end"] for row in (change.turning_point, change.year_ago) if row is not None
    ]
    if change.has_figure:
        for date in dict.fromkeys(dates):
            ends = rows[rows["period_end"].isin([date, change.latest["period_end"]])]
            said = describe_change(ends)
            # Which way is good is said once.
            is_first = len(sentences) == 1
            sentences += said if is_first else [_BETTER.sub(".", text) for text in said[:1]]
    target = describe_target(rows, targets=targets)
    return tuple(dict.fromkeys([*sentences, *([target] if target else [])]))


def latest_places(data: AreaData, measure: str, *, level: str) -> pd.DataFrame:
    """One row a place: the measure at the reported month."""
    rows = select(data, measure, level=level)
    return rows[rows["period_end"] == data.month].reset_index(drop=True)


def make_places(
    data: AreaData,
    measure: str,
    *,
    level: str,
    key: str,
    question: str,
    table: str,
    also: Sequence[str] = (),
    band: tuple[float, float] | None = None,
    band_label: str = "",
    more_notes: Sequence[str] = (),
) -> Exhibit:
    """One measure at the reported month, a bar for each service, locality or team.

    ``also`` are measures that stand beside it in the table.
    """
    definition = find_definition(measure)
    rows = latest_places(data, measure, level=level)
    place = {"service": "service", "locality": "locality", "team": "team"}[level]
    if rows.empty or not has_figures(rows):
        reason = f"There is no figure of {definition.label} by {place} that may be shown."
        return make_unavailable(data, key=key, question=question, reason=reason)
    axes = plot_bars(
        rows, decimals=definition.decimals, is_percent=definition.unit == "percent",
        band=band, band_label=band_label, label=axis_title(definition),
    )  # fmt: skip
    beside = [latest_places(data, name, level=level) for name in also]
    notes = [WITHHELD] if (rows["status"] == "suppressed").any() else []
    notes += [PROVISIONAL] if is_provisional(rows) else []
    return Exhibit(
        key=key,
        question=question,
        headline=describe_areas(rows).removesuffix("."),
        subtitle=f"{axis_title(definition)}, by {place}, {data.name}, {format_month(data.month)}",
        sentences=(describe_areas(rows),),
        figure=figure_of(axes),
        alt_text=describe_areas_alt_text(rows, place=data.name),
        description=describe_areas_alt_text(rows, place=data.name),
        table=table_areas(pd.concat([rows, *beside]), name=sentence_case(place)),
        table_caption=f"{sentence_case(definition.label)} by {place}, {format_month(data.month)}",
        source=name_source(data, table),
        notes=list_notes(data, measure, *also, more=[*notes, *more_notes]),
    )
