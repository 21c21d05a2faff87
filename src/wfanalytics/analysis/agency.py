"""Agency staff: how long they have been here, project teams apart, where most of them are."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

import numpy as np
import pandas as pd

from wfanalytics.frames import USABLE_STATUSES
from wfanalytics.measures.posts import leave_out_support
from wfanalytics.measures.small_counts import find_withheld
from wfanalytics.thresholds import Disclosure

#: Tenure of agency staff: the band's words and the months it ends before.
AGENCY_BANDS = (
    ("under 3 months", 3), ("3 to 6 months", 6), ("6 to 12 months", 12), ("over a year", None),
)  # fmt: skip
UNKNOWN = "not known"
#: At most this many places are named as those that together hold most.
MOST_NAMED = 3
PROJECT, COVER = "project teams", "other agency staff"


class Concentration(NamedTuple):
    """The fewest places that together hold more than half: their names, people, the total."""

    names: tuple[str, ...]
    people: int
    total: int


def find_concentration(places: pd.DataFrame, *, total: float) -> Concentration | None:
    """The fewest places with more than half of ``total`` people, equals of the last with them.

    None where that takes more than three, all of them, or withheld places.

    >>> rows = pd.DataFrame({"area_name": ["City", "Coast", "Weald"], "value": [17.0, 10.0, 8.0],
    ...                      "status": "ok"})
    >>> find_concentration(rows, total=35)
    Concentration(names=('City', 'Coast'), people=27, total=35)
    """
    shown = places[places["status"].isin(USABLE_STATUSES)]
    shown = shown.sort_values("value", ascending=False, kind="stable")
    reached = shown["value"].cumsum() > total / 2
    if not reached.any():
        return None
    named = shown[shown["value"] >= shown["value"].iloc[int(reached.to_numpy().argmax())]]
    if len(named) > MOST_NAMED or len(named) == len(places):
        return None
    return Concentration(tuple(named["area_name"]), int(named["value"].sum()), int(total))


def calculate_agency_tenure(
    workers: pd.DataFrame, *, through: pd.Timestamp, rules: Disclosure
) -> pd.DataFrame:
    """Agency staff at each month end by how long they have been here, people.

    Months are counted from the earliest start date of an unbroken run of lists; somebody
    missing from a list has been away. One row a month end and band, ``value`` people, ``share``
    of that month's agency staff and ``status``: suppressed where small. The rows of
    ``breakdown`` ``year`` put the bands up to a year together.
    """
    staff = leave_out_support(workers[workers["as_at"] <= through])
    months = pd.DatetimeIndex(sorted(staff["as_at"].unique()))
    people = _find_agency_starts(staff[staff["employment"] == "agency"], months)
    ends = [people["start"].map(lambda day, m=m: day + pd.DateOffset(months=m))
            for _, m in AGENCY_BANDS if m]  # fmt: skip
    over = [people["as_at"] >= end for end in ends]
    band = pd.Series(AGENCY_BANDS[0][0], index=people.index)
    for (words, _), is_over in zip(AGENCY_BANDS[1:], over, strict=True):
        band = band.mask(is_over, words)
    is_known = people["start"].notna() & (people["start"] <= people["as_at"])
    people = people.assign(band=band.where(is_known, UNKNOWN))
    names = [*(words for words, _ in AGENCY_BANDS), UNKNOWN]
    wide = pd.crosstab(people["as_at"], people["band"]).reindex(months, columns=names)
    wide = wide.fillna(0)
    longest = AGENCY_BANDS[-1][0]
    shorter = wide.drop(columns=[longest, UNKNOWN]).sum(axis="columns")
    by_year = pd.DataFrame(
        {longest: wide[longest], "a year or less": shorter, UNKNOWN: wide[UNKNOWN]}
    )
    frames = [_mask_rows(wide, "band", rules), _mask_rows(by_year, "year", rules)]
    return pd.concat(frames, ignore_index=True)


def _find_agency_starts(agency: pd.DataFrame, months: pd.DatetimeIndex) -> pd.DataFrame:
    """Each agency worker at each month end with the start of the present unbroken stay."""
    people = agency.groupby(["worker_id", "as_at"], as_index=False)["start_date"].min()
    position = pd.Series(months.get_indexer(people["as_at"]), index=people.index)
    is_new = (position.diff() != 1) | (people["worker_id"] != people["worker_id"].shift())
    stay = is_new.cumsum()
    return people.assign(start=people["start_date"].groupby(stay).cummin())


def _mask_rows(
    wide: pd.DataFrame, breakdown: str, rules: Disclosure, also: np.ndarray | bool = False
) -> pd.DataFrame:
    rows = [find_withheld(row, rules=rules) for row in wide.to_numpy()]
    hidden = np.array(rows).reshape(wide.shape)
    hidden |= np.broadcast_to(np.asarray(also).reshape(-1, 1), hidden.shape)
    total = wide.sum(axis="columns").to_numpy()[:, None]
    people = wide.to_numpy(dtype=float)
    share = np.divide(people, total, out=np.zeros_like(people), where=total > 0)
    cells = {"value": people, "share": share}
    frame = pd.DataFrame(
        {
            "breakdown": breakdown,
            "period_end": np.repeat(wide.index.to_numpy(), wide.shape[1]),
            "band": np.tile(wide.columns.to_numpy(), len(wide)),
            "status": np.where(hidden, "suppressed", "ok").ravel(),
        }
    )
    masked = {name: np.where(hidden, np.nan, values).ravel() for name, values in cells.items()}
    return frame.assign(**masked)


def calculate_projects(
    workers: pd.DataFrame, *, through: pd.Timestamp, rules: Disclosure,
    withheld: Collection[tuple[pd.Timestamp, str]] = (),
) -> pd.DataFrame:  # fmt: skip
    """Agency staff in project teams and all others at each month end, people.

    Columns as :func:`calculate_agency_tenure` has them, ``breakdown`` ``project``. Somebody in
    both counts as one of the project team. ``withheld`` are the month ends and teams whose agency
    staff the measures withhold: a team that is a project as a whole would be told here.

    >>> workers = pd.DataFrame({"as_at": pd.Timestamp("2020-09-30"), "worker_id": range(12),
    ...     "role": "case_holder", "employment": "agency", "team": "",
    ...     "is_project_team": [True] * 5 + [False] * 7})
    >>> found = calculate_projects(
    ...     workers, through=pd.Timestamp("2020-09-30"), rules=Disclosure())
    >>> found["value"].tolist()
    [5.0, 7.0]
    """
    staff = leave_out_support(workers[workers["as_at"] <= through])
    months = pd.DatetimeIndex(sorted(staff["as_at"].unique()))
    agency = staff[staff["employment"] == "agency"]
    is_project = agency.groupby(["as_at", "worker_id"])["is_project_team"].max()
    by_month = is_project.groupby("as_at").agg(["sum", "size"]).reindex(months).fillna(0)
    wide = pd.DataFrame({PROJECT: by_month["sum"], COVER: by_month["size"] - by_month["sum"]})
    is_whole = agency.groupby(["as_at", "team"])["is_project_team"].all()
    told = is_whole[is_whole & is_whole.index.isin(list(withheld))]
    is_secret = months.isin(told.index.get_level_values("as_at"))
    return _mask_rows(wide, "project", rules, also=is_secret)


def sum_months(rows: pd.DataFrame, *, month: pd.Timestamp, length: int) -> pd.DataFrame:
    """Sums of a monthly count over spans of ``length`` months back from a month, oldest first.

    A span with a month that lacks a figure is ``missing``; spans that begin before the first
    row are left out.

    >>> ends = pd.date_range("2020-07-31", periods=3, freq="ME")
    >>> rows = pd.DataFrame({"period_end": ends, "value": [1.0, 0.0, 2.0], "status": "ok"})
    >>> sum_months(rows, month=ends[-1], length=3)["value"].tolist()
    [3.0]
    """
    values = rows["value"].where(rows["status"].isin(USABLE_STATUSES))
    values = values.set_axis(pd.PeriodIndex(rows["period_end"], freq="M"))
    first = values.index.min() if len(values) else month.to_period("M") + 1
    periods = pd.period_range(first, month.to_period("M"), freq="M")
    spans = len(periods) // length
    kept = values.reindex(periods[len(periods) - spans * length :]).to_numpy(dtype=float)
    sums = kept.reshape(spans, length).sum(axis=1)
    ends = [month - pd.offsets.MonthEnd(length * back) for back in range(spans)][::-1]
    status = np.where(np.isnan(sums), "missing", "ok")
    return pd.DataFrame({"period_end": pd.DatetimeIndex(ends), "value": sums, "status": status})
