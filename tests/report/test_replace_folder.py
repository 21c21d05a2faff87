"""A folder takes its place whole, or what was there stays."""

from __future__ import annotations

import pytest

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
