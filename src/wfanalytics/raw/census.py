"""Read the statutory census return (CSWW, children's social work workforce) as text."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from wfanalytics.errors import InputError
from wfanalytics.raw.census_reader import CensusReader


@dataclass(frozen=True)
class CensusReturn:
    """One return as text; '' is an element that is empty or not there.

    ``workers`` has one row a worker and role: ``row`` (its number in the file, from 1), ``line``
    (where it starts) and a column for each of ``WORKER_FIELDS``. ``header`` and ``authority``
    hold the elements that are there. ``notes`` has one row for each element that is ``unknown``,
    ``repeated`` or out of ``order`` (its ``kind``), with the first line and the count.
    """

    file: str
    sha256: str
    year: int
    # None is printed: a return in a log or a traceback must show nobody.
    header: dict[str, str] = field(repr=False)
    authority: dict[str, str] = field(repr=False)
    workers: pd.DataFrame = field(repr=False)
    notes: pd.DataFrame = field(repr=False)


def read_census(path: str | Path) -> CensusReturn:
    """Read a census return of 2020 to 2025, its elements in any order.

    Memory: the frame itself, its last 5,000 workers as rows, and one piece of the file.

    Raises
    ------
    InputError
        naming file and line, for a file that is missing, not XML, damaged, cut short, too
        large, of another collection or year, or that declares a DOCTYPE or an entity.

    >>> read_census("no such file.xml")
    Traceback (most recent call last):
    ...
    wfanalytics.errors.InputError: no such file.xml: the file is not there. Check the name.
    """
    path = Path(path)
    reader = CensusReader(path.name)
    try:
        with path.open("rb") as stream:
            reader.read(stream)
    except FileNotFoundError:
        raise InputError(
            "the file is not there", file=path.name, remedy="Check the name."
        ) from None
    except OSError as error:
        raise InputError(
            f"the file cannot be read ({error.strerror})", file=path.name,
            remedy="Close it in other programs and check who may read it.",
        ) from None  # fmt: skip
    year = reader.finish()
    notes = [(kind, name, *places) for (kind, name), places in reader.notes.items()]
    return CensusReturn(
        path.name, reader.hash.hexdigest(), year, reader.header, reader.authority,
        pd.concat(reader.frames, ignore_index=True),
        pd.DataFrame(notes, columns=["kind", "element", "line", "count"]),
    )  # fmt: skip
