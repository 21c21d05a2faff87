"""Where vacancies, staff and leavers are heading: the baseline, and what if.

A projection is a stated assumption continued, not a forecast. Nothing is projected for a place
of fewer than ``FEWEST_HEADS`` people, or from less than a year's leavers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import pandas as pd

from wfanalytics.analysis.outlook_backtest import Backtest, backtest_area, find_rates
from wfanalytics.analysis.outlook_model import (
    Floats,
    Opening,
    Paths,
    Plan,
    find_caseload,
    simulate,
)
from wfanalytics.analysis.outlook_opening import find_opening
from wfanalytics.analysis.outlook_scenarios import (
    PACE,
    REPLACEMENT,
    Rates,
    apply_scenario,
    deal_out,
    find_empty,
    find_known,
    make_plan,
)
from wfanalytics.analysis.targets import find_ceiling
from wfanalytics.errors import MeasureError
from wfanalytics.measures.area_data import AreaData
from wfanalytics.periods import month_end
from wfanalytics.raw.outlook import Outlook, Scenario

#: People in a place below which nothing is projected (section 6: not a team).
FEWEST_HEADS = 40
BASELINE = "baseline"
_BARE = "without named starters"
RATE = "uncovered_vacancy_rate_fte"
#: Columns of the frame's fan: the middle of the futures, and the shares of them between two ends.
FAN = {
    "projected": 0.5, "lower_50": 0.25, "upper_50": 0.75, "lower_80": 0.1, "upper_80": 0.9,
    "lower_95": 0.025, "upper_95": 0.975,
}  # fmt: skip
#: The chance from which a target is said to be likely to be met.
LIKELY = 0.5
#: Half of the last digit printed of a rate.
_AS_PRINTED = 0.0005
#: Level, place and measure.
Key = tuple[str, str, str]
_SERVICE_MEASURES = ("inpost_headcount", "inpost_fte", "vacancy_fte", "uncovered_vacancy_fte")
#: Most extra starters a month that are tried, and futures simulated for each trial.
MOST_STARTERS, _TRIAL_PATHS = 60, 2_000


@dataclass(frozen=True, eq=False)
class Projection:
    """The baseline and every scenario of an area.

    ``frame`` has a row a scenario, place, measure and month end, the reported month's included:
    ``projected`` (the middle future) and the ends of the 50%, 80% and 95% intervals, in the
    measure's own unit; leavers and starters are totals since the reported month. ``targets`` has
    a row a scenario: ``chance`` of meeting the target at the end, and the first month it is
    likelier met than not. ``pipeline`` is the frame without named starters. ``factors`` say how
    many times as wide as simulated the intervals of ``staff`` and ``leavers`` are, which is what
    the area's own history asks for.
    """

    frame: pd.DataFrame
    targets: pd.DataFrame
    pipeline: pd.DataFrame
    known: Outlook
    chosen: Scenario
    basis: str
    factors: dict[str, float]
    backtest: Backtest
    rates: Rates
    aim: float | None
    starters_needed: int | None
    starters_expected: float
    target: float | None


@lru_cache(maxsize=4)
def calculate_outlook(data: AreaData) -> Projection:
    """The projection of an open area, with the horizon, scenario and seed of ``data.outlook``.

    Kept for the exhibits of one notebook; nobody may change the frames.

    Raises
    ------
    MeasureError
        where too few people or months are there, saying which.

    >>> import wfanalytics as wf
    >>> found = calculate_outlook(wf.open_area("exampleshire", month="2020-09"))
    >>> sorted(found.frame.columns)[:3]
    ['area_level', 'area_name', 'lower_50']
    """
    opening = find_opening(data)
    heads = int(opening.heads.sum())
    if heads < FEWEST_HEADS:
        raise MeasureError(
            f"{data.name} has {heads} permanent staff: too few to project. A projection needs "
            f"{FEWEST_HEADS}."
        )
    known = find_known(data.outlook, data.month)
    backtest = backtest_area(data, horizon=known.horizon, seed=known.seed)
    basis = PACE if backtest.beats_no_change else REPLACEMENT
    rates = find_rates(data, services=len(opening.services), rate=known.leaving_rate)
    plan = make_plan(opening, known, rates, month=data.month, basis=basis)
    factors = {"staff": backtest.find_factor("model" if basis == PACE else "no_change"),
               "leavers": backtest.find_factor("leavers")}  # fmt: skip
    results = _simulate_all(data, opening, plan, known, factors=factors)
    without = results.pop(_BARE)
    joined = results[BASELINE]["authority", data.name, "starters"]
    target = find_ceiling(data.targets, measure=RATE, day=data.month.date())
    aim = target if known.aim is None else known.aim
    ends = [month_end(data.month.to_period("M") + step) for step in range(known.horizon + 1)]
    frames = [_tidy(name, found, ends) for name, found in results.items()]
    return Projection(
        frame=pd.concat(frames, ignore_index=True),
        targets=_find_chances(results, target, ends, area=data.name),
        pipeline=_tidy(_BARE, without, ends),
        known=known,
        chosen=next((s for s in known.scenarios if s.name == known.scenario), known.scenarios[0]),
        basis=basis,
        factors=factors,
        backtest=backtest,
        rates=rates,
        aim=aim,
        starters_needed=None if aim is None else find_starters_needed(
            opening, plan, aim=aim, seed=known.seed
        ),
        starters_expected=float(np.median(joined[:, -1])) / known.horizon,
        target=target,
    )  # fmt: skip


def _simulate_all(
    data: AreaData, opening: Opening, plan: Plan, known: Outlook, *, factors: dict[str, float]
) -> dict[str, dict[Key, Floats]]:
    """The futures of the baseline, of each scenario, and of the baseline without named starters."""
    plans = {BASELINE: plan, _BARE: replace(plan, named=())} | {
        item.name: apply_scenario(plan, item, opening=opening, month=data.month, band=data.band)
        for item in known.scenarios
    }
    return {
        name: list_series(
            measure_paths(opening, item, simulate(opening, item, seed=known.seed)),
            opening, area=data.name, factors=factors,
        )
        for name, item in plans.items()
    }  # fmt: skip


def measure_paths(opening: Opening, plan: Plan, paths: Paths) -> dict[str, Floats]:
    """Measures of each future and month: services on the last axis where it has three.

    Vacancies + permanent staff are always the posts; below 0, more staff than posts.
    """
    start = np.zeros((1, len(opening.services)))
    posts = opening.posts_fte + np.concatenate([start, plan.posts])
    fte = paths.permanent * opening.fte
    agency = paths.agency * opening.agency_fte
    vacancy = posts - fte
    empty = np.maximum(vacancy, 0.0)
    uncovered = empty - np.minimum(agency * opening.cover_share, empty)
    available = fte.sum(-1) * (1 - opening.absent_share)
    cases = np.append(opening.cases, plan.cases)
    return {
        "inpost_headcount": paths.permanent.astype(float),
        "inpost_fte": fte,
        "vacancy_fte": vacancy,
        "uncovered_vacancy_fte": uncovered,
        RATE: uncovered.sum(-1) / np.maximum(posts.sum(-1), 1e-9),
        "agency_fte": agency.sum(-1),
        "available_fte": available,
        "effective_fte": available + agency.sum(-1) - plan.not_productive,
        "caseload_fte": find_caseload(opening, paths.permanent, paths.agency, cases),
        "leavers": _total(paths.leavers.sum(-1)),
        "starters": _total(paths.starters.sum(-1)),
    }


def _total(flow: np.ndarray) -> Floats:
    """Totals since the opening, which has none yet."""
    return np.concatenate([np.zeros((len(flow), 1)), flow.cumsum(axis=1)], axis=1)


def list_series(
    results: dict[str, Floats], opening: Opening, *, area: str, factors: dict[str, float]
) -> dict[Key, Floats]:
    """Futures by level, place and measure: the authority, and each service that is large enough.

    Each is moved away from its middle by its factor; nothing but a vacancy falls below 0.
    """
    series: dict[Key, Floats] = {}
    for measure, values in results.items():
        series["authority", area, measure] = values.sum(-1) if values.ndim == 3 else values
        for index, service in enumerate(opening.services):
            if measure in _SERVICE_MEASURES and opening.heads[index] >= FEWEST_HEADS and service:
                series["service", service, measure] = values[:, :, index]
    for key, values in series.items():
        factor = factors["leavers" if key[2] == "leavers" else "staff"]
        middle = np.median(values, axis=0)
        moved = middle + (values - middle) * factor
        series[key] = moved if key[2] == "vacancy_fte" else np.maximum(moved, 0.0)
    return series


def _tidy(name: str, series: dict[Key, Floats], ends: Sequence[pd.Timestamp]) -> pd.DataFrame:
    """The fan of each series, a row a month."""
    fans = np.quantile(np.stack(list(series.values())), list(FAN.values()), axis=1)
    keys = pd.DataFrame(list(series), columns=["area_level", "area_name", "measure"])
    frame = keys.loc[keys.index.repeat(len(ends))].reset_index(drop=True)
    frame = frame.assign(scenario=name, period_end=list(ends) * len(keys))
    return frame.assign(**{column: fan.ravel() for column, fan in zip(FAN, fans, strict=True)})


def _find_chances(
    results: dict[str, dict[Key, Floats]], target: float | None, ends: Sequence[pd.Timestamp], *,
    area: str,
) -> pd.DataFrame:  # fmt: skip
    """Each scenario's chance of meeting the target at the end, and since when that is likely."""
    rows = []
    for name, found in results.items():
        if target is None:
            continue
        # A rate is rated as printed: 10.04% meets a target of 10%.
        chances = (found["authority", area, RATE] < target + _AS_PRINTED).mean(axis=0)
        likely = np.flatnonzero(chances >= LIKELY)
        rows.append((name, chances[-1], ends[likely[0]] if len(likely) else pd.NaT))
    return pd.DataFrame(rows, columns=["scenario", "chance", "likely_from"])


def find_starters_needed(opening: Opening, plan: Plan, *, aim: float, seed: int) -> int | None:
    """Extra starters a month that bring the middle future's rate to ``aim`` at the end.

    None where even ``MOST_STARTERS`` do not; 0 where none is needed.
    """
    months, services = plan.hazard.shape

    def reaches(people: int) -> bool:
        dealt, named = np.zeros(services, dtype=np.int64), list(plan.named)
        for step in range(months):
            share = deal_out(people, np.maximum(find_empty(opening), 1e-9), given=dealt)
            dealt = dealt + share
            named += [(step, s, int(n), 1.0) for s, n in enumerate(share) if n]
        trial = replace(plan, named=tuple(named))
        paths = simulate(opening, trial, seed=seed, paths=_TRIAL_PATHS)
        return bool(
            np.median(measure_paths(opening, trial, paths)[RATE][:, -1]) < aim + _AS_PRINTED
        )

    if not reaches(MOST_STARTERS):
        return None
    low, high = -1, MOST_STARTERS
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if reaches(middle) else (middle, high)
    return high
