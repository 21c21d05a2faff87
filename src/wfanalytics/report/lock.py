"""One run at a time for an area and month: who holds the place, said plainly.

The operating system holds the lock and drops it when its process ends, however it ends, so a
lock never outlives its run. The file stays; what it says about a holder counts only while locked.
"""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from wfanalytics.errors import BusyError
from wfanalytics.report.pack import cannot_write

#: Folder of the locks, in the folder that receives the reports.
LOCKS = ".locks"


@contextmanager
def hold_lock(folder: Path, *, what: str = "") -> Iterator[None]:
    """Hold the place of a report, ``<reports>/<area>/<month>``, while the block runs.

    ``what`` names what is made there for the message, unless it is an area's report.

    Raises
    ------
    BusyError
        at once, when another run holds it; its message says which.
    InputError
        when the place cannot be written to.
    """
    locks = folder.parents[1] / LOCKS
    path = locks / f"{folder.parent.name}-{folder.name}.lock"
    holder = path.with_suffix(".json")
    lock = FileLock(path)
    try:
        locks.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=0)
    except Timeout:
        raise BusyError(_describe_holder(holder, what or _name_report(folder))) from None
    except OSError as error:
        raise cannot_write(folder, error) from error
    try:
        _write_holder(holder)
        yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()


def _write_holder(path: Path) -> None:
    started = datetime.now().astimezone().isoformat(timespec="minutes")
    who = {"process": os.getpid(), "machine": platform.node(), "started": started}
    path.write_text(json.dumps(who), encoding="utf-8")


def _name_report(folder: Path) -> str:
    return f"The report of {folder.parent.name} for {folder.name}"


def _describe_holder(path: Path, what: str) -> str:
    try:
        who = json.loads(path.read_text(encoding="utf-8"))
        known = "process {process} on {machine}, since {started}".format(**who)
    except (OSError, ValueError, KeyError):
        known = "another process"
    return f"{what} is being made by {known}. Wait until it has ended."
