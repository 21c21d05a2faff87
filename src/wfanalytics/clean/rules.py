"""The cleaning rules, each with a code that never changes.

The letter says which table (A all of them, P posts, W workers, M movements, C caseload), the
number which of the thirty rules. Severity: E the row is not used, because the figure would be
wrong; Q the row is used and its owner should be asked; F repaired. The severity here is the
usual one: a rule that both repairs and asks says which in the ledger.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

#: Part of the key of everything kept under ``data/processed``: raise it when a rule changes.
RULES_VERSION = "1"


@dataclass(frozen=True)
class Rule:
    """One cleaning rule: what it looks for and what the data's owner can do about it."""

    code: str
    severity: Literal["E", "Q", "F"]
    title: str
    cure: str


_RULES = (
    Rule("A02", "Q", "the date of a snapshot is not a month end",
         "Run the extract as at the last day of the month."),
    Rule("A12", "E", "a Total row, subtotal or footnote among the rows",
         "None needed: it is taken out and used as a check-sum."),
    Rule("A13", "F", "a column of percentages",
         "None needed: the whole column is read as percentages."),
    Rule("A15", "F", "headings repeated among the rows", "None needed."),
    Rule("A17", "F", "a team name written another way",
         "Write the name as teams.csv has it; add a name it does not know, with its dates."),
    Rule("A18", "F", "the same row twice", "Remove one of the two rows at the source."),
    Rule("A21", "F", "a registration number with spaces, small letters or no letters",
         "Write SW and the digits."),
    Rule("A26", "F", "a word or sign where a number belongs",
         "Leave the cell empty, or write the number."),
    Rule("A30", "Q", "a column that no heading alias knows",
         "Tell wfanalytics its meaning in profile.yml, or leave it."),
    Rule("C08", "Q", "cases by type do not add up to the total",
         "Correct the types or the total at the source."),
    Rule("C11", "E", "a week delivered again later; or no count for a week",
         "None needed for a second delivery; for a missing week, ask for the count."),
    Rule("C27", "Q", "cases held by somebody who is not in the worker list",
         "Find the worker, or move the cases."),
    Rule("M01", "F", "an agency worker made permanent, recorded as a starter",
         "None needed: kept as a conversion."),
    Rule("M06", "E", "a leaver who started again within 31 days: an internal move",
         "Record it as a transfer."),
    Rule("M07", "E", "an agency assignment that ended, among the leavers",
         "Keep agency assignments in their own list."),
    Rule("P03", "E", "a post that is frozen, deleted or not funded",
         "None needed: it is not part of the establishment."),
    Rule("W01", "E", "one person listed as permanent and as agency",
         "End the agency line on the day the permanent contract starts."),
    Rule("W16", "Q", "FTE outside 0 to 1", "Correct the FTE."),
)  # fmt: skip

RULES: dict[str, Rule] = {rule.code: rule for rule in _RULES}
