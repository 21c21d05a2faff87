"""Times reading and cleaning a census return of 5,000 workers. Prints a table; changes nothing.

The yardstick is merely parsing the same file into a tree: with the standard library's
ElementTree, and with lxml where it is installed (it is no dependency). Medians of five, in one
run; the work is also split into its two steps. A second table has the peak memory of larger
returns, each in a process of its own: ``python benchmarks/census.py``.
"""

from __future__ import annotations

import importlib
import statistics
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

from wfanalytics.clean.census import clean_census
from wfanalytics.clean.identity import FICTIONAL_KEY
from wfanalytics.raw.census import read_census
from wfanalytics.sample.census_file import write_fictional_census

WORKERS, RUNS, YEAR = 5_000, 5, 2025
#: What the ratio should be, and what a profile shows to stand in the way.
AIM = """
Aim: both under 3 times lxml. Half the time is reading: expat calls Python at the start and the end
of each of 100,000 elements, which alone is more than lxml takes to build its tree in C, and it is
what refuses a DOCTYPE in time and knows each worker's line. The other half is the rules and the
contracts, over columns of 5,000 rows: many short pandas calls, no long one.
"""
LARGER = (5_000, 20_000, 200_000)
# Python's memory and Arrow's, where the text is: the process's own peak would include pandas.
MEASURE_PEAK = """
import sys, tracemalloc, pyarrow
from wfanalytics.raw.census import read_census
tracemalloc.start()
frame = read_census(sys.argv[1]).workers
peak = tracemalloc.get_traced_memory()[1] + pyarrow.default_memory_pool().max_memory()
print(peak, frame.memory_usage(deep=True).sum())
"""


def time_median(work: Callable[[], object]) -> float:
    seconds = []
    for _ in range(RUNS):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


def print_times(path: Path) -> None:
    def parse_with_lxml() -> object:
        return importlib.import_module("lxml.etree").parse(str(path))

    returned = read_census(path)
    steps: dict[str, Callable[[], object]] = {
        "ElementTree merely parses it": lambda: ET.parse(path),
        "lxml merely parses it": parse_with_lxml,
        "read_census": lambda: read_census(path),
        "clean_census": lambda: clean_census(returned, key=FICTIONAL_KEY),
        "both": lambda: clean_census(read_census(path), key=FICTIONAL_KEY),
    }
    print(f"{WORKERS:,} workers, {path.stat().st_size / 1e6:.1f} MB, medians of {RUNS}")
    print(f"{'step':32}{'seconds':>9}{'workers/s':>11}{'x ElementTree':>15}{'x lxml':>8}")
    times: dict[str, float] = {}
    for name, work in steps.items():
        try:
            times[name] = time_median(work)
        except ImportError:
            print(f"{name:32}  not installed")
            continue
        parts = [f"{times[name] / value:.2f}" for value in list(times.values())[:1]]
        lxml = times.get("lxml merely parses it")
        parts.append("-" if lxml is None else f"{times[name] / lxml:.2f}")
        rate = f"{WORKERS / times[name]:,.0f}"
        print(f"{name:32}{times[name]:9.3f}{rate:>11}{parts[0]:>15}{parts[1]:>8}")
    print(AIM)


def print_peaks(folder: Path) -> None:
    print(f"\n{'workers':>8}{'file MB':>9}{'frame MB':>10}{'peak MB':>9}")
    for workers in LARGER:
        path = folder / f"{workers}.xml"
        write_fictional_census(path, year=YEAR, workers=workers)
        done = subprocess.run(
            [sys.executable, "-c", MEASURE_PEAK, path], capture_output=True, text=True, check=True
        )
        peak, frame = (int(number) / 1e6 for number in done.stdout.split())
        print(f"{workers:8,}{path.stat().st_size / 1e6:9.1f}{frame:10.1f}{peak:9.1f}")


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "census.xml"
        write_fictional_census(path, year=YEAR, workers=WORKERS)
        print_times(path)
        print_peaks(Path(name))


if __name__ == "__main__":
    main()
