"""Published rates recomputed from the published counts beside them.

The counts are rounded, so a rate rebuilt from them may honestly differ from the published one.
How far is worked out for each row: half the last digit of the published rate, plus what half
the last digit of its counts can move it.
"""

from __future__ import annotations

import pandas as pd

from wfanalytics.periods import working_days
from wfanalytics.raw.published import RATES, RateParts

#: Half the last printed digit of a rate (percentage points, or cases for each FTE).
RATE_HALF_UNIT = 0.05
#: Half the last printed digit of FTE and days; people and cases are counted exactly.
PART_HALF_UNIT = 0.05
_EXACT = ("_headcount", "cases")
#: Floating-point noise, far below anything printed.
_NOISE = 1e-9

NO_PARTS = "parts withheld"
NO_BASE = "nothing to divide by"


def compare_published_rates(measures: pd.DataFrame) -> pd.DataFrame:
    """Each published rate beside the one its counts give.

    Parameters
    ----------
    measures : a measure frame from :func:`wfanalytics.raw.published.read_published`.

    Returns
    -------
    One row a rate, area and year: the key, ``published``, ``recomputed`` and ``tolerance`` in
    percentage points (caseload in cases for each FTE), ``is_within`` and, where that is null,
    ``reason``: the status of a withheld rate, ``parts withheld``, or ``nothing to divide by``
    for a rate published on a count of 0.

    Examples
    --------
    West Sussex, 30 September 2019: 56.3 vacancies, 494.5 in post, published as 10.2.

    >>> row = {"measure": "vacancy_rate_fte", "period_end": pd.Timestamp("2019-09-30"),
    ...        "area_level": "authority", "area_code": "E10000032", "area_name": "West Sussex",
    ...        "numerator": 56.3, "denominator": 550.8, "value": 0.102, "status": "ok",
    ...        "source": "DfE 2017 to 2023"}
    >>> result = compare_published_rates(pd.DataFrame([row])).iloc[0]
    >>> f"{result['recomputed']:.2f} within {result['tolerance']:.3f}"
    '10.22 within 0.059'
    >>> bool(result["is_within"])
    True
    """
    rates = measures[measures["measure"].isin(list(RATES))]
    compared = [
        _compare_rate(group, RATES[str(measure)])
        for measure, group in rates.groupby("measure", sort=False)
    ]
    if not compared:
        compared = [_compare_rate(rates, RATES["vacancy_rate_fte"])]
    return pd.concat(compared).sort_index().reset_index(drop=True)


def _compare_rate(rows: pd.DataFrame, parts: RateParts) -> pd.DataFrame:
    keys = ["measure", "period_end", "area_level", "area_code", "area_name", "source"]
    days = rows["period_end"].map(working_days) if parts.is_per_working_day else 1
    top, base = rows["numerator"], rows["denominator"] / days
    recomputed = _rate(top, base, parts).where(base > 0) / days
    low, high = (bound / days for bound in _bounds(top, base, parts))
    spread = pd.concat([high - recomputed, recomputed - low], axis=1).max(axis=1)
    published = rows["value"] * parts.per
    tolerance = RATE_HALF_UNIT + spread
    is_comparable = published.notna() & recomputed.notna()
    within = (published - recomputed).abs() <= tolerance + _NOISE
    reason = rows["status"].where(rows["status"] != "ok", NO_PARTS)
    reason = reason.mask((rows["status"] == "ok") & (base == 0), NO_BASE)
    return rows[keys].assign(
        published=published,
        recomputed=recomputed,
        tolerance=tolerance.where(recomputed.notna()),
        is_within=within.astype("boolean").where(is_comparable),
        reason=reason.where(~is_comparable, ""),
    )


def _rate(top: pd.Series, base: pd.Series, parts: RateParts) -> pd.Series:
    return top / base.where(base > 0) * parts.per


def _bounds(top: pd.Series, base: pd.Series, parts: RateParts) -> tuple[pd.Series, pd.Series]:
    """Lowest and highest rate that unrounded counts could have given.

    In a share the numerator is part of the denominator, so both move together; the rest of the
    denominator moves on its own.
    """
    is_share = parts.numerator in parts.denominator
    rest = base - top if is_share else base
    top_half, rest_half = _half_unit(parts.numerator), _half_unit(parts.denominator[-1])

    def rate(top: pd.Series, rest: pd.Series) -> pd.Series:
        return _rate(top, top + rest if is_share else rest, parts)

    low = rate((top - top_half).clip(lower=0), rest + rest_half)
    return low, rate(top + top_half, (rest - rest_half).clip(lower=0))


def _half_unit(field: str) -> float:
    return 0.0 if field.endswith(_EXACT) else PART_HALF_UNIT
