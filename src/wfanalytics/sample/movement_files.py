"""Starters and leavers of each financial year, and the monthly summary, as CSV files."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from wfanalytics.sample.folder import (
    COUNCIL,
    Folder,
    month_as_written,
    team_as_written,
    write_csv,
)
from wfanalytics.sample.world import World


def write_movements(world: World, folder: Folder) -> None:
    """A file a financial year, as the payroll sees starters and leavers."""
    people = world.people.set_index("worker_id")
    movements = world.tables["movements"]
    ends = _agency_ends(world.tables["workers"], movements)
    for year in range(2017, 2021):
        file = f"movements/Starters and leavers {year}-{year - 1999}.csv"
        rows = []
        for m in _in_year(movements, "date", year).itertuples():
            person = people.loc[m.worker_id]
            if m.movement == "internal_move" and year >= 2018:
                # What the payroll sees: an assignment ended, another began.
                left = m.date - pd.Timedelta(days=3)
                rows.append(_movement_row(m, person, "Leaver", left, "", "End of assignment"))
                rows.append(_movement_row(m, person, "Starter", m.date, "", ""))
                folder.plant("M06", "movements", file, 1, "an internal move as leaver and starter")
                continue
            kind = {"leaver": "Leaver", "internal_move": "Transfer"}.get(m.movement, "Starter")
            place = m.destination if m.movement == "leaver" else m.origin
            rows.append(_movement_row(m, person, kind, m.date, place, m.reason))
            if m.movement == "conversion":
                folder.plant("M01", "movements", file, 1, "a conversion recorded as a starter")
        twice = next(row for row in rows if row[1] == "Leaver")
        rows.insert(rows.index(twice) + 1, list(twice))
        folder.plant("A18", "movements", file, 1, "the same leaver twice")
        year_ends = _in_year(ends, "date", year)
        for m in year_ends.itertuples():
            rows.append(_movement_row(m, people.loc[m.worker_id], "Agency end", m.date, "", ""))
        folder.plant("M07", "movements", file, len(year_ends), "agency assignments that ended")
        head = ["Month", "Type", "SWE number", "Name", "Date of birth", "Effective date", "Team",
                "FTE", "From / to", "Reason"]  # fmt: skip
        titles = [[f"{COUNCIL} – starters and leavers, {year}/{year - 1999}"], []]
        write_csv(folder.path / file, [*titles, head, *rows], encoding="cp1252")


def _movement_row(
    m: Any, person: pd.Series, kind: str, date: pd.Timestamp, place: str, reason: str
) -> list[str]:
    return [
        month_as_written(date), kind, m.worker_id, person["name"],
        f"{person['birth_date']:%d/%m/%Y}", f"{date:%d/%m/%Y}",
        team_as_written(m.team, date), f"{m.fte:.1f}", place, reason,
    ]  # fmt: skip


def _in_year(frame: pd.DataFrame, column: str, year: int) -> pd.DataFrame:
    """Rows of the financial year that starts in April of ``year``."""
    start, stop = pd.Timestamp(year, 4, 1), pd.Timestamp(year + 1, 4, 1)
    return frame[(frame[column] >= start) & (frame[column] < stop)]


def _agency_ends(workers: pd.DataFrame, movements: pd.DataFrame) -> pd.DataFrame:
    """A few agency workers' last listed month, which one clerk enters with the leavers."""
    agency = workers[(workers["employment"] == "agency") & (workers["post_id"] != "")]
    agency = agency[~agency["worker_id"].isin(movements["worker_id"])]
    last = agency.groupby("worker_id", as_index=False).last()
    last = last[last["as_at"] < workers["as_at"].max()].sort_values("as_at")
    return last.iloc[::20].rename(columns={"as_at": "date"})


def write_summary(world: World, folder: Folder) -> None:
    """What directors are shown each month, rounded."""
    wide = world.tables["summary"].pivot_table(
        index="month", columns="figure", values="value", dropna=False
    )
    rows = []
    for month, row in wide.iterrows():
        rates = [row["uncovered_vacancy_rate_fte"], row["agency_rate_fte"]]
        shown = ["n/a" if np.isnan(x) else f"{x * 100:.1f}%" for x in rates]
        leavers = row["leavers_headcount"]
        rows.append([month_as_written(month), *shown, "n/a" if np.isnan(leavers) else int(leavers)])
    head = ["Month", "Vacancy gap", "Agency share of workforce", "Leavers"]
    file = "summary/Workforce summary.csv"
    folder.plant("A26", "summary", file, 36, "n/a before April 2018")
    folder.plant("A13", "summary", file, 2, "two columns of percentages")
    titles = [[f"{COUNCIL} – workforce summary for directors"], []]
    write_csv(folder.path / file, [*titles, head, *rows], encoding="cp1252")
