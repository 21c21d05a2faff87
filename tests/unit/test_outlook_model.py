"""Stock and flow: the worked case of 2020, identities on every path, and bad input."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.reference.published_years import find_interval

from wfanalytics.analysis.outlook import find_starters_needed, measure_paths
from wfanalytics.analysis.outlook_model import (
    Opening,
    Plan,
    calculate_hazard,
    count_starters,
    simulate,
)
from wfanalytics.errors import ParameterError

MONTHS = 12


def make_opening(*heads: int, agency: int = 10, posts: float = 100.0, **more) -> Opening:
    count = len(heads)
    given = {
        "services": tuple(f"S{i}" for i in range(count)), "heads": np.array(heads),
        "agency": np.full(count, agency), "posts_fte": np.full(count, posts),
        "fte": np.full(count, 0.9), "agency_fte": np.ones(count), "cover_share": np.ones(count),
    }  # fmt: skip
    return Opening(**(given | more))


def make_plan(opening: Opening, *, months: int = MONTHS, **more) -> Plan:
    """Nobody leaves, nobody joins; ``more`` are other plans, numbers for every month."""
    shape = (months, len(opening.heads))
    given = {
        "hazard": np.zeros(shape), "usual": np.zeros(shape), "conversions": np.zeros(shape),
        "gone": np.zeros(shape, int), "agency_ends": np.zeros(shape, int),
        "posts": np.zeros(shape), "cases": np.zeros(months),
        "not_productive": np.zeros(months + 1),
    }  # fmt: skip
    return Plan(**(given | more))


def worked_case(times: float = 1.0, months: int = MONTHS):
    """549 people, 52 leavers and 57 starters a year; leaving multiplied for some months."""
    opening = make_opening(549, agency=0)
    hazard = np.full((MONTHS, 1), 52 / 549 / MONTHS)
    hazard[:months] *= times
    plan = make_plan(opening, hazard=hazard, usual=np.full((MONTHS, 1), 57 / MONTHS))
    paths = simulate(opening, plan, seed=20200604)
    leavers = paths.leavers.sum(axis=(1, 2))
    return [*np.quantile(leavers, [0.5, 0.05, 0.95]), np.median(paths.permanent[:, -1, 0])]


@pytest.mark.parametrize(
    ("times", "months", "expected"),
    [(1.0, 12, (52, 41, 64, 554)), (1.5, 12, (77, 63, 90, 529)), (2.0, 3, (64, 52, 77, 542))],
)
def test_the_worked_case_of_june_2020(times, months, expected):
    assert worked_case(times, months) == pytest.approx(expected, abs=1.01)


@pytest.mark.parametrize(
    ("confirmed", "hoped", "expected"), [(0.95, 0.8, (37, 33, 39)), (0.9, 0.7, (34, 30, 37))]
)
def test_thirty_about_to_join_and_ten_hoped_for(confirmed, hoped, expected):
    chances = count_starters([(30, confirmed), (10, hoped)]).cumsum()
    assert tuple((chances < share).sum() for share in (0.5, 0.05, 0.95)) == expected


def test_named_starters_are_drawn_from_that_distribution():
    opening = make_opening(50)
    plan = make_plan(opening, months=1, named=((0, 0, 30, 0.95), (0, 0, 10, 0.8)))
    starters = simulate(opening, plan, seed=1).starters[:, 0, 0]
    assert tuple(np.quantile(starters, [0.5, 0.05, 0.95])) == (37, 33, 39)


@pytest.mark.parametrize(
    ("mean", "low", "high"), [(2, 0, 5), (4, 1, 8), (7, 3, 12), (24, 16, 32), (84, 69, 99)]
)
def test_ranges_of_chance_alone_are_those_of_section_6(mean, low, high):
    assert find_interval(mean, 0.0, 0.9) == (low, high)


def test_the_rate_is_drawn_to_the_middle_authority_and_more_where_there_are_few():
    few, _ = calculate_hazard(0, heads=50, centre=0.12)
    many, _ = calculate_hazard(0, heads=900, centre=0.12)
    # (300 x 0.12 + 0) / (300 + 50 / 1.8) and / (300 + 900 / 4).
    assert few == pytest.approx(36 / 327.7778, rel=1e-4)
    assert many == pytest.approx(36 / 525)


def test_a_years_variance_is_inflated_as_the_back_test_found():
    rate, spread = calculate_hazard(40, heads=300)
    seen = 300 * 0.1175 + 40 / 2.5
    assert spread == pytest.approx(1 / seen + 1.5 / (rate * 300))


@st.composite
def cases(draw):
    services = draw(st.integers(1, 3))
    heads = draw(st.lists(st.integers(0, 60), min_size=services, max_size=services))
    months = draw(st.integers(1, 4))
    opening = make_opening(*heads, agency=draw(st.integers(0, 9)))

    def numbers(low, high):
        flat = st.floats(low, high)
        size = months * services
        return np.array(draw(st.lists(flat, min_size=size, max_size=size))).reshape(months, -1)

    plan = make_plan(
        opening, months=months, hazard=numbers(0, 0.5), usual=numbers(0, 3),
        conversions=numbers(0, 1), gone=numbers(0, 4).astype(int),
        agency_ends=numbers(0, 3).astype(int), posts=numbers(-5, 5),
        named=((0, 0, draw(st.integers(0, 5)), draw(st.floats(0, 1))),),
        spread=draw(st.sampled_from([0.0, 0.05, 0.5])), usual_spread=0.2,
    )  # fmt: skip
    return opening, plan, draw(st.integers(1, 1000))


@settings(max_examples=60, deadline=None)
@given(cases())
def test_heads_are_conserved_and_vacancies_and_staff_are_the_posts_on_every_path(case):
    opening, plan, seed = case
    paths = simulate(opening, plan, seed=seed, paths=40)
    stock = paths.permanent
    assert (stock[:, 1:] == stock[:, :-1] + paths.starters - paths.leavers).all()
    assert (stock >= 0).all()
    assert (paths.agency >= 0).all()
    assert (paths.leavers <= stock[:, :-1]).all()
    found = measure_paths(opening, plan, paths)
    posts = opening.posts_fte + np.vstack([np.zeros(len(opening.heads)), plan.posts])
    assert np.allclose(found["vacancy_fte"] + found["inpost_fte"], posts)
    assert (found["uncovered_vacancy_fte"] <= np.maximum(found["vacancy_fte"], 0) + 1e-9).all()


@settings(max_examples=60, deadline=None)
@given(cases(), st.floats(1, 2), st.integers(0, 5))
def test_more_leavers_never_lower_vacancies_on_any_path(case, times, more_gone):
    opening, plan, seed = case
    worse = replace(plan, hazard=np.minimum(plan.hazard * times, 1), gone=plan.gone + more_gone)
    before, after = (
        measure_paths(opening, p, simulate(opening, p, seed=seed, paths=40)) for p in (plan, worse)
    )
    for measure in ("vacancy_fte", "uncovered_vacancy_fte"):
        assert (after[measure] >= before[measure] - 1e-9).all()


def test_the_same_seed_gives_the_same_figures_and_another_gives_others():
    opening = make_opening(60, 40)
    plan = make_plan(opening, hazard=np.full((MONTHS, 2), 0.01), spread=0.1)
    one, same, other = (simulate(opening, plan, seed=seed, paths=50) for seed in (7, 7, 8))
    assert (one.permanent == same.permanent).all()
    assert (one.permanent != other.permanent).any()


def test_agency_staff_are_held_until_the_caseload_is_in_the_band():
    # 50 people x 0.9 + 10 agency = 55 FTE; 880 cases are 16 each, 935 are 17.
    opening = make_opening(50, holder_share=1.0)
    ends = np.full((3, 1), 2)
    cases = np.array([935.0, 935.0, 880.0])
    plan = make_plan(opening, months=3, agency_ends=ends, cases=cases, hold_until=16.0)
    assert simulate(opening, plan, seed=1, paths=1).agency[0, :, 0].tolist() == [10, 10, 10, 8]
    free = replace(plan, hold_until=None)
    assert simulate(opening, free, seed=1, paths=1).agency[0, :, 0].tolist() == [10, 8, 6, 4]


def test_everybody_leaves_where_everybody_must():
    opening = make_opening(30)
    plan = make_plan(opening, months=1, hazard=np.ones((1, 1)))
    assert (simulate(opening, plan, seed=1, paths=20).permanent[:, 1] == 0).all()


def test_a_hazard_above_one_is_refused():
    opening = make_opening(30)
    plan = make_plan(opening, months=1, hazard=np.full((1, 1), 1.2))
    message = (
        "The share of staff that leaves in a month is 1.2; allowed 0 to 1. Lower the leaving rate, "
        "or the scenario's leaving_times."
    )
    with pytest.raises(ParameterError, match=message):
        simulate(opening, plan, seed=1)


def test_negative_starters_are_refused():
    opening = make_opening(30)
    with pytest.raises(ParameterError, match=r"Starters a month are below 0; allowed 0 or more\."):
        simulate(opening, make_plan(opening, usual=np.full((MONTHS, 1), -1.0)), seed=1)
    with pytest.raises(ParameterError, match=r"Starters cannot be -3 people with a chance of 0\.9"):
        count_starters([(-3, 0.9)])
    with pytest.raises(ParameterError, match="found -1 leavers among 50 people"):
        calculate_hazard(-1, heads=50)


def test_starters_needed_for_an_aim_none_where_no_number_reaches_it():
    # 50 people in 60 posts, 1 FTE each, agency none: 10 of 60 empty. Nobody leaves.
    opening = make_opening(50, agency=0, posts=60.0, fte=np.ones(1))
    plan = make_plan(opening, months=5)
    assert find_starters_needed(opening, plan, aim=0.05, seed=1) == 2, "7 more by then: 10 in 5"
    assert find_starters_needed(opening, plan, aim=0.2, seed=1) == 0
    far = make_opening(50, agency=0, posts=1000.0, fte=np.ones(1))
    assert find_starters_needed(far, plan, aim=0.05, seed=1) is None
