"""Times the explorer: twenty choices on the sample, each until words, chart and table are made.

Prints the median; changes nothing. Run it with ``python benchmarks/explore.py``.
"""

from __future__ import annotations

import statistics
import time

import wfanalytics as wf

CHOICES = (
    ("measure", "caseload_fte"), ("weekly", True), ("weekly", False), ("level", "team"),
    ("place", "City Court"), ("beside", "Weald Safeguarding"), ("beside", ""),
    ("start", "2019-04"), ("end", "2020-06"), ("end", ""), ("measure", "agency_rate_fte"),
    ("level", "service"), ("place", "Safeguarding"), ("beside", "Exampleshire"), ("beside", ""),
    ("level", "authority"), ("measure", "vacancy_rate_fte"), ("target", "none"), ("start", ""),
    ("measure", "uncovered_vacancy_rate_fte"),
)  # fmt: skip


def main() -> None:
    explorer = wf.explore(wf.open_area("exampleshire", month="2020-09"))
    wall, work = [], []
    for name, value in CHOICES:
        started, worked = time.perf_counter(), time.process_time()
        explorer.choices[name].value = value
        wall.append(time.perf_counter() - started)
        work.append(time.process_time() - worked)
    print(
        f"explorer, {len(CHOICES)} choices: median {1000 * statistics.median(wall):.0f} ms "
        f"(processor {1000 * statistics.median(work):.0f} ms), longest {1000 * max(wall):.0f} ms"
    )


if __name__ == "__main__":
    main()
