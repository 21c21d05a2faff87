"""When limits are put on a series, and what they say of a target: counted by hand."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wfanalytics.analysis.change import calculate_change
from wfanalytics.analysis.control import (
    SETTLED_POINTS,
    calculate_assurance,
    calculate_control,
    can_have_limits,
)
from wfanalytics.analysis.targets import calculate_target_status
from wfanalytics.present.commentary import describe_definition
from wfanalytics.present.exhibits.series import describe_series
from wfanalytics.settings import Event, Target

NAN = float("nan")


def make_series(values, measure="agency_rate_fte", start="2018-01-31", freq="ME", **changes):
    ends = pd.date_range(start, periods=len(values), freq=freq)
    numbers = np.array(values, dtype=float)
    frame = pd.DataFrame(
        {
            "measure": measure, "period_start": ends, "period_end": ends,
            "period_type": "snapshot", "area_level": "authority", "area_code": "E1",
            "area_name": "Shire", "breakdown": "all", "breakdown_value": "all",
            "numerator": NAN, "denominator": NAN, "value": numbers,
            "status": np.where(np.isnan(numbers), "missing", "ok"),
            "definition_version": "1", "source": "local",
        }
    )  # fmt: skip
    return frame.assign(**changes)


def make_event(day="2018-06-15", **changes):
    given = {"date": day, "label": "Joined", "kind": "reorganisation", "rebase": True,
             "reason": "Two services are one"}  # fmt: skip
    return Event(**{**given, **changes})


def rate(rows, **target):
    aim = Target(measure=rows["measure"].iloc[0], valid_from=date(2000, 1, 1), label="aim",
                 source="minutes", status="our target", **target)  # fmt: skip
    status = calculate_target_status(rows, [aim])
    return calculate_assurance(status, calculate_control(rows)).iloc[0]


def test_rolling_twelve_months_and_years_have_no_limits():
    assert not can_have_limits(make_series([0.1] * 20, measure="turnover_rate_fte"))
    assert not can_have_limits(make_series([0.1] * 9, freq="YE-SEP"))
    assert not can_have_limits(make_series([0.1]))
    assert can_have_limits(make_series([0.1] * 2))
    assert calculate_control(make_series([0.1] * 20, measure="absence_rate_fte")).empty


def test_limits_are_the_mean_and_two_point_six_six_mean_ranges():
    # Mean 11, every range 2: limits 11 - 5.32 and 11 + 5.32.
    points = calculate_control(make_series([0.10, 0.12] * 7))
    row = points.iloc[-1]
    assert round(row["centre"], 9) == 0.11
    assert round(row["usual_low"], 9) == 0.0568
    assert round(row["usual_high"], 9) == 0.1632
    assert row["limits_note"] == ""
    assert not points["is_special"].any()


def test_limits_stop_at_what_can_be_and_counts_are_whole():
    # Mean 3, ranges 4: 3 + 10.64 = 13.64, and 3 - 10.64 is below nothing.
    points = calculate_control(make_series([1, 5] * 7, measure="leavers_headcount"))
    assert points[["usual_low", "usual_high"]].iloc[-1].tolist() == [0, 13]
    shares = calculate_control(make_series([0.9, 0.99] * 7, measure="caseload_within_rate"))
    assert shares["usual_high"].iloc[-1] == 1.0


def test_collapsed_and_too_few_have_no_usual_range_and_no_special_point():
    flat = calculate_control(make_series([0.1] * 13 + [0.2]))
    assert flat["limits_note"].iloc[-1] == "not enough variation for limits"
    assert flat["usual_low"].isna().all()
    assert not flat["is_special"].any()
    few = calculate_control(make_series([0.1, NAN, 0.2]))
    assert few["limits_note"].iloc[-1] == "too few figures for limits"


@pytest.mark.parametrize(("months", "phases"), [(SETTLED_POINTS - 1, 1), (SETTLED_POINTS, 2)])
def test_a_rebase_waits_for_a_year_of_figures(months, phases):
    rows = make_series([0.18, 0.2, 0.19, 0.2, 0.18] + [0.07, 0.08] * 6)
    points = calculate_control(rows.head(5 + months), events=[make_event()])
    assert points["phase"].nunique() == phases


def test_missing_months_do_not_settle_a_phase():
    values = [0.2, 0.18] * 3 + [0.07, NAN] * 6
    assert (
        calculate_control(make_series(values), events=[make_event("2018-07-01")])["phase"]
        .eq(0)
        .all()
    )


def test_an_event_without_rebase_changes_nothing():
    rows = make_series([0.2, 0.18] * 10)
    event = make_event(rebase=False)
    assert calculate_control(rows, events=[event])["phase"].eq(0).all()


def test_a_new_definition_starts_new_limits_at_once():
    rows = make_series([0.2, 0.18] * 5 + [0.1, 0.11, 0.1])
    rows["definition_version"] = ["1"] * 10 + ["2"] * 3
    assert calculate_control(rows)["phase"].tolist() == [0] * 10 + [1] * 3


@pytest.mark.parametrize(
    ("values", "target", "verdict", "share"),
    [
        # Usual range 5.7% to 16.3% as printed.
        ([0.10, 0.12] * 7, {"value": 0.17}, "every time", 1.0),
        ([0.10, 0.12] * 7, {"value": 0.163}, "every time", 1.0),
        ([0.10, 0.12] * 7, {"value": 0.11}, "by chance", 0.5),
        ([0.10, 0.12] * 7, {"value": 0.05}, "never", 0.0),
        ([0.10, 0.12] * 7, {"low": 0.05, "high": 0.10}, "by chance", 43 / 106),
        ([0.10, 0.12] * 6 + [0.10, 0.3], {"value": 0.17}, "unsettled", None),
        ([0.1] * 14, {"value": 0.17}, "", None),
        ([0.10, NAN] * 7, {"value": 0.17}, "", None),
    ],
)
def test_will_we_keep_meeting_it(values, target, verdict, share):
    row = rate(make_series(values), **target)
    assert row["assurance"] == verdict
    if share is not None:
        assert row["share_inside"] == pytest.approx(share)


def test_a_band_is_judged_whole_at_both_edges():
    # Caseload: mean 14.5, every range 1, so 11.84 to 17.16, printed 11.8 to 17.2.
    rows = make_series([14, 15] * 7, measure="caseload_fte")
    assert rate(rows, low=13, high=16)["share_inside"] == pytest.approx(3 / 5.4)
    assert rate(rows, low=13, high=16)["assurance"] == "by chance"
    assert rate(rows, low=11.8, high=17.2)["assurance"] == "every time"
    assert rate(rows, low=5, high=11)["assurance"] == "never"
    assert rate(rows, low=18, high=20)["assurance"] == "never"
    # Below the band is missed too; with a single value it is met.
    assert rate(rows, value=17.5)["assurance"] == "every time"


def test_higher_is_better_where_it_is():
    rows = make_series([0.10, 0.12] * 7, measure="vacancy_agency_cover_rate_fte")
    assert rate(rows, value=0.05)["assurance"] == "every time"
    assert rate(rows, value=0.17)["assurance"] == "never"


@settings(max_examples=40, deadline=None)
@given(values=st.lists(st.floats(0, 1), min_size=2, max_size=30), aim=st.floats(0.01, 0.99))
def test_assurance_is_the_share_inside_at_its_ends(values, aim):
    row = rate(make_series(values), value=aim)
    if row["assurance"] in ("every time", "never"):
        assert row["share_inside"] == pytest.approx(1.0 if row["assurance"] == "every time" else 0)
    elif row["assurance"] == "by chance":
        assert 0 <= row["share_inside"] <= 1


def test_the_input_is_left_as_it_was():
    rows = make_series([0.10, 0.12] * 7)
    before = rows.copy()
    calculate_control(rows, events=[make_event()])
    pd.testing.assert_frame_equal(rows, before)


def test_a_new_definition_is_said_with_its_month_and_earlier_figures_are_not_compared():
    rows = make_series([0.05, 0.18, 0.1, 0.11, 0.12])
    rows["definition_version"] = ["1", "1", "2", "2", "2"]
    said = describe_series(
        rows, calculate_change(rows), targets=[], control=calculate_control(rows)
    )
    change = "The definition changed with March 2018; earlier figures are not comparable."
    assert describe_definition(rows) == (change,)
    assert said[1:3] == (
        change,
        "Between March 2018 and May 2018 the agency rate rose by 2.0 percentage points, from "
        "10.0% to 12.0%; lower is better.",
    )
    assert describe_definition(rows.tail(3)) == ()
