"""Where do vacancies, agency staff, leavers and caseload stand?"""

from __future__ import annotations

import pandas as pd

from wfanalytics.analysis.change import calculate_change
from wfanalytics.analysis.targets import calculate_target_status
from wfanalytics.measures.area_data import AreaData, select
from wfanalytics.measures.definition import Definition
from wfanalytics.measures.definitions import find_definition
from wfanalytics.periods import format_month
from wfanalytics.present.commentary import describe_change, describe_target
from wfanalytics.present.exhibit import Exhibit
from wfanalytics.present.exhibits import common
from wfanalytics.present.phrases import name_difference, shown_difference
from wfanalytics.present.words import format_parts, format_with_unit, sentence_case

#: Rows of the scorecard, in the order of the paper.
MEASURES = (
    "uncovered_vacancy_rate_fte", "vacancy_rate_fte", "agency_rate_fte", "leavers_12m_headcount",
    "turnover_rate_fte", "caseload_fte", "absence_rate_fte",
)  # fmt: skip
WORKED_OUT = "How each figure is worked out stands with its own chart."
RATING_WORDS = {
    "met": "met", "near": "near", "missed": "not met", "no target": "no target",
    "no figure": "no figure",
}  # fmt: skip


def scorecard(data: AreaData) -> Exhibit:
    """Each measure: latest figure, target and whether it is met, change in a year."""
    entries, sentences = [], []
    for measure in MEASURES:
        rows = select(data, measure)
        if rows.empty:
            continue
        entries.append(_describe_row(data, rows, find_definition(measure)))
        sentences += _pick_sentence(data, rows)
    table = pd.DataFrame(entries)
    rated = table["Result"].value_counts() if len(table) else pd.Series(dtype=int)
    met, missed = int(rated.get("met", 0)), int(rated.get("not met", 0) + rated.get("near", 0))
    headline = (
        f"{met} of {met + missed} targets met" if met + missed else "No target applies this month"
    )
    return Exhibit(
        key="scorecard", question="Where do we stand?", headline=headline,
        subtitle=f"{data.name}, {format_month(data.month)}", sentences=tuple(sentences),
        figure=None, alt_text="", description="", table=table,
        table_caption=f"Scorecard, {data.name}, {format_month(data.month)}",
        source=common.name_source(data, "posts").replace(
            common.EXTRACTS["posts"], "extracts"
        ),
        notes=common.list_notes(data, more=[WORKED_OUT]),
    )  # fmt: skip


def _describe_row(data: AreaData, rows: pd.DataFrame, definition: Definition) -> dict[str, str]:
    change = calculate_change(rows)
    latest = next(rows.tail(1).itertuples())
    status = calculate_target_status(rows.tail(1), data.targets).iloc[0]
    moved = "no figure a year ago"
    if change.year_ago is not None and change.has_figure:
        difference = shown_difference(change.year_ago["value"], latest.value, definition)
        direction = "up" if difference > 0 else "down"
        moved = f"{direction} {name_difference(abs(difference), definition)}"
        moved = moved if round(difference, 9) else "unchanged"
    return {
        "Measure": sentence_case(definition.label),
        "Latest": format_with_unit(latest.value, definition),
        "Out of": format_parts(latest, definition) or "a count",
        "In a year": moved,
        "Target": status["target_label"] or "none set",
        "Result": RATING_WORDS[status["rating"]],
    }


def _pick_sentence(data: AreaData, rows: pd.DataFrame) -> list[str]:
    """The target's sentence where there is one, for the three sentences that matter."""
    target = describe_target(rows, targets=data.targets)
    if not target:
        return []
    change = calculate_change(rows)
    since = None if change.turning_point is None else change.turning_point["period_end"]
    ends = rows[rows["period_end"].isin([since, change.latest["period_end"]])]
    return [*describe_change(ends), target]
