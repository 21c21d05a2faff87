"""The establishment: each rule fires on the smallest extract that breaks it, and not otherwise."""

from __future__ import annotations

import pandas as pd
import pytest
from tests.unit.extracts import check, clean, list_notes, make_area, make_table

from wfanalytics.errors import InputError


def refusal(*extracts, **more) -> str:
    with pytest.raises(InputError) as error:
        clean("posts", *extracts, **more)
    return str(error.value)


def test_a_clean_file_is_kept_and_notes_nothing():
    rows, repairs = clean("posts", make_table("posts", {}, {"Number": "P2", "FTE": "0.5"}))
    posts = check(rows, "posts")
    assert posts["post_id"].tolist() == ["P1", "P2"]
    assert posts["fte"].tolist() == [1.0, 0.5]
    assert posts["as_at"].unique().tolist() == [pd.Timestamp("2019-07-31")]
    assert repairs.empty


def test_frozen_deleted_and_unfunded_posts_are_refused_p03():
    rows, repairs = clean(
        "posts",
        make_table("posts", {}, *({"Number": f"P{n}", "Status": word} for n, word in
                                  enumerate(("Frozen", "deleted", "No"), start=2))),
    )  # fmt: skip
    assert rows["post_id"].tolist() == ["P1"]
    assert [(rule, row, refused) for rule, _, row, *_, refused in list_notes(repairs)] == [
        ("P03", 3, True), ("P03", 4, True), ("P03", 5, True),
    ]  # fmt: skip


def test_a_file_without_a_funded_post_is_an_error():
    assert refusal(make_table("posts", {"Status": "Frozen"})) == (
        "posts/2019-07.csv, column Status: no post is funded. "
        "Correct the column, or ask for it again."
    )


def test_an_unknown_status_is_refused_by_name():
    assert refusal(make_table("posts", {"Status": "Paused"})).startswith(
        "posts/2019-07.csv, row 2, column Status: a word with no known meaning. Found 'Paused'; "
        "allowed 'active', 'closed', 'deleted', 'disestablished', 'filled', 'frozen', 'funded', "
        "'live', 'no', 'occupied', 'open', 'unfunded'. Correct the cell, or give the word a "
        "meaning under words: funding in profile.yml: deleted, frozen, funded, unfunded."
    )


def test_the_profile_may_know_the_word():
    area = make_area(funding={"Paused": "frozen"}, role={"Team Leader": "first_line_manager"})
    table = make_table("posts", {"Job role": "Team  leader"}, {"Number": "P2", "Status": "paused"})
    rows, _ = clean("posts", table, area=area)
    assert rows["role"].tolist() == ["first_line_manager"]


def test_an_unknown_role_is_refused_with_the_remedy():
    message = refusal(make_table("posts", {}, {"Number": "P2", "Job role": "Wizard"}))
    assert message.startswith(
        "posts/2019-07.csv, row 3, column Job role: a word with no known meaning. Found 'Wizard'"
    )
    assert message.endswith(
        "or give the word a meaning under words: role in profile.yml: case_holder, "
        "first_line_manager, middle_manager, qualified_without_cases, senior_manager, "
        "senior_practitioner, support."
    )


@pytest.mark.parametrize("fte", ["0", "-0.5", "1.2", "37", "n/a", "", "#REF!"])
def test_a_posts_fte_must_be_above_0_and_at_most_1(fte):
    assert "row 2, column FTE: a post's FTE is missing or impossible." in refusal(
        make_table("posts", {"FTE": fte})
    )


def test_the_same_row_twice_is_refused_once_a18():
    rows, repairs = clean("posts", make_table("posts", {}, {}, {"Number": "P2"}))
    assert rows["post_id"].tolist() == ["P1", "P2"]
    assert list_notes(repairs) == [("A18", "F", 3, "", "", "", True)]


def test_the_same_post_written_two_ways_is_one_post():
    rows, repairs = clean("posts", make_table("posts", {}, {"Number": "p1 "}))
    assert rows["post_id"].tolist() == ["P1"]
    assert list_notes(repairs) == [
        ("A21", "F", 3, "post_id", "p1 ", "P1", False),
        ("A18", "F", 3, "", "", "", True),
    ]


def test_one_post_number_with_two_sizes_is_an_error():
    assert refusal(make_table("posts", {}, {"FTE": "0.5"})) == (
        "posts/2019-07.csv, row 3: a post number stands twice, with different details (rule P03). "
        "Keep the right row, or add the two up in one."
    )


@pytest.mark.parametrize("number", ["", " ", "n/a", "-", "#N/A"])
def test_a_post_needs_a_number(number):
    assert "row 2, column Number: a post without a number." in refusal(
        make_table("posts", {"Number": number})
    )


@pytest.mark.parametrize(
    ("written", "meant"),
    [("P1001", "P1001"), (" p1001 ", "P1001"), ("P 1001", "P1001"), ("1001.0", "1001"),
     ("0017", "0017"), ("P1.5", "P1.5"), ("P\N{NO-BREAK SPACE}7", "P7")],
)  # fmt: skip
def test_post_numbers_are_written_one_way(written, meant):
    rows, repairs = clean("posts", make_table("posts", {"Number": written}))
    assert rows["post_id"].tolist() == [meant]
    assert (repairs["rule"] == "A21").tolist() == ([True] if written != meant else [])


# --- rows that are not data ----------------------------------------------------------------------
def test_a_right_total_is_taken_out_a12():
    rows, repairs = clean(
        "posts", make_table("posts", {}, {"Number": "P2"}, total=("Total", "", "", "2", ""))
    )
    assert len(rows) == 2
    assert list_notes(repairs) == [("A12", "E", 4, "", "", "", True)]


def test_a_wrong_total_is_queried_too_a12():
    _, repairs = clean(
        "posts", make_table("posts", {}, {"Number": "P2"}, total=("Total", "", "", "2.5", ""))
    )
    assert list_notes(repairs) == [
        ("A12", "Q", 4, "fte", "2.5", "", False), ("A12", "E", 4, "", "", "", True),
    ]  # fmt: skip
    assert repairs["reason"][0] == "the Total row says 2.5 and the rows add up to 2"


def test_an_error_in_the_total_is_an_error_in_the_ledger_a12():
    _, repairs = clean("posts", make_table("posts", {}, total=("Total", "", "", "#REF!", "")))
    assert list_notes(repairs)[0] == ("A12", "E", 3, "fte", "#REF!", "", False)
    assert repairs["reason"][0] == "the Total row holds an error"


@pytest.mark.parametrize(
    "label", ["Total", "GRAND TOTAL", "Sub-total", "Alpha Total", "Sum of FTE", "Service total"]
)
def test_totals_and_subtotals_are_taken_out_whatever_they_are_called(label):
    table = make_table("posts", {}, total=("", "", label, "9", ""))
    rows, repairs = clean("posts", table)
    assert (len(rows), repairs["rule"].unique().tolist()) == (1, ["A12"])


def test_a_post_in_a_team_called_total_something_is_a_post():
    rows, _ = clean("posts", make_table("posts", {"Number": "Total1", "Team": "Total Care"}))
    assert len(rows) == 1


def test_a_footnote_is_taken_out_a12():
    rows, repairs = clean("posts", make_table("posts", {}, total=("Source: ledger",)))
    assert (len(rows), list_notes(repairs)) == (1, [("A12", "E", 3, "", "", "", True)])


def test_headings_repeated_among_the_rows_are_taken_out_a15():
    heads = {"Number": "Number", "Job role": "Job role", "Team": "Team", "FTE": "FTE"}
    rows, repairs = clean("posts", make_table("posts", {}, heads))
    assert (len(rows), list_notes(repairs)) == (1, [("A15", "F", 3, "", "", "", True)])


@pytest.mark.parametrize("total", [None, ("Total", "", "", "0", "")])
def test_headings_without_rows_are_an_error(total):
    assert refusal(make_table("posts", total=total)) == (
        "posts/2019-07.csv, row 1: no rows stand under the headings. "
        "Ask for the extract again, or move the file out."
    )


def test_a_column_nobody_knows_is_named_a30():
    _, repairs = clean("posts", make_table("posts", {"Cost centre": "X1"}))
    assert list_notes(repairs) == [("A30", "Q", 1, "Cost centre", "", "", False)]


# --- percentages ---------------------------------------------------------------------------------
def test_a_whole_column_of_percentages_is_read_as_such_a13():
    rows, repairs = clean("posts", make_table("posts", {"FTE": "100%"},
                                              {"Number": "P2", "FTE": "60 %"}))  # fmt: skip
    assert rows["fte"].tolist() == [1.0, 0.6]
    assert list_notes(repairs) == [("A13", "F", 1, "fte", "percentages", "fractions of 1", False)]


def test_percentages_among_numbers_are_refused():
    assert refusal(make_table("posts", {}, {"Number": "P2", "FTE": "60%"})).startswith(
        "posts/2019-07.csv, row 2, column FTE: the column mixes percentages with other numbers. "
        "Found '1'; allowed percentages in the whole column, or in none of it."
    )


# --- teams ---------------------------------------------------------------------------------------
def test_a_team_written_another_way_is_repaired_a17():
    rows, repairs = clean("posts", make_table("posts", {"Team": "ALPHA "},
                                              {"Number": "P2", "Team": "A and  B"}))  # fmt: skip
    assert rows["team"].tolist() == ["Alpha", "A & B"]
    assert list_notes(repairs) == [
        ("A17", "F", 2, "team", "ALPHA ", "Alpha", False),
        ("A17", "F", 3, "team", "A and  B", "A & B", False),
    ]


def test_an_unknown_team_stays_in_the_authority_a17():
    rows, repairs = clean("posts", make_table("posts", {"Team": "Omega"}))
    places = rows[["team", "service", "locality"]].iloc[0].tolist()
    assert places == ["Not in teams.csv"] * 3
    assert list_notes(repairs) == [("A17", "Q", 2, "team", "Omega", "Not in teams.csv", False)]


def test_an_alias_holds_only_between_its_dates():
    old = make_table("posts", {"Team": "Old Beta"}, file="posts/2018-12.csv")
    new = make_table("posts", {"Team": "Old Beta"}, file="posts/2019-01.csv")
    rows, repairs = clean("posts", old, new)
    assert rows["team"].tolist() == ["Beta", "Not in teams.csv"]
    assert list_notes(repairs) == [("A17", "Q", 2, "team", "Old Beta", "Not in teams.csv", False)]


# --- which month ---------------------------------------------------------------------------------
def test_the_title_says_the_month():
    table = make_table("posts", {}, file="posts/latest.csv", titles=("Position at 31 July 2019",))
    assert clean("posts", table)[0]["as_at"][0] == pd.Timestamp("2019-07-31")


def test_a_date_within_the_month_is_queried_a02():
    _, repairs = clean("posts", make_table("posts", {}, titles=("As at 29/07/2019",)))
    assert list_notes(repairs) == [("A02", "Q", 2, "", "29 July 2019", "", False)]


def test_the_day_a_file_was_produced_is_not_its_month():
    rows, _ = clean("posts", make_table("posts", {}, titles=("Produced 02/08/2019",)))
    assert rows["as_at"][0] == pd.Timestamp("2019-07-31")


def test_title_and_file_about_different_months_are_an_error():
    assert refusal(make_table("posts", {}, titles=("As at 30 June 2019",))) == (
        "posts/2019-07.csv: the title and the file's name are about different months. "
        "Found '30 June 2019'; allowed a date in July 2019. Correct whichever is wrong."
    )


def test_sheet_and_file_named_after_different_months_are_an_error():
    assert refusal(make_table("posts", {}, sheet="Jun 2019")) == (
        "posts/2019-07.csv, sheet Jun 2019: the sheet and the file are named after different "
        "months. Rename whichever is wrong."
    )


def test_a_file_that_names_no_month_is_an_error():
    assert refusal(make_table("posts", {}, file="posts/latest.csv")).startswith(
        "posts/latest.csv: nothing says which month this is. Put 2019-07 in the file's name; where "
        "a column says it, write that column's heading under headings in profile.yml, as as_at."
    )
    # April 2011 to March 2012, or December 2011?
    assert "nothing says which month" in refusal(make_table("posts", {}, file="posts/2011-12.csv"))


def test_two_files_about_one_month_are_an_error():
    again = make_table("posts", {"FTE": "0.5"}, file="posts/2019-07 new.csv")
    assert refusal(make_table("posts", {}), again) == (
        "2 extracts are about July 2019: posts/2019-07.csv, posts/2019-07 new.csv. "
        "Keep the right one in the folder and move the others out."
    )
