"""As init finds them: what only names tell, weeks side by side, two tables in a sheet."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from tests.scenarios.small_council import (
    CASE_HEADS,
    CASES,
    MOVE_HEADS,
    MOVES,
    POST_HEADS,
    POSTS,
    WORKER_HEADS,
    WORKERS,
    init,
    make_data,
    write_book,
    write_csv,
    write_staff,
)

from wfanalytics.clean.area import clean_area
from wfanalytics.raw.area import read_area


@pytest.fixture
def data(tmp_path) -> Path:
    return make_data(tmp_path)[0]


@pytest.fixture
def given(data) -> Path:
    return data.parent / "given"


def read_source(data: Path, table: str) -> dict:
    text = (data / "raw" / "shire" / "profile.yml").read_text("utf-8")
    return yaml.safe_load(text)["sources"][table]


def clean(data: Path):
    area = read_area("shire", data_dir=data)
    return clean_area(replace(area, profile=area.profile.model_copy(update={"fictional": True})))


LEFT = ["SWE number", "Team", "FTE", "Start date", "Last working day", "Reason for leaving"]
LEAVER = ["SW201", "Alpha", "1", "01/02/2015", "05/07/2019", "Resigned"]
JOINED = ["SWE number", "Team", "FTE", "Date joined"]


def test_starters_and_leavers_in_files_without_a_column_that_says_which(data, given):
    write_staff(given)
    write_csv(given / "Leavers 2019-20.csv", LEFT, LEAVER)
    write_csv(given / "New starters 2019-20.csv", JOINED, ["SW202", "Beta", "0.5", "09/07/2019"])
    said = init(data, given)
    assert read_source(data, "movements")["files"] == {
        "Leavers *": {"values": {"movement": "leaver"}, "headings": {"Last working day": "date"}},
        "New starters *": {"values": {"movement": "starter"}, "headings": {"Date joined": "date"}},
    }
    assert "movement: leaver in every row of 'Leavers *', from the file's name" in said
    rows = clean(data).tables["movements"]
    assert rows[["movement", "fte"]].values.tolist() == [["leaver", 1.0], ["starter", 0.5]]
    assert rows["date"].dt.day.tolist() == [5, 9]


def test_a_file_called_leavers_with_blank_leaving_dates_is_not_believed(data, given):
    write_staff(given)
    write_csv(given / "Leavers 2019-20.csv", LEFT, LEAVER, [*LEAVER[:4], "", ""])
    init(data, given)
    sources = yaml.safe_load((data / "raw/shire/profile.yml").read_text("utf-8"))["sources"]
    assert "files" not in sources.get("movements", {})


def test_a_movements_file_with_a_type_keeps_its_column(data, given):
    write_staff(given)
    write_csv(given / "Starters and leavers.csv", MOVE_HEADS, *MOVES)
    init(data, given)
    assert "files" not in read_source(data, "movements")
    assert len(clean(data).tables["movements"]) == 3


def test_a_list_of_agency_staff_without_a_column_for_the_contract(data, given):
    permanent = [row for row in WORKERS if row[1] == "Permanent"]
    agency = [
        [cell for i, cell in enumerate(row) if i != 1] for row in WORKERS if row[1] == "Agency"
    ]
    heads = [head for head in WORKER_HEADS if head != "Contract"]
    write_csv(given / "Posts 2019-07.csv", POST_HEADS, *POSTS)
    write_csv(given / "Staff 2019-07.csv", WORKER_HEADS, *permanent)
    write_csv(given / "Agency 2019-07.csv", heads, *agency)
    said = init(data, given)
    assert read_source(data, "workers")["files"] == {
        "Agency *": {"values": {"employment": "agency"}}
    }
    assert "employment: agency in every row of 'Agency *', from the file's name" in said
    rows = clean(data).tables["workers"]
    assert rows["as_at"].nunique() == 1
    assert rows["employment"].value_counts().to_dict() == {
        "permanent": len(permanent), "agency": len(agency)}  # fmt: skip


def test_weeks_across_columns(data, given):
    write_staff(given)
    weeks = ["w/e 07/07/2019", "w/e 14/07/2019", "w/e 21/07/2019"]
    write_csv(given / "Caseloads.csv", ["Worker", "Team", *weeks], ["SW102", "Alpha", "7", "8", ""],
              ["SW107", "Beta", "9", "10", "11"])  # fmt: skip
    said = init(data, given)
    assert read_source(data, "caseload")["weeks"] == "across"
    assert "a column a week" in said
    rows = clean(data).tables["caseload"]
    assert sorted(zip(rows["week_ending"].dt.day, rows["cases"], strict=True)) == [
        (7, 7), (7, 9), (14, 8), (14, 10), (21, 11)]  # fmt: skip


def test_of_two_tables_in_a_sheet_the_first_is_placed_and_it_is_said(data, given):
    write_csv(given / "Posts 2019-07.csv", POST_HEADS, *POSTS)
    write_book(given / "Staff 2019-07.xlsx", All=[WORKER_HEADS, *WORKERS, [], MOVE_HEADS, *MOVES])
    write_csv(given / "cases.csv", CASE_HEADS, *CASES)
    said = init(data, given)
    assert ("Staff 2019-07.xlsx, sheet All: a second table begins in row 11, and only the first is "
            "read; put it in a sheet of its own") in said  # fmt: skip
    found = clean(data)
    assert len(found.tables["workers"]) == 8
    assert "movements" not in found.tables


def test_the_new_area_cannot_be_committed(data, given):
    write_staff(given)
    said = init(data, given)
    assert (data / "raw/shire/.gitignore").read_text().splitlines()[-1] == "*"
    assert "its .gitignore keeps that folder out of git" in said
