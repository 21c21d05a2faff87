"""One authority beside its statistical neighbours: their figures and the median of them.

DfE's practice is the median of the ten, never an average or a rate rebuilt from counts.
"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from wfanalytics.frames import USABLE_STATUSES
from wfanalytics.raw.neighbours import JOINT

#: Fewest neighbours with a figure that make a median worth printing.
FEWEST_NEIGHBOURS = 5


def find_neighbour_rows(
    national: pd.DataFrame, *, codes: Iterable[str], measure: str, period_end: pd.Timestamp
) -> pd.DataFrame:
    """Neighbours' rows of one measure and year, lowest first, withheld figures last.

    A neighbour whose return is joint (``940 / 941``) stands for both its members, once; one
    that made no return that year has no row.
    """
    rows = _keep_neighbours(national, codes=codes, period_end=period_end)
    rows = rows[rows["measure"] == measure]
    value = rows["value"].where(rows["status"].isin(USABLE_STATUSES))
    return rows.assign(value=value).sort_values(["value", "area_name"], ignore_index=True)


def calculate_neighbour_medians(
    national: pd.DataFrame, *, codes: Iterable[str], measures: Iterable[str],
    period_end: pd.Timestamp,
) -> pd.DataFrame:  # fmt: skip
    """One row a measure: ``median`` of the neighbours with a figure, and how many they are.

    ``count`` neighbours have a figure; the median is null where fewer than five have one.

    >>> rows = pd.DataFrame({"measure": "caseload_fte", "old_la_code": list("123456"),
    ...     "area_name": list("abcdef"), "period_end": pd.Timestamp("2019-09-30"),
    ...     "value": [14.0, 15.0, 16.0, 17.0, 18.0, 30.0], "status": "ok"})
    >>> medians = calculate_neighbour_medians(rows, codes="12345", measures=["caseload_fte"],
    ...                                       period_end=pd.Timestamp("2019-09-30"))
    >>> medians[["median", "count"]].to_numpy().tolist()
    [[16.0, 5.0]]
    """
    rows = _keep_neighbours(national, codes=codes, period_end=period_end)
    known = rows["value"].where(rows["status"].isin(USABLE_STATUSES))
    groups = known.groupby(rows["measure"])
    frame = pd.DataFrame({"median": groups.median(), "count": groups.count()})
    frame = frame.reindex(list(measures)).rename_axis("measure").reset_index()
    frame = frame.assign(count=frame["count"].fillna(0).astype(int))
    return frame.assign(median=frame["median"].where(frame["count"] >= FEWEST_NEIGHBOURS))


def _keep_neighbours(
    national: pd.DataFrame, *, codes: Iterable[str], period_end: pd.Timestamp
) -> pd.DataFrame:
    """Rows of the year whose return is by one of these authorities, alone or jointly."""
    wanted, rows = set(codes), national[national["period_end"] == period_end]
    returns = rows["old_la_code"].dropna().unique()
    kept = [code for code in returns if wanted.intersection(code.split(JOINT))]
    return rows[rows["old_la_code"].isin(kept)]
