"""Why do people leave, where do they go, and where do new staff come from?"""

from __future__ import annotations

import pandas as pd

from wfanalytics.analysis.movers import NOT_RECORDED, OTHERS, count_words, find_movers
from wfanalytics.analysis.staffing import calculate_absence
from wfanalytics.measures.area_data import AreaData, list_withheld
from wfanalytics.periods import format_month
from wfanalytics.present.charts import plot_bars
from wfanalytics.present.exhibit import Exhibit
from wfanalytics.present.exhibits.build import NoFigureError, make_month, needs_extracts
from wfanalytics.present.exhibits.simple import (
    NO_STAFF_LIST,
    count_people,
    find_value,
    join_alt,
    lacks,
    show_numbers,
    show_share,
)
from wfanalytics.present.words import each_row, join_words, sentence_case
from wfanalytics.rounding import format_number

WORDS_NOTE = (
    "Words as the lists have them, DfE's code numbers put in DfE's words. Groups of {few} people "
    "stand together, with the next smallest where they would still be {few}."
)
#: Words that say that nobody knows.
UNKNOWN_WORDS = (NOT_RECORDED, "not known", "not yet collected")


@needs_extracts("Why do people leave?")
def leaver_reasons(data: AreaData) -> Exhibit:
    """Leavers of twelve months by recorded reason, people."""
    return _make(data, "leavers", "reason", what="Leavers by reason", about="reason for leaving")


@needs_extracts("Where do leavers go?")
def leaver_destinations(data: AreaData) -> Exhibit:
    """Leavers of twelve months by recorded destination, people."""
    return _make(data, "leavers", "destination", what="Leavers by destination",
                 about="destination")  # fmt: skip


@needs_extracts("Where do new staff come from?")
def starter_origins(data: AreaData) -> Exhibit:
    """Starters of twelve months by recorded origin, people; conversions among them."""
    return _make(data, "starters", "origin", what="Starters by origin",
                 about="origin")  # fmt: skip


def _make(data: AreaData, flow: str, column: str, *, what: str, about: str) -> Exhibit:
    total = find_value(data, f"{flow}_12m_headcount")
    when = f"the twelve months to {format_month(data.month)}"
    if total is None or lacks(data, "workers", "movements"):
        raise NoFigureError(f"Twelve months of lists of {flow} are needed, up to the month.")
    movers = find_movers(data.tables, flow, through=data.month)
    rows = count_words(movers, column, rules=data.disclosure)
    is_lost, is_rest = rows["name"].isin(UNKNOWN_WORDS), rows["name"] == OTHERS
    known = rows[~is_lost & ~is_rest]
    number = count_people(len(movers), flow.removesuffix("s"))
    if movers.empty:
        raise NoFigureError(f"There were no {flow} in {when}.")
    if known.empty:
        reason = f"Of {number} in {when} too few have one {about} recorded to tell them apart."
        raise NoFigureError(reason)
    rows = pd.concat([known, rows[is_rest], rows[is_lost]], ignore_index=True)
    most = _name_top(known)
    said = [f"Of {number} in {when}, the most common {about} was {most}."]
    lost = rows.loc[rows["name"].isin(UNKNOWN_WORDS), "value"].sum()
    if lost:
        said.append(f"For {lost} ({show_share(lost / len(movers))}) the {about} is not known.")
    text = [f"{row.value} ({show_share(row.share)})" for row in each_row(rows)]
    axes = plot_bars(rows.assign(name=rows["name"].map(sentence_case), text=text), name="name",
                     text="text", ranked=False, label=f"{what}, people, {when}")  # fmt: skip
    table = {
        sentence_case(about): rows["name"].map(sentence_case),
        f"{sentence_case(flow)}, people": rows["value"],
        "Share": rows["share"].map(show_share),
    }
    return make_month(
        data, headline=f"Most common {about}: {most}", what=f"{what}, twelve months",
        sentences=said, axes=axes,
        alt=join_alt(f"Bar chart: {what.lower()}, {data.name}, {when}.", rows["name"], text),
        table=table,
        source="movements", notes=[WORDS_NOTE],
    )  # fmt: skip


def _name_top(known: pd.DataFrame) -> str:
    """The most common words and how many; two equals together, of more than two their number."""
    top = known[known["value"] == known["value"].max()]
    each = " each" if len(top) > 1 else ""
    names = join_words(list(top["name"])) if len(top) <= 2 else f"one of {len(top)} equals"
    words = f"{int(top['value'].iloc[0])}{each} ({show_share(top['share'].iloc[0])})"
    return f"{names}, {words}"


@needs_extracts("Why are staff away for long?")
def absence_reasons(data: AreaData) -> Exhibit:
    """Permanent staff on long absence by reason, average FTE of twelve months, by service."""
    if find_value(data, "long_absence_fte") is None:
        raise NoFigureError(NO_STAFF_LIST.format(month=format_month(data.month)))
    every = calculate_absence(
        data.tables["workers"], through=data.month, rules=data.disclosure,
        withheld=list_withheld(data, "working_days_lost_fte", level="service", at=data.month),
    )  # fmt: skip
    every = every.assign(value=every["fte"].mask(every["status"] != "ok"))
    rows = every[every["service"] == ""]
    if rows["value"].isna().all():
        raise NoFigureError("Each reason rests on too few people to be told apart.")
    said, top = _describe_absence(data, rows), rows.loc[rows["value"].idxmax()]
    among = " of those shown" if rows["value"].isna().any() else ""
    label = "Permanent staff away, FTE, average of the twelve month ends"
    shown = rows.assign(absence=rows["absence"].map(sentence_case))
    axes = plot_bars(shown, name="absence", decimals=1, ranked=False, label=label)
    wide = every.pivot_table(index="service", columns="absence", values="value", dropna=False,
                             sort=False)  # fmt: skip
    wide = wide[list(rows["absence"])]
    names = ["All services" if name == "" else str(name) for name in wide.index]
    table = pd.DataFrame({"Service": names})
    for reason in wide.columns:
        table[f"{sentence_case(str(reason))}, FTE"] = show_numbers(wide[reason], 1)
    shown = [f"{words} FTE" for words in show_numbers(rows["value"], 1)]
    alt = join_alt(f"Bar chart: permanent staff on long absence by reason, {data.name}, "
                   f"twelve months to {format_month(data.month)}.", rows["absence"],
                   shown)  # fmt: skip
    most = f"Most common reason for long absence{among}: {top['absence']}, "
    most += f"{format_number(top['value'], 1)} FTE on average"
    return make_month(
        data, what="Permanent staff on long absence by reason", sentences=said,
        headline=most if top["value"] else "No long absence is shown", axes=axes, alt=alt,
        table=table, source="posts",
        notes=["Contracted FTE of permanent staff away at a month's end, averaged over the twelve "
               "month ends. A figure is withheld where {few} people were away for the "
               "reason in those months, or a total would give one away.",
               "Staff on long absence stay in post: they are no vacancies."],
    )  # fmt: skip


def _describe_absence(data: AreaData, rows: pd.DataFrame) -> list[str]:
    shown = rows[rows["value"].notna()]
    parts = [f"{row.absence} {format_number(row.value, 1)}" for row in each_row(shown)]
    now = format_number(find_value(data, "long_absence_fte") or 0.0, 1)
    return [
        f"Over twelve months, on average, FTE away were: {', '.join(parts)}.",
        f"At the end of {format_month(data.month)}, {now} FTE were away for any of these reasons.",
    ]
