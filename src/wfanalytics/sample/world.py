"""The fictional authority of Exampleshire, before anybody has touched its spreadsheets."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from wfanalytics.sample import snapshots
from wfanalytics.sample.simulation import Simulation
from wfanalytics.sample.story import MONTHS, SEED


@dataclass
class World:
    """Everything that is true of the sample, one frame a table (``frames.CLEAN_SCHEMAS``).

    ``people`` maps a worker's number to a name and a date of birth, which only the extracts
    carry. ``agency_overlaps`` are the conversions still listed as agency in their first month.
    """

    tables: dict[str, pd.DataFrame]
    people: pd.DataFrame
    conversions: list[tuple[pd.Timestamp, str]] = field(default_factory=list)


def make_world(seed: int = SEED) -> World:
    """The sample's truth: clean tables with plain worker numbers in ``worker_id``.

    Returns
    -------
    World
        ``tables`` keyed as in :data:`wfanalytics.frames.CLEAN_SCHEMAS`, April 2017 to
        September 2020; the same for the same seed, on any machine.

    >>> world = make_world()
    >>> len(world.tables["posts"]["as_at"].unique())
    42
    """
    simulation = Simulation(seed)
    simulation.open_books()
    posts, workers = [], []
    for month in MONTHS:
        simulation.run_month(month)
        posts.append(snapshots.list_posts(simulation.posts, month))
        workers.append(snapshots.list_workers(simulation.workers, month))
    tables = {
        "posts": pd.concat(posts, ignore_index=True),
        "workers": snapshots.add_absence(pd.concat(workers, ignore_index=True), seed),
    }
    tables["workers"] = snapshots.add_scheme(tables["workers"], seed)
    tables["allocations"] = snapshots.list_allocations(tables["workers"], seed)
    tables["movements"] = snapshots.list_movements(simulation.movements)
    tables["caseload"] = snapshots.list_caseload(tables["workers"], seed)
    tables["summary"] = snapshots.list_summary(tables)
    tables["workers"] = tables["workers"].drop(columns="load")
    used = set(tables["workers"]["worker_id"]) | set(tables["movements"]["worker_id"])
    people = simulation.people[simulation.people["worker_id"].isin(used)]
    return World(tables, people.reset_index(drop=True), simulation.conversions)
