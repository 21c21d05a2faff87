"""What is kept of cleaning is whole, whoever was killed and whoever wrote at once."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from tests.unit.extracts import write_area

from wfanalytics.clean import kept
from wfanalytics.clean.area import Clean, clean_area
from wfanalytics.clean.kept import load_clean
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
for turn in range({KILLS}):
    profile.write_text(profile.read_text() + "# changed\\n")
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
    pairs = [(one.repairs, other.repairs), (one.files, other.files), (one.faults, other.faults)]
    pairs += [(one.tables[name], other.tables[name]) for name in other.tables]
    for left, right in pairs:
        pd.testing.assert_frame_equal(left, right, check_dtype=False)
    return list(one.tables) == list(other.tables)


def load(data: Path) -> Clean:
    return load_clean(read_area("shire", data_dir=data), data_dir=data)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs processes that fork")
def test_killed_at_any_moment_and_run_again_gives_the_same(tmp_path):
    write_area(tmp_path / "data")
    command = [sys.executable, "-c", SCRIPT, str(tmp_path / "data"), str(tmp_path / "copies")]
    subprocess.run(command, check=True, timeout=120)
    for turn in range(KILLS):
        data = tmp_path / "copies" / str(turn)
        assert same(load(data), clean_area(read_area("shire", data_dir=data)))


@pytest.mark.parametrize("last", range(9))
def test_stopped_between_two_writes_and_run_again_gives_the_same(tmp_path, monkeypatch, last):
    area = write_area(tmp_path)
    load(tmp_path)
    posts = area / "posts" / "2019-07.csv"
    posts.write_text(posts.read_text().replace('"P1"', '"P7"'))
    written: list[Path] = []
    real = kept._write

    def stop(content: bytes, path: Path) -> None:
        if len(written) == last:
            raise KeyboardInterrupt
        written.append(path)
        real(content, path)

    monkeypatch.setattr(kept, "_write", stop)
    with pytest.raises(KeyboardInterrupt):
        load(tmp_path)
    monkeypatch.setattr(kept, "_write", real)
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
