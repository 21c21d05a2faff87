"""The sample's open area, bent: one point, no figure, forty teams, names of forty letters."""

from __future__ import annotations

import zlib
from dataclasses import replace

import pandas as pd

from wfanalytics.measures.area_data import AreaData
from wfanalytics.measures.definitions import find_definition

MONTHS, LONG_MONTHS = 15, 120
TEAMS, LETTERS = 40, 40
SHARES = ("caseload_below_rate", "caseload_within_rate", "caseload_above_rate")
PLACES = ("team", "service", "locality")
#: Columns that say to which month a row of a clean table belongs.
DATES = ("as_at", "date", "week_ending", "month")


def cut(data: AreaData, months: int) -> AreaData:
    """The last months alone; places have only the last one and the same a year before."""
    first = data.month - pd.offsets.MonthEnd(months)
    rows = data.measures
    year_ago = data.month - pd.offsets.MonthEnd(12)
    is_shown = (rows["period_end"] > data.month - pd.offsets.MonthEnd(1)) | (
        rows["period_end"] == year_ago
    )
    kept = rows[(rows["period_end"] > first) & ((rows["area_level"] == "authority") | is_shown)]
    return replace(
        data, measures=kept, tables={k: _since(t, first) for k, t in data.tables.items()}
    )


def _since(table: pd.DataFrame, first: pd.Timestamp) -> pd.DataFrame:
    date = next((name for name in DATES if name in table), None)
    return table if date is None else table[table[date] > first]


def set_values(data: AreaData, value: float, *, status: str = "ok") -> AreaData:
    """Each figure the same: a rate this, a number ten times this."""
    rows = data.measures
    is_rate = rows["measure"].map(lambda name: find_definition(name).unit == "percent")
    values = is_rate.map({True: value, False: round(value * 100, 0)})
    # Shares of a whole cannot be 300%, and what is withheld stays so.
    is_set = rows["value"].notna() & ~rows["measure"].isin(SHARES)
    values = values.where(is_set, rows["value"])
    parts = (values * rows["denominator"]).fillna(values)
    return replace(
        data,
        measures=rows.assign(
            value=values,
            numerator=parts.where(is_set, rows["numerator"]),
            status=rows["status"].where(~is_set, status),
        ),
    )


def empty(data: AreaData) -> AreaData:
    """Nobody, no post, nobody who came or went."""
    none = set_values(data, 0.0)
    return replace(none, tables={**none.tables, "movements": none.tables["movements"].head(0)})


def lose_all(data: AreaData) -> AreaData:
    """No figure and no row."""
    lost = data.measures.assign(value=float("nan"), numerator=float("nan"), status="missing")
    return replace(
        data, measures=lost, tables={name: table.head(0) for name, table in data.tables.items()}
    )


def lengthen(data: AreaData) -> AreaData:
    """The authority's figures over 120 months: what is there, again and again before itself."""
    rows = data.measures
    own, months = rows[rows["area_level"] == "authority"], MONTHS
    parts = [rows]
    for step in range(1, LONG_MONTHS // months):
        shift = pd.DateOffset(months=months * step)
        earlier = own.assign(
            period_start=own["period_start"] - shift, period_end=own["period_end"] - shift
        )
        is_month = earlier["period_type"] != "week"
        ends = earlier["period_end"] + pd.offsets.MonthEnd(0)
        weeks = own["period_end"] - pd.Timedelta(weeks=65 * step)
        parts.append(earlier.assign(period_end=ends.where(is_month, weeks)))
    return replace(data, measures=pd.concat(parts, ignore_index=True))


def rename(data: AreaData) -> AreaData:
    """Every place has a name of forty letters."""
    measures = data.measures.copy()
    is_place = measures["area_level"].isin(PLACES)
    measures.loc[is_place, "area_name"] = measures.loc[is_place, "area_name"].map(_long_name)
    tables = {
        key: table.assign(**{p: table[p].map(_long_name) for p in PLACES if p in table})
        for key, table in data.tables.items()
    }
    return replace(data, measures=measures, tables=tables)


def _long_name(name: object) -> object:
    if not isinstance(name, str):
        return name
    number = zlib.crc32(name.encode()) % 1000
    return f"{name} Wolverhampton-Northamptonshire-Bournemouth"[: LETTERS - 4] + f" {number:03d}"


def add_teams(data: AreaData) -> AreaData:
    """Forty teams: the first ones again under other names, with people of their own."""
    names = sorted(data.measures.loc[data.measures["area_level"] == "team", "area_name"].unique())
    more = {name: f"{name} Two" for name in names[: TEAMS - len(names)]}
    rows = data.measures
    again = rows[(rows["area_level"] == "team") & rows["area_name"].isin(list(more))]
    again = again.assign(
        area_name=again["area_name"].map(more), area_code=again["area_code"] + "-two"
    )
    tables = {key: _double(table, more) for key, table in data.tables.items()}
    parents = {
        level: {**of, **{f"{team}-two": place for team, place in of.items()}}
        for level, of in data.parents.items()
    }
    measures = pd.concat([rows, again], ignore_index=True)
    return replace(data, measures=measures, tables=tables, parents=parents)


def _double(table: pd.DataFrame, more: dict[str, str]) -> pd.DataFrame:
    if "team" not in table:
        return table
    again = table[table["team"].isin(list(more))]
    again = again.assign(team=again["team"].map(more))
    ids = [name for name in ("post_id", "worker_id", "child_id") if name in again]
    return pd.concat([table, again.assign(**{i: again[i] + "-two" for i in ids})])


#: How the sample is bent, by what a reader would call it.
CASES = {
    "one point": lambda data: cut(data, 1),
    "two points": lambda data: cut(data, 2),
    "all equal": lambda data: set_values(data, 0.07),
    "all zero": empty,
    "all missing": lose_all,
    "120 months": lengthen,
    "40 teams": add_teams,
    "names of 40 letters": rename,
    "300%": lambda data: set_values(data, 3.0),
}
