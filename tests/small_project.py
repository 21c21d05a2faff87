"""A small project for tests that run reports: three months of the sample and tiny notebooks."""

from __future__ import annotations

import shutil
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

MONTHS = ("2020-07", "2020-08", "2020-09")
#: Files of the sample that are not about one month.
ALWAYS = ("profile.yml", "targets.csv", "events.csv", "teams.csv", "2019-20", "2020-21", "summary",
          "allocations", "CSWW")  # fmt: skip

PARAMETERS = """\
area = "exampleshire"  # folder under data/raw
month = "2020-09"  # last month reported
vacancy_target = None  # per cent
output_dir = ""  # where charts are saved
data_dir = ""  # the data folder
"""
SETUP = "from wfanalytics.parameters import check_parameters\n_ = check_parameters(globals())"
LOAD = """\
from wfanalytics.measures.area import open_area
data = open_area(area, month=month, data_dir=data_dir)"""
EXHIBIT = """\
from matplotlib.figure import Figure
import pandas as pd
from wfanalytics.present.exhibit import Exhibit, show
figure = Figure()
_ = figure.add_subplot().plot([1, 2], [18.5, 7])
table = pd.DataFrame({"Month": ["February 2019", "July 2019"], "Rate": ["18.5%", "7.0%"]})
exhibit = Exhibit(
    key="KEY", question="How many posts are empty?", headline="Uncovered vacancies <fell>",
    subtitle="Uncovered vacancy rate, Exampleshire, 2019, per cent", figure=figure, table=table,
    sentences=("The rate fell by 11.5 percentage points & met the target.",),
    alt_text='Line chart: "uncovered" vacancies fell from 18.5% to 7.0%.',
    description="Two points.", table_caption="Uncovered vacancy rate by month", source="Posts",
)
show(exhibit, output_dir=output_dir)"""


def write_notebook(path: Path, *cells: str, title: str, question: str = "What happened?") -> None:
    """A notebook in the house order: opening, parameters, setup, then code, or a heading."""
    content = [
        new_markdown_cell(f"# {title}\n\n{question}"),
        new_code_cell(PARAMETERS, metadata={"tags": ["parameters"]}),
        new_code_cell(SETUP, metadata={"tags": ["setup"]}),
        *((new_markdown_cell if text.startswith("## ") else new_code_cell)(text) for text in cells),
        new_markdown_cell("## What this does not tell you\n\nWhy."),
    ]
    for number, cell in enumerate(content):
        cell["id"] = f"cell-{number}"
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = new_notebook(cells=content, metadata={"kernelspec": kernel})
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)


def write_exhibit_notebook(path: Path, *, key: str, title: str) -> None:
    """A notebook that opens the area and saves one exhibit."""
    write_notebook(path, LOAD, "## Where are we?", EXHIBIT.replace("KEY", key), title=title)


def copy_project(root: Path, folder: Path) -> Path:
    """Copy the end of the sample into ``folder`` with one tiny notebook; return ``folder``."""
    sample = root / "data" / "raw" / "exampleshire"
    for path in sample.rglob("*.*"):
        inside = path.relative_to(sample)
        if any(word in str(inside) for word in (*MONTHS, *ALWAYS)):
            target = folder / "data" / "raw" / "exampleshire" / inside
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target)
    shutil.copytree(root / "data" / "raw" / "published", folder / "data" / "raw" / "published")
    write_exhibit_notebook(
        folder / "notebooks" / "02_vacancies.ipynb", key="vacancy", title="How many are empty?"
    )
    return folder
