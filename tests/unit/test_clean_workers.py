"""The worker list: one person one status, FTE in range, posts that exist, nobody named."""

from __future__ import annotations

import pandas as pd
import pytest
from tests.unit.extracts import check, clean, list_notes, make_table, pseudonym

from wfanalytics.errors import InputError

AGENCY = {"Contract": "Agency", "SWE number": "SW202", "Post number": ""}


def refusal(*extracts, **more) -> str:
    with pytest.raises(InputError) as error:
        clean("workers", *extracts, **more)
    return str(error.value)


def test_a_clean_row_says_what_it_says():
    row = {"ASYE": "Yes", "Absence": "Maternity leave", "Days sick": "3", "FTE": ".8"}
    rows, repairs = clean("workers", make_table("workers", row))
    worker = check(rows, "workers").iloc[0]
    assert worker["worker_id"] == pseudonym("SW101")
    assert (worker["fte"], worker["fte_status"], worker["days_lost"]) == (0.8, "ok", 3.0)
    assert (worker["absence"], worker["is_newly_qualified"]) == ("maternity", True)
    assert worker["start_date"] == pd.Timestamp("2018-02-01")
    assert repairs.empty


# --- one status (W01) ----------------------------------------------------------------------------
def test_the_agency_line_of_somebody_made_permanent_is_refused_w01():
    stale = {"Contract": "Agency", "Start date": "01/01/2018"}
    rows, repairs = clean("workers", make_table("workers", {}, stale))
    assert rows["employment"].tolist() == ["permanent"]
    assert list_notes(repairs) == [("W01", "E", 3, "employment", "", "", True)]


def test_two_people_may_share_a_post_w01():
    _, repairs = clean("workers", make_table("workers", {}, {**AGENCY, "Post number": "P1"}))
    assert repairs.empty


@pytest.mark.parametrize("start", ["01/02/2018", "01/03/2018", "", "31/12/9999"])
def test_two_statuses_and_nothing_to_choose_by_is_an_error_w01(start):
    both = make_table("workers", {}, {"Contract": "Locum", "Start date": start})
    assert refusal(both) == (
        "workers/2019-07.csv, row 3, column Contract: one person is listed as permanent and as "
        "agency, and the start dates do not show that the agency line is the older one "
        "(rule W01). Remove the line that no longer holds."
    )


# --- FTE (W16, A26, A13) -------------------------------------------------------------------------
@pytest.mark.parametrize("fte", ["1.2", "37", "-0.5"])
def test_an_impossible_fte_is_left_out_and_the_person_kept_w16(fte):
    rows, repairs = clean("workers", make_table("workers", {"FTE": fte}))
    assert rows["fte"].isna().all()
    assert rows["fte_status"].tolist() == ["unreliable"]
    assert list_notes(repairs) == [("W16", "Q", 2, "fte", fte, "", False)]


@pytest.mark.parametrize("fte", ["0", "1", "1.0"])
def test_an_fte_of_0_or_1_is_kept_w16(fte):
    rows, repairs = clean("workers", make_table("workers", {"FTE": fte}))
    assert (rows["fte"].tolist(), repairs.empty) == ([float(fte)], True)


def test_more_than_one_fte_for_one_person_is_queried_w16():
    two = make_table("workers", {"FTE": "0.6"}, {"Post number": "P2", "FTE": "0.6"})
    rows, repairs = clean("workers", two)
    assert rows["fte"].tolist() == [0.6, 0.6]
    assert [(rule, row, before) for rule, _, row, _, before, *_ in list_notes(repairs)] == [
        ("W16", 2, "1.2"), ("W16", 3, "1.2"),
    ]  # fmt: skip
    assert repairs["reason"][0] == "the FTE of one person adds up to more than 1"


def test_two_half_posts_are_one_person_w16():
    two = make_table("workers", {"FTE": "0.5"}, {"Post number": "P2", "FTE": "0.5"})
    assert clean("workers", two)[1].empty


@pytest.mark.parametrize(
    ("word", "status"), [("n/a", "missing"), ("TBC", "missing"), ("#DIV/0!", "missing"),
                         ("c", "suppressed"), ("x", "unavailable")],
)  # fmt: skip
def test_a_word_for_no_number_is_a_blank_with_a_reason_a26(word, status):
    rows, repairs = clean("workers", make_table("workers", {"FTE": word}))
    assert (rows["fte"].isna().all(), rows["fte_status"].tolist()) == (True, [status])
    assert list_notes(repairs) == [("A26", "F", 2, "fte", word, "", False)]


def test_an_empty_fte_is_missing_and_needs_no_note():
    rows, repairs = clean("workers", make_table("workers", {"FTE": " "}))
    assert (rows["fte_status"].tolist(), repairs.empty) == (["missing"], True)


def percent_column(*ftes: str):
    rows = [{"FTE": fte, "SWE number": f"SW{n}"} for n, fte in enumerate(ftes, start=1)]
    return make_table("workers", *rows, rename={"FTE": "FTE %"})


def test_a_percent_heading_over_numbers_above_1_decides_for_the_column_a13():
    rows, repairs = clean("workers", percent_column("100", "60", "0"))
    assert rows["fte"].tolist() == [1.0, 0.6, 0.0]
    assert list_notes(repairs) == [("A13", "F", 1, "fte", "percentages", "fractions of 1", False)]


def test_a_percent_heading_over_shares_of_1_changes_nothing_a13():
    rows, repairs = clean("workers", percent_column("1", "0.6"))
    assert (rows["fte"].tolist(), repairs.empty) == ([1.0, 0.6], True)


def test_a_percent_heading_over_both_is_an_error_a13():
    assert refusal(percent_column("100", "0.6")) == (
        "workers/2019-07.csv, row 3, column FTE %: the column mixes percentages with shares of 1. "
        "Found '0.6'; allowed such as 60 in the whole column, or 0.6 in the whole column. "
        "Make the column one or the other."
    )


# --- numbers of people and posts -----------------------------------------------------------------
@pytest.mark.parametrize("written", ["sw101", "SW 101", " SW101 ", "SW\N{NO-BREAK SPACE}101"])
def test_a_registration_number_written_another_way_is_repaired_and_hidden_a21(written):
    other = {"SWE number": "SW202", "Post number": "P2"}
    rows, repairs = clean("workers", make_table("workers", {"SWE number": written}, other))
    assert rows["worker_id"].tolist() == [pseudonym("SW101"), pseudonym("SW202")]
    assert list_notes(repairs) == [
        ("A21", "F", 2, "worker_id", "(personal)", "(personal)", False)
    ]  # fmt: skip


def test_a_column_without_letters_is_noted_once_a21():
    numbers = make_table("workers", {"SWE number": "101"}, {"SWE number": "202"})
    rows, repairs = clean("workers", numbers)
    assert rows["worker_id"].tolist() == [pseudonym("SW101"), pseudonym("SW202")]
    assert list_notes(repairs) == [
        ("A21", "F", 1, "worker_id", "", "", False)
    ]  # fmt: skip


@pytest.mark.parametrize("number", ["", "SW000", "Abbey, Ben", "SW12345678901", "SW٣٤"])
def test_what_is_no_registration_number_is_refused_and_not_shown(number):
    message = refusal(make_table("workers", {"SWE number": number}))
    assert message == (
        "workers/2019-07.csv, row 2, column SWE number: not a registration number. "
        "Allowed SW and 1 to 10 digits. Correct the cell, or give its registration number in "
        "people.csv."
    )


def test_one_person_twice_in_one_post_is_an_error_a18():
    assert refusal(make_table("workers", {}, {"FTE": "0.5"})) == (
        "workers/2019-07.csv, row 3: one person stands twice in one post, with different details "
        "(rule A18). Keep the right row, or add the two up in one."
    )


def test_one_person_twice_the_same_is_refused_once_a18():
    rows, repairs = clean("workers", make_table("workers", {}, {"SWE number": "sw 101"}))
    assert len(rows) == 1
    assert [(n[0], n[2], n[-1]) for n in list_notes(repairs)] == [
        ("A21", 3, False), ("A18", 3, True),
    ]  # fmt: skip


def test_a_post_the_establishment_does_not_have_is_queried_w04():
    posts, _ = clean("posts", make_table("posts", {}))
    posts_held = [("SW2", "P9"), ("SW3", "")]
    rows = [{}, *({"SWE number": who, "Post number": post} for who, post in posts_held),
            {**AGENCY, "SWE number": "SW4"}, {**AGENCY, "Post number": "P8"}]  # fmt: skip
    _, repairs = clean("workers", make_table("workers", *rows), posts=posts)
    assert list_notes(repairs) == [
        ("W04", "Q", 3, "post_id", "P9", "", False),
        ("W04", "Q", 4, "post_id", "", "", False),
        ("W04", "Q", 6, "post_id", "P8", "", False),
    ]


def test_post_numbers_of_two_extracts_meet_however_written_w04():
    posts, _ = clean("posts", make_table("posts", {"Number": "p1001 "}))
    table = make_table("workers", {"Post number": "P1001.0"})
    rows, repairs = clean("workers", table, posts=posts)
    assert rows["post_id"].tolist() == posts["post_id"].tolist()
    assert repairs["rule"].tolist() == ["A21"]


def test_a_month_without_an_establishment_raises_no_question_w04():
    posts, _ = clean("posts", make_table("posts", {"Number": "P5"}, file="posts/2019-06.csv"))
    assert clean("workers", make_table("workers", {}), posts=posts)[1].empty


# --- dates and words -----------------------------------------------------------------------------
@pytest.mark.parametrize("start", ["", "31/12/9999", "01/01/1900", "31/12/1899", "30/12/1899",
                                   "31-Dec-4712", "1753-01-01", "0001-01-01"])  # fmt: skip
def test_an_unknown_start_is_no_date(start):
    rows, _ = clean("workers", make_table("workers", {"Start date": start}))
    assert rows["start_date"].isna().all()


@pytest.mark.parametrize("start", ["30/12/1898", "17/07/1019", "02/01/1753"])
def test_any_other_start_before_1900_is_refused(start):
    table = make_table("workers", {"Start date": start})
    assert f"row 2, column Start date: not a date. Found '{start}'" in refusal(table)


def test_one_american_date_refuses_the_column():
    table = make_table("workers", {}, {"SWE number": "SW2", "Start date": "07/17/2019"})
    assert refusal(table) == (
        "workers/2019-07.csv, row 3, column Start date: the dates look American, month first. "
        "Found '07/17/2019'; allowed day first, such as 31/07/2019. Export the file again with UK "
        "settings. No date in this column was used."
    )


def test_two_lists_of_one_month_are_an_error():
    again = make_table("workers", {}, file="workers/2019-07 b.csv")
    assert refusal(make_table("workers", {}), again).startswith("2 extracts are about July 2019:")


def test_fewer_than_no_days_are_refused():
    assert refusal(make_table("workers", {"Days sick": "-1"})).startswith(
        "workers/2019-07.csv, row 2, column Days sick: fewer than no days."
    )
