"""Why do our figures differ from the published ones?"""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from wfanalytics.analysis.reconcile import (
    calculate_reconciliation,
    calculate_stated,
    find_census_date,
)
from wfanalytics.measures.area_data import AreaData
from wfanalytics.measures.definition import Definition
from wfanalytics.measures.definitions import find_definition
from wfanalytics.periods import format_date, format_month
from wfanalytics.present.charts import plot_bars
from wfanalytics.present.exhibit import Exhibit
from wfanalytics.present.exhibits.benchmark_words import describe_cover_years
from wfanalytics.present.exhibits.build import (
    NoFigureError,
    asks,
    make_exhibit,
    name_file,
    name_source,
)
from wfanalytics.present.phrases import say_more, shown_difference
from wfanalytics.present.words import (
    axis_title,
    each_row,
    format_plain,
    format_with_unit,
    sentence_case,
)
from wfanalytics.rounding import round_half_up

STEP_WORDS = {
    "ours": "Ours, {month}",
    "stated": "Stated, {month}",
    "date": "Ours, {date}",
    "cover": "Ours, covered posts counted as vacant",
    "census": "Our census return, {date}",
    "published": "DfE, {date}",
    "people": "Aside: in people, not FTE",
    "average stock": "Aside: on average stock, in people",
    "no agency": "Aside: without agency case holders",
    "role": "Aside: the role of case holder only",
    "all social workers": "Aside: for every social worker",
}
NO_DIFFERENCE = "no difference"
NOT_COMPUTED = (
    "What no step explains: late records, who is counted as a child and family social worker, and "
    "DfE's agency cover, which may exceed the vacancies where ours is counted post by post."
)
NOT_DEFINED = (
    "The papers do not define what they state: whether FTE or people, who counts as a case "
    "holder, and which staff are left out are not known, so their effects cannot be told apart."
)
GAP_EXCLUDES = (
    "Later minutes call the stated vacancy gap uncovered, without career break, long-term "
    "sickness and maternity."
)
TWELFTH = "DfE's leavers a month are a twelfth of its year's."
SAME_RETURN = "Where our census return gives the same figure, it has no row."
NO_PUBLISHED = {
    True: "DfE publishes no figures of {name}, which is fictional: ours are shown as DfE counts.",
    False: "DfE's figures of {name} were not read for this report: ours are shown as DfE counts.",
}
NOTHING_BESIDE = (
    "There is nothing to set beside DfE's figures of {name}: no extracts, and no figure stated "
    "in a committee paper."
)


@asks("Why do our figures differ from the published ones?")
def reconciliation(data: AreaData) -> Exhibit:
    """Our figures, or those stated in committee, beside DfE's, step by step."""
    is_local = data.source == "local"
    rows = pd.concat(
        [calculate_reconciliation(data)] * is_local + [calculate_stated(data)], ignore_index=True
    )
    if rows.empty:
        raise NoFigureError(NOTHING_BESIDE.format(name=data.name))
    if len(data.stated):
        rows["qualifier"] = rows["chain"].map(data.stated.set_index("measure")["qualifier"])
    chain = "vacancy_rate_fte" if is_local else _find_gap(rows)
    drawn = rows[(rows["chain"] == chain) & ~rows["is_aside"]]
    axes, alt = _draw(data, drawn)
    when = format_date(find_census_date(data))
    return make_exhibit(
        data, headline=_headline(drawn, is_local=is_local),
        subtitle=f"Our figures and DfE's, {data.name}, {when}" if is_local
        else f"Figures stated in committee and DfE's, {data.name}",
        sentences=_describe(data, rows), source=_name_source(data, rows), axes=axes,
        alt=alt, table=_tabulate(data, rows), caption=f"From our figure to DfE's, {data.name}"
        if is_local else f"From the figure stated to DfE's, {data.name}",
        measures=["vacancy_rate_fte", "uncovered_vacancy_rate_fte"],
        notes=_list_notes(data, rows),
    )  # fmt: skip


def _find_gap(rows: pd.DataFrame) -> str:
    """The latest stated figure of vacancies, else the latest of any."""
    starts = rows[rows["step"] == "stated"].sort_values("period_end")
    gaps = starts[starts["measure"].str.contains("vacancy")]
    return str((gaps if len(gaps) else starts)["chain"].iloc[-1])


def _tabulate(data: AreaData, rows: pd.DataFrame) -> pd.DataFrame:
    chains = [_tabulate_chain(data, chain) for _, chain in rows.groupby("chain", sort=False)]
    # A figure that no step follows is set beside nothing.
    several = [lines for lines in chains if len(lines) > 1] or chains
    return pd.DataFrame([line for lines in several for line in lines])


def _tabulate_chain(data: AreaData, chain: pd.DataFrame) -> list[dict[str, str]]:
    lines: list[dict[str, str]] = []
    base, before = chain.iloc[0], chain.iloc[0]
    for row in each_row(chain):
        definition = find_definition(row.measure)
        start = base if row.is_aside else before
        gap = "start" if pd.isna(row.difference) else name_gap(start.value, row, definition)
        if find_definition(start.measure).unit != definition.unit:
            gap = "another unit"
        if row.step == "census" and gap == NO_DIFFERENCE:
            continue
        cells = (sentence_case(definition.label), name_step(row, data), format_step(row), gap)
        lines.append(dict(zip(("Figure", "Step", "Value", "Difference"), cells, strict=True)))
        before = before if row.is_aside else row
        base = row if row.step in ("ours", "date", "cover") else base
    return lines


def _draw(data: AreaData, drawn: pd.DataFrame) -> tuple[Axes | None, str]:
    """The steps of one chain as bars, and the same in words."""
    if len(drawn) < 2:  # one figure is no comparison
        return None, ""
    definition = find_definition(drawn["measure"].iloc[-1])
    names = [name_step(row, data) + _kind(row) for row in each_row(drawn)]
    shown = [format_step(row) for row in each_row(drawn)]
    frame = pd.DataFrame({"area_name": names, "value": drawn["value"].to_numpy(), "shown": shown})
    axes = plot_bars(
        frame, text="shown", ranked=False, highlight=[names[-1]],
        label=axis_title(definition).replace(" before agency cover", ""),
    )  # fmt: skip
    steps = [f"{name}, {value}" for name, value in zip(names, shown, strict=True)]
    return axes, f"Horizontal bars, {data.name}. {'; '.join(steps)}."


def _kind(row: Any) -> str:
    """Which vacancy rate a step is, where its own words do not say so."""
    is_gap = row.measure.startswith("uncovered")
    is_named = row.step == "cover" or "vacancy" not in row.measure
    return "" if is_named else ": uncovered" if is_gap else ": before cover"


def _headline(drawn: pd.DataFrame, *, is_local: bool) -> str:
    steps = drawn.set_index("step", drop=False)
    if is_local and "cover" in steps.index:
        before = steps["value"].shift()["cover"]
        shown = find_definition("vacancy_rate_fte")
        own, counted = (format_with_unit(v, shown) for v in (before, steps["value"]["cover"]))
        if own == counted:
            return f"Counted DfE's way our vacancy rate is {counted} too"
        return f"Counted DfE's way our vacancy rate is {counted}, not {own}"
    if not is_local and "published" in steps.index:
        first, last = (next(each_row(steps.loc[[step]])) for step in ("stated", "published"))
        same = first.measure == last.measure
        ending = "are at different dates" if same else "are different measures"
        return f"The {format_step(first)} stated and DfE's {format_step(last)} {ending}"
    return "Our figures beside DfE's" if is_local else "No figure of DfE's beside the one stated"


def _describe(data: AreaData, rows: pd.DataFrame) -> list[str]:
    sentences = []
    chains = [chain.reset_index(drop=True) for _, chain in rows.groupby("chain", sort=False)]
    for chain in chains:
        first = chain["step"].iloc[0] if len(chain) else ""
        sentences += _describe_stated(chain) if first == "stated" else _describe_own(chain)
    if data.source == "local" and "published" not in set(rows["step"]):
        sentences.append(NO_PUBLISHED[data.is_fictional].format(name=data.name))
    return sentences


def _describe_own(chain: pd.DataFrame) -> list[str]:
    """Cover, and what is left between ours on DfE's definition and what DfE published."""
    steps = {row.step: row for row in each_row(chain)}
    said = []
    if "cover" in steps:
        cover = steps["cover"]
        before = chain["value"].iloc[int(chain.index[chain["step"] == "cover"][0]) - 1]
        definition = find_definition(cover.measure)
        own, counted = format_with_unit(before, definition), format_step(cover)
        moves = f"takes our vacancy rate from {own} to {counted}"
        if own == counted:
            moves = f"leaves our vacancy rate at {counted}"
        when = format_date(cover.period_end)
        said.append(f"At {when} counting covered posts as vacant {moves}.")
    main = chain[~chain["is_aside"]]
    if "published" in steps and len(main) > 1:
        before, last = (next(each_row(main.iloc[[at]])) for at in (-2, -1))
        definition = find_definition(last.measure)
        gap = name_gap(before.value, last, definition)
        where = f"{sentence_case(definition.label)} at {format_date(last.period_end)}"
        own = "our return's" if before.step == "census" else "ours"
        said.append(
            f"{where}: {own} and DfE's are both {format_step(last)}."
            if gap == NO_DIFFERENCE else
            f"{where}: {own} {format_step(before)}, DfE's {format_step(last)}; {gap}, not "
            "explained by date or definition."
        )  # fmt: skip
    return said


def _describe_stated(chain: pd.DataFrame) -> list[str]:
    steps = {row.step: row for row in each_row(chain)}
    first, last = steps["stated"], steps.get("published")
    name, month = (
        sentence_case(find_definition(first.measure).label),
        format_month(first.period_end),
    )
    if last is None:
        return [f"{name}: {format_step(first)} stated for {month}; no figure of DfE's is there to "
                "set beside it."]  # fmt: skip
    date = format_date(last.period_end)
    if first.measure != last.measure:
        return [
            f"The {format_step(first)} stated for {month} is read as uncovered; DfE's "
            f"{format_step(last)} at {date} counts covered posts as vacant."
        ]
    definition = find_definition(first.measure)
    return [
        f"{name}: {format_step(first)} stated for {month}; "
        f"DfE's {format_step(last)} at {date} is {name_gap(first.value, last, definition)}."
    ]


def _name_source(data: AreaData, rows: pd.DataFrame) -> str:
    if data.source == "published":
        papers = data.stated[data.stated["measure"].isin(rows["chain"])]
        cited = [f"{r.document}, paragraph {r.paragraph}" for r in each_row(papers)]
        return f"{name_source(data, 'posts')} {'; '.join(dict.fromkeys(cited))}."
    own = name_source(data, "several")
    if "published" not in set(rows["step"]):
        return own
    return f"{own} {name_file(data.national)}"


def _list_notes(data: AreaData, rows: pd.DataFrame) -> list[str]:
    measures = set(rows["measure"])
    notes = [NOT_COMPUTED] if data.source == "local" else [NOT_DEFINED]
    notes += [SAME_RETURN] if "census" in set(rows["step"]) else []
    if data.source == "published":
        notes += [GAP_EXCLUDES] if "uncovered_vacancy_rate_fte" in measures else []
        notes += [TWELFTH] if "leavers_headcount" in measures else []
        notes += describe_cover_years(data)
        notes += _name_dates(data, rows)
    return notes


def _name_dates(data: AreaData, rows: pd.DataFrame) -> list[str]:
    """Where the date of a stated figure comes from, if not from the paper itself."""
    used = data.stated[data.stated["measure"].isin(rows["chain"])]
    used = used[used["as_at_date_source"] != "the document"]
    return [
        f"The {row.value:g} dated {format_month(row.as_at_date)}: {row.as_at_date_source}."
        for row in each_row(used)
    ]


def name_step(row: Any, data: AreaData) -> str:
    """A step in words; ours on DfE's own word where the authority's extracts are not there."""
    words = STEP_WORDS[row.step]
    if row.step == "date" and data.source == "published":
        words = "From DfE's counts, {date}"
    end = pd.Timestamp(row.period_end)
    return words.format(month=format_month(end), date=format_date(end))


def format_step(row: Any) -> str:
    """A step's figure as printed; a stated one as stated, ``about 20``."""
    definition = find_definition(row.measure)
    about = f"{row.qualifier} " if row.step == "stated" and row.qualifier else ""
    if row.measure == "leavers_headcount":
        return f"{about}{format_plain(round_half_up(row.value, 1), definition)} a month"
    if row.step == "stated":
        return about + format_plain(row.value, definition)
    return format_with_unit(row.value, definition)


def name_gap(before: float, row: Any, definition: Definition) -> str:
    """A step's difference as a reader would subtract the printed figures."""
    if definition.id == "leavers_headcount":
        gap = round_half_up(row.value, 1) - before
        size = f"{format_plain(abs(round(gap, 9)), definition)} a month"
        return f"{size} {'more' if gap > 0 else 'fewer'}" if gap else NO_DIFFERENCE
    gap = round(shown_difference(before, row.value, definition), 9)
    return say_more(gap, definition) if gap else NO_DIFFERENCE
