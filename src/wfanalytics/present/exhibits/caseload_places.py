"""Which services and teams hold how many cases, and which are short of staff as well?"""

from __future__ import annotations

import pandas as pd

from wfanalytics.analysis.caseload_bands import NOT_ABOVE, calculate_service_bands
from wfanalytics.analysis.hotspots import MEASURES, calculate_hotspots
from wfanalytics.measures.area_data import AreaData
from wfanalytics.measures.definitions import find_definition
from wfanalytics.periods import format_date, format_month
from wfanalytics.present.charts import plot_heat, plot_shares
from wfanalytics.present.exhibit import Exhibit
from wfanalytics.present.exhibits.build import FEW_NOTE, NoFigureError, make_exhibit, needs_extracts
from wfanalytics.present.exhibits.caseload import EACH_OWN, LAST_WEEK, take_week
from wfanalytics.present.exhibits.common import make_places
from wfanalytics.present.exhibits.simple import count_people, show_numbers, show_share
from wfanalytics.present.words import (
    NO_FIGURE,
    SHORT_STATUS_WORDS,
    format_value,
    join_words,
    sentence_case,
)
from wfanalytics.rounding import format_number
from wfanalytics.settings import Target

#: Social workers a team of the neighbour's aim had.
TEAM_OF = 5
#: More teams than this are told by the chart alone.
MOST_NAMED = 4
VERDICTS = {
    "both": "over and short", "over": "over the band", "short": "short of staff",
    "neither": "neither", "unknown": "cannot be shown",
}  # fmt: skip
HEADINGS = {
    "uncovered_vacancy_rate_fte": "Uncovered vacancies", "caseload_fte": "Cases per FTE",
    "agency_rate_fte": "Agency rate",
}  # fmt: skip
DOMINATED = (
    "A team's caseload is withheld where {few} people hold its cases, or one person "
    "holds over half of them, and where it would give such a team's away."
)


def _label_band(data: AreaData) -> str:
    low, high = (format_number(edge) for edge in data.band)
    return f"band: {low} to {high}"


@needs_extracts("Which services carry most?")
def caseload_services(data: AreaData) -> Exhibit:
    """Average caseload of each service at the month's last week."""
    return make_places(
        data, "caseload_fte", level="service", table="caseload",
        also=["cases", "case_holders_fte"], band=data.band, band_label=_label_band(data),
        more_notes=[LAST_WEEK],
    )  # fmt: skip


@needs_extracts("Which teams carry most?")
def caseload_teams(data: AreaData) -> Exhibit:
    """Average caseload of each team at the month's last week, against the band."""
    return make_places(
        data, "caseload_fte", level="team", table="caseload", band=data.band,
        band_label=_label_band(data), more_notes=[LAST_WEEK, DOMINATED],
    )  # fmt: skip


@needs_extracts("How many cases does each team hold?")
def caseload_cases_per_team(data: AreaData) -> Exhibit:
    """Cases held in each team beside a team target, if there is one, and what it is a worker."""
    take_week(data)
    aim = _team_aim(data)
    notes = [LAST_WEEK, DOMINATED]
    if aim is not None:
        low, high = float(aim.low or 0), float(aim.high or 0)
        each = [format_number(edge / TEAM_OF) for edge in (low, high)]
        notes += [f"{sentence_case(aim.label)}: {aim.source}.",
                  f"For a team of {TEAM_OF} social workers that is {each[0]} to {each[1]} cases "
                  "each; a larger team holds more cases at the same caseload."]  # fmt: skip
    return make_places(
        data, "cases", level="team", table="caseload",
        also=["case_holders_fte", "caseload_fte"], band=None if aim is None else (low, high),
        band_label="" if aim is None else aim.label, more_notes=notes,
    )  # fmt: skip


def _team_aim(data: AreaData) -> Target | None:
    aims = [
        target for target in data.targets
        if target.measure == "cases" and target.scope_level == "any team" and target.is_band
        and pd.Timestamp(target.valid_from) <= data.month
    ]  # fmt: skip
    return aims[-1] if aims else None


@needs_extracts("How are caseloads spread in each service?")
def caseload_spread_services(data: AreaData) -> Exhibit:
    """Case holders below, within and above the band in each service."""
    week = take_week(data)
    rows = calculate_service_bands(data, week=week)
    if not (rows["status"] == "ok").any():
        raise NoFigureError(
            "In each service a band has {few} people, or would give such a band away: no count "
            "may be shown."
        )
    low, high = (format_number(edge) for edge in data.band)
    parts = {"below": f"below {low}", "within": f"{low} to {high}",
             NOT_ABOVE: f"{high} or fewer", "above": f"above {high}"}  # fmt: skip
    used = {part: words for part, words in parts.items()
            if rows.loc[rows["part"] == part, "number"].sum()}  # fmt: skip
    rows = rows[rows["part"].isin(list(used))]
    drawn = rows.assign(number=rows["number"].where(rows["number"] > 0))
    axes = plot_shares(
        drawn, parts=used, by="part", number="number", ranked_by="above" if "above" in used else "",
        roles={"below": "below", "within": "within", NOT_ABOVE: "not above", "above": "above"},
        label="Case holders by caseload (numbers are people)",
    )  # fmt: skip
    wide = rows.pivot_table(index="area_name", columns="part", values="number", dropna=False)
    sentence = _describe_above(rows, high)
    alt = f"Stacked bar chart: case holders by caseload, {len(wide)} services, {data.name}."
    return make_exhibit(
        data, headline=sentence,
        subtitle=f"Case holders by cases per FTE and service, people, {data.name}, week ending "
        f"{format_date(week)}",
        sentences=(sentence,), source="caseload", axes=axes, alt=f"{alt} {sentence}",
        table=_tabulate_bands(wide, used),
        caption=f"Case holders by caseload and service, {data.name}, people",
        measures=["caseload_above_rate"],
        notes=[EACH_OWN, FEW_NOTE,
               "Where a band has {few} people, it is added to the next band."],
    )  # fmt: skip


def _describe_above(rows: pd.DataFrame, high: str) -> str:
    """The service with the largest share above the band."""
    shown = rows[(rows["part"] == "above") & rows["value"].notna()].sort_values("value")
    if shown.empty:
        among = " that may be shown" if (rows["status"] == "suppressed").any() else ""
        return f"No service{among} has anybody above {high} cases."
    top = shown.iloc[-1]
    return (
        f"{top['area_name']} has the largest share above {high} cases: "
        f"{format_number(top['number'])} of {format_number(top['people'])} case holders "
        f"({show_share(top['value'])})."
    )


def _tabulate_bands(wide: pd.DataFrame, parts: dict[str, str]) -> pd.DataFrame:
    """People in each band; where below and within are one, only their sum."""
    table = pd.DataFrame({"Service": list(wide.index)})
    for part, words in parts.items():
        numbers = wide[part]
        if part == NOT_ABOVE:
            inner = [name for name in ("below", "within") if name in wide]
            numbers = numbers + wide[inner].sum(axis=1)
        elif part != "above" and NOT_ABOVE in wide:
            numbers = numbers.mask(wide[NOT_ABOVE] > 0)
        table[words.capitalize()] = show_numbers(numbers)
    return table


@needs_extracts("Which teams are over the band and short of staff?")
def caseload_hotspots(data: AreaData) -> Exhibit:
    """Uncovered vacancies, caseload and agency rate of each team, and where they meet."""
    take_week(data)
    found = calculate_hotspots(data)
    rows = _list_cells(found)
    axes = plot_heat(rows, columns=HEADINGS, label="Teams by staffing and caseload (dark: high)")
    both = list(found.loc[found["verdict"] == "both", "area_name"])
    limits = {m: format_value(found[f"{m}_limit"].iloc[0], find_definition(m)) for m in MEASURES}
    is_unknown = found["verdict"] == "unknown"
    is_withheld = (found[[f"{m}_status" for m in MEASURES[:2]]] == "suppressed").any(axis=1)
    unknown = int(is_unknown.sum())
    if unknown == len(found):
        raise NoFigureError("No team has both vacancies and a caseload that may be shown.")
    none = "No team that may be shown is" if unknown else "No team is"
    teams = sentence_case(count_people(len(both), "team is", "teams are"))
    headline = f"{teams if both else none} over the band and short of staff at once"
    start = "It is" if len(both) == 1 else "They are"
    named = [f"{start} {join_words(both)}."] if 0 < len(both) <= MOST_NAMED else []
    sentences = [f"{headline} in {format_month(data.month)}.", *named]
    secret = int((is_unknown & is_withheld).sum())
    if secret:
        sentences.append(
            f"For {secret} of {len(found)} teams it cannot be shown, to protect people."
        )
    if unknown > secret:
        sentences.append(
            f"For {unknown - secret} of {len(found)} teams vacancies or a caseload are missing."
        )
    alt = f"Table of {len(found)} teams, {data.name}: {' '.join(sentences)}"
    return make_exhibit(
        data, headline=headline,
        subtitle=f"Uncovered vacancies, caseload and agency rate by team, {data.name}, "
        f"{format_month(data.month)}",
        sentences=sentences, source="caseload", axes=axes, alt=alt,
        table=rows.rename(columns={"area_name": "Team", **HEADINGS, "words": "Finding"})[
            ["Team", *HEADINGS.values(), "Finding"]
        ],
        caption=f"Staffing and caseload by team, {data.name}, {format_month(data.month)}",
        measures=MEASURES,
        notes=[f"Dark is: uncovered vacancies above {limits[MEASURES[0]]}, cases per FTE above "
               f"{limits[MEASURES[1]]}, agency rate above the authority's "
               f"{limits[MEASURES[2]]}.", DOMINATED, LAST_WEEK],
    )  # fmt: skip


def _list_cells(found: pd.DataFrame) -> pd.DataFrame:
    """A row a team: each figure in words, whether it is high, and the finding."""
    rows = pd.DataFrame({"area_name": found["area_name"], "words": found["verdict"].map(VERDICTS)})
    for measure in MEASURES:
        rows[measure] = _write(found, measure)
        is_high = found[f"{measure}_is_high"].astype(object)
        rows[f"{measure}_is_high"] = is_high.where(found[measure].notna(), None)
    return rows


def _write(found: pd.DataFrame, measure: str) -> list[str]:
    definition = find_definition(measure)
    return [
        SHORT_STATUS_WORDS.get(status) or NO_FIGURE if pd.isna(value)
        else format_value(value, definition)
        for value, status in zip(found[measure], found[f"{measure}_status"], strict=True)
    ]  # fmt: skip
