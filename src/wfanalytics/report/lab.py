"""``wfanalytics explore``: JupyterLab on the notebooks, with this Python, for this machine only."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from wfanalytics.errors import InputError, WfanalyticsError
from wfanalytics.raw.area import DATA_VARIABLE, find_data_dir

FIRST_NOTEBOOK = "explore.ipynb"
#: JupyterLab takes seconds to start; on a slow disk, the first time, a minute.
START_SECONDS = 120
STOP_SECONDS = 10
#: JupyterLab's name for the outline among the panels on the left.
OUTLINE = "@jupyterlab/toc:plugin"


def run_lab(
    *, data_dir: str = "", browser: bool = True, on_start: Callable[[str], object] = print
) -> None:
    """Run JupyterLab on the project's notebooks until it is stopped.

    It listens on this machine only and asks for a token, which is part of the address given to
    ``on_start``. Its kernel is this Python, whatever kernels the user has registered, and the
    outline of the notebook is open.

    Raises
    ------
    InputError
        for a project without notebooks.
    WfanalyticsError
        where JupyterLab does not start.
    """
    data = find_data_dir(data_dir)
    notebooks = data.parent / "notebooks"
    if not (notebooks / FIRST_NOTEBOOK).is_file():
        raise InputError(
            "the notebooks are not there", file=notebooks / FIRST_NOTEBOOK,
            remedy="Run from the project's folder, which holds notebooks/ and data/.",
        )  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="wfa-lab-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        _write_settings(home)
        process = subprocess.Popen(
            _list_command(notebooks, browser=browser), env=_make_environment(home, data)
        )
        try:
            on_start(_wait_for_address(process, home / "runtime"))
            process.wait()
        except SystemExit:  # Ctrl-C, and a request to end: how it is meant to be stopped
            pass
        finally:
            _stop(process)


def _list_command(notebooks: Path, *, browser: bool) -> list[str]:
    settings: Mapping[str, object] = {
        "ServerApp.ip": "127.0.0.1",
        "ServerApp.root_dir": notebooks,
        "ServerApp.open_browser": browser,
        "ServerApp.allow_root": True,  # a container's only user, and nobody else gets in
        "ServerApp.answer_yes": True,
        "ServerApp.log_level": "WARN",
        "LabApp.default_url": f"/lab/tree/{FIRST_NOTEBOOK}",
        "LabApp.extension_manager": "readonly",
    }
    options = [f"--{name}={value}" for name, value in settings.items()]
    return [sys.executable, "-m", "jupyterlab", *options]


def _make_environment(home: Path, data: Path) -> dict[str, str]:
    """Where Jupyter finds our kernel before any other, and keeps what belongs to this run."""
    first = {
        name: os.pathsep.join(filter(None, (str(home), os.environ.get(name))))
        for name in ("JUPYTER_PATH", "JUPYTER_CONFIG_PATH")
    }
    return {
        **os.environ,
        **first,
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
        DATA_VARIABLE: str(data),
    }


def _write_settings(home: Path) -> None:
    """This Python as the kernel, no question about news, and the notebook's outline in sight."""
    from jupyterlab_server.workspaces_handler import WorkspacesManager

    command = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    kernel = {"argv": command, "display_name": "Python 3 (ipykernel)", "language": "python"}
    page = {"disabledExtensions": {"@jupyterlab/apputils-extension:announcements": True}}
    files = {"kernels/python3/kernel.json": kernel, "labconfig/page_config.json": page}
    for name, content in files.items():
        path = home / name
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(content), encoding="utf-8")
    left: dict[str, Any] = {
        "collapsed": False, "visible": True, "current": OUTLINE,
        "widgets": ["filebrowser", "running-sessions", OUTLINE],
    }  # fmt: skip
    layout = {"main": {"dock": None, "current": None}, "left": left, "relativeSizes": [0.2, 0.8, 0]}
    workspace = {"data": {"layout-restorer:data": layout}, "metadata": {"id": "default"}}
    WorkspacesManager(str(home / "workspaces")).save("default", json.dumps(workspace))


def _wait_for_address(process: subprocess.Popen[bytes], runtime: Path) -> str:
    """The address with its token, once the server has written down that it listens."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        for path in runtime.glob("jpserver-*.json"):
            try:
                told = json.loads(path.read_text(encoding="utf-8"))
            except (ValueError, OSError):  # still being written
                continue
            return f"{told['url']}lab/tree/{FIRST_NOTEBOOK}?token={told['token']}"
        time.sleep(0.1)
    raise WfanalyticsError(
        "JupyterLab did not start. What it said stands above; "
        "`python -m jupyterlab` starts it by itself."
    )


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
