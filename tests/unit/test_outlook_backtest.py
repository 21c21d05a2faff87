"""Projecting from past months, on records whose outcome can be worked out by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from tests.unit.worlds import make_posts, make_workers

from wfanalytics.analysis.outlook import calculate_outlook
from wfanalytics.analysis.outlook_backtest import (
    Backtest,
    backtest_area,
    find_centre,
    find_rates,
)
from wfanalytics.errors import MeasureError
from wfanalytics.measures.area_data import AreaData


def make_area(
    months: int, *, leavers: int, starters: int, start: int = 400, missing: int | None = None,
    tables: dict | None = None,
) -> AreaData:  # fmt: skip
    """So many leavers and starters every month, and the staff that follow from them."""
    ends = pd.date_range("2017-04-30", periods=months, freq="ME")
    values = {
        "inpost_headcount": start + (starters - leavers) * np.arange(1, months + 1),
        "leavers_headcount": np.full(months, leavers),
        "starters_headcount": np.full(months, starters),
        "conversions_headcount": np.zeros(months),
    }
    rows = pd.concat(
        pd.DataFrame({"measure": name, "period_end": ends, "value": column.astype(float)})
        for name, column in values.items()
    )
    rows = rows.assign(area_level="authority", status="ok", period_type="month")
    if missing is not None:
        rows = rows.assign(
            status=rows["status"].mask(rows["period_end"] == ends[missing], "missing")
        )
    none = pd.DataFrame()
    return AreaData(
        "shire", "Shire", "local", ends[-1], rows, (), (), tables or {}, none, none, (13, 16), none
    )


def test_every_origin_has_a_year_behind_it_and_the_horizon_after_it():
    test = backtest_area(make_area(30, leavers=3, starters=3), horizon=6, seed=1)
    months = test.origins["month"].dt.strftime("%Y-%m").tolist()
    assert (months[0], months[-1], len(months)) == ("2018-03", "2019-03", 13)
    assert test.is_enough
    assert not backtest_area(make_area(28, leavers=3, starters=3), horizon=6, seed=1).is_enough


def test_no_origin_rests_on_a_missing_month():
    whole = make_area(40, leavers=3, starters=3)
    gap = make_area(40, leavers=3, starters=3, missing=39)
    count = len(backtest_area(whole, horizon=6, seed=1).origins)
    assert len(backtest_area(gap, horizon=6, seed=1).origins) == count - 1
    early = make_area(40, leavers=3, starters=3, missing=11)
    assert len(backtest_area(early, horizon=6, seed=1).origins) == count - 12


def test_a_steady_decline_is_projected_better_than_no_change():
    test = backtest_area(make_area(40, leavers=5, starters=1), horizon=6, seed=1)
    assert test.find_error("no_change") == 6 * 4
    assert test.find_error("last_year") == 0
    assert test.find_error("model") < 12
    assert test.beats_no_change
    assert test.find_error("leavers_last_year") == 0


def test_no_change_cannot_be_beaten_where_nothing_changes():
    test = backtest_area(make_area(40, leavers=4, starters=4), horizon=6, seed=1)
    assert test.find_error("no_change") == 0
    assert not test.beats_no_change


def test_intervals_that_held_too_little_ask_to_be_wider():
    origins = pd.DataFrame({"actual": [110.0] * 12, "model": 100.0, "model_width": 4.0})
    assert Backtest(origins, 6).find_factor("model") == 2.5
    assert Backtest(origins.assign(model_width=40.0), 6).find_factor("model") == 1.0
    assert Backtest(origins.head(5), 6).find_factor("model") == 1.0


def test_rates_are_those_of_the_last_twelve_months():
    rates = find_rates(make_area(20, leavers=4, starters=2))
    # 48 leavers among about 371 people, for 2.5 times less; 300 person-years at 11.75%.
    heads = np.mean(400 - 2 * np.arange(9, 21))
    assert rates.hazard[0] == pytest.approx((35.25 + 48 / 2.5) / (300 + heads / 2.5))
    assert (rates.starters, rates.conversions) == (24, 0)
    assert find_rates(make_area(20, leavers=4, starters=2), rate=0.2).hazard.tolist() == [0.2]


def test_the_middle_authority_is_that_of_the_newest_year_by_then():
    area = make_area(20, leavers=4, starters=2)
    assert find_centre(area, area.month) == 0.1175
    years = pd.to_datetime(["2017-09-30", "2018-09-30", "2018-09-30", "2020-09-30"])
    national = pd.DataFrame({"measure": "turnover_rate_headcount", "area_level": "authority",
                             "period_end": years, "value": [0.5, 0.1, 0.2, 0.9]})  # fmt: skip
    published = AreaData(**{**vars(area), "national": national})
    assert find_centre(published, pd.Timestamp("2018-12-31")) == pytest.approx(0.15)


def test_less_than_a_year_is_refused():
    with pytest.raises(MeasureError) as caught:
        find_rates(make_area(11, leavers=1, starters=1))
    assert str(caught.value) == (
        "A projection needs twelve months of staff, leavers and starters; 11 are there to "
        "February 2018."
    )


def test_fewer_than_forty_people_are_refused():
    month = "2018-11-30"
    tables = {
        "posts": make_posts([{"as_at": month, "post_id": f"P{i}"} for i in range(45)]),
        "workers": make_workers(
            [{"as_at": month, "worker_id": f"W{i}", "post_id": f"P{i}"} for i in range(39)]
        ),
    }
    with pytest.raises(MeasureError) as caught:
        calculate_outlook(make_area(20, leavers=1, starters=1, tables=tables))
    assert str(caught.value) == (
        "Shire has 39 permanent staff: too few to project. A projection needs 40."
    )
