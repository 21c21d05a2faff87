"""One area's report in a process of its own: a task as JSON comes in, its outcome goes out."""

from __future__ import annotations

import json
import signal
import sys
from dataclasses import asdict

from wfanalytics.report.batch import AreaTask, run_area
from wfanalytics.report.fork import die_with_parent

if __name__ == "__main__":
    die_with_parent()
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(number))
    print(json.dumps(asdict(run_area(AreaTask(**json.load(sys.stdin))))))
