"""wfanalytics check: text, JSON, workbook and exit codes, on three months of the sample."""

from __future__ import annotations

import json
import subprocess
import sys

import openpyxl
import pandas as pd
import pytest

from wfanalytics.report.check import Outcome, run_check


def run(folder, *options):
    command = [sys.executable, "-m", "wfanalytics", "check", *options]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True)


def test_says_rows_and_what_to_mend_and_ends_with_1(small_project):
    done = run(small_project, "--area", "exampleshire")
    assert done.returncode == 1
    assert done.stderr == ""
    lines = done.stdout.splitlines()
    assert lines[0] == "Exampleshire"
    assert any(line.startswith("  posts: ") and " refused" in line for line in lines)
    assert any("Human resources, workforce data" in line for line in lines)


def test_json_has_every_problem(small_project):
    done = run(small_project, "--area", "exampleshire", "--json")
    content = json.loads(done.stdout)
    assert content["exit_code"] == done.returncode == 1
    for counts in content["rows"].values():
        assert counts["rows_read"] == counts["rows_kept"] + counts["rows_refused"]
    assert {"A12", "A17", "A21"} <= {problem["rule"] for problem in content["problems"]}


def test_an_extract_of_the_month_that_could_not_be_used_comes_first(small_project):
    posts = small_project / "data/raw/exampleshire/posts/Establishment 2020-09.xlsx"
    posts.write_bytes(b"")
    done = run(small_project, "--area", "exampleshire", "--month", "2020-09")
    assert done.returncode == 1
    said = (
        "The posts extract of September 2020 could not be used: posts/Establishment 2020-09.xlsx: "
        "the file is empty. Ask for the extract again."
    )
    text = done.stdout
    assert text.index(said) < text.index("To mend: ")
    assert "the extracts stop at" not in text, "it is there, and is not late"
    other = run(small_project, "--area", "exampleshire", "--month", "2020-08")
    assert said not in other.stdout
    content = json.loads(run(small_project, "--area", "exampleshire", "--json").stdout)
    assert (content["refused"], content["stop"]) == ([said], "")


def test_where_no_report_can_be_made_the_check_says_so_and_ends_with_2(small_project):
    (small_project / "data/raw/exampleshire/posts/New.xlsx").write_bytes(b"")
    done = run(small_project, "--area", "exampleshire")
    assert (done.returncode, done.stderr) == (2, "")
    assert "No report can be made. posts/New.xlsx: the file is empty." in done.stdout
    assert "To mend: " in done.stdout, "and all the rest it found"


def test_bad_input_ends_with_2_and_writes_nothing(small_project, tmp_path):
    book = tmp_path / "ledger.xlsx"
    done = run(small_project, "--area", "exampelshire", "--workbook", str(book))
    assert done.returncode == 2
    assert "Did you mean 'exampleshire'?" in done.stderr
    assert not book.exists()


@pytest.fixture
def ledger(small_project, tmp_path):
    path = tmp_path / "out" / "ledger.xlsx"
    outcome = run_check("exampleshire", workbook=path)
    return outcome, path


def test_the_workbook_has_each_row_of_the_ledger_and_nobody_in_it(ledger, small_project):
    _, path = ledger
    sheets = pd.read_excel(path, sheet_name=None, engine="calamine", dtype=str)
    assert list(sheets) == ["To mend", "All rows", "Rules"]
    repairs = pd.read_parquet(small_project / "data/processed/exampleshire/repairs.parquet")
    others = sheets["All rows"]["Extract"].isin(["census", "measures"])
    assert len(sheets["All rows"]) - others.sum() == len(repairs)
    assert set(sheets["All rows"]["Rule"][others]) >= {"R25"}
    cells = " ".join(sheets["All rows"].fillna("").astype(str).to_numpy().ravel())
    movements = next((small_project / "data/raw/exampleshire/movements").glob("*.csv"))
    for line in movements.read_text("cp1252").splitlines()[3:20]:
        number = line.split(",")[2]
        assert number not in cells
        assert number.removeprefix("SW") not in cells


def test_text_that_looks_like_a_formula_stays_text(tmp_path, ledger):
    from wfanalytics.report.ledger import write_ledger

    outcome, _ = ledger
    row = {"table": "posts", "file": "=1+1", "sheet": "+x", "row": 1, "column": "@a", "rule": "A17",
           "severity": "Q", "before": "=cmd|' /C calc'!A0", "after": "", "reason": "-2",
           "is_row_refused": False}  # fmt: skip
    path = tmp_path / "formulas.xlsx"
    write_ledger(pd.DataFrame([row]), outcome.problems.head(0), path)
    cells = openpyxl.load_workbook(path)["All rows"][2]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert cells[7].value == "=cmd|' /C calc'!A0"


def test_what_a_corrected_file_changed_is_said_until_the_next(small_project):
    run_check("exampleshire")
    path = small_project / "data/raw/exampleshire/caseload/Caseload 2020-08.csv"
    lines = path.read_text("cp1252").splitlines()
    heads = next(i for i, line in enumerate(lines) if line.startswith("Week ending"))
    del lines[heads + 20]
    path.write_text("\n".join(lines) + "\n", "cp1252")
    said = "caseload/Caseload 2020-08.csv, August 2020: 1 row removed (noticed "
    for _ in range(2):
        assert said in run_check("exampleshire").as_text()
    assert said in run_check("exampleshire", month="2020-08").as_text()
    assert said not in run_check("exampleshire", month="2020-09").as_text()
    change = json.loads(run_check("exampleshire").as_json())["changes"][0]
    assert (change["month"], change["removed"]) == ("2020-08", 1)
    assert change["before_sha256"] != change["after_sha256"]


def test_a_jump_of_a_figure_is_asked_about(small_project):
    """Half the August staff list gone: A25 asks, as it does when the area is opened."""
    path = small_project / "data/raw/exampleshire/workers/Staff list 2020-08.xlsx"
    book = openpyxl.load_workbook(path)
    sheet = book["Staff"]
    sheet.delete_rows(20, 200)
    book.save(path)
    problems = run_check("exampleshire", month="2020-08").problems
    asked = problems[(problems["table"] == "measures") & (problems["rule"] == "A25")]
    assert asked["reason"].str.contains("Exampleshire, August 2020: ").any()
    assert not asked["reason"].str.contains("September 2020").any()


def test_the_census_is_checked_too(small_project):
    problems = run_check("exampleshire", month="2020-09").problems
    census = problems[problems["table"] == "census"].set_index("rule")["rows"]
    assert census.to_dict() == {"R19": 1, "R22": 4, "R25": 1}
    assert run_check("exampleshire", month="2020-08").problems["table"].eq("census").sum() == 0


def make_outcome(*reasons: str, **more) -> Outcome:
    rows = [
        {"table": "workers", "file": f"workers/{number}.csv", "sheet": "", "latest": pd.NaT,
         "rule": "A30", "severity": "Q", "rows": 1, "first_row": 1, "reason": reason,
         "cure": "Name it.", "owner": "HR", "needs_mending": True}
        for number, reason in enumerate(reasons, start=1)
    ]  # fmt: skip
    problems = pd.DataFrame(rows).astype({"latest": "datetime64[us]"})
    counts = pd.DataFrame(columns=["rows_read", "rows_kept", "rows_refused"])
    return Outcome("Shire", None, counts, problems, [], pd.DataFrame(), **more)


def test_what_is_the_same_in_many_extracts_is_one_line():
    text = make_outcome("no field", "no field", "no month", "no field").as_text()
    assert "To mend: 2, newest first" in text
    assert "  workers/1.csv, row 1, and 2 other extracts: A30 no field. Name it. (HR)\n" in text
    assert "  workers/3.csv, row 1: A30 no month. Name it. (HR)" in text


def test_a_table_that_is_not_read_is_said():
    """An analyst who forgets the line would take its figures for missing extracts."""
    outcome = make_outcome("no field", unread=("caseload",))
    assert "  caseload: not read, because profile.yml says 'read: no'" in outcome.as_text()
    assert json.loads(outcome.as_json())["unread"] == ["caseload"]
