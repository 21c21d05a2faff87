"""Runs a command and watches all its processes: wall seconds, CPU seconds and memory (Linux)."""

from __future__ import annotations

import ctypes
import os
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

#: prctl's "orphans of my descendants become my children", so that their time is counted too.
PR_SET_CHILD_SUBREAPER = 36
SAMPLE_SECONDS = 0.5
ORPHAN_SECONDS = 3


@dataclass(frozen=True)
class Watched:
    """Seconds by the clock, seconds of all cores, and the most memory at once, MiB."""

    wall: float
    cpu: float
    memory: float

    def __add__(self, other: Watched) -> Watched:
        memory = max(self.memory, other.memory)
        return Watched(self.wall + other.wall, self.cpu + other.cpu, memory)


def watch(command: Sequence[str], folder: Path) -> Watched:
    """Run a command to its end in a folder. Memory is shared pages counted once (PSS)."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    before, began, memory = _cpu(), time.perf_counter(), 0.0
    process = subprocess.Popen(
        command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    while process.poll() is None:
        memory = max(memory, sum(map(_memory, _list_descendants(os.getpid()))))
        with suppress(subprocess.TimeoutExpired):
            process.wait(SAMPLE_SECONDS)
    wall = time.perf_counter() - began
    _reap_orphans()
    return Watched(wall, _cpu() - before, memory)


def _reap_orphans() -> None:
    """Take up what a command left to end by itself; a few seconds are enough for that."""
    end = time.perf_counter() + ORPHAN_SECONDS
    with suppress(ChildProcessError):
        while time.perf_counter() < end:
            if os.waitpid(-1, os.WNOHANG)[0] == 0:
                time.sleep(0.1)


def _cpu() -> float:
    times = os.times()
    return times.children_user + times.children_system


def _memory(pid: int) -> float:
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    return 0.0


def _list_descendants(pid: int) -> list[int]:
    parents = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            parents[int(path.parent.name)] = int(path.read_text().rpartition(")")[2].split()[1])
    found = [pid]
    for one in found:
        found += [child for child, parent in parents.items() if parent == one]
    return found[1:]
