"""What exhibits made from rows of workers print, beside each other and beside the tables of places.

The area's own rules reach each of them, and a reader of all of them cannot narrow down a count
that is withheld in one.
"""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from tests.disclosure.reader import bound_cells

import wfanalytics as wf
from wfanalytics.analysis.caseload_bands import calculate_service_bands
from wfanalytics.analysis.caseload_spread import find_week
from wfanalytics.analysis.movers import ROLE_GROUPS, calculate_role_turnover
from wfanalytics.analysis.staffing import calculate_take_up, count_roles
from wfanalytics.measures.area import calculate_local, open_area
from wfanalytics.measures.area_data import select
from wfanalytics.measures.caseload import BANDS, add_holdings
from wfanalytics.thresholds import Disclosure

TEN = Disclosure(smallest_count=10)
#: Exhibits that count people of the clean tables, and which of their columns are no such counts.
OF_WORKERS = {
    "agency_over_year": "", "agency_projects": "", "agency_tenure": "", "caseload_heavy": "",
    "caseload_level": "", "caseload_newly_qualified": "", "caseload_spread": "",
    "caseload_spread_services": "", "first_two_years": "served|100 staff",
    "leaver_destinations": "", "leaver_reasons": "", "management_layers": "",
    "outlook_pipeline": "", "retention_scheme": "", "starter_origins": "", "turnover_roles": "",
}  # fmt: skip
FIVE = re.compile(r"fewer than (five|5)\b|one to four|\{few\}|\{some\}")


@pytest.fixture(scope="module")
def strict():
    """The sample's last month with figures of fewer than ten people withheld."""
    data = replace(open_area("exampleshire", month="2020-09"), disclosure=TEN)
    return replace(data, measures=calculate_local(data, band=data.band))


def test_a_rule_of_ten_people_is_kept_and_named_by_every_exhibit(strict):
    said = []
    for name in wf.exhibits.__all__:
        made = getattr(wf.exhibits, name)(strict)
        words = [made.headline, *made.sentences, made.alt_text, made.description, *made.notes]
        table = pd.DataFrame() if made.table is None else made.table.map(str)
        words += table.to_numpy().ravel().tolist()
        assert [text for text in words if FIVE.search(text)] == [], name
        said += [text for text in words if "fewer than 10" in text]
        if name in OF_WORKERS:
            aside = OF_WORKERS[name]
            counts = [column for column in table if not (aside and re.search(aside, column))]
            # A withheld duty tray's cases are no people.
            cells = table[counts].stack() if len(table) else pd.Series(dtype="str")
            small = cells[cells.str.fullmatch(r"[1-9]|[1-9] of \d+|[1-9] \(.*\)")]
            assert [c for c in small if c != "8" or name != "caseload_heavy"] == [], name
    assert len(said) > 10


MONTHS = ("2019-09", "2020-09")


@pytest.fixture(scope="module", params=MONTHS)
def data(request):
    return open_area("exampleshire", month=request.param)


def check_open(true, bounds):
    """Each withheld count of somebody can be three people more or less, where so many are."""
    whole = true.sum()
    for (row, column), (low, high) in bounds.items():
        assert high - low >= min(3, whole), (row, column, low, high)
    return len(bounds)


def test_agency_staff_of_a_role_are_not_the_difference_of_two_tables(data, say):
    month, rules = data.month, data.disclosure
    workers = data.tables["workers"]
    roles = count_roles(workers, as_at=[month], rules=rules)
    roles = roles.assign(group=roles["role"].map(lambda role: ROLE_GROUPS.get(role, "managers")))
    known = roles.groupby("group")["people"].agg(lambda people: people.sum(skipna=False))
    shown = calculate_role_turnover(data.tables, through=month, rules=rules).set_index("role")
    now = workers[(workers["as_at"] == month) & (workers["role"] != "support")]
    group = now["role"].map(ROLE_GROUPS)
    true = now.groupby([group, "employment"])["worker_id"].nunique().unstack(fill_value=0)
    true = true.reindex(shown.index)[["permanent", "agency"]]
    bounds = bound_cells(true, shown[["permanent", "agency"]], rows=known.reindex(true.index))
    assert check_open(true.to_numpy(), bounds) > 0
    say(f"{len(bounds)} withheld counts of roles, permanent and agency, stay open")


def test_those_asked_to_join_the_scheme_do_not_tell_who_is_in_post(data):
    workers = data.tables["workers"]
    now = workers[workers["as_at"] == data.month]
    true = calculate_take_up(now, by="service", rules=data.disclosure.model_copy(
        update={"smallest_count": 0})).set_index("area_name")  # fmt: skip
    heads = select(data, "inpost_headcount", level="service")
    heads = heads[heads["period_end"] == data.month].set_index("area_name")
    made = wf.exhibits.retention_scheme(data).table.set_index("Part")
    shown = made.loc[list(true.index), ["In the scheme", "Outside it"]]
    shown = shown.apply(pd.to_numeric, errors="coerce").set_axis(["signed", "outside"], axis=1)
    is_hidden = heads["status"].reindex(true.index) == "suppressed"
    assert is_hidden.any()
    assert shown[is_hidden].isna().all(axis=None)
    parts = true[["signed", "outside"]]
    bounds = bound_cells(parts, shown, rows=true["asked"].mask(is_hidden))
    assert check_open(parts.to_numpy(), bounds) > 0


def test_bands_of_services_do_not_tell_what_the_tables_withhold(data):
    week = find_week(data)
    rows = data.tables["caseload"]
    held = add_holdings(rows[rows["week_ending"] == week], band=data.band)
    person = held.drop_duplicates(["service", "worker_id"]).groupby("service")
    true = person[list(BANDS)].sum()
    heads = select(data, "case_holders_headcount", level="service")
    heads = heads[heads["period_end"] == data.month].set_index("area_name")["value"]
    found = calculate_service_bands(data, week=week).pivot_table(
        index="area_name", columns="part", values="number", dropna=False
    )
    known = heads.reindex(true.index)
    # Shown rows are whole; in a joined one below and within are one number.
    is_joined = found["not_above"] > 0
    shown = found[["below", "within", "above"]].mask(
        pd.DataFrame({"below": is_joined, "within": is_joined, "above": False})
    )
    assert not (shown["above"].notna() & known.isna()).any()
    bounds = bound_cells(true, shown.reindex(true.index), rows=known)
    assert check_open(true.to_numpy(), bounds) > 0
    assert np.isfinite([end for pair in bounds.values() for end in pair]).all()


def test_the_reader_of_cells_finds_what_one_subtraction_gives_away():
    true = pd.DataFrame({"permanent": [46, 80], "agency": [2, 12]}, index=["managers", "seniors"])
    shown = true.astype(float)
    shown.loc["managers", "agency"] = np.nan
    found = bound_cells(true, shown, rows=pd.Series({"managers": 48.0, "seniors": 92.0}))
    assert found == {("managers", "agency"): (2, 2)}
