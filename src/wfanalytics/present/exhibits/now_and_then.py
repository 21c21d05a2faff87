"""How was it then, and how is it now?"""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from wfanalytics.analysis.change import Then, calculate_now_and_then, find_then
from wfanalytics.measures.area_data import AreaData
from wfanalytics.measures.definitions import DEFINITIONS, find_definition
from wfanalytics.periods import format_date, format_month
from wfanalytics.present.charts import plot_bars
from wfanalytics.present.exhibit import Exhibit
from wfanalytics.present.exhibits.benchmark_words import describe_cover_years
from wfanalytics.present.exhibits.build import NoFigureError, asks, list_provisional, make_exhibit
from wfanalytics.present.exhibits.common import OVER_COVER
from wfanalytics.present.exhibits.simple import WITHHELD
from wfanalytics.present.exhibits.staffing import (
    BOTH_EMPLOYMENTS,
    ROLE_NAMES,
    ROLES_WITHHELD,
    SPAN_NOTE,
)
from wfanalytics.present.phrases import say_more, shown_difference
from wfanalytics.present.words import each_row, format_value, sentence_case

SPAN = "Social workers for each first line manager"
TEAMS_NOTE = "Teams are those with at least one social worker."
#: How figures that are no measure of their own are printed: as this measure is.
_PRINTED_AS = {
    "people": "inpost_headcount", "teams": "inpost_headcount", "FTE": "inpost_fte",
    "ratio": "permanent_to_agency_ratio_fte",
}  # fmt: skip


@asks("How many staff were there then, and how many now?")
def now_and_then(data: AreaData, *, then: str = "") -> Exhibit:
    """Staff, teams, spans, vacancies, agency and caseload at two dates; ``then`` is a month."""
    found = find_then(data, then=then)
    if found is None or found.date >= data.month:
        reason = "There are no figures for the earlier date: choose a later month as then."
        raise NoFigureError(reason)
    rows = calculate_now_and_then(data, then=found.date)
    rows = rows[rows["then"].notna() | rows["now"].notna() | (rows["unit"] == "people")]
    table = _tabulate_pairs(rows, found, data)
    axes, alt = _draw_roles(rows, found, data)
    pair = rows.set_index(["item", "unit"]).loc[("inpost_headcount", "measure")]
    change = _name_change(pair["then"], pair["now"], "inpost_headcount")
    since = format_month(found.date)
    headline = f"Permanent staff in post: {change} than in {since}" if change != "no change" \
        else f"As many permanent staff in post as in {since}"  # fmt: skip
    notes = [BOTH_EMPLOYMENTS, TEAMS_NOTE, SPAN_NOTE] if "workers" in data.tables else []
    notes += [ROLES_WITHHELD] if (table == WITHHELD).any(axis=None) else []
    notes += [OVER_COVER] if (rows.loc[rows["unit"] == "measure", "then"] < 0).any() else []
    notes += describe_cover_years(data)
    notes += list_provisional(data)
    return make_exhibit(
        data, headline=headline,
        subtitle=f"{data.name}, {format_date(found.date)} and {format_date(data.month)}",
        sentences=(*_describe_pairs(rows, found, data),
                   f"{format_date(found.date)} is the last date with figures {found.reason}."),
        source="several", axes=axes, alt=alt, table=table,
        caption=f"{data.name} then and now", measures=["inpost_headcount", "inpost_fte"],
        notes=notes,
    )  # fmt: skip


def _name_change(then: float, now: float, measure: str) -> str:
    """``12 more``, ``0.4 percentage points less``, as a reader subtracts what is printed."""
    definition = find_definition(measure)
    gap = round(shown_difference(then, now, definition), 9)
    return say_more(gap, definition) if gap else "no change"


def _name_item(row: Any) -> str:
    if row.unit == "measure":
        definition = DEFINITIONS[row.item]
        unit = f", {definition.unit}" if definition.unit in ("FTE", "people") else ""
        return sentence_case(definition.label) + unit
    if row.item in ROLE_NAMES:
        return f"{sentence_case(ROLE_NAMES[row.item])}, {row.unit}"
    return {"teams": "Teams", "span": f"{SPAN}, FTE"}[row.item]


def _tabulate_pairs(rows: pd.DataFrame, found: Then, data: AreaData) -> pd.DataFrame:
    lines = []
    for row in each_row(rows):
        measure = row.item if row.unit == "measure" else _PRINTED_AS[row.unit]
        definition = find_definition(measure)
        # A measure without a figure was not supplied; a role's or a span's is withheld.
        none = "no figure" if row.unit == "measure" else WITHHELD
        pair = [none if pd.isna(v) else format_value(v, definition) for v in (row.then, row.now)]
        is_known = pd.notna(row.then) and pd.notna(row.now)
        change = _name_change(row.then, row.now, measure) if is_known else "not known"
        lines.append((_name_item(row), *pair, change))
    dates = [format_date(date) for date in (found.date, data.month)]
    return pd.DataFrame(lines, columns=["Figure", *dates, "Change"])


def _draw_roles(rows: pd.DataFrame, found: Then, data: AreaData) -> tuple[Axes | None, str]:
    """How each role's FTE changed, in order of seniority; none without the staff lists."""
    chosen = rows[rows["item"].isin(ROLE_NAMES) & (rows["unit"] == "FTE")]
    if chosen.empty:
        return None, ""
    change = chosen["now"] - chosen["then"]
    names = [sentence_case(ROLE_NAMES[role]) for role in chosen["item"]]
    words = [
        WITHHELD if pd.isna(gap) else _name_change(row.then, row.now, "inpost_fte")
        for row, gap in zip(each_row(chosen), change, strict=True)
    ]
    frame = pd.DataFrame({"area_name": names, "value": change.to_numpy(), "words": words})
    axes = plot_bars(frame, text="words", ranked=False,
                     label="Change in staff by role, full-time equivalents (FTE)")  # fmt: skip
    steps = "; ".join(f"{name} {word}" for name, word in zip(names, words, strict=True))
    months = f"{format_month(found.date)} to {format_month(data.month)}"
    return axes, f"Horizontal bars, {data.name}, {months}. {steps}."


def _describe_pairs(rows: pd.DataFrame, found: Then, data: AreaData) -> list[str]:
    pairs = rows.set_index("item")[["then", "now"]].loc[lambda f: ~f.index.duplicated()].dropna()
    said = []
    spoken = (
        ("inpost_headcount", "permanent staff in post"), ("agency_headcount", "agency staff"),
        ("uncovered_vacancy_rate_fte", "the uncovered vacancy rate"),
        ("caseload_fte", "the average caseload"), ("span", SPAN[0].lower() + SPAN[1:]),
    )  # fmt: skip
    for item, name in spoken:
        if item in pairs.index:
            then, now = pairs.loc[item]
            definition = find_definition(item if item in DEFINITIONS else _PRINTED_AS["ratio"])
            one, other = (format_value(value, definition) for value in (then, now))
            went = f"stayed at {one}" if one == other else f"went from {one} to {other}"
            said.append(f"{name[0].upper()}{name[1:]} {went}.")
    if said:
        span = f"Between {format_month(found.date)} and {format_month(data.month)}"
        said[0] = f"{span} {said[0][0].lower()}{said[0][1:]}"
    return said
