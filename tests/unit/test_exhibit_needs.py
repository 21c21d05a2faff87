"""Each exhibit says which extracts of the month it needs, or shows other months without."""

from __future__ import annotations

import wfanalytics as wf
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
