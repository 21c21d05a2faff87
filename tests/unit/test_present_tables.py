"""Display tables: numbers stay numbers, and a missing one says why."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from wfanalytics.errors import WfanalyticsError
from wfanalytics.present.markup import render_table
from wfanalytics.present.tables import format_table, table_areas, table_stated, table_trend

NAN = float("nan")


def make_rows(values, *, measure="uncovered_vacancy_rate_fte", base=450.0, **changes):
    ends = pd.date_range("2019-07-31", periods=len(values), freq="ME")
    numbers = np.array(values, dtype=float)
    return pd.DataFrame(
        {
            "measure": measure, "period_end": ends, "period_type": "month",
            "area_level": "authority", "area_name": "Exampleshire",
            "numerator": numbers * base, "denominator": base, "value": numbers,
            "status": np.where(np.isnan(numbers), "missing", "ok"), "definition_version": "1",
        }
    ).assign(**changes)  # fmt: skip


def test_trend_table():
    rows = make_rows([0.07, NAN, 0.087], status=["ok", "suppressed", "provisional"])
    table = table_trend(rows)
    assert table.columns.tolist() == [
        "Month", "Uncovered vacancy rate", "Uncovered vacancies, FTE",
        "Vacancies + permanent staff in post, FTE", "Status",
    ]  # fmt: skip
    assert table.iloc[0].tolist() == ["July 2019", "7.0%", 31.5, 450.0, "as reported"]
    assert table.iloc[1, [0, 1, 4]].tolist() == [
        "August 2019", "withheld", "withheld to protect people",
    ]  # fmt: skip
    assert table.iloc[1, 2] is pd.NA
    assert table.iloc[2].tolist() == ["September 2019", "8.7%", 39.2, 450.0, "provisional"]


def test_trend_table_marks_the_rows_of_an_earlier_definition():
    rows = make_rows([0.07, NAN, 0.08], definition_version=["1", "1", "2"])
    assert table_trend(rows)["Status"].tolist() == [
        "as reported, earlier definition", "missing, earlier definition", "as reported",
    ]  # fmt: skip


def test_trend_table_keeps_the_last_periods_in_order():
    table = table_trend(make_rows([0.01 * i for i in range(1, 21)]).sample(frac=1, random_state=1))
    assert len(table) == 13
    assert table["Month"].tolist()[-1] == "February 2021"


def test_count_has_no_parts_and_people_are_whole():
    table = table_trend(make_rows([2], measure="leavers_headcount"))
    assert table.columns.tolist() == ["Month", "Leavers", "Status"]
    rows = make_rows([0.15], measure="caseload_above_rate", base=80.0)
    table = table_trend(rows)
    assert table["Case holders above the band, people"].tolist() == [12]
    assert str(table["Case holders, people"].dtype) == "Int64"


def test_caseload_parts_have_their_own_units():
    rows = make_rows([15.2], measure="caseload_fte", numerator=1396.0, denominator=91.83)
    table = table_trend(rows.assign(period_type="week"))
    assert table.iloc[0].tolist() == ["31 July 2019", "15.2", 1396, 91.8, "as reported"]
    assert table.columns[0] == "Week ending"


def test_areas_table_of_several_measures():
    rows = pd.concat(
        [
            make_rows([0.1], area_name="North"),
            make_rows([NAN], area_name="South", status="suppressed"),
            make_rows([15.2], area_name="North", measure="caseload_fte"),
        ]
    )
    assert table_areas(rows, name="Team").to_numpy().tolist() == [
        ["North", "10.0%", "15.2"],
        ["South", "withheld", "missing"],
    ]


def test_areas_table_of_one_measure_has_its_parts():
    table = table_areas(make_rows([0.2, 0.1]), name="Team")
    assert table.iloc[0].tolist() == ["Exampleshire", "10.0%", 45.0, 450.0, "as reported"]


def test_area_twice_is_refused():
    with pytest.raises(WfanalyticsError, match="one row for each area and measure"):
        table_areas(pd.concat([make_rows([0.1]), make_rows([0.1])]))


def stated_row(**changes):
    return {
        "authority": "West Sussex", "comparable_measure": "uncovered_vacancy_rate_fte",
        "comparable_value": 0.185, "as_at": "before July 2019 (no date given)", "qualifier": "",
        "kind": "actual", "as_at_date": pd.Timestamp("2019-02-28"), **changes,
    }  # fmt: skip


def test_stated_figures_are_those_of_the_measure_and_named_as_stated():
    rows = pd.DataFrame(
        [
            stated_row(),
            stated_row(comparable_value=0.07, as_at="2019-07", qualifier="about"),
            stated_row(kind="target"),
            stated_row(as_at_date=pd.NaT),
            stated_row(authority="Elsewhere"),
            stated_row(comparable_measure="vacancy_rate_fte"),
        ]
    )
    marked = table_stated(rows, measure="uncovered_vacancy_rate_fte", authority="West Sussex")
    assert marked["label"].tolist() == [
        "stated: 18.5%, before July 2019", "stated: about 7%, February 2019",
    ]  # fmt: skip
    assert marked["value"].tolist() == [0.185, 0.07]


def test_text_table_has_one_number_of_decimals_down_a_column():
    table = pd.DataFrame(
        {"n": [1.0, 2.25], "whole": pd.array([1396, None], dtype="Int64"), "t": ["a", None]}
    )
    assert format_table(table).to_numpy().tolist() == [
        ["1.00", "1,396", "a"],
        ["2.25", "no figure", "no figure"],
    ]


def test_table_markup_is_escaped_and_numbers_stand_right():
    html = render_table(pd.DataFrame({"A<b>": ["x & y"], "n": [1]}), caption="C & <d>")
    assert "<b>" not in html
    assert "x &amp; y" in html
    assert "C &amp; &lt;d&gt;" in html
    assert "text-align:right" in html
    assert 'tabindex="0"' in html
