"""Published rates against their parts: the tolerance is worked out, not chosen."""

from __future__ import annotations

import pandas as pd
import pytest

from wfanalytics.measures.compare import NO_BASE, NO_PARTS, compare_published_rates

NAN = float("nan")


def compare(
    measure: str,
    value: float,
    numerator: float,
    denominator: float,
    status: str = "ok",
    year: int = 2019,
) -> pd.Series:
    row = {
        "measure": measure, "period_end": pd.Timestamp(year, 9, 30), "area_level": "authority",
        "area_code": "E10000032", "area_name": "West Sussex", "numerator": numerator,
        "denominator": denominator, "value": value, "status": status, "source": "DfE",
    }  # fmt: skip
    return compare_published_rates(pd.DataFrame([row])).iloc[0]


def test_a_share_moves_with_both_its_parts() -> None:
    # 10 of 100: highest 10.05 of (10.05 + 89.95), lowest 9.95 of (9.95 + 90.05).
    found = compare("vacancy_rate_fte", 0.10, 10, 100)
    assert found["recomputed"] == pytest.approx(10)
    assert found["tolerance"] == pytest.approx(0.05 + 0.05)
    assert found["is_within"]


def test_a_ratio_moves_with_each_part_on_its_own() -> None:
    # 10 / 100: highest 10.05 / 99.95 = 10.0550 per cent, lowest 9.95 / 100.05 = 9.9450.
    found = compare("turnover_rate_fte", 0.10, 10, 100)
    assert found["tolerance"] == pytest.approx(0.05 + 10.05 / 99.95 * 100 - 10)


def test_people_are_counted_exactly() -> None:
    assert compare("turnover_rate_headcount", 0.101, 54, 536)["tolerance"] == 0.05
    assert compare("agency_rate_headcount", 0.127, 78, 614)["tolerance"] == 0.05


def test_caseload_has_exact_cases_and_rounded_fte() -> None:
    # Isles of Scilly 2023: 15 cases, 1.5 FTE, published 9.7; 15 / 1.55 = 9.68.
    found = compare("caseload_fte", 9.7, 15, 1.5)
    assert found["published"] == 9.7
    assert found["tolerance"] == pytest.approx(0.05 + 15 / 1.45 - 10)
    assert found["is_within"]
    assert not compare("caseload_fte", 9.7, 150, 15)["is_within"]


@pytest.mark.parametrize(("year", "days"), [(2019, 253), (2020, 254)])
def test_absence_is_out_of_the_years_working_days(year: int, days: int) -> None:
    found = compare("absence_rate_fte", 0.024, 3005, 494.5 * days, year=year)
    assert found["recomputed"] == pytest.approx(3005 / (494.5 * days) * 100)
    high = 3005.05 / (494.45 * days) * 100
    assert found["tolerance"] == pytest.approx(0.05 + high - found["recomputed"])


def test_a_rate_at_the_edge_of_its_rounding_is_within_and_beyond_it_is_not() -> None:
    assert compare("turnover_rate_headcount", 0.063, 1, 16)["is_within"]  # 6.25, rounded half up
    assert not compare("turnover_rate_headcount", 0.064, 1, 16)["is_within"]


def test_a_withheld_rate_says_why_and_is_not_compared() -> None:
    found = compare("vacancy_agency_cover_rate_fte", NAN, 75.9, 56.3, status="unreliable")
    assert pd.isna(found["is_within"])
    assert found["reason"] == "unreliable"
    assert found["recomputed"] == pytest.approx(134.81, abs=0.01)


def test_a_rate_without_parts_or_base_is_not_compared() -> None:
    assert compare("agency_rate_fte", 0.1, NAN, NAN)["reason"] == NO_PARTS
    found = compare("agency_cover_rate_fte", 0.0, 0, 0)
    assert (found["reason"], pd.isna(found["is_within"])) == (NO_BASE, True)


def test_counts_are_left_out_and_the_input_untouched() -> None:
    row = {
        "measure": "inpost_fte", "period_end": pd.Timestamp("2019-09-30"),
        "area_level": "england", "area_code": "E92000001", "area_name": "England",
        "numerator": NAN, "denominator": NAN, "value": 1.0, "status": "ok", "source": "DfE",
    }  # fmt: skip
    frame = pd.DataFrame([row])
    before = frame.copy()
    result = compare_published_rates(frame)
    assert result.empty
    assert list(result.columns)[-5:] == [
        "published", "recomputed", "tolerance", "is_within", "reason",
    ]  # fmt: skip
    pd.testing.assert_frame_equal(frame, before)
