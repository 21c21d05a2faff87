"""What a projection says of people: who is about to join, and how many will leave."""

from __future__ import annotations

import pandas as pd

from wfanalytics.analysis.outlook import BASELINE, Projection
from wfanalytics.analysis.outlook_model import count_starters
from wfanalytics.analysis.outlook_scenarios import PACE, find_step, list_named
from wfanalytics.measures.area_data import AreaData
from wfanalytics.periods import format_month
from wfanalytics.present.exhibits.outlook_tables import pick, show, show_interval
from wfanalytics.present.exhibits.simple import count_people
from wfanalytics.present.words import count_few, sentence_case
from wfanalytics.rounding import format_number, round_half_up


def _spread_starters(found: Projection, month: pd.Timestamp) -> tuple[int, list[int]]:
    """People named, and how many of them start: middle, and the ends of 90% of futures."""
    named = list_named(found.known, month)
    chances = count_starters([(item.people, chance) for _, item, chance in named]).cumsum()
    ends = [int((chances < share).sum()) for share in (0.5, 0.05, 0.95)]
    return sum(item.people for _, item, _ in named), ends


def say_recruitment(found: Projection, data: AreaData) -> str:
    """Who is taken to start, as the clause that opens a projection's first sentence."""
    if list_named(found.known, data.month):
        people, (middle, _, _) = _spread_starters(found, data.month)
        if data.disclosure.is_few(people):
            return "If those named to start come as expected"
        named = count_people(people, "person", "people")
        return f"If about {middle} of {named} named to start do so"
    if not found.known.usual_recruitment:
        return "If nobody starts"
    is_pace = found.basis == PACE
    return "With as many starters as last year" if is_pace else "If starters replace leavers"


def head_pipeline(found: Projection, month: pd.Timestamp) -> str:
    """How many are named and how many are likely to start."""
    people, (middle, _, _) = _spread_starters(found, month)
    return f"Of {people} named to start, about {middle} are likely to"


def describe_pipeline(found: Projection, month: pd.Timestamp) -> tuple[str, ...]:
    """Who is likely to start, and what that does to uncovered vacancies."""
    people, (middle, low, high) = _spread_starters(found, month)
    last = max(step for step, _, _ in list_named(found.known, month))
    measure = "uncovered_vacancy_fte"
    bare = found.pipeline.assign(scenario=BASELINE)
    both = [pick(frame, measure).iloc[last + 1] for frame in (found.frame, bare)]
    with_them, without = (round_half_up(row["projected"], 1) for row in both)
    when = format_month(both[0]["period_end"])
    named = count_people(people, "person", "people")
    return (
        f"Of {named} named to start by {when}, about {middle} are "
        f"likely to (90% interval: {low} to {high}).",
        f"With them uncovered vacancies are about {format_number(with_them, 1)} FTE in {when}; "
        f"with no starters, {format_number(without, 1)}.",
        f"The net effect is about {format_number(without - with_them, 1)} FTE fewer.",
    )


def head_leavers(found: Projection) -> str:
    """How many leave over the horizon."""
    end = pick(found.frame, "leavers").iloc[-1]
    when = format_month(end["period_end"])
    return f"About {_count_leavers(end)} by {when}"


def _count_leavers(end: pd.Series) -> str:
    return count_people(end["projected"], "person leaves", "people leave", none="0")


def describe_leavers(found: Projection, data: AreaData, year: pd.Series) -> tuple[str, ...]:
    """Leavers expected, known and if; ``year`` is the last twelve months'."""
    month = data.month
    end = pick(found.frame, "leavers").iloc[-1]
    other = pick(found.frame, "leavers", scenario=found.chosen.name).iloc[-1]
    steps = [(find_step(item.month, month), item.people) for item in found.known.leavers]
    known = sum(people for step, people in steps if 0 <= step < found.known.horizon)
    said = [
        f"In the {found.known.horizon} months to {format_month(end['period_end'])} about "
        f"{_count_leavers(end)} (80% interval: {show_interval(end, 'leavers')}).",
        f"In the twelve months to {format_month(month)}, {show(year['value'], 'leavers')} did.",
    ]
    if found.chosen.changes_leaving:
        said.append(f"If {found.chosen.name}, about {show(other['projected'], 'leavers')} leave.")
    if data.disclosure.is_few(known):
        few = sentence_case(count_few(data.disclosure))
        said.append(f"{few} have given notice: how many is withheld.")
    elif known:
        said.append(f"Notice to leave in these months has been given by {known} people.")
    return tuple(said)
