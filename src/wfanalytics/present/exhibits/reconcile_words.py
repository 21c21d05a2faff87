"""Words of the steps from our figure, or one stated in committee, to DfE's."""

from __future__ import annotations

from typing import Any

import pandas as pd

from wfanalytics.measures.area_data import AreaData
from wfanalytics.measures.definition import Definition
from wfanalytics.measures.definitions import find_definition
from wfanalytics.periods import format_date, format_month
from wfanalytics.present.phrases import name_difference, shown_difference
from wfanalytics.present.words import format_plain, format_with_unit
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
NO_PUBLISHED = {
    True: "DfE publishes no figures of {name}, which is fictional: ours are shown as DfE counts.",
    False: "No published figure of {name} is at hand: run wfanalytics fetch, and give old_la_code "
    "in profile.yml.",
}
NOTHING_BESIDE = (
    "There is nothing to set beside DfE's figures of {name}: no extracts, and no figure stated "
    "in a committee paper."
)


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
    else:
        gap = round(shown_difference(before, row.value, definition), 9)
        size = name_difference(gap, definition)
    return f"{size} {'more' if gap > 0 else 'less'}" if gap else NO_DIFFERENCE
