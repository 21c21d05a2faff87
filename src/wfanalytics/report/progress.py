"""How far a report is, for a person at a terminal or for a log."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from wfanalytics.report.run import OnProgress, Progress


@contextmanager
def show_progress() -> Iterator[OnProgress]:
    """Report progress on standard error: a bar on a terminal, else a line a notebook."""
    if not sys.stderr.isatty():
        yield _print_line
        return
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TimeRemainingColumn(),
        TextColumn("left"),
    )
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Reading the extracts", total=None)

        def update(state: Progress) -> None:
            words = f"{state.number} of {state.count}: {state.notebook}"
            bar.update(task, description=words, total=state.cells_total, completed=state.cells_done)

        yield update


def _print_line(state: Progress) -> None:
    if state.is_start:
        print(f"{state.number} of {state.count}: {state.notebook}", file=sys.stderr, flush=True)
