"""How many social workers each child has had in twelve months: counts of children, never a child.

Child data has the strictest limit of all figures here: a count of one to nine children is
merged or withheld, at authority level too, and nothing is shown by locality or team.
"""

from __future__ import annotations

import pandas as pd

from wfanalytics.measures.small_counts import hide_companions

#: Fewest children a count may be of.
SMALLEST_CHILDREN = 10
#: From this many social workers on, children are counted together.
MANY = 4
#: What committees ask about: this many social workers or more in twelve months.
SEVERAL = 3


def calculate_worker_changes(allocations: pd.DataFrame, *, month: pd.Timestamp) -> pd.DataFrame:
    """Children by how many social workers they were allocated to in the year to ``month``.

    Parameters
    ----------
    allocations : clean table (``frames.CLEAN_SCHEMAS``); a duty tray is no social worker.

    Returns
    -------
    DataFrame with columns workers (1, 2, ... the last one "or more"), is_last, children, share:
    groups of fewer than ten children are merged with the one before. Empty where fewer than ten
    children were allocated to anybody.

    >>> children = [f"c{number}" for number in [*range(20), *range(10)]]
    >>> rows = pd.DataFrame({"child_id": children, "worker_id": ["a"] * 20 + ["b"] * 10,
    ...     "start_date": pd.Timestamp("2020-01-01"), "end_date": pd.NaT})
    >>> found = calculate_worker_changes(rows, month=pd.Timestamp("2020-09-30"))
    >>> found[["workers", "children", "share"]].to_numpy().tolist()
    [[1.0, 10.0, 0.5], [2.0, 10.0, 0.5]]
    """
    counts = _count_workers(allocations, month).clip(upper=MANY).value_counts()
    counts = counts.reindex(range(1, MANY + 1), fill_value=0).tolist()
    while len(counts) > 1 and 0 <= counts[-1] < SMALLEST_CHILDREN:
        counts[-2:] = [counts[-2] + counts[-1]]
    total = sum(counts)
    if total < SMALLEST_CHILDREN or min(counts) < SMALLEST_CHILDREN:
        counts = []
    numbers = list(range(1, len(counts) + 1))
    return pd.DataFrame(
        {
            "workers": numbers,
            "is_last": [number == len(counts) for number in numbers],
            "children": counts,
            "share": [count / total for count in counts],
        }
    )


def calculate_several(
    allocations: pd.DataFrame, *, month: pd.Timestamp, level: str
) -> pd.DataFrame:
    """The share of children with three or more social workers in a year, by service.

    ``level`` is ``authority`` or ``service``, the service of each child's latest allocation.

    Returns
    -------
    DataFrame with columns area_name, numerator, denominator, value, status. Withheld
    (``suppressed``) where the children with three or more, or the others, are fewer than ten,
    and with them one more service where one alone could be had by subtraction.
    """
    many = _count_workers(allocations, month) >= SEVERAL
    place = pd.Series("", index=many.index)
    if level != "authority":
        latest = _in_year(allocations, month).sort_values("start_date")
        place = latest.groupby("child_id")[level].last().reindex(many.index)
    grouped = many.groupby(place)
    frame = pd.DataFrame({"numerator": grouped.sum(), "denominator": grouped.size()}, dtype=float)
    others = frame["denominator"] - frame["numerator"]
    small = (frame["numerator"] < SMALLEST_CHILDREN) | (others < SMALLEST_CHILDREN)
    hidden = hide_companions(small, frame["denominator"]) if level != "authority" else small
    frame = frame.assign(value=frame["numerator"] / frame["denominator"])
    frame = frame.mask(hidden).assign(status=hidden.map({True: "suppressed", False: "ok"}))
    return frame.rename_axis("area_name").reset_index()


def _in_year(allocations: pd.DataFrame, month: pd.Timestamp) -> pd.DataFrame:
    start = month - pd.offsets.MonthEnd(12) + pd.Timedelta(days=1)
    ends = allocations["end_date"].fillna(month)
    is_there = (allocations["start_date"] <= month) & (ends >= start)
    return allocations[is_there & (allocations["worker_id"] != "")]


def _count_workers(allocations: pd.DataFrame, month: pd.Timestamp) -> pd.Series:
    """Social workers of each child with one in the year to the month."""
    return _in_year(allocations, month).groupby("child_id")["worker_id"].nunique()
