"""Exampleshire's fictional census return of 30 September 2020, made from the same world.

It differs from the lists of the same day as real returns do: two leavers were recorded too
late for it, a vacancy was returned that the establishment does not have, and one absence has no
reason (rule R25).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pandas as pd

from wfanalytics.periods import year_before
from wfanalytics.sample.census_file import write_census
from wfanalytics.sample.world import World

AS_AT = pd.Timestamp("2020-09-30")
FILE = "census/CSWW 2020.xml"
LATE_LEAVERS, MORE_VACANCIES = 2, 1.0
_ORDER = (
    "AgencyWorker", "SWENo", "FTE", "PersonBirthDate", "GenderCurrent", "Ethnicity",
    "StepUpGrad", "OrgRole", "RoleStartDate", "StartOrigin", "RoleEndDate", "LeaverDestination",
    "ReasonLeave", "FTE30", "Cases30", "WorkingDaysLost", "FrontlineGrad",
    "Absat30Sept", "ReasonAbsence",
)  # fmt: skip
#: Nobody qualifies younger: a date of birth that says so is taken this many years back.
_YOUNGEST, _YEARS_BACK = 22, 20
_ROLES = {
    "senior_manager": "1", "middle_manager": "2", "first_line_manager": "3",
    "senior_practitioner": "4", "case_holder": "5", "qualified_without_cases": "6",
}  # fmt: skip
_ORIGINS = {
    "newly qualified": "1", "social worker in another authority": "2", "agency elsewhere": "4",
    "agency in this authority": "4", "other social care": "6",
}  # fmt: skip
_DESTINATIONS = {
    "social worker in another authority": "1", "agency": "3", "other social care": "5",
    "outside social care": "6", "not known": "8",
}  # fmt: skip
_REASONS = {"resignation": "1", "retired": "5"}
_ETHNICITIES = ("WBRI", "WBRI", "WBRI", "WOTH", "AIND", "BAFR", "BCRB", "MOTH")


def write_return(world: World, folder: Path, seed: int) -> Path:
    """Write the return under the area's folder; the same for the same world and seed."""
    path = folder / FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    posts = world.tables["posts"].query("as_at == @AS_AT and role != 'support'")
    here = world.tables["workers"].query("as_at == @AS_AT and role != 'support'")
    is_agency = here["employment"] == "agency"
    vacancies = posts["fte"].sum() - here.loc[~is_agency, "fte"].sum() + MORE_VACANCIES
    cover = here[is_agency & (here["post_id"] != "")]
    authority = {
        "NumberOfVacancies": f"{vacancies:.2f}", "NoAgencyFTE": f"{cover['fte'].sum():.2f}",
        "NoAgencyHeadcount": str(len(cover)),
    }  # fmt: skip
    write_census(path, _list_rows(world, here, seed), year=AS_AT.year, authority=authority,
                 is_compact=True)  # fmt: skip
    return path


def _list_rows(world: World, here: pd.DataFrame, seed: int) -> Iterator[dict[str, str]]:
    """Everybody in post, then the year's leavers; elements in the census's order."""
    random = Random(seed)
    people = world.people.set_index("worker_id")["birth_date"]
    known = {number: (random.choice(_ETHNICITIES), "2" if random.random() < 0.8 else "1")
             for number in sorted(people.index)}  # fmt: skip
    cases, days, origins = _list_facts(world)
    others = {number: random.choice("12345678") for number in sorted(people.index)}
    rows = [(row, None) for row in here.sort_values(["worker_id", "post_id"]).itertuples()]
    for row, left in [*rows, *_list_leavers(world)]:
        number = str(row.worker_id)
        worker = _describe(row, known[number], 0 if left else cases.pop(number, 0))
        if row.employment != "agency":
            born = people[number]
            is_young = row.start_date.year - born.year < _YOUNGEST
            born = born - pd.DateOffset(years=_YEARS_BACK if is_young else 0)
            origin = origins.get(number, others[number])
            worker |= _describe_staff(row, born, origin, days.pop(number, 0))
        if left is not None:
            worker |= _describe_leaver(left)
        yield {name: worker[name] for name in _ORDER if name in worker}


def _list_facts(world: World) -> tuple[dict[str, int], dict[str, float], dict[str, str]]:
    """Cases on the last week, working days lost in the year, and where starters came from."""
    tables, start = world.tables, year_before(AS_AT)
    caseload = tables["caseload"]
    last = caseload[caseload["week_ending"] == caseload["week_ending"].max()]
    year = tables["workers"][tables["workers"]["as_at"] >= start]
    joined = tables["movements"].query("movement in ('starter', 'conversion')")
    return (
        last.groupby("worker_id")["cases"].sum().to_dict(),
        year.groupby("worker_id")["days_lost"].sum().to_dict(),
        dict(zip(joined["worker_id"], joined["origin"].map(_ORIGINS).fillna("8"), strict=True)),
    )


def _list_leavers(world: World) -> Iterator[tuple[Any, Any]]:
    """The last list's row, and the movement, of each leaver the return has."""
    moves, start = world.tables["movements"], year_before(AS_AT)
    in_year = moves["date"].between(start, AS_AT - pd.Timedelta(days=1))
    left = moves[(moves["movement"] == "leaver") & in_year].sort_values(["date", "worker_id"])
    lists = world.tables["workers"].query("role != 'support'").sort_values("as_at")
    for move in left.head(-LATE_LEAVERS).itertuples():
        rows = lists[(lists["worker_id"] == move.worker_id) & (lists["as_at"] <= move.date)]
        for row in rows.tail(1).itertuples():
            yield row, move


def _describe(row: Any, person: tuple[str, str], cases: int) -> dict[str, str]:
    return {
        "AgencyWorker": str(int(row.employment == "agency")), "SWENo": row.worker_id,
        "FTE": f"{row.fte:g}", "GenderCurrent": person[1], "Ethnicity": person[0],
        "OrgRole": _ROLES[row.role], "FTE30": f"{row.fte:g}", "Cases30": str(cases),
    }  # fmt: skip


def _describe_staff(row: Any, born: pd.Timestamp, origin: str, days: float) -> dict[str, str]:
    away = {} if row.absence == "none" else {"Absat30Sept": "1", "ReasonAbsence": "MAT"}
    if row.absence == "sickness":
        del away["ReasonAbsence"]
    return {
        "PersonBirthDate": f"{born:%Y-%m-%d}", "StepUpGrad": "0",
        "FrontlineGrad": "0",
        "RoleStartDate": f"{row.start_date:%Y-%m-%d}", "StartOrigin": origin,
        "WorkingDaysLost": f"{days:g}",
        **away,
    }  # fmt: skip


def _describe_leaver(left: Any) -> dict[str, str]:
    return {
        "FTE30": "0", "RoleEndDate": f"{left.date:%Y-%m-%d}",
        "LeaverDestination": _DESTINATIONS[left.destination],
        "ReasonLeave": _REASONS.get(left.reason, "8"), "Absat30Sept": "0", "ReasonAbsence": "",
    }  # fmt: skip
