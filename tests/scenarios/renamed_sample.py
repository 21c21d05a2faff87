"""A copy of the sample's extracts as another council would send them: renamed and shuffled."""

from __future__ import annotations

import csv
import random
from pathlib import Path

import xlsxwriter

from wfanalytics.raw.tables import RawSheet, read_sheets

#: None of these is an alias of ``headings.csv`` for its field.
HEADINGS = {
    "posts": {
        "Number": "Position reference", "Job role": "Designation", "Team": "Unit",
        "FTE": "Whole-time equivalent", "Status": "Funding state",
    },
    "workers": {
        "SWE number": "Registration ID", "Contract": "Employment basis",
        "Post number": "Position held", "Team": "Work team", "Job role": "Position title",
        "FTE": "WTE", "FTE %": "WTE %", "Start date": "Date commenced", "ASYE": "In first year",
        "Absence": "Reason away", "Days sick": "Sick leave (days)",
        "Project team": "Managed team?", "Retention scheme": "Stay payment",
    },
    "movements": {
        "Month": "Return period", "Type": "Joiner / leaver", "SWE number": "Professional reg. no.",
        "Name": "Surname, forename", "Date of birth": "Born", "Effective date": "With effect from",
        "Team": "Work team", "FTE": "WTE", "From / to": "Previous or next employer",
        "Reason": "Why",
    },
    "caseload": {
        "Week ending": "Week ended", "Worker": "Case holder", "Team": "Unit code",
        "CIN": "Section 17", "CP": "Protection plans", "LAC": "Children looked after",
        "Carers": "Foster carers", "Total": "All open cases",
    },
    "summary": {
        "Month": "Reporting period", "Vacancy gap": "Uncovered vacancies",
        "Agency share of workforce": "Agency staff, share", "Leavers": "Staff who left",
    },
}  # fmt: skip
FOLDERS = {"posts": "Finance", "workers": "HR/lists", "movements": "HR/flows",
           "caseload": "Performance", "summary": "Directors"}  # fmt: skip


def write_renamed(sample: Path, folder: Path, *, months: str = "") -> None:
    """Write the copy under ``folder``; ``months`` keeps only files with this in their name."""
    random.seed(20200930)
    for table, given in FOLDERS.items():
        (folder / given).mkdir(parents=True, exist_ok=True)
        for path in sorted((sample / table).iterdir()):
            is_monthly = "-" in path.stem and table in ("posts", "workers")
            if is_monthly and months not in path.name:
                continue
            sheets = read_sheets(path, root=sample)
            changed = [_change(sheet, HEADINGS[table]) for sheet in sheets]
            target = folder / given / path.name.replace("Establishment", "Budget")
            (_write_csv if path.suffix == ".csv" else _write_book)(target, sheets, changed)


def _change(sheet: RawSheet, names: dict[str, str]) -> list[list[str]]:
    """A sheet's cells with headings renamed and columns in another order."""
    row = max(range(8), key=lambda i: len([c for c in sheet.cells[i] if c in names]))
    width = max(len(line) for line in sheet.cells)
    order = random.sample(range(width), width)
    cells = []
    for i, line in enumerate(sheet.cells):
        if i == row - 1 and len([c for c in line if c]) > 2:
            cells.append([""])  # the upper headings span columns that no longer stand together
        elif i < row or len([c for c in line if c]) < 2:
            cells.append(line)
        else:
            wide = [*line, *[""] * (width - len(line))]
            is_heading = i == row or len({*line} & {*names}) > 2
            cells.append([names.get(wide[j], wide[j]) if is_heading else wide[j] for j in order])
    return cells


def _write_csv(path: Path, sheets: list[RawSheet], changed: list[list[list[str]]]) -> None:
    with path.open("w", encoding="utf-16", newline="") as file:
        csv.writer(file, delimiter=";").writerows(changed[0])


def _write_book(path: Path, sheets: list[RawSheet], changed: list[list[list[str]]]) -> None:
    with xlsxwriter.Workbook(path) as book:
        for number, cells in enumerate(changed, start=1):
            page = book.add_worksheet(f"Export {number}")
            for r, line in enumerate(cells):
                page.write_row(r, 0, line)
