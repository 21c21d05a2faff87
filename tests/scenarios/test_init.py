"""``wfanalytics init``: an unknown folder becomes an area, or what was not placed is said."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
import yaml
from tests.scenarios import small_council as council
from tests.scenarios.renamed_sample import write_renamed
from tests.scenarios.small_council import (
    POST_HEADS,
    POSTS,
    init,
    make_data,
    write_book,
    write_csv,
    write_staff,
)

from wfanalytics.analysis.quality import find_problems
from wfanalytics.clean.area import clean_area
from wfanalytics.clean.identity import FICTIONAL_KEY, pseudonymise
from wfanalytics.clean.returns import load_returns
from wfanalytics.cli import main
from wfanalytics.errors import InputError, ParameterError
from wfanalytics.frames import CLEAN_SCHEMAS, check_clean
from wfanalytics.raw.area import read_area
from wfanalytics.report.new_area import run_init


@pytest.fixture
def data(tmp_path) -> Path:
    return make_data(tmp_path)[0]


@pytest.fixture
def given(data) -> Path:
    return data.parent / "given"


def read_profile(data: Path) -> dict:
    return yaml.safe_load((data / "raw" / "shire" / "profile.yml").read_text("utf-8"))


def clean(data: Path) -> dict[str, pd.DataFrame]:
    area = read_area("shire", data_dir=data)
    area = replace(area, profile=area.profile.model_copy(update={"fictional": True}))
    return clean_area(area).tables


def list_files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*") if path.is_file()
    }  # fmt: skip


# --- the sample, renamed -------------------------------------------------------------------------
@pytest.fixture(scope="module")
def renamed(project_root, tmp_path_factory):
    """The sample with every heading renamed, columns shuffled, sheets renamed: as init left it."""
    data, given = make_data(tmp_path_factory.mktemp("renamed"))
    write_renamed(project_root / "data" / "raw" / "exampleshire", given)
    return data, init(data, given)


#: Tables init looks for: allocations are child data, which an analyst switches on.
PLACED = [table for table in CLEAN_SCHEMAS if table != "allocations"]


def read_truth(project_root: Path, table: str) -> pd.DataFrame:
    truth = pd.read_parquet(
        project_root / "tests/scenarios/exampleshire_truth" / f"{table}.parquet"
    )
    if "worker_id" in truth:
        known = {n: pseudonymise(n, key=FICTIONAL_KEY) for n in truth["worker_id"].unique()}
        truth["worker_id"] = truth["worker_id"].map(known)
    return check_clean(truth[list(CLEAN_SCHEMAS[table].columns)], table)


def assert_same(frame: pd.DataFrame, truth: pd.DataFrame, *, without: tuple[str, ...] = ()) -> None:
    names = [name for name in truth.columns if name not in without]
    ordered = (one[names].sort_values(names, ignore_index=True) for one in (frame, truth))
    pd.testing.assert_frame_equal(*ordered)


def test_the_profile_proposed_for_the_renamed_sample_cleans_to_the_truth(renamed, project_root):
    data, _ = renamed
    places = ("team", "service", "locality")  # these only teams.csv can tell
    cleaned = clean(data)
    for table in PLACED:
        assert_same(cleaned[table], read_truth(project_root, table), without=places)


def test_with_the_councils_own_team_list_the_truth_is_whole(renamed, project_root):
    data, _ = renamed
    kept = (data / "raw/shire/teams.csv").read_bytes()
    shutil.copy(project_root / "data/raw/exampleshire/teams.csv", data / "raw/shire/teams.csv")
    cleaned = clean(data)
    (data / "raw/shire/teams.csv").write_bytes(kept)
    for table in PLACED:
        assert_same(cleaned[table], read_truth(project_root, table))


def test_everything_in_the_renamed_sample_was_placed(renamed):
    _, said = renamed
    assert "Could not be placed" not in said
    assert "cleaning gives" in said
    assert "refused: " not in said
    assert said.count("proposed; ") == 5 + 13 + 10 + 8 + 4
    assert "known; " not in said


def test_codes_of_the_case_system_are_matched_to_teams_by_who_holds_the_cases(
    renamed, project_root
):
    data, said = renamed
    found = pd.read_csv(data / "raw/shire/teams.csv", dtype="str")
    truth = pd.read_csv(project_root / "data/raw/exampleshire/teams.csv", dtype="str")
    real = dict(zip(truth["as_written"], truth["team"], strict=True))
    guessed = found[found["as_written"] != found["team"]]
    assert len(guessed) == 25  # all codes but the one of the team that changed its name
    assert {row.as_written: row.team for row in guessed.itertuples()} == {
        name: real[name] for name in guessed["as_written"]
    }
    assert set(real) == set(found["as_written"])
    assert "North Vale Child Protection (September 2018)" in said


# --- layouts -------------------------------------------------------------------------------------
def assert_july(data: Path, *, months: int = 1) -> None:
    """Nine funded posts of 8.5 FTE and eight people a month, two of them in Beta's P6 and P7."""
    tables = clean(data)
    posts, workers = tables["posts"], tables["workers"]
    assert (
        posts.groupby("as_at")["fte"].agg(["size", "sum"]).to_numpy().tolist()
        == [[9, 8.5]] * months
    )
    assert (
        workers.groupby("as_at")["fte"].agg(["size", "sum"]).to_numpy().tolist()
        == [[8, 7.5]] * months
    )
    assert posts["as_at"].max() == pd.Timestamp("2019-07-31")
    assert set(workers["team"]) == {"Alpha", "Beta"}
    assert (workers["employment"] == "agency").sum() == months


def test_a_file_a_month_named_in_words_and_in_folders(data, given):
    for month in ("June 2019", "July 2019"):
        write_csv(given / f"Establishment {month}.csv", council.POST_HEADS, *council.POSTS)
        write_csv(given / month / "Staff.csv", council.WORKER_HEADS, *council.WORKERS)
    said = init(data, given)
    assert "workers: 2 sheets of 2 files" in said
    assert sorted(path.name for path in (data / "raw/shire/workers").iterdir()) == [
        "July 2019 Staff.csv", "June 2019 Staff.csv",
    ]  # fmt: skip
    assert_july(data, months=2)


def test_a_sheet_a_month_some_of_them_hidden(data, given):
    staff = [["Staff in post"], [], council.WORKER_HEADS, *council.WORKERS]
    posts = [council.POST_HEADS, *council.POSTS]
    write_book(given / "Staff.xlsx", Notes=[["For finance only"]], hidden_Jun_2019=staff,
               Jul_2019=staff)  # fmt: skip
    write_book(given / "Posts.xlsx", Jun_19=posts, Jul_19=posts)
    said = init(data, given)
    assert "workers: 2 sheets of 1 file; 1 of them hidden" in said
    assert "Staff.xlsx, sheet Notes: no heading row with rows below it was found" in said
    assert_july(data, months=2)


def test_all_months_in_one_file_with_a_total(data, given):
    rows = [[month, *row] for month in ("30/06/2019", "31/07/2019") for row in council.POSTS]
    total = ["Total", "", "", "", "19.0", ""]
    write_csv(given / "posts.csv", ["As at", *council.POST_HEADS], *rows, total)
    rows = [[*row, month] for month in ("Jun-19", "Jul-19") for row in council.WORKERS]
    write_csv(given / "staff.csv", [*council.WORKER_HEADS, "Snapshot month"], *rows)
    said = init(data, given)
    assert "as_at: 'Snapshot month', proposed; " in said
    assert "posts: 21 rows = 18 kept + 3 refused" in said
    assert_july(data, months=2)


ESTABLISHMENT = ["Position no", "Position", "Team", "Service", "Budgeted FTE", "SWE reg",
                 "Postholder", "Status", "Contracted FTE"]  # fmt: skip


def list_establishment() -> list[list[str]]:
    """P1 to P8 held as in the worker list, P9 and P10 vacant, P8's holder away and covered."""
    people = {row[2]: row for row in council.WORKERS}
    rows = []
    for number, role, team, fte, _ in council.POSTS:
        held = people.get(number)
        holder = [held[0], "Abbey, Ben", held[1], held[5]] if held else ["", "VACANT", "Vacant", ""]
        rows.append([number, role, team, "Safeguarding", fte, *holder])
    rows.append(["P8", "Social Worker", "Beta", "Safeguarding", "1", "SW300", "Moss, Ann",
                 "Agency", "0.6"])  # fmt: skip
    return rows


def test_one_establishment_list_in_place_of_posts_and_workers(data, given):
    write_csv(given / "Establishment 2019-07.csv", ESTABLISHMENT, *list_establishment())
    said = init(data, given)
    assert "posts: 1 sheet of 1 file; an establishment list, with its holders" in said
    assert "post_id: 'Position no'" in said
    profile = read_profile(data)
    assert profile["sources"]["workers"]["holds"] == "establishment"
    assert profile["sources"]["posts"]["folder"] == "establishment"
    tables = clean(data)
    assert (len(tables["posts"]), tables["posts"]["fte"].sum()) == (10, 9.5)
    workers = tables["workers"]
    assert (len(workers), round(workers["fte"].sum(), 6)) == (9, 8.1)
    assert workers[workers["post_id"] == "P8"]["employment"].tolist() in (
        ["permanent", "agency"], ["agency", "permanent"],
    )  # fmt: skip
    assert set(tables["posts"]["service"]) == {"Safeguarding"}
    assert profile["sources"]["posts"]["headings"]["Status"] == ""  # the holder's, not the post's
    assert "posts: 11 rows = 10 kept + 1 refused" in said
    assert "workers: 11 rows = 9 kept + 2 refused" in said


def test_problems_of_an_establishment_list_are_told_apart_by_table(data, given):
    write_csv(given / "Establishment 2019-07.csv", ESTABLISHMENT, *list_establishment())
    init(data, given)
    area = read_area("shire", data_dir=data)
    area = replace(area, profile=area.profile.model_copy(update={"fictional": True}))
    problems = find_problems(clean_area(area))
    listed = problems[problems["rule"] == "A03"].groupby("table")["rows"].sum()
    assert listed.to_dict() == {"posts": 1, "workers": 2}
    assert problems[problems["rule"] == "A30"]["table"].tolist() == ["posts", "workers"]


def test_fte_as_hours_says_which_full_time_week_was_taken(data, given):
    def hours(row: list[str], place: int) -> list[str]:
        return [*row[:place], "18" if row[place] == "0.5" else "36", *row[place + 1 :]]

    posts = [hours(row, 3) for row in council.POSTS]
    write_csv(given / "posts 2019-07.csv", ["Post number", "Job role", "Team", "Weekly hours",
                                            "Status"], *posts)  # fmt: skip
    workers = [hours(row, 5) for row in council.WORKERS]
    heads = ["Contracted hours" if head == "FTE" else head for head in council.WORKER_HEADS]
    write_csv(given / "staff 2019-07.csv", heads, *workers)
    said = init(data, given)
    assert "workers: 1 sheet of 1 file; FTE as hours of 36" in said
    assert (read_profile(data)["full_time_hours"], read_profile(data)["sources"]["posts"]["fte"]) \
        == (36, "hours")  # fmt: skip
    text = (data / "raw/shire/profile.yml").read_text("utf-8")
    assert "full_time_hours: 36  # the week most people work in the extracts" in text
    assert_july(data)


@pytest.mark.parametrize(
    ("delimiter", "encoding"), [(";", "utf-16"), ("|", "cp1252"), ("\t", "utf-8-sig")]
)
def test_any_separator_and_encoding(data, given, delimiter, encoding):
    for name, rows in (("posts", [council.POST_HEADS, *council.POSTS]),
                       ("staff", [council.WORKER_HEADS, *council.WORKERS])):  # fmt: skip
        title = ["Children’s services – July, as sent" if encoding != "cp1252" else "£, as sent"]
        write_csv(given / f"{name} 2019-07.csv", title, *rows, delimiter=delimiter,
                  encoding=encoding)  # fmt: skip
    init(data, given)
    assert_july(data)


def test_headings_over_two_rows_units_below_and_headings_again_at_a_page_break(data, given):
    upper = ["Person", "", "Position", "", "", "", "", "First year", "Away", ""]
    lower = ["SWE reg", "Contract", "Held", "Team", "Title", "WTE", "Start date", "", "Reason",
             "Days sick"]  # fmt: skip
    units = ["", "text", "", "", "", "(FTE)", "dd/mm/yyyy", "", "", "days"]
    rows = council.WORKERS
    cells = [["All staff"], upper, lower, units, *rows[:5], upper, lower, *rows[5:]]
    write_book(given / "Staff 2019-07.xlsx", Staff=cells)
    write_staff(given)
    (given / "Staff 2019-07.csv").unlink()
    said = init(data, given)
    own = read_profile(data)["sources"]["workers"]["headings"]
    assert own["First year"] == "is_newly_qualified"
    assert "Could not be placed" not in said
    assert_july(data)
    assert clean(data)["workers"]["is_newly_qualified"].sum() == 1


def test_several_tables_in_one_workbook(data, given):
    write_book(given / "Return 2019-07.xlsx", Cover=[["Return of July 2019", "v2"]],
               Budget=[council.POST_HEADS, *council.POSTS],
               People=[council.WORKER_HEADS, *council.WORKERS])  # fmt: skip
    init(data, given)
    sources = read_profile(data)["sources"]
    assert (sources["posts"]["folder"], sources["posts"]["sheets"]) == (
        "posts_and_workers", ["Budget"],
    )  # fmt: skip
    assert_july(data)


@pytest.mark.parametrize("kind", ["xls", "ods"])
def test_old_and_open_document_workbooks(data, given, project_root, kind):
    shutil.copy(
        project_root / "tests" / "fixtures" / f"staff.{kind}", given / f"Staff 2019-07.{kind}"
    )
    write_csv(given / "Posts 2019-07.csv", council.POST_HEADS, *council.POSTS)
    said = init(data, given)
    assert "workers: 8 rows = 8 kept + 0 refused" in said
    assert_july(data)


# --- what could not be placed --------------------------------------------------------------------
def test_an_unknown_column_is_named_and_left_alone_and_a_doubtful_one_only_written_down(
    data, given
):
    heads = [*council.WORKER_HEADS, "Grade point", "Days siick"]
    heads.remove("Days sick")
    write_csv(
        given / "Staff 2019-07.csv", heads, *[[*row[:9], "31", row[9]] for row in council.WORKERS]
    )
    write_csv(given / "Posts 2019-07.csv", council.POST_HEADS, *council.POSTS)
    said = init(data, given)
    assert "  workers: column 'Grade point' was left alone: heading not known" in said
    assert "  workers: column 'Days siick' may be days_lost: heading like 'days sick'" in said
    text = (data / "raw/shire/profile.yml").read_text("utf-8")
    assert '# "Days siick": days_lost' in text
    assert read_profile(data)["sources"]["workers"]["headings"] is None
    assert clean(data)["workers"]["days_lost"].isna().all()
    (data / "raw/shire/profile.yml").write_text(text.replace('# "Days', '"Days'), "utf-8")
    assert clean(data)["workers"]["days_lost"].tolist() == [3.0] * 8


def test_a_required_column_in_doubt_leaves_the_table_out_until_it_is_named(data, given):
    heads = (["Squad" if head == "Team" else head for head in heads]
             for heads in (council.POST_HEADS, council.WORKER_HEADS))  # fmt: skip
    write_csv(given / "Posts 2019-07.csv", next(heads), *council.POSTS)
    write_csv(given / "Staff 2019-07.csv", next(heads), *council.WORKERS)
    said = init(data, given)
    assert "  posts: no column is surely team; not read yet" in said
    assert "  workers: column 'Squad' may be team: heading not known; 8 cells look like" in said
    assert "Nothing can be read yet: complete profile.yml" in said
    path = data / "raw/shire/profile.yml"
    lines = path.read_text("utf-8").replace('# "Squad"', '"Squad"').split("\n")
    path.write_text("\n".join(line for line in lines if "read: no" not in line), "utf-8")
    teams = "Alpha,Alpha,S,L,2000-01-01,\nBeta,Beta,S,L,2000-01-01,\n"
    with (path.parent / "teams.csv").open("a") as file:
        file.write(teams)
    assert_july(data)


@pytest.mark.parametrize(("table", "old", "new", "reason"), [
    ("caseload", "Week ending", "Week commencing", "it is the first day of each week"),
    ("caseload", "CIN", "Families", "it counts families; a case is a child"),
    ("workers", "SWE number", "Employee number", "workers: no column is surely worker_id"),
    ("workers", "SWE number", "Assignment number", "only the registration number is the same"),
    ("workers", "Start date", "Continuous service date", "may have begun in another council"),
    ("workers", "Team", "Team manager", "it names a manager"),
])  # fmt: skip
def test_a_heading_that_looks_like_a_field_and_is_not(data, given, table, old, new, reason):
    write_staff(given)
    rows = {"workers": (council.WORKER_HEADS, council.WORKERS),
            "caseload": (council.CASE_HEADS, council.CASES)}[table]  # fmt: skip
    heads = [new if head == old else head for head in rows[0]]
    body = [["7654321" if cell.startswith("SW10") and old == "SWE number" else cell for cell in row]
            for row in rows[1]]  # fmt: skip
    (given / "Staff 2019-07.csv").unlink() if table == "workers" else None
    write_csv(given / f"{table} 2019-07.csv", heads, *body)
    said = init(data, given)
    assert reason in said
    assert f"{new!r}, proposed" not in said


def test_known_headings_over_other_cells_are_left_alone_or_left_to_the_cleaning(data, given):
    heads = ["ASYE" if head == "Absence" else "Absence" if head == "ASYE" else head
             for head in council.WORKER_HEADS]  # fmt: skip
    write_csv(given / "Staff 2019-07.csv", heads, *council.WORKERS)
    write_csv(given / "Posts 2019-07.csv", council.POST_HEADS, *council.POSTS)
    said = init(data, given)
    assert (
        "column 'ASYE' was left alone: heading like 'asye', but its cells do not look like it"
        in said
    )
    assert not clean(data)["workers"]["is_newly_qualified"].any()


def test_words_without_a_meaning_are_listed_with_a_like_one(data, given):
    posts = [[cell.replace("Social Worker", "Social Worker Level 2") for cell in row]
             for row in council.POSTS]  # fmt: skip
    write_csv(given / "Posts 2019-07.csv", council.POST_HEADS, *posts)
    write_staff(given, posts=False)
    said = init(data, given)
    assert (
        "posts: words for role without a meaning: 'Social Worker Level 2'; see profile.yml" in said
    )
    text = (data / "raw/shire/profile.yml").read_text("utf-8")
    assert '#     "Social Worker Level 2": case_holder  # 8 rows' in text
    text = text.replace("# words:", "words:").replace("#   role:", "  role:")
    (data / "raw/shire/profile.yml").write_text(
        text.replace('#     "Social', '    "Social'), "utf-8"
    )
    assert_july(data)


def test_pictures_documents_and_damaged_files_are_listed_and_the_others_read(data, given):
    write_staff(given)
    (given / "photo.png").write_bytes(b"\x89PNG")
    (given / "Minutes.docx").write_bytes(b"PK")
    (given / "Damaged 2019-06.xlsx").write_bytes(b"PK\x03\x04 not a workbook")
    (given / "empty.csv").write_bytes(b"")
    write_csv(given / "Diary.csv", ["Monday", "Tuesday"], ["tea", "cake"], ["cake", "tea"])
    (given / "~$Staff.xlsx").write_bytes(b"lock")
    said = init(data, given)
    for line in (
        "photo.png: files ending .png are not read. Save it as .xlsx or .csv",
        "Minutes.docx: files ending .docx are not read. Save it as .xlsx or .csv",
        "Damaged 2019-06.xlsx: not a readable workbook", "empty.csv: the file is empty",
        "Diary.csv: its headings are those of no known table",
    ):  # fmt: skip
        assert f"\n  {line}" in said
    assert "~$" not in said
    assert_july(data)


def test_a_census_return_is_recognised_and_a_damaged_one_listed(data, given, project_root):
    write_staff(given)
    (theirs,) = (project_root / "data" / "raw" / "exampleshire" / "census").glob("*.xml")
    shutil.copy(theirs, given / "CSWW.xml")
    (given / "old").mkdir()
    (given / "old" / "cut.xml").write_bytes(theirs.read_bytes()[:5_000])
    said = init(data, given)
    assert "\n  census: 1 statutory return\n    return: 'CSWW.xml', known; of 30 September " in said
    assert "\n  old/cut.xml: " in said
    assert read_profile(data)["sources"]["census"] == {"folder": "census", "pattern": "*"}
    area = read_area("shire", data_dir=data)
    area = replace(area, profile=area.profile.model_copy(update={"fictional": True}))
    returns = load_returns(area, data_dir=data)
    assert [one.files["file"][0] for one in returns.census] == ["census/CSWW.xml"]
    assert_july(data)


@pytest.mark.parametrize("is_inside", [False, True])
def test_merged_cells_are_named_with_what_to_do(data, given, is_inside):
    folder = data / "raw" / "shire" if is_inside else given
    merged = [[*row[:2], row[2] if n in (0, 5) else "", *row[3:]] for n, row in enumerate(POSTS)]
    write_staff(folder, posts=False)
    write_csv(folder / "Posts 2019-07.csv", POST_HEADS, *merged)
    said = init(data, folder)
    assert "\n  posts: column 'Team' has blanks below its texts, as merged cells have; " in said
    assert "workers: column" not in said
    path = data / "raw" / "shire" / "profile.yml"
    lines = [line.replace("    # merged:", "    merged:")
             for line in path.read_text("utf-8").splitlines()]  # fmt: skip
    assert "    merged: [team]  # take the # away where its blanks are merged cells" in lines
    path.write_text("\n".join(lines), "utf-8")
    assert_july(data)


# --- the folder ----------------------------------------------------------------------------------
def test_what_is_written_is_commented_and_the_extracts_are_copied_unchanged(data, given):
    write_staff(given)
    before = list_files(given)
    said = init(data, given)
    assert list_files(given) == before
    written = list_files(data / "raw" / "shire")
    assert {f"{name.split()[0].lower()}/{name}".replace("staff/", "workers/"): content
            for name, content in before.items()} == {
        name: content for name, content in written.items() if "/" in name
    }  # fmt: skip
    assert written["targets.csv"].decode() == (
        "measure,scope_level,scope_name,value,low,high,valid_from,valid_to,label,source,status\n"
    )
    assert written["events.csv"] == b"date,label,kind,rebase,reason\n"
    assert written["teams.csv"].decode().splitlines() == [
        "as_written,team,service,locality,valid_from,valid_to",
        "Alpha,Alpha,Alpha,Alpha,2019-07-01,", "Beta,Beta,Beta,Beta,2019-07-01,",
    ]  # fmt: skip
    assert (
        'authority_code: "shire"  # not known: write the code, such as E10000032'
        in written["profile.yml"].decode()
    )
    assert said.endswith("then run\n  wfanalytics check --area shire")
    assert "Copied there unchanged: 2 files" in said


def test_no_person_is_named_in_what_is_printed_or_written(data, given):
    write_staff(given)
    write_csv(given / "moves.csv", council.MOVE_HEADS, *council.MOVES)
    write_csv(given / "no headings.csv", *council.MOVES)
    write_csv(given / "cases 2019-07.csv", council.CASE_HEADS, *council.CASES)
    said = init(data, given)
    texts = {n: c.decode() for n, c in list_files(data / "raw/shire").items() if "/" not in n}
    for text in (said, *texts.values()):
        assert not [person for person in council.PEOPLE if person in text]
    assert "no headings.csv" in said


def test_name_code_and_region_come_from_the_published_figures(data, given, project_root):
    shutil.copytree(project_root / "data/raw/published", data / "raw/published")
    write_staff(given)
    run_init("west-sussex", given, data_dir=data)
    area = read_area("west-sussex", data_dir=data)
    assert (area.profile.name, area.profile.authority_code, area.profile.old_la_code) == (
        "West Sussex", "E10000032", "938",
    )  # fmt: skip


def test_an_area_that_has_a_profile_is_never_written_over(data, given):
    write_staff(given)
    init(data, given)
    before = list_files(data)
    with pytest.raises(ParameterError, match="and init never writes over one"):
        init(data, given)
    assert list_files(data) == before


def test_extracts_that_lie_in_the_areas_folder_stay_where_they_are(data, given):
    folder = data / "raw" / "shire"
    write_staff(folder / "sent by HR")
    (folder / "teams.csv").write_text(
        "as_written,team,service,locality,valid_from\nAlpha,Alpha,S,L,2000-01-01\nBeta,Beta,S,L,2000-01-01\n"
    )
    before = list_files(folder)
    said = init(data, folder)
    after = list_files(folder)
    new = {".gitignore", "profile.yml", "targets.csv", "events.csv"}
    assert set(after) - set(before) == new
    assert {name: after[name] for name in before} == before
    assert "Copied" not in said
    sources = read_profile(data)["sources"]
    assert sources["posts"] == {"folder": "sent by HR", "pattern": "Posts *"}
    assert_july(data)


def test_nothing_is_left_where_the_work_fails_half_way(data, given, monkeypatch):
    write_staff(given)

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shutil, "copyfile", fail)
    with pytest.raises((InputError, OSError)):
        init(data, given)
    assert list(data.rglob("*")) == [data / "raw"]


@pytest.mark.parametrize(("make", "message"), [
    (lambda given: None, "There is no file in "),
    (lambda given: given.rmdir(), "There is no folder "),
    (lambda given: write_csv(given / "a.csv", ["tea", "cake"], ["1", "2"]),
     "no sheet holds a table that is known"),
    (lambda given: (given / "a.png").write_bytes(b"x"), "no sheet holds a table that is known"),
])  # fmt: skip
def test_a_folder_without_extracts(data, given, make, message):
    make(given)
    with pytest.raises((ParameterError, InputError), match=message):
        init(data, given)
    assert list(data.rglob("*")) == [data / "raw"]


def test_the_wrong_folder_or_name(data, given):
    write_staff(given)
    with pytest.raises(ParameterError, match="holds the project's own data folder"):
        run_init("shire", data.parent, data_dir=data)
    with pytest.raises(ParameterError, match="Try 'west-sussex' instead of 'West Sussex'"):
        run_init("West Sussex", given, data_dir=data)
    write_csv(data / "raw" / "shire" / "posts" / "old.csv", ["a"])
    with pytest.raises(ParameterError, match="is there already and holds files"):
        init(data, given)


def test_an_earlier_team_list_of_ours_is_taken_over(data, given):
    write_staff(given)
    rows = ["as_written,team,service,locality,valid_from", "Alpha,A,S,L,2000-01-01",
            "Beta,B,S,L,2000-01-01", ""]  # fmt: skip
    text = "\n".join(rows)
    (given / "teams.csv").write_text(text)
    assert "Taken over as they are: teams.csv" in init(data, given)
    assert set(clean(data)["posts"]["team"]) == {"A", "B"}


def test_the_command(data, given, capsys):
    write_staff(given)
    main_arguments = ["init", "shire", "--from", os.fspath(given), "--data-dir", os.fspath(data)]
    with pytest.raises(SystemExit) as stop:
        main(main_arguments)
    assert not stop.value.code
    assert "Recognised in" in capsys.readouterr().out
    with pytest.raises(SystemExit) as stop:
        main(main_arguments)
    assert stop.value.code == 2
    assert "never writes over one" in capsys.readouterr().err


# --- what council systems export ------------------------------------------------------------------
ORACLE = ["Position No.", "Position Title", "Cost Centre Description", "Budgeted Hours",
          "SWE Registration No", "Assignment Category", "Contracted Hours",
          "Date Started in Post"]  # fmt: skip
ORACLE_ROWS = [
    ["P1", "Team Manager", "Alpha", "37", "SW101", "Permanent - Full Time", "37", "01/02/2018"],
    ["P2", "Social Worker", "Alpha", "37", "SW102", "Permanent - Part Time", "18.5", "01/02/2018"],
    ["P3", "Social Worker", "Beta", "37", "", "", "", ""],
    ["P4", "Social Worker", "Beta", "37", "SW104", "Permanent - Full Time", "37", "01/02/2018"],
    ["P5", "Social Worker", "Beta", "18.5", "SW105", "Permanent - Part Time", "18.5", "01/02/2018"],
]  # fmt: skip
BOOK = ["Candidate", "SWE Number", "Job Title", "Hiring Team", "Cover for Position",
        "Assignment Start", "Hours p/w"]  # fmt: skip
BOOKED = ["Ann Abbey", "SW201", "Locum Social Worker", "Beta", "P3", "04/02/2019", "37"]


def test_an_establishment_list_with_agency_staff_in_a_list_of_their_own(data, given):
    """Posts 4.5 FTE, 3.0 filled; the vacancy of P3 is covered by one full-time agency worker."""
    write_csv(given / "Establishment 2019-07.csv", ORACLE, *ORACLE_ROWS)
    write_csv(given / "Agency staff 2019-07.csv", BOOK, BOOKED)
    said = init(data, given)
    source = read_profile(data)["sources"]
    assert source["posts"]["pattern"] == "Establishment *"
    assert source["workers"]["files"] == {
        "Agency staff *": {"values": {"employment": "agency"}, "holds": "table"}
    }
    assert "establishment list, with its holders; FTE as hours of 37" in said
    tables = clean(data)
    assert tables["posts"]["fte"].sum() == 4.5
    assert tables["workers"].groupby("employment")["fte"].sum().to_dict() == {
        "agency": 1.0, "permanent": 3.0}  # fmt: skip


def test_agency_hours_beside_a_staff_list_of_shares(data, given):
    write_staff(given)
    write_csv(given / "Agency staff 2019-07.csv", BOOK, BOOKED)
    init(data, given)
    workers = read_profile(data)["sources"]["workers"]
    assert workers["files"]["Agency staff *"] == {
        "values": {"employment": "agency"}, "fte": "hours"}  # fmt: skip
    assert "fte" not in workers
    agency = clean(data)["workers"].query("employment == 'agency'")
    assert 1.0 in agency["fte"].tolist()


def test_percentages_without_a_sign_and_support_staff_without_a_registration(data, given):
    heads = ["Pers.No.", "SWE Reg. No.", "Position", "Position text", "Organizational unit",
             "Employee subgroup", "Cap.util.lvl", "Position start"]  # fmt: skip
    rows = [[str(n), f"SW{n}", f"P{n}", "Social Worker", "Alpha", "Permanent", fte, "01/02/2018"]
            for n, fte in ((101, "100"), (102, "60"), (103, "100"), (104, "100"))]  # fmt: skip
    rows.append(["105", "", "P105", "Family Support Worker", "Alpha", "Permanent", "50",
                 "01/02/2018"])  # fmt: skip
    write_csv(given / "Staff 2019-07.csv", heads, *rows)
    said = init(data, given)
    assert "workers: 1 sheet of 1 file; FTE as percentages" in said
    workers = clean(data)["workers"]
    assert sorted(workers["fte"]) == [0.5, 0.6, 1.0, 1.0, 1.0]
    assert workers["worker_id"].nunique() == 5


def test_a_book_of_agency_staff_is_no_list_of_posts(data, given):
    """It has a number, a role, a team and hours, and a person in every row."""
    write_staff(given)
    heads = ["Candidate", "SWE Number", "Job Title", "Hiring Team", "Position", "Hours"]
    rows = [[f"Ann{n}", f"SW{n}", "Social Worker", "Beta", f"P{n}", "37"] for n in range(201, 207)]
    write_csv(given / "Timesheets.csv", heads, *rows)
    assert "workers: no column is surely" in init(data, given)
    assert read_profile(data)["sources"]["posts"]["folder"] == "posts"
    assert not list((data / "raw/shire/posts").glob("Timesheets*"))


def test_a_weeks_first_day_is_in_doubt_and_read_as_its_last_once_taken(data, given):
    write_staff(given)
    heads = ["Week commencing" if h == "Week ending" else h for h in council.CASE_HEADS]
    place = council.CASE_HEADS.index("Week ending")
    rows = [[cell if n != place else "01/07/2019" for n, cell in enumerate(row)]
            for row in council.CASES]  # fmt: skip
    write_csv(given / "Cases 2019-07.csv", heads, *rows[:2])
    assert "'Week commencing' may be week_ending: it is the first day of each" in init(data, given)
    path = data / "raw/shire/profile.yml"
    text = path.read_text("utf-8").replace('# "Week comm', '"Week comm')
    path.write_text(text.replace("    read: no", "    # read: no"), "utf-8")
    assert set(clean(data)["caseload"]["week_ending"].dt.strftime("%d/%m")) == {"07/07"}


def test_lists_of_children_are_named_once_with_what_caseload_needs(data, given):
    write_staff(given)
    heads = ["Child Unique ID", "Gender", "Allocated Team", "Allocated Worker"]
    for month in ("06", "07"):
        write_csv(given / f"Annex A 2019-{month}.csv", heads, ["1", "Male", "Alpha", "Ann Abbey"])
    assert (
        "\n  Annex A 2019-06.csv and 1 more: it has a row a child; caseload needs a row a worker "
        "and week, with how many cases\n"
    ) in init(data, given)


def test_a_column_left_alone_is_a_line_to_take_the_sign_from(data, given):
    write_staff(given)
    path = given / "Staff 2019-07.csv"
    lines = path.read_text("utf-8").splitlines()
    path.write_text("\n".join([f"{lines[0]},Grade", *(f"{line},G7" for line in lines[1:])]))
    init(data, given)
    profile = data / "raw/shire/profile.yml"
    line = '      # "Grade": ""  # heading not known'
    assert line in profile.read_text("utf-8")
    assert count_unread(data) == ["column 'Grade' was not read: profile.yml gives it no field"]
    profile.write_text(profile.read_text("utf-8").replace('# "Grade"', '"Grade"'), "utf-8")
    assert count_unread(data) == []


def count_unread(data: Path) -> list[str]:
    area = read_area("shire", data_dir=data)
    area = replace(area, profile=area.profile.model_copy(update={"fictional": True}))
    reasons = clean_area(area).repairs["reason"]
    return reasons[reasons.str.contains("was not read")].tolist()


def test_a_workbook_with_a_sheet_each_for_posts_staff_agency_and_leavers(data, given):
    """Sheets' names tell where one file holds them all; a month without leavers is no failure."""
    heads = [head for head in council.WORKER_HEADS if head != "Contract"]
    place = council.WORKER_HEADS.index("Contract")
    staff: dict[str, list[list[str]]] = {"Permanent": [], "Agency": []}
    for row in council.WORKERS:
        staff[row[place]].append([cell for n, cell in enumerate(row) if n != place])
    leavers = ["SWE number", "Team", "FTE", "Leaving date"]
    for month, left in (("07", [["SW101", "Alpha", "1", "05/07/2019"]]), ("08", [])):
        write_book(
            given / f"Return 2019-{month}.xlsx",
            Establishment=[council.POST_HEADS, *council.POSTS], Leavers=[leavers, *left],
            Staff=[heads, *staff["Permanent"]], Agency=[heads, *staff["Agency"]],
        )  # fmt: skip
    init(data, given)
    path = data / "raw/shire/profile.yml"
    text = path.read_text("utf-8")
    line = '      # "Staff*": {values: {employment: permanent}}'
    assert line in text
    assert '      "Agency*": {values: {employment: agency}}\n' in text
    lines = text.replace(line, line.replace("# ", "")).split("\n")
    path.write_text("\n".join(one for one in lines if "read: no" not in one), "utf-8")
    shutil.copy(given / "Return 2019-08.xlsx", data / "raw/shire/movements")
    tables = clean(data)
    counts = tables["workers"].groupby("employment").size().to_dict()
    assert counts == {"permanent": 2 * len(staff["Permanent"]), "agency": 2 * len(staff["Agency"])}
    assert tables["movements"]["date"].dt.strftime("%d/%m").tolist() == ["05/07"]
