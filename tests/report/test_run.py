"""The run as a person starts it: real papermill, real kernels, real signals."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.notebooks.executed import find_differences
from tests.small_project import LOAD, write_exhibit_notebook, write_notebook

from wfanalytics.raw.earlier import REPORTED_COLUMNS

REPORT = ("report", "--area", "exampleshire", "--month", "2020-09")


FAILURE_NOTE = """\
# 1 of 3 parts could not be made in full

Everything else in this report is there.

## Agency

- Notebook: `notebooks/03_agency.ipynb`
- Step: How many are agency staff?
- What happened: No agency rows.
- What to try: Mend what the message names, then run the report again.
- The executed notebook, as far as it got: `notebooks/03_agency.ipynb`
"""


def run_command(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "wfanalytics", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True)


def test_report_prints_its_path_last_and_nothing_else(small_project):
    done = run_command(small_project, *REPORT)
    page = small_project / "reports" / "exampleshire" / "2020-09" / "index.html"
    assert (done.returncode, done.stdout) == (0, f"{page}\n")
    assert done.stderr == "1 of 1: How many are empty?\n"
    assert page.is_file()


def test_a_second_run_replaces_the_first_whole(small_project):
    folder = small_project / "reports" / "exampleshire" / "2020-09"
    folder.mkdir(parents=True)
    (folder / "charts-of-an-older-version.png").write_text("old")
    assert run_command(small_project, *REPORT).returncode == 0
    assert {path.name for path in folder.iterdir()} == {
        "index.html", "paper.docx", "tables.xlsx", "manifest.json", "release.json",
        "measures.csv", "charts", "notebooks", "sha256sums.txt",
    }  # fmt: skip
    assert [path.name for path in folder.parent.iterdir()] == ["2020-09"]
    assert (folder.parents[1] / ".locks" / "exampleshire-2020-09.lock").is_file()


def test_a_second_month_is_compared_with_the_first(small_project, project_root):
    summary = "notebooks/08_summary.ipynb"
    (small_project / summary).write_bytes((project_root / summary).read_bytes())
    headlines = []
    for month in ("2020-08", "2020-09"):
        assert run_command(small_project, *REPORT[:-1], month).returncode == 0
        folder = small_project / "reports" / "exampleshire" / month
        record = (folder / "charts/revisions.json").read_text("utf-8")
        headlines.append(json.loads(record)["headline"])
        assert "reports_dir" not in (folder / "manifest.json").read_text("utf-8")
    assert headlines == ["This is the first report", "No published figure moved"]


def test_output_folder_and_parameters(small_project):
    done = run_command(small_project, *REPORT, "--output", "out", "-p", "vacancy_target", "6.5")
    assert done.returncode == 0
    page = small_project / "out" / "exampleshire" / "2020-09" / "index.html"
    assert done.stdout == f"{page}\n"
    assert "Set for this run: vacancy_target 6.5." in page.read_text("utf-8")
    assert not (small_project / "reports").exists()


@pytest.mark.parametrize("engine", ["fork", "plain"])
def test_what_an_earlier_report_beside_the_output_printed_is_known(small_project, engine):
    write_notebook(
        small_project / "notebooks/02_vacancies.ipynb", LOAD, "len(data.printed)", title="Known"
    )
    earlier = small_project / "out" / "exampleshire" / "2020-08"
    earlier.mkdir(parents=True)
    row = "agency_headcount,2020-08-31,snapshot,team,away,Away,9,ok,1,local"
    (earlier / "measures.csv").write_text("\n".join([",".join(REPORTED_COLUMNS), row]))
    done = run_command(small_project, *REPORT, "--output", "out", "--engine", engine)
    assert done.returncode == 0, done.stderr
    executed = Path(done.stdout.strip()).parent / "notebooks" / "02_vacancies.ipynb"
    cells = json.loads(executed.read_text("utf-8"))["cells"]
    shown = [cell["outputs"] for cell in cells if cell["source"] == ["len(data.printed)"]]
    assert shown[0][0]["data"]["text/plain"] == ["1"]


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ('print("Post", data.tables["workers"]["worker_id"].iloc[0])',
         "notebooks/02_vacancies.ipynb shows rows of workers, or somebody's number."),
        ('from pathlib import Path\nPath("../../extra.csv").write_text("a,b")',
         "extra.csv did not come through the release gate."),
    ],
)  # fmt: skip
def test_somebodys_number_or_a_file_around_the_gate_stops_the_run(small_project, cell, said):
    write_notebook(small_project / "notebooks/02_vacancies.ipynb", LOAD, cell, title="Told")
    done = run_command(small_project, *REPORT)
    assert done.returncode == 2
    assert f"The report was stopped: {said}" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (small_project / "reports" / "exampleshire" / "2020-09").exists()


def test_a_failing_notebook_leaves_the_rest_and_exit_code_1(small_project):
    failing = 'from wfanalytics.errors import MeasureError\nraise MeasureError("No agency rows.")'
    heading = "## How many are agency staff?"
    write_notebook(small_project / "notebooks/03_agency.ipynb", heading, failing, title="Agency")
    write_exhibit_notebook(small_project / "notebooks/08_summary.ipynb", key="x", title="Last")
    done = run_command(small_project, *REPORT)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == "Agency: No agency rows."
    page = Path(done.stdout.strip())
    assert "1 of 3 parts could not be made in full" in page.read_text("utf-8")
    assert (page.parent / "charts" / "x.png").is_file()
    assert (page.parent / "failure.md").read_text("utf-8") == FAILURE_NOTE


def test_a_notebook_that_kills_its_python_is_one_failed_part(small_project):
    write_notebook(
        small_project / "notebooks/03_agency.ipynb", "import os\nos._exit(11)", title="Agency"
    )
    done = run_command(small_project, *REPORT)
    assert done.returncode == 1
    assert "Agency: its Python stopped or took too long (DeadKernelError)" in done.stderr
    assert Path(done.stdout.strip()).is_file()


def test_either_engine_makes_the_same_files_and_verify_says_what_changed(
    small_project, monkeypatch
):
    """What Windows and macOS make, kernels started anew, is what Linux makes by forking."""
    folder = small_project / "reports" / "exampleshire" / "2020-09"
    monkeypatch.setenv("WFANALYTICS_ENGINE", "plain")
    assert run_command(small_project, *REPORT, "--keep", "1").returncode == 0
    monkeypatch.delenv("WFANALYTICS_ENGINE")
    assert run_command(small_project, *REPORT, "--keep", "1").returncode == 0
    first = folder.with_name("2020-09.older-000001")
    assert (folder / "charts" / "vacancy.png").is_file()
    packs = [folder, first]
    manifests = [json.loads((pack / "manifest.json").read_text("utf-8")) for pack in packs]
    assert manifests[1]["engine"] == "plain"
    assert find_differences(folder, first) == []
    verified = run_command(small_project, "verify", str(folder))
    said = "The pack and its inputs are as they were when it was made.\n"
    assert (verified.returncode, verified.stdout) == (0, said)
    (folder / "charts" / "vacancy.csv").write_text("x")
    (folder / "charts" / "vacancy.png").unlink()
    (folder / "mine.txt").touch()
    (small_project / "data/raw/exampleshire/targets.csv").write_text("x")
    verified = run_command(small_project, "verify", str(folder))
    assert (verified.returncode, verified.stdout.splitlines()) == (1, [
        "Input targets.csv: has changed since the report was made.",
        "charts/vacancy.csv: has changed.",
        "charts/vacancy.png: is gone.",
        "mine.txt: was added.",
    ])  # fmt: skip
    assert run_command(small_project, "verify", str(folder.parent)).returncode == 2


def test_a_registered_kernel_of_another_python_is_not_used(small_project, tmp_path, monkeypatch):
    kernel = tmp_path / "jupyter" / "kernels" / "python3"
    kernel.mkdir(parents=True)
    spec = '{"argv": ["false"], "display_name": "Python 3", "language": "python"}'
    (kernel / "kernel.json").write_text(spec)
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "jupyter"))
    assert run_command(small_project, *REPORT).returncode == 0


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
@pytest.mark.parametrize("request_to_stop", [signal.SIGINT, signal.SIGTERM])
def test_stopped_run_leaves_nothing_behind(small_project, request_to_stop):
    slow = 'import pathlib, time\npathlib.Path("started").touch()\ntime.sleep(60)'
    write_notebook(small_project / "notebooks/01_slow.ipynb", LOAD, slow, title="Slow")
    command = [sys.executable, "-m", "wfanalytics", *REPORT]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    with process:
        wait_for(small_project, "started", process)
        process.send_signal(request_to_stop)
        out, error = process.communicate(timeout=60)
    assert process.returncode == 130
    assert out == ""
    assert error.endswith("Stopped. No report was changed.\n")
    assert [path.name for path in (small_project / "reports").iterdir()] == [".locks"]


def wait_for(folder: Path, name: str, process: subprocess.Popen[str]) -> None:
    """Wait until the process has made a file of this name somewhere under ``folder``."""
    for _ in range(1200):
        if any(folder.rglob(name)):
            return
        assert process.poll() is None, process.communicate()
        time.sleep(0.1)
    pytest.fail(f"{name} did not appear")


def test_an_extract_of_another_month_that_could_not_be_used_is_exit_code_1(small_project):
    """August's establishment is cut off: September's report is there, and says so."""
    posts = small_project / "data/raw/exampleshire/posts/Establishment 2020-08.xlsx"
    posts.write_bytes(posts.read_bytes()[:3000])
    done = run_command(small_project, *REPORT)
    said = (
        "The posts extract of August 2020 could not be used: posts/Establishment 2020-08.xlsx: not "
        "a readable workbook."
    )
    assert done.returncode == 1
    (line,) = [line for line in done.stderr.splitlines() if line.startswith(said)]
    manifest = json.loads(Path(done.stdout.strip()).with_name("manifest.json").read_text("utf-8"))
    assert (manifest["exit_code"], manifest["refused"]) == (1, [line])
    note = Path(done.stdout.strip()).with_name("failure.md").read_text("utf-8")
    assert f"- {line}\n" in note
