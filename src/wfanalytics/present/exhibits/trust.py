"""Can we trust this month? One screen: fresh or not, what is missing, who has what to mend."""

from __future__ import annotations

from typing import Any

import pandas as pd

from wfanalytics.analysis.quality import (
    HEADLINES,
    add_effects,
    calculate_effects,
    find_problems,
    list_late,
)
from wfanalytics.analysis.refused import list_missing, list_refused
from wfanalytics.clean.area import Clean
from wfanalytics.measures.area_data import AreaData
from wfanalytics.measures.definitions import find_definition
from wfanalytics.periods import format_month
from wfanalytics.present.exhibit import Exhibit
from wfanalytics.present.exhibits.build import make_exhibit, needs_extracts
from wfanalytics.present.phrases import name_difference, name_subject
from wfanalytics.present.words import sentence_case
from wfanalytics.rounding import format_number

#: Longest list that still fits one screen; the check command has the rest.
MOST_ROWS = 12


@needs_extracts("Can we trust this month?")
def quality_month(data: AreaData) -> Exhibit:
    """Whether the month's extracts are all here, and what somebody has to mend in them."""
    clean = Clean(data.tables, data.repairs, data.files, data.refused)
    refused = list_refused(data)
    late = list_late(clean, data.month)
    effects = calculate_effects(data.doubtful, data.measures, month=data.month)
    problems = add_effects(find_problems(clean, month=data.month, owners=data.owners), effects)
    mend = problems[problems["needs_mending"]].reset_index(drop=True)
    when = format_month(data.month)
    things = f"{len(mend)} thing{'' if len(mend) == 1 else 's'} to mend"
    if refused and list_missing(data):
        headline = f"No: figures of {when} are missing, because an extract could not be used"
    elif late:
        headline = f"Not all of {when}: extracts are missing"
    else:
        headline = f"Every extract of {when} is here; {things if len(mend) else 'nothing to mend'}"
    touched = _about_month(data)
    out, read = int(touched["rows_refused"].sum()), int(touched["rows_read"].sum())
    were = "was" if out == 1 else "were"
    done = "There is nothing else to mend." if refused else "There is nothing to mend."
    sentences = [
        *refused,
        *late,
        f"In files about {when}, {format_number(out)} of {format_number(read)} rows {were} "
        "refused, each with a reason.",
        *_describe_effects(effects),
        f"There {'is' if len(mend) == 1 else 'are'} {things}, newest file first."
        if len(mend)
        else done,
    ]
    if len(mend) > MOST_ROWS:
        sentences.append(f"The table has the first {MOST_ROWS}; wfanalytics check lists all.")
    return make_exhibit(
        data, headline=headline, subtitle=f"Extracts of {data.name} about {when}",
        sentences=sentences, source=f"{data.name}'s extracts and repairs ledger.",
        table=_tabulate(mend.head(MOST_ROWS)) if len(mend) else None,
        caption=f"What to mend in the extracts of {when}" if len(mend) else "",
    )  # fmt: skip


def _describe_effects(effects: pd.DataFrame) -> list[str]:
    """The most that one problem could move each headline figure."""
    most = effects[effects["effect"] > 0].groupby("measure", sort=False)["effect"].max()
    if most.empty:
        return ["No row that was refused or asked about could move a headline figure."]
    moves = [f"could move {name_subject(find_definition(name))} by at most "
             f"{_size(name, most[name])}." for name in HEADLINES if name in most]  # fmt: skip
    first = f"Counting refused rows, or leaving queried ones out, {moves[0]}"
    return [first, *(f"It {move}" for move in moves[1:])]


def _size(measure: str, effect: float) -> str:
    definition = find_definition(measure)
    if definition.unit == "percent":
        return name_difference(effect, definition)
    shown = format_number(effect, definition.decimals)
    return "1 person" if shown == "1" else f"{shown} {definition.unit.split(' ')[0]}"


def _about_month(data: AreaData) -> pd.DataFrame:
    files, start = data.files, data.month.to_period("M").to_timestamp()
    return files[(files["earliest"] <= data.month) & (files["latest"] >= start)]


def _tabulate(mend: pd.DataFrame) -> dict[str, object]:
    files = mend["file"].where(mend["file"] != "", mend["table"])
    return {
        "Where": files,
        "First row": [row if row else "none" for row in mend["first_row"]],
        "Rows": mend["rows"],
        "What": [sentence_case(reason) for reason in mend["reason"]],
        "Moves at most": [
            _move(row) for row in mend[["measure", "effect"]].itertuples(index=False)
        ],
        "What to do": mend["cure"],
        "Who": mend["owner"],
    }


def _move(problem: Any) -> str:
    """What one problem could move, such as "vacancy rate by 0.3 percentage points"."""
    if pd.isna(problem.effect):
        return "no headline figure"
    definition = find_definition(problem.measure)
    return f"{definition.label} by {_size(problem.measure, problem.effect)}"
