"""Every notebook under plain papermill: from any folder, without anything of our runner.

What it gives there is what the report's forked kernels give, cell by cell and chart by chart.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from tests.faults.planted import SAID, plant_fault
from tests.notebooks.executed import comparable

from wfanalytics.report.notebooks import read_notebook

NOTEBOOKS = sorted((Path(__file__).resolve().parents[2] / "notebooks").glob("*.ipynb"))


def run_papermill(notebook: Path, folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "papermill", str(notebook), "out.ipynb", *options]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True)


@pytest.fixture(scope="module", params=NOTEBOOKS, ids=lambda path: path.stem)
def notebook(request):
    return request.param


@pytest.fixture(scope="module")
def executed(notebook, tmp_path_factory):
    """The notebook executed in a folder of its own, where it saved its charts: that folder."""
    folder = tmp_path_factory.mktemp(notebook.stem)
    options = ["-p", "month", "2020-09", "-p", "output_dir", "charts"]
    if notebook.stem == "08_summary":
        options += ["-p", "reports_dir", str(folder)]
    done = run_papermill(notebook, folder, *options)
    assert done.returncode == 0, done.stderr[-3000:]
    return folder


def test_runs_from_another_folder_with_defaults(executed):
    assert sorted(path.name for path in executed.iterdir()) == ["charts", "out.ipynb"]
    cells = nbformat.read(executed / "out.ipynb", as_version=4).cells
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    noise = [output for output in outputs if output["output_type"] == "stream"]
    assert noise == [], "no warning and no print"
    assert any("text/html" in output.get("data", {}) for output in outputs)


def test_saves_its_charts_where_asked(executed):
    saved = {path.suffix for path in (executed / "charts").iterdir()}
    assert {".json", ".txt"} <= saved


def test_forked_kernels_of_the_report_give_the_same(notebook, executed, sample_pack):
    if not notebook.stem[0].isdigit():
        pytest.skip("no part of the report")
    plain = nbformat.read(executed / "out.ipynb", as_version=4)
    forked = nbformat.read(sample_pack.folder / "notebooks" / notebook.name, as_version=4)
    assert comparable(forked) == comparable(plain)
    assert forked.metadata.kernelspec == plain.metadata.kernelspec
    assert forked.metadata.language_info == plain.metadata.language_info
    assert forked.metadata.papermill.keys() == plain.metadata.papermill.keys()
    for path in (executed / "charts").iterdir():
        same = sample_pack.folder / "charts" / path.name
        assert path.read_bytes() == same.read_bytes(), path.name


def test_saves_nothing_unasked(tmp_path):
    """All notebooks have an empty ``output_dir`` to begin with; one shows what that does."""
    assert {read_notebook(path).defaults["output_dir"] for path in NOTEBOOKS} == {""}
    done = run_papermill(NOTEBOOKS[0], tmp_path, "-p", "month", "2020-09")
    assert done.returncode == 0, done.stderr[-3000:]
    assert [path.name for path in tmp_path.iterdir()] == ["out.ipynb"]


def test_the_first_notebook_says_no_where_the_months_list_could_not_be_used(small_project):
    """Plain papermill, without our runner; the summary then says what is missing."""
    plant_fault(small_project / "data" / "raw" / "exampleshire", "workers")
    options = ["-p", "data_dir", str(small_project / "data"), "-p", "output_dir", "charts"]
    for path in (NOTEBOOKS[0], NOTEBOOKS[7]):
        done = run_papermill(path, small_project, *options)
        assert done.returncode == 0, done.stderr[-3000:]
    read = {
        key: json.loads((small_project / "charts" / f"{key}.json").read_text("utf-8"))
        for key in ("quality_month", "scorecard")
    }
    assert read["quality_month"]["headline"].startswith("No: figures of September 2020 are missing")
    assert read["quality_month"]["sentences"][0].startswith(SAID["workers"])
    assert read["scorecard"]["headline"].startswith("No target can be rated; ")
    assert SAID["workers"] in read["scorecard"]["sentences"][-1]


def test_misspelt_parameter_is_refused(tmp_path):
    """One notebook shows it: that every other begins with the same check is a rule of the house."""
    done = run_papermill(NOTEBOOKS[0], tmp_path, "-p", "mnth", "2020-09")
    assert done.returncode != 0
    assert "Unknown parameter 'mnth'. Did you mean 'month'?" in done.stderr
