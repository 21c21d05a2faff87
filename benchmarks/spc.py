"""Times control charts of 10,000 series of 48 months in one call against a plain Python loop.

The loop (``tests/unit/plain_spc.py``) follows the same rules one series at a time. Both are timed
twice: frame in, frame out, which is what an analyst waits for; and the rules alone, on lists and
on arrays made ready beforehand. Prints medians and ratios and counts differences; changes
nothing. Run it with ``python benchmarks/spc.py``.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd
from clock import time_median
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.unit.plain_spc import calculate_series

from wfanalytics.analysis.spc import SERIES, calculate_spc, summarise_spc
from wfanalytics.analysis.spc_rules import calculate_limits, find_patterns, find_segments

SERIES_COUNT, MONTHS, SEED = 10_000, 48, 20
CALL_RUNS, LOOP_RUNS = 7, 3


def make_frame() -> pd.DataFrame:
    """Vacancy rates of fictional teams, in the columns of a measure frame that name a series.

    One series in five drifts and one in five steps half way, so that every rule fires.
    """
    noise = np.random.default_rng(SEED).normal(0, 0.02, (SERIES_COUNT, MONTHS))
    kind = np.arange(SERIES_COUNT)[:, None] % 5
    month = np.arange(MONTHS)[None, :]
    values = 0.15 + noise + (kind == 1) * 0.001 * month + (kind == 2) * 0.02 * (month >= MONTHS / 2)
    ends = pd.date_range("2017-04-30", periods=MONTHS, freq="ME")
    words = {
        "measure": "vacancy_rate_fte", "period_type": "snapshot", "area_level": "team",
        "breakdown": "all", "breakdown_value": "all", "source": "local",
    }  # fmt: skip
    codes = pd.Series([f"T{number:05d}" for number in range(SERIES_COUNT)], dtype="str")
    frame = pd.DataFrame({"period_end": np.tile(ends, SERIES_COUNT), "value": values.ravel()})
    return frame.assign(area_code=codes.repeat(MONTHS).to_numpy(), **words).round({"value": 3})


def run_rules(lists: list[list[float]]) -> list[list[dict[str, object]]]:
    return [calculate_series(values, better="lower") for values in lists]


def run_loop(frame: pd.DataFrame) -> pd.DataFrame:
    rows: list[dict[str, object]] = []
    for _, series in frame.groupby(list(SERIES), sort=False):
        rows += calculate_series(series.sort_values("period_end")["value"].tolist(), better="lower")
    return pd.concat([frame, pd.DataFrame(rows).drop(columns="value")], axis=1)


def run_arrays(values: NDArray[np.float64]) -> None:
    """The rules alone, on arrays made ready beforehand: what the loop does on lists."""
    segments = find_segments(np.arange(values.size) % MONTHS == 0)
    none, every = np.full(SERIES_COUNT, np.nan), np.ones(SERIES_COUNT, dtype=bool)
    limits = calculate_limits(values, segments, baseline_points=none, screen=every)
    find_patterns(values, limits, segments)


def count_differences(result: pd.DataFrame, loop: pd.DataFrame) -> int:
    """Cells that differ, in the columns that the loop gives."""
    return sum(int((result[name].to_numpy() != loop[name].to_numpy()).sum()) for name in loop)


def main() -> None:
    frame = make_frame()
    shuffled = frame.sample(frac=1, random_state=SEED)
    values = frame["value"].to_numpy()
    lists = values.reshape(SERIES_COUNT, MONTHS).tolist()
    result = calculate_spc(frame, better="lower")
    different = count_differences(result, run_loop(frame))
    print(
        f"{SERIES_COUNT:,} series of {MONTHS} months; cells that differ from the loop: {different}"
    )

    frames = {
        "plain loop, frame in and out": (lambda: run_loop(frame), LOOP_RUNS),
        "one call, frame in and out": (lambda: calculate_spc(frame, better="lower"), CALL_RUNS),
        "one call, rows shuffled": (lambda: calculate_spc(shuffled, better="lower"), CALL_RUNS),
    }
    rules = {
        "plain loop, rules alone": (lambda: run_rules(lists), LOOP_RUNS),
        "all series at once, rules alone": (lambda: run_arrays(values), CALL_RUNS),
    }
    print(f"{'step':34}{'median s':>10}{'times as fast as the loop':>28}", flush=True)
    for steps in (frames, rules):
        loop = 0.0
        for name, (work, runs) in steps.items():
            median = time_median(work, runs)
            loop = loop or median
            print(f"{name:34}{median:10.3f}{loop / median:28.1f}", flush=True)
    print(
        f"{'summary of the result':34}{time_median(lambda: summarise_spc(result), CALL_RUNS):10.3f}"
    )


if __name__ == "__main__":
    main()
