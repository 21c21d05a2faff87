"""How caseloads are spread: mean and median, shares of the band, a distribution, team by team.

Frames here are counts and sums of many people, never one person's figure: a median rests on at
least ten people, a count on no fewer than the area's rules say, and none is a lowest or a
highest value.
"""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from wfanalytics.measures.area_data import AreaData
from wfanalytics.measures.caseload import BANDS, add_holdings, find_last_weeks, list_weeks
from wfanalytics.thresholds import Disclosure

#: Cases per FTE that members asked about: how many hold more (July 2019, paragraph 22.3).
MANY = (16, 20)
#: Fewest people a median or a quartile rests on.
LEAST_FOR_MEDIAN = 10
#: Width of the distribution's bars outside the band, cases per FTE.
_STEP = 2
_PERSON = ["week_ending", "worker_id"]


def take_caseload(data: AreaData) -> pd.DataFrame:
    """The clean caseload rows up to the month reported; empty without any."""
    rows = data.tables.get(
        "caseload", pd.DataFrame({"week_ending": pd.Series(dtype="datetime64[us]")})
    )
    return rows[rows["week_ending"] <= data.month]


def find_week(data: AreaData) -> pd.Timestamp | None:
    """The month's last week, if it was counted; None where it is missing."""
    found = pd.DatetimeIndex(take_caseload(data)["week_ending"].unique())
    last = find_last_weeks(list_weeks(found, through=data.month)) if len(found) else found
    last = last[last.to_period("M") == data.month.to_period("M")]
    return last[0] if len(last) and last[0] in found else None


def list_holders(data: AreaData, *, week: pd.Timestamp | None = None) -> pd.DataFrame:
    """One row a week and case holder: ``cases``, ``fte``, ``load`` (cases per FTE), the band."""
    rows = take_caseload(data)
    rows = rows if week is None else rows[rows["week_ending"] == week]
    held = add_holdings(rows, band=data.band)
    held = held.assign(cases=held.groupby(_PERSON)["cases"].transform("sum"))
    return held.sort_values([*_PERSON, "team"]).drop_duplicates(_PERSON)


def calculate_weekly_spread(data: AreaData) -> pd.DataFrame:
    """The authority's case holders week by week, missing weeks included.

    Returns
    -------
    A row a week: ``people``, ``fte``, ``cases``, ``mean`` and ``median`` (cases per FTE; the
    median is each person's, and blank below ten people), ``people_`` and ``fte_`` ``below``,
    ``within`` and ``above`` the band, ``people_over_16`` and ``people_over_20`` (blank where few),
    ``status``.
    """
    holders = list_holders(data)
    sums = {"people": 1.0, "cases": holders["cases"], "fte": holders["fte"]}
    for part in BANDS:
        sums[f"people_{part}"] = holders[part]
        sums[f"fte_{part}"] = holders[part] * holders["fte"]
    for many in MANY:
        sums[f"people_over_{many}"] = (holders["load"] > many).astype(float)
    by_week = holders[["week_ending"]].assign(**sums).groupby("week_ending").sum()
    for many in MANY:
        over = by_week[f"people_over_{many}"]
        by_week[f"people_over_{many}"] = over.mask(data.disclosure.is_few(over))
    median = holders.groupby("week_ending")["load"].median()
    by_week = by_week.assign(
        mean=by_week["cases"] / by_week["fte"],
        median=median.where(
            by_week["people"] >= max(LEAST_FOR_MEDIAN, data.disclosure.smallest_count)
        ),
    )
    weeks = list_weeks(pd.DatetimeIndex(take_caseload(data)["week_ending"].unique()),
                       through=data.month)  # fmt: skip
    rows = by_week.reindex(pd.DatetimeIndex(weeks, name="week_ending"))
    is_new = data.is_provisional & (rows.index > data.month - pd.offsets.MonthEnd(1))
    status = pd.Series("ok", index=rows.index).mask(is_new, "provisional")
    return rows.assign(status=status.mask(rows["people"].isna(), "missing")).reset_index()


def calculate_before_after(spread: pd.DataFrame, *, date: pd.Timestamp, weeks: int) -> pd.DataFrame:
    """The mean caseload in the weeks before a date and from it on: cases ÷ FTE, summed first.

    A row ``before`` and ``after``: ``mean`` and ``weeks`` counted among that many; empty unless
    half of them were counted on either side.
    """
    days = (spread["week_ending"] - date).dt.days
    sides = {"before": (days < 0) & (days >= -7 * weeks), "after": (days >= 0) & (days < 7 * weeks)}
    rows = {
        name: {"cases": spread.loc[side, "cases"].sum(), "fte": spread.loc[side, "fte"].sum(),
               "weeks": int(spread.loc[side, "cases"].notna().sum())}
        for name, side in sides.items()
    }  # fmt: skip
    found = pd.DataFrame.from_dict(rows, orient="index")
    if (found["weeks"] * 2 < weeks).any():
        return pd.DataFrame()
    return found.assign(mean=found["cases"] / found["fte"])


def calculate_distribution(
    holders: pd.DataFrame, *, band: tuple[float, float], rules: Disclosure
) -> pd.DataFrame:
    """How many case holders have how many cases per FTE, in bars of enough people to be shown.

    Returns
    -------
    A row a bar from the lowest up: ``low`` and ``high`` (infinite at the ends), ``side`` (below,
    within, above) and ``people``. A bar of few is added to its neighbour on the same side of
    the band. A value on an edge belongs to the bar nearer the band.
    """
    low, high = band
    load = holders["load"]
    middle = (low + high) / 2
    reach = max(low - load.min(), load.max() - high, _STEP) if len(load) else _STEP
    steps = [_STEP * n for n in range(math.ceil(reach / _STEP) + 1)]
    below = [(low - step - _STEP, low - step, "below") for step in steps if low - step > 0]
    above = [(high + step, high + step + _STEP, "above") for step in steps]
    bars = []
    for name, edges in (
        ("below", below), ("within", [(low, middle, "within"), (middle, high, "within")]),
        ("above", above),
    ):  # fmt: skip
        counted = [
            {"low": a, "high": b, "side": name, "people": _count_between(load, a, b, name, high)}
            for a, b, _ in edges
        ]
        merged = _merge_small(counted, rules.smallest_count)
        bars += merged[::-1] if name == "below" else merged
    rows = pd.DataFrame(bars)
    rows.loc[rows.index[0], "low"], rows.loc[rows.index[-1], "high"] = -math.inf, math.inf
    return rows


def _count_between(load: pd.Series, low: float, high: float, side: str, top: float) -> int:
    """People with a load between two edges; an edge belongs to the bar nearer the band."""
    if side == "above":
        return int(((load > low) & (load <= high)).sum())
    is_last = side == "within" and high == top
    return int(((load >= low) & ((load <= high) if is_last else (load < high))).sum())


def _merge_small(bars: list[dict[str, Any]], fewest: int) -> list[dict[str, Any]]:
    """Bars of one side, from the band outwards, the small and the empty added to the one inside."""
    merged: list[dict[str, Any]] = []
    for bar in reversed(bars):
        is_small = bool(merged) and merged[-1]["people"] < fewest
        merged.append(_join_bars(bar, merged.pop()) if is_small else bar)
    if len(merged) > 1 and merged[-1]["people"] < fewest:
        merged.append(_join_bars(merged.pop(), merged.pop()))
    return merged[::-1]


def _join_bars(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    low, high = min(one["low"], other["low"]), max(one["high"], other["high"])
    return {**one, "low": low, "high": high, "people": one["people"] + other["people"]}
