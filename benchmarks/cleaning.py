"""Times cleaning against merely reading the same file. Prints a table; changes nothing.

A ratio is the median of five runs of ours over the median of five of the bare reader's, taken in
turn so that a busy machine is busy for both. The files are made in a temporary folder:

- a caseload of 100,000 rows, three years of weeks, as one CSV file, against `pandas.read_csv`;
- an establishment of 20,000 posts as a workbook, against calamine, the reader underneath.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import python_calamine
import xlsxwriter

from wfanalytics.clean.area import clean_area
from wfanalytics.raw.area import read_area
from wfanalytics.raw.tables import read_sheets

RUNS = 5
#: What a ratio should be, and what a profile shows to stand in the way.
AIMS = """
Aims: clean the caseload under 3, clean the workbook under 2.
Where the caseload's time goes, once it is read (1.3 times the bare reader): more than half is the
same for 637 rows as for 100,000: a thousand pandas calls that clean the worker list, keep eight
contracts and list what was read. The rest applies the rules to arrays of 100,000 codes and writes
them out as text.
A longer file is nearer the aim: at 10 million rows the fixed part is gone (national.py).
Where the workbook's time goes: half is reading (the zip's check, calamine itself, the search for
cells that reach too far or hold errors), the rest is 20,000 post numbers, all different, so that
judging each distinct text once saves nothing.
"""
WEEKS, WORKERS, POSTS = 157, 637, 20_000
PROFILE = "area: {0}\nname: Bench\nfictional: true\nauthority_code: X1\nsources:\n"
TEAMS = [f"Team {n}" for n in range(40)]
SETTINGS = {
    "targets.csv": "measure,valid_from,label,source,status\n",
    "events.csv": "date,label,kind\n",
    "teams.csv": "as_written,team,service,locality,valid_from,valid_to\n"
    + "".join(f"{team},{team},Service {team[-1]},North,2000-01-01,\n" for team in TEAMS),
}


def make_area(data_dir: Path, name: str, *tables: str) -> Path:
    area = data_dir / "raw" / name
    area.mkdir(parents=True)
    sources = "".join(f"  {table}: {{folder: {table}}}\n" for table in tables)
    (area / "profile.yml").write_text(PROFILE.format(name) + sources, "utf-8")
    for file, text in SETTINGS.items():
        (area / file).write_text(text, "utf-8")
    for table in tables:
        (area / table).mkdir()
    return area


def make_caseload(data_dir: Path) -> Path:
    area = make_area(data_dir, "caseload", "workers", "caseload")
    people = [(f"SW{10_000 + n}", TEAMS[n % 40]) for n in range(WORKERS)]
    lines = ["SWE number,Contract,Post number,Team,Job role,FTE,Start date"]
    lines += [f"{who},Permanent,P{who},{team},Social Worker,1,01/02/2015" for who, team in people]
    (area / "workers" / "2018-07.csv").write_text("\n".join(lines) + "\n", "utf-8")
    weeks = pd.date_range("2018-07-08", periods=WEEKS, freq="7D")
    lines = ["Week ending,Worker,Team,CIN,CP,LAC,Carers"]
    lines += [
        f"{week:%d/%m/%Y},{who},{team},{n % 11},{n % 5},{n % 7},0"
        for week in weeks
        for n, (who, team) in enumerate(people)
    ]
    path = area / "caseload" / "all.csv"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def make_posts(data_dir: Path) -> Path:
    path = make_area(data_dir, "posts", "posts") / "posts" / "2019-07.xlsx"
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet("Posts")
        page.write_row(0, 0, ["Number", "Job role", "Team", "FTE", "Status", "Grade", "Cost code"])
        for n in range(POSTS):
            row = [f"P{n}", "Social Worker", TEAMS[n % 40], 1, "Funded", "G9", 70_000 + n % 40]
            page.write_row(n + 1, 0, row)
    return path


def compare(ours: Callable[[], object], bare: Callable[[], object]) -> tuple[float, float]:
    """Median seconds of each, run in turn."""
    seconds: tuple[list[float], list[float]] = ([], [])
    for _ in range(RUNS):
        for work, times in zip((ours, bare), seconds, strict=True):
            start = time.perf_counter()
            work()
            times.append(time.perf_counter() - start)
    return statistics.median(seconds[0]), statistics.median(seconds[1])


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        data_dir = Path(folder)
        caseload, posts = make_caseload(data_dir), make_posts(data_dir)
        areas = {name: read_area(name, data_dir=data_dir) for name in ("caseload", "posts")}

        def read_book() -> None:
            book = python_calamine.CalamineWorkbook.from_path(str(posts))
            book.get_sheet_by_index(0).to_python()

        steps = {
            "read the caseload as text": (
                WEEKS * WORKERS,
                lambda: read_sheets(caseload, root=data_dir),
                lambda: pd.read_csv(caseload),
            ),
            "clean the caseload": (
                WEEKS * WORKERS,
                lambda: clean_area(areas["caseload"]),
                lambda: pd.read_csv(caseload),
            ),
            "read the workbook as text": (
                POSTS, lambda: read_sheets(posts, root=data_dir), read_book,
            ),
            "clean the workbook": (POSTS, lambda: clean_area(areas["posts"]), read_book),
        }  # fmt: skip
        print(f"{'step':28}{'rows':>9}{'median s':>10}{'bare s':>9}{'ratio':>8}{'rows/s':>11}")
        for name, (rows, ours, bare) in steps.items():
            mine, theirs = compare(ours, bare)
            print(f"{name:28}{rows:9,}{mine:10.2f}{theirs:9.3f}{mine / theirs:8.1f}"
                  f"{rows / mine:11,.0f}", flush=True)  # fmt: skip
    print(AIMS)


if __name__ == "__main__":
    main()
