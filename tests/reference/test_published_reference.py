"""DfE's own files: every published rate from its parts, and figures checked by hand elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from wfanalytics.measures.compare import NO_BASE, compare_published_rates
from wfanalytics.raw.published import (
    RATES,
    PublishedFile,
    read_headline_facts,
    read_published_file,
)

HEADLINE = "csww_headline_measures_2017_to_2022.csv"
INDICATORS = "csww_indicators_2017_to_2023.csv"


@cache
def read(folder: Path, name: str) -> PublishedFile:
    return read_published_file(folder / "dfe" / name)


@pytest.fixture
def headline(reference_dir: Path) -> PublishedFile:
    return read(reference_dir, HEADLINE)


@pytest.fixture
def indicators(reference_dir: Path) -> PublishedFile:
    return read(reference_dir, INDICATORS)


def figure(file: PublishedFile, area: str, year: int, measure: str) -> pd.Series:
    frame = file.measures
    is_it = (frame["area_name"] == area) & (frame["period_end"] == f"{year}-09-30")
    found = frame[is_it & (frame["measure"] == measure)]
    assert len(found) == 1
    return found.iloc[0]


def values(file: PublishedFile, year: int, measure: str) -> pd.Series:
    """Published values of all authorities that have one."""
    frame = file.measures
    frame = frame[(frame["measure"] == measure) & (frame["area_level"] == "authority")]
    frame = frame[(frame["period_end"] == f"{year}-09-30") & (frame["status"] == "ok")]
    return frame.set_index("area_name")["value"]


# --- every rate from its parts -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "rates", "compared", "no_base", "withheld"),
    [
        (HEADLINE, 8154, 8046, 43, {"z": 42, "x": 19, "c": 4}),
        (INDICATORS, 9477, 9381, 0, {"z": 64, "x": 20, "u": 5, "c": 4, "low": 3}),
    ],
)
def test_every_published_authority_rate_is_reproduced_from_its_parts(
    reference_dir: Path, say: Callable[[str], None], name: str, rates: int, compared: int,
    no_base: int, withheld: dict[str, int],
) -> None:  # fmt: skip
    file = read(reference_dir, name)
    result = compare_published_rates(file.measures)
    result = result[result["area_level"] == "authority"]
    cells = file.withheld
    cells = cells[(cells["area_level"] == "authority") & cells["measure"].isin(list(RATES))]
    by_symbol = cells["symbol"].value_counts().to_dict()
    found = int(result["is_within"].notna().sum())
    zero = int((result["reason"] == NO_BASE).sum())
    symbols = ", ".join(f"{symbol} {count}" for symbol, count in by_symbol.items())
    say(
        f"{name}: {len(result)} authority rates; {found} compared, "
        f"{int(result['is_within'].sum())} within tolerance; {zero} published as 0 on a "
        f"count of 0; {sum(by_symbol.values())} withheld ({symbols})"
    )
    assert (len(result), found, zero, by_symbol) == (rates, compared, no_base, withheld)
    assert found + zero + sum(by_symbol.values()) == len(result)
    assert result.loc[~result["is_within"].fillna(True), "area_name"].to_list() == []
    assert set(result.loc[result["reason"] == NO_BASE, "published"]) <= {0.0}


#: Published shares of London, Outer London, South East and England that leave out authorities
#: whose agency cover is not known: Surrey and Kingston/Richmond in 2017, Redbridge in 2018.
WITHOUT_SOME_AUTHORITIES = [
    ("agency_cover_rate_fte", 2017, "England"),
    ("agency_cover_rate_fte", 2017, "London"),
    ("agency_cover_rate_fte", 2017, "Outer London"),
    ("agency_cover_rate_fte", 2017, "South East"),
    ("vacancy_agency_cover_rate_fte", 2017, "England"),
    ("vacancy_agency_cover_rate_fte", 2017, "London"),
    ("vacancy_agency_cover_rate_fte", 2017, "Outer London"),
    ("vacancy_agency_cover_rate_fte", 2017, "South East"),
    ("vacancy_agency_cover_rate_fte", 2018, "England"),
    ("vacancy_agency_cover_rate_fte", 2018, "London"),
    ("vacancy_agency_cover_rate_fte", 2018, "Outer London"),
]


@pytest.mark.parametrize(("name", "rates"), [(HEADLINE, 648), (INDICATORS, 756)])
def test_rates_of_regions_that_their_counts_do_not_give_are_the_known_ones(
    reference_dir: Path, say: Callable[[str], None], name: str, rates: int
) -> None:
    result = compare_published_rates(read(reference_dir, name).measures)
    result = result[result["area_level"] != "authority"]
    outside = result[~result["is_within"].fillna(True)]
    keys = zip(outside["measure"], outside["period_end"].dt.year, outside["area_name"], strict=True)
    say(
        f"{name}: {len(result)} rates of England and regions; {len(outside)} leave out "
        "authorities that their counts include (agency cover, 2017 and 2018)"
    )
    assert sorted(keys) == WITHOUT_SOME_AUTHORITIES
    assert (len(result), int(result["is_within"].notna().sum())) == (rates, rates)


def test_the_authorities_left_out_are_those_that_withhold_their_cover(
    indicators: PublishedFile,
) -> None:
    cells = indicators.withheld
    cells = cells[(cells["measure"] == "agency_cover_fte") & (cells["year"] < 2019)]
    assert cells[["year", "area_name", "symbol"]].to_numpy().tolist() == [
        [2018, "Redbridge", "x"],
        [2017, "Surrey", "x"],
        [2017, "Kingston upon Thames / Richmond upon Thames", "x"],
    ]


def test_the_largest_differences_are_those_found_before(indicators: PublishedFile) -> None:
    result = compare_published_rates(indicators.measures)
    result = result[result["area_level"] == "authority"]
    furthest = (result["published"] - result["recomputed"]).abs().groupby(result["measure"]).max()
    assert furthest.round(3).to_dict() == {
        "absence_rate_fte": 0.051, "agency_cover_rate_fte": 0.6, "agency_rate_fte": 0.077,
        "agency_rate_headcount": 0.05, "caseload_fte": 0.3, "turnover_rate_fte": 0.118,
        "turnover_rate_headcount": 0.05, "vacancy_agency_cover_rate_fte": 1.0,
        "vacancy_rate_fte": 0.065,
    }  # fmt: skip


def test_dfe_rounds_halves_up(indicators: PublishedFile) -> None:
    result = compare_published_rates(indicators.measures)
    people = result[result["measure"].str.endswith("headcount") & result["is_within"].notna()]
    people = people[people["area_level"] == "authority"]
    tenths = people["recomputed"] * 10
    is_tie = ((tenths % 1) - 0.5).abs() < 1e-9
    assert (people["published"] > people["recomputed"])[is_tie].to_list() == [True] * 8


# --- both vintages in one shape ------------------------------------------------------------------


def test_both_vintages_give_one_frame(headline: PublishedFile, indicators: PublishedFile) -> None:
    assert (headline.vintage, indicators.vintage) == ("DfE 2017 to 2022", "DfE 2017 to 2023")
    assert (len(headline.measures), len(indicators.measures)) == (978 * 22, 1137 * 24)
    assert headline.measures.dtypes.to_dict() == indicators.measures.dtypes.to_dict()
    extra = set(indicators.measures["measure"]) - set(headline.measures["measure"])
    assert extra == {"starters_12m_fte", "starters_12m_headcount"}
    assert not set(headline.measures["measure"]) - set(indicators.measures["measure"])
    assert headline.unknown_columns == indicators.unknown_columns == ()


def test_symbols_of_both_files(headline: PublishedFile, indicators: PublishedFile) -> None:
    assert headline.withheld["symbol"].value_counts().to_dict() == {"z": 88, "x": 34, "c": 8}
    assert indicators.withheld["symbol"].value_counts().to_dict() == {
        "z": 67, "x": 41, "u": 9, "c": 8, "low": 3,
    }  # fmt: skip
    withheld = indicators.measures[indicators.measures["status"] != "ok"]
    assert withheld["value"].isna().all()


def test_authorities_of_each_year(headline: PublishedFile, indicators: PublishedFile) -> None:
    years = indicators.areas.groupby("period_end").size().to_list()
    assert years == [151, 151, 150, 150, 150, 150, 151]
    joint = indicators.areas[indicators.areas["area_code"].str.contains("/")]
    assert joint.groupby("old_la_code").size().to_dict() == {"314 / 318": 7, "940 / 941": 3}
    # An E-code changes between vintages, and a name may be two authorities': join on neither.
    for file, code in ((headline, "E10000023"), (indicators, "E06000065")):
        north_yorkshire = file.areas[file.areas["old_la_code"] == "815"]
        assert set(north_yorkshire["area_code"]) == {code}
    dorset = indicators.areas[indicators.areas["area_name"] == "Dorset"]
    assert dorset.groupby("old_la_code").size().to_dict() == {"835": 2, "838": 5}
    # The older file gives a joint return under its first authority and withholds the second.
    richmond = figure(headline, "Richmond upon Thames", 2022, "vacancy_rate_fte")
    assert (richmond["status"], pd.isna(richmond["value"])) == ("not_applicable", True)
    assert figure(headline, "Kingston upon Thames", 2022, "vacancy_rate_fte")["value"] == 0.327


def test_inner_and_outer_london_add_up_to_london_and_are_never_added_to_it(
    indicators: PublishedFile,
) -> None:
    frame = indicators.measures
    people = frame[(frame["measure"] == "inpost_headcount") & (frame["area_level"] == "region")]
    people = people.pivot_table(index="period_end", columns="area_name", values="value")
    assert (people["Inner London"] + people["Outer London"] == people["London"]).all()
    regions = people.drop(columns=["Inner London", "Outer London"]).sum(axis=1)
    england = frame[(frame["measure"] == "inpost_headcount") & (frame["area_level"] == "england")]
    assert regions.to_list() == england["value"].to_list()
    assert len(people.columns) == 11


# --- anchors -------------------------------------------------------------------------------------

#: Published per cent (caseload: cases for each FTE), 2017 to 2023, as revised by that vintage.
ANCHORS = {
    ("England", "vacancy_rate_fte"): [17.0, 16.5, 16.4, 16.1, 16.7, 20.0, 18.9],
    ("England", "agency_rate_fte"): [15.8, 15.4, 15.8, 15.4, 15.5, 17.6, 17.8],
    ("England", "turnover_rate_fte"): [13.4, 15.1, 15.0, 13.5, 15.4, 17.1, 15.9],
    ("England", "caseload_fte"): [17.7, 17.4, 16.9, 16.3, 16.3, 16.6, 16.0],
    ("West Sussex", "vacancy_rate_fte"): [14.2, 9.3, 10.2, 10.0, 9.5, 16.3, 4.9],
    ("West Sussex", "agency_rate_fte"): [13.1, 11.7, 13.3, 15.9, 12.9, 15.4, 4.9],
    ("West Sussex", "turnover_rate_fte"): [13.8, 16.3, 10.0, 9.7, 14.7, 16.1, 15.5],
    ("West Sussex", "caseload_fte"): [16.0, 16.7, 16.8, 15.0, 16.2, 16.3, 15.9],
    ("West Sussex", "absence_rate_fte"): [2.9, 2.5, 2.4, 1.4, 3.7, 6.0, 5.5],
    ("West Sussex", "inpost_fte"): [403.4, 433.4, 494.5, 503.1, 480.0, 458.1, 476.0],
    ("West Sussex", "uncovered_vacancy_fte"): [5.7, 0.0, -19.6, -35.0, 0.0, 5.9, 0.0],
    ("Worcestershire", "vacancy_rate_fte"): [24.6, 23.1, 16.3, 16.8, 16.8, 18.0, 15.3],
    ("Worcestershire", "agency_rate_fte"): [23.0, 22.8, 12.5, 14.6, 13.8, 9.4, 10.9],
    ("Worcestershire", "turnover_rate_fte"): [22.3, 13.8, 13.9, 18.0, 16.6, 14.0, 15.2],
    ("Worcestershire", "caseload_fte"): [19.5, 16.9, 18.1, 18.4, 16.4, 17.3, 16.4],
}


@pytest.mark.parametrize(("area", "measure"), ANCHORS)
def test_seven_years_of_known_figures(indicators: PublishedFile, area: str, measure: str) -> None:
    frame = indicators.measures
    found = frame[(frame["area_name"] == area) & (frame["measure"] == measure)]
    per = 100 if measure.endswith("rate_fte") else 1
    assert [round(value * per, 9) for value in found["value"]] == ANCHORS[area, measure]
    assert found["period_end"].dt.year.to_list() == list(range(2017, 2024))


def test_west_sussex_2019_and_its_parts(indicators: PublishedFile) -> None:
    parts = {
        "vacancy_rate_fte": (0.102, 56.3, 550.8),
        "agency_rate_fte": (0.133, 75.9, 570.4),
        "turnover_rate_fte": (0.100, 49.5, 494.5),
        "caseload_fte": (16.8, 3770, 225),
        "agency_cover_rate_fte": (1.0, 75.9, 75.9),
        # Over 100 per cent: published here, withheld as unreliable in later vintages.
        "vacancy_agency_cover_rate_fte": (1.348, 75.9, 56.3),
        "absence_rate_fte": (0.024, 3005, 494.5 * 253),
    }
    for measure, expected in parts.items():
        found = figure(indicators, "West Sussex", 2019, measure)
        assert (found["value"], found["numerator"], found["denominator"]) == expected, measure


def test_the_isles_of_scilly_without_staff(indicators: PublishedFile) -> None:
    found = {
        measure: figure(indicators, "Isles of Scilly", 2023, measure)
        for measure in ("vacancy_rate_fte", "agency_rate_fte", "turnover_rate_fte")
    }
    assert found["vacancy_rate_fte"]["value"] == found["agency_rate_fte"]["value"] == 1.0
    assert found["turnover_rate_fte"]["status"] == "not_applicable"
    assert pd.isna(found["turnover_rate_fte"]["value"])


def test_kensington_is_unavailable_and_not_zero(indicators: PublishedFile) -> None:
    for year in (2021, 2022, 2023):
        found = figure(indicators, "Kensington and Chelsea", year, "agency_rate_fte")
        assert (found["status"], pd.isna(found["value"])) == ("unavailable", True)
        assert pd.isna(found["numerator"])


def test_changed_authorities_have_their_own_years(indicators: PublishedFile) -> None:
    years = {
        code: group["period_end"].dt.year.to_list()
        for code, group in indicators.areas.groupby("old_la_code")
        if code in ("928", "940 / 941", "909", "942", "943", "835", "838")
    }
    assert years == {
        "928": [2017, 2018, 2019, 2020], "940 / 941": [2021, 2022, 2023],
        "909": list(range(2017, 2023)), "942": [2023], "943": [2023],
        "835": [2017, 2018], "838": [2019, 2020, 2021, 2022, 2023],
    }  # fmt: skip


def test_west_sussex_among_150_authorities(indicators: PublishedFile) -> None:
    places = {
        "vacancy_rate_fte": [51, 48], "agency_rate_fte": [74, 85], "turnover_rate_fte": [27, 35],
        "caseload_fte": [72, 51], "absence_rate_fte": [52, 20],
    }  # fmt: skip
    for measure, expected in places.items():
        for year, place in zip((2019, 2020), expected, strict=True):
            all_values = values(indicators, year, measure)
            found = int((all_values < all_values["West Sussex"]).sum()) + 1
            assert (found, len(all_values)) == (place, 150), measure


def test_how_many_authorities_meet_a_gap_of_ten_and_seven_per_cent(
    indicators: PublishedFile,
) -> None:
    gross = values(indicators, 2019, "vacancy_rate_fte")
    uncovered = values(indicators, 2019, "uncovered_vacancy_rate_fte")
    assert (int((gross < 0.10).sum()), int((gross <= 0.07).sum())) == (49, 35)
    assert (int((uncovered <= 0.07).sum()), len(uncovered)) == (115, 150)
    assert round(uncovered.median() * 100, 1) == 2.3


def test_uncovered_vacancies_of_england_leave_out_the_years_with_unknown_cover(
    indicators: PublishedFile,
) -> None:
    frame = indicators.measures
    found = frame[(frame["measure"] == "uncovered_vacancy_fte") & (frame["area_name"] == "England")]
    assert found["status"].to_list() == ["unavailable"] * 2 + ["ok"] * 5
    assert found["value"].to_list()[2:] == [1622.6, 1583.6, 1964.1, 2472.4, 1978.5]
    assert set(found["source"]) == {"DfE 2017 to 2023, derived from published parts"}


# --- the shipped extract -------------------------------------------------------------------------

#: Figures the 2017 to 2025 file revised after the 2017 to 2023 file, of the areas shipped.
REVISED = [
    ("absence_rate_fte", 2023, "England", 0.032, 0.033),
    ("agency_cover_rate_fte", 2023, "England", 0.801, 0.798),
    ("agency_fte", 2023, "England", 7173.5, 7178.5),
    ("agency_rate_fte", 2023, "England", 0.178, 0.179),
    ("leavers_12m_fte", 2022, "England", 5421.0, 5422.0),
    ("leavers_12m_headcount", 2022, "England", 5795.0, 5796.0),
    ("turnover_rate_fte", 2022, "England", 0.171, 0.172),
    ("turnover_rate_headcount", 2022, "England", 0.172, 0.173),
    ("vacancy_agency_cover_rate_fte", 2019, "West Sussex", 1.348, "unreliable"),
    ("vacancy_agency_cover_rate_fte", 2020, "West Sussex", 1.624, "unreliable"),
    ("working_days_lost_fte", 2023, "England", 270_751.0, 270_451.0),
]


def shipped_file(project_root: Path) -> Path:
    return project_root / "data" / "raw" / "published" / "dfe_headline_figures.csv"


def test_the_shipped_extract_agrees_with_the_file_but_for_known_revisions(
    project_root: Path, indicators: PublishedFile
) -> None:
    shipped = read_headline_facts(shipped_file(project_root))
    shipped = shipped[~shipped["measure"].str.startswith("uncovered")]
    keys = ["measure", "period_end", "area_level", "area_code", "area_name"]
    both = shipped.merge(indicators.measures, on=keys, validate="1:1", suffixes=("", "_then"))
    assert len(both) == 7 * 7 * 22
    changed = both[
        (both["value"].fillna(-1) != both["value_then"].fillna(-1))
        | (both["status"] != both["status_then"])
    ]
    found = [
        (row.measure, row.period_end.year, row.area_name, row.value_then,
         row.value if row.status == "ok" else row.status)
        for row in changed.itertuples()
    ]  # fmt: skip
    assert found == REVISED


def test_the_shipped_extract_is_the_reference_cell_for_cell(
    project_root: Path, reference_dir: Path
) -> None:
    def table(path: Path) -> pd.DataFrame:
        return pd.read_csv(path, dtype="str", keep_default_na=False)

    shipped, facts = table(shipped_file(project_root)), table(reference_dir / "published_facts.csv")
    region = shipped["la_name"].where(shipped["la_name"] != "", shipped["region_name"])
    shipped["area"] = region.where(region != "", "England")
    names = {"year": "time_period", "area_level": "geographic_level"}
    facts = facts.rename(columns=names).drop(columns=["as_at", "uncovered_vacancy_fte_derived"])
    keys = ["time_period", "area"]
    shipped = shipped.sort_values(keys)[facts.columns].reset_index(drop=True)
    assert len(shipped) == 63
    pd.testing.assert_frame_equal(shipped, facts.sort_values(keys).reset_index(drop=True))


def test_uncovered_vacancies_of_the_shipped_authorities(
    project_root: Path, reference_dir: Path
) -> None:
    facts = pd.read_csv(reference_dir / "published_facts.csv", parse_dates=["as_at"])
    shipped = read_headline_facts(shipped_file(project_root))
    shipped = shipped[shipped["measure"] == "uncovered_vacancy_fte"]
    both = shipped.merge(
        facts, left_on=["area_name", "period_end"], right_on=["area", "as_at"], validate="1:1"
    )
    assert len(both) == 63
    authorities = both[both["area_level_x"] == "authority"]
    assert (authorities["value"] == authorities["uncovered_vacancy_fte_derived"]).all()
    assert both.loc[both["area_level_x"] != "authority", "value"].isna().all()
