"""Where real authorities stand, against figures worked out by somebody else."""

from __future__ import annotations

import pandas as pd
import pytest

import wfanalytics as wf
from wfanalytics.analysis.benchmarks import calculate_moves, find_standing


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
        "It is in the second lowest quarter; in its region, South East, it is 4th lowest of 19.",
        "Published rates: England 16.4% and South East 16.0%.",
        "It moved by 0.9 percentage points in the year, less than the middle authority "
        "(3.8 percentage points).",
    )


def test_a_warning_where_vacancies_equal_the_agency_cover(path):
    data = wf.open_area("West Sussex", month="2023-09", source="published", published_file=path)
    assert "equal the agency staff covering them exactly" in " ".join(
        wf.exhibits.benchmark_vacancy(data).sentences
    )


def test_worcestershire_is_drawn_and_england_is_not_an_authority(path):
    data = wf.open_area("Worcestershire", month="2023-09", source="published", published_file=path)
    assert wf.exhibits.benchmark_caseload(data).status == "ok"
    england = wf.open_area("England", month="2023-09", source="published", published_file=path)
    assert wf.exhibits.benchmark_caseload(england).status == "unavailable"


def test_without_a_whole_file_there_is_nothing_to_compare_with():
    data = wf.open_area("exampleshire", month="2020-09")
    exhibit = wf.exhibits.benchmark_vacancy(data)
    assert exhibit.status == "unavailable"
    assert "wfanalytics fetch" in exhibit.sentences[0]
