"""The words councils use, and ours (``words.csv``). A profile adds its own under ``words``."""

from __future__ import annotations

import csv
from importlib import resources


def _read_words() -> dict[str, dict[str, str]]:
    text = resources.files("wfanalytics.clean").joinpath("words.csv").read_text("utf-8")
    found: dict[str, dict[str, str]] = {}
    for row in csv.DictReader(text.splitlines()):
        found.setdefault(row["field"], {})[row["word"]] = row["meaning"]
    return found


_WORDS = _read_words()
ROLE_WORDS = _WORDS["role"]
EMPLOYMENT_WORDS = _WORDS["employment"]
ABSENCE_WORDS = _WORDS["absence"]
FUNDING_WORDS = _WORDS["funding"]
ALLOCATION_WORDS = _WORDS["allocation"]
#: How somebody is paid, and what kind of post they are in; '' says nothing.
PAY_ROUTE_WORDS = _WORDS["pay_route"]
POST_TYPE_WORDS = _WORDS["post_type"]
#: How far a starter is; only ``started`` is one (rule 22).
STAGE_WORDS = _WORDS["stage"]
MOVEMENT_WORDS = _WORDS["movement"]
#: In the retention scheme or not; blank where nobody asked, as for agency staff.
SCHEME_WORDS = _WORDS["in_retention_scheme"]
