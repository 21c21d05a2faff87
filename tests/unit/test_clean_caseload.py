"""Weekly caseload: totals, deliveries, missing weeks, and whose cases they are."""

from __future__ import annotations

import pandas as pd
import pytest
from tests.unit.extracts import check, clean, list_notes, make_table, pseudonym

from wfanalytics.errors import InputError

FIRST = ("Produced 02/08/2019",)
SECOND = ("Produced 09/08/2019",)


def refusal(*extracts, **more) -> str:
    with pytest.raises(InputError) as error:
        clean("caseload", *extracts, **more)
    return str(error.value)


def weeks(*days: int) -> list[dict[str, str]]:
    return [{"Week ending": f"{day:02}/07/2019"} for day in days]


def test_a_row_carries_the_workers_role_and_fte():
    rows, repairs = clean("caseload", make_table("caseload", {}))
    row = check(rows, "caseload").iloc[0]
    assert (row["worker_id"], row["cases"], row["cases_cla"]) == (pseudonym("SW101"), 14, 3)
    assert (row["role"], row["employment"], row["fte"]) == ("case_holder", "permanent", 1.0)
    assert repairs.empty


def test_a_type_the_extract_does_not_have_is_not_zero():
    table = make_table("caseload", {"Total": "14"})
    table = table.__class__(
        table.sheet, table.frame.drop(columns="cases_cp"), table.heading_row,
        {k: v for k, v in table.headings.items() if k != "cases_cp"}, (),
    )  # fmt: skip
    rows, _ = clean("caseload", table)
    assert rows["cases_cp"].isna().all()
    assert rows["cases"].tolist() == [14]


# --- totals (C08) --------------------------------------------------------------------------------
def test_types_that_do_not_add_up_are_queried_and_the_total_stands_c08():
    rows, repairs = clean("caseload", make_table("caseload", {"Total": "15"}))
    assert rows["cases"].tolist() == [15]
    assert list_notes(repairs) == [("C08", "Q", 2, "cases", "15", "", False)]


def test_types_that_add_up_are_not_queried_c08():
    assert clean("caseload", make_table("caseload", {"Total": "14"}))[1].empty


def test_a_total_that_is_not_known_is_added_up():
    rows, repairs = clean("caseload", make_table("caseload", {"Total": "n/a"}))
    assert rows["cases"].tolist() == [14]
    assert repairs["rule"].tolist() == ["A26"]


@pytest.mark.parametrize("total", ["-1", "2.5", "n/a"])
def test_a_row_needs_a_number_of_cases(total):
    nothing = dict.fromkeys(("CIN", "CP", "LAC", "Carers"), "")
    assert refusal(make_table("caseload", {**nothing, "Total": total})) == (
        "caseload/2019-07.csv, row 2: a row has no number of cases. Allowed a total, or cases by "
        "type, from 0. Write the number, 0 included, or remove the row."
    )


@pytest.mark.parametrize("cases", ["-1", "2.5"])
def test_a_type_is_a_count(cases):
    assert "row 2, column CIN: not a count of cases." in refusal(
        make_table("caseload", {"CIN": cases})
    )


def test_the_total_row_is_compared_type_by_type_a12():
    _, repairs = clean(
        "caseload", make_table("caseload", {}, total=("Total", "", "", "1,009", "2", "3", "0"))
    )
    assert [note[:5] for note in list_notes(repairs)] == [
        ("A12", "Q", 3, "cases_cin", "1,009"), ("A12", "E", 3, "", ""),
    ]  # fmt: skip


def test_an_excel_subtotal_is_not_a_team_with_unallocated_cases_a12():
    rows, repairs = clean(
        "caseload", make_table("caseload", {}, total=("", "", "Alpha Total", "9", "2", "3", "0"))
    )
    assert (rows["cases"].sum(), repairs["rule"].tolist()) == (14, ["A12"])


# --- whose cases (C08, C27) ----------------------------------------------------------------------
@pytest.mark.parametrize("word", ["UNALLOCATED", "Duty tray", "duty", "Team tray"])
def test_the_tray_is_counted_apart(word):
    rows, repairs = clean("caseload", make_table("caseload", {"Worker": word}, {}))
    tray = rows[rows["worker_id"] == ""].iloc[0]
    assert (tray["role"], tray["fte_status"], tray["cases"]) == ("", "not_applicable", 14)
    assert "C27" not in set(repairs["rule"])


def test_a_row_without_a_worker_is_counted_with_the_tray_and_queried_c08():
    rows, repairs = clean("caseload", make_table("caseload", {"Worker": ""}))
    assert rows["worker_id"].tolist() == [""]
    assert list_notes(repairs)[0] == ("C08", "Q", 2, "", "", "", False)


def test_cases_of_somebody_not_in_the_list_are_kept_and_queried_c27():
    rows, repairs = clean("caseload", make_table("caseload", {}, {"Worker": "SW303"}))
    assert rows["fte_status"].tolist() == ["ok", "missing"]
    assert list_notes(repairs) == [
        ("C27", "Q", 3, "worker_id", "(personal)", "(personal)", False)
    ]  # fmt: skip


def test_two_posts_are_added_up_and_an_unknown_fte_makes_the_sum_unknown():
    def fte_of(*ftes: str) -> pd.Series:
        rows = [{"Post number": f"P{n}", "FTE": fte} for n, fte in enumerate(ftes)]
        listed, _ = clean("workers", make_table("workers", *rows, file="workers/2019-07.csv"))
        return clean("caseload", make_table("caseload", {}), workers=listed)[0].iloc[0]

    assert fte_of("0.4", "0.5")["fte"] == pytest.approx(0.9)
    assert fte_of("0.8", "0.5")["fte"] == 1.0
    unknown = fte_of("0.4", "n/a")
    assert (pd.isna(unknown["fte"]), unknown["fte_status"]) == (True, "missing")


@pytest.mark.parametrize("kind", ["Starter", "Leaver"])
def test_without_leavers_a_stranger_is_one_who_is_not_in_the_list_c27(kind):
    """Movements may be starters only, or somebody else's: neither tells who had left."""
    moves, _ = clean("movements", make_table("movements", {"Type": kind}))
    _, repairs = clean("caseload", make_table("caseload", {"Worker": "SW303"}), movements=moves)
    reason = "cases held by somebody who is not in the worker list"
    assert repairs[["rule", "reason"]].to_numpy().tolist() == [["C27", reason]]


def lists(month: str) -> pd.DataFrame:
    return clean("workers", make_table("workers", {}, file=f"workers/{month}.csv"))[0]


def test_last_months_list_serves_where_this_months_is_missing_c27():
    rows, repairs = clean("caseload", make_table("caseload", {}), workers=lists("2019-06"))
    assert rows["fte"].tolist() == [1.0]
    assert repairs["reason"].tolist() == [
        "no worker list for July 2019: the month before's was used"
    ]  # fmt: skip


@pytest.mark.parametrize("month", ["2019-05", "2019-08"])
def test_an_older_or_later_list_says_nothing_c27(month):
    rows, repairs = clean("caseload", make_table("caseload", {}), workers=lists(month))
    assert rows["fte_status"].tolist() == ["missing"]
    assert repairs["reason"].tolist() == ["no worker list for July 2019: FTE is missing"]


# --- weeks (C11) ---------------------------------------------------------------------------------
def test_a_missing_week_is_asked_for_c11():
    _, repairs = clean("caseload", make_table("caseload", *weeks(7, 21)))
    assert [(n[:3], n[-1]) for n in list_notes(repairs)] == [(("C11", "Q", 0), False)]
    assert repairs["reason"][0] == "no count for the week ending 14 July 2019"


def test_weeks_in_a_row_are_not_asked_for_c11():
    assert clean("caseload", make_table("caseload", *weeks(7, 14, 21)))[1].empty


def test_a_week_ending_on_another_day_is_queried_and_not_called_missing_c11():
    _, repairs = clean("caseload", make_table("caseload", *weeks(7, 12, 21)))
    assert list_notes(repairs) == [("C11", "Q", 3, "week_ending", "", "", False)]


def test_the_later_delivery_counts_c11():
    first = make_table("caseload", {}, titles=FIRST, file="caseload/2019-07 b.csv")
    second = make_table("caseload", {"CIN": "10"}, titles=SECOND, file="caseload/2019-07 a.csv")
    for tables in ((first, second), (second, first)):
        rows, repairs = clean("caseload", *tables)
        assert rows["cases"].tolist() == [15]
        assert (*repairs[["rule", "file", "is_row_refused"]].iloc[0],) == (
            "C11", "caseload/2019-07 b.csv", True,
        )  # fmt: skip


@pytest.mark.parametrize("titles", [(), FIRST])
def test_two_deliveries_and_nothing_to_choose_by_are_an_error_c11(titles):
    tables = [make_table("caseload", {}, titles=t, file=f"caseload/2019-07 {n}.csv")
              for n, t in enumerate((FIRST, titles))]  # fmt: skip
    assert refusal(*tables) == (
        "the week ending 7 July 2019 is in caseload/2019-07 0.csv and in caseload/2019-07 1.csv, "
        "and nothing says which is later (rule C11). "
        "Put 'Produced 05/12/2019' above the headings of each, or remove one."
    )


def test_two_sheets_of_one_book_are_two_deliveries_c11():
    tables = [make_table("caseload", {}, sheet=s, file="caseload/all.xlsx") for s in ("A", "B")]
    assert "is in caseload/all.xlsx (A) and in caseload/all.xlsx (B)" in refusal(*tables)


def test_a_delivery_of_corrections_only_is_an_error_c11():
    listed = [{"Worker": f"SW{n}"} for n in range(1, 6)]
    first = make_table("caseload", *listed, titles=FIRST, file="caseload/2019-07.csv")
    second = make_table("caseload", *listed[:2], titles=SECOND, file="caseload/2019-07 new.csv")
    assert refusal(first, second) == (
        "caseload/2019-07 new.csv: the week ending 7 July 2019 was delivered again later with less "
        "than half its rows (rule C11). Found '2 rows'; allowed about 5. If it holds corrections "
        "only, write them into the earlier file and remove it."
    )


def test_a_week_outside_its_files_month_is_an_error():
    assert refusal(make_table("caseload", {"Week ending": "20/08/2019"})) == (
        "caseload/2019-07.csv, row 2, column Week ending: a week outside July 2019, the month of "
        "the file. Found '20/08/2019'; allowed week endings in July 2019. "
        "Move the row to its month's file, or rename the file."
    )


def test_weeks_with_day_and_month_exchanged_are_an_error():
    table = make_table("caseload", {"Week ending": "07/12/2019"})
    assert refusal(table).startswith(
        "caseload/2019-07.csv, row 2, column Week ending: the dates look American: day and month "
        "have changed places. Found '07/12/2019'"
    )


# --- doubles (A18) -------------------------------------------------------------------------------
def test_the_same_row_twice_is_refused_once_a18():
    rows, repairs = clean("caseload", make_table("caseload", {}, {}))
    assert (len(rows), list_notes(repairs)) == (1, [("A18", "F", 3, "", "", "", True)])


def test_a_worker_twice_in_one_week_and_team_is_an_error_a18():
    assert refusal(make_table("caseload", {}, {"CIN": "1"})) == (
        "caseload/2019-07.csv, row 3: a worker, or the unallocated cases, stands twice in one week "
        "and team, with different numbers (rule A18). Keep the right row, or add the two up in one."
    )


def test_a_worker_in_two_teams_is_two_rows():
    assert len(clean("caseload", make_table("caseload", {}, {"Team": "Beta"}))[0]) == 2
