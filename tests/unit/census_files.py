"""Small census returns for tests; only what a test is about is written in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import pandas as pd

from wfanalytics.clean.census import Census, clean_census
from wfanalytics.clean.identity import FICTIONAL_KEY
from wfanalytics.raw.census import read_census
from wfanalytics.raw.census_shape import WORKER_FIELDS
from wfanalytics.sample.census_file import write_census

#: A member of staff in post in the 2023 return, who breaks no rule.
STAFF = {
    "AgencyWorker": "0", "SWENo": "SW1001", "FTE": "0.8", "PersonBirthDate": "1980-04-03",
    "GenderCurrent": "2", "Ethnicity": "WBRI", "StepUpGrad": "0", "OrgRole": "5",
    "RoleStartDate": "2015-06-01", "StartOrigin": "1", "FTE30": "0.8", "Cases30": "12",
    "WorkingDaysLost": "3", "FrontlineGrad": "0", "Absat30Sept": "0",
}  # fmt: skip
LEAVER = {
    "RoleEndDate": "2023-03-31", "LeaverDestination": "1", "ReasonLeave": "1", "FTE30": "0",
    "Cases30": "0",
}  # fmt: skip
AGENCY = {"AgencyWorker": "1", "FTE": "1", "FTE30": "1"}
OWN = {"NumberOfVacancies": "2", "NoAgencyFTE": "0", "NoAgencyHeadcount": "0"}

Worker = Mapping[str, str | None]


def make_staff(*workers: Worker) -> list[dict[str, str]]:
    """Workers, each saying where it differs from STAFF; None takes an element out.

    Each has a registration number of its own unless it gives one.
    """
    made = []
    for number, worker in enumerate(workers, start=1001):
        elements = {**STAFF, "SWENo": f"SW{number}", **worker}
        made.append({n: elements[n] for n in WORKER_FIELDS if elements.get(n) is not None})
    return made


def write(
    folder: Path, *workers: Worker, year: int = 2023, own: Mapping[str, str] | None = None,
    header: Mapping[str, str] | None = None,
) -> Path:  # fmt: skip
    """A return of these workers (of one usual member of staff where none is given)."""
    path = folder / f"census_{year}.xml"
    made: Iterable[Mapping[str, str]] = make_staff(*(workers or ({},)))
    write_census(path, made, year=year, authority=OWN | dict(own or {}), header=header)
    return path


def clean(path: Path, previous: Census | None = None) -> Census:
    return clean_census(read_census(path), key=FICTIONAL_KEY, previous=previous)


def codes(census: Census) -> list[str]:
    """The rules that found something, each once, in order."""
    return sorted(set(census.repairs["rule"]))


def findings(census: Census) -> list[tuple[str, str, int, str]]:
    """Rule, severity, line and element of each finding."""
    columns = ["rule", "severity", "row", "column"]
    return [tuple(row) for row in census.repairs[columns].itertuples(index=False)]


def show_all(*frames: pd.DataFrame) -> str:
    """Every cell of some frames as text."""
    return "\n".join(frame.to_csv(index=False) for frame in frames)
