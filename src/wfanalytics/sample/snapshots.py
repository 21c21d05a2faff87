"""The simulation's state written down as clean tables."""

from __future__ import annotations

import numpy as np
import pandas as pd

from wfanalytics.frames import CLEAN_SCHEMAS, check_clean
from wfanalytics.periods import month_end
from wfanalytics.rounding import round_half_up
from wfanalytics.sample.organisation import (
    DISABILITY,
    FOSTERING,
    FRONT_DOOR,
    LEAVING_CARE,
    LOOKED_AFTER,
    PLACES,
    SAFEGUARDING,
    Post,
)
from wfanalytics.sample.simulation import Worker
from wfanalytics.sample.story import CASELOAD, FIRST_MONTH, MISSING_WEEK, find_level

# Share of a case holder's cases by type (in need, protection plan, looked after, carers).
CASE_MIX = {
    FRONT_DOOR: (0.85, 0.15, 0.0, 0.0),
    SAFEGUARDING: (0.5, 0.38, 0.12, 0.0),
    LOOKED_AFTER: (0.04, 0.0, 0.96, 0.0),
    LEAVING_CARE: (0.1, 0.0, 0.9, 0.0),
    FOSTERING: (0.0, 0.0, 0.15, 0.85),
    DISABILITY: (0.8, 0.1, 0.1, 0.0),
}
TEAM_LOAD = {
    "Front Door North A": 1.08, "Front Door North B": 1.1, "Front Door South A": 1.12,
    "Front Door South B": 1.06, "City Safeguarding": 1.17, "North Vale Safeguarding": 1.12,
    "City Court": 0.88, "Coast Court": 0.9, "Fostering Assessment": 0.86, "Adoption": 0.82,
}  # fmt: skip
NEWLY_QUALIFIED_LOAD = 0.65
TRAY_TEAM = "Multi-Agency Safeguarding Hub"
SCHEME_OPENED = pd.Timestamp("2018-11-30")
SCHEME_SHARE, SCHEME_MONTHS = 0.86, 8
CHILDREN, MONTHS_TOGETHER = 240, 8
LONG_ABSENCES = (("maternity", 0.012), ("career_break", 0.004), ("suspension", 0.003))


def _place(teams: pd.Series) -> dict[str, pd.Series]:
    return {
        "service": teams.map(lambda team: PLACES[team].service),
        "locality": teams.map(lambda team: PLACES[team].locality),
    }


def list_posts(posts: list[Post], month: pd.Period) -> pd.DataFrame:
    """The establishment at a month's end."""
    funded = [post for post in posts if post.is_funded(month)]
    teams = pd.Series([post.team_at(month) for post in funded])
    return pd.DataFrame(
        {
            "as_at": month_end(month),
            "post_id": [post.post_id for post in funded],
            "team": teams,
            **_place(teams),
            "role": [post.role for post in funded],
            "fte": [post.fte for post in funded],
        }
    )


def list_workers(workers: list[Worker], month: pd.Period) -> pd.DataFrame:
    """Everybody working at a month's end, in worker number order, with each one's load."""
    end = month_end(month)
    listed = sorted(workers, key=lambda worker: worker.worker_id)
    teams = pd.Series([worker.team for worker in listed])
    return pd.DataFrame(
        {
            "as_at": end,
            "worker_id": [w.worker_id for w in listed],
            "post_id": [w.post.post_id if w.post else "" for w in listed],
            "team": teams,
            **_place(teams),
            "role": [w.role for w in listed],
            "employment": [w.employment for w in listed],
            "fte": [w.fte for w in listed],
            "fte_status": "ok",
            "start_date": [w.start for w in listed],
            "is_newly_qualified": [
                w.qualified is not None and end < w.qualified + pd.DateOffset(years=1)
                for w in listed
            ],
            "is_project_team": [w.is_project_team for w in listed],
            "load": [w.load for w in listed],
        }
    )


def add_absence(workers: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Long absences and days of sickness, the same person absent for months on end."""
    rng = np.random.default_rng(seed + 1)
    workers = workers.assign(absence="none", days_lost=np.nan)
    permanent = (workers["employment"] == "permanent") & (workers["role"] != "support")
    july = workers["as_at"] == pd.Timestamp("2019-07-31")
    for reason, share in (*LONG_ABSENCES, ("sickness", 0.006)):
        for person in workers.loc[permanent, "worker_id"].unique():
            rows = workers.index[permanent & (workers["worker_id"] == person)]
            if rng.random() < share * 6 and len(rows) > 12:
                first = int(rng.integers(0, len(rows) - 2))
                workers.loc[rows[first : first + int(rng.integers(4, 9))], "absence"] = reason
    # "0.8 FTE on long-term sick" in July 2019: one person.
    sick = workers["absence"] == "sickness"
    workers.loc[july & sick, "absence"] = "none"
    one = workers.index[july & permanent & (workers["fte"] == 0.8) & (workers["absence"] == "none")]
    workers.loc[one[0], "absence"] = "sickness"
    days = rng.poisson(4.5, len(workers)) * (rng.random(len(workers)) < 0.12)
    days = np.where(workers["absence"] == "sickness", 19, days)
    workers["days_lost"] = np.where(workers["employment"] == "permanent", days, np.nan)
    return workers


def add_scheme(workers: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Who is in the retention scheme that opened in November 2018: 85% in July 2019."""
    people = workers["worker_id"].unique()
    draw = pd.Series(np.random.default_rng(seed + 4).random(len(people)), index=people)
    is_asked = (workers["employment"] == "permanent") & (workers["role"] != "support")
    is_asked &= workers["as_at"] >= SCHEME_OPENED
    grown = ((workers["as_at"] - SCHEME_OPENED).dt.days / 30.44 / SCHEME_MONTHS).clip(upper=1)
    signed = workers["worker_id"].map(draw) < SCHEME_SHARE * (0.6 + 0.4 * grown)
    answer = np.where(signed, "yes", "no")
    return workers.assign(in_retention_scheme=np.where(is_asked, answer, ""))


def list_allocations(workers: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Which social worker each fictional child had, from October 2018, in date order."""
    rng = np.random.default_rng(seed + 5)
    holders = workers[(workers["role"] == "case_holder") & (workers["absence"] == "none")]
    teams = {key: rows["worker_id"].to_numpy() for key, rows in holders.groupby(["as_at", "team"])}
    last = workers.groupby("worker_id")["as_at"].max()
    months = pd.date_range("2018-10-31", "2020-09-30", freq="ME")
    rows = []
    for number in range(CHILDREN):
        month = int(rng.integers(0, len(months)))
        team = str(rng.choice([name for date, name in teams if date == months[month]]))
        for _ in range(int(rng.integers(1, 7))):
            chosen = rng.choice(teams[(months[month], team)])
            stay = max(int(rng.exponential(MONTHS_TOGETHER)), 1)
            until = min(month + stay, months.get_loc(last[chosen]) + 1)
            start = months[month].replace(day=1) + pd.Timedelta(days=int(rng.integers(0, 25)))
            end = pd.NaT if until >= len(months) else months[until].replace(day=1)
            rows.append((f"C{40000 + number}", chosen, team, start, end))
            if until >= len(months) or (months[until], team) not in teams:
                break
            month = until
    frame = pd.DataFrame(rows, columns=["child_id", "worker_id", "team", "start_date", "end_date"])
    frame = frame.drop_duplicates(["child_id", "worker_id", "start_date"])
    frame = frame.assign(**_place(frame["team"]))
    frame = frame.sort_values(["child_id", "start_date"], ignore_index=True)
    return check_clean(frame[_columns("allocations")], "allocations")


def list_movements(movements: list[dict[str, object]]) -> pd.DataFrame:
    """Movements in date order, as ``frames.CLEAN_SCHEMAS`` has them."""
    frame = pd.DataFrame(movements)
    frame = frame.assign(fte_status="ok", **_place(frame["team"]))
    frame = frame.sort_values(["date", "worker_id", "movement"], ignore_index=True)
    return frame[list(_columns("movements"))]


def _columns(table: str) -> list[str]:
    return list(CLEAN_SCHEMAS[table].columns)


def _weeks() -> pd.DatetimeIndex:
    weeks = pd.date_range("2017-04-02", "2020-09-27", freq="W-SUN")
    return weeks[weeks != MISSING_WEEK]


def list_caseload(workers: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Cases by worker for each week ending on a Sunday, from the month's worker list."""
    rng = np.random.default_rng(seed + 2)
    holds = (workers["role"] == "case_holder") | (workers["role"] == "support")
    holders = workers[holds & (workers["absence"] == "none")]
    by_month = {end.to_period("M"): rows for end, rows in holders.groupby("as_at")}
    people = pd.Series(workers["worker_id"].unique())
    drift = pd.Series(0.0, index=people)
    weeks = []
    for week in _weeks():
        drift = 0.9 * drift + rng.normal(0, 0.03, len(drift))
        weeks.append(_one_week(by_month[week.to_period("M")], week, drift, rng))
    frame = pd.concat(weeks, ignore_index=True)
    frame["cases"] = frame[["cases_cin", "cases_cp", "cases_cla", "cases_carer"]].sum(axis=1)
    frame = frame[frame["cases"] > 0]
    frame = frame.sort_values(["week_ending", "worker_id", "team"], ignore_index=True)
    return check_clean(frame[_columns("caseload")], "caseload")


def _one_week(
    holders: pd.DataFrame, week: pd.Timestamp, drift: pd.Series, rng: np.random.Generator
) -> pd.DataFrame:
    number = (week - FIRST_MONTH.to_timestamp()).days / 30.44
    mean = find_level(CASELOAD, number)
    load = holders["team"].map(TEAM_LOAD).fillna(1.0) * holders["load"]
    load = load * np.where(holders["is_newly_qualified"], NEWLY_QUALIFIED_LOAD, 1.0)
    load = load * np.where(holders["role"] == "support", 0.6, 1.0)
    load = load * (1 + drift.loc[holders["worker_id"]].to_numpy())
    total = np.maximum(np.rint(mean * load * holders["fte"]), 1).astype(int).to_numpy()
    mix = np.array([CASE_MIX[service] for service in holders["service"]])
    parts = np.floor(mix * total[:, None]).astype(int)
    parts[np.arange(len(parts)), mix.argmax(axis=1)] += total - parts.sum(axis=1)
    keep = ["worker_id", "team", "service", "locality", "role", "employment", "fte", "fte_status",
            "is_newly_qualified"]  # fmt: skip
    frame = holders[keep].assign(
        week_ending=week, cases_cin=parts[:, 0], cases_cp=parts[:, 1],
        cases_cla=parts[:, 2], cases_carer=parts[:, 3],
    )  # fmt: skip
    tray = {
        "worker_id": "", "team": TRAY_TEAM, "service": PLACES[TRAY_TEAM].service,
        "locality": PLACES[TRAY_TEAM].locality, "role": "", "employment": "", "fte": np.nan,
        "fte_status": "not_applicable", "is_newly_qualified": False, "week_ending": week,
        "cases_cin": int(rng.integers(4, 22)), "cases_cp": 0, "cases_cla": 0, "cases_carer": 0,
    }  # fmt: skip
    return pd.concat([frame, pd.DataFrame([tray])], ignore_index=True)


def list_summary(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """What the council's own monthly summary says: rates to 0.1%, nothing before April 2018."""
    posts = tables["posts"][tables["posts"]["role"] != "support"]
    workers = tables["workers"][tables["workers"]["role"] != "support"]
    leavers = tables["movements"][tables["movements"]["movement"] == "leaver"]
    rows = []
    for end, funded in posts.groupby("as_at"):
        staff = workers[workers["as_at"] == end]
        held = staff[staff["employment"] == "permanent"].groupby("post_id")["fte"].sum()
        agency = staff[staff["employment"] == "agency"].groupby("post_id")["fte"].sum()
        gap = (funded["fte"] - funded["post_id"].map(held).fillna(0)).clip(lower=0)
        cover = np.minimum(funded["post_id"].map(agency).fillna(0), gap)
        in_post = staff.loc[staff["employment"] == "permanent", "fte"].sum()
        rows += [
            (end, "uncovered_vacancy_rate_fte", (gap - cover).sum() / (gap.sum() + in_post)),
            (end, "agency_rate_fte", 1 - in_post / staff["fte"].sum()),
            (end, "leavers_headcount",
             (leavers["date"].dt.to_period("M") == end.to_period("M")).sum()),
        ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["month", "figure", "value"])
    is_rate = frame["figure"].str.contains("rate")
    frame.loc[is_rate, "value"] = [round_half_up(x, 3) for x in frame.loc[is_rate, "value"]]
    known = frame["month"] >= pd.Timestamp("2018-04-01")
    return frame.assign(
        value=frame["value"].astype(float).where(known),
        status=np.where(known, "ok", "unavailable"),
    )
