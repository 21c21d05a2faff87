"""What a control chart says of one series: its usual range, and whether a target is safe in it.

The arithmetic is :mod:`wfanalytics.analysis.spc`'s; here is when it may be used. Rolling twelve
months get no limits, because neighbours share eleven of them, and yearly figures are too few.

A month with one leaver or six may be the same month but for chance. Limits of a u-chart follow
from the counts themselves (Poisson: the variance is the mean) and are wider where fewer staff
are at risk; two counts are compared exactly, given their sum (binomial).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from wfanalytics.analysis.rates import CHANCE, calculate_p_value
from wfanalytics.analysis.spc import FIRM_POINTS, LIMITS_NOTES, calculate_spc, find_phases
from wfanalytics.analysis.targets import find_allowed
from wfanalytics.measures.definition import Definition, round_shown
from wfanalytics.measures.definitions import find_definition
from wfanalytics.settings import Event

#: Figures at most this many days apart may have limits: weeks and months, not years.
LONGEST_STEP = 31
#: A new phase has limits of its own once it has this many figures: a year of months.
SETTLED_POINTS = 12
#: Notes with which limits are not drawn and nothing is judged.
WITHOUT_LIMITS = LIMITS_NOTES[2:]
#: Limits of a u-chart are so many standard deviations from the average.
SIGMAS = 3
#: So many in a row on one side of the average are more than chance, as in the XmR chart.
SHIFT_LENGTH = 7
#: Months added up before two years are compared: one month is hardly ever enough.
MONTHS_COMPARED = 3


def can_have_limits(rows: pd.DataFrame) -> bool:
    """Whether the rows of one measure and area are a series that limits can be put on.

    >>> ends = pd.to_datetime(["2019-09-30", "2020-09-30"])
    >>> can_have_limits(pd.DataFrame({"measure": "agency_rate_fte", "period_end": ends}))
    False
    """
    if rows.empty or find_definition(str(rows["measure"].iloc[0])).basis == "rolling 12 months":
        return False
    step = rows["period_end"].sort_values().diff().min()
    return bool(step <= pd.Timedelta(days=LONGEST_STEP))


def calculate_control(rows: pd.DataFrame, *, events: Sequence[Event] = ()) -> pd.DataFrame:
    """One series of a measure frame with its control limits, oldest first; empty where none may be.

    Limits start anew where an event says so with its reason (:func:`find_settled_phases`), and
    where the definition changes.
    Adds the columns of :func:`~wfanalytics.analysis.spc.calculate_spc`, and ``usual_low`` and
    ``usual_high``: the limits cut at what can be (0, and 100% of a rate; whole numbers of a
    count), null where they say nothing (``limits_note``).

    >>> rows = pd.DataFrame({"measure": "agency_rate_fte", "value": [0.1, 0.12] * 7,
    ...     "period_end": pd.date_range("2019-01-31", periods=14, freq="ME"),
    ...     "period_type": "snapshot", "area_level": "authority", "area_code": "E1",
    ...     "breakdown": "all", "breakdown_value": "all", "source": "local",
    ...     "definition_version": "1"})
    >>> calculate_control(rows)[["centre", "usual_low", "usual_high"]].iloc[-1].round(3).tolist()
    [0.11, 0.057, 0.163]
    """
    ordered = rows.sort_values("period_end", ignore_index=True)
    if not can_have_limits(ordered):
        return ordered.iloc[:0]
    definition = find_definition(str(ordered["measure"].iloc[0]))
    phases = find_settled_phases(ordered, events)
    points = calculate_spc(ordered, better=definition.better, phases=phases)
    return add_usual_range(points, definition)


def find_settled_phases(rows: pd.DataFrame, events: Sequence[Event]) -> tuple[pd.Timestamp, ...]:
    """Period ends on which limits start anew: each new definition, each rebase that has settled.

    The old limits stand until the new phase has :data:`SETTLED_POINTS` figures: a few would
    give limits so wide that the very change which the event marks were no news.
    """
    versions = rows["definition_version"]
    changed = set(rows.loc[(versions != versions.shift()) & (versions.index > 0), "period_end"])
    dates = rows.loc[rows["value"].notna(), "period_end"]
    kept: list[pd.Timestamp] = []
    for start in sorted(changed | set(find_phases(events, rows["period_end"])), reverse=True):
        until = kept[-1] if kept else pd.Timestamp.max
        if start in changed or ((dates >= start) & (dates < until)).sum() >= SETTLED_POINTS:
            kept.append(start)
    return tuple(sorted(kept))


def add_usual_range(points: pd.DataFrame, definition: Definition) -> pd.DataFrame:
    """The points with their limits cut at what can be, and none where they say nothing."""
    says_nothing = points["limits_note"].isin(WITHOUT_LIMITS)
    highest = 1.0 if definition.unit == "percent" else np.inf
    low, high = (points[name].clip(0, highest).mask(says_nothing) for name in ("lower", "upper"))
    if definition.unit in ("people", "cases"):
        # Of 0 to 8.5 people, 0 to 8 are usual: 9 is not, though 8.5 is printed 9.
        low, high = np.ceil(low), np.floor(high)
    is_special = (points["rule"] != "") & ~says_nothing
    return points.assign(usual_low=low, usual_high=high, is_special=is_special)


def calculate_assurance(status: pd.DataFrame, points: pd.DataFrame) -> pd.DataFrame:
    """The latest rated row with what its usual range says of the target: will we keep meeting it?

    ``status`` is of :func:`~wfanalytics.analysis.targets.calculate_target_status`, ``points`` of
    :func:`calculate_control`, both of one series. Adds ``usual_low``, ``usual_high``,
    ``share_inside`` (how much of the usual range meets the target, 0 to 1, the whole band taken)
    and ``assurance``: ``every time``, ``never`` or ``by chance`` (met now and missed now), if
    nothing changes; ``unsettled`` where the latest figure is out of the usual, so that the range
    is no guide; empty without a target or limits. Limits are judged as printed.
    """
    latest = status.sort_values("period_end").tail(1).reset_index(drop=True)
    row = latest.iloc[0]
    last = points.iloc[-1] if len(points) else None
    low = high = share = np.nan
    verdict = ""
    if last is not None and pd.notna(last["usual_low"]) and pd.notna(row["gap"]):
        definition = find_definition(str(row["measure"]))
        low, high = (round_shown(last[name], definition) for name in ("usual_low", "usual_high"))
        floor, ceiling = find_allowed(row, definition)
        width = high - low
        share = max(min(high, ceiling) - max(low, floor), 0.0) / width if width else 1.0
        verdict = _judge(low, high, floor, ceiling)
        verdict = "unsettled" if last["is_special"] else verdict
    return latest.assign(usual_low=low, usual_high=high, share_inside=share, assurance=verdict)


def _judge(low: float, high: float, floor: float, ceiling: float) -> str:
    if floor <= low and high <= ceiling:
        return "every time"
    return "never" if low > ceiling or high < floor else "by chance"


def calculate_rate_control(rows: pd.DataFrame, *, events: Sequence[Event] = ()) -> pd.DataFrame:
    """A u-chart of one series of rates: counts (``numerator``) over those at risk.

    ``rows`` is a measure frame of one rate, such as leavers a month over staff in post. Adds
    the columns a chart and its sentences need, named as :func:`calculate_control`
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
