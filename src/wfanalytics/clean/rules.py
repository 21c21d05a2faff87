"""The cleaning rules, each with a code that never changes.

The letter says which table (A all of them, P posts, W workers, M movements, C caseload, L
allocations), the number which of the thirty cleaning rules this product follows. Severity: E the
row is not used, because the figure would be wrong; Q the row is used and its owner should be
asked; F repaired. The severity here is the usual one: a rule that both repairs and asks says
which in the ledger.
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
    Rule("A03", "F", "a row of an establishment list that adds no post, or no person",
         "None needed: a post counts once, its holders with the workers."),
    Rule("A12", "E", "a Total row, subtotal or footnote among the rows",
         "None needed: it is taken out, and the Total is compared with the rows."),
    Rule("A13", "F", "a column of percentages",
         "Write a column one way: all of it percentages, or none of it."),
    Rule("A14", "E", "a date that cannot be read, or a column of dates that look American",
         "Write day first, such as 31/07/2019; export the file with UK settings."),
    Rule("A15", "F", "headings repeated among the rows", "None needed."),
    Rule("A17", "F", "a team name written another way, or not known",
         "Write the name as teams.csv has it; add a name it does not know, with its dates."),
    Rule("A18", "F", "the same row twice", "Remove one of the two rows at the source."),
    Rule("A21", "F", "a number written another way, or text damaged on its way",
         "Write SW and the digits; write a post number as the establishment does."),
    Rule("A23", "Q", "a team's list is not the one before, with joiners and without leavers",
         "Record the starter, leaver or transfer, or correct the list."),
    Rule("A24", "Q", "a figure outside what any authority has published",
         "Check the extracts of the month: a list may be cut off, or a column wrong."),
    Rule("A25", "Q", "a figure that jumps from one month to the next",
         "Check both months' extracts; add the reason to events.csv where it is real."),
    Rule("A26", "F", "a word or sign where a number belongs",
         "Leave the cell empty, or write the number."),
    Rule("A30", "Q", "a column, sheet or file that is not known or not as it should be",
         "Tell wfanalytics its meaning in profile.yml, or ask for the extract again."),
    Rule("C08", "Q", "cases that do not add up, or that nobody is named for, or of families",
         "Correct the types or the total at the source; name the worker, or write UNALLOCATED."),
    Rule("C09", "F", "cases held by support staff: no caseload has them",
         "None needed: they are counted among the cases."),
    Rule("C10", "E", "a secondary allocation", "None needed: a case is its first worker's."),
    Rule("C11", "E", "a week delivered again later; no count for a week; another day of the week",
         "None needed for a second delivery; for a missing week, ask for the count."),
    Rule("C27", "Q", "cases held by somebody who is not in the worker list",
         "Find the worker, or move the cases."),
    Rule("C28", "Q", "an unusually heavy caseload",
         "Check the allocations: a tray or a manager may hold others' cases."),
    Rule("L07", "E", "an allocation that ends before it starts",
         "Correct one of the two dates."),
    Rule("L10", "Q", "a child with two social workers at once",
         "End the earlier allocation on the day of the change."),
    Rule("L11", "F", "an allocation delivered again, since ended or corrected",
         "None needed: the newest delivery holds."),
    Rule("L27", "Q", "an allocation to somebody who is in no worker list",
         "Correct the registration number."),
    Rule("M01", "F", "an agency worker made permanent, recorded as a starter",
         "None needed: kept as a conversion."),
    Rule("M06", "E", "a leaver who started again within 31 days: an internal move",
         "Record it as a transfer."),
    Rule("M07", "E", "an agency assignment that ended; or a date outside its month",
         "Keep agency assignments in their own list; correct the month or the date."),
    Rule("M22", "E", "an offer, or somebody who has not started yet, among the starters",
         "None needed: list it again as a starter once the person has started."),
    Rule("P03", "E", "a post that is frozen, deleted or not funded",
         "None needed: it is not part of the establishment."),
    Rule("W01", "E", "permanent and agency at once, or columns that disagree about it",
         "End the agency line on the day the permanent contract starts."),
    Rule("W03", "Q", "permanent holders of one post with more FTE than it has",
         "Correct the post number of one; shown as over-establishment until then."),
    Rule("W04", "Q", "a worker in a post the month's establishment does not have",
         "Correct the post number, or add the post: until then the worker fills no vacancy."),
    Rule("W05", "Q", "more agency FTE in a post than its vacancy",
         "Check the post number; what is above the vacancy covers nothing."),
    Rule("W07", "Q", "a contract whose dates do not fit the list",
         "Correct the end date, or take the person off the list."),
    Rule("W16", "Q", "FTE outside 0 to 1, or more than 1 for one person", "Correct the FTE."),
    Rule("W18", "Q", "registration and payroll numbers that do not fit",
         "Find out whether this is one person or two."),
    Rule("W20", "Q", "newly qualified for more than two years",
         "Correct the flag, or give the date the year ends."),
    Rule("W22", "E", "somebody who starts after the date of the list",
         "None needed: in post from the start date."),
    Rule("W29", "Q", "an agency assignment without a supplier, ended, or with an odd rate",
         "Complete the assignment."),
)  # fmt: skip

RULES: dict[str, Rule] = {rule.code: rule for rule in _RULES}
