"""A typical caseload and the share of the band, each week."""

from __future__ import annotations

import numpy as np
import pandas as pd

from wfanalytics.analysis.caseload_spread import (
    MANY,
    calculate_before_after,
    calculate_distribution,
    calculate_weekly_spread,
    list_holders,
)
from wfanalytics.frames import USABLE_STATUSES
from wfanalytics.measures.area_data import AreaData, select
from wfanalytics.measures.caseload import BANDS
from wfanalytics.periods import format_date, format_month
from wfanalytics.present.charts import plot_bars, plot_shares, plot_trend
from wfanalytics.present.exhibit import Exhibit
from wfanalytics.present.exhibits.build import make_exhibit, needs_extracts
from wfanalytics.present.exhibits.caseload import EACH_OWN, take_week
from wfanalytics.present.exhibits.simple import count_people, show_numbers, show_share
from wfanalytics.present.words import FEW, NO_FIGURE, STATUS_WORDS, count_few
from wfanalytics.rounding import format_number, round_to_sum
from wfanalytics.thresholds import Disclosure

#: Weeks in the tables, in the chart of shares, and on either side of an event.
WEEKS = 13
MEDIAN = (
    "The median is the caseload of the case holder in the middle, each counted for full time; the "
    "mean is DfE's measure, cases divided by FTE."
)
MANY_LABEL = "Case holders by cases per FTE, per cent of people"
NO_CLAIM = "A change after an event is not shown to be its effect: other things changed too."
ROLES = {"below": "below", "within": "within", "above": "above"}


@needs_extracts("What is a typical caseload?")
def caseload_level(data: AreaData) -> Exhibit:
    """Mean and median caseload week by week, and how many hold more than 16 and more than 20."""
    week = take_week(data)
    spread = calculate_weekly_spread(data)
    last = spread.set_index("week_ending").loc[week]
    lines = _draw_many(data, spread)
    # In a small council every share may be withheld in every week.
    axes = None if lines.empty else plot_trend(lines, events=data.events, label=MANY_LABEL)
    shown = {name: format_number(float(last[name]), 1) for name in ("mean", "median")}
    has_median = pd.notna(last["median"])
    many = [f"{_count_share(last, f'people_over_{n}')} more than {n}" for n in MANY]
    sentences = [
        f"In the week ending {format_date(week)} the mean caseload was {shown['mean']} cases per "
        "FTE" + (f" and the median {shown['median']}." if has_median else "."),
        f"Of {format_number(last['people'])} case holders, counted for full time, {many[0]} cases "
        f"and {many[1]}.",
        *_describe_event(data, spread),
    ]
    weeks = f"the {count_people(len(spread), 'week')} to {format_date(week)}"
    alt = (
        ""
        if axes is None
        else (
            f"Line chart: share of case holders with more than {MANY[0]} and more than {MANY[1]} "
            f"cases, {data.name}, {weeks}. {sentences[1]}"
        )
    )
    return make_exhibit(
        data, headline=f"The mean caseload is {shown['mean']}"
        + (f" and the median {shown['median']}" if has_median else ""),
        subtitle=f"Case holders with more than {MANY[0]} and more than {MANY[1]} cases per FTE, "
        f"per cent, {data.name}, {weeks}",
        sentences=sentences, source="caseload", axes=axes, alt=alt,
        description="" if axes is None else " ".join([alt, sentences[0], *sentences[2:]]),
        table=_tabulate_level(spread, data.disclosure),
        caption=f"Mean and median caseload, {data.name}, latest {WEEKS} weeks",
        measures=["caseload_fte"], notes=[MEDIAN, EACH_OWN, NO_CLAIM],
    )  # fmt: skip


def _draw_many(data: AreaData, spread: pd.DataFrame) -> pd.DataFrame:
    """A line for each of 16 and 20: the share of case holders who hold more, week by week."""
    rows = select(data, "caseload_above_rate", period_type="week")
    weekly = spread.set_index("week_ending").reindex(rows["period_end"])
    lines = []
    for many in MANY:
        value = (weekly[f"people_over_{many}"] / weekly["people"]).to_numpy()
        status = rows["status"].mask(np.isnan(value) & rows["value"].notna(), "suppressed")
        lines.append(rows.assign(breakdown_value=f"more than {many}", value=value, status=status))
    both = pd.concat(lines)
    # From the first figure of either: a line withheld throughout is named beside the other.
    begun = both.loc[both["status"].isin(USABLE_STATUSES), "period_end"].min()
    return both[both["period_end"] >= begun]


def _count_share(row: pd.Series, name: str) -> str:
    if pd.isna(row[name]):
        return f"{FEW} held"
    if not row[name]:
        return "none held"
    return f"{format_number(row[name])} ({show_share(row[name] / row['people'])}) held"


def _describe_event(data: AreaData, spread: pd.DataFrame) -> list[str]:
    """The mean before and after the latest event with weeks on both sides; none without one."""
    for event in sorted(data.events, key=lambda item: item.date, reverse=True):
        date = pd.Timestamp(event.date)
        found = calculate_before_after(spread, date=date, weeks=WEEKS)
        if len(found):
            before, after = (format_number(float(mean), 1) for mean in found["mean"])
            return [
                f"In the {WEEKS} weeks before “{event.label}” ({format_date(date)}) the mean was "
                f"{before}; in the {WEEKS} weeks after, {after}."
            ]
    return []


def _tabulate_level(spread: pd.DataFrame, rules: Disclosure) -> pd.DataFrame:
    rows = spread.tail(WEEKS)
    table = {"Week ending": [format_date(day) for day in rows["week_ending"]]}
    for heading, name, decimals in (
        ("Mean, cases per FTE", "mean", 1), ("Median, cases per FTE", "median", 1),
        ("Case holders", "people", 0),
    ):  # fmt: skip
        table[heading] = show_numbers(rows[name], decimals, NO_FIGURE)
    for n in MANY:
        none = pd.Series(count_few(rules), rows.index).mask(rows["people"].isna(), NO_FIGURE)
        over = rows[f"people_over_{n}"]
        shown = pd.Series(show_numbers(over), rows.index).mask(over.isna(), none)
        table[f"Holding more than {n}, people"] = shown.to_list()
    return pd.DataFrame(table)


@needs_extracts("How many are within the band each week?")
def caseload_weeks(data: AreaData) -> Exhibit:
    """Case holders and their FTE below, within and above the band, in each of 13 weeks."""
    week = take_week(data)
    spread = calculate_weekly_spread(data).tail(WEEKS)
    low, high = (format_number(edge) for edge in data.band)
    parts = {"below": f"below {low}", "within": f"{low} to {high}", "above": f"above {high}"}
    names = {day: _short(day) for day in spread["week_ending"]}
    rows = pd.concat(
        spread.assign(
            part=part,
            number=spread[f"people_{part}"],
            name=spread["week_ending"].map(names),
            value=spread[f"people_{part}"] / spread["people"],
        )
        for part in BANDS
    )
    fte = spread["fte_within"] / spread["fte"]
    side = {names[day]: "" if pd.isna(share) else show_share(share)
            for day, share in zip(spread["week_ending"], fte, strict=True)}  # fmt: skip
    axes = plot_shares(
        rows, parts=parts, by="part", name="name", number="number", roles=ROLES, side=side,
        side_label="FTE within", label="Case holders by caseload, each week (numbers are people)",
    )  # fmt: skip
    last = spread.set_index("week_ending").loc[week]
    people, full = (_round_shares(last, unit) for unit in ("people", "fte"))
    sentences = (
        f"In the week ending {format_date(week)}, {people['within']}% of case holders were within "
        f"the band, {people['below']}% below and {people['above']}% above.",
        f"By FTE, {full['within']}% were within the band, {full['below']}% below and "
        f"{full['above']}% above.",
    )
    weeks = count_people(len(spread), "week")
    alt = f"Stacked bar chart: case holders by caseload, {data.name}, {weeks}. {sentences[0]}"
    return make_exhibit(
        data,
        headline=f"{people['within']}% of case holders, {full['within']}% of FTE, are within "
        f"{low} to {high}",
        subtitle=f"Case holders below, within and above {low} to {high} cases, {data.name}, weekly",
        sentences=sentences, source="caseload", axes=axes, alt=alt,
        description=f"{alt} {sentences[1]}", table=_tabulate_weeks(spread, parts),
        caption=f"Case holders by caseload, {data.name}, people and FTE",
        measures=["caseload_within_rate"], notes=[EACH_OWN],
    )  # fmt: skip


def _short(day: pd.Timestamp) -> str:
    return f"{day.day} {format_month(day, short=True)}"


def _round_shares(row: pd.Series, unit: str) -> dict[str, str]:
    """Per cent below, within and above, adding up to 100 as printed."""
    shares = [100 * float(row[f"{unit}_{part}"]) / float(row[unit]) for part in BANDS]
    shown = round_to_sum(shares, 0, total=100)
    return {part: format_number(share) for part, share in zip(BANDS, shown, strict=True)}


def _tabulate_weeks(spread: pd.DataFrame, parts: dict[str, str]) -> pd.DataFrame:
    table = {"Week ending": [format_date(day) for day in spread["week_ending"]]}
    for unit, words, decimals in (("people", "people", 0), ("fte", "FTE", 1)):
        for part, label in parts.items():
            values = spread[f"{unit}_{part}"]
            table[f"{label.capitalize()}, {words}"] = show_numbers(
                values, decimals, STATUS_WORDS["missing"]
            )
    return pd.DataFrame(table)


@needs_extracts("How are caseloads spread?")
def caseload_spread(data: AreaData) -> Exhibit:
    """How many case holders have how many cases, in bars of no few people."""
    week = take_week(data)
    rows = calculate_distribution(
        list_holders(data, week=week), band=data.band, rules=data.disclosure
    )
    low, high = data.band
    names = [_name_bar(row, high) for row in rows.itertuples(index=False)]
    rows = rows.assign(area_name=names, value=rows["people"].astype(float))
    within = [name for name, side in zip(names, rows["side"], strict=True) if side == "within"]
    axes = plot_bars(
        rows, ranked=False, highlight=within,
        label="Case holders by cases per FTE (dark: within the band; numbers are people)",
    )  # fmt: skip
    total = int(rows["people"].sum())
    sums = rows.groupby("side")["people"].sum()
    band = f"{format_number(low)} to {format_number(high)}"
    most = rows.loc[rows["people"].idxmax()]
    sentences = (
        f"In the week ending {format_date(week)}, {sums.get('within', 0)} of {total} case holders "
        f"had {band} cases, {sums.get('below', 0)} fewer and {sums.get('above', 0)} more.",
        f"The largest group, {most['people']} people, had {most['area_name']} cases.",
    )
    alt = f"Bar chart: case holders by cases per FTE, {data.name}. {' '.join(sentences)}"
    share = show_share(sums.get("above", 0) / total)
    return make_exhibit(
        data, headline=f"{share} of case holders have more than {format_number(high)} cases",
        subtitle=f"Case holders by cases per FTE, people, {data.name}, week ending "
        f"{format_date(week)}",
        sentences=sentences, source="caseload", axes=axes, alt=alt,
        table=pd.DataFrame({"Cases per FTE": names, "Case holders, people": rows["people"]}),
        caption=f"Case holders by cases per FTE, {data.name}", measures=["case_holders_headcount"],
        notes=[EACH_OWN, NO_ENDS],
    )  # fmt: skip


NO_ENDS = "A bar of {few} people is added to the next, so no lowest or highest is shown."


def _name_bar(row: object, top: float) -> str:
    """What a bar holds: ``under 13``, ``13 to under 14.5``, ``over 16 to 18``, ``over 20``."""
    low, high, side = (getattr(row, name) for name in ("low", "high", "side"))
    start, end = (_plain(edge) for edge in (low, high))
    if low == float("-inf"):
        return f"under {end}" if side == "below" else f"up to {end}"
    if high == float("inf"):
        return f"over {start}" if side == "above" else f"{start} or more"
    if side == "above":
        return f"over {start} to {end}"
    return f"{start} to {end}" if side == "within" and high == top else f"{start} to under {end}"


def _plain(edge: float) -> str:
    if edge in (float("inf"), float("-inf")):
        return ""
    return format_number(edge, 0 if edge == round(edge) else 1)
