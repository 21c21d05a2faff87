"""Has a figure of an earlier report moved, and does our census return agree with our lists?"""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd

from wfanalytics.analysis.reconcile import compare_return
from wfanalytics.analysis.revisions import calculate_revisions
from wfanalytics.clean.census_rules import ALL_RULES
from wfanalytics.errors import InputError
from wfanalytics.measures.area_data import AreaData
from wfanalytics.measures.definitions import find_definition
from wfanalytics.periods import format_date, format_month
from wfanalytics.present.exhibit import Exhibit
from wfanalytics.present.exhibits.build import NoFigureError, asks, make_exhibit, needs_extracts
from wfanalytics.present.exhibits.summary import MEASURES
from wfanalytics.present.phrases import name_subject
from wfanalytics.present.tables import figure_words
from wfanalytics.present.words import (
    each_row,
    format_period,
    format_value,
    format_with_unit,
    sentence_case,
)
from wfanalytics.raw.earlier import EarlierReport, read_earlier_report
from wfanalytics.rounding import format_number

#: Figures named in sentences, and rows of the table.
MOST_SENTENCES, MOST_ROWS = 3, 20
_EXTRACTS = {
    "posts": "the establishment list", "workers": "the staff list",
    "movements": "the list of starters and leavers", "caseload": "the caseload extract",
}  # fmt: skip
_LEVELS = ("authority", "england", "region", "service", "locality", "team")
HOW = (
    "Figures of the earlier report's own pack are compared with today's for the same periods, as "
    "printed; of services, localities and teams, those of that report's month."
)
WHY = (
    "Why: an input file is not the one that report was made from, or came later; the definition "
    "has a new version; or the figure was provisional."
)
#: Rules said one by one; the check command lists all.
MOST_RULES = 5
_NOT_HERE, _NOT_KNOWN = "not here", "not known"
_DONE = {"E": "a figure may be wrong", "Q": "to be asked", "F": "read all the same"}


@asks("Has a figure of an earlier report moved?")
def revisions(data: AreaData, *, reports_dir: str = "") -> Exhibit:
    """What the newest earlier report said, what is said now of the same periods, and why.

    ``reports_dir`` is the folder that holds ``<area>/<month>/``; nothing is compared without it.
    """
    if not reports_dir or not Path(reports_dir).expanduser().is_dir():
        raise NoFigureError("No folder of earlier reports was given, so nothing was compared.")
    try:
        earlier = read_earlier_report(reports_dir, slug=data.slug, before=data.month)
    except InputError as error:
        raise NoFigureError(f"Nothing was compared: {error}") from error
    if earlier is None:
        said = f"There is no report of {data.name} for an earlier month to compare with."
        first = _make(data, headline="This is the first report", sentences=(said,), table=None)
        # How figures are compared is no matter where none were.
        return replace(first, source="", notes=())
    moved = calculate_revisions(
        earlier.measures, data.measures, inputs=earlier.inputs, files=data.files
    )
    return _describe_moved(data, earlier, moved)


def _describe_moved(data: AreaData, earlier: EarlierReport, moved: pd.DataFrame) -> Exhibit:
    report = f"the report for {format_month(earlier.month)}"
    compared = format_number(moved.attrs["compared"])
    if moved.empty:
        said = f"{compared} figures of {report} were compared: each is printed the same today."
        return _make(data, headline="No published figure moved", sentences=(said,), table=None)
    count, verb = len(moved), "figure has" if len(moved) == 1 else "figures have"
    ordered = _put_in_order(moved)
    named = [_describe_one(row) for row in each_row(ordered.head(MOST_SENTENCES))]
    total = f"Of {compared} figures compared with {report}, {format_number(count)} moved."
    table = pd.DataFrame([_tabulate(row) for row in each_row(ordered.head(MOST_ROWS))])
    return _make(
        data, headline=f"{format_number(count)} published {verb} moved since {report}",
        sentences=(*named, total), table=table,
    )  # fmt: skip


def _make(
    data: AreaData, *, headline: str, sentences: tuple[str, ...], table: pd.DataFrame | None
) -> Exhibit:
    is_long = table is not None and len(table) == MOST_ROWS
    first = f"The table has the first {MOST_ROWS}: the area's own, then its parts', newest first."
    return make_exhibit(
        data, headline=headline,
        subtitle=f"Figures of the last report and today's, {data.name}, {format_month(data.month)}",
        sentences=sentences, source=f"{data.name}'s earlier report and today's extracts.",
        table=table, caption="" if table is None else f"Figures that moved, {data.name}",
        notes=[HOW, WHY, *([first] if is_long else [])],
    )  # fmt: skip


def _put_in_order(moved: pd.DataFrame) -> pd.DataFrame:
    """The area's own figures first, the newest first, those of the scorecard first."""
    rank = {measure: place for place, measure in enumerate(MEASURES)}
    order = moved.assign(
        _level=moved["area_level"].map(_LEVELS.index),
        _is_week=moved["period_type"] == "week",
        _age=-moved["period_end"].astype("int64"),
        _rank=moved["measure"].map(rank).fillna(len(rank)),
    )
    return order.sort_values(["_level", "_is_week", "_age", "_rank"], kind="stable")[
        list(moved.columns)
    ]


def _describe_one(row: Any) -> str:
    """``... for July 2019 was reported as 7.0%; it is now 7.3%, because ...``."""
    definition = find_definition(row.measure)
    subject = sentence_case(name_subject(definition))
    old, new = (
        "without a figure" if pd.isna(value) else format_with_unit(value, definition)
        for value in (row.old, row.new)
    )
    week = "the week ending " if row.period_type == "week" else ""
    place = "" if row.area_level in ("authority", "england") else f" in {row.area_name}"
    what = f"{subject}{place} for {week}{format_period(row)} was reported"
    as_old = old if pd.isna(row.old) else f"as {old}"
    return f"{what} {as_old}; it is now {new}, {_say_reason(row)}."


def _say_reason(row: Any) -> str:
    """Why a figure moved, as a clause."""
    extract = _EXTRACTS.get(str(row.file).split("/")[0], "an extract")
    return {
        "definition": "because its definition changed",
        "published file": "because DfE's file is another one",
        "corrected": f"because {extract} was corrected",
        "late": f"because {extract} came late",
        "provisional": "because it was provisional",
        "unknown": "for a reason not known",
    }[row.reason]


def _tabulate(row: Any) -> dict[str, str]:
    definition = find_definition(row.measure)
    figures = [
        figure_words(SimpleNamespace(value=value, status=status), definition)
        for value, status in ((row.old, row.old_status), (row.new, row.new_status))
    ]
    why = _say_reason(row).removeprefix("because ").removeprefix("for ")
    return {
        "Measure": sentence_case(definition.label),
        "Place": row.area_name,
        "Period": format_period(row),
        "Reported as": figures[0],
        "Now": figures[1],
        "Why": f"{why} ({row.file})" if row.file else why,
    }


@needs_extracts("Does our census return agree with our own lists?")
def quality_census(data: AreaData) -> Exhibit:
    """The latest census return beside our own lists of that day and DfE's published figures."""
    rows = compare_return(data)
    if rows.empty:
        raise NoFigureError("There is no census return up to this month in the area's folder.")
    when = format_date(rows["period_end"].iloc[0])
    both = rows[rows["returned"].notna() & rows["ours"].notna()]
    same = int(both["is_same_as_ours"].sum())
    count = f"All {same}" if same == len(both) > 1 else f"{same} of {len(both)}"
    agree = f"{count} figures of the return agree with our own lists"
    return make_exhibit(
        data, headline="Our own lists have no figure of the return's day" if both.empty else agree,
        subtitle=f"Census return, own lists and published figures, {data.name}, {when}",
        sentences=(*_describe_differences(both), _describe_published(rows), *_list_rules(data)),
        source=f"{data.name}'s census return and extracts.", table=_tabulate_return(rows),
        caption=f"Census return and our own lists, {when}", notes=[_NOTE],
    )  # fmt: skip


_NOTE = (
    "The return is made weeks later, from another system: late leavers and posts created since "
    "make the two differ. Figures are compared as printed."
)


def _describe_differences(both: pd.DataFrame) -> list[str]:
    said = []
    for row in each_row(both[~both["is_same_as_ours"]]):
        definition = find_definition(row.measure)
        returned, ours = (format_value(x, definition) for x in (row.returned, row.ours))
        said.append(f"{sentence_case(definition.label)}: {returned} returned, {ours} in our lists.")
    return said


def _describe_published(rows: pd.DataFrame) -> str:
    has = rows["published"].notna() & rows["returned"].notna()
    if not has.any():
        return "DfE's published figures for that day and authority are not here to compare with."
    same = int(rows.loc[has, "is_same_as_published"].sum())
    return f"{same} of {int(has.sum())} figures are the same as DfE published, as printed."


def _list_rules(data: AreaData) -> list[str]:
    """The rules that fired in returns, with how often; nobody's row."""
    is_census = (data.repairs["table"] == "census") & data.repairs["rule"].str.startswith("R")
    counts = data.repairs[is_census].groupby(["severity", "rule"]).size()
    said = [
        f"{rule}, {_DONE[severity]}: {ALL_RULES[rule].title}, {format_number(count)} "
        f"{'row' if count == 1 else 'rows'}."
        for (severity, rule), count in counts.items()
    ]
    if not said:
        return ["None of the census's rules fired."]
    more = [f"{len(said) - MOST_RULES} more rules fired; wfanalytics check lists all."]
    return said[:MOST_RULES] + (more if len(said) > MOST_RULES else [])


def _tabulate_return(rows: pd.DataFrame) -> pd.DataFrame:
    table = {"Figure": [sentence_case(find_definition(name).label) for name in rows["measure"]]}
    for heading, name in (("Return", "returned"), ("Our lists", "ours"),
                          ("Published", "published")):  # fmt: skip
        table[heading] = [
            _NOT_HERE if math.isnan(value) else format_value(value, find_definition(measure))
            for measure, value in zip(rows["measure"], rows[name], strict=True)
        ]
    is_known = rows["returned"].notna() & rows["ours"].notna()
    words = rows["is_same_as_ours"].map({True: "yes", False: "no"}).where(is_known, _NOT_KNOWN)
    table["Same"] = list(words)
    return pd.DataFrame(table)
