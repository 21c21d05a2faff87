"""How far the latest figure is from a year earlier, and from its last turning point."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from wfanalytics.frames import USABLE_STATUSES

#: How far back a turning point is looked for. A committee remembers about two years.
MEMORY = pd.DateOffset(months=24)
#: A figure that has moved by less than this share of the two years' range has hardly moved.
HARDLY = 0.1


@dataclass(frozen=True)
class Change:
    """The rows of one series that its sentences speak of; None where there is no figure.

    ``latest`` is the last row, whatever its status; ``year_ago`` the row twelve months before
    it; ``turning_point`` the highest or the lowest figure of the last two years, the latest
    figure itself aside: whichever came later, unless the latest figure has hardly left it.
    """

    latest: pd.Series
    year_ago: pd.Series | None
    turning_point: pd.Series | None

    @property
    def has_figure(self) -> bool:
        """Whether the latest period has a figure."""
        return self.latest["status"] in USABLE_STATUSES


def calculate_change(rows: pd.DataFrame) -> Change:
    """Find the rows to compare in one series of a measure frame, in any order.

    >>> dates = pd.to_datetime(["2018-07-31", "2019-02-28", "2019-07-31"])
    >>> rows = pd.DataFrame({"period_end": dates, "value": [0.159, 0.185, 0.07], "status": "ok"})
    >>> float(calculate_change(rows).turning_point["value"])
    0.185
    """
    ordered = rows.sort_values("period_end", ignore_index=True)
    latest = ordered.iloc[-1]
    usable = ordered[ordered["status"].isin(USABLE_STATUSES)]
    year_ago = usable[usable["period_end"] == _year_earlier(latest["period_end"])]
    turning = None
    if latest["status"] in USABLE_STATUSES:
        recent = usable[usable["period_end"] >= latest["period_end"] - MEMORY]
        turning = _find_turning_point(recent["value"], latest=latest.name)
        turning = None if turning is None else usable.loc[turning]
    return Change(latest, year_ago.iloc[-1] if len(year_ago) else None, turning)


def _find_turning_point(values: pd.Series, *, latest: Any) -> Any:
    """The row of the later extreme; of the earlier one, where the later is as good as now."""
    extremes = sorted({values.idxmax(), values.idxmin()} - {latest}, reverse=True)
    hardly = HARDLY * (values.max() - values.min())
    left = [row for row in extremes if abs(values[latest] - values[row]) > hardly]
    return next(iter([*left, *extremes]), None)


def _year_earlier(end: pd.Timestamp) -> pd.Timestamp:
    """The month end, or the same weekday, a year before."""
    if end == end + pd.offsets.MonthEnd(0):
        return end - pd.DateOffset(years=1) + pd.offsets.MonthEnd(0)
    return end - pd.Timedelta(weeks=52)
