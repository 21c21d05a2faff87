"""The cleaning rules of ``raw/rules.csv``, each with a code that never changes.

The letter says which table (A all of them, P posts, W workers, M movements, C caseload, L
allocations, R census returns), the number which of the thirty cleaning rules this product
follows. Severity: E the row is not used, because the figure would be wrong; Q the row is used and
its owner should be asked; F repaired. The severity here is the usual one: a rule that both
repairs and asks says which in the ledger.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from wfanalytics.raw.lists import read_list


@dataclass(frozen=True)
class Rule:
    """One cleaning rule: what it looks for and what the data's owner can do about it."""

    code: str
    severity: Literal["E", "Q", "F"]
    title: str
    cure: str


#: The rules of extracts and of census returns, as ``rules.csv`` has them.
ALL_RULES = {row["code"]: Rule(**row) for row in read_list("rules")}  # type: ignore[arg-type]
RULES = {code: rule for code, rule in ALL_RULES.items() if code[0] != "R"}
