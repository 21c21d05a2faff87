"""The scorecard's lights and sentences: each rule, as exact text."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from tests.unit.test_control import NAN, make_series

import wfanalytics as wf
from wfanalytics.analysis.control import calculate_control
from wfanalytics.analysis.scores import (
    LIGHT_RULE,
    LIGHTS,
    calculate_score,
    choose_scores,
    find_light,
)
from wfanalytics.present.exhibits.summary import LIGHT_WORDS, describe_score
from wfanalytics.present.words import each_row
from wfanalytics.settings import Target

QUIET = [0.10, 0.12] * 7


@pytest.mark.parametrize(
    ("rating", "worse", "same", "better"),
    [
        ("missed", "red", "red", "amber"),
        ("near", "amber", "amber", "amber"),
        ("met", "amber", "green", "green"),
        ("no target", "amber", "none", "green"),
        ("no figure", "none", "none", "none"),
    ],
)
def test_the_light_of_each_rating_and_change(rating, worse, same, better):
    assert find_light(rating, "concern") == worse
    assert find_light(rating, "common_cause") == same
    assert find_light(rating, "") == same
    assert find_light(rating, "neutral_high") == same
    assert find_light(rating, "improvement") == better


def test_every_light_has_its_words_its_shape_and_its_rule():
    assert set(LIGHT_WORDS) == set(LIGHTS)
    assert len({words[0] for words in LIGHT_WORDS.values()}) == len(LIGHTS)
    assert [rule.split(":")[0] for rule in LIGHT_RULE] == ["Red", "Amber", "Green", "No rating"]


def score(values, target=None, measure="agency_rate_fte"):
    rows = make_series(values, measure=measure)
    aims = [] if target is None else [
        Target(measure=measure, value=target, valid_from=date(2000, 1, 1), label="aim",
               source="minutes", status="our target")
    ]  # fmt: skip
    return calculate_score(rows, targets=aims, control=calculate_control(rows))


@pytest.mark.parametrize(
    ("values", "target", "sentence"),
    [
        (QUIET, 0.13, "The agency rate, 12.0%, is green: it meets our target of 13% and shows no "
                      "reliable change."),
        (QUIET, 0.05, "The agency rate, 12.0%, is red: it misses our target of 5% and shows no "
                      "reliable change."),
        (QUIET, 0.115, "The agency rate, 12.0%, is amber: it is near our target of 11.5% and "
                       "shows no reliable change."),
        ([*QUIET, 0.3], 0.05, "The agency rate, 30.0%, is red: it misses our target of 5% and is "
                              "worse by more than chance."),
        ([*QUIET, 0.3], 0.4, "The agency rate, 30.0%, is amber: it meets our target of 40% but is "
                             "worse by more than chance."),
        ([*QUIET, 0.0], 0.05, "The agency rate, 0.0%, is green: it meets our target of 5% and is "
                              "better by more than chance."),
        ([0.4, 0.42] * 7 + [0.2], 0.05, "The agency rate, 20.0%, is amber: it misses our target "
                                        "of 5% but is better by more than chance."),
        ([*QUIET, 0.3], None, "The agency rate, 30.0%, is amber: it has no target and is worse "
                              "by more than chance."),
        (QUIET, None, "The agency rate, 12.0%, has no rating: it has no target and shows no "
                      "reliable change."),
        ([0.1] * 14, None, "The agency rate, 10.0%, has no target: unchanged in a year."),
        ([0.1] * 10, None, "The agency rate, 10.0%, has no target."),
        ([*QUIET, NAN], 0.05, "The agency rate is missing this month."),
    ],
)  # fmt: skip
def test_a_measure_and_why_it_has_its_light(values, target, sentence):
    (row,) = each_row(score(values, target))
    assert describe_score(row) == sentence


def test_the_three_that_matter_are_the_most_urgent_then_the_changed_then_the_first():
    scores = pd.DataFrame(
        {
            "light": ["none", "green", "amber", "amber", "red", "none"],
            "point_type": ["improvement", "", "common_cause", "concern", "", ""],
        },
        index=list("abcdef"),
    )
    assert choose_scores(scores).index.tolist() == ["e", "d", "c"]
    assert choose_scores(scores, count=6).index.tolist() == ["e", "d", "c", "b", "a", "f"]


def test_the_samples_scorecard():
    card = wf.exhibits.scorecard(wf.open_area("exampleshire", month="2020-09"))
    assert card.headline == "1 of 2 targets met"
    assert card.sentences == (
        "The uncovered vacancy rate, 8.7%, is amber: it meets our target of 10% but is worse by "
        "more than chance.",
        "The average caseload, 16.3, is amber: it is near our target of 13 to 16.",
        "The vacancy rate before agency cover, 19.3%, is amber: it has no target and is worse by "
        "more than chance.",
    )
    assert card.table.iloc[5].tolist() == [
        "Average caseload", "16.3", "our target: 13 to 16 cases", "near since August 2020",
        "down 1.8 cases per social worker", "rising, more than chance", "◆ amber: watch",
    ]  # fmt: skip
    assert set(LIGHT_RULE) <= set(card.notes)


def test_published_years_have_a_scorecard_without_limits():
    data = wf.open_area("West Sussex", month="2019-09", source="published")
    card = wf.exhibits.scorecard(data)
    assert set(card.table["Control chart"]) == {"no limits"}
    assert set(card.table["So what"]) == {"○ no rating"}
    assert card.sentences[1] == (
        "The vacancy rate before agency cover, 10.2%, has no target: up 0.9 percentage points in "
        "a year."
    )


def test_a_rate_that_may_be_a_count_of_agency_staff_is_never_told_without_it():
    # DfE, West Sussex: 44.6 FTE of vacancies and of agency cover in 2018, 50.4 of both in 2021.
    data = wf.open_area("West Sussex", month="2021-09", source="published")
    warning = (
        "In 2018 and 2021 the vacancies reported equal the agency cover exactly: they may be a "
        "count of agency staff."
    )
    for name in ("scorecard", "vacancy_trend", "vacancy_gross"):
        assert getattr(wf.exhibits, name)(data).sentences[-1] == warning, name
