"""The change in each service's vacancies, in parts, withheld where few people are behind one."""

from __future__ import annotations

import numpy as np
import pandas as pd

from wfanalytics.analysis.bridge import walk_area
from wfanalytics.analysis.bridge_steps import pair_posts
from wfanalytics.analysis.small_counts import find_withheld_cells
from wfanalytics.measures.area_data import AreaData, select
from wfanalytics.rounding import FLOAT_DIGITS

#: Columns of the table, each of the parts it adds up; fewer parts leave fewer small cells.
GROUPS = {
    "leavers": ("leavers",),
    "joiners": ("starters", "conversions", "internal_moves"),
    "posts": ("posts_funded", "posts_removed", "reclassified"),
    "rest": ("definition_change", "unexplained"),
}
_GROUP_OF = {part: group for group, parts in GROUPS.items() for part in parts}


def calculate_service_bridge(data: AreaData, *, since: pd.Timestamp) -> pd.DataFrame:
    """Vacancies of each service at both ends, FTE, and what each group of parts added.

    Returns
    -------
    A row a service and one of ``start``, the groups and ``end``, with ``value`` and ``status``:
    ``suppressed`` where one to four people are behind it, or where it would give such a one away;
    the whole row where its vacancies at either end are withheld.
    """
    months, people, walked = walk_area(data, since)
    walked = walked.assign(group=walked["part"].map(_GROUP_OF))
    added = walked.pivot_table(index="service", columns="group", values="value", aggfunc="sum")
    ends = select(data, "vacancy_fte", level="service")
    ends = ends[ends["period_end"].isin([since, data.month])]
    secret = set(ends.loc[ends["status"] == "suppressed", "area_name"])
    wide = ends.pivot_table(
        index="area_name", columns="period_end", values="value", dropna=False, observed=True
    )
    wide = wide.reindex(columns=[since, data.month]).fillna(0.0)
    wide.columns = pd.Index(["start", "end"])
    wide = wide.join(added.reindex(columns=list(GROUPS))).fillna(0.0)
    rest = wide["end"] - wide["start"] - wide[list(GROUPS)].sum(axis=1)
    wide["rest"] = (wide["rest"] + rest).round(FLOAT_DIGITS)
    counts = _count_people(data, people, months).reindex(wide.index).fillna(0.0)
    # The table prints FTE, so nobody can add up the people behind its cells.
    cells = find_withheld_cells(counts.to_numpy(), fewest=-np.inf)
    hidden = pd.DataFrame(cells, counts.index, counts.columns)
    order = ["start", *GROUPS, "end"]
    rows = wide[order].round(FLOAT_DIGITS).stack().rename("value").reset_index()  # noqa: PD013
    rows.columns = pd.Index(["area_name", "part", "value"])
    hidden = hidden.reindex(columns=order, fill_value=False)
    hidden.loc[hidden.index.isin(secret)] = True
    is_hidden = hidden.to_numpy().ravel()
    status = pd.Series("ok", index=rows.index).mask(is_hidden, "suppressed")
    return rows.assign(value=rows["value"].mask(is_hidden), status=status)


def _count_people(data: AreaData, people: pd.DataFrame, months: pd.DatetimeIndex) -> pd.DataFrame:
    """How many different people are behind each service and group; a stay unchanged is nobody."""
    posts = pair_posts(data.tables["posts"], months)[["step", "post_id", "service_0", "service_1"]]
    moved = people[(people["held_0"] != people["held_1"])
                   | (people["unsure_0"] != people["unsure_1"])]  # fmt: skip
    moved = moved.merge(posts, on=["step", "post_id"], how="inner", validate="many_to_one")
    service = moved["service_1"].where(moved["is_in"], moved["service_0"])
    return (
        moved.assign(service=service, group=moved["part"].map(_GROUP_OF))
        .pivot_table(index="service", columns="group", values="worker_id", aggfunc="nunique")
        .reindex(columns=list(GROUPS)).fillna(0.0)
    )  # fmt: skip
