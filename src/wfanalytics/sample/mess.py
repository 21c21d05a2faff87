"""The sample's extracts as councils really send them: the truth, then the mess.

Each defect is planted on purpose and written down: rule code, table, file and how many rows it
touches, so that a test can ask whether cleaning found exactly these.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from wfanalytics.sample.allocation_files import write_allocations
from wfanalytics.sample.caseload_files import write_caseload
from wfanalytics.sample.establishment_files import write_posts, write_workers
from wfanalytics.sample.folder import Folder
from wfanalytics.sample.movement_files import write_movements, write_summary
from wfanalytics.sample.organisation import FORMER_TEAMS, PLACES, TEAMS
from wfanalytics.sample.world import World
from wfanalytics.settings import TABLES


def write_mess(world: World, folder: Path, seed: int) -> pd.DataFrame:
    """Write every extract of the sample under ``folder``; return what was planted."""
    rng = np.random.default_rng(seed + 3)
    target = Folder(folder)
    for name in TABLES:
        (folder / name).mkdir(parents=True, exist_ok=True)
    write_posts(world, target)
    write_workers(world, target, rng)
    write_movements(world, target)
    write_caseload(world, target)
    write_summary(world, target)
    write_allocations(world, target)
    return pd.DataFrame(target.planted, columns=["rule", "table", "file", "rows", "what"])


def team_aliases() -> list[list[str]]:
    """The rows of ``teams.csv``: every name and code, dated."""
    rows = []
    for team in (*TEAMS, *FORMER_TEAMS):
        first = "2018-04-01" if team.name.startswith("Front Door") else "2000-01-01"
        last = ""
        if team in FORMER_TEAMS:
            first, last = "2000-01-01", "2018-03-31"
        place = PLACES[team.name]
        for written in (team.name, team.code):
            rows.append([written, team.name, place.service, place.locality, first, last])
        if team.code == "NSG":
            rows.append(["North Vale Child Protection", team.name, place.service, place.locality,
                         "2000-01-01", "2018-09-30"])  # fmt: skip
    return rows
