"""Queries in place of files: SQLite, in a file of its own."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from types import SimpleNamespace

import pytest
from pydantic import ValidationError
from tests.unit.extracts import write_area

from wfanalytics.clean.area import clean_area
from wfanalytics.clean.kept import load_clean
from wfanalytics.errors import InputError
from wfanalytics.raw import database
from wfanalytics.raw.area import read_area
from wfanalytics.raw.database import check_query, hash_query, read_queries
from wfanalytics.report.manifest import hash_queries
from wfanalytics.settings import Source

VARIABLE = "WFANALYTICS_DB_TEST"
CASES = """
create table cases (week text, worker text, team text, cin int, cp real, lac int, carers int);
insert into cases values ('2019-07-07', 'SW101', 'Alpha', 9, 2.0, 3, 0);
create table staff (as_at text, worker text, contract text, post text, team text, role text,
                    fte real, start text);
insert into staff values ('2019-08-31', 'SW101', 'Permanent', 'P1', 'Alpha', 'Social Worker',
                          0.8, '2018-02-01'),
                         ('2019-07-31', 'SW101', 'Permanent', 'P1', 'Alpha', 'Social Worker',
                          1.0, '2018-02-01');
"""
CASES_QUERY = (
    'select week as "Week ending", worker as "Worker", team as "Team", cin as "CIN", cp as "CP", '
    'lac as "LAC", carers as "Carers" from cases'
)
STAFF_QUERY = (
    'select as_at, worker as "SWE number", contract as "Contract", post as "Post number", '
    'team as "Team", role as "Job role", fte as "FTE", start as "Start date" from staff'
)


@pytest.fixture
def base(tmp_path, monkeypatch):
    """A database's file, its address in the environment; run a script in it."""
    path = tmp_path / "cases.db"

    def run(script: str) -> None:
        with closing(sqlite3.connect(path)) as connection:
            connection.executescript(script)

    monkeypatch.setenv(VARIABLE, f"sqlite:///{path}")
    run(CASES)
    return run


def read(query: str, **more: str):
    source = Source(query=query, database=VARIABLE, **more)
    return read_queries({"caseload": source})["caseload"]


def refusal(query: str, **more: str) -> str:
    with pytest.raises(InputError) as error:
        read(query, **more)
    return str(error.value)


def area_with(folder, **queries: str):
    """An area whose named sources are queries of the test's database."""
    shire = write_area(folder, tables=("workers", "caseload"))
    lines = (shire / "profile.yml").read_text("utf-8").splitlines()
    for table, query in queries.items():
        place = next(i for i, line in enumerate(lines) if line.startswith(f"  {table}:"))
        as_at = ", as_at_column: as_at" if table == "workers" else ""
        lines[place] = f"  {table}: {{query: '{query}', database: {VARIABLE}{as_at}}}"
    (shire / "profile.yml").write_text("\n".join(lines) + "\n", "utf-8")
    return read_area("shire", data_dir=folder)


# --- reading -------------------------------------------------------------------------------------
def test_values_are_the_text_a_file_would_hold(base):
    (sheet,) = read("select 'a ' as t, 17 as i, 0.8 as f, 2.0 as w, null as n from cases")
    assert (sheet.file, sheet.sheet) == ("database: caseload", "")
    assert sheet.cells == [["t", "i", "f", "w", "n"], ["a ", "17", "0.8", "2", ""]]


def test_a_snapshot_query_gives_a_sheet_for_each_date(base):
    first, second = read(STAFF_QUERY, as_at_column="as_at")
    assert (first.sheet, second.sheet) == ("2019-07-31", "2019-08-31")
    assert [row[6] for row in first.cells] == ["FTE", "1"]
    assert first.sha256 == second.sha256


def test_the_hash_is_of_the_rows_in_any_order(base):
    one, other = (read(f"select worker from staff order by fte {way}")[0] for way in ("", "desc"))
    assert one.sha256 == other.sha256
    base("insert into staff (worker) values ('SW102')")
    assert read("select worker from staff order by fte")[0].sha256 != one.sha256


def test_more_rows_than_are_fetched_at_once(base, monkeypatch):
    monkeypatch.setattr(database, "CHUNK_ROWS", 7)
    query = "with recursive n(i) as (select 1 union all select i + 1 from n where i < 100)"
    (sheet,) = read(f"{query} select i from n")
    assert [row[0] for row in sheet.cells] == ["i", *map(str, range(1, 101))]


def test_a_query_cleans_to_the_same_as_its_file(base, tmp_path):
    files = clean_area(area_with(tmp_path / "files"))
    area = area_with(tmp_path / "query", caseload=CASES_QUERY)
    clean = clean_area(area)
    assert clean.tables["caseload"].equals(files.tables["caseload"])
    row = clean.files.iloc[-1]
    assert (row["file"], row["rows_read"], len(row["sha256"])) == ("database: caseload", 1, 64)


def test_workers_from_a_query_have_their_months(base, tmp_path):
    workers = clean_area(area_with(tmp_path, workers=STAFF_QUERY)).tables["workers"]
    assert [(str(d)[:10], f) for d, f in zip(workers["as_at"], workers["fte"], strict=True)] == [
        ("2019-07-31", 1.0), ("2019-08-31", 0.8),
    ]  # fmt: skip


def test_kept_tables_are_not_served_after_the_database_has_changed(base, tmp_path):
    area = area_with(tmp_path, caseload=CASES_QUERY)
    assert load_clean(area, data_dir=tmp_path).tables["caseload"]["cases"].tolist() == [14]
    base("update cases set cin = 10")
    assert load_clean(area, data_dir=tmp_path).tables["caseload"]["cases"].tolist() == [15]


def test_what_moved_in_the_database_since_it_was_read_is_said(base, tmp_path):
    area = area_with(tmp_path, workers=STAFF_QUERY, caseload=CASES_QUERY)
    assert load_clean(area, data_dir=tmp_path).changes.empty
    base("update cases set cin = 10")
    base("update staff set fte = 0.5 where as_at = '2019-08-31'")
    shown = ["file", "month", "added", "removed", "changed"]
    for _ in range(2):  # still said, until the next change
        changes = load_clean(area, data_dir=tmp_path).changes
        assert sorted(changes[shown].to_numpy().tolist()) == [
            ["database: caseload", "2019-07", 0, 0, 1], ["database: workers", "2019-08", 0, 0, 1],
        ]  # fmt: skip
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("readings/*"))
    assert kept
    assert b"SW101" not in kept


# --- what is refused -----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("delete from cases", "delete"),
        ("select 1; drop table cases", "drop"),
        ("select 1; select 2", None),
        ("with gone as (delete from cases returning *) select * from gone", "delete"),
        ("select * into copy from cases", "into"),
        ("values (1)", None),
        ("", None),
        ("select 1 /* x */ ; -- y\n commit", "commit"),
        (r"select E'\'' ; select '", None),
        ("select 'open", None),
        ("select 1 drop table cases", "drop"),
    ],
)
def test_only_one_select(query, found):
    with pytest.raises(InputError) as error:
        check_query(query, table="caseload")
    shown = f"Found {found!r}; allowed" if found else "Allowed"
    assert str(error.value) == (
        f"database: caseload: the query may do more than read. {shown} one SELECT, or "
        "WITH ... SELECT. Change the query in profile.yml."
    )


@pytest.mark.parametrize(
    "query",
    [
        "select 1",
        " SELECT 1 ; ",
        "with a as (select 1) select * from a",
        "select 'delete; drop' as \"update\", update_date -- insert\n from a /* ; */",
        "select $$;$$",
    ],
)
def test_a_select_is_read(query):
    assert check_query(query, table="caseload") == query


def test_a_write_that_looks_like_a_read_writes_nothing(base, tmp_path):
    before = (tmp_path / "cases.db").read_bytes()
    read("select * from cases")
    assert (tmp_path / "cases.db").read_bytes() == before


def test_the_query_fails(base):
    assert refusal("select cinn from cases") == (
        "database: caseload: the query fails. Found 'no such column: cinn'. "
        "Try it in the database's own tool, and correct it in profile.yml."
    )


def test_a_query_without_an_end(base, monkeypatch):
    monkeypatch.setattr(database, "QUERY_SECONDS", 1)
    endless = "with recursive n(i) as (select 1 union all select i + 1 from n) select max(i) from n"
    assert refusal(endless) == (
        "database: caseload: the query took too long. Allowed 1 seconds. "
        "Ask for fewer columns or months, or for an index."
    )


def test_a_column_of_bytes(base):
    assert refusal("select x'00ff' as photo") == (
        "database: caseload, column photo: a column that is no text, number or date. "
        "Found 'bytes'. Leave it out of the query, or cast it to text."
    )


def test_as_at_column_that_is_not_there(base):
    assert refusal("select worker, team from cases", as_at_column="as_at") == (
        "database: caseload: the query has no column for as_at_column. Found 'as_at'; "
        "allowed worker, team. Name it as the query does."
    )


def test_a_result_without_rows(base, tmp_path):
    base("delete from cases")
    with pytest.raises(InputError) as error:
        clean_area(area_with(tmp_path, caseload=CASES_QUERY))
    assert "database: caseload, row 1: no rows stand under the headings" in str(error.value)


@pytest.mark.parametrize("address", ["", "not an address", "nothing://secret@host/x"])
def test_no_address(monkeypatch, address):
    monkeypatch.setenv(VARIABLE, address)
    message = refusal("select 1")
    assert message.startswith(f"environment variable {VARIABLE}: ")
    assert "secret" not in message


def test_a_database_file_that_is_not_there_is_not_made(monkeypatch, tmp_path):
    monkeypatch.setenv(VARIABLE, f"sqlite:///{tmp_path}/gone.db")
    assert refusal("select 1") == (
        f"environment variable {VARIABLE}: the database's file is not there. "
        "Correct the path in the address."
    )
    assert list(tmp_path.iterdir()) == []


# --- the profile ---------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "source",
    [
        {},
        {"folder": "a", "query": "select 1", "database": "X"},
        {"query": "select 1"},
        {"folder": "a", "database": "X"},
        {"folder": "a", "as_at_column": "x"},
    ],
)
def test_a_source_is_a_folder_or_a_query(source):
    with pytest.raises(ValidationError):
        Source(**source)


def test_an_address_in_the_profile_is_refused_and_not_shown(tmp_path):
    shire = write_area(tmp_path, tables=("workers",))
    with (shire / "profile.yml").open("a", encoding="utf-8") as profile:
        profile.write('  caseload: {query: "select 1", database: "postgresql://u:secret@h/d"}\n')
    with pytest.raises(InputError) as error:
        read_area("shire", data_dir=tmp_path)
    assert str(error.value) == (
        "shire/profile.yml, column sources.caseload.database: must be the name of an environment "
        "variable. Correct it."
    )


def test_a_query_is_known_by_its_words():
    assert hash_query("select 1\n  from x") == hash_query("select 1 from x ")
    assert hash_query("select 1") != hash_query("select 2")


def test_the_manifest_knows_the_query(base, tmp_path):
    clean = clean_area(area_with(tmp_path, caseload=CASES_QUERY))
    area = SimpleNamespace(slug="shire", files=clean.files)
    queries = hash_queries(area, data_dir=tmp_path)
    assert queries["database: caseload"] == {"query_sha256": hash_query(CASES_QUERY)}
