"""Caseloads of groups: newly qualified staff, people with very many cases, types of case."""

from __future__ import annotations

import pandas as pd

from wfanalytics.analysis.caseload_spread import list_holders, take_caseload
from wfanalytics.frames import CASE_TYPES
from wfanalytics.measures.area_data import AreaData
from wfanalytics.measures.caseload import add_holdings, find_last_weeks, list_weeks
from wfanalytics.thresholds import MANAGERS

#: Rule 28: more cases than this, or a manager with more than the second number, is asked about.
VERY_MANY = 35
MANY_FOR_MANAGER = 10
_MANAGERS = ("senior_manager", "middle_manager", "first_line_manager")
#: With fewer case holders, FTE, the mean without few people would tell their cases.
LEAST_FTE_WITHOUT = 100.0


def calculate_newly_qualified(data: AreaData, *, weight: float = 1.0) -> pd.DataFrame:
    """Mean caseload of newly qualified case holders and of all others, week by week.

    ``weight`` is what an FTE of a newly qualified worker counts for in ``weighted``, the mean of
    everybody by that local rule; DfE's measure weighs nobody.

    Returns
    -------
    A row a week counted: ``people``, ``cases``, ``fte`` and ``mean`` of ``new`` and ``other``
    (``new_mean``, ...), ``mean`` of all and ``weighted``. Means of few people are blank,
    and so are the others' then, which would give them away.
    """
    holders = list_holders(data)
    group = holders["is_newly_qualified"].map({True: "new", False: "other"})
    sums = holders.assign(group=group, people=1.0).pivot_table(
        index="week_ending", columns="group", values=["people", "cases", "fte"], aggfunc="sum",
        fill_value=0.0,
    )  # fmt: skip
    names = [(value, part) for part in ("new", "other") for value in ("people", "cases", "fte")]
    sums = sums.reindex(columns=pd.MultiIndex.from_tuples(names), fill_value=0.0)
    found = pd.DataFrame({f"{part}_{value}": sums[value, part] for value, part in names})
    is_few = pd.Series(False, index=found.index)
    for part in ("new", "other"):
        is_few |= data.disclosure.is_few(found[f"{part}_people"])
    for part in ("new", "other"):
        mean = found[f"{part}_cases"] / found[f"{part}_fte"].where(found[f"{part}_fte"] > 0)
        found[f"{part}_mean"] = mean.where(~is_few)
    cases, others = found["new_cases"] + found["other_cases"], found["other_fte"]
    return found.assign(
        mean=cases / (found["new_fte"] + others),
        weighted=cases / (weight * found["new_fte"] + others),
        is_few=is_few,
    ).reset_index()


def calculate_heavy(data: AreaData, *, week: pd.Timestamp) -> pd.DataFrame:
    """Rule 28: people with over 35 cases and managers with over 10, with and without them.

    Returns
    -------
    One row: ``people_many``, ``people_managers`` (each person once; blank where few, but for
    managers), ``people``, ``fte``,
    ``mean``, ``mean_without`` (blank where it would tell about few people) and
    ``tray_cases``, the cases of duty trays, which are in no mean.
    """
    holders = list_holders(data, week=week)
    is_many = holders["cases"] > VERY_MANY
    is_manager = holders["role"].isin(_MANAGERS) & (holders["cases"] > MANY_FOR_MANAGER) & ~is_many
    rest = holders[~(is_many | is_manager)]
    heavy = len(holders) - len(rest)
    fte = holders["fte"].sum()
    may_tell = not data.disclosure.is_few(heavy) or fte >= LEAST_FTE_WITHOUT
    without = rest["cases"].sum() / rest["fte"].sum() if len(rest) and may_tell else float("nan")
    rows = take_caseload(data)
    trays = rows[(rows["week_ending"] == week) & (rows["worker_id"] == "")]
    counts = [float(flags.sum()) for flags in (is_many, is_manager)]
    if data.audience != MANAGERS:
        counts = [float("nan") if data.disclosure.is_few(count) else count for count in counts]
    return pd.DataFrame({
        "people_many": counts[:1], "people_managers": counts[1:],
        "people": [len(holders)], "fte": [fte], "mean": [holders["cases"].sum() / fte],
        "mean_without": [without], "tray_cases": [int(trays["cases"].sum())],
    })  # fmt: skip


def calculate_types(data: AreaData, *, months: int) -> pd.DataFrame:
    """Cases of case holders by type at the last week of each month, a row a month and type.

    Returns
    -------
    ``period_end`` (the month's end), ``measure`` (``cin``, ``cp``, ``cla``, ``carer`` or
    ``unknown``, cases without a type), ``value``, ``share`` and ``status``; a month whose last
    week was not counted is ``missing``.
    """
    rows = take_caseload(data)
    weeks = list_weeks(pd.DatetimeIndex(rows["week_ending"].unique()), through=data.month)
    last = find_last_weeks(weeks)[-months:]
    held = add_holdings(rows[rows["week_ending"].isin(last)], band=data.band)
    sums = held.groupby("week_ending")[["cases", *(f"cases_{name}" for name in CASE_TYPES)]].sum()
    sums = sums.rename(columns=lambda name: name.removeprefix("cases_")).reindex(last)
    sums["unknown"] = sums["cases"] - sums[list(CASE_TYPES)].sum(axis=1)
    new = data.is_provisional
    status = ["missing" if m else "ok" for m in sums["cases"].isna()]
    found = [
        pd.DataFrame({
            "period_end": last + pd.offsets.MonthEnd(0), "period_type": "snapshot",
            "measure": name, "value": sums[name].to_numpy(),
            "share": (sums[name] / sums["cases"]).to_numpy(), "status": status,
        })
        for name in (*CASE_TYPES, "unknown")
    ]  # fmt: skip
    frame = pd.concat(found, ignore_index=True)
    is_new = (frame["period_end"] == data.month) & (frame["status"] == "ok") & new
    return frame.assign(status=frame["status"].mask(is_new, "provisional"))
