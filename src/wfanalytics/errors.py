"""Errors an analyst can act on: where, what was found, what was allowed, what to do.

The command line prints the message and nothing else; a traceback appears only with
``--debug``. No message ever quotes a row, a name or an identifier: a caller passes ``found``
only for columns that hold nothing about a person.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from pathlib import Path

EXIT_DONE = 0
EXIT_MEASURE_FAILED = 1
EXIT_BAD_INPUT = 2
EXIT_BUSY = 3
#: Characters of a cell or name a message shows: twelve headings, and no document.
MAX_SHOWN = 400


class WfanalyticsError(Exception):
    """Anything wfanalytics raises on purpose; its text is written for an analyst.

    >>> raise WfanalyticsError("The folder is empty.")
    Traceback (most recent call last):
    ...
    wfanalytics.errors.WfanalyticsError: The folder is empty.
    """

    exit_code = EXIT_BAD_INPUT


class InputError(WfanalyticsError):
    """A file, or a cell in one, that stops the run.

    Parameters
    ----------
    problem : what is wrong, in one short clause.
    file, sheet, row, column : where; ``row`` counts as a spreadsheet shows it, from 1.
    found : the text found; leave out for columns about a person.
    allowed : what would have been accepted.
    remedy : what the analyst should do, as a sentence.
    rule : the cleaning rule's code, where one is about this; the message does not show it.
    places : every (file, sheet) at fault, where it is more than the one named.

    >>> print(InputError("not a number", file="posts/2019-07.xlsx", row=12, column="FTE",
    ...                  found="full", allowed="0 to 1", remedy="Correct the cell."))
    posts/2019-07.xlsx, row 12, column FTE: not a number. Found 'full'; allowed 0 to 1. \
Correct the cell.
    """

    others: tuple[InputError, ...] = ()
    """Faults found beside this one, in other extracts."""

    def __init__(
        self,
        problem: str,
        *,
        file: str | Path | None = None,
        sheet: str | None = None,
        row: int | None = None,
        column: str | None = None,
        found: object = None,
        allowed: str | None = None,
        remedy: str | None = None,
        rule: str = "",
        places: Iterable[tuple[str, str]] = (),
    ) -> None:
        self.problem, self.found, self.allowed, self.remedy = problem, found, allowed, remedy
        self.file, self.sheet, self.row, self.column = file, sheet, row, column
        self.rule, self.places = rule, tuple(places) or ((str(file), sheet or ""),)
        super().__init__(self._message())

    def _message(self) -> str:
        where = [show_text(str(self.file))] if self.file is not None else []
        where += [f"sheet {show_text(self.sheet)}"] if self.sheet else []
        where += [f"row {self.row}"] if self.row is not None else []
        where += [f"column {show_text(self.column)}"] if self.column else []
        return f"{', '.join(where)}: {self.describe()}" if where else self.describe()

    def describe(self) -> str:
        """The message without the place."""
        text = f"{self.problem}."
        facts = [f"Found {show_text(repr(self.found))}"] if self.found is not None else []
        facts += [f"allowed {self.allowed}"] if self.allowed else []
        if facts:
            sentence = "; ".join(facts)
            text += f" {sentence[0].upper()}{sentence[1:]}."
        return f"{text} {self.remedy}" if self.remedy else text


def show_text(text: str) -> str:
    """A text on one line and not endless, whatever a file's name or a cell holds."""
    line = "".join(c if c.isprintable() else repr(c)[1:-1] for c in text[: MAX_SHOWN + 1])
    return line if len(line) <= MAX_SHOWN else f"{line[:MAX_SHOWN]}..."


def raise_first(faults: Sequence[InputError]) -> None:
    """Raise the first of some faults, which carries the others; nothing where there is none."""
    if faults:
        faults[0].others = tuple(faults[1:])
        raise faults[0]


class ParameterError(WfanalyticsError):
    """A notebook or command parameter that is unknown, of the wrong type or impossible."""


class MeasureError(WfanalyticsError):
    """A measure that cannot be calculated while the rest of the report can."""

    exit_code = EXIT_MEASURE_FAILED


class BusyError(WfanalyticsError):
    """Another run is making the same report; nothing was changed."""

    exit_code = EXIT_BUSY


def nearest_name(name: str, allowed: Iterable[str]) -> str | None:
    """The allowed name most like ``name``, or None when none is close.

    >>> nearest_name("vacency_target", ["vacancy_target", "month"])
    'vacancy_target'
    >>> nearest_name("vacancy_rate", ["vacancy_fte", "vacancy_rate_fte"])
    'vacancy_rate_fte'
    """
    names = list(allowed)
    begun = [known for known in names if len(name) > 3 and known.startswith(name)]
    if begun:
        return min(begun, key=len)
    matches = difflib.get_close_matches(name, names, n=1, cutoff=0.6)
    return matches[0] if matches else None


def unknown_name(kind: str, name: str, allowed: Iterable[str]) -> str:
    """The standard sentence for a name that is not known, proposing the nearest.

    >>> unknown_name("parameter", "mnth", ["area", "month"])
    "Unknown parameter 'mnth'. Did you mean 'month'? Known: area, month."
    """
    names = sorted(allowed)
    near = nearest_name(name, names)
    hint = f" Did you mean {near!r}?" if near else ""
    return f"Unknown {kind} {show_text(repr(name))}.{hint} Known: {', '.join(names) or 'none'}."
