"""Control charts on vectors short enough to check by hand.

Most start from twelve points, 11 and 9 in turn, on which limits are frozen: the centre is 10, the
mean moving range 2, the limits 10 ± 5.32 and the lines of "near" 10 ± 3.5467.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from wfanalytics.analysis.spc import calculate_spc, find_phases, summarise_spc
from wfanalytics.errors import WfanalyticsError
from wfanalytics.settings import Event

BASE = [11.0, 9.0] * 6
NAN = float("nan")


def make_rows(values, *, team="A", start="2018-01-31"):
    ends = pd.date_range(start, periods=len(values), freq="ME")
    return pd.DataFrame({"team": team, "period_end": ends, "value": values})


def chart(values, **kwargs):
    settings = {"better": "lower", "by": ["team"], **kwargs}
    return calculate_spc(make_rows(values), **settings)


def after_base(tail, **kwargs):
    """What is said of the points that follow the twelve."""
    result = chart([*BASE, *tail], baseline_points=12, **kwargs)
    assert (result["rule"].iloc[:11] == "").all()
    return result.iloc[12:]


def rules(result):
    return (result["rule"] + " " + result["direction"]).str.strip().tolist()


def summary(values, **kwargs):
    return summarise_spc(chart(values, **kwargs), by=["team"]).iloc[0]


# --- limits --------------------------------------------------------------------------------------


def test_limits_are_the_mean_and_266_mean_moving_ranges():
    row = chart(BASE).iloc[-1]
    assert (row["centre"], row["moving_range"]) == (10, 2)
    assert (row["lower"], row["upper"]) == (10 - 2.66 * 2, 10 + 2.66 * 2)
    near = 2 * 2.66 / 3 * 2
    assert (row["lower_near"], row["upper_near"]) == (10 - near, 10 + near)


def test_an_exceptional_range_is_left_out_once_and_its_value_stays_in_the_centre():
    values = [10, 11] * 6 + [30]
    # Twelve ranges: eleven of 1 and one of 19. Their mean is 2.5, and 19 > 3.267 × 2.5.
    screened, whole = chart(values).iloc[0], chart(values, screen=False).iloc[0]
    assert screened["centre"] == whole["centre"] == 156 / 13
    assert screened["upper"] == 156 / 13 + 2.66
    assert whole["upper"] == 156 / 13 + 2.66 * 2.5


def test_later_points_are_judged_by_frozen_limits_and_do_not_move_them():
    assert set(after_base([30, 30, 30])["upper"]) == {10 + 2.66 * 2}


def test_a_baseline_longer_than_the_series_changes_nothing():
    pd.testing.assert_frame_equal(chart(BASE, baseline_points=40), chart(BASE))


def test_limits_are_not_cut_at_zero():
    assert chart([0, 3] * 7)["lower"].iloc[0] == 1.5 - 2.66 * 3


@pytest.mark.parametrize(("values", "n"), [(BASE, 12), ([*BASE, 11.0, NAN, NAN], 13)])
def test_limits_from_fewer_than_thirteen_figures_are_provisional(values, n):
    result = chart(values)
    assert set(result["is_provisional_limits"]) == {n < 13}
    assert set(result["limits_note"]) == {"provisional" if n < 13 else ""}


def test_a_missing_figure_is_not_counted_towards_firm_limits():
    assert chart([*BASE, NAN])["is_provisional_limits"].all()


# --- too little to draw limits from --------------------------------------------------------------


def test_a_flat_line_has_a_centre_no_limits_and_no_rule():
    result = chart([14.3] * 24)
    assert set(result["centre"]) == {14.3}
    assert result[["lower", "upper"]].isna().all(axis=None)
    assert set(result["side"]) == {0}
    assert set(rules(result)) == {""}
    assert set(result["limits_note"]) == {"not enough variation for limits"}
    assert result["is_collapsed"].all()
    assert not result["has_limits"].any()


def test_a_flat_line_without_screening_has_limits_on_the_centre():
    result = chart([14.3] * 24, screen=False)
    assert set(result["lower"]) == set(result["upper"]) == {14.3}
    assert set(rules(result)) == {""}
    assert result["has_limits"].all()
    assert result["is_collapsed"].all()


def test_limits_that_collapse_by_screening_keep_the_labels_of_the_reference():
    # Two ranges of 1 in twenty-two: screened out, and every point is off the mean of 1/23.
    result = chart([0] * 11 + [1] + [0] * 11)
    assert set(result["lower"]) == set(result["upper"]) == {1 / 23}
    assert set(result["rule"]) == {"outside"}
    assert set(result["limits_note"]) == {"not enough variation for limits"}


def test_differences_that_only_rounding_made_are_no_variation():
    result = chart([0.1 + 0.2, 0.3] * 7)
    assert result["has_limits"].all()
    assert set(result["limits_note"]) == {"not enough variation for limits"}


@pytest.mark.parametrize("values", [[14.3], [NAN, 14.3], [14.3, NAN, 15.0], [NAN]])
def test_limits_need_two_neighbouring_figures(values):
    result = chart(values)
    assert not result["has_limits"].any()
    assert set(result["limits_note"]) == {"too few figures for limits"}
    assert not result["is_collapsed"].any()


# --- rules ---------------------------------------------------------------------------------------


def test_outside_is_strict_and_a_point_on_the_limit_is_near():
    limit = 10 + 2.66 * 2
    result = after_base([np.nextafter(limit, 20), 9.5, limit])
    assert rules(result) == ["outside up", "", ""]
    assert result["is_near"].tolist() == [False, False, True]


def test_seven_on_one_side_are_a_shift_and_all_of_them_are_marked():
    assert rules(after_base([10.5] * 7)) == ["shift up"] * 7
    assert rules(after_base([10.5] * 6)) == [""] * 6


@pytest.mark.parametrize("value", [10, NAN, 9.5])
def test_a_point_on_the_centre_missing_or_across_it_ends_a_shift(value):
    assert set(rules(after_base([10.5] * 4 + [value] + [10.5] * 6))) == {""}


def test_six_rises_are_a_trend_of_seven_points_wherever_the_centre_is():
    # The 9 before them is the lowest, so the last of the twelve is part of it.
    result = chart([*BASE, 9.1, 9.2, 9.3, 9.4, 9.5, 9.6], baseline_points=12)
    assert rules(result)[10:] == ["", *["trend up"] * 7]
    assert set(result["side"].iloc[-7:]) == {-1}
    assert rules(after_base([9.1, 9.2, 9.3, 9.4, 9.5])) == [""] * 5


def test_a_trend_wins_over_the_shift_it_is_in():
    result = after_base([10.1, 10.2, 10.3, 10.4, 10.5, 10.6, 10.7])
    assert result["is_in_shift"].all()
    assert rules(result) == ["trend up"] * 7


@pytest.mark.parametrize("value", [10.2, NAN])
def test_a_tie_or_a_gap_ends_a_trend(value):
    assert set(rules(after_base([9.4, 9.8, 10.2, value, 10.6, 11, 11.4]))) == {""}


def test_the_point_of_a_v_belongs_to_the_later_trend():
    result = after_base([12, 11.5, 11, 10.5, 10.2, 9.8, 9.5, 9.8, 10.2, 10.5, 11, 11.5, 12])
    assert rules(result) == ["trend down"] * 6 + ["trend up"] * 7


def test_where_two_trends_join_the_last_point_of_the_first_takes_the_step_across():
    rise = [9.5, 9.6, 9.7, 9.8, 9.9, 10.1]
    for second in ([9.2, *rise], [10.1, 10.2, 10.3, 10.4, 10.5, 10.6, 10.7]):
        result = chart([*BASE, *rise, *second], baseline_points=12)
        assert rules(result)[11:18] == ["trend up"] * 6 + ["trend down"]
        assert set(rules(result)[18:]) == {"trend up"}


def test_two_in_three_marks_only_the_near_points():
    assert rules(after_base([14, 10.5, 14])) == ["two_in_three up", "", "two_in_three up"]
    assert rules(after_base([9.5, 6, 6, 9.5])) == [
        "", "two_in_three down", "two_in_three down", "",
    ]  # fmt: skip


@pytest.mark.parametrize("between", [[9.5], [10], [NAN], [10.5, 10.5]])
def test_two_near_points_do_not_fire_across_the_centre_a_gap_or_a_longer_window(between):
    assert set(rules(after_base([14, *between, 14]))) == {""}


def test_a_point_outside_is_not_near_so_one_outside_and_one_near_do_not_fire():
    assert rules(after_base([16, 14, 11])) == ["outside up", "", ""]


def test_two_in_three_wins_over_a_shift_and_outside_over_all():
    result = after_base([10.5, 10.5, 14, 14, 16, 10.5, 10.5])
    assert rules(result) == [
        "shift up", "shift up", "two_in_three up", "two_in_three up", "outside up", "shift up",
        "shift up",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("better", "up", "down"),
    [
        ("lower", "concern", "improvement"),
        ("higher", "improvement", "concern"),
        ("neither", "neutral_high", "neutral_low"),
        ("within band", "neutral_high", "neutral_low"),
    ],
)
def test_a_point_is_good_or_bad_by_the_direction_of_its_label(better, up, down):
    assert after_base([16, 4, 10.5], better=better)["point_type"].tolist() == [
        up, down, "common_cause",
    ]  # fmt: skip


# --- from when to when ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tail", "place", "reach"),
    [
        ([10.5] * 3 + [16] + [10.5] * 4, 0, (0, 7)),  # a shift, with a point outside in it
        ([9.5, 16, 17, 9.5], 1, (1, 2)),  # neighbours outside on one side
        ([9.5, 16, 4], 1, (1, 1)),
        ([9.1, 9.2, 9.3, 9.4, 9.5, 9.6], 5, (-1, 5)),
        ([12, 11.5, 11, 10.5, 10.2, 9.8, 9.5, 9.8, 10.2, 10.5, 11, 11.5, 12], 6, (6, 12)),
        ([12, 11.5, 11, 10.5, 10.2, 9.8, 9.5, 9.8, 10.2, 10.5, 11, 11.5, 12], 5, (0, 6)),
        ([10.5, 14, 10.5, 14, 10.5], 1, (1, 3)),
    ],
)
def test_each_label_says_from_when_to_when_its_pattern_goes(tail, place, reach):
    result = chart([*BASE, *tail], baseline_points=12)
    days, row = result["period_end"], result.iloc[12 + place]
    assert row["rule"] != ""
    assert (row["rule_start"], row["rule_end"]) == tuple(days[12 + end] for end in reach)
    quiet = result["rule"] == ""
    assert result.loc[quiet, ["rule_start", "rule_end"]].isna().all(axis=None)


# --- phases --------------------------------------------------------------------------------------


def test_a_phase_starts_on_its_date_with_limits_of_its_own():
    values = [11, 9, 11, 9, 21, 19, 21, 19]
    result = chart(values, phases=[pd.Timestamp("2018-05-31")])
    assert result["phase"].tolist() == [0, 0, 0, 0, 1, 1, 1, 1]
    assert result["centre"].tolist() == [10] * 4 + [20] * 4
    assert result["moving_range"].isna().tolist() == [True, False, False, False] * 2


def test_nothing_crosses_from_one_phase_to_the_next():
    steady = [10, 12] * 6
    rise = [10.5, 10.6, 10.7, 10.8, 10.9, 11.1, 11.2, 11.3]
    together = chart(steady + rise)
    assert "trend" in set(together["rule"])
    apart = chart(steady + rise, phases=[pd.Timestamp("2019-04-30")])
    assert "trend" not in set(apart["rule"])


def test_dates_without_a_point_and_the_first_date_change_nothing():
    plain = chart(BASE)
    for day in (date(2018, 5, 1), np.datetime64("2018-01-31"), pd.Timestamp("2030-01-31")):
        pd.testing.assert_frame_equal(chart(BASE, phases=[day]), plain)


def test_the_last_point_may_be_a_phase_of_its_own():
    row = chart([*BASE, 30.0], phases=[date(2019, 1, 31)]).iloc[-1]
    assert (row["phase"], row["centre"], row["rule"]) == (1, 30, "")
    assert row["limits_note"] == "too few figures for limits"


def test_phases_may_differ_by_series():
    frame = pd.concat([make_rows(BASE), make_rows(BASE, team="B")], ignore_index=True)
    phases = {"B": [date(2018, 3, 31), date(2018, 7, 31)], "C": [date(2018, 3, 31)]}
    result = calculate_spc(frame, better="lower", by=["team"], phases=phases)
    assert result.groupby("team")["phase"].max().to_dict() == {"A": 0, "B": 2}
    keys = {("B", "x"): [date(2018, 3, 31)]}
    several = calculate_spc(
        frame.assign(kind="x"), better="lower", by=["team", "kind"], phases=keys
    )
    assert several.groupby("team")["phase"].max().to_dict() == {"A": 0, "B": 1}


def test_a_baseline_counts_from_the_start_of_each_phase():
    values = [*BASE, 30, 30, *(value + 10 for value in BASE), 60, 60]
    result = chart(values, phases=[date(2019, 3, 31)], baseline_points=12)
    assert result["centre"].unique().tolist() == [10, 20]


EVENTS = [
    Event(date=date(2018, 3, 14), label="Joined", kind="reorganisation", rebase=True, reason="why"),
    Event(date=date(2018, 3, 30), label="Named", kind="reorganisation", rebase=True, reason="why"),
    Event(date=date(2018, 5, 31), label="Moved", kind="other", rebase=True, reason="why"),
    Event(date=date(2018, 6, 1), label="Inspected", kind="inspection"),
    Event(date=date(2030, 1, 1), label="To come", kind="other", rebase=True, reason="why"),
]


def test_phases_come_from_rebasing_events_and_start_with_the_period_that_holds_them():
    ends = make_rows(BASE)["period_end"]
    assert [str(day.date()) for day in find_phases(EVENTS, ends[::-1])] == [
        "2018-03-31", "2018-05-31",
    ]  # fmt: skip
    assert find_phases([], ends) == ()
    assert chart(BASE, phases=find_phases(EVENTS, ends))["phase"].max() == 2


# --- missing figures and dates -------------------------------------------------------------------


def test_a_gap_takes_both_its_ranges_with_it_and_is_common_cause():
    result = chart([11, 9, NAN, 11, 9, 11, 9])
    assert result["centre"].iloc[0] == 10
    assert result["moving_range"].isna().tolist() == [True, False, True, True, False, False, False]
    assert result["point_type"].iloc[2] == "common_cause"


def test_a_gap_counts_as_one_of_the_points_limits_are_frozen_on():
    result = chart([NAN, *BASE, 40], baseline_points=12)
    assert result["centre"].iloc[0] == 111 / 11


def test_a_month_that_is_left_out_is_not_there():
    whole = chart([11, 9, 11, 9, 11])
    gappy = make_rows([11, 9, 11, 99, 9, 11]).drop(index=3)
    result = calculate_spc(gappy, better="lower", by=["team"])
    assert result["upper"].iloc[0] == whole["upper"].iloc[0]


# --- summary -------------------------------------------------------------------------------------


def test_variation_is_that_of_the_last_point_and_the_last_rule_is_named_with_its_dates():
    row = summary([*BASE, *[10.5] * 7, 9.5], baseline_points=12)
    assert (row["variation"], row["rule"], row["direction"]) == ("common_cause", "shift", "up")
    assert row["rule_start"] == pd.Timestamp("2019-01-31")
    assert row["rule_end"] == pd.Timestamp("2019-07-31")
    assert row["n_points"] == 20
    assert row["period_end"] == pd.Timestamp("2019-08-31")
    assert row.index.tolist() == [
        "team", "period_end", "value", "better", "target", "phase", "centre", "lower", "upper",
        "lower_near", "upper_near", "has_limits", "is_collapsed", "is_provisional_limits",
        "limits_note", "n_points", "variation", "assurance", "rule", "direction", "rule_start",
        "rule_end",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("last", "better", "variation"),
    [
        (16, "lower", "concern_high"),
        (4, "lower", "improvement_low"),
        (16, "higher", "improvement_high"),
        (4, "higher", "concern_low"),
        (16, "neither", "neutral_high"),
        (4, "neither", "neutral_low"),
        (NAN, "lower", "common_cause"),
    ],
)
def test_variation_carries_the_direction(last, better, variation):
    assert summary([*BASE, last], baseline_points=12, better=better)["variation"] == variation


LIMITS = chart(BASE).iloc[0]


@pytest.mark.parametrize(
    ("target", "better", "assurance"),
    [
        (16, "lower", "consistent_pass"),
        (4, "lower", "consistent_fail"),
        (16, "higher", "consistent_fail"),
        (4, "higher", "consistent_pass"),
        (10, "lower", "inconsistent"),
        (LIMITS["upper"], "lower", "inconsistent"),
        (LIMITS["lower"], "higher", "inconsistent"),
        (16, "neither", "none"),
        (16, "within band", "none"),
        (None, "lower", "none"),
    ],
)
def test_assurance_holds_the_target_against_the_limits(target, better, assurance):
    assert summary(BASE, target=target, better=better)["assurance"] == assurance


def test_assurance_without_limits_is_inconsistent_and_with_collapsed_ones_a_verdict():
    assert summary([14.3] * 24, target=12)["assurance"] == "inconsistent"
    assert summary([14.3] * 24, target=12, screen=False)["assurance"] == "consistent_fail"


def test_assurance_is_of_the_last_phase():
    values = [11, 9] * 6 + [21, 19] * 6
    assert summary(values, target=12, phases=[date(2019, 1, 31)])["assurance"] == "consistent_fail"


def test_no_rule_is_an_empty_name_and_no_dates():
    row = summary(BASE)
    assert (row["rule"], row["direction"]) == ("", "")
    assert pd.isna(row["rule_start"])
    assert pd.isna(row["rule_end"])


# --- frames --------------------------------------------------------------------------------------


def test_rows_index_and_columns_stay_and_the_input_is_untouched():
    frame = make_rows([*BASE, 20.0]).assign(note="kept").sample(frac=1, random_state=1)
    frame.index = [7] * len(frame)
    before = frame.copy(deep=True)
    result = calculate_spc(frame, better="lower", by=["team"])
    pd.testing.assert_frame_equal(frame, before)
    pd.testing.assert_frame_equal(result[list(frame)], frame)
    assert result.loc[result["value"] == 20, "rule"].tolist() == ["outside"]
    again = calculate_spc(result, better="lower", by=["team"])
    pd.testing.assert_frame_equal(again, result)


def test_settings_may_be_columns_indexed_like_the_frame():
    frame = pd.concat([make_rows([*BASE, 20.0]), make_rows([*BASE, 20.0], team="B")])
    is_a = frame["team"] == "A"
    assert not frame.index.is_unique
    frame["aim"] = np.where(is_a, 20.0, NAN)
    result = calculate_spc(
        frame,
        better=is_a.map({True: "lower", False: "higher"}),
        target=frame["aim"],
        baseline_points=is_a.map({True: 12, False: None}),
        screen=is_a,
        by=["team"],
    )
    found = summarise_spc(result, by=["team"])
    assert found["variation"].tolist() == ["concern_high", "improvement_high"]
    assert found["assurance"].tolist() == ["consistent_pass", "none"]
    assert found["centre"].tolist() == [10, 140 / 13]
    result["target"] *= 2
    assert frame["aim"].max() == 20


def test_series_keep_their_order_and_one_without_a_name_is_one():
    parts = [
        make_rows([value] * 3, team=team) for team, value in (("B", 1.0), (None, 2.0), ("A", 3.0))
    ]
    result = calculate_spc(pd.concat(parts, ignore_index=True), better="lower", by=["team"])
    found = summarise_spc(result, by=["team"])
    assert found["value"].tolist() == [1.0, 2.0, 3.0]
    assert found["n_points"].tolist() == [3, 3, 3]


def test_nothing_in_nothing_out():
    empty = make_rows([1.0]).iloc[:0]
    result = calculate_spc(empty, better="lower", by=["team"], phases=[date(2018, 3, 31)])
    assert len(result) == 0
    assert list(result) == list(chart(BASE))
    assert len(summarise_spc(result, by=["team"])) == 0


def test_a_key_that_is_missing_is_a_series_too_and_no_key_is_one_series():
    frame = pd.concat([make_rows(BASE, team=None), make_rows([1.0, 3.0])], ignore_index=True)
    result = calculate_spc(frame, better="lower", by=["team"])
    assert result["centre"].tolist() == [10] * 12 + [2] * 2
    numbers = frame.assign(team=pd.array([None] * 12 + [1] * 2, dtype="Int64"))
    again = calculate_spc(numbers, better="lower", by=["team"])
    assert again["centre"].tolist() == result["centre"].tolist()
    assert chart(BASE, by=[])["centre"].tolist() == [10] * 12


# --- what is refused -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "settings", "message"),
    [
        (
            {"period_end": pd.Timestamp("2020-01-31")}, {},
            "column period_end: two rows of one series have the same date. Found '2020-01-31'. "
            "Keep one row for each date, or name the columns that tell series apart in by.",
        ),
        (
            {"value": "7"}, {},
            "column value: not numbers. Turn the column into numbers first.",
        ),
        (
            {"value": True}, {},
            "column value: not numbers. Turn the column into numbers first.",
        ),
        (
            {"value": float("inf")}, {},
            "column value: an infinite figure. Look for a division by 0 before this step.",
        ),
        (
            {"period_end": "2020-01"}, {},
            "column period_end: not dates. Turn the column into dates first.",
        ),
        (
            {"period_end": pd.NaT}, {},
            "column period_end: a row has no date. Leave out rows without one.",
        ),
        (
            {}, {"by": ["tem"]},
            "Unknown column 'tem'. Did you mean 'team'? Known: period_end, team, value.",
        ),
        (
            {}, {"value": "rate"},
            "Unknown column 'rate'. Known: period_end, team, value.",
        ),
        (
            {}, {"better": "less"},
            "Unknown direction of better 'less'. Known: higher, lower, neither, within band.",
        ),
        (
            {}, {"baseline_points": 11},
            "baseline_points is 11. Freeze limits on 12 points or more, or leave it out.",
        ),
        (
            {}, {"baseline_points": 12.5},
            "baseline_points is 12.5. Freeze limits on 12 points or more, or leave it out.",
        ),
        ({}, {"target": "7%"}, "target is not a number."),
        (
            {}, {"target": pd.Series([1.0])},
            "The column given for target has other rows than the frame.",
        ),
        (
            {}, {"better": pd.Series(["lower"])},
            "The column given for better has other rows than the frame.",
        ),
        (
            {}, {"phases": ["2018-05-31"]},
            "phases holds something that is not a date, such as text.",
        ),
        (
            {}, {"phases": {"A": "2018-05-31"}},
            "phases holds something that is not a date, such as text.",
        ),
    ],
)  # fmt: skip
def test_what_is_refused_and_how(change, settings, message):
    frame = make_rows(BASE).assign(**change)
    with pytest.raises(WfanalyticsError) as caught:
        calculate_spc(frame, **{"better": "lower", "by": ["team"], **settings})
    assert str(caught.value) == message
