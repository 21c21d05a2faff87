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
    wanted = set(codes)
    rows = national[(national["measure"] == measure) & (national["period_end"] == period_end)]
    members = rows["old_la_code"].fillna("").str.split(JOINT)
    rows = rows[[bool(wanted.intersection(parts)) for parts in members]]
    value = rows["value"].where(rows["status"].isin(USABLE_STATUSES))
    return rows.assign(value=value).sort_values(["value", "area_name"], ignore_index=True)


def calculate_neighbour_medians(
    national: pd.DataFrame,
    *,
    codes: Iterable[str],
    measures: Iterable[str],
    period_end: pd.Timestamp,
) -> pd.DataFrame:
    """One row a measure: ``median`` of the neighbours with a figure, and how many they are.

    ``count`` neighbours have a figure and ``without`` have none; the median is null where
    fewer than five have one.

    >>> rows = pd.DataFrame({"measure": "caseload_fte", "old_la_code": list("123456"),
    ...     "area_name": list("abcdef"), "period_end": pd.Timestamp("2019-09-30"),
    ...     "value": [14.0, 15.0, 16.0, 17.0, 18.0, 30.0], "status": "ok"})
    >>> medians = calculate_neighbour_medians(rows, codes="12345", measures=["caseload_fte"],
    ...                                       period_end=pd.Timestamp("2019-09-30"))
    >>> medians[["median", "count"]].to_numpy().tolist()
    [[16.0, 5.0]]
    """
    codes, found = list(codes), []
    for measure in measures:
        rows = find_neighbour_rows(national, codes=codes, measure=measure, period_end=period_end)
        known = rows["value"].dropna()
        median = known.median() if len(known) >= FEWEST_NEIGHBOURS else float("nan")
        found.append((measure, median, len(known), len(rows) - len(known)))
    return pd.DataFrame(found, columns=["measure", "median", "count", "without"])
