"""The establishment and the staff list of each month, as workbooks."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from wfanalytics.periods import format_date
from wfanalytics.sample.folder import COUNCIL, Folder, Sheet, team_as_written, write_book
from wfanalytics.sample.snapshots import SCHEME_OPENED
from wfanalytics.sample.world import World

ROLE_WORDS = {
    "middle_manager": "Service Manager", "first_line_manager": "Team Manager",
    "senior_practitioner": "Advanced Practitioner", "case_holder": "Social Worker",
    "qualified_without_cases": "Independent Reviewing Officer", "support": "Personal Adviser",
}  # fmt: skip
ABSENCE_WORDS = {
    "none": "", "sickness": "Long-term sick", "maternity": "Maternity leave",
    "career_break": "Career break", "suspension": "Suspended",
}  # fmt: skip

SCHEME_HEADING = "Retention scheme"
SCHEME_WORDS = {"yes": "Signed", "no": "Not signed", "": ""}

DUPLICATED_STAFF = ("2017-09", "2018-12", "2020-02")
PERCENT_FTE_MONTH = "2018-06"
TEXT_DATES_FROM = "2019-04"
REPEATED_HEADING_MONTH = "2019-03"
NOT_KNOWN_MONTH = "2019-01"
DUPLICATED_POST_MONTH = "2018-11"


def write_posts(world: World, folder: Folder) -> None:
    """A workbook a month with every post, funded or not."""
    for end, posts in world.tables["posts"].groupby("as_at"):
        month = f"{end:%Y-%m}"
        file = f"posts/Establishment {month}.xlsx"
        rows = [
            [p.post_id, ROLE_WORDS[p.role], team_as_written(p.team, end), p.fte, "Funded"]
            for p in posts.itertuples()
        ]
        rows.insert(40, ["P0901", "Social Worker", "City Court", 1, "Frozen"])
        rows.insert(90, ["P0902", "Team Manager", "Adoption", 0.5, "Deleted"])
        folder.plant("P03", "posts", file, 2, "frozen and deleted posts")
        if month == DUPLICATED_POST_MONTH:
            rows.insert(120, list(rows[119]))
            folder.plant("A18", "posts", file, 1, "the same post twice")
        folder.plant("A12", "posts", file, 2, "Total row and footnote")
        sheet = Sheet(
            titles=[f"{COUNCIL}: establishment list", f"Position at {format_date(end)}"],
            groups=[("Post", 2), ("Place", 1), ("Funding", 2)],
            headings=["Number", "Job role", "Team", "FTE", "Status"],
            rows=rows,
            total=["Total", "", "", round(sum(row[3] for row in rows), 1), ""],
            footnote="Source: finance ledger. Frozen and deleted posts are shown for reference.",
        )
        write_book(folder.path / file, {"Establishment": sheet})


STAFF_HEADINGS = (
    "SWE number", "Contract", "Post number", "Team", "Job role", "FTE", "Start date",
    "ASYE", "Absence", "Days sick", "Project team",
)  # fmt: skip


def write_workers(world: World, folder: Folder, rng: np.random.Generator) -> None:
    """A workbook a month with everybody who works there, permanent or agency."""
    workers = world.tables["workers"]
    for end, staff in workers.groupby("as_at"):
        month = f"{end:%Y-%m}"
        file = f"workers/Staff list {month}.xlsx"
        rows = [_staff_row(w, end, month) for w in staff.itertuples()]
        _plant_staff(rows, month, file, folder, rng)
        for date, person in world.conversions:
            if date == end:
                _plant_overlap(rows, person, end, workers, month)
                folder.plant("W01", "workers", file, 1, "a conversion still listed as agency")
        fte = "FTE %" if month == PERCENT_FTE_MONTH else "FTE"
        total = [row[5] for row in rows if isinstance(row[5], float)]
        headings = STAFF_HEADINGS if end < SCHEME_OPENED else (*STAFF_HEADINGS, SCHEME_HEADING)
        sheet = Sheet(
            titles=[f"{COUNCIL}: staff in post and agency staff", f"As at {format_date(end)}"],
            groups=[
                ("Person", 2),
                ("Post", 5),
                ("First year", 1),
                ("Absence", 2),
                ("", len(headings) - 10),
            ],
            headings=[fte if heading == "FTE" else heading for heading in headings],
            rows=rows,
            total=["Total", "", "", "", "", round(sum(total), 1) if total else ""],
        )
        folder.plant("A12", "workers", file, 1, "Total row")
        write_book(folder.path / file, {"Staff": sheet})


def _staff_row(w: Any, end: pd.Timestamp, month: str) -> list[object]:
    start = w.start_date
    return [
        w.worker_id, "Agency" if w.employment == "agency" else "Permanent", w.post_id,
        team_as_written(w.team, end), ROLE_WORDS[w.role],
        f"{w.fte * 100:g}%" if month == PERCENT_FTE_MONTH else float(w.fte),
        f"{start:%d/%m/%Y}" if month >= TEXT_DATES_FROM else start,
        "Yes" if w.is_newly_qualified else "", ABSENCE_WORDS[w.absence],
        "" if np.isnan(w.days_lost) else int(w.days_lost), "Yes" if w.is_project_team else "",
        *([SCHEME_WORDS[w.in_retention_scheme]] if end >= SCHEME_OPENED else []),
    ]  # fmt: skip


def _plant_staff(
    rows: list[list[object]], month: str, file: str, folder: Folder, rng: np.random.Generator
) -> None:
    picks = rng.choice(len(rows), 7, replace=False)
    for i in picks[:3]:
        number = str(rows[i][0])
        spaced = f"{number[:2]} {number[2:]}"
        rows[i][0] = f"{spaced.lower()} " if i % 2 else spaced
    folder.plant("A21", "workers", file, 3, "registration numbers with spaces or lower case")
    for i in picks[3:5]:
        rows[i][3] = f"{rows[i][3]} "
    rows[picks[5]][3] = str(rows[picks[5]][3]).upper()
    folder.plant("A17", "workers", file, 3, "team names with a trailing space or in capitals")
    if month == PERCENT_FTE_MONTH:
        folder.plant("A13", "workers", file, 1, "FTE as percentages")
    if month == NOT_KNOWN_MONTH:
        agency = [row for row in rows if row[1] == "Agency"]
        for row in agency:
            row[9] = "n/a"
        folder.plant("A26", "workers", file, len(agency), "n/a for agency staff's sickness")
    if month in DUPLICATED_STAFF:
        rows.insert(int(picks[6]) + 1, list(rows[picks[6]]))
        folder.plant("A18", "workers", file, 1, "the same row twice")
    if month == REPEATED_HEADING_MONTH:
        rows.insert(200, [*STAFF_HEADINGS, SCHEME_HEADING])
        folder.plant("A15", "workers", file, 1, "headings repeated at a page break")


def _plant_overlap(
    rows: list[list[object]], person: str, end: pd.Timestamp, workers: pd.DataFrame, month: str
) -> None:
    """List a converted worker a second time, as agency, the way last month's list had it."""
    before = workers[(workers["worker_id"] == person) & (workers["as_at"] < end)].iloc[-1]
    rows.append(_staff_row(before, end, month))
