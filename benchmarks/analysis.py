"""Times comparisons of all authorities, and all analysis of the sample. Changes nothing.

All authorities: every published rate of every year ranked, in quartiles and with the year's
moves; one authority's five exhibits; the median of neighbours for each authority. The sample:
every exhibit, made (figures worked out, words said, chart laid out) and then rendered too.

Medians of several runs; each also as a multiple of a yardstick of the same run: starting Python
and importing pandas. Run it with ``python benchmarks/analysis.py [DfE file]``; without a file it
takes the newest fetched, or the one kept beside the checkout for the tests.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd
from clock import time_median

import wfanalytics as wf
from wfanalytics.analysis.benchmarks import (
    calculate_moves,
    calculate_neighbour_medians,
    calculate_ranks,
)
from wfanalytics.measures.area_data import AreaData
from wfanalytics.raw.fetch import find_fetched
from wfanalytics.raw.neighbours import find_neighbours
from wfanalytics.raw.published import RATES

ROOT = Path(__file__).resolve().parents[1]
PUBLISHED = ROOT / "data" / "raw" / "published"
BESIDE = ROOT.parent / "shared" / "reference" / "dfe" / "csww_indicators_2017_to_2023.csv"
RUNS, EXHIBIT_RUNS = 5, 3


def run_yardstick() -> None:
    subprocess.run([sys.executable, "-c", "import pandas"], check=True)


def rank_everything(authorities: pd.DataFrame) -> int:
    """Ranks, quartiles and moves of every rate and year; how many figures were ranked."""
    count = 0
    for end in authorities["period_end"].unique():
        for measure in RATES:
            ranks = calculate_ranks(authorities, measure=measure, period_end=end)
            calculate_moves(authorities, measure=measure, period_end=end)
            count += int(ranks["rank"].notna().sum())
    return count


def compare_neighbours(authorities: pd.DataFrame) -> int:
    """Medians of each authority's neighbours in the last year; how many medians there are."""
    end = authorities["period_end"].max()
    now = authorities[authorities["period_end"] == end]
    count = 0
    for code in now["old_la_code"].unique():
        known = find_neighbours(PUBLISHED / "statistical_neighbours.csv", str(code))
        medians = calculate_neighbour_medians(
            now, codes=known.codes, measures=RATES, period_end=end
        )
        count += int(medians["median"].notna().sum())
    return count


def make_exhibits(data: AreaData, names: list[str], *, render: bool = False) -> int:
    made = [getattr(wf.exhibits, name)(data) for name in names]
    return sum(len(exhibit.png or b"") > 0 for exhibit in made) if render else len(made)


def main() -> None:
    given = Path(sys.argv[1]) if len(sys.argv) > 1 else find_fetched(PUBLISHED / "fetched")
    path = str(given or BESIDE)
    where = {"month": "2023-09", "source": "published", "published_file": path}
    west_sussex = wf.open_area("West Sussex", **where)
    national = west_sussex.national
    authorities = national[national["area_level"] == "authority"]
    sample = wf.open_area("exampleshire", month="2020-09", published_file=path)
    names = list(wf.exhibits.__all__)
    benchmarks = [name for name in names if name.startswith("benchmark_")]
    steps: list[tuple[str, Callable[[], object], int]] = [
        ("start Python, import pandas (yardstick)", run_yardstick, RUNS),
        ("open an authority from a whole DfE file",
         lambda: wf.open_area("West Sussex", **where), RUNS),
        (f"rank {rank_everything(authorities):,} figures, with moves",
         lambda: rank_everything(authorities), RUNS),
        (f"{compare_neighbours(authorities):,} medians of neighbours",
         lambda: compare_neighbours(authorities), RUNS),
        (f"{len(benchmarks)} comparisons of one authority",
         lambda: make_exhibits(west_sussex, benchmarks), RUNS),
        ("open the sample", lambda: wf.open_area("exampleshire", month="2020-09"), RUNS),
        (f"{len(names)} exhibits of the sample, made",
         lambda: make_exhibits(sample, names), EXHIBIT_RUNS),
        (f"{len(names)} exhibits of the sample, made and rendered",
         lambda: make_exhibits(sample, names, render=True), EXHIBIT_RUNS),
    ]  # fmt: skip
    print(f"{'step':52}{'median s':>10}{'ratio':>8}", flush=True)
    yardstick = 0.0
    for name, work, runs in steps:
        seconds = time_median(work, runs)
        yardstick = yardstick or seconds
        print(f"{name:52}{seconds:10.2f}{seconds / yardstick:8.1f}", flush=True)


if __name__ == "__main__":
    main()
