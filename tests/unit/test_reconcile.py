"""From our figure to DfE's, step by step; the steps add up to the whole."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import wfanalytics as wf
from wfanalytics.analysis.reconcile import calculate_reconciliation, calculate_stated
from wfanalytics.measures.area_data import select

SEPTEMBER, MARCH = pd.Timestamp("2019-09-30"), pd.Timestamp("2020-03-31")


@pytest.fixture(scope="module")
def sample():
    return wf.open_area("exampleshire", month="2020-03")


def measure_rows(figures, *, end=SEPTEMBER, **changes):
    base = {
        "period_start": end, "period_end": end, "period_type": "snapshot",
        "area_level": "authority", "area_code": "E1", "area_name": "Exampleshire",
        "breakdown": "all", "breakdown_value": "all", "numerator": None, "denominator": None,
        "status": "ok", "definition_version": "1", "source": "DfE 2017 to 2023",
    }  # fmt: skip
    rows = [{**base, "measure": name, "value": value} for name, value in figures.items()]
    return pd.DataFrame(rows).assign(**changes)


def publish(data, figures):
    """The area with a published counterpart of its own."""
    national = measure_rows(figures, old_la_code="999", region_name="South")
    return replace(data, old_la_code="999", national=national, is_fictional=False)


def steps_of(rows, chain):
    return rows[(rows["chain"] == chain) & ~rows["is_aside"]].set_index("step")


def test_ours_the_date_the_cover_and_dfes(sample):
    data = publish(sample, {"vacancy_rate_fte": 0.163})
    steps = steps_of(calculate_reconciliation(data), "vacancy_rate_fte")
    assert steps.index.tolist() == ["ours", "date", "cover", "published"]
    ours = select(sample, "uncovered_vacancy_rate_fte").set_index("period_end")["value"]
    gross = select(sample, "vacancy_rate_fte").set_index("period_end")["value"]
    expected = [ours[MARCH], ours[SEPTEMBER], gross[SEPTEMBER], 0.163]
    assert steps["value"].tolist() == expected
    cover = select(sample, "agency_cover_fte").set_index("period_end")["value"][SEPTEMBER]
    base = select(sample, "vacancy_rate_fte").set_index("period_end")["denominator"][SEPTEMBER]
    assert steps.loc["cover", "difference"] == pytest.approx(cover / base)


@settings(max_examples=25, deadline=None)
@given(published=st.floats(0, 1), ours=st.floats(0, 1), then=st.floats(0, 1), gross=st.floats(0, 1))
def test_the_differences_add_up_to_the_whole(sample, published, ours, then, gross):
    measures = pd.concat([
        measure_rows({"uncovered_vacancy_rate_fte": ours}, end=MARCH),
        measure_rows({"uncovered_vacancy_rate_fte": then, "vacancy_rate_fte": gross}),
    ])  # fmt: skip
    data = publish(replace(sample, measures=measures), {"vacancy_rate_fte": published})
    steps = steps_of(calculate_reconciliation(data), "vacancy_rate_fte")
    assert steps["difference"].sum() == pytest.approx(published - ours)


def test_a_census_return_stands_between_the_extracts_and_what_was_published(sample):
    data = publish(sample, {"agency_rate_fte": 0.12})
    data = replace(data, census=measure_rows({"agency_rate_fte": 0.11}))
    steps = steps_of(calculate_reconciliation(data), "agency_rate_fte")
    assert steps.index.tolist() == ["ours", "date", "census", "published"]
    assert steps.loc["published", "difference"] == pytest.approx(0.01)
    assert (
        "Agency rate at 30 September 2019: our return's 11.0%, DfE's 12.0%; 1.0 percentage points "
        "more, not explained by date or definition."
    ) in wf.exhibits.reconciliation(data).sentences


def test_the_areas_own_return_is_a_step_without_being_asked_for():
    """The sample's return of 2020 has 19.4%, its lists of the day 19.3%."""
    exhibit = wf.exhibits.reconciliation(wf.open_area("exampleshire", month="2020-09"))
    table = exhibit.table
    shown = table[table["Figure"] == "Vacancy rate before agency cover"].set_index("Step")["Value"]
    assert shown["Our census return, 30 September 2020"] == "19.4%"
    assert shown["Ours, covered posts counted as vacant"] == "19.3%"
    # 11.6% in both: no row says so, and a note does.
    agency = table[table["Figure"] == "Agency rate"]
    assert agency["Step"].tolist() == ["Ours, September 2020"]
    assert "Where our census return gives the same figure, it has no row." in exhibit.notes


def test_what_is_counted_otherwise_is_beside_the_chain_and_in_no_sum(sample):
    rows = calculate_reconciliation(sample)
    asides = rows[rows["is_aside"]].set_index(["chain", "step"])
    workers = sample.tables["workers"]
    now = workers[(workers["as_at"] == SEPTEMBER) & (workers["role"] != "support")]
    table = sample.tables["caseload"]
    week = table[table["week_ending"] == "2019-09-29"]
    held = week[(week["worker_id"] != "") & (week["role"] != "support") & (week["cases"] > 0)]
    held = held[held["fte"].notna() & (held["role"] != "") & (held["fte"] > 0)]
    everybody = asides.loc[("caseload_fte", "all social workers"), "value"]
    assert everybody == pytest.approx(held["cases"].sum() / now["fte"].sum(), rel=1e-6)
    permanent = held[held["employment"] == "permanent"]
    fte = permanent.groupby("worker_id")["fte"].max().sum()
    without = asides.loc[("caseload_fte", "no agency"), "value"]
    assert without == pytest.approx(permanent["cases"].sum() / fte, rel=1e-3)
    heads = now.groupby("employment")["worker_id"].nunique()
    people = asides.loc[("agency_rate_fte", "people"), "value"]
    assert people == pytest.approx(heads["agency"] / heads.sum())


def test_a_caseload_that_would_give_away_a_few_agency_workers_is_left_out(sample):
    table = sample.tables["caseload"]
    is_agency = table["employment"] == "agency"
    few = table.loc[is_agency & (table["week_ending"] == "2019-09-29"), "worker_id"].unique()[:4]
    kept = table[~is_agency | table["worker_id"].isin(few)]
    data = replace(sample, tables={**sample.tables, "caseload": kept})
    assert "no agency" not in calculate_reconciliation(data)["step"].tolist()


def test_a_figure_that_no_step_follows_has_no_row():
    exhibit = wf.exhibits.reconciliation(wf.open_area("exampleshire", month="2020-09"))
    rows = exhibit.table["Figure"].value_counts()
    # The return of 30 September 2020 gives the same absence rate: nothing stands beside ours.
    assert "Sickness absence rate" not in rows
    assert rows["Permanent staff in post"] == 2


def test_the_sample_says_that_it_is_fictional_and_counts_as_dfe_does(sample):
    exhibit = wf.exhibits.reconciliation(sample)
    assert exhibit.headline == "Counted DfE's way our vacancy rate is 15.6%, not 6.9%"
    assert exhibit.sentences == (
        "At 30 September 2019 counting covered posts as vacant takes our vacancy rate from 6.9% "
        "to 15.6%.",
        "DfE publishes no figures of Exampleshire, which is fictional: ours are shown as DfE "
        "counts.",
    )


def test_with_a_published_figure_what_is_left_is_said_to_be_unexplained(sample):
    exhibit = wf.exhibits.reconciliation(
        publish(sample, {"vacancy_rate_fte": 0.163, "agency_rate_fte": 0.107})
    )
    assert exhibit.sentences[1:] == (
        "Vacancy rate before agency cover at 30 September 2019: ours 15.6%, DfE's 16.3%; 0.7 "
        "percentage points more, not explained by date or definition.",
        "Agency rate at 30 September 2019: ours and DfE's are both 10.7%.",
    )
    vacancies = exhibit.table[exhibit.table["Figure"].str.contains("acancy")]
    assert vacancies["Value"].tolist() == ["6.7%", "6.9%", "15.6%", "16.3%"]
    assert vacancies["Difference"].tolist() == [
        "start", "0.2 percentage points more", "8.7 percentage points more",
        "0.7 percentage points more",
    ]  # fmt: skip


def test_seven_per_cent_stated_and_dfes_ten_point_two_are_different_measures():
    data = wf.open_area("West Sussex", month="2019-09", source="published")
    steps = calculate_stated(data).set_index(["chain", "step"])["value"]
    assert steps["vacancy_gap"].round(3).tolist() == [0.07, -0.036, 0.102]
    # 54 heads in the year to September 2019.
    assert steps["leavers_per_month"].tolist() == [2.0, 4.5]
    exhibit = wf.exhibits.reconciliation(data)
    assert exhibit.headline == "The 7% stated and DfE's 10.2% are different measures"
    assert exhibit.sentences[1:] == (
        "The 7% stated for July 2019 is read as uncovered; DfE's 10.2% at 30 September 2019 "
        "counts covered posts as vacant.",
        "Agency rate: 10% stated for July 2019; DfE's 13.3% at 30 September 2019 is 3.3 "
        "percentage points more.",
        "Leavers: average 2 a month stated for July 2019; DfE's 4.5 a month at 30 September "
        "2019 is 2.5 a month more.",
        "Average caseload: about 20 stated for July 2019; DfE's 16.8 at 30 September 2019 is "
        "3.2 fewer cases per social worker.",
    )
    assert "paragraph 22.1" in exhibit.source
    assert any("press report of 11 September 2019" in note for note in exhibit.notes)


def test_years_whose_vacancies_equal_the_cover_are_named():
    data = wf.open_area("West Sussex", month="2025-09", source="published")
    notes = " ".join(wf.exhibits.reconciliation(data).notes)
    assert "In 2018, 2021, 2023, 2024 and 2025 the vacancies reported equal" in notes


def test_nothing_to_set_beside_dfes_figures_says_so():
    data = wf.open_area("Worcestershire", month="2025-09", source="published")
    exhibit = wf.exhibits.reconciliation(data)
    assert exhibit.status == "unavailable"
    assert exhibit.sentences == (
        "There is nothing to set beside DfE's figures of Worcestershire: no extracts, and no "
        "figure stated in a committee paper.",
    )
