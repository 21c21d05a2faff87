"""The two standard exhibits: a measure through time, and a measure place by place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from wfanalytics.analysis.change import calculate_change
from wfanalytics.measures.area_data import AreaData, select
from wfanalytics.measures.definitions import find_definition
from wfanalytics.periods import format_month
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
from wfanalytics.present.exhibits.build import (
    FEW_NOTE,
    PROVISIONAL,
    ROUNDED,
    NoFigureError,
    has_figures,
    is_provisional,
    make_exhibit,
)
from wfanalytics.present.exhibits.series import (
    describe_series,
    describe_small_counts,
    find_control,
    from_first_figure,
    list_limits_notes,
)
from wfanalytics.present.tables import table_areas, table_stated, table_trend
from wfanalytics.present.words import axis_title, sentence_case

OVER_COVER = "A rate below 0 means that agency cover was more than the vacancies."
STATED_NOTE = (
    "Diamonds are figures as stated in committee papers, with the definition each is read as; "
    "a label that names another measure marks a figure that is not the line's."
)


def make_trend(
    data: AreaData, measure: str, *, table: str, period_type: str | None = None,
    beside_england: bool = False, stated_also: Sequence[str] = (), caution: str = "",
) -> Exhibit:  # fmt: skip
    """One measure of the area through time, against its targets, events and stated figures.

    ``beside_england`` draws England with it, where the figures are published; ``stated_also``
    names other measures whose stated figures are marked too. ``caution`` is said in place of the
    changes, for numbers too small to compare.
    """
    definition = find_definition(measure)
    rows = from_first_figure(select(data, measure, period_type=period_type))
    if rows.empty:
        raise NoFigureError(f"There is no figure of {definition.label} for {data.name}.")
    is_published = data.source == "published"
    targets = [t for t in data.targets if t.measure == measure and t.scope_level == "authority"]
    marked = table_stated(data.stated, measure=measure, authority=data.name, also=stated_also)
    stated = marked if is_published else None
    beside = ["England"] if beside_england and is_published and data.name != "England" else []
    drawn = pd.concat([rows, *(select(data, measure, area_name=name) for name in beside)])
    control = find_control(data, measure, rows)
    change = calculate_change(rows)
    since = None if change.turning_point is None else change.turning_point["period_end"]
    long = describe_long(drawn, targets=targets, events=data.events, stated=stated)
    explanation, action = data.commentary.get(measure, ("", ""))
    made = make_exhibit(
        data, headline=describe_level(rows) if caution
        else describe_headline(rows, targets=targets, since=since),
        subtitle=f"{axis_title(definition)}, {' and '.join([data.name, *beside])}",
        sentences=describe_small_counts(rows, caution=caution, control=control) if caution
        else describe_series(rows, change, targets=targets, control=control),
        axes=plot_trend(drawn, targets=targets, events=data.events, stated=stated, control=control),
        alt=describe_alt_text(drawn, targets=targets, chance=shorten_control(control)),
        description=" ".join([long, *describe_limits(control)]), table=table_trend(rows),
        caption=f"{sentence_case(definition.label)}, {data.name}, latest periods", source=table,
        measures=[measure],
        notes=_list_trend_notes(data, drawn, rows, control=control, stated=stated),
    )  # fmt: skip
    return replace(made, explanation=explanation, action=action)


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


def latest_places(data: AreaData, measure: str, *, level: str) -> pd.DataFrame:
    """One row a place: the measure at the reported month."""
    rows = select(data, measure, level=level)
    return rows[rows["period_end"] == data.month].reset_index(drop=True)


def make_places(
    data: AreaData, measure: str, *, level: str, table: str, also: Sequence[str] = (),
    band: tuple[float, float] | None = None, band_label: str = "", more_notes: Sequence[str] = (),
) -> Exhibit:  # fmt: skip
    """One measure at the reported month, a bar for each service, locality or team.

    ``also`` are measures that stand beside it in the table.
    """
    definition, when = find_definition(measure), format_month(data.month)
    rows = latest_places(data, measure, level=level)
    if rows.empty or not has_figures(rows):
        raise NoFigureError(f"There is no figure of {definition.label} by {level} that may be "
                            "shown.")  # fmt: skip
    axes = plot_bars(
        rows, decimals=definition.decimals, is_percent=definition.unit == "percent",
        band=band, band_label=band_label, label=axis_title(definition),
    )  # fmt: skip
    beside = [latest_places(data, name, level=level) for name in also]
    notes = [FEW_NOTE] if (rows["status"] == "suppressed").any() else []
    notes += [ROUNDED] if data.disclosure.rounded_to > 1 else []
    notes += [PROVISIONAL] if is_provisional(rows) else []
    return make_exhibit(
        data, headline=describe_areas(rows),
        subtitle=f"{axis_title(definition)}, by {level}, {data.name}, {when}",
        sentences=[describe_areas(rows)], axes=axes,
        alt=describe_areas_alt_text(rows, place=data.name),
        table=table_areas(pd.concat([rows, *beside]), name=sentence_case(level)),
        caption=f"{sentence_case(definition.label)} by {level}, {when}", source=table,
        measures=[measure, *also], notes=[*notes, *more_notes],
    )  # fmt: skip
