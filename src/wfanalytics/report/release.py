"""The gate: the one way for a file into a pack, which only masked figures open.

Each file is read for people before it is written (:mod:`wfanalytics.report.personal`), and a file
that came another way, or changed since, stops the release. What left is logged.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd

from wfanalytics.errors import WfanalyticsError
from wfanalytics.measures.disclosure import AUTHORITY_ONLY, MASKED_LEVELS, RESTS_ON
from wfanalytics.report.personal import has_identifier, list_identifiers
from wfanalytics.report.verify import hash_files, write_sums
from wfanalytics.thresholds import MANAGERS, PUBLIC, RULES_VERSION, Disclosure

LOG = "release.json"
#: Columns of the clean tables that name or describe one person.
_PERSONAL = ("worker_id", "post_id", "holder_id")


@dataclass(frozen=True, eq=False)
class Masked:
    """A measure frame and its rules; none can be made of a frame that breaks them.

    The figures for managers are checked for long absence only.

    Raises
    ------
    WfanalyticsError
        naming the measure and the level, never the figure or the place.

    >>> import pandas as pd
    >>> row = {"measure": "agency_headcount", "area_level": "team", "numerator": 3.0}
    >>> Masked(pd.DataFrame([row]), rules=Disclosure())
    Traceback (most recent call last):
    ...
    wfanalytics.errors.WfanalyticsError: The report was stopped: agency_headcount of a team is \
not masked. It is a fault of wfanalytics; report it.
    """

    measures: pd.DataFrame
    rules: Disclosure
    audience: str = PUBLIC

    def __post_init__(self) -> None:
        rows = self.measures
        part = rows["area_level"].isin(MASKED_LEVELS) & rows["numerator"].notna()
        is_count = rows["measure"].isin(RESTS_ON) & rows["measure"].str.endswith("_headcount")
        is_count &= ~rows["measure"].str.contains("rate|average")
        # What is shown is rounded: the fewest shown may be rounded down.
        least = self.rules.round_people(self.rules.smallest_count)
        few = is_count & rows["numerator"].between(0, least, inclusive="neither")
        is_secret = few | rows["measure"].isin(AUTHORITY_ONLY)
        if self.audience == MANAGERS:
            is_secret = rows["measure"] == "long_absence_fte"
        found = rows[part & is_secret]
        if len(found):
            row = found.iloc[0]
            raise WfanalyticsError(
                f"The report was stopped: {row['measure']} of a {row['area_level']} is not "
                "masked. It is a fault of wfanalytics; report it."
            )


class Gate:
    """What puts files into the folder of a pack; nothing else may.

    ``tables`` are the clean ones, whose people no file may name.

    >>> Gate(Path(), pd.DataFrame(), tables={})
    Traceback (most recent call last):
    ...
    TypeError: A pack holds masked figures only.
    """

    def __init__(self, folder: Path, masked: Masked, *, tables: Mapping[str, pd.DataFrame]) -> None:
        if not isinstance(masked, Masked):
            raise TypeError("A pack holds masked figures only.")
        self.folder, self.masked = folder, masked
        self._identifiers = list_identifiers(tables)
        self._written: dict[str, str] = {}

    def write(self, name: str, content: str | bytes) -> Path:
        """Put a file into the pack; ``name`` is its path in it, with ``/``.

        Raises
        ------
        WfanalyticsError
            naming the file only, where it holds the number of a person, a child or a post, or
            is a notebook that shows rows of workers.
        """
        content = content.encode() if isinstance(content, str) else content
        if has_identifier(content, self._identifiers) or _shows_workers(name, content):
            raise WfanalyticsError(
                f"The report was stopped: {name} shows rows of workers, or somebody's number. "
                "Take the cell that prints them out of its notebook."
            )
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        self._written[name] = hashlib.sha256(content).hexdigest()
        return path

    def take(self, path: Path, name: str) -> Path:
        """Put a file into the pack that a notebook's process wrote elsewhere."""
        written = self.write(name, path.read_bytes())
        path.unlink()
        return written

    def release(self, *, when: datetime) -> dict[str, Any]:
        """Write ``release.json`` and the fingerprints, and return what the first says.

        It names each file, the rules and their version, and how many figures of each measure and
        level were withheld and why; no figure.

        Raises
        ------
        WfanalyticsError
            where the folder holds a file that came another way, or one changed since.
        """
        found = hash_files(self.folder)
        others = sorted(name for name in found if self._written.get(name) != found[name])
        if others:
            raise WfanalyticsError(
                f"The report was stopped: {others[0]} did not come through the release gate. It "
                "is a fault of wfanalytics; report it."
            )
        masked = self.masked
        log = {
            "released": when.isoformat(timespec="seconds"),
            "audience": masked.audience,
            "rules_version": RULES_VERSION,
            "rules": masked.rules.model_dump(),
            "withheld": _list_withheld(masked.measures),
            "files": sorted(found),
        }
        self.write(LOG, json.dumps(log, ensure_ascii=False, indent=1) + "\n")
        write_sums(self.folder)
        return log


def _shows_workers(name: str, content: bytes) -> bool:
    """Whether an output of an executed notebook is a table of people."""
    if not name.endswith(".ipynb"):
        return False
    shown = json.dumps([cell.get("outputs", []) for cell in json.loads(content)["cells"]])
    return any(column in shown for column in _PERSONAL)


def _list_withheld(measures: pd.DataFrame) -> list[dict[str, Any]]:
    rows = measures[measures["status"] == "suppressed"]
    counts = rows.groupby(["measure", "area_level"], sort=True).size()
    return [
        {"measure": measure, "level": level, "figures": int(number), "why": _say_why(measure)}
        for (measure, level), number in counts.items()
    ]


def _say_why(measure: str) -> str:
    if measure in AUTHORITY_ONLY:
        return "shown for the authority only"
    bases = " and ".join(RESTS_ON.get(measure, ("the publisher's own rule",)))
    return f"rests on few people, or would give away a figure that does: {bases}"
