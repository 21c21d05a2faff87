"""From outlook.yml to a plan: what is known, what goes on, and what each scenario changes."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
from tests.unit.test_outlook_model import make_opening

import wfanalytics as wf
from wfanalytics.analysis.outlook_model import Opening
from wfanalytics.analysis.outlook_scenarios import (
    REPLACEMENT,
    Rates,
    apply_scenario,
    deal_out,
    find_known,
    make_plan,
)
from wfanalytics.errors import InputError, MeasureError, ParameterError
from wfanalytics.raw.outlook import Outlook, Scenario, read_outlook

MONTH = pd.Timestamp("2020-09-30")
RATES = Rates(np.full(2, 0.12), 0.05, starters=24.0, starters_spread=0.1, conversions=6.0)


@pytest.fixture
def opening() -> Opening:
    """100 and 50 people in 100 posts each: 10 and 55 FTE empty."""
    return make_opening(100, 50)


def plan_of(opening: Opening, basis: str = "pace", **given):
    return make_plan(opening, Outlook(**given), RATES, month=MONTH, basis=basis)


def change(opening: Opening, scenario: dict, **given):
    plan = plan_of(opening, **given)
    found = apply_scenario(
        plan, Scenario(name="x", **scenario), opening=opening, month=MONTH, band=(13, 16)
    )
    return plan, found


def test_usual_recruitment_goes_where_posts_are_empty(opening):
    plan = plan_of(opening)
    assert plan.usual[0].tolist() == pytest.approx([2 * 10 / 65, 2 * 55 / 65])
    assert plan.conversions[0].tolist() == [0.25, 0.25]
    assert plan.hazard[0].tolist() == pytest.approx([0.01, 0.01])


def test_usual_recruitment_may_be_left_out_or_replace_leavers(opening):
    assert not plan_of(opening, usual_recruitment=False).usual.any()
    assert plan_of(opening, REPLACEMENT).usual[0].tolist() == pytest.approx([1.0, 0.5])


def test_usual_recruitment_begins_after_the_last_starter_named(opening):
    named = [{"start": "2020-11", "service": "S1", "people": 4, "stage": "hoped"},
             {"start": "2020-08", "service": "S0", "people": 9, "stage": "hoped"},
             {"start": "2022-08", "service": "S0", "people": 9, "stage": "hoped"}]  # fmt: skip
    plan = plan_of(opening, starters=named)
    assert plan.named == ((1, 1, 4, 0.7),), "those of other months are no news"
    assert plan.usual.any(axis=1).tolist() == [False, False, True, True, True, True]


def test_those_who_gave_notice_are_among_the_usual_number(opening):
    # 150 people at 1% a month: 1.5 are expected; one is known, so a third is left to chance.
    plan = plan_of(opening, leavers=[{"month": "2020-10", "service": "S0", "people": 1}])
    assert plan.gone[0].tolist() == [1, 0]
    assert plan.hazard[:2, 0].tolist() == pytest.approx([0.01 / 3, 0.01])


def test_cases_follow_straight_lines_between_those_stated():
    opening = make_opening(100, 50, cases=900.0)
    plan = plan_of(opening, cases={"2021-01": 940})
    assert plan.cases.tolist() == [910.0, 920.0, 930.0, 940.0, 940.0, 940.0]


def test_newly_qualified_staff_carry_all_of_it_after_a_year():
    plan = plan_of(make_opening(100, 50, newly_qualified=((9, 2.0),)))
    # Two FTE, half of it carried at first: 2 x 0.5 x 3/12 is missing now, nothing in a quarter.
    assert plan.not_productive.tolist() == pytest.approx([0.25, 1 / 6, 1 / 12, 0, 0, 0, 0])


def test_a_retention_payment_ends_for_those_who_had_it(opening):
    scenario = {"leaving_times": 2, "months": 3, "exposed_share": "85%", "deferred_resignations": 3}
    plan, found = change(opening, scenario)
    assert found.hazard[:4, 0].tolist() == pytest.approx([0.0185, 0.0185, 0.0185, 0.01])
    assert (found.gone - plan.gone)[0].tolist() == [2, 1]
    assert not (found.gone - plan.gone)[1:].any()


def test_a_scenario_of_one_service_and_a_later_month(opening):
    plan, found = change(opening, {"leaving_times": 1.5, "service": "S1", "start": "2020-12"})
    assert (found.hazard / plan.hazard)[[1, 2], 1].tolist() == pytest.approx([1, 1.5])
    assert (found.hazard == plan.hazard)[:, 0].all()


def test_recruitment_adds_people_from_a_month_on(opening):
    plan, found = change(opening, {"starters": 3, "start": "2021-02"})
    added = [item for item in found.named if item not in plan.named]
    assert sum(people for step, _, people, _ in added if step == 4) == 3
    assert {step for step, *_ in added} == {4, 5}
    assert {chance for *_, chance in added} == {1.0}


def test_posts_and_demand(opening):
    plan, found = change(opening, {"posts_fte": -10, "demand": "5%", "start": "2020-11"})
    assert found.posts[:2].sum(axis=1).tolist() == [0, -10]
    opening = make_opening(100, 50, cases=1000.0)
    plan, found = change(opening, {"demand": "5%", "hold_agency": True})
    assert found.cases.tolist() == pytest.approx((plan.cases * 1.05).tolist())
    assert found.hold_until == 16


def test_a_service_without_posts_or_staff_is_named(opening):
    message = (
        "outlook.yml names the service 'Court', which has no posts or staff this month. Remove the "
        "line, or name another service."
    )
    with pytest.raises(MeasureError, match=re.escape(message)):
        plan_of(opening, leavers=[{"month": "2020-10", "service": "Court", "people": 1}])
    with pytest.raises(MeasureError, match=re.escape(message)):
        change(opening, {"service": "Court"})


def test_a_stage_whose_chance_is_not_stated_keeps_the_usual_one(opening):
    named = [{"start": "2020-10", "service": "S1", "people": 4, "stage": "confirmed"}]
    assert plan_of(opening, starters=named, stages={"hoped": 0.5}).named == ((0, 1, 4, 0.95),)


def test_people_dealt_out_month_by_month_keep_the_proportion():
    given = np.zeros(2, dtype=int)
    for _ in range(4):
        given = given + deal_out(1, np.array([30.0, 10.0]), given=given)
    assert given.tolist() == [3, 1]


def test_a_file_written_for_a_later_month_is_not_known_yet():
    outlook = Outlook(as_at="2020-09", usual_recruitment=False, horizon=9)
    assert find_known(outlook, MONTH) is outlook
    earlier = find_known(outlook, pd.Timestamp("2020-08-31"))
    assert (earlier.usual_recruitment, earlier.horizon) == (True, 9)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("leaving_rate: 1.2",
         "shire/outlook.yml, column leaving_rate: input should be less than or equal to 1. Found "
         "1.2. Correct it."),
        ("starters: [{start: 2020-10, service: Court, people: -3, stage: hoped}]",
         "shire/outlook.yml, column starters.0.people: input should be greater than or equal to 0. "
         "Found -3. Correct it."),
        ("scenarios: [{name: a, service: Cuort}]",
         "shire/outlook.yml, column scenarios.0.service: Unknown service 'Cuort'. Did you mean "
         "'Court'? Known: Court."),
        ("scenarios: [{name: a}, {name: a}]",
         "shire/outlook.yml: each scenario needs a name of its own, and none is 'baseline'."),
        ("scenarios: []",
         "shire/outlook.yml, column scenarios: tuple should have at least 1 item after validation, "
         "not 0. Found []. Correct it."),
        ("scenarios: [{name: a, start: October}]",
         "shire/outlook.yml, column scenarios.0.start: the month 'October' is not a month."),
        ("leavers: [{month: 2020-10, service: Court, people: 1, name: J}]",
         "shire/outlook.yml: Unknown setting 'name'."),
    ],
)  # fmt: skip
def test_a_file_that_says_what_it_may_not(tmp_path, text, message):
    folder = tmp_path / "shire"
    folder.mkdir()
    (folder / "outlook.yml").write_text(text, "utf-8")
    with pytest.raises(InputError) as caught:
        read_outlook(folder, services={"Court"})
    assert str(caught.value).startswith(message)


def test_without_a_file_there_are_the_usual_what_ifs(tmp_path):
    assert [item.name for item in read_outlook(tmp_path).scenarios] == [
        "leaving rises by half", "leaving doubles for three months",
        "two more people start each month",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"horizon": 13}, "Parameter 'horizon' is 13; allowed a whole number from 1 to 12."),
        ({"horizon": 2.5}, "Parameter 'horizon' is 2.5; allowed a whole number from 1 to 12."),
        ({"scenario": "ten posts removed"},
         "Unknown scenario 'ten posts removed'. Did you mean 'ten posts are removed'?"),
    ],
)  # fmt: skip
def test_a_run_that_asks_for_what_there_is_not(given, message):
    data = wf.open_area("exampleshire", month="2020-09")
    with pytest.raises(ParameterError) as caught:
        wf.set_outlook(data, **given)
    assert str(caught.value).startswith(message)
