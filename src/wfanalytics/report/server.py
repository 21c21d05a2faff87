"""The fork server: which engine runs notebooks, and where their processes come from.

Imports next to nothing, so that a command can have the server begin its own imports first of all.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from types import ModuleType
from typing import Any, Literal, TypeVar

from wfanalytics.errors import ParameterError, unknown_name
from wfanalytics.report.fork import die_with_parent, has_fork

T = TypeVar("T")
EngineName = Literal["fork", "plain"]
#: Set this to ``plain`` to start every kernel anew, as papermill does by itself.
ENGINE_VARIABLE = "WFANALYTICS_ENGINE"
ENGINES: tuple[EngineName, ...] = ("fork", "plain")
WARM_MODULE = "wfanalytics.report.warm"


def choose_engine(asked: str = "") -> EngineName:
    """The engine asked for, else the environment's, else the fastest this system has.

    Raises
    ------
    ParameterError
        for an unknown name.

    >>> choose_engine("plain")
    'plain'
    """
    name = asked or os.environ.get(ENGINE_VARIABLE, "")
    if name and name not in ENGINES:
        raise ParameterError(unknown_name("engine", name, ENGINES))
    if name == "plain" or not has_fork():
        return "plain"
    return "fork"


def warm_server(engine: EngineName) -> None:
    """Let the fork server begin its imports, if the engine has one, while other work goes on."""
    if engine == "fork":
        from multiprocessing import forkserver

        get_context(engine)
        forkserver.ensure_running()


def get_context(engine: EngineName) -> Any:
    """How processes of the engine are started, as :mod:`multiprocessing` has it."""
    if engine == "plain":
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([WARM_MODULE])
    return context


@contextmanager
def nameless_main() -> Iterator[None]:
    """Keep new processes from running the caller's script again, as they otherwise begin with it.

    What they run is in this module; a script that asks for a report then needs no guard.
    """
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


@contextmanager
def work_beside(engine: EngineName, work: Callable[[], T]) -> Iterator[Callable[[], T]]:
    """Have a process of the fork server do some work while the block does other; what to ask.

    Without a fork server, or where that process dies, the work is done here, when asked for.
    """
    if engine == "plain":
        yield work
        return
    context = get_context(engine)
    with ProcessPoolExecutor(1, mp_context=context, initializer=die_with_parent) as pool:
        with nameless_main():
            waiting = pool.submit(work)

        def answer() -> T:
            try:
                return waiting.result()
            except BrokenProcessPool:
                return work()

        yield answer
