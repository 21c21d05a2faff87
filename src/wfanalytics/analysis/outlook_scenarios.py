"""What is assumed of the months to come: the baseline, and each scenario as a change of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from wfanalytics.analysis.outlook_model import MONTHS_IN_YEAR, Floats, Ints, Opening, Plan
from wfanalytics.errors import MeasureError, ParameterError, unknown_name
from wfanalytics.measures.area_data import AreaData
from wfanalytics.periods import month_end, parse_month
from wfanalytics.raw.outlook import FILE_NAME, LONGEST_HORIZON, STAGES, Outlook, Scenario, Starters

#: How usual recruitment goes on: at the last twelve months' pace, or replacing leavers.
PACE, REPLACEMENT = "pace", "replacement"


@dataclass(frozen=True)
class Rates:
    """A year's flows: leavers as a share of staff, starters and conversions in people.

    ``hazard`` has an entry a service; the spreads are relative variances of a year's number.
    """

    hazard: Floats
    spread: float
    starters: float
    starters_spread: float
    conversions: float


def set_outlook(
    data: AreaData, *, horizon: float | None = None, scenario: str = "", seed: float | None = None
) -> AreaData:
    """The same area with the horizon, scenario and seed of this run; what is not given stays.

    Raises
    ------
    ParameterError
        for a horizon other than 1 to 12 months, or a scenario nobody described.

    >>> import wfanalytics as wf
    >>> data = wf.open_area("exampleshire", month="2020-09")
    >>> set_outlook(data, horizon=12).outlook.horizon
    12
    """
    given = {"horizon": horizon, "seed": seed}
    numbers = {name: value for name, value in given.items() if value is not None}
    for name, value in numbers.items():
        high = LONGEST_HORIZON if name == "horizon" else 4_000_000_000
        if value != int(value) or not 1 <= value <= high:
            raise ParameterError(
                f"Parameter {name!r} is {value:g}; allowed a whole number from 1 to {high:g}."
            )
    known = [item.name for item in data.outlook.scenarios]
    if scenario and scenario not in known:
        raise ParameterError(unknown_name("scenario", scenario, known))
    changes: dict[str, object] = {name: int(value) for name, value in numbers.items()}
    changes |= {"scenario": scenario} if scenario else {}
    return replace(data, outlook=data.outlook.model_copy(update=changes))


def find_known(outlook: Outlook, month: pd.Timestamp) -> Outlook:
    """What was known in a month: nothing of a file written for a later one."""
    if outlook.as_at is None or month_end(parse_month(outlook.as_at)) <= month:
        return outlook
    return Outlook(horizon=outlook.horizon, seed=outlook.seed)


def find_step(text: str, month: pd.Timestamp) -> int:
    """How many months a month is after the reported one, less one: 0 is the first projected.

    >>> find_step("2020-10", pd.Timestamp("2020-09-30"))
    0
    """
    step: int = (parse_month(text) - month.to_period("M")).n
    return step - 1


def list_named(outlook: Outlook, month: pd.Timestamp) -> list[tuple[int, Starters, float]]:
    """Starters named who start within the horizon: step, who, chance."""
    found = [(find_step(item.start, month), item) for item in outlook.starters]
    return [
        (step, item, {**STAGES, **outlook.stages}[item.stage])
        for step, item in found
        if 0 <= step < outlook.horizon and item.people
    ]


def make_plan(
    opening: Opening, outlook: Outlook, rates: Rates, *, month: pd.Timestamp, basis: str = PACE
) -> Plan:
    """The baseline: what is known, and otherwise everything as it was.

    Usual recruitment begins after the last starter named, so that nobody is counted twice, and
    goes where posts are empty. ``basis`` says whether it keeps the last twelve months' pace or
    replaces the leavers expected.
    """
    months, services = outlook.horizon, len(opening.services)
    zeros = np.zeros((months, services))
    named = list_named(outlook, month)
    place = find_places(opening, [item.service for _, item, _ in named])
    place |= find_places(opening, [item.service for item in outlook.leavers])
    gone = zeros.astype(np.int64)
    for item in outlook.leavers:
        step = find_step(item.month, month)
        if 0 <= step < months:
            gone[step, place[item.service]] += item.people
    hazard = np.tile(rates.hazard / MONTHS_IN_YEAR, (months, 1))
    # Those who gave notice are among the usual number of leavers, not on top of it.
    expected = hazard @ opening.heads
    hazard *= np.clip(1 - gone.sum(axis=1) / np.maximum(expected, 1e-9), 0, 1)[:, None]
    usual = zeros.copy()
    if outlook.usual_recruitment:
        first = max((step + 1 for step, _, _ in named), default=0)
        usual[first:] = _share(find_empty(opening)) * rates.starters / MONTHS_IN_YEAR
        if basis == REPLACEMENT:
            usual[first:] = rates.hazard * opening.heads / MONTHS_IN_YEAR
    turning = rates.conversions if outlook.usual_recruitment and basis == PACE else 0.0
    return Plan(
        hazard=hazard, usual=usual, gone=gone, posts=zeros,
        conversions=np.tile(_share(opening.agency) * turning / MONTHS_IN_YEAR, (months, 1)),
        agency_ends=np.array([deal_out(outlook.agency_ends, opening.agency)] * months),
        cases=_follow_cases(opening, outlook, month),
        not_productive=_count_unproductive(opening, outlook, named, place),
        named=tuple((step, place[item.service], item.people, p) for step, item, p in named),
        spread=rates.spread, usual_spread=rates.starters_spread,
    )  # fmt: skip


def find_places(opening: Opening, services: Sequence[str]) -> dict[str, int]:
    """Where each service is on the last axis.

    Raises
    ------
    MeasureError
        for one that has neither posts nor staff in the reported month.
    """
    for name in services:
        if name not in opening.services:
            raise MeasureError(
                f"{FILE_NAME} names the service {name!r}, which has no posts or staff this month. "
                "Remove the line, or name another service."
            )
    return {name: index for index, name in enumerate(opening.services) if name in services}


def find_empty(opening: Opening) -> Floats:
    """FTE of posts without a permanent holder, by service."""
    return np.maximum(opening.posts_fte - opening.heads * opening.fte, 0.0)


def _share(weights: Floats | Ints) -> Floats:
    total = weights.sum()
    return weights / total if total else np.full(len(weights), 1 / len(weights))


def deal_out(people: int, weights: Floats | Ints, given: Ints | None = None) -> Ints:
    """So many people over services in proportion to weights, one at a time.

    ``given`` counts those dealt before, so that months together keep the proportion.

    >>> deal_out(5, np.array([30.0, 10.0, 10.0])).tolist()
    [3, 1, 1]
    """
    before = np.zeros(len(weights), dtype=np.int64) if given is None else given
    dealt = before.copy()
    for _ in range(people):
        dealt[np.argmax(np.asarray(weights) / (2 * dealt + 1))] += 1
    return dealt - before


def _follow_cases(opening: Opening, outlook: Outlook, month: pd.Timestamp) -> Floats:
    """Cases at each month's end: on straight lines between those stated, else as they are."""
    known = {find_step(text, month): value for text, value in outlook.cases.items()}
    points = {-1: opening.cases} | {step: value for step, value in known.items() if step >= 0}
    steps = sorted(points)
    return np.interp(np.arange(outlook.horizon), steps, [points[step] for step in steps])


def _count_unproductive(
    opening: Opening, outlook: Outlook, named: Sequence[tuple[int, Starters, float]],
    place: dict[str, int],
) -> Floats:  # fmt: skip
    """FTE that newly qualified staff do not carry yet, from the opening on: all of it in a year."""
    missing = 1 - outlook.newly_qualified_share
    total = np.zeros(outlook.horizon + 1)
    served = np.arange(outlook.horizon + 1)
    groups = [(-month, fte) for month, fte in opening.newly_qualified]
    groups += [
        (step + 1, item.people * chance * float(opening.fte[place[item.service]]))
        for step, item, chance in named
        if item.newly_qualified
    ]
    for start, fte in groups:
        months = served - start
        still = np.clip(1 - months / MONTHS_IN_YEAR, 0, 1) * (months >= 0)
        total += fte * missing * still
    return total


def apply_scenario(
    plan: Plan, scenario: Scenario, *, opening: Opening, month: pd.Timestamp,
    band: tuple[float, float],
) -> Plan:  # fmt: skip
    """The plan with what the scenario changes, from its first month on."""
    find_places(opening, [scenario.service] if scenario.service else [])
    months = len(plan.hazard)
    first = 0 if scenario.start is None else max(find_step(scenario.start, month), 0)
    steps = np.arange(months)
    own = np.array([scenario.service in ("", name) for name in opening.services], dtype=float)
    on = ((steps >= first) & (steps < first + scenario.months))[:, None] * own
    since = (steps >= first)[:, None] * own
    more = scenario.exposed_share * (scenario.leaving_times - 1)
    gone, named = plan.gone.copy(), list(plan.named)
    if first < months:
        gone[first] += deal_out(scenario.deferred_resignations, opening.heads * own)
    dealt = np.zeros(len(own), dtype=np.int64)
    weights = np.maximum(find_empty(opening), 1e-9) * own
    for step in range(first, min(first + scenario.months, months)):
        share = deal_out(scenario.starters, weights, given=dealt)
        dealt = dealt + share
        named += [(step, int(s), int(share[s]), 1.0) for s in np.flatnonzero(share)]
    return replace(
        plan, hazard=np.minimum(plan.hazard * (1 + more * on), 1.0), gone=gone, named=tuple(named),
        posts=plan.posts + since * _share(opening.posts_fte * own) * scenario.posts_fte,
        cases=plan.cases * (1 + scenario.demand * (steps >= first)),
        hold_until=band[1] if scenario.hold_agency else plan.hold_until,
    )  # fmt: skip
