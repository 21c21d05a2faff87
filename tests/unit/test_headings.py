"""The table inside a sheet: headings by name, wherever and however they stand."""

from __future__ import annotations

import pytest

from wfanalytics.errors import InputError
from wfanalytics.raw.headings import find_table, has_table, hide_personal, known_headings
from wfanalytics.raw.tables import RawSheet

HEADS = ["Number", "Job role", "Team", "FTE", "Status"]
ROW = ["P1", "Social Worker", "Alpha", "1", "Funded"]


def sheet(*cells: list[str], name: str = "", file: str = "posts/a.csv") -> RawSheet:
    return RawSheet(file, name, [list(row) for row in cells], "0")


def refusal(found: RawSheet, table: str = "posts", **more) -> str:
    with pytest.raises(InputError) as error:
        find_table(found, table, **more)
    return str(error.value)


def test_titles_above_blank_rows_between_and_rows_counted_as_a_spreadsheet_does():
    table = find_table(sheet(["Posts in July"], [], HEADS, [], ROW, [" "], ROW), "posts")
    assert table.titles == ("Posts in July",)
    assert (table.heading_row, table.frame["row"].tolist()) == (3, [5, 7])
    assert table.frame["post_id"].tolist() == ["P1", "P1"]


def test_columns_in_any_order():
    table = find_table(sheet(HEADS[::-1], ROW[::-1]), "posts")
    assert table.frame[["post_id", "fte"]].iloc[0].tolist() == ["P1", "1"]


@pytest.mark.parametrize("heads", [
    ["POST NO.", " job\nrole", "Team  name", "Budgeted FTE", "Post status"],
    ["Position_ID", "Job Title", "team", "FTE (%)", "Funded?"],
])  # fmt: skip
def test_headings_written_another_way(heads):
    table = find_table(sheet(heads, ROW), "posts")
    assert list(table.headings) == ["post_id", "role", "team", "fte", "funding"]


def test_a_heading_over_two_rows_the_upper_one_merged():
    upper, lower = ["Post", "", "Team", "FTE", ""], ["Number", "Job role", "", "", "Status"]
    tall = find_table(sheet(["Posts, July"], upper, lower, ROW), "posts")
    assert tall.headings == {
        "post_id": "Number", "role": "Job role", "team": "Team", "fte": "FTE", "funding": "Status",
    }  # fmt: skip
    assert (tall.heading_row, tall.frame["team"].tolist(), tall.unknown) == (3, ["Alpha"], ())
    joined = find_table(
        sheet(["", "Post", "", "Post", ""], ["Number", "Title", "Team", "FTE", "Status"], ROW),
        "posts",
    )
    assert joined.headings == {
        "post_id": "Number", "role": "Title", "team": "Team", "fte": "FTE", "funding": "Status",
    }  # fmt: skip


def test_the_councils_own_headings():
    heads = ["Stelle", "Job role", "Team", "FTE"]
    table = find_table(sheet(heads, ROW[:4]), "posts", own_headings={"STELLE": "post_id"})
    assert table.frame["post_id"].tolist() == ["P1"]


def test_a_heading_the_profile_names_wins_over_one_that_is_shipped():
    heads = ["Number", "Post title", "Unit", "Team", "Post FTE", "FTE"]
    cells = sheet(heads, ["P1", "Social Worker", "Alpha", "Social Worker", "1", "0.5"])
    own = {"Unit": "team", "Post FTE": "fte", "FTE": ""}
    table = find_table(cells, "posts", own_headings=own)
    assert table.frame[["team", "fte"]].iloc[0].tolist() == ["Alpha", "1"]
    assert table.unknown == ("Team",)  # the profile says to leave FTE alone


def test_a_required_field_that_may_be_left_out():
    table = find_table(sheet(HEADS[:3], ROW[:3]), "posts", optional=("fte",))
    assert "fte" not in table.frame


def test_a_column_that_vanished():
    assert refusal(sheet(["Posts"], HEADS[:3] + HEADS[4:], ROW)) == (
        "posts/a.csv, row 2: no column for fte of the posts table. "
        "Found 'Number, Job role, Team, Status'; allowed fte headed 'budgeted fte' or "
        "'establishment fte' or 'fte' or 'fte %' or 'post fte'. "
        "Restore the column, or name its new heading under sources in profile.yml."
    )


def test_a_sheet_without_headings_shows_none_of_its_rows():
    people = ["Abbey, Ben", "SW123456", "name"]
    message = refusal(sheet(people, people, file="movements/a.csv"), "movements")
    assert "Found 'no heading row'" in message
    assert "Abbey" not in message
    assert "SW123456" not in message


def test_what_might_name_a_person_is_hidden_in_a_heading_row():
    row = ["Type", "Effective date", "Abbey, Ben", "SW123456"]
    assert "Found 'Type, Effective date, (not shown), (not shown)'" in refusal(
        sheet(row), "movements"
    )


def test_two_columns_for_one_field():
    assert refusal(sheet([*HEADS, "Post FTE"], [*ROW, "1"])) == (
        "posts/a.csv, row 1: two columns could be fte: 'FTE' and 'Post FTE'. "
        "Remove or rename one of them."
    )


def test_a_file_in_the_wrong_folder():
    assert refusal(sheet(HEADS, ROW, file="workers/a.csv"), "workers") == (
        "workers/a.csv, row 1: this looks like a posts extract, in the workers folder. "
        "Move it to the posts folder."
    )


def test_columns_nobody_knows_are_listed():
    table = find_table(sheet([*HEADS, "Cost centre", ""], [*ROW, "X1", ""]), "posts")
    assert table.unknown == ("Cost centre",)


def test_a_csv_row_wider_than_its_headings():
    ragged = [*ROW[:2], "North", *ROW[2:]]
    assert refusal(sheet(HEADS, ROW, ragged)) == (
        "posts/a.csv, row 3: a row has more cells than there are headings. "
        "Put quotation marks round a text that holds the separator."
    )


def test_a_note_beside_the_table_in_a_workbook_is_no_matter():
    assert len(find_table(sheet(HEADS, [*ROW, "", "checked"], name="Posts"), "posts").frame) == 1


def test_a_short_row_is_filled_with_blanks():
    assert find_table(sheet(HEADS, ROW[:2]), "posts").frame["fte"].tolist() == [""]


def test_notes_are_no_table_and_a_broken_table_is_one():
    assert not has_table(sheet(["How to use this workbook"], ["Team", "is the team"]), "posts")
    assert has_table(sheet(HEADS[:3]), "posts")
    assert has_table(sheet(HEADS, ROW), "workers")


@pytest.mark.parametrize("text", ["SW123456", "sw 123", "123456", "Abbey, Ben", "a@b.uk",
                                  "O'Dell ,Zoë"])  # fmt: skip
def test_what_might_name_a_person_is_hidden(text):
    assert hide_personal(text) == "(not shown)"


@pytest.mark.parametrize("text", ["Social Worker", "18.5%", "07/17/2019", "32 July 2019", "Sept-19",
                                  "n/a", "#REF!", "P1001", "City & Coast", "1,396"])  # fmt: skip
def test_ordinary_cells_are_shown(text):
    assert hide_personal(text) == text


def test_no_alias_means_two_fields_of_one_table():
    for aliases in known_headings().values():
        assert all(aliases)
