"""Which target applies on which day, and where a figure stands against it."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from wfanalytics.analysis.targets import (
    calculate_target_status,
    choose_target,
    find_targets,
    override_target,
)  # fmt: skip
from wfanalytics.errors import ParameterError
from wfanalytics.settings import Target

RATE, CASES, CASELOAD = "uncovered_vacancy_rate_fte", "cases", "caseload_fte"


def make_target(measure: str = RATE, **more: object) -> Target:
    base = {"valid_from": date(2019, 7, 1), "label": "t", "source": "s", "status": "our target"}
    return Target(measure=measure, **{**base, **more})


UNDER_10 = make_target(value=0.10, label="under 10%")
BAND = make_target(CASELOAD, low=13, high=16, valid_from=date(2020, 6, 1), label="13 to 16")
ELSEWHERE = make_target(value=0.07, valid_from=date(2017, 12, 1), status="result elsewhere")
TEAM_AIM = make_target(CASES, low=100, high=110, scope_level="any team", status="local policy")


def make_frame(rows: list[tuple[str, float | None]], measure: str = RATE, **more: str):
    """A measure frame of one series from (period end, value) pairs."""
    frame = pd.DataFrame(rows, columns=["period_end", "value"])
    frame["period_end"] = pd.to_datetime(frame["period_end"])
    frame["status"] = ["missing" if pd.isna(value) else "ok" for value in frame["value"]]
    base = {
        "measure": measure, "period_type": "snapshot", "area_level": "authority",
        "area_code": "E1", "area_name": "Shire", "breakdown": "all", "breakdown_value": "all",
        "source": "local",
    }  # fmt: skip
    frame["value"] = frame["value"].astype(float)
    return frame.assign(period_start=frame["period_end"], **{**base, **more})


def rate(value: float | None, *targets: Target, measure: str = RATE) -> str:
    frame = make_frame([("2020-09-30", value)], measure)
    return calculate_target_status(frame, targets)["rating"].item()


# --- which target ---------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("start", "end", "found"),
    [("2019-01-31", "2019-06-30", 0), ("2019-06-30", "2019-07-01", 1),
     ("2019-12-31", "2020-01-31", 1), ("2020-01-01", "2020-12-31", 0)],
)  # fmt: skip
def test_a_target_applies_from_its_first_day_to_its_last(start, end, found):
    target = make_target(value=0.1, valid_to=date(2019, 12, 31))
    span = {"start": pd.Timestamp(start), "end": pd.Timestamp(end)}
    assert len(find_targets([target], measure=RATE, **span)) == found


@pytest.mark.parametrize(
    ("scope", "place", "applies"),
    [({}, ("authority", "Shire"), True), ({}, ("team", "Alpha"), False),
     ({"scope_level": "any team"}, ("team", "Alpha"), True),
     ({"scope_level": "any team"}, ("service", "Front Door"), False),
     ({"scope_level": "service", "scope_name": "Front Door"}, ("service", "Front Door"), True),
     ({"scope_level": "service", "scope_name": "Front Door"}, ("service", "Fostering"), False),
     ({"scope_level": "service"}, ("service", "Fostering"), True)],
)  # fmt: skip
def test_a_target_applies_to_its_own_scope_only(scope, place, applies):
    found = find_targets(
        [make_target(value=0.1, **scope)], measure=RATE, area_level=place[0], area_name=place[1],
        start=date(2020, 1, 1), end=date(2020, 1, 31),
    )  # fmt: skip
    assert bool(found) == applies


def test_our_own_target_goes_before_policy_and_the_newest_before_older_ones():
    policy = make_target(value=0.05, status="local policy", valid_from=date(2020, 1, 1))
    newer = make_target(value=0.08, valid_from=date(2020, 1, 1))
    assert choose_target([policy, UNDER_10, newer]) is newer
    assert choose_target([policy, ELSEWHERE]) is policy
    assert choose_target([ELSEWHERE]) is None


def test_a_teams_own_target_goes_before_one_for_any_team():
    own = make_target(CASES, low=60, high=80, scope_level="team", scope_name="Alpha",
                      status="local policy")  # fmt: skip
    newer = make_target(CASES, low=100, high=110, scope_level="any team",
                        status="local policy", valid_from=date(2020, 1, 1))  # fmt: skip
    assert choose_target([newer, own]) is own


# --- where a figure stands ------------------------------------------------------------------
@pytest.mark.parametrize(
    ("value", "rating"),
    [(0.099, "met"), (0.1, "met"), (0.1004, "met"), (0.1005, "near"), (0.11, "near"),
     (0.1105, "missed"), (None, "no figure")],
)  # fmt: skip
def test_lower_is_better_as_printed_and_near_is_one_point(value, rating):
    assert rate(value, UNDER_10) == rating


@pytest.mark.parametrize(
    ("value", "rating"),
    [(0.8, "met"), (0.9, "met"), (0.79, "near"), (0.78, "missed")],
)
def test_higher_is_better(value, rating):
    name = "vacancy_agency_cover_rate_fte"
    assert rate(value, make_target(name, value=0.8), measure=name) == rating


@pytest.mark.parametrize(
    ("value", "rating"),
    [(13.0, "met"), (16.04, "met"), (16.05, "near"), (17.0, "near"), (17.1, "missed"),
     (12.0, "near"), (11.9, "missed")],
)  # fmt: skip
def test_a_band_is_met_inside_and_near_within_one_case(value, rating):
    assert rate(value, BAND, measure=CASELOAD) == rating


def test_a_single_value_for_a_banded_measure_is_a_ceiling():
    target = make_target(CASELOAD, value=16)
    assert [rate(x, target, measure=CASELOAD) for x in (9.0, 16.0, 17.0)] == ["met", "met", "near"]


def test_a_band_for_a_measure_where_lower_is_better_has_no_floor():
    assert rate(0.02, make_target(low=0.05, high=0.07)) == "met"


def test_without_a_direction_only_a_band_is_rated():
    assert rate(105, make_target(CASES, value=100), measure=CASES) == "no target"
    band = make_target(CASES, low=100, high=110)
    assert [rate(x, band, measure=CASES) for x in (100, 110, 111)] == ["met", "met", "missed"]


def test_a_result_elsewhere_never_rates():
    result = calculate_target_status(make_frame([("2020-09-30", 0.2)]), [ELSEWHERE])
    row = result.iloc[0]
    assert (row["rating"], row["target_label"]) == ("no target", "")
    assert pd.isna(row["gap"])
    assert pd.isna(row["target_value"])


def test_gap_is_signed_and_in_the_unit_of_the_frame():
    rows = [("2019-07-31", 0.185), ("2019-08-31", 0.07), ("2019-09-30", None)]
    result = calculate_target_status(make_frame(rows), [UNDER_10])
    assert result["gap"].tolist()[:2] == [0.085, -0.03]
    assert pd.isna(result["gap"].iloc[2])
    cases = [("2020-06-30", 18.5), ("2020-07-31", 15.0), ("2020-08-31", 12.0)]
    result = calculate_target_status(make_frame(cases, CASELOAD), [BAND])
    assert result["gap"].tolist() == [2.5, 0.0, -1.0]
    assert result[["target_low", "target_high"]].to_numpy().tolist() == [[13.0, 16.0]] * 3


def test_rows_before_the_target_have_none():
    rows = [("2019-06-30", 0.2), ("2019-07-31", 0.2)]
    result = calculate_target_status(make_frame(rows), [UNDER_10])
    assert result["rating"].tolist() == ["no target", "missed"]
    assert result["target_label"].tolist() == ["", "under 10%"]
    assert result["target_status_text"].tolist() == ["", "our target"]


def test_since_is_the_first_of_the_run_and_a_gap_ends_it():
    values = [0.2, 0.09, 0.08, None, 0.09, 0.09]
    days = pd.date_range("2019-07-31", periods=6, freq="ME")
    frame = make_frame(list(zip(days, values, strict=True)))
    shuffled = frame.sample(frac=1, random_state=1)
    result = calculate_target_status(shuffled, [UNDER_10])
    assert result.index.equals(shuffled.index)
    since = result.sort_index()["since"].dt.month.tolist()
    assert since == [7, 8, 8, 10, 11, 11]


def test_each_place_has_its_own_run():
    authority = make_frame([("2020-08-31", 105), ("2020-09-30", 105)], CASES)
    team = make_frame([("2020-08-31", 90), ("2020-09-30", 105)], CASES, area_level="team",
                      area_name="Alpha", area_code="alpha")  # fmt: skip
    result = calculate_target_status(pd.concat([authority, team], ignore_index=True), [TEAM_AIM])
    assert result["rating"].tolist() == ["no target", "no target", "missed", "met"]
    assert result["since"].dt.month.tolist() == [8, 8, 8, 9]


def test_the_frame_is_untouched():
    frame = make_frame([("2020-09-30", 0.09)])
    before = frame.copy()
    calculate_target_status(frame, [UNDER_10])
    pd.testing.assert_frame_equal(frame, before)


def test_no_rows_and_no_targets():
    frame = make_frame([("2020-09-30", 0.09)])
    assert calculate_target_status(frame, [])["rating"].tolist() == ["no target"]
    assert calculate_target_status(frame.iloc[:0], [UNDER_10]).empty


# --- targets set for one run ----------------------------------------------------------------
def test_nothing_given_changes_nothing():
    assert override_target([UNDER_10, BAND], measure=RATE) == (UNDER_10, BAND)


def test_a_value_replaces_our_target_and_keeps_its_first_day():
    changed = override_target([UNDER_10, ELSEWHERE, BAND], measure=RATE, value=0.06)
    assert changed[:2] == (ELSEWHERE, BAND)
    new = changed[2]
    assert (new.value, new.valid_from, new.valid_to) == (0.06, date(2019, 7, 1), None)
    assert (new.label, new.status) == ("target 6% (set for this run)", "our target")


def test_one_edge_keeps_the_other():
    changed = override_target([BAND], measure=CASELOAD, high=18)
    assert (changed[0].low, changed[0].high) == (13, 18)
    assert changed[0].label == "target 13 to 18 (set for this run)"
    fresh = override_target([], measure=CASELOAD, low=12.5)
    assert (fresh[0].low, fresh[0].high) == (12.5, 16.0)
    assert fresh[0].label == "target 12.5 to 16 (set for this run)"


def test_an_impossible_band_is_refused_in_words():
    with pytest.raises(ParameterError) as error:
        override_target([BAND], measure=CASELOAD, low=20)
    assert str(error.value) == (
        "The target given for average caseload is impossible: low must be below high."
    )
    with pytest.raises(ParameterError) as error:
        override_target([], measure=RATE, value=float("nan"))
    assert str(error.value) == (
        "The target given for uncovered vacancy rate is impossible: must be a finite number."
    )
