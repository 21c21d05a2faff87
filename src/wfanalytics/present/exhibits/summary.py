"""Where do vacancies, agency staff, leavers and caseload stand?"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pandas as pd

from wfanalytics.analysis.scores import CHOICE_RULE, LIGHT_RULE, calculate_score, choose_scores
from wfanalytics.frames import USABLE_STATUSES
from wfanalytics.measures.area_data import AreaData, select
from wfanalytics.measures.definition import Definition
from wfanalytics.measures.definitions import find_definition
from wfanalytics.periods import format_month
from wfanalytics.present.chance import say_verdict, shorten_control
from wfanalytics.present.exhibit import Exhibit
from wfanalytics.present.exhibits.benchmark_words import describe_cover_years
from wfanalytics.present.exhibits.build import NoFigureError, asks, make_exhibit
from wfanalytics.present.exhibits.series import find_control, from_first_figure
from wfanalytics.present.phrases import name_difference, name_subject, name_target, shown_difference
from wfanalytics.present.tables import figure_words
from wfanalytics.present.words import (
    NO_FIGURE,
    each_row,
    format_period,
    format_with_unit,
    sentence_case,
)

#: Rows of the scorecard, in the order of the paper.
MEASURES = (
    "uncovered_vacancy_rate_fte", "vacancy_rate_fte", "agency_rate_fte", "leavers_12m_headcount",
    "turnover_rate_fte", "caseload_fte", "absence_rate_fte",
)  # fmt: skip
TARGETS_FIRST = "Of measures alike in both, those with a target come first."
WORKED_OUT = "How each figure is worked out stands with its own chart."
NO_LIMITS = "No limits: a figure that adds up twelve months, or too few figures."
RATING_WORDS = {
    "met": "met", "near": "near", "missed": "not met", "no target": "no target",
    "no figure": "no figure",
}  # fmt: skip
_NO_FIGURE = {"missing": "is missing"}
#: The light in words and a shape, so that nothing rests on colour.
LIGHT_WORDS = {
    "red": "▲ red: act", "amber": "◆ amber: watch", "green": "● green: keep on",
    "none": "○ no rating",
}  # fmt: skip


@asks("Where do we stand?")
def scorecard(data: AreaData) -> Exhibit:
    """Each measure: latest figure, target and since when, change in a year, chance, so what."""
    entries, scores = [], []
    for measure in MEASURES:
        rows = select(data, measure)
        if rows.empty:
            continue
        control = find_control(data, measure, from_first_figure(rows))
        score = calculate_score(rows, targets=data.targets, control=control)
        scores.append(score)
        entries.append(
            _describe_row(next(each_row(score)), find_definition(measure), shorten_control(control))
        )
    if not scores:
        raise NoFigureError(f"There is no figure for {data.name}.")
    frame = pd.concat(scores, ignore_index=True)
    has_target = ~frame["rating"].isin(["no target", "no figure"])
    chosen = choose_scores(frame.loc[(~has_target).sort_values(kind="stable").index])
    month = format_month(data.month)
    return make_exhibit(
        data, headline=_count_met(frame), subtitle=f"{data.name}, {month}",
        sentences=(*map(describe_score, each_row(chosen)), *describe_cover_years(data)),
        source="several",
        table=pd.DataFrame(entries), caption=f"Scorecard, {data.name}, {month}",
        notes=[*LIGHT_RULE, CHOICE_RULE, TARGETS_FIRST, NO_LIMITS, WORKED_OUT],
    )  # fmt: skip


def _count_met(scores: pd.DataFrame) -> str:
    rated = scores["rating"].isin(["met", "near", "missed"]).sum()
    met = (scores["rating"] == "met").sum()
    noun = "target" if rated == 1 else "targets"
    none = "can be rated" if (scores["rating"] == "no figure").any() else "applies this month"
    said = f"{met} of {rated} {noun} met" if rated else f"No target {none}"
    missing = int((scores["status"] == "missing").sum())
    return f"{said}; {missing} of {len(scores)} figures missing" if missing else said


def _describe_row(row: Any, definition: Definition, chance: str) -> dict[str, str]:
    return {
        "Measure": sentence_case(definition.label),
        "Latest": figure_words(row, definition),
        "Target": row.target_label or "none set",
        "Result": _say_result(row),
        "In a year": _say_change(row, definition),
        "Control chart": chance or "no limits",
        "So what": LIGHT_WORDS[row.light],
    }


def _say_result(row: Any) -> str:
    words = RATING_WORDS[row.rating]
    if row.rating not in ("met", "near", "missed"):
        return words
    first = SimpleNamespace(period_end=row.since, period_type=row.period_type)
    return f"{words} since {format_period(first)}"


def _say_change(row: Any, definition: Definition) -> str:
    if row.status not in USABLE_STATUSES:
        return NO_FIGURE
    if pd.isna(row.year_ago):
        return f"{NO_FIGURE} a year ago"
    difference = shown_difference(row.year_ago, row.value, definition)
    direction = "up" if difference > 0 else "down"
    moved = f"{direction} {name_difference(abs(difference), definition)}"
    return moved if round(difference, 9) else "unchanged"


def describe_score(row: Any) -> str:
    """One measure, its light and why, in one sentence."""
    definition = find_definition(row.measure)
    subject = sentence_case(name_subject(definition))
    if row.status not in USABLE_STATUSES:
        return f"{subject} {_NO_FIGURE.get(row.status, 'has no figure')} this month."
    value = format_with_unit(row.value, definition)
    if row.rating == "no target" and row.point_type == "":
        moved = "" if pd.isna(row.year_ago) else f": {_say_change(row, definition)} in a year"
        return f"{subject}, {value}, has no target{moved}."
    light = "has no rating" if row.light == "none" else f"is {row.light}"
    return f"{subject}, {value}, {light}: it {_say_why(row, definition)}."


def _say_why(row: Any, definition: Definition) -> str:
    is_worse, is_better = row.point_type == "concern", row.point_type == "improvement"
    is_good = row.rating == "met"
    target = "has no target"
    if row.rating != "no target":
        verb = {"met": "meets", "near": "is near", "missed": "misses"}[row.rating]
        target = f"{verb} {name_target(row, definition)}"
    if not (is_worse or is_better):
        quiet = row.point_type == "common_cause"
        return f"{target} and shows no reliable change" if quiet else target
    joint = "and" if is_good == is_better else "but"
    joint = "and" if row.rating == "no target" else joint
    return f"{target} {joint} is {say_verdict(row)}"
