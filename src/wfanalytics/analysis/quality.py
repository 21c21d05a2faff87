"""What cleaning found, in the order somebody would mend it: newest files first."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from wfanalytics.clean.area import Clean
from wfanalytics.clean.rules import RULES
from wfanalytics.periods import format_date

#: A rule whose cure begins so asks nothing of anybody.
NO_CURE_NEEDED = "None needed"
NO_OWNER = "owner not named in profile.yml"
#: Worst first.
_SEVERITIES = ("E", "Q", "F")

PROBLEM_COLUMNS = (
    "table", "file", "sheet", "latest", "rule", "severity", "rows", "first_row", "reason", "cure",
    "owner", "needs_mending",
)  # fmt: skip


def find_problems(
    clean: Clean, *, month: pd.Timestamp | None = None, owners: Mapping[str, str] | None = None
) -> pd.DataFrame:
    """The ledger by file, rule and reason: one row each, newest file first, then the worst.

    Parameters
    ----------
    month : a month end; only files with rows about that month, and what has no file.
    owners : table -> who can mend its extracts.

    Returns
    -------
    DataFrame with :data:`PROBLEM_COLUMNS`: ``rows`` touched, ``first_row`` as a spreadsheet
    counts, ``needs_mending`` where somebody has something to do.

    >>> empty = pd.DataFrame(columns=["table", "file", "sheet", "rule", "severity", "reason",
    ...                               "row"])
    >>> files = pd.DataFrame(columns=["table", "file", "sheet", "earliest", "latest"])
    >>> len(find_problems(Clean({}, empty, files)))
    0
    """
    key = ["table", "file", "sheet", "rule", "severity", "reason"]
    grouped = clean.repairs.groupby(key, sort=False)["row"].agg(["size", "min"]).reset_index()
    problems = grouped.rename(columns={"size": "rows", "min": "first_row"})
    # An establishment list is the extract of two tables.
    place = ["table", "file", "sheet"]
    spans = clean.files[[*place, "earliest", "latest"]]
    problems = problems.merge(spans, on=place, how="left", validate="many_to_one")
    if month is not None:
        problems = problems[_is_about(problems, month)]
    cures = problems["rule"].map(lambda rule: RULES[rule].cure)
    asks = ~cures.str.startswith(NO_CURE_NEEDED) & (problems["severity"] != "F")
    problems = problems.assign(
        cure=cures,
        owner=problems["table"].map(lambda table: (owners or {}).get(table, NO_OWNER)),
        needs_mending=asks | (problems["severity"] == "Q"),
        worst=problems["severity"].map(_SEVERITIES.index),
    )
    order = problems.sort_values(
        ["latest", "worst", "rows", "file", "rule"], ascending=[False, True, False, True, True],
        na_position="first", ignore_index=True,
    )  # fmt: skip
    return order[list(PROBLEM_COLUMNS)]


def _is_about(rows: pd.DataFrame, month: pd.Timestamp) -> pd.Series:
    """Rows of files whose span touches the month; what has no file has no span and stays."""
    start = month.to_period("M").to_timestamp()
    return rows["latest"].isna() | ((rows["earliest"] <= month) & (rows["latest"] >= start))


def describe_problem(problem: pd.Series) -> str:
    """One problem as a line: where, what, how many rows, the cure, who.

    >>> describe_problem(pd.Series({"table": "caseload", "file": "", "sheet": "", "rule": "C11",
    ...     "severity": "Q", "rows": 1, "first_row": 0, "reason": "no count", "owner": "Data team",
    ...     "cure": "Ask for it.", "latest": pd.NaT}))
    'caseload: C11 no count. Ask for it. (Data team)'
    """
    place = str(problem["file"]) or str(problem["table"])
    place += f", sheet {problem['sheet']}" if problem["sheet"] else ""
    if problem["file"]:
        place += f", row {problem['first_row']}"
        more = int(problem["rows"]) - 1
        place += f" and {more} more" if more else ""
    return f"{place}: {problem['rule']} {problem['reason']}. {problem['cure']} ({problem['owner']})"


def list_late(clean: Clean, month: pd.Timestamp) -> list[str]:
    """A sentence for each table whose extracts stop before a month."""
    start = month.to_period("M").to_timestamp()
    latest = clean.files.groupby("table", sort=False)["latest"].max()
    return [
        f"{table}: the extracts stop at {format_date(date)}."
        for table, date in latest.items()
        if date < start
    ]
