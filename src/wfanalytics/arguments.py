"""What the command line does with its arguments and with signals before a command runs."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from wfanalytics.errors import ParameterError

#: What a shell reports for a command stopped with Ctrl-C.
EXIT_STOPPED = 130


@contextmanager
def signals_stop_cleanly() -> Iterator[None]:
    """Ctrl-C, and a scheduler's request to end, unwind what is under way and then exit."""

    def stop(number: int, frame: object) -> None:
        sys.exit(EXIT_STOPPED)

    previous = {name: signal.signal(name, stop) for name in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for name, handler in previous.items():
            signal.signal(name, handler)


def join_parameters(arguments: Sequence[str]) -> list[str]:
    """``-p NAME VALUE``, as papermill takes it, as one ``-p NAME=VALUE``, as typer can."""
    joined: list[str] = []
    rest = iter(arguments)
    for argument in rest:
        joined.append(argument)
        if argument == "-p":
            name, value = next(rest, None), next(rest, None)
            if name is None or value is None or not name.isidentifier():
                raise ParameterError("Write -p NAME VALUE, such as -p vacancy_target 7.")
            joined.append(f"{name}={value}")
    return joined


def split_pairs(given: list[str] | None) -> dict[str, str]:
    """Parameters by name from ``NAME=VALUE``, each given once."""
    pairs = [text.split("=", 1) for text in given or []]
    names = [name for name, _ in pairs]
    if twice := {name for name in names if names.count(name) > 1}:
        raise ParameterError(f"Parameter {min(twice)!r} is given twice. Give it once.")
    return dict(pairs)
