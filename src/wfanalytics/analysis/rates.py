"""Whether two rates of leaving differ by more than chance: before and after, winter and not.

Leavers are counts, so two periods are compared by the exact conditional test: given their sum,
the leavers of one are binomial with that period's share of the staff-months (Przyborowski and
Wilenski, 1940). A small p-value says that chance alone seldom does this, never why.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from wfanalytics.frames import USABLE_STATUSES
from wfanalytics.measures.area_data import AreaData, select
from wfanalytics.settings import Event

#: A difference that chance alone makes less often than this is called more than chance.
CHANCE = 0.05
#: Fewest months on each side of an event, and fewest leavers in all, that are compared.
FEWEST_MONTHS = 3
FEWEST_LEAVERS = 10
#: Longest stretch before and after an event, in months.
WINDOW = 12
#: Fewest months of data, and fewest whole winters, that answer a question about seasons.
FEWEST_SEASON_MONTHS = 36
FEWEST_WINTERS = 3


def calculate_p_value(one: int, other: int, *, share: float) -> float:
    """Two-sided exact p-value of ``one`` against ``other``; ``share`` is one's of the exposure.

    Seven leavers in a month against two may well be chance, over three months they are not:

    >>> [round(calculate_p_value(7 * n, 2 * n, share=0.5), 3) for n in (1, 2, 3)]
    [0.18, 0.031, 0.006]
    """
    from scipy.stats import binomtest

    if one + other == 0:
        return 1.0
    return float(binomtest(one, one + other, share).pvalue)


def list_leaver_months(data: AreaData) -> pd.DataFrame:
    """Each month's leavers and staff in post at its end, people; unusable months left out."""
    parts = {}
    for name, measure in (("leavers", "leavers_headcount"), ("staff", "inpost_headcount")):
        rows = select(data, measure)
        rows = rows[rows["status"].isin(USABLE_STATUSES)]
        parts[name] = rows.set_index("period_end")["value"]
    return pd.DataFrame(parts).dropna().sort_index()


def compare_events(months: pd.DataFrame, events: Sequence[Event]) -> pd.DataFrame:
    """Leavers before and after each event, for each staff-month.

    The month of an event is left out, unless it is its first day: then it is after it.

    Parameters
    ----------
    months : ``leavers`` and ``staff``, people, by month end.

    Returns
    -------
    DataFrame, one row an event: ``label``, ``date``; ``months``, ``leavers``, ``staff_months``
    and ``rate`` (leavers a year for 100 staff) with ``_before`` and ``_after``; ``p_value`` and
    ``finding``: ``more``, ``fewer``, ``no clear change``, ``too few`` or ``too soon``.

    >>> ends = pd.date_range("2019-01-31", periods=6, freq="ME")
    >>> months = pd.DataFrame({"leavers": [7, 7, 7, 2, 2, 2], "staff": 400}, index=ends)
    >>> event = Event(date=pd.Timestamp("2019-04-01").date(), label="New pay", kind="policy")
    >>> found = compare_events(months, [event]).iloc[0]
    >>> int(found["leavers_before"]), int(found["leavers_after"]), found["finding"]
    (21, 6, 'fewer')
    """
    return pd.DataFrame([_compare_event(months, event) for event in events])


def _compare_event(months: pd.DataFrame, event: Event) -> dict[str, object]:
    day = pd.Timestamp(event.date)
    start = day.to_period("M").to_timestamp()
    first_after = start if day == start else start + pd.DateOffset(months=1)
    ends = months.index
    is_before = (ends < start) & (ends >= start - pd.DateOffset(months=WINDOW))
    is_after = (ends >= first_after) & (ends < first_after + pd.DateOffset(months=WINDOW))
    found: dict[str, object] = {"label": event.label, "date": day}
    counts: list[int] = []
    exposures: list[float] = []
    lengths: list[int] = []
    for name, chosen in (("before", months[is_before]), ("after", months[is_after])):
        leavers, staff = _sum_span(chosen)
        rate = 1200 * leavers / staff if staff else np.nan
        found |= {f"months_{name}": len(chosen), f"leavers_{name}": leavers,
                  f"staff_months_{name}": staff, f"rate_{name}": rate}  # fmt: skip
        counts, exposures = [*counts, leavers], [*exposures, staff]
        lengths.append(len(chosen))
    if min(lengths) < FEWEST_MONTHS or not sum(exposures):
        return found | {"p_value": np.nan, "finding": "too soon"}
    p_value = calculate_p_value(counts[1], counts[0], share=exposures[1] / sum(exposures))
    return found | {"p_value": p_value, "finding": _judge(counts, exposures, p_value)}


def _judge(counts: list[int], exposures: list[float], p_value: float) -> str:
    if sum(counts) < FEWEST_LEAVERS:
        return "too few"
    if p_value >= CHANCE:
        return "no clear change"
    return "more" if counts[1] / exposures[1] > counts[0] / exposures[0] else "fewer"


@dataclass(frozen=True, eq=False)
class Winters:
    """Leavers of each winter beside the months around it, and what the test says.

    ``frame`` has a row a winter: ``winter`` (its first year), ``leavers`` and ``staff_months``
    in December to February, ``leavers_around`` and ``staff_months_around`` in the three months
    before and after, ``expected`` leavers were winter like them. ``finding``: ``more``,
    ``fewer``, ``no sign`` or ``too little data``.
    """

    frame: pd.DataFrame
    months: int
    dispersion: float
    p_value: float
    finding: str


def calculate_winters(months: pd.DataFrame) -> Winters:
    """Whether more leave in winter (December to February) than in the months around it.

    Each winter is set against the autumn before and the spring after, so that a rise or fall
    through the year does not look like a season. Given the nine months' leavers, the winter's
    share is binomial; the variance is widened where neighbouring months differ by more than
    counts do by chance. The score test is two-sided, with a correction for whole numbers.

    >>> ends = pd.date_range("2017-04-30", periods=42, freq="ME")
    >>> months = pd.DataFrame({"leavers": 4, "staff": 400}, index=ends)
    >>> calculate_winters(months).finding
    'no sign'
    """
    rows = []
    for year in sorted(set(months.index.year)):
        winter = _take_span(months, year, 12, 3)
        around = pd.concat([_take_span(months, year, 9, 3), _take_span(months, year, 15, 3)])
        sums = [value for part in (winter, around) for value in _sum_span(part)]
        if len(winter) == 3 and len(around) == 6 and sums[1] + sums[3]:
            share = sums[1] / (sums[1] + sums[3])
            rows.append((year, *sums, share * (sums[0] + sums[2]), share))
    names = ["winter", "leavers", "staff_months", "leavers_around", "staff_months_around",
             "expected", "share"]  # fmt: skip
    frame = pd.DataFrame(rows, columns=names)
    total = float((frame["leavers"] + frame["leavers_around"]).sum())
    if len(months) < FEWEST_SEASON_MONTHS or len(frame) < FEWEST_WINTERS or not total:
        return Winters(frame, len(months), np.nan, np.nan, "too little data")
    dispersion = _find_dispersion(months["leavers"].to_numpy(dtype=float))
    excess = float((frame["leavers"] - frame["expected"]).sum())
    variance = dispersion * float((frame["expected"] * (1 - frame["share"])).sum())
    score = max(abs(excess) - 0.5, 0.0) / math.sqrt(variance)
    p_value = math.erfc(score / math.sqrt(2))
    finding = "no sign" if p_value >= CHANCE else ("more" if excess > 0 else "fewer")
    return Winters(frame, len(months), dispersion, p_value, finding)


def _take_span(months: pd.DataFrame, year: int, first: int, length: int) -> pd.DataFrame:
    """The months of a span that starts in month ``first`` of ``year`` (13 is next January)."""
    start = pd.Timestamp(year, 1, 1) + pd.DateOffset(months=first - 1)
    ends = months.index
    return months[(ends >= start) & (ends < start + pd.DateOffset(months=length))]


def _sum_span(part: pd.DataFrame) -> tuple[int, float]:
    return int(part["leavers"].sum()), float(part["staff"].sum())


def _find_dispersion(counts: np.ndarray) -> float:
    """How much more neighbouring months differ than counts do by chance; at least 1.

    Given the sum of two counts of one rate, the square of their difference has that sum as its
    mean, so a slow rise or fall adds little.
    """
    pairs = counts[1:] + counts[:-1]
    some = pairs > 0
    return max(1.0, float(np.mean((np.diff(counts)[some] ** 2) / pairs[some])))
