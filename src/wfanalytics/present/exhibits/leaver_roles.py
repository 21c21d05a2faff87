"""In which roles do most leave?"""

from __future__ import annotations

from typing import Any

import pandas as pd

from wfanalytics.analysis.movers import calculate_role_turnover
from wfanalytics.measures.area_data import AreaData
from wfanalytics.periods import format_month
from wfanalytics.present.charts import plot_bars
from wfanalytics.present.exhibit import Exhibit
from wfanalytics.present.exhibits import common
from wfanalytics.present.exhibits.simple import (
    WITHHELD,
    count_or_withheld,
    count_people,
    find_value,
    format_share,
    join_alt,
    make_exhibit,
)
from wfanalytics.present.words import each_row, sentence_case
from wfanalytics.rounding import format_number


@common.needs_extracts("In which roles do most leave?")
def turnover_roles(data: AreaData) -> Exhibit:
    """Turnover of twelve months by group of roles, with the permanent share of its staff."""
    key, question = "turnover_roles", "In which roles do most leave?"
    total = find_value(data, "leavers_12m_headcount")
    rows = pd.DataFrame({"turnover": [], "status": []})
    if total is not None and "workers" in data.tables:
        rows = calculate_role_turnover(data.tables, through=data.month)
    if rows["turnover"].isna().all():
        reason = "No group of roles has a figure that may be shown: each rests on few people."
        return common.make_unavailable(data, key=key, question=question, reason=reason)
    said = _describe_roles(rows)
    text = [_turnover_words(row) for row in each_row(rows)]
    axes = plot_bars(
        rows.assign(name=rows["role"].map(sentence_case), text=text), value="turnover",
        name="name", text="text", label="Leavers in twelve months, per cent of permanent staff",
    )  # fmt: skip
    bars = [f"{role}: {words}." for role, words in zip(rows["role"], text, strict=True)]
    return make_exhibit(
        data, key=key, question=question, headline=said[0].split(":")[0],
        what="Turnover by role, twelve months", sentences=said, axes=axes,
        alt=join_alt(f"Bar chart: turnover by role, {data.name}, twelve months to "
                     f"{format_month(data.month)}.", bars),
        table=_tabulate_roles(rows), source="movements",
        notes=["Leavers in twelve months ÷ permanent staff in the role at the end of them, people; "
               "a leaver's role is the last one listed. DfE's six roles stand in four groups: "
               "senior, middle and first line managers are one.", common.WITHHELD],
    )  # fmt: skip


def _describe_roles(rows: pd.DataFrame) -> list[str]:
    shown = rows[rows["turnover"].notna()].sort_values("turnover", ascending=False)
    top = next(each_row(shown))
    more = "" if len(shown) == len(rows) else " of those shown"
    said = [
        f"Turnover was highest among {top.role}{more}: {count_people(top.leavers, 'leaver')} "
        f"in twelve months, {format_share(top.turnover, 1)} of {format_number(top.permanent)} "
        "permanent staff."
    ]
    mixed = rows[rows["permanent_share"].notna()].sort_values("permanent_share")
    for row in each_row(mixed.head(1)):
        said.append(f"The permanent share was lowest among {row.role}: "
                    f"{format_share(row.permanent_share)}.")  # fmt: skip
    return said


def _tabulate_roles(rows: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Role": rows["role"].map(sentence_case),
            "Leavers in twelve months, people": count_or_withheld(rows["leavers"]),
            "Permanent staff, people": count_or_withheld(rows["permanent"]),
            "Turnover": [_share_or_withheld(value) for value in rows["turnover"]],
            "Agency staff, people": count_or_withheld(rows["agency"]),
            "Permanent share": [_share_or_withheld(v) for v in rows["permanent_share"]],
        }
    )


def _share_or_withheld(value: float) -> str:
    return WITHHELD if pd.isna(value) else format_share(value, 1)


def _turnover_words(row: Any) -> str:
    if pd.isna(row.turnover):
        return WITHHELD
    return f"{format_share(row.turnover, 1)} ({count_people(row.leavers, 'leaver')})"
