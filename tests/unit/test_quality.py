"""Problems in the order somebody would mend them."""

from __future__ import annotations

import pandas as pd

from wfanalytics.analysis.quality import describe_problem, find_problems, list_late
from wfanalytics.clean.area import Clean

COLUMNS = ["table", "file", "sheet", "row", "column", "rule", "severity", "before", "after",
           "reason", "is_row_refused"]  # fmt: skip


def make_clean():
    ledger = [
        ("workers", "workers/2020-08.xlsx", "S", 9, "employment", "W01", "E", "", "", "both", True),
        ("workers", "workers/2020-09.xlsx", "S", 7, "team", "A17", "F", "", "", "spaces", False),
        ("workers", "workers/2020-09.xlsx", "S", 5, "team", "A17", "Q", "x", "", "unknown", False),
        ("workers", "workers/2020-09.xlsx", "S", 4, "team", "A17", "Q", "y", "", "unknown", False),
        ("posts", "posts/2020-09.xlsx", "S", 30, "", "A12", "E", "", "", "a Total row", True),
        ("caseload", "", "", 0, "", "C11", "Q", "", "", "no count for a week", False),
    ]
    files = [
        ("workers", "workers/2020-08.xlsx", "S", "2020-08-31"),
        ("workers", "workers/2020-09.xlsx", "S", "2020-09-30"),
        ("posts", "posts/2020-09.xlsx", "S", "2020-09-30"),
        ("caseload", "caseload/2020-08.csv", "", "2020-08-30"),
    ]
    frame = pd.DataFrame(files, columns=["table", "file", "sheet", "latest"])
    frame["latest"] = pd.to_datetime(frame["latest"])
    return Clean({}, pd.DataFrame(ledger, columns=COLUMNS), frame.assign(earliest=frame["latest"]))


def test_rows_of_one_rule_and_reason_are_one_problem_with_its_first_row():
    problems = find_problems(make_clean())
    asked = problems[(problems["rule"] == "A17") & (problems["severity"] == "Q")].iloc[0]
    assert (asked["rows"], asked["first_row"]) == (2, 4)
    assert problems["rows"].sum() == 6


def test_newest_file_first_then_the_worst():
    found = find_problems(make_clean())[["file", "rule", "severity"]].to_numpy().tolist()
    assert found == [
        ["", "C11", "Q"],
        ["posts/2020-09.xlsx", "A12", "E"],
        ["workers/2020-09.xlsx", "A17", "Q"],
        ["workers/2020-09.xlsx", "A17", "F"],
        ["workers/2020-08.xlsx", "W01", "E"],
    ]


def test_only_what_asks_for_work_needs_mending():
    problems = find_problems(make_clean())
    mend = problems[problems["needs_mending"]]
    assert mend["rule"].tolist() == ["C11", "A17", "W01"]


def test_a_week_that_is_missing_later_is_no_matter_of_the_month():
    clean = make_clean()
    clean.repairs.loc[clean.repairs["rule"] == "C11", "before"] = "2020-09-06"
    august, september = (
        find_problems(clean, month=pd.Timestamp(day))["file"].tolist()
        for day in ("2020-08-31", "2020-09-30")
    )
    assert "" not in august
    assert "" in september


def test_a_month_keeps_its_own_files_and_what_has_no_file():
    problems = find_problems(make_clean(), month=pd.Timestamp("2020-08-31"))
    assert problems["file"].tolist() == ["", "workers/2020-08.xlsx"]


def test_a_problem_is_a_line_with_place_cure_and_owner():
    problems = find_problems(make_clean(), owners={"workers": "HR data"})
    line = describe_problem(problems.iloc[2])
    assert line.startswith("workers/2020-09.xlsx, sheet S, row 4 and 1 more: A17 unknown. ")
    assert line.endswith("(HR data)")


def test_extracts_that_stop_before_the_month_are_named():
    assert list_late(make_clean(), pd.Timestamp("2020-09-30")) == [
        "caseload: the extracts stop at 30 August 2020."
    ]
