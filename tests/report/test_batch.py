"""Many areas: one failing stops no other, a stopped batch goes on, a cluster loses nothing."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
from tests.report.test_run import run_command, wait_for
from tests.small_project import LOAD, write_notebook

from wfanalytics.errors import InputError, WfanalyticsError
from wfanalytics.report.batch import AreaOutcome, AreaTask, run_batch
from wfanalytics.report.batch_areas import list_areas
from wfanalytics.report.verify import verify_pack

BATCH = ("batch", "--month", "2020-09")


@pytest.fixture
def three_areas(small_project):
    """The small project with two more areas, one of them broken."""
    raw = small_project / "data" / "raw"
    for name in ("second", "third"):
        shutil.copytree(raw / "exampleshire", raw / name)
        profile = (raw / name / "profile.yml").read_text("utf-8")
        text = profile.replace("area: exampleshire", f"area: {name}")
        (raw / name / "profile.yml").write_text(text, "utf-8")
    shutil.rmtree(raw / "second" / "posts")
    return small_project


def test_one_failing_area_stops_no_other_and_resume_makes_only_it(three_areas):
    done = run_command(three_areas, *BATCH, "--areas", "all", "--jobs", "2")
    reports = three_areas / "reports"
    lines = done.stdout.splitlines()
    assert (done.returncode, lines[-1]) == (1, str(reports / "batch-2020-09.json"))
    assert lines[-2] == "3 areas: 2 done, 0 in part, 1 failed."
    assert [line.split()[:2] for line in lines if not line.startswith("    ")][:3] == [
        ["exampleshire", "done"], ["second", "failed"], ["third", "done"],
    ]  # fmt: skip
    assert done.stderr.splitlines()[-1].startswith("3 of 3: ")
    record = json.loads((reports / "batch-2020-09.json").read_text("utf-8"))
    assert record["counts"] == {"done": 2, "in part": 0, "failed": 1}
    for area in ("exampleshire", "third"):
        assert verify_pack(reports / area / "2020-09") == ()
    shutil.copytree(three_areas / "data/raw/third/posts", three_areas / "data/raw/second/posts")
    again = run_command(three_areas, *BATCH, "--areas", "all", "--resume")
    assert again.returncode == 0
    assert again.stderr.splitlines()[0].startswith("3 of 3: second, done, ")
    assert len(again.stderr.splitlines()) == 1


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_ctrl_c_stops_cleanly_and_resume_goes_on(three_areas):
    slow = 'import pathlib, time\npathlib.Path("started").touch()\ntime.sleep(60)'
    write_notebook(three_areas / "notebooks/01_slow.ipynb", LOAD, slow, title="Slow")
    command = [sys.executable, "-m", "wfanalytics", *BATCH, "--areas", "exampleshire,third"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        wait_for(three_areas, "started", process)
        second = run_command(three_areas, *BATCH, "--areas", "all")
        assert (second.returncode, second.stdout) == (3, "")
        assert second.stderr.startswith(
            f"A batch for 2020-09 is being made by process {process.pid} on "
        )
        process.send_signal(signal.SIGINT)
        _, error = process.communicate(timeout=60)
    said = "Stopped. What was made is whole; --resume makes the rest.\n"
    assert (process.returncode, error.decode()) == (130, said)
    assert list((three_areas / "reports").glob("*/*2020-09*/*")) == []
    (three_areas / "notebooks/01_slow.ipynb").unlink()
    again = run_command(three_areas, *BATCH, "--areas", "exampleshire,third", "--resume")
    assert again.stdout.splitlines()[-2] == "2 areas: 2 done, 0 in part, 0 failed."


def test_areas_are_all_or_a_list_or_a_file(three_areas):
    options = {"month": "2020-09", "published_file": "", "data_dir": three_areas / "data"}
    local = {**options, "source": "local"}
    assert list_areas("all", **local) == ("exampleshire", "second", "third")
    assert list_areas("third, second,third", **local) == ("third", "second")
    (three_areas / "names.txt").write_text("second\n\nthird\n", "utf-8")
    assert list_areas("names.txt", **local) == ("second", "third")
    assert "Hampshire" in list_areas("all", **{**options, "source": "published"})
    with pytest.raises(InputError, match="no area was found"):
        list_areas(" , ", **local)


def make_task(project: Path, area: str, **options: str) -> AreaTask:
    folders = (str(project / "reports"), str(project / "data"))
    return AreaTask(area, "2020-09", *folders, {}, **options)


def test_a_killed_notebook_leaves_its_area_made_in_part(three_areas):
    kill = "import os, signal\nos.kill(int(open('/proc/self/stat').read().split()[3]), 9)"
    tasks = [make_task(three_areas, area) for area in ("exampleshire", "third")]
    killer = three_areas / "notebooks" / "01_kill.ipynb"
    write_notebook(killer, f"if area == 'third':\n    {kill.replace(chr(10), chr(10) + '    ')}",
                   title="Kill")  # fmt: skip
    outcomes = run_batch(tasks, record=three_areas / "batch.json", jobs=1)
    assert [outcome.status for outcome in outcomes] == ["done", "in part"]


def test_a_scheduler_that_is_not_there(small_project):
    tasks = [make_task(small_project, "exampleshire")]
    with pytest.raises(WfanalyticsError, match=r"tcp://127.0.0.1:1 does not answer"):
        run_batch(tasks, record=small_project / "b.json", scheduler="tcp://127.0.0.1:1")


@pytest.fixture
def cluster(tmp_path):
    """A real scheduler and two workers, each a process; yields its address and the workers."""
    pytest.importorskip("distributed")
    address_file = tmp_path / "scheduler.json"
    dask = [sys.executable, "-m", "distributed.cli"]
    local = ["--host", "127.0.0.1"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": tmp_path}
    scheduler = subprocess.Popen(
        [*dask[:-1], "distributed.cli.dask_scheduler", *local, "--port", "0", "--no-dashboard",
         "--scheduler-file", str(address_file)], **quiet)  # fmt: skip
    end = time.monotonic() + 60
    while not address_file.exists() or not address_file.read_text().strip():
        assert time.monotonic() < end
        time.sleep(0.1)
    address = json.loads(address_file.read_text())["address"]
    worker = [*dask[:-1], "distributed.cli.dask_worker", address, *local, "--no-nanny",
              "--nthreads", "1", "--no-dashboard", "--local-directory", str(tmp_path)]  # fmt: skip
    workers = [subprocess.Popen(worker, **quiet) for _ in range(2)]
    yield address, workers
    for process in (*workers, scheduler):
        with suppress(ProcessLookupError):
            process.kill()
        process.wait()


@pytest.mark.skipif(sys.platform != "linux", reason="processes end with their parent on Linux")
def test_a_cluster_that_loses_a_worker_half_way_loses_no_area(three_areas, cluster):
    address, workers = cluster
    shutil.copytree(three_areas / "data/raw/third/posts", three_areas / "data/raw/second/posts")
    slow = "import time\ntime.sleep(3)"
    write_notebook(three_areas / "notebooks/01_slow.ipynb", LOAD, slow, title="Slow")
    seen: list[AreaOutcome] = []

    def kill_one(outcome: AreaOutcome, done: int, total: int, left: float) -> None:
        seen.append(outcome)
        if len(seen) == 1:
            workers[0].kill()

    shared = str(three_areas / "shared")
    names = ("exampleshire", "second", "third")
    tasks = [make_task(three_areas, area, send_to=shared) for area in names]
    outcomes = run_batch(
        tasks, record=three_areas / "batch.json", scheduler=address, on_area=kill_one
    )
    assert [(outcome.area, outcome.status) for outcome in outcomes] == [
        ("exampleshire", "done"), ("second", "done"), ("third", "done"),
    ]  # fmt: skip
    assert len(seen) == 3
    for task in tasks:
        assert verify_pack(three_areas / "reports" / task.area / "2020-09") == ()
        assert verify_pack(three_areas / "shared" / task.area / "2020-09") == ()
