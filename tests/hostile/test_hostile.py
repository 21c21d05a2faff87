"""Hostile files: one plain message or the right figures, in bounded time and memory."""

from __future__ import annotations

import contextlib
import json
import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.hostile.make_files import CASES, Case, cases_book, old_book
from tests.unit.extracts import write_area

from wfanalytics.errors import InputError
from wfanalytics.raw.tables import read_sheets

pytestmark = pytest.mark.skipif(os.name == "nt", reason="memory limits are a Unix matter")
FEWEST_CASES = 40
#: Of processor time; by the clock a busy machine may take ten times as long.
SECONDS, PATIENCE = 30, 300


@pytest.fixture(scope="module")
def ask() -> Iterator[Callable[[Path], dict]]:
    """Clean the area of a data folder in a process with little memory."""
    command = [sys.executable, str(Path(__file__).with_name("worker.py"))]
    with subprocess.Popen(command, stdin=-1, stdout=-1, text=True) as worker:
        assert worker.stdout.readline() == "ready\n"

        def clean(data_dir: Path) -> dict:
            worker.stdin.write(f"{data_dir}\n")
            worker.stdin.flush()
            return json.loads(worker.stdout.readline())

        yield clean
        worker.stdin.close()


def list_tables(table: str) -> tuple[str, ...]:
    return ("workers",) if table == "workers" else ("workers", table)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_hostile_file(case: Case, tmp_path: Path, ask):
    if case.name == "file_nobody_may_read" and os.getuid() == 0:
        pytest.skip("the superuser may read every file")
    area = write_area(tmp_path, tables=list_tables(case.table))
    (area / case.table / "2019-07.csv").unlink()
    case.write(area / case.table)
    before = {path for path in tmp_path.rglob("*")}
    answer = ask(tmp_path)
    assert answer["outcome"] == case.outcome
    assert answer["seconds"] < SECONDS
    written = {path for path in tmp_path.rglob("*")} - before
    assert not [path for path in written if "processed" not in path.parts]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_no_message_names_a_person(case: Case):
    assert not any(word in case.outcome for word in ("Jane", "SW101", "Traceback"))
    assert "\n" not in case.outcome


def test_there_are_enough():
    assert len(CASES) >= FEWEST_CASES


@pytest.mark.parametrize("kind", ["xlsx", "xls"])
def test_damaged_bytes_are_read_or_refused(kind: str, tmp_path: Path):
    """Workbooks with a few bytes changed or cut out; the same ones every time."""
    whole = cases_book() if kind == "xlsx" else old_book([(0, 0, 17), (3, 4, 18)])
    path = tmp_path / f"a.{kind}"
    for seed in range(300):
        damage = random.Random(seed)
        content = bytearray(whole)
        for _ in range(damage.choice([1, 2, 5, 20])):
            place = damage.randrange(len(content))
            if damage.random() < 0.7:
                content[place] = damage.randrange(256)
            else:
                del content[place : place + damage.randrange(1, 20)]
        path.write_bytes(content)
        with contextlib.suppress(InputError):
            read_sheets(path, root=tmp_path)


@pytest.mark.parametrize("name", ["cell_in_the_last_corner", "two_encodings", "pipe_named_csv"])
def test_the_command_line_says_so(name: str, tmp_path: Path):
    (case,) = (case for case in CASES if case.name == name)
    area = write_area(tmp_path, tables=list_tables(case.table))
    (area / case.table / "2019-07.csv").unlink()
    case.write(area / case.table)
    command = [sys.executable, "-m", "wfanalytics", "check", "--area", "shire"]
    command += ["--data-dir", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)
    # 2 where nothing tells which month the extract was of, so that no report can be made.
    assert done.returncode == (2 if name == "cell_in_the_last_corner" else 1)
    assert case.outcome.split(": ", 1)[1][:40] in " ".join(done.stdout.split())
    assert "Traceback" not in done.stdout + done.stderr
