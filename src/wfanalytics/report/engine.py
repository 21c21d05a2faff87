"""Runs one notebook through papermill, in a fresh kernel of this very environment.

Two papermill engines: the plain one starts Python anew, the registered one (``wfanalytics`` on
papermill's command line) forks a kernel from this process, which has the imports already.
"""

from __future__ import annotations

import importlib
import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import papermill
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from papermill.engines import NBClientEngine, papermill_engines
from papermill.exceptions import PapermillException, PapermillExecutionError

from wfanalytics import errors
from wfanalytics.report.fork import ForkedKernel, is_fork_safe
from wfanalytics.report.notebooks import NOTEBOOK_SECONDS, Notebook, NotebookRun, mark_stopped
from wfanalytics.report.server import EngineName

#: The engine's name for papermill, also an entry point of this package.
FORK_ENGINE = "wfanalytics"
#: A notebook's metadata may ask for a kernel started anew: "wfanalytics": {"engine": "plain"}.
METADATA = "wfanalytics"

#: Where the kernel's own arguments begin in its command: after python, -m and its name.
KERNEL_ARGUMENTS = 3

#: What a notebook's error says when nothing more can be written: EFBIG, ENOSPC, EROFS, EDQUOT.
_NO_ROOM = re.compile(r"\[Errno (?P<number>27|28|30|122)\] (?P<words>[^:]+)")

OnCell = Callable[[], None]


class _ThisEnvironmentKernel(AsyncKernelManager):
    """A kernel of the Python that runs this, whatever kernels the user has registered.

    Off Windows it talks through sockets in a private folder and not through TCP ports, which
    other programs could read and which two runs can both want.
    """

    #: A forked child that is to become the kernel; None starts Python anew.
    waiting: ForkedKernel | None = None

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

    async def _async_launch_kernel(self, kernel_cmd: list[str], **kw: Any) -> None:
        if self.waiting is None:
            await super()._async_launch_kernel(kernel_cmd, **kw)
            return
        self.waiting.start(
            kernel_cmd[KERNEL_ARGUMENTS:], cwd=kw.get("cwd"), env=kw.get("env", dict(os.environ))
        )
        local: Any = self.provisioner
        local.process, local.pid, local.pgid = self.waiting, self.waiting.pid, self.waiting.pid
        local.cwd = kw.get("cwd")
        self._reconcile_connection_info(local.connection_info)

    async def cleanup_resources(self, restart: bool = False) -> None:  # type: ignore[override]
        """Remove the sockets and their folder."""
        await super().cleanup_resources(restart=restart)
        if not restart:
            shutil.rmtree(self._folder, ignore_errors=True)


class ForkEngine(NBClientEngine):  # type: ignore[misc]
    """papermill's own engine, its kernel forked from this process where that can be done."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **kwargs: Any) -> Any:
        """Run a notebook; one that asks for a plain kernel, or cannot have another, gets it."""
        run = partial(super().execute_managed_notebook, nb_man, kernel_name)
        asked = nb_man.nb.metadata.get(METADATA, {}).get("engine", "fork")
        if asked == "plain" or not is_fork_safe():
            return run(**{"kernel_manager_class": _ThisEnvironmentKernel, **kwargs})
        importlib.import_module("wfanalytics.report.warm")
        # Before papermill makes an event loop, sockets or threads: none may be forked.
        child = ForkedKernel()
        manager = type("_ForkedKernelManager", (_ThisEnvironmentKernel,), {"waiting": child})
        try:
            return run(**{**kwargs, "kernel_manager_class": manager})
        finally:
            child.discard()


papermill_engines.register(FORK_ENGINE, ForkEngine)


def run_notebook(
    notebook: Notebook,
    *,
    output: Path,
    parameters: Mapping[str, object],
    folder: Path,
    on_cell: OnCell | None = None,
    engine: EngineName = "plain",
) -> NotebookRun:
    """Run ``notebook`` with its kernel in ``folder`` and save it, outputs included.

    A failing notebook is an answer and not an exception: it is saved up to the failing cell. A
    disk that is full or may not be written to is one: no notebook can then be relied on.
    """
    started = time.perf_counter()
    done = partial(NotebookRun, notebook)
    try:
        executed = papermill.execute_notebook(
            notebook.path,
            output,
            parameters=dict(parameters),
            cwd=folder,
            engine_name=FORK_ENGINE if engine == "fork" else None,
            progress_bar=False,
            execution_timeout=NOTEBOOK_SECONDS,
            kernel_manager_class=_ThisEnvironmentKernel,
            shutdown_kernel="immediate",
            on_cell_executed=lambda **_: on_cell() if on_cell else None,
        )
    except PapermillExecutionError as error:
        if error.ename == "OSError" and (match := _NO_ROOM.match(str(error.evalue))):
            raise OSError(int(match["number"]), match["words"]) from error
        return done("failed", time.perf_counter() - started, _describe_failure(error))
    except (PapermillException, RuntimeError, TimeoutError) as error:
        mark_stopped(output)
        problem = f"its Python stopped or took too long ({type(error).__name__})"
        return done("failed", time.perf_counter() - started, problem)
    seconds = tuple(
        max(round(cell.metadata.papermill["duration"] or 0.0, 3), 0.0)
        for cell in executed.cells
        if cell.cell_type == "code"
    )
    return done("done", time.perf_counter() - started, cell_seconds=seconds)


def _describe_failure(error: PapermillExecutionError) -> str:
    """What stopped a notebook; only our own messages are known to hold no personal data."""
    kind = getattr(errors, error.ename, None)
    if isinstance(kind, type) and issubclass(kind, errors.WfanalyticsError):
        return str(error.evalue)
    return f"an unexpected error ({error.ename}) in cell {error.exec_count} of its notebook"
