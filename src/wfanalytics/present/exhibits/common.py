"""What every exhibit is made with: the standard trend, sources, notes and refusals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps

import pandas as pd

from wfanalytics.analysis.change import calculate_change
from wfanalytics.frames import USABLE_STATUSES
from wfanalytics.measures.area_data import AreaData, select
from wfanalytics.measures.definitions import find_definition
from wfanalytics.periods import format_month
from wfanalytics.present.axes import figure_of
from wfanalytics.present.chance import describe_limits, shorten_control
from wfanalytics.present.charts import plot_bars, plot_trend
from wfanalytics.present.commentary import (
    describe_alt_text,
    describe_areas,
    describe_areas_alt_text,
    describe_definition,
    describe_headline,
    describe_level,
    describe_long,
)
from wfanalytics.present.exhibit import Exhibit
from wfanalytics.present.exhibits.benchmark_words import ESTIMATED_YEAR, PART_ESTIMATED
from wfanalytics.present.exhibits.series import (
    describe_series,
    describe_small_counts,
    find_control,
    from_first_figure,
    list_limits_notes,
)
from wfanalytics.present.phrases import describe_refusal
from wfanalytics.present.tables import table_areas, table_stated, table_trend
from wfanalytics.present.words import axis_title, sentence_case

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


def make_unavailable(
    data: AreaData, *, key: str, question: str, reason: str, headline: str = ""
) -> Exhibit:
    """An exhibit that says why it has nothing to show."""
    return Exhibit(
        key=key, question=question, headline=headline or describe_refusal(question, reason),
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
    control = find_control(data, measure, rows)
    axes = plot_trend(drawn, targets=targets, events=data.events, stated=stated, control=control)
    change = calculate_change(rows)
    since = None if change.turning_point is None else change.turning_point["period_end"]
    headline = describe_headline(rows, targets=targets, since=since)
    sentences = (
        describe_small_counts(rows, caution=caution, control=control) if caution
        else describe_series(rows, change, targets=targets, control=control)
    )  # fmt: skip
    notes = _list_trend_notes(data, drawn, rows, control=control, stated=stated)
    explanation, action = data.commentary.get(measure, ("", ""))
    long = describe_long(drawn, targets=targets, events=data.events, stated=stated)
    return Exhibit(
        key=key,
        question=question,
        headline=describe_level(rows).removesuffix(".") if caution else headline,
        subtitle=f"{axis_title(definition)}, {' and '.join([data.name, *beside])}",
        sentences=sentences,
        figure=figure_of(axes),
        alt_text=describe_alt_text(drawn, targets=targets, chance=shorten_control(control)),
        description=" ".join([long, *describe_limits(control)]),
        table=table_trend(rows),
        table_caption=f"{sentence_case(definition.label)}, {data.name}, latest periods",
        source=name_source(data, table),
        notes=list_notes(data, measure, more=[*notes, *more_notes]),
        explanation=explanation,
        action=action,
    )


def _list_trend_notes(
    data: AreaData, drawn: pd.DataFrame, rows: pd.DataFrame, *, control: pd.DataFrame,
    stated: pd.DataFrame | None,
) -> list[str]:  # fmt: skip
    notes = [PROVISIONAL] if is_provisional(rows) else []
    notes += [STATED_NOTE] if stated is not None and len(stated) else []
    england = drawn.loc[drawn["area_name"] == "England", "period_end"]
    notes += [PART_ESTIMATED] if (england.dt.year == ESTIMATED_YEAR).any() else []
    is_uncovered = rows["measure"].iloc[0] == "uncovered_vacancy_rate_fte"
    notes += [OVER_COVER] if is_uncovered and (rows["value"] < 0).any() else []
    return [*notes, *describe_definition(rows), *list_limits_notes(control, rows, data)]


OVER_COVER = "A rate below 0 means that agency cover was more than the vacancies."
STATED_NOTE = (
    "Diamonds are figures as stated in committee papers, with the definition each is read as; "
    "a label that names another measure marks a figure that is not the line's."
)


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
