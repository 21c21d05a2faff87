"""How far figures are from a year earlier, from the last turning point, and from then to now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import pandas as pd

from wfanalytics.analysis.staffing import FIRST_LINE, calculate_span, count_roles
from wfanalytics.errors import ParameterError
from wfanalytics.frames import USABLE_STATUSES
from wfanalytics.measures.area_data import AreaData, select
from wfanalytics.periods import format_date, format_month, month_end, parse_month

#: How far back a turning point is looked for. A committee remembers about two years.
MEMORY = pd.DateOffset(months=24)
#: A figure that has moved by less than this share of the two years' range has hardly moved.
HARDLY = 0.1
#: Figures compared, in the order of the table.
MEASURES = (
    "inpost_headcount", "inpost_fte", "agency_headcount", "agency_fte", "establishment_fte",
    "vacancy_fte", "vacancy_rate_fte", "uncovered_vacancy_rate_fte", "agency_rate_fte",
    "case_holders_fte", "cases", "caseload_fte",
)  # fmt: skip


@dataclass(frozen=True)
class Change:
    """The rows of one series that its sentences speak of; None where there is no figure.

    ``latest`` is the last row, whatever its status; ``year_ago`` the row twelve months before
    it; ``turning_point`` the highest or the lowest figure of the last two years, the latest
    figure itself aside: whichever came later, unless the latest figure has hardly left it.
    """

    latest: pd.Series
    year_ago: pd.Series | None
    turning_point: pd.Series | None

    @property
    def has_figure(self) -> bool:
        """Whether the latest period has a figure."""
        return self.latest["status"] in USABLE_STATUSES


def calculate_change(rows: pd.DataFrame) -> Change:
    """Find the rows to compare in one series of a measure frame, in any order.

    >>> dates = pd.to_datetime(["2018-07-31", "2019-02-28", "2019-07-31"])
    >>> rows = pd.DataFrame({"period_end": dates, "value": [0.159, 0.185, 0.07], "status": "ok"})
    >>> float(calculate_change(rows).turning_point["value"])
    0.185
    """
    ordered = rows.sort_values("period_end", ignore_index=True)
    latest = ordered.iloc[-1]
    usable = ordered[ordered["status"].isin(USABLE_STATUSES)]
    year_ago = usable[usable["period_end"] == _year_earlier(latest["period_end"])]
    turning = None
    if latest["status"] in USABLE_STATUSES:
        recent = usable[usable["period_end"] >= latest["period_end"] - MEMORY]
        turning = _find_turning_point(recent["value"], latest=latest.name)
        turning = None if turning is None else usable.loc[turning]
    return Change(latest, year_ago.iloc[-1] if len(year_ago) else None, turning)


def _find_turning_point(values: pd.Series, *, latest: Any) -> Any:
    """The row of the later extreme; of the earlier one, where the later is as good as now."""
    extremes = sorted({values.idxmax(), values.idxmin()} - {latest}, reverse=True)
    hardly = HARDLY * (values.max() - values.min())
    left = [row for row in extremes if abs(values[latest] - values[row]) > hardly]
    return next(iter([*left, *extremes]), None)


def _year_earlier(end: pd.Timestamp) -> pd.Timestamp:
    """The month end, or the same weekday, a year before."""
    if end == end + pd.offsets.MonthEnd(0):
        return end - pd.DateOffset(years=1) + pd.offsets.MonthEnd(0)
    return end - pd.Timedelta(weeks=52)


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
