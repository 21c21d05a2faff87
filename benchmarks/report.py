"""Times the report against papermill's and nbconvert's own commands on the same notebooks.

Rounds are interleaved: each round runs every way once, so that a machine that slows down slows all
of them. Prints medians and their ratio to the first. ``python benchmarks/report.py 5``.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
AREA, MONTH = "exampleshire", "2020-09"
REPORT = (sys.executable, "-m", "wfanalytics", "report", "--area", AREA, "--month", MONTH)


def run(command: list[str], folder: Path) -> None:
    subprocess.run(command, cwd=folder, capture_output=True)


def run_papermill(folder: Path) -> None:
    """Every notebook in turn through papermill's command, then nbconvert's for its page."""
    data = ["-p", "data_dir", str(ROOT / "data"), "-p", "output_dir", str(folder / "charts")]
    for notebook in sorted((ROOT / "notebooks").glob("[0-9]*.ipynb")):
        output = str(folder / notebook.name)
        run([sys.executable, "-m", "papermill", str(notebook), output, *data], folder)
        run([sys.executable, "-m", "nbconvert", "--to", "html", "--no-input", output], folder)


def run_report(*options: str) -> Callable[[Path], None]:
    return lambda folder: run([*REPORT, "--output", str(folder), *options], ROOT)


WAYS: dict[str, Callable[[Path], None]] = {
    "papermill and nbconvert, one by one": run_papermill,
    "wfanalytics report, plain kernels": run_report("--engine", "plain"),
    "wfanalytics report, forked, one at once": run_report("--jobs", "1"),
    "wfanalytics report": run_report(),
}


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    seconds: dict[str, list[float]] = {name: [] for name in WAYS}
    for _ in range(rounds):
        for name, work in WAYS.items():
            with tempfile.TemporaryDirectory() as folder:
                started = time.perf_counter()
                work(Path(folder))
                seconds[name].append(time.perf_counter() - started)
    base = next(iter(seconds.values()))
    print(f"{rounds} rounds\n{'way':42}{'median s':>10}{'times faster':>14}")
    for name, times in seconds.items():
        ratio = statistics.median(b / t for b, t in zip(base, times, strict=True))
        print(f"{name:42}{statistics.median(times):10.1f}{ratio:14.1f}")


if __name__ == "__main__":
    main()
