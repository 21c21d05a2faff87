"""DfE's measures from a return of twelve workers, counted by hand."""

from __future__ import annotations

import pandas as pd
import pytest
from tests.unit.census_files import AGENCY, LEAVER, clean, write

from wfanalytics.measures.census import calculate_census_measures
from wfanalytics.raw.published import RATES, YEAR_MEASURES, read_headline_facts

OCTOBER = {"RoleStartDate": "2022-11-14"}
OWN = {"NumberOfVacancies": "3.50", "NoAgencyFTE": "1.20", "NoAgencyHeadcount": "2"}
#: Each line says what it adds, the rest being STAFF: 0.8 FTE, 12 cases, 3 days lost.
TWELVE = (
    {"FTE": "1", "FTE30": "1", "Cases30": "16"},
    {"Cases30": "14"},
    OCTOBER,  # a starter, of the last quarter of the year before
    # A manager without cases, in two half posts: 1 FTE, one person.
    {"SWENo": "SW5", "OrgRole": "3", "FTE": "0.5", "FTE30": "0.5", "Cases30": "0"},
    {"SWENo": "SW5", "OrgRole": "2", "FTE": "0.5", "FTE30": "0.5", "Cases30": ""},
    # FTE not given: a person in post, and no FTE.
    {"FTE": None, "FTE30": None, "OrgRole": "6", "Cases30": "0", "WorkingDaysLost": "0"},
    # Two leavers, the second on 30 September itself, with the FTE in FTE30.
    LEAVER,
    {**LEAVER, "RoleEndDate": "2023-09-30", "FTE": "0", "FTE30": "0.6", "WorkingDaysLost": "20"},
    # Started and left within the year: in neither flow, though the days lost count.
    {**LEAVER, **OCTOBER, "WorkingDaysLost": "1"},
    # Three agency records, two of one number, which DfE counts apart; one holds cases.
    {**AGENCY, "SWENo": "SW9", "FTE": "0.5", "FTE30": None, "Cases30": "10",
     "WorkingDaysLost": None},
    {**AGENCY, "SWENo": "SW9", "FTE": "0.5", "FTE30": "0.5", "Cases30": "0"},
    {**AGENCY, "Cases30": None},
)  # fmt: skip
#: In post 1 + 0.8 + 0.8 + 0.5 + 0.5 = 3.6 FTE, 5 people (the manager once).
#: Days lost 3 + 3 + 3 + 3 + 3 + 0 + 3 + 20 + 1 = 39; agency workers' are not counted.
COUNTS = {
    "inpost_fte": 3.6, "inpost_headcount": 5, "starters_12m_fte": 0.8, "starters_12m_headcount": 1,
    "leavers_12m_fte": 1.4, "leavers_12m_headcount": 2, "agency_fte": 2.0, "agency_headcount": 3,
    "agency_cover_fte": 1.2, "vacancy_fte": 3.5, "case_holders_fte": 3.1, "cases": 52,
    "working_days_lost_fte": 39, "uncovered_vacancy_fte": 2.3,
}  # fmt: skip
RATES_BY_HAND = {
    "vacancy_rate_fte": (3.5, 7.1), "agency_rate_fte": (2.0, 5.6),
    "agency_rate_headcount": (3, 8), "agency_cover_rate_fte": (1.2, 2.0),
    "vacancy_agency_cover_rate_fte": (1.2, 3.5), "turnover_rate_fte": (1.4, 3.6),
    "turnover_rate_headcount": (2, 5), "caseload_fte": (52, 3.1),
    "absence_rate_fte": (39, 3.6 * 253), "uncovered_vacancy_rate_fte": (2.3, 7.1),
}  # fmt: skip


def measure(path) -> pd.DataFrame:
    frame = calculate_census_measures(
        clean(path), authority_code="E10000032", authority_name="West Sussex"
    )
    return frame.set_index("measure")


@pytest.fixture(scope="module")
def twelve(tmp_path_factory) -> pd.DataFrame:
    return measure(write(tmp_path_factory.mktemp("census"), *TWELVE, own=OWN))


@pytest.mark.parametrize("name", COUNTS)
def test_counts_by_hand(twelve, name):
    assert twelve.loc[name, "value"] == pytest.approx(COUNTS[name], abs=1e-9)
    assert twelve.loc[name, ["numerator", "denominator"]].isna().all()


@pytest.mark.parametrize("name", RATES_BY_HAND)
def test_rates_by_hand(twelve, name):
    parts = RATES_BY_HAND[name]
    assert twelve.loc[name, ["numerator", "denominator"]].tolist() == pytest.approx(parts, abs=1e-6)
    assert twelve.loc[name, "value"] == pytest.approx(parts[0] / parts[1])


def test_nothing_else_is_measured(twelve):
    assert set(twelve.index) == {*COUNTS, *RATES_BY_HAND}
    assert set(RATES_BY_HAND) - {"uncovered_vacancy_rate_fte"} == set(RATES)
    assert set(twelve["status"]) == {"ok"}


def test_the_shape_is_that_of_published_figures(twelve, project_root):
    published = read_headline_facts(project_root / "data/raw/published/dfe_headline_figures.csv")
    found = twelve.reset_index()[published.columns]
    assert found.dtypes.to_dict() == published.dtypes.to_dict()
    keys = ["measure", "period_type"]
    own = {tuple(row) for row in found[keys].to_numpy()}
    assert own <= {tuple(row) for row in published[keys].drop_duplicates().to_numpy()}
    assert set(found["area_code"] + found["area_name"]) == {"E10000032West Sussex"}
    assert set(found["source"]) == {"census, 2023"}
    starts = found.set_index("measure")["period_start"]
    year = starts.index.isin(YEAR_MEASURES)
    assert set(starts[year]) == {pd.Timestamp("2022-10-01")}
    assert set(starts[~year]) == set(found["period_end"]) == {pd.Timestamp("2023-09-30")}


def test_an_own_return_joins_published_figures_by_key(twelve, project_root):
    published = read_headline_facts(project_root / "data/raw/published/dfe_headline_figures.csv")
    key = ["measure", "period_start", "period_end", "area_code"]
    joined = twelve.reset_index().merge(published, on=key, suffixes=("", "_dfe"), validate="1:1")
    assert len(joined) == len(twelve)


def test_working_days_of_a_leap_year(tmp_path):
    worker = {"GenderCurrent": None, "Sex": "F"}
    found = measure(write(tmp_path, worker, year=2024))
    assert found.loc["absence_rate_fte", "denominator"] == pytest.approx(0.8 * 254)


def test_people_are_counted_as_dfe_counts_them(tmp_path):
    same = {"SWENo": "SW5", "FTE": "0.3", "FTE30": "0.3"}
    started = {**same, **OCTOBER}
    left = {**LEAVER, **same, "FTE30": "0"}
    workers = [
        started, started,  # one starter, in two posts of one date
        {**started, "RoleStartDate": "2023-02-01"},  # and again, of another date
        {**same, "Ethnicity": "WIRI"},  # DfE takes another ethnicity for another person
        left, left, {**left, "RoleEndDate": "2023-05-01"},
        {"SWENo": "?"}, {"SWENo": "?"},  # unreadable: each a person
    ]  # fmt: skip
    found = measure(write(tmp_path, *workers))["value"]
    assert found["inpost_headcount"] == 4  # SW5, SW5 of the other ethnicity, and two unreadable
    assert (found["starters_12m_headcount"], found["leavers_12m_headcount"]) == (2, 2)
    assert found["starters_12m_fte"] == pytest.approx(0.9)  # FTE is not de-duplicated
    assert found["leavers_12m_fte"] == pytest.approx(0.9)


def test_rates_on_nothing_do_not_apply(tmp_path):
    nobody = [{**LEAVER}]
    own = {"NumberOfVacancies": "0", "NoAgencyFTE": "0", "NoAgencyHeadcount": "0"}
    found = measure(write(tmp_path, *nobody, own=own))
    assert found.loc["inpost_fte", "value"] == 0
    not_applicable = found.index[found["status"] == "not_applicable"]
    assert set(not_applicable) == {*RATES, "uncovered_vacancy_rate_fte"}


def test_what_a_return_does_not_say_is_missing_and_never_zero(tmp_path):
    blank = {"FTE": None, "FTE30": None, "Cases30": None, "WorkingDaysLost": None}
    own = {"NumberOfVacancies": "", "NoAgencyFTE": "x"}
    found = measure(write(tmp_path, blank, own=own))
    missing = set(found.index[found["status"] == "missing"])
    said = {"inpost_headcount", "agency_headcount", "agency_fte", "starters_12m_fte",
            "starters_12m_headcount", "leavers_12m_fte", "leavers_12m_headcount",
            "agency_rate_headcount", "turnover_rate_headcount"}  # fmt: skip
    assert set(found.index) - missing == said
    assert found.loc[list(missing), "value"].isna().all()
