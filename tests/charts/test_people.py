"""Agency and leavers exhibits of the sample: what they say, to the letter, and what is drawn."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from tests.charts.reading import check_words, drawn_texts

import wfanalytics as wf
from wfanalytics.errors import ParameterError
from wfanalytics.measures.area_data import select
from wfanalytics.present.survival import plot_survival
from wfanalytics.settings import Event

PEOPLE = (
    "agency_localities", "agency_services", "agency_services_months", "agency_service_count",
    "agency_tenure", "agency_over_year", "agency_conversions", "agency_projects",
    "stability_index", "tenure_survival", "first_two_years", "leaver_reasons",
    "leaver_destinations", "starter_origins", "turnover_roles", "turnover_localities",
    "leavers_event", "leavers_seasons", "absence_reasons",
)  # fmt: skip


@pytest.fixture(scope="module")
def september():
    return wf.open_area("exampleshire", month="2020-09")


@pytest.fixture(scope="module")
def july():
    return wf.open_area("exampleshire", month="2019-07")


@pytest.fixture(scope="module")
def published():
    return wf.open_area("West Sussex", month="2020-09", source="published")


@pytest.mark.parametrize("name", PEOPLE)
def test_published_figures_cannot_tell_and_say_so(published, name):
    exhibit = getattr(wf.exhibits, name)(published)
    assert exhibit.status == "unavailable"
    assert exhibit.sentences == (
        "DfE does not publish this: it needs the authority's own extracts.",
    )


@pytest.mark.parametrize("name", PEOPLE)
def test_an_area_without_staff_lists_and_movements_says_why(september, name):
    posts = {"posts": september.tables["posts"]}
    measures = september.measures
    bare = replace(
        september, tables=posts, measures=measures[measures["measure"] == "establishment_fte"]
    )
    exhibit = getattr(wf.exhibits, name)(bare)
    assert exhibit.status == "unavailable"
    assert len(exhibit.sentences) == 1


def test_where_agency_staff_are_concentrated(september, july):
    exhibit = wf.exhibits.agency_localities(september)
    assert exhibit.sentences[0] == "City and Coast have most agency staff: 27 of 46 (59%)."
    tied = wf.exhibits.agency_localities(july)
    assert tied.headline == "City and Harbour have most agency staff: 29 of 45"


def test_the_ratio_and_the_rates_of_a_year_before(september):
    exhibit = wf.exhibits.agency_services(september)
    assert exhibit.sentences[0] == (
        "At the end of September 2020 there were 7.7 permanent staff for each agency worker "
        "(FTE), against 8.4 a year before."
    )
    table = exhibit.table.set_index("Service")
    assert table.loc["Safeguarding", "Agency rate a year before"] == "9.1%"
    rate = select(september, "agency_rate_fte", level="service", area_name="Safeguarding")
    before = rate.loc[rate["period_end"] == pd.Timestamp("2019-09-30"), "value"].item()
    assert round(before, 3) == 0.091
    said = [text.get_text() for text, _ in drawn_texts(exhibit.figure)]
    assert "11.3% (9.1% a year before)" in said


def test_services_by_month_are_thirteen_months_with_people(september):
    table = wf.exhibits.agency_services_months(september).table
    assert len(table) == 13
    assert table.iloc[-1].tolist() == [
        "September 2020", "withheld", "withheld", "8 of 49 (16.3%)", "withheld",
        "8 of 87 (9.2%)", "17 of 154 (11.0%)",
    ]  # fmt: skip


def test_one_number_for_one_service(september, july):
    looked_after = wf.exhibits.agency_service_count(september, service="children looked AFTER")
    assert looked_after.sentences == (
        "Looked After Children had 8 members of agency staff (8.0 FTE) at the end of September "
        "2020.",
        "That is 9.7% of its staff, FTE.",
    )
    few = wf.exhibits.agency_service_count(september, service="Leaving Care")
    assert few.sentences == (
        "The number of agency staff in Leaving Care at the end of September 2020 is withheld.",
        "It is fewer than 5, or would give away such a number of another service.",
    )
    assert few.table.iloc[0].tolist() == ["Leaving Care", "withheld", "withheld", "withheld"]
    # Five or more, withheld for the sake of another service: told in the same words.
    other = wf.exhibits.agency_service_count(july, service="Looked After Children")
    assert other.sentences[0] == (
        "The number of agency staff in Looked After Children at the end of July 2019 is withheld."
    )
    assert wf.exhibits.agency_service_count(september).headline.startswith("Safeguarding had 17 ")


def test_an_unknown_service_is_refused_with_the_nearest(september):
    with pytest.raises(ParameterError, match="Did you mean 'Safeguarding'"):
        wf.exhibits.agency_service_count(september, service="Safegarding")


def test_agency_tenure_says_how_many_have_been_here_over_a_year(september, july):
    exhibit = wf.exhibits.agency_tenure(september)
    assert exhibit.sentences[0] == (
        "Of 46 agency staff in September 2020, 25 (54%) had been here over a year."
    )
    people = exhibit.table["Agency staff, people"].astype(int)
    assert people.sum() == 46
    # In July 2019 two groups are small: no number of theirs anywhere in words or table.
    hidden = wf.exhibits.agency_tenure(july)
    assert hidden.table["Agency staff, people"].tolist() == ["withheld", "13", "withheld", "20"]
    assert len(hidden.sentences) == 1
    trend = wf.exhibits.agency_over_year(september)
    assert trend.sentences[1] == "A year before it was 23 (52%)."
    assert (exhibit.headline, trend.headline) == (
        "54% of agency staff had been here over a year",
        "Agency staff here over a year: 25, 23 a year before",
    )


def test_conversions_of_a_year_are_the_monthly_ones_added(september):
    exhibit = wf.exhibits.agency_conversions(september)
    months = select(september, "conversions_headcount").tail(12)
    assert months["value"].sum() == 3
    assert exhibit.sentences == (
        "3 members of agency staff became permanent in the twelve months to September 2020.",
        "It was 10 in the twelve months before: chance alone may make that difference.",
    )


def test_project_teams(september, july):
    assert wf.exhibits.agency_projects(july).sentences[0] == (
        "In July 2019, 6 of 45 agency staff were in project teams."
    )
    assert wf.exhibits.agency_projects(september).sentences == (
        "In September 2020, none of 46 agency staff was in project teams.",
        "The most was 6 in project teams, first in February 2019.",
    )
    early = wf.open_area("exampleshire", month="2018-03")
    assert wf.exhibits.agency_projects(early).sentences == (
        "No agency worker up to March 2018 is marked as in a project team.",
    )


def test_survival_says_half_one_year_and_two(september):
    exhibit = wf.exhibits.tenure_survival(september)
    assert exhibit.sentences == (
        "Half of permanent staff have left within 4.2 years.",
        "After a year 87% are still here (95% interval 82% to 91%).",
        "After two years 74% are still here (95% interval 68% to 80%).",
        "This rests on 580 spells of service, 212 of them ended by a leaver.",
    )
    # 219 leavers are recorded; 7 left in April 2017, before the first list.
    assert select(september, "leavers_headcount")["value"].sum() == 219
    check_words(exhibit.figure)


def test_leavers_with_a_reason_are_the_leavers_of_the_year(september):
    leavers = select(september, "leavers_12m_headcount")["value"].iloc[-1]
    for name in ("leaver_reasons", "leaver_destinations"):
        assert getattr(wf.exhibits, name)(september).table["Leavers, people"].sum() == leavers
    assert wf.exhibits.leaver_reasons(september).sentences == (
        "Of 36 leavers in the twelve months to September 2020, the most common reason for leaving "
        "was resignation, 19 (53%).",
    )
    assert wf.exhibits.leaver_destinations(september).sentences[1] == (
        "For 10 (28%) the destination is not known."
    )
    starters = select(september, "starters_12m_headcount")["value"].iloc[-1]
    assert wf.exhibits.starter_origins(september).table["Starters, people"].sum() == starters


def test_two_reasons_as_common_are_both_named(september):
    moves = september.tables["movements"].copy()
    is_leaver = moves["movement"] == "leaver"
    moves.loc[is_leaver, "reason"] = ["retired", "resignation"] * 109 + ["retired"]
    last = moves[is_leaver & (moves["date"] > "2019-09-30")]
    assert last["reason"].value_counts().tolist() == [18, 18]
    changed = replace(september, tables={**september.tables, "movements": moves})
    assert wf.exhibits.leaver_reasons(changed).headline == (
        "Most common reason for leaving: resignation and retired, 18 each (50%)"
    )


def test_new_staff_beside_others(september):
    assert wf.exhibits.first_two_years(september).sentences == (
        "Of 36 leavers in the twelve months to September 2020, 10 (28%) had been here under two "
        "years.",
        "Staff in their first two years left at 7.0 a year for each 100, others at 10.8.",
        "Chance alone may make that difference.",
    )


def test_before_and_after_events_claims_no_cause(september):
    exhibit = wf.exhibits.leavers_event(september)
    assert exhibit.sentences[1] == (
        "Inspection (8 May 2019): 26.4 leavers a year for each 100 staff before, 7.5 after; "
        "fewer, by more than chance."
    )
    assert exhibit.sentences[-1] == "This shows no cause: other things happened at the time too."
    recent = Event(date=pd.Timestamp("2020-08-01").date(), label="New offer", kind="policy")
    soon = wf.exhibits.leavers_event(replace(september, events=(recent,)))
    assert soon.sentences == ("No event has 3 months of leavers before and after it.",)
    none = wf.exhibits.leavers_event(replace(september, events=()))
    assert none.status == "unavailable"


def test_winter_is_answered_or_there_is_too_little_data(september, july):
    assert wf.exhibits.leavers_seasons(september).sentences == (
        "No sign that more leave in winter.",
        "There were 46 leavers in 3 winters; at the rate of the months around, 46.1 were to be "
        "expected.",
    )
    exhibit = wf.exhibits.leavers_seasons(july)
    assert (exhibit.status, exhibit.headline) == ("unavailable", "Too little data to tell")
    assert exhibit.sentences == (
        "Too little data: 36 months with 3 whole winters are needed, and there are 28 months.",
    )


def test_roles_are_grouped_and_small_ones_withheld(september):
    table = wf.exhibits.turnover_roles(september).table.set_index("Role")
    assert table.loc["Managers", "Turnover"] == "withheld"
    assert table.loc["Case holders", "Turnover"] == "10.7%"
    # Beside 48 managers and 61 others without cases the 46 and 55 permanent ones would tell of two
    # and six agency staff.
    assert table["Permanent staff, people"].to_dict() == {
        "Managers": "withheld", "Senior practitioners": "80", "Case holders": "187",
        "Qualified, without cases": "withheld",
    }  # fmt: skip


def test_long_absence_by_reason(september):
    exhibit = wf.exhibits.absence_reasons(september)
    assert exhibit.sentences == (
        "Over twelve months, on average, FTE away were: long-term sickness 1.9, maternity leave "
        "6.1, career break or suspension 3.4.",
        "At the end of September 2020, 8.8 FTE were away for any of these reasons.",
    )
    # 3.2 of 9.0 FTE is the largest part, but not most of it.
    early = wf.exhibits.absence_reasons(wf.open_area("exampleshire", month="2018-03"))
    assert early.headline == (
        "Most common reason for long absence: maternity leave, 3.2 FTE on average"
    )
    # The three parts are the monthly totals of the year, averaged.
    parts = exhibit.table.iloc[-1, 1:].astype(float).sum()
    total = select(september, "long_absence_fte")["value"].tail(12).mean()
    assert parts == pytest.approx(total, abs=0.16)


def curve():
    rows = [(0.5, 0.9, 0.8, 0.95), (1.5, 0.8, 0.7, 0.9), (2.5, 0.78, 0.65, 0.88),
            (12.0, 0.3, 0.2, 0.4)]  # fmt: skip
    return pd.DataFrame(rows, columns=["years", "survival", "lower", "upper"])


def test_the_survival_curve_steps_down_from_all_and_stops_at_ten_years():
    axes = plot_survival(curve(), marks={1.0: "1 year: 90%", 2.0: "2 years: 80%"}, foot="Years")
    line = next(line for line in axes.lines if line.get_label() == "_curve")
    assert line.get_drawstyle() == "steps-post"
    assert line.get_xdata().tolist() == [0.0, 0.5, 1.5, 2.5]
    assert line.get_ydata().tolist() == [1.0, 0.9, 0.8, 0.78]
    marks = [line.get_xydata().tolist()[0] for line in axes.lines if line.get_label() == "_mark"]
    assert sorted(marks) == [[1.0, 0.9], [2.0, 0.8]]
    assert axes.get_ylim() == (0, 1)
    check_words(axes.figure)


def test_words_beside_a_flat_curve_do_not_run_into_each_other():
    flat = pd.DataFrame({"years": [0.4, 9.0], "survival": [0.8, 0.79], "lower": 0.7, "upper": 0.9})
    marks = {float(year): f"{year} years: 80%" for year in (1, 2, 3, 5)}
    axes = plot_survival(flat, marks=marks)
    check_words(axes.figure)
    said = [text.get_text() for text in axes.texts]
    assert len(said) == 3, "the first three have room"
    assert sum(line.get_label() == "_mark" for line in axes.lines) == 4


def test_an_empty_curve_says_so():
    axes = plot_survival(curve().head(0))
    assert "No figure for this period" in [text.get_text() for text in axes.texts]
