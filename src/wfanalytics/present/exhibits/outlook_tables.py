"""Rows and display tables of a projection: which figures, and as printed."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from wfanalytics.analysis.outlook import BASELINE, RATE, Projection
from wfanalytics.analysis.outlook_backtest import METHODS, Backtest
from wfanalytics.analysis.outlook_scenarios import list_named
from wfanalytics.measures.definitions import find_definition
from wfanalytics.measures.small_counts import find_withheld
from wfanalytics.periods import format_month, month_end, parse_month
from wfanalytics.present.exhibits.simple import WITHHELD, show_numbers
from wfanalytics.present.words import format_value, sentence_case
from wfanalytics.rounding import format_number
from wfanalytics.thresholds import Disclosure

#: Measure -> heading and decimals, for tables whose headings name a measure and its unit.
_MONTHLY = {
    "inpost_headcount": ("Permanent staff, people", 0),
    "vacancy_fte": ("Vacancies, FTE", 1),
    "uncovered_vacancy_fte": ("Uncovered vacancies, FTE", 1),
}
_STAFF = {
    "inpost_fte": ("Permanent, FTE", 1),
    "available_fte": ("Not on long absence, FTE", 1),
    "agency_fte": ("Agency, FTE", 1),
    "effective_fte": ("Effective, FTE", 1),
    "caseload_fte": ("Cases per social worker", 1),
}


def pick(frame: pd.DataFrame, measure: str, *, scenario: str = BASELINE) -> pd.DataFrame:
    """One measure of the authority in one scenario, month by month."""
    chosen = (frame["measure"] == measure) & (frame["scenario"] == scenario)
    rows = frame[chosen & (frame["area_level"] == "authority")]
    return rows.sort_values("period_end", ignore_index=True)


def name_scenario(name: str) -> str:
    """A scenario as a chart and a table call it."""
    return "Baseline" if name == BASELINE else sentence_case(name)


def show(value: float, measure: str) -> str:
    """A projected figure as its measure is printed; leavers and starters are people."""
    if measure in ("leavers", "starters"):
        return format_number(value)
    if measure in ("available_fte", "effective_fte"):
        return format_number(value, 1)
    return format_value(value, find_definition(measure))


def show_interval(row: pd.Series, measure: str, *, share: int = 80) -> str:
    """The ends of an interval as printed: ``5.7% to 11.8%``."""
    return f"{show(row[f'lower_{share}'], measure)} to {show(row[f'upper_{share}'], measure)}"


def _intervals(rows: pd.DataFrame, measure: str, *, share: int = 80) -> list[str]:
    return [show_interval(row, measure, share=share) for _, row in rows.iterrows()]


def list_ends(frame: pd.DataFrame, measure: str) -> pd.DataFrame:
    """A row a scenario: one measure at the end of the horizon, named and in words."""
    chosen = (frame["measure"] == measure) & (frame["area_level"] == "authority")
    rows = frame[chosen & (frame["period_end"] == frame["period_end"].max())]
    shown = [name_scenario(name) for name in rows["scenario"]]
    return rows.assign(shown=shown, words=_in_words(rows, measure)).reset_index(drop=True)


def _in_words(rows: pd.DataFrame, measure: str) -> list[str]:
    ends = zip(rows["projected"], _intervals(rows, measure), strict=True)
    return [f"{show(middle, measure)} ({interval})" for middle, interval in ends]


def list_services(frame: pd.DataFrame, *, without: Collection[str] = ()) -> pd.DataFrame:
    """Vacancies of each service at the end of the baseline, and now; some left out."""
    chosen = (frame["area_level"] == "service") & (frame["scenario"] == BASELINE)
    chosen &= ~frame["area_name"].isin(list(without))
    rows = frame[chosen & (frame["measure"] == "vacancy_fte")]
    last = rows[rows["period_end"] == rows["period_end"].max()]
    first = rows[rows["period_end"] == rows["period_end"].min()].set_index("area_name")
    now = first["projected"].reindex(last["area_name"]).to_numpy()
    return last.assign(now=now, words=_in_words(last, "vacancy_fte")).reset_index(drop=True)


def list_pipeline(found: Projection, month: pd.Timestamp, *, rules: Disclosure) -> pd.DataFrame:
    """Starters named by month and stage; counts of few, and what gives them away, are withheld."""
    named = [
        (month_end(parse_month(item.start)), item.stage, item.people, chance)
        for _, item, chance in list_named(found.known, month)
    ]
    rows = pd.DataFrame(named, columns=["period_end", "stage", "people", "chance"])
    rows = rows.groupby(["period_end", "stage", "chance"], as_index=False)["people"].sum()
    hide = find_withheld(rows["people"].to_numpy(), rules=rules)
    expected = (rows["people"] * rows["chance"]).mask(hide)
    when = [format_month(date, short=True) for date in rows["period_end"]]
    words = [
        WITHHELD if is_hidden else f"{format_number(mean, 1)} of {people}"
        for is_hidden, mean, people in zip(hide, expected, rows["people"], strict=True)
    ]
    shown = [f"{date}, {stage}" for date, stage in zip(when, rows["stage"], strict=True)]
    return rows.assign(is_withheld=hide, expected=expected, words=words, shown=shown)


def list_errors(test: Backtest) -> pd.DataFrame:
    """A row a method: median error in staff, skill, and how often its intervals held."""
    base = test.find_error("no_change")
    rows = []
    for method, name in METHODS.items():
        error = test.find_error(method)
        skill = 1 - error / base if base else float("nan")
        has_fan = method != "last_year"
        cover = [test.find_coverage(f"{method}_{n}") if has_fan else None for n in (80, 95)]
        rows.append((method, name, error, skill, *cover))
    return pd.DataFrame(rows, columns=["key", "method", "error", "skill", "in_80", "in_95"])


def table_months(frame: pd.DataFrame) -> pd.DataFrame:
    """The baseline month by month: staff, vacancies, uncovered rate and its 80% interval."""
    rates = pick(frame, RATE)
    return pd.DataFrame(
        {
            "Month": [format_month(date) for date in rates["period_end"]],
            **_columns(frame, _MONTHLY),
            "Uncovered vacancy rate": [show(value, RATE) for value in rates["projected"]],
            "80% interval": ["as reported", *_intervals(rates, RATE)[1:]],
        }
    )


def table_staff(frame: pd.DataFrame) -> pd.DataFrame:
    """The baseline month by month: staff of each kind, FTE, and average caseload."""
    months = pick(frame, "inpost_fte")["period_end"]
    return pd.DataFrame({"Month": [format_month(d) for d in months], **_columns(frame, _STAFF)})


def _columns(frame: pd.DataFrame, wanted: dict[str, tuple[str, int]]) -> dict[str, list[str]]:
    return {
        heading: [format_number(value, digits) for value in pick(frame, measure)["projected"]]
        for measure, (heading, digits) in wanted.items()
    }


def table_scenarios(found: Projection) -> pd.DataFrame:
    """Scenarios side by side at the end: staff, vacancies, caseload, chance of the target."""
    ends = {name: list_ends(found.frame, name).set_index("scenario")
            for name in ("inpost_headcount", "leavers", "uncovered_vacancy_fte", RATE,
                         "effective_fte", "caseload_fte")}  # fmt: skip
    rates = ends[RATE]
    table: dict[str, list[str]] = {"Scenario": list(rates["shown"])}
    headings = {"inpost_headcount": "Permanent staff, people", "leavers": "Leavers, people",
                "uncovered_vacancy_fte": "Uncovered vacancies, FTE",
                "effective_fte": "Effective staff, FTE",
                "caseload_fte": "Cases per social worker"}  # fmt: skip
    for measure, heading in headings.items():
        table[heading] = [show(value, measure) for value in ends[measure]["projected"]]
    table["Uncovered vacancy rate"] = [show(value, RATE) for value in rates["projected"]]
    table["80% interval"] = _intervals(rates, RATE)
    if len(found.targets):
        chances = found.targets.set_index("scenario").loc[rates.index, "chance"]
        table["Chance of meeting the target"] = [show_chance(chance) for chance in chances]
    return pd.DataFrame(table)


def show_chance(chance: float) -> str:
    """A chance in whole per cent, never 0% or 100%: a simulation cannot know that.

    >>> show_chance(0.336), show_chance(0.001), show_chance(1.0)
    ('34%', 'under 1%', 'over 99%')
    """
    if chance < 0.01:
        return "under 1%"
    return "over 99%" if chance > 0.99 else f"{format_number(chance * 100)}%"


def table_services(rows: pd.DataFrame) -> pd.DataFrame:
    """Vacancies of each service now and at the end, with the 80% interval."""
    return pd.DataFrame(
        {
            "Service": rows["area_name"],
            "Vacancies now, FTE": [show(value, "vacancy_fte") for value in rows["now"]],
            "Projected, FTE": [show(value, "vacancy_fte") for value in rows["projected"]],
            "80% interval": _intervals(rows, "vacancy_fte"),
        }
    )


def table_ends(rows: pd.DataFrame) -> pd.DataFrame:
    """Leavers of each scenario with the 80% and 95% intervals."""
    return pd.DataFrame(
        {
            "Scenario": rows["shown"],
            "Leavers": [show(value, "leavers") for value in rows["projected"]],
            "80% interval": _intervals(rows, "leavers"),
            "95% interval": _intervals(rows, "leavers", share=95),
        }
    )


def table_pipeline(rows: pd.DataFrame) -> pd.DataFrame:
    """Starters named by month and stage, the chance of each and how many are expected."""
    return pd.DataFrame(
        {
            "Start": [format_month(date) for date in rows["period_end"]],
            "Stage": [sentence_case(stage) for stage in rows["stage"]],
            "People": show_numbers(rows["people"].mask(rows["is_withheld"])),
            "Chance of starting": [f"{format_number(chance * 100)}%" for chance in rows["chance"]],
            "Expected": show_numbers(rows["expected"], 1),
        }
    )


def table_backtest(rows: pd.DataFrame) -> pd.DataFrame:
    """Methods with their median error, skill, and how often intervals held what came."""

    def percent(value: float) -> str:
        return "not applicable" if pd.isna(value) else f"{format_number(value * 100)}%"

    return pd.DataFrame(
        {
            "Method": rows["method"],
            "Median error, people": [format_number(value, 1) for value in rows["error"]],
            "Skill against “no change”": [percent(value) for value in rows["skill"]],
            "80% interval held": [percent(value) for value in rows["in_80"]],
            "95% interval held": [percent(value) for value in rows["in_95"]],
        }
    )
