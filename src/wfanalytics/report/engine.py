"""Runs one notebook through papermill, in a fresh kernel of this very environment."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal

import nbformat
import papermill
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from papermill.exceptions import PapermillException, PapermillExecutionError

from wfanalytics import errors
from wfanalytics.report.notebooks import Notebook

#: A notebook of the pack takes seconds; one that hangs must not hang the monthly job.
NOTEBOOK_SECONDS = 900

OnCell = Callable[[], None]


@dataclass(frozen=True)
class NotebookRun:
    """How one notebook ended; ``problem`` is in plain words, empty when it is done."""

    notebook: Notebook
    status: Literal["done", "failed"]
    seconds: float
    problem: str = ""


class _ThisEnvironmentKernel(AsyncKernelManager):
    """A kernel of the Python that runs this, whatever kernels the user has registered.

    Off Windows it talks through sockets in a private folder and not through TCP ports, which
    other programs could read and which two runs can both want.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._folder = tempfile.mkdtemp(prefix="wfa-")
        self.connection_file = os.path.join(self._folder, "kernel.json")
        if sys.platform != "win32":
            self.transport = "ipc"

    @property
    def kernel_spec(self) -> KernelSpec:
        """How to start the kernel."""
        command = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        return KernelSpec(argv=command, display_name="Python 3", language="python")

    async def cleanup_resources(self, restart: bool = False) -> None:  # type: ignore[override]
        """Remove the sockets and their folder."""
        await super().cleanup_resources(restart=restart)
        if not restart:
            shutil.rmtree(self._folder, ignore_errors=True)


def count_cells(notebook: Notebook) -> int:
    """Code cells that will run, papermill's own included: what a progress bar counts."""
    content = nbformat.read(notebook.path, as_version=4)  # type: ignore[no-untyped-call]
    return len([cell for cell in content.cells if cell.cell_type == "code"]) + 1


def run_notebook(
    notebook: Notebook,
    *,
    output: Path,
    parameters: Mapping[str, object],
    folder: Path,
    on_cell: OnCell | None = None,
) -> NotebookRun:
    """Run ``notebook`` with its kernel in ``folder`` and save it, outputs included.

    A failing notebook is an answer and not an exception: it is saved up to the failing cell.
    """
    started = time.perf_counter()
    done = partial(NotebookRun, notebook)
    try:
        papermill.execute_notebook(
            notebook.path,
            output,
            parameters=dict(parameters),
            cwd=folder,
            progress_bar=False,
            execution_timeout=NOTEBOOK_SECONDS,
            kernel_manager_class=_ThisEnvironmentKernel,
            shutdown_kernel="immediate",
            on_cell_executed=lambda **_: on_cell() if on_cell else None,
        )
    except PapermillExecutionError as error:
        return done("failed", time.perf_counter() - started, _describe_failure(error))
    except (PapermillException, RuntimeError, TimeoutError) as error:
        problem = f"its Python stopped or took too long ({type(error).__name__})"
        return done("failed", time.perf_counter() - started, problem)
    return done("done", time.perf_counter() - started)


def _describe_failure(error: PapermillExecutionError) -> str:
    """What stopped a notebook; only our own messages are known to hold no personal data."""
    kind = getattr(errors, error.ename, None)
    if isinstance(kind, type) and issubclass(kind, errors.WfanalyticsError):
        return str(error.evalue)
    return f"an unexpected error ({error.ename}) in cell {error.exec_count} of its notebook"
