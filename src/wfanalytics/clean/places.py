"""Team names to teams, services and localities, by the dated aliases of ``teams.csv``."""

from __future__ import annotations

import datetime

import numpy as np
import numpy.typing as npt
import pandas as pd

from wfanalytics.clean.coded import factorize, is_coded, take_text
from wfanalytics.clean.columns import spread
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
    codes, names = factorize(rows["team"])
    aliases = [known.get(team_key(name), []) for name in names]
    days, distinct = factorize(dates)
    day_list = [day.date() for day in distinct]
    pairs, seen = pd.factorize(codes * len(day_list) + days)
    places = zip(*(part.tolist() for part in divmod(seen, len(day_list))), strict=True)
    found = [_find(aliases[team], day_list[day]) for team, day in places]
    placed = rows.assign(
        **{
            name: _spread([getattr(one, name, UNKNOWN_PLACE) for one in found], pairs, rows["team"])
            for name in ("team", "service", "locality")
        }
    )
    is_unknown = pd.Series(np.array([one is None for one in found], "bool")[pairs], rows.index)
    written = {alias.as_written for alias in teams}
    is_mended = ~is_unknown & spread(rows["team"], lambda text: text not in written, dtype="bool")
    if is_mended.any():
        ledger.note(rows[is_mended], "A17", column="team", before=rows["team"][is_mended],
                    after=placed["team"][is_mended])  # fmt: skip
    if is_unknown.any():
        ledger.note(rows[is_unknown], "A17", column="team", severity="Q",
                    before=rows["team"][is_unknown], after=UNKNOWN_PLACE,
                    reason="teams.csv does not know this name at this date")  # fmt: skip
    return placed


def _spread(names: list[str], pairs: npt.NDArray[np.int64], like: pd.Series) -> pd.Series:
    """A name for each row, held as the team's own column is."""
    if is_coded(like):
        return take_text(names, pairs, like.index)
    return pd.Series(np.array(names, dtype="object")[pairs], index=like.index, dtype="str")


def _find(aliases: list[TeamAlias], day: datetime.date) -> TeamAlias | None:
    for alias in aliases:
        if alias.valid_from <= day and (alias.valid_to is None or day <= alias.valid_to):
            return alias
    return None
