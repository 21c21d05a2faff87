"""How long do permanent staff stay, do new ones leave sooner, who is in the retention scheme?"""

from __future__ import annotations

import pandas as pd

from wfanalytics.analysis.rates import CHANCE, FEWEST_LEAVERS, calculate_p_value
from wfanalytics.analysis.staffing import SERVICE_BANDS, calculate_take_up
from wfanalytics.analysis.tenure import (
    DAYS_IN_YEAR,
    FEWEST_AT_RISK,
    LEAVER_BANDS,
    Retention,
    calculate_leaver_bands,
    calculate_survival,
    find_median_years,
    find_permanent_spells,
    find_retention,
)
from wfanalytics.measures.area_data import AreaData, list_withheld
from wfanalytics.periods import format_month, year_before
from wfanalytics.present.charts import plot_bars
from wfanalytics.present.exhibit import Exhibit
from wfanalytics.present.exhibits.build import (
    NoFigureError,
    make_exhibit,
    make_month,
    needs_extracts,
)
from wfanalytics.present.exhibits.simple import (
    WITHHELD,
    count_people,
    find_value,
    join_alt,
    lacks,
    show_numbers,
    show_share,
    take_staff,
)
from wfanalytics.present.survival import MOST_YEARS, plot_survival
from wfanalytics.present.words import NO_FIGURE, sentence_case
from wfanalytics.rounding import format_number

#: Years of tenure marked on the curve and in the table.
MARKED_YEARS = (1, 2, 3, 5, 10)
NEW = LEAVER_BANDS[0][0]
SURVIVAL_NOTES = (
    "Kaplan-Meier estimate with 95% intervals (Greenwood, log-log). Staff already here at the "
    "first list count from the tenure they had then (left truncation); staff without a start date "
    "are left out.",
    "Nobody has been watched for the whole curve: it joins what staff of each tenure did in the "
    "months covered, and a time with many leavers lowers all of it.",
    f"The curve ends where fewer than {FEWEST_AT_RISK} people are left to count.",
)
LISTS = ("workers", "movements")
SCHEME_NOTE = (
    "Permanent social workers whose staff list says whether they signed, each counted once. "
    "Parts with {some} people signed, or not signed, are withheld, and those that would give "
    "another figure away."
)


@needs_extracts("How long do permanent staff stay?")
def tenure_survival(data: AreaData) -> Exhibit:
    """Share of permanent staff still here by years since they started, with 95% intervals."""
    curve, spells = pd.DataFrame({"days": []}), pd.DataFrame()
    if not lacks(data, *LISTS):
        spells = find_permanent_spells(data.tables, through=data.month)
        curve = calculate_survival(spells)
    first_year = None if curve.empty else find_retention(curve, years=1)
    if first_year is None:
        raise NoFigureError(
            f"Too few staff have been followed to {format_month(data.month)} to say how long "
            "they stay: a year's curve needs ten at every point."
        )
    found = {y: kept for y in MARKED_YEARS if (kept := find_retention(curve, years=y))}
    names = [f"{y} {'year' if y == 1 else 'years'}" for y in found]
    shares = [show_share(kept.share) for kept in found.values()]
    marks = {float(y): f"{name}: {share}"
             for y, name, share in zip(found, names, shares, strict=True) 
             if y < MOST_YEARS}  # fmt: skip
    half = _describe_half(curve)
    ended = format_number(spells["has_left"].sum()) if spells["has_left"].any() else "none"
    people = f"{len(spells):,} spells of service, {ended} of them ended"
    said = [half, *(_describe_year(y, found[y]) for y in (1, 2) if y in found)]
    axes = plot_survival(
        curve.assign(years=curve["days"] / DAYS_IN_YEAR), marks=marks,
        label="Permanent staff still here, per cent (pale: 95% interval)",
        foot="Years since they started",
    )  # fmt: skip
    table = {
        "Time since they started": names,
        "Still here": [show_share(kept.share, 1) for kept in found.values()],
        "95% interval": [f"{show_share(kept.lower, 1)} to {show_share(kept.upper, 1)}"
                         for kept in found.values()],
    }  # fmt: skip
    head = f"Falling curve: permanent staff still here by tenure, {data.name}. {half}"
    return make_month(
        data, headline=half, what="Permanent staff still here by tenure",
        sentences=[*said, f"This rests on {people} by a leaver."], axes=axes,
        alt=join_alt(head, names, shares), table=table, source="movements",
        notes=SURVIVAL_NOTES,
    )  # fmt: skip


def _describe_half(curve: pd.DataFrame) -> str:
    median = find_median_years(curve)
    if median is None:
        last = float(curve["days"].iloc[-1] / DAYS_IN_YEAR)
        return f"More than half are still here after {format_number(last, 1)} years."
    return f"Half of permanent staff have left within {format_number(median, 1)} years."


def _describe_year(year: int, kept: Retention) -> str:
    name = {1: "a year", 2: "two years"}[year]
    low, high = (show_share(value) for value in (kept.lower, kept.upper))
    return f"After {name} {show_share(kept.share)} are still here (95% interval {low} to {high})."


@needs_extracts("Do new staff leave in their first two years?")
def first_two_years(data: AreaData) -> Exhibit:
    """Leavers in their first two years: count, share, and rate beside those of longer tenure."""
    total = find_value(data, "leavers_12m_headcount")
    first_list = None if lacks(data, *LISTS) else data.tables["workers"]["as_at"].min()
    if (
        total is None
        or first_list is None
        or first_list > year_before(data.month) + pd.offsets.MonthEnd(0)
    ):
        raise NoFigureError("Twelve months of staff lists and leavers lists are needed.")
    spells = find_permanent_spells(data.tables, through=data.month)
    rows = calculate_leaver_bands(
        spells, start=year_before(data.month), through=data.month, rules=data.disclosure
    )
    shown = rows.assign(value=(rows["rate"] * 100).mask(rows["status"] != "ok"))
    # Where nobody has served, nothing is withheld.
    rates = [NO_FIGURE if status == "ok" and text == WITHHELD else text for status, text
             in zip(rows["status"], show_numbers(shown["value"], 1), strict=True)]  # fmt: skip
    said = _describe_new(data, rows, total=total)
    axes = plot_bars(
        shown.assign(band=shown["band"].map(sentence_case)), name="band", decimals=1, ranked=False,
        label="Leavers a year for each 100 permanent staff, by time since they started",
    )  # fmt: skip
    table = {
        "Time since they started": rows["band"].map(sentence_case),
        "Leavers, people": show_numbers(rows["leavers"].mask(rows["status"] != "ok")),
        "Years served by such staff": show_numbers(rows["years"], 1),
        "Leavers a year for 100 staff": rates,
    }
    head = f"Bar chart: leavers a year for 100 permanent staff by tenure, {data.name}, "
    alt = join_alt(f"{head}twelve months to {format_month(data.month)}.", rows["band"], rates)
    notes = ["Each leaver counts in the tenure reached on leaving; staff of that tenure bring the "
             "part of the twelve months they served in it.",
             "A leaver without a start date is in no group."]  # fmt: skip
    return make_month(
        data, headline=said[0], what="Leavers by time since they started, twelve months",
        sentences=said, axes=axes, alt=alt, table=table, source="movements", notes=notes,
    )  # fmt: skip


def _describe_new(data: AreaData, rows: pd.DataFrame, *, total: float) -> list[str]:
    new, rest = rows[rows["band"] == NEW].iloc[0], rows[rows["band"] != NEW]
    when = f"in the twelve months to {format_month(data.month)}"
    if not total:
        return [f"Nobody in a permanent post left {when}."]
    whole = count_people(total, "leaver")
    if new["status"] != "ok":
        return [f"Of {whole} {when}, how many were in their first two years is {WITHHELD}."]
    number = format_number(new["leavers"]) if new["leavers"] else "none"
    share = f" ({show_share(new['leavers'] / total)})" if new["leavers"] else ""
    said = [f"Of {whole} {when}, {number}{share} had been here under two years."]
    if not new["years"] or not rest["years"].sum():
        who = "Everybody" if new["years"] else "Nobody"
        return [*said, f"{who} was in their first two years: there is nothing to compare."]
    if rows["leavers"].sum() < FEWEST_LEAVERS:
        return [*said, "That is too few to tell whether new staff leave sooner."]
    one, other = new["rate"] * 100, 100 * rest["leavers"].sum() / rest["years"].sum()
    said.append(f"Staff in their first two years left at {format_number(one, 1)} a year for each "
                f"100, others at {format_number(other, 1)}.")  # fmt: skip
    p_value = calculate_p_value(int(new["leavers"]), int(rest["leavers"].sum()),
                                share=new["years"] / rows["years"].sum())  # fmt: skip
    if p_value >= CHANCE:
        return [*said, "Chance alone may make that difference."]
    word = "sooner" if one > other else "less often"
    return [*said, f"New staff leave {word}: chance alone seldom makes that difference."]


@needs_extracts("Who is in the retention scheme, and who is outside it?")
def retention_scheme(data: AreaData) -> Exhibit:
    """Take-up of the retention scheme, and those outside it by service and length of service."""
    when = format_month(data.month)
    workers = take_staff(data)
    now = workers[workers["as_at"] == data.month]
    rules = data.disclosure
    whole = calculate_take_up(now, rules=rules)
    if whole.empty:
        raise NoFigureError(f"The staff list of {when} does not say who is in a retention scheme.")
    total = whole.iloc[0]
    services = calculate_take_up(
        now, by="service", rules=rules,
        withheld=list_withheld(data, "inpost_headcount", level="service", at=data.month),
    )  # fmt: skip
    lengths = calculate_take_up(now, by="length", rules=rules)
    order = [name for _, name in SERVICE_BANDS]
    lengths = lengths.set_index("area_name").reindex(order).dropna(subset="as_at").reset_index()
    parts = pd.concat([services, lengths], ignore_index=True)
    signed, asked, outside = (format_number(total[name]) for name in ("signed", "asked", "outside"))
    percent = show_share(total["share"])
    sentences = [
        f"In {when}, {signed} of {asked} permanent social workers ({percent}) were in the "
        f"retention scheme; {outside} were not.",
        *_compare_take_up(data, total["share"]),
    ]
    axes = plot_bars(
        services.rename(columns={"share": "value"}), is_percent=True,
        label=f"Share in the retention scheme, by service, {when}",
    )  # fmt: skip
    alt = (
        f"Bar chart, {data.name}, {when}: share of permanent social workers in the retention "
        f"scheme, by service; {percent} in all."
    )
    each = "; ".join(
        f"{name} {share}"
        for name, share in zip(services["area_name"], _shares(services), strict=True)
    )
    return make_exhibit(
        data, headline=f"{percent} are in the retention scheme, {outside} people are outside it",
        subtitle=f"Permanent social workers in the retention scheme, {data.name}, {when}",
        sentences=sentences, source="posts", axes=axes, alt=alt, description=f"{alt} {each}.",
        table=_tabulate_take_up(parts), notes=[SCHEME_NOTE],
        caption=f"In the retention scheme and outside it, people, {when}",
    )  # fmt: skip


def _compare_take_up(data: AreaData, share: float) -> list[str]:
    """A year before, where the lists of that month say it."""
    before, workers = data.month - pd.offsets.MonthEnd(12), data.tables["workers"]
    then = calculate_take_up(workers[workers["as_at"] == before], rules=data.disclosure)
    if then.empty:
        return []
    was = show_share(then["share"].iloc[0])
    verb = "it was also" if was == show_share(share) else "it was"
    return [f"A year before, in {format_month(before)}, {verb} {was}."]


def _shares(parts: pd.DataFrame) -> list[str]:
    return [show_share(share) for share in parts["share"].where(parts["status"] == "ok")]


def _tabulate_take_up(parts: pd.DataFrame) -> pd.DataFrame:
    columns = {"signed": "In the scheme", "outside": "Outside it", "asked": "Asked"}
    table = pd.DataFrame({"Part": parts["area_name"]})
    for name, heading in columns.items():
        table[heading] = show_numbers(parts[name].where(parts["status"] == "ok"))
    return table.assign(**{"Share in it": _shares(parts)})
