"""Times the projection: 10,000 futures of twelve months and six services, and the sample's whole.

Prints medians; changes nothing. Run it with ``python benchmarks/outlook.py``.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from clock import time_median

import wfanalytics as wf
from wfanalytics.analysis.outlook import calculate_outlook
from wfanalytics.analysis.outlook_backtest import backtest_area
from wfanalytics.analysis.outlook_model import PATHS, Opening, Plan, simulate

MONTHS, HEADS, RUNS = 12, (46, 37, 41, 28, 79, 137), 7


def make_case() -> tuple[Opening, Plan]:
    """An authority like the sample, with everything the model can hold going on."""
    heads, shape = np.array(HEADS), (MONTHS, len(HEADS))
    ones, nobody = np.ones(len(HEADS)), np.zeros(shape, dtype=np.int64)
    opening = Opening(
        tuple("abcdef"), heads, heads // 8, heads * 1.15, ones * 0.93, ones, ones
    )  # fmt: skip
    plan = Plan(
        hazard=np.full(shape, 0.01), usual=np.full(shape, 0.3), conversions=np.full(shape, 0.05),
        gone=nobody, agency_ends=nobody, posts=np.zeros(shape), cases=np.zeros(MONTHS),
        not_productive=np.zeros(MONTHS + 1), named=((0, 5, 8, 0.95), (1, 4, 6, 0.9)), spread=0.06,
        usual_spread=0.2,
    )  # fmt: skip
    return opening, plan


def main() -> None:
    opening, plan = make_case()
    data = wf.open_area("exampleshire", month="2020-09")
    steps = {
        f"{PATHS:,} futures, {MONTHS} months, {len(HEADS)} services": lambda: simulate(
            opening, plan, seed=1
        ),
        "back-test of the sample, six months on": lambda: backtest_area(data, horizon=6, seed=1),
        # A new area each time: results are kept for the exhibits of one.
        "the sample's baseline and six scenarios": lambda: calculate_outlook(replace(data)),
    }
    for name, work in steps.items():
        print(f"{name:48}{time_median(work, RUNS):8.3f} s", flush=True)


if __name__ == "__main__":
    main()
