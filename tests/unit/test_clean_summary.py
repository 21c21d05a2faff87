"""The council's own summary: kept as stated, percentages as fractions."""

from __future__ import annotations

import pandas as pd
import pytest
from tests.unit.extracts import check, clean, list_notes, make_table

from wfanalytics.errors import InputError


def refusal(*extracts) -> str:
    with pytest.raises(InputError) as error:
        clean("summary", *extracts)
    return str(error.value)


def test_one_row_a_month_and_figure():
    rows, repairs = clean("summary", make_table("summary", {}, {"Month": "Sept-19"}))
    frame = check(rows, "summary").set_index(["month", "figure"])["value"]
    july, september = pd.Timestamp("2019-07-31"), pd.Timestamp("2019-09-30")
    assert frame.to_dict() == {
        (july, "uncovered_vacancy_rate_fte"): pytest.approx(0.07), (july, "leavers_headcount"): 2,
        (september, "uncovered_vacancy_rate_fte"): pytest.approx(0.07),
        (september, "leavers_headcount"): 2,
    }  # fmt: skip
    assert repairs["rule"].tolist() == ["A13"]


def test_a_figure_not_given_is_unavailable_a26():
    rows, repairs = clean("summary", make_table("summary", {"Leavers": "n/a"}))
    assert rows["status"].tolist() == ["ok", "unavailable"]
    assert [note for note in list_notes(repairs) if note[0] == "A26"] == [
        ("A26", "F", 2, "leavers_headcount", "n/a", "", False)
    ]


def test_a_rate_above_1_without_a_sign_is_an_error():
    assert refusal(make_table("summary", {"Vacancy gap": "18.5"})) == (
        "summary/2019-07.csv, row 2, column Vacancy gap: a rate without a percentage sign. "
        "Found '18.5'; allowed 18.5% or 0.185. Write the % sign in the whole column."
    )


def test_a_month_twice_is_an_error():
    assert refusal(make_table("summary", {}, {"Month": "July 2019", "Leavers": "3"})) == (
        "summary/2019-07.csv, row 3: July 2019 stands twice. Keep the right row."
    )


def test_a_percentage_where_a_count_belongs_is_an_error():
    assert "a percentage where a number belongs. Found '2%'" in refusal(
        make_table("summary", {"Leavers": "2%"})
    )


def test_a_month_that_is_none_is_an_error():
    assert "row 2, column Month: not a month. Found 'Q1'" in refusal(
        make_table("summary", {"Month": "Q1"})
    )


def test_a_summary_of_unknown_figures_is_an_error():
    table = make_table("summary", {})
    table = table.__class__(table.sheet, table.frame, 1, {"month": "Month"}, ())
    assert refusal(table).startswith(
        "summary/2019-07.csv, row 1: no column holds a figure that is known."
    )
