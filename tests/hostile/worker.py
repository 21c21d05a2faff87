"""Cleans areas, each in a process of its own with little memory and a time limit.

Reads one area's data folder a line, and answers with one line of JSON: the outcome, the seconds
of processor time (those of the clock depend on who else is at work), and what went wrong that
never may. Run by ``test_hostile.py``; a fork a file is quicker than a Python a file, and an
extract that kills its reader kills nothing else.
"""

from __future__ import annotations

import json
import os
import resource
import select
import signal
import sys
import traceback
from pathlib import Path

import pandas as pd

from wfanalytics.clean.area import clean_area
from wfanalytics.clean.kept import load_clean
from wfanalytics.errors import WfanalyticsError
from wfanalytics.raw.area import read_area

#: By the clock: what takes longer hangs.
SECONDS = 300
#: Beyond what Python with pandas has already reserved.
MEMORY_BYTES = 1_000_000_000
#: What a case is judged by, where its table has it.
VALUES = ("cases", "fte", "start_date", "date", "team", "value")


def clean(data_dir: Path) -> str:
    """What an analyst gets: the message, or the counts, rules and values."""
    area = read_area("shire", data_dir=data_dir)
    try:
        outcome = describe(clean_area(area))
    except WfanalyticsError as error:
        outcome = str(error)
    # As the command line does it: a fault stops its extract, not the run.
    try:
        load_clean(area, data_dir=data_dir)
    except WfanalyticsError as error:
        return outcome if str(error) == outcome else f"{outcome} / {error}"
    return outcome


def describe(done) -> str:
    """Of the last table: rows read, kept and refused, rules, and values of its first rows."""
    name, table = list(done.tables.items())[-1]
    files = done.files[done.files["table"] == name]
    rules = sorted(set(done.repairs.loc[done.repairs["table"] == name, "rule"]))
    counts = "{} read, {} kept, {} refused".format(
        *(int(files[f"rows_{kind}"].sum()) for kind in ("read", "kept", "refused"))
    )
    values = "; ".join(f"{column} {list_values(table[column])}" for column in VALUES
                       if column in table)  # fmt: skip
    return f"{counts}; {values}; {' '.join(rules) or 'no rule'}"


def list_values(column: pd.Series) -> str:
    texts = ["-" if pd.isna(x) else f"{x:%Y-%m-%d}" if hasattr(x, "year") else f"{x:g}"
             if isinstance(x, float) else str(x) for x in column[:4].tolist()]  # fmt: skip
    return ", ".join(texts)


def limit_memory() -> None:
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    limit = pages * os.sysconf("SC_PAGE_SIZE") + MEMORY_BYTES
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def run(data_dir: Path) -> dict[str, object]:
    """One area in a process of its own."""
    source, target = os.pipe()
    child = os.fork()
    if not child:
        limit_memory()
        try:
            answer = clean(data_dir)
        except BaseException:
            answer = f"TRACEBACK {traceback.format_exc()}"
        os.write(target, answer.encode("utf-8", "backslashreplace")[:60_000])
        os._exit(0)
    os.close(target)
    answer = ""
    if select.select([source], [], [], SECONDS)[0]:
        answer = os.read(source, 65_536).decode()
    else:
        os.kill(child, signal.SIGKILL)
    os.close(source)
    _, status, used = os.wait4(child, 0)
    seconds = used.ru_utime + used.ru_stime
    return {"outcome": answer or f"DIED {status} after {seconds:.0f} s", "seconds": seconds}


if __name__ == "__main__":
    print("ready", flush=True)
    for asked in sys.stdin:
        print(json.dumps(run(Path(asked.rstrip("\n")))), flush=True)
