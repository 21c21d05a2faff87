"""Leavers and starters: by month, over twelve months, and as turnover.

A conversion from agency to permanent is a starter, as DfE counts it; an internal move is
neither a leaver nor a starter at any level. One person's movement counts once a month. A month
the extracts cover without a row has nobody; twelve-month figures need all twelve months.
Somebody seen only in the role ``support`` is not a social worker and is left out.
"""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from wfanalytics.measures.places import (
    AUTHORITY,
    Grids,
    align_grids,
    find_life,
    find_seen,
    find_too_young,
    sum_by_place,
    sum_windows,
)
from wfanalytics.measures.posts import MONTHS_IN_YEAR, Stock, leave_out_support
from wfanalytics.measures.tidy import Figure

#: What each flow counts.
FLOWS = {
    "leavers": ("leaver",),
    "starters": ("starter", "conversion"),
    "conversions": ("conversion",),
}


def leave_out_support_staff(movements: pd.DataFrame, workers: pd.DataFrame) -> pd.DataFrame:
    """Movements of everybody who is not known to have worked in support roles only."""
    social_workers = leave_out_support(workers)["worker_id"].unique()
    everybody = workers["worker_id"].unique()
    support = set(everybody) - set(social_workers)
    return movements[~movements["worker_id"].isin(support)]


def sum_flow(movements: pd.DataFrame, flow: str) -> Grids:
    """Grids of one flow: people, FTE, and how many of the people have a known FTE."""
    rows = movements[movements["movement"].isin(FLOWS[flow])]
    rows = rows.sort_values(["date", "movement", "team"])
    # Somebody listed as a starter and as a conversion in one month joined once.
    rows = rows.drop_duplicates(["month", "worker_id"])
    rows = rows.assign(known=rows["fte"].notna().astype(float))
    return sum_by_place(rows, ["fte", "known"], period="month", who="worker_id")


def list_flow_figures(
    movements: pd.DataFrame,
    workers: pd.DataFrame,
    stock: Stock | None,
    *,
    months: pd.DatetimeIndex,
    covered: pd.DatetimeIndex,
    unlisted: Collection[pd.Timestamp] = (),
) -> tuple[list[Figure], pd.DataFrame]:
    """Figures of leavers and starters on ``months``, and which places are seen in which month.

    ``covered`` are the month ends of the months the movement extracts cover. Who started in an
    ``unlisted`` month is on no worker list, so that nobody can tell support staff from others:
    starters are blank.
    """
    rows = leave_out_support_staff(movements, workers)
    rows = rows.assign(month=rows["date"].dt.normalize() + pd.offsets.MonthEnd(0))
    rows = rows[rows["month"].isin(covered)]
    known = dict.fromkeys(FLOWS, covered) | {"starters": covered[~covered.isin(list(unlisted))]}
    grids = {flow: sum_flow(rows[rows["month"].isin(own)], flow) for flow, own in known.items()}
    found = [flow["people"].notna() for flow in grids.values()]
    if stock:
        found.append(find_life(stock.seen.reindex(columns=months, fill_value=False)))
    seen = find_seen(found, periods=months)
    seen = _add_authority(seen, covered)
    everywhere = seen | True
    grids = {
        flow: align_grids(grid, seen=everywhere, covered=known[flow])
        for flow, grid in grids.items()
    }
    figures = [Figure("conversions_headcount", grids["conversions"]["people"])]
    for flow in ("leavers", "starters"):
        year = sum_windows(grids[flow]["people"], MONTHS_IN_YEAR)
        figures += [
            Figure(f"{flow}_headcount", grids[flow]["people"]),
            Figure(f"{flow}_fte", grids[flow]["fte"]),
            Figure(f"{flow}_12m_headcount", year),
            Figure(f"{flow}_12m_fte", _sum_year_fte(grids[flow])),
        ]
    if stock and "permanent" in stock.grids:
        listed_since = pd.DatetimeIndex(stock.seen.columns)[0]
        figures += _list_turnover(
            grids["leavers"], stock.grids["permanent"], seen, since=listed_since
        )
    return figures, seen


def _list_turnover(
    leavers: Grids, permanent: Grids, seen: pd.DataFrame, *, since: pd.Timestamp
) -> list[Figure]:
    people = sum_windows(leavers["people"], MONTHS_IN_YEAR)
    end_people = permanent["people"].reindex_like(seen)
    end_fte = permanent["fte"].reindex_like(seen)
    too_young = find_too_young(seen, MONTHS_IN_YEAR, since=since)
    month_ends = MONTHS_IN_YEAR + 1
    # A month has a start and an end, a year thirteen of them.
    mean_month = sum_windows(end_people, 2) / 2
    mean_people = sum_windows(end_people, month_ends) / month_ends
    return [
        Figure(
            "leaver_rate_headcount",
            leavers["people"],
            mean_month,
            find_too_young(seen, 2, since=since),
        ),
        Figure("turnover_rate_fte", _sum_year_fte(leavers), end_fte, too_young),
        Figure("turnover_rate_headcount", people, end_people, too_young),
        Figure(
            "turnover_average_stock_headcount",
            people,
            mean_people,
            find_too_young(seen, month_ends, since=since),
        ),
    ]


def _sum_year_fte(flow: Grids) -> pd.DataFrame:
    """Twelve months of a flow's FTE: unknown ones left out, blank where none is known."""
    is_unknown = (flow["known"] == 0) & (flow["people"] > 0)
    year = sum_windows(flow["fte"].mask(is_unknown, 0.0), MONTHS_IN_YEAR)
    known = sum_windows(flow["known"], MONTHS_IN_YEAR)
    people = sum_windows(flow["people"], MONTHS_IN_YEAR)
    return year.mask((known == 0) & (people > 0))


def _add_authority(seen: pd.DataFrame, covered: pd.DatetimeIndex) -> pd.DataFrame:
    """The authority exists in every month covered, even one in which nobody moved."""
    places = (
        seen.index
        if AUTHORITY in seen.index
        else seen.index.append(pd.MultiIndex.from_tuples([AUTHORITY], names=seen.index.names))
    )
    seen = seen.reindex(places, fill_value=False)
    seen.loc[AUTHORITY, seen.columns.isin(covered)] = True
    return seen
