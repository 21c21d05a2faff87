"""Who manages the social workers, and who supports them?"""

from __future__ import annotations

import pandas as pd

from wfanalytics.analysis.staffing import (
    FIRST_LINE,
    MANAGERS,
    MERGED,
    calculate_span,
    calculate_support,
    count_roles,
)
from wfanalytics.measures.area_data import AreaData
from wfanalytics.periods import format_month
from wfanalytics.present.charts import plot_bars
from wfanalytics.present.exhibit import Exhibit
from wfanalytics.present.exhibits.build import NoFigureError, make_exhibit, needs_extracts
from wfanalytics.present.exhibits.simple import WITHHELD, show_numbers, take_staff, year_ago
from wfanalytics.present.words import NO_FIGURE, each_row, sentence_case
from wfanalytics.rounding import format_number

ROLE_NAMES = {
    "manager": "managers of all levels",
    "senior_manager": "senior managers",
    "middle_manager": "middle managers",
    "first_line_manager": "first line managers",
    "senior_practitioner": "senior practitioners",
    "case_holder": "case holders (role)",
    "qualified_without_cases": "qualified, without cases",
}
BOTH_EMPLOYMENTS = "Roles are DfE's six, permanent and agency staff together."
SPAN_NOTE = (
    "Social workers for each manager: FTE of senior practitioners, case holders and staff "
    "without cases ÷ FTE of managers."
)
ROLES_WITHHELD = (
    "Roles of {some} people are withheld, and where one role would stand alone the next "
    "smallest with it."
)
MERGED_LAYERS = "Managers are shown together: one of their layers has {few} people."
NO_CAUSE = "Support and caseload stand side by side: neither is shown to cause the other."
#: Quarters of a support chart.
QUARTERS_SHOWN, QUARTER_MONTHS = 9, 3


@needs_extracts("How many managers are there, and how many to each?")
def management_layers(data: AreaData) -> Exhibit:
    """FTE of DfE's six roles, and social workers for each manager, with a year before."""
    workers, before = take_staff(data), year_ago(data)
    has_before = bool((workers["as_at"] == before).any())
    counts = count_roles(
        workers, as_at=[data.month, before] if has_before else [data.month],
        rules=data.disclosure,
    )  # fmt: skip
    now = counts[counts["as_at"] == data.month]
    year = counts[counts["as_at"] == before].set_index("role").reindex(now["role"]).reset_index()
    now, year = (frame[(now["people"] != 0).to_numpy()] for frame in (now, year))
    names = [sentence_case(ROLE_NAMES[role]) for role in now["role"]]
    frame = now.assign(area_name=names, value=now["fte"])
    axes = plot_bars(frame, decimals=1, ranked=False,
                     label="Staff by role, full-time equivalents (FTE)")  # fmt: skip
    when = format_month(data.month)
    earlier = show_numbers(year["fte"], 1, WITHHELD if has_before else "no list")
    table = pd.DataFrame(
        {
            "Role": names,
            "People": show_numbers(now["people"]),
            "FTE": show_numbers(now["fte"], 1),
            f"FTE, {format_month(before)}": earlier,
        }
    )
    shown = zip(names, table["FTE"], strict=True)
    alt = f"Horizontal bars: staff by role, FTE, {data.name}, {when}. "
    alt += "; ".join(f"{name} {value}" for name, value in shown) + "."
    sentences = _describe_spans(now, year, data)
    if not sentences:
        sentences = ["Social workers for each manager: withheld, because managers are few."]
    notes = [BOTH_EMPLOYMENTS, SPAN_NOTE]
    notes += [MERGED_LAYERS] if MERGED in set(now["role"]) else []
    notes += [ROLES_WITHHELD] if (table == WITHHELD).any(axis=None) else []
    return make_exhibit(
        data, headline=sentences[0].partition(";")[0],
        subtitle=f"Staff by role, FTE, {data.name}, {when}", sentences=sentences,
        source="several", axes=axes, alt=alt, table=table,
        caption=f"Staff by role, {data.name}, {when}", notes=notes,
    )  # fmt: skip


def _describe_spans(now: pd.DataFrame, year: pd.DataFrame, data: AreaData) -> list[str]:
    """Social workers to each first line manager, and to each manager of any level."""
    said = []
    layers = {"first line manager": FIRST_LINE, "manager of any level": MANAGERS}
    for name, managers in layers.items():
        spans = [calculate_span(roles, managers) for roles in (now, year)]
        if pd.notna(spans[0]):
            was = "" if pd.isna(spans[1]) else f"; a year before {format_number(spans[1], 1)}"
            said.append(
                f"In {format_month(data.month)} there were {format_number(spans[0], 1)} social "
                f"workers to each {name}, FTE{was}."
            )
    return said


@needs_extracts("How much support do case holders have?")
def support_ratio(data: AreaData) -> Exhibit:
    """Case holders for each FTE of support staff, and the caseload beside it."""
    months = [
        data.month - pd.DateOffset(months=QUARTER_MONTHS * back) + pd.offsets.MonthEnd(0)
        for back in reversed(range(QUARTERS_SHOWN))
    ]
    take_staff(data)
    rows = calculate_support(data, months=months)
    last = rows[rows["period_end"] == data.month]
    if last.empty or last["ratio"].isna().all():
        reason = f"Support staff and case holders are not both known in {format_month(data.month)}."
        raise NoFigureError(reason)
    now = next(each_row(last))
    when = format_month(data.month)
    names = [format_month(end) for end in rows["period_end"]]
    words = show_numbers(rows["ratio"], 1, NO_FIGURE)
    frame = pd.DataFrame({"area_name": names, "value": rows["ratio"].to_numpy(), "words": words})
    label = "Case holders for each full-time equivalent of support staff, FTE"
    axes = plot_bars(frame, text="words", ranked=False, highlight=[names[-1]], label=label)
    alt = f"Horizontal bars: case holders for each FTE of support staff, {data.name}, "
    alt += f"{names[0]} to {when}. From {words[0]} to {words[-1]}."
    ratio = f"{format_number(now.ratio, 1)} FTE of case holders to each FTE of support staff"
    return make_exhibit(
        data, headline=ratio,
        subtitle=f"Case holders for each FTE of support staff, {data.name}, each quarter to {when}",
        sentences=(
            f"In {when} there were {format_number(now.case_holders_fte, 1)} FTE of case holders "
            f"and {format_number(now.support_fte, 1)} FTE of support staff.",
            *_describe_support(rows, data), NO_CAUSE,
        ),
        source=f"{data.name}'s staff lists and weekly caseload extracts, to {when}.", axes=axes,
        alt=alt, table=_tabulate_support(rows),
        caption=f"Support staff, case holders and caseload, {data.name}",
        measures=["case_holders_fte", "caseload_fte"],
    )  # fmt: skip


def _tabulate_support(rows: pd.DataFrame) -> pd.DataFrame:
    headings = {
        "support_fte": "Support staff, FTE", "case_holders_fte": "Case holders, FTE",
        "ratio": "Case holders for each FTE of support", "caseload": "Average caseload",
    }  # fmt: skip
    shown = {
        heading: show_numbers(rows[column], 1, WITHHELD if column == "support_fte" else NO_FIGURE)
        for column, heading in headings.items()
    }
    return pd.DataFrame({"Month": [format_month(end) for end in rows["period_end"]], **shown})


def _describe_support(rows: pd.DataFrame, data: AreaData) -> list[str]:
    """The ratio and the caseload a year before and now, in two sentences."""
    pair = rows[rows["period_end"].isin([year_ago(data), data.month])]
    said = []
    names = {"ratio": "Case holders for each FTE of support", "caseload": "The average caseload"}
    for column, name in names.items():
        values = pair[column]
        if len(values.dropna()) == 2:  # now and a year before
            one, other = (format_number(value, 1) for value in values)
            went = f"stayed at {one}" if one == other else f"went from {one} to {other}"
            said.append(f"{name} {went} in a year.")
    return said
