"""The team names in recognised extracts, as rows of ``teams.csv``."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import pandas as pd

from wfanalytics.clean.columns import BLANK_WORDS, parse_date
from wfanalytics.clean.contents import digits_of
from wfanalytics.clean.layouts import arrange
from wfanalytics.clean.propose import Proposal
from wfanalytics.clean.repairs import Ledger
from wfanalytics.clean.rows import find_as_at, names_total
from wfanalytics.errors import InputError
from wfanalytics.raw.area import team_key
from wfanalytics.raw.headings import RawTable, find_table, hide_personal
from wfanalytics.settings import Profile

#: A name of the case system is a team's other name where at least this many people who hold
#: cases under it, and this share of their months, stand in that team's staff list.
FEWEST_PEOPLE, SAME_TEAM = 3, 0.9
#: A row with fewer cells is a footnote.
FEWEST_CELLS = 2
_DATES = {"movements": "date", "caseload": "week_ending"}


@dataclass
class Name:
    """One team name: its spellings, months, tables and what stands beside it."""

    spellings: Counter[str] = field(default_factory=Counter)
    months: set[pd.Period] = field(default_factory=set)
    tables: set[str] = field(default_factory=set)
    services: Counter[str] = field(default_factory=Counter)
    localities: Counter[str] = field(default_factory=Counter)
    same_as: str = ""

    @property
    def written(self) -> str:
        """The commonest spelling."""
        return self.spellings.most_common(1)[0][0]

    @property
    def shown(self) -> str:
        """The name in messages: hidden where it might be a person's."""
        return hide_personal(self.written)


@dataclass(frozen=True)
class TeamList:
    """Names by key, and who stood in which team in which month (kept in memory only)."""

    names: dict[str, Name]

    def rows(self) -> list[list[str]]:
        """Rows of ``teams.csv``, by name; a service or locality nobody gives is the name."""
        rows = []
        for name in sorted(self.names.values(), key=lambda name: name.written.casefold()):
            team = self.names[name.same_as] if name.same_as else name
            service, locality = (
                beside.most_common(1)[0][0] if beside else team.written
                for beside in (team.services, team.localities)
            )
            first = min(name.months).start_time
            rows.append([name.written, team.written, service, locality, f"{first:%Y-%m-%d}", ""])
        return rows

    def describe(self) -> list[str]:
        """What should be looked at in the list."""
        names = list(self.names.values())
        last = max([max(name.months) for name in names], default=pd.NaT)
        gone = sorted(f"{name.shown} ({max(name.months):%B %Y})" for name in names
                      if max(name.months) < last - 1)  # fmt: skip
        pairs = sorted(f"{name.shown} = {self.names[name.same_as].shown}" for name in names
                       if name.same_as)  # fmt: skip
        bare = not any(name.services or name.localities for name in names)
        notes = []
        if pairs:
            notes.append("names of the case system taken as the team whose staff lists have the "
                         f"people who hold cases under them: {', '.join(pairs)}")  # fmt: skip
        if gone:
            notes.append("names that stop before the last month may have been renamed or merged: "
                         f"write the later team beside them: {', '.join(gone)}")  # fmt: skip
        if bare:
            notes.append("no extract gives a team's service or locality: the team's own name "
                         "stands there until you write them")  # fmt: skip
        return notes


def list_teams(proposals: Mapping[str, Proposal], profile: Profile) -> TeamList:
    """Every team name of the recognised extracts, with the month it is first seen in."""
    names: dict[str, Name] = defaultdict(Name)
    staff: dict[tuple[str, pd.Period], str] = {}
    holders: dict[str, list[tuple[str, pd.Period]]] = defaultdict(list)
    for table, row, month in _list_rows(proposals, profile):
        key = team_key(row["team"])
        _note(names[key], row, month, table)
        person = digits_of(row.get("worker_id", ""))
        if person and table == "workers":
            staff[person, month] = key
        elif person and table == "caseload":
            holders[key].append((person, month))
    for key, people in holders.items():
        if names[key].tables == {"caseload"}:
            names[key].same_as = _find_same(people, staff)
    _keep_single(names)
    return TeamList(dict(names))


def _list_rows(
    proposals: Mapping[str, Proposal], profile: Profile
) -> Iterator[tuple[str, dict[str, str], pd.Period]]:
    """Table, row and month of every row that names a team."""
    for table, proposal in proposals.items():
        if table != "summary" and not proposal.missing:
            for part in _read_parts(proposal, profile):
                yield from ((table, row, month) for row, month in _date_rows(part, table))


def _read_parts(proposal: Proposal, profile: Profile) -> Iterator[RawTable]:
    """The proposal's sheets as cleaning will read them; those it cannot read are left out."""
    source = proposal.to_source(".", "*")
    own = {**source.headings, **proposal.places}
    optional = ("start_date",) if source.holds == "establishment" else ()
    for grid in proposal.grids:
        try:
            raw = find_table(grid.sheet, proposal.table, own_headings=own, optional=optional)
            yield from arrange(replace(raw, unknown=()), source, profile, Ledger(proposal.table))
        except InputError:
            continue


def _date_rows(part: RawTable, table: str) -> Iterator[tuple[dict[str, str], pd.Period]]:
    """Rows that name a team, and the month each is about."""
    as_at = None
    if table not in _DATES:
        try:
            as_at = find_as_at(part, Ledger(table))
        except InputError:
            return
    for row in part.frame.to_dict("records"):
        is_heading = row["team"].strip() == part.headings["team"]
        is_note = row["filled"] < FEWEST_CELLS or names_total(row["first"])
        is_blank = row["team"].strip().casefold() in BLANK_WORDS
        if is_blank or is_heading or is_note:
            continue
        date = parse_date(row[_DATES[table]]) if as_at is None else as_at
        if date is not None:
            yield row, date.to_period("M")


def _note(name: Name, row: Mapping[str, str], month: pd.Period, table: str) -> None:
    name.spellings[row["team"].strip()] += 1
    name.months.add(month)
    name.tables.add(table)
    for beside, counter in (("service", name.services), ("locality", name.localities)):
        if text := str(row.get(beside, "")).strip():
            counter[text] += 1


def _find_same(
    people: list[tuple[str, pd.Period]], staff: Mapping[tuple[str, pd.Period], str]
) -> str:
    """The one team nearly all who hold cases under a name belong to, or ''."""
    found = {(person, month): staff[person, month] for person, month in people
             if (person, month) in staff}  # fmt: skip
    if not found:
        return ""
    (team, count), *_ = Counter(found.values()).most_common(1)
    who = {person for (person, _), one in found.items() if one == team}
    return team if len(who) >= FEWEST_PEOPLE and count >= SAME_TEAM * len(found) else ""


def _keep_single(names: Mapping[str, Name]) -> None:
    """Two names of one team, or a team that holds cases under its own name, tell nothing."""
    claimed = Counter(name.same_as for name in names.values() if name.same_as)
    for name in names.values():
        if name.same_as and (claimed[name.same_as] > 1 or "caseload" in names[name.same_as].tables):
            name.same_as = ""
