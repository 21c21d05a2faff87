"""The cleaning rules, each with a code that never changes.

The letter says which table (A all of them, P posts, W workers, M movements, C caseload), the
number which of the thirty cleaning rules this product follows. Severity: E the row is not used,
because the figure would be wrong; Q the row is used and its owner should be asked; F repaired.
The severity here is the usual one: a rule that both repairs and asks says which in the ledger.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


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
         "None needed: it is taken out, and the Total is compared with the rows."),
    Rule("A13", "F", "a column of percentages",
         "None needed: the whole column is read as percentages."),
    Rule("A15", "F", "headings repeated among the rows", "None needed."),
    Rule("A17", "F", "a team name written another way, or not known",
         "Write the name as teams.csv has it; add a name it does not know, with its dates."),
    Rule("A18", "F", "the same row twice", "Remove one of the two rows at the source."),
    Rule("A21", "F", "a registration or post number with spaces, small letters or no letters",
         "Write SW and the digits; write a post number as the establishment does."),
    Rule("A26", "F", "a word or sign where a number belongs",
         "Leave the cell empty, or write the number."),
    Rule("A30", "Q", "a column or sheet that is not known",
         "Tell wfanalytics its meaning in profile.yml, or leave it."),
    Rule("C08", "Q", "cases by type do not add up to the total, or nobody is named",
         "Correct the types or the total at the source; name the worker, or write UNALLOCATED."),
    Rule("C11", "E", "a week delivered again later; no count for a week; another day of the week",
         "None needed for a second delivery; for a missing week, ask for the count."),
    Rule("C27", "Q", "cases held by somebody who is not in the worker list",
         "Find the worker, or move the cases."),
    Rule("M01", "F", "an agency worker made permanent, recorded as a starter",
         "None needed: kept as a conversion."),
    Rule("M06", "E", "a leaver who started again within 31 days: an internal move",
         "Record it as a transfer."),
    Rule("M07", "E", "an agency assignment that ended; or a date outside its month",
         "Keep agency assignments in their own list; correct the month or the date."),
    Rule("P03", "E", "a post that is frozen, deleted or not funded",
         "None needed: it is not part of the establishment."),
    Rule("W01", "E", "one person listed as permanent and as agency",
         "End the agency line on the day the permanent contract starts."),
    Rule("W04", "Q", "a worker in a post the month's establishment does not have",
         "Correct the post number, or add the post: until then the worker fills no vacancy."),
    Rule("W16", "Q", "FTE outside 0 to 1, or more than 1 for one person", "Correct the FTE."),
)  # fmt: skip

RULES: dict[str, Rule] = {rule.code: rule for rule in _RULES}
