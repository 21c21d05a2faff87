"""Times the sample's way from raw extracts to a report. Prints a table; changes nothing.

Each step runs several times and its median counts. Seconds differ between machines, so each is
also given as a multiple of a yardstick measured in the same run: starting Python and importing
pandas. ``make bench`` runs this with the sample shipped in the checkout.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import pandas as pd
from clock import time_runs

from wfanalytics.clean.area import clean_area
from wfanalytics.measures.calculate import calculate_measures
from wfanalytics.raw.area import read_area

DATA_DIR = Path(__file__).resolve().parents[1] / "data"
AREA, MONTH = "exampleshire", "2020-09"
RUNS, REPORT_RUNS = 5, 3


def run_yardstick() -> None:
    subprocess.run([sys.executable, "-c", "import pandas"], check=True)


def run_report() -> None:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "wfanalytics", "report", "--area", AREA]
        command += ["--month", MONTH, "--output", str(Path(folder) / "report")]
        done = subprocess.run(command, capture_output=True, text=True, cwd=DATA_DIR.parent)
    if done.returncode:
        print(f"The report ended with exit code {done.returncode}, so its time means little.")


def main() -> None:
    area = read_area(AREA, data_dir=DATA_DIR)
    tables = clean_area(area).tables
    rows = sum(len(table) for table in tables.values())
    who = {"authority_code": area.profile.authority_code, "authority_name": area.profile.name}
    through = pd.Period(MONTH).to_timestamp(how="end").normalize()

    steps = {
        "start Python, import pandas (yardstick)": (run_yardstick, RUNS),
        f"clean the sample ({rows:,} clean rows)": (lambda: clean_area(area), RUNS),
        "build its measures": (lambda: calculate_measures(tables, through=through, **who), RUNS),
        "the whole report": (run_report, REPORT_RUNS),
    }
    print(f"{'step':45}{'median s':>10}{'shortest':>10}{'longest':>10}{'ratio':>8}", flush=True)
    yardstick = 0.0
    for name, (work, runs) in steps.items():
        seconds = time_runs(work, runs)
        median = statistics.median(seconds)
        yardstick = yardstick or median
        row = f"{name:45}{median:10.2f}{seconds[0]:10.2f}{seconds[-1]:10.2f}"
        print(f"{row}{median / yardstick:8.1f}", flush=True)


if __name__ == "__main__":
    main()
