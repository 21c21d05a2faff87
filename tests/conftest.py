"""Fixtures every test may use: where the project is, and the shared reference material."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.small_project import copy_project

os.environ["MPLBACKEND"] = "Agg"

PROJECT_ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def project_root() -> Path:
    """The checkout."""
    return PROJECT_ROOT


@pytest.fixture(scope="session")
def reference_dir() -> Path:
    """Published files kept beside the checkout, which are never committed.

    A test that needs them is skipped where they are absent, unless
    ``WFANALYTICS_REQUIRE_REFERENCE=1`` makes them compulsory.
    """
    folder = PROJECT_ROOT.parent / "shared" / "reference"
    if folder.is_dir():
        return folder
    reason = "../shared/reference is absent: the published files it holds are not committed"
    if os.environ.get("WFANALYTICS_REQUIRE_REFERENCE") == "1":
        pytest.fail(f"{reason}, and WFANALYTICS_REQUIRE_REFERENCE=1 makes them compulsory")
    pytest.skip(reason)


@pytest.fixture(autouse=True)
def _close_figures() -> Iterator[None]:
    yield
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close("all")


@pytest.fixture
def small_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project folder with three months of the sample; it is the working folder."""
    folder = copy_project(PROJECT_ROOT, tmp_path / "project")
    monkeypatch.chdir(folder)
    monkeypatch.delenv("WFANALYTICS_DATA", raising=False)
    return folder
