"""Runs notebooks side by side, each in a process of its own, and watches over them.

The processes are forked from a warm server (``multiprocessing``'s own fork server, which has
imported :mod:`wfanalytics.report.warm`); where that cannot be, each is a Python started anew.
Nothing one notebook does reaches another, and a process that dies is one notebook that failed.
"""

from __future__ import annotations

import logging
import os
import pickle
import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from wfanalytics.measures.area import remember_area
from wfanalytics.measures.area_data import AreaData
from wfanalytics.raw.earlier import REPORTS_VARIABLE
from wfanalytics.report.fork import die_with_parent
from wfanalytics.report.notebooks import (
    NOTEBOOK_SECONDS,
    Notebook,
    NotebookRun,
    count_cells,
    mark_stopped,
)
from wfanalytics.report.server import WARM_MODULE, EngineName, get_context, nameless_main

#: A process that is still there this long after its notebook's own limit is ended.
GRACE_SECONDS = 60
#: How often a notebook's process is asked for while a killed fork server is going.
SERVER_TRIES = 20


@dataclass(frozen=True)
class Job:
    """One notebook to run: where it is saved, with which parameters, in which folder.

    ``reports`` is where this report and those before it are put.
    """

    notebook: Notebook
    output: Path
    parameters: Mapping[str, object]
    folder: Path
    reports: str = ""


@dataclass(frozen=True)
class OpenedArea:
    """An area opened once for all notebooks, and the call of ``open_area`` it answers."""

    data: AreaData
    call: Mapping[str, str]


@dataclass
class _Running:
    index: int
    job: Job
    process: Any
    events: Connection
    started: float
    run: NotebookRun | None = None


#: Called with a job's number and what happened: "start" or "cell".
OnEvent = Callable[[int, str], None]


def count_cores() -> int:
    """Cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def run_jobs(
    jobs: Sequence[Job],
    *,
    engine: EngineName,
    at_once: int | None = None,
    opened: OpenedArea | None = None,
    on_event: OnEvent | None = None,
) -> list[NotebookRun]:
    """Run every job, at most ``at_once`` (the number of cores) at a time; in the jobs' order.

    A notebook that fails, or whose process is killed, is an answer and not an exception.

    Raises
    ------
    OSError
        when the disk is full or may not be written to.
    """
    context = get_context(engine)
    area = pickle.dumps(opened, protocol=5) if opened is not None and engine == "fork" else b""
    # The longest first, so that none is left to run alone at the end.
    waiting = sorted(enumerate(jobs), key=lambda one: -count_cells(one[1].notebook))
    running: list[_Running] = []
    runs: dict[int, NotebookRun] = {}
    tell = on_event or (lambda index, event: None)
    try:
        while waiting or running:
            while waiting and len(running) < (at_once or count_cores()):
                index, job = waiting.pop(0)
                running.append(_start(context, index, job, engine, area))
                tell(index, "start")
            wait([one.process.sentinel for one in running] + [r.events for r in running], timeout=5)
            for one in list(running):
                if _follow(one, tell):
                    running.remove(one)
                    runs[one.index] = one.run or _describe_death(one)
    finally:
        for one in running:
            one.process.kill()
            one.process.join()
    return [runs[index] for index in range(len(jobs))]


def _start(context: Any, index: int, job: Job, engine: EngineName, area: bytes) -> _Running:
    ours, theirs = context.Pipe(duplex=False)
    environment = dict(os.environ) | ({REPORTS_VARIABLE: job.reports} if job.reports else {})
    arguments = (theirs, job, engine, environment, area)
    process = context.Process(target=_work, args=arguments)
    with nameless_main():
        for tries_left in reversed(range(SERVER_TRIES)):
            try:
                process.start()
                break
            except (ConnectionError, EOFError):
                if not tries_left:
                    raise
                # The fork server was killed just now: once it is gone, a start begins another.
                time.sleep(0.1)
                process = context.Process(target=_work, args=arguments)
    theirs.close()
    return _Running(index, job, process, ours, time.monotonic())


def _follow(one: _Running, tell: OnEvent) -> bool:
    """Read what a process sent; True when it has ended."""
    ended = one.process.exitcode is not None
    while event := _receive(one.events):
        if isinstance(event, OSError):
            raise event
        if isinstance(event, NotebookRun):
            one.run = event
        else:
            tell(one.index, str(event))
    if not ended and time.monotonic() - one.started > NOTEBOOK_SECONDS + GRACE_SECONDS:
        one.process.kill()
    if ended:
        one.process.join()
        one.events.close()
    return ended


def _receive(events: Connection) -> object:
    """The next event that has come; None when there is none."""
    with suppress(EOFError, ConnectionError):
        return events.recv() if events.poll() else None
    return None


def _describe_death(one: _Running) -> NotebookRun:
    """A process that ended without a word: killed, for memory or by hand."""
    code = one.process.exitcode
    how = f"signal {-code}" if code < 0 else f"exit code {code}"
    hint = " It may have needed more memory than there is." if code == -signal.SIGKILL else ""
    mark_stopped(one.job.output)
    seconds = time.monotonic() - one.started
    problem = f"its process was stopped ({how}).{hint}"
    return NotebookRun(one.job.notebook, "failed", seconds, problem.removesuffix("."))


def _work(
    events: Connection, job: Job, engine: EngineName, environment: dict[str, str], area: bytes
) -> None:
    """In the notebook's own process: run it, send how it went, write its readable page."""
    # The run itself needs neither papermill nor nbconvert.
    from wfanalytics.report.engine import run_notebook
    from wfanalytics.report.twin import write_twin

    die_with_parent()
    # Whoever started the run decides when it stops, and ends this process then.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.environ.clear()
    os.environ.update(environment)
    if engine == "fork" and (cold := _find_cold()):
        logging.getLogger(__name__).warning("Not imported beforehand: %s", ", ".join(cold))
    if area:
        opened: OpenedArea = pickle.loads(area)
        remember_area(opened.data, **opened.call)
    try:
        run = run_notebook(
            job.notebook,
            output=job.output,
            parameters=job.parameters,
            folder=job.folder,
            on_cell=lambda: events.send("cell"),
            engine=engine,
        )
        if job.output.is_file():
            write_twin(job.output, title=job.notebook.title)
        events.send(run)
    except OSError as error:
        events.send(OSError(error.errno, error.strerror))
    events.close()


def _find_cold() -> tuple[str, ...]:
    """Modules that should be here already and are not, so that notebooks import them anew."""
    warm = sys.modules.get(WARM_MODULE)
    return (WARM_MODULE,) if warm is None else warm.COLD
