"""What a profile declares of an extract: merged columns, names of files, weeks across."""

from __future__ import annotations

import pandas as pd
import pytest
from tests.unit.extracts import write_area

from wfanalytics.clean.area import clean_area
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


def test_a_list_of_agency_staff_only(area, tmp_path):
    declare(area, "workers", 'files: {"Agency*": {values: {employment: agency}}}')
    heads = HEADS.replace("Contract,", "")
    write(area, "workers", heads, "SW9,P1,Alpha,Social Worker,1,01/02/2019",
          name="Agency 2019-06.csv")  # fmt: skip
    rows = clean(tmp_path).tables["workers"]
    assert rows[["as_at", "employment"]].astype("str").values.tolist() == [
        ["2019-06-30", "agency"], ["2019-07-31", "permanent"]]  # fmt: skip


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
