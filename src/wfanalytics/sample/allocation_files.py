"""Fictional children's allocations to social workers, delivered twice."""

from __future__ import annotations

import pandas as pd

from wfanalytics.sample.folder import COUNCIL, Folder, Sheet, team_as_written, write_book
from wfanalytics.sample.world import World

HEADINGS = ("Child ID", "Allocated worker", "Team", "Allocated from", "Allocated to")
FIRST_DELIVERY, LAST_DELIVERY = pd.Timestamp("2019-12-31"), pd.Timestamp("2020-09-30")
#: Rows of the last delivery whose dates a clerk exchanged.
EXCHANGED = 3


def write_allocations(world: World, folder: Folder) -> None:
    """All allocations up to December 2019, then all up to September."""
    rows = world.tables["allocations"]
    early = rows[rows["start_date"] <= FIRST_DELIVERY]
    early = early.assign(end_date=early["end_date"].where(early["end_date"] <= FIRST_DELIVERY))
    file = _write(early, FIRST_DELIVERY, folder)
    folder.plant("L11", "allocations", file, len(early), "allocations delivered again later")
    file = _write(rows, LAST_DELIVERY, folder, exchanged=EXCHANGED)
    folder.plant("L07", "allocations", file, EXCHANGED, "allocations that end before they start")


def _write(rows: pd.DataFrame, end: pd.Timestamp, folder: Folder, *, exchanged: int = 0) -> str:
    body: list[list[object]] = [
        [a.child_id, a.worker_id, team_as_written(str(a.team), a.start_date),
         a.start_date, "" if pd.isna(a.end_date) else a.end_date]
        for a in rows.itertuples()
    ]  # fmt: skip
    body += [
        [f"C{39000 + n}", *body[n][1:3], pd.Timestamp("2020-08-17"), pd.Timestamp("2020-07-17")]
        for n in range(exchanged)
    ]
    file = f"allocations/Allocations to {end:%Y-%m}.xlsx"
    sheet = Sheet([f"{COUNCIL}: children and their social workers"], HEADINGS, body)
    write_book(folder.path / file, {"Allocations": sheet})
    return file
