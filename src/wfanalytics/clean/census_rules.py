"""What a census return is checked for: rules R01 to R28, and what to do about each.

Severity: E the return contradicts the census's own rules, and a figure may be wrong; Q its owner
should be asked, or will be asked by DfE; F read all the same. Only R06 takes a row out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from wfanalytics.clean.census_values import NOT_COLLECTED
from wfanalytics.clean.rules import ALL_RULES as ALL_RULES
from wfanalytics.periods import WORKING_DAYS_LEAP

#: Youngest and oldest at the start of a role; most cases of one worker, and for each FTE.
AGES = (20, 75)
MOST_CASES, MOST_CASES_PER_FTE = 40, 45
#: A figure that moved by more than this share since last year is asked about.
YEAR_CHANGE = 0.2
#: FTE are given to six decimals; sums of them carry no more than noise below this.
TOLERANCE = 1e-6

REQUIRED = (
    "PersonBirthDate", "Sex", "Ethnicity", "StepUpGrad", "FrontlineGrad", "OrgRole",
    "RoleStartDate", "StartOrigin", "FTE30", "WorkingDaysLost",
)  # fmt: skip
_DAYS = WORKING_DAYS_LEAP

RULES = {code: rule for code, rule in ALL_RULES.items() if code[0] == "R"}


@dataclass(frozen=True)
class Facts:
    """What the rules look at: one row a worker in each frame.

    ``given`` says which elements hold anything; ``rows`` are the clean columns with
    ``birth_date``; ``start`` and ``end`` are the first and last day of the census year.
    """

    given: pd.DataFrame
    rows: pd.DataFrame
    start: pd.Timestamp
    end: pd.Timestamp


Test = Callable[[Facts], pd.Series]


def _is_staff(f: Facts) -> pd.Series:
    return f.rows["employment"] == "permanent"


def _is_partly_given(f: Facts, *elements: str) -> pd.Series:
    given = f.given[list(elements)]
    return given.any(axis=1) & ~given.all(axis=1)


def _is_strange_age(f: Facts) -> pd.Series:
    start, birth = f.rows["start_date"], f.rows["birth_date"]
    years = whole_years(birth, start)
    return years.notna() & ~years.between(*AGES)


def _is_outside(f: Facts) -> pd.Series:
    ended = f.rows["end_date"]
    is_inside = ended.isna() | ended.between(f.start, f.end)
    return ~is_inside | (f.rows["start_date"] > f.end)


def _is_over_one_fte(f: Facts) -> pd.Series:
    counted = f.rows[f.rows["is_in_post"] & (f.rows["worker_id"] != "")]
    people = counted.groupby("worker_id")["fte"]
    is_over = (people.transform("size") > 1) & (people.transform("sum") > 1 + TOLERANCE)
    return is_over.reindex(f.rows.index, fill_value=False)


def _is_within_year(f: Facts) -> pd.Series:
    started, ended = f.rows["start_date"], f.rows["end_date"]
    return (started >= f.start) & (ended <= f.end) & (ended >= started)


def _is_both(f: Facts) -> pd.Series:
    held = (f.rows["fte_at_date"] > 0) | (f.rows["cases"] > 0)
    return (f.rows["end_date"] == f.end) & held


def _has_two_fte(f: Facts) -> pd.Series:
    both = (f.rows["fte_contract"] > 0) & (f.rows["fte_at_date"] > 0)
    return (f.rows["end_date"] < f.end) & both


def _has_many_cases(f: Facts) -> pd.Series:
    cases, fte = f.rows["cases"], f.rows["fte_at_date"]
    return (cases > MOST_CASES) | (cases > MOST_CASES_PER_FTE * fte.where(fte > 0))


def _has_no_cases(f: Facts) -> pd.Series:
    is_empty = (f.rows["cases"] == 0) | ~f.given["Cases30"]
    return (f.rows["role"] == "case_holder") & f.rows["is_in_post"] & is_empty


def _is_still_here(f: Facts) -> pd.Series:
    rows = f.rows
    here = rows.loc[rows["is_in_post"] & _is_staff(f), "worker_id"]
    return rows["is_leaver"] & rows["worker_id"].isin(here[here != ""])


def _is_uncollected(column: str) -> Test:
    return lambda f: f.rows[column] == NOT_COLLECTED


#: (rule, element, test): the tests of one worker's row.
WORKER_TESTS: tuple[tuple[str, str, Test], ...] = (
    ("R05", "SWENo", lambda f: f.rows["worker_id"] == ""),
    ("R06", "AgencyWorker", lambda f: f.rows["employment"] == ""),
    ("R13", "StartOrigin", lambda f: _is_partly_given(f, "RoleStartDate", "StartOrigin")),
    ("R14", "LeaverDestination",
     lambda f: _is_partly_given(f, "RoleEndDate", "LeaverDestination", "ReasonLeave")),
    ("R15", "RoleEndDate", lambda f: f.rows["end_date"] < f.rows["start_date"]),
    ("R16", "PersonBirthDate", _is_strange_age),
    ("R17", "RoleEndDate", _is_outside),
    ("R18", "SWENo", _is_over_one_fte),
    ("R19", "RoleEndDate", _is_within_year),
    ("R20", "RoleEndDate", _is_both),
    ("R21", "FTE30", _has_two_fte),
    ("R22", "Cases30", _has_no_cases),
    ("R23", "FTE30", lambda f: (f.rows["cases"] > 0) & (f.rows["fte_at_date"] == 0)),
    ("R24", "Cases30", _has_many_cases),
    ("R25", "ReasonAbsence",
     lambda f: (f.rows["absent_at_date"] == "yes") & ~f.given["ReasonAbsence"]),
    ("R26", "WorkingDaysLost",
     lambda f: f.rows["days_lost"] > _DAYS * f.rows["fte"] + TOLERANCE),
    ("R27", "StartOrigin", _is_uncollected("start_origin")),
    ("R27", "LeaverDestination", _is_uncollected("leaver_destination")),
    ("R27", "ReasonLeave", _is_uncollected("leaving_reason")),
    ("R28", "RoleEndDate", _is_still_here),
)  # fmt: skip


def find_missing(f: Facts) -> dict[str, pd.Series]:
    """Required element -> staff who do not have it (R12).

    A start date and origin of which one is there is R13's, so that one mistake is one row.
    """
    given = f.given.assign(Sex=f.given["Sex"] | f.given["GenderCurrent"])
    is_start_partly = _is_partly_given(f, "RoleStartDate", "StartOrigin")
    missing = {}
    for element in REQUIRED:
        missing[element] = _is_staff(f) & ~given[element]
        if element in ("RoleStartDate", "StartOrigin"):
            missing[element] &= ~is_start_partly
    return missing


def whole_years(since: pd.Series, until: pd.Series) -> pd.Series:
    """Birthdays between two dates; blank where a date is."""
    had = (until.dt.month * 100 + until.dt.day) >= (since.dt.month * 100 + since.dt.day)
    return until.dt.year - since.dt.year - (~had).astype(int)
