"""An area of a few rows, opened as a report opens it: for exhibits that the sample never makes."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
from tests.unit.worlds import make_posts, make_workers

from wfanalytics.frames import REPAIRS_SCHEMA
from wfanalytics.measures.area import calculate_local
from wfanalytics.measures.area_data import AreaData

MONTH = "2020-09-30"
NO_REPAIRS = pd.DataFrame(columns=list(REPAIRS_SCHEMA.columns))


def open_small(**tables: pd.DataFrame) -> AreaData:
    """The clean tables of Shire up to September 2020, its figures calculated and masked."""
    none = pd.DataFrame()
    data = AreaData(
        "shire", "Shire", "local", pd.Timestamp(MONTH), none, (), (), tables, NO_REPAIRS, none,
        (13.0, 16.0), none, authority_code="E1",
    )  # fmt: skip
    return replace(data, measures=calculate_local(data, band=data.band))


def list_months(count: int) -> pd.DatetimeIndex:
    """So many month ends up to September 2020."""
    return pd.date_range(end=MONTH, periods=count, freq="ME")


def make_staff(agency: dict[str, int], *, permanent: int = 20) -> dict[str, pd.DataFrame]:
    """Posts, each filled, and workers: so many agency staff in each locality's one team."""
    kinds = [
        (place, kind) for place, count in agency.items()
        for kind in ["agency"] * count + ["permanent"] * permanent
    ]  # fmt: skip
    rows = [
        {"as_at": MONTH, "post_id": f"P{n}", "locality": place, "service": place, "team": place}
        for n, (place, _) in enumerate(kinds)
    ]
    people = [{**row, "worker_id": row["post_id"], "employment": kind}
              for row, (_, kind) in zip(rows, kinds, strict=True)]  # fmt: skip
    return {"posts": make_posts(rows), "workers": make_workers(people)}
