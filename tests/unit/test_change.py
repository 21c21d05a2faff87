"""Which earlier figures the latest one is compared with."""

from __future__ import annotations

import numpy as np
import pandas as pd

from wfanalytics.analysis.change import calculate_change


def make_rows(values, *, start="2018-01-31", status=None):
    ends = pd.date_range(start, periods=len(values), freq="ME")
    marks = status or ["missing" if np.isnan(v) else "ok" for v in values]
    return pd.DataFrame({"period_end": ends, "value": values, "status": marks})


def test_a_fall_from_a_peak_turns_at_the_peak():
    change = calculate_change(make_rows([0.12, 0.15, 0.185, 0.17, 0.11, 0.07]))
    assert change.turning_point["value"] == 0.185


def test_a_rise_after_a_fall_turns_at_the_trough_not_the_older_peak():
    change = calculate_change(make_rows([0.12, 0.185, 0.06, 0.065, 0.087]))
    assert change.turning_point["value"] == 0.06


def test_the_latest_figure_is_never_its_own_turning_point():
    change = calculate_change(make_rows([0.05, 0.06, 0.09]))
    assert change.turning_point["value"] == 0.05


def test_a_turning_point_older_than_two_years_is_forgotten():
    values = [0.30] + [0.10] * 24 + [0.12]
    assert calculate_change(make_rows(values)).turning_point["value"] == 0.10


def test_a_year_ago_is_the_same_month_and_none_where_it_has_no_figure():
    values = [0.1 + i / 100 for i in range(14)]
    assert calculate_change(make_rows(values)).year_ago["value"] == values[1]
    values[1] = float("nan")
    assert calculate_change(make_rows(values)).year_ago is None


def test_a_leap_year_february_is_a_year_before_the_28th():
    change = calculate_change(make_rows([0.1] + [0.2] * 12, start="2019-02-28"))
    assert change.year_ago["period_end"] == pd.Timestamp("2019-02-28")


def test_a_week_is_compared_with_the_week_52_weeks_before():
    ends = pd.date_range("2019-09-29", periods=53, freq="7D")
    rows = pd.DataFrame({"period_end": ends, "value": range(53), "status": "ok"})
    assert calculate_change(rows).year_ago["period_end"] == pd.Timestamp("2019-09-29")


def test_one_figure_and_a_missing_latest_have_nothing_to_compare():
    assert calculate_change(make_rows([0.1])).turning_point is None
    change = calculate_change(make_rows([0.1, float("nan")]))
    assert change.turning_point is None
    assert not change.has_figure


def test_order_of_rows_does_not_matter_and_the_input_is_untouched():
    rows = make_rows([0.12, 0.185, 0.06, 0.087])
    before = rows.copy()
    shuffled = calculate_change(rows.iloc[[2, 0, 3, 1]])
    assert shuffled.turning_point["value"] == 0.06
    pd.testing.assert_frame_equal(rows, before)
