"""What is kept of cleaning is whole, whoever was killed and whoever wrote at once."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from tests.unit.extracts import make_table, write_area

from wfanalytics.clean import kept, reading
from wfanalytics.clean.area import Clean, clean_area
from wfanalytics.clean.identity import FICTIONAL_KEY
from wfanalytics.clean.kept import load_clean
from wfanalytics.clean.reading import Reading
from wfanalytics.clean.sealed import seal_reading, unseal_reading
from wfanalytics.raw.area import read_area

KILLS = 10
# Imports once, then forks: each child is killed at another moment, and what it left is copied.
SCRIPT = f"""
import os, random, shutil, signal, sys, time
from pathlib import Path
from wfanalytics.clean.kept import load_clean
from wfanalytics.raw.area import read_area
data, copies = Path(sys.argv[1]), Path(sys.argv[2])
random = random.Random(20201122)
profile = data / "raw" / "shire" / "profile.yml"
posts = data / "raw" / "shire" / "posts" / "2019-07.csv"
before = profile.read_text()
for turn in range({KILLS}):
    profile.write_text(before + f"full_time_hours: {{36 + turn // 2 / 10}}\\n")
    posts.write_text(posts.read_text() + f"P{{turn + 10}},Social Worker,Alpha,1,Funded\\n")
    child = os.fork()
    if child == 0:
        load_clean(read_area("shire", data_dir=data), data_dir=data)
        os._exit(0)
    time.sleep(random.uniform(0, 0.5))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    shutil.copytree(data, copies / str(turn))
"""


def same(one: Clean, other: Clean) -> bool:
    names = ("repairs", "files", "faults", "doubtful")
    pairs = [(getattr(one, name), getattr(other, name)) for name in names]
    pairs += [(one.tables[name], other.tables[name]) for name in other.tables]
    for left, right in pairs:
        pd.testing.assert_frame_equal(left, right, check_dtype=False)
    return list(one.tables) == list(other.tables)


def load(data: Path) -> Clean:
    return load_clean(read_area("shire", data_dir=data), data_dir=data)


OPENED: list[str] = []
_WATCHED: list[Path] = []


@pytest.fixture
def opened_files(tmp_path):
    """Names of the extracts the interpreter opens, in order, whoever opens them."""

    def listen(event: str, details: tuple[object, ...]) -> None:
        if event == "open" and _WATCHED and str(details[0]).startswith(str(_WATCHED[0])):
            OPENED.append(Path(str(details[0])).relative_to(_WATCHED[0]).as_posix())

    if not getattr(sys, "_wfanalytics_listens", False):
        sys.addaudithook(listen)
        sys._wfanalytics_listens = True
    _WATCHED[:] = [tmp_path / "raw" / "shire"]
    yield OPENED
    _WATCHED.clear()


def write_months(area: Path, *months: str) -> None:
    """Copies of July's caseload for other months."""
    july = (area / "caseload" / "2019-07.csv").read_text()
    for month in months:
        (area / "caseload" / f"2019-{month}.csv").write_text(july.replace("/07/", f"/{month}/"))


def test_adding_a_month_reads_one_file(tmp_path, opened_files):
    """An unchanged file is opened once, for its hash; a new one again, to read it."""
    area = write_area(tmp_path)
    write_months(area, "08", "09")
    load(tmp_path)
    write_months(area, "10")
    opened_files.clear()
    warm = load(tmp_path)
    extracts = [name for name in opened_files if name.endswith(".csv") and "/" in name]
    assert extracts.count("caseload/2019-10.csv") == 2
    assert [name for name in extracts if extracts.count(name) > 1] == ["caseload/2019-10.csv"] * 2
    assert len(set(extracts)) == 8
    assert same(warm, clean_area(read_area("shire", data_dir=tmp_path)))


def test_a_file_that_would_stop_the_run_is_not_read_again(tmp_path, monkeypatch):
    """The real reader would raise; what is kept of the file does not."""
    area = write_area(tmp_path)
    write_months(area, "08")
    first = load(tmp_path)

    def stop(path: Path, **_: object) -> None:
        raise AssertionError(path.name)

    monkeypatch.setattr(reading, "read_sheets", stop)
    assert same(load(tmp_path), first)
    (area / "caseload" / "2019-08.csv").unlink()
    assert len(load(tmp_path).tables["caseload"]) == 1  # cleaned again, from what is kept


def test_rules_across_files_see_the_rows_of_files_not_read_again(tmp_path):
    """A leaver of July and a starter of August: one internal move (rule 6)."""
    area = write_area(tmp_path)
    load(tmp_path)
    starter = (area / "movements" / "2019-07.csv").read_text()
    starter = starter.replace("Leaver", "Starter").replace("05/07/2019", "01/08/2019")
    (area / "movements" / "2019-08.csv").write_text(starter.replace("Jul-19", "Aug-19"))
    again = load(tmp_path)
    assert again.tables["movements"]["movement"].tolist() == ["internal_move"]
    assert same(again, clean_area(read_area("shire", data_dir=tmp_path)))


def test_a_week_delivered_again_later_replaces_the_kept_one(tmp_path):
    area = write_area(tmp_path)
    july = area / "caseload" / "2019-07.csv"
    july.write_text("Produced 02/08/2019\n" + july.read_text())
    load(tmp_path)
    late = july.read_text().replace("02/08/2019", "05/08/2019").replace('"9"', '"8"')
    (area / "caseload" / "2019-07 again.csv").write_text(late)
    again = load(tmp_path)
    assert again.tables["caseload"]["cases"].tolist() == [13]
    assert again.repairs["rule"].tolist().count("C11") == 1
    assert same(again, clean_area(read_area("shire", data_dir=tmp_path)))


def test_readings_are_sealed_and_open_with_their_key_only(tmp_path):
    area = write_area(tmp_path)
    load(tmp_path)
    files = sorted((tmp_path / "processed" / "shire" / "readings").glob("*"))
    assert len(files) == 5
    found = [unseal_reading(path.read_bytes(), key=FICTIONAL_KEY) for path in files]
    texts = {text for one in found for part in one.found for text in part.frame.stack()}
    assert "SW101" in texts
    with pytest.raises(ValueError, match=r"^not sealed with this key$"):
        unseal_reading(files[0].read_bytes(), key=b"another key of the council")
    for place in (0, 20, 60):
        damaged = bytearray(files[0].read_bytes())
        damaged[place] ^= 1
        with pytest.raises(ValueError, match=r"^not sealed with this key$"):
            unseal_reading(bytes(damaged), key=FICTIONAL_KEY)
    for path in files:
        path.write_bytes(b"damaged")
    write_months(area, "08")
    assert len(load(tmp_path).tables["caseload"]) == 2


def test_a_reading_comes_back_as_it_was():
    table = make_table("posts", {}, titles=("As at 31 July 2019",))
    part = replace(table, as_at=pd.Timestamp("2019-07-31"), refused=3, unknown=("x",))
    fault = {"table": "posts", "file": "f", "sheet": "", "month": pd.NaT, "rule": "A30",
             "message": "m"}  # fmt: skip
    before = Reading([part], [table], [{"row": 1, "is_row_refused": False}], [fault])
    after = unseal_reading(seal_reading(before, key=b"k" * 16), key=b"k" * 16)
    assert after.entries == before.entries
    assert after.faults == before.faults
    assert {**vars(after.found[0]), "frame": 0, "sheet": 0} == {
        **vars(part), "frame": 0, "sheet": 0}  # fmt: skip
    assert after.found[0].sheet == replace(part.sheet, cells=[])
    pd.testing.assert_frame_equal(after.found[0].frame, part.frame)


def test_a_column_held_as_codes_comes_back_as_codes():
    table = make_table("posts", {}, {"Number": "P2"})
    texts = pd.Index(["Alpha"], dtype="object")  # as the fast reader has them
    frame = table.frame.assign(team=pd.Categorical.from_codes([0, 0], categories=texts))
    before = Reading([replace(table, frame=frame)])
    after = unseal_reading(seal_reading(before, key=b"k" * 16), key=b"k" * 16)
    pd.testing.assert_frame_equal(after.found[0].frame, frame)


def test_an_extract_too_long_to_keep_is_read_again(tmp_path, monkeypatch):
    monkeypatch.setattr(kept, "_MOST_ROWS", 0)
    write_area(tmp_path)
    first = load(tmp_path)
    assert not (tmp_path / "processed" / "shire" / "readings").exists()
    assert same(load(tmp_path), first)


def test_a_corrected_file_says_which_months_rows_changed(tmp_path):
    area = write_area(tmp_path)
    rows = ["14/07/2019,SW101,Alpha,9,2,3,0", "04/08/2019,SW101,Alpha,9,2,3,0",
            "04/08/2019,SW102,Alpha,1,0,0,0"]  # fmt: skip
    more = area / "caseload" / "more.csv"
    head = "Week ending,Worker,Team,CIN,CP,LAC,Carers\n"
    more.write_text(head + "\n".join(rows))
    assert load(tmp_path).changes.empty
    changed = "04/08/2019,SW101,Alpha,8,2,3,0"
    added = "11/08/2019,SW103,Alpha,5,0,0,0"
    more.write_text(head + "\n".join([rows[0], changed, "", added]))
    found = load(tmp_path).changes
    assert found[["table", "file", "month", "added", "removed", "changed"]].values.tolist() == [
        ["caseload", "caseload/more.csv", "2019-08", 1, 1, 1]
    ]
    assert (found["before_sha256"] != found["after_sha256"]).all()
    pd.testing.assert_frame_equal(load(tmp_path).changes, found)  # still said, until the next
    more.write_text(more.read_text() + "\n\n")
    assert load(tmp_path).changes[["month", "added", "removed", "changed"]].values.tolist() == [
        ["", 0, 0, 0]
    ]
    more.unlink()
    gone = load(tmp_path).changes[["month", "added", "removed", "changed"]].values.tolist()
    assert gone == [["2019-08", 0, 2, 0], ["2019-07", 0, 1, 0]]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs processes that fork")
def test_killed_at_any_moment_and_run_again_gives_the_same(tmp_path):
    write_area(tmp_path / "data")
    command = [sys.executable, "-c", SCRIPT, str(tmp_path / "data"), str(tmp_path / "copies")]
    subprocess.run(command, check=True, timeout=120)
    for turn in range(KILLS):
        data = tmp_path / "copies" / str(turn)
        assert same(load(data), clean_area(read_area("shire", data_dir=data)))


@pytest.mark.parametrize("last", range(8))
def test_stopped_between_two_writes_and_run_again_gives_the_same(tmp_path, monkeypatch, last):
    area = write_area(tmp_path)
    load(tmp_path)
    posts = area / "posts" / "2019-07.csv"
    posts.write_text(posts.read_text().replace('"P1"', '"P7"'))
    written: list[Path] = []
    real = kept.write_whole

    def stop(content: bytes, path: Path) -> None:
        if len(written) == last:
            raise KeyboardInterrupt
        written.append(path)
        real(content, path)

    monkeypatch.setattr(kept, "write_whole", stop)
    with pytest.raises(KeyboardInterrupt):
        load(tmp_path)
    monkeypatch.setattr(kept, "write_whole", real)
    again = load(tmp_path)
    assert again.tables["posts"]["post_id"].tolist() == ["P7"]
    assert same(again, clean_area(read_area("shire", data_dir=tmp_path)))


def test_tables_two_runs_wrote_at_once_are_not_mixed(tmp_path):
    """One run's state beside another run's posts: as if both had written at once."""
    area = write_area(tmp_path)
    folder = tmp_path / "processed" / "shire"
    load(tmp_path)
    first = shutil.copytree(folder, tmp_path / "first")
    posts = area / "posts" / "2019-07.csv"
    before = posts.read_text()
    posts.write_text(before.replace('"P1"', '"P7"'))
    load(tmp_path)
    shutil.copy(first / "state.json", folder / "state.json")
    posts.write_text(before)
    assert load(tmp_path).tables["posts"]["post_id"].tolist() == ["P1"]


def test_a_fault_is_kept_with_its_tables(tmp_path):
    area = write_area(tmp_path)
    other = (area / "posts" / "2019-07.csv").read_text().replace('"1"', '"full"')
    (area / "posts" / "2019-08.csv").write_text(other)
    first, second = load(tmp_path), load(tmp_path)
    assert first.faults["month"].tolist() == [pd.Timestamp("2019-08-31")]
    assert same(second, first)
