"""Are we like others? One authority among all, on DfE's measures at 30 September."""

from __future__ import annotations

import pandas as pd

from wfanalytics.analysis.benchmarks import (
    Standing,
    calculate_moves,
    calculate_ranks,
    find_standing,
    has_vacancies_equal_to_cover,
)
from wfanalytics.frames import USABLE_STATUSES
from wfanalytics.measures.area_data import AreaData, select
from wfanalytics.measures.definition import Definition
from wfanalytics.measures.definitions import find_definition
from wfanalytics.periods import format_date
from wfanalytics.present.axes import figure_of
from wfanalytics.present.exhibit import Exhibit
from wfanalytics.present.exhibits import common
from wfanalytics.present.phrases import name_difference, name_subject
from wfanalytics.present.ranked import plot_ranked
from wfanalytics.present.words import axis_title, format_value, sentence_case

QUARTERS = {1: "lowest quarter", 2: "second lowest quarter", 3: "second highest quarter",
            4: "highest quarter"}  # fmt: skip
#: Fewest authorities that make a comparison: the shipped table has a handful, a whole file 150.
FEWEST = 30
#: Authorities shown in the table on each side of the area's own.
NEAR_SHOWN = 3
EQUAL_TO_COVER = (
    "The vacancies reported equal the agency staff covering them exactly: the rate may be a "
    "count of agency staff, not an independent measure."
)
NO_FILE = (
    "There are no figures of all authorities: run wfanalytics fetch, or name a DfE file with "
    "published_file."
)
OWN_EXTRACTS = (
    "The authority's figure is from its own extracts, on DfE's definition; the others are as "
    "published."
)


def benchmark_vacancy(data: AreaData) -> Exhibit:
    """Vacancy rate before agency cover among all authorities."""
    return _make(data, "vacancy_rate_fte", key="benchmark_vacancy")


def benchmark_agency(data: AreaData) -> Exhibit:
    """Agency rate among all authorities."""
    return _make(data, "agency_rate_fte", key="benchmark_agency")


def benchmark_turnover(data: AreaData) -> Exhibit:
    """Turnover, DfE, among all authorities."""
    return _make(data, "turnover_rate_fte", key="benchmark_turnover")


def benchmark_caseload(data: AreaData) -> Exhibit:
    """Average caseload among all authorities."""
    return _make(data, "caseload_fte", key="benchmark_caseload")


def benchmark_absence(data: AreaData) -> Exhibit:
    """Sickness absence rate among all authorities."""
    return _make(data, "absence_rate_fte", key="benchmark_absence")


def _make(data: AreaData, measure: str, *, key: str) -> Exhibit:
    definition = find_definition(measure)
    question = f"Is {name_subject(definition)} like other authorities'?"
    end, own = _find_own(data, measure)
    national = data.national
    if national.empty:
        none = f"{sentence_case(definition.label)}: no other authorities to compare with"
        return common.make_unavailable(
            data, key=key, question=question, reason=NO_FILE, headline=none
        )
    authorities = national[national["area_level"] == "authority"]
    ranks = calculate_ranks(authorities, measure=measure, period_end=end)
    listed = bool((ranks["area_name"] == data.name).any())
    if data.source == "published" and not listed:
        reason = f"{data.name} is not an authority with a figure at {format_date(end)}."
        return common.make_unavailable(data, key=key, question=question, reason=reason)
    standing = None
    if own is not None and ranks["rank"].notna().sum() >= FEWEST:
        standing = find_standing(
            authorities, measure=measure, period_end=end, value=own,
            region=_find_region(ranks, data.name),
            is_listed=listed,
        )  # fmt: skip
    if standing is None:
        reason = f"There is no published figure to compare with at {format_date(end)}."
        return common.make_unavailable(data, key=key, question=question, reason=reason)
    return _show(data, definition, ranks, standing, key=key, question=question, end=end)


def _find_own(data: AreaData, measure: str) -> tuple[pd.Timestamp, float | None]:
    """The area's figure at the last 30 September that it and the published file both have."""
    rows = select(data, measure)
    rows = rows[rows["period_end"].dt.month.eq(9) & rows["period_end"].dt.day.eq(30)]
    years = set() if data.national.empty else set(data.national["period_end"])
    rows = rows[rows["status"].isin(USABLE_STATUSES)]
    both = rows[rows["period_end"].isin(years)] if years else rows
    if both.empty:
        return data.month, None
    return both["period_end"].iloc[-1], float(both["value"].iloc[-1])


def _find_region(ranks: pd.DataFrame, name: str) -> str | None:
    own = ranks.loc[ranks["area_name"] == name, "region_name"]
    return None if own.empty else str(own.iloc[0])


def _ordinal(number: int) -> str:
    """``51st``, ``112th``, ``23rd``.

    >>> [_ordinal(n) for n in (1, 2, 3, 11, 51, 112)]
    ['1st', '2nd', '3rd', '11th', '51st', '112th']
    """
    last = number % 10
    is_teen = number % 100 in (11, 12, 13)
    return f"{number}{'th' if is_teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(last, 'th')}"


def _place(rank: int, count: int) -> str:
    if rank == count:
        return f"the highest of {count}"
    return f"{_ordinal(rank)} lowest of {count}" if rank > 1 else f"the lowest of {count}"


def _show(
    data: AreaData, definition: Definition, ranks: pd.DataFrame, standing: Standing, *, key: str,
    question: str, end: pd.Timestamp,
) -> Exhibit:  # fmt: skip
    region = _find_region(ranks, data.name)
    value = format_value(standing.value, definition)
    place = _place(standing.rank, standing.count)
    peers = _peer_values(data, definition.id, region, end)
    shown = ranks if region else pd.concat([ranks, _own_row(data, definition.id, standing.value)])
    axes = plot_ranked(
        shown, own=data.name, own_label=f"{data.name} {value}, {place}", region=region,
        level=peers.get("England"), level_label="England",
    )  # fmt: skip
    when = format_date(end)
    sentences = [
        f"At {when} {name_subject(definition)} in {data.name} was {value}: {place} authorities.",
        _describe_place(standing, region),
        *_describe_peers(definition, peers),
        *_describe_move(data, definition, end),
    ]
    notes = [] if data.source == "published" else [OWN_EXTRACTS]
    if standing.without:
        verb = "has" if standing.without == 1 else "have"
        notes.append(f"{standing.without} of the authorities {verb} no published figure.")
    own_rows = data.measures[data.measures["period_end"] == end]
    own_rows = own_rows[own_rows["area_name"] == data.name]
    if definition.id == "vacancy_rate_fte" and has_vacancies_equal_to_cover(own_rows):
        sentences.append(EQUAL_TO_COVER)
    alt = f"Ranked bar chart: {definition.label}, {standing.count} authorities, {when}. "
    alt += f"{data.name} {value}, {place}."
    return Exhibit(
        key=key, question=question,
        headline=f"{sentence_case(definition.label)}: {data.name} is {place} authorities",
        subtitle=f"{axis_title(definition)}, all authorities, {when}",
        sentences=tuple(sentences), figure=figure_of(axes), alt_text=alt[:250], description=alt,
        table=_tabulate(ranks, definition, data.name), table_caption=f"Authorities nearest to "
        f"{data.name} by {definition.label}, {when}",
        source=_name_file(ranks), notes=common.list_notes(data, definition.id, more=notes),
    )  # fmt: skip


def _own_row(data: AreaData, measure: str, value: float) -> pd.DataFrame:
    row = {"measure": measure, "area_name": data.name, "region_name": "", "value": value}
    return pd.DataFrame([row])


def _peer_values(
    data: AreaData, measure: str, region: str | None, end: pd.Timestamp
) -> dict[str, float]:
    """Published rates of England and the region: never rebuilt from counts."""
    rows = data.national
    rows = rows[(rows["measure"] == measure) & (rows["period_end"] == end)]
    rows = rows[rows["status"].isin(USABLE_STATUSES) & (rows["area_level"] != "authority")]
    names = ["England", *([region] if region else [])]
    return {
        n: float(v) for n, v in zip(rows["area_name"], rows["value"], strict=True) if n in names
    }


def _describe_place(standing: Standing, region: str | None) -> str:
    quarter = f"It is in the {QUARTERS[standing.quartile]}"
    if standing.region_rank is None or standing.region_count is None:
        return f"{quarter}."
    place = _place(standing.region_rank, standing.region_count)
    return f"{quarter}; in its region, {region}, it is {place}."


def _describe_peers(definition: Definition, peers: dict[str, float]) -> list[str]:
    parts = [f"{name} {format_value(value, definition)}" for name, value in peers.items()]
    return [f"Published rates: {' and '.join(parts)}."] if parts else []


def _describe_move(data: AreaData, definition: Definition, end: pd.Timestamp) -> list[str]:
    """The year's move beside how far authorities usually move; only for published figures."""
    national = data.national[data.national["area_level"] == "authority"]
    moves = calculate_moves(national, measure=definition.id, period_end=end)
    own = national[(national["area_name"] == data.name) & (national["measure"] == definition.id)]
    own = own[own["status"].isin(USABLE_STATUSES)].set_index("period_end")["value"]
    before = end - pd.DateOffset(years=1)
    if moves.empty or before not in own.index or end not in own.index:
        return []
    size = abs(own[end] - own[before])
    usual = moves.median()
    told = "less than" if size < usual else "more than" if size > usual else "as much as"
    return [
        f"It moved by {name_difference(size, definition)} in the year, {told} the middle "
        f"authority ({name_difference(usual, definition)})."
    ]


def _tabulate(ranks: pd.DataFrame, definition: Definition, name: str) -> pd.DataFrame:
    """The authorities just below and above, so that a reader sees how close others are."""
    known = ranks[ranks["rank"].notna()]
    at = (
        int(known.index[known["area_name"] == name][0]) if (known["area_name"] == name).any() else 0
    )
    near = known.iloc[max(0, at - 3) : at + 4]
    return pd.DataFrame(
        {
            "Place from the lowest": near["rank"].astype(int).to_numpy(),
            "Authority": near["area_name"].to_numpy(),
            "Region": near["region_name"].to_numpy(),
            sentence_case(definition.label): [format_value(v, definition) for v in near["value"]],
        }
    )


def _name_file(ranks: pd.DataFrame) -> str:
    vintage = str(ranks["source"].iloc[0]).split(",")[0]
    return f"Department for Education, Children's social work workforce, {vintage} file."
