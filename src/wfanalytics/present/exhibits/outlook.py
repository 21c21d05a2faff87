"""Where is this heading, and what if?"""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from wfanalytics.analysis.outlook import BASELINE, FEWEST_HEADS, RATE, Projection, calculate_outlook
from wfanalytics.errors import MeasureError
from wfanalytics.measures.area_data import AreaData, select
from wfanalytics.measures.definitions import find_definition
from wfanalytics.periods import format_month
from wfanalytics.present.charts import plot_bars
from wfanalytics.present.exhibit import Exhibit
from wfanalytics.present.exhibits import outlook_people as people
from wfanalytics.present.exhibits import outlook_tables as tables
from wfanalytics.present.exhibits import outlook_words as words
from wfanalytics.present.exhibits.build import (
    FEW_NOTE,
    NoFigureError,
    has_figures,
    list_provisional,
    make_exhibit,
    needs_extracts,
)
from wfanalytics.present.fan import plot_fan
from wfanalytics.present.words import axis_title, count_few, format_value, sentence_case

#: Months of history drawn before a fan.
HISTORY = 13


def _project(data: AreaData) -> Projection:
    try:
        return calculate_outlook(data)
    except MeasureError as error:
        raise NoFigureError(str(error), headline="Too little to project from") from error


@needs_extracts("Where are vacancies heading?")
def outlook_vacancies(data: AreaData) -> Exhibit:
    """Uncovered vacancy rate as a fan, the chosen scenario beside the baseline."""
    found = _project(data)
    axes = plot_fan(
        select(data, RATE).tail(HISTORY), tables.pick(found.frame, RATE), level=_now(found, RATE),
        others={found.chosen.name: tables.pick(found.frame, RATE, scenario=found.chosen.name)},
        target=found.target,
    )  # fmt: skip
    end = tables.pick(found.frame, RATE).iloc[-1]
    when, rate = format_month(end["period_end"]), find_definition(RATE)
    now, then = format_value(_now(found, RATE), rate), format_value(end["projected"], rate)
    return _make(
        data, found, measures=(RATE,),
        headline=f"Uncovered vacancies: about {then} in {when}, "
        f"{'as' if then == now else f'from {now}'} now",
        subtitle=f"{axis_title(rate)}, {data.name}, projected to {when}",
        sentences=(
            *words.describe_vacancies(found, given=people.say_recruitment(found, data)),
            *words.describe_trust(found.backtest),
        ),
        axes=axes, table=tables.table_months(found.frame),
        caption=f"Baseline, {data.name}, the middle of the simulated futures",
        chart="Fan chart",
    )  # fmt: skip


@needs_extracts("What if?")
def outlook_scenarios(data: AreaData) -> Exhibit:
    """The baseline and every scenario side by side at the end of the horizon."""
    found = _project(data)
    rows = tables.list_ends(found.frame, RATE)
    when = format_month(rows["period_end"].iloc[0])
    return _make(
        data, found, measures=(RATE, "caseload_fte"),
        headline=words.head_scenarios(rows),
        subtitle=f"Baseline and scenarios in {when}, {data.name}",
        sentences=words.describe_scenarios(found),
        axes=_draw_ends(rows, f"Uncovered vacancy rate in {when}"),
        table=tables.table_scenarios(found), caption=f"Scenarios side by side, {when}",
        chart="Bar chart", more=(words.EFFECTIVE,),
    )  # fmt: skip


@needs_extracts("How many staff will be there to hold cases?")
def outlook_staff(data: AreaData) -> Exhibit:
    """Average caseload as a fan; permanent, agency, available and effective FTE in the table."""
    found = _project(data)
    measure = "caseload_fte"
    history = select(data, measure).tail(HISTORY)
    if not has_figures(history) or tables.pick(found.frame, measure).isna().any(axis=None):
        reason = f"There is no caseload at the end of {format_month(data.month)} to project from."
        raise NoFigureError(reason)
    end = tables.pick(found.frame, measure).iloc[-1]
    definition, when = find_definition(measure), format_month(end["period_end"])
    return _make(
        data, found, measures=(measure, "long_absence_fte"),
        headline=f"Average caseload: about {format_value(end['projected'], definition)} in {when}",
        subtitle=f"{axis_title(definition)}, {data.name}, projected to {when}",
        sentences=words.describe_staff(found, data.band),
        axes=plot_fan(history, tables.pick(found.frame, measure), band=data.band),
        table=tables.table_staff(found.frame),
        caption=f"Staff, FTE, and caseload, {data.name}",
        chart="Fan chart", more=(words.EFFECTIVE,),
    )  # fmt: skip


@needs_extracts("Where will the vacancies be?")
def outlook_services(data: AreaData) -> Exhibit:
    """Vacancies before agency cover of each service large enough to project."""
    found = _project(data)
    places = select(data, "vacancy_fte", level="service")
    places = places[places["period_end"] == data.month]
    secret = set(places.loc[places["status"] == "suppressed", "area_name"])
    rows = tables.list_services(found.frame, without=secret)
    small = set(places["area_name"]) - secret - set(rows["area_name"])
    if rows.empty:
        raise NoFigureError(
            f"No service whose vacancies may be shown has {FEWEST_HEADS} permanent staff: too few "
            "to project."
        )
    when = format_month(rows["period_end"].iloc[0])
    axes = plot_bars(
        rows, value="projected", text="words",
        label=f"Vacancies before agency cover in {when}, FTE: middle and 80% interval",
    )  # fmt: skip
    return _make(
        data, found, measures=("vacancy_fte",),
        headline=words.head_services(rows),
        subtitle=f"Vacancies before agency cover by service, FTE, {data.name}, {when}",
        sentences=words.describe_services(rows, small, secret), axes=axes,
        table=tables.table_services(rows), caption=f"Vacancies by service, FTE, {when}",
        chart="Bar chart", more=(words.OVER,) if (rows["lower_95"] < 0).any() else (),
    )  # fmt: skip


@needs_extracts("Who is about to join?")
def outlook_pipeline(data: AreaData) -> Exhibit:
    """Starters named, by stage and month, and what they do to uncovered vacancies."""
    found = _project(data)
    rows = tables.list_pipeline(found, data.month, rules=data.disclosure)
    if rows.empty:
        raise NoFigureError("No starters are named for these months: list them in outlook.yml.")
    if data.disclosure.is_few(rows["people"].sum()):
        few = sentence_case(count_few(data.disclosure))
        raise NoFigureError(f"{few} people are named: how many is withheld.")
    axes = plot_bars(
        rows, value="expected", name="shown", text="words", ranked=False,
        label="Starters expected, people, of those named",
    )  # fmt: skip
    return _make(
        data, found, measures=("uncovered_vacancy_fte",),
        headline=people.head_pipeline(found, data.month),
        subtitle=f"Starters named, by month and stage, people, {data.name}",
        sentences=people.describe_pipeline(found, data.month), axes=axes,
        table=tables.table_pipeline(rows), caption="Starters named, by month and stage",
        chart="Bar chart", more=(FEW_NOTE,) if rows["is_withheld"].any() else (),
    )  # fmt: skip


@needs_extracts("How many people will leave?")
def outlook_leavers(data: AreaData) -> Exhibit:
    """Leavers over the horizon, the baseline and every scenario."""
    found = _project(data)
    rows = tables.list_ends(found.frame, "leavers")
    about = {item.name for item in found.known.scenarios if item.changes_leaving}
    rows = rows[rows["scenario"].isin({BASELINE, *about})].reset_index(drop=True)
    when = format_month(rows["period_end"].iloc[0])
    year = select(data, "leavers_12m_headcount")
    return _make(
        data, found, measures=("leavers_headcount",),
        headline=people.head_leavers(found),
        axes=_draw_ends(rows, f"Leavers to the end of {when}, people"),
        subtitle=f"Permanent staff who leave, people, {data.name}, to {when}",
        sentences=people.describe_leavers(found, data, year.iloc[-1]),
        table=tables.table_ends(rows), caption=f"Leavers to the end of {when}, people",
        chart="Bar chart",
    )  # fmt: skip


@needs_extracts("How good would the projection have been?")
def outlook_backtest(data: AreaData) -> Exhibit:
    """The projection from every past month, beside "no change" and "same as last year"."""
    found = _project(data)
    test = found.backtest
    if not test.is_enough:
        (reason,) = words.describe_trust(test)
        raise NoFigureError(reason)
    rows = tables.list_errors(test)
    axes = plot_bars(
        rows, value="error", name="method", decimals=0, ranked=False,
        highlight=[words.find_best(rows)],
        label=f"Median error in permanent staff {test.horizon} months on, people",
    )  # fmt: skip
    first, last = (format_month(test.origins["month"].iloc[i]) for i in (0, -1))
    return _make(
        data, found, measures=(),
        headline=words.head_backtest(test),
        subtitle=f"Median error of projections made {first} to {last}, {data.name}",
        sentences=words.describe_backtest(test), axes=axes, table=tables.table_backtest(rows),
        caption=f"Projections {test.horizon} months on, set beside what came",
        chart="Bar chart", more=(words.OVERLAP,),
    )  # fmt: skip


def _draw_ends(rows: pd.DataFrame, label: str) -> Axes:
    """A bar for the baseline and each scenario at the end."""
    return plot_bars(
        rows, value="projected", name="shown", text="words", ranked=False,
        highlight=[tables.name_scenario(BASELINE)], label=f"{label}: middle and 80% interval",
    )  # fmt: skip


def _now(found: Projection, measure: str) -> float:
    return float(tables.pick(found.frame, measure)["projected"].iloc[0])


def _make(
    data: AreaData, found: Projection, *, headline: str, subtitle: str, sentences: tuple[str, ...],
    axes: Axes, table: pd.DataFrame, caption: str, measures: tuple[str, ...], chart: str,
    more: tuple[str, ...] = (),
) -> Exhibit:  # fmt: skip
    """An exhibit with the notes that every projection carries."""
    alt = f"{chart}: {subtitle}. {headline}."
    notes = [*more, *words.list_methods(found)]
    notes += [] if found.known is data.outlook else [words.LATER]
    notes += list_provisional(data)
    return make_exhibit(
        data, headline=headline, subtitle=subtitle, sentences=sentences,
        source=f"{data.name}'s extracts to {format_month(data.month)}"
        f"{' and outlook.yml' if found.known.as_at else ''}.",
        axes=axes, alt=alt, description=" ".join([alt, *sentences]), table=table,
        caption=caption, measures=measures, notes=notes,
    )  # fmt: skip
