"""What a projection says, in sentences a councillor reads at one go."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd

from wfanalytics.analysis.outlook import (
    BASELINE,
    FEWEST_HEADS,
    LIKELY,
    MOST_STARTERS,
    RATE,
    Projection,
)
from wfanalytics.analysis.outlook_backtest import FEWEST_ORIGINS, Backtest
from wfanalytics.analysis.outlook_model import PATHS
from wfanalytics.analysis.outlook_scenarios import PACE
from wfanalytics.measures.definitions import find_definition
from wfanalytics.periods import format_month
from wfanalytics.present.exhibits.outlook_tables import (
    list_ends,
    list_errors,
    pick,
    show,
    show_chance,
    show_interval,
)
from wfanalytics.present.exhibits.simple import count_people
from wfanalytics.present.words import format_plain
from wfanalytics.rounding import format_number, round_half_up

EFFECTIVE = (
    "Effective staff: permanent staff not on long absence and agency staff, FTE, less what newly "
    "qualified staff do not carry yet."
)
LATER = "outlook.yml was written for a later month, so it is not used for this one."
OVER = "Vacancies below 0 mean more permanent staff than posts."
OVERLAP = (
    "Projections from neighbouring months share months, so they are not independent tests. Skill "
    "is how much smaller than that of “no change” the median error is; below 0 it is larger."
)


def describe_vacancies(found: Projection, *, given: str) -> tuple[str, ...]:
    """Baseline, chosen scenario, target and recruitment, sentence by sentence.

    ``given`` is the clause that says who is taken to start.
    """
    rows, uncovered = pick(found.frame, RATE), "uncovered_vacancy_fte"
    now, end = rows.iloc[0], rows.iloc[-1]
    when = format_month(end["period_end"])
    name = found.chosen.name
    other = pick(found.frame, RATE, scenario=name).iloc[-1]
    posts = round_half_up(_end(found, uncovered, name), 1) - round_half_up(
        _end(found, uncovered), 1
    )
    if format_number(abs(posts)) == "0":
        differ = "no difference of a whole post"
    else:
        side = "more" if posts > 0 else "fewer"
        differ = f"about {count_people(abs(posts), 'post')} {side}"
    moves = _say_move([now["projected"], end["projected"]], RATE)
    between = show_interval(end, RATE).replace(" to ", " and ")
    return (
        f"{given}, the uncovered vacancy rate {moves} by {when}.",
        f"With a chance of eight in ten it is then between {between} (the 80% interval).",
        f"If {name}, it goes to about {show(other['projected'], RATE)}: {differ}.",
        *_describe_target(found, when),
        *_describe_need(found, when),
    )


def _say_move(
    values: Sequence[float], measure: str, *, verbs: tuple[str, str] = ("goes", "stays")
) -> str:
    now, then = (show(value, measure) for value in values)
    goes, stays = verbs
    return f"{stays} at about {then}" if now == then else f"{goes} from {now} to about {then}"


def _end(found: Projection, measure: str, scenario: str = BASELINE) -> float:
    return float(pick(found.frame, measure, scenario=scenario)["projected"].iloc[-1])


def _describe_target(found: Projection, when: str) -> tuple[str, ...]:
    if found.target is None:
        return ()
    aim = format_plain(found.target, find_definition(RATE))
    row = found.targets[found.targets["scenario"] == BASELINE].iloc[0]
    chance = show_chance(row["chance"])
    start = pick(found.frame, RATE)["period_end"].iloc[0]
    if pd.isna(row["likely_from"]):
        return (f"The target of {aim} is not likely to be met by {when}: the chance is {chance}.",)
    if row["likely_from"] == start:
        return (
            f"The target of {aim} is met already; the chance that it is in {when} is {chance}.",
        )
    since = format_month(row["likely_from"])
    if row["chance"] < LIKELY:
        return (f"The target of {aim} is likely to be met in {since} but not to hold: the chance "
                f"that it is in {when} is {chance}.",)  # fmt: skip
    return (
        f"The target of {aim} is likely to be met from {since}; the chance that it is in {when} "
        f"is {chance}.",
    )


def _describe_need(found: Projection, when: str) -> tuple[str, ...]:
    if found.aim is None or (found.aim == found.target and found.starters_needed == 0):
        return ()
    aim = format_plain(found.aim, find_definition(RATE))
    usual = format_number(found.starters_expected, 1)
    if found.starters_needed is None:
        return (f"Even {MOST_STARTERS} more starters a month would not reach {aim} by {when}.",)
    if found.starters_needed == 0:
        return (f"The {usual} starters a month expected are enough to reach {aim} by {when}.",)
    more = count_people(found.starters_needed, "more starter", "more starters")
    verb = "is" if found.starters_needed == 1 else "are"
    return (f"To reach {aim} by {when}, about {more} a month {verb} needed than the {usual} "
            "expected.",)  # fmt: skip


def describe_trust(test: Backtest) -> tuple[str, ...]:
    """Whether the area's own history bears the model out, and what is shown if not."""
    if not test.is_enough:
        count = len(test.origins)
        past = count_people(count, "past month", "past months") if count else "no past month"
        return (f"The record allows {past} to be tested; {FEWEST_ORIGINS} are needed, so starters "
                "are taken to replace leavers.",)  # fmt: skip
    model, steady = (format_number(test.find_error(name), 1) for name in ("model", "no_change"))
    if test.beats_no_change:
        said = [f"In past tests the model's median error was {model} people; “no change” had "
                f"{steady}."]  # fmt: skip
    else:
        said = [f"In past tests the model did not beat “no change” (median error {model} against "
                f"{steady} people), so starters are taken to replace leavers."]  # fmt: skip
    method = "model" if test.beats_no_change else "no_change"
    factor = format_number(test.find_factor(method), 1)
    if factor != "1.0":
        held = format_number(test.find_coverage(f"{method}_80") * 100)
        whose = "The model's 80% interval" if test.beats_no_change else (
            "The 80% interval of “no change”"
        )  # fmt: skip
        said.append(f"{whose} held {held}% of past outcomes, so intervals are drawn {factor} "
                    "times as wide.")  # fmt: skip
    return tuple(said)


def head_scenarios(rows: pd.DataFrame) -> str:
    """The lowest and highest rate among the scenarios."""
    low, high = (show(value, RATE) for value in (rows["projected"].min(), rows["projected"].max()))
    when = format_month(rows["period_end"].iloc[0])
    return f"Uncovered vacancies in {when}: {low} to {high}, depending on the scenario"


def describe_scenarios(found: Projection) -> tuple[str, ...]:
    """The baseline and the scenarios that differ most from it, in posts."""
    rows = list_ends(found.frame, "uncovered_vacancy_fte")
    when = format_month(rows["period_end"].iloc[0])
    base = round_half_up(float(rows.loc[rows["scenario"] == BASELINE, "projected"].iloc[0]), 1)
    said = [
        f"The baseline has about {format_number(base, 1)} FTE of uncovered vacancies in {when}."
    ]
    others = rows[rows["scenario"] != BASELINE]
    differences = np.array([round_half_up(value, 1) for value in others["projected"]]) - base
    for index, word in ((int(differences.argmax()), "more"), (int(differences.argmin()), "fewer")):
        size = differences[index] if word == "more" else -differences[index]
        if format_number(max(size, 0)) != "0":
            name = others["scenario"].iloc[index]
            said.append(f"If {name}, there are about {format_number(size, 1)} FTE {word}.")
    return tuple(said)


def describe_staff(found: Projection, band: tuple[float, float]) -> tuple[str, ...]:
    """Average caseload and effective staff, from now to the end."""
    measure = "caseload_fte"
    rows, staff = pick(found.frame, measure), pick(found.frame, "effective_fte")
    end, when = rows.iloc[-1], format_month(rows["period_end"].iloc[-1])
    low, high = (format_number(edge) for edge in band)
    shown = round_half_up(end["projected"], 1)
    place = "above" if shown > band[1] else "below" if shown < band[0] else "within"
    loads, heads = ([float(held["projected"].iloc[i]) for i in (0, -1)] for held in (rows, staff))
    return (
        f"Average caseload {_say_move(loads, measure)} cases by {when} "
        f"(80% interval: {show_interval(end, measure)}).",
        f"That is {place} the band of {low} to {high}.",
        f"Effective staff {_say_move(heads, 'effective_fte', verbs=('go', 'stay'))} FTE.",
    )


def head_services(rows: pd.DataFrame) -> str:
    """The service with the most vacancies at the end."""
    top = rows.loc[rows["projected"].idxmax()]
    when = format_month(top["period_end"])
    return (
        f"Most vacancies in {when}: {top['area_name']}, {show(top['projected'], 'vacancy_fte')} FTE"
    )


def describe_services(
    rows: pd.DataFrame, small: Collection[str], secret: Collection[str]
) -> tuple[str, ...]:
    """Where most vacancies will be, and how many services are too small, or withheld."""
    top = rows.loc[rows["projected"].idxmax()]
    said = [
        f"In {format_month(top['period_end'])} most vacancies are in {top['area_name']}: about "
        f"{show(top['projected'], 'vacancy_fte')} FTE, {show(top['now'], 'vacancy_fte')} now.",
    ]
    if small:
        names = count_people(len(small), "service has", "services have")
        said.append(f"{names} fewer than {FEWEST_HEADS} permanent staff: too few to project.")
    if secret:
        names = count_people(len(secret), "service is", "services are")
        said.append(f"{names} left out: vacancies would show how few agency staff there are.")
    return tuple(said)


def find_best(rows: pd.DataFrame) -> str:
    """The method with the smallest median error."""
    return str(rows.loc[rows["error"].idxmin(), "method"])


def head_backtest(test: Backtest) -> str:
    """Whether the model beat "no change"."""
    did = "beat" if test.beats_no_change else "did not beat"
    return f"The model {did} “no change” on this area's own history"


def describe_backtest(test: Backtest) -> tuple[str, ...]:
    """Errors of each method, and how often the intervals held what came."""
    rows = list_errors(test).set_index("key")
    errors = {key: format_number(value, 1) for key, value in rows["error"].items()}
    cover = {key: format_number(100 * test.find_coverage(key))
             for key in ("model_80", "model_95", "leavers_80", "leavers_95")}  # fmt: skip
    left = [format_number(test.find_error(name), 1) for name in ("leavers_model",
                                                                 "leavers_last_year")]  # fmt: skip
    return (
        f"In {len(test.origins)} projections {test.horizon} months on, staff in post were out by "
        f"{errors['model']} people (the median); “no change” by {errors['no_change']}.",
        f"“Same as last year” was out by {errors['last_year']} people.",
        f"The model's 80% interval held {cover['model_80']}% of outcomes and its 95% interval "
        f"{cover['model_95']}%.",
        f"For leavers they held {cover['leavers_80']}% and {cover['leavers_95']}%; the median "
        f"error was {left[0]} people, “same as last year” {left[1]}.",
    )


def list_methods(found: Projection) -> tuple[str, ...]:
    """How the projection was made: assumptions, seed and rates, for the notes."""
    rate = format_number(float(found.rates.hazard[0]) * 100, 1)
    known = found.known
    if not known.usual_recruitment:
        joining = "Nobody is taken to start but those named."
    elif found.basis == PACE:
        joining = "After those named, people go on starting as in the last twelve months."
    else:
        joining = "After those named, starters are taken to replace leavers."
    own = "own record, drawn towards the middle authority"
    source = own if known.leaving_rate is None else "stated"
    factors = [format_number(found.factors[name], 1) for name in ("staff", "leavers")]
    wide = () if factors == ["1.0", "1.0"] else (
        f"Intervals are drawn wider than simulated: {factors[0]} times for staff, {factors[1]} for "
        "leavers.",
    )  # fmt: skip
    return (
        "A projection continues stated assumptions; it is not a forecast.",
        f"Leaving rate {rate}% a year ({source}). {joining}",
        f"{format_number(PATHS)} simulated futures, seed {known.seed}: the same input gives the "
        "same figures.",
        *wide,
    )
