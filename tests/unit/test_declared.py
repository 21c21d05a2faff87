"""What a profile declares of an extract: merged columns, names of files, weeks across."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from tests.unit.extracts import pseudonym, write_area

from wfanalytics.clean.area import clean_area
from wfanalytics.clean.kept import load_clean
from wfanalytics.errors import InputError
from wfanalytics.raw.area import read_area

HEADS = "SWE number,Contract,Post number,Team,Job role,FTE,Start date"


@pytest.fixture
def area(tmp_path):
    return write_area(tmp_path)


def declare(area, table, text):
    profile = area / "profile.yml"
    plain = f"  {table}: {{folder: {table}}}\n"
    assert plain in profile.read_text()
    profile.write_text(
        profile.read_text().replace(plain, f"  {table}: {{folder: {table}, {text}}}\n")
    )


def write(area, table, *lines, name="2019-07.csv"):
    (area / table / name).write_text("\n".join(lines) + "\n")


def clean(tmp_path):
    return clean_area(read_area("shire", data_dir=tmp_path))


# --- merged cells --------------------------------------------------------------------------------
MERGED = (HEADS, "SW1,Permanent,P1,Alpha,Social Worker,1,01/02/2018",
          "SW2,Permanent,P2,,Social Worker,0.5,01/02/2018", "Total,,,,,1.5,")  # fmt: skip


def test_declared_merged_cells_are_filled_down_and_the_total_is_not(area, tmp_path):
    declare(area, "workers", "merged: [team]")
    write(area, "workers", *MERGED)
    found = clean(tmp_path)
    assert found.tables["workers"]["team"].tolist() == ["Alpha", "Alpha"]
    ledger = found.repairs[found.repairs["table"] == "workers"]
    filled = ledger[ledger["rule"] == "A15"]
    assert filled[["column", "severity", "reason"]].values.tolist() == [
        ["team", "F", "merged cells: 1 rows filled down"]
    ]
    assert ledger["rule"].tolist().count("A12") == 1


def test_cells_nobody_declared_are_never_filled(area, tmp_path):
    write(area, "workers", *MERGED)
    assert clean(tmp_path).tables["workers"]["team"].tolist() == ["Alpha", "Not in teams.csv"]


# --- what a file's name stands for ---------------------------------------------------------------
MOVES = ("movements", 'files: {"Leavers*": {values: {movement: leaver}, headings: '
         '{"Leaving date": date}}, "Starters*": {values: {movement: starter}, '
         'headings: {"Start date": date}}}')  # fmt: skip


def test_starters_and_leavers_in_files_of_their_own(area, tmp_path):
    declare(area, *MOVES)
    (area / "movements" / "2019-07.csv").unlink()
    write(area, "movements", "SWE number,Start date,Leaving date,Team,FTE",
          "SW101,01/02/2018,05/07/2019,Alpha,1", name="Leavers 2019.csv")  # fmt: skip
    write(area, "movements", "SWE number,Start date,Team,FTE", "SW102,08/07/2019,Alpha,0.5",
          name="Starters 2019.csv")  # fmt: skip
    rows = clean(tmp_path).tables["movements"]
    assert rows["movement"].tolist() == ["leaver", "starter"]
    assert rows["date"].dt.day.tolist() == [5, 8]


def test_a_column_of_its_own_says_more_than_the_name(area, tmp_path):
    declare(area, *MOVES)
    (area / "movements" / "2019-07.csv").rename(area / "movements" / "Starters.csv")
    assert clean(tmp_path).tables["movements"]["movement"].tolist() == ["leaver"]


def test_a_file_of_another_name_needs_the_column(area, tmp_path):
    declare(area, *MOVES)
    write(area, "movements", "SWE number,Date,Team,FTE", "SW101,05/07/2019,Alpha,1")
    with pytest.raises(InputError, match="no column for movement of the movements table"):
        clean(tmp_path)


AGENCY = ("workers", 'files: {"Agency*": {values: {employment: agency}}}')
AGENCY_HEADS = HEADS.replace("Contract,", "")


def write_agency(area, *lines, name="Agency 2019-07.csv"):
    write(area, "workers", AGENCY_HEADS, *lines, name=name)


def test_a_list_of_agency_staff_beside_the_staff_list_of_the_month(area, tmp_path):
    declare(area, *AGENCY)
    write_agency(area, "SW9,P1,Alpha,Social Worker,1,01/02/2019")
    rows = clean(tmp_path).tables["workers"]
    assert rows[["as_at", "employment"]].astype("str").values.tolist() == [
        ["2019-07-31", "permanent"], ["2019-07-31", "agency"]]  # fmt: skip


def test_a_staff_list_without_a_column_that_is_the_same_for_all(area, tmp_path):
    declare(area, "workers", 'files: {"*": {values: {employment: permanent, post_id: ""}}}')
    write(area, "workers", AGENCY_HEADS.replace("Post number,", ""),
          "SW101,Alpha,Social Worker,1,01/02/2018")  # fmt: skip
    rows = clean(tmp_path).tables["workers"]
    assert rows[["employment", "post_id"]].to_numpy().tolist() == [["permanent", ""]]


def test_two_agency_lists_of_one_month_are_an_error(area, tmp_path):
    declare(area, *AGENCY)
    for name in ("Agency 2019-07.csv", "Agency July 2019.csv"):
        write_agency(area, "SW9,P1,Alpha,Social Worker,1,01/02/2019", name=name)
    with pytest.raises(InputError, match="2 extracts are about July 2019") as error:
        clean(tmp_path)
    assert "write its name under files in profile.yml" in str(error.value)


@pytest.mark.parametrize(("month", "kind"), [("2019-06", "permanent"), ("2019-08", "agency")])
def test_a_month_with_one_of_its_two_lists_is_not_a_month(area, tmp_path, month, kind):
    """No list is not the same as nobody: the agency rate would be 0, or every post vacant."""
    declare(area, *AGENCY)
    write_agency(area, "SW9,P1,Alpha,Social Worker,1,01/02/2019")
    if kind == "permanent":
        write_agency(area, "SW9,P1,Alpha,Social Worker,1,01/02/2019", name=f"Agency {month}.csv")
    else:
        write(area, "workers", HEADS, "SW101,Permanent,P1,Alpha,Social Worker,1,01/02/2018",
              name=f"{month}.csv")  # fmt: skip
    cleaned = clean_area(read_area("shire", data_dir=tmp_path), on_fault="refuse")
    faults = cleaned.faults
    assert faults["month"].dt.strftime("%Y-%m").tolist() == [month]
    assert f"no list of {kind} staff is about" in faults["message"].item()
    assert set(cleaned.tables["workers"]["as_at"].dt.strftime("%Y-%m")) == {"2019-07"}


def have_august(area):
    """Both lists of July, and the staff list of August."""
    declare(area, *AGENCY)
    write_agency(area, "SW9,P1,Alpha,Social Worker,1,01/02/2019")
    write(area, "workers", HEADS, "SW101,Permanent,P1,Alpha,Social Worker,1,01/02/2018",
          name="2019-08.csv")  # fmt: skip


def test_a_refused_list_is_not_also_a_missing_one(area, tmp_path):
    have_august(area)
    write_agency(area, "SW9,P1,Alpha,Jester,1,01/02/2019", name="Agency 2019-08.csv")
    cleaned = clean_area(read_area("shire", data_dir=tmp_path), on_fault="refuse")
    assert cleaned.faults["file"].tolist() == ["workers/Agency 2019-08.csv"]
    assert set(cleaned.tables["workers"]["as_at"].dt.strftime("%Y-%m")) == {"2019-07"}


def test_a_month_without_agency_staff_has_a_list_of_headings_only(area, tmp_path):
    have_august(area)
    write_agency(area, name="Agency 2019-08.csv")
    found = clean(tmp_path)
    assert found.tables["workers"].groupby("as_at").size().tolist() == [2, 1]
    asked = found.repairs[found.repairs["file"] == "workers/Agency 2019-08.csv"]
    assert asked[["severity", "reason"]].values.tolist() == [
        ["Q", "the list is empty: taken as nobody"]]  # fmt: skip


def test_one_person_in_both_lists_is_no_two_people(area, tmp_path):
    """Permanent since a later day: the agency line is the stale one, whichever file it is in."""
    declare(area, *AGENCY)
    write_agency(area, "SW101,P1,Alpha,Social Worker,1,01/02/2017")
    found = clean(tmp_path)
    assert found.tables["workers"]["employment"].tolist() == ["permanent"]
    refused = found.repairs[found.repairs["is_row_refused"]]
    assert refused[["file", "rule"]].values.tolist() == [["workers/Agency 2019-07.csv", "W01"]]


# --- weeks across --------------------------------------------------------------------------------
def test_weeks_side_by_side_become_rows(area, tmp_path):
    declare(area, "caseload", "weeks: across")
    write(area, "caseload", "Worker,Team,07/07/2019,w/e 14/07/2019", "SW101,Alpha,14,13",
          "SW102,Alpha,,5", "Total,,14,18")  # fmt: skip
    found = clean(tmp_path)
    rows = found.tables["caseload"]
    assert rows["week_ending"].dt.day.tolist() == [7, 14, 14]
    assert sorted(rows["cases"]) == [5, 13, 14]
    files = found.files[found.files["table"] == "caseload"].iloc[0]
    assert (files["rows_read"], files["rows_kept"], files["rows_refused"]) == (5, 3, 2)
    assert "A30" not in set(found.repairs.loc[found.repairs["table"] == "caseload", "rule"])


def test_weeks_across_needs_a_week(area, tmp_path):
    declare(area, "caseload", "weeks: across")
    write(area, "caseload", "Worker,Team,First week", "SW101,Alpha,14")
    with pytest.raises(InputError, match="no heading is the date of a week"):
        clean(tmp_path)


# --- two tables in one sheet ---------------------------------------------------------------------
def test_of_two_tables_in_one_sheet_the_first_is_read_and_it_is_said(area, tmp_path):
    write(area, "workers", HEADS, "SW1,Permanent,P1,Alpha,Social Worker,1,01/02/2018", "",
          "Type,SWE number,Effective date,Team,FTE,Reason,From / to,Stage",
          "Leaver,SW7,05/07/2019,Alpha,1,,,")  # fmt: skip
    found = clean(tmp_path)
    assert len(found.tables["workers"]) == 1
    ledger = found.repairs[found.repairs["table"] == "workers"]
    assert ledger[["rule", "severity", "reason"]].values.tolist()[0] == [
        "A30",
        "Q",
        "a second table begins in row 4: only the first is read",
    ]


def test_a_heading_repeated_at_a_page_break_is_no_second_table(area, tmp_path):
    write(area, "workers", HEADS, "SW1,Permanent,P1,Alpha,Social Worker,1,01/02/2018", HEADS,
          "SW2,Permanent,P2,Alpha,Social Worker,1,01/02/2018")  # fmt: skip
    found = clean(tmp_path)
    assert len(found.tables["workers"]) == 2
    assert found.tables["workers"]["as_at"].eq(pd.Timestamp("2019-07-31")).all()


@pytest.mark.parametrize("heading", ["w/c 01/07/2019", "Week commencing 01/07/2019"])
def test_a_column_headed_by_a_weeks_first_day_is_the_week_it_begins(area, tmp_path, heading):
    declare(area, "caseload", "weeks: across")
    write(area, "caseload", f"Worker,Team,{heading}", "SW101,Alpha,14", "SW102,Alpha,5")
    rows = clean(tmp_path).tables["caseload"]
    assert rows["week_ending"].dt.strftime("%d/%m").tolist() == ["07/07", "07/07"]


# --- names of another system ---------------------------------------------------------------------
PEOPLE = "as_written,registration_number\n"
NAMED = ("Week ending,Worker,Team,Total", '07/07/2019,"Abbey, Ben",Alpha,14',
         "07/07/2019,60102,Alpha,5")  # fmt: skip


def test_names_and_numbers_of_the_case_system_are_the_people_of_the_staff_list(area, tmp_path):
    (area / "people.csv").write_text(PEOPLE + '"ABBEY, Ben",SW101\n60102,SW102\n')
    write(area, "caseload", *NAMED)
    found = clean(tmp_path)
    rows = found.tables["caseload"]
    assert set(rows["worker_id"]) == {pseudonym("SW101"), pseudonym("SW102")}
    ledger = found.repairs[found.repairs["table"] == "caseload"]
    assert ledger["reason"].str.contains("by people.csv").sum() == 1
    assert not ledger.astype("str").apply(lambda column: column.str.contains("Abbey")).any().any()


def test_a_name_people_csv_does_not_know_is_refused_and_not_shown(area, tmp_path):
    (area / "people.csv").write_text(PEOPLE + "60102,SW102\n")
    write(area, "caseload", *NAMED)
    with pytest.raises(InputError) as error:
        clean(tmp_path)
    assert str(error.value) == (
        "caseload/2019-07.csv, row 2, column Worker: not a registration number. Allowed SW and 1 "
        "to 10 digits. Correct the cell, or give its registration number in people.csv."
    )


def test_one_name_of_two_people_is_refused_and_not_shown(area, tmp_path):
    (area / "people.csv").write_text(PEOPLE + "Ben Abbey,SW101\nben  abbey,SW102\n")
    with pytest.raises(InputError) as error:
        clean(tmp_path)
    assert str(error.value) == (
        "shire/people.csv, row 3, column as_written: what is written here is another person in a "
        "row above. Where two people share a name, use a number that tells them apart, such as the "
        "case system's own."
    )


def test_another_people_csv_is_read_afresh(area, tmp_path):
    """The kept tables are made of it too."""
    (area / "people.csv").write_text(PEOPLE + '"Abbey, Ben",SW101\n60102,SW102\n')
    write(area, "caseload", *NAMED)
    for number in ("SW102", "SW101"):
        (area / "people.csv").write_text(PEOPLE + f'"Abbey, Ben",SW101\n60102,{number}\n')
        opened = read_area("shire", data_dir=tmp_path)
        opened = replace(opened, profile=opened.profile.model_copy(update={"fictional": True}))
        held = load_clean(opened, data_dir=tmp_path).tables["caseload"]
        assert (pseudonym("SW102") in set(held["worker_id"])) == (number == "SW102")
