"""Who left and who joined: reasons, destinations, origins and roles over twelve months."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from wfanalytics.analysis.staffing import count_roles
from wfanalytics.clean.census_values import DESTINATION_CODES, ORIGIN_CODES, REASON_CODES
from wfanalytics.measures.flows import FLOWS, leave_out_support_staff
from wfanalytics.measures.posts import leave_out_support
from wfanalytics.measures.small_counts import find_withheld, find_withheld_cells
from wfanalytics.periods import year_before
from wfanalytics.thresholds import Disclosure

#: Column of the movements table -> DfE's codes for it. The lists differ: code 4 is agency among
#: origins and no authority among destinations.
CODES: dict[str, Mapping[str, str]] = {
    "reason": REASON_CODES, "destination": DESTINATION_CODES, "origin": ORIGIN_CODES,
}  # fmt: skip
#: Fewest people about whom reasons, destinations and origins are told.
FEWEST_PEOPLE = 10
#: DfE's six roles in four groups, so that few counts are too small to show.
ROLE_GROUPS = {
    "senior_manager": "managers", "middle_manager": "managers", "first_line_manager": "managers",
    "senior_practitioner": "senior practitioners", "case_holder": "case holders",
    "qualified_without_cases": "qualified, without cases",
}  # fmt: skip
_EMPLOYED = ["permanent", "agency"]
NOT_RECORDED = "not recorded"
OTHERS = "all others"

Tables = Mapping[str, pd.DataFrame]


def find_movers(tables: Tables, flow: str, *, through: pd.Timestamp) -> pd.DataFrame:
    """Rows of leavers or starters in the twelve months to a month end, one a person a month.

    >>> moves = pd.DataFrame({"date": pd.to_datetime(["2019-09-30", "2019-10-01"]),
    ...     "movement": "leaver", "worker_id": ["a", "b"], "team": ""})
    >>> workers = pd.DataFrame({"worker_id": [], "role": []})
    >>> find_movers({"movements": moves, "workers": workers}, "leavers",
    ...             through=pd.Timestamp("2020-09-30"))["worker_id"].tolist()
    ['b']
    """
    rows = leave_out_support_staff(tables["movements"], tables["workers"])
    end = through + pd.Timedelta(days=1)
    is_in = rows["movement"].isin(FLOWS[flow]) & (rows["date"] >= year_before(through))
    rows = rows[is_in & (rows["date"] < end)].sort_values(["date", "movement", "team"])
    month = rows["date"].dt.to_period("M")
    return rows[~rows.assign(month=month).duplicated(["month", "worker_id"])]


def count_words(movers: pd.DataFrame, column: str, *, rules: Disclosure) -> pd.DataFrame:
    """People by reason, destination or origin: most first, DfE's code numbers put in words.

    What few people have in common is put together as :data:`OTHERS`, and the smallest group with
    it until they are no longer few.

    Returns
    -------
    DataFrame with ``name``, ``value`` (people) and ``share``; empty for fewer than
    :data:`FEWEST_PEOPLE` people.

    >>> movers = pd.DataFrame({"reason": ["1"] * 9 + ["Retired"] * 6 + ["dismissed"]})
    >>> found = count_words(movers, "reason", rules=Disclosure())
    >>> found[["name", "value"]].to_numpy().tolist()
    [['resignation', 9], ['all others', 7]]
    """
    words = movers[column].str.strip().str.lower()
    words = words.replace(dict(CODES[column])).replace("", NOT_RECORDED)
    counts = words.value_counts().sort_index().sort_values(ascending=False, kind="stable")
    if len(movers) < FEWEST_PEOPLE:
        counts = counts.head(0)
    is_small = rules.is_few(counts)
    rest = int(counts[is_small].sum())
    kept = counts[~is_small]
    while rules.is_few(rest) and len(kept):
        rest += int(kept.iloc[-1])
        kept = kept.iloc[:-1]
    names, people = list(kept.index), [int(n) for n in kept]
    if rest:
        names, people = [*names, OTHERS], [*people, rest]
    frame = pd.DataFrame({"name": pd.Series(names, dtype="str"), "value": people})
    return frame.assign(share=frame["value"] / max(len(movers), 1))


def calculate_role_turnover(
    tables: Tables, *, through: pd.Timestamp, rules: Disclosure
) -> pd.DataFrame:
    """Turnover of twelve months by group of roles, and the permanent share of the staff in it.

    A leaver's role is the last one listed. Returns a row a group with staff: ``permanent``,
    ``agency`` and ``leavers`` people, ``turnover`` and ``permanent_share`` from 0 to 1; counts
    of few people, and what would give them away beside everybody of each role
    (:func:`~wfanalytics.analysis.staffing.count_roles`), are blank.

    >>> day = pd.Timestamp("2020-09-30")
    >>> workers = pd.DataFrame({"as_at": day, "worker_id": list("abcdefgh"),
    ...     "role": "case_holder", "employment": ["permanent"] * 8, "fte": 1.0})
    >>> moves = pd.DataFrame({"date": [], "movement": [], "worker_id": [], "team": []})
    >>> moves = moves.astype({"date": "datetime64[us]"})
    >>> frame = calculate_role_turnover(
    ...     {"workers": workers, "movements": moves}, through=day, rules=Disclosure())
    >>> frame[["role", "permanent", "turnover", "permanent_share"]].to_numpy().tolist()
    [['case holders', 8.0, 0.0, 1.0]]
    """
    staff = leave_out_support(tables["workers"])
    staff = staff.assign(own_role=staff["role"], role=staff["role"].map(ROLE_GROUPS))
    now = staff[staff["as_at"] == through]
    movers = find_movers(tables, "leavers", through=through)
    listed = staff[(staff["employment"] == "permanent") & (staff["as_at"] <= through)]
    last_role = listed.sort_values("as_at").drop_duplicates("worker_id", keep="last")
    role_of = last_role.set_index("worker_id")["role"]
    people = now.groupby(["employment", "role"])["worker_id"].nunique()
    counts = {
        "permanent": people.get("permanent", pd.Series(dtype=float)),
        "agency": people.get("agency", pd.Series(dtype=float)),
        "leavers": movers["worker_id"].map(role_of).value_counts(),
    }
    frame = pd.DataFrame(counts).reindex(list(dict.fromkeys(ROLE_GROUPS.values()))).fillna(0.0)
    frame = frame[frame.sum(axis="columns") > 0]
    staff_hidden = find_withheld_cells(
        frame[_EMPLOYED].to_numpy(), rules=rules,
        also=np.isin(frame.index, _list_secret(now, through, rules))[:, None],
    )  # fmt: skip
    frame = frame.assign(
        leavers=frame["leavers"].mask(find_withheld(frame["leavers"], rules=rules)),
        **frame[_EMPLOYED].mask(staff_hidden),
    )
    every = frame["permanent"] + frame["agency"]
    frame = frame.assign(
        turnover=frame["leavers"] / frame["permanent"].where(frame["permanent"] > 0),
        permanent_share=frame["permanent"] / every.where(every > 0),
    )
    return frame.rename_axis("role").reset_index()


def _list_secret(staff: pd.DataFrame, month: pd.Timestamp, rules: Disclosure) -> list[str]:
    """Groups of roles of which another table withholds how many people they are."""
    roles = count_roles(staff.assign(role=staff["own_role"]), as_at=[month], rules=rules)
    hidden = roles.loc[roles["status"] == "suppressed", "role"]
    return [ROLE_GROUPS.get(role, "managers") for role in hidden]
