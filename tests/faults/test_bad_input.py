"""Bad input: one plain message, exit code 2, nothing written, no traceback."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from wfanalytics.cli import main

REPORT = ("report", "--area", "exampleshire", "--month", "2020-09")


def run_cli(*arguments: str) -> int:
    """Exit code of the command line, run in this process."""
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    return stopped.value.code


@pytest.fixture
def refused(small_project, capsys):
    """Run a command that must be refused; its message, after checking what all must have."""

    def run(*arguments: str) -> str:
        before = list_files(small_project)
        code = run_cli(*arguments)
        shown = capsys.readouterr()
        assert code == 2, shown.err
        assert shown.out == ""
        assert "Traceback" not in shown.err
        after = list_files(small_project)
        assert [path for path in after - before if "processed" not in path.parts] == []
        return shown.err.strip()

    return run


def list_files(folder: Path) -> set[Path]:
    return {path.relative_to(folder) for path in folder.rglob("*")}


def extract(project: Path, pattern: str) -> Path:
    """The one extract that fits a pattern."""
    (path,) = (project / "data" / "raw" / "exampleshire").glob(pattern)
    return path


# --- parameters ----------------------------------------------------------------------------------


def test_unknown_area(refused):
    assert refused("report", "--area", "exampelshire", "--month", "2020-09") == (
        "Unknown area 'exampelshire'. Did you mean 'exampleshire'? Known: exampleshire."
    )


def test_area_that_would_leave_the_folder(refused):
    assert refused("report", "--area", "../secrets", "--month", "2020-09").startswith(
        "Unknown area '../secrets'."
    )


def test_impossible_month(refused):
    assert refused("report", "--area", "exampleshire", "--month", "2020-13") == (
        "The month '2020-13' is not a month. Write year and month as four digits, a hyphen and "
        "two digits, such as 2020-09."
    )


def test_month_that_is_not_there(refused):
    message = refused("report", "--area", "exampleshire", "--month", "2021-03")
    assert "no posts extract is about March 2021" in message
    assert "Found 'July 2020 to September 2020'" in message


def test_misspelt_parameter(refused):
    assert refused(*REPORT, "-p", "vacency_target", "7") == (
        "Unknown parameter 'vacency_target'. Did you mean 'vacancy_target'? Known: vacancy_target."
    )


@pytest.mark.parametrize(
    ("pair", "message"),
    [
        (
            ("vacancy_target", "seven"),
            "Parameter 'vacancy_target' must be a number; found 'seven'.",
        ),
        (("vacancy_target", "700"), "Parameter 'vacancy_target' is 700; allowed 0 to 100."),
        (("month", "2020-08"), "Parameter 'month' is set with --month."),
        (("output_dir", "x"), "Parameter 'output_dir' is set with --output."),
    ],
)
def test_parameters_are_checked_before_a_kernel_starts(refused, pair, message):
    assert refused(*REPORT, "-p", *pair) == message


def test_parameter_without_a_value(refused):
    expected = "Write -p NAME VALUE, such as -p vacancy_target 7."
    assert refused(*REPORT, "-p", "vacancy_target") == expected
    assert refused(*REPORT, "-p", "vacancy_target=7", "--debugging") == expected


def test_parameter_given_twice(refused):
    message = refused(*REPORT, "-p", "vacancy_target", "7", "-p", "vacancy_target", "8")
    assert message == "Parameter 'vacancy_target' is given twice. Give it once."


def test_unknown_option_names_the_right_one(refused):
    assert "--month" in refused("report", "--area", "exampleshire", "--moth", "2020-09")


# --- files ---------------------------------------------------------------------------------------


def test_no_data_folder(tmp_path, monkeypatch, capsys):
    monkeypatch.delenv("WFANALYTICS_DATA", raising=False)
    assert run_cli(*REPORT, "--data-dir", str(tmp_path)) == 2
    message = capsys.readouterr().err.strip()
    assert message == f"The data folder {str(tmp_path)!r} has no folder 'raw' in it."


def test_no_notebooks(refused, small_project):
    (small_project / "notebooks" / "02_vacancies.ipynb").unlink()
    assert refused(*REPORT).endswith(
        "notebooks: no numbered notebook is here. Allowed names such as 02_vacancies.ipynb. "
        "Run from the project's folder, which holds notebooks/ and data/."
    )


def test_damaged_notebook(refused, small_project):
    (small_project / "notebooks" / "02_vacancies.ipynb").write_text('{"cells": [')
    assert refused(*REPORT).endswith(
        "02_vacancies.ipynb: not a readable notebook. Restore it: git checkout -- notebooks"
    )


def test_missing_file(refused, small_project):
    extract(small_project, "posts/*2020-09.xlsx").unlink()
    message = refused(*REPORT)
    assert "no posts extract is about September 2020" in message


def test_missing_targets(refused, small_project):
    extract(small_project, "targets.csv").unlink()
    assert "exampleshire/targets.csv: the file is not there." in refused(*REPORT)


def empty(path: Path) -> None:
    path.write_bytes(b"")


def cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:2000])


def sign_in(path: Path) -> None:
    path.write_text("<html><body>Please sign in</body></html>")


def rename_column(path: Path) -> None:
    lines = path.read_bytes().splitlines(keepends=True)
    heads = next(index for index, line in enumerate(lines) if b"Team" in line)
    lines[heads] = lines[heads].replace(b"Team", b"Grouping")
    path.write_bytes(b"".join(lines))


def write_american(path: Path) -> None:
    text = path.read_bytes().decode("cp1252")
    path.write_bytes(re.sub(r"(\d\d)/(\d\d)/(\d\d)", r"\2/\1/\3", text).encode("cp1252"))


def say_a_name(path: Path) -> None:
    path.write_bytes(b"PK\x03\x04 Jane Smith SW123456")


@pytest.mark.parametrize(
    ("pattern", "spoil", "said"),
    [
        ("posts/*2020-09.xlsx", empty, "the file is empty"),
        ("caseload/*2020-09.csv", empty, "the file is empty"),
        ("movements/*2020-21.csv", empty, "the file is empty"),
        ("posts/*2020-09.xlsx", cut_off, "not a readable workbook"),
        ("workers/*2020-09.xlsx", sign_in, "not a readable workbook"),
        ("caseload/*2020-09.csv", rename_column, "team"),
        ("caseload/*2020-09.csv", write_american, "the dates look American"),
        ("posts/*2020-09.xlsx", say_a_name, "not a readable workbook"),
    ],
)
def test_a_fault_in_the_months_extract_leaves_out_its_own_figures(
    small_project, capsys, pattern, spoil, said
):
    """The rest is reported, with exit code 1 and one plain sentence each where it is missing."""
    path = extract(small_project, pattern)
    spoil(path)
    code = run_cli(*REPORT)
    shown = capsys.readouterr()
    assert code == 1, shown.err
    assert "Traceback" not in shown.err
    first, missing = shown.err.strip().splitlines()[-2:]
    assert f"could not be used: {path.parent.name}/{path.name}" in first
    assert said in first.lower() or said in first
    assert missing.startswith("Missing for September 2020: ")
    page = Path(shown.out.strip())
    note = page.with_name("failure.md").read_text("utf-8")
    assert f"- {first}\n- {missing}\n" in note
    assert "Jane" not in note + page.read_text("utf-8")


def test_file_in_the_wrong_folder(refused, small_project):
    path = extract(small_project, "posts/*2020-09.xlsx")
    wrong = path.parents[1] / "workers" / path.name
    path.rename(wrong)
    message = refused(*REPORT)
    assert "no posts extract is about September 2020" in message
    assert f"Mend this too: workers/{wrong.name}" in message


def test_a_file_of_which_nothing_tells_the_month(refused, small_project):
    """Whichever months it is about have a gap that nobody sees: no figure of any can be trusted."""
    odd = small_project / "data" / "raw" / "exampleshire" / "posts" / "New.xlsx"
    say_a_name(odd)
    message = refused(*REPORT)
    assert message.startswith("posts/New.xlsx: not a readable workbook.")
    assert len(message.splitlines()) == 1
    assert "Jane" not in message


# --- outcomes ------------------------------------------------------------------------------------


def test_report_that_was_there_is_untouched(refused, small_project):
    page = small_project / "reports" / "exampleshire" / "2020-09" / "index.html"
    page.parent.mkdir(parents=True)
    page.write_text("the last good report")
    extract(small_project, "targets.csv").unlink()
    refused(*REPORT)
    assert page.read_text() == "the last good report"


def test_output_that_is_a_file(refused, small_project):
    (small_project / "taken").write_text("a file")
    assert "the report cannot be written here" in refused(*REPORT, "--output", "taken")


def test_traceback_only_with_debug(small_project):
    """In a process of its own, as a person runs it."""
    command = [sys.executable, "-m", "wfanalytics", "report", "--area", "nowhere"]
    command += ["--month", "2020-09"]
    quiet = subprocess.run(command, capture_output=True, text=True, cwd=small_project)
    loud = subprocess.run([*command, "--debug"], capture_output=True, text=True, cwd=small_project)
    assert (quiet.returncode, quiet.stdout) == (2, "")
    assert quiet.stderr == "Unknown area 'nowhere'. Known: exampleshire.\n"
    assert "Traceback" in loud.stderr


@pytest.mark.skipif(os.name == "nt" or os.getuid() == 0, reason="needs a user who may not write")
def test_output_that_may_not_be_written(refused, small_project):
    (small_project / "locked").mkdir(mode=0o500)
    assert "the report cannot be written here" in refused(*REPORT, "--output", "locked")
