"""Check one census return: each rule's findings as rows of the repairs ledger.

A row says which line and element of the file, and never what stands there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from wfanalytics.clean.census_rules import (
    RULES,
    TOLERANCE,
    WORKER_TESTS,
    YEAR_CHANGE,
    Facts,
    find_missing,
)
from wfanalytics.clean.census_values import AUTHORITY_VALUES
from wfanalytics.frames import REPAIRS_SCHEMA, check_repairs
from wfanalytics.raw.census import CensusReturn
from wfanalytics.raw.census_shape import FIELD_YEARS, WORKER

TABLE = "census"
#: The rule whose finding takes the row out.
REFUSING = "R06"
_NOTE_RULES = {"order": "R01", "unknown": "R02", "repeated": "R03"}
#: Not read, so that several of it lose nothing.
_UNREAD = f"{WORKER}/QualInst"
_OWN_FIGURES = ("NumberOfVacancies", "NoAgencyFTE", "NoAgencyHeadcount")


@dataclass(frozen=True)
class Parsed:
    """A return's values, and where (element by element) the text was no value.

    ``authority`` has one row, and so has ``is_authority_wrong``.
    """

    facts: Facts
    is_wrong: pd.DataFrame
    authority: pd.DataFrame
    is_authority_wrong: pd.DataFrame


@dataclass
class _Findings:
    """Collects ledger rows. Mutable on purpose: every check writes to it."""

    raw: CensusReturn
    parts: list[pd.DataFrame] = field(default_factory=list)

    def add(self, rule: str, element: str, *, line: int = 0, more: str = "") -> None:
        reason = f"{RULES[rule].title}{more}"
        self._add(rule, element, pd.DataFrame({"row": [line], "reason": [reason]}))

    def add_workers(self, rule: str, element: str, is_found: pd.Series) -> None:
        if not is_found.any():
            return
        found = self.raw.workers.loc[is_found, ["row", "line"]]
        reason = [f"{RULES[rule].title} (worker {row})" for row in found["row"]]
        self._add(rule, element, pd.DataFrame({"row": found["line"], "reason": reason}))

    def _add(self, rule: str, element: str, rows: pd.DataFrame) -> None:
        self.parts.append(rows.assign(rule=rule, column=element, severity=RULES[rule].severity))

    def to_frame(self) -> pd.DataFrame:
        blank = pd.DataFrame(columns=["row", "reason", "rule", "column", "severity"])
        rows = pd.concat(self.parts) if self.parts else blank
        rows = rows.assign(
            table=TABLE, file=self.raw.file, sheet="", before="", after="",
            is_row_refused=rows["rule"] == REFUSING,
        )  # fmt: skip
        rows = rows.sort_values(["rule", "row", "column"], kind="stable", ignore_index=True)
        return check_repairs(rows[list(REPAIRS_SCHEMA.columns)])


def check_census(
    raw: CensusReturn, parsed: Parsed, *, previous: Mapping[str, float]
) -> pd.DataFrame:
    """What rules R01 to R28 find in one return, as ``frames.REPAIRS_SCHEMA`` has it.

    ``previous`` holds last year's :func:`sum_figures` for R11; empty where not at hand.
    """
    findings = _Findings(raw)
    _check_elements(findings)
    _check_authority(findings, parsed)
    for name in find_jumps(sum_figures(parsed.facts.rows, parsed.authority), previous):
        findings.add("R11", name)
    for element in parsed.is_wrong.columns[parsed.is_wrong.any()]:
        findings.add_workers("R04", element, parsed.is_wrong[element])
    for element, is_missing in find_missing(parsed.facts).items():
        findings.add_workers("R12", element, is_missing)
    for rule, element, test in WORKER_TESTS:
        findings.add_workers(rule, element, test(parsed.facts))
    return findings.to_frame()


def sum_figures(workers: pd.DataFrame, authority: pd.DataFrame) -> dict[str, float]:
    """What a return is compared by with last year's: FTE in post, cases, vacancies."""
    here = workers[workers["is_in_post"]]
    return {
        "inpost_fte": float(here.loc[here["employment"] == "permanent", "fte"].sum()),
        "cases": float(here["cases"].sum()),
        "vacancy_fte": float(authority["vacancy_fte"].iloc[0]),
    }


def find_jumps(now: Mapping[str, float], previous: Mapping[str, float]) -> list[str]:
    """The figures that moved by more than :data:`YEAR_CHANGE` since last year (R11)."""
    return [
        name for name, before in previous.items()
        if before > 0 and abs(now[name] / before - 1) > YEAR_CHANGE + TOLERANCE
    ]  # fmt: skip


def has_authority(raw: CensusReturn) -> bool:
    """Whether the header gives the authority's three-digit number."""
    return re.fullmatch(r"[0-9]{3}", raw.header.get("LEA", "")) is not None


def _check_elements(findings: _Findings) -> None:
    raw = findings.raw
    for note in raw.notes.itertuples():
        if (note.kind, note.element) != ("repeated", _UNREAD):
            more = f" ({note.count} times)" if note.count > 1 else ""
            findings.add(_NOTE_RULES[note.kind], note.element, line=note.line, more=more)
    for element, (first, last) in FIELD_YEARS.items():
        if first <= raw.year <= last:
            continue
        if element in raw.workers:
            lines = raw.workers.loc[raw.workers[element] != "", "line"]
            if len(lines):
                findings.add("R02", f"{WORKER}/{element}", line=int(lines.iloc[0]))
        elif element in raw.authority:
            findings.add("R02", element)


def _check_authority(findings: _Findings, parsed: Parsed) -> None:
    header = findings.raw.header
    if header.get("ReferenceDate", "")[:10] != f"{parsed.facts.end:%Y-%m-%d}":
        findings.add("R07", "ReferenceDate")
    if not has_authority(findings.raw):
        findings.add("R07", "LEA")
    own = parsed.authority.iloc[0]
    for element in AUTHORITY_VALUES:
        if parsed.is_authority_wrong[element].any():
            findings.add("R04", element)
        elif element in _OWN_FIGURES and not findings.raw.authority.get(element):
            findings.add("R08", element)
    people = own["agency_cover_headcount"]
    if own["agency_cover_fte"] > people + TOLERANCE:
        findings.add("R09", "NoAgencyFTE")
    workers = parsed.facts.rows
    if ((workers["employment"] == "agency") & workers["is_in_post"]).sum() < people:
        findings.add("R10", "NoAgencyHeadcount")
