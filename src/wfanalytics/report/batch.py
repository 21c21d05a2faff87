"""Many authorities in one go: each a report of its own, some at once, none stopping another."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, Literal

from wfanalytics.errors import EXIT_DONE, EXIT_MEASURE_FAILED, WfanalyticsError
from wfanalytics.report.fork import die_with_parent
from wfanalytics.report.jobs import count_cores
from wfanalytics.report.run import run_report
from wfanalytics.report.send import send_pack
from wfanalytics.report.server import nameless_main
from wfanalytics.report.shelf import write_shelf

#: How often an area is tried again on a cluster when the worker that had it is lost.
RETRIES = 3
#: Seconds a stopped worker is given to clear up before it is ended.
STOP_SECONDS = 20


@dataclass(frozen=True)
class AreaTask:
    """One area to report on; plain values only, so that it can travel."""

    area: str
    month: str
    output: str
    data_dir: str
    parameters: Mapping[str, object]
    engine: str = ""
    send_to: str = ""


@dataclass(frozen=True)
class AreaOutcome:
    """How one area ended: all there, made with parts missing, or not made."""

    area: str
    status: Literal["done", "in part", "failed"]
    seconds: float
    page: str = ""
    problems: tuple[str, ...] = ()


#: Called after each area with its outcome, how many are done, of how many, and seconds left.
OnArea = Callable[[AreaOutcome, int, int, float], None]


def run_area(task: AreaTask) -> AreaOutcome:
    """Make one area's report, a notebook at a time; a failure is an answer, not an exception."""
    started = time.monotonic()
    try:
        pack = run_report(
            task.area, month=task.month, output=task.output, data_dir=task.data_dir,
            parameters=task.parameters, engine=task.engine, jobs=1, is_listed=False,
        )  # fmt: skip
    except WfanalyticsError as error:
        return _fail(task, started, str(error))
    except Exception as error:
        # Its text is left out: it may quote a cell about a person.
        return _fail(task, started, f"an unexpected error ({type(error).__name__})")
    said = tuple(f"{part.run.notebook.title}: {' '.join(part.problems)}" for part in pack.failed)
    said += pack.refused
    if task.send_to:
        try:
            send_pack(pack.folder, task.send_to)
        except WfanalyticsError as error:
            said += (str(error),)
    seconds = round(time.monotonic() - started, 1)
    status: Literal["done", "in part"] = "in part" if said else "done"
    return AreaOutcome(task.area, status, seconds, str(pack.page), said)


def run_batch(
    tasks: Sequence[AreaTask],
    *,
    record: Path,
    jobs: int | None = None,
    resume: bool = False,
    scheduler: str = "",
    on_area: OnArea | None = None,
) -> tuple[AreaOutcome, ...]:
    """Report on every task's area, ``jobs`` (the number of cores) at once; in the tasks' order.

    ``record`` (JSON) is written after each area. With ``resume``, areas it has as done for the
    same task, and whose page is there, are not made again. ``scheduler`` is the address of a
    running Dask cluster, whose workers see the same folders.
    """
    earlier = _read_record(record) if resume else {}
    found = {task.area: earlier[key] for task in tasks if (key := _key(task)) in earlier}
    open_tasks = [task for task in tasks if task.area not in found]
    started, total = time.monotonic(), len(tasks)
    work = _run_on_cluster(open_tasks, scheduler) if scheduler else _run_here(open_tasks, jobs)
    _write_record(record, tasks, found)
    for count, outcome in enumerate(work, start=1):
        found[outcome.area] = outcome
        _write_record(record, tasks, found)
        left = (time.monotonic() - started) / count * (len(open_tasks) - count)
        if on_area:
            on_area(outcome, len(found), total, left)
    for folder in sorted({task.output for task in tasks}):
        write_shelf(Path(folder))
    return tuple(found[task.area] for task in tasks)


def exit_code(outcomes: Sequence[AreaOutcome]) -> int:
    """0 when every area is done, else 1."""
    is_done = all(outcome.status == "done" for outcome in outcomes)
    return EXIT_DONE if is_done else EXIT_MEASURE_FAILED


def _fail(task: AreaTask, started: float, problem: str) -> AreaOutcome:
    return AreaOutcome(task.area, "failed", round(time.monotonic() - started, 1), "", (problem,))


def _key(task: AreaTask) -> str:
    """What makes a task the same as an earlier one: everything but how it is run."""
    named = [task.area, task.month, task.data_dir, task.send_to, dict(task.parameters)]
    return json.dumps(named, sort_keys=True)


def _read_record(path: Path) -> dict[str, AreaOutcome]:
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))["areas"]
    except (OSError, ValueError, KeyError):
        return {}
    outcomes = {
        row["key"]: AreaOutcome(**{**row["outcome"], "problems": tuple(row["outcome"]["problems"])})
        for row in rows
        if row["outcome"]
    }
    return {k: v for k, v in outcomes.items() if v.status == "done" and Path(v.page).is_file()}


def _write_record(path: Path, tasks: Sequence[AreaTask], found: Mapping[str, AreaOutcome]) -> None:
    done = {task.area: asdict(found[task.area]) for task in tasks if task.area in found}
    rows = [{"key": _key(t), "area": t.area, "outcome": done.get(t.area)} for t in tasks]
    counts = {s: sum(o.status == s for o in found.values()) for s in ("done", "in part", "failed")}
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    text = json.dumps({"counts": counts, "areas": rows}, ensure_ascii=False, indent=1)
    beside.write_text(text + "\n", encoding="utf-8")
    beside.replace(path)


@dataclass
class _Worker:
    process: Any
    pipe: Connection
    task: AreaTask | None = None
    started: float = 0.0

    def give(self, task: AreaTask) -> None:
        self.task, self.started = task, time.monotonic()
        self.pipe.send(task)


def _run_here(tasks: Sequence[AreaTask], jobs: int | None) -> Iterator[AreaOutcome]:
    """Outcomes as they come, from processes that each make one area's report after another."""
    waiting = list(tasks)
    workers: list[_Worker] = []
    try:
        for _ in range(min(jobs or count_cores(), len(waiting))):
            workers.append(_start_worker())
            workers[-1].give(waiting.pop(0))
        while workers:
            wait([worker.pipe for worker in workers])
            for worker in [one for one in workers if one.pipe.poll()]:
                outcome = _receive(worker)
                workers.remove(worker)
                if waiting:
                    workers.append(worker if worker.process.is_alive() else _start_worker())
                    workers[-1].give(waiting.pop(0))
                else:
                    worker.pipe.close()
                yield outcome
    finally:
        _stop(workers)


def _start_worker() -> _Worker:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_work, args=(theirs,))
    with nameless_main():
        process.start()
    theirs.close()
    return _Worker(process, ours)


def _receive(worker: _Worker) -> AreaOutcome:
    """What a worker sent; one that ended without a word has lost its area only."""
    assert worker.task is not None
    try:
        outcome: AreaOutcome = worker.pipe.recv()
    except (EOFError, ConnectionError):
        worker.process.join()
        problem = f"its process was stopped (exit code {worker.process.exitcode})"
        return _fail(worker.task, worker.started, problem)
    return outcome


def _stop(workers: Sequence[_Worker]) -> None:
    for worker in workers:
        worker.process.terminate()
    for worker in workers:
        worker.process.join(STOP_SECONDS)
        worker.process.kill()


def _work(pipe: Connection) -> None:
    """In a worker: a report for each task that comes, until the pipe closes."""
    die_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(number))
    with suppress(EOFError, ConnectionError):
        while True:
            pipe.send(run_area(pipe.recv()))


def _run_on_cluster(tasks: Sequence[AreaTask], scheduler: str) -> Iterator[AreaOutcome]:
    """Outcomes as they come, from the workers of a Dask cluster; a lost one's area moves on."""
    try:
        from distributed import Client, as_completed
    except ImportError:
        raise WfanalyticsError(
            'A scheduler needs Dask. Install it: pip install "wfanalytics[cluster]"'
        ) from None
    try:
        client = Client(scheduler, timeout=10)  # type: ignore[no-untyped-call]
    except OSError as error:
        raise WfanalyticsError(
            f"The Dask scheduler at {scheduler} does not answer. Check its address."
        ) from error
    with client:
        futures = {
            client.submit(run_area_apart, task, retries=RETRIES, pure=False): task for task in tasks
        }
        for future in as_completed(futures):  # type: ignore[no-untyped-call]
            lost = future.exception()
            yield _fail_on_cluster(futures[future], lost) if lost else future.result()


def _fail_on_cluster(task: AreaTask, error: BaseException) -> AreaOutcome:
    return _fail(task, time.monotonic(), f"its worker was lost ({type(error).__name__})")


def run_area_apart(task: AreaTask) -> AreaOutcome:
    """Make one area's report in a process of its own, which ends when this one does.

    A Dask worker runs tasks in threads, and may not start the processes a report needs.
    """
    command = [sys.executable, "-m", "wfanalytics.report.area_process"]
    done = subprocess.run(command, input=json.dumps(asdict(task)), capture_output=True, text=True)
    lines = done.stdout.splitlines()
    if done.returncode or not lines:
        problem = f"its process was stopped (exit code {done.returncode})"
        return _fail(task, time.monotonic(), problem)
    outcome = json.loads(lines[-1])
    return AreaOutcome(**{**outcome, "problems": tuple(outcome["problems"])})
