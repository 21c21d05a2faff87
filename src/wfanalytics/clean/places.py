"""Team names to teams, services and localities, by the dated aliases of ``teams.csv``."""

from __future__ import annotations

import datetime

import pandas as pd

from wfanalytics.clean.repairs import Ledger
from wfanalytics.raw.area import team_key
from wfanalytics.settings import TeamAlias

#: Where the rows of an unknown team are counted: in the authority, in no service or locality.
UNKNOWN_PLACE = "Not in teams.csv"


def add_places(
    rows: pd.DataFrame, dates: pd.Series, *, teams: tuple[TeamAlias, ...], ledger: Ledger
) -> pd.DataFrame:
    """The rows with ``team``, ``service`` and ``locality`` as they were at each row's date.

    A difference of case, spaces or ``&`` is repaired and noted. A name ``teams.csv`` does not
    know at that date is queried and never guessed: the row stays in the authority's figures,
    under the place "Not in teams.csv".
    """
    known: dict[str, list[TeamAlias]] = {}
    for alias in teams:
        known.setdefault(team_key(alias.as_written), []).append(alias)
    pairs = list(zip(rows["team"], dates.to_numpy("datetime64[D]").tolist(), strict=True))
    found = {(text, day): _find(known.get(team_key(text), []), day) for text, day in set(pairs)}
    aliases = [found[pair] for pair in pairs]
    placed = rows.assign(
        team=[alias.team if alias else UNKNOWN_PLACE for alias in aliases],
        service=[alias.service if alias else UNKNOWN_PLACE for alias in aliases],
        locality=[alias.locality if alias else UNKNOWN_PLACE for alias in aliases],
    )
    is_unknown = pd.Series([alias is None for alias in aliases], index=rows.index)
    is_mended = ~is_unknown & ~rows["team"].isin([alias.as_written for alias in teams])
    if is_mended.any():
        ledger.note(rows[is_mended], "A17", column="team", before=rows["team"][is_mended],
                    after=placed["team"][is_mended])  # fmt: skip
    if is_unknown.any():
        ledger.note(rows[is_unknown], "A17", column="team", severity="Q",
                    before=rows["team"][is_unknown], after=UNKNOWN_PLACE,
                    reason="teams.csv does not know this name at this date")  # fmt: skip
    return placed


def _find(aliases: list[TeamAlias], day: datetime.date) -> TeamAlias | None:
    for alias in aliases:
        if alias.valid_from <= day and (alias.valid_to is None or day <= alias.valid_to):
            return alias
    return None
