"""How the benchmarks take time: the middle of several runs."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable


def time_runs(work: Callable[[], object], runs: int) -> list[float]:
    """Seconds of each run, shortest first."""
    seconds = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return sorted(seconds)


def time_median(work: Callable[[], object], runs: int = 5) -> float:
    """Seconds of the middle run."""
    return statistics.median(time_runs(work, runs))
