"""The census rules R01 to R28: each broken once gives its own code, all of them all codes."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from tests.unit.census_files import (
    AGENCY,
    LEAVER,
    STAFF,
    clean,
    codes,
    findings,
    show_all,
    write,
)

from wfanalytics.clean.census import clean_census
from wfanalytics.clean.census_rules import RULES
from wfanalytics.clean.identity import FICTIONAL_KEY
from wfanalytics.frames import check_repairs
from wfanalytics.raw.census import read_census
from wfanalytics.sample.census_file import write_fictional_census

BLANK_START = {"RoleStartDate": None, "StartOrigin": None}
#: Rule -> the smallest worker that breaks it and no other rule, and the element named.
BROKEN = {
    "R04": ({"Ethnicity": "WBRX"}, "Ethnicity"),
    "R05": ({"SWENo": "12345"}, "SWENo"),
    "R06": ({"AgencyWorker": "2"}, "AgencyWorker"),
    "R12": ({"Ethnicity": None}, "Ethnicity"),
    "R13": ({"StartOrigin": None}, "StartOrigin"),
    "R14": ({**LEAVER, "ReasonLeave": ""}, "LeaverDestination"),
    "R15": ({**LEAVER, "RoleStartDate": "2023-05-01"}, "RoleEndDate"),
    "R16": ({"PersonBirthDate": "1995-06-02"}, "PersonBirthDate"),
    "R17": ({**LEAVER, "RoleEndDate": "2022-09-30"}, "RoleEndDate"),
    "R18": ({"SWENo": "SW1001"}, "SWENo"),
    "R19": ({**LEAVER, "RoleStartDate": "2022-10-01"}, "RoleEndDate"),
    "R20": ({**LEAVER, "RoleEndDate": "2023-09-30", "FTE30": "0.8"}, "RoleEndDate"),
    "R21": ({**LEAVER, "FTE30": "0.8"}, "FTE30"),
    "R22": ({"Cases30": "0"}, "Cases30"),
    "R23": ({"FTE30": "0"}, "FTE30"),
    "R24": ({"Cases30": "41", "FTE": "1", "FTE30": "1"}, "Cases30"),
    "R25": ({"Absat30Sept": "1"}, "ReasonAbsence"),
    "R26": ({"WorkingDaysLost": "203.3"}, "WorkingDaysLost"),
    "R27": ({"StartOrigin": "10"}, "StartOrigin"),
    "R28": ({**LEAVER, "SWENo": "SW1001"}, "RoleEndDate"),
}
#: The same for the file and the authority's own figures.
OWN_BROKEN = {
    "R07": {"header": {"LEA": "SW7654321"}},
    "R08": {"own": {"NumberOfVacancies": ""}},
    "R09": {"own": {"NoAgencyFTE": "0.5"}},
    "R10": {"own": {"NoAgencyHeadcount": "1"}},
}


def also_r06(code: str) -> set[str]:
    """A value of AgencyWorker that the census does not know breaks R04 too."""
    return {"R04", "R06"} if code == "R06" else {code}


def test_a_usual_worker_breaks_no_rule(tmp_path):
    assert findings(clean(write(tmp_path))) == []
    assert findings(clean(write(tmp_path, {}, LEAVER, AGENCY))) == []


@pytest.mark.parametrize("code", BROKEN)
def test_one_worker_who_breaks_one_rule(tmp_path, code):
    worker, element = BROKEN[code]
    path = write(tmp_path, {}, worker)
    census = clean(path)
    assert set(codes(census)) == also_r06(code)
    lines = [n for n, text in enumerate(path.read_text().splitlines(), 1) if "<CSWWWorker>" in text]
    severity = RULES[code].severity
    # Too much FTE is said of both of the person's rows.
    rows = lines if code == "R18" else lines[1:]
    found = [row for row in findings(census) if row[0] == code]
    assert found == [(code, severity, line, element) for line in rows]
    reason = census.repairs.loc[census.repairs["rule"] == code, "reason"].iloc[-1]
    assert reason == f"{RULES[code].title} (worker 2)"


@pytest.mark.parametrize("code", OWN_BROKEN)
def test_one_figure_of_the_authority_that_breaks_one_rule(tmp_path, code):
    census = clean(write(tmp_path, **OWN_BROKEN[code]))
    assert findings(census) == [(code, RULES[code].severity, 0, census.repairs["column"].iloc[0])]


def test_elements_out_of_order_unknown_and_repeated(tmp_path):
    path = write(tmp_path)
    text = path.read_text().replace("<FTE>0.8</FTE>", "<Extra>1</Extra><FTE>0.8</FTE><FTE/>")
    text = text.replace("    <AgencyWorker>0</AgencyWorker>\n", "")
    text = text.replace("  </CSWWWorker>", "    <AgencyWorker>0</AgencyWorker>\n  </CSWWWorker>")
    path.write_text(text)
    line = 1 + text[: text.index("<Extra>")].count("\n")
    assert findings(clean(path)) == [
        ("R01", "F", text[: text.index("<AgencyWorker>")].count("\n") + 1,
         "CSWWWorker/AgencyWorker"),
        ("R02", "Q", line, "CSWWWorker/Extra"),
        ("R03", "Q", line, "CSWWWorker/FTE"),
    ]  # fmt: skip


def test_several_qualifying_institutions_are_allowed(tmp_path):
    path = write(tmp_path, {"QualInst": "A"})
    text = path.read_text().replace("  </CSWWWorker>", "<QualInst>B</QualInst></CSWWWorker>")
    path.write_text(text)
    assert codes(clean(path)) == []


@pytest.mark.parametrize(
    ("year", "element", "text"),
    [(2024, "GenderCurrent", "2"), (2023, "Sex", "F"), (2025, "CFKSSstatus", "1"),
     (2024, "BaseSalary", "40000.00"), (2025, "QualInst", "A university")],
)  # fmt: skip
def test_an_element_of_another_year_is_reported(tmp_path, year, element, text):
    worker = {"GenderCurrent": None, "Sex": None} | {"GenderCurrent" if year < 2024 else "Sex":
                                                    "2" if year < 2024 else "F"}  # fmt: skip
    path = write(tmp_path, worker | {element: text}, year=year)
    census = clean(path)
    assert [row for row in findings(census) if row[0] != "R01"] == [
        ("R02", "Q", _line(path, "<CSWWWorker>"), f"CSWWWorker/{element}")
    ]


def test_an_allowance_before_its_year_is_reported(tmp_path):
    census = clean(write(tmp_path, own={"RetentionBonus": "1"}))
    assert findings(census) == [("R02", "Q", 0, "RetentionBonus")]


def _line(path, text: str) -> int:
    lines = path.read_text().splitlines()
    return next(number for number, line in enumerate(lines, 1) if text in line)


def test_a_file_with_every_rule_broken_once_yields_exactly_those_codes(tmp_path):
    last_year = clean(write(tmp_path, *[{}] * 40, year=2022))
    workers = [{}] + [worker for worker, _ in BROKEN.values()]
    own = {"NumberOfVacancies": "", "NoAgencyFTE": "3.5", "NoAgencyHeadcount": "3"}
    path = write(tmp_path, *workers, AGENCY, own=own, header={"LEA": "999"})
    text = path.read_text()
    text = text.replace("<ReferenceDate>2023-09-30", "<ReferenceDate>2023-09-29")
    text = text.replace("<Absat30Sept>0</Absat30Sept>", "<Extra/><Absat30Sept/><FTE>1</FTE>", 1)
    text = re.sub(r"    (<AgencyWorker>.*)\n    (<SWENo>.*)\n", r"    \2\n    \1\n", text, count=1)
    path.write_text(text)
    census = clean(path, previous=last_year)
    assert codes(census) == sorted(RULES)


def test_every_rule_has_its_test():
    tested = {*BROKEN, *OWN_BROKEN, "R01", "R02", "R03", "R11"}
    assert sorted(RULES) == sorted(tested)
    assert list(RULES) == [f"R{number:02}" for number in range(1, 29)]


# --- each rule's edges ---------------------------------------------------------------------------
#: Workers, and the rules each breaks.
EDGES = (
    # required: staff only, and either name of sex
    ({**AGENCY, "Ethnicity": None, **BLANK_START}, []),
    ({"GenderCurrent": None}, ["R12"]),
    (BLANK_START, ["R12"]),
    ({"RoleStartDate": None}, ["R13"]),
    ({**AGENCY, "StartOrigin": None}, ["R13"]),
    # leavers are whole
    ({**LEAVER, "RoleEndDate": None, "Cases30": "5", "FTE30": "1"}, ["R14"]),
    ({**LEAVER, "LeaverDestination": None, "ReasonLeave": None}, ["R14"]),
    # ages: 20 and 75 are plausible, a day less and a year more are not
    ({"PersonBirthDate": "1995-06-01"}, []),
    ({"PersonBirthDate": "1939-06-02"}, []),
    ({"PersonBirthDate": "1939-06-01"}, ["R16"]),
    # the census year, first and last day
    ({**LEAVER, "RoleEndDate": "2022-10-01"}, []),
    ({**LEAVER, "RoleEndDate": "2023-09-30"}, []),
    ({**LEAVER, "RoleEndDate": "2023-10-01", "OrgRole": "6"}, ["R17"]),
    ({"RoleStartDate": "2023-09-30"}, []),
    ({"RoleStartDate": "2023-10-01"}, ["R17"]),
    # started and ended in the year; a role of one day
    ({**LEAVER, "RoleStartDate": "2022-09-30"}, []),
    ({**LEAVER, "RoleStartDate": "2023-03-31"}, ["R19"]),
    # on 30 September a leaver has neither FTE nor cases
    ({**LEAVER, "RoleEndDate": "2023-09-30", "Cases30": "3", "FTE30": ""}, ["R12", "R20"]),
    ({**LEAVER, "FTE": "0", "FTE30": "0.8"}, []),
    # cases
    ({"Cases30": None}, ["R22"]),
    ({"OrgRole": "6", "Cases30": "0"}, []),
    ({"Cases30": "36"}, []),
    ({"Cases30": "37"}, ["R24"]),
    ({"Cases30": "22", "FTE30": "0.5"}, []),
    ({"Cases30": "23", "FTE30": "0.5"}, ["R24"]),
    ({"Cases30": "40", "FTE30": "1"}, []),
    # absence and days lost
    ({"Absat30Sept": "1", "ReasonAbsence": "MAT"}, []),
    ({"WorkingDaysLost": "203.2"}, []),
    # not yet collected: 9 is "not known" for an origin, "not yet collected" for a destination
    ({"StartOrigin": "9"}, []),
    ({**LEAVER, "LeaverDestination": "9"}, ["R27"]),
    ({**LEAVER, "LeaverDestination": "10"}, ["R04"]),
    ({**LEAVER, "ReasonLeave": "10"}, ["R27"]),
    # values
    ({"FTE": "1.000001"}, ["R04"]),
    ({"FTE": "0.123456"}, []),
    ({"FTE": "0,8"}, ["R04"]),
    ({"WorkingDaysLost": "-1"}, ["R04"]),
    ({"Cases30": "12.5"}, ["R04"]),
    ({"RoleStartDate": "01/06/2015"}, ["R04"]),
    ({"RoleStartDate": "2015-06-31"}, ["R04"]),
    ({"RoleStartDate": "0015-06-30"}, ["R04"]),
    ({**LEAVER, "RoleEndDate": "9999-12-31", "OrgRole": "6"}, ["R04"]),
    ({"RoleStartDate": "2015-06-01Z"}, []),
    ({"SWENo": " sw9002 "}, []),
    ({"SWENo": "SW 9003"}, ["R05"]),
    ({"SWENo": "SW٩٠٠٣"}, ["R05"]),
    ({"FTE": "٠"}, ["R04"]),
    ({"PersonBirthDate": "١٩٨٠-٠٤-٠٣"}, ["R04"]),
    ({"SWENo": "SW0000"}, ["R05"]),
    ({"SWENo": "SW12345678901"}, ["R05"]),
    ({"SWENo": None}, ["R05"]),
    ({"AgencyWorker": None}, ["R06"]),
)  # fmt: skip


@pytest.fixture(scope="module")
def edges(tmp_path_factory):
    """The rules found at each worker of EDGES, read from one return; the first breaks none."""
    path = write(tmp_path_factory.mktemp("census"), {}, *(worker for worker, _ in EDGES))
    lines = [n for n, text in enumerate(path.read_text().splitlines(), 1) if "<CSWWWorker>" in text]
    found: dict[int, set[str]] = {line: set() for line in lines}
    for rule, _, line, _ in findings(clean(path)):
        found[line].add(rule)
    return [sorted(found[line]) for line in lines]


def test_the_usual_worker_beside_the_edges(edges):
    assert edges[0] == []


@pytest.mark.parametrize("number", range(len(EDGES)), ids=lambda n: f"{EDGES[n][0]}")
def test_edges(edges, number):
    assert edges[number + 1] == EDGES[number][1]


def test_no_more_than_one_fte_in_all(tmp_path):
    halves = [{"SWENo": "SW7", "FTE": part, "FTE30": part} for part in ("0.5", "0.5")]
    assert codes(clean(write(tmp_path, *halves))) == []
    more = {"SWENo": "SW7", "FTE": "0.1", "FTE30": "0.1", "Cases30": "1"}
    assert findings(clean(write(tmp_path, *halves, more)))[0][0] == "R18"
    assert codes(clean(write(tmp_path, *halves, {**more, **LEAVER}))) == ["R28"]


def test_agency_workers_listed_and_counted(tmp_path):
    own = {"NoAgencyFTE": "1.00", "NoAgencyHeadcount": "1"}
    assert codes(clean(write(tmp_path, {}, AGENCY, own=own))) == []
    gone = {**AGENCY, **LEAVER}
    assert codes(clean(write(tmp_path, {}, gone, own=own))) == ["R10"]


def test_a_fifth_more_or_less_than_last_year_is_allowed(tmp_path):
    # 10 people of 0.8 FTE with 12 cases each: 8 FTE, 120 cases, 2 vacancies.
    last_year = clean(write(tmp_path, *[{}] * 10, year=2022))
    same = write(tmp_path, *[{}] * 12, own={"NumberOfVacancies": "1.6"})
    assert codes(clean(same, previous=last_year)) == []
    other = write(tmp_path, *[{}] * 13, own={"NumberOfVacancies": "2.5"})
    assert findings(clean(other, previous=last_year)) == [
        ("R11", "Q", 0, "cases"), ("R11", "Q", 0, "inpost_fte"), ("R11", "Q", 0, "vacancy_fte"),
    ]  # fmt: skip


def test_a_return_of_every_year_without_mistakes_breaks_no_rule(tmp_path):
    previous = None
    for year in range(2021, 2026):
        path = tmp_path / f"{year}.xml"
        write_fictional_census(path, year=year, workers=500, seed=year)
        census = clean(path, previous=previous)
        assert findings(census) == []
        previous = census


# --- nobody is shown -----------------------------------------------------------------------------
CANARIES = ("7654321", "1971", "Zebedee", "NOBT", "4321.09")
CANARY = {"SWENo": "SW7654321", "PersonBirthDate": "1971-01-05", "Ethnicity": "NOBT",
          "QualInst": "Zebedee College", "BaseSalary": "4321.09"}  # fmt: skip


def test_the_ledger_shows_nobody(tmp_path):
    wrong = {"PersonBirthDate": "05/01/1971", "SWENo": "Zebedee", "Ethnicity": "Zebedee"}
    workers = [{**CANARY, **worker} for worker, _ in BROKEN.values()]
    census = clean(write(tmp_path, CANARY, *workers, {**STAFF, **wrong}))
    assert set(codes(census)) >= set(BROKEN) - {"R18"}
    shown = show_all(census.repairs, census.files) + repr(census)
    assert [canary for canary in CANARIES if canary in shown] == []
    check_repairs(census.repairs)


def test_the_clean_tables_hold_no_number_name_or_birth_date(tmp_path):
    census = clean(write(tmp_path, CANARY))
    assert repr(census) == f"Census(as_at={census.as_at!r}, old_la_code='999')"
    shown = show_all(census.workers, census.authority)
    assert [canary for canary in ("7654321", "1971", "Zebedee") if canary in shown] == []
    assert census.workers["age_band"].tolist() == ["50 to 59"]


def test_a_row_is_refused_only_where_nobody_says_whose_it_is(tmp_path):
    census = clean(write(tmp_path, {}, {"AgencyWorker": ""}, {"SWENo": "?"}))
    assert census.files[["rows_read", "rows_kept", "rows_refused"]].to_numpy().tolist() == [
        [3, 2, 1]
    ]
    refused = census.repairs[census.repairs["is_row_refused"]]
    assert refused["rule"].tolist() == ["R06"]
    assert census.workers["row"].tolist() == [1, 3]


def test_cleaning_leaves_its_input_untouched(tmp_path):
    raw = read_census(write(tmp_path, *[worker for worker, _ in BROKEN.values()]))
    before = raw.workers.copy()
    clean_census(raw, key=FICTIONAL_KEY)
    pd.testing.assert_frame_equal(raw.workers, before)
