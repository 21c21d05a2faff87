"""Starters and leavers: moves, conversions, doubles, ends of assignments, odd dates."""

from __future__ import annotations

import pandas as pd
import pytest
from tests.unit.extracts import check, clean, list_notes, make_table, pseudonym

from wfanalytics.errors import InputError

STARTER = {"Type": "Starter", "SWE number": "SW202", "Name": "Vale, Zoë"}


def refusal(*extracts, **more) -> str:
    with pytest.raises(InputError) as error:
        clean("movements", *extracts, **more)
    return str(error.value)


def movements(rows: pd.DataFrame) -> list[tuple]:
    frame = check(rows, "movements")
    return [(f"{row.date:%d/%m}", row.movement) for row in frame.itertuples()]


def test_a_leaver_and_a_starter_are_what_they_are():
    start = {**STARTER, "From / to": "agency elsewhere", "Effective date": "08/07/2019"}
    leave = {"From / to": "other social care", "Reason": "resignation"}
    rows, repairs = clean("movements", make_table("movements", leave, start))
    assert movements(rows) == [("05/07", "leaver"), ("08/07", "starter")]
    assert rows["destination"].tolist() == ["other social care", ""]
    assert rows["origin"].tolist() == ["", "agency elsewhere"]
    assert rows["worker_id"].tolist() == [pseudonym("SW101"), pseudonym("SW202")]
    assert not {"name", "birth_date"} & set(rows.columns)
    assert repairs.empty


# --- internal moves (M06) ------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("start", "is_move"),
    [("05/07/2019", True), ("05/08/2019", True), ("06/08/2019", False), ("04/07/2019", False)],
)
def test_a_start_within_31_days_of_leaving_is_a_move_m06(start, is_move):
    again = {"Type": "Starter", "Effective date": start, "Month": start[3:]}
    rows, repairs = clean(
        "movements", make_table("movements", {}, {**again, "Month": ""}), workers=list_to("2019-08")
    )
    day = f"{start[:5]}"
    if is_move:
        assert movements(rows) == [(day, "internal_move")]
        assert list_notes(repairs) == [("M06", "E", 2, "movement", "", "", True)]
    else:
        assert sorted(movements(rows)) == sorted([("05/07", "leaver"), (day, "starter")])
        assert repairs.empty


def test_another_persons_start_is_no_move_m06():
    rows, repairs = clean("movements", make_table("movements", {}, STARTER))
    assert [movement for _, movement in movements(rows)] == ["leaver", "starter"]
    assert repairs.empty


def test_leaving_twice_without_coming_back_is_queried_m06():
    rows, repairs = clean(
        "movements", make_table("movements", {}, {"Effective date": "29/07/2019"})
    )
    assert len(rows) == 2
    assert list_notes(repairs) == [("M06", "Q", 3, "movement", "", "", False)]
    assert repairs["reason"][0] == "the person had left already and had not started again"


def test_leaving_starting_and_leaving_again_is_not_queried_m06():
    rows = [{"Month": "", "Effective date": "01/02/2019"},
            {"Month": "", "Effective date": "01/04/2019", "Type": "Starter"}, {}]  # fmt: skip
    assert clean("movements", make_table("movements", *rows))[1].empty


# --- conversions (M01) ---------------------------------------------------------------------------
def list_to(month: str, row: dict[str, str] | None = None) -> pd.DataFrame:
    """The worker list of a month (SW101 where nobody is named), and that of August."""
    files = sorted({month, "2019-08"})
    rows = [(row or {}) if file == month else {} for file in files]
    tables = [
        make_table("workers", r, file=f"workers/{f}.csv") for f, r in zip(files, rows, strict=True)
    ]
    return clean("workers", *tables)[0]


def agency_list(month: str) -> pd.DataFrame:
    return list_to(month, {"SWE number": "SW202", "Contract": "Agency"})


def test_a_starter_last_listed_as_agency_is_a_conversion_m01():
    rows, repairs = clean(
        "movements", make_table("movements", STARTER), workers=agency_list("2019-06")
    )
    assert movements(rows) == [("05/07", "conversion")]
    assert list_notes(repairs) == [("M01", "F", 2, "movement", "starter", "conversion", False)]


@pytest.mark.parametrize("month", ["2019-05", "2019-07"])
def test_an_agency_worker_of_long_ago_or_later_is_a_starter_m01(month):
    rows, repairs = clean("movements", make_table("movements", STARTER), workers=agency_list(month))
    assert movements(rows) == [("05/07", "starter")]
    assert not (repairs["severity"] == "F").any()


def test_a_missing_list_before_a_start_is_asked_for_m01():
    lists = [make_table("workers", {}, file=f"workers/2019-{m}.csv") for m in ("05", "07")]
    workers, _ = clean("workers", *lists)
    _, repairs = clean("movements", make_table("movements", STARTER), workers=workers)
    assert repairs["reason"].tolist() == [
        "no worker list for June 2019: agency staff made permanent in the month after stand as "
        "starters"
    ]


# --- ends of assignments and dates outside their month (M07) -------------------------------------
def test_agency_ends_are_not_leavers_m07():
    rows, repairs = clean("movements", make_table("movements", {}, {"Type": "Agency end"}))
    assert movements(rows) == [("05/07", "leaver")]
    assert list_notes(repairs) == [("M07", "E", 3, "movement", "", "", True)]


def test_a_date_outside_the_rows_month_is_queried_m07():
    rows, repairs = clean("movements", make_table("movements", {"Month": "Sept-19"}))
    assert len(rows) == 1
    assert list_notes(repairs) == [("M07", "Q", 2, "month", "Sept-19", "", False)]


def test_dates_read_the_american_way_are_refused():
    rows = [{"Month": "Jul-19", "Effective date": f"07/{month:02}/2019", "SWE number": f"SW{month}"}
            for month in (3, 4, 7)]  # fmt: skip
    assert refusal(make_table("movements", *rows)) == (
        "movements/2019-07.csv, row 2, column Effective date: the dates look American: day and "
        "month have changed places. Found '07/03/2019'; allowed dates in the month the row names. "
        "Export the file again with UK settings. No date in this column was used."
    )


def test_one_date_that_happens_to_look_swapped_is_only_queried():
    rows = [{"Effective date": "07/03/2019"}, {"SWE number": "SW2"}]
    _, repairs = clean("movements", make_table("movements", *rows))
    assert repairs["rule"].tolist() == ["M07"]


@pytest.mark.parametrize("date", ["", "31/12/9999", "01/01/1900", "31/12/1899", "31/02/2019",
                                  "soon"])  # fmt: skip
def test_a_movement_needs_its_date(date):
    assert "row 2, column Effective date: not a date." in refusal(
        make_table("movements", {"Effective date": date})
    )


# --- doubles (A18) -------------------------------------------------------------------------------
def test_a_leaver_in_two_files_counts_once_a18():
    again = make_table("movements", {}, file="movements/2020.csv")
    rows, repairs = clean("movements", make_table("movements", {}), again)
    assert len(rows) == 1
    assert [(*repairs[["rule", "file", "row"]].iloc[0],)] == [("A18", "movements/2020.csv", 2)]


def test_leaving_twice_on_one_day_with_other_details_is_an_error_a18():
    assert refusal(make_table("movements", {"FTE": "0.5"}, {"FTE": "0.4"})) == (
        "movements/2019-07.csv, row 3: one person has the same movement twice on one day, with "
        "different details (rule A18). Keep the right row, or add the two up in one."
    )


# --- FTE and teams -------------------------------------------------------------------------------
def test_an_impossible_fte_is_left_out_and_the_leaver_counted_w16():
    rows, repairs = clean("movements", make_table("movements", {"FTE": "37"}))
    assert rows["fte_status"].tolist() == ["unreliable"]
    assert list_notes(repairs) == [("W16", "Q", 2, "fte", "37", "", False)]


def test_the_team_is_the_one_of_the_day():
    rows, repairs = clean(
        "movements",
        make_table("movements", {"Team": "Old Beta", "Effective date": "31/12/2018", "Month": ""}),
    )
    assert (rows["team"].tolist(), repairs.empty) == (["Beta"], True)


def test_an_unknown_movement_is_refused():
    assert "Found 'Secondment'" in refusal(make_table("movements", {"Type": "Secondment"}))


def test_a_month_that_cannot_be_read_is_asked_about_and_the_date_counts():
    rows, repairs = clean("movements", make_table("movements", {"Month": "Juli 19"}))
    assert rows["date"].tolist() == [pd.Timestamp("2019-07-05")]
    asked = repairs[repairs["column"] == "month"]
    assert asked[["rule", "severity", "before", "reason"]].values.tolist() == [
        ["M07", "Q", "Juli 19", "the month cannot be read: the date counts"]
    ]
    _, repairs = clean("movements", make_table("movements", {"Month": ""}))
    assert "month" not in set(repairs["column"])


def test_movements_stand_where_no_staff_list_is_left():
    """Each month's list refused with another: the table is there, and empty."""
    rows, _ = clean("movements", make_table("movements", {}), workers=list_to("2019-07").iloc[:0])
    assert movements(rows) == [("05/07", "leaver")]
