"""Staff, month by month: many possible futures of the same services, counted in people.

Permanent staff at a month's end = before + starters + conversions - leavers; agency staff =
before - conversions - ends. People are counted; FTE is people times the service's mean FTE.

Every draw is the value, at a random share, of an exact distribution, and the shares depend on
nothing but the seed. So two plans run with one seed differ by their plans alone: in each future
a higher leaving rate means at least as many vacancies.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from wfanalytics.errors import ParameterError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MONTHS_IN_YEAR = 12
PATHS = 10_000
#: How much more a year's leavers vary than chance alone, by people in post:
#: back-test on 1,175 published authority-years (see docs/outlook.md).
_INFLATION = ((150, 1.8), (400, 2.5), (np.inf, 4.0))
#: Leavers a year as a share of staff: the middle authority of 2025 (quartiles 9.5% and 15.25%).
MEDIAN_RATE = 0.1175
#: How many person-years of an authority's own record the middle authority's rate is worth.
PRIOR_PERSON_YEARS = 300.0


@dataclass(frozen=True)
class Opening:
    """Staff and posts at the end of the reported month; arrays have an entry a service.

    ``posts_fte`` is vacancies + permanent staff, so that the two always add up to it;
    ``fte`` and ``agency_fte`` are FTE a head; the shares are of FTE.
    """

    services: tuple[str, ...]
    heads: Ints
    agency: Ints
    posts_fte: Floats
    fte: Floats
    agency_fte: Floats
    cover_share: Floats
    absent_share: float = 0.0
    cases: float = 0.0
    holder_share: float = 0.0
    """Case holders as a share of available and agency FTE."""
    newly_qualified: tuple[tuple[int, float], ...] = ()
    """Months since they started, and FTE, of those newly qualified."""


@dataclass(frozen=True)
class Plan:
    """What is assumed for each month (first axis) and service (second axis).

    ``hazard`` is the expected share of staff that leaves in the month; ``spread`` the relative
    variance of a whole future's rate, the same in all its months; ``usual`` and ``conversions``
    are expected people; ``named`` lists month, service, people and chance; ``gone`` are people
    certain to leave; ``posts`` is the change in FTE by then; ``not_productive`` the FTE, opening
    included, that newly qualified staff do not carry yet.
    """

    hazard: Floats
    usual: Floats
    conversions: Floats
    gone: Ints
    agency_ends: Ints
    posts: Floats
    cases: Floats
    not_productive: Floats
    named: tuple[tuple[int, int, int, float], ...] = ()
    spread: float = 0.0
    usual_spread: float = 0.0
    hold_until: float | None = None
    """Caseload down to which agency staff are held before any assignment ends."""


@dataclass(frozen=True)
class Paths:
    """Simulated people: futures x months x services; stocks begin with the opening."""

    permanent: Ints
    agency: Ints
    leavers: Ints
    starters: Ints


def find_inflation(heads: float) -> float:
    """Variance of a year's leavers as a multiple of their mean, for so many people in post.

    >>> find_inflation(120), find_inflation(370), find_inflation(549)
    (1.8, 2.5, 4.0)
    """
    return next(factor for limit, factor in _INFLATION if heads < limit)


def calculate_hazard(
    leavers: float, *, heads: float, centre: float = MEDIAN_RATE
) -> tuple[float, float]:
    """Leavers a year as a share of staff, and the relative variance of next year's number.

    The record (``leavers`` of a year among ``heads``) counts for less where leavers vary by
    more than chance, and is drawn towards ``centre``, the middle authority's rate, as if that
    had been seen in ``PRIOR_PERSON_YEARS`` of work. The variance, relative to the mean squared,
    holds both what is not known of the rate and how unlike two years are; chance comes on top.

    Raises
    ------
    ParameterError
        for fewer than no leavers, or nobody in post.

    >>> rate, spread = calculate_hazard(52, heads=549)
    >>> round(rate, 3), round(spread ** 0.5, 2)
    (0.11, 0.27)
    """
    if leavers < 0 or heads <= 0:
        raise ParameterError(
            f"A leaving rate needs people in post and no fewer than 0 leavers; found "
            f"{leavers:g} leavers among {heads:g} people."
        )
    inflation = find_inflation(heads)
    seen = PRIOR_PERSON_YEARS * centre + leavers / inflation
    rate = seen / (PRIOR_PERSON_YEARS + heads / inflation)
    return rate, 1 / seen + (inflation - 1) / (rate * heads)


def count_starters(groups: list[tuple[int, float]]) -> Floats:
    """Chance of 0, 1, 2, ... starters of groups of people, each with one chance of starting.

    >>> chances = count_starters([(30, 0.95), (10, 0.8)])
    >>> [int((chances.cumsum() < share).sum()) for share in (0.05, 0.5, 0.95)]
    [33, 37, 39]
    """
    total = np.ones(1)
    for people, chance in groups:
        if people < 0 or not 0 <= chance <= 1:
            raise ParameterError(
                f"Starters cannot be {people:g} people with a chance of {chance:g}. Allowed: 0 "
                "people or more, and a chance from 0 to 1."
            )
        total = np.convolve(total, stats.binom.pmf(np.arange(people + 1), people, chance))
    return total


def simulate(opening: Opening, plan: Plan, *, seed: int, paths: int = PATHS) -> Paths:
    """``paths`` futures of the plan, month by month; the same for the same seed.

    Raises
    ------
    ParameterError
        for a hazard outside 0 to 1, or fewer than no starters.
    """
    _check(plan)
    months, services = plan.hazard.shape
    rng = np.random.default_rng(seed)
    rate, recruiting = (
        _draw_rate(rng, plan.spread, paths),
        _draw_rate(rng, plan.usual_spread, paths),
    )
    leaving, joining, turning, naming = rng.random((4, paths, months, services))
    joined = _invert_poisson(joining, plan.usual * recruiting[:, None, None])
    turned = _invert_poisson(turning, np.broadcast_to(plan.conversions, turning.shape))
    for month, service in {item[:2] for item in plan.named}:
        groups = [item[2:] for item in plan.named if item[:2] == (month, service)]
        chances = count_starters(groups).cumsum()
        place = np.searchsorted(chances[:-1], naming[:, month, service])
        joined[:, month, service] += place
    permanent = np.empty((paths, months + 1, services), dtype=np.int64)
    agency, left = np.empty_like(permanent), np.empty_like(joined)
    permanent[:, 0], agency[:, 0] = opening.heads, opening.agency
    for m in range(months):
        known = np.minimum(plan.gone[m], permanent[:, m])
        stay = permanent[:, m] - known
        chance = np.minimum(plan.hazard[m] * rate[:, None], 1.0)
        left[:, m] = known + _invert_binomial(leaving[:, m], stay, chance)
        turned[:, m] = np.minimum(turned[:, m], agency[:, m])
        joined[:, m] += turned[:, m]
        permanent[:, m + 1] = permanent[:, m] + joined[:, m] - left[:, m]
        ends = plan.agency_ends[m] * _may_end(opening, plan, permanent[:, m], agency[:, m], m)
        agency[:, m + 1] = np.maximum(agency[:, m] - turned[:, m] - ends, 0)
    return Paths(permanent, agency, left, joined)


def _check(plan: Plan) -> None:
    if not ((plan.hazard >= 0) & (plan.hazard <= 1)).all():
        wrong = plan.hazard[(plan.hazard < 0) | ~(plan.hazard <= 1)].flat[0]
        raise ParameterError(
            f"The share of staff that leaves in a month is {wrong:g}; allowed 0 to 1. Lower the "
            "leaving rate, or the scenario's leaving_times."
        )
    if (plan.usual < 0).any() or (plan.conversions < 0).any():
        raise ParameterError("Starters a month are below 0; allowed 0 or more.")


def _draw_rate(rng: np.random.Generator, spread: float, paths: int) -> Floats:
    """How each future's rate compares with the expected one: mean 1, variance ``spread``."""
    return rng.standard_gamma(1 / spread, paths) * spread if spread > 0 else np.ones(paths)


def _may_end(opening: Opening, plan: Plan, permanent: Ints, agency: Ints, month: int) -> Ints:
    """1 in each future whose agency assignments may end this month, else 0."""
    if plan.hold_until is None:
        return np.ones((len(permanent), 1), dtype=np.int64)
    caseload = find_caseload(opening, permanent, agency, plan.cases[month])
    return (caseload <= plan.hold_until).astype(np.int64)[:, None]


def find_caseload(opening: Opening, permanent: Ints, agency: Ints, cases: Floats | float) -> Floats:
    """Cases for each FTE of case holders, services (the last axis) together."""
    available = (permanent * opening.fte).sum(axis=-1) * (1 - opening.absent_share)
    holders = (available + (agency * opening.agency_fte).sum(axis=-1)) * opening.holder_share
    blank = np.full(holders.shape, np.nan)
    found: Floats = np.divide(cases, holders, out=blank, where=holders > 0)
    return found


def _invert_binomial(share: Floats, people: Ints, chance: Floats) -> Ints:
    """The number of ``people`` below which a binomial has ``share`` of its chance."""
    chance = np.minimum(chance, 1 - 1e-12)
    odds = chance / (1 - chance)
    nobody = np.exp(people * np.log1p(-chance))
    return _invert(share, nobody, lambda k: (people - k) / (k + 1) * odds, most=people)


def _invert_poisson(share: Floats, mean: Floats) -> Ints:
    """The number below which a Poisson distribution has ``share`` of its chance."""
    most = float(mean.max(initial=0.0))
    highest = np.array(int(most + 12 * most**0.5 + 30))
    return _invert(share, np.exp(-mean), lambda k: mean / (k + 1), most=highest)


def _invert(share: Floats, term: Floats, ratio: Callable[[int], Floats], *, most: Ints) -> Ints:
    """The number at ``share``, from the chance of 0 (``term``) and the ``ratio`` of k + 1 to k."""
    total, found = term.copy(), np.zeros(share.shape, dtype=np.int64)
    is_above, k = (share > total) & (most > 0), 0
    while is_above.any():
        term = term * ratio(k)
        k += 1
        total += term
        found += is_above
        is_above &= (share > total) & (most > k)
    return found
