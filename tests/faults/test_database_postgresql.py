"""A real PostgreSQL, started for these tests: its types, and everything that can go wrong."""

from __future__ import annotations

import gc
import os
import shutil
import socket
import subprocess
import tempfile
import threading
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from tests.unit.test_database import CASES_QUERY, VARIABLE, area_with, read, refusal

from wfanalytics.clean.area import clean_area
from wfanalytics.raw import database
from wfanalytics.raw.database import read_queries
from wfanalytics.settings import Source

psycopg = pytest.importorskip("psycopg", reason="needs the extra sql")

PASSWORD = "not-a-secret-7"
SCRIPT = """
create table cases (week date, worker text, team text, cin int, cp numeric(6, 2), lac bigint,
                    carers smallint, noted timestamptz);
insert into cases values ('2019-07-07', 'SW101', 'Alpha', 9, 2.00, 3, 0, '2019-07-06 23:30Z');
create view counted as select * from cases;
create sequence numbers;
"""


class Server(NamedTuple):
    """A running server: where its tools are, and its port."""

    tools: Path
    port: int

    def address(self, password: str = PASSWORD, port: int = 0) -> str:
        return f"postgresql://analyst:{password}@127.0.0.1:{port or self.port}/postgres"

    def run(self, script: str) -> None:
        """Change the database in a transaction of its own."""
        with psycopg.connect(self.address()) as connection:
            connection.execute(script)


def find_tools() -> Path | None:
    """The folder of PostgreSQL's programs; Debian keeps them off the path."""
    found = shutil.which("initdb")
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    path = Path(found).resolve() if found else places[-1] if places else None
    return path.parent if path else None


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    tools = find_tools()
    if tools is None:
        pytest.skip("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    folder = Path(tempfile.mkdtemp(prefix="wfanalytics-pg-"))
    # It refuses to run as the superuser.
    as_user = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
    if as_user:
        shutil.chown(folder, "postgres")
    (folder / "password").write_text(PASSWORD)
    (folder / "password").chmod(0o644)
    data, made = str(folder / "data"), Server(tools, free_port())

    def call(tool: str, *arguments: str) -> None:
        command = [*as_user, str(tools / tool), *arguments]
        subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)

    try:
        call("initdb", "-D", data, "-U", "analyst", "-A", "scram-sha-256", "--no-sync",
             "--pwfile", str(folder / "password"), "-E", "UTF8", "--locale=C")  # fmt: skip
        options = f"-p {made.port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
        call("pg_ctl", "-D", data, "-w", "-l", str(folder / "log"), "-o", options, "start")
        try:
            made.run(SCRIPT)
            yield made
        finally:
            call("pg_ctl", "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder)


@pytest.fixture(autouse=True)
def address(server, monkeypatch) -> None:
    monkeypatch.setenv(VARIABLE, server.address())


def test_values_are_the_text_a_file_would_hold():
    query = (
        "select week, cp, lac, noted, null as n, true as b, 1e-7::numeric as small, "
        "0.1::float8 as f, 'Siân' as t, '2019-07-31 09:30'::timestamp as at, '50%' as p, "
        "'10:30' as u from cases"
    )
    (sheet,) = read(query)
    assert sheet.cells[1] == [
        "2019-07-07", "2", "3", "2019-07-07 00:30:00", "", "TRUE", "0.0000001", "0.1", "Siân",
        "2019-07-31 09:30:00", "50%", "10:30",
    ]  # fmt: skip


def test_it_cleans_to_the_same_as_its_file(tmp_path):
    files = clean_area(area_with(tmp_path / "files"))
    clean = clean_area(area_with(tmp_path / "query", caseload=CASES_QUERY))
    assert clean.tables["caseload"].equals(files.tables["caseload"])


def test_the_server_is_down(server, monkeypatch):
    monkeypatch.setenv(VARIABLE, server.address(port=free_port()))
    assert refusal("select 1") == (
        f"environment variable {VARIABLE}: the database cannot be reached. "
        "Check the address, the network and that it is running."
    )


def test_a_server_that_never_answers(server, monkeypatch):
    monkeypatch.setattr(database, "CONNECT_SECONDS", 2)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        monkeypatch.setenv(VARIABLE, server.address(port=silent.getsockname()[1]))
        assert "the database cannot be reached" in refusal("select 1")


def test_the_login_is_refused(server, monkeypatch):
    monkeypatch.setenv(VARIABLE, server.address(password="wrong-secret"))
    assert refusal("select 1") == (
        f"environment variable {VARIABLE}: the database refuses the login. "
        "Check the user and password in the address."
    )


def test_a_slow_query(monkeypatch):
    monkeypatch.setattr(database, "QUERY_SECONDS", 1)
    assert refusal("select pg_sleep(20)::text") == (
        "database: caseload: the query took too long. Allowed 1 seconds. "
        "Ask for fewer columns or months, or for an index."
    )


def test_a_connection_that_is_cut(server):
    others = "where state = 'active' and pid <> pg_backend_pid()"
    cut = f"select pg_terminate_backend(pid) from pg_stat_activity {others}"
    cutter = threading.Timer(0.5, server.run, [cut])
    cutter.start()
    # psycopg warns that a cursor was left open, which it cannot close any more.
    with warnings.catch_warnings(action="ignore", category=ResourceWarning):
        message = refusal("select pg_sleep(20)::text")
        gc.collect()
    cutter.join()
    assert message.startswith("database: caseload: the query fails. Found '57P01'.")
    assert PASSWORD not in message


def test_a_view_that_changes_between_two_reads(server):
    """Both queries show the moment of the first, and the next reading shows the change."""
    slow = Source(query="select cin from counted, pg_sleep(1)", database=VARIABLE)
    after = Source(query="select cin from counted", database=VARIABLE)
    change = threading.Timer(0.4, server.run, ["update cases set cin = 10"])
    change.start()
    first = read_queries({"workers": slow, "caseload": after})
    change.join()
    second = read_queries({"caseload": after})
    server.run("update cases set cin = 9")
    assert [s.cells[1] for s in (first["workers"][0], first["caseload"][0])] == [["9"], ["9"]]
    assert second["caseload"][0].cells[1] == ["10"]
    assert first["caseload"][0].sha256 != second["caseload"][0].sha256


def test_a_function_that_would_write():
    assert refusal("select nextval('numbers')") == (
        "database: caseload: the query fails. Found '25006'. "
        "Try it in the database's own tool, and correct it in profile.yml."
    )


def test_an_error_about_the_query_is_shown_and_one_about_a_row_is_not():
    assert "Found 'column \"cinn\" does not exist'" in refusal("select cinn from cases")
    message = refusal("select worker::int from cases")
    assert "Found '22P02'" in message
    assert "SW101" not in message
