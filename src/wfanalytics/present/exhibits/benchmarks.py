"""Are we like others? One authority among all, on DfE's measures at 30 September."""

from __future__ import annotations

import pandas as pd

from wfanalytics.analysis.benchmarks import (
    Standing,
    calculate_ranks,
    find_standing,
    is_own,
)
from wfanalytics.analysis.neighbours import calculate_neighbour_medians, find_neighbour_rows
from wfanalytics.measures.area_data import AreaData
from wfanalytics.measures.definition import Definition
from wfanalytics.measures.definitions import find_definition
from wfanalytics.periods import format_date
from wfanalytics.present.exhibit import Exhibit
from wfanalytics.present.exhibits import benchmark_words as words
from wfanalytics.present.exhibits.build import NoFigureError, asks, make_exhibit, name_file
from wfanalytics.present.phrases import name_subject
from wfanalytics.present.ranked import plot_ranked
from wfanalytics.present.words import axis_title, format_value, sentence_case

#: Fewest authorities that make a comparison: the shipped table has a handful, a whole file 150.
FEWEST = 30
#: Authorities shown in the table on each side of the area's own.
NEAR_SHOWN = 3


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
    own = ranks[is_own(ranks, data)]
    region = None if own.empty else str(own["region_name"].iloc[0])
    if data.source == "published" and own.empty:
        raise NoFigureError(f"{data.name} is not an authority with a figure at {format_date(end)}.")
    if data.source == "local" and value is not None:
        # Our own figure takes the place of the one DfE published for us.
        others = authorities[~is_own(authorities, data)]
        mine = {"measure": measure, "area_name": data.name, "region_name": region or "",
                "old_la_code": data.old_la_code, "period_end": end, "value": value,
                "status": "ok", "source": ranks["source"].iloc[0]}  # fmt: skip
        authorities = pd.concat([others, pd.DataFrame([mine])], ignore_index=True)
        ranks = calculate_ranks(authorities, measure=measure, period_end=end)
    standing = None
    if value is not None and ranks["rank"].notna().sum() >= FEWEST:
        standing = find_standing(
            authorities, measure=measure, period_end=end, value=value, region=region
        )
    if standing is None:
        raise NoFigureError(f"There is no published figure to compare with at {format_date(end)}.")
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
