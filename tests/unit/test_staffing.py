"""Roles, spans, support and two dates, counted by hand; what rests on few people withheld."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.charts.reading import check_words

import wfanalytics as wf
from wfanalytics.analysis.change import calculate_now_and_then, find_then
from wfanalytics.analysis.staffing import (
    MANAGERS,
    calculate_span,
    calculate_support,
    count_roles,
)
from wfanalytics.errors import ParameterError
from wfanalytics.measures.small_counts import find_withheld
from wfanalytics.thresholds import Disclosure

RULES = Disclosure()

NOW, THEN = pd.Timestamp("2020-09-30"), pd.Timestamp("2019-04-30")
PEOPLE = {"middle_manager": 5, "first_line_manager": 6, "case_holder": 12, "support": 3}


def make_workers(counts=PEOPLE, *, as_at=NOW, fte=0.5):
    rows = [
        {"as_at": as_at, "worker_id": f"{role}{n}", "role": role, "fte": fte, "team": "A"}
        for role, count in counts.items()
        for n in range(count)
    ]
    return pd.DataFrame(rows)


@pytest.fixture(scope="module")
def sample():
    return wf.open_area("exampleshire", month="2020-09")


def test_people_and_fte_of_six_roles_without_support():
    roles = count_roles(make_workers(), as_at=[NOW], rules=RULES).set_index("role")
    assert roles["people"].to_dict() == {
        "senior_manager": 0, "middle_manager": 5, "first_line_manager": 6,
        "senior_practitioner": 0, "case_holder": 12, "qualified_without_cases": 0,
    }  # fmt: skip
    assert roles.loc["case_holder", "fte"] == 6.0


def test_somebody_in_two_posts_of_a_role_is_one_person():
    workers = pd.concat([make_workers(), make_workers({"case_holder": 2})])
    roles = count_roles(workers, as_at=[NOW], rules=RULES).set_index("role")
    assert roles.loc["case_holder", ["people", "fte"]].tolist() == [12, 7.0]


def test_managers_are_one_role_where_a_layer_is_small_at_either_date():
    small = make_workers({**PEOPLE, "middle_manager": 4}, as_at=THEN)
    roles = count_roles(pd.concat([make_workers(), small]), as_at=[THEN, NOW], rules=RULES)
    assert roles["role"].unique().tolist() == [
        "manager", "senior_practitioner", "case_holder", "qualified_without_cases",
    ]  # fmt: skip
    assert roles.loc[roles["role"] == "manager", "people"].tolist() == [10, 11]


def test_a_small_role_takes_the_next_smallest_with_it():
    roles = count_roles(
        make_workers({"case_holder": 12, "senior_practitioner": 2}), as_at=[NOW], rules=RULES
    )
    hidden = roles[roles["status"] == "suppressed"]
    assert hidden["role"].tolist() == ["senior_practitioner", "case_holder"]
    assert hidden[["people", "fte"]].isna().all(axis=None)


@given(st.lists(st.integers(0, 60), min_size=2, max_size=6))
def test_no_count_of_one_to_four_is_shown_and_none_is_hidden_alone(counts):
    people = pd.Series(counts)
    hidden = find_withheld(people, rules=RULES)
    assert not people[~hidden].between(1, 4).any()
    assert hidden.sum() != 1 or (people > 0).sum() == 1


def test_social_workers_to_each_manager():
    roles = count_roles(make_workers(), as_at=[NOW], rules=RULES)
    # 12 case holders at half time to 6 first line managers, and to 11 managers.
    assert calculate_span(roles, ("first_line_manager",)) == 2.0
    assert calculate_span(roles, MANAGERS) == pytest.approx(12 / 11)
    merged = count_roles(make_workers({**PEOPLE, "middle_manager": 1}), as_at=[NOW], rules=RULES)
    assert np.isnan(calculate_span(merged, ("first_line_manager",)))
    assert calculate_span(merged, MANAGERS) == pytest.approx(12 / 7)


def test_support_of_one_to_four_people_is_withheld(sample):
    workers = sample.tables["workers"]
    is_support = workers["role"] == "support"
    few = workers.loc[is_support, "worker_id"].unique()[:4]
    kept = workers[~is_support | workers["worker_id"].isin(few)]
    rows = calculate_support(replace(sample, tables={**sample.tables, "workers": kept}),
                             months=[NOW])  # fmt: skip
    assert rows[["support_fte", "ratio"]].isna().all(axis=None)


def test_support_and_case_holders_of_the_sample(sample):
    row = calculate_support(sample, months=[NOW]).iloc[0]
    workers = sample.tables["workers"]
    chosen = workers[(workers["as_at"] == NOW) & (workers["role"] == "support")]
    assert row["support_fte"] == pytest.approx(chosen["fte"].sum())
    assert row["ratio"] == pytest.approx(row["case_holders_fte"] / row["support_fte"])
    exhibit = wf.exhibits.support_ratio(sample)
    assert exhibit.sentences == (
        "In September 2020 there were 194.7 FTE of case holders and 7.6 FTE of support staff.",
        "Case holders for each FTE of support went from 26.3 to 25.6 in a year.",
        "The average caseload went from 18.1 to 16.3 in a year.",
        "Support and caseload stand side by side: neither is shown to cause the other.",
    )


def test_a_month_without_caseload_has_no_ratio():
    december = wf.open_area("exampleshire", month="2019-12")
    exhibit = wf.exhibits.support_ratio(december)
    assert exhibit.status == "unavailable"
    assert exhibit.sentences == (
        "Support staff and case holders are not both known in December 2019.",
    )


def test_then_is_the_month_end_before_the_inspection_a_year_before_or_as_asked(sample):
    assert find_then(sample) == (THEN, "before Inspection, 8 May 2019")
    assert find_then(replace(sample, events=())).date == pd.Timestamp("2019-09-30")
    assert find_then(sample, then="2018-02").date == pd.Timestamp("2018-02-28")
    assert find_then(sample, then="2016-01") is None
    with pytest.raises(ParameterError, match="is not before September 2020"):
        find_then(sample, then="2020-09")


def test_now_and_then_are_the_figures_of_the_two_dates(sample):
    rows = calculate_now_and_then(sample, then=THEN).set_index(["item", "unit"])
    workers = sample.tables["workers"]
    workers = workers[workers["role"] != "support"]
    for column, date in (("then", THEN), ("now", NOW)):
        staff = workers[workers["as_at"] == date]
        assert rows.loc[("teams", "teams"), column] == staff["team"].nunique()
        held = staff[staff["role"] == "case_holder"]
        assert rows.loc[("case_holder", "people"), column] == held["worker_id"].nunique()
        permanent = staff[staff["employment"] == "permanent"]["worker_id"].nunique()
        assert rows.loc[("inpost_headcount", "measure"), column] == permanent
    roles = rows[rows.index.get_level_values("unit") == "FTE"]
    total = rows.loc[[("inpost_fte", "measure"), ("agency_fte", "measure")]].sum()
    assert roles.sum().round(6).tolist() == total.round(6).tolist()


def test_the_words_of_now_and_then(sample):
    exhibit = wf.exhibits.now_and_then(sample)
    assert exhibit.headline == "Permanent staff in post: 22 more than in April 2019"
    assert exhibit.sentences == (
        "Between April 2019 and September 2020 permanent staff in post went from 346 to 368.",
        "Agency staff went from 52 to 46.",
        "The uncovered vacancy rate went from 13.7% to 8.7%.",
        "The average caseload went from 20.0 to 16.3.",
        "Social workers for each first line manager went from 8.4 to 8.3.",
        "30 April 2019 is the last date with figures before Inspection, 8 May 2019.",
    )
    row = exhibit.table.set_index("Figure").loc["First line managers, people"]
    assert row.tolist() == ["40", "42", "2 more"]


def test_withheld_roles_are_withheld_in_table_picture_and_alt_text(sample):
    workers = sample.tables["workers"]
    is_rare = workers["role"] == "qualified_without_cases"
    few = workers.loc[is_rare & (workers["as_at"] == NOW), "worker_id"].unique()[:3]
    kept = workers[~is_rare | workers["worker_id"].isin(few)]
    data = replace(sample, tables={**sample.tables, "workers": kept})
    exhibit = wf.exhibits.management_layers(data)
    table = exhibit.table.set_index("Role")
    assert table.loc["Qualified, without cases", "People"] == "withheld"
    assert (table["People"] == "withheld").sum() == 2
    assert "Qualified, without cases withheld" in exhibit.description
    assert any("next smallest" in note for note in exhibit.notes)
    check_words(exhibit.figure)


def test_published_figures_are_compared_without_roles():
    data = wf.open_area("West Sussex", month="2025-09", source="published")
    exhibit = wf.exhibits.now_and_then(data, then="2019-09")
    assert exhibit.figure is None
    assert exhibit.sentences[0] == (
        "Between September 2019 and September 2025 permanent staff in post went from 536 to 545."
    )
    assert wf.exhibits.management_layers(data).status == "unavailable"


def test_no_figures_so_early_says_so():
    data = wf.open_area("exampleshire", month="2017-04")
    assert wf.exhibits.now_and_then(data).sentences == (
        "There are no figures for the earlier date: choose a later month as then.",
    )
    # Four middle managers: the layers are shown together.
    assert wf.exhibits.management_layers(data).table["Role"].iloc[0] == "Managers of all levels"
