"""Does each team's worker list follow from the one before (rule 23)?"""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from wfanalytics.clean.repairs import Ledger
from wfanalytics.periods import format_month

_JOINED = ("starter", "conversion")


def query_stock(
    workers: pd.DataFrame,
    movements: pd.DataFrame,
    ledger: Ledger,
    *,
    months_refused: Collection[pd.Timestamp] = (),
) -> None:
    """Ask about teams whose closing list is not opening + joined + moved in - left - moved out.

    Permanent social workers, in people. Moves are read off the two lists. The difference is
    shown and never forced; ``months_refused`` have no movements to check with.
    """
    staff = workers[(workers["role"] != "support") & (workers["employment"] == "permanent")]
    social_workers = workers.loc[workers["role"] != "support", "worker_id"]
    support = set(workers["worker_id"]) - set(social_workers)
    moved = movements[~movements["worker_id"].isin(support)]
    moved = moved.assign(month=moved["date"].dt.normalize() + pd.offsets.MonthEnd(0))
    lists = {date: rows for date, rows in staff.groupby("as_at")}
    for closing in sorted(lists):
        opening = closing - pd.offsets.MonthEnd(1)
        if opening in lists and closing not in months_refused:
            flows = moved[moved["month"] == closing]
            _query_month(lists[opening], lists[closing], flows, closing, ledger)


def _query_month(
    before: pd.DataFrame, after: pd.DataFrame, flows: pd.DataFrame, month: pd.Timestamp,
    ledger: Ledger,
) -> None:  # fmt: skip
    teams = {name: _by_team(rows) for name, rows in (("before", before), ("after", after))}
    everywhere = {name: set(rows["worker_id"]) for name, rows in (("b", before), ("a", after))}
    stayed = everywhere["a"] & everywhere["b"]
    joined = _by_team(flows[flows["movement"].isin(_JOINED)])
    leavers = flows[flows["movement"] == "leaver"]
    # Somebody leaves the team that lists them, whatever it was called by the leaving date.
    last = before.drop_duplicates("worker_id").set_index("worker_id")["team"]
    own = leavers["worker_id"].map(last)
    left = _by_team(leavers.assign(team=own.fillna(leavers["team"])))
    for team in sorted({*teams["before"], *teams["after"], *joined, *left}):
        old, new = teams["before"].get(team, set()), teams["after"].get(team, set())
        parts = (len(old), len(joined.get(team, ())), len((new - old) & stayed),
                 len(left.get(team, ())), len((old - new) & stayed))  # fmt: skip
        expected = parts[0] + parts[1] + parts[2] - parts[3] - parts[4]
        if expected != len(new):
            ledger.note_absence("A23", date=month, reason=(
                f"{team}, {format_month(month)}: {parts[0]} people + {parts[1]} joined + "
                f"{parts[2]} moved in - {parts[3]} left - {parts[4]} moved out = {expected}, "
                f"and the list has {len(new)}"
            ))  # fmt: skip


def _by_team(rows: pd.DataFrame) -> dict[str, set[str]]:
    return {str(team): set(people) for team, people in rows.groupby("team")["worker_id"]}
