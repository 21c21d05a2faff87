"""Where one authority stands among all and beside its neighbours: rank, quartile, median, moves.

Published rates only. A regional rate is never rebuilt from counts: DfE leaves authorities out
of it that the counts include. Neighbours are told by the median of the ten, as DfE does, never
by an average or a rate rebuilt from counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from wfanalytics.frames import USABLE_STATUSES
from wfanalytics.measures.area_data import AreaData
from wfanalytics.raw.neighbours import JOINT

#: Fewest neighbours with a figure that make a median worth printing.
FEWEST_NEIGHBOURS = 5


@dataclass(frozen=True)
class Standing:
    """One figure among the authorities of one year; ranks count from the lowest.

    ``count`` is the authorities with a figure. ``quartile`` is 1 to 4 by linear interpolation.
    ``region_rank`` of ``region_count`` is among the region's own.
    """

    value: float
    rank: int
    count: int
    quartile: int
    region_rank: int | None
    region_count: int | None


def calculate_ranks(
    national: pd.DataFrame, *, measure: str, period_end: pd.Timestamp
) -> pd.DataFrame:
    """All authorities of one year, lowest first, with ``rank`` and ``quartile``.

    Equal figures share the lowest place. Authorities whose figure is withheld or not available
    stay in the frame, last, without a rank, and count in no quartile.

    >>> rows = pd.DataFrame({"measure": "vacancy_rate_fte", "area_name": list("abc"),
    ...     "period_end": pd.Timestamp("2019-09-30"), "value": [0.2, 0.1, 0.1], "status": "ok"})
    >>> ranks = calculate_ranks(rows, measure="vacancy_rate_fte",
    ...                         period_end=pd.Timestamp("2019-09-30"))
    >>> ranks[["area_name", "rank"]].to_numpy().tolist()
    [['b', 1.0], ['c', 1.0], ['a', 3.0]]
    """
    chosen = (national["measure"] == measure) & (national["period_end"] == period_end)
    rows = national[chosen].copy()
    value = rows["value"].where(rows["status"].isin(USABLE_STATUSES))
    rows = rows.assign(rank=value.rank(method="min"), quartile=find_quartiles(value, value))
    return rows.sort_values(["rank", "area_name"], na_position="last", ignore_index=True)


def find_quartiles(values: pd.Series, among: pd.Series) -> pd.Series:
    """Quartile 1 (lowest) to 4 of each value among others; NaN stays NaN."""
    known = among.dropna()
    if known.empty:
        return pd.Series(np.nan, index=values.index)
    edges = np.quantile(known, [0.25, 0.5, 0.75])
    return pd.Series(np.searchsorted(edges, values, side="left") + 1.0, index=values.index).where(
        values.notna()
    )


def find_standing(
    national: pd.DataFrame, *, measure: str, period_end: pd.Timestamp, value: float,
    region: str | None = None,
) -> Standing | None:  # fmt: skip
    """Where a figure, one of the authorities' own, stands; None where the year has no figures."""
    ranks = calculate_ranks(national, measure=measure, period_end=period_end)
    known = ranks["value"][ranks["rank"].notna()]
    if known.empty or not np.isfinite(value):
        return None
    same = ranks[ranks["rank"].notna() & (ranks["region_name"] == region)]["value"]
    return Standing(
        value,
        int((known < value).sum()) + 1,
        len(known),
        int(find_quartiles(pd.Series([value]), known).iloc[0]),
        None if region is None else int((same < value).sum()) + 1,
        None if region is None else len(same),
    )


def calculate_moves(national: pd.DataFrame, *, measure: str, period_end: pd.Timestamp) -> pd.Series:
    """How far each authority moved in the year to ``period_end``, without sign.

    Years are joined on the old code, which survives changes of name and boundary code; an
    authority that is new, gone or withheld in one of the years has no move.
    """
    rows = national[(national["measure"] == measure) & national["status"].isin(USABLE_STATUSES)]
    now = rows[rows["period_end"] == period_end].set_index("old_la_code")["value"]
    before = rows[rows["period_end"] == period_end - pd.DateOffset(years=1)]
    return (now - before.set_index("old_la_code")["value"]).abs().dropna()


def has_vacancies_equal_to_cover(own: pd.DataFrame) -> bool:
    """Whether an authority reports exactly as many vacancies as agency staff covering them.

    Then its vacancy rate may be a count of agency staff and not an independent measure.
    """
    usable = own[own["status"].isin(USABLE_STATUSES)].set_index("measure")["value"]
    vacancies, cover = usable.get("vacancy_fte"), usable.get("agency_cover_fte")
    return vacancies is not None and cover is not None and vacancies == cover and vacancies > 0


def find_cover_years(own: pd.DataFrame) -> list[int]:
    """Years in which an authority's vacancies equal its agency cover exactly."""
    years = own.groupby(own["period_end"].dt.year)
    return [int(year) for year, rows in years if has_vacancies_equal_to_cover(rows)]


def is_own(rows: pd.DataFrame, data: AreaData) -> pd.Series:
    """Which of DfE's rows are the area's own: by code where it has one, else by name."""
    if data.old_la_code:
        return rows["old_la_code"] == data.old_la_code
    return rows["area_name"] == data.name


def find_neighbour_rows(
    national: pd.DataFrame, *, codes: Iterable[str], measure: str, period_end: pd.Timestamp
) -> pd.DataFrame:
    """Neighbours' rows of one measure and year, lowest first, withheld figures last.

    A neighbour whose return is joint (``940 / 941``) stands for both its members, once; one
    that made no return that year has no row.
    """
    rows = _keep_neighbours(national, codes=codes, period_end=period_end)
    rows = rows[rows["measure"] == measure]
    value = rows["value"].where(rows["status"].isin(USABLE_STATUSES))
    return rows.assign(value=value).sort_values(["value", "area_name"], ignore_index=True)


def calculate_neighbour_medians(
    national: pd.DataFrame, *, codes: Iterable[str], measures: Iterable[str],
    period_end: pd.Timestamp,
) -> pd.DataFrame:  # fmt: skip
    """One row a measure: ``median`` of the neighbours with a figure, and how many they are.

    ``count`` neighbours have a figure; the median is null where fewer than five have one.

    >>> rows = pd.DataFrame({"measure": "caseload_fte", "old_la_code": list("123456"),
    ...     "area_name": list("abcdef"), "period_end": pd.Timestamp("2019-09-30"),
    ...     "value": [14.0, 15.0, 16.0, 17.0, 18.0, 30.0], "status": "ok"})
    >>> medians = calculate_neighbour_medians(rows, codes="12345", measures=["caseload_fte"],
    ...                                       period_end=pd.Timestamp("2019-09-30"))
    >>> medians[["median", "count"]].to_numpy().tolist()
    [[16.0, 5.0]]
    """
    rows = _keep_neighbours(national, codes=codes, period_end=period_end)
    known = rows["value"].where(rows["status"].isin(USABLE_STATUSES))
    groups = known.groupby(rows["measure"])
    frame = pd.DataFrame({"median": groups.median(), "count": groups.count()})
    frame = frame.reindex(list(measures)).rename_axis("measure").reset_index()
    frame = frame.assign(count=frame["count"].fillna(0).astype(int))
    return frame.assign(median=frame["median"].where(frame["count"] >= FEWEST_NEIGHBOURS))


def _keep_neighbours(
    national: pd.DataFrame, *, codes: Iterable[str], period_end: pd.Timestamp
) -> pd.DataFrame:
    """Rows of the year whose return is by one of these authorities, alone or jointly."""
    wanted, rows = set(codes), national[national["period_end"] == period_end]
    returns = rows["old_la_code"].dropna().unique()
    kept = [code for code in returns if wanted.intersection(code.split(JOINT))]
    return rows[rows["old_la_code"].isin(kept)]
