"""Findings of about ten words for the top of an exhibit, without a full stop."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from wfanalytics.measures.definition import Definition
from wfanalytics.present.commentary import describe_areas, describe_level, find_distance
from wfanalytics.present.phrases import (
    definition_of,
    in_order,
    name_subject,
    name_target,
    rate_latest,
    shown_difference,
    usable,
)
from wfanalytics.present.words import (
    each_row,
    format_period,
    format_value,
    format_when,
    format_with_unit,
    sentence_case,
)
from wfanalytics.settings import Target


def describe_headline(
    rows: pd.DataFrame, *, targets: Sequence[Target] = (), since: object = None
) -> str:
    """Where one measure stands: how it has moved, and whether it meets its target."""
    definition = definition_of(rows)
    ordered = in_order(rows)
    if usable(ordered.tail(1)).empty:
        return describe_level(rows).removesuffix(".")
    last = next(each_row(ordered.tail(1)))
    figures = usable(ordered)
    if since is not None:
        figures = figures[figures["period_end"] >= pd.Timestamp(str(since))]
    comparable = figures["definition_version"] == last.definition_version
    rated = rate_latest(rows, targets)
    if len(figures) > 1 and comparable.all():
        finding = _head_change(figures, definition, is_rated=rated is not None)
    elif definition.unit in ("people", "cases"):
        finding = describe_level(rows).removesuffix(".")
    else:
        when = format_when(last, definition)
        finding = f"{_head_name(definition)}: {format_with_unit(last.value, definition)} {when}"
    if rated is None:
        return finding
    side = "above" if find_distance(last.value, rated, definition) > 0 else "below"
    verb = "meeting" if rated.rating == "met" else side
    return f"{finding}, {verb} {name_target(rated, definition)}"


def _head_name(definition: Definition) -> str:
    return sentence_case(name_subject(definition).removeprefix("the "))


def _head_change(figures: pd.DataFrame, definition: Definition, *, is_rated: bool) -> str:
    """The last figure and, where no target follows, from where: a year tells another change."""
    first, last = each_row(figures.iloc[[0, -1]])
    name, value = _head_name(definition), format_with_unit(last.value, definition)
    change = shown_difference(first.value, last.value, definition)
    if round(change, 9) == 0:
        return f"{name} unchanged at {value}"
    moved = f"{name} {'rose' if change > 0 else 'fell'} to {value}"
    week = "the week ending " if first.period_type == "week" else ""
    start = f"{format_value(first.value, definition)} in {week}{format_period(first)}"
    return moved if is_rated else f"{moved} from {start}"


def head_areas(rows: pd.DataFrame) -> str:
    """The same for the top of an exhibit: the sentence below it has the figures."""
    definition = definition_of(rows)
    figures = usable(rows).sort_values("value", ascending=False, kind="stable")
    shown = [format_value(value, definition) for value in figures["value"]]
    if len(set(shown)) < 2:
        return describe_areas(rows).removesuffix(".")
    top, bottom = figures["area_name"].iloc[[0, -1]]
    ends = f"{top}, lowest in {bottom}" if len(figures) == len(rows) else f"{top} of those shown"
    return f"{_head_name(definition)}: highest in {ends}"
