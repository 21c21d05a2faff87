"""What cleaning found, in the order somebody would mend it: newest files first."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from wfanalytics.clean.area import Clean
from wfanalytics.clean.census_rules import ALL_RULES
from wfanalytics.periods import format_date, format_month, year_before

#: A rule whose cure begins so asks nothing of anybody.
NO_CURE_NEEDED = "None needed"
NO_OWNER = "owner not named in profile.yml"
#: A return's ledger says which worker of the file; a problem is all of them.
_WORKER_NUMBER = r" \(worker \d+\)$"
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
    repairs = clean.repairs if month is None else _leave_out_later(clean.repairs, month)
    repairs = repairs.assign(reason=repairs["reason"].str.replace(_WORKER_NUMBER, "", regex=True))
    grouped = repairs.groupby(key, sort=False)["row"].agg(["size", "min"]).reset_index()
    problems = grouped.rename(columns={"size": "rows", "min": "first_row"})
    # An establishment list is the extract of two tables.
    place = ["table", "file", "sheet"]
    spans = clean.files[[*place, "earliest", "latest"]]
    problems = problems.merge(spans, on=place, how="left", validate="many_to_one")
    if month is not None:
        problems = problems[_is_about(problems, month)]
        # A figure's own month stands in the reason.
        is_other = ~problems["reason"].str.contains(f", {format_month(month)}:", regex=False)
        problems = problems[~((problems["table"] == "measures") & is_other)]
    cures = problems["rule"].map(lambda rule: ALL_RULES[rule].cure)
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


def _leave_out_later(repairs: pd.DataFrame, month: pd.Timestamp) -> pd.DataFrame:
    """Without what is missing of a later month: it has a date, and no file."""
    dates = pd.to_datetime(repairs["before"].where(repairs["file"] == ""), errors="coerce")
    return repairs[~(dates > month)]


def _is_about(rows: pd.DataFrame, month: pd.Timestamp) -> pd.Series:
    """Rows of files whose span touches the month; what has no file has no span and stays."""
    start = month.to_period("M").to_timestamp()
    return rows["latest"].isna() | ((rows["earliest"] <= month) & (rows["latest"] >= start))


def describe_problem(problem: pd.Series, *, others: int = 0) -> str:
    """One problem as a line: where, in how many ``others``, what, how many rows, the cure, who.

    >>> describe_problem(pd.Series({"table": "caseload", "file": "", "sheet": "", "rule": "C11",
    ...     "severity": "Q", "rows": 1, "first_row": 0, "reason": "no count", "owner": "Data team",
    ...     "cure": "Ask for it.", "latest": pd.NaT}))
    'caseload: C11 no count. Ask for it. (Data team)'
    """
    place = str(problem["file"]) or str(problem["table"])
    place += f", sheet {problem['sheet']}" if problem["sheet"] else ""
    if problem["first_row"]:
        place += f", row {problem['first_row']}"
        more = int(problem["rows"]) - 1
        place += f" and {more} more" if more else ""
    place += f", and {others} other extract{'s' * (others != 1)}" if others else ""
    reason = str(problem["reason"]).rstrip(".")
    return f"{place}: {problem['rule']} {reason}. {problem['cure']} ({problem['owner']})"


def list_late(clean: Clean, month: pd.Timestamp) -> list[str]:
    """A sentence for each table whose extracts stop before a month.

    One whose extract of the month is there and could not be used is not late.
    """
    start = month.to_period("M").to_timestamp()
    monthly = clean.files[clean.files["table"] != "census"]
    latest = monthly.groupby("table", sort=False)["latest"].max()
    return [
        f"{table}: the extracts stop at {format_date(date)}."
        for table, date in latest.items()
        if date < start and month not in clean.months_refused(str(table))
    ]


#: The figures a committee reads first; what a refused or queried row could do to each is said.
HEADLINES = ("vacancy_rate_fte", "agency_rate_fte", "leavers_12m_headcount", "caseload_fte")
EFFECT_COLUMNS = ("table", "file", "sheet", "rule", "severity", "reason", "measure", "value",
                  "effect")  # fmt: skip


def calculate_effects(
    doubtful: pd.DataFrame, measures: pd.DataFrame, *, month: pd.Timestamp
) -> pd.DataFrame:
    """The most each problem's rows could move a headline figure of the month.

    A refused row is counted as it stands; a row that was asked about is left out. Where a row
    does not say its FTE, or whose it is, the larger of what is possible is taken, so each effect
    is a bound.

    Parameters
    ----------
    doubtful : rows as ``clean.doubtful`` gives them.
    measures : a measure frame with the authority's headline figures of the month.

    Returns
    -------
    DataFrame with :data:`EFFECT_COLUMNS`, one row a problem whose rows count in the month:
    ``effect`` is the change of the headline ``measure`` it moves most (for rates a fraction),
    in size; ``value`` the figure as it is.
    """
    figures = _find_headlines(measures, month)
    weeks = measures[(measures["period_type"] == "week") & (measures["period_end"] <= month)]
    rows = doubtful[_counts_in(doubtful, month, last_week=weeks["period_end"].max())]
    found = []
    key = ["table", "file", "sheet", "rule", "severity", "reason"]
    for problem, group in rows.groupby(key, sort=False):
        sign = 1 if group["is_row_refused"].iloc[0] else -1
        effects = {
            measure: _change(measure, figures[measure], group, sign)
            for measure in _TOUCHES[str(problem[0])]
            if measure in figures
        }
        if effects:
            most = max(effects, key=lambda measure: effects[measure])
            found.append((*problem, most, figures[most][0], effects[most]))
    return pd.DataFrame(found, columns=list(EFFECT_COLUMNS))


_NO_LEAVERS = ("starter", "conversion", "internal_move", "offer")
_TOUCHES = {
    "posts": ("vacancy_rate_fte",), "workers": ("vacancy_rate_fte", "agency_rate_fte"),
    "movements": ("leavers_12m_headcount",), "caseload": ("caseload_fte",),
}  # fmt: skip


def _find_headlines(
    measures: pd.DataFrame, month: pd.Timestamp
) -> dict[str, tuple[float, float, float]]:
    """Value, numerator and denominator of each headline figure that is there."""
    is_own = (measures["area_level"] == "authority") & (measures["breakdown"] == "all")
    is_now = (measures["period_end"] == month) & (measures["period_type"] != "week")
    rows = measures[is_own & is_now & measures["measure"].isin(HEADLINES)]
    rows = rows[rows["value"].notna()].set_index("measure")
    parts = rows[["value", "numerator", "denominator"]].itertuples()
    return {str(name): (value, above, below) for name, value, above, below in parts}


def _counts_in(rows: pd.DataFrame, month: pd.Timestamp, *, last_week: pd.Timestamp) -> pd.Series:
    """Rows of the month's lists, of its last week, and of the year to its end."""
    date, table = pd.to_datetime(rows["date"]), rows["table"]
    is_week = (table == "caseload") & (date == last_week)
    is_year = (table == "movements") & date.between(year_before(month), month)
    return (date == month) & table.isin(("posts", "workers")) | is_week | is_year


def _change(
    measure: str, figure: tuple[float, float, float], rows: pd.DataFrame, sign: int
) -> float:
    """The size of the change of one figure, at most, were the rows counted (or left out)."""
    value, above, below = figure
    if measure == "leavers_12m_headcount":
        return float((~rows["kind"].isin(_NO_LEAVERS)).sum())
    fte = sign * float(rows["fte"].sum())
    if measure == "caseload_fte":
        # Whoever holds the cases has no FTE of their own yet, or at most 1 for each row.
        more = above + sign * float(rows["cases"].sum())
        options = [more / below, more / (below + sign * len(rows))]
    elif measure == "agency_rate_fte":
        agency = sign * float(rows.loc[rows["kind"] != "permanent", "fte"].sum())
        staff = sign * float(rows.loc[rows["kind"] != "agency", "fte"].sum())
        options = [(above + agency) / (below + agency), above / (below + staff)]
    elif rows["table"].iloc[0] == "posts":
        options = [(above + fte) / (below + fte)]
    else:
        staff = sign * float(rows.loc[rows["kind"] != "agency", "fte"].sum())
        options = [(above - staff) / below]
    return max(abs(option - value) for option in options)


def add_effects(problems: pd.DataFrame, effects: pd.DataFrame) -> pd.DataFrame:
    """Problems with the headline ``measure`` each could move most, its ``value`` and ``effect``."""
    key = list(EFFECT_COLUMNS[:6])
    return problems.merge(effects, on=key, how="left", validate="one_to_one")
