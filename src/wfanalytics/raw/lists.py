"""Our own lists, shipped beside this module: headings, synonyms, words and rules."""

from __future__ import annotations

import csv
from importlib import resources


def read_list(name: str) -> list[dict[str, str]]:
    """The rows of ``<name>.csv``, by heading.

    >>> read_list("rules")[0]["code"]
    'A02'
    """
    text = resources.files("wfanalytics.raw").joinpath(f"{name}.csv").read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))
