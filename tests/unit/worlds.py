"""Small clean tables for the tests of measures; only what a test is about is written in it."""

from __future__ import annotations

import pandas as pd

from wfanalytics.frames import check_clean
from wfanalytics.measures.calculate import calculate_measures

PLACE = {"team": "Alpha", "service": "Front Door", "locality": "North"}


def make_posts(rows: list[dict]) -> pd.DataFrame:
    base = {"post_id": "P1", **PLACE, "role": "case_holder", "fte": 1.0}
    return _check(rows, base, "posts")


def make_workers(rows: list[dict]) -> pd.DataFrame:
    base = {
        "worker_id": "W1", "post_id": "P1", **PLACE, "role": "case_holder",
        "employment": "permanent", "fte": 1.0, "fte_status": "ok", "start_date": pd.NaT,
        "is_newly_qualified": False, "absence": "none", "days_lost": 0.0,
        "is_project_team": False, "in_retention_scheme": "",
    }  # fmt: skip
    return _check(rows, base, "workers")


def make_movements(rows: list[dict]) -> pd.DataFrame:
    base = {
        "movement": "leaver", **PLACE, "fte": 1.0, "fte_status": "ok", "origin": "",
        "destination": "", "reason": "",
    }  # fmt: skip
    return _check(rows, base, "movements")


def make_caseload(rows: list[dict]) -> pd.DataFrame:
    base = {
        "worker_id": "W1", **PLACE, "cases_cin": 0, "cases_cp": 0, "cases_cla": 0,
        "cases_carer": 0, "cases": 14, "role": "case_holder", "employment": "permanent",
        "fte": 1.0, "fte_status": "ok", "is_newly_qualified": False,
    }  # fmt: skip
    return _check(rows, base, "caseload")


def _check(rows: list[dict], base: dict, table: str) -> pd.DataFrame:
    dates = {"posts": "as_at", "workers": "as_at", "movements": "date", "caseload": "week_ending"}
    frame = pd.DataFrame([{dates[table]: None, **base, **row} for row in rows])
    frame[dates[table]] = pd.to_datetime(frame[dates[table]])
    return check_clean(frame, table)


def measure(tables: dict[str, pd.DataFrame], **options: object) -> pd.DataFrame:
    return calculate_measures(tables, authority_code="E1", authority_name="Shire", **options)


def take(frame: pd.DataFrame, name: str, *, level: str = "authority", **more: str) -> pd.DataFrame:
    """Rows of one measure at one level, in date order; ``more`` are other columns' values."""
    rows = frame[(frame["measure"] == name) & (frame["area_level"] == level)]
    for column, value in more.items():
        rows = rows[rows[column] == value]
    return rows.sort_values("period_end")


def statuses(frame: pd.DataFrame, name: str, **more: str) -> list[tuple[str, str]]:
    rows = take(frame, name, **more)
    return list(zip(rows["period_end"].dt.strftime("%Y-%m-%d"), rows["status"], strict=True))
