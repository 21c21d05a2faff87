"""From grids to the measure frame: parts, value and the reason where there is no value."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from wfanalytics.errors import WfanalyticsError
from wfanalytics.frames import MEASURE_KEY, MEASURE_SCHEMA, check_measures
from wfanalytics.measures.definition import Basis
from wfanalytics.measures.definitions import find_definition
from wfanalytics.measures.places import slug_name
from wfanalytics.periods import year_before

#: The source of every figure calculated from the council's own extracts.
LOCAL_SOURCE = "local"

#: For each basis: the period's type, and its first day from its last.
PERIODS: dict[Basis, tuple[str, Callable[[pd.Timestamp], pd.Timestamp]]] = {
    "snapshot": ("snapshot", lambda end: end),
    "in month": ("month", lambda end: end.replace(day=1)),
    "rolling 12 months": ("year", year_before),
    "week": ("week", lambda end: end - pd.Timedelta(days=6)),
}


class Figure(NamedTuple):
    """One measure as grids: its parts, and where it does not apply.

    A count has no denominator; its numerator is its value.
    """

    measure: str
    numerator: pd.DataFrame
    denominator: pd.DataFrame | None = None
    not_applicable: pd.DataFrame | None = None


def tidy_figures(
    figures: Sequence[Figure], *, life: pd.DataFrame, basis: Basis | None = None
) -> pd.DataFrame:
    """Rows of the measure frame for the periods each place is reported for.

    ``life`` says which cells become rows. A blank part makes the figure ``missing``; a
    denominator of 0 makes it ``not_applicable`` and keeps the parts. ``basis`` replaces that of
    the definitions, for a measure that is also counted by week.
    """
    rows, columns = life.to_numpy().nonzero()
    ends = pd.DatetimeIndex(life.columns)
    place = life.index.to_frame(index=False).iloc[np.tile(rows, len(figures))]
    periods = [PERIODS[basis or find_definition(figure.measure).basis] for figure in figures]
    starts = {find: pd.DatetimeIndex([find(end) for end in ends]) for _, find in periods}

    def take(grid: pd.DataFrame) -> np.ndarray:
        return np.asarray(grid.reindex_like(life).to_numpy()[rows, columns])

    frame = place.reset_index(drop=True).assign(
        measure=np.repeat([figure.measure for figure in figures], len(rows)),
        period_start=np.concatenate([starts[find][columns] for _, find in periods]),
        period_end=np.tile(ends[columns], len(figures)),
        period_type=np.repeat([name for name, _ in periods], len(rows)),
        numerator=np.concatenate([take(figure.numerator) for figure in figures]),
    )
    blank, never = np.full(len(rows), np.nan), np.zeros(len(rows), dtype=bool)
    return _add_value(
        frame,
        denominator=np.concatenate(
            [blank if f.denominator is None else take(f.denominator) for f in figures]
        ),
        is_rate=np.repeat([f.denominator is not None for f in figures], len(rows)),
        does_not_apply=np.concatenate(
            [never if f.not_applicable is None else take(f.not_applicable) for f in figures]
        ),
    )


def _add_value(
    frame: pd.DataFrame,
    *,
    denominator: np.ndarray,
    is_rate: np.ndarray,
    does_not_apply: np.ndarray,
) -> pd.DataFrame:
    numerator = frame["numerator"].to_numpy(dtype=float)
    is_blank = np.isnan(numerator) | (is_rate & np.isnan(denominator))
    does_not_apply = does_not_apply | (is_rate & (denominator == 0))
    divisor = np.where(is_rate & ~does_not_apply, denominator, 1.0)
    return frame.assign(
        numerator=np.where(is_blank, np.nan, numerator),
        denominator=np.where(is_blank, np.nan, denominator),
        value=np.where(is_blank | does_not_apply, np.nan, numerator / divisor),
        status=np.select([does_not_apply, is_blank], ["not_applicable", "missing"], "ok"),
    )


def finish_frame(
    frames: Sequence[pd.DataFrame], *, authority_code: str, authority_name: str
) -> pd.DataFrame:
    """One checked measure frame in the order of its key."""
    columns = list(MEASURE_SCHEMA.columns)
    if not frames:
        return check_measures(pd.DataFrame(columns=columns))
    frame = pd.concat(frames, ignore_index=True)
    codes = _code_places(frame[["area_level", "area_name"]].drop_duplicates())
    versions = {name: find_definition(name).version for name in frame["measure"].unique()}
    frame = frame.assign(
        area_code=frame["area_name"].map({**codes, "": authority_code}),
        area_name=frame["area_name"].replace({"": authority_name}),
        breakdown="all",
        breakdown_value="all",
        definition_version=frame["measure"].map(versions),
        source=LOCAL_SOURCE,
    )
    return check_measures(frame.sort_values(MEASURE_KEY, ignore_index=True)[columns])


def _code_places(places: pd.DataFrame) -> dict[str, str]:
    """A code for each name; two names of one level must not share one."""
    places = places.assign(area_code=[slug_name(name) for name in places["area_name"]])
    clash = places[places.duplicated(["area_level", "area_code"], keep=False)]
    if len(clash):
        level, _, code = clash.iloc[0]
        names = clash.loc[(clash["area_level"] == level) & (clash["area_code"] == code)]
        raise WfanalyticsError(
            f"Names that cannot be told apart ({level}): {', '.join(sorted(names['area_name']))}. "
            "Write one name for both in teams.csv, or clearly different ones."
        )
    return dict(zip(places["area_name"], places["area_code"], strict=True))
