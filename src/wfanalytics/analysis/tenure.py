"""How long permanent staff stay: spells of service, their survival, and leavers by tenure.

Permanent staff are *seen* on the month-end lists and as starters; what happened before the
first list is not known, so a spell enters observation on the day it is first seen (left
truncation, Tsai, Jewell and Wang 1987) and is censored on the last list if nobody recorded a
leaver. Its survival is Kaplan and Meier's (1958), with variance by Greenwood and intervals on the
log-minus-log scale (Kalbfleisch and Prentice), as R's survival package's ``conf.type = "log-log"``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from wfanalytics.measures.flows import FLOWS, leave_out_support_staff
from wfanalytics.measures.posts import leave_out_support
from wfanalytics.measures.small_counts import find_withheld
from wfanalytics.thresholds import Disclosure

#: Days in a year of tenure, leap years spread.
DAYS_IN_YEAR = 365.25
#: Tenure of leavers: the band's words, its first and its last year.
LEAVER_BANDS = (("first two years", 0, 2), ("third to fifth year", 2, 5), ("after that", 5, None))

#: Normal quantile of a 95% interval.
Z_95 = 1.959963984540054
#: Fewest people at risk on which a point of the curve may rest.
FEWEST_AT_RISK = 10

#: Day of tenure by which somebody who starts is at risk: after the first month-end list.
FIRST_LISTED = 32

Tables = Mapping[str, pd.DataFrame]


def find_permanent_spells(tables: Tables, *, through: pd.Timestamp) -> pd.DataFrame:
    """One row a spell of permanent service of one social worker, up to a day.

    Returns
    -------
    DataFrame with ``worker_id``, ``start``, ``entry`` (first seen), ``end`` (left, or last
    seen), ``has_left``, and the same in days of tenure: at risk after ``entry_days`` up to and
    including ``end_days``. A spell without a start date is left out.

    >>> days = pd.to_datetime(["2020-08-31", "2020-09-30"])
    >>> workers = pd.DataFrame({"as_at": days, "worker_id": "a", "employment": "permanent",
    ...     "role": "case_holder", "start_date": pd.Timestamp("2020-08-02")})
    >>> moves = pd.DataFrame({"date": pd.to_datetime([]), "worker_id": [], "movement": []})
    >>> tables = {"workers": workers, "movements": moves}
    >>> spells = find_permanent_spells(tables, through=days[1])
    >>> spells[["entry_days", "end_days", "has_left"]].to_numpy().tolist()
    [[30, 60, False]]
    """
    events = _list_events(tables, through=through)
    order = events.sort_values(["worker_id", "date", "has_left"], kind="stable")
    left_so_far = order.groupby("worker_id")["has_left"].cumsum()
    order = order.assign(
        spell=left_so_far - order["has_left"],
        left=order["date"].where(order["has_left"]),
        seen=order["date"].mask(order["has_left"]),
    )
    previous = order.groupby("worker_id")["left"].ffill().where(~order["has_left"])
    # Still on the list after leaving: the list is late, the person is not back.
    is_late = ~order["has_left"] & (order["spell"] > 0) & ~(order["start_date"] > previous)
    grouped = order[~is_late].groupby(["worker_id", "spell"])
    spells = grouped.agg(
        start=("start_date", "min"), converted=("converted", "max"), entry=("seen", "min"),
        last=("seen", "max"), left=("left", "max"), is_listed=("is_listed", "first"),
    ).reset_index()  # fmt: skip
    return _measure_spells(spells)


def _list_events(tables: Tables, *, through: pd.Timestamp) -> pd.DataFrame:
    """Each day somebody is seen as permanent, or leaves."""
    workers, moves = tables["workers"], tables["movements"]
    listed = leave_out_support(workers[workers["as_at"] <= through])
    listed = listed[listed["employment"] == "permanent"].rename(columns={"as_at": "date"})
    moves = moves.assign(date=moves["date"].dt.normalize())
    moved = leave_out_support_staff(moves[moves["date"] <= through], workers)
    joined = moved[moved["movement"].isin(FLOWS["starters"])]
    is_conversion = joined["movement"] == "conversion"
    columns = ["worker_id", "date", "start_date", "has_left", "is_listed", "converted"]
    frames = [
        listed.assign(has_left=False, is_listed=True, converted=pd.NaT),
        joined.assign(
            start_date=joined["date"], has_left=False, is_listed=False,
            converted=joined["date"].where(is_conversion),
        ),
        moved[moved["movement"] == "leaver"].assign(
            start_date=pd.NaT, has_left=True, is_listed=False, converted=pd.NaT
        ),
    ]  # fmt: skip
    # A starter sorts before the list of the same day.
    found = [frame[columns] for frame in (frames[1], frames[0], frames[2]) if len(frame)]
    events = pd.concat(found, ignore_index=True)
    days = {name: pd.to_datetime(events[name]) for name in ("date", "start_date", "converted")}
    return events.assign(**days, has_left=events["has_left"].astype(bool))


def _measure_spells(spells: pd.DataFrame) -> pd.DataFrame:
    """The spells with their days; whoever took a permanent post as agency staff starts then."""
    start = spells["converted"].fillna(spells["start"])
    end = spells["left"].fillna(spells["last"])
    # A starter is at risk from the first day, somebody on a list from the day after it.
    before = (spells["entry"] - start).dt.days + spells["is_listed"].astype(int)
    spells = spells.assign(
        start=start, end=end, has_left=spells["left"].notna(),
        entry_days=before.clip(lower=0), end_days=(end - start).dt.days + 1,
    )  # fmt: skip
    is_whole = spells["entry_days"].notna() & (spells["entry_days"] < spells["end_days"])
    columns = ["worker_id", "start", "entry", "end", "has_left", "entry_days", "end_days"]
    return spells.loc[is_whole, columns].reset_index(drop=True)


def calculate_leaver_bands(
    spells: pd.DataFrame, *, start: pd.Timestamp, through: pd.Timestamp, rules: Disclosure
) -> pd.DataFrame:
    """Leavers of a period by how long they had been here, with years of service at risk.

    One row a band of :data:`LEAVER_BANDS`: ``leavers`` people, ``years`` that staff of that
    tenure served between the two days, ``rate`` a year (leavers ÷ years) and ``status``:
    suppressed where the count is small.

    >>> spells = pd.DataFrame({"start": pd.to_datetime(["2018-10-01"]), "has_left": [False],
    ...     "entry": pd.to_datetime(["2018-10-01"]), "end": pd.to_datetime(["2020-09-30"])})
    >>> rows = calculate_leaver_bands(spells, start=pd.Timestamp("2019-10-01"),
    ...                               through=pd.Timestamp("2020-09-30"), rules=Disclosure())
    >>> rows["years"].round(1).tolist()
    [1.0, 0.0, 0.0]
    """
    began = spells["entry"].clip(lower=start)
    ended = spells["end"].clip(upper=through) + pd.Timedelta(days=1)
    is_leaver = spells["has_left"] & spells["end"].between(start, through)
    tenure = (spells["end"] - spells["start"]).dt.days / DAYS_IN_YEAR
    rows = []
    for words, low, high in LEAVER_BANDS:
        first = spells["start"] + pd.Timedelta(days=low * DAYS_IN_YEAR)
        last = spells["start"] + pd.Timedelta(days=(high or 100) * DAYS_IN_YEAR)
        days = (ended.where(ended < last, last) - began.where(began > first, first)).dt.days
        is_band = tenure.between(low, high or 100, inclusive="left")
        years = days.clip(lower=0).sum() / DAYS_IN_YEAR
        rows.append((words, int((is_leaver & is_band).sum()), years))
    frame = pd.DataFrame(rows, columns=["band", "leavers", "years"])
    hidden = find_withheld(frame["leavers"].to_numpy(), rules=rules)
    return frame.assign(
        rate=(frame["leavers"] / frame["years"]).where(frame["years"] > 0),
        status=np.where(hidden, "suppressed", "ok"),
    )


class Retention(NamedTuple):
    """Share still here after so many days, with its 95% interval."""

    share: float
    lower: float
    upper: float


def calculate_survival(spells: pd.DataFrame, *, fewest: int = FEWEST_AT_RISK) -> pd.DataFrame:
    """Share of permanent staff still here by days of tenure.

    Parameters
    ----------
    spells : ``entry_days``, ``end_days`` and ``has_left`` of each spell, as
        :func:`~wfanalytics.analysis.tenure.find_permanent_spells` gives them.
    fewest : the curve ends before the first day on which fewer are at risk, also where others
        are seen again later: how long those stayed before is not known.

    Returns
    -------
    DataFrame, one row a day on which a spell ends, ``days`` ascending: ``at_risk`` and
    ``leavers`` people, ``survival`` (0 to 1) with ``lower`` and ``upper``. Empty where too few
    are at risk from the beginning.

    >>> spells = pd.DataFrame({"entry_days": 0, "end_days": [10, 20, 20, 30],
    ...                        "has_left": [True, True, False, False]})
    >>> calculate_survival(spells, fewest=1)["survival"].tolist()
    [0.75, 0.5, 0.5]
    """
    entry = np.sort(spells["entry_days"].to_numpy(dtype=float))
    ends = spells["end_days"].to_numpy(dtype=float)
    days = np.unique(ends)
    at_risk = np.searchsorted(entry, days) - np.searchsorted(np.sort(ends), days)
    # The fewest since the day before, too, or since the beginning.
    first = np.searchsorted(entry, np.minimum(days[:1], FIRST_LISTED))
    after = np.searchsorted(entry, days[:-1], "right") - np.searchsorted(
        np.sort(ends), days[:-1], "right"
    )
    least = np.minimum(at_risk, np.concatenate([first, after]))
    gone = np.sort(ends[spells["has_left"].to_numpy(dtype=bool)])
    leavers = np.searchsorted(gone, days, side="right") - np.searchsorted(gone, days)
    enough = np.logical_and.accumulate(least >= fewest)
    days, at_risk, leavers = days[enough], at_risk[enough], leavers[enough]
    survival = np.cumprod(1 - leavers / at_risk)
    lower, upper = _find_interval(survival, at_risk, leavers)
    return pd.DataFrame(
        {
            "days": days, "at_risk": at_risk, "leavers": leavers,
            "survival": survival, "lower": lower, "upper": upper,
        }
    )  # fmt: skip


def _find_interval(
    survival: np.ndarray, at_risk: np.ndarray, leavers: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The 95% interval; 1 to 1 before anybody left, and none where everybody has."""
    is_inside = (survival > 0) & (survival < 1)
    rest = np.where(at_risk > leavers, at_risk - leavers, 1)
    greenwood = np.cumsum(leavers / (at_risk * rest))
    log = np.log(survival, out=np.full_like(survival, -1.0), where=is_inside)
    factor = np.exp(Z_95 * np.sqrt(greenwood) / -log)
    flat = np.where(survival >= 1, 1.0, np.nan)
    return (
        np.where(is_inside, survival**factor, flat),
        np.where(is_inside, survival ** (1 / factor), flat),
    )


def find_retention(curve: pd.DataFrame, *, years: float) -> Retention | None:
    """Share still here after so many years; None past the end of the curve.

    >>> curve = pd.DataFrame({"days": [100.0, 400.0], "survival": [0.9, 0.8],
    ...                       "lower": [0.8, 0.7], "upper": [0.95, 0.9]})
    >>> find_retention(curve, years=1)
    Retention(share=0.9, lower=0.8, upper=0.95)
    """
    days = years * DAYS_IN_YEAR
    if curve.empty or curve["days"].iloc[-1] < days:
        return None
    passed = curve[curve["days"] <= days]
    if passed.empty:
        return Retention(1.0, 1.0, 1.0)
    last = passed.iloc[-1]
    return Retention(float(last["survival"]), float(last["lower"]), float(last["upper"]))


def find_median_years(curve: pd.DataFrame) -> float | None:
    """Years of tenure by which half have left; None where more than half stay to the end.

    >>> find_median_years(pd.DataFrame({"days": [365.25, 730.5], "survival": [0.6, 0.5]}))
    2.0
    """
    reached = curve.loc[curve["survival"] <= 0.5 + 1e-12, "days"]
    return None if reached.empty else float(reached.iloc[0] / DAYS_IN_YEAR)
