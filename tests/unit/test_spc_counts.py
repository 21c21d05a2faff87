"""Small counts: limits and chances worked out by hand."""

from __future__ import annotations

import math
from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.test_control import NAN, make_event, make_series

from wfanalytics.analysis.control import calculate_rate_control, compare_counts
from wfanalytics.analysis.rates import calculate_p_value
from wfanalytics.present.chance import describe_control, describe_counts


def make_rates(counts, staff):
    rows = make_series([c / s for c, s in zip(counts, staff, strict=True)],
                       measure="leaver_rate_headcount", period_type="month")  # fmt: skip
    return rows.assign(numerator=[float(c) for c in counts], denominator=[float(s) for s in staff])


def test_limits_are_three_roots_of_the_average_over_those_at_risk():
    # 40 of 4,000: average 1%. At 400 staff 3 * sqrt(0.01 / 400) is 1.5 points, at 100 it is 3.
    counts, staff = [4] * 8 + [1] * 4 + [4], [400] * 8 + [100] * 4 + [400]
    points = calculate_rate_control(make_rates(counts, staff))
    assert points["centre"].round(9).unique().tolist() == [0.01]
    assert points["upper"].round(9).unique().tolist() == [0.025, 0.04]
    assert (points["lower"] == 0).all()
    assert points["limits_note"].unique().tolist() == [""]


def test_ten_in_a_month_of_two_on_average_is_out_of_the_usual():
    # 34 of 5,200 in all; at 400 staff the upper limit is 0.65 + 1.21 points: 7.5 people.
    points = calculate_rate_control(make_rates([2] * 12 + [10], [400] * 13))
    assert points["rule"].tolist() == ["shift"] * 12 + ["outside"]
    assert points["point_type"].iloc[-1] == "concern"
    assert describe_control(points) == (
        "In January 2019 it was above the usual range of 0.0% to 1.9%: worse by more than chance.",
    )


def test_seven_on_one_side_are_a_shift_and_six_are_not():
    low, high = [2] * 6, [6] * 6
    points = calculate_rate_control(make_rates([*low, *high], [400] * 12))
    assert not points["is_special"].any()
    points = calculate_rate_control(make_rates([*low, 2, *high, 6], [400] * 14))
    assert (points["rule"] == "shift").all()
    assert points["direction"].tolist() == ["down"] * 7 + ["up"] * 7


def test_nobody_left_at_all_gives_no_limits():
    points = calculate_rate_control(make_rates([0] * 14, [400] * 14))
    assert points["limits_note"].iloc[-1] == "not enough variation for limits"
    assert points["usual_high"].isna().all()


def test_a_phase_has_its_own_average():
    rows = make_rates([8] * 5 + [2] * 12, [400] * 17)
    points = calculate_rate_control(rows, events=[make_event()])
    assert points["centre"].round(9).tolist() == [0.02] * 5 + [0.005] * 12


@pytest.mark.parametrize(
    ("before", "after", "chance"),
    # 7 to 2 on one month, two and three: the chances of the project's own notes.
    [(7, 2, 0.18), (14, 4, 0.03), (21, 6, 0.006)],
)
def test_seven_to_two_needs_two_months_to_tell(before, after, chance):
    assert round(calculate_p_value(before, after, share=0.5), 3 if chance < 0.01 else 2) == chance


@given(before=st.integers(0, 40), after=st.integers(0, 40))
def test_chance_is_the_share_of_tosses(before, after):
    tosses = before + after
    ways = sum(math.comb(tosses, k) for k in range(min(before, after) + 1))
    exact = min(Fraction(2 * ways, 2**tosses), Fraction(1))
    assert calculate_p_value(before, after, share=0.5) == pytest.approx(float(exact))
    assert calculate_p_value(before, after, share=0.5) == calculate_p_value(
        after, before, share=0.5
    )


@pytest.mark.parametrize(
    ("counts", "sentence"),
    [
        ([7, 7, 7, *[3] * 9, 2, 2, 2], "In the three months to March 2019 there were 6 leavers, "
         "a year before 21: more than chance."),
        ([2, 1, 0, *[3] * 9, 0, 1, 0], "In the three months to March 2019 there were 1 leaver, "
         "a year before 3: too few to tell."),
        ([1, 0, 0, *[3] * 9, 0, 0, 0], "In the three months to March 2019 there were no leavers, "
         "a year before 1: too few to tell."),
    ],
)  # fmt: skip
def test_a_quarter_against_the_same_a_year_before(counts, sentence):
    rows = make_series(counts, measure="leavers_headcount")
    assert describe_counts(compare_counts(rows)) == sentence.replace("were 1 ", "was 1 ")


@pytest.mark.parametrize("counts", [[3] * 14, [3, NAN, *[3] * 13], [3] * 14 + [NAN]])
def test_a_quarter_with_a_gap_is_not_compared(counts):
    assert compare_counts(make_series(counts, measure="leavers_headcount")).empty


def test_the_input_is_left_as_it_was():
    rows = make_rates([4] * 14, [400] * 14)
    before = rows.copy()
    calculate_rate_control(rows)
    compare_counts(rows)
    pd.testing.assert_frame_equal(rows, before)
