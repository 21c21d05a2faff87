"""``wfanalytics explore`` before there is a browser: what is refused, what Jupyter is told."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from wfanalytics.errors import InputError, WfanalyticsError
from wfanalytics.report import lab


def test_a_project_without_the_notebooks_is_refused(small_project):
    with pytest.raises(InputError) as error:
        lab.run_lab(browser=False)
    assert "explore.ipynb: the notebooks are not there." in str(error.value)


def test_jupyterlab_that_does_not_start_is_said_and_leaves_nothing(
    small_project, tmp_path, monkeypatch
):
    (small_project / "notebooks" / lab.FIRST_NOTEBOOK).write_text("{}")
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "jupyterlab.py").write_text("raise SystemExit('no such thing')")
    monkeypatch.setenv("PYTHONPATH", f"{broken}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")
    monkeypatch.setattr(lab.tempfile, "tempdir", str(tmp_path))
    with pytest.raises(WfanalyticsError, match="JupyterLab did not start"):
        lab.run_lab(browser=False)
    assert list(tmp_path.glob("wfa-lab-*")) == []


def test_it_listens_here_only_and_no_secret_is_on_the_command_line(tmp_path):
    command = lab._list_command(tmp_path, browser=False)
    assert "--ServerApp.ip=127.0.0.1" in command
    assert "--ServerApp.open_browser=False" in command
    assert not any("token" in word.lower() or "password" in word.lower() for word in command)


def test_the_kernel_is_this_python_before_any_other(tmp_path, monkeypatch):
    monkeypatch.setenv("JUPYTER_PATH", "elsewhere")
    lab._write_settings(tmp_path)
    told = lab._make_environment(tmp_path, Path("data"))
    first, *others = told["JUPYTER_PATH"].split(os.pathsep)
    kernel = json.loads((Path(first) / "kernels/python3/kernel.json").read_text("utf-8"))
    assert kernel["argv"][0] == sys.executable
    assert others == ["elsewhere"]
    assert told["WFANALYTICS_DATA"] == "data"


def test_the_outline_is_on_the_left(tmp_path):
    lab._write_settings(tmp_path)
    [workspace] = (tmp_path / "workspaces").iterdir()
    layout = json.loads(workspace.read_text("utf-8"))["data"]["layout-restorer:data"]
    assert layout["left"]["current"] == lab.OUTLINE
