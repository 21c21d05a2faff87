"""Sentences on chance, as exact text."""

from __future__ import annotations

from datetime import date

import pytest
from tests.unit.test_control import NAN, make_series

from wfanalytics.analysis.control import calculate_assurance, calculate_control
from wfanalytics.analysis.targets import calculate_target_status
from wfanalytics.present import chance
from wfanalytics.present.phrases import MOST_WORDS, count_words
from wfanalytics.settings import Target

QUIET = [0.10, 0.12] * 7


def say(values, **changes):
    return chance.describe_control(calculate_control(make_series(values, **changes)))


@pytest.mark.parametrize(
    ("values", "sentences"),
    [
        (QUIET, ("No reliable change: 12.0% is within the usual range of 5.7% to 16.3%.",)),
        ([*QUIET, 0.3], ("In March 2019 it was above the usual range of 6.9% to 17.6%: "
                         "worse by more than chance.",)),
        ([*QUIET, 0.0], ("In March 2019 it was below the usual range of 4.9% to 15.6%: "
                         "better by more than chance.",)),
        ([0.13, 0.15] * 8 + [0.13, 0.12, 0.13, 0.11, 0.13, 0.12, 0.13],
         ("The last seven months were all below the average of 13.5%: "
          "better by more than chance.",)),
        ([0.2, 0.1] * 7 + [0.11, 0.12, 0.13, 0.14, 0.145, 0.15, 0.16],
         ("It rose each month from February 2019 to September 2019, from 10.0% to 16.0%: "
          "worse by more than chance.",)),
        ([0.1, 0.12, 0.1], ("No reliable change: 10.0% is within the usual range of "
                            "5.3% to 16.0%.",
                            "That range rests on three months only and is provisional.")),
        ([0.1] * 14, ("It has moved too seldom to say what range is usual.",)),
        ([0.1], ()),
        ([0.1, NAN, 0.1], ("There are too few figures to say what range is usual.",)),
        ([*QUIET, NAN], ()),
    ],
)  # fmt: skip
def test_the_rule_that_fired_and_when(values, sentences):
    assert say(values) == sentences


def test_near_the_limit_two_times_in_three():
    sentence = say([*[0.10, 0.12] * 9, 0.16, 0.12, 0.16])[0]
    assert sentence == (
        "Two or more of the last three months were near the upper end of the usual range, "
        "5.4% to 17.6%: worse by more than chance."
    )


def test_a_band_is_neither_better_nor_worse():
    assert say([14, 15] * 7 + [20], measure="caseload_fte")[0].endswith("17.5: more than chance.")


def test_an_edge_that_prints_the_same_is_just_passed():
    values = [0.1, 0.101] * 7 + [0.1038]
    assert "was just above the usual range of" in say(values)[0]


@pytest.mark.parametrize(
    ("values", "target", "sentence"),
    [
        (QUIET, 0.17, "If nothing changes it will be met every month: the usual range is "
         "5.7% to 16.3%."),
        (QUIET, 0.05, "If nothing changes it will be missed every month: the usual range is "
         "5.7% to 16.3%."),
        (QUIET, 0.11, "If nothing changes it will be met or missed by chance: 50% of the usual "
         "range, 5.7% to 16.3%, meets it."),
        ([*QUIET, 0.3], 0.11, "Its level is changing, so its past range cannot say whether the "
         "target will be met."),
        ([0.1] * 14, 0.11, ""),
    ],
)  # fmt: skip
def test_will_the_target_be_met(values, target, sentence):
    rows = make_series(values)
    aim = Target(measure="agency_rate_fte", value=target, valid_from=date(2000, 1, 1), label="aim",
                 source="minutes", status="our target")  # fmt: skip
    status = calculate_target_status(rows, [aim])
    said = chance.describe_assurance(calculate_assurance(status, calculate_control(rows)))
    assert said == sentence
    assert count_words(said) <= MOST_WORDS


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (QUIET, "no reliable change"),
        ([*QUIET, 0.3], "high, worse by more than chance"),
        ([*QUIET, 0.0], "low, better by more than chance"),
        ([0.1] * 14, "too few movements for a usual range"),
        ([*QUIET, NAN], ""),
    ],
)
def test_in_a_few_words(values, words):
    assert chance.shorten_control(calculate_control(make_series(values))) == words


def test_rolling_figures_say_nothing_of_chance():
    rows = make_series(QUIET, measure="turnover_rate_fte")
    points = calculate_control(rows)
    assert chance.describe_control(points) == ()
    assert chance.describe_limits(points) == ()
    assert chance.shorten_control(points) == ""


def test_the_long_description_tells_each_phase():
    rows = make_series([*QUIET, 0.3, 0.05, 0.06], start="2017-01-31")
    rows["definition_version"] = ["1"] * 15 + ["2"] * 2
    assert chance.describe_limits(calculate_control(rows)) == (
        "Usual range 6.9% to 17.6%, average 12.3%, January 2017 to March 2018: 15 of 15 figures "
        "marked as more than chance.",
        "Usual range 2.8% to 8.2%, average 5.5%, April 2018 to May 2018: 0 of 2 figures marked "
        "as more than chance.",
    )
