"""Figures that are possible and unlikely are asked about (A24, A25); usual ones are not."""

from __future__ import annotations

import pandas as pd
import pytest

from wfanalytics.measures.checks import query_figures


def figures(measure: str, *values: float | None, level: str = "authority") -> pd.DataFrame:
    ends = pd.date_range("2019-01-31", periods=len(values), freq="ME")
    return pd.DataFrame({
        "measure": measure, "period_start": ends, "period_end": ends, "period_type": "snapshot",
        "area_level": level, "area_code": "E1", "area_name": "Shire", "breakdown": "all",
        "breakdown_value": "all", "numerator": None, "denominator": None, "value": values,
        "status": ["missing" if value is None else "ok" for value in values],
        "definition_version": "1", "source": "local",
    })  # fmt: skip


def reasons(*frames: pd.DataFrame) -> list[tuple[str, str]]:
    found = query_figures(pd.concat(frames))
    assert set(found["severity"]) <= {"Q"}
    return list(zip(found["rule"], found["reason"], strict=True))


@pytest.mark.parametrize(
    ("measure", "usual", "odd"),
    [("vacancy_rate_fte", 0.62, 0.63), ("agency_rate_fte", 0.55, 0.56),
     ("turnover_rate_fte", 0.5, 0.51), ("caseload_fte", 33.0, 33.1), ("caseload_fte", 8.0, 7.9)],
)  # fmt: skip
def test_a_figure_outside_what_any_authority_published_a24(measure, usual, odd):
    assert reasons(figures(measure, usual)) == []
    assert [rule for rule, _ in reasons(figures(measure, odd))] == ["A24"]
    assert reasons(figures(measure, odd, level="team")) == []


def test_the_question_names_place_month_figure_and_value_a24():
    assert reasons(figures("vacancy_rate_fte", 0.75)) == [
        ("A24", "Shire, January 2019: vacancy rate before agency cover 75.0% is outside what "
         "any authority published")]  # fmt: skip


@pytest.mark.parametrize(
    ("values", "asked"),
    [((100, 120), 0), ((100, 121), 1), ((100, 79), 1), ((29, 60), 0), ((100, None, 150), 0),
     ((100, 101) * 8 + (106,), 0), ((100, 101) * 8 + (107,), 1), ((100, 101) * 3 + (107,), 0)],
)  # fmt: skip
def test_a_jump_from_one_month_to_the_next_a25(values, asked):
    found = reasons(figures("inpost_headcount", *values))
    assert [rule for rule, _ in found] == ["A25"] * asked


def test_a_file_cut_off_is_a_jump_back_and_forth_a25():
    found = reasons(figures("inpost_headcount", 400, 200, 400))
    assert [reason[:21] for _, reason in found] == [
        "Shire, February 2019:",
        "Shire, March 2019: pe",
    ]


@pytest.mark.parametrize(
    ("stated", "said"),
    [((0.085, 0.072, 0.09), None), ((8.5, 7.2, 9.0), "about 90 times"),
     ((0.0008, 0.0009, 0.0008), "less than a twentieth of"), ((8.5, 0.095, 0.1), None),
     ((0.0, 0.0, 0.09), None), ((None, None, None), None)],
)  # fmt: skip
def test_rates_of_the_summary_a_hundred_times_ours_are_asked_about_a13(stated, said):
    ours = figures("vacancy_rate_fte", 0.09, 0.08, 0.1)
    summary = pd.DataFrame({
        "file": "summary.csv", "sheet": "", "row": [3, 4, 5], "month": ours["period_end"],
        "figure": "vacancy_rate_fte", "value": pd.Series(stated, dtype="float64"), "status": "ok",
    })  # fmt: skip
    found = query_figures(ours, summary)
    if said is None:
        assert found.empty
        return
    (row,) = found.to_dict("records")
    assert (row["table"], row["file"], row["row"], row["column"], row["rule"], row["severity"]) == (
        "summary", "summary.csv", 3, "vacancy_rate_fte", "A13", "Q")  # fmt: skip
    assert row["reason"] == (
        f"the vacancy rate before agency cover stated here is {said} the one calculated from the "
        "extracts: is it a percentage without its sign?")  # fmt: skip
