"""Who of those in post a year ago still is: the stability index."""

from __future__ import annotations

import pandas as pd

from wfanalytics.measures.places import blank_grid
from wfanalytics.measures.posts import MONTHS_IN_YEAR, leave_out_support
from wfanalytics.measures.tidy import Figure


def list_stability_figures(workers: pd.DataFrame, *, months: pd.DatetimeIndex) -> list[Figure]:
    """Permanent staff on the lists of a month and of a year before, people, authority only.

    Blank where either list is missing. Somebody who left and came back within the year is still
    in post; somebody who moved between teams is.

    >>> workers = pd.DataFrame({"as_at": pd.to_datetime(["2019-09-30"] * 2 + ["2020-09-30"]),
    ...     "worker_id": ["a", "b", "b"], "role": "case_holder", "employment": "permanent"})
    >>> months = pd.date_range("2019-09-30", "2020-09-30", freq="ME")
    >>> [figure] = list_stability_figures(workers, months=months)
    >>> float(figure.numerator.iloc[0, -1]), float(figure.denominator.iloc[0, -1])
    (1.0, 2.0)
    """
    staff = leave_out_support(workers)
    staff = staff[staff["employment"] == "permanent"]
    listed = pd.crosstab(staff["worker_id"], staff["as_at"]).gt(0)
    listed = listed.reindex(columns=months, fill_value=False)
    before = listed.shift(MONTHS_IN_YEAR, axis="columns", fill_value=False)
    has_list = pd.Series(months.isin(workers["as_at"].unique()), index=months)
    is_known = has_list & has_list.shift(MONTHS_IN_YEAR, fill_value=False)

    def as_grid(cells: pd.DataFrame) -> pd.DataFrame:
        people = cells.sum().astype(float).where(is_known)
        return blank_grid(months).fillna(people)

    return [Figure("stability_rate_headcount", as_grid(listed & before), as_grid(before))]
