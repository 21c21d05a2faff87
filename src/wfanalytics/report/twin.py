"""A readable page for each executed notebook: code hidden, alt text kept, one file."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import nbformat
from nbconvert.exporters import HTMLExporter
from nbconvert.preprocessors import TagRemovePreprocessor

from wfanalytics.report import TEMPLATES

#: papermill's own red banners; the template says the same in plain words, in the right place.
PAPERMILL_BANNERS = "papermill-error-cell-tag"
#: The cell in which papermill sets the parameters of a run.
INJECTED = "injected-parameters"


@cache
def _exporter() -> HTMLExporter:
    """nbconvert's exporter with our template; its own default drops alt text."""
    no_banners = TagRemovePreprocessor(  # type: ignore[no-untyped-call]
        remove_cell_tags={PAPERMILL_BANNERS}, enabled=True
    )
    return HTMLExporter(  # type: ignore[no-untyped-call]
        preprocessors=[no_banners],
        template_name="notebook",
        extra_template_basedirs=[str(TEMPLATES)],
        extra_template_paths=[str(TEMPLATES)],
        exclude_input=True,
        exclude_input_prompt=True,
        exclude_output_prompt=True,
        exclude_anchor_links=True,
    )


def write_twin(notebook: Path, *, title: str) -> Path:
    """Write ``02_vacancies.html`` beside an executed ``02_vacancies.ipynb``; return its path."""
    path = notebook.with_suffix(".html")
    text = notebook.read_text(encoding="utf-8")
    path.write_text(render_twin(text, title=title), encoding="utf-8")
    return path


def render_twin(notebook: str, *, title: str) -> str:
    """The page of a notebook's JSON."""
    content = nbformat.reads(notebook, as_version=4)  # type: ignore[no-untyped-call]
    for cell in content.cells:
        if INJECTED in cell.metadata.get("tags", []):
            # papermill draws its identifier anew; the page is to be the same file every time.
            cell["id"] = INJECTED
    page, _ = _exporter().from_notebook_node(content, resources={"metadata": {"name": title}})
    return str(page)
