"""Teams over the caseload band and short of staff at once."""

from __future__ import annotations

import pandas as pd

from wfanalytics.analysis.targets import find_ceiling
from wfanalytics.measures.area_data import AreaData, select
from wfanalytics.measures.definition import round_shown
from wfanalytics.measures.definitions import find_definition

#: What a team is looked at for, in the order it is shown.
MEASURES = ("uncovered_vacancy_rate_fte", "caseload_fte", "agency_rate_fte")
_VACANCY, _CASELOAD, _AGENCY = MEASURES


def calculate_hotspots(data: AreaData) -> pd.DataFrame:
    """Each team's uncovered vacancies, caseload and agency rate, and whether each is high.

    High is: uncovered vacancies above the authority's target valid that day (its own rate where
    it has none), caseload above the band, agency rate above the authority's own; compared as
    printed. A withheld figure is neither high nor low.

    Returns
    -------
    A row a team, hotspots first: ``area_name``; for each measure its value, ``<measure>_status``
    and ``<measure>_is_high``; ``verdict``: ``both`` (over the band and short of staff), ``over``,
    ``short``, ``neither`` or ``unknown`` (caseload withheld and not short, or the reverse);
    ``<measure>_limit``, the same in every row.
    """
    limits = _find_limits(data)
    # A team may hold cases and have no post, or the reverse.
    held = pd.concat({measure: _take_month(data, measure) for measure in MEASURES}, axis=1)
    found = pd.DataFrame(index=held.index)
    for measure in MEASURES:
        found[measure] = held[measure, "value"]
        found[f"{measure}_status"] = held[measure, "status"].fillna("missing")
        found[f"{measure}_limit"] = limits[measure]
        shown = [_round_shown(value, measure) for value in found[measure]]
        found[f"{measure}_is_high"] = [value > limits[measure] + 1e-9 for value in shown]
    return _add_verdict(found.rename_axis("area_name").reset_index())


def _take_month(data: AreaData, measure: str) -> pd.DataFrame:
    rows = select(data, measure, level="team")
    rows = rows[rows["period_end"] == data.month]
    return rows.set_index("area_name")[["value", "status"]]


def _round_shown(value: float, measure: str) -> float:
    """The value as printed, so that 16.0 is never above 16."""
    return round_shown(value, find_definition(measure))


def _find_limits(data: AreaData) -> dict[str, float]:
    own = {}
    for measure in (_VACANCY, _AGENCY):
        rows = select(data, measure)
        rows = rows[rows["period_end"] == data.month]
        own[measure] = float(rows["value"].iloc[0]) if len(rows) else float("nan")
    aim = find_ceiling(data.targets, measure=_VACANCY, day=data.month.date())
    limit = _round_shown(own[_VACANCY], _VACANCY) if aim is None else aim
    return {
        _VACANCY: limit, _CASELOAD: data.band[1], _AGENCY: _round_shown(own[_AGENCY], _AGENCY),
    }  # fmt: skip


def _add_verdict(found: pd.DataFrame) -> pd.DataFrame:
    is_over, is_short = found[f"{_CASELOAD}_is_high"], found[f"{_VACANCY}_is_high"]
    is_known = found[[_CASELOAD, _VACANCY]].notna().all(axis=1)
    verdict = pd.Series("neither", index=found.index)
    verdict = verdict.mask(is_over, "over").mask(is_short, "short").mask(is_over & is_short, "both")
    verdict = verdict.where(is_known, "unknown")
    order = verdict.map({"both": 0, "over": 1, "short": 2, "unknown": 3, "neither": 4})
    return (
        found.assign(verdict=verdict, order=order)
        .sort_values(["order", _VACANCY, "area_name"], ascending=[True, False, True])
        .drop(columns="order").reset_index(drop=True)
    )  # fmt: skip
