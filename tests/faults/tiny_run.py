"""Makes packs of nothing, with the real lock and the real exchange, over and over.

Each line of input asks for one; it is made in a forked child that has a worker of its own, and
whose number is printed at once and whose exit code is printed when it has ended. Without the
imports and notebooks of a report it takes milliseconds, so it can be killed very often.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from wfanalytics.report.fork import die_with_parent
from wfanalytics.report.lock import hold_lock
from wfanalytics.report.pack import replace_folder
from wfanalytics.report.verify import write_sums

FILES = 12


def make_pack(folder: Path, number: str) -> None:
    with hold_lock(folder), replace_folder(folder, keep=2) as building:
        worker = os.fork()
        write_files(building, "worker" if worker == 0 else "run", number)
        if worker == 0:
            os._exit(0)
        _, status = os.waitpid(worker, 0)
        if status:
            raise RuntimeError("the worker was killed")
        (building / "manifest.json").write_text(json.dumps({"area": "x", "inputs": []}))
        write_sums(building)


def write_files(folder: Path, who: str, number: str) -> None:
    if who == "worker":
        die_with_parent()
    for index in range(FILES):
        (folder / f"{who}-{index}.txt").write_text(number * 1000)


if __name__ == "__main__":
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            code = 1
            try:
                make_pack(Path(sys.argv[1]), line.strip())
                code = 0
            finally:
                os._exit(code)
        print(child, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
