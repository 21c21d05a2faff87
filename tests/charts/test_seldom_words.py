"""Sentences, tables and notes that the sample never needs; each case counted by hand."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from tests.charts.small_world import NO_REPAIRS, list_months, open_small
from tests.unit.worlds import make_caseload, make_movements, make_posts, make_workers

import wfanalytics as wf
from wfanalytics.analysis.outlook import calculate_outlook
from wfanalytics.frames import FILES_SCHEMA, MEASURE_SCHEMA
from wfanalytics.measures.area_data import FAULT_COLUMNS, AreaData
from wfanalytics.present.exhibits.outlook_words import describe_vacancies, list_methods
from wfanalytics.raw.outlook import Outlook

SEPTEMBER = pd.Timestamp("2020-09-30")
ENDS = list_months(2)


def make_figures(source="local", *, end=SEPTEMBER, **values):
    rows = [
        {"measure": name, "value": value, "period_start": end, "period_end": end,
         "status": "ok" if value == value else "missing", "period_type": "snapshot",
         "area_level": "authority", "area_code": "E1", "area_name": "Shire", "breakdown": "all",
         "breakdown_value": "all", "definition_version": "1", "source": source}
        for name, value in values.items()
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(MEASURE_SCHEMA.columns))


def open_shire(**changes):
    """Shire with one figure and nothing else."""
    none = pd.DataFrame()
    files = pd.DataFrame(columns=list(FILES_SCHEMA.columns))
    doubtful = ["table", "file", "sheet", "row", "rule", "severity", "reason", "is_row_refused",
                "date", "kind", "fte", "cases"]  # fmt: skip
    data = AreaData(
        "shire", "Shire", "local", SEPTEMBER, make_figures(vacancy_rate_fte=0.1926), (), (), {},
        NO_REPAIRS, files, (13.0, 16.0), none, authority_code="E1",
        doubtful=pd.DataFrame(columns=doubtful),
    )  # fmt: skip
    return replace(data, **changes)


# --- why vacancies changed -----------------------------------------------------------------------
def fill(posts: tuple[int, int], **workers):
    """So many posts in August and in September, the first of them filled."""
    return open_small(
        posts=make_posts([
            {"as_at": end, "post_id": f"P{n}"}
            for end, count in zip(ENDS, posts, strict=True) for n in range(count)
        ]),
        workers=make_workers([{"as_at": end, "post_id": "P0", **workers} for end in ENDS]),
    )  # fmt: skip


def test_the_bridges_table_has_both_levels_where_one_is_nothing():
    exhibit = wf.exhibits.vacancy_bridge(fill((2, 1)), since="2020-08")
    assert exhibit.table.to_numpy().tolist() == [
        ["August 2020", "1.0", "50.0"], ["Posts removed", "−1.0", "−50.0"],
        ["September 2020", "0.0", "0.0"],
    ]  # fmt: skip
    assert exhibit.sentences[1:] == (
        "They were lowered by posts removed (1.0 FTE).",
        "The rate fell by 50.0 percentage points, from 50.0% to 0.0%.",
    )
    still = wf.exhibits.vacancy_bridge(fill((1, 1)), since="2020-08")
    assert still.table["FTE"].tolist() == ["0.0", "0.0"]


def test_services_of_a_few_staff_are_withheld_without_naming_agency():
    assert wf.exhibits.vacancy_bridge_services(fill((2, 1)), since="2020-08").sentences == (
        "Each service's vacancies would tell of its few staff: they are withheld.",
    )


def test_services_whose_vacancies_stayed_are_not_ranked(sixty):
    exhibit = wf.exhibits.vacancy_bridge_services(sixty)
    assert exhibit.headline == "Vacancies changed in no service"
    assert exhibit.sentences == (
        "Between September 2019 and September 2020 vacancies changed in no service.",
    )


# --- nobody of a kind ----------------------------------------------------------------------------
def test_where_there_are_no_agency_staff_no_service_has_most(sixty):
    assert wf.exhibits.agency_services_months(sixty).headline == (
        "No service shown has agency staff in September 2020"
    )


def test_without_cover_both_ways_of_counting_give_one_rate(sixty):
    exhibit = wf.exhibits.reconciliation(sixty)
    assert exhibit.headline == "Counted DfE's way our vacancy rate is 9.1% too"
    assert exhibit.sentences[0] == (
        "At 30 September 2020 counting covered posts as vacant leaves our vacancy rate at 9.1%."
    )


def test_no_group_of_roles_is_highest_where_none_had_a_leaver(sixty):
    # Those who left stand on no list, so their role is not known.
    assert wf.exhibits.turnover_roles(sixty).sentences == (
        "No group of roles had a leaver in twelve months.",
        "The permanent share is shown only among case holders: 100%.",
    )


def test_no_reason_is_the_most_common_where_nobody_is_away(sixty):
    assert wf.exhibits.absence_reasons(sixty).headline == "No long absence is shown"


# --- the outlook ---------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def sixty():
    """Sixty permanent staff in 66 posts for fourteen months, half in either service; nine left."""

    def place(number):
        name = "North" if number < 33 else "South"
        return {"post_id": f"P{number}", "service": name, "team": name}

    months = list_months(14)
    data = open_small(
        posts=make_posts([{"as_at": m, **place(n)} for m in months for n in range(66)]),
        workers=make_workers([
            {"as_at": m, "worker_id": f"W{n}", **place(n)} for m in months for n in range(60)
        ]),
        movements=make_movements([
            {"date": f"2020-0{n}-10", "worker_id": f"L{n}"} for n in range(1, 10)
        ]),
        caseload=make_caseload([
            {"week_ending": "2020-09-27", "worker_id": f"W{n}"} for n in range(20)
        ]),
    )  # fmt: skip
    return replace(data, outlook=Outlook(as_at="2020-09", usual_recruitment=False))


def test_what_stays_is_not_said_to_go_from_one_figure_to_the_same(sixty):
    said = wf.exhibits.outlook_staff(replace(sixty, outlook=Outlook(as_at="2020-09"))).sentences
    assert said[0].startswith("Average caseload stays at about 14.0 cases by March 2021 (80% ")
    assert said[2] == "Effective staff stay at about 60.0 FTE."


def test_services_too_small_to_project(sixty):
    assert wf.exhibits.outlook_services(sixty).sentences == (
        "No service whose vacancies may be shown has 40 permanent staff: too few to project.",
    )


def test_where_nobody_starts_but_those_named_the_words_say_so(sixty):
    found = calculate_outlook(sixty)
    # Six of 66 posts are empty.
    assert (
        wf.exhibits.outlook_vacancies(sixty)
        .sentences[0]
        .startswith("If nobody starts, the uncovered vacancy rate goes from 9.1% to about ")
    )
    assert list_methods(found)[1].endswith(
        "(own record, drawn towards the middle authority). Nobody is taken to start but those "
        "named."
    )


def test_a_stated_leaving_rate_of_nothing_is_a_stated_one(sixty):
    still = replace(sixty, outlook=Outlook(as_at="2020-09", leaving_rate=0.0))
    assert list_methods(calculate_outlook(still))[1].startswith("Leaving rate 0.0% a year (stated)")


def test_how_many_more_starters_are_needed(sixty):
    found = replace(calculate_outlook(sixty), aim=0.03, starters_expected=0.0)

    def said(needed):
        return describe_vacancies(replace(found, starters_needed=needed), given="So")[-1]

    assert said(1) == (
        "To reach 3% by March 2021, about 1 more starter a month is needed than the 0.0 expected."
    )
    assert said(2).endswith("about 2 more starters a month are needed than the 0.0 expected.")
    assert said(None) == "Even 60 more starters a month would not reach 3% by March 2021."


def test_a_target_met_later_and_one_that_does_not_hold(sixty):
    later = pd.DataFrame(
        {"scenario": ["baseline"], "chance": 0.62, "likely_from": pd.Timestamp("2020-12-31")}
    )
    found = replace(calculate_outlook(sixty), target=0.05)
    assert describe_vacancies(replace(found, targets=later), given="So")[3] == (
        "The target of 5% is likely to be met from December 2020; the chance that it is in March "
        "2021 is 62%."
    )
    assert describe_vacancies(replace(found, targets=later.assign(chance=0.2)), given="So")[3] == (
        "The target of 5% is likely to be met in December 2020 but not to hold: the chance that it "
        "is in March 2021 is 20%."
    )


# --- can we trust the month ----------------------------------------------------------------------
FILE = {"table": "workers", "file": "workers/2020-09.csv", "sheet": ""}


def doubt(count, *, refused=1):
    repairs = [
        {**FILE, "row": n + 2, "column": "team", "rule": "A17", "severity": "Q",
         "reason": f"unknown {n}", "is_row_refused": False}
        for n in range(count)
    ]  # fmt: skip
    files = [{**FILE, "rows_read": 20, "rows_refused": refused, "earliest": SEPTEMBER,
              "latest": SEPTEMBER}]  # fmt: skip
    return open_shire(
        repairs=pd.DataFrame(repairs, columns=NO_REPAIRS.columns), files=pd.DataFrame(files)
    )


def test_nothing_one_thing_and_more_than_fit_to_mend():
    nothing, one, many = (wf.exhibits.quality_month(doubt(count)) for count in (0, 1, 13))
    assert nothing.headline == "Every extract of September 2020 is here; nothing to mend"
    assert nothing.sentences == (
        "In files about September 2020, 1 of 20 rows was refused, each with a reason.",
        "No row that was refused or asked about could move a headline figure.",
        "There is nothing to mend.",
    )
    assert one.sentences[-1] == "There is 1 thing to mend, newest file first."
    assert many.sentences[-2:] == (
        "There are 13 things to mend, newest file first.",
        "The table has the first 12; wfanalytics check lists all.",
    )
    assert many.table["First row"].tolist() == list(range(2, 14))


def test_a_month_whose_figures_a_fault_has_taken():
    fault = dict.fromkeys(FAULT_COLUMNS, "") | {
        "table": "posts", "file": "posts/a.csv", "month": SEPTEMBER,
        "message": "posts/a.csv, row 2: not a number. Correct it.",
    }  # fmt: skip
    exhibit = wf.exhibits.quality_month(open_shire(
        refused=pd.DataFrame([fault]), measures=make_figures(vacancy_rate_fte=float("nan"))
    ))  # fmt: skip
    assert exhibit.headline == (
        "No: figures of September 2020 are missing, because an extract could not be used"
    )
    assert exhibit.sentences[:2] == (
        "The posts extract of September 2020 could not be used: posts/a.csv, row 2: not a number. "
        "Correct it.",
        "Missing for September 2020: vacancy rate before agency cover.",
    )
    assert exhibit.sentences[-1] == "There is nothing else to mend."


def test_clean_extracts_and_an_area_without_figures():
    assert wf.exhibits.quality_rules(open_shire()).sentences == ("No cleaning rule fired.",)
    assert wf.exhibits.scorecard(open_small()).sentences == ("There is no figure for Shire.",)
    # Of eight measures one has rows.
    card = wf.exhibits.scorecard(open_shire())
    assert card.table["Measure"].tolist() == ["Vacancy rate before agency cover"]


# --- the return, and papers ----------------------------------------------------------------------
def test_a_return_beside_what_was_published_and_lists_that_have_half_of_it():
    exhibit = wf.exhibits.quality_census(open_shire(
        census=make_figures("census, 2020", vacancy_rate_fte=0.1934, cases=9.0),
        national=make_figures("DfE", vacancy_rate_fte=0.193, cases=8.0),
    ))  # fmt: skip
    assert exhibit.headline == "1 of 1 figures of the return agree with our own lists"
    assert exhibit.sentences == (
        "1 of 2 figures are the same as DfE published, as printed.",
        "None of the census's rules fired.",
    )
    rows = exhibit.table.set_index("Figure")
    assert rows.loc["Vacancy rate before agency cover"].tolist() == [
        "19.3%", "19.3%", "19.3%", "yes",
    ]  # fmt: skip
    assert rows.loc["Cases held by case holders"].tolist() == ["9", "not here", "8", "not known"]


def test_a_return_of_a_day_the_lists_do_not_reach():
    exhibit = wf.exhibits.quality_census(open_shire(
        measures=make_figures(), census=make_figures("census, 2020", vacancy_rate_fte=0.1934),
    ))  # fmt: skip
    assert exhibit.headline == "Our own lists have no figure of the return's day"


def test_a_figure_stated_in_a_paper_that_dfe_has_nothing_beside():
    stated = {
        "measure": "vacancy gap", "kind": "actual", "qualifier": "", "comparable_value": 0.07,
        "comparable_measure": "uncovered_vacancy_rate_fte", "document": "Minutes", "paragraph": "3",
        "as_at_date": pd.Timestamp("2019-07-31"), "as_at_date_source": "the document",
    }  # fmt: skip
    published = make_figures("DfE", end=pd.Timestamp("2019-09-30"), caseload_fte=17.0)
    exhibit = wf.exhibits.reconciliation(open_shire(
        source="published", measures=published, stated=pd.DataFrame([stated])
    ))  # fmt: skip
    assert exhibit.headline == "No figure of DfE's beside the one stated"
    assert exhibit.sentences == (
        "Uncovered vacancy rate: 7% stated for July 2019; no figure of DfE's is there to set "
        "beside it.",
    )
    assert exhibit.figure is None
