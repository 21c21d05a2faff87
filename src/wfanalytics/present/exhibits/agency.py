"""How much of the workforce is agency staff, and where?"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd

from wfanalytics.analysis.agency import find_concentration
from wfanalytics.errors import ParameterError, unknown_name
from wfanalytics.frames import USABLE_STATUSES
from wfanalytics.measures.area_data import AreaData, select
from wfanalytics.measures.definitions import find_definition
from wfanalytics.periods import format_month
from wfanalytics.present.axes import figure_of
from wfanalytics.present.charts import plot_bars
from wfanalytics.present.exhibit import Exhibit
from wfanalytics.present.exhibits.build import (
    FEW_NOTE,
    NoFigureError,
    asks,
    make_month,
    needs_extracts,
)
from wfanalytics.present.exhibits.common import latest_places, make_places, make_trend
from wfanalytics.present.exhibits.simple import (
    WITHHELD,
    count_people,
    find_value,
    show_share,
    year_ago,
)
from wfanalytics.present.phrases import usable
from wfanalytics.present.tables import figure_words
from wfanalytics.present.words import SHORT_STATUS_WORDS, count_few, each_row, join_words
from wfanalytics.rounding import format_number

#: Months in the table of services by month.
MONTHS_SHOWN = 13
SPREAD = (
    "The {total} agency staff are spread: no locality, nor two or three together, stands out as "
    "having most of them."
)
NOT_TOLD = "Some localities' numbers are withheld, so those with most agency staff are not told."
AGENCY_NAMES = ("member of agency staff", "members of agency staff")


@asks("How much of the workforce is agency staff?")
def agency_trend(data: AreaData) -> Exhibit:
    """Agency rate, FTE; England beside it where the figures are published."""
    return make_trend(data, "agency_rate_fte", table="posts", beside_england=True)


@needs_extracts("Where are agency staff concentrated?")
def agency_localities(data: AreaData) -> Exhibit:
    """Agency workers in each locality, people, and the localities that together have most."""
    made = make_places(
        data, "agency_headcount", level="locality", table="posts", also=["agency_rate_headcount"]
    )
    total = find_value(data, "agency_headcount")
    rows = latest_places(data, "agency_headcount", level="locality")
    if not total or len(rows) == 1:
        return made
    most = find_concentration(rows, total=total)
    if most is None:
        is_whole = rows["status"].isin(USABLE_STATUSES).all()
        said = SPREAD.format(total=format_number(total)) if is_whole else NOT_TOLD
        return replace(made, sentences=(said, *made.sentences))
    verb = "has" if len(most.names) == 1 else "have"
    share = show_share(most.people / most.total)
    headline = f"{join_words(most.names)} {verb} most agency staff: {most.people} of {most.total}"
    return replace(made, headline=headline, sentences=(f"{headline} ({share}).", *made.sentences))


@needs_extracts("What is the ratio of agency to permanent staff in each service?")
def agency_services(data: AreaData) -> Exhibit:
    """Agency rate of each service now and a year before; both kinds of staff, FTE and people."""
    made = make_places(
        data, "agency_rate_fte", level="service", table="posts",
        also=["agency_fte", "inpost_fte", "agency_headcount", "inpost_headcount",
              "permanent_to_agency_ratio_fte"],
    )  # fmt: skip
    rows = latest_places(data, "agency_rate_fte", level="service")
    every = select(data, "agency_rate_fte", level="service")
    before = every[every["period_end"] == year_ago(data)].set_index("area_name")
    before = before.reindex(rows["area_name"]).reset_index()
    if before["period_end"].notna().any():
        now = [_rate_words(row) for row in each_row(rows)]
        then = [_rate_words(row) for row in each_row(before)]
        text = [a if a == b == WITHHELD else f"{a} ({b} a year before)"
                for a, b in zip(now, then, strict=True)]  # fmt: skip
        axes = plot_bars(rows.assign(text=text), text="text",
                         label="Agency staff, per cent of all staff, FTE")  # fmt: skip
        table = pd.DataFrame(made.table)
        table.insert(2, "Agency rate a year before", then)
        made = replace(made, figure=figure_of(axes), table=table)
    ratio = _name_ratio(data)
    if not ratio:
        return made
    said = f"At the end of {format_month(data.month)} there were {ratio}."
    return replace(made, headline=ratio, sentences=(said, *made.sentences))


def _rate_words(row: Any) -> str:
    if pd.notna(row.value):
        return show_share(row.value, 1)
    return SHORT_STATUS_WORDS.get(row.status) or "no figure"


def _name_ratio(data: AreaData) -> str:
    now = find_value(data, "permanent_to_agency_ratio_fte")
    if now is None:
        return ""
    before = find_value(data, "permanent_to_agency_ratio_fte", month=year_ago(data))
    then = "" if before is None else f", against {format_number(before, 1)} a year before"
    return f"{format_number(now, 1)} permanent staff for each agency worker (FTE){then}"


@needs_extracts("How has the ratio in each service moved, month by month?")
def agency_services_months(data: AreaData) -> Exhibit:
    """Agency staff of all staff in each service, people, for the last thirteen month ends."""
    rows = select(data, "agency_rate_headcount", level="service")
    dates = sorted(rows["period_end"].unique())[-MONTHS_SHOWN:]
    rows = rows[rows["period_end"].isin(dates)]
    if rows.empty or usable(rows).empty:
        raise NoFigureError("No service has a figure that may be shown.")
    cells = {(r.period_end, r.area_name): _of_all(r) for r in each_row(rows)}
    names = sorted(rows["area_name"].unique())
    table = pd.DataFrame({"Month end": [format_month(date) for date in dates]})
    for name in names:
        table[name] = [cells.get((date, name), "no figure") for date in dates]
    said = [
        *_describe_largest(usable(rows)),
        f"Of {len(rows)} figures of services and months, {len(usable(rows))} may be shown.",
    ]
    return make_month(
        data, headline=said[0], what="Agency staff of all staff, people, by service and month end",
        sentences=said, table=table, source="posts", notes=[FEW_NOTE],
        measures=["agency_rate_headcount"],
    )  # fmt: skip


def _describe_largest(rows: pd.DataFrame) -> list[str]:
    """The service with most agency staff in the last month shown, then and at the beginning."""
    last = rows[rows["period_end"] == rows["period_end"].max()]
    name = last.loc[last["numerator"].idxmax(), "area_name"]
    own = rows[rows["area_name"] == name].sort_values("period_end")
    first, now = each_row(own.iloc[[0, -1]])
    if not now.numerator:
        return [f"No service shown has agency staff in {format_month(now.period_end)}."]
    said = f"{name} has most agency staff shown: {_of_all(now)} in {format_month(now.period_end)}"
    if first.period_end == now.period_end:
        return [f"{said}."]
    return [f"{said}, {_of_all(first)} in {format_month(first.period_end)}."]


def _of_all(row: Any) -> str:
    words = _rate_words(row)
    if not words.endswith("%"):
        return words
    return f"{format_number(row.numerator)} of {format_number(row.denominator)} ({words})"


@needs_extracts("How many agency workers has one service?")
def agency_service_count(data: AreaData, *, service: str = "") -> Exhibit:
    """Agency staff of one service: people, FTE, share, date; or "fewer than 5".

    ``service`` may have its words in any order; by default the one with most agency staff.

    Raises
    ------
    ParameterError
        for a service the staff lists do not have, naming the nearest.

    >>> import wfanalytics as wf
    >>> data = wf.open_area("exampleshire", month="2020-09")
    >>> agency_service_count(data, service="Children Looked After").sentences[0]
    'Looked After Children had 8 members of agency staff (8.0 FTE) at the end of September 2020.'
    """
    measures = ("agency_headcount", "agency_fte", "agency_rate_fte")
    found = {name: latest_places(data, name, level="service") for name in measures}
    people = found["agency_headcount"]
    if people.empty:
        raise NoFigureError(f"There is no staff list by service for {format_month(data.month)}.")
    name = _find_service(service, people)
    row = {m: next(each_row(rows[rows["area_name"] == name])) for m, rows in found.items()}
    sentences, number = _describe_service(data, name, row)
    table = {
        "Service": [name],
        "Agency staff, people": [number],
        "Agency staff, FTE": [figure_words(row["agency_fte"], find_definition("agency_fte"))],
        "Share of all staff, FTE": [_rate_words(row["agency_rate_fte"])],
    }
    return make_month(
        data, headline=sentences[0], what=f"Agency staff in {name}", sentences=sentences,
        table=table, source="posts", notes=[FEW_NOTE],
        measures=["agency_headcount", "agency_rate_fte"],
    )  # fmt: skip


def _find_service(asked: str, people: pd.DataFrame) -> str:
    """The service asked for, whatever the order of its words; without one, that with most."""
    names = list(people["area_name"])
    if not asked.strip():
        most = people.sort_values("value", ascending=False, kind="stable")
        return str(most["area_name"].iloc[0])
    wanted = sorted(asked.casefold().split())
    for name in names:
        if sorted(name.casefold().split()) == wanted:
            return str(name)
    raise ParameterError(unknown_name("service", asked, names))


def _describe_service(data: AreaData, name: str, row: dict[str, Any]) -> tuple[list[str], str]:
    """Sentences on one service's agency staff, and the number as a table prints it."""
    when = f"at the end of {format_month(data.month)}"
    people, fte = row["agency_headcount"].value, row["agency_fte"].value
    if pd.notna(people):
        staff = count_people(float(people), *AGENCY_NAMES)
        size = "" if pd.isna(fte) else f" ({format_number(float(fte), 1)} FTE)"
        share = _rate_words(row["agency_rate_fte"])
        more = [f"That is {share} of its staff, FTE."] if share.endswith("%") else []
        return [f"{name} had {staff}{size} {when}.", *more], format_number(float(people))
    # Which of the two it is would help to work out the other services' numbers.
    return [
        f"The number of agency staff in {name} {when} is {WITHHELD}.",
        f"It is {count_few(data.disclosure)}, or would give away such a number of another service.",
    ], WITHHELD
