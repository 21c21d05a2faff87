"""Why did vacancies change?"""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from wfanalytics.analysis.bridge import (
    COVER,
    GROUPS,
    calculate_bridge,
    calculate_service_bridge,
    find_since,
    has_both_ends,
)
from wfanalytics.measures.area_data import AreaData
from wfanalytics.periods import format_month
from wfanalytics.present.charts import plot_waterfall
from wfanalytics.present.exhibit import Exhibit
from wfanalytics.present.exhibits.build import FEW_NOTE, NoFigureError, make_exhibit, needs_extracts
from wfanalytics.present.exhibits.simple import count_people
from wfanalytics.present.words import join_words, sentence_case
from wfanalytics.rounding import format_number, round_half_up, round_to_sum

#: Words for each part, as the chart and the sentences name it.
WORDS = {
    "leavers": "leavers", "starters": "starters", "conversions": "agency staff made permanent",
    "internal_moves": "internal moves", "posts_funded": "posts funded",
    "posts_removed": "posts removed", "reclassified": "posts or hours changed",
    "definition_change": "a changed definition", "unexplained": "changes no list explains",
    "other": "other changes",
}  # fmt: skip
_GROUP_WORDS = {
    "staff": "Staff who left, joined or moved", "leavers": "Leavers",
    "joiners": "Starters, agency staff made permanent and internal moves",
    "posts": "Posts funded, removed or changed", "rest": "Not explained",
}  # fmt: skip
#: Bars of the chart, both levels included.
MOST_STEPS = 9
METHOD = (
    "Each post's vacancy is worked out again after each thing that happened to it, month by "
    "month: a starter counts only for the vacancy filled, and a leaver for the one left."
)
MOVES = "Internal moves count only where they opened or filled a vacancy."


class _Kind(NamedTuple):
    column: str
    name: str
    measures: tuple[str, ...]


_GROSS = _Kind("vacancy", "vacancies before agency cover", ("vacancy_fte", "vacancy_rate_fte"))
_UNCOVERED = _Kind(
    "uncovered", "uncovered vacancies", ("uncovered_vacancy_fte", "uncovered_vacancy_rate_fte")
)


@needs_extracts("Why did vacancies change?")
def vacancy_bridge(data: AreaData, *, since: str | None = None) -> Exhibit:
    """What took vacancies before agency cover from one month's level to another's, FTE.

    ``since`` is a month such as ``2019-02``; a year before unless given.
    """
    return _make_bridge(data, since, _GROSS)


@needs_extracts("Why did uncovered vacancies change?")
def uncovered_bridge(data: AreaData, *, since: str | None = None) -> Exhibit:
    """The same for uncovered vacancies: the change in agency cover is one more part."""
    return _make_bridge(data, since, _UNCOVERED)


def _find_start(data: AreaData, since: str | None) -> pd.Timestamp:
    """The month end that the change is counted from."""
    if not {"posts", "workers"} <= set(data.tables):
        raise NoFigureError("It needs both lists of posts and lists of staff.")
    start = find_since(data, since)
    if start is None:
        raise NoFigureError(f"There is no month before {format_month(data.month)} to count a "
                             "change from.")  # fmt: skip
    if not has_both_ends(data, since=start):
        raise NoFigureError(f"Posts and staff lists do not cover both {_span(data, start)}.")
    return start


def _span(data: AreaData, since: pd.Timestamp) -> str:
    return f"{format_month(since)} and {format_month(data.month)}"


def _make_bridge(data: AreaData, since: str | None, kind: _Kind) -> Exhibit:
    start = _find_start(data, since)
    bridge = calculate_bridge(data, since=start).set_index("part")
    fte = _print_parts(bridge[f"{kind.column}_fte"])
    points = _print_parts(bridge[f"{kind.column}_rate"] * 100)
    shown = _take_steps(fte)
    names = WORDS | {
        COVER: f"{'less' if fte[COVER] > 0 else 'more'} agency cover",
        "start": format_month(start), "end": format_month(data.month),
    }  # fmt: skip
    rows = pd.DataFrame({"name": [sentence_case(names[part]) for part in shown.index],
                         "value": shown.to_numpy(),
                         "text": [_sign(shown, part) for part in shown.index]})  # fmt: skip
    axes = plot_waterfall(rows, label=f"{sentence_case(kind.name)}, full-time equivalents (FTE)")
    sentences = _describe(names, kind, fte, points)
    alt = f"Waterfall chart: {kind.name}, {data.name}, FTE. " + ", ".join(
        f"{row.name} {row.text}" for row in rows.itertuples(index=False)
    )
    used = fte[(fte != 0) | (points != 0) | fte.index.isin(["start", "end"])].index
    table = pd.DataFrame({
        "Part": [sentence_case(names[part]) for part in used],
        "FTE": [_sign(fte, part) for part in used],
        "Percentage points of the rate": [_sign(points, part) for part in used],
    })  # fmt: skip
    return make_exhibit(
        data, headline=sentences[0].split(", from ")[0],
        subtitle=f"{sentence_case(kind.name)}, FTE, {data.name}, {_span(data, start)}",
        sentences=sentences, source="movements", axes=axes, alt=f"{alt}.", table=table,
        caption=f"What changed {kind.name}, {data.name}, {_span(data, start)}",
        measures=kind.measures, notes=[METHOD, MOVES],
    )  # fmt: skip


def _print_parts(values: pd.Series) -> pd.Series:
    """Levels rounded half up; parts so that, as printed, they add up to the levels' difference."""
    start, end = (round_half_up(float(values[name]), 1) for name in ("start", "end"))
    inner = values.drop(["start", "end"])
    parts = round_to_sum([float(v) for v in inner], 1, total=round(end - start, 9))
    return pd.Series([start, *parts, end], index=["start", *inner.index, "end"])


def _take_steps(values: pd.Series) -> pd.Series:
    """Both levels and the parts that are not 0; the smallest are added up where too many are."""
    parts = values.drop(["start", "end"])
    parts = parts[parts != 0]
    if len(parts) > MOST_STEPS - 2:
        small = parts.abs().nsmallest(len(parts) - (MOST_STEPS - 3)).index
        parts = pd.concat([parts.drop(small), pd.Series({"other": round(parts[small].sum(), 9)})])
    return pd.concat([values[["start"]], parts, values[["end"]]])


def _sign(values: pd.Series, part: str) -> str:
    """A level as it is, a change with its sign."""
    text = format_number(values[part], 1)
    return f"+{text}" if part not in ("start", "end") and values[part] > 0 else text


def _describe(names: dict[str, str], kind: _Kind, fte: pd.Series, points: pd.Series) -> list[str]:
    """The change, what took vacancies down, what took them up, and the change of the rate."""
    change = fte["end"] - fte["start"]
    first, last = format_number(fte["start"], 1), format_number(fte["end"], 1)
    name = sentence_case(kind.name)
    when = f"between {names['start']} and {names['end']}"
    if round(change, 9) == 0:
        said = [f"{name} were unchanged {when}, at {last} FTE."]
    else:
        verb = "fell" if change < 0 else "rose"
        said = [f"{name} {verb} by {format_number(abs(change), 1)} FTE {when}, "
                f"from {first} to {last}."]  # fmt: skip
    parts = fte.drop(["start", "end"])
    for verb, chosen in (("lowered", parts[parts < 0]), ("raised", parts[parts > 0])):
        if len(chosen):
            ordered = chosen.reindex(chosen.abs().sort_values(ascending=False).index)
            words = [f"{names[str(p)]} ({format_number(abs(v), 1)})" for p, v in ordered.items()]
            words[0] = words[0].replace(")", " FTE)")
            said.append(f"They were {verb} by {join_words(words)}.")
    before, after = (f"{format_number(points[end], 1)}%" for end in ("start", "end"))
    moved = round(points["end"] - points["start"], 9)
    verb = "fell" if moved < 0 else "rose"
    by = f"{verb} by {format_number(abs(moved), 1)} percentage points, from {before} to {after}"
    said.append(f"The rate {by}." if moved else f"The rate was unchanged at {after}.")
    return said


@needs_extracts("Why did each service's vacancies change?")
def vacancy_bridge_services(data: AreaData, *, since: str | None = None) -> Exhibit:
    """Why each service's vacancies changed, as a table; few people's changes are withheld."""
    start = _find_start(data, since)
    rows = calculate_service_bridge(data, since=start)
    ends = rows[rows["part"].isin(["start", "end"])].dropna(subset="value")
    if ends.empty:
        raise NoFigureError(
            "Each service's vacancies would tell of its few staff: they are withheld."
        )
    ends = ends.pivot_table(index="area_name", columns="part", values="value").round(9)
    change = ends["end"] - ends["start"]
    change = change.reindex(change.abs().sort_values(ascending=False, kind="stable").index)
    wide = rows.assign(text=[_cell(row) for row in rows.itertuples(index=False)])
    table = wide.set_index(["area_name", "part"])["text"].unstack()  # noqa: PD010
    table = table[[name for name in ("start", *GROUPS, "end") if name in table]]
    table = table.rename(columns=_GROUP_WORDS | {
        "start": format_month(start), "end": format_month(data.month)
    }).rename_axis(index="Service", columns=None).reset_index()  # fmt: skip
    table = table.loc[:, (table != "0.0").any()]
    unshown = len(table) - len(change)
    among = ", of those shown" if unshown else ""
    is_still = round_half_up(float(change.iloc[0]), 1) == 0
    least = "in no service" if is_still else f"most in {_name_change(change, 0)}"
    sentences = [f"Between {_span(data, start)} vacancies changed {least}."]
    if len(change) > 1 and not is_still:
        sentences.append(f"They changed least in {_name_change(change, -1)}.")
    if unshown:
        sentences.append(
            f"That is of those shown: for {count_people(unshown, 'service')} vacancies are "
            "withheld, as they would show how few agency staff there are."
        )
    is_withheld = (rows["status"] == "suppressed").any()
    return make_exhibit(
        data, headline=f"Vacancies changed {least}{among}",
        subtitle=f"Vacancies before agency cover, FTE, by service, {data.name}, "
        f"{_span(data, start)}",
        sentences=sentences, source="movements", table=table,
        caption=f"What changed vacancies before agency cover, FTE, by service, {data.name}",
        measures=["vacancy_fte"], notes=[METHOD, *([FEW_NOTE] if is_withheld else [])],
    )  # fmt: skip


def _cell(row: object) -> str:
    part, value, status = (getattr(row, name) for name in ("part", "value", "status"))
    if status == "suppressed":
        return "withheld"
    text = format_number(value, 1)
    return f"+{text}" if part not in ("start", "end") and round_half_up(value, 1) > 0 else text


def _name_change(changes: pd.Series, place: int) -> str:
    name, change = changes.index[place], float(changes.iloc[place])
    shown = format_number(abs(change), 1)
    if round_half_up(change, 1) == 0:
        return f"{name} (unchanged)"
    return f"{name} ({'down' if change < 0 else 'up'} {shown} FTE)"
