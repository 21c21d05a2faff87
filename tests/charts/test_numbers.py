"""Every number in every sentence is a number of the frame it came from, as printed."""

from __future__ import annotations

import re

import pandas as pd
import pytest

import wfanalytics as wf
from wfanalytics.analysis.control import calculate_assurance, compare_counts
from wfanalytics.analysis.targets import calculate_target_status
from wfanalytics.measures.area_data import select
from wfanalytics.measures.definition import round_shown
from wfanalytics.measures.definitions import find_definition
from wfanalytics.present.exhibits.series import find_control, from_first_figure
from wfanalytics.present.exhibits.summary import MEASURES
from wfanalytics.present.phrases import shown_difference
from wfanalytics.present.words import each_row, format_parts, format_plain, format_value
from wfanalytics.rounding import format_number, round_to_sum

MONTHS = ("2018-04", "2019-07", "2020-09")
NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")
DATES = re.compile(r"\b(?:\d{1,2} )?[A-Z][a-z]+ \d{4}\b")
#: The measures each exhibit speaks of; any other exhibit's numbers stand in its own table.
SPEAKS_OF = {
    "vacancy_trend": ["uncovered_vacancy_rate_fte"], "vacancy_gross": ["vacancy_rate_fte"],
    "agency_trend": ["agency_rate_fte"], "leavers_month": ["leavers_headcount"],
    "leavers_rate": ["leaver_rate_headcount"], "leavers_year": ["leavers_12m_headcount"],
    "turnover_trend": ["turnover_rate_fte"], "absence_trend": ["absence_rate_fte"],
    "caseload_trend": ["caseload_fte"], "scorecard": list(MEASURES),
}  # fmt: skip
PLACES = {
    "vacancy_services": ["uncovered_vacancy_rate_fte"], "caseload_services": ["caseload_fte"],
    "caseload_teams": ["caseload_fte"], "agency_localities": ["agency_headcount"],
    "agency_services": ["agency_rate_fte", "permanent_to_agency_ratio_fte"],
}  # fmt: skip


def numbers_in(texts):
    return {number for text in texts for number in NUMBER.findall(DATES.sub("", text))}


def test_numbers_are_found_and_dates_are_not():
    assert numbers_in(["It was 7.1% (1,396 of 450.0) in July 2019, on 5 May 2020"]) == {
        "7.1", "1,396", "450.0",
    }  # fmt: skip


def list_printed(data, measure, period_type):
    """All that a sentence on one measure may say: figures, parts, differences, target, limits."""
    definition = find_definition(measure)
    rows = from_first_figure(select(data, measure, period_type=period_type))
    if rows.empty:
        return []
    control = find_control(data, measure, rows)
    # Months tell what is usual of a weekly line.
    control_rows = control if len(control) else rows.head(0)
    texts = [format_parts(row, definition) for row in each_row(rows)]
    held = rows["value"].dropna()
    texts += [format_value(v, definition) for v in [*held, *control_rows["value"].dropna()]]
    if len(held):
        changes = [shown_difference(v, held.iloc[-1], definition) for v in held]
        texts += [format_value(abs(change), definition) for change in changes]
    for name in ("usual_low", "usual_high", "centre") if len(control) else ():
        texts += [format_value(v, definition) for v in control[name].dropna().tail(1)]
        texts += [format_number(v, 1) for v in control[name].dropna().tail(1)]
    aims = [t for t in data.targets if t.measure == measure and t.scope_level == "authority"]
    status = calculate_target_status(rows, aims)
    assured = calculate_assurance(status, control)
    texts += [format_number(100 * v) for v in assured["share_inside"].dropna()]
    texts += [len(control)] if len(control) else []
    for aim in aims:
        edges = [v for v in (aim.value, aim.low, aim.high) if v is not None]
        texts += [format_plain(edge, definition) for edge in edges]
        scale = 100 if definition.unit == "percent" else 1
        gaps = [scale * abs(round_shown(v, definition) - e) for v in held.tail(1) for e in edges]
        texts += [format_number(gap, 1) for gap in gaps]
    for row in each_row(compare_counts(rows)) if definition.unit == "people" else ():
        texts += [format_number(row.before), format_number(row.after)]
    return [str(text) for text in texts]


@pytest.fixture(scope="module", params=MONTHS)
def data(request):
    return wf.open_area("exampleshire", month=request.param)


@pytest.mark.parametrize("name", SPEAKS_OF)
def test_trends_and_the_scorecard_say_numbers_of_their_frames(data, name):
    exhibit = getattr(wf.exhibits, name)(data)
    period_type = "week" if name == "caseload_trend" else None
    texts = [t for measure in SPEAKS_OF[name] for t in list_printed(data, measure, period_type)]
    if name == "scorecard":
        texts += [str(n) for n in range(len(MEASURES) + 1)]
    said = numbers_in([*exhibit.sentences, exhibit.headline])
    assert said <= numbers_in(texts), said - numbers_in(texts)


def list_said_of_places(data, measure):
    """Figures of places and of the authority, now and a year before; what the first add up to."""
    definition = find_definition(measure)
    dates = [data.month, data.month - pd.offsets.MonthEnd(12)]
    rows = data.measures[data.measures["measure"] == measure]
    rows = rows[rows["period_end"].isin(dates) & (rows["period_type"] != "week")]
    texts = [format_value(value, definition) for value in rows["value"].dropna()]
    now = rows[rows["period_end"] == data.month]
    texts += [str(n) for n in range(int((~now["status"].isin(["ok", "provisional"])).sum()) + 1)]
    if definition.unit == "people":
        whole = now.loc[now["area_level"] == "authority", "value"].iloc[0]
        places = now[now["area_level"] == "locality"]["value"].dropna()
        sums = places.sort_values(ascending=False).cumsum()
        texts += [format_number(total) for total in sums]
        texts += [format_number(100 * total / whole) for total in sums]
    return texts


@pytest.mark.parametrize("name", PLACES)
def test_places_say_numbers_of_their_frames(data, name):
    exhibit = getattr(wf.exhibits, name)(data)
    texts = [text for measure in PLACES[name] for text in list_said_of_places(data, measure)]
    said = numbers_in(exhibit.sentences)
    assert said <= numbers_in(texts), said - numbers_in(texts)


@pytest.mark.parametrize("name", ["vacancy_cover", "caseload_shares"])
def test_parts_say_numbers_of_their_tables(data, name):
    exhibit = getattr(wf.exhibits, name)(data)
    if exhibit.table is None:
        pytest.skip("this month has nothing to show")
    row = exhibit.table.iloc[-1]
    texts = [format_number(v, 1) if isinstance(v, float) else str(v) for v in row]
    figures = pd.to_numeric(row.iloc[1:])
    texts += [format_number(100 * v / figures.iloc[-1], 1) for v in figures if figures.iloc[-1]]
    parts = list(figures.iloc[:3])
    if name == "vacancy_cover":  # its shares are printed so that they add up to 100.0
        shares = [100 * part / figures["Establishment, FTE"] for part in parts]
        texts += [format_number(share, 1) for share in round_to_sum(shares, 1, total=100)]
    texts += [format_number(figures.sum()), "13", "16"]
    over = select(data, "over_establishment_fte")["value"].iloc[-1]
    texts += [format_number(over, 1)]
    assert numbers_in(exhibit.sentences) <= numbers_in(texts)
