"""Newly qualified staff, very large caseloads, and types of case."""

from __future__ import annotations

import pandas as pd

from wfanalytics.analysis.caseload_groups import (
    MANY_FOR_MANAGER,
    VERY_MANY,
    calculate_heavy,
    calculate_newly_qualified,
    calculate_types,
)
from wfanalytics.frames import USABLE_STATUSES
from wfanalytics.measures.area_data import AreaData, select
from wfanalytics.periods import format_date, format_month
from wfanalytics.present.alt_text import describe_parts_alt_text
from wfanalytics.present.charts import plot_stack, plot_trend
from wfanalytics.present.exhibit import Exhibit
from wfanalytics.present.exhibits.build import NoFigureError, make_exhibit, needs_extracts
from wfanalytics.present.exhibits.caseload import LAST_WEEK, take_week
from wfanalytics.present.exhibits.series import from_first_figure
from wfanalytics.present.exhibits.simple import WITHHELD, show_numbers
from wfanalytics.present.words import FEW, NO_FIGURE, count_few, fill_few, sentence_case
from wfanalytics.rounding import format_number, round_half_up, round_to_sum

MONTHS_SHOWN = 13
_WEEKS = 13
TYPES = {
    "cin": "child in need", "cp": "child protection", "cla": "looked after",
    "carer": "carer household", "unknown": "type not given",
}  # fmt: skip
TYPE_ROLES = {
    "cin": "own", "cp": "third", "cla": "second", "carer": "fourth", "unknown": "quiet bar",
}  # fmt: skip
NOT_GRADED = "Cases are not graded: a type says what a case is, not how much work it is."
NEW_NOTE = (
    "Means are withheld in weeks in which {few} newly qualified staff held cases; the "
    "others' mean would give theirs away."
)


@needs_extracts("How many cases do newly qualified staff hold?")
def caseload_newly_qualified(data: AreaData) -> Exhibit:
    """Mean caseload of newly qualified case holders apart from all others, week by week."""
    week = take_week(data)
    found = calculate_newly_qualified(data).set_index("week_ending")
    shown = found[found["new_mean"].notna()]
    if shown.empty:
        raise NoFigureError("In each week {few} newly qualified staff held cases.")
    axes = plot_trend(_draw_groups(data, found), events=data.events)
    last = shown.iloc[-1]
    when = format_date(shown.index[-1])
    sentences = [] if shown.index[-1] == week else [
        f"In the week ending {format_date(week)} {FEW} newly qualified staff held cases: "
        "their mean is withheld."
        if found.loc[week, "new_people"] else
        f"In the week ending {format_date(week)} no newly qualified staff held cases."
    ]  # fmt: skip
    new, other = (format_number(float(last[f"{part}_mean"]), 1) for part in ("new", "other"))
    finding = (
        f"In the week ending {when} newly qualified staff held {new} cases per FTE, all others "
        f"{other}."
    )
    sentences.append(finding)
    alt = f"Line chart: mean caseload of newly qualified staff and others, {data.name}. {finding}"
    # The latest week that may be shown can be months before the one reported.
    month = f"In {format_month(shown.index[-1])} newly"
    who = f"{'Newly' if shown.index[-1] == week else month} qualified staff"
    return make_exhibit(
        data, headline=f"{who} held {new} cases per FTE, others {other}",
        subtitle=f"Mean caseload, cases per social worker (FTE), {data.name}, weekly",
        sentences=sentences, source="caseload", axes=axes, alt=alt,
        table=_tabulate_groups(data, found),
        caption=f"Mean caseload of newly qualified staff and others, {data.name}",
        measures=["caseload_fte"], notes=[NEW_NOTE],
    )  # fmt: skip


def _draw_groups(data: AreaData, found: pd.DataFrame) -> pd.DataFrame:
    rows = select(data, "caseload_fte", period_type="week")
    lines = []
    for part, words in (("other", "all others"), ("new", "newly qualified")):
        value = found[f"{part}_mean"].reindex(rows["period_end"]).to_numpy()
        line = rows.assign(breakdown_value=words, value=value)
        is_held = line["status"].isin(USABLE_STATUSES) & line["value"].isna()
        line["status"] = line["status"].mask(is_held, "suppressed")
        lines.append(from_first_figure(line))
    return pd.concat(lines)


def _tabulate_groups(data: AreaData, found: pd.DataFrame) -> pd.DataFrame:
    """The last week counted in each of the latest months."""
    rows = found[~found.index.to_period("M").duplicated(keep="last")].tail(MONTHS_SHOWN)
    few = rows["is_few"]
    people = rows["new_people"].map(format_number).mask(few, count_few(data.disclosure))
    new, other = (
        pd.Series(show_numbers(rows[name], 1, NO_FIGURE), index=rows.index).mask(few, WITHHELD)
        for name in ("new_mean", "other_mean")
    )
    return pd.DataFrame({
        "Week ending": [format_date(day) for day in rows.index],
        "Newly qualified case holders": people.to_numpy(),
        "Newly qualified, cases per FTE": new.to_numpy(),
        "All others, cases per FTE": other.to_numpy(),
    })  # fmt: skip


@needs_extracts("What is the caseload by the local weighting?")
def caseload_weighted(data: AreaData) -> Exhibit:
    """The area's own weighted caseload, only beside DfE's; off unless its profile asks."""
    weight = data.newly_qualified_weight
    if weight is None:
        raise NoFigureError("The area's profile gives no weight for newly qualified staff.")
    week = take_week(data)
    rows = calculate_newly_qualified(data, weight=weight).tail(_WEEKS)
    last = rows.set_index("week_ending").loc[week]
    dfe, ours = (format_number(float(last[name]), 1) for name in ("mean", "weighted"))
    shown = f"{weight:g}"
    return make_exhibit(
        data,
        headline=f"The average caseload is {dfe} by DfE's measure, {ours} by the local weighting",
        subtitle=f"Average caseload, cases per FTE, {data.name}, week ending {format_date(week)}",
        sentences=(
            f"In the week ending {format_date(week)} the average caseload was {dfe} cases per FTE "
            "by DfE's measure.",
            f"With newly qualified staff counted at {shown} of their FTE, it was {ours}.",
        ),
        source="caseload", table=pd.DataFrame({
            "Week ending": [format_date(day) for day in rows["week_ending"]],
            "DfE's measure, cases per FTE": show_numbers(rows["mean"], 1),
            "Local weighting, cases per weighted FTE": show_numbers(rows["weighted"], 1),
        }),
        caption=f"Average caseload with and without local weighting, {data.name}",
        measures=["caseload_fte"], notes=[
            f"Local weighting: cases ÷ (FTE of case holders, newly qualified staff at {shown} of "
            "theirs). Not comparable with other authorities."
        ],
    )  # fmt: skip


@needs_extracts("Does anybody hold very many cases?")
def caseload_heavy(data: AreaData) -> Exhibit:
    """People with over 35 cases, managers with over 10, and the mean without them."""
    week = take_week(data)
    row = calculate_heavy(data, week=week).iloc[0]
    many, managers = float(row["people_many"]), float(row["people_managers"])
    cells = pd.Series([many, managers]).map(format_number).mask(
        row[["people_many", "people_managers"]].isna().to_numpy(), count_few(data.disclosure)
    )  # fmt: skip
    mean = format_number(float(row["mean"]), 1)
    found, without = _describe_without(row, mean)
    head = fill_few(_people(many, "case holder", "case holders"), data.disclosure)
    sentences = (
        f"In the week ending {format_date(week)} {_people(many, 'person', 'people')} held more "
        f"than {VERY_MANY} cases, and {_people(managers, 'manager', 'managers')} more than "
        f"{MANY_FOR_MANAGER}.", found,
    )  # fmt: skip
    table = pd.DataFrame({
        "Item": [f"Case holders with more than {VERY_MANY} cases",
             f"Managers with more than {MANY_FOR_MANAGER} cases (and no more than {VERY_MANY})",
             "Cases of duty trays, in no mean", "Mean, cases per FTE", "Mean without them"],
        "Figure": [*cells, format_number(row["tray_cases"]), mean, without],
    })  # fmt: skip
    return make_exhibit(
        data,
        headline=f"{sentence_case(head)} with more than "
        f"{VERY_MANY} cases, {_people(managers, 'manager', 'managers')} with more than "
        f"{MANY_FOR_MANAGER}",
        subtitle=f"Very large caseloads, {data.name}, week ending {format_date(week)}",
        sentences=sentences, source="caseload", table=table,
        caption=f"Very large caseloads, {data.name}",
        measures=["caseload_fte", "unallocated_cases"], notes=[
            "A case holder with very many cases may be a duty tray under a person's name: ask the "
            "team before using the mean."
        ],
    )  # fmt: skip


def _describe_without(row: pd.Series, mean: str) -> tuple[str, str]:
    """What the mean is without these case holders: a sentence and a cell."""
    if pd.isna(row["mean_without"]):
        return "The mean without them is withheld, because it would tell their cases.", WITHHELD
    if row["people_many"] + row["people_managers"] == 0:
        return f"So the mean caseload of {mean} rests on no such case holder.", mean
    without = format_number(float(row["mean_without"]), 1)
    return f"The mean caseload is {mean} with them and {without} without them.", without


def _people(count: float, one: str, many: str) -> str:
    if pd.isna(count):
        return f"{FEW} {many}"
    return f"{format_number(count) if count else 'no'} {one if count < 2 else many}"


@needs_extracts("What kinds of case are held?")
def caseload_types(data: AreaData) -> Exhibit:
    """Cases by type at the last week of each month, beside their number."""
    take_week(data)
    rows = calculate_types(data, months=MONTHS_SHOWN)
    sums = rows.groupby("measure")["value"].sum()
    parts = {name: words for name, words in TYPES.items() if sums.get(name, 0) > 0}
    rows = rows[rows["measure"].isin(list(parts))]
    last = rows[rows["period_end"] == data.month].set_index("measure").loc[list(parts)]
    total = format_number(float(last["value"].sum()))
    shares = round_to_sum([100 * float(v) for v in last["share"]], 1, total=100)
    words = [f"{format_number(float(v))} {parts[m]} ({format_number(s, 1)}%)"
             for (m, v), s in zip(last["value"].items(), shares, strict=True)]  # fmt: skip
    sentence = f"Of {total} cases held in {format_month(data.month)}: {', '.join(words)}."
    axes = plot_stack(rows, parts=parts, roles={name: TYPE_ROLES[name] for name in parts},
                      unit="cases", label="Cases held, by type")  # fmt: skip
    alt = describe_parts_alt_text(
        rows, parts=parts, what=f"cases by type, {data.name}", unit="cases"
    )
    most = int(last["value"].to_numpy().argmax())
    return make_exhibit(
        data, headline=f"{format_number(shares[most], 1)}% of cases are of one type: "
        f"{parts[str(last.index[most])]}",
        subtitle=f"Cases of case holders by type, {data.name}, last week of each month to "
        f"{format_month(data.month)}",
        sentences=(sentence, NOT_GRADED), source="caseload", axes=axes, alt=alt,
        table=_tabulate_types(rows, parts), caption=f"Cases held by type, {data.name}, cases",
        measures=["cases"], notes=[LAST_WEEK],
    )  # fmt: skip


def _tabulate_types(rows: pd.DataFrame, parts: dict[str, str]) -> pd.DataFrame:
    wide = rows.set_index(["period_end", "measure"])["value"].unstack()[list(parts)]  # noqa: PD010
    table = pd.DataFrame({"Month": [format_month(date) for date in wide.index]})
    for name, words in parts.items():
        table[words.capitalize()] = [
            NO_FIGURE if pd.isna(v) else int(round_half_up(v)) for v in wide[name]
        ]
    totals = wide.sum(axis=1, min_count=1)
    return table.assign(**{
        "All cases": [NO_FIGURE if pd.isna(v) else int(round_half_up(v)) for v in totals]
    })  # fmt: skip
