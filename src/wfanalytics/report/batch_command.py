"""``wfanalytics batch``: from what was typed to a table of what was made."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from wfanalytics.errors import ParameterError
from wfanalytics.parameters import check_parameters
from wfanalytics.raw.area import find_data_dir
from wfanalytics.report.batch import AreaOutcome, AreaTask, exit_code, run_batch
from wfanalytics.report.batch_areas import list_areas
from wfanalytics.report.lock import hold_lock
from wfanalytics.report.server import choose_engine


def run_batch_command(
    areas: str,
    *,
    month: str,
    output: str,
    pairs: Mapping[str, object],
    jobs: int | None,
    resume: bool,
    scheduler: str,
    engine: str,
    data_dir: str,
    send_to: str = "",
) -> int:
    """Run a batch, print its table and the path of its record; return the exit code."""
    check_parameters({"month": month})
    if "audience" in pairs:
        raise ParameterError(
            "A batch makes public reports only, and --send-to sends no other. For managers: "
            "wfanalytics report --audience managers, an area at a time."
        )
    chosen = choose_engine(engine)
    data_folder = find_data_dir(data_dir)
    folder = Path(output or data_folder.parent / "reports").absolute()
    names = list_areas(
        areas, month=month, source=str(pairs.get("source", "local")),
        published_file=str(pairs.get("published_file", "")), data_dir=data_folder,
    )  # fmt: skip
    given = (month, str(folder), str(data_folder), pairs, chosen, send_to)
    tasks = [AreaTask(name, *given) for name in names]
    record = folder / f"batch-{month}.json"
    with hold_lock(folder / "batch" / month, what=f"A batch for {month}"):
        outcomes = run_batch(
            tasks, record=record, jobs=jobs, resume=resume, scheduler=scheduler, on_area=_say
        )
    print(*_table(outcomes), sep="\n")
    print(record)
    return exit_code(outcomes)


def _say(outcome: AreaOutcome, done: int, total: int, left: float) -> None:
    time_left = f"; about {_minutes(left)} left" if done < total else ""
    text = f"{done} of {total}: {outcome.area}, {outcome.status}, {outcome.seconds:.0f} s"
    print(text + time_left, file=sys.stderr, flush=True)


def _minutes(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} minutes"


def _table(outcomes: Sequence[AreaOutcome]) -> list[str]:
    """A line an area, its problems below it, and a last line with the counts."""
    width = max(len(outcome.area) for outcome in outcomes)
    lines = []
    for outcome in outcomes:
        lines.append(f"{outcome.area:{width}}  {outcome.status:7}  {outcome.seconds:6.1f} s")
        lines += [f"    {problem}" for problem in outcome.problems]
    counts = [
        f"{sum(outcome.status == status for outcome in outcomes)} {status}"
        for status in ("done", "in part", "failed")
    ]
    return [*lines, f"{len(outcomes)} areas: {', '.join(counts)}."]
