"""A real area's folder cannot be committed by accident."""

from __future__ import annotations

import subprocess

import pytest


@pytest.fixture
def is_ignored(project_root):
    if not (project_root / ".git").exists():
        pytest.skip("not a git checkout")

    def ask(path: str) -> bool:
        command = ["git", "check-ignore", "--no-index", "--quiet", path]
        return subprocess.run(command, cwd=project_root).returncode == 0

    return ask


@pytest.mark.parametrize(
    "path",
    [
        "data/raw/west-sussex/profile.yml",
        "data/raw/west-sussex/workers/Staff list 2020-09.xlsx",
        "data/raw/worcestershire/census/CSWW 2020.xml",
        "data/raw/extracts.zip",
        "data/processed/west-sussex/workers.parquet",
        "data/raw/published/fetched/file.csv",
        "reports/west-sussex/2020-09/index.html",
    ],
)
def test_what_may_hold_personal_data_is_ignored(is_ignored, path):
    assert is_ignored(path)


@pytest.mark.parametrize(
    "path",
    ["data/raw/exampleshire/profile.yml", "data/raw/exampleshire/census/CSWW 2020.xml",
     "data/raw/published/dfe_headline_figures.csv"],
)  # fmt: skip
def test_the_fictional_area_and_published_figures_are_not(is_ignored, path):
    assert not is_ignored(path)


def test_no_real_area_is_committed(project_root):
    if not (project_root / ".git").exists():
        pytest.skip("not a git checkout")
    command = ["git", "ls-files", "data"]
    listed = subprocess.run(command, cwd=project_root, capture_output=True, text=True, check=True)
    areas = {"/".join(line.split("/")[:3]) for line in listed.stdout.splitlines()}
    assert areas == {"data/raw/exampleshire", "data/raw/published"}
