"""The gate: what a pack holds is checked once more before it leaves, and logged.

It takes :class:`Masked` figures only, which :func:`check_masked` alone makes and only of figures
that are masked.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd

from wfanalytics.errors import WfanalyticsError
from wfanalytics.measures.disclosure import AUTHORITY_ONLY, MASKED_LEVELS, RESTS_ON
from wfanalytics.thresholds import MANAGERS, PUBLIC, RULES_VERSION, Disclosure

LOG = "release.json"
#: Columns of the clean tables that name or describe one person.
_PERSONAL = ("worker_id", "post_id", "holder_id")


@dataclass(frozen=True, eq=False)
class Masked:
    """A measure frame without a figure about few people, and the rules it was checked by."""

    measures: pd.DataFrame
    rules: Disclosure
    audience: str


def release_pack(folder: Path, masked: Masked, *, when: datetime) -> dict[str, Any]:
    """Check the files of a pack, write ``release.json`` beside them and return what it says.

    The log names each file (``sha256sums.txt`` has their fingerprints), the rules and their
    version, and how many figures of each measure and level were withheld and why; no figure.

    Raises
    ------
    WfanalyticsError
        where an executed notebook shows rows of workers. Nothing leaves then.
    """
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != LOG)
    _check_notebooks([path for path in files if path.suffix == ".ipynb"])
    log = {
        "released": when.isoformat(timespec="seconds"),
        "audience": masked.audience,
        "rules_version": RULES_VERSION,
        "rules": masked.rules.model_dump(),
        "withheld": _list_withheld(masked.measures),
        "files": [path.relative_to(folder).as_posix() for path in files],
    }
    text = json.dumps(log, ensure_ascii=False, indent=1) + "\n"
    (folder / LOG).write_text(text, encoding="utf-8")
    return log


def check_masked(measures: pd.DataFrame, *, rules: Disclosure, audience: str = PUBLIC) -> Masked:
    """The figures, for release; an error where one is about few people of a part.

    Those for managers are checked for long absence only.

    Raises
    ------
    WfanalyticsError
        naming the measure and the level, never the figure or the place.

    >>> import pandas as pd
    >>> row = {"measure": "agency_headcount", "area_level": "team", "numerator": 3.0}
    >>> check_masked(pd.DataFrame([row]), rules=Disclosure())
    Traceback (most recent call last):
    ...
    wfanalytics.errors.WfanalyticsError: The report was stopped: agency_headcount of a team is \
not masked. It is a fault of wfanalytics; report it.
    """
    part = measures["area_level"].isin(MASKED_LEVELS) & measures["numerator"].notna()
    is_count = measures["measure"].isin(RESTS_ON) & measures["measure"].str.endswith("_headcount")
    is_count &= ~measures["measure"].str.contains("rate|average")
    few = is_count & (measures["numerator"] > 0) & (measures["numerator"] < rules.smallest_count)
    is_secret = few | measures["measure"].isin(AUTHORITY_ONLY)
    if audience == MANAGERS:
        is_secret = measures["measure"] == "long_absence_fte"
    found = measures[part & is_secret]
    if len(found):
        row = found.iloc[0]
        raise WfanalyticsError(
            f"The report was stopped: {row['measure']} of a {row['area_level']} is not masked. "
            "It is a fault of wfanalytics; report it."
        )
    return Masked(measures, rules, audience)


def _check_notebooks(paths: Sequence[Path]) -> None:
    """No output of an executed notebook may show a table of people."""
    for path in paths:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        shown = json.dumps([cell.get("outputs", []) for cell in cells])
        if any(name in shown for name in _PERSONAL):
            raise WfanalyticsError(
                f"The report was stopped: {path.name} shows rows of workers. "
                "Take the cell that prints them out of the notebook."
            )


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
