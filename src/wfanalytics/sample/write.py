"""Write the sample area: extracts, profile, targets, events, team names, and its truth."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from wfanalytics.frames import write_frame
from wfanalytics.sample.census_return import write_return
from wfanalytics.sample.expected import OUTLOOK
from wfanalytics.sample.mess import team_aliases, write_mess
from wfanalytics.sample.story import SEED
from wfanalytics.sample.world import World, make_world

PROFILE = """\
# Exampleshire is fictional. Every person, post and case in this folder was invented by
# `wfanalytics sample`; the extracts are messy on purpose.
area: exampleshire
name: Exampleshire
organisation: Exampleshire County Council (fictional)
fictional: true
authority_code: X10000001
full_time_hours: 37
# Whether the allocations are read, which are about children: a decision of its own.
child_data: true
owners:
  posts: Finance, establishment team
  workers: Human resources, workforce data
  movements: Human resources, workforce data
  caseload: Children's services, performance team
  summary: Children's services, performance team
  allocations: Children's services, performance team
  census: Children's services, performance team
sources:
  posts: {folder: posts, pattern: "*.xlsx"}
  workers: {folder: workers, pattern: "*.xlsx"}
  movements: {folder: movements, pattern: "*.csv"}
  caseload: {folder: caseload, pattern: "*"}
  summary: {folder: summary, pattern: "*.csv"}
  allocations: {folder: allocations, pattern: "*.xlsx"}
  census: {folder: census, pattern: "*.xml"}
"""

TARGETS = """\
measure,scope_level,scope_name,value,low,high,valid_from,valid_to,label,source,status
uncovered_vacancy_rate_fte,authority,,10%,,,2019-07-01,,our target: under 10%,"Select Committee, 17 July 2019, paragraph 22.3: overall target",our target
uncovered_vacancy_rate_fte,authority,,7%,,,2017-12-01,,7%: result quoted and aimed at,"Scrutiny Committee report, 24 September 2020, paragraph 3.11: Hertfordshire, December 2017, hard-to-recruit posts",result elsewhere
caseload_fte,authority,,,13,16,2020-06-01,,our target: 13 to 16 cases,"Scrutiny Committee, 4 June 2020, paragraph 12.3: the aim for each social worker",our target
cases,any team,,,100,110,2018-03-01,,a neighbour's aim: 100 to 110 cases a team,"Worcestershire Overview and Scrutiny Panel, 22 March 2018, item 317",result elsewhere
"""  # noqa: E501

EVENTS = """\
date,label,kind,rebase,reason
2018-04-01,Teams split,reorganisation,no,
2019-05-08,Inspection,inspection,yes,The improvement plan after it changed posts and pay for all
2020-03-23,Lockdown,pandemic,no,
"""

COMMENTARY = """\
# A manager's own words, printed beside the measure in the month's report. One entry for each
# measure and month: explanation, action, or both. Plain text; this council is fictional.
- measure: uncovered_vacancy_rate_fte
  month: 2019-07
  explanation: >
    Sixty more people were in permanent posts in July than in February, some of them former
    agency staff. The retention scheme began on 1 July.
  action: >
    The Head of Children's Social Care reviews the posts that have been empty for more than six
    months, and reports in September 2019.
- measure: agency_rate_fte
  month: 2019-07
  explanation: The project team of agency workers stays until October, while its cases move.
- measure: uncovered_vacancy_rate_fte
  month: 2020-09
  explanation: >
    Interviews stopped from March to June. Leavers of the summer have not been replaced yet, and
    three offers are waiting for checks.
  action: >
    Recruitment is open again from 1 October 2020; the Director receives the list of posts that
    nobody covers every Friday.
- measure: caseload_fte
  month: 2020-09
  explanation: Referrals rose when schools opened again, and case holders left faster than they joined.
  action: Teams above the band take no new cases until the newly qualified staff have started.
"""  # noqa: E501

README = """\
# Exampleshire: a fictional area

Nobody and nothing here is real. `wfanalytics sample` writes these files from a fixed seed, so
they can be deleted and made again. They are messy in the ways councils' extracts are messy:
title rows, merged headings, Total rows, `Sept-19`, `18.5%`, `n/a`, a team renamed, two teams
split into four, a week missing (ending 29 December 2019), November 2019's caseload delivered
twice, duplicates, internal moves entered as a leaver and a starter, agency workers made
permanent and listed twice. `census/` holds a return of 30 September 2020 that differs a little
from the lists of that day. Every number a person could be known by is invented.
"""


def write_sample(folder: Path, *, seed: int = SEED) -> pd.DataFrame:
    """Write the sample area's whole folder and return what was planted in it.

    Parameters
    ----------
    folder : the area's folder, such as ``data/raw/exampleshire``; made if it is missing. Files of
        the same name are written over, others are left alone.

    Returns
    -------
    DataFrame with columns rule, table, file, rows, what: one row a planted defect.
    """
    world = make_world(seed)
    folder.mkdir(parents=True, exist_ok=True)
    planted = write_mess(world, folder, seed)
    write_return(world, folder, seed)
    for name, text in (
        ("profile.yml", PROFILE), ("targets.csv", TARGETS), ("events.csv", EVENTS),
        ("commentary.yml", COMMENTARY), ("outlook.yml", OUTLOOK), ("README.md", README),
        ("teams.csv", _teams_text()),
    ):  # fmt: skip
        (folder / name).write_bytes(text.encode("utf-8"))
    return planted


def write_truth(folder: Path, *, seed: int = SEED) -> World:
    """Write the truth behind the sample, one Parquet file a table, and return it."""
    world = make_world(seed)
    for table, frame in world.tables.items():
        write_frame(frame, folder / f"{table}.parquet")
    return world


def _teams_text() -> str:
    lines = ["as_written,team,service,locality,valid_from,valid_to"]
    lines += [",".join(row) for row in team_aliases()]
    return "\n".join(lines) + "\n"
