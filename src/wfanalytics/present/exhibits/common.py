"""The two standard exhibits: a measure through time, and a measure place by place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from wfanalytics.analysis.change import calculate_change
from wfanalytics.measures.area_data import AreaData, select
from wfanalytics.measures.definitions import find_definition
from wfanalytics.periods import format_month
from wfanalytics.present.alt_text import describe_alt_text, describe_areas_alt_text, describe_long
from wfanalytics.present.chance import describe_limits, shorten_control
from wfanalytics.present.charts import plot_bars, plot_trend
from wfanalytics.present.commentary import (
    describe_areas,
    describe_definition,
    describe_level,
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
from wfanalytics.present.headlines import describe_headline, head_areas
from wfanalytics.present.phrases import name_subject
from wfanalytics.present.tables import table_areas, table_stated, table_trend
from wfanalytics.present.words import axis_title, sentence_case
from wfanalytics.settings import Target

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
        raise NoFigureError(f"There is no figure of {name_subject(definition)} for {data.name}.")
    is_published = data.source == "published"
    targets = [t for t in data.targets if t.measure == measure and t.scope_level == "authority"]
    marked = table_stated(data.stated, measure=measure, authority=data.name, also=stated_also)
    stated = marked if is_published else None
    beside = ["England"] if beside_england and is_published and data.name != "England" else []
    drawn = pd.concat([rows, *(select(data, measure, area_name=name) for name in beside)])
    control = find_control(data, measure, rows)
    explanation, action = data.commentary.get(measure, ("", ""))
    parts = draw_trend(data, rows, drawn, names=[data.name, *beside], targets=targets,
                       control=control, stated=stated)  # fmt: skip
    if caution:
        said = describe_small_counts(rows, caution=caution, control=control)
        parts |= {"headline": describe_level(rows), "sentences": said}
    notes = _list_trend_notes(data, drawn, rows, control=control, stated=stated)
    made = make_exhibit(data, source=table, measures=[measure], notes=notes, **parts)
    return replace(made, explanation=explanation, action=action)


def draw_trend(
    data: AreaData, rows: pd.DataFrame, drawn: pd.DataFrame, *, names: Sequence[str],
    targets: Sequence[Target], control: pd.DataFrame, stated: pd.DataFrame | None = None,
) -> dict[str, Any]:  # fmt: skip
    """What an exhibit of one line says and shows; ``drawn`` has the lines beside it too.

    ``names`` are those of the lines, the exhibit's own first.
    """
    definition = find_definition(str(rows["measure"].iloc[0]))
    change = calculate_change(rows)
    since = None if change.turning_point is None else change.turning_point["period_end"]
    long = describe_long(drawn, targets=targets, events=data.events, stated=stated)
    return {
        "headline": describe_headline(rows, targets=targets, since=since),
        "subtitle": f"{axis_title(definition)}, {' and '.join(names)}",
        "sentences": describe_series(rows, change, targets=targets, control=control),
        "axes": plot_trend(
            drawn, targets=targets, events=data.events, stated=stated, control=control
        ),
        "alt": describe_alt_text(drawn, targets=targets, chance=shorten_control(control)),
        "description": " ".join([long, *describe_limits(control)]),
        "table": table_trend(rows),
        "caption": f"{sentence_case(definition.label)}, {names[0]}, latest periods",
    }


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
        raise NoFigureError(f"There is no figure of {name_subject(definition)} by {level} that may "
                            "be shown.")  # fmt: skip
    parts = draw_places(data, rows, level=level, when=when, band=band, band_label=band_label)
    notes = [FEW_NOTE] if (rows["status"] == "suppressed").any() else []
    notes += [ROUNDED] if data.disclosure.rounded_to > 1 else []
    notes += [PROVISIONAL] if is_provisional(rows) else []
    if also:
        beside = [latest_places(data, name, level=level) for name in also]
        parts["table"] = table_areas(pd.concat([rows, *beside]), name=sentence_case(level))
    return make_exhibit(data, source=table, measures=[measure, *also],
                        notes=[*notes, *more_notes], **parts)  # fmt: skip


def draw_places(
    data: AreaData, rows: pd.DataFrame, *, level: str, when: str,
    band: tuple[float, float] | None = None, band_label: str = "",
) -> dict[str, Any]:  # fmt: skip
    """What an exhibit of one measure place by place says and shows; ``when`` is the date."""
    definition, said = find_definition(str(rows["measure"].iloc[0])), describe_areas(rows)
    return {
        "headline": head_areas(rows),
        "subtitle": f"{axis_title(definition)}, by {level}, {data.name}, {when}",
        "sentences": [said],
        "axes": plot_bars(
            rows, decimals=definition.decimals, is_percent=definition.unit == "percent",
            band=band, band_label=band_label, label=axis_title(definition),
        ),
        "alt": describe_areas_alt_text(rows, place=data.name),
        "table": table_areas(rows, name=sentence_case(level)),
        "caption": f"{sentence_case(definition.label)} by {level}, {when}",
    }  # fmt: skip
