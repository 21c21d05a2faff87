"""A census return as clean tables: words for codes, leavers whole, pseudonyms, age bands."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.unit import extracts
from tests.unit.census_files import AGENCY, LEAVER, clean, write

from wfanalytics.clean import census_values as codes
from wfanalytics.clean.census import WORKERS_SCHEMA, clean_census
from wfanalytics.clean.census_rules import whole_years
from wfanalytics.clean.identity import FICTIONAL_KEY
from wfanalytics.errors import InputError
from wfanalytics.measures.census import calculate_census_measures
from wfanalytics.raw.census import CensusReturn
from wfanalytics.raw.census_shape import AUTHORITY_FIELDS, WORKER_FIELDS


def one(folder, worker, **more) -> pd.Series:
    """The clean row of one worker."""
    return clean(write(folder, worker, **more)).workers.iloc[0]


def test_a_leaver_is_kept_whole(tmp_path):
    left = {**LEAVER, "LeaverDestination": "3", "ReasonLeave": "7"}
    row = one(tmp_path, left)
    assert row["end_date"] == pd.Timestamp("2023-03-31")
    assert (row["leaver_destination"], row["leaving_reason"]) == (
        "agency", "other role in the authority",
    )  # fmt: skip
    assert (row["is_leaver"], row["is_in_post"], row["fte"]) == (True, False, 0.8)


def test_two_leavers_of_one_person_are_both_kept(tmp_path):
    twice = [{**LEAVER, "SWENo": "SW5"}, {**LEAVER, "SWENo": "SW5", "LeaverDestination": "4"}]
    rows = clean(write(tmp_path, *twice)).workers
    assert rows["leaver_destination"].tolist() == [
        "social work, other authority", "social work, not an authority",
    ]  # fmt: skip


def test_an_origin_and_a_destination_of_one_number_differ(tmp_path):
    workers = [
        {**LEAVER, "StartOrigin": str(number + 1), "LeaverDestination": str(number)}
        for number in range(1, 10)
    ]
    rows = several(tmp_path, *workers)
    assert rows["start_origin"].tolist() == rows["leaver_destination"].tolist()
    assert (rows["start_origin"] != "").all()
    assert codes.ORIGIN_CODES["1"] == "newly qualified"
    assert not set(codes.ORIGIN_CODES.items()) & set(codes.DESTINATION_CODES.items())


def several(folder, *workers, **more) -> pd.DataFrame:
    """The clean rows of several workers of one return."""
    return clean(write(folder, *workers, **more)).workers


@pytest.mark.parametrize(
    ("year", "element", "sexes"),
    [
        (2023, "GenderCurrent", {"1": "male", "2": "female", "0": "unknown", "9": "unknown",
                                 "F": "", "Female": ""}),
        (2025, "Sex", {"M": "male", "F": "female", "Female": "", "male": "", "2": "", "f": ""}),
    ],
)  # fmt: skip
def test_female_is_never_read_as_male(tmp_path, year, element, sexes):
    workers = [{"GenderCurrent": None, "Sex": None} | {element: text} for text in sexes]
    assert several(tmp_path, *workers, year=year)["sex"].tolist() == list(sexes.values())


def test_starters_of_october_to_december_belong_to_the_year(tmp_path):
    starts = {"2022-09-30": False, "2022-10-01": True, "2022-12-31": True, "2023-01-01": True,
              "2023-09-30": True, "2023-10-01": False}  # fmt: skip
    rows = several(tmp_path, *({"RoleStartDate": start} for start in starts))
    assert rows["is_starter"].tolist() == list(starts.values())
    assert rows["is_in_post"].tolist() == [True] * 5 + [False]


def test_leaver_or_in_post_never_both(tmp_path):
    # start, end: starter, leaver, in post
    cases = {
        ("2015-06-01", "2022-09-30"): [False, False, False],
        ("2015-06-01", "2022-10-01"): [False, True, False],
        ("2015-06-01", "2023-09-29"): [False, True, False],
        ("2015-06-01", "2023-09-30"): [False, True, False],  # a leaver, so not in post
        ("2015-06-01", "2023-10-01"): [False, False, True],
        ("2022-11-01", "2023-05-01"): [False, False, False],  # in neither flow
        ("2022-11-01", "2023-10-01"): [True, False, True],
    }
    workers = [{**LEAVER, "RoleStartDate": start, "RoleEndDate": end} for start, end in cases]
    rows = several(tmp_path, *workers)[["is_starter", "is_leaver", "is_in_post"]]
    assert rows.to_numpy().tolist() == list(cases.values())


def test_an_agency_worker_is_in_neither_flow(tmp_path):
    row = one(tmp_path, {**AGENCY, "RoleStartDate": "2023-01-01"})
    assert (row["employment"], row["is_starter"], row["is_in_post"]) == ("agency", False, True)
    row = one(tmp_path, {**AGENCY, **LEAVER})
    assert (row["is_leaver"], row["is_in_post"]) == (False, False)


def test_which_fte_is_counted(tmp_path):
    nan = math.nan
    # FTE, FTE30: counted in post, counted for a leaver
    cases = [
        ("0.8", "0.6", 0.6, 0.8), ("0.8", "0", 0.8, 0.8), ("0", "0.6", 0.6, 0.6), ("0", "0", 0, 0),
        (None, "0.6", 0.6, 0.6), ("0.8", None, 0.8, 0.8), ("0", None, 0, 0), (None, None, nan, nan),
        ("x", "1.5", nan, nan),
    ]  # fmt: skip
    parts = [{"FTE": fte, "FTE30": at_date} for fte, at_date, _, _ in cases]
    here = several(tmp_path, *parts)
    left = several(tmp_path, *({**LEAVER, **part} for part in parts))
    assert here["fte"].tolist() == pytest.approx([case[2] for case in cases], nan_ok=True)
    assert left["fte"].tolist() == pytest.approx([case[3] for case in cases], nan_ok=True)
    assert here["fte_status"].tolist() == ["ok"] * 7 + ["missing"] * 2


def test_a_date_of_birth_becomes_an_age_band(tmp_path):
    bands = {"2003-10-01": "under 20", "2003-09-30": "20 to 29", "1993-10-01": "20 to 29",
             "1993-09-30": "30 to 39", "1963-09-30": "60 and over", None: "",
             "1963": ""}  # fmt: skip
    rows = several(tmp_path, *({"PersonBirthDate": birth} for birth in bands))
    assert rows["age_band"].tolist() == list(bands.values())


def test_a_birthday_on_29_february_comes_on_1_march():
    dates = pd.to_datetime(pd.Series(["2004-02-29"] * 3 + [None]))
    until = pd.to_datetime(pd.Series(["2023-02-28", "2023-03-01", "2024-02-29", "2024-02-29"]))
    assert whole_years(dates, until).tolist() == pytest.approx([18, 19, 20, math.nan], nan_ok=True)


@pytest.mark.parametrize("text", ["SW1001", "sw1001", " SW1001 ", "SW0001001", "AB12"])
def test_pseudonyms_are_those_of_the_worker_list(tmp_path, text):
    listed, _ = extracts.clean("workers", extracts.make_table("workers", {"SWE number": text}))
    assert one(tmp_path, {"SWENo": text})["worker_id"] == listed["worker_id"].iloc[0]


def test_words_for_every_code(tmp_path):
    row = one(tmp_path, {
        "QualLevel": "2", "StepUpGrad": "1", "OrgRole": "3", "Absat30Sept": "1",
        "ReasonAbsence": "MAT", "CFKSSstatus": "3", "ContractWeeks": "52.0",
    })  # fmt: skip
    assert row[["qualification", "step_up", "role", "absent_at_date", "absence_reason",
                "career_stage", "contract_weeks"]].tolist() == [
        "postgraduate", "yes", "first_line_manager", "yes", "maternity or paternity",
        "practice supervisor", 52.0,
    ]  # fmt: skip


def test_2025_adds_pay_and_allowances(tmp_path):
    worker = {"GenderCurrent": None, "Sex": "F", "BaseSalary": "41000.50", "RRPayments": "1500",
              "OtherPayments": "0"}  # fmt: skip
    own = {"RetentionBonus": "2", "CostSWE": "1", "OtherAllowances": "Parking"}
    census = clean(write(tmp_path, worker, year=2025, own=own))
    pay = ["base_salary", "retention_payments", "other_payments"]
    assert census.workers[pay].iloc[0].tolist() == [41000.5, 1500.0, 0.0]
    assert census.authority[["retention_bonus", "registration_cost", "other_allowances"]].iloc[
        0
    ].tolist() == ["some eligible", "all eligible", "Parking"]


def test_the_tables_keep_their_contract_when_hardly_anything_is_given(tmp_path):
    nothing = {name: None for name in ("FTE", "PersonBirthDate", "GenderCurrent", "Ethnicity",
               "StepUpGrad", "OrgRole", "RoleStartDate", "StartOrigin", "FTE30", "Cases30",
               "WorkingDaysLost", "FrontlineGrad", "Absat30Sept")}  # fmt: skip
    rows = clean(write(tmp_path, nothing)).workers
    assert list(rows.columns) == list(WORKERS_SCHEMA.columns)
    assert rows[["fte_status", "role", "sex", "age_band"]].iloc[0].tolist() == [
        "missing", "", "", "",
    ]  # fmt: skip


@pytest.mark.parametrize("year", [2021, 2023])
def test_an_earlier_return_must_be_last_years(tmp_path, year):
    earlier = clean(write(tmp_path, year=year))
    with pytest.raises(InputError) as error:
        clean(write(tmp_path, year=2023), previous=earlier)
    assert str(error.value) == (
        "census_2023.xml: the earlier return is not of the same authority and the year before. "
        "Give last year's return of this authority, or none."
    )
    other = clean(write(tmp_path, year=2022, header={"LEA": "998"}))
    with pytest.raises(InputError, match="not of the same authority"):
        clean(write(tmp_path, year=2023), previous=other)


DATES = st.dates().map(str)
TEXTS = st.one_of(st.text(max_size=12), st.integers().map(str), st.floats().map(str), DATES)


@settings(
    max_examples=20, deadline=None, suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],  # a failure names its seed; shrinking it would take minutes
)  # fmt: skip
@given(data=st.data())
def test_any_text_gives_a_value_or_a_blank_with_a_finding(data):
    size = 12
    text = {name: data.draw(st.lists(TEXTS, min_size=size, max_size=size))
            for name in WORKER_FIELDS}  # fmt: skip
    text["AgencyWorker"] = ["0", "1"] * (size // 2)  # any other takes the row out
    workers = pd.DataFrame({"row": range(size), "line": range(size), **text})
    workers = workers.astype(dict.fromkeys(WORKER_FIELDS, "str"))
    own = {name: data.draw(TEXTS) for name in AUTHORITY_FIELDS}
    notes = pd.DataFrame(columns=["kind", "element", "line", "count"])
    raw = CensusReturn("census.xml", "0", 2025, {"LEA": data.draw(TEXTS)}, own, workers, notes)
    census = clean_census(raw, key=FICTIONAL_KEY)
    measure = calculate_census_measures(census, authority_code="E1", authority_name="Shire")
    assert len(measure) == 24
    found = set(zip(census.repairs["rule"], census.repairs["column"], census.repairs["row"],
                    strict=True))  # fmt: skip
    for name in ("FTE", "Cases30", "BaseSalary", "RoleStartDate"):
        blank = census.workers.set_index("row")[codes.WORKER_VALUES[name].column].isna()
        for number, is_blank in blank.items():
            said = text[name][number] != ""
            assert (("R04", name, number) in found) == (is_blank and said)
