"""What a control chart is made from: rows put in order, settings read and checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wfanalytics.errors import InputError, ParameterError, WfanalyticsError, unknown_name

#: The fewest points limits may be frozen on.
SHORTEST_BASELINE = 12
#: The directions of a definition, and which row of a table of point types each uses.
BETTER = {"neither": 0, "within band": 0, "higher": 1, "lower": 2}

Phases = Iterable[date] | Mapping[Any, Iterable[date]]


@dataclass(frozen=True)
class Points:
    """A frame's rows in order of series and date.

    ``order`` holds their places in the frame (None where they are in order already), ``series``
    a number for each series in order of first appearance.
    """

    order: NDArray[np.intp] | None
    series: NDArray[np.intp]
    dates: NDArray[np.datetime64]
    is_first: NDArray[np.bool_]

    @property
    def starts(self) -> NDArray[np.intp]:
        """Where each series begins."""
        return np.flatnonzero(self.is_first)

    def arrange(self, values: NDArray[Any]) -> NDArray[Any]:
        """Values of the frame's rows, in order of series and date."""
        return values if self.order is None else values[self.order]

    def restore(self, values: NDArray[Any]) -> NDArray[Any]:
        """The reverse: values in the order of the frame."""
        if self.order is None:
            return values
        result = np.empty_like(values)
        result[self.order] = values
        return result


def order_points(frame: pd.DataFrame, *, by: Sequence[str], date: str) -> Points:
    """Order the rows, or raise where a date is missing or a series has two rows for one."""
    for name in (*by, date):
        if name not in frame:
            raise WfanalyticsError(unknown_name("column", name, map(str, frame.columns)))
    if not pd.api.types.is_datetime64_dtype(frame[date]):
        raise InputError("not dates", column=date, remedy="Turn the column into dates first.")
    if frame[date].isna().any():
        raise InputError("a row has no date", column=date, remedy="Leave out rows without one.")
    days = frame[date].to_numpy()
    series = _number_series(frame, by=by)
    day, all_days = pd.factorize(days, sort=True)
    # Series and day as one number: sorting one is much faster than sorting by two.
    place = series * len(all_days) + day
    order = None
    if (place[1:] <= place[:-1]).any():
        order = np.argsort(place)
        series, days, place = series[order], days[order], place[order]
        _check_unique(days, place[1:] == place[:-1], date=date)
    is_first = np.ones(len(frame), dtype=bool)
    is_first[1:] = series[1:] != series[:-1]
    return Points(order, series, days, is_first)


def _number_series(frame: pd.DataFrame, *, by: Sequence[str]) -> NDArray[np.intp]:
    """A number for the series of each row, in order of first appearance.

    Neighbouring rows are mostly of one series, so only the first of each stretch is looked up:
    comparing neighbours takes a tenth of the time of grouping every row by its columns.
    """
    is_new = np.zeros(len(frame), dtype=bool)
    is_new[:1] = True
    for name in by:
        column = frame[name].array
        is_new[1:] |= pd.Series(column[1:] != column[:-1]).fillna(True).to_numpy(dtype=bool)
    if not by:
        return np.cumsum(is_new) - 1
    heads = frame[list(by)].take(np.flatnonzero(is_new))
    series = heads.groupby(list(by), sort=False, dropna=False).ngroup().to_numpy(np.intp)
    number: NDArray[np.intp] = series[np.cumsum(is_new) - 1]
    return number


def _check_unique(days: NDArray[np.datetime64], is_repeated: NDArray[np.bool_], date: str) -> None:
    if is_repeated.any():
        raise InputError(
            "two rows of one series have the same date",
            column=date,
            found=str(days[1:][is_repeated][0].astype("datetime64[D]")),
            remedy="Keep one row for each date, or name the columns that tell series apart in by.",
        )


def read_values(frame: pd.DataFrame, value: str) -> NDArray[np.float64]:
    """The figures as floats, NaN where there is none."""
    if value not in frame:
        raise WfanalyticsError(unknown_name("column", value, map(str, frame.columns)))
    column = frame[value]
    is_number = pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)
    if not is_number:
        raise InputError("not numbers", column=value, remedy="Turn the column into numbers first.")
    values: NDArray[np.float64] = column.to_numpy(dtype=np.float64, na_value=np.nan)
    if np.isinf(values).any():
        raise InputError(
            "an infinite figure", column=value, remedy="Look for a division by 0 before this step."
        )
    return values


def read_numbers(setting: Any, frame: pd.DataFrame, *, name: str) -> NDArray[np.float64]:
    """One number a row, NaN for None, from one for all or a column indexed like the frame."""
    try:
        if isinstance(setting, pd.Series):
            _check_rows(setting, frame, name=name)
            numbers: NDArray[np.float64] = setting.to_numpy(np.float64, copy=True, na_value=np.nan)
            return numbers
        return np.full(len(frame), np.nan if setting is None else float(setting))
    except (TypeError, ValueError):
        raise ParameterError(f"{name} is not a number.") from None


def read_baseline(setting: Any, frame: pd.DataFrame) -> NDArray[np.float64]:
    """How many points of a phase its limits rest on, NaN for all."""
    numbers = read_numbers(setting, frame, name="baseline_points")
    wrong = numbers[(numbers < SHORTEST_BASELINE) | (numbers != np.floor(numbers))]
    wrong = wrong[~np.isnan(wrong)]
    if len(wrong):
        raise ParameterError(
            f"baseline_points is {wrong[0]:g}. Freeze limits on {SHORTEST_BASELINE} points or "
            "more, or leave it out."
        )
    return numbers


def read_better(setting: Any, frame: pd.DataFrame) -> NDArray[np.int8]:
    """The row of a table of point types for each row of the frame."""
    if not isinstance(setting, pd.Series):
        return np.full(len(frame), _read_direction(setting), dtype=np.int8)
    _check_rows(setting, frame, name="better")
    codes = {word: _read_direction(word) for word in setting.unique()}
    return setting.map(codes).to_numpy(dtype=np.int8)  # type: ignore[no-any-return]


def _read_direction(word: Any) -> int:
    if not isinstance(word, str) or word not in BETTER:
        raise ParameterError(unknown_name("direction of better", str(word), BETTER))
    return BETTER[word]


def _check_rows(setting: pd.Series, frame: pd.DataFrame, *, name: str) -> None:
    if not setting.index.equals(frame.index):
        raise ParameterError(f"The column given for {name} has other rows than the frame.")


def find_phase_starts(
    points: Points, frame: pd.DataFrame, phases: Phases, *, by: Sequence[str]
) -> NDArray[np.bool_]:
    """The points, in order, that start a phase of their series; a date without one is ignored."""
    if not isinstance(phases, Mapping):
        return np.isin(points.dates, _read_days(phases).to_numpy())
    pairs = [(key, day) for key, days in phases.items() for day in _read_days(days)]
    first_rows = frame[list(by)].take(points.arrange(np.arange(len(frame)))[points.is_first])
    keys = pd.Index([row[0] if len(by) == 1 else row for row in first_rows.itertuples(index=False)])
    series = keys.get_indexer([key for key, _ in pairs])
    all_days, day = np.unique(points.dates, return_inverse=True)
    wanted = pd.DatetimeIndex(all_days).get_indexer(pd.DatetimeIndex([when for _, when in pairs]))
    is_there = (series >= 0) & (wanted >= 0)
    # Series and day as one number, so that one look-up serves all series.
    starts = (series * len(all_days) + wanted)[is_there]
    return np.isin(points.series * len(all_days) + day, starts)


def _read_days(days: Iterable[date]) -> pd.DatetimeIndex:
    """Dates only: pandas would read text too, the American way and ``May`` as this year's."""
    checked = list(days)
    if not all(isinstance(day, date | np.datetime64) for day in checked):
        raise ParameterError("phases holds something that is not a date, such as text.")
    return pd.DatetimeIndex(checked)
