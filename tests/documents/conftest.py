"""A pack made once from three months of the sample: two parts that work, two that fail."""

from __future__ import annotations

import pytest
from tests.conftest import PROJECT_ROOT
from tests.small_project import copy_project, write_exhibit_notebook, write_notebook

from wfanalytics.report.run import run_report

MEASURE_FAILS = """\
from wfanalytics.errors import MeasureError
raise MeasureError("No caseload for September 2020. Supply the weeks.")"""
UNEXPECTED = '{}["Jane Smith"]'


@pytest.fixture(scope="session")
def small_run(tmp_path_factory):
    """A run in which two of four notebooks fail: its pack, and the progress it reported."""
    progress = []
    project = copy_project(PROJECT_ROOT, tmp_path_factory.mktemp("pack") / "project")
    notebooks = project / "notebooks"
    write_notebook(notebooks / "03_agency.ipynb", UNEXPECTED, title="How much is agency?")
    write_notebook(notebooks / "05_caseload.ipynb", MEASURE_FAILS, title="Who holds cases?")
    write_exhibit_notebook(notebooks / "08_summary.ipynb", key="summary", title="Summary")
    pack = run_report(
        "exampleshire",
        month="2020-09",
        output=project / "out",
        parameters={"vacancy_target": "6"},
        data_dir=project / "data",
        on_progress=progress.append,
    )
    return pack, progress


@pytest.fixture(scope="session")
def small_pack(small_run):
    """The pack of that run."""
    return small_run[0]
