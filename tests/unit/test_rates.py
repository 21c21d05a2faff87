"""Before and after an event, and winters: counted by hand, and not fooled by chance or trend."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from wfanalytics.analysis.rates import calculate_p_value, calculate_winters, compare_events
from wfanalytics.settings import Event


def make_months(leavers, first="2017-04-30", staff=400):
    ends = pd.date_range(first, periods=len(leavers), freq="ME")
    return pd.DataFrame({"leavers": leavers, "staff": staff}, index=ends)


def make_event(day):
    return Event(date=date.fromisoformat(day), label="New pay", kind="policy")


@pytest.mark.parametrize(
    ("one", "other", "share", "expected"),
    [
        # Seven to two on one, two and three months each: 0.18, 0.03 and 0.006.
        (7, 2, 0.5, 0.1797),
        (14, 4, 0.5, 0.0309),
        (21, 6, 0.5, 0.0059),
        # One of one, where three quarters of the staff-months were: P(1) + P(0) as P(0) is less.
        (1, 0, 0.75, 1.0),
        (0, 1, 0.75, 0.25),
        (0, 0, 0.5, 1.0),
    ],
)
def test_exact_test_by_hand(one, other, share, expected):
    assert calculate_p_value(one, other, share=share) == pytest.approx(expected, abs=5e-5)


def test_the_month_of_an_event_is_left_out():
    months = make_months([7, 7, 7, 100, 2, 2, 2], first="2019-01-31")
    row = compare_events(months, [make_event("2019-04-08")]).iloc[0]
    assert (row["leavers_before"], row["leavers_after"]) == (21, 6)
    assert (row["months_before"], row["months_after"]) == (3, 3)
    assert row["rate_before"] == pytest.approx(21 / 1200 * 1200)
    assert row["rate_after"] == pytest.approx(6 / 1200 * 1200)
    assert row["finding"] == "fewer"


def test_an_event_on_the_first_of_a_month_is_followed_by_that_month():
    months = make_months([1, 2, 3, 4, 5, 6], first="2019-01-31")
    row = compare_events(months, [make_event("2019-04-01")]).iloc[0]
    assert (row["leavers_before"], row["leavers_after"]) == (6, 15)


def test_at_most_twelve_months_on_each_side_count():
    months = make_months([50, *[4] * 12, 0, *[4] * 12, 50], first="2018-01-31")
    row = compare_events(months, [make_event("2019-02-15")]).iloc[0]
    assert (row["leavers_before"], row["leavers_after"]) == (48, 48)
    assert row["finding"] == "no clear change"


@pytest.mark.parametrize(
    ("leavers", "finding"),
    [
        ([7, 7, 7, 0, 2, 2], "too soon"),
        ([1, 1, 1, 0, 2, 2, 2], "too few"),
        ([2, 2, 2, 0, 7, 7, 7], "more"),
        ([5, 5, 5, 0, 4, 4, 4], "no clear change"),
    ],
)
def test_findings(leavers, finding):
    months = make_months(leavers, first="2019-01-31")
    assert compare_events(months, [make_event("2019-04-08")])["finding"].item() == finding


def test_twice_the_staff_twice_the_leavers_is_no_change():
    months = make_months([5] * 3 + [0] + [10] * 3, first="2019-01-31")
    months["staff"] = [200] * 4 + [400] * 3
    assert compare_events(months, [make_event("2019-04-08")])["p_value"].item() == 1.0


def winter_months(winter, rest, years=4):
    ends = pd.date_range("2016-09-30", periods=12 * years, freq="ME")
    is_winter = ends.month.isin((12, 1, 2))
    return make_months(np.where(is_winter, winter, rest), first="2016-09-30")


def test_winters_are_counted_by_hand():
    found = calculate_winters(winter_months(9, 4))
    assert found.frame["winter"].tolist() == [2016, 2017, 2018, 2019]
    assert found.frame["leavers"].tolist() == [27] * 4
    assert found.frame["leavers_around"].tolist() == [24] * 4
    # A third of the staff-months of the nine months, so a third of their 51 leavers.
    assert found.frame["expected"].tolist() == pytest.approx([17.0] * 4)
    assert found.finding == "more"
    assert calculate_winters(winter_months(2, 6)).finding == "fewer"
    assert calculate_winters(winter_months(5, 5)).finding == "no sign"


def test_too_little_data_is_said():
    assert calculate_winters(make_months([4] * 35)).finding == "too little data"
    assert calculate_winters(make_months([4] * 36)).finding == "too little data"  # two winters
    assert calculate_winters(make_months([0] * 48)).finding == "too little data"
    assert calculate_winters(make_months([])).finding == "too little data"


def test_a_steady_fall_is_no_season():
    months = make_months(np.linspace(16, 1, 48).round().astype(int), first="2016-09-30")
    assert calculate_winters(months).finding == "no sign"


@pytest.mark.parametrize("dispersion", [1, 3])
def test_chance_alone_seldom_looks_like_a_season(dispersion):
    """Simulated: 400 councils without a season, counts Poisson or three times as variable."""
    rng = np.random.default_rng(20200930)
    rate = 5.0
    if dispersion > 1:
        draws = rng.negative_binomial(rate / (dispersion - 1), 1 / dispersion, (400, 42))
    else:
        draws = rng.poisson(rate, (400, 42))
    findings = [calculate_winters(make_months(row)).finding for row in draws]
    wrong = sum(finding != "no sign" for finding in findings) / len(findings)
    assert wrong <= 0.09, wrong
