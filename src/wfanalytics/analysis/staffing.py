"""Who the staff are: DfE's six roles, managers, support staff, long absence, retention scheme.

People of each role are counted once, permanent and agency together. What rests on few people is
withheld, and the next smallest role with it, so that no total gives a role away.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd

from wfanalytics.frames import ROLES
from wfanalytics.measures.area_data import AreaData, select
from wfanalytics.measures.posts import leave_out_support
from wfanalytics.measures.small_counts import find_withheld, find_withheld_cells
from wfanalytics.periods import year_before
from wfanalytics.rounding import FLOAT_DIGITS
from wfanalytics.thresholds import Disclosure

SOCIAL_WORK_ROLES = ROLES[:-1]
MANAGERS = ("senior_manager", "middle_manager", "first_line_manager")
FIRST_LINE = ("first_line_manager",)
#: All managers as one role, where a layer of them is too small to show.
MERGED = "manager"
#: Our words for absence -> the group shown. Few are suspended, so they stand with career breaks.
ABSENCE_GROUPS = {
    "sickness": "long-term sickness", "maternity": "maternity leave",
    "career_break": "career break or suspension", "suspension": "career break or suspension",
}  # fmt: skip
_GROUPS = tuple(dict.fromkeys(ABSENCE_GROUPS.values()))
#: Lengths of service in years: at least this, and how a table calls it.
SERVICE_BANDS = ((0, "Under 2 years here"), (2, "2 to 5 years here"), (5, "5 years or more here"))


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


def calculate_take_up(
    workers: pd.DataFrame, *, rules: Disclosure, by: str = "", withheld: Collection[str] = ()
) -> pd.DataFrame:
    """People asked, signed and not signed, at each month end in ``workers``.

    Parameters
    ----------
    workers : clean table; only permanent social workers whose flag is yes or no count, each
        person once.
    by : ``service``, ``length`` (of service), or empty for the authority.
    withheld : parts whose permanent staff the measures withhold: those asked would tell them.

    Returns
    -------
    DataFrame with columns as_at, area_name, signed, outside, asked (people), share, status.
    By part, neither signed nor outside are few people, else withheld, with as many more parts as
    keep them so beside the authority's.
    """
    asked = workers[
        workers["in_retention_scheme"].isin(("yes", "no"))
        & (workers["employment"] == "permanent") & (workers["role"] != "support")
    ].drop_duplicates(["as_at", "worker_id"])  # fmt: skip
    place = pd.Series("", index=asked.index)
    if by == "length":
        years = (asked["as_at"] - asked["start_date"]).dt.days / 365.25
        edges = [low for low, _ in SERVICE_BANDS]
        names = [name for _, name in SERVICE_BANDS]
        place = pd.cut(years, [*edges, float("inf")], right=False, labels=names)
    elif by:
        place = asked[by]
    signed = asked["in_retention_scheme"] == "yes"
    keys = [asked["as_at"], place.astype("str").rename("area_name")]
    grouped = signed.groupby(keys)
    frame = pd.DataFrame({"signed": grouped.sum(), "asked": grouped.size()}, dtype=float)
    frame = frame.assign(outside=frame["asked"] - frame["signed"]).reset_index()
    hidden = pd.Series(False, index=frame.index)
    if by:
        for _, rows in frame.groupby("as_at"):
            secret = rows["area_name"].isin(withheld).to_numpy()[:, None]
            people = rows[["signed", "outside"]].to_numpy()
            cells = find_withheld_cells(people, rules=rules, also=secret)
            hidden[rows.index] = np.asarray(cells).any(axis=1)
    people = ["signed", "outside", "asked"]
    if by == "service":
        frame[people] = rules.round_people(frame[people])
    frame = frame.assign(share=frame["signed"] / frame["asked"])
    frame[[*people, "share"]] = frame[[*people, "share"]].mask(hidden)
    return frame.assign(status=hidden.map({True: "suppressed", False: "ok"}))
