"""Whatever happens to a run, the last good pack is whole and the next run is not blocked."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import pytest
from tests.small_project import EXHIBIT, LOAD, copy_project, write_notebook

from wfanalytics.report.run import run_report
from wfanalytics.report.verify import verify_pack

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")

REPORT = (sys.executable, "-m", "wfanalytics", "report", "--area", "exampleshire", "--month",
          "2020-09")  # fmt: skip
#: How often the command is killed here; ``make kills`` sets 200, some of the sample's report.
FEW_KILLS, SAMPLE_KILLS = 4, 12
KILLS = int(os.environ.get("WFANALYTICS_KILLS", FEW_KILLS))
TINY_KILLS = 100
#: A report of the sample takes 17 seconds, and several times as long on a busy machine.
SECONDS = 300


def start(folder: Path, *options: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*REPORT, *options], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


@pytest.fixture(scope="module")
def made_project(project_root, tmp_path_factory):
    """The small project with its report made."""
    folder = copy_project(project_root, tmp_path_factory.mktemp("made") / "project")
    assert finish(start(folder)) == 0
    return folder


@pytest.fixture
def good_pack(made_project, tmp_path):
    """A report in a copy of that project."""
    folder = shutil.copytree(made_project, tmp_path / "project")
    return folder / "reports" / "exampleshire" / "2020-09"


def list_descendants(pid: int) -> list[int]:
    """Processes started by ``pid``, and by those."""
    parents = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(path.parent.name)] = int(fields[1])
    found = [pid]
    for one in found:
        found += [child for child, parent in parents.items() if parent == one]
    return found[1:]


@pytest.fixture
def packs(tmp_path):
    """The program of ``tiny_run.py``, the folder of its packs, and the seconds one takes."""
    folder = tmp_path / "exampleshire" / "2020-09"
    command = [sys.executable, str(Path(__file__).with_name("tiny_run.py")), str(folder)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, **pipes) as program:
        seconds = []
        for number in range(5):
            began = time.monotonic()
            ask(program, number)
            assert program.stdout.readline() == "0\n"
            seconds.append(time.monotonic() - began)
        yield program, folder, sorted(seconds)[2]
        program.stdin.close()


def ask(program: subprocess.Popen[str], number: int) -> int:
    """Ask for a pack; the number of the process that makes it."""
    program.stdin.write(f"{number}\n")
    program.stdin.flush()
    return int(program.stdout.readline())


def test_kills_while_packs_are_exchanged_tear_none(packs):
    """Packs of nothing, killed a hundred times; those kept from before are whole too."""
    (program, folder, usual), chance, codes = packs, random.Random(2020), []
    for number in range(TINY_KILLS):
        run = ask(program, number % 10)
        time.sleep(chance.uniform(0, usual))
        target = chance.choice([run, *list_descendants(run)])
        with suppress(ProcessLookupError):
            os.kill(target, signal.SIGKILL)
        codes.append(int(program.stdout.readline()))
        for pack in folder.parent.glob("2020-09*"):
            assert verify_pack(pack) == (), (number, pack)
            assert len({path.read_text() for path in pack.glob("*-*.txt")}) == 1
    assert codes.count(-signal.SIGKILL) > TINY_KILLS // 10, "most ended before they were killed"
    time.sleep(0.2)  # a killed run's worker, which has its lock too, ends with it
    ask(program, 0)
    assert program.stdout.readline() == "0\n", "no lock blocks the next"
    left = sorted(path.name[:13] for path in folder.parent.iterdir())
    assert left == ["2020-09", "2020-09.older", "2020-09.older"]


@pytest.mark.parametrize("area", ["tiny", *(["sample"] if KILLS > FEW_KILLS else [])])
def test_kills_at_random_moments_tear_no_pack(area, good_pack, project_root, tmp_path, say):
    """The command itself; ``make kills`` also kills the sample's whole report."""
    project, chance, kills = good_pack.parents[2], random.Random(2020), KILLS
    options: list[str] = []
    if area == "sample":
        options, kills = ["--data-dir", str(project_root / "data")], SAMPLE_KILLS
        shutil.rmtree(project / "notebooks")
        shutil.copytree(project_root / "notebooks", project / "notebooks")
        options += ["--output", str(project / "reports")]
    elif KILLS > FEW_KILLS:
        kills -= SAMPLE_KILLS
    began = time.monotonic()
    assert finish(start(project, *options)) == 0
    usual = time.monotonic() - began
    ends = {"killed": 0, "finished": 0}
    for number in range(kills):
        run = start(project, *options)
        time.sleep(chance.uniform(0, usual))
        victims = list_descendants(run.pid)
        target = chance.choice(victims) if victims and number % 2 else run.pid
        with suppress(ProcessLookupError):
            os.kill(target, signal.SIGKILL)
        ends["killed" if finish(run) == -signal.SIGKILL else "finished"] += 1
        wait_until_gone([pid for pid in victims if pid != target])
        assert verify_pack(good_pack) == (), f"kill {number} of process {target}"
    assert finish(start(project, *options)) == 0
    assert verify_pack(good_pack) == ()
    assert [path.name for path in good_pack.parent.iterdir()] == ["2020-09"]
    say(
        f"{kills} kills of the {area} report ({ends['killed']} of the run itself, the others of "
        "its processes): no pack torn, none lost, no lock left"
    )


def finish(run: subprocess.Popen[str]) -> int:
    """Its exit code, once nobody holds its output any more."""
    with run:
        run.communicate(timeout=SECONDS)
    return run.returncode


def wait_until_gone(pids: list[int]) -> None:
    """No process of a killed run is left to write anything."""
    end = time.monotonic() + 20
    while any(is_alive(pid) for pid in pids):
        assert time.monotonic() < end, "a process outlived its run"
        time.sleep(0.05)


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize("engine", ["fork", "plain"])
def test_nothing_outlives_a_killed_run(good_pack, engine):
    """A notebook at work ends with its run, at once, and whoever reads the output is let go."""
    project, begun = good_pack.parents[2], good_pack.parents[2] / "begun"
    slow = f"import pathlib, time\npathlib.Path({str(begun)!r}).touch()\ntime.sleep(600)"
    write_notebook(project / "notebooks/03_slow.ipynb", LOAD, slow, title="Slow")
    run = start(project, "--engine", engine)
    while not begun.exists():
        time.sleep(0.05)
    started = list_descendants(run.pid)
    assert started
    run.kill()
    with run:
        run.communicate(timeout=20)
    wait_until_gone(started)
    assert verify_pack(good_pack) == ()


def test_what_is_made_beside_a_killed_run_ends_with_it():
    """The process that makes the workbook, idle or not, held on to its own pipe once."""
    script = (
        "import os, signal\n"
        "from wfanalytics.report.server import work_beside\n"
        "with work_beside('fork', os.getpid) as answer:\n"
        "    print(answer(), flush=True)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    run = subprocess.run([sys.executable, "-c", script], stdout=subprocess.PIPE, timeout=60)
    assert run.returncode == -signal.SIGKILL
    wait_until_gone([int(run.stdout)])


def test_two_at_once_one_does_it_and_the_other_says_why_not(good_pack):
    project = good_pack.parents[2]
    slow = "import time\ntime.sleep(3)"
    write_notebook(project / "notebooks/03_slow.ipynb", LOAD, slow, title="Slow")
    with start(project) as first, start(project) as second:
        outcomes = [(*run.communicate(), run.returncode) for run in (first, second)]
    assert sorted(code for _, _, code in outcomes) == [0, 3]
    (refused,) = [error for _, error, code in outcomes if code == 3]
    assert refused.splitlines()[-1].startswith(
        "The report of exampleshire for 2020-09 is being made by process "
    )
    assert verify_pack(good_pack) == ()


def test_a_folder_that_cannot_be_written_to(good_pack):
    project = good_pack.parents[2]
    (project / "file").touch()
    with start(project, "--output", "file") as run:
        out, error = run.communicate()
    assert (run.returncode, out) == (2, "")
    assert "the report cannot be written here (Not a directory). Close its files" in error


EXHAUST = """\
import resource
from pathlib import Path
used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (used + 10**8, used + 10**8))
rows = bytearray(10**9)"""


def test_a_notebook_without_memory_is_one_failed_part(good_pack):
    project = good_pack.parents[2]
    write_notebook(project / "notebooks/03_big.ipynb", LOAD, EXHAUST, title="Big")
    with start(project) as run:
        _, error = run.communicate()
    assert run.returncode == 1
    assert "Big: an unexpected error (MemoryError) in cell 5 of its notebook" in error
    note = (good_pack / "failure.md").read_text("utf-8")
    assert "If it stops again, use `--jobs 1`, which needs less memory." in note
    assert (good_pack / "charts" / "vacancy.png").is_file()


def test_a_clock_set_back_changes_no_order_and_no_time_is_below_0(good_pack, monkeypatch):
    class Earlier(datetime):
        now = classmethod(lambda cls, zone=None: datetime(1999, 1, 1, tzinfo=zone))

    project = good_pack.parents[2]
    late = "import os\nos.utime(output_dir + '/zebra.json', (4e9, 4e9))"
    first, second = (EXHIBIT.replace("KEY", key) for key in ("zebra", "apple"))
    write_notebook(project / "notebooks/02_vacancies.ipynb", LOAD, first, late, second, title="Two")
    monkeypatch.setattr("wfanalytics.report.manifest.datetime", Earlier)
    pack = run_report("exampleshire", month="2020-09", data_dir=project / "data")
    assert [item.key for item in pack.parts[0].exhibits] == ["zebra", "apple"]
    manifest = json.loads((pack.folder / "manifest.json").read_text("utf-8"))
    assert manifest["seconds"] == 0


FILL = """
import resource, sys
from wfanalytics.cli import main
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
main(sys.argv[1:])
"""


def test_no_room_for_a_chart_keeps_the_last_pack(good_pack):
    project = good_pack.parents[2]
    command = [sys.executable, "-c", FILL, *REPORT[3:]]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (2, "")
    assert "2020-09: the report cannot be written here (File too large). Close its" in done.stderr
    assert verify_pack(good_pack) == ()
    assert [path.name for path in good_pack.parent.iterdir()] == ["2020-09"]


@pytest.fixture
def tiny_disk(good_pack, tmp_path):
    """A file system that holds the good pack and 80 kB more, too little for another."""
    pages = [-(-path.stat().st_size // 4096) + 1 for path in good_pack.rglob("*")]
    size = 4 * sum(pages) + 80
    folder = tmp_path / "tiny"
    folder.mkdir()
    mount = shutil.which("mount")
    command = [str(mount), "-t", "tmpfs", "-o", f"size={size}k", "tmpfs", str(folder)]
    if mount is None or subprocess.run(command, capture_output=True).returncode:
        pytest.skip("a small file system cannot be mounted here")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_a_full_disk_keeps_the_last_pack(good_pack, tiny_disk):
    project = good_pack.parents[2]
    shutil.copytree(good_pack, tiny_disk / "exampleshire" / "2020-09")
    with start(project, "--output", str(tiny_disk)) as run:
        _, error = run.communicate()
    assert run.returncode == 2
    assert "the report cannot be written here (No space left on device)" in error
    assert verify_pack(tiny_disk / "exampleshire" / "2020-09") == ()
    subprocess.run(["mount", "-o", "remount,ro", str(tiny_disk)], check=True)
    with start(project, "--output", str(tiny_disk)) as run:
        _, error = run.communicate()
    assert run.returncode == 2
    assert "the report cannot be written here (Read-only file system)" in error
    assert verify_pack(tiny_disk / "exampleshire" / "2020-09") == ()
