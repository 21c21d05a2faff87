"""Extracts of a fictional council, for the tutorial: ``python docs/tutorial_extracts.py FOLDER``.

Nothing in them is random, and nobody in them exists. One cell of the last staff list is wrong, as
the tutorial needs it; with ``--again`` the folder receives that list as it should be.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

MONTHS = [f"{year}-{month:02}" for year in (2025, 2026) for month in range(1, 13)][6:21]
TEAMS = ("Assessment", "Family Safeguarding", "Children in Care")
POSTS = 45
#: Post number -> the months (from 0) in which nobody holds it.
VACANT = {5: range(15), 6: range(4, 15), 12: range(2, 9), 23: range(15), 24: range(7, 15),
          33: range(10, 15), 41: range(15)}  # fmt: skip
AGENCY = (5, 23)
#: Newly qualified from the eighth month on.
FIRST_YEAR = (1, 17, 30)


def month_end(month: str) -> date:
    """The last day of a month written ``2026-09``."""
    year, number = (int(part) for part in month.split("-"))
    return date(year + number // 12, number % 12 + 1, 1) - timedelta(days=1)


def number_of(post: int) -> str:
    """The registration number of whoever holds a post; an agency worker has another."""
    return f"SW{700000 + post + 500 * (post in AGENCY)}"


def list_posts() -> list[list[object]]:
    """Every post, the same each month."""
    return [[f"N{post:03}", "Team Manager" if post % 15 == 0 else "Social Worker",
             TEAMS[post % 3], 1, "Established"] for post in range(POSTS)]  # fmt: skip


def list_staff(index: int) -> list[list[object]]:
    """Who holds a post at the end of a month, agency staff with them."""
    rows: list[list[object]] = []
    for post in range(POSTS):
        if index in VACANT.get(post, ()) and post not in AGENCY:
            continue
        first_year = "Yes" if post in FIRST_YEAR and index >= 7 else ""
        role = "Team Manager" if post % 15 == 0 else "Social Worker"
        rows.append([number_of(post), f"N{post:03}", TEAMS[post % 3], role,
                     0.6 if post % 7 == 1 else 1, "Agency" if post in AGENCY else "Permanent",
                     "06/01/2025", first_year])  # fmt: skip
    return rows


def list_moves() -> list[list[object]]:
    """A leaver where a post falls vacant, a starter where it is filled."""
    moves: list[list[object]] = []
    for post, months in VACANT.items():
        for index, kind in ((months.start, "Leaver"), (months.stop, "Starter")):
            if 0 < index < len(MONTHS):
                day = month_end(MONTHS[index]).replace(day=12)
                moves.append([day.strftime("%b-%y"), kind, number_of(post),
                              day.strftime("%d/%m/%Y"), TEAMS[post % 3], 1])  # fmt: skip
    return moves


def list_cases() -> Iterable[list[object]]:
    """Open cases of each social worker in each week, lighter in a first year."""
    week = date(2025, 8, 3)
    while week <= month_end(MONTHS[-1]):
        month = week.strftime("%Y-%m")
        for staff in list_staff(MONTHS.index(month)):
            if staff[3] == "Social Worker":
                post = int(str(staff[1])[1:])
                cases = (8 if staff[7] else 13) + (post + week.toordinal() // 7) % 5
                yield [week.strftime("%d/%m/%Y"), staff[0], staff[2], cases - 6, 2, 4]
        week += timedelta(days=7)


def write(path: Path, heads: list[str], rows: Iterable[Iterable[object]]) -> None:
    """A CSV file as Excel writes it here."""
    with path.open("w", encoding="cp1252", newline="") as file:
        csv.writer(file).writerows([heads, *rows])


def write_staff(folder: Path, index: int, *, wrong: bool = False) -> None:
    """The staff list of a month; ``wrong`` writes one FTE as a percentage."""
    rows = list_staff(index)
    if wrong:
        rows[1][4] = "60%"
    heads = ["Professional reg. no.", "Position no", "Work team", "Job", "WTE", "Contract type",
             "Date commenced", "In first year"]  # fmt: skip
    write(folder / f"Staff list {MONTHS[index]}.csv", heads, rows)


def main(folder: Path, *, again: bool) -> None:
    """Write the extracts of fifteen months, or the last staff list again."""
    folder.mkdir(parents=True, exist_ok=True)
    last = len(MONTHS) - 1
    if again:
        write_staff(folder, last)
        return
    for index, month in enumerate(MONTHS):
        heads = ["Position no", "Job", "Work team", "Budget WTE", "Position status"]
        write(folder / f"Establishment {month}.csv", heads, list_posts())
        write_staff(folder, index, wrong=index == last)
    heads = ["Return period", "Joiner / leaver", "Professional reg. no.", "With effect from",
             "Work team", "WTE"]  # fmt: skip
    write(folder / "Joiners and leavers.csv", heads, list_moves())
    heads = ["Week ended", "Case holder", "Work team", "Section 17", "Protection plans",
             "Children looked after"]  # fmt: skip
    write(folder / "Open cases.csv", heads, list_cases())
    (folder / "Read me first.txt").write_text("Run on 2 October 2026.\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), again="--again" in sys.argv)
