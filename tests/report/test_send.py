"""A finished pack is copied whole to any address fsspec knows, its list of fingerprints last."""

from __future__ import annotations

import re

import pytest

from wfanalytics.errors import ParameterError, WfanalyticsError
from wfanalytics.report.batch_command import run_batch_command
from wfanalytics.report.send import send_pack
from wfanalytics.report.verify import verify_pack, write_sums

fsspec = pytest.importorskip("fsspec")


@pytest.fixture
def pack(tmp_path):
    folder = tmp_path / "reports" / "exampleshire" / "2020-09"
    (folder / "charts").mkdir(parents=True)
    (folder / "charts" / "a.png").write_bytes(b"picture")
    (folder / "manifest.json").write_text('{"area": "exampleshire", "inputs": []}')
    write_sums(folder)
    return folder


@pytest.fixture
def memory():
    system = fsspec.filesystem("memory")
    yield system
    system.rm("/", recursive=True)


def test_a_folder_receives_a_pack_that_verifies_and_nothing_of_the_one_before(pack, tmp_path):
    there = tmp_path / "shared" / "exampleshire" / "2020-09"
    (there / "charts").mkdir(parents=True)
    (there / "charts" / "old.png").touch()
    assert send_pack(pack, str(tmp_path / "shared")) == f"file://{there}"
    assert verify_pack(there) == ()
    assert not (there / "charts" / "old.png").exists()


@pytest.mark.parametrize("times", [1, 2])
def test_a_store_of_objects_receives_every_file(pack, memory, times):
    for _ in range(times):
        send_pack(pack, "memory://bucket/reports/")
    place = "/bucket/reports/exampleshire/2020-09/"
    assert {name.removeprefix(place): memory.cat_file(name) for name in memory.find("/")} == {
        path.relative_to(pack).as_posix(): path.read_bytes() for path in pack.rglob("*.*")
    }


def test_a_pack_for_managers_is_never_sent(pack, memory):
    inside = pack.rename(pack.with_name("2020-09-managers"))
    with pytest.raises(WfanalyticsError, match="2020-09-managers is for managers only and is not"):
        send_pack(inside, "memory://bucket/reports/")
    assert memory.find("/") == []


def test_a_batch_for_managers_is_refused_before_anything_is_made(tmp_path):
    with pytest.raises(ParameterError, match="A batch makes public reports only"):
        run_batch_command(
            "exampleshire", month="2020-09", output=str(tmp_path / "out"),
            pairs={"audience": "managers"}, jobs=1, resume=False, scheduler="", engine="",
            data_dir="", send_to="memory://bucket/reports/",
        )  # fmt: skip
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("fault", ["lost", "garbled"])
def test_a_copy_that_stops_half_way_is_no_pack(pack, memory, monkeypatch, fault):
    send_pack(pack, "memory://reports")
    put = type(memory).put_file

    def put_badly(self, source, name, **kwargs):
        if name.endswith("manifest.json"):
            if fault == "lost":
                raise OSError("gone")
            self.pipe_file(name, b"{")
        else:
            put(self, source, name, **kwargs)

    monkeypatch.setattr(type(memory), "put_file", put_badly)
    message = re.escape("The report could not be sent to memory://reports (OSError). Check the")
    with pytest.raises(WfanalyticsError, match=message):
        send_pack(pack, "memory://reports")
    assert memory.exists("/reports/exampleshire/2020-09/charts/a.png")
    assert not memory.exists("/reports/exampleshire/2020-09/sha256sums.txt")


def test_an_address_nobody_knows_is_said(pack):
    with pytest.raises(WfanalyticsError, match=r"could not be sent to ftpp://x \(ValueError\)"):
        send_pack(pack, "ftpp://x")
