"""Sums for every place at once: one table in, one grid of places by periods out.

Every calculation of measures works on *grids*: frames with one row a place (area level and
name) and one column a period end. A blank cell is an unknown, never a zero.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from wfanalytics.rounding import FLOAT_DIGITS

LEVELS = ("authority", "service", "locality", "team")
#: The authority is one place and needs no name until the frame is written out.
AUTHORITY = ("authority", "")
#: The two parts of a place's name in a grid.
PLACE = ("area_level", "area_name")

Grids = dict[str, pd.DataFrame]

#: What adding a few thousand FTE may leave, as a share of the sum, and of 1 where it is less.
NOISE = 1e-12


def slug_name(name: str) -> str:
    """The code of a place that has only a name.

    >>> slug_name("Front Door & MASH")
    'front-door-mash'
    """
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def list_month_ends(dates: Iterable[pd.Timestamp]) -> pd.DatetimeIndex:
    """Every month end from the month of the first date to that of the last.

    >>> days = [pd.Timestamp("2020-03-05"), pd.Timestamp("2020-01-31")]
    >>> [str(end.date()) for end in list_month_ends(days)]
    ['2020-01-31', '2020-02-29', '2020-03-31']
    """
    days = pd.DatetimeIndex(pd.Series(dates, dtype="datetime64[us]"))
    if days.empty:
        return days
    months = pd.period_range(days.min(), days.max(), freq="M")
    return pd.DatetimeIndex(months.to_timestamp(how="end").normalize())


def sum_by_place(
    frame: pd.DataFrame,
    columns: Sequence[str],
    *,
    period: str,
    who: str,
    once: Sequence[str] = (),
) -> Grids:
    """Sums for the authority and each service, locality and team, in each period.

    Parameters
    ----------
    frame : rows with ``service``, ``locality`` and ``team``; a row without one is in no place
        of that level, yet in the authority.
    columns : added row by row. Unknown values are left out, and a sum of unknowns is unknown.
    period, who : columns naming the period's end and the person (or post).
    once : columns added once a person in each place and period, whichever rows hold them.

    Returns
    -------
    A grid for each column, and ``people``: how many different ``who``.

    >>> rows = pd.DataFrame({"day": pd.Timestamp("2020-09-30"), "id": ["a", "a"], "fte": 0.5,
    ...                      "service": "S", "locality": "L", "team": ["T", "U"]})
    >>> grids = sum_by_place(rows, ["fte"], period="day", who="id")
    >>> grids["fte"].loc[("service", "S")].item(), grids["people"].loc[("team", "T")].item()
    (1.0, 1.0)
    """
    period_of, periods = pd.factorize(frame[period], sort=True)
    who_of = pd.factorize(frame[who])[0]
    cells = {name: frame[name].to_numpy(dtype=float) for name in (*columns, *once)}
    cells["people"] = np.ones(len(frame))
    sums: dict[str, list[np.ndarray]] = {name: [] for name in cells}
    index: list[tuple[str, str]] = []
    for level in LEVELS:
        is_authority = level == "authority"
        names = np.full(len(frame), "") if is_authority else frame[level].to_numpy()
        place_of, places = pd.factorize(names, sort=True)
        is_kept = is_authority | (places != "")
        cell_of = place_of * len(periods) + period_of
        is_again = pd.Series(cell_of * (len(frame) + 1) + who_of).duplicated().to_numpy()
        for name, values in cells.items():
            counted = values if name in columns else np.where(is_again, 0.0, values)
            added = _sum_cells(counted, cell_of, count=len(places) * len(periods))
            sums[name].append(added.reshape(len(places), len(periods))[is_kept])
        index += [(level, str(place)) for place in places[is_kept]]
    rows = pd.MultiIndex.from_frame(pd.DataFrame(index, columns=PLACE))
    return {name: pd.DataFrame(np.vstack(s), rows, periods) for name, s in sums.items()}


def drop_noise(cells: Any) -> Any:
    """Sums without what the adding of binary fractions left; digits that are no noise stay.

    A part of somebody's FTE may need them all: cut to nine, 16.25 cases per FTE were 16.2.

    >>> drop_noise(np.array([0.1 + 0.2, 6 / 37])).tolist()
    [0.3, 0.16216216216216217]
    """
    near = cells.round(FLOAT_DIGITS)
    rest = cells - near
    return near + rest * (abs(rest) > NOISE * np.maximum(1.0, abs(cells)))


def _sum_cells(values: np.ndarray, cell_of: np.ndarray, *, count: int) -> np.ndarray:
    """Sums of known values by cell; blank where no value is known."""
    is_known = ~np.isnan(values)
    known = np.bincount(cell_of[is_known], minlength=count)
    sums = np.bincount(cell_of[is_known], weights=values[is_known], minlength=count)
    return np.where(known > 0, drop_noise(sums), np.nan)


def align_grids(grids: Grids, *, seen: pd.DataFrame, covered: pd.DatetimeIndex) -> Grids:
    """The same grids on the places and periods of ``seen``.

    A place seen in another table and without a row in this one has a true zero, provided this
    table's extracts cover the period; all else is blank.
    """
    is_covered = seen.to_numpy() & np.asarray(seen.columns.isin(covered))
    cells = {name: grid.reindex_like(seen).to_numpy(dtype=float) for name, grid in grids.items()}
    is_zero = is_covered & np.isnan(cells["people"])
    return {
        name: pd.DataFrame(np.where(is_zero, 0.0, cell), index=seen.index, columns=seen.columns)
        for name, cell in cells.items()
    }


def find_seen(found: Sequence[pd.DataFrame], *, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """Which places appear in which periods in any of the tables ``found`` comes from."""
    frames = [grid.reindex(columns=periods, fill_value=False) for grid in found]
    return pd.concat(frames).groupby(level=[0, 1]).any()


def find_life(seen: pd.DataFrame) -> pd.DataFrame:
    """Periods each place is reported for: from the first it appears in to the last.

    A place in the last period with any data is reported to the end of the grid, so that
    extracts which have not come are seen to be missing.

    >>> seen = pd.DataFrame([[True, False, True, False], [True, False, False, False]])
    >>> find_life(seen).to_numpy().tolist()
    [[True, True, True, True], [True, False, False, False]]
    """
    cells = seen.to_numpy()
    if not cells.any():
        return seen
    started = np.maximum.accumulate(cells, axis=1)
    not_ended = np.maximum.accumulate(cells[:, ::-1], axis=1)[:, ::-1]
    newest = int(np.flatnonzero(cells.any(axis=0)).max())
    not_ended[cells[:, newest], newest:] = True
    return pd.DataFrame(started & not_ended, index=seen.index, columns=seen.columns)


def sum_windows(grid: pd.DataFrame, length: int) -> pd.DataFrame:
    """Sums of each period and the ``length - 1`` before it; blank where any of them is blank.

    Each window is added afresh, so that no rounding error is carried along the row.

    >>> sum_windows(pd.DataFrame([[1.0, 2.0, None, 4.0, 5.0]]), 2).to_numpy().tolist()
    [[nan, 3.0, nan, nan, 9.0]]
    """
    cells = grid.to_numpy(dtype=float)
    sums = np.full(cells.shape, np.nan)
    if cells.shape[1] >= length:
        windows = np.lib.stride_tricks.sliding_window_view(cells, length, axis=1)
        sums[:, length - 1 :] = drop_noise(windows.sum(axis=2))
    return pd.DataFrame(sums, index=grid.index, columns=grid.columns)


def blank_grid(periods: pd.DatetimeIndex) -> pd.DataFrame:
    """A grid of the authority alone of which nothing is known."""
    place = pd.MultiIndex.from_tuples([AUTHORITY], names=PLACE)
    return pd.DataFrame(np.nan, index=place, columns=periods)


def find_too_young(seen: pd.DataFrame, length: int, *, since: pd.Timestamp) -> pd.DataFrame:
    """Whether a place first appears after the first of the ``length`` periods ending here.

    Its first months of leavers would be set against all of its staff. Windows that begin before
    ``since``, the first list of places, are not judged: there the list is missing, not the place.
    """
    cells = seen.to_numpy()
    first = np.where(cells.any(axis=1), cells.argmax(axis=1), cells.shape[1])
    window_start = np.arange(cells.shape[1]) - (length - 1)
    is_judged = window_start >= (pd.DatetimeIndex(seen.columns) < since).sum()
    young = (window_start[None, :] < first[:, None]) & is_judged[None, :]
    return pd.DataFrame(young, index=seen.index, columns=seen.columns)
