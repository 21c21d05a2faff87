"""Times the report against papermill's and nbconvert's own commands on the same notebooks.

Rounds are interleaved: each round runs every way once, so that a machine that slows down slows all
of them. Prints medians and how many times faster than papermill's and nbconvert's commands each
is, by the clock and in seconds of all cores (which other work on the machine changes least).
``python benchmarks/report.py 5`` for five rounds.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

from watch import Watched, watch

ROOT = Path(__file__).resolve().parents[1]
AREA, MONTH = "exampleshire", "2020-09"
REPORT = (sys.executable, "-m", "wfanalytics", "report", "--area", AREA, "--month", MONTH)
NOTEBOOKS = sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))


def run_papermill(folder: Path) -> Watched:
    """Every notebook in turn through papermill's command: no page, no document."""
    data = ["-p", "data_dir", str(ROOT / "data"), "-p", "output_dir", str(folder / "charts")]
    total = Watched(0, 0, 0)
    for notebook in NOTEBOOKS:
        command = [sys.executable, "-m", "papermill", str(notebook), notebook.name, *data]
        total += watch(command, folder)
    return total


def run_both(folder: Path) -> Watched:
    """The same, and nbconvert's command for the page of each."""
    total = run_papermill(folder)
    for notebook in NOTEBOOKS:
        convert = [sys.executable, "-m", "nbconvert", "--to", "html", "--no-input", notebook.name]
        total += watch(convert, folder)
    return total


def run_report(*options: str) -> Callable[[Path], Watched]:
    return lambda folder: watch([*REPORT, "--output", str(folder), *options], ROOT)


WAYS: dict[str, Callable[[Path], Watched]] = {
    "papermill and nbconvert, one by one": run_both,
    "papermill alone, one by one": run_papermill,
    "wfanalytics report, plain kernels": run_report("--engine", "plain"),
    "wfanalytics report, forked, one at once": run_report("--jobs", "1"),
    "wfanalytics report": run_report(),
}


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    runs: dict[str, list[Watched]] = {name: [] for name in WAYS}
    for _ in range(rounds):
        for name, work in WAYS.items():
            with tempfile.TemporaryDirectory() as folder:
                runs[name].append(work(Path(folder)))
            print(name, runs[name][-1], file=sys.stderr, flush=True)
    base = runs["papermill and nbconvert, one by one"]
    print(f"{rounds} rounds\n{'way':42}{'s':>8}{'faster':>8}{'core s':>8}{'fewer':>8}{'MiB':>8}")
    for name, found in runs.items():
        pairs = list(zip(base, found, strict=True))
        print(
            f"{name:42}{_middle(run.wall for run in found):8.1f}"
            f"{_middle(b.wall / run.wall for b, run in pairs):8.1f}"
            f"{_middle(run.cpu for run in found):8.1f}"
            f"{_middle(b.cpu / run.cpu for b, run in pairs):8.1f}"
            f"{_middle(run.memory for run in found):8.0f}"
        )


def _middle(values: Iterable[float]) -> float:
    return statistics.median(values)


if __name__ == "__main__":
    main()
