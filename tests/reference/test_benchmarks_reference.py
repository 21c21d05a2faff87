"""Where real authorities stand, against figures worked out by somebody else."""

from __future__ import annotations

import csv
import statistics
from dataclasses import replace

import pandas as pd
import pytest

import wfanalytics as wf
from wfanalytics.analysis.benchmarks import calculate_moves, find_standing
from wfanalytics.measures.area_data import select


def open_published(path, area, month):
    return wf.open_area(area, month=month, source="published", published_file=path)


@pytest.fixture(scope="module")
def path(reference_dir):
    return str(reference_dir / "dfe" / "csww_indicators_2017_to_2023.csv")


@pytest.fixture(scope="module")
def national(path):
    data = wf.open_area("West Sussex", month="2023-09", source="published", published_file=path)
    return data.national[data.national["area_level"] == "authority"]


@pytest.mark.parametrize(
    ("year", "measure", "rank", "quartile"),
    [
        (2019, "vacancy_rate_fte", 51, 2), (2019, "agency_rate_fte", 74, 2),
        (2019, "turnover_rate_fte", 27, 1), (2019, "caseload_fte", 72, 2),
        (2019, "absence_rate_fte", 52, 2),
        (2020, "vacancy_rate_fte", 48, 2), (2020, "agency_rate_fte", 85, 3),
        (2020, "turnover_rate_fte", 35, 1), (2020, "caseload_fte", 51, 2),
        (2020, "absence_rate_fte", 20, 1),
    ],
)  # fmt: skip
def test_west_sussex_stands_where_it_was_found_to_stand(national, year, measure, rank, quartile):
    end = pd.Timestamp(year, 9, 30)
    own = national[(national["area_name"] == "West Sussex") & (national["period_end"] == end)]
    value = float(own.loc[own["measure"] == measure, "value"].iloc[0])
    standing = find_standing(national, measure=measure, period_end=end, value=value)
    assert (standing.rank, standing.count, standing.quartile) == (rank, 150, quartile)


def test_fourth_lowest_vacancy_rate_of_nineteen_in_the_south_east(national):
    end = pd.Timestamp("2019-09-30")
    standing = find_standing(
        national, measure="vacancy_rate_fte", value=0.102, period_end=end, region="South East"
    )
    assert (standing.region_rank, standing.region_count) == (4, 19)


def test_one_authoritys_vacancy_rate_usually_moves_by_nearly_four_points(national):
    years = [pd.Timestamp(year, 9, 30) for year in range(2018, 2024)]
    moves = pd.concat(calculate_moves(national, measure="vacancy_rate_fte", period_end=end)
                      for end in years)  # fmt: skip
    assert 0.03 < moves.median() < 0.045


def test_the_sentences_of_september_2019(path):
    data = wf.open_area("West Sussex", month="2019-09", source="published", published_file=path)
    assert wf.exhibits.benchmark_vacancy(data).sentences == (
        "At 30 September 2019 the vacancy rate before agency cover in West Sussex was 10.2%: "
        "51st lowest of 150 authorities.",
        "It is in the second lowest quarter; in its region, South East, it is 4th lowest of 19; "
        "lower is better.",
        "Published rates: England 16.4% and South East 16.0%.",
        "The median of 10 statistical neighbours was 18.5% (DfE's 2025 set).",
        "It moved by 0.9 percentage points in the year, less than the middle authority "
        "(3.8 percentage points).",
    )


@pytest.mark.parametrize("key", ["benchmark_vacancy", "benchmark_neighbours"])
def test_a_warning_where_vacancies_equal_the_agency_cover(path, key):
    warned = []
    for year in range(2017, 2024):
        data = open_published(path, "West Sussex", f"{year}-09")
        sentences = " ".join(getattr(wf.exhibits, key)(data).sentences)
        warned += [year] if "equal the agency staff covering them exactly" in sentences else []
    assert warned == [2018, 2021, 2023]


FACTS = ("vacancy_rate_fte", "agency_rate_fte", "turnover_rate_fte", "caseload_fte",
         "absence_rate_fte")  # fmt: skip


@pytest.mark.parametrize("area", ["West Sussex", "Worcestershire"])
def test_what_benchmarks_say_is_what_was_read_off_the_file_by_hand(path, reference_dir, area):
    facts = pd.read_csv(reference_dir / "published_facts.csv", dtype=str, keep_default_na=False)
    facts = facts[facts["area"] == area].set_index("year")
    for year in range(2017, 2024):
        data = open_published(path, area, f"{year}-09")
        for measure in FACTS:
            rows = select(data, measure)
            own = rows[rows["period_end"] == pd.Timestamp(year, 9, 30)]["value"].item()
            per = 1 if measure == "caseload_fte" else 100
            assert own * per == pytest.approx(float(facts.loc[str(year), measure])), measure
        printed = facts.loc[str(year), "vacancy_rate_fte"]
        printed = printed if "." in printed else f"{printed}.0"
        assert f"in {area} was {printed}%" in wf.exhibits.benchmark_vacancy(data).sentences[0]


def test_neighbours_median_is_that_of_the_ten_figures_in_the_file(path):
    with open(path, encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["time_period"] == "2019"]
    ten = {"916", "881", "850", "919", "937", "865", "802", "931", "803", "878"}
    rates = [float(row["vacancy_rate_fte"]) for row in rows if row["old_la_code"] in ten]
    assert statistics.median(rates) == pytest.approx(18.45)
    exhibit = wf.exhibits.benchmark_neighbours(open_published(path, "West Sussex", "2019-09"))
    assert exhibit.sentences == (
        "At 30 September 2019 the vacancy rate before agency cover was 10.2%; the median of 10 "
        "statistical neighbours was 18.5%.",
        "Among them it is 2nd lowest of 11; lower is better.",
        "Below their median: vacancies before cover; turnover, DfE; sickness absence.",
        "Above their median: agency rate; cases per social worker.",
    )
    assert exhibit.headline == (
        "Vacancy rate before agency cover: 8.3 percentage points below the median neighbour"
    )
    assert any("from DfE's 2025 set: Devon; Essex;" in note for note in exhibit.notes)


def test_the_april_2021_set_is_named_where_the_newer_one_is_not_known(path):
    notes = wf.exhibits.benchmark_neighbours(open_published(path, "Hampshire", "2022-09")).notes
    assert any("from DfE's April 2021 set" in note for note in notes)


def test_a_joint_return_and_its_half_count_as_one_neighbour(path):
    exhibit = wf.exhibits.benchmark_neighbours(open_published(path, "City of London", "2023-09"))
    assert "the median of 9 statistical neighbours" in exhibit.sentences[0]
    assert any("Joint returns count once: Kingston upon Thames /" in n for n in exhibit.notes)
    assert any(
        n.startswith("2 of the 10 listed make no return of their own") for n in exhibit.notes
    )


def test_no_neighbours_says_what_to_do(path):
    exhibit = wf.exhibits.benchmark_neighbours(open_published(path, "Cumberland", "2023-09"))
    assert exhibit.status == "unavailable"
    assert "name them as neighbours in profile.yml" in exhibit.sentences[0]


def test_northamptonshires_joint_return_is_said(path):
    notes = wf.exhibits.benchmark_vacancy(open_published(path, "Norfolk", "2021-09")).notes
    assert any("North Northamptonshire / West Northamptonshire" in note for note in notes)


def test_the_neighbours_are_marked_by_shape_in_the_chart_of_all(path):
    figure = wf.exhibits.benchmark_vacancy(open_published(path, "West Sussex", "2019-09")).figure
    points = {str(c.get_label()): c for c in figure.axes[0].collections}["_marked"].get_offsets()
    assert len(points) == 10
    assert statistics.median(float(y) for _, y in points) == pytest.approx(0.1845)
    said = " ".join(text.get_text() for text in figure.axes[0].texts)
    assert "◆ statistical neighbours" in said


def test_dorsets_move_is_not_measured_across_its_change_of_boundary(path):
    said = wf.exhibits.benchmark_vacancy(open_published(path, "Dorset", "2019-09")).sentences
    assert not any("in the year" in sentence for sentence in said)


def test_an_areas_own_extracts_take_the_place_of_its_published_figure(path):
    data = wf.open_area("exampleshire", month="2020-09", published_file=path)
    listed = replace(data, old_la_code="938")
    assert "of 151 authorities" in wf.exhibits.benchmark_vacancy(data).sentences[0]
    exhibit = wf.exhibits.benchmark_vacancy(listed)
    assert "of 150 authorities" in exhibit.sentences[0]
    assert "in its region, South East" in exhibit.sentences[1]
    assert "West Sussex" not in exhibit.table["Authority"].tolist()


def test_worcestershire_is_drawn_and_england_is_not_an_authority(path):
    data = wf.open_area("Worcestershire", month="2023-09", source="published", published_file=path)
    assert wf.exhibits.benchmark_caseload(data).status == "ok"
    england = wf.open_area("England", month="2023-09", source="published", published_file=path)
    assert wf.exhibits.benchmark_caseload(england).status == "unavailable"


def test_without_a_whole_file_there_is_nothing_to_compare_with():
    data = wf.open_area("exampleshire", month="2020-09")
    exhibit = wf.exhibits.benchmark_vacancy(data)
    assert exhibit.status == "unavailable"
    # A committee reads this: what an analyst can do about it stands in the notebook.
    assert exhibit.sentences == (
        "DfE's figures of other authorities were not read for this report, so there is nothing to "
        "compare with.",
    )


def test_the_shipped_years_warn_in_a_sentence_and_say_that_england_is_part_estimated():
    data = wf.open_area("West Sussex", month="2025-09", source="published")
    exhibit = wf.exhibits.vacancy_gross(data)
    assert exhibit.sentences[-1] == (
        "In 2018, 2021, 2023, 2024 and 2025 the vacancies reported equal the agency cover "
        "exactly: they may be a count of agency staff."
    )
    assert any("in 2025 are part-estimated" in note for note in exhibit.notes)
    before = wf.exhibits.vacancy_gross(
        wf.open_area("West Sussex", month="2024-09", source="published")
    )
    assert not any("part-estimated" in note for note in before.notes)
