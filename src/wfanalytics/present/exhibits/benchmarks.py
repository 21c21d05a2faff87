"""Are we like others? One authority among all, and beside those most like it."""

from __future__ import annotations

import pandas as pd

from wfanalytics.analysis.benchmarks import (
    FEWEST_NEIGHBOURS,
    Standing,
    calculate_neighbour_medians,
    calculate_ranks,
    find_neighbour_rows,
    find_standing,
    is_own,
)
from wfanalytics.measures.area_data import AreaData, select
from wfanalytics.measures.definition import Definition
from wfanalytics.measures.definitions import find_definition
from wfanalytics.periods import format_date
from wfanalytics.present.exhibit import Exhibit
from wfanalytics.present.exhibits import benchmark_words as words
from wfanalytics.present.exhibits.build import NoFigureError, asks, make_exhibit, name_file
from wfanalytics.present.phrases import name_difference, name_subject, shown_difference
from wfanalytics.present.ranked import plot_neighbours, plot_ranked
from wfanalytics.present.words import axis_title, format_value, sentence_case

#: Fewest authorities that make a comparison: the shipped table has a handful, a whole file 150.
FEWEST = 30
#: Authorities shown in the table on each side of the area's own.
NEAR_SHOWN = 3
MEASURES = (
    "vacancy_rate_fte", "agency_rate_fte", "turnover_rate_fte", "caseload_fte", "absence_rate_fte",
)  # fmt: skip
NO_NEIGHBOURS = (
    "No statistical neighbours are known for {name}: name them as neighbours in profile.yml, by "
    "their three-digit codes."
)


def _ask(measure: str) -> str:
    return f"Is {name_subject(find_definition(measure))} like other authorities'?"


@asks(_ask("vacancy_rate_fte"))
def benchmark_vacancy(data: AreaData) -> Exhibit:
    """Vacancy rate before agency cover among all authorities."""
    return _make(data, "vacancy_rate_fte")


@asks(_ask("agency_rate_fte"))
def benchmark_agency(data: AreaData) -> Exhibit:
    """Agency rate among all authorities."""
    return _make(data, "agency_rate_fte")


@asks(_ask("turnover_rate_fte"))
def benchmark_turnover(data: AreaData) -> Exhibit:
    """Turnover, DfE, among all authorities."""
    return _make(data, "turnover_rate_fte")


@asks(_ask("caseload_fte"))
def benchmark_caseload(data: AreaData) -> Exhibit:
    """Average caseload among all authorities."""
    return _make(data, "caseload_fte")


@asks(_ask("absence_rate_fte"))
def benchmark_absence(data: AreaData) -> Exhibit:
    """Sickness absence rate among all authorities."""
    return _make(data, "absence_rate_fte")


def _make(data: AreaData, measure: str) -> Exhibit:
    definition = find_definition(measure)
    if data.national.empty:
        none = f"{sentence_case(definition.label)}: no other authorities to compare with"
        raise NoFigureError(words.NO_FILE, headline=none)
    authorities = data.national[data.national["area_level"] == "authority"]
    end, value = words.find_own_year(data, measure, authorities)
    ranks = calculate_ranks(authorities, measure=measure, period_end=end)
    if value is None or ranks.empty:
        raise NoFigureError(words.NO_SHARED.format(name=data.name))
    own = ranks[is_own(ranks, data)]
    region = None if own.empty else str(own["region_name"].iloc[0])
    if data.source == "published" and own.empty:
        raise NoFigureError(f"{data.name} is not an authority with a figure at {format_date(end)}.")
    if data.source == "local":
        # Our own figure takes the place of the one DfE published for us.
        others = authorities[~is_own(authorities, data)]
        mine = {"measure": measure, "area_name": data.name, "region_name": region or "",
                "old_la_code": data.old_la_code, "period_end": end, "value": value,
                "status": "ok", "source": ranks["source"].iloc[0]}  # fmt: skip
        authorities = pd.concat([others, pd.DataFrame([mine])], ignore_index=True)
        ranks = calculate_ranks(authorities, measure=measure, period_end=end)
    standing = find_standing(
        authorities, measure=measure, period_end=end, value=value, region=region
    )
    if standing is None or standing.count < FEWEST:
        raise NoFigureError(f"Fewer than {FEWEST} authorities have a figure at {format_date(end)}: "
                            "too few to compare with.")  # fmt: skip
    return _show(data, definition, ranks, standing, region=region)


def _show(
    data: AreaData, definition: Definition, ranks: pd.DataFrame, standing: Standing, *,
    region: str | None,
) -> Exhibit:  # fmt: skip
    end = ranks["period_end"].iloc[0]
    value, when = format_value(standing.value, definition), format_date(end)
    place = words.name_place(standing.rank, standing.count)
    peers = words.find_peers(data.national, measure=definition.id, region=region, end=end)
    near = find_neighbour_rows(
        ranks, codes=data.neighbours.codes, measure=definition.id, period_end=end
    )
    axes = plot_ranked(
        ranks, own=data.name, own_label=f"{data.name} {value}, {place}", region=region,
        level=peers.get("England"), level_label="England",
        marked=tuple(near["area_name"]), marked_label="statistical neighbours",
    )  # fmt: skip
    sentences = [
        f"At {when} {name_subject(definition)} in {data.name} was {value}: {place} authorities.",
        words.describe_standing(standing, region, definition),
        *words.describe_peers(definition, peers),
        *_describe_neighbours(data, ranks, definition),
        *words.describe_move(data, definition, end),
        *(words.warn_of_cover(data, end) if definition.id == "vacancy_rate_fte" else []),
    ]
    alt = f"Ranked bar chart: {definition.label}, {standing.count} authorities, {when}. "
    alt += f"{data.name} {value}, {place}."
    return make_exhibit(
        data, headline=f"{sentence_case(definition.label)}: {data.name} is {place} authorities",
        subtitle=f"{axis_title(definition)}, all authorities, {when}", sentences=sentences,
        source=name_file(ranks), axes=axes, alt=alt, table=_tabulate(ranks, definition, data.name),
        caption=f"Authorities nearest to {data.name} by {definition.label}, {when}",
        measures=[definition.id], notes=_list_notes(data, ranks, definition),
    )  # fmt: skip


def _describe_neighbours(
    data: AreaData, ranks: pd.DataFrame, definition: Definition
) -> list[str]:  # fmt: skip
    medians = calculate_neighbour_medians(
        ranks, codes=data.neighbours.codes, measures=[definition.id],
        period_end=ranks["period_end"].iloc[0],
    )  # fmt: skip
    median, count = medians["median"].iloc[0], int(medians["count"].iloc[0])
    if pd.isna(median):
        return []
    return [
        f"The median of {count} statistical neighbours was {format_value(median, definition)} "
        f"({words.name_model(data.neighbours)})."
    ]


def _list_notes(data: AreaData, ranks: pd.DataFrame, definition: Definition) -> list[str]:
    notes = [] if data.source == "published" else [words.OWN_EXTRACTS]
    notes += [words.LOW_CASELOAD] if definition.id == "caseload_fte" else []
    return notes + words.list_file_notes(ranks, ranks["period_end"].iloc[0])


def _tabulate(ranks: pd.DataFrame, definition: Definition, name: str) -> dict[str, object]:
    """The authorities just below and above, so that a reader sees how close others are."""
    known = ranks[ranks["rank"].notna()]
    at = int((known["area_name"] == name).argmax())
    near = known.iloc[max(0, at - NEAR_SHOWN) : at + NEAR_SHOWN + 1]
    return {
        "Place from the lowest": near["rank"].astype(int).to_numpy(),
        "Authority": near["area_name"].to_numpy(),
        "Region": near["region_name"].to_numpy(),
        sentence_case(definition.label): [format_value(v, definition) for v in near["value"]],
    }


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
        data, headline=_head_neighbours(first),
        subtitle=f"{axis_title(definition)}, {data.name} and its statistical neighbours, {when}",
        sentences=(
            f"At {when} {name_subject(definition)} was {own}; the median of {first['count']} "
            f"statistical neighbours was {median}.",
            f"Among them it is {place}; lower is better.", *_describe_sides(found),
            *words.warn_of_cover(data, end),
        ),
        source=name_file(near), axes=axes, alt=alt, table=_tabulate_neighbours(found),
        caption=f"{data.name} and the median of its statistical neighbours, {when}",
        measures=[MEASURES[0]], notes=_list_neighbour_notes(data, near, end),
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
    if own is None:
        raise NoFigureError(words.NO_SHARED.format(name=data.name))
    if medians["count"].iloc[0] < FEWEST_NEIGHBOURS:
        when = format_date(end)
        raise NoFigureError(f"Too few neighbours have a figure at {when} to compare with.")
    rows = {measure: select(data, measure) for measure in MEASURES}
    ours = [rows[m].set_index("period_end")["value"].get(end, float("nan")) for m in MEASURES]
    england = data.national[data.national["area_level"] == "england"]
    england = england[england["period_end"] == end].set_index("measure")["value"]
    return medians.assign(value=ours, period_end=end, england=england.reindex(MEASURES).to_numpy())


def _head_neighbours(row: pd.Series) -> str:
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


def _tabulate_neighbours(found: pd.DataFrame) -> dict[str, object]:
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


def _list_neighbour_notes(data: AreaData, near: pd.DataFrame, end: pd.Timestamp) -> list[str]:
    names = "; ".join(sorted(near["area_name"]))
    notes = [f"Statistical neighbours are from {words.name_model(data.neighbours)}: {names}."]
    gone = len({*data.neighbours.codes} - {*near["old_la_code"]})
    if gone:
        makes, its = ("makes", "its") if gone == 1 else ("make", "their")
        notes.append(f"{gone} of the {len(data.neighbours.codes)} listed {makes} no return of "
                     f"{its} own that year.")  # fmt: skip
    notes += [] if data.source == "published" else [words.OWN_EXTRACTS]
    return [*notes, words.LOW_CASELOAD, *words.list_file_notes(near, end)]
