"""A folder takes its place whole, or what was there stays."""

from __future__ import annotations

import errno

import pytest

from wfanalytics.errors import InputError
from wfanalytics.report.pack import replace_folder


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_new_folder_takes_the_place_of_the_old(tmp_path):
    (tmp_path / "2020-09").mkdir()
    (tmp_path / "2020-09" / "old").touch()
    with replace_folder(tmp_path / "2020-09") as building:
        (building / "new").touch()
        assert names(tmp_path / "2020-09") == ["old"]
    assert names(tmp_path) == ["2020-09"]
    assert names(tmp_path / "2020-09") == ["new"]


@pytest.mark.parametrize("fault", [ValueError, KeyboardInterrupt, SystemExit])
def test_nothing_changes_when_the_work_fails(tmp_path, fault):
    (tmp_path / "2020-09").mkdir()
    (tmp_path / "2020-09" / "old").touch()
    with pytest.raises(fault):
        fail_in(tmp_path / "2020-09", fault)
    assert names(tmp_path) == ["2020-09"]
    assert names(tmp_path / "2020-09") == ["old"]


def test_folders_made_on_the_way_are_removed_again(tmp_path):
    with pytest.raises(KeyboardInterrupt):
        fail_in(tmp_path / "reports" / "area" / "2020-09", KeyboardInterrupt)
    assert names(tmp_path) == []


def fail_in(folder, fault):
    with replace_folder(folder) as building:
        (building / "new").touch()
        raise fault


def replace_with(folder, content, **options):
    with replace_folder(folder, **options) as building:
        (building / content).touch()


def test_older_packs_are_kept_as_many_as_asked(tmp_path):
    for content in "abcd":
        replace_with(tmp_path / "2020-09", content, keep=2)
    assert names(tmp_path) == ["2020-09", "2020-09.older-000002", "2020-09.older-000003"]
    assert [names(path) for path in sorted(tmp_path.iterdir())] == [["d"], ["b"], ["c"]]
    replace_with(tmp_path / "2020-09", "e")
    assert names(tmp_path) == ["2020-09"]


@pytest.mark.parametrize("left", [".2020-09.building-1", ".2020-09.previous-1"])
def test_what_a_killed_run_left_is_cleared_away(tmp_path, left):
    (tmp_path / left / "x").mkdir(parents=True)
    (tmp_path / "2020-09").mkdir()
    replace_with(tmp_path / "2020-09", "new")
    assert names(tmp_path) == ["2020-09"]


def test_a_pack_that_was_being_replaced_is_put_back(tmp_path):
    (tmp_path / ".2020-09.previous-1").mkdir()
    (tmp_path / ".2020-09.previous-1" / "old").touch()
    with pytest.raises(ValueError, match=r"^$"):
        fail_in(tmp_path / "2020-09", ValueError)
    assert names(tmp_path / "2020-09") == ["old"]


def test_a_pack_half_removed_when_the_run_is_killed_is_out_of_sight(tmp_path, monkeypatch):
    for content in "ab":
        replace_with(tmp_path / "2020-09", content, keep=1)
    monkeypatch.setattr("wfanalytics.report.pack.shutil.rmtree", empty_and_stop)
    with pytest.raises(KeyboardInterrupt):
        replace_with(tmp_path / "2020-09", "c", keep=1)
    monkeypatch.undo()
    seen = [path for path in sorted(tmp_path.iterdir()) if not path.name.startswith(".")]
    assert [names(path) for path in seen] == [["c"], ["b"]]
    replace_with(tmp_path / "2020-09", "d", keep=1)
    assert names(tmp_path) == ["2020-09", "2020-09.older-000003"]


def empty_and_stop(folder, ignore_errors=False):
    """Remove the files of a folder, and then be stopped."""
    if folder.is_dir():
        for path in folder.iterdir():
            path.unlink()
        raise KeyboardInterrupt


def test_without_an_exchange_in_one_step_two_renames_do(tmp_path, monkeypatch):
    monkeypatch.setattr("wfanalytics.report.pack._exchange", lambda first, second: False)
    for content in "ab":
        replace_with(tmp_path / "2020-09", content)
    assert (names(tmp_path), names(tmp_path / "2020-09")) == (["2020-09"], ["b"])


def test_a_full_disk_is_said_plainly(tmp_path):
    with pytest.raises(InputError, match=r"2020-09: the report cannot be written here \(No space"):
        fill(tmp_path / "2020-09", OSError(errno.ENOSPC, "No space left on device"))
    assert names(tmp_path) == []


@pytest.mark.parametrize("error", [MemoryError(), OSError(errno.ENOMEM, "no memory")])
def test_too_little_memory_is_said_plainly(tmp_path, error):
    with pytest.raises(InputError, match=r"2020-09: there is not enough memory to make the report"):
        fill(tmp_path / "2020-09", error)
    assert names(tmp_path) == []


def fill(folder, error):
    with replace_folder(folder):
        raise error
