"""Times writing all documents from saved exhibits against the whole report. Prints a table."""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from wfanalytics.measures.area import open_area
from wfanalytics.report import documents, run
from wfanalytics.report.release import Gate, Masked
from wfanalytics.report.sections import Report

DATA_DIR = Path(__file__).resolve().parents[1] / "data"
AREA, MONTH, END = "exampleshire", "2020-09", datetime(2020, 9, 30)
RUNS = 5


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        pack = run.run_report(AREA, month=MONTH, output=folder, data_dir=DATA_DIR)
        whole = time.perf_counter() - started
        manifest = json.loads((pack.folder / "manifest.json").read_text(encoding="utf-8"))
        report = Report(
            "Exampleshire", "September 2020", "Exampleshire County Council", True, pack.parts,
            manifest,
        )  # fmt: skip
        data = open_area(AREA, month=MONTH, data_dir=str(DATA_DIR))
        masked = Masked(data.measures, rules=data.disclosure)
        gate = Gate(pack.folder, masked, tables=data.tables)
        seconds = []
        for _ in range(RUNS):
            started = time.perf_counter()
            documents.write_documents(gate, replace(report), end=END, template=None)
            seconds.append(time.perf_counter() - started)
    median = statistics.median(seconds)
    exhibits = sum(len(part.exhibits) for part in pack.parts)
    print(f"{'the whole report, once':45}{whole:10.2f} s")
    print(f"{f'its documents, {exhibits} exhibits, median of {RUNS}':45}{median:10.2f} s")
    print(f"{'share of the whole (aim: under a quarter)':45}{median / whole:10.0%}")


if __name__ == "__main__":
    main()
