"""What every comparison with other authorities says: places, peers, moves, and its caveats."""

from __future__ import annotations

import pandas as pd

from wfanalytics.analysis.benchmarks import (
    Standing,
    calculate_moves,
    find_cover_years,
    has_vacancies_equal_to_cover,
    is_own,
)
from wfanalytics.frames import USABLE_STATUSES
from wfanalytics.measures.area_data import AreaData, select
from wfanalytics.measures.definition import Definition
from wfanalytics.measures.published_area import OWN_NEIGHBOURS
from wfanalytics.present.phrases import name_difference
from wfanalytics.present.words import format_value
from wfanalytics.raw.neighbours import JOINT, Neighbours

QUARTERS = {1: "lowest quarter", 2: "second lowest quarter", 3: "second highest quarter",
            4: "highest quarter"}  # fmt: skip
EQUAL_TO_COVER = (
    "The vacancies reported equal the agency staff covering them exactly: the rate may be a "
    "count of agency staff, not an independent measure."
)
NO_FILE = (
    "DfE's figures of other authorities were not read for this report, so there is nothing to "
    "compare with."
)
NO_SHARED = "There is no 30 September for which both {name} and other authorities have a figure."
OWN_EXTRACTS = (
    "The authority's figure is from its own extracts, on DfE's definition; the others are as "
    "published."
)
#: DfE reads a low caseload as good; a council's target is a band.
LOW_CASELOAD = "DfE reads a lower caseload as better; a target band is the authority's own."
#: Authorities that are named and not only counted.
MOST_NAMED = 3
#: Years that are named and not only counted, so that a sentence stays short.
MOST_YEARS = 5


def find_own_year(
    data: AreaData, measure: str, national: pd.DataFrame
) -> tuple[pd.Timestamp, float | None]:
    """The area's figure at the last 30 September that it and the published file both have."""
    rows = select(data, measure)
    rows = rows[rows["period_end"].dt.month.eq(9) & rows["period_end"].dt.day.eq(30)]
    both = rows[rows["status"].isin(USABLE_STATUSES)]
    both = both[both["period_end"].isin(set(national["period_end"]))]
    if both.empty:
        return data.month, None
    return both["period_end"].iloc[-1], float(both["value"].iloc[-1])


def name_ordinal(number: int) -> str:
    """``51st``, ``112th``, ``23rd``.

    >>> [name_ordinal(n) for n in (1, 2, 3, 11, 51, 112)]
    ['1st', '2nd', '3rd', '11th', '51st', '112th']
    """
    last = number % 10
    is_teen = number % 100 in (11, 12, 13)
    return f"{number}{'th' if is_teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(last, 'th')}"


def name_place(rank: int, count: int) -> str:
    """A place from the lowest: ``51st lowest of 150``.

    >>> name_place(51, 150), name_place(1, 150), name_place(150, 150)
    ('51st lowest of 150', 'the lowest of 150', 'the highest of 150')
    """
    if rank == count:
        return f"the highest of {count}"
    return f"{name_ordinal(rank)} lowest of {count}" if rank > 1 else f"the lowest of {count}"


def name_model(neighbours: Neighbours) -> str:
    """Whose list of neighbours is used, such as ``DfE's 2025 set``."""
    if neighbours.model == OWN_NEIGHBOURS:
        return neighbours.model
    return f"DfE's {neighbours.model} set"


def describe_standing(standing: Standing, region: str | None, definition: Definition) -> str:
    """Quarter and place in the region, and which way is good."""
    words = f"It is in the {QUARTERS[standing.quartile]}"
    if standing.region_rank is not None and standing.region_count is not None:
        place = name_place(standing.region_rank, standing.region_count)
        words += f"; in its region, {region}, it is {place}"
    is_plain = definition.better in ("lower", "higher")
    return f"{words}; {definition.better} is better." if is_plain else f"{words}."


def find_peers(
    national: pd.DataFrame, *, measure: str, region: str | None, end: pd.Timestamp
) -> dict[str, float]:
    """Published rates of England and the region: never rebuilt from counts."""
    rows = national[(national["measure"] == measure) & (national["period_end"] == end)]
    rows = rows[rows["status"].isin(USABLE_STATUSES) & (rows["area_level"] != "authority")]
    names = ["England", *([region] if region else [])]
    return {
        n: float(v) for n, v in zip(rows["area_name"], rows["value"], strict=True) if n in names
    }


def describe_peers(definition: Definition, peers: dict[str, float]) -> list[str]:
    """Published rates of England and the region."""
    parts = [f"{name} {format_value(value, definition)}" for name, value in peers.items()]
    return [f"Published rates: {' and '.join(parts)}."] if parts else []


def describe_move(data: AreaData, definition: Definition, end: pd.Timestamp) -> list[str]:
    """The year's move beside how far authorities usually move; only for published figures."""
    national = data.national[data.national["area_level"] == "authority"]
    moves = calculate_moves(national, measure=definition.id, period_end=end)
    own = national[is_own(national, data) & (national["measure"] == definition.id)]
    own = own[own["status"].isin(USABLE_STATUSES)].set_index("period_end")["value"]
    before = end - pd.DateOffset(years=1)
    if data.source != "published" or moves.empty or not {before, end} <= set(own.index):
        return []
    size = abs(own[end] - own[before])
    usual = moves.median()
    told = "less than" if size < usual else "more than" if size > usual else "as much as"
    return [
        f"It moved by {name_difference(size, definition)} in the year, {told} the middle "
        f"authority ({name_difference(usual, definition)})."
    ]


def warn_of_cover(data: AreaData, end: pd.Timestamp) -> list[str]:
    """Whether the authority's vacancies of a day may be a count of its agency staff."""
    rows = data.measures
    rows = rows[(rows["period_end"] == end) & (rows["area_name"] == data.name)]
    is_equal = has_vacancies_equal_to_cover(rows[rows["period_type"] == "snapshot"])
    return [EQUAL_TO_COVER] if is_equal else []


def list_file_notes(rows: pd.DataFrame, end: pd.Timestamp) -> list[str]:
    """What a reader must know of these authorities' rows: withheld, joint, part-estimated."""
    notes = []
    withheld = rows.loc[~rows["status"].isin(USABLE_STATUSES), "area_name"]
    if 0 < len(withheld) <= MOST_NAMED:
        notes.append(f"No published figure: {'; '.join(sorted(withheld))}.")
    elif len(withheld):
        notes.append(f"{len(withheld)} of the authorities have no published figure.")
    joint = sorted(name for name in rows["area_name"] if JOINT in name)
    if joint:
        notes.append(f"Joint returns count once: {'; '.join(joint)}.")
    return notes + ([PART_ESTIMATED] if end.year == ESTIMATED_YEAR else [])


def describe_cover_years(data: AreaData) -> list[str]:
    """The years in which published vacancies may be a count of agency staff."""
    own = data.measures[data.measures["area_name"] == data.name]
    years = [str(year) for year in find_cover_years(own)] if data.source == "published" else []
    if not years:
        return []
    listed = " and ".join(filter(None, [", ".join(years[:-1]), years[-1]]))
    if len(years) > MOST_YEARS:
        listed = f"{len(years)} years from {years[0]} to {years[-1]}"
    return [
        f"In {listed} the vacancies reported equal the agency cover exactly: they may be a "
        "count of agency staff."
    ]


#: Kensington and Chelsea and Westminster could not return data; see ``docs/published-data.md``.
ESTIMATED_YEAR = 2025
PART_ESTIMATED = (
    "England and London in 2025 are part-estimated: two boroughs made no return, and their 2024 "
    "figures stand in."
)
