"""Targets and bands given as parameters of a run."""

from __future__ import annotations

import pytest

import wfanalytics as wf
from wfanalytics.errors import ParameterError
from wfanalytics.measures.area_data import select


@pytest.fixture(scope="module")
def data():
    return wf.open_area("exampleshire", month="2020-09")


def test_nothing_given_changes_nothing(data):
    same = wf.set_targets(data)
    assert same.targets == data.targets
    assert same.band == data.band
    assert same.measures is data.measures


def test_a_vacancy_target_in_per_cent_replaces_the_areas_own(data):
    targets = wf.set_targets(data, vacancy_target=6.5).targets
    own = [t for t in targets if t.measure == "uncovered_vacancy_rate_fte"]
    assert [(t.status, t.value) for t in own] == [("result elsewhere", 0.07), ("our target", 0.065)]


def test_another_band_counts_the_shares_again(data):
    wide = wf.set_targets(data, caseload_low=5, caseload_high=40)
    within = select(wide, "caseload_within_rate").iloc[-1]
    assert wide.band == (5.0, 40.0)
    assert within["numerator"] == within["denominator"]
    assert select(data, "caseload_within_rate").iloc[-1]["numerator"] < within["numerator"]


def test_another_band_unmasks_nothing(data):
    wide = wf.set_targets(data, caseload_high=18)
    place = ["measure", "period_end", "area_code", "period_type"]
    heads = data.measures["measure"] == "case_holders_headcount"
    was = data.measures[heads & (data.measures["status"] == "suppressed")][place]
    now = wide.measures[wide.measures["status"] == "suppressed"][place]
    assert len(was)
    assert len(was.merge(now)) == len(was)


def test_an_impossible_band_is_refused(data):
    with pytest.raises(ParameterError, match="low must be below high"):
        wf.set_targets(data, caseload_low=20, caseload_high=10)
