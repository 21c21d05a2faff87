"""A real Jupyter kernel in a process forked from a warm one, instead of a Python started anew.

The kernel is ipykernel's own, so outputs, errors and metadata are those of any kernel. Only its
start differs: the child waits until papermill has written the connection file, then becomes it.
"""

from __future__ import annotations

import asyncio
import ctypes
import json
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from importlib.util import find_spec
from multiprocessing import forkserver
from typing import Any

INLINE = "module://matplotlib_inline.backend_inline"
#: Linux's prctl: the number of "send me this signal when my parent dies".
PR_SET_PDEATHSIG = 1


def has_fork() -> bool:
    """Whether this system can fork a warm process.

    macOS has fork, but its own libraries do not survive it: there the plain kernel is used.
    """
    return sys.platform.startswith("linux")


def is_fork_safe() -> bool:
    """Whether this very process may be forked: it has no second thread that could hold a lock."""
    others = [thread for thread in threading.enumerate() if thread is not threading.main_thread()]
    # papermill's progress bar keeps a thread that sleeps and holds nothing.
    return has_fork() and all(type(thread).__name__ == "TMonitor" for thread in others)


def die_with_parent() -> None:
    """Have the system kill this process when the one that started it is gone (Linux).

    Whoever the fork server started goes with the server, and the server with its run. It stays for
    as long as anybody holds its pipe, and each it starts is given that: here it is given back.
    """
    if not has_fork():
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    server: Any = forkserver._forkserver
    if server._forkserver_pid is None and server._forkserver_alive_fd is not None:
        os.close(server._forkserver_alive_fd)
        server._forkserver_alive_fd = None


class ForkedKernel:
    """A forked child that becomes a kernel when told; jupyter_client uses it like a ``Popen``."""

    stdin = stdout = stderr = None

    def __init__(self) -> None:
        reader, self._writer = os.pipe()
        self.returncode: int | None = None
        self.pid = os.fork()
        if self.pid == 0:
            os.close(self._writer)
            _become_kernel(reader)
        os.close(reader)

    def start(self, command: list[str], *, cwd: str | None, env: dict[str, str]) -> None:
        """Let the child become the kernel that ``command``, a list of arguments, describes."""
        order = {"argv": command, "cwd": cwd or os.getcwd(), "env": env, "parent": os.getpid()}
        with os.fdopen(self._writer, "w", encoding="utf-8") as pipe:
            json.dump(order, pipe)
        self._writer = -1

    def poll(self) -> int | None:
        """Exit code, negative for a signal; None while it runs."""
        if self.returncode is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.returncode = os.waitstatus_to_exitcode(status)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the end; its exit code."""
        end = None if timeout is None else time.monotonic() + timeout
        while (code := self.poll()) is None:
            if end is not None and time.monotonic() > end:
                raise subprocess.TimeoutExpired("kernel", timeout or 0)
            time.sleep(0.01)
        return code

    def send_signal(self, number: int) -> None:
        """Send a signal, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def discard(self) -> None:
        """End a child that never started, or that is still there; leave no zombie."""
        if self._writer >= 0:
            os.close(self._writer)
            self._writer = -1
        self.kill()
        self.wait()


def _become_kernel(reader: int) -> None:
    """In the child: wait for the order, run the kernel, and never return."""
    code = 1
    try:
        die_with_parent()
        os.setsid()
        with os.fdopen(reader) as pipe:
            text = pipe.read()
        if text:
            _run_kernel(json.loads(text))
            code = 0
    except SystemExit as stop:
        code = stop.code if isinstance(stop.code, int) else 1
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        with suppress(Exception):
            sys.__stdout__.flush()  # type: ignore[union-attr]
            sys.__stderr__.flush()  # type: ignore[union-attr]
        os._exit(code)


def _run_kernel(order: dict[str, Any]) -> None:
    import numpy as np
    from ipykernel.kernelapp import IPKernelApp

    os.environ.clear()
    os.environ.update(order["env"], JPY_PARENT_PID=str(order["parent"]))
    os.chdir(order["cwd"])
    sys.argv = [str(find_spec("ipykernel_launcher").origin), *order["argv"]]  # type: ignore[union-attr]
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    # A fork inherits numpy's state: without this every notebook draws the same numbers.
    np.random.seed()
    mpl = sys.modules.get("matplotlib")
    if mpl is not None and "MPLBACKEND" not in order["env"]:
        # As a kernel sets it before matplotlib is imported; here it has been.
        mpl.rcParams["backend"] = INLINE
    asyncio.set_event_loop(asyncio.new_event_loop())
    # ipykernel read its parent's number when it was imported, too early for us.
    parent = f"--IPKernelApp.parent_handle={order['parent']}"
    IPKernelApp.launch_instance([*sys.argv[1:], parent])
