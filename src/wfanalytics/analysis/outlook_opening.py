"""Where a projection starts: staff and posts of each service at the reported month's end."""

from __future__ import annotations

import numpy as np
import pandas as pd

from wfanalytics.analysis.outlook_model import Floats, Opening
from wfanalytics.errors import MeasureError
from wfanalytics.measures.area_data import AreaData
from wfanalytics.measures.posts import sum_stock
from wfanalytics.periods import format_month

_LISTS = {"posts": "establishment list", "workers": "staff list"}


def find_opening(data: AreaData) -> Opening:
    """Staff and posts of each service at the reported month's end, from the clean tables.

    What is in no service is one of its own, named ''.

    Raises
    ------
    MeasureError
        for a month without posts or staff list.
    """
    held = {name: rows for name, rows in data.tables.items() if name in _LISTS}
    now = {name: rows[rows["as_at"] == data.month] for name, rows in held.items()}
    missing = [name for name in _LISTS if name not in now or now[name].empty]
    if missing:
        lists = " and no ".join(_LISTS[name] for name in missing)
        raise MeasureError(f"There is no {lists} for {format_month(data.month)}: what is not known "
                           "cannot be continued.")  # fmt: skip
    stock = sum_stock(now["posts"], now["workers"], months=pd.DatetimeIndex([data.month]))
    services = [name for level, name in stock.seen.index if level == "service"]

    def by_service(kind: str, column: str) -> Floats:
        values = stock.grids[kind][column][data.month].fillna(0.0)
        own = np.array([values.get(("service", name), 0.0) for name in services])
        rest = values[values.index.get_level_values(0) == "authority"].sum() - own.sum()
        return np.append(own, max(round(float(rest), 6), 0.0))

    heads, agency = by_service("permanent", "people"), by_service("agency", "people")
    fte, agency_fte = by_service("permanent", "fte"), by_service("agency", "fte")
    posts, cover = by_service("posts", "vacancy") + fte, by_service("posts", "cover")
    is_used = (heads > 0) | (agency > 0) | (posts > 0)
    present = _divide(fte, heads, default=fte.sum() / max(heads.sum(), 1))
    absent = by_service("permanent", "long_absence").sum() / max(fte.sum(), 1e-9)
    caseload = {name: _latest(data, name) for name in ("cases", "case_holders_fte")}
    working = fte.sum() * (1 - absent) + agency_fte.sum()
    return Opening(
        tuple(str(name) for name in np.append(services, "")[is_used]),
        heads[is_used].astype(np.int64), agency[is_used].astype(np.int64), posts[is_used],
        present[is_used], _divide(agency_fte, agency, default=1.0)[is_used],
        _divide(cover, agency_fte, default=1.0)[is_used],
        absent_share=absent, cases=caseload["cases"],
        holder_share=caseload["case_holders_fte"] / working if working else 0.0,
        newly_qualified=_list_newly_qualified(now["workers"], data.month),
    )  # fmt: skip


def _divide(parts: Floats, whole: Floats, *, default: float) -> Floats:
    found: Floats = np.divide(
        parts, whole, out=np.full(len(parts), float(default)), where=whole > 0
    )
    return found


def _latest(data: AreaData, measure: str) -> float:
    rows = data.measures
    rows = rows[(rows["measure"] == measure) & (rows["area_level"] == "authority")]
    rows = rows[(rows["period_end"] == data.month) & (rows["period_type"] == "snapshot")]
    return float(rows["value"].fillna(0.0).sum())


def _list_newly_qualified(
    workers: pd.DataFrame, month: pd.Timestamp
) -> tuple[tuple[int, float], ...]:
    rows = workers[workers["is_newly_qualified"] & (workers["employment"] == "permanent")]
    rows = rows[rows["start_date"].notna()]
    served = [(month.to_period("M") - start.to_period("M")).n for start in rows["start_date"]]
    return tuple(zip(served, rows["fte"].fillna(0.0), strict=True))
