"""A council small enough to count by hand, whose extracts can be laid out in many ways."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import xlsxwriter

from wfanalytics.report.new_area import run_init

TEAMS = ("Alpha", "Beta")
#: Post number, role, team, FTE and status of ten posts; P10 is frozen.
POSTS = [
    [f"P{n}", "Team Manager" if n in (1, 6) else "Social Worker", TEAMS[n > 5],
     "0.5" if n == 5 else "1", "Frozen" if n == 10 else "Funded"]
    for n in range(1, 11)
]  # fmt: skip
POST_HEADS = ["Post number", "Job role", "Team", "FTE", "Status"]
#: Eight people: SW106 is agency, in P6; SW107 is newly qualified; SW108 is off sick.
WORKER_HEADS = ["SWE number", "Contract", "Post number", "Team", "Job role", "FTE", "Start date",
                "ASYE", "Absence", "Days sick"]  # fmt: skip
WORKERS = [
    [f"SW10{n}", "Agency" if n == 6 else "Permanent", f"P{n}", TEAMS[n > 5],
     "Team Manager" if n in (1, 6) else "Social Worker", "0.5" if n == 5 else "1",
     f"0{n}/04/2018", "Yes" if n == 7 else "", "Sickness" if n == 8 else "", "3"]
    for n in range(1, 9)
]  # fmt: skip
CASE_HEADS = ["Week ending", "Worker", "Team", "CIN", "CP", "LAC", "Carers"]
WEEKS = ("07/07/2019", "14/07/2019")
CASES = [
    [week, f"SW10{n}", TEAMS[n > 5], str(n), "2", "3", "0"] for week in WEEKS for n in (2, 3, 7)
]
MOVE_HEADS = ["Month", "Type", "SWE number", "Name", "Date of birth", "Effective date", "Team",
              "FTE", "Reason"]  # fmt: skip
MOVES = [
    ["Jul-19", "Leaver", "SW201", "Abbey, Ben", "03/04/1980", "05/07/2019", "Alpha", "1", "Left"],
    ["Jul-19", "Starter", "SW202", "Moss, Ann", "05/06/1985", "09/07/2019", "Beta", "0.5", ""],
    ["Jul-19", "Starter", "SW203", "Reed, Tom", "15/06/1988", "12/07/2019", "Beta", "1", ""],
]  # fmt: skip
PEOPLE = ("SW101", "SW108", "SW201", "Abbey", "Moss", "03/04/1980")


def write_csv(path: Path, *rows: list[str], delimiter: str = ",", encoding: str = "utf-8") -> None:
    """A CSV file; the folders above it are made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\n").writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))


def write_book(path: Path, **sheets: list[list[str]]) -> None:
    """A workbook; a sheet whose name begins with ``hidden_`` is hidden."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(path) as book:
        for name, rows in sheets.items():
            page = book.add_worksheet(name.removeprefix("hidden_").replace("_", " "))
            for r, row in enumerate(rows):
                page.write_row(r, 0, row)
            if name.startswith("hidden_"):
                page.hide()


def write_staff(folder: Path, *, posts: bool = True) -> None:
    """The plainest posts and workers of July 2019."""
    if posts:
        write_csv(folder / "Posts 2019-07.csv", POST_HEADS, *POSTS)
    write_csv(folder / "Staff 2019-07.csv", WORKER_HEADS, *WORKERS)


def make_data(tmp_path: Path) -> tuple[Path, Path]:
    """A data folder without areas, and an empty folder for extracts."""
    (tmp_path / "data" / "raw").mkdir(parents=True)
    (tmp_path / "given").mkdir()
    return tmp_path / "data", tmp_path / "given"


def init(data: Path, given: Path) -> str:
    """What init says about the folder, for the area ``shire``."""
    return "\n".join(run_init("shire", given, data_dir=data))
