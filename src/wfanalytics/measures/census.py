"""DfE's measures at 30 September from an authority's own census return.

The same identifiers, periods and shape as ``raw.published.read_published`` gives, so that the
two can be laid side by side. Values are not rounded; DfE's are, to one decimal.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd

from wfanalytics.clean.census import Census
from wfanalytics.frames import MEASURE_KEY, MEASURE_SCHEMA, check_measures
from wfanalytics.measures.definitions import find_definition
from wfanalytics.periods import working_days, year_before
from wfanalytics.raw.published import RATES, YEAR_MEASURES

#: DfE takes as one person who agrees in these, and in the start (starters) or end date (leavers).
PERSON = ["worker_id", "age_band", "sex", "ethnicity"]
#: FTE and days are given to two decimals or six; sums carry no more than noise below.
_DIGITS = 6


def calculate_census_measures(
    census: Census, *, authority_code: str, authority_name: str
) -> pd.DataFrame:
    """Measure frame of one return: counts and rates as DfE calculates them.

    Rates are fractions, caseload cases per FTE, counts FTE, people, cases or days. A sum of
    FTE leaves out workers without FTE, as DfE does; where none has any, and for figures the
    return does not give, the status is ``missing``. A rate on nothing is ``not_applicable``.

    Parameters
    ----------
    authority_code, authority_name : as the measures to compare with have them.
    """
    counts = count_census(census)
    uncovered = counts["vacancy_fte"] - counts["agency_cover_fte"]
    posts = counts["vacancy_fte"] + counts["inpost_fte"]
    rows = [_row(name, value) for name, value in counts.items()]
    rows.append(_row("uncovered_vacancy_fte", uncovered))
    rows.append(_rate("uncovered_vacancy_rate_fte", uncovered, posts))
    for measure, parts in RATES.items():
        base = sum(counts[part] for part in parts.denominator)
        days = working_days(census.as_at) if parts.is_per_working_day else 1
        rows.append(_rate(measure, counts[parts.numerator], base * days))
    return _finish(rows, census.as_at, area_code=authority_code, area_name=authority_name)


def calculate_returns(
    returns: Sequence[Census], *, authority_code: str, authority_name: str, through: pd.Timestamp
) -> pd.DataFrame:
    """Measure frame of all of an authority's returns up to a date; empty where there is none."""
    frames = [
        calculate_census_measures(one, authority_code=authority_code, authority_name=authority_name)
        for one in returns
        if one.as_at <= through
    ]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()


def count_census(census: Census) -> dict[str, float]:
    """The counts of one return by measure; NaN where the return does not give one."""
    workers, own = census.workers, census.authority.iloc[0]
    is_staff = workers["employment"] == "permanent"
    here = workers[workers["is_in_post"]]
    staff, agency = here[here["employment"] == "permanent"], here[here["employment"] == "agency"]
    starters, leavers = workers[workers["is_starter"]], workers[workers["is_leaver"]]
    holders = here[(here["cases"] > 0) & (here["fte"] > 0)]
    # A blank is no case where others give theirs; a return without any says nothing.
    cases_known = 1.0 if here.empty or here["cases"].notna().any() else math.nan
    return {
        "inpost_fte": _add(staff["fte"]),
        "inpost_headcount": _count_people(staff),
        "starters_12m_fte": _add(starters["fte"]),
        "starters_12m_headcount": _count_people(starters, "start_date"),
        "leavers_12m_fte": _add(leavers["fte"]),
        "leavers_12m_headcount": _count_people(leavers, "end_date"),
        "agency_fte": _add(agency["fte"]),
        "agency_headcount": float(len(agency)),  # DfE counts every record as a person
        "agency_cover_fte": float(own["agency_cover_fte"]),
        "vacancy_fte": float(own["vacancy_fte"]),
        "case_holders_fte": _add(holders["fte"]) * cases_known,
        "cases": _add(holders["cases"]) * cases_known,
        "working_days_lost_fte": _add(workers.loc[is_staff, "days_lost"]),
    }


def _add(values: pd.Series) -> float:
    """The sum; 0 of nobody, and NaN of people none of whom has a value."""
    return round(float(values.sum(min_count=min(1, len(values)))), _DIGITS)


def _count_people(workers: pd.DataFrame, *more: str) -> float:
    """Each person once; a worker whose registration number cannot be read is a person apart."""
    is_known = workers["worker_id"] != ""
    people = workers.loc[is_known, [*PERSON, *more]].drop_duplicates()
    return float(len(people) + (~is_known).sum())


def _row(measure: str, value: float, **more: object) -> dict[str, object]:
    status = "missing" if math.isnan(value) else "ok"
    blank = {"numerator": math.nan, "denominator": math.nan}
    return {"measure": measure, **blank, "value": value, "status": status, **more}


def _rate(measure: str, numerator: float, denominator: float) -> dict[str, object]:
    parts = {"numerator": numerator, "denominator": round(denominator, _DIGITS)}
    if denominator == 0 and not math.isnan(numerator):
        return _row(measure, math.nan, status="not_applicable", **parts)
    return _row(measure, numerator / (denominator or math.nan), **parts)


def _finish(rows: list[dict[str, object]], as_at: pd.Timestamp, **area: str) -> pd.DataFrame:
    frame = pd.DataFrame(rows)
    is_year = frame["measure"].isin(YEAR_MEASURES)
    versions = {name: find_definition(name).version for name in frame["measure"]}
    frame = frame.assign(
        period_start=is_year.map({True: year_before(as_at), False: as_at}),
        period_end=as_at,
        period_type=is_year.map({True: "year", False: "snapshot"}),
        area_level="authority",
        breakdown="all",
        breakdown_value="all",
        definition_version=frame["measure"].map(versions),
        source=f"census, {as_at.year}",
        **area,
    )
    columns = list(MEASURE_SCHEMA.columns)
    return check_measures(frame[columns].sort_values(MEASURE_KEY, ignore_index=True))
