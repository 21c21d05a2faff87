"""Long absence by reason: sickness apart from maternity, career breaks and suspension."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd

from wfanalytics.measures.posts import leave_out_support
from wfanalytics.measures.small_counts import find_withheld, find_withheld_cells
from wfanalytics.periods import year_before
from wfanalytics.thresholds import Disclosure

#: Our words for absence -> the group shown. Few are suspended, so they stand with career breaks.
ABSENCE_GROUPS = {
    "sickness": "long-term sickness", "maternity": "maternity leave",
    "career_break": "career break or suspension", "suspension": "career break or suspension",
}  # fmt: skip
_GROUPS = tuple(dict.fromkeys(ABSENCE_GROUPS.values()))


def calculate_absence(
    workers: pd.DataFrame, *, through: pd.Timestamp, rules: Disclosure,
    withheld: Collection[str] = (),
) -> pd.DataFrame:  # fmt: skip
    """Long absence of permanent staff by reason and service over twelve months.

    One row a service and reason, and one a reason for the authority (``service`` empty):
    ``people`` who were away for it at any of the twelve month ends, ``fte`` away on average,
    and ``status``: suppressed where few people, or where a total would give them away. Two
    reasons in one year count a person under each. ``withheld`` are services whose sickness the
    measures withhold.

    >>> workers = pd.DataFrame({"as_at": pd.Timestamp("2020-09-30"), "worker_id": list("abcde"),
    ...     "employment": "permanent", "role": "case_holder", "service": "S", "fte": 1.0,
    ...     "absence": "maternity"})
    >>> rows = calculate_absence(
    ...     workers, through=pd.Timestamp("2020-09-30"), rules=Disclosure())
    >>> rows = rows[rows["absence"] == "maternity leave"]
    >>> rows[["service", "people", "fte"]].to_numpy().tolist()
    [['S', 5, 5.0], ['', 5, 5.0]]
    """
    staff = leave_out_support(workers)
    is_in = (staff["employment"] == "permanent") & (staff["as_at"] > year_before(through))
    staff = staff[is_in & (staff["as_at"] <= through)]
    lists = staff["as_at"].nunique()
    services = sorted(staff["service"].unique())
    away = staff.assign(absence=staff["absence"].map(ABSENCE_GROUPS)).dropna(subset="absence")
    keys = pd.MultiIndex.from_product([services, _GROUPS], names=["service", "absence"])
    parts = away.groupby(["service", "absence"]).agg(people=("worker_id", "nunique"),
                                                     fte=("fte", "sum"))  # fmt: skip
    cells = parts.reindex(keys, fill_value=0)
    whole = away.groupby("absence").agg(people=("worker_id", "nunique"), fte=("fte", "sum"))
    whole = whole.reindex(list(_GROUPS), fill_value=0)
    shape = (len(services), len(_GROUPS))
    is_total_hidden = find_withheld(whole["people"].to_numpy(), rules=rules)
    is_secret = np.isin(services, list(withheld))[:, None]
    people = cells["people"].to_numpy().reshape(shape)
    is_hidden = find_withheld_cells(people, rules=rules, also=is_secret) | is_total_hidden
    hidden = np.concatenate([is_hidden.ravel(), is_total_hidden])
    frame = pd.concat([cells.reset_index(), whole.rename_axis("absence").reset_index()])
    frame = frame.assign(service=frame["service"].fillna(""), fte=frame["fte"] / max(lists, 1),
                         status=np.where(hidden, "suppressed", "ok"))  # fmt: skip
    return frame.reset_index(drop=True)
