"""What refused and queried rows could move, counted by hand; the return beside our lists."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
import pytest
from tests.unit.extracts import make_table

from wfanalytics.analysis.quality import calculate_effects
from wfanalytics.analysis.reconcile import compare_return
from wfanalytics.clean.doubtful import find_doubtful
from wfanalytics.clean.repairs import Ledger
from wfanalytics.frames import MEASURE_SCHEMA

MONTH = pd.Timestamp("2019-07-31")
WEEK = pd.Timestamp("2019-07-28")


def make_measures(**more):
    """100 FTE of posts with 10 empty; 10 agency of 100 staff; 200 cases on 10 FTE; 20 leavers."""
    rows = [
        ("vacancy_rate_fte", 10, 100, "snapshot", MONTH),
        ("agency_rate_fte", 10, 100, "snapshot", MONTH),
        ("caseload_fte", 200, 10, "snapshot", MONTH),
        ("caseload_fte", 200, 10, "week", WEEK),
        ("leavers_12m_headcount", 20, 1, "year", MONTH),
    ]
    frame = pd.DataFrame(
        rows, columns=["measure", "numerator", "denominator", "period_type", "period_end"]
    )
    frame["value"] = frame["numerator"] / frame["denominator"]
    return frame.assign(area_level="authority", breakdown="all", **more)


def make_row(table="workers", *, refused=True, kind="", fte=1.0, cases=0.0, date=MONTH, file="f"):
    return (table, file, "", 5, "W01", "E" if refused else "Q", "why", refused, date, kind, fte,
            cases)  # fmt: skip


def effects(*rows):
    names = ["table", "file", "sheet", "row", "rule", "severity", "reason", "is_row_refused",
             "date", "kind", "fte", "cases"]  # fmt: skip
    found = calculate_effects(pd.DataFrame(rows, columns=names), make_measures(), month=MONTH)
    return [(row.measure, round(row.effect, 6)) for row in found.itertuples()]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        # A frozen post of 1 FTE counted: 11 of 101 empty.
        (make_row("posts"), ("vacancy_rate_fte", round(11 / 101 - 0.1, 6))),
        # A post asked about left out: 9 of 99 empty.
        (make_row("posts", refused=False), ("vacancy_rate_fte", round(0.1 - 9 / 99, 6))),
        # Another permanent member of staff: 9 of 100 empty; agency 10 of 101.
        (make_row(kind="permanent"), ("vacancy_rate_fte", 0.01)),
        # Another half agency worker: 10.5 of 100.5; no vacancy rate before cover moves.
        (make_row(kind="agency", fte=0.5), ("agency_rate_fte", round(10.5 / 100.5 - 0.1, 6))),
        # Whose it is nobody says: the larger of the two.
        (make_row(), ("vacancy_rate_fte", 0.01)),
        # A leaver of the year; one of the year before; a starter.
        (make_row("movements", kind="leaver", date=pd.Timestamp("2018-08-01")),
         ("leavers_12m_headcount", 1.0)),
        (make_row("movements", kind="starter"), ("leavers_12m_headcount", 0.0)),
        # 20 cases more on the same FTE: 22 and not 20; with 1 FTE more it is 20.
        (make_row("caseload", cases=20, date=WEEK), ("caseload_fte", 2.0)),
        # 20 cases left out: 18, or with 1 FTE less 20.
        (make_row("caseload", refused=False, cases=20, date=WEEK), ("caseload_fte", 2.0)),
        (make_row("caseload", refused=False, cases=2, date=WEEK), ("caseload_fte", 2.0)),
    ],
)  # fmt: skip
def test_the_most_a_row_could_move(row, expected):
    assert effects(row) == [expected]


@pytest.mark.parametrize("date", ["2018-07-31", "2019-08-31"])
@pytest.mark.parametrize("table", ["posts", "workers", "movements", "caseload"])
def test_rows_of_other_months_move_nothing(table, date):
    assert effects(make_row(table, date=pd.Timestamp(date), cases=5)) == []


def test_only_the_last_week_counts_in_the_months_caseload():
    assert effects(make_row("caseload", cases=9, date=pd.Timestamp("2019-07-21"))) == []


def test_rows_of_a_problem_are_added_up_and_problems_are_apart():
    two = [make_row(kind="permanent"), make_row(kind="permanent", fte=0.5)]
    other = make_row(kind="permanent", file="g")
    assert effects(*two, other) == [("vacancy_rate_fte", 0.015), ("vacancy_rate_fte", 0.01)]


def test_a_figure_that_is_missing_has_no_effect():
    rows = pd.DataFrame([make_row()], columns=["table", "file", "sheet", "row", "rule", "severity",
                        "reason", "is_row_refused", "date", "kind", "fte", "cases"])  # fmt: skip
    measures = make_measures().assign(value=float("nan"))
    assert calculate_effects(rows, measures, month=MONTH).empty


# --- the rows ------------------------------------------------------------------------------------
def find(table, *rows, rule="W01", severity="E", refused=True, **more):
    raw = make_table(table, *rows, **more)
    ledger = Ledger(table)
    placed = raw.frame.assign(file=raw.sheet.file, sheet=raw.sheet.sheet)
    ledger.note(placed, rule, severity=severity, is_refused=refused)
    found = find_doubtful(table, [raw], ledger.to_frame(), words={"employment": {"Bank": "agency"}})
    return found[["date", "kind", "fte", "cases"]].values.tolist()


def test_a_row_is_read_at_face_value():
    assert find("workers", {"Contract": "Bank", "FTE": "60%"}) == [[MONTH, "agency", 0.6, 0.0]]
    assert find("workers", {"Contract": "?", "FTE": "full"}) == [[MONTH, "", 1.0, 0.0]]
    assert find("movements", {}) == [[pd.Timestamp("2019-07-05"), "leaver", 1.0, 0.0]]
    assert find("caseload", {}) == [[pd.Timestamp("2019-07-07"), "", 1.0, 14.0]]


def test_totals_headings_and_repairs_are_no_rows_to_ask_about():
    assert find("workers", {}, rule="A12") == []
    assert find("workers", {}, severity="F", refused=False) == []
    assert find("workers", {}, severity="Q", refused=False) != []


# --- the return ----------------------------------------------------------------------------------
def make_frame(source, **values):
    rows = [
        {"measure": name, "value": value, "period_end": pd.Timestamp("2020-09-30"),
         "period_type": "snapshot", "area_level": "authority", "area_code": "E1",
         "breakdown": "all", "source": source}
        for name, value in values.items()
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(MEASURE_SCHEMA.columns))


def test_the_return_is_compared_as_printed():
    data = SimpleNamespace(
        census=make_frame("census, 2020", vacancy_rate_fte=0.1934, inpost_fte=345.84, cases=9.0),
        measures=make_frame("extracts", vacancy_rate_fte=0.1926, inpost_fte=345.79),
        national=make_frame("dfe", vacancy_rate_fte=0.193), authority_code="E1",
    )  # fmt: skip
    found = compare_return(data).set_index("measure")
    assert found.loc["vacancy_rate_fte", ["returned", "ours", "published"]].tolist() == [
        0.1934, 0.1926, 0.193]  # fmt: skip
    assert found.loc["vacancy_rate_fte", ["is_same_as_ours", "is_same_as_published"]].tolist() == [
        True, True]  # fmt: skip
    assert found.loc["inpost_fte", "is_same_as_ours"]
    assert not found.loc["cases", "is_same_as_ours"]
    assert found["is_same_as_ours"].sum() == 2


def test_without_a_return_there_is_nothing_to_compare():
    assert compare_return(SimpleNamespace(census=pd.DataFrame())).empty
