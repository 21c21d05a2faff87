"""DfE workforce files: shapes, symbols, years, and every way such a file can be wrong."""

from __future__ import annotations

import hashlib
import math
from pathlib import Path

import pandas as pd
import pytest

from wfanalytics.errors import InputError
from wfanalytics.measures.definitions import DEFINITIONS
from wfanalytics.raw.published import (
    RATES,
    parse_published,
    read_headline_facts,
    read_published,
    read_published_areas,
    read_published_file,
)

KEYS = "time_period,time_identifier,geographic_level,country_code,country_name,region_code,"
KEYS += "region_name,old_la_code,new_la_code,la_name"
NEW = (
    "inpost_fte,inpost_headcount,starters_fte,starters_headcount,leavers_fte,leavers_headcount,"
    "turnover_rate_fte,turnover_rate_headcount,agency_fte,agency_headcount,agency_rate_fte,"
    "agency_rate_headcount,agency_cover_fte,agency_cover_rate_fte,vacancy_fte,vacancy_rate_fte,"
    "vacancy_agency_cover_rate_fte,case_holders_fte,cases,caseload_fte,working_days_lost_fte,"
    "absence_rate_fte"
)
HEADINGS = f"{KEYS},{NEW}"
ENGLAND = "{year},Reporting year,National,E92000001,England,,,,,"
EAST = "{year},Reporting year,Regional,E92000001,England,E12000008,South East,,,"
WEST_SUSSEX = (
    "{year},Reporting year,Local authority,E92000001,England,E12000008,South East,938,E10000032,"
    "West Sussex"
)
#: West Sussex 2019 as published in the 2017 to 2023 file.
FIGURES = (
    "494.5,536,101.9,109,49.5,54,10,10.1,75.9,78,13.3,12.7,75.9,100,56.3,10.2,134.8,225,3770,"
    "16.8,3005,2.4"
)


def row(area: str = WEST_SUSSEX, figures: str = FIGURES, *, year: int = 2019, **cells: str) -> str:
    """One line of the file, with some figures replaced by name."""
    values = dict(zip(NEW.split(","), figures.split(","), strict=True)) | cells
    return f"{area.format(year=year)},{','.join(values.values())}"


def text(*rows: str, headings: str = HEADINGS) -> str:
    return "\n".join((headings, *(rows or (row(),)))) + "\n"


def parse(*rows: str, headings: str = HEADINGS) -> pd.DataFrame:
    return parse_published(text(*rows, headings=headings).encode(), name="dfe.csv").measures


def one(measures: pd.DataFrame, measure: str, **keys: object) -> pd.Series:
    wanted = measures[measures["measure"] == measure]
    for column, value in keys.items():
        wanted = wanted[wanted[column] == value]
    assert len(wanted) == 1
    return wanted.iloc[0]


def message(content: str | bytes) -> str:
    content = content.encode() if isinstance(content, str) else content
    with pytest.raises(InputError) as caught:
        parse_published(content, name="dfe.csv")
    return str(caught.value)


def test_a_rate_is_the_published_one_with_its_published_parts() -> None:
    rate = one(parse(), "vacancy_rate_fte")
    assert (rate["value"], rate["numerator"], rate["denominator"]) == (0.102, 56.3, 550.8)
    assert (rate["status"], rate["source"]) == ("ok", "DfE 2019 to 2019")


def test_caseload_is_a_ratio_and_absence_is_out_of_working_days() -> None:
    measures = parse(row(year=2019), row(year=2020))
    caseload = one(measures, "caseload_fte", period_end=pd.Timestamp("2019-09-30"))
    assert (caseload["value"], caseload["numerator"], caseload["denominator"]) == (16.8, 3770, 225)
    absence = measures[measures["measure"] == "absence_rate_fte"].set_index("period_end")
    assert absence["denominator"].to_list() == [494.5 * 253, 494.5 * 254]
    assert absence["value"].to_list() == [0.024, 0.024]


def test_stocks_are_as_at_30_september_and_flows_run_for_the_year_to_it() -> None:
    measures = parse()
    flows = measures[measures["period_type"] == "year"]
    assert set(flows["period_start"]) == {pd.Timestamp("2018-10-01")}
    assert set(flows["period_end"]) == {pd.Timestamp("2019-09-30")}
    assert sorted(set(flows["measure"])) == [
        "absence_rate_fte", "leavers_12m_fte", "leavers_12m_headcount", "starters_12m_fte",
        "starters_12m_headcount", "turnover_rate_fte", "turnover_rate_headcount",
        "working_days_lost_fte",
    ]  # fmt: skip
    stocks = measures[measures["period_type"] == "snapshot"]
    assert (stocks["period_start"] == stocks["period_end"]).all()
    assert len(stocks) + len(flows) == len(measures) == 24


def test_every_measure_read_has_a_definition_of_the_same_version() -> None:
    measures = parse()
    for measure, version in zip(measures["measure"], measures["definition_version"], strict=True):
        assert DEFINITIONS[measure].version == version


def test_rate_parts_are_the_definitions_parts() -> None:
    for measure in RATES:
        assert DEFINITIONS[measure].is_rate, measure


def test_every_symbol_is_a_status_and_never_a_number() -> None:
    symbols = {
        "c": "suppressed", "x": "unavailable", ":": "unavailable", "..": "unavailable",
        "~": "unavailable", "z": "not_applicable", "low": "rounds_to_zero",
        "k": "rounds_to_zero", "u": "unreliable", "": "missing", "N/A": "missing",
        "[x]": "unavailable", " Z ": "not_applicable",
    }  # fmt: skip
    for symbol, status in symbols.items():
        found = one(parse(row(absence_rate_fte=symbol)), "absence_rate_fte")
        assert found["status"] == status, symbol
        assert math.isnan(found["value"]), symbol
        assert found["numerator"] == 3005


def test_a_withheld_part_is_null_and_leaves_the_published_rate() -> None:
    rate = one(parse(row(vacancy_fte="x")), "vacancy_rate_fte")
    assert rate["value"] == 0.102
    assert math.isnan(rate["numerator"])
    assert math.isnan(rate["denominator"])


def test_a_zero_is_a_number_and_not_missing() -> None:
    found = one(parse(row(agency_cover_fte="0", agency_cover_rate_fte="0")), "agency_cover_fte")
    assert (found["value"], found["status"]) == (0.0, "ok")


def test_withheld_cells_keep_the_symbol_itself() -> None:
    content = text(row(agency_fte=":", cases="x")).encode()
    withheld = parse_published(content, name="dfe.csv").withheld
    assert withheld[["measure", "symbol", "status"]].to_numpy().tolist() == [
        ["agency_fte", ":", "unavailable"],
        ["cases", "x", "unavailable"],
    ]
    assert withheld.index.to_list() == [2, 2]


def test_thousands_separators_and_powers_of_ten_are_numbers() -> None:
    measures = parse(row(cases='"3,770"', working_days_lost_fte="3e+03"))
    assert one(measures, "cases")["value"] == 3770
    assert one(measures, "working_days_lost_fte")["value"] == 3000


@pytest.mark.parametrize("cell", ["-100", "17%", "about 17", "nan", "1,23", "1.2.3", "-", "[]"])
def test_anything_else_is_refused_by_line_and_heading(cell: str) -> None:
    found = message(text(row(year=2020), row(caseload_fte=f'"{cell}"')))
    assert found == (
        "dfe.csv, row 3, column caseload_fte: neither a number nor a symbol DfE uses. "
        f"Found {cell!r}; allowed a number from 0, or c x : .. ~ z low k u na n/a. "
        "Download the file again from DfE's Explore education statistics."
    )


def test_uncovered_vacancies_are_derived_and_say_so() -> None:
    measures = parse()
    count = one(measures, "uncovered_vacancy_fte")
    rate = one(measures, "uncovered_vacancy_rate_fte")
    assert (count["value"], rate["numerator"], rate["denominator"]) == (-19.6, -19.6, 550.8)
    assert rate["value"] == pytest.approx(-19.6 / 550.8)
    assert rate["source"] == "DfE 2019 to 2019, derived from published parts"


@pytest.mark.parametrize(
    ("cells", "count", "rate"),
    [
        ({"agency_cover_fte": "x"}, "unavailable", "unavailable"),
        ({"vacancy_fte": "u", "agency_cover_fte": "x"}, "unreliable", "unreliable"),
        ({"inpost_fte": "c"}, "ok", "suppressed"),
        ({"inpost_fte": "0", "vacancy_fte": "0", "agency_cover_fte": "0"}, "ok", "not_applicable"),
    ],
)
def test_uncovered_vacancies_are_withheld_with_their_parts(
    cells: dict[str, str], count: str, rate: str
) -> None:
    measures = parse(row(**cells))
    assert one(measures, "uncovered_vacancy_fte")["status"] == count
    assert one(measures, "uncovered_vacancy_rate_fte")["status"] == rate


def test_a_regions_uncovered_vacancies_need_its_authorities_cover() -> None:
    other = WEST_SUSSEX.replace("938,E10000032,West Sussex", "936,E10000030,Surrey")
    total = {"inpost_headcount": "1072", "vacancy_fte": "112.6", "agency_cover_fte": "75.9"}
    known = parse(row(EAST, **total), row(), row(other, agency_cover_fte="0"))
    withheld = parse(row(EAST, **total), row(), row(other, agency_cover_fte="x"))
    tiny = parse(row(EAST, **total), row(), row(other, agency_cover_fte="x", vacancy_fte="0.2"))
    found = [
        one(frame, "uncovered_vacancy_fte", area_level="region")["status"]
        for frame in (known, withheld, tiny)
    ]
    assert found == ["ok", "unavailable", "ok"]


def test_an_extract_derives_nothing_above_an_authority(tmp_path: Path) -> None:
    path = tmp_path / "extract.csv"
    path.write_text(text(row(ENGLAND, inpost_headcount="30000"), row()))
    measures = read_headline_facts(path)
    assert one(measures, "uncovered_vacancy_fte", area_level="england")["status"] == "unavailable"
    assert one(measures, "uncovered_vacancy_fte", area_level="authority")["value"] == -19.6


def test_the_older_headings_give_the_same_measures() -> None:
    older = {
        "inpost_": "social_worker_", "leavers_": "leaver_", "agency_rate": "agency_worker_rate",
    }  # fmt: skip
    names = NEW
    for new, old in older.items():
        names = names.replace(new, old)
    names = ",".join(f"{name}_%" if "rate" in name else name for name in names.split(","))
    assert "agency_worker_rate_headcount_%" in names
    pd.testing.assert_frame_equal(parse(headings=f"{KEYS},{names}"), parse())


def test_a_byte_order_mark_and_windows_line_ends_are_read(tmp_path: Path) -> None:
    path = tmp_path / "dfe.csv"
    path.write_bytes(b"\xef\xbb\xbf" + text().replace("\n", "\r\n").encode())
    pd.testing.assert_frame_equal(read_published(path), parse())


def test_a_file_without_starters_has_no_starters() -> None:
    cells = dict(zip(NEW.split(","), FIGURES.split(","), strict=True))
    for name in ("starters_fte", "starters_headcount"):
        del cells[name]
    line = f"{WEST_SUSSEX.format(year=2019)},{','.join(cells.values())}"
    measures = parse(line, headings=f"{KEYS},{','.join(cells)}")
    assert not measures["measure"].str.startswith("starters").any()
    assert len(measures) == 22


def test_joint_authorities_are_one_authority_with_both_codes(tmp_path: Path) -> None:
    joint = WEST_SUSSEX.replace(
        "938,E10000032,West Sussex", "314 / 318,E09000021 / E09000027,Kingston / Richmond"
    )
    path = tmp_path / "dfe.csv"
    path.write_text(text(row(joint)))
    area = read_published_areas(path).iloc[0].to_dict()
    assert area == {
        "area_code": "E09000021 / E09000027", "area_name": "Kingston / Richmond",
        "old_la_code": "314 / 318", "region_code": "E12000008", "region_name": "South East",
        "period_end": pd.Timestamp("2019-09-30"),
    }  # fmt: skip
    assert set(read_published(path)["area_code"]) == {"E09000021 / E09000027"}


def test_inner_london_is_a_region_and_adds_up_to_london() -> None:
    def region(code: str, name: str) -> str:
        return EAST.replace("E12000008,South East", f"{code},{name}")

    inner, london = region("E13000001", "Inner London"), region("E12000007", "London")
    camden = WEST_SUSSEX.replace("E12000008,South East", "E13000001,Inner London")
    measures = parse(row(london), row(inner), row(camden))
    found = measures.loc[measures["measure"] == "cases", ["area_level", "area_code"]]
    assert found.to_numpy().tolist() == [
        ["authority", "E10000032"], ["region", "E12000007"], ["region", "E13000001"],
    ]  # fmt: skip


def test_vintage_checksum_and_unknown_columns_travel_with_the_file(tmp_path: Path) -> None:
    path = tmp_path / "dfe.csv"
    lines = text(row(year=2020), row(year=2018), headings=HEADINGS).splitlines()
    content = "\n".join(f"{a},{b}" for a, b in zip(lines, ("Bonus?", 1, 2), strict=True)) + "\n"
    path.write_text(content)
    file = read_published_file(path)
    assert (file.vintage, file.unknown_columns) == ("DfE 2018 to 2020", ("Bonus?",))
    assert file.sha256 == hashlib.sha256(content.encode()).hexdigest()
    assert read_published(path, vintage="DfE, as first published")["source"].iloc[0] == (
        "DfE, as first published"
    )


# --- files that are refused ----------------------------------------------------------------------


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"the file is not there\. Check the name, or run"):
        read_published(tmp_path / "no.csv")


def test_a_folder_is_not_a_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="the file cannot be read"):
        read_published(tmp_path)


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"\r\n \n"])
def test_an_empty_file(content: bytes) -> None:
    assert message(content) == (
        "dfe.csv: the file is empty. Download the file again from DfE's Explore education "
        "statistics."
    )


def test_headings_without_rows() -> None:
    assert message(HEADINGS + "\n").startswith("dfe.csv, row 1: the file has headings and no rows.")


def test_a_web_page() -> None:
    page = "\n<!DOCTYPE html>\n<html><body>Sorry, the service is unavailable</body></html>\n"
    assert message(page) == (
        "dfe.csv, row 1: a web page, not a CSV file. Found '<!DOCTYPE html>'. The address may "
        "have moved, or a sign-in page answered. Download the file again from DfE's Explore "
        "education statistics."
    )
    assert message(b"\xef\xbb\xbf" + page.encode()) == message(page)


def test_an_archive() -> None:
    assert message(b"PK\x03\x04 rest") == (
        "dfe.csv: an archive or a workbook, not a CSV file. Unpack the archive, or download the "
        "data set as CSV."
    )


def test_windows_encoding_is_refused_at_its_line() -> None:
    content = text(row(year=2020), row().replace("West Sussex", "Caf\xe9")).encode("cp1252")
    assert message(content) == (
        "dfe.csv, row 3: not UTF-8 text. Found 'byte 0xe9'; allowed UTF-8. Do not save the file "
        "from a spreadsheet; download the file again from DfE's Explore education statistics."
    )


def test_utf_16_is_refused() -> None:
    assert "Found 'UTF-16 or binary content'; allowed UTF-8." in message(text().encode("utf-16"))


def test_a_last_row_cut_short() -> None:
    cut = text(row(year=2020), row()).rstrip("\n").rpartition(",")[0] + "\n"
    assert message(cut) == (
        "dfe.csv, row 3: the file is cut short. Found '31 cells'; allowed 32 cells. Download the "
        "file again from DfE's Explore education statistics."
    )


def test_a_last_figure_cut_short() -> None:
    cut = text(row(year=2020), row()).removesuffix(".4\n")
    assert message(cut) == (
        "dfe.csv, row 3: the last line has no line end, so the file may be cut short. Download "
        "the file again from DfE's Explore education statistics."
    )


def test_a_quotation_mark_left_open() -> None:
    assert "dfe.csv, row 2: not a readable CSV file" in message(text().replace("West S", '"West S'))


def test_a_row_with_a_cell_too_many() -> None:
    found = message(text(row(year=2020) + ",9", row()))
    assert "row 2: a row with cells too few or too many. Found '33 cells'" in found


def test_rows_missing_after_a_clean_cut() -> None:
    other = WEST_SUSSEX.replace("938,E10000032,West Sussex", "936,E10000030,Surrey")
    whole = (row(EAST, inpost_headcount="1072"), row(), row(other))
    assert len(parse(*whole)) == 3 * 24
    assert message(text(*whole[:2])) == (
        "dfe.csv, row 2, column inpost_headcount: the authorities of South East in 2019 do not "
        "add up to it. Found '536'; allowed 1072, within 1%. Rows may be missing. Download the "
        "file again from DfE's Explore education statistics."
    )
    assert len(parse(*whole[:2], row(other, inpost_headcount="x"))) == 3 * 24


def test_a_year_without_its_authorities() -> None:
    found = message(text(row(ENGLAND), row(), row(ENGLAND, year=2018)))
    assert "the authorities of England in 2018 do not add up to it. Found '0'" in found


def test_a_missing_column_names_what_it_may_be_called() -> None:
    assert message(text(headings=HEADINGS.replace("vacancy_rate_fte", "gap"))) == (
        "dfe.csv, row 1, column vacancy_rate_fte: a column is missing. Allowed a column headed "
        "vacancy_rate_fte. Use the Indicators (or headline measures) file of Children's social "
        "work workforce."
    )
    found = message(text(headings=HEADINGS.replace("leavers_fte", "l").replace("cases", "c")))
    assert "column cases: a column is missing." in found
    assert found.endswith("Also missing: leavers_12m_fte.")
    found = message(text(headings=HEADINGS.replace("inpost_fte", "i")))
    assert "Allowed a column headed inpost_fte or social_worker_fte." in found


def test_two_columns_for_one_measure() -> None:
    found = message(text(headings=HEADINGS.replace("starters_fte", "leaver_fte")))
    assert found == (
        "dfe.csv, row 1, column leavers_12m_fte: two columns give one measure. Found "
        "'leaver_fte, leavers_fte'; allowed one of them. Download the file again from DfE's "
        "Explore education statistics."
    )


def test_an_area_given_twice() -> None:
    assert message(text(row(), row(year=2020), row())) == (
        "dfe.csv, row 4, column new_la_code: an area is given twice for one year. Found "
        "'West Sussex, 2019'; allowed one row. Download the file again from DfE's Explore "
        "education statistics."
    )
    broken_down = [f"{line},{last}" for line, last in zip((row(), row()), "MF", strict=True)]
    found = message(text(*broken_down, headings=HEADINGS + ",sex"))
    assert "Columns not known: sex; a file broken down by one of them is another DfE" in found


@pytest.mark.parametrize(
    ("before", "after", "column", "allowed"),
    [
        ("2019,", "201819,", "time_period", "a year such as 2023"),
        ("Reporting year", "Academic year", "time_identifier", "Reporting year"),
        ("Local authority", "Ward", "geographic_level", "National, Regional or Local authority"),
        ("938,E1", "38,E1", "old_la_code", "three digits"),
        ("E10000032", "938", "new_la_code", "an E-code"),
        ("West Sussex", "", "la_name", "the authority's name"),
    ],
)
def test_an_area_or_year_that_is_not_one(
    before: str, after: str, column: str, allowed: str
) -> None:
    found = message(text(row(year=2020), row().replace(before, after, 1)))
    assert found.startswith(f"dfe.csv, row 3, column {column}: not what this column holds. ")
    assert f"; allowed {allowed}. " in found


def test_another_country_is_refused() -> None:
    found = message(text(row(ENGLAND.replace("E92000001,England", "W92000004,Wales")), row()))
    assert "row 2, column country_code: not what this column holds. Found 'W92000004'" in found


def test_fractions_where_percentages_are_published() -> None:
    rates = {"vacancy_rate_fte": "0.102", "agency_rate_fte": "0.133"}
    years = range(2017, 2022)
    assert message(text(*(row(year=year, **rates) for year in years))) == (
        "dfe.csv, column agency_rate_fte: the rates do not follow from the counts beside them. "
        "Found 'typically 0.01 times as much'; allowed DfE's rate in per cent. Check that the "
        "file is as DfE published it."
    )


def test_rows_are_counted_as_the_file_shows_them() -> None:
    quoted = row(year=2020).replace(",England,", ',"Eng\nland",')
    assert "row 4, column cases" in message(text(quoted, row(cases="many")))


def test_the_input_is_read_once_and_not_kept(tmp_path: Path) -> None:
    path = tmp_path / "dfe.csv"
    path.write_text(text())
    first = read_published(path)
    first["value"] = 0.0
    assert one(read_published(path), "vacancy_rate_fte")["value"] == 0.102
