"""Small counts: a u-chart of events per person and month, and whether two counts differ.

A month with one leaver or six may be the same month but for chance. Limits of a u-chart follow
from the counts themselves (Poisson: the variance is the mean) and are wider where fewer staff
are at risk; two counts are compared exactly, given their sum (binomial).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from wfanalytics.analysis.control import add_usual_range, can_have_limits, find_settled_phases
from wfanalytics.analysis.rates import CHANCE, calculate_p_value
from wfanalytics.analysis.spc import FIRM_POINTS
from wfanalytics.measures.definitions import find_definition
from wfanalytics.settings import Event

#: Limits are so many standard deviations from the average.
SIGMAS = 3
#: So many in a row on one side of the average are more than chance, as in the XmR chart.
SHIFT_LENGTH = 7
#: Months added up before two years are compared: one month is hardly ever enough.
MONTHS_COMPARED = 3


def calculate_rate_control(rows: pd.DataFrame, *, events: Sequence[Event] = ()) -> pd.DataFrame:
    """A u-chart of one series of rates: counts (``numerator``) over those at risk.

    ``rows`` is a measure frame of one rate, such as leavers a month over staff in post. Adds
    the columns a chart and its sentences need, named as :func:`~.control.calculate_control`
    names them. The average of a phase is its counts over its denominators; limits are the
    average ± 3 × √(average ÷ denominator of the month), not below 0. A figure is special
    outside its limits, or as one of seven or more in a row on one side of the average.

    Source: the u-chart, as in NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.3.1.

    >>> rows = pd.DataFrame({"measure": "leaver_rate_headcount", "status": "ok",
    ...     "period_end": pd.date_range("2020-01-31", periods=2, freq="ME"),
    ...     "numerator": [4.0, 5.0], "denominator": [400.0, 500.0], "value": 0.01,
    ...     "definition_version": "1"})
    >>> calculate_rate_control(rows)[["centre", "upper"]].round(4).to_numpy().tolist()
    [[0.01, 0.025], [0.01, 0.0234]]
    """
    points = rows.sort_values("period_end", ignore_index=True)
    if not can_have_limits(points):
        return points.iloc[:0]
    definition = find_definition(str(points["measure"].iloc[0]))
    has = points["value"].notna()
    starts = points["period_end"].isin(find_settled_phases(points, events))
    phase = starts.cumsum()
    counts, at_risk = (points[n].where(has) for n in ("numerator", "denominator"))
    centre = counts.groupby(phase).transform("sum") / at_risk.groupby(phase).transform("sum")
    width = SIGMAS * np.sqrt(centre / at_risk)
    n = has.groupby(phase).transform("sum")
    points = points.assign(
        phase=phase, centre=centre, lower=(centre - width).clip(0), upper=centre + width,
        better=definition.better,
        limits_note=np.select([centre == 0, n < FIRM_POINTS],
                              ["not enough variation for limits", "provisional"], ""),
    )  # fmt: skip
    return add_usual_range(_add_rules(points, definition.better), definition)


def _add_rules(points: pd.DataFrame, better: str) -> pd.DataFrame:
    """The rule that labels each figure, from when to when, and which way is better."""
    value = points["value"]
    side = np.sign(value - points["centre"]).fillna(0).astype(int)
    run = ((side != side.shift()) | (points["phase"] != points["phase"].shift())).cumsum()
    ends = points["period_end"].groupby(run)
    is_shift = (side.groupby(run).transform("size") >= SHIFT_LENGTH) & (side != 0)
    is_outside = (value > points["upper"]) | (value < points["lower"])
    rule = np.select([is_outside, is_shift], ["outside", "shift"], "")
    direction = np.select([rule == "", side > 0], ["", "up"], "down")
    good = {"lower": "down", "higher": "up"}.get(better, "")
    names = ["improvement", "concern"] if good else ["neutral_low", "neutral_high"]
    is_first = direction == (good or "down")
    return points.assign(
        rule=rule,
        direction=direction,
        point_type=np.select([rule == "", is_first], ["common_cause", names[0]], names[1]),
        rule_start=points["period_end"].where(is_outside, ends.transform("first")),
        rule_end=points["period_end"].where(is_outside, ends.transform("last")),
    )


def compare_counts(rows: pd.DataFrame) -> pd.DataFrame:
    """The count of the last three months and of the same a year before, and their chance.

    ``rows`` is a measure frame of one monthly count. One row, empty where a month of the two
    is missing: the keys of the last month, ``months``, ``before``, ``after``, ``chance`` (how
    often two equal spans would differ so much, 0 to 1) and ``is_reliable``.

    >>> ends = pd.date_range("2018-01-31", periods=15, freq="ME")
    >>> rows = pd.DataFrame({"measure": "leavers_headcount", "period_end": ends,
    ...                      "value": [7.0] * 3 + [3.0] * 9 + [2.0] * 3})
    >>> compare_counts(rows)[["before", "after", "chance"]].round(3).values.tolist()
    [[21.0, 6.0, 0.006]]
    """
    ordered = rows.sort_values("period_end", ignore_index=True)
    values, months = ordered["value"].to_numpy(), MONTHS_COMPARED
    now, then = values[-months:], values[-12 - months : len(values) - 12]
    last = ordered.tail(1)
    if len(then) < months or np.isnan([*now, *then]).any():
        last = last.iloc[:0]
    before, after = float(then.sum()), float(now.sum())
    chance = calculate_p_value(int(before), int(after), share=0.5) if len(last) else np.nan
    return last.assign(months=months, before=before, after=after, chance=chance,
                       is_reliable=chance <= CHANCE).reset_index(drop=True)  # fmt: skip
