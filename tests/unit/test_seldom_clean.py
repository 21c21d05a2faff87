"""Extracts at their edges: what is refused, noted or counted, as exact text."""

from __future__ import annotations

import pandas as pd
import pytest
from tests.scenarios import small_council as council
from tests.unit.extracts import PROFILE, clean, list_notes, make_area, make_table, write_area

from wfanalytics.clean.area import clean_area
from wfanalytics.clean.changes import count_changes
from wfanalytics.clean.coded import code_rows, sum_groups
from wfanalytics.clean.doubtful import find_doubtful
from wfanalytics.clean.faults import Faults, clean_confined
from wfanalytics.clean.given import find_given
from wfanalytics.clean.kept import load_clean
from wfanalytics.clean.posts import clean_posts
from wfanalytics.clean.propose import propose
from wfanalytics.clean.reading import Reading
from wfanalytics.clean.recognise import recognise
from wfanalytics.clean.repairs import Ledger
from wfanalytics.clean.rows import month_of_file
from wfanalytics.clean.summary import clean_summary
from wfanalytics.errors import InputError
from wfanalytics.raw.area import read_area
from wfanalytics.raw.tables import RawSheet

JULY, AUGUST = pd.Timestamp("2019-07-31"), pd.Timestamp("2019-08-31")
NOWHERE = "a link that leads nowhere. Put the file itself in the folder."


# --- files that are not there --------------------------------------------------------------------
def test_a_link_that_leads_nowhere_is_a_gap_in_its_month_alone(tmp_path):
    folder = write_area(tmp_path, tables=("posts", "workers"))
    (folder / "posts" / "2019-08.csv").symlink_to(folder / "gone.csv")
    area = read_area("shire", data_dir=tmp_path)
    for _ in range(2):  # read, then beside what was kept
        found = load_clean(area, data_dir=tmp_path)
        assert found.faults[["table", "month", "message"]].to_numpy().tolist() == [
            ["posts", AUGUST, f"posts/2019-08.csv: {NOWHERE}"],
        ]  # fmt: skip
        assert found.tables["posts"]["as_at"].tolist() == [JULY]


def test_without_any_worker_list_the_fault_itself_is_told(tmp_path):
    folder = write_area(tmp_path, tables=("posts", "workers"))
    (folder / "workers" / "2019-07.csv").unlink()
    (folder / "workers" / "2019-07.csv").symlink_to(folder / "gone.csv")
    with pytest.raises(InputError) as error:
        clean_area(read_area("shire", data_dir=tmp_path), on_fault="refuse")
    assert str(error.value) == f"workers/2019-07.csv: {NOWHERE}"


# --- sheets --------------------------------------------------------------------------------------
def test_a_workbook_without_the_sheet_is_refused_and_a_text_file_has_none_to_name(tmp_path):
    folder = write_area(tmp_path, tables=("posts", "workers"))
    (folder / "profile.yml").write_text(
        f"{PROFILE}  posts: {{folder: posts, sheets: [Posts]}}\n  workers: {{folder: workers}}\n",
        "utf-8",
    )
    council.write_book(folder / "posts" / "2019-08.xlsx", Notes=[["tea"]], Other=[["cake"]])
    found = clean_area(read_area("shire", data_dir=tmp_path), on_fault="refuse")
    assert found.tables["posts"]["as_at"].tolist() == [JULY]
    assert found.faults["message"].tolist() == [
        "posts/2019-08.xlsx: no sheet for the posts table. Found 'Notes, Other'; allowed Posts. "
        "Name its sheet under sources in profile.yml."
    ]


def test_marks_nobody_sees_are_noted_and_the_team_is_known(tmp_path):
    folder = write_area(tmp_path, tables=("posts", "workers"))
    path = folder / "posts" / "2019-07.csv"
    path.write_text(path.read_text("utf-8").replace("Alpha", "Al\u200bpha"), "utf-8")
    found = clean_area(read_area("shire", data_dir=tmp_path))
    assert found.tables["posts"]["team"].tolist() == ["Alpha"]
    notes = found.repairs[found.repairs["rule"] == "A21"]
    assert notes["reason"].tolist() == ["invisible characters: taken out"]


def test_a_month_that_the_sheet_and_the_file_both_name():
    assert month_of_file(make_table("posts", {}, file="posts/2019-07.xlsx", sheet="July 2019")) == (
        JULY
    )
    with pytest.raises(InputError, match="named after different months"):
        month_of_file(make_table("posts", {}, file="posts/2019-07.xlsx", sheet="June 2019"))


def test_a_list_of_agency_staff_that_names_the_contract_says_it_itself():
    def given(heads):
        rows = [heads, ["SW1", "Alpha", "Agency"], [], ["SW2", "Alpha", "Agency"]]
        return find_given(RawSheet("Agency staff.csv", "", rows, "0"))

    assert given(["SWE number", "Team", "Contract"]) is None
    sheet, part = given(["SWE number", "Team", "Note"])
    assert part.values == {"employment": "agency"}
    assert sheet.cells == [
        ["SWE number", "Team", "Note", "Contract"], ["SW1", "Alpha", "Agency", "agency"], [],
        ["SW2", "Alpha", "Agency", "agency"],
    ]  # fmt: skip


def test_one_list_of_posts_among_establishment_lists_is_told_why_it_is_left_out():
    heads = ["Post number", "Job role", "Team", "Post FTE", "SWE number", "Contract", "FTE"]
    rows = [["P1", "Social Worker", "Alpha", "1", "SW101", "Permanent", "0.8"],
            ["P2", "Social Worker", "Alpha", "1", "", "Vacant", ""]]  # fmt: skip
    sheets = [RawSheet(f"Staff 2019-0{n}.csv", "", [heads, *rows], "0") for n in (6, 7)]
    sheets.append(RawSheet("Posts.csv", "", [council.POST_HEADS, *council.POSTS], "0"))
    shapes, _ = recognise(sheets)
    found, lost = propose(shapes, sheets)
    assert set(found) == {"posts", "workers"}
    assert [(sheet.file, reason) for sheet, reason in lost] == [
        ("Posts.csv", "it is a plain table, and most posts extracts are not"),
    ]  # fmt: skip


# --- rows ----------------------------------------------------------------------------------------
def test_a_caseload_of_second_allocations_alone_counts_nobody():
    with pytest.raises(InputError) as error:
        clean("caseload", make_table("caseload", {"Allocation": "Secondary"}))
    assert str(error.value) == (
        "caseload/2019-07.csv, column Allocation: no row is a primary allocation. Correct the "
        "column."
    )


def test_more_combinations_than_a_number_can_hold_are_still_told_apart():
    # A hundred texts in each of eleven columns: 10 to the power of 22.
    names = [f"c{n}" for n in range(11)]
    rows = pd.DataFrame({name: [f"{i:03}" for i in range(100)] for name in names})
    rows = pd.concat([rows, rows.tail(1), rows.tail(1).assign(c10="000")], ignore_index=True)
    numbers, _ = code_rows(rows, names)
    assert len(set(numbers)) == 101
    assert numbers[99] == numbers[100] != numbers[101]
    sums = sum_groups(rows.assign(cases=2.0), names, "cases")
    assert sums.tolist()[98:] == [2.0, 4.0, 4.0, 2.0]


def test_a_row_of_an_extract_without_a_month_is_asked_about_without_a_date():
    table = make_table("workers", {"FTE": "60%"}, file="workers/staff.csv")
    ledger = Ledger("workers")
    placed = table.frame.assign(file="workers/staff.csv", sheet="")
    ledger.note(placed, "W01", severity="E", is_refused=True)
    found = find_doubtful("workers", [table], ledger.to_frame(), words={})
    assert found["date"].isna().tolist() == [True]
    assert found["fte"].tolist() == [0.6]


def test_changes_of_an_extract_that_tells_no_month_are_counted_without_one():
    def read(*numbers):
        rows = [{"Number": number} for number in numbers]
        return Reading(found=[make_table("posts", *rows, file="posts/list.csv")])

    assert count_changes("posts", read("P1", "P2"), read("P2", "P3", "P4")) == [("", 2, 1, 0)]


# --- faults of several extracts ------------------------------------------------------------------
def test_two_extracts_that_contradict_each_other_are_refused_once_each():
    files = [f"posts/2019-0{n}.csv" for n in (6, 7, 8)]
    raw = [make_table("posts", {}, file=file) for file in files]

    def fail(tables, ledger):
        if len(tables) == 3:
            both = InputError("the two differ", file=files[0],
                              places=[(files[0], ""), (files[1], "")])  # fmt: skip
            both.others = (InputError("a fault of its own", file=files[1]),)
            raise both
        return clean_posts(tables, make_area(), ledger=ledger)

    faults, ledger = Faults(is_confined=True), Ledger("posts")
    rows = clean_confined("posts", raw, fail, faults, ledger)
    assert rows["as_at"].tolist() == [AUGUST]
    assert [entry["message"] for entry in faults.entries] == [f"{files[0]}: the two differ."] * 2


def test_a_row_of_the_summary_is_refused_once_whatever_figures_it_has():
    good = make_table("summary", {}, {"Month": "Aug-19"}, file="summary/summary.csv")
    bad = make_table("summary", {"Leavers": "two"}, file="summary/2019-07.csv")
    faults, ledger = Faults(is_confined=True), Ledger("summary")
    rows = clean_confined(
        "summary", [good, bad], lambda tables, ledger: clean_summary(tables, ledger=ledger),
        faults, ledger,
    )  # fmt: skip
    assert faults.months("summary") == [JULY]
    assert set(rows["month"].dt.strftime("%Y-%m")) == {"2019-08"}
    refused = [note for note in list_notes(ledger.to_frame()) if note[-1]]
    assert len(refused) == 2, "July's row of the one extract, and the other's"
