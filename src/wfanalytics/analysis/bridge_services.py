"""The change in each service's vacancies, in parts, withheld where few people are behind one."""

from __future__ import annotations

import numpy as np
import pandas as pd

from wfanalytics.analysis.bridge import walk_area
from wfanalytics.analysis.bridge_steps import pair_posts
from wfanalytics.measures.area_data import AreaData, list_withheld, select
from wfanalytics.measures.small_counts import find_withheld_cells
from wfanalytics.rounding import FLOAT_DIGITS
from wfanalytics.thresholds import MANAGERS

#: Columns of the table, each of the parts it adds up; fewer parts leave fewer small cells.
GROUPS = {
    "staff": (),
    "leavers": ("leavers",),
    "joiners": ("starters", "conversions", "internal_moves"),
    "posts": ("posts_funded", "posts_removed", "reclassified"),
    "rest": ("definition_change", "unexplained"),
}
#: What the measures withhold of a group's people.
_MEASURE_OF = {"leavers": "leavers_12m_headcount", "joiners": "starters_12m_headcount"}


def calculate_service_bridge(data: AreaData, *, since: pd.Timestamp) -> pd.DataFrame:
    """Vacancies of each service at both ends, FTE, and what each group of parts added.

    Returns
    -------
    A row a service and one of ``start``, the groups and ``end``, with ``value`` and ``status``:
    ``suppressed`` where few people are behind it, or where it would give such a one away; the
    whole row where its vacancies at either end are withheld. Leavers and joiners are one group,
    ``staff``, but for the years that the measures show of services.
    """
    groups = _choose_groups(data, since)
    group_of = {part: group for group, parts in groups.items() for part in parts}
    months, people, walked = walk_area(data, since)
    walked = walked.assign(group=walked["part"].map(group_of))
    added = walked.pivot_table(index="service", columns="group", values="value", aggfunc="sum")
    ends = select(data, "vacancy_fte", level="service")
    ends = ends[ends["period_end"].isin([since, data.month])]
    secret = set(ends.loc[ends["status"] == "suppressed", "area_name"])
    wide = ends.pivot_table(
        index="area_name", columns="period_end", values="value", dropna=False, observed=True
    )
    wide = wide.reindex(columns=[since, data.month]).fillna(0.0)
    wide.columns = pd.Index(["start", "end"])
    wide = wide.join(added.reindex(columns=list(groups))).fillna(0.0)
    rest = wide["end"] - wide["start"] - wide[list(groups)].sum(axis=1)
    wide["rest"] = (wide["rest"] + rest).round(FLOAT_DIGITS)
    counts = _count_people(data, people, months, group_of).reindex(wide.index).fillna(0.0)
    also = [counts.index.isin(list_withheld(data, _MEASURE_OF.get(group, ""), level="service",
                                            at=data.month)) for group in counts]  # fmt: skip
    # The table prints FTE, so nobody can add up the people behind its cells.
    cells = find_withheld_cells(
        counts.to_numpy(), rules=data.disclosure, also=np.column_stack(also), fewest=-np.inf
    )
    hidden = pd.DataFrame(cells, counts.index, counts.columns)
    order = ["start", *groups, "end"]
    rows = wide[order].round(FLOAT_DIGITS).stack().rename("value").reset_index()  # noqa: PD013
    rows.columns = pd.Index(["area_name", "part", "value"])
    hidden = hidden.reindex(columns=order, fill_value=False)
    hidden.loc[hidden.index.isin(secret)] = True
    is_hidden = hidden.to_numpy().ravel()
    status = pd.Series("ok", index=rows.index).mask(is_hidden, "suppressed")
    return rows.assign(value=rows["value"].mask(is_hidden), status=status)


def _choose_groups(data: AreaData, since: pd.Timestamp) -> dict[str, tuple[str, ...]]:
    """Who left and who joined apart for whole years to the yearly month, as the measures have them.

    Shown every month, the difference of two would be a month's leavers of a service.
    """
    groups = {group: parts for group, parts in GROUPS.items() if parts}
    is_yearly = since.month == data.month.month == data.disclosure.yearly_month
    if is_yearly or data.audience == MANAGERS:
        return groups
    rest = {group: parts for group, parts in groups.items() if group not in _MEASURE_OF}
    return {"staff": groups["leavers"] + groups["joiners"], **rest}


def _count_people(
    data: AreaData, people: pd.DataFrame, months: pd.DatetimeIndex, group_of: dict[str, str]
) -> pd.DataFrame:
    """How many different people are behind each service and group; a stay unchanged is nobody."""
    posts = pair_posts(data.tables["posts"], months)[["step", "post_id", "service_0", "service_1"]]
    moved = people[(people["held_0"] != people["held_1"])
                   | (people["unsure_0"] != people["unsure_1"])]  # fmt: skip
    moved = moved.merge(posts, on=["step", "post_id"], how="inner", validate="many_to_one")
    service = moved["service_1"].where(moved["is_in"], moved["service_0"])
    return (
        moved.assign(service=service, group=moved["part"].map(group_of))
        .pivot_table(index="service", columns="group", values="worker_id", aggfunc="nunique")
        .reindex(columns=list(dict.fromkeys(group_of.values()))).fillna(0.0)
    )  # fmt: skip
