"""How long permanent staff stay: the Kaplan-Meier estimate with late entry.

Kaplan and Meier (1958) with the product limit taken over those under observation: somebody
first seen at three years of tenure counts at risk only after it (left truncation, Tsai, Jewell
and Wang 1987). Variance by Greenwood, interval on the log-minus-log scale (Kalbfleisch and
Prentice), as R's survival package calls ``conf.type = "log-log"``.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from wfanalytics.analysis.tenure import DAYS_IN_YEAR

#: Normal quantile of a 95% interval.
Z_95 = 1.959963984540054
#: Fewest people at risk on which a point of the curve may rest.
FEWEST_AT_RISK = 10


class Retention(NamedTuple):
    """Share still here after so many days, with its 95% interval."""

    share: float
    lower: float
    upper: float


def calculate_survival(spells: pd.DataFrame, *, fewest: int = FEWEST_AT_RISK) -> pd.DataFrame:
    """Share of permanent staff still here by days of tenure.

    Parameters
    ----------
    spells : ``entry_days``, ``end_days`` and ``has_left`` of each spell, as
        :func:`~wfanalytics.analysis.tenure.find_permanent_spells` gives them.
    fewest : the curve ends before the first day on which fewer are at risk.

    Returns
    -------
    DataFrame, one row a day on which a spell ends, ``days`` ascending: ``at_risk`` and
    ``leavers`` people, ``survival`` (0 to 1) with ``lower`` and ``upper``. Empty where too few
    are at risk from the beginning.

    >>> spells = pd.DataFrame({"entry_days": 0, "end_days": [10, 20, 20, 30],
    ...                        "has_left": [True, True, False, False]})
    >>> calculate_survival(spells, fewest=1)["survival"].tolist()
    [0.75, 0.5, 0.5]
    """
    entry = np.sort(spells["entry_days"].to_numpy(dtype=float))
    ends = spells["end_days"].to_numpy(dtype=float)
    days = np.unique(ends)
    at_risk = np.searchsorted(entry, days) - np.searchsorted(np.sort(ends), days)
    gone = np.sort(ends[spells["has_left"].to_numpy(dtype=bool)])
    leavers = np.searchsorted(gone, days, side="right") - np.searchsorted(gone, days)
    enough = np.logical_and.accumulate(at_risk >= fewest)
    days, at_risk, leavers = days[enough], at_risk[enough], leavers[enough]
    survival = np.cumprod(1 - leavers / at_risk)
    lower, upper = _find_interval(survival, at_risk, leavers)
    return pd.DataFrame(
        {
            "days": days, "at_risk": at_risk, "leavers": leavers,
            "survival": survival, "lower": lower, "upper": upper,
        }
    )  # fmt: skip


def _find_interval(
    survival: np.ndarray, at_risk: np.ndarray, leavers: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The 95% interval; 1 to 1 before anybody left, and none where everybody has."""
    is_inside = (survival > 0) & (survival < 1)
    rest = np.where(at_risk > leavers, at_risk - leavers, 1)
    greenwood = np.cumsum(leavers / (at_risk * rest))
    log = np.log(survival, out=np.full_like(survival, -1.0), where=is_inside)
    factor = np.exp(Z_95 * np.sqrt(greenwood) / -log)
    flat = np.where(survival >= 1, 1.0, np.nan)
    return (
        np.where(is_inside, survival**factor, flat),
        np.where(is_inside, survival ** (1 / factor), flat),
    )


def find_retention(curve: pd.DataFrame, *, years: float) -> Retention | None:
    """Share still here after so many years; None past the end of the curve.

    >>> curve = pd.DataFrame({"days": [100.0, 400.0], "survival": [0.9, 0.8],
    ...                       "lower": [0.8, 0.7], "upper": [0.95, 0.9]})
    >>> find_retention(curve, years=1)
    Retention(share=0.9, lower=0.8, upper=0.95)
    """
    days = years * DAYS_IN_YEAR
    if curve.empty or curve["days"].iloc[-1] < days:
        return None
    passed = curve[curve["days"] <= days]
    if passed.empty:
        return Retention(1.0, 1.0, 1.0)
    last = passed.iloc[-1]
    return Retention(float(last["survival"]), float(last["lower"]), float(last["upper"]))


def find_median_years(curve: pd.DataFrame) -> float | None:
    """Years of tenure by which half have left; None where more than half stay to the end.

    >>> find_median_years(pd.DataFrame({"days": [365.25, 730.5], "survival": [0.6, 0.5]}))
    2.0
    """
    reached = curve.loc[curve["survival"] <= 0.5 + 1e-12, "days"]
    return None if reached.empty else float(reached.iloc[0] / DAYS_IN_YEAR)
