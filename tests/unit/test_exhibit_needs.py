"""Each exhibit says which extracts of the month it needs, or shows other months without."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

import wfanalytics as wf
from wfanalytics.measures.area import calculate_local
from wfanalytics.present.exhibits.needs import NEEDS, NEEDS_A_YEAR, SHOWS_ALSO
from wfanalytics.settings import TABLES

#: What they are about is which extracts could be used.
ABOUT_THE_EXTRACTS = {"quality_month", "quality_files", "quality_rules"}


def test_every_exhibit_is_known_to_need_extracts_or_to_show_more_than_the_month():
    assert set(wf.exhibits.__all__) == {*NEEDS, *SHOWS_ALSO} | ABOUT_THE_EXTRACTS


def test_what_goes_through_a_year_of_movements_needs_the_months_too():
    assert all("movements" in NEEDS[key] for key in NEEDS_A_YEAR)


def test_they_need_tables_there_are_and_no_table_twice():
    for tables in (*NEEDS.values(), *SHOWS_ALSO.values()):
        assert tables
        assert set(tables) <= set(TABLES)
    for key in set(NEEDS) & set(SHOWS_ALSO):
        assert key in ("now_and_then", "reconciliation", "outlook_scenarios")


@pytest.fixture(scope="module")
def sample():
    return wf.open_area("exampleshire", month="2020-09")


def refuse(data, table, month):
    """The area with a fault in one extract, whatever its rows."""
    fault = {"table": table, "file": "a.csv", "sheet": "", "month": pd.Timestamp(month),
             "rule": "A30", "message": "a.csv: the file is empty. Ask for it again."}  # fmt: skip
    return replace(data, refused=pd.DataFrame([fault]))


def test_the_bridge_needs_each_month_of_movements_and_other_exhibits_do_not(sample):
    data = refuse(sample, "movements", "2020-02-29")
    bridge = wf.exhibits.vacancy_bridge(data)
    assert (bridge.status, bridge.headline) == (
        "unavailable", "Why did vacancies change? Missing for September 2020")  # fmt: skip
    assert bridge.sentences == (
        "The movements extract of February 2020 could not be used: a.csv: the file is empty. Ask "
        "for it again.",
    )
    assert wf.exhibits.agency_conversions(data).status == "ok"
    assert wf.exhibits.vacancy_bridge(refuse(sample, "movements", "2019-09-30")).status == "ok"


def test_allocations_that_could_not_be_used_are_not_said_to_be_unasked_for(sample):
    tables = {name: rows for name, rows in sample.tables.items() if name != "allocations"}
    data = replace(refuse(sample, "allocations", pd.NaT), tables=tables)
    assert wf.exhibits.worker_changes(data).sentences == (
        "The allocations extract could not be used: a.csv: the file is empty. Ask for it again.",
    )
    assert "Children's allocations" in set(wf.exhibits.quality_files(data).table["Extract"])


def test_a_table_of_which_nothing_is_left_is_listed_without_dates(sample):
    tables = {**sample.tables, "posts": sample.tables["posts"].head(0)}
    made = wf.exhibits.quality_files(replace(refuse(sample, "posts", "2020-09-30"), tables=tables))
    assert "Establishment extracts have no row that can be used." in made.sentences
    assert made.headline == "Not every extract reaches September 2020"


@pytest.mark.parametrize("key", ["management_layers", "retention_scheme", "support_ratio"])
def test_an_area_without_a_staff_list_is_told_so(sample, key):
    """One that is only beginning may have its establishment alone."""
    made = getattr(wf.exhibits, key)(replace(sample, tables={"posts": sample.tables["posts"]}))
    assert made.status == "unavailable"
    assert made.sentences == ("There is no staff list for September 2020.",)


def test_no_exhibit_stops_where_an_area_keeps_few_lists(sample):
    for kept in (("posts",), ("workers",), ("posts", "workers"), ("workers", "caseload")):
        data = replace(sample, tables={name: sample.tables[name] for name in kept})
        data = replace(data, measures=calculate_local(data, band=data.band))
        for key in sorted({*NEEDS} - {"outlook_backtest"}):
            assert getattr(wf.exhibits, key)(data).sentences, key


def test_a_week_missing_later_is_not_said_of_an_earlier_month(sample):
    gap = "No count for the week ending 29 December 2019."
    assert gap in wf.exhibits.quality_files(sample).sentences
    early = wf.open_area("exampleshire", month="2019-11")
    assert gap not in wf.exhibits.quality_files(early).sentences
    assert not wf.exhibits.quality_month(early).table["What"].str.contains("29 December").any()
