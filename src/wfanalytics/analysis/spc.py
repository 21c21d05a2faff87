"""Control charts: is a change more than chance, and will a target keep being met?

XmR charts with the Making Data Count rules, for one series or thousands in one call. The
arithmetic is in ``spc_rules.py``; what is drawn, and when not to, in ``docs/control-charts.md``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wfanalytics.analysis.spc_points import (
    Phases,
    Points,
    find_phase_starts,
    order_points,
    read_baseline,
    read_better,
    read_numbers,
    read_values,
)
from wfanalytics.analysis.spc_rules import (
    DIRECTIONS,
    RULES,
    Limits,
    Patterns,
    Segments,
    calculate_limits,
    find_patterns,
    find_segments,
)
from wfanalytics.frames import MEASURE_KEY
from wfanalytics.settings import Event

#: One series of a measure frame.
SERIES = tuple(name for name in MEASURE_KEY if name not in ("period_start", "period_end"))

#: Limits from fewer figures than this are provisional.
FIRM_POINTS = 13
LIMITS_NOTES = (
    "", "provisional", "not enough variation for limits", "too few figures for limits",
)  # fmt: skip

POINT_TYPES = ("common_cause", "improvement", "concern", "neutral_high", "neutral_low")
#: Row: neither, higher, lower is better (``spc_points.BETTER``). Column: no rule, up, down.
_POINT_TYPE = np.array([[0, 3, 4], [0, 1, 2], [0, 2, 1]], dtype=np.int8)

#: What a result says of one point only; a summary leaves it out or says it of the series.
POINT_COLUMNS = [
    "moving_range", "side", "is_outside", "is_near", "is_in_shift", "is_in_trend",
    "is_in_two_in_three", "rule", "direction", "rule_start", "rule_end", "point_type",
]  # fmt: skip

#: Which way a target beyond a limit falls: above the upper one with higher better is a failure.
_PASS, _FAIL = "consistent_pass", "consistent_fail"
_ASSURANCE = {"higher": (_FAIL, _PASS), "lower": (_PASS, _FAIL)}


def calculate_spc(
    frame: pd.DataFrame,
    *,
    better: str | pd.Series,
    target: float | pd.Series | None = None,
    phases: Phases = (),
    baseline_points: int | pd.Series | None = None,
    screen: bool | pd.Series = True,
    by: Sequence[str] = SERIES,
    date: str = "period_end",
    value: str = "value",
) -> pd.DataFrame:
    """The same rows, each with the limits of its phase and the rule that labels it.

    Parameters
    ----------
    frame : one row a series (the columns ``by``) and ``date``, in any order. ``value`` is null
        where there is no figure; the gap breaks every pattern.
    better : ``lower``, ``higher``, ``neither`` or ``within band`` (read as neither).
    target : in the unit of ``value``. It labels no point; :func:`summarise_spc` judges it.
    phases : dates, on each of which every series with a point on it starts a new set of limits;
        or such dates for each series, by the value of ``by`` (a tuple, if several). A date
        without a point is ignored. :func:`find_phases` makes them from an area's events.
    baseline_points : freeze limits on the first so many points of each phase, 12 at the least.
    screen : leave exceptional moving ranges (3.267 times their mean or more) out of the limits.

    ``better``, ``target``, ``baseline_points`` and ``screen`` are one value for all or a column
    indexed like ``frame``, of which the last two are read on the first row of each phase.

    Adds ``better`` and ``target``; of the phase ``phase`` (from 0), ``centre``, ``lower``,
    ``upper``, ``lower_near``, ``upper_near``, ``has_limits``, ``is_collapsed``,
    ``is_provisional_limits`` and ``limits_note``; of the point ``moving_range``, ``side`` of the
    centre (1, 0, -1), ``is_outside``, ``is_near``, ``is_in_shift``, ``is_in_trend``,
    ``is_in_two_in_three``, the ``rule`` that labels it with ``direction``, ``rule_start`` and
    ``rule_end``, and the ``point_type``. Limits are given where they have collapsed too, as the
    reference does: whoever draws them looks at ``limits_note`` first.

    Raises
    ------
    WfanalyticsError
        for a missing column, figures or dates that are none, a series with two rows for one
        date, an unknown direction, a baseline that is too short, a column of other rows.

    Source: NHS England, Making Data Count; agrees with NHSRplotthedots 0.2.2.

    >>> months = pd.date_range("2019-01-31", periods=10, freq="ME")
    >>> rows = pd.DataFrame({"period_end": months, "value": [9, 8, 9, 8, 9, 8, 9, 8, 9, 13]})
    >>> result = calculate_spc(rows.assign(team="A"), better="lower", by=["team"])
    >>> result[["centre", "upper", "rule", "point_type"]].tail(2).round(2)
       centre  upper     rule    point_type
    8     9.0  12.55           common_cause
    9     9.0  12.55  outside       concern
    """
    points = order_points(frame, by=by, date=date)
    values = points.arrange(read_values(frame, value))
    code = read_better(better, frame)
    goal = read_numbers(target, frame, name="target")
    baseline = points.arrange(read_baseline(baseline_points, frame))
    screened = points.arrange(read_numbers(screen, frame, name="screen")) > 0

    is_start = points.is_first | find_phase_starts(points, frame, phases, by=by)
    segments = find_segments(is_start)
    limits = calculate_limits(
        values,
        segments,
        baseline_points=baseline[segments.starts],
        screen=screened[segments.starts],
    )
    patterns = find_patterns(values, limits, segments)
    columns = {
        "better": better.array.copy() if isinstance(better, pd.Series) else better,
        "target": goal,
        "phase": points.restore(_number_phases(points, segments)),
        **_list_limits(points, limits, segments, values=values),
        **_list_patterns(points, patterns, code=code),
    }
    # Faster than assign, which copies each column.
    added = pd.DataFrame(columns, index=frame.index, copy=False)
    return pd.concat([frame.drop(columns=list(columns), errors="ignore"), added], axis=1)


def _number_phases(points: Points, segments: Segments) -> NDArray[np.intp]:
    """The number of each point's phase in its series, from 0."""
    number = np.arange(len(segments.starts))
    first = number[np.searchsorted(segments.starts, points.starts)]
    is_first = points.is_first[segments.starts]
    phase: NDArray[np.intp] = segments.spread(number - first[np.cumsum(is_first) - 1])
    return phase


def _list_limits(
    points: Points, limits: Limits, segments: Segments, *, values: NDArray[np.float64]
) -> dict[str, Any]:
    n = np.add.reduceat(~np.isnan(values), segments.starts, dtype=np.int64)
    has_limits = ~np.isnan(limits.lower)
    is_provisional = n < FIRM_POINTS
    note = np.select([limits.is_collapsed, ~has_limits, is_provisional], [2, 3, 1], 0)
    of_segments = {
        "centre": limits.centre,
        "lower": limits.lower,
        "upper": limits.upper,
        "lower_near": limits.lower_near,
        "upper_near": limits.upper_near,
        "has_limits": has_limits,
        "is_collapsed": limits.is_collapsed,
        "is_provisional_limits": is_provisional,
    }
    return {
        **{name: points.restore(segments.spread(array)) for name, array in of_segments.items()},
        "limits_note": _name(LIMITS_NOTES, points.restore(segments.spread(note))),
        "moving_range": points.restore(limits.moving_range),
    }


def _list_patterns(points: Points, patterns: Patterns, *, code: NDArray[np.int8]) -> dict[str, Any]:
    names = ("side", "is_outside", "is_near", "is_in_shift", "is_in_trend", "is_in_two_in_three")
    direction = points.restore(patterns.direction)
    return {
        **{name: points.restore(getattr(patterns, name)) for name in names},
        "rule": _name(RULES, points.restore(patterns.rule)),
        "direction": _name(DIRECTIONS, direction),
        "rule_start": points.restore(_find_dates(points, patterns.first)),
        "rule_end": points.restore(_find_dates(points, patterns.last)),
        "point_type": _name(POINT_TYPES, _POINT_TYPE[code, direction]),
    }


def _name(names: Sequence[str], codes: NDArray[Any]) -> Any:
    """Codes as a column of the words they stand for."""
    return pd.array(list(names), dtype="str").take(codes)


def _find_dates(points: Points, places: NDArray[Any]) -> NDArray[np.datetime64]:
    """The dates at places in order, NaT at -1."""
    dates: NDArray[np.datetime64] = np.append(points.dates, np.datetime64("NaT"))[places]
    return dates


def summarise_spc(
    result: pd.DataFrame,
    *,
    by: Sequence[str] = SERIES,
    date: str = "period_end",
    value: str = "value",
) -> pd.DataFrame:
    """One row a series of a :func:`calculate_spc` result: variation, assurance, the last rule.

    It is the last row by date, without what :func:`calculate_spc` says of that one point, and

    n_points : how many points of the series have a figure.
    variation : the last point's type with its direction, such as ``concern_high``;
        ``common_cause`` where no rule labels it, even if one labels an earlier point.
    assurance : ``consistent_pass`` or ``consistent_fail`` where the target lies beyond the limits
        at the last point, else ``inconsistent``; ``none`` without a target or a better direction.
    rule, direction, rule_start, rule_end : of the last point that a rule labels, ``rule_start``
        and ``rule_end`` being the first and last date of the pattern; "" and NaT if none does.

    >>> months = pd.date_range("2019-01-31", periods=10, freq="ME")
    >>> rows = pd.DataFrame({"period_end": months, "value": [9, 8, 9, 8, 9, 8, 9, 8, 9, 13]})
    >>> result = calculate_spc(rows.assign(team="A"), better="lower", target=14, by=["team"])
    >>> summary = summarise_spc(result, by=["team"])
    >>> summary[["team", "variation", "assurance", "rule"]].values.tolist()
    [['A', 'concern_high', 'consistent_pass', 'outside']]
    """
    points = order_points(result, by=by, date=date)
    ordered = result.take(points.arrange(np.arange(len(result))))
    ends = np.append(points.starts[1:], len(result))[: len(points.starts)] - 1
    last = ordered.iloc[ends].reset_index(drop=True)
    fired = np.where(ordered["rule"] != "", np.arange(len(result)), -1)
    latest = np.maximum.reduceat(fired, points.starts)
    ruled = ordered[["rule", "direction", "rule_start", "rule_end"]]
    ruled = ruled.iloc[np.where(latest < 0, ends, latest)].reset_index(drop=True)
    has_figure = ordered[value].notna().to_numpy()
    return last.drop(columns=POINT_COLUMNS).assign(
        n_points=np.add.reduceat(has_figure, points.starts, dtype=np.int64),
        variation=_describe_variation(last),
        assurance=_describe_assurance(last),
        **ruled,
    )


def _describe_variation(last: pd.DataFrame) -> pd.Series:
    """The point type with its direction; neutral types carry theirs already."""
    suffix = last["direction"].map({"": "", "up": "_high", "down": "_low"})
    is_plain = last["point_type"].isin(["improvement", "concern"])
    return last["point_type"].mask(is_plain, last["point_type"] + suffix)


def _describe_assurance(last: pd.DataFrame) -> pd.Series:
    above, below = last["target"] > last["upper"], last["target"] < last["lower"]
    has_verdict = last["target"].notna() & last["better"].isin(list(_ASSURANCE))
    result = pd.Series("inconsistent", index=last.index, dtype="str")
    for better, (if_above, if_below) in _ASSURANCE.items():
        is_better = last["better"] == better
        result = result.mask(is_better & above, if_above).mask(is_better & below, if_below)
    return result.where(has_verdict, "none")


def find_phases(events: Iterable[Event], ends: Iterable[pd.Timestamp]) -> tuple[pd.Timestamp, ...]:
    """The period ends on which limits start anew: the first on or after each rebasing event.

    Only an event marked ``rebase`` counts, and its reason is always written (``events.csv``).

    >>> from datetime import date
    >>> move = Event(date=date(2019, 5, 14), label="Two services joined", kind="reorganisation",
    ...              rebase=True, reason="Posts of both are counted from May 2019")
    >>> find_phases([move], pd.date_range("2019-03-31", periods=4, freq="ME"))
    (Timestamp('2019-05-31 00:00:00'),)
    """
    ordered = pd.DatetimeIndex(ends).unique().sort_values()
    days = sorted({pd.Timestamp(event.date) for event in events if event.rebase})
    places = sorted({int(ordered.searchsorted(day)) for day in days})
    return tuple(ordered[place] for place in places if place < len(ordered))
