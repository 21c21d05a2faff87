"""Unknown sheets: which table they hold, and which column is which field, and how surely."""

from __future__ import annotations

import pytest
from tests.scenarios import small_council as council

from wfanalytics.clean.contents import DISTINCT, FITS, NOT, Contents, Seen, judge_fit
from wfanalytics.clean.grids import find_grid
from wfanalytics.clean.propose import propose
from wfanalytics.clean.recognise import recognise
from wfanalytics.raw.headings import known_headings
from wfanalytics.raw.synonyms import (
    LIKE,
    SYNONYM,
    WORD,
    explain_trap,
    find_meanings,
    read_synonyms,
)
from wfanalytics.raw.tables import RawSheet


def sheet(*cells: list[str], file: str = "a.csv", name: str = "") -> RawSheet:
    return RawSheet(file, name, [list(row) for row in cells], "0")


def place(*sheets: RawSheet) -> dict[str, tuple[str, str]]:
    """Heading -> field and how, of the one shape the sheets have."""
    (shape,), _ = recognise(sheets)
    return {column.heading: (column.field, column.how) for column in shape.columns}


def rename(heads: list[str], **new: str) -> list[str]:
    names = {old.replace("_", " "): name for old, name in new.items()}
    return [names.get(head, head) for head in heads]


# --- tables --------------------------------------------------------------------------------------
@pytest.mark.parametrize(("table", "heads", "rows"), [
    ("posts", council.POST_HEADS, council.POSTS),
    ("workers", council.WORKER_HEADS, council.WORKERS),
    ("movements", council.MOVE_HEADS, council.MOVES),
    ("caseload", council.CASE_HEADS, council.CASES),
    ("summary", ["Month", "Vacancy gap", "Leavers"], [["Jul-19", "7.0%", "2"]]),
])  # fmt: skip
def test_a_table_is_known_by_its_headings_and_cells(table, heads, rows):
    (shape,), lost = recognise([sheet(["A title"], [], heads, *rows)])
    assert (shape.table, shape.missing, lost) == (table, (), [])
    assert {column.how for column in shape.columns} == {"known"}


def test_a_worker_list_without_one_column_is_still_a_worker_list():
    rows = [row[:6] + row[7:] for row in council.WORKERS]
    (shape,), _ = recognise([sheet(council.WORKER_HEADS[:6] + council.WORKER_HEADS[7:], *rows)])
    assert (shape.table, shape.missing) == ("workers", ("start_date",))


def test_posts_some_without_a_holder_are_an_establishment_list():
    heads = ["Post number", "Job role", "Team", "Post FTE", "SWE number", "Contract", "FTE"]
    held = [["P1", "Social Worker", "Alpha", "1", "SW101", "Permanent", "0.8"]]
    vacant = [["P2", "Social Worker", "Alpha", "1", "", "Vacant", ""]]
    (shape,), _ = recognise([sheet(heads, *held, *vacant)])
    assert (shape.table, shape.find("post_fte").heading) == ("establishment", "Post FTE")
    (shape,), _ = recognise([sheet(heads, *held)])
    assert shape.table == "workers"


@pytest.mark.parametrize("cells", [
    [["tea", "cake"], ["1", "2"]], [["Team"], ["Alpha"]], [["Month", "Rain"], ["Jul-19", "4"]],
    [["Name", "Team", "Telephone"], ["Abbey, Ben", "Alpha", "01234 567890"]],
])  # fmt: skip
def test_other_tables_are_none_of_ours(cells):
    shapes, lost = recognise([sheet(*cells)])
    assert shapes == []
    assert len(lost) == 1


def test_the_heading_row_is_found_under_titles_and_above_units():
    cells = [["Staff of Alpha, Beta"], ["Report 7", "v2"], [], ["Person", "", "", "Post"],
             ["SWE no", "Contract", "WTE", "Title"], ["", "", "(FTE)", ""],
             ["SW1", "Perm", "1", "Social Worker"]]  # fmt: skip
    grid = find_grid(sheet(*cells))
    assert (grid.row, grid.lines) == (4, (("SW1", "Perm", "1", "Social Worker"),))


def test_the_same_heading_twice_is_told_by_the_one_above_it():
    grid = find_grid(sheet(["Person", "Post"], ["Number", "Number"], ["SW1", "P1"]))
    assert grid.keys == ("Person Number", "Post Number")


# --- columns -------------------------------------------------------------------------------------
def test_a_synonym_whose_cells_agree_is_proposed():
    heads = rename(council.WORKER_HEADS, SWE_number="Registration ID", FTE="WTE", Team="Unit")
    placed = place(sheet(heads, *council.WORKERS))
    assert placed["Registration ID"] == ("worker_id", "proposed")
    assert placed["WTE"] == ("fte", "proposed")
    assert placed["Unit"] == ("team", "proposed")
    assert placed["Contract"] == ("employment", "known")


def test_a_heading_that_is_only_like_one_is_proposed_where_the_cells_are_like_nothing_else():
    heads = rename(council.WORKER_HEADS, Contract="Contarct type", Days_sick="Days siick")
    placed = place(sheet(heads, *council.WORKERS))
    assert placed["Contarct type"] == ("employment", "proposed")
    assert placed["Days siick"] == ("days_lost", "doubtful")


def test_an_unknown_heading_is_proposed_where_the_cells_are_like_nothing_else():
    heads = rename(council.WORKER_HEADS, SWE_number="Zyx", Contract="Qwe", Days_sick="Asd")
    placed = place(sheet(heads, *council.WORKERS))
    assert placed["Zyx"] == ("worker_id", "proposed")
    assert placed["Qwe"] == ("employment", "proposed")
    assert placed["Asd"] == ("", "unknown")


def test_an_unknown_heading_that_could_be_a_missing_field_is_a_hint_and_no_more():
    heads = rename(council.WORKER_HEADS, Start_date="Zyx")
    assert place(sheet(heads, *council.WORKERS))["Zyx"] == ("start_date", "hinted")


def test_team_names_of_another_extract_tell_the_team_column():
    posts = sheet(council.POST_HEADS, *council.POSTS)
    staff = sheet(rename(council.WORKER_HEADS, Team="Zyx"), *council.WORKERS, file="b.csv")
    shapes, _ = recognise([posts, staff])
    assert next(s for s in shapes if s.table == "workers").find("team").heading == "Zyx"


def test_digits_are_a_workers_number_where_the_heading_says_so_or_the_people_are_the_same():
    staff = sheet(council.WORKER_HEADS, *council.WORKERS)
    for heading, numbers, is_placed in (
        ("Case holder", ("102", "103", "107"), True), ("Zyx", ("102", "103", "107"), True),
        ("Case holder", ("90001", "90002", "90003"), False),
    ):  # fmt: skip
        rows = [[row[0], number, *row[2:]] for row, number in
                zip(council.CASES, numbers * 2, strict=True)]  # fmt: skip
        cases = sheet(rename(council.CASE_HEADS, Worker=heading), *rows, file="b.csv")
        shapes, _ = recognise([staff, cases])
        shape = next(s for s in shapes if s.table == "caseload")
        assert (shape.find("worker_id") is not None) == is_placed, (heading, numbers)


def test_two_columns_that_could_be_one_field_are_both_in_doubt():
    heads = [*rename(council.WORKER_HEADS, FTE="WTE"), "Full time equivalent"]
    placed = place(sheet(heads, *([*row, row[5]] for row in council.WORKERS)))
    assert placed["WTE"] == placed["Full time equivalent"] == ("fte", "doubtful")


def test_a_known_heading_over_other_cells_is_contradicted():
    heads = rename(council.POST_HEADS, Status="Post status")
    rows = [[*row[:4], f"{n}"] for n, row in enumerate(council.POSTS)]
    (shape,), _ = recognise([sheet(heads, *rows)])
    assert [(c.heading, c.how) for c in shape.columns if c.how != "known"] == [
        ("Post status", "contradicted"),
    ]  # fmt: skip
    proposals, _ = propose([shape], [])
    assert proposals["posts"].own_headings == {"Post status": ""}


def test_names_of_people_are_never_taken_for_words_or_teams():
    names = [f"Person{n} Surname{n}" for n in range(8)]
    heads = rename(council.WORKER_HEADS, Contract="Holder status", Team="Unit")
    rows = [[*row[:1], name, row[2], name, *row[4:]] for row, name in
            zip(council.WORKERS, names, strict=True)]  # fmt: skip
    (shape,), _ = recognise([sheet(heads, *rows)])
    assert shape.find("employment") is None
    assert shape.find("team") is None


# --- headings ------------------------------------------------------------------------------------
@pytest.mark.parametrize(("heading", "table", "field", "level"), [
    ("No. of post", "posts", "post_id", SYNONYM), ("WTE (%)", "workers", "fte", SYNONYM),
    ("Registration of worker", "workers", "worker_id", SYNONYM),
    ("Hired on the", "workers", "start_date", WORD),
    ("Emploment type", "workers", "employment", LIKE),
    ("Gap, uncovered vacancies", "summary", "uncovered_vacancy_rate_fte", WORD),
])  # fmt: skip
def test_what_a_heading_may_mean(heading, table, field, level):
    assert find_meanings(heading, table)[0][:2] == (field, level)


@pytest.mark.parametrize(("heading", "table"), [
    ("Week commencing", "caseload"), ("W/C Monday", "caseload"), ("Families", "caseload"),
    ("Closed cases", "caseload"), ("End date of contract", "workers"),
    ("Manager's SWE number", "workers"), ("Vacancy target", "summary"),
])  # fmt: skip
def test_traps(heading, table):
    fields = {meaning.field for meaning in find_meanings(heading, table)}
    assert explain_trap(heading, table)
    assert not fields & {"week_ending", "cases_cin", "cases", "start_date", "worker_id",
                         "vacancy_rate_fte"}  # fmt: skip


def test_synonyms_are_of_fields_there_are_and_of_one_only():
    for table in (*known_headings(), "establishment"):
        fields = {*known_headings().get(table, known_headings()["workers"]).values(),
                  "service", "locality", "funding", "post_fte"}  # fmt: skip
        seen: dict[str, str] = {}
        for name, synonyms in read_synonyms(table).items():
            assert name in fields, (table, name)
            for synonym in synonyms:
                assert seen.setdefault(synonym, name) == name, (table, synonym)


# --- cells ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(("cells", "name", "fit"), [
    (["SW123", "sw 124", "UNALLOCATED"], "worker_id", DISTINCT), (["P1", "P2"], "worker_id", NOT),
    (["1", "0.6"], "fte", DISTINCT), (["1", "1"], "fte", FITS), (["60%", "100%"], "fte", DISTINCT),
    (["37", "18.5", "37"], "fte", FITS), (["12", "15", "19"], "fte", NOT),
    (["07/07/2019", "14/07/2019"], "week_ending", FITS),
    (["07/07/2019", "09/07/2019", "12/07/2019"], "week_ending", NOT),
    (["Sept-19", "Oct-19"], "month", DISTINCT), (["01/09/2019"], "month", FITS),
    (["Alpha", "Alpha", "Beta"], "team", FITS), (["Abbey, Ben"] * 3, "team", NOT),
    (["Yes", "No", "Yes"], "team", NOT), (["Yes"], "is_newly_qualified", FITS),
    (["1", "2.5"], "cases_cin", NOT), (["1,396"], "cases", FITS),
    (["18.5%", "7%"], "vacancy_rate_fte", FITS), (["12"], "vacancy_rate_fte", NOT),
    (["Funded", "Frozen"], "funding", DISTINCT), (["Permanent"], "funding", NOT),
])  # fmt: skip
def test_cells_and_fields(cells, name, fit):
    assert judge_fit(Contents.of([*cells, "", "n/a"]), name) == fit


def test_post_numbers_of_another_extract_tell_the_column():
    seen = Seen(posts=frozenset({"P1", "P2"}))
    assert judge_fit(Contents.of(["p1", "P 2"]), "post_id", seen=seen) == DISTINCT
