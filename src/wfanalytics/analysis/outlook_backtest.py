"""How well the projection would have done: from every month of the past with enough behind it.

The model is set beside two that need no model: "no change" and "same as last year". A model
that does not beat "no change" is not used.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from wfanalytics.analysis.outlook_model import (
    MEDIAN_RATE,
    MONTHS_IN_YEAR,
    Opening,
    Plan,
    calculate_hazard,
    find_inflation,
    simulate,
)
from wfanalytics.analysis.outlook_scenarios import Rates
from wfanalytics.errors import MeasureError
from wfanalytics.frames import USABLE_STATUSES
from wfanalytics.measures.area_data import AreaData
from wfanalytics.periods import format_month

#: Origins below which a comparison says nothing, and futures simulated from each.
FEWEST_ORIGINS, _PATHS = 12, 2_000
SHARES = (0.8, 0.95)
METHODS = {"model": "This model", "no_change": "No change", "last_year": "Same as last year"}


@dataclass(frozen=True, eq=False)
class Backtest:
    """What came of projecting from each past month.

    ``origins`` has a row an origin: the month end, what each method said of staff in post
    (``model``, ``no_change``, ``last_year``), what came (``actual``), whether it was in the
    interval of the model and of the model in which starters replace leavers (``model_80``,
    ``no_change_95``), half the 80% interval's width (``model_width``), and the same for leavers.
    """

    origins: pd.DataFrame
    horizon: int

    @property
    def is_enough(self) -> bool:
        """Whether there are enough origins to say anything."""
        return len(self.origins) >= FEWEST_ORIGINS

    @property
    def beats_no_change(self) -> bool:
        """Whether there is enough to compare, and the model's median error is the smaller."""
        return self.is_enough and self.find_error("model") < self.find_error("no_change")

    def find_error(self, method: str) -> float:
        """A method's median error in permanent staff, or in leavers (``leavers_model``), people."""
        actual = "leavers_actual" if method.startswith("leavers") else "actual"
        return float((self.origins[method] - self.origins[actual]).abs().median())

    def find_factor(self, method: str) -> float:
        """How many times as wide a method's 80% interval must be to have held 80% of outcomes.

        Never below 1, and 1 where there are too few origins to say.
        """
        if not self.is_enough:
            return 1.0
        actual, middle = (
            ("leavers_actual", "leavers_model") if method == "leavers" else ("actual", method)
        )
        missed = (self.origins[actual] - self.origins[middle]).abs()
        return max(1.0, float((missed / self.origins[f"{method}_width"]).quantile(SHARES[0])))

    def find_coverage(self, interval: str) -> float:
        """The share of origins whose outcome was in an interval, such as ``model_80``."""
        return float(self.origins[interval].astype(float).mean())


def list_flows(data: AreaData) -> pd.DataFrame:
    """The authority's people by month end: in post, leavers, starters, conversions; blank gaps."""
    names = {"inpost_headcount": "inpost", "leavers_headcount": "leavers",
             "starters_headcount": "starters", "conversions_headcount": "conversions"}  # fmt: skip
    rows = data.measures[data.measures["measure"].isin(names)]
    rows = rows[(rows["area_level"] == "authority") & rows["status"].isin(USABLE_STATUSES)]
    rows = rows[rows["period_end"] <= data.month]
    wide = rows.pivot_table(index="period_end", columns="measure", values="value")
    wide = wide.rename(columns=names)
    wide = wide.reindex(columns=list(names.values()))
    if wide.empty:
        return wide
    return wide.reindex(pd.date_range(wide.index.min(), data.month, freq="ME"))


def find_centre(data: AreaData, month: pd.Timestamp) -> float:
    """The middle authority's turnover in the newest published year by then, else that of 2025."""
    if data.national.empty:
        return MEDIAN_RATE
    rows = data.national
    rows = rows[(rows["measure"] == "turnover_rate_headcount") & rows["value"].notna()]
    rows = rows[(rows["area_level"] == "authority") & (rows["period_end"] <= month)]
    if rows.empty:
        return MEDIAN_RATE
    return float(rows.loc[rows["period_end"] == rows["period_end"].max(), "value"].median())


def find_rates(data: AreaData, *, services: int = 1, rate: float | None = None) -> Rates:
    """The flows of the twelve months to the reported one; ``rate`` replaces the leaving rate.

    One rate serves every service: a service's own leavers are too few to tell them apart.

    Raises
    ------
    MeasureError
        for less than twelve months of leavers, starters and staff, or nobody in post.
    """
    year = list_flows(data).tail(MONTHS_IN_YEAR)
    if len(year) < MONTHS_IN_YEAR or year.isna().any(axis=None):
        found = int(year.notna().all(axis=1).sum())
        raise MeasureError(
            f"A projection needs twelve months of staff, leavers and starters; {found} "
            f"{'is' if found == 1 else 'are'} there to {format_month(data.month)}."
        )
    if not year["inpost"].sum():
        raise MeasureError(f"Nobody was in post in the year to {format_month(data.month)}.")
    return _rates_of(year, services=services, centre=find_centre(data, data.month), rate=rate)


def _rates_of(
    year: pd.DataFrame, *, services: int = 1, centre: float = MEDIAN_RATE, rate: float | None = None
) -> Rates:
    heads = float(year["inpost"].mean())
    hazard, spread = calculate_hazard(float(year["leavers"].sum()), heads=heads, centre=centre)
    starters = float((year["starters"] - year["conversions"]).sum())
    inflation = find_inflation(heads)
    return Rates(
        hazard=np.full(services, hazard if rate is None else rate),
        spread=spread,
        starters=max(starters, 0.0),
        # Next year differs from this one, and this one's number is itself uncertain.
        starters_spread=(2 * inflation - 1) / starters if starters > 0 else 0.0,
        conversions=float(year["conversions"].sum()),
    )


def backtest_area(data: AreaData, *, horizon: int, seed: int) -> Backtest:
    """Project permanent staff and leavers ``horizon`` months from every past month that allows it.

    An origin needs twelve complete months behind it and the horizon's months after it. Each sees
    only what was known by then. Neighbouring origins share months, so they are not independent.
    """
    flows = list_flows(data)
    rows = []
    for at in range(MONTHS_IN_YEAR - 1, len(flows) - horizon):
        past, to_come = flows.iloc[at - 11 : at + 1], flows.iloc[at + 1 : at + 1 + horizon]
        if not (past.isna().any(axis=None) or to_come.isna().any(axis=None)):
            centre = find_centre(data, flows.index[at])
            rows.append(_try_origin(past, to_come, centre=centre, seed=seed))
    return Backtest(pd.DataFrame(rows, columns=_COLUMNS), horizon)


_COLUMNS = [
    "month", "actual", "model", "no_change", "last_year", "model_80", "model_95", "model_width",
    "no_change_80", "no_change_95", "no_change_width", "leavers_actual", "leavers_model",
    "leavers_last_year", "leavers_80", "leavers_95", "leavers_width",
]  # fmt: skip


def _try_origin(
    past: pd.DataFrame, to_come: pd.DataFrame, *, centre: float, seed: int
) -> tuple[object, ...]:
    months, rates = len(to_come), _rates_of(past, centre=centre)
    now, after = float(past["inpost"].iloc[-1]), float(to_come["inpost"].iloc[-1])
    pace = (rates.starters + rates.conversions) / MONTHS_IN_YEAR
    replacing = float(rates.hazard[0]) * now / MONTHS_IN_YEAR
    paths, steady = (
        simulate(*_make_whole(now, rates, months, joining), seed=seed, paths=_PATHS)
        for joining in (pace, replacing)
    )
    staff, left = paths.permanent[:, -1, 0], paths.leavers.sum(axis=(1, 2))
    actual_left = float(to_come["leavers"].sum())
    year_ago = past.iloc[:months]
    flow = float((year_ago["starters"] - year_ago["leavers"]).sum())
    return (
        past.index[-1], after, np.median(staff), now, now + flow,
        *_try_intervals(after, staff), *_try_intervals(after, steady.permanent[:, -1, 0]),
        actual_left, np.median(left), float(year_ago["leavers"].sum()),
        *_try_intervals(actual_left, left),
    )  # fmt: skip


def _make_whole(heads: float, rates: Rates, months: int, joining: float) -> tuple[Opening, Plan]:
    """The authority as one service that so many people join each month."""
    one, none = np.ones(1), np.zeros((months, 1))
    nobody = none.astype(np.int64)
    opening = Opening(
        ("",), np.array([int(heads)]), np.zeros(1, dtype=np.int64), one, one, one, one
    )
    plan = Plan(
        hazard=none + rates.hazard / MONTHS_IN_YEAR, usual=none + joining, conversions=none,
        gone=nobody, agency_ends=nobody, posts=none, cases=np.zeros(months),
        not_productive=np.zeros(months + 1), spread=rates.spread,
        usual_spread=rates.starters_spread,
    )  # fmt: skip
    return opening, plan


def _try_intervals(value: float, futures: np.ndarray) -> tuple[bool, bool, float]:
    """Whether the 80% and the 95% interval hold the value, and half the width of the first."""
    ends = [np.quantile(futures, [(1 - share) / 2, (1 + share) / 2]) for share in SHARES]
    held = [bool(low <= value <= high) for low, high in ends]
    return held[0], held[1], max(float(ends[0][1] - ends[0][0]) / 2, 0.5)
