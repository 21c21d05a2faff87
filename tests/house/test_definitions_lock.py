"""A definition is locked: whoever changes its words or its formula raises its version.

The lock (``definitions.lock.csv``) holds each measure's version and a fingerprint of what it
says. A raised version breaks the line on the chart and prints a note, so nobody compares what
cannot be compared.
"""

from __future__ import annotations

import csv
import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from wfanalytics.measures.definition import Definition
from wfanalytics.measures.definitions import DEFINITIONS

LOCK = Path(__file__).with_name("definitions.lock.csv")
#: What a definition says; how many decimals are shown may change without a new version.
LOCKED = ("label", "formula", "numerator", "denominator", "unit", "better", "basis")


def fingerprint(item: Definition) -> str:
    """The first sixteen letters of the SHA-256 of what a definition says."""
    text = "\n".join(getattr(item, name) for name in LOCKED)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def find_breaches(
    lock: dict[str, tuple[str, str]], definitions: dict[str, Definition]
) -> list[str]:
    """What is wrong with the lock, each with what to do."""
    found = []
    for name, item in definitions.items():
        line = f"{name},{item.version},{fingerprint(item)}"
        if name not in lock:
            found.append(f"{name} is new: add the line {line}")
        elif lock[name][0] != item.version:
            found.append(f"{name} has version {item.version}: its line is now {line}")
        elif lock[name][1] != fingerprint(item):
            found.append(f"{name} has changed: raise its version, and write its line anew")
    return found + [f"{name} is gone: delete its line" for name in lock if name not in definitions]


def read_lock() -> dict[str, tuple[str, str]]:
    with LOCK.open(encoding="utf-8", newline="") as lines:
        return {row["measure"]: (row["version"], row["sha256"]) for row in csv.DictReader(lines)}


def test_no_definition_has_changed_under_its_version():
    assert find_breaches(read_lock(), DEFINITIONS) == []


@pytest.mark.parametrize("changed", [{"formula": "another"}, {"label": "another"},
                                     {"denominator": "another"}])  # fmt: skip
def test_a_change_without_a_new_version_is_a_breach(changed):
    item = DEFINITIONS["vacancy_rate_fte"]
    lock = {item.id: (item.version, fingerprint(item))}
    assert find_breaches(lock, {item.id: item}) == []
    other = replace(item, **changed)
    assert find_breaches(lock, {item.id: other}) == [
        "vacancy_rate_fte has changed: raise its version, and write its line anew"
    ]
    raised = replace(other, version="2")
    assert find_breaches(lock, {item.id: raised}) == [
        f"vacancy_rate_fte has version 2: its line is now vacancy_rate_fte,2,{fingerprint(raised)}"
    ]
    assert find_breaches({item.id: ("2", fingerprint(raised))}, {item.id: raised}) == []


def test_new_and_gone_measures_are_breaches():
    item = DEFINITIONS["cases"]
    assert find_breaches({}, {item.id: item}) == [
        f"cases is new: add the line cases,1,{fingerprint(item)}"
    ]
    assert find_breaches({"old": ("1", "x")}, {}) == ["old is gone: delete its line"]
