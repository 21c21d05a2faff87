"""Are we like the authorities most like us? Ours beside the ten statistical neighbours."""

from __future__ import annotations

import pandas as pd

from wfanalytics.analysis.neighbours import (
    FEWEST_NEIGHBOURS,
    calculate_neighbour_medians,
    find_neighbour_rows,
)
from wfanalytics.measures.area_data import AreaData, select
from wfanalytics.measures.definitions import find_definition
from wfanalytics.periods import format_date
from wfanalytics.present.exhibit import Exhibit
from wfanalytics.present.exhibits import benchmark_words as words
from wfanalytics.present.exhibits.build import NoFigureError, asks, make_exhibit, name_file
from wfanalytics.present.phrases import name_difference, name_subject, shown_difference
from wfanalytics.present.ranked import plot_neighbours
from wfanalytics.present.words import axis_title, format_value, sentence_case

MEASURES = (
    "vacancy_rate_fte", "agency_rate_fte", "turnover_rate_fte", "caseload_fte", "absence_rate_fte",
)  # fmt: skip
NO_NEIGHBOURS = (
    "No statistical neighbours are known for {name}: name them as neighbours in profile.yml, by "
    "their three-digit codes."
)


@asks("Are we like the authorities most like us?")
def benchmark_neighbours(data: AreaData) -> Exhibit:
    """Vacancy rate beside each statistical neighbour's, and five measures beside their median."""
    found = _compare(data)
    first = found.iloc[0]
    definition, end = find_definition(MEASURES[0]), first["period_end"]
    near = find_neighbour_rows(
        data.national, codes=data.neighbours.codes, measure=MEASURES[0], period_end=end
    )
    ours = {"area_name": data.name, "value": first["value"], "status": "ok"}
    shown = pd.concat([near, pd.DataFrame([ours])], ignore_index=True)
    median = format_value(first["median"], definition)
    axes = plot_neighbours(
        shown, own=data.name, median=first["median"], measure=MEASURES[0],
        median_label=f"median of {first['count']} neighbours {median}",
    )  # fmt: skip
    own, when = format_value(first["value"], definition), format_date(end)
    rank = int((near["value"] < first["value"]).sum()) + 1
    place = words.name_place(rank, int(first["count"]) + 1)
    alt = f"Horizontal bars: {definition.label}, {data.name} and {first['count']} statistical "
    alt += f"neighbours, {when}. {data.name} {own}, {place}; median {median}."
    return make_exhibit(
        data, headline=_headline(first),
        subtitle=f"{axis_title(definition)}, {data.name} and its statistical neighbours, {when}",
        sentences=(
            f"At {when} {name_subject(definition)} was {own}; the median of {first['count']} "
            f"statistical neighbours was {median}.",
            f"Among them it is {place}; lower is better.", *_describe_sides(found),
            *words.warn_of_cover(data, end),
        ),
        source=name_file(near), axes=axes, alt=alt, table=_tabulate(found),
        caption=f"{data.name} and the median of its statistical neighbours, {when}",
        measures=[MEASURES[0]], notes=_list_notes(data, near, end),
    )  # fmt: skip


def _compare(data: AreaData) -> pd.DataFrame:
    """One row a measure: ours, the neighbours' median and England's."""
    if data.national.empty:
        raise NoFigureError(words.NO_FILE)
    if not data.neighbours.codes:
        raise NoFigureError(NO_NEIGHBOURS.format(name=data.name))
    end, own = words.find_own_year(data, MEASURES[0], data.national)
    medians = calculate_neighbour_medians(
        data.national, codes=data.neighbours.codes, measures=MEASURES, period_end=end
    )
    if own is None or medians["count"].iloc[0] < FEWEST_NEIGHBOURS:
        when = format_date(end)
        raise NoFigureError(f"Too few neighbours have a figure at {when} to compare with.")
    rows = {measure: select(data, measure) for measure in MEASURES}
    ours = [rows[m].set_index("period_end")["value"].get(end, float("nan")) for m in MEASURES]
    england = data.national[data.national["area_level"] == "england"]
    england = england[england["period_end"] == end].set_index("measure")["value"]
    return medians.assign(value=ours, period_end=end, england=england.reindex(MEASURES).to_numpy())


def _headline(row: pd.Series) -> str:
    definition = find_definition(str(row["measure"]))
    gap = shown_difference(row["median"], row["value"], definition)
    if round(gap, 9) == 0:
        return f"{sentence_case(definition.label)}: the same as the median neighbour"
    side = "below" if gap < 0 else "above"
    return f"{sentence_case(definition.label)}: {name_difference(gap, definition)} {side} the " \
           "median neighbour"  # fmt: skip


def _describe_sides(found: pd.DataFrame) -> list[str]:
    """Which measures lie below, and which above, the neighbours' median, as printed."""
    sides: dict[str, list[str]] = {"Below": [], "Above": [], "At": []}
    for row in found.dropna(subset=["value", "median"]).itertuples():
        definition = find_definition(str(row.measure))
        gap = round(shown_difference(float(row.median), float(row.value), definition), 9)
        sides["Below" if gap < 0 else "Above" if gap else "At"].append(definition.short)
    parts = [f"{side} their median: {'; '.join(names)}" for side, names in sides.items() if names]
    return [f"{part}." for part in parts]


def _tabulate(found: pd.DataFrame) -> dict[str, object]:
    definitions = [find_definition(measure) for measure in found["measure"]]

    def show(column: str) -> list[str]:
        return [format_value(v, d) for v, d in zip(found[column], definitions, strict=True)]

    return {
        "Measure": [sentence_case(definition.label) for definition in definitions],
        "Ours": show("value"),
        "Neighbours' median": show("median"),
        "Neighbours with a figure": found["count"].to_numpy(),
        "England": show("england"),
    }


def _list_notes(data: AreaData, near: pd.DataFrame, end: pd.Timestamp) -> list[str]:
    names = "; ".join(sorted(near["area_name"]))
    notes = [f"Statistical neighbours are from {words.name_model(data.neighbours)}: {names}."]
    gone = len(data.neighbours.codes) - len(near)
    if gone:
        verb = "makes" if gone == 1 else "make"
        notes.append(f"{gone} of the {len(data.neighbours.codes)} listed {verb} no return of "
                     "its own that year.")  # fmt: skip
    notes += [] if data.source == "published" else [words.OWN_EXTRACTS]
    return [*notes, words.LOW_CASELOAD, *words.list_file_notes(near, end)]
