"""The latest census return beside the authority's own lists of that day, and what DfE published."""

from __future__ import annotations

import pandas as pd

from wfanalytics.measures.area_data import AreaData
from wfanalytics.measures.definition import round_shown
from wfanalytics.measures.definitions import find_definition

#: What is compared, in the order a return is checked in.
COMPARED = (
    "inpost_fte", "vacancy_fte", "vacancy_rate_fte", "agency_fte", "agency_rate_fte",
    "starters_12m_headcount", "leavers_12m_headcount", "turnover_rate_fte", "cases",
    "caseload_fte", "absence_rate_fte",
)  # fmt: skip
_PLACE = ["measure", "period_end"]


def compare_return(data: AreaData) -> pd.DataFrame:
    """The figures of the latest return up to the month, with ours and the published ones.

    Returns
    -------
    DataFrame, one row a measure of :data:`COMPARED`: measure, period_end, ``returned``, ``ours``
    (the authority's own extracts, same day), ``published`` (DfE's), each NaN where there is
    none; ``is_same_as_ours`` and ``is_same_as_published`` as rounded for print, False where one
    is missing. Empty where there is no return.
    """
    columns = [*_PLACE, "returned", "ours", "published", "is_same_as_ours", "is_same_as_published"]
    if data.census.empty:
        return pd.DataFrame(columns=columns)
    end = data.census["period_end"].max()
    returned = _take(data.census, end).rename("returned")
    own = data.measures
    is_plain = (own["breakdown"] == "all") & (own["area_level"] == "authority")
    ours = _take(own[is_plain & own["period_type"].isin(("snapshot", "year"))], end)
    found = pd.concat([returned, ours.rename("ours"), _take(_find_published(data), end)], axis=1)
    found = found.set_axis(["returned", "ours", "published"], axis=1).reindex(list(COMPARED))
    rows = found.rename_axis("measure").reset_index().assign(period_end=end)
    shown = {
        name: pd.Series([round_shown(value, find_definition(measure))
                         for value, measure in zip(rows[name], rows["measure"], strict=True)])
        for name in ("returned", "ours", "published")
    }  # fmt: skip
    return rows.assign(
        is_same_as_ours=shown["returned"] == shown["ours"],
        is_same_as_published=shown["returned"] == shown["published"],
    )[columns]


def _take(rows: pd.DataFrame, end: pd.Timestamp) -> pd.Series:
    if rows.empty:
        return pd.Series(dtype="float64")
    now = rows[(rows["period_end"] == end) & rows["measure"].isin(COMPARED)]
    return now.set_index("measure")["value"]


def _find_published(data: AreaData) -> pd.DataFrame:
    """DfE's rows of the authority, by its code: its name may be written another way."""
    if data.national.empty:
        return data.national
    return data.national[data.national["area_code"] == data.authority_code]
