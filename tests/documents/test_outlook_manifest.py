"""A report of the outlook can be made again, to the digit, from what its manifest says."""

from __future__ import annotations

import json
import shutil

import pytest

from wfanalytics.report.run import run_report


@pytest.fixture(scope="module")
def notebooks(project_root, tmp_path_factory):
    """A folder with the outlook's notebook alone."""
    folder = tmp_path_factory.mktemp("notebooks")
    shutil.copy(project_root / "notebooks" / "07_outlook.ipynb", folder)
    return folder


def run(project_root, notebooks, output, parameters):
    pack = run_report(
        "exampleshire", month="2020-09", output=output, parameters=parameters,
        data_dir=project_root / "data", notebooks_dir=notebooks,
    )  # fmt: skip
    return json.loads((pack.folder / "manifest.json").read_text("utf-8"))


def files_of(manifest):
    """SHA-256 of every picture, caption and table."""
    exhibits = manifest["notebooks"][0]["exhibits"]
    return {name: digest for item in exhibits for name, digest in item["files"].items()}


def test_a_run_can_be_made_again_to_the_digit(project_root, notebooks, tmp_path):
    first = run(project_root, notebooks, tmp_path / "one", {"horizon": 3})
    assert first["exit_code"] == 0
    used = first["notebooks"][0]["parameters"]
    assert used == {"source": "local", "horizon": 3.0, "seed": 20200604}
    assert "outlook.yml" in [item["file"] for item in first["inputs"]]
    assert "scipy" in first["versions"]
    again = run(project_root, notebooks, tmp_path / "two", used)
    assert len(files_of(first)) == 7 * 4
    assert files_of(again) == files_of(first)
