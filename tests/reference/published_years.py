"""Next year's leavers of every authority the Department publishes, projected and found."""

from __future__ import annotations

import pandas as pd
from scipy import stats

from wfanalytics.analysis.outlook_backtest import SHARES
from wfanalytics.analysis.outlook_model import calculate_hazard


def find_interval(mean: float, spread: float, share: float) -> tuple[int, int]:
    """Lowest and highest count that the middle ``share`` of futures ends between.

    Exact, for a Poisson number whose mean varies by a gamma of relative variance ``spread``.

    >>> find_interval(52, 0.0, 0.9)
    (40, 64)
    """
    ends = [(1 - share) / 2, (1 + share) / 2]
    if spread > 0:
        low, high = stats.nbinom.ppf(ends, 1 / spread, 1 / (1 + mean * spread))
    else:
        low, high = stats.poisson.ppf(ends, mean)
    return int(low), int(high)


def backtest_published(national: pd.DataFrame) -> pd.DataFrame:
    """Next year's leavers of every authority, projected from each published year.

    Returns a row an authority and year: people in post and leavers before (``heads``,
    ``leavers``), what came (``actual``, ``actual_heads``), ``projected`` leavers with
    ``lower_80`` to ``upper_95``, and people in post: projected (``in_post``), by ``no_change``
    and with last year's net flow again (``net_flow``). Years are joined on the old
    code, which survives changes of name.
    """
    wanted = ["leavers_12m_headcount", "inpost_headcount", "starters_12m_headcount"]
    rows = national[national["measure"].isin(wanted) & (national["area_level"] == "authority")]
    wide = rows.pivot_table(index=["old_la_code", "period_end"], columns="measure", values="value")
    wide = wide[wanted].set_axis(["leavers", "heads", "starters"], axis=1).reset_index()
    wide["centre"] = (
        (wide["leavers"] / wide["heads"]).groupby(wide["period_end"]).transform("median")
    )
    later = wide[["old_la_code", "period_end", "leavers", "heads"]]
    later = later.set_axis(["old_la_code", "period_end", "actual", "actual_heads"], axis=1)
    later = later.assign(period_end=later["period_end"] - pd.DateOffset(years=1))
    both = wide.merge(later, on=["old_la_code", "period_end"], validate="one_to_one")
    both = both[both[["leavers", "heads", "actual", "actual_heads"]].notna().all(axis=1)]
    both = both[both["heads"] > 0].reset_index(drop=True)
    found = [
        calculate_hazard(left, heads=heads, centre=centre)
        for left, heads, centre in zip(both["leavers"], both["heads"], both["centre"], strict=True)
    ]
    both = both.assign(
        projected=[rate * heads for (rate, _), heads in zip(found, both["heads"], strict=True)],
        # No model beat "no change" on these years, so it is the projection.
        in_post=both["heads"],
        no_change=both["heads"],
        net_flow=both["heads"] + both["starters"] - both["leavers"],
    )
    for share in SHARES:
        ends = [
            find_interval(mean, spread, share)
            for mean, (_, spread) in zip(both["projected"], found, strict=True)
        ]
        both[[f"lower_{share * 100:.0f}", f"upper_{share * 100:.0f}"]] = ends
    return both
