"""A pack made once from three months of the sample: three parts that work, two that fail."""

from __future__ import annotations

import pytest
from tests.conftest import PROJECT_ROOT
from tests.small_project import LOAD, copy_project, write_exhibit_notebook, write_notebook

from wfanalytics.report.run import run_report

MEASURE_FAILS = """\
from wfanalytics.errors import MeasureError
raise MeasureError("No caseload for September 2020. Supply the weeks.")"""
PLACES = """\
from wfanalytics.present.exhibits.build import make_unavailable
missing = make_unavailable(data, key="gap", question="Any?", reason="There are no posts for "
    "September 2020.")
show(missing, output_dir=output_dir)"""
WITHHELD = """\
table = pd.DataFrame({"Locality": ["City", "Coast"], "Agency staff": ["17", "withheld"]})
withheld = Exhibit(
    key="places", question="Where?", headline="Two of three localities are shown",
    subtitle="Agency staff, people", sentences=("=1+1 is no formula.",), figure=None, alt_text="",
    description="", table=table, table_caption="Agency staff by locality", source="Staff lists",
    notes=("Figures of fewer than five people are withheld.",),
    explanation="Two teams <merged>.", action="Recruit in spring.",
)
show(withheld, output_dir=output_dir)"""
IMPORTS = "import pandas as pd\nfrom wfanalytics.present.exhibit import Exhibit, show"
UNEXPECTED = '{}["Jane Smith"]'


@pytest.fixture(scope="session")
def small_run(tmp_path_factory):
    """A run in which two of five notebooks fail: its pack, and the progress it reported."""
    progress = []
    project = copy_project(PROJECT_ROOT, tmp_path_factory.mktemp("pack") / "project")
    notebooks = project / "notebooks"
    write_notebook(notebooks / "03_agency.ipynb", UNEXPECTED, title="How much is agency?")
    write_notebook(notebooks / "05_caseload.ipynb", MEASURE_FAILS, title="Who holds cases?")
    write_notebook(
        notebooks / "06_places.ipynb",
        LOAD,
        IMPORTS,
        "## Where?",
        PLACES,
        WITHHELD,
        title="Where are they?",
    )
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
