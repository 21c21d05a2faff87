"""What changes of the code no other test noticed (benchmarks/mutants.py, docs/testing.md)."""

from __future__ import annotations

import pandas as pd
import pytest
from tests.unit.worlds import make_caseload, make_movements, make_workers, measure, statuses, take

MONTHS = [day.strftime("%Y-%m-%d") for day in pd.date_range("2019-04-30", periods=14, freq="ME")]
BETA = {"team": "Beta", "worker_id": "W2", "post_id": "P2"}


@pytest.fixture(scope="module")
def world():
    """Alpha for fourteen months, Beta from the second on; one starter, and nobody leaves."""
    workers = [{"as_at": day} for day in MONTHS]
    workers += [{"as_at": day, **BETA} for day in MONTHS[1:]]
    moves = [{"date": "2019-05-10", "movement": "starter", "worker_id": "W2", "team": "Beta"}]
    tables = {"workers": make_workers(workers), "movements": make_movements(moves)}
    return measure(tables | {"caseload": make_caseload([{"week_ending": "2020-05-10"}])})


def test_a_new_team_has_a_leaver_rate_from_its_second_month(world):
    found = statuses(world, "leaver_rate_headcount", level="team", area_name="Beta")
    assert found[:2] == [(MONTHS[1], "not_applicable"), (MONTHS[2], "ok")]


def test_a_year_in_which_nobody_left_has_a_turnover_of_nothing(world):
    row = take(world, "turnover_rate_fte").iloc[-1]
    assert (row["status"], row["numerator"], row["denominator"]) == ("ok", 0.0, 2.0)


@pytest.mark.parametrize(
    ("name", "period_type", "first", "last"),
    [
        ("inpost_fte", "snapshot", "2020-05-31", "2020-05-31"),
        ("leavers_headcount", "month", "2020-05-01", "2020-05-31"),
        ("leavers_12m_headcount", "year", "2019-06-01", "2020-05-31"),
        ("caseload_fte", "week", "2020-05-04", "2020-05-10"),
    ],
)
def test_a_period_begins_on_its_first_day(world, name, period_type, first, last):
    row = take(world, name, period_type=period_type).iloc[-1]
    span = [row[key].strftime("%Y-%m-%d") for key in ("period_start", "period_end")]
    assert span == [first, last]
