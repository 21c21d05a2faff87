"""Did more leave after an event, or in winter?"""

from __future__ import annotations

from typing import Any

import pandas as pd

from wfanalytics.analysis.rates import (
    FEWEST_MONTHS,
    FEWEST_SEASON_MONTHS,
    FEWEST_WINTERS,
    WINDOW,
    Winters,
    calculate_winters,
    compare_events,
    list_leaver_months,
)
from wfanalytics.measures.area_data import AreaData
from wfanalytics.periods import format_date
from wfanalytics.present.charts import plot_bars
from wfanalytics.present.exhibit import Exhibit
from wfanalytics.present.exhibits.build import NoFigureError, make_month, needs_extracts
from wfanalytics.present.exhibits.simple import count_people, join_alt, show_numbers
from wfanalytics.present.words import each_row, sentence_case
from wfanalytics.rounding import format_number

#: Events drawn, the latest.
EVENTS_SHOWN = 4
TEST_NOTE = (
    "Two counts are compared by the exact conditional test, two-sided at 5%, with the staff in "
    "post at each month's end as the base."
)
NO_CAUSE = "This shows no cause: other things happened at the time too."
RATE_LABEL = "Leavers a year for each 100 permanent staff"


@needs_extracts("Did more leave after an event?")
def leavers_event(data: AreaData) -> Exhibit:
    """Leavers in up to twelve months before and after each event of ``events.csv``."""
    months = list_leaver_months(data)
    rows = compare_events(months, data.events)
    if len(rows):
        rows = rows[rows["finding"] != "too soon"].tail(EVENTS_SHOWN)
    if rows.empty:
        raise NoFigureError(f"No event has {FEWEST_MONTHS} months of leavers before and after it.")
    said = [_describe_event(row) for row in each_row(rows)][::-1]
    bars = _list_event_bars(rows)
    axes = plot_bars(bars, name="name", text="text", ranked=False,
                     label=f"{RATE_LABEL}, before and after")  # fmt: skip
    alt = join_alt(f"Bar chart: {RATE_LABEL.lower()} around events, {data.name}.",
                   bars["name"][::-1], bars["text"][::-1])  # fmt: skip
    return make_month(
        data, headline=_headline_event(rows), what="Leavers before and after each event",
        sentences=[*said, NO_CAUSE], axes=axes, alt=alt, table=_tabulate_events(rows),
        source="movements",
        notes=[TEST_NOTE, f"Up to {WINDOW} months on each side; the month of the event is left "
               "out, unless it is its first day."],
    )  # fmt: skip


FINDINGS = {
    "more": "more, by more than chance",
    "fewer": "fewer, by more than chance",
    "no clear change": "no clear change",
    "too few": "too few to tell",
}


def _list_event_bars(rows: pd.DataFrame) -> pd.DataFrame:
    """Two bars an event: the rate before and after it, and what it rests on."""
    bars = [
        (f"{row.label}: {side}", getattr(row, f"rate_{side}"), _bar_words(row, side))
        for row in each_row(rows)
        for side in ("before", "after")
    ]
    return pd.DataFrame(bars, columns=["name", "value", "text"])


def _tabulate_events(rows: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "Event": row.label,
                "Date": format_date(row.date),
                "Months before": row.months_before,
                "Leavers before": row.leavers_before,
                "A year for 100 before": format_number(row.rate_before, 1),
                "Months after": row.months_after,
                "Leavers after": row.leavers_after,
                "A year for 100 after": format_number(row.rate_after, 1),
                "Finding": sentence_case(FINDINGS[row.finding]),
            }
            for row in each_row(rows)
        ]
    )


def _bar_words(row: Any, side: str) -> str:
    leavers = count_people(getattr(row, f"leavers_{side}"), "leaver")
    months = count_people(getattr(row, f"months_{side}"), "month")
    return f"{format_number(getattr(row, f'rate_{side}'), 1)} ({leavers}, {months})"


def _describe_event(row: Any) -> str:
    before, after = (format_number(rate, 1) for rate in (row.rate_before, row.rate_after))
    rates = f"{before} leavers a year for each 100 staff before, {after} after"
    return f"{row.label} ({format_date(row.date)}): {rates}; {FINDINGS[row.finding]}."


def _headline_event(rows: pd.DataFrame) -> str:
    row = rows.iloc[-1]
    words = {"more": "More left after {} than before", "fewer": "Fewer left after {} than before",
             "no clear change": "No clear change in leavers after {}",
             "too few": "Too few leavers to tell a change after {}"}  # fmt: skip
    return words[row["finding"]].format(f"“{row['label']}” ({format_date(row['date'])})")


@needs_extracts("Do more leave in winter?")
def leavers_seasons(data: AreaData) -> Exhibit:
    """Leavers of each winter beside those of the months around it, and a tested answer."""
    winters = calculate_winters(list_leaver_months(data))
    if winters.finding == "too little data":
        raise NoFigureError(
            f"Too little data: {FEWEST_SEASON_MONTHS} months with {FEWEST_WINTERS} whole winters "
            f"are needed, and there {'is' if winters.months == 1 else 'are'} "
            f"{count_people(winters.months, 'month')}.",
            headline="Too little data to tell",
        )
    rows = winters.frame
    bars = _list_winter_bars(rows)
    winter_names = [name for name in bars["name"] if name.startswith("Winter")]
    axes = plot_bars(bars, name="name", text="text", ranked=False, highlight=winter_names,
                     label=RATE_LABEL)  # fmt: skip
    said = _describe_winters(winters)
    table = {
        "Winter": [f"{year} to {year + 1}" for year in rows["winter"]],
        "Leavers, December to February": rows["leavers"],
        "Leavers in the three months before and after": rows["leavers_around"],
        "Expected in winter": show_numbers(rows["expected"], 1),
    }
    alt = join_alt(f"Bar chart: {RATE_LABEL.lower()}, winters and the months around, {data.name}.",
                   bars["name"], bars["text"])  # fmt: skip
    return make_month(
        data, headline=said[0], sentences=said,
        what="Leavers in winter and in the months around it", axes=axes, alt=alt, table=table,
        source="movements",
        notes=["Winter is December to February. Expected is the number at the rate of September "
               "to November and March to May around it, so that a steady rise or fall is no "
               "season.",
               f"Score test, two-sided at 5%; months differ {format_number(winters.dispersion, 1)} "
               "times as much as chance would have it, and the test allows for it."],
    )  # fmt: skip


def _list_winter_bars(rows: pd.DataFrame) -> pd.DataFrame:
    """Two bars a winter: its own rate, and that of the months around it."""
    bars = pd.DataFrame(
        [
            (f"{name} {row.winter} to {row.winter + 1}", 1200 * leavers / staff, leavers)
            for row in each_row(rows)
            for name, leavers, staff in (
                ("Winter", row.leavers, row.staff_months),
                ("Months around,", row.leavers_around, row.staff_months_around),
            )
        ],
        columns=["name", "value", "leavers"],
    )
    bars["text"] = [f"{format_number(r.value, 1)} ({count_people(r.leavers, 'leaver')})"
                    for r in each_row(bars)]  # fmt: skip
    return bars


def _describe_winters(winters: Winters) -> list[str]:
    rows = winters.frame
    leavers, expected = rows["leavers"].sum(), rows["expected"].sum()
    first = {
        "more": "Yes, more leave in winter.",
        "fewer": "No: fewer leave in winter.",
        "no sign": "No sign that more leave in winter.",
    }[winters.finding]
    counts = f"{count_people(leavers, 'leaver')} in {len(rows)} winters"
    there = "was" if leavers == 1 else "were"
    return [first, f"There {there} {counts}; at the rate of the months around, "
            f"{format_number(expected, 1)} were to be expected."]  # fmt: skip
