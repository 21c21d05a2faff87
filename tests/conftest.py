"""Fixtures every test may use: where the project is, and the shared reference material."""

from __future__ import annotations

import os
import pickle
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from tests.small_project import copy_project

os.environ["MPLBACKEND"] = "Agg"

#: Property under which a test leaves a sentence for the end of the run.
SAID = "said"
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


@pytest.fixture
def say(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Say something at the end of the run, also where tests run in several processes."""
    return lambda text: record_property(SAID, text)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what tests had to say, such as how many published rates were compared."""
    passed = terminalreporter.getreports("passed")
    said = [text for report in passed for key, text in report.user_properties if key == SAID]
    if said:
        terminalreporter.section("measured")
        for text in sorted(set(said)):
            terminalreporter.line(str(text))


@pytest.fixture(autouse=True)
def _close_figures() -> Iterator[None]:
    yield
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close("all")


@pytest.fixture(scope="session")
def sample_pack(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The sample's whole report, for tests that only read it.

    Made once, also where tests run in several processes: the first that needs it makes it.
    """
    from wfanalytics.report.run import run_report

    base = tmp_path_factory.getbasetemp()
    folder = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    made = folder / "sample-pack.pickle"
    with FileLock(made.with_suffix(".lock")):
        if not made.is_file():
            pack = run_report(
                "exampleshire", month="2020-09", output=folder / "sample",
                data_dir=PROJECT_ROOT / "data",
            )  # fmt: skip
            made.write_bytes(pickle.dumps(pack))
    return pickle.loads(made.read_bytes())


@pytest.fixture
def small_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project folder with three months of the sample; it is the working folder."""
    folder = copy_project(PROJECT_ROOT, tmp_path / "project")
    monkeypatch.chdir(folder)
    monkeypatch.delenv("WFANALYTICS_DATA", raising=False)
    return folder
