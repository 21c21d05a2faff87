"""The same figures at two dates, such as an inspection and now."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from wfanalytics.analysis.staffing import FIRST_LINE, calculate_span, count_roles
from wfanalytics.errors import ParameterError
from wfanalytics.frames import USABLE_STATUSES
from wfanalytics.measures.area_data import AreaData, select
from wfanalytics.periods import format_date, format_month, month_end, parse_month

#: Figures compared, in the order of the table.
MEASURES = (
    "inpost_headcount", "inpost_fte", "agency_headcount", "agency_fte", "establishment_fte",
    "vacancy_fte", "vacancy_rate_fte", "uncovered_vacancy_rate_fte", "agency_rate_fte",
    "case_holders_fte", "cases", "caseload_fte",
)  # fmt: skip


class Then(NamedTuple):
    """The earlier date, and in words why it is that one."""

    date: pd.Timestamp
    reason: str


def find_then(data: AreaData, *, then: str = "") -> Then | None:
    """The date to compare with; None where there are no figures so early.

    ``then`` is a month; without it the last month end before the first inspection, and without
    an inspection a year before. It is the last date with figures up to that one.

    Raises
    ------
    ParameterError
        for a month that is not before the one reported.

    >>> import wfanalytics as wf
    >>> find_then(wf.open_area("exampleshire", month="2020-09")).date.date().isoformat()
    '2019-04-30'
    """
    wanted, reason = _find_wanted(data, then)
    rows = select(data, "inpost_fte")
    rows = rows[rows["status"].isin(USABLE_STATUSES) & (rows["period_end"] <= wanted)]
    return None if rows.empty else Then(rows["period_end"].iloc[-1], reason)


def _find_wanted(data: AreaData, then: str) -> tuple[pd.Timestamp, str]:
    if then:
        date = month_end(parse_month(then))
        if date >= data.month:
            raise ParameterError(
                f"The month to compare with, {then}, is not before {format_month(data.month)}."
            )
        return date, "up to the month asked for"
    year_before = data.month - pd.DateOffset(years=1) + pd.offsets.MonthEnd(0)
    for event in sorted(data.events, key=lambda event: event.date):
        date = pd.Timestamp(event.date)
        last = date if date.is_month_end else date - pd.offsets.MonthEnd(1)
        if event.kind == "inspection" and last < data.month:
            return last, f"before {event.label}, {format_date(date)}"
    return year_before, "up to a year before"


def calculate_now_and_then(data: AreaData, *, then: pd.Timestamp) -> pd.DataFrame:
    """One row a figure: ``item``, ``unit``, its values ``then`` and ``now``, null where withheld.

    ``item`` is a measure, a role, ``teams`` or ``span`` (social workers for each first line
    manager, FTE); ``unit`` is ``measure``, ``people``, ``FTE``, ``teams`` or ``ratio``. Roles,
    teams and spans need the authority's own staff lists.
    """
    rows: list[tuple[str, str, float, float]] = []
    for measure in MEASURES:
        found = select(data, measure)
        values = found[found["status"].isin(USABLE_STATUSES)].set_index("period_end")["value"]
        pair = (values.get(then, float("nan")), values.get(data.month, float("nan")))
        if found["period_end"].isin([then, data.month]).any():
            rows.append((measure, "measure", *pair))
    if "workers" in data.tables:
        rows += _compare_staff(data, then)
    return pd.DataFrame(rows, columns=["item", "unit", "then", "now"])


def _compare_staff(
    data: AreaData, then: pd.Timestamp
) -> list[tuple[str, str, float, float]]:  # fmt: skip
    workers, dates = data.tables["workers"], (then, data.month)
    counts = count_roles(workers, as_at=dates, rules=data.disclosure)
    by_date = [counts[counts["as_at"] == date].set_index("role", drop=False) for date in dates]
    rows = [
        (str(role), unit, float(by_date[0][column][role]), float(by_date[1][column][role]))
        for role in by_date[0].index
        for unit, column in (("people", "people"), ("FTE", "fte"))
    ]
    staff = workers[workers["role"] != "support"]
    teams = [float(staff.loc[staff["as_at"] == date, "team"].nunique()) for date in dates]
    spans = [calculate_span(count, FIRST_LINE) for count in by_date]
    return [
        # A role that nobody has at either date says nothing.
        *(row for row in rows if row[2:] != (0.0, 0.0)),
        ("teams", "teams", teams[0], teams[1]),
        ("span", "ratio", spans[0], spans[1]),
    ]
