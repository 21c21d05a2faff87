"""On the sample's true tables the measures tell the story it was written to tell."""

from __future__ import annotations

import pandas as pd
import pytest
from tests.unit.worlds import measure, take

from wfanalytics.frames import USABLE_STATUSES
from wfanalytics.measures.definitions import DEFINITIONS

TABLES = ("posts", "workers", "movements", "caseload")


@pytest.fixture(scope="module")
def truth(project_root):
    folder = project_root / "tests" / "scenarios" / "exampleshire_truth"
    return {path.stem: pd.read_parquet(path) for path in sorted(folder.glob("*.parquet"))}


@pytest.fixture(scope="module")
def measures(truth):
    return measure({name: truth[name] for name in TABLES})


def test_uncovered_vacancy_falls_from_18_5_to_7_per_cent(measures):
    rate = take(measures, "uncovered_vacancy_rate_fte").set_index("period_end")["value"]
    assert (round(rate["2019-02-28"], 3), round(rate["2019-07-31"], 3)) == (0.185, 0.07)


def test_every_figure_of_the_councils_summary_is_reproduced(truth, measures):
    stated = truth["summary"][truth["summary"]["status"] == "ok"]
    own = measures[measures["area_level"] == "authority"]
    own = own[own["period_type"] != "week"].rename(
        columns={"measure": "figure", "period_end": "month", "value": "ours"}
    )
    both = stated.merge(own[["figure", "month", "ours"]], how="left", validate="one_to_one")
    assert len(both) == 90  # three figures a month from April 2018 to September 2020
    assert both["ours"].notna().all()
    assert (both["ours"] - both["value"]).abs().max() <= 0.0005 + 1e-9


def test_every_definition_is_calculated_at_every_level(measures):
    found = measures.groupby("area_level")["measure"].unique()
    assert sorted(found.index) == ["authority", "locality", "service", "team"]
    # The stability index is the authority's only.
    below = set(DEFINITIONS) - {"stability_rate_headcount"}
    assert set(found["authority"]) == set(DEFINITIONS)
    assert all(set(found[level]) == below for level in ("locality", "service", "team"))


def test_months_are_all_there_and_values_have_their_status(measures):
    assert len(take(measures, "vacancy_rate_fte")) == 42
    assert len(take(measures, "caseload_fte", period_type="snapshot")) == 42
    usable = measures["status"].isin(USABLE_STATUSES)
    assert measures["value"].notna().equals(usable)
    assert not measures.loc[usable, "value"].lt(0).any()


def test_rates_are_their_parts_divided(measures):
    rates = measures[measures["denominator"].notna() & measures["value"].notna()]
    again = rates["numerator"] / rates["denominator"]
    pd.testing.assert_series_equal(again, rates["value"], check_names=False, rtol=1e-12)
