"""How long do agency staff stay, who becomes permanent, and which are in project teams?"""

from __future__ import annotations

import pandas as pd

from wfanalytics.analysis.agency import (
    AGENCY_BANDS,
    COVER,
    PROJECT,
    UNKNOWN,
    calculate_agency_tenure,
    calculate_projects,
    sum_months,
)
from wfanalytics.analysis.rates import CHANCE, FEWEST_LEAVERS, calculate_p_value
from wfanalytics.measures.area_data import AreaData, select
from wfanalytics.measures.posts import MONTHS_IN_YEAR
from wfanalytics.periods import format_month
from wfanalytics.present.alt_text import describe_parts_alt_text
from wfanalytics.present.charts import plot_bars, plot_stack
from wfanalytics.present.exhibit import Exhibit
from wfanalytics.present.exhibits.agency import AGENCY_NAMES
from wfanalytics.present.exhibits.build import NoFigureError, make_month, needs_extracts
from wfanalytics.present.exhibits.simple import (
    WITHHELD,
    count_people,
    find_value,
    join_alt,
    show_numbers,
    show_share,
    year_ago,
)
from wfanalytics.present.words import NO_FIGURE, each_row, sentence_case
from wfanalytics.rounding import format_number

QUARTER = 3
#: A stack of fewer bars shows nothing that its sentence does not say.
FEWEST_BARS = 3
#: Quarters drawn in a stack.
QUARTERS_SHOWN = 16
OVER_A_YEAR, UP_TO_A_YEAR = AGENCY_BANDS[-1][0], "a year or less"
START_NOTE = (
    "Time here counts from the earliest start date in an unbroken run of month-end lists; an "
    "agency worker missing from a list has been away."
)
SMALL_NOTE = (
    "Counts of {some} people are withheld, with the next smallest where a total would give "
    "them away."
)
NO_STAFF = "There is no list of agency staff for the month, or none is on it."


@needs_extracts("How long have today's agency staff been here?")
def agency_tenure(data: AreaData) -> Exhibit:
    """Agency staff at the month's end by how long they have been here, people."""
    total = find_value(data, "agency_headcount")
    if not total:
        raise NoFigureError(NO_STAFF)
    rows = calculate_agency_tenure(
        data.tables["workers"], through=data.month, rules=data.disclosure
    )
    rows = rows[(rows["breakdown"] == "band") & (rows["period_end"] == data.month)]
    rows = rows[(rows["band"] != UNKNOWN) | (rows["value"] != 0)]
    when = format_month(data.month)
    said = [_describe_long(data, rows, total=total)]
    newest = rows[(rows["band"] == AGENCY_BANDS[0][0]) & (rows["value"] > 0)]
    for row in each_row(newest):
        newcomers = f"{format_number(row.value)} ({show_share(row.share)})"
        said.append(f"{newcomers} had been here for {row.band}.")
    text = [
        WITHHELD if pd.isna(r.value) else f"{format_number(r.value)} ({show_share(r.share)})"
        for r in each_row(rows)
    ]
    axes = plot_bars(
        rows.assign(text=text, band=rows["band"].map(sentence_case)), name="band", text="text",
        ranked=False,
        label=f"Agency staff by time here, people, end of {when}",
    )  # fmt: skip
    table = {
        "Time here": rows["band"].map(sentence_case).to_numpy(),
        "Agency staff, people": show_numbers(rows["value"]),
        "Share": rows["share"].map(show_share).to_numpy(),
    }
    alt = join_alt(
        f"Bar chart: agency staff by time here, {data.name}, {when}.", rows["band"], text
    )
    (long,) = rows.loc[rows["band"] == OVER_A_YEAR, "share"]
    headline = (
        f"{show_share(long)} of agency staff had been here over a year" if long > 0 else said[0]
    )
    return make_month(
        data, headline=headline, what="Agency staff by time here", sentences=said, axes=axes,
        alt=alt, table=table, source="posts", notes=[START_NOTE, SMALL_NOTE],
    )  # fmt: skip


def _describe_long(data: AreaData, rows: pd.DataFrame, *, total: float) -> str:
    """How many have been here over a year, of all."""
    when = format_month(data.month)
    row = next(each_row(rows[rows["band"] == OVER_A_YEAR]))
    staff = count_people(total, "member of agency staff", "agency staff")
    if pd.isna(row.value):
        return f"Of {staff} in {when}, how many had been here over a year is {WITHHELD}."
    share = f" ({show_share(row.share)})" if row.value else ""
    number = format_number(row.value) if row.value else "none"
    return f"Of {staff} in {when}, {number}{share} had been here over a year."


@needs_extracts("Do more agency staff stay over a year?")
def agency_over_year(data: AreaData) -> Exhibit:
    """Agency staff here over a year and up to a year, quarter by quarter, people."""
    total = find_value(data, "agency_headcount")
    if not total:
        raise NoFigureError(NO_STAFF)
    rows = calculate_agency_tenure(
        data.tables["workers"], through=data.month, rules=data.disclosure
    )
    rows = _take_quarters(rows[rows["breakdown"] == "year"], data.month)
    parts = {OVER_A_YEAR: OVER_A_YEAR, UP_TO_A_YEAR: UP_TO_A_YEAR}
    if (rows.loc[rows["band"] == UNKNOWN, "value"] != 0).any():
        parts[UNKNOWN] = "start not known"
    roles = {OVER_A_YEAR: "own", UP_TO_A_YEAR: "second", UNKNOWN: "quiet bar"}
    said = [_describe_long(data, rows[rows["period_end"] == data.month], total=total)]
    before = rows[(rows["period_end"] == year_ago(data)) & (rows["band"] == OVER_A_YEAR)]
    now = rows[(rows["period_end"] == data.month) & (rows["band"] == OVER_A_YEAR)]
    headline = said[0]
    for today in each_row(now[now["value"].notna()]):
        headline = f"Agency staff here over a year: {format_number(today.value)}"
        for row in each_row(before[before["value"].notna()]):
            share = f"{format_number(row.value)} ({show_share(row.share)})"
            said.append(f"A year before it was {share}.")
            headline += f", {format_number(row.value)} a year before"
    return _stack(data, rows, parts=parts, roles=roles, headline=headline, said=said,
                  what="Agency staff by time here, quarter by quarter",
                  notes=[START_NOTE, SMALL_NOTE])  # fmt: skip


@needs_extracts("How many agency staff are in project teams?")
def agency_projects(data: AreaData) -> Exhibit:
    """Agency staff in project teams and all others, quarter by quarter, people."""
    total = find_value(data, "agency_headcount")
    if total is None:
        raise NoFigureError(NO_STAFF)
    teams = data.measures[data.measures["measure"] == "agency_headcount"]
    teams = teams[(teams["area_level"] == "team") & (teams["status"] == "suppressed")]
    every = calculate_projects(
        data.tables["workers"], through=data.month, rules=data.disclosure,
        withheld=list(zip(teams["period_end"], teams["area_name"], strict=True)),
    )  # fmt: skip
    rows = _take_quarters(every, data.month)
    project = every[every["band"] == PROJECT]
    if not (project["value"] != 0).any():
        raise NoFigureError(f"No agency worker up to {format_month(data.month)} is marked as in a "
                            "project team.")  # fmt: skip
    when = format_month(data.month)
    staff = count_people(total, "member of agency staff", "agency staff")
    now = project.loc[project["period_end"] == data.month, "value"]
    if not total:
        said = [f"There were no agency staff in {when}."]
    elif now.isna().any():
        said = [f"Of {staff} in {when}, how many were in project teams is {WITHHELD}."]
    else:
        number = format_number(now.iloc[0]) if now.iloc[0] else "none"
        verb = "was" if now.iloc[0] in (0, 1) else "were"
        said = [f"In {when}, {number} of {staff} {verb} in project teams."]
    if (project["value"] > 0).any():
        most = project.loc[project["value"].idxmax()]
        month = format_month(most["period_end"])
        of_shown = " of those shown" if project["value"].isna().any() else ""
        said.append(f"The most{of_shown} was {format_number(most['value'])} in project teams, "
                    f"first in {month}.")  # fmt: skip
    return _stack(
        data, rows, parts={COVER: COVER, PROJECT: PROJECT}, roles={COVER: "own", PROJECT: "third"},
        headline=said[0], said=said, what="Agency staff in project teams and others",
        notes=["A project team is engaged as a whole, above establishment, and covers no post.",
               SMALL_NOTE],
    )  # fmt: skip


def _take_quarters(rows: pd.DataFrame, month: pd.Timestamp) -> pd.DataFrame:
    """Every third month end back from the month."""
    back = (
        (month.year - rows["period_end"].dt.year) * 12 + month.month - rows["period_end"].dt.month
    )
    return rows[(back % QUARTER == 0) & (back < QUARTER * QUARTERS_SHOWN)].reset_index(drop=True)


def _stack(
    data: AreaData, rows: pd.DataFrame, *, parts: dict[str, str], roles: dict[str, str],
    headline: str, said: list[str], what: str, notes: list[str],
) -> Exhibit:  # fmt: skip
    dates = sorted(rows["period_end"].unique())
    axes = None
    if len(dates) >= FEWEST_BARS:
        axes = plot_stack(rows, parts=parts, by="band", roles=roles, unit="people",
                          label=f"{what}, people")  # fmt: skip
    alt = describe_parts_alt_text(rows.assign(period_type="snapshot"), parts=parts, by="band",
                                  unit="people", what=f"{what.lower()}, {data.name}")  # fmt: skip
    table = pd.DataFrame({"Month end": [format_month(date) for date in dates]})
    for part, words in parts.items():
        values = rows[rows["band"] == part].set_index("period_end")["value"].reindex(dates)
        table[f"{sentence_case(words)}, people"] = show_numbers(values)
    return make_month(
        data, headline=headline, what=what, sentences=said, axes=axes, alt=alt, table=table,
        source="posts", notes=notes,
    )  # fmt: skip


@needs_extracts("How many agency staff have become permanent?")
def agency_conversions(data: AreaData) -> Exhibit:
    """Agency staff made permanent in each quarter and in twelve months, people."""
    months = select(data, "conversions_headcount")
    quarters = sum_months(months, month=data.month, length=QUARTER)
    years = sum_months(months, month=data.month, length=MONTHS_IN_YEAR)
    if quarters.empty or quarters["value"].isna().all():
        reason = "Three months of starters and leavers lists are needed, up to the month."
        raise NoFigureError(reason)
    rows = quarters.tail(QUARTERS_SHOWN).assign(band="made")
    axes = None
    if len(rows) >= FEWEST_BARS and rows["value"].any():
        axes = plot_stack(rows, parts={"made": "made permanent"}, by="band",
                          unit="in three months",
                          label="Agency staff made permanent in three months, people")  # fmt: skip
    said = _describe_conversions(data, quarters, years)
    ends = [format_month(date) for date in rows["period_end"]]
    numbers = show_numbers(rows["value"], none=NO_FIGURE)
    head = f"Bar chart: agency staff made permanent in three months, {data.name}."
    return make_month(
        data, headline=said[0], what="Agency staff made permanent, by quarter", sentences=said,
        axes=axes,
        alt=join_alt(head, ends[::-1], numbers[::-1]),
        table=pd.DataFrame({"Three months to": ends, "Made permanent, people": numbers}),
        source="movements", measures=["conversions_headcount"],
    )  # fmt: skip


def _describe_conversions(data: AreaData, quarters: pd.DataFrame, years: pd.DataFrame) -> list[str]:
    when = format_month(data.month)
    if years.empty or pd.isna(years["value"].iloc[-1]):
        number = float(quarters["value"].iloc[-1])
        if pd.isna(number):
            return [f"How many became permanent in the three months to {when} is not known."]
        made = sentence_case(count_people(number, *AGENCY_NAMES))
        return [f"{made} became permanent in the three months to {when}."]
    now = float(years["value"].iloc[-1])
    made = sentence_case(count_people(now, *AGENCY_NAMES))
    said = [f"{made} became permanent in the twelve months to {when}."]
    if len(years) > 1 and pd.notna(years["value"].iloc[-2]):
        before = float(years["value"].iloc[-2])
        said.append(f"It was {format_number(before)} in the twelve months before: "
                    f"{_judge(int(now), int(before))}.")  # fmt: skip
    return said


def _judge(now: int, before: int) -> str:
    if now + before < FEWEST_LEAVERS:
        return "too few to tell"
    is_clear = calculate_p_value(now, before, share=0.5) < CHANCE
    return (
        "more than chance alone makes it differ" if is_clear
        else "chance alone may make that difference"
    )  # fmt: skip
