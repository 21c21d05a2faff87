"""Cases, case holders and caseload, week by week and at each month's end.

A case holder is a social worker (managers and agency staff included, support staff not) with
at least one case and an FTE above 0, as DfE counts them. Somebody who holds cases in several
teams is one person with one caseload (all their cases for their FTE); each team has its own
cases, and the share of their FTE that those cases are of all of theirs, so that FTE adds up at
every level. People of unknown FTE or role, and their cases, are left out; where nobody's is
known the figures are missing.

A caseload is compared with the band in cases per full-time equivalent: somebody on half time
with 8 cases has 16. A month's figure is that of the last week that ends in it.
"""

from __future__ import annotations

from itertools import pairwise

import pandas as pd

from wfanalytics.measures.places import Grids, align_grids, find_seen, sum_by_place
from wfanalytics.measures.tidy import Figure
from wfanalytics.rounding import FLOAT_DIGITS

DAYS_IN_WEEK = 7
BANDS = ("below", "within", "above")
#: What is added up of the caseload.
GRIDS = ("cases", "unallocated", "share_fte", "people", *BANDS)


def list_weeks(weeks: pd.DatetimeIndex, *, through: pd.Timestamp) -> pd.DatetimeIndex:
    """Week ends delivered, those missing between them, and those missing up to ``through``.

    A week may end a day or two early or late; a week is missing when the nearest whole number
    of weeks between two files is more than one.

    >>> found = pd.DatetimeIndex(["2020-01-05", "2020-01-11", "2020-01-26"])
    >>> [str(day.date()) for day in list_weeks(found, through=pd.Timestamp("2020-02-01"))]
    ['2020-01-05', '2020-01-11', '2020-01-18', '2020-01-26']
    """
    found = sorted(weeks[weeks <= through])
    expected = list(found)
    for week, after in pairwise(found):
        count = round((after - week).days / DAYS_IN_WEEK)
        expected += [week + pd.Timedelta(days=DAYS_IN_WEEK * k) for k in range(1, count)]
    if found:
        later = pd.date_range(found[-1], through, freq=f"{DAYS_IN_WEEK}D")
        expected += list(later[1:])
    return pd.DatetimeIndex(sorted(expected))


def find_last_weeks(weeks: pd.DatetimeIndex) -> pd.DatetimeIndex:
    """The last week of each month; of the final month only if no other can end in it.

    >>> weeks = pd.date_range("2020-08-02", "2020-09-13", freq="7D")
    >>> [str(day.date()) for day in find_last_weeks(weeks)]
    ['2020-08-30']
    """
    last = weeks[~weeks.to_period("M").duplicated(keep="last")]
    following = last + pd.Timedelta(days=DAYS_IN_WEEK)
    is_over = last.to_period("M") != following.to_period("M")
    return last[is_over | (last != weeks.max())]


def add_holdings(caseload: pd.DataFrame, *, band: tuple[float, float]) -> pd.DataFrame:
    """The rows of case holders, with the share of their FTE and where their caseload lies.

    Adds ``share_fte`` (FTE of this row), ``load`` (the person's cases per FTE) and ``below``,
    ``within``, ``above`` (1 or 0); the last four are the same in each of a person's rows.
    ``band`` is in cases per FTE, its ends within.
    """
    held = caseload[_is_held(caseload) & _is_known(caseload) & (caseload["fte"] > 0)]
    person = held.groupby(["week_ending", "worker_id"])
    total, fte = person["cases"].transform("sum"), person["fte"].transform("max")
    load = (total / fte).round(FLOAT_DIGITS)
    low, high = band
    return held.assign(
        share_fte=fte * held["cases"] / total,
        load=load,
        below=(load < low).astype(float),
        within=load.between(low, high).astype(float),
        above=(load > high).astype(float),
    )


def _is_held(caseload: pd.DataFrame) -> pd.Series:
    """Rows of cases that somebody other than support staff holds."""
    is_named = caseload["worker_id"] != ""
    return is_named & (caseload["role"] != "support") & (caseload["cases"] > 0)


def _is_known(caseload: pd.DataFrame) -> pd.Series:
    return caseload["fte"].notna() & (caseload["role"] != "")


def sum_caseload(
    caseload: pd.DataFrame, *, weeks: pd.DatetimeIndex, band: tuple[float, float]
) -> tuple[Grids, pd.DataFrame]:
    """Grids of cases and case holders by week, and which places are seen in which week."""
    holders = add_holdings(caseload, band=band)
    held = sum_by_place(
        holders, ["cases", "share_fte"], period="week_ending", who="worker_id", once=BANDS
    )
    rows = caseload.assign(
        unallocated=caseload["cases"].where(caseload["worker_id"] == "", 0),
        unsure=(_is_held(caseload) & ~_is_known(caseload)).astype(float),
    )
    others = sum_by_place(rows, ["unallocated", "unsure"], period="week_ending", who="worker_id")
    seen = find_seen([others["people"].notna()], periods=weeks)
    covered = pd.DatetimeIndex(caseload["week_ending"].unique())
    held = align_grids(held, seen=seen, covered=covered)
    others = align_grids(others, seen=seen, covered=covered)
    is_unknown = (held["people"] == 0) & (others["unsure"] > 0)
    grids = {name: grid.mask(is_unknown) for name, grid in held.items()}
    return {**grids, "unallocated": others["unallocated"]}, seen


def list_caseload_figures(grids: Grids) -> list[Figure]:
    """Cases, case holders, caseload and the shares below, within and above the band."""
    return [
        Figure("cases", grids["cases"]),
        Figure("unallocated_cases", grids["unallocated"]),
        Figure("case_holders_fte", grids["share_fte"]),
        Figure("case_holders_headcount", grids["people"]),
        Figure("caseload_fte", grids["cases"], grids["share_fte"]),
        *(Figure(f"caseload_{part}_rate", grids[part], grids["people"]) for part in BANDS),
    ]
