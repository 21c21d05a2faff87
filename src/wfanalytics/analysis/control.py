"""What a control chart says of one series: its usual range, and whether a target is safe in it.

The arithmetic is :mod:`wfanalytics.analysis.spc`'s; here is when it may be used. Rolling twelve
months get no limits, because neighbours share eleven of them, and yearly figures are too few.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from wfanalytics.analysis.spc import LIMITS_NOTES, calculate_spc, find_phases
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
