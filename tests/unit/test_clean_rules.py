"""Rules that ask: columns that disagree, posts too small, cases too many. Each fires, and not."""

from __future__ import annotations

import pandas as pd
import pytest
from tests.unit.extracts import clean, list_notes, make_area, make_table, pseudonym

from wfanalytics.clean.repairs import Ledger
from wfanalytics.clean.stock import query_stock
from wfanalytics.errors import InputError

AGENCY = {"Contract": "Agency", "SWE number": "SW202", "Post number": ""}


def notes(table: str, *rows: dict[str, str], **more) -> list[tuple]:
    """Rule, severity and row of each note about some rows."""
    _, repairs = clean(table, make_table(table, *rows), **more)
    return [(rule, severity, row) for rule, severity, row, *_ in list_notes(repairs)]


def refusal(table: str, *rows: dict[str, str], **more) -> InputError:
    with pytest.raises(InputError) as error:
        clean(table, make_table(table, *rows), **more)
    return error.value


# --- columns that say who is agency (W01, W29) ---------------------------------------------------
@pytest.mark.parametrize(
    ("contract", "column", "word"),
    [("Permanent", "Pay route", "Umbrella company"), ("Agency", "Pay route", "Payroll"),
     ("Permanent", "Post type", "Locum"), ("Agency", "Post type", "Substantive")],
)  # fmt: skip
def test_a_contract_another_column_contradicts_stops_the_list_w01(contract, column, word):
    error = refusal("workers", {"Contract": contract, column: word})
    assert str(error) == (
        f"workers/2019-07.csv, row 2, column {column}: the contract and this column disagree "
        f"about who is agency staff (rule W01). Found {word!r}; allowed two columns that agree. "
        "Correct whichever is wrong."
    )
    assert error.rule == "W01"


def test_columns_that_agree_or_say_nothing_are_no_fault_w01():
    rows = [{"Pay route": "Payroll", "Post type": "Established", "Supplier": "n/a"},
            {**AGENCY, "Pay route": "umbrella", "Post type": "", "Supplier": "Reed"}]  # fmt: skip
    assert notes("workers", *rows) == []


def test_an_unknown_pay_route_is_asked_about_or_named_in_the_profile_w01():
    row = {"Pay route": "Matrix"}
    assert notes("workers", row) == [("W01", "Q", 2)]
    area = make_area(pay_route={"Matrix": "agency"})
    assert refusal("workers", row, area=area).rule == "W01"


def test_a_left_over_supplier_or_address_is_asked_about_w01():
    rows = [{"SWE number": f"SW{n}", "Post number": f"P{n}", "Email": f"w{n}@shire.gov.uk"}
            for n in (1, 2)]  # fmt: skip
    odd = {"SWE number": "SW3", "Post number": "P3", "Email": "w3@agency.example"}
    assert notes("workers", *rows, odd) == [("W01", "Q", 4)]
    assert notes("workers", {"Supplier": "Reed"}) == [("W01", "Q", 2)]
    _, repairs = clean("workers", make_table("workers", *rows, odd))
    assert "agency.example" not in repairs.to_string()


def test_an_assignment_without_supplier_ended_or_oddly_paid_is_asked_about_w29():
    good = {**AGENCY, "Supplier": "Reed", "Day rate": "310", "End date": "30/09/2019"}
    assert notes("workers", good) == []
    for odd in ({"Supplier": ""}, {"Day rate": "31000"}, {"End date": "30/06/2019"}):
        assert notes("workers", {**good, **odd}) == [("W29", "Q", 2)]


# --- dates of contracts (W07, W22) ---------------------------------------------------------------
@pytest.mark.parametrize(("end", "asked"), [("30/06/2019", 1), ("01/01/2018", 1), ("31/07/2019", 0),
                                            ("", 0), ("31/12/9999", 0)])  # fmt: skip
def test_a_contract_that_had_ended_or_ends_before_it_starts_is_asked_about_w07(end, asked):
    rows = [{"End date": end}, {"SWE number": "SW5", "Post number": "P5"}]
    assert notes("workers", *rows) == [("W07", "Q", 2)] * asked


def test_somebody_who_has_not_started_is_not_in_post_w22():
    rows = [{"Start date": "01/08/2019"}, {"SWE number": "SW2", "Start date": "31/07/2019"}]
    frame, repairs = clean("workers", make_table("workers", *rows))
    assert frame["worker_id"].tolist() == [pseudonym("SW2")]
    assert list_notes(repairs) == [("W22", "E", 2, "start_date", "", "", True)]


# --- newly qualified (W20) -----------------------------------------------------------------------
def test_a_newly_qualified_year_that_ended_is_over_w20():
    rows = [{"ASYE": "Yes", "ASYE end date": "30/06/2019"},
            {"ASYE": "Yes", "ASYE end date": "30/09/2019", "SWE number": "SW2"}]  # fmt: skip
    frame, repairs = clean("workers", make_table("workers", *rows))
    assert frame["is_newly_qualified"].tolist() == [False, True]
    assert list_notes(repairs) == [("W20", "F", 2, "is_newly_qualified", "yes", "no", False)]


@pytest.mark.parametrize(("start", "asked"), [("30/07/2017", 1), ("01/08/2017", 0)])
def test_newly_qualified_for_over_two_years_is_asked_about_w20(start, asked):
    assert notes("workers", {"ASYE": "Yes", "Start date": start}) == [("W20", "Q", 2)] * asked


# --- one person, two numbers (W18) ---------------------------------------------------------------
def test_registration_and_payroll_numbers_that_do_not_fit_are_asked_about_w18():
    base = {"Payroll number": "900", "SWE number": "SW1", "Post number": "P1", "FTE": "0.4"}
    two_payroll = {**base, "Payroll number": "901", "Post number": "P2"}
    two_people = {**base, "SWE number": "SW2", "Post number": "P2"}
    assert notes("workers", base, {**base, "Post number": "P2"}) == []
    assert notes("workers", base, two_payroll) == [("W18", "Q", 3)]
    assert notes("workers", base, two_people) == [("W18", "Q", 3)]
    _, repairs = clean("workers", make_table("workers", base, two_people))
    assert not repairs.astype(str).isin(["900", "901"]).any().any()


# --- posts and who is in them (W03, W04, W05) ----------------------------------------------------
def post_notes(*workers: dict[str, str], fte: str = "1") -> list[tuple]:
    posts, _ = clean("posts", make_table("posts", {"FTE": fte}))
    return notes("workers", *workers, posts=posts)


def test_two_permanent_holders_above_the_posts_fte_are_asked_about_w03():
    share = [{"FTE": "0.5"}, {"SWE number": "SW2", "FTE": "0.5"}]
    assert post_notes(*share) == []
    assert post_notes(*share, fte="0.8") == [("W03", "Q", 2)]


def test_one_holder_above_the_posts_fte_is_over_establishment_w04():
    assert post_notes({"FTE": "0.8"}, fte="0.8") == []
    assert post_notes({"FTE": "1"}, fte="0.8") == [("W04", "Q", 2)]


def test_more_agency_than_the_vacancy_is_over_cover_w05():
    cover = {**AGENCY, "Post number": "P1", "FTE": "0.5"}
    assert post_notes({"FTE": "0.5"}, cover) == []
    assert post_notes({"FTE": "0.6"}, cover) == [("W05", "Q", 3)]


# --- a whole column of hours or percentages (W16) ------------------------------------------------
WRITE_UNIT = (
    "Write 'fte: {}' in profile.yml: for the source, or for this file's name under files where "
    "other files hold shares."
)


@pytest.mark.parametrize("table", ["posts", "workers", "movements"])
@pytest.mark.parametrize(
    ("values", "what", "remedy"),
    [(("37", "18.5", "30"), "hours a week", WRITE_UNIT.format("hours")),
     (("100", "60", "80"), "percentages without a sign", WRITE_UNIT.format("percent")),
     (("370", "185", "300"), "numbers that are no FTE", "Correct the column.")],
)  # fmt: skip
def test_a_column_of_something_else_is_refused_whole_w16(table, values, what, remedy):
    rows = [{"FTE": v, "SWE number": f"SW{n}", "Number": f"P{n}"} for n, v in enumerate(values, 1)]
    assert str(refusal(table, *rows)) == (
        f"{table}/2019-07.csv, row 2, column FTE: the FTE column seems to hold {what} (rule W16). "
        f"Found {values[0]!r}; allowed 0 to 1 in the whole column. {remedy}"
    )


def test_a_few_impossible_ftes_are_left_out_one_by_one_w16():
    rows = [{"FTE": v, "SWE number": f"SW{n}"} for n, v in enumerate(("1", "37", "0.5", "0.8"), 1)]
    assert notes("workers", *rows) == [("W16", "Q", 3)]


# --- starters and leavers still to come (M07, M22) -----------------------------------------------
@pytest.mark.parametrize("row", [{"Type": "Offer accepted"},
                                 {"Type": "Starter", "Stage": "Accepted"}])  # fmt: skip
def test_an_offer_is_no_starter_m22(row):
    started = {"Type": "Starter", "Stage": "Started", "SWE number": "SW2"}
    frame, repairs = clean("movements", make_table("movements", row, started))
    assert frame["worker_id"].tolist() == [pseudonym("SW2")]
    assert list_notes(repairs) == [("M22", "E", 2, "movement", "", "", True)]


def test_movements_after_the_last_list_are_asked_about_m07_m22():
    later = {"Month": "", "Effective date": "05/11/2019"}
    assert notes("movements", later) == [("M07", "Q", 2)]
    assert notes("movements", {**later, "Type": "Starter"}) == [("M22", "Q", 2)]


def test_a_leaver_before_the_start_date_is_asked_about_m07():
    row = {"Month": "", "Effective date": "31/01/2018"}
    assert notes("movements", row) == [("M07", "Q", 2)]
    assert notes("movements", {**row, "Effective date": "01/02/2018"}) == []


# --- cases (C08, C09, C10, C27, C28) -------------------------------------------------------------
@pytest.mark.parametrize("heading", ["Families", "Open families", "Sibling groups"])
def test_families_are_never_counted_as_children_c08(heading):
    extract = make_table("caseload", {heading: "9"}, rename=dict.fromkeys(
        ("CIN", "CP", "LAC", "Carers"), ""))  # fmt: skip
    with pytest.raises(InputError) as error:
        clean("caseload", extract)
    assert str(error.value).startswith(
        f"caseload/2019-07.csv, row 1, column {heading}: the column counts families, and a case "
        "is a child (rule C08)."
    )


def test_carer_households_are_cases_c08():
    extract = make_table("caseload", {}, rename={"Carers": "Carer households"})
    assert clean("caseload", extract)[0]["cases"].tolist() == [14]


def test_a_secondary_allocation_is_not_a_case_c10():
    rows = [{"Allocation": "Primary"}, {"Allocation": "Co-worker", "Worker": "SW2"}]
    frame, repairs = clean("caseload", make_table("caseload", *rows))
    assert frame["cases"].tolist() == [14]
    assert list_notes(repairs) == [("C10", "E", 3, "allocation", "", "", True)]


def test_a_column_of_second_workers_or_cases_is_not_counted_c10():
    extract = make_table("caseload", {"Secondary cases": "5"})
    frame, repairs = clean("caseload", extract)
    assert frame["cases"].tolist() == [14]
    assert [n[:4] for n in list_notes(repairs)] == [("C10", "F", 1, "cases_secondary")]


def workers_of(role: str, number: str = "SW101") -> pd.DataFrame:
    row = {"Job role": role, "SWE number": number}
    return clean("workers", make_table("workers", row))[0]


def test_cases_of_support_staff_are_said_to_be_in_no_caseload_c09():
    _, repairs = clean(
        "caseload", make_table("caseload", {}), workers=workers_of("Personal adviser")
    )
    assert list_notes(repairs) == [("C09", "F", 0, "cases", "14", "", False)]


@pytest.mark.parametrize(("cin", "asked"), [("30", 0), ("31", 1)])
def test_more_than_35_cases_are_asked_about_c28(cin, asked):
    assert notes("caseload", {"CIN": cin}) == [("C28", "Q", 2)] * asked


@pytest.mark.parametrize(("cin", "asked"), [("5", 0), ("6", 1)])
def test_a_manager_or_a_tray_with_more_than_10_is_asked_about_c28(cin, asked):
    workers = workers_of("Team manager")
    assert notes("caseload", {"CIN": cin}, workers=workers) == [("C28", "Q", 2)] * asked
    assert notes("caseload", {"CIN": cin, "Worker": "Duty"}) == [("C28", "Q", 2)] * asked


def test_cases_of_a_leaver_are_told_from_those_of_a_stranger_c27():
    row = {"Effective date": "05/06/2019", "Month": "Jun-19", "SWE number": "SW9"}
    movements, _ = clean("movements", make_table("movements", row))
    rows = [{"Worker": "SW9"}, {"Worker": "SW8"}]
    _, repairs = clean("caseload", make_table("caseload", *rows), movements=movements)
    assert repairs[["rule", "row", "reason"]].to_numpy().tolist() == [
        ["C27", 3, "cases held by somebody who is not in the worker list"],
        ["C27", 2, "cases held by somebody who had left before the week"],
    ]


# --- stock and flow (A23) ------------------------------------------------------------------------
def stock_notes(before: list[str], after: list[str], *moves: dict[str, str]) -> list[str]:
    lists = [
        make_table("workers", *({"SWE number": n, "Post number": n} for n in people),
                   file=f"workers/{month}.csv")
        for month, people in (("2019-06", before), ("2019-07", after))
    ]  # fmt: skip
    workers, _ = clean("workers", *lists)
    movements, _ = clean("movements", make_table("movements", *moves), workers=workers)
    ledger = Ledger("movements")
    query_stock(workers, movements, ledger)
    assert {entry["rule"] for entry in ledger.entries} <= {"A23"}
    return [str(entry["reason"]) for entry in ledger.entries]


def test_a_list_that_follows_from_the_one_before_is_not_asked_about_a23():
    moves = [{"SWE number": "SW1"}, {"SWE number": "SW3", "Type": "Starter"}]
    assert stock_notes(["SW1", "SW2"], ["SW2", "SW3"], *moves) == []


def test_a_list_that_does_not_follow_is_asked_about_by_team_a23():
    assert stock_notes(["SW1", "SW2"], ["SW2", "SW3", "SW4"], {"SWE number": "SW1"}) == [
        "Alpha, July 2019: 2 people + 0 joined + 0 moved in - 1 left - 0 moved out = 1, and the "
        "list has 3"
    ]


def test_a_month_without_movements_is_not_judged_a23():
    workers, _ = clean("workers", make_table("workers", {}, file="workers/2019-06.csv"),
                       make_table("workers", {}, {"SWE number": "SW2"}))  # fmt: skip
    ledger = Ledger("movements")
    nobody = pd.DataFrame({"worker_id": [], "movement": [], "team": [],
                           "date": pd.to_datetime([])})  # fmt: skip
    query_stock(workers, nobody, ledger, months_refused=[pd.Timestamp("2019-07-31")])
    assert ledger.entries == []
    query_stock(workers, nobody, ledger)
    assert len(ledger.entries) == 1


# --- subtotals (A12), text damaged on its way (A21), less than (A26), times (A14) ----------------
def test_a_teams_subtotal_is_compared_with_the_team_a12():
    rows = [{"Number": "P1", "FTE": "0.5"}, {"Number": "P2", "Team": "Beta"}]
    for stated, asked in (("0.5", []), ("1.5", ["Q"])):
        total = ("Alpha Total", "", "", stated, "")
        _, repairs = clean("posts", make_table("posts", *rows, total=total))
        assert repairs.loc[~repairs["is_row_refused"], "severity"].tolist() == asked
        assert repairs["rule"].tolist() == ["A12"] * (1 + len(asked))


def test_mojibake_is_undone_and_a_lost_character_asked_about_a21():
    rows = [
        {"Team": "CafÃ©"},
        {"Number": "P2", "Team": "Café"},
        {"Number": "P3", "Team": "Caf\ufffd"},
    ]
    _, repairs = clean("posts", make_table("posts", *rows))
    found = repairs[repairs["rule"] == "A21"]
    assert found[["severity", "row", "before", "after"]].to_numpy().tolist() == [
        ["F", 2, "CafÃ©", "Café"], ["Q", 4, "", ""],
    ]  # fmt: skip


@pytest.mark.parametrize(("text", "status"), [("<5", "suppressed"), ("< 1 %", "rounds_to_zero")])
def test_less_than_a_number_is_no_number_a26(text, status):
    rows, repairs = clean("workers", make_table("workers", {"FTE": text}, {"SWE number": "SW2"}))
    assert rows["fte"].isna().tolist() == [True, False]
    assert rows["fte_status"].tolist() == [status, "ok"]
    assert repairs["rule"].tolist() == ["A26"]


def test_a_date_with_a_time_is_that_day_a14():
    rows, _ = clean("workers", make_table("workers", {"Start date": "01/02/2018 00:00:00"}))
    assert rows["start_date"].tolist() == [pd.Timestamp("2018-02-01")]


def test_a_date_that_cannot_be_read_names_its_rule_a14():
    assert refusal("workers", {"Start date": "soon"}).rule == "A14"
    assert refusal("movements", {"Effective date": "07/31/2019"}).rule == "A14"
