"""Small extracts for the tests of cleaning; only what a test is about is written in it."""

from __future__ import annotations

import functools
from datetime import date
from pathlib import Path

import pandas as pd

from wfanalytics.clean.allocations import clean_allocations
from wfanalytics.clean.caseload import clean_caseload
from wfanalytics.clean.identity import FICTIONAL_KEY, pseudonymise
from wfanalytics.clean.movements import clean_movements
from wfanalytics.clean.posts import clean_posts
from wfanalytics.clean.repairs import Ledger
from wfanalytics.clean.summary import clean_summary
from wfanalytics.clean.workers import clean_workers
from wfanalytics.frames import CLEAN_SCHEMAS, check_clean
from wfanalytics.raw.area import Area
from wfanalytics.raw.headings import RawTable, find_table
from wfanalytics.raw.tables import RawSheet
from wfanalytics.settings import Profile, TeamAlias

POST = {"Number": "P1", "Job role": "Social Worker", "Team": "Alpha", "FTE": "1",
        "Status": "Funded"}  # fmt: skip
WORKER = {"SWE number": "SW101", "Contract": "Permanent", "Post number": "P1", "Team": "Alpha",
          "Job role": "Social Worker", "FTE": "1", "Start date": "01/02/2018", "ASYE": "",
          "Absence": "", "Days sick": "0"}  # fmt: skip
MOVEMENT = {"Month": "Jul-19", "Type": "Leaver", "SWE number": "SW101", "Name": "Abbey, Ben",
            "Date of birth": "03/04/1980", "Effective date": "05/07/2019", "Team": "Alpha",
            "FTE": "1", "From / to": "", "Reason": ""}  # fmt: skip
CASES = {"Week ending": "07/07/2019", "Worker": "SW101", "Team": "Alpha", "CIN": "9", "CP": "2",
         "LAC": "3", "Carers": "0"}  # fmt: skip
SUMMARY = {"Month": "Jul-19", "Vacancy gap": "7.0%", "Leavers": "2"}
ALLOCATION = {"Child ID": "C1", "Allocated worker": "SW101", "Team": "Alpha",
              "Allocated from": "01/02/2019", "Allocated to": ""}  # fmt: skip
DEFAULTS = {"posts": POST, "workers": WORKER, "movements": MOVEMENT, "caseload": CASES,
            "summary": SUMMARY, "allocations": ALLOCATION}  # fmt: skip


def make_area(**words: dict[str, str]) -> Area:
    """An area with three teams: Alpha; Beta, called Old Beta until 2018; and A & B."""
    profile = Profile(
        area="shire", name="Shire", fictional=True, authority_code="E1", words=words,
        sources={"posts": {"folder": "posts"}},
    )  # fmt: skip
    base = {"service": "Front Door", "locality": "North", "valid_from": date(2000, 1, 1)}
    teams = (
        TeamAlias(as_written="Alpha", team="Alpha", **base),
        TeamAlias(as_written="Beta", team="Beta", **base),
        TeamAlias(as_written="Old Beta", team="Beta", valid_to=date(2018, 12, 31), **base),
        TeamAlias(as_written="A & B", team="A & B", **base),
    )
    return Area(Path("shire"), profile, (), (), teams)


def make_table(
    table: str,
    *rows: dict[str, str],
    file: str = "",
    sheet: str = "",
    titles: tuple[str, ...] = (),
    total: tuple[str, ...] | None = None,
    rename: dict[str, str] | None = None,
) -> RawTable:
    """An extract of one kind; each row says where it differs from the usual one."""
    heads = list(dict.fromkeys([*DEFAULTS[table], *(name for row in rows for name in row)]))
    cells = [[title] for title in titles] + [[(rename or {}).get(head, head) for head in heads]]
    cells += [[str({**DEFAULTS[table], **row}.get(head, "")) for head in heads] for row in rows]
    cells += [list(total)] if total else []
    return find_table(RawSheet(file or f"{table}/2019-07.csv", sheet, cells, "0"), table)


def clean(table: str, *extracts: RawTable, area: Area | None = None, **more: object):
    """The clean rows of some extracts, as the contract has them, and the ledger."""
    ledger = Ledger(table)
    area = area or make_area()
    if table == "posts":
        rows = clean_posts(extracts, area, ledger=ledger)
    elif table == "workers":
        rows = clean_workers(extracts, area, key=FICTIONAL_KEY, ledger=ledger, **more)
    elif table == "summary":
        rows = clean_summary(extracts, ledger=ledger)
    else:
        workers = more.get("workers", list_workers())
        function = {"movements": clean_movements, "allocations": clean_allocations,
                    "caseload": clean_caseload}[table]  # fmt: skip
        more = {**more, "workers": workers}
        rows = function(extracts, area, key=FICTIONAL_KEY, ledger=ledger, **more)
    return rows, ledger.to_frame()


@functools.cache
def list_workers() -> pd.DataFrame:
    """The worker list of July 2019: SW101, permanent, in post P1."""
    return clean("workers", make_table("workers", {}))[0]


def check(rows: pd.DataFrame, table: str) -> pd.DataFrame:
    """The contract's columns only, or an error."""
    return check_clean(rows[list(CLEAN_SCHEMAS[table].columns)], table)


def list_notes(repairs: pd.DataFrame) -> list[tuple]:
    """Each ledger row as rule, severity, row, column, before, after, refused."""
    names = ["rule", "severity", "row", "column", "before", "after", "is_row_refused"]
    return [tuple(row) for row in repairs[names].itertuples(index=False)]


def pseudonym(number: str) -> str:
    return pseudonymise(number, key=FICTIONAL_KEY)


PROFILE = """\
area: shire
name: Shire
fictional: true
authority_code: E1
sources:
"""
TEAMS = "as_written,team,service,locality,valid_from,valid_to\nAlpha,Alpha,S,L,2000-01-01,\n"
HEADINGS = {"targets.csv": "measure,valid_from,label,source,status\n",
            "events.csv": "date,label,kind\n", "teams.csv": TEAMS}  # fmt: skip


def write_area(folder: Path, *, tables=tuple(DEFAULTS)) -> Path:
    """A data folder with one small area: a row of each kind of extract."""
    area = folder / "raw" / "shire"
    area.mkdir(parents=True)
    sources = "".join(f"  {name}: {{folder: {name}}}\n" for name in tables)
    (area / "profile.yml").write_text(PROFILE + sources, "utf-8")
    for name, text in HEADINGS.items():
        (area / name).write_text(text, "utf-8")
    for name in tables:
        (area / name).mkdir()
        cells = [list(DEFAULTS[name]), list(DEFAULTS[name].values())]
        lines = [",".join(f'"{cell}"' for cell in row) for row in cells]
        (area / name / "2019-07.csv").write_text("\n".join(lines) + "\n", "utf-8")
    return area
