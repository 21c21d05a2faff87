"""Team names to teams, services and localities, by the dated aliases of ``teams.csv``."""

from __future__ import annotations

import pandas as pd

from wfanalytics.clean.repairs import Ledger
from wfanalytics.settings import TeamAlias

#: Where the rows of an unknown team are counted: in the authority, in no service or locality.
UNKNOWN_PLACE = "Not in teams.csv"


def _key(text: str) -> str:
    return " ".join(text.casefold().replace("&", " and ").split())


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
        known.setdefault(_key(alias.as_written), []).append(alias)
    written = rows["team"]
    pairs = pd.DataFrame({"text": written, "date": dates}).drop_duplicates()
    found = {
        (text, date): _find(known.get(_key(text), []), date)
        for text, date in zip(pairs["text"], pairs["date"], strict=True)
    }
    aliases = [found[pair] for pair in zip(written, dates, strict=True)]
    exact = {alias.as_written for alias in teams}
    is_unknown = pd.Series([alias is None for alias in aliases], index=rows.index)
    is_mended = ~is_unknown & ~written.isin(exact)
    placed = rows.assign(
        team=[alias.team if alias else UNKNOWN_PLACE for alias in aliases],
        service=[alias.service if alias else UNKNOWN_PLACE for alias in aliases],
        locality=[alias.locality if alias else UNKNOWN_PLACE for alias in aliases],
    )
    ledger.note(rows[is_mended], "A17", column="team", before=written[is_mended],
                after=placed.loc[is_mended, "team"])  # fmt: skip
    ledger.note(rows[is_unknown], "A17", column="team", severity="Q", before=written[is_unknown],
                after=UNKNOWN_PLACE, reason="teams.csv does not know this name at this date")
    return placed


def _find(aliases: list[TeamAlias], date: pd.Timestamp) -> TeamAlias | None:
    day = date.date()
    for alias in aliases:
        if alias.valid_from <= day and (alias.valid_to is None or day <= alias.valid_to):
            return alias
    return None
