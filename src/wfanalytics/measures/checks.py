"""Figures that are possible and still unlikely: outside any authority's, or a sudden jump."""

from __future__ import annotations

from typing import Any

import pandas as pd

from wfanalytics.clean.repairs import Ledger
from wfanalytics.frames import USABLE_STATUSES
from wfanalytics.measures.definitions import find_definition
from wfanalytics.periods import format_month

#: Lowest and highest an English authority published, 2017 to 2025, the Isles of Scilly left out.
#: Source: DfE, Children's social work workforce, indicators 2017 to 2025.
BANDS = {
    "vacancy_rate_fte": (0.0, 0.62),
    "agency_rate_fte": (0.0, 0.55),
    "turnover_rate_fte": (0.0, 0.50),
    "caseload_fte": (8.0, 33.0),
}
#: A part of an authority may lie this much further out.
PART_FACTOR = 1.5
#: Stocks that are compared with the month before.
#: A smaller stock jumps by chance: 30 people or posts, or the cases of 20 workers.
STOCKS = {"inpost_headcount": 30, "agency_headcount": 30, "establishment_fte": 30, "cases": 300}
JUMP_DEVIATIONS = 3
JUMP_SHARE = 0.20
#: Where a stock hardly moved for a year, three standard deviations are two people.
ODD_SHARE = 0.05
#: Percentages read as shares are out by a hundred; two definitions of a rate never by so much.
SCALE = 20
#: So many changes are needed before their spread says anything.
_HISTORY = 12


def query_figures(measures: pd.DataFrame, summary: pd.DataFrame | None = None) -> pd.DataFrame:
    """Ledger rows about figures to be asked about (rules 24 and 25).

    Of months only; figures withheld or missing are not judged. Rates of the council's own
    ``summary`` are compared with ours: some hundred times one another, and one of them is
    written as percentages without a sign (rule 13).
    """
    ledger = Ledger("measures")
    is_plain = measures["status"].isin(USABLE_STATUSES) & (measures["breakdown"] == "all")
    rows = measures[is_plain & measures["period_type"].isin(("snapshot", "month", "year"))]
    for measure, (low, high) in BANDS.items():
        own = rows[rows["measure"] == measure]
        is_part = own["area_level"] != "authority"
        is_high = own["value"] > high * is_part.map({True: PART_FACTOR, False: 1.0})
        is_low = own["value"] < low / is_part.map({True: PART_FACTOR, False: 1.0})
        for row in own[is_high | is_low].itertuples():
            _note(ledger, "A24", row, "outside what any authority published")
    for row in _find_jumps(rows[rows["measure"].isin(list(STOCKS))]).itertuples():
        _note(ledger, "A25", row, "a jump from the month before")
    asked = [ledger.to_frame()]
    if summary is not None and len(summary):
        asked.append(_query_scale(summary, rows[rows["area_level"] == "authority"]))
    return pd.concat(asked, ignore_index=True)


def _query_scale(summary: pd.DataFrame, ours: pd.DataFrame) -> pd.DataFrame:
    """Ask about each column of rates that is out by about a hundred in the month between."""
    ledger = Ledger("summary")
    keys = {"left_on": ["figure", "month"], "right_on": ["measure", "period_end"]}
    both = summary.merge(ours, how="inner", suffixes=("", "_ours"), validate="one_to_one", **keys)
    is_known = (both["value"] > 0) & (both["value_ours"] > 0)
    rates = both[both["figure"].str.endswith("rate_fte") & is_known]
    for figure, rows in rates.groupby("figure", sort=True):
        times = (rows["value"] / rows["value_ours"]).median()
        if not 1 / SCALE < times < SCALE:
            label = find_definition(str(figure)).label
            said = f"about {times:,.0f} times" if times > 1 else "less than a twentieth of"
            ledger.note(
                rows.head(1), "A13", column=str(figure), severity="Q",
                reason=f"the {label} stated here is {said} the one calculated from the extracts: "
                "is it a percentage without its sign?",
            )  # fmt: skip
    return ledger.to_frame()


def _find_jumps(rows: pd.DataFrame) -> pd.DataFrame:
    """Stocks that changed by 20% in a month, or by 5% that is 3 standard deviations."""
    number = {measure: place for place, measure in enumerate(STOCKS)}
    rows = rows.assign(number=rows["measure"].map(number).astype("int64"))
    own = ["number", "area_level", "area_code"]
    rows = rows.sort_values([*own, "period_end"], ignore_index=True)
    series = rows.groupby(own, observed=True).ngroup()
    before = rows["value"].groupby(series).shift()
    change = rows["value"] - before
    month = rows["period_end"].dt.to_period("M").astype("int64")
    is_next = month.groupby(series).diff() == 1
    past = change.where(is_next).groupby(series).shift()
    spread = past.groupby(series).expanding(min_periods=_HISTORY).std().to_numpy()
    is_large = before >= rows["measure"].map(STOCKS).astype("int64")
    share = change.abs() / before.where(is_large)
    is_odd = (spread > 0) & (change.abs() > JUMP_DEVIATIONS * spread) & (share > ODD_SHARE)
    return rows[is_next & ((share > JUMP_SHARE) | is_odd)]


def _note(ledger: Ledger, rule: str, row: Any, what: str) -> None:
    known = find_definition(row.measure)
    digits = known.decimals
    value = f"{row.value:.{digits}%}" if known.unit == "percent" else f"{row.value:,.{digits}f}"
    where = f"{row.area_name}, {format_month(row.period_end)}"
    ledger.note_absence(rule, reason=f"{where}: {known.label} {value} is {what}")
