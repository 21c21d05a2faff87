"""Who the staff are: DfE's six roles, social workers to managers, support staff to case holders.

People of each role are counted once, permanent and agency together. What rests on few people is
withheld, and the next smallest role with it, so that no total gives a role away.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from wfanalytics.frames import ROLES
from wfanalytics.measures.area_data import AreaData, select
from wfanalytics.measures.small_counts import find_withheld
from wfanalytics.rounding import FLOAT_DIGITS
from wfanalytics.thresholds import Disclosure

SOCIAL_WORK_ROLES = ROLES[:-1]
MANAGERS = ("senior_manager", "middle_manager", "first_line_manager")
FIRST_LINE = ("first_line_manager",)
#: All managers as one role, where a layer of them is too small to show.
MERGED = "manager"


def count_roles(
    workers: pd.DataFrame, *, as_at: Sequence[pd.Timestamp], rules: Disclosure
) -> pd.DataFrame:
    """People and FTE of each social work role at month ends, in order of seniority.

    Columns: ``as_at``, ``role``, ``people``, ``fte``, ``status`` (ok, or suppressed with both
    empty). Where a layer of managers has few people at any of the dates, the three layers are
    one, ``manager``, at all of them. People of unknown FTE count in people only.

    >>> workers = pd.DataFrame({"as_at": "m", "worker_id": list("abcdef"), "fte": 0.5,
    ...                         "role": "case_holder"})
    >>> roles = count_roles(workers, as_at=["m"], rules=Disclosure())
    >>> roles.query("people > 0").to_numpy().tolist()
    [['m', 'case_holder', 6.0, 3.0, 'ok']]
    """
    rows = workers[workers["as_at"].isin(as_at) & (workers["role"] != "support")]
    roles: Sequence[str] = SOCIAL_WORK_ROLES
    layers = rows[rows["role"].isin(MANAGERS)].groupby(["as_at", "role"])["worker_id"].nunique()
    if rules.is_few(layers).any():
        rows = rows.assign(role=rows["role"].where(~rows["role"].isin(MANAGERS), MERGED))
        roles = (MERGED, *roles[len(MANAGERS) :])
    by_role = rows.groupby(["as_at", "role"])
    every = pd.MultiIndex.from_product([as_at, roles], names=["as_at", "role"])
    people = by_role["worker_id"].nunique().reindex(every, fill_value=0)
    fte = by_role["fte"].sum().reindex(every, fill_value=0.0).round(FLOAT_DIGITS)
    frame = pd.DataFrame({"people": people.astype(float), "fte": fte}).reset_index()
    is_hidden = frame.groupby("as_at")["people"].transform(find_withheld, rules=rules).astype(bool)
    return frame.assign(
        people=frame["people"].mask(is_hidden), fte=frame["fte"].mask(is_hidden),
        status=is_hidden.map({True: "suppressed", False: "ok"}),
    )  # fmt: skip


def calculate_span(roles: pd.DataFrame, managers: Sequence[str]) -> float:
    """Social workers who manage nobody for each manager, FTE, at the one date of ``roles``.

    Null where a part is withheld or the layer is merged into all managers.
    """
    fte = roles.set_index("role")["fte"]
    if MERGED in fte.index and set(managers) == set(MANAGERS):
        managers = (MERGED,)
    leading = fte.reindex(list(managers), fill_value=0.0).sum(skipna=False)
    led = fte.drop([*MANAGERS, MERGED], errors="ignore").sum(skipna=False)
    return float(led / leading) if leading > 0 else float("nan")


def calculate_support(data: AreaData, *, months: list[pd.Timestamp]) -> pd.DataFrame:
    """Support staff beside case holders and caseload, one row a month end with a staff list.

    Columns: ``period_end``, ``support_fte`` (null where it rests on few people),
    ``case_holders_fte``, ``ratio`` (case holders for each FTE of support), ``caseload``.
    """
    workers = data.tables["workers"]
    support = workers[workers["role"] == "support"]
    figures = {
        name: select(data, name).set_index("period_end")["value"]
        for name in ("case_holders_fte", "caseload_fte")
    }
    rows = []
    for month in months:
        now = support[support["as_at"] == month]
        is_small = data.disclosure.is_few(now["worker_id"].nunique())
        fte = float("nan") if is_small else round(float(now["fte"].sum()), FLOAT_DIGITS)
        holders = float(figures["case_holders_fte"].get(month, float("nan")))
        ratio = holders / fte if fte > 0 else float("nan")
        rows.append((month, fte, holders, ratio, figures["caseload_fte"].get(month, float("nan"))))
    columns = ["period_end", "support_fte", "case_holders_fte", "ratio", "caseload"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame[frame["period_end"].isin(workers["as_at"])].reset_index(drop=True)
