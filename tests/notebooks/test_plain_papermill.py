"""Every notebook under plain papermill: from any folder, without anything of our runner."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

NOTEBOOKS = sorted((Path(__file__).resolve().parents[2] / "notebooks").glob("*.ipynb"))


def run_papermill(notebook: Path, folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "papermill", str(notebook), "out.ipynb", *options]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True)


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def notebook(request):
    return request.param


def test_runs_from_another_folder_with_defaults(notebook, tmp_path):
    done = run_papermill(notebook, tmp_path, "-p", "month", "2020-09")
    assert done.returncode == 0, done.stderr[-3000:]
    assert [path.name for path in tmp_path.iterdir()] == ["out.ipynb"], "it saves nothing unasked"
    cells = json.loads((tmp_path / "out.ipynb").read_text("utf-8"))["cells"]
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    noise = [output for output in outputs if output["output_type"] == "stream"]
    assert noise == [], "no warning and no print"
    assert any("text/html" in output.get("data", {}) for output in outputs)


def test_saves_its_charts_where_asked(notebook, tmp_path):
    done = run_papermill(notebook, tmp_path, "-p", "output_dir", "charts")
    assert done.returncode == 0, done.stderr[-3000:]
    saved = {path.suffix for path in (tmp_path / "charts").iterdir()}
    assert {".json", ".txt"} <= saved


def test_misspelt_parameter_is_refused(notebook, tmp_path):
    done = run_papermill(notebook, tmp_path, "-p", "mnth", "2020-09")
    assert done.returncode != 0
    assert "Unknown parameter 'mnth'. Did you mean 'month'?" in done.stderr
