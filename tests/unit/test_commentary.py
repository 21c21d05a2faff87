"""Sentences word for word; and every number in any sentence is one of the frame's."""

from __future__ import annotations

import re
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wfanalytics.errors import WfanalyticsError
from wfanalytics.measures.definitions import DEFINITIONS, find_definition
from wfanalytics.present import alt_text as alt
from wfanalytics.present import commentary as say
from wfanalytics.present import headlines as heads
from wfanalytics.present.phrases import MOST_WORDS, shown_difference
from wfanalytics.present.words import format_part, format_plain, format_value
from wfanalytics.settings import Event, Target

NAN = float("nan")


def make_rows(values, *, measure="uncovered_vacancy_rate_fte", base=None, **changes):
    ends = pd.date_range(changes.pop("start", "2019-02-28"), periods=len(values), freq="ME")
    numbers = np.array(values, dtype=float)
    base = NAN if base is None else base
    frame = pd.DataFrame(
        {
            "measure": measure,
            "period_start": ends,
            "period_end": ends,
            "period_type": "month",
            "area_level": "authority",
            "area_code": "E1",
            "area_name": "Exampleshire",
            "breakdown": "all",
            "breakdown_value": "all",
            "numerator": numbers * base,
            "denominator": base,
            "value": numbers,
            "status": np.where(np.isnan(numbers), "missing", "ok"),
            "definition_version": "1",
            "source": "local",
        }
    )
    return frame.assign(**changes)


def make_target(**changes):
    given = {"measure": "uncovered_vacancy_rate_fte", "valid_from": date(2019, 1, 1),
             "label": "x", "source": "minutes", "status": "our target", **changes}  # fmt: skip
    return Target(**given)


FALL = [0.185, 0.17, 0.134, 0.113, 0.095, 0.07]


def test_the_fall_the_committee_was_told_of():
    assert say.describe_measure(make_rows(FALL, base=450.0)) == (
        "The uncovered vacancy rate was 7.0% in July 2019 (31.5 of 450.0 FTE).",
        "Between February 2019 and July 2019 the uncovered vacancy rate fell by 11.5 percentage "
        "points, from 18.5% to 7.0%; lower is better.",
    )


def test_difference_is_that_of_the_printed_figures():
    """18.46 to 7.04 is 11.42, printed 11.4; a reader of 18.5 and 7.0 expects 11.5."""
    (sentence,) = say.describe_change(make_rows([0.1846, 0.0704]))
    assert "fell by 11.5 percentage points, from 18.5% to 7.0%" in sentence


@pytest.mark.parametrize(
    ("measure", "values", "level"),
    [
        ("leavers_headcount", [2, 1], "There was 1 leaver in March 2019."),
        ("leavers_headcount", [2, 2], "There were 2 leavers in March 2019."),
        ("leavers_headcount", [2, 0], "There were no leavers in March 2019."),
        ("cases", [1, 1396], "There were 1,396 cases held by case holders in March 2019."),
        ("cases", [2, 1], "There was 1 case held by case holders in March 2019."),
        ("agency_headcount", [2, 1], "There was 1 member of agency staff in March 2019."),
        ("vacancy_fte", [2, 31.5],
         "There were 31.5 FTE of vacancies before agency cover in March 2019."),
        ("leavers_12m_headcount", [50, 52],
         "There were 52 leavers in the twelve months to March 2019."),
        ("permanent_to_agency_ratio_fte", [17, 18.2],
         "There were 18.2 permanent staff for each agency worker in March 2019."),
        ("turnover_rate_fte", [0.1, 0.13],
         "Turnover (DfE) was 13.0% in the twelve months to March 2019."),
        ("caseload_fte", [15, 15.2],
         "The average caseload was 15.2 cases per social worker in March 2019."),
        ("uncovered_vacancy_fte", [5.7, -35.0],
         "There were −35.0 FTE of uncovered vacancies in March 2019."),
    ],
)  # fmt: skip
def test_level(measure, values, level):
    assert say.describe_level(make_rows(values, measure=measure)) == level


@pytest.mark.parametrize(
    ("measure", "values", "change"),
    [
        ("leavers_headcount", [7, 2],
         "the number of leavers fell by 5, from 7 to 2; lower is better."),
        ("starters_headcount", [2, 7],
         "the number of starters rose by 5, from 2 to 7; higher is better."),
        ("vacancy_fte", [83, 31.5],
         "vacancies before agency cover fell by 51.5 FTE, from 83.0 to 31.5 FTE; "
         "lower is better."),
        ("caseload_fte", [20, 15.2],
         "the average caseload fell by 4.8 cases per social worker, from 20.0 to 15.2."),
        ("agency_rate_fte", [0.1, 0.1], "the agency rate was unchanged at 10.0%; "
         "lower is better."),
        ("agency_rate_fte", [0.1001, 0.1004], "the agency rate was unchanged at 10.0%; "
         "lower is better."),
        ("vacancy_fte", [3, 3], "vacancies before agency cover were unchanged at 3.0 FTE; "
         "lower is better."),
        ("caseload_within_rate", [0.15, 0.16],
         "the share of case holders within the band rose by 1 percentage point, from 15% to 16%."),
        ("agency_cover_rate_fte", [0.5, 0.6],
         "the share of agency staff covering vacancies rose by 10.0 percentage points, "
         "from 50.0% to 60.0%."),
    ],
)  # fmt: skip
def test_change(measure, values, change):
    sentences = say.describe_change(make_rows(values, measure=measure))
    assert sentences[0] == f"Between February 2019 and March 2019 {change}"


def test_direction_has_its_own_sentence_when_the_first_is_long():
    rows = make_rows([0.15, 0.16], measure="vacancy_agency_cover_rate_fte")
    assert say.describe_change(rows)[1] == "Higher is better."


def test_change_counts_from_a_given_date():
    (sentence,) = say.describe_change(make_rows([0.5, *FALL], start="2019-01-31"),
                                      since="2019-02-01")  # fmt: skip
    assert sentence.startswith("Between February 2019 and July 2019")


def test_one_figure_is_no_change():
    assert say.describe_change(make_rows([0.1])) == ()
    assert say.describe_change(make_rows([0.1, NAN])) == ()


def test_changed_definition_is_not_compared():
    rows = make_rows([0.5, 0.4, 0.1, 0.08], definition_version=["1", "1", "2", "2"])
    assert say.describe_change(rows) == (
        "The definition changed with April 2019; earlier figures are not comparable.",
        "Between April 2019 and May 2019 the uncovered vacancy rate fell by 2.0 percentage "
        "points, from 10.0% to 8.0%; lower is better.",
    )


@pytest.mark.parametrize(
    ("status", "why"),
    [
        ("missing", "missing"),
        ("suppressed", "withheld to protect people"),
        ("unavailable", "not available"),
        ("not_applicable", "not applicable"),
        ("unreliable", "not reliable enough to publish"),
    ],
)
def test_no_figure_says_why(status, why):
    rows = make_rows([0.1, NAN], status=["ok", status])
    assert say.describe_level(rows) == f"No figure for March 2019: {why}."
    assert heads.describe_headline(rows) == f"No figure for March 2019: {why}"


def test_provisional_figure_says_so():
    rows = make_rows([0.087], base=450.0, status="provisional")
    assert say.describe_level(rows) == (
        "The uncovered vacancy rate was 8.7% in February 2019 (39.2 of 450.0 FTE; provisional)."
    )


def test_week_and_snapshot_are_named_as_such():
    rows = make_rows([15.2], measure="caseload_fte", period_type="week")
    assert "in the week ending 28 February 2019" in say.describe_level(rows)
    rows = make_rows([0.102], measure="vacancy_rate_fte", period_type="snapshot")
    assert "at the end of February 2019" in say.describe_level(rows)


@pytest.mark.parametrize(
    ("value", "aim", "sentence"),
    [
        (0.087, {"value": 0.10},
         "At 8.7% it is 1.3 percentage points below our target of 10% and meets it."),
        (0.07, {"value": 0.07}, "At 7.0% it equals our target of 7% and meets it."),
        (0.0704, {"value": 0.07}, "At 7.0% it equals our target of 7% and meets it."),
        (0.075, {"value": 0.07}, "At 7.5% it is 0.5 percentage points above our target of 7% "
         "and does not meet it, but is near."),
        (0.1, {"value": 0.07}, "At 10.0% it is 3.0 percentage points above our target of 7% "
         "and does not meet it."),
        (0.1, {"value": 0.07, "status": "local policy"}, "At 10.0% it is 3.0 percentage points "
         "above the local policy of 7% and does not meet it."),
        (0.1, {"value": 0.07, "status": "result elsewhere"}, ""),
        (0.1, {"value": 0.07, "valid_from": date(2025, 1, 1)}, ""),
    ],
)  # fmt: skip
def test_target(value, aim, sentence):
    assert say.describe_target(make_rows([value]), targets=[make_target(**aim)]) == sentence


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (15.2, "At 15.2 it is within the local policy of 13 to 16 and meets it."),
        (17.4, "At 17.4 it is 1.4 cases above the local policy of 13 to 16 and does not meet it."),
        (10.0, "At 10.0 it is 3.0 cases below the local policy of 13 to 16 and does not meet it."),
    ],
)
def test_band(value, sentence):
    aim = make_target(measure="caseload_fte", low=13, high=16, status="local policy")
    rows = make_rows([value], measure="caseload_fte")
    assert say.describe_target(rows, targets=[aim]) == sentence


@pytest.mark.parametrize(
    ("values", "aims", "headline"),
    [
        (FALL, [{"value": 0.10}], "Uncovered vacancy rate fell to 7.0%, meeting our target of 10%"),
        (FALL, [{"value": 0.05}], "Uncovered vacancy rate fell to 7.0%, above our target of 5%"),
        (FALL, [], "Uncovered vacancy rate fell to 7.0% from 18.5% in February 2019"),
        ([0.07, 0.07], [], "Uncovered vacancy rate unchanged at 7.0%"),
        ([0.07], [], "Uncovered vacancy rate: 7.0% in February 2019"),
    ],
)
def test_headline(values, aims, headline):
    targets = [make_target(**aim) for aim in aims]
    assert heads.describe_headline(make_rows(values), targets=targets) == headline


def test_headline_of_a_single_count_is_a_plain_sentence():
    rows = make_rows([72], measure="leavers_12m_headcount")
    assert heads.describe_headline(rows) == (
        "There were 72 leavers in the twelve months to February 2019"
    )


def test_alt_text_has_all_that_is_asked():
    rows = make_rows([0.12, *FALL, NAN, 0.087], start="2019-01-31")
    rows.loc[8, "status"] = "provisional"
    assert alt.describe_alt_text(rows, targets=[make_target(value=0.10)]) == (
        "Line chart: uncovered vacancy rate, Exampleshire. First 12.0% (January 2019), last 8.7% "
        "(September 2019, provisional), highest 18.5% (February 2019), lowest 7.0% (July 2019). "
        "Our target of 10%: met. No figure for 1 month."
    )


def test_alt_text_of_several_lines():
    rows = pd.concat([make_rows([0.1, 0.2]), make_rows([0.3, 0.4], area_name="England")])
    assert alt.describe_alt_text(rows) == (
        "Line chart: uncovered vacancy rate, February 2019 to March 2019. Exampleshire: first "
        "10.0%, last 20.0%. England: first 30.0%, last 40.0%."
    )


def test_alt_text_with_no_figure():
    assert alt.describe_alt_text(make_rows([NAN, NAN])).endswith("No figure for this period.")


def test_long_description_names_targets_events_and_gaps():
    text = alt.describe_long(
        make_rows([0.1, NAN, 0.08]),
        targets=[
            make_target(value=0.1, label="our target 10%", valid_to=date(2019, 3, 1)),
            # Not drawn, so not told of: it begins after the last figure.
            make_target(value=0.1, label="later", valid_from=date(2019, 7, 1)),
        ],
        events=[Event(date=date(2019, 3, 23), label="Lockdown", kind="pandemic")],
        stated=pd.DataFrame({"label": ["stated: 7%, July 2019"]}),
    )
    assert text == (
        "Line chart of uncovered vacancy rate, February 2019 to April 2019. Exampleshire: first "
        "10.0% (February 2019), last 8.0% (April 2019). No figure for March 2019: missing. Line "
        "or band named “our target 10%” from 1 January 2019 to 1 March 2019. Marked: Lockdown, "
        "23 March 2019. Marked: stated: 7%, July 2019."
    )


def area_rows():
    rows = make_rows([0.1, 0.3, NAN], area_name=["North", "South", "East"], area_level="team")
    return rows.assign(period_end=pd.Timestamp("2019-02-28"))


def test_areas():
    rows = area_rows().head(2)
    assert say.describe_areas(rows) == (
        "The uncovered vacancy rate was highest in South (30.0%), lowest in North (10.0%)."
    )
    assert heads.head_areas(rows) == "Uncovered vacancy rate: highest in South, lowest in North"
    assert alt.describe_areas_alt_text(rows, place="Exampleshire") == (
        "Bar chart: uncovered vacancy rate, 2 teams, Exampleshire, February 2019. Highest: South, "
        "30.0%. Lowest: North, 10.0%."
    )


def test_the_lowest_is_not_named_where_a_figure_is_withheld():
    assert say.describe_areas(area_rows()) == (
        "The uncovered vacancy rate was highest in South (30.0%) of those shown; "
        "1 team cannot be shown."
    )
    head = "Uncovered vacancy rate: highest in South of those shown"
    assert heads.head_areas(area_rows()) == head
    assert alt.describe_areas_alt_text(area_rows(), place="Exampleshire") == (
        "Bar chart: uncovered vacancy rate, 3 teams, Exampleshire, February 2019. Highest of "
        "those shown: South, 30.0%. No figure for 1."
    )


def test_parts_alt_text():
    rows = pd.concat([make_rows([400, 371], measure="in"), make_rows([50, 79], measure="out")])
    parts = {"in": "permanent", "out": "vacant"}
    assert alt.describe_parts_alt_text(rows, parts=parts, what="who fills posts") == (
        "Stacked bar chart: who fills posts, Feb 2019 to Mar 2019. Mar 2019: permanent 371, "
        "vacant 79 FTE. Feb 2019: permanent 400, vacant 50 FTE."
    )


def test_two_measures_or_a_period_twice_are_refused():
    with pytest.raises(WfanalyticsError, match="A sentence is about one measure"):
        say.describe_level(pd.concat([make_rows([1]), make_rows([1], measure="cases")]))
    with pytest.raises(WfanalyticsError, match="one row for each period"):
        say.describe_level(pd.concat([make_rows([0.1]), make_rows([0.1])]))


RATES = sorted(name for name, item in DEFINITIONS.items() if item.unit == "percent")
MONTHS_AND_YEARS = re.compile(
    r"\b\d{1,2} [A-Z][a-z]+ \d{4}\b|\b[A-Z][a-z]+ \d{4}\b|\btwelve months\b"
)


@settings(max_examples=50, deadline=None)
@given(
    measure=st.sampled_from(sorted(DEFINITIONS)),
    values=st.lists(st.one_of(st.floats(0, 900), st.just(NAN)), min_size=1, max_size=6),
    base=st.floats(1, 900),
    target=st.integers(1, 40),
)
def test_every_number_is_in_the_frame(measure, values, base, target):
    definition = find_definition(measure)
    scale = 300.0 if definition.unit == "percent" else 1.0
    numbers = [v / scale for v in values]
    if definition.unit in ("people", "cases"):
        numbers = [v if np.isnan(v) else float(round(v)) for v in numbers]
    rows = make_rows(numbers, measure=measure, base=base)
    aim = target / 100 if definition.unit == "percent" else float(target)
    aims = [make_target(measure=measure, value=aim)]
    allowed = {format_value(v, definition) for v in numbers}
    allowed |= {format_plain(aim, definition)}
    held = [v for v in numbers if not np.isnan(v)]
    for before in held:
        for after in held:
            allowed.add(format_value(abs(shown_difference(before, after, definition)), definition))
    shown = [float(format_value(v, definition).rstrip("%").replace(",", "")) for v in held]
    plain = float(format_plain(aim, definition).rstrip("%"))
    allowed |= {f"{abs(v - plain):,.{d}f}" for v in shown for d in (0, 1)}
    for part in (*rows["numerator"].dropna(), base):
        allowed |= {format_part(part, unit) for unit in ("FTE", "people")} | {f"{round(part):,}"}
    allowed = {text.rstrip("%").lstrip("−") for text in allowed}
    sentences = (
        *say.describe_measure(rows, targets=aims),
        heads.describe_headline(rows, targets=aims),
        alt.describe_alt_text(rows, targets=aims),
    )
    for sentence in sentences:
        said = re.sub(r"No figure for \d+ (month|date)", "", MONTHS_AND_YEARS.sub("", sentence))
        found = re.findall(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?", said)
        assert set(found) <= allowed, (sentence, set(found) - allowed)
    for sentence in sentences[:-1]:
        assert len(sentence.split()) <= MOST_WORDS, sentence
    assert len(sentences[-1]) <= 250
