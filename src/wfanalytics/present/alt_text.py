"""Text alternatives: what a chart shows, for a reader who does not see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from wfanalytics.measures.definition import Definition
from wfanalytics.periods import format_date
from wfanalytics.present.phrases import (
    definition_of,
    in_order,
    name_target,
    rate_latest,
    usable,
)
from wfanalytics.present.words import (
    STATUS_WORDS,
    each_row,
    format_period,
    format_with_unit,
    sentence_case,
)
from wfanalytics.rounding import format_number
from wfanalytics.settings import Event, Target

#: Longest text for a picture's own alt field.
ALT_TEXT_LIMIT = 250

_RATED = {"met": "met", "near": "nearly met", "missed": "not met"}


def describe_alt_text(
    rows: pd.DataFrame, *, targets: Sequence[Target] = (), chance: str = ""
) -> str:
    """A trend in at most 250 characters: measure, place, first, last, highest, lowest, target.

    ``chance`` is what the control chart says, in a few words.

    Where it would be longer, months are shortened and then the least is left out, from the
    end; :func:`describe_long` says it all.

    >>> rows = pd.DataFrame({"measure": "leavers_headcount", "area_name": "Exampleshire",
    ...     "breakdown_value": "all", "period_type": "month", "status": "ok",
    ...     "period_end": pd.to_datetime(["2020-08-31", "2020-09-30"]), "value": [2.0, 4.0]})
    >>> describe_alt_text(rows)
    'Line chart: leavers, Exampleshire. First 2 (August 2020), last 4 (September 2020).'
    """
    definition = definition_of(rows)
    for short in (False, True):
        parts = _parts(rows, definition, targets, short=short, chance=chance)
        if len(" ".join(parts)) <= ALT_TEXT_LIMIT:
            return " ".join(parts)
    return fit_alt(parts)


def fit_alt(parts: list[str]) -> str:
    """As many of the sentences, from the first on, as an alt text may hold."""
    while len(parts) > 1 and len(" ".join(parts)) > ALT_TEXT_LIMIT:
        parts = parts[:-1]
    return " ".join(parts)[:ALT_TEXT_LIMIT]


def _parts(
    rows: pd.DataFrame, definition: Definition, targets: Sequence[Target], *, short: bool,
    chance: str,
) -> list[str]:  # fmt: skip
    """The sentences of an alt text, the most needed first."""
    lines = _split(rows)
    if len(lines) > 1:
        head = f"Line chart: {definition.label}, {_span(rows, short=short)}."
        return [head, *(f"{name}: {_ends(line, definition)}." for name, line in lines)]
    (name, line), figures = lines[0], usable(lines[0][1])
    if figures.empty:
        head = f"Line chart: {definition.label}, {name}, {_span(rows, short=short)}."
        return [head, "No figure for this period."]
    parts = [f"Line chart: {definition.label}, {name}.",
             _extremes(figures, definition, short=short)]  # fmt: skip
    rated = rate_latest(line, targets)
    if rated is not None:
        aim = sentence_case(name_target(rated, definition).removeprefix("the "))
        parts.append(f"{aim}: {_RATED[rated.rating]}.")
    parts += [f"Control chart: {chance}."] if chance else []
    missing = len(line) - len(figures)
    if missing:
        parts.append(f"No figure for {missing} {_noun(line, missing)}.")
    return parts


def _split(rows: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    by = "breakdown_value" if len(set(rows["breakdown_value"])) > 1 else "area_name"
    names = dict.fromkeys(rows[by])
    return [(str(name), in_order(rows[rows[by] == name])) for name in names]


def _span(rows: pd.DataFrame, *, short: bool) -> str:
    ordered = rows.sort_values("period_end")
    first, last = each_row(ordered.iloc[[0, -1]])
    start, end = (format_period(row, short=short) for row in (first, last))
    return start if start == end else f"{start} to {end}"


def _ends(line: pd.DataFrame, definition: Definition) -> str:
    figures = usable(line)
    if figures.empty:
        return "no figure"
    first, last = (format_with_unit(v, definition) for v in figures["value"].iloc[[0, -1]])
    return f"first {first}, last {last}" if len(figures) > 1 else f"only {first}"


def _extremes(figures: pd.DataFrame, definition: Definition, *, short: bool) -> str:
    """First, last, highest and lowest with their dates, each said once."""
    highest, lowest = figures["value"].idxmax(), figures["value"].idxmin()
    chosen = [("first", figures.index[0]), ("last", figures.index[-1])]
    if len(figures) == 1:
        chosen = [("only", figures.index[0])]
    elif len(figures) > 2:
        chosen += [("highest", highest), ("lowest", lowest)]
    said = []
    for name, index in chosen:
        row = next(each_row(figures.loc[[index]]))
        when = format_period(row, short=short)
        note = ", provisional" if row.status == "provisional" else ""
        said.append(f"{name} {format_with_unit(row.value, definition)} ({when}{note})")
    return f"{sentence_case(', '.join(said))}."


def _noun(line: pd.DataFrame, count: int) -> str:
    kind = str(line["period_type"].iloc[0])
    noun = {"week": "week", "month": "month", "quarter": "quarter", "year": "year"}.get(
        kind, "date"
    )
    return noun if count == 1 else f"{noun}s"


def describe_long(
    rows: pd.DataFrame,
    *,
    targets: Sequence[Target] = (),
    events: Sequence[Event] = (),
    stated: pd.DataFrame | None = None,
) -> str:
    """The whole chart in words: every line, target, event, stated figure and gap."""
    definition = definition_of(rows)
    sentences = [f"Line chart of {definition.label}, {_span(rows, short=False)}."]
    for name, line in _split(rows):
        figures = usable(line)
        shown = "no figure for this period." if figures.empty else _extremes(
            figures, definition, short=False
        )  # fmt: skip
        sentences.append(f"{name}: {shown[0].lower()}{shown[1:]}")
        sentences += _gaps(line)
    first, last = rows["period_end"].min(), rows["period_end"].max()
    for target in targets:
        begins = pd.Timestamp(target.valid_from)
        ends = last if target.valid_to is None else pd.Timestamp(target.valid_to)
        if target.measure != definition.id or begins > last or ends < first:
            continue
        until = (
            "" if target.valid_to is None else f" to {format_date(pd.Timestamp(target.valid_to))}"
        )
        start = format_date(begins)
        sentences.append(f"Line or band named “{target.label}” from {start}{until}.")
    for event in events:
        if first <= pd.Timestamp(event.date) <= last:
            sentences.append(f"Marked: {event.label}, {format_date(pd.Timestamp(event.date))}.")
    if stated is not None:
        sentences += [f"Marked: {label}." for label in stated["label"]]
    return " ".join(sentences)


def _gaps(line: pd.DataFrame) -> list[str]:
    """One sentence a reason, naming each period without a figure."""
    missing = line.drop(usable(line).index)
    sentences = []
    for status, rows in missing.groupby("status", sort=False):
        periods = ", ".join(format_period(row) for row in each_row(rows))
        sentences.append(f"No figure for {periods}: {STATUS_WORDS[str(status)] or 'missing'}.")
    return sentences


def describe_areas_alt_text(rows: pd.DataFrame, *, place: str) -> str:
    """Ranked bars in at most 250 characters; ``rows`` of one measure and period, a row an area."""
    definition = definition_of(rows)
    figures = usable(rows).sort_values("value", ascending=False, kind="stable")
    kinds = {"team": "teams", "service": "services", "locality": "localities"}
    kind = kinds.get(str(rows["area_level"].iloc[0]), "areas")
    span = _span(rows, short=False)
    head = f"Bar chart: {definition.label}, {len(rows)} {kind}, {place}, {span}."
    parts = [head]
    if figures.empty:
        parts.append("No figure for any of them.")
    else:
        without = len(rows) - len(figures)
        top, bottom = each_row(figures.iloc[[0, -1]])
        ends = [("Highest of those shown" if without else "Highest", top)]
        # The lowest may be one of those that are not shown.
        ends += [] if without or len(figures) == 1 else [("Lowest", bottom)]
        for word, row in ends:
            parts.append(f"{word}: {row.area_name}, {format_with_unit(row.value, definition)}.")
        parts += [f"No figure for {without}."] if without else []
    return fit_alt(parts)


def describe_parts_alt_text(
    rows: pd.DataFrame,
    *,
    parts: Mapping[str, str],
    what: str,
    by: str = "measure",
    unit: str = "FTE",
    decimals: int = 0,
) -> str:
    """A stack of parts in at most 250 characters: its first and latest bars, part by part.

    ``what`` names the whole and the place, such as ``who fills posts, Exampleshire``.
    """
    whole = usable(rows[rows[by].isin(list(parts))])
    complete = whole.groupby("period_end")[by].transform("nunique") == len(parts)
    whole = whole[complete]
    head = f"Stacked bar chart: {what}, {_span(rows, short=True)}."
    if whole.empty:
        return f"{head} No figure for this period."[:ALT_TEXT_LIMIT]
    said = [head]
    for date in dict.fromkeys([whole["period_end"].max(), whole["period_end"].min()]):
        bar = whole[whole["period_end"] == date].set_index(by)
        when = format_period(next(each_row(bar.head(1))), short=True)
        values = [f"{words} {format_number(float(bar.loc[part, 'value']), decimals)}"
                  for part, words in parts.items()]  # fmt: skip
        said.append(f"{when}: {', '.join(values)} {unit}.")
    return fit_alt(said)
