"""What the explorer keeps: a view as a cell, or as a notebook that any scheduler can run."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from wfanalytics.measures.area_data import AreaData
from wfanalytics.present.exhibit import Exhibit

#: Folder for what is kept, in the folder the notebook runs in; git leaves it alone.
KEPT = "kept"
_PARAMETERS = {
    "area": 'a folder under data/raw; or with source "published" an authority\'s name',
    "month": "the last month reported",
    "source": '"local" for the area\'s own extracts, "published" for DfE\'s figures',
    "published_file": "a DfE workforce file; empty for the newest fetched, else the shipped table",
    "output_dir": "a folder that receives charts, captions and tables; empty saves nothing",
    "data_dir": "the data folder; empty to find it",
}
_LOAD = """\
wf.check_parameters(globals())
where = {"source": source, "published_file": published_file, "data_dir": data_dir}
data = wf.open_area(area, month=month, **where)
data"""
_LIMITS = """\
## What this does not tell you

Why. It is one view, kept from the explorer; the numbered notebooks are what the report shows."""


def write_cell(measure: str, arguments: Mapping[str, Any]) -> str:
    """A view as the one call that shows it, for a notebook that has opened the area as ``data``.

    >>> print(write_cell("caseload_fte", {"level": "team", "target": 15.0}))
    wf.show(
        wf.view(
            data,
            "caseload_fte",
            level="team",
            target=15.0,
        ),
        output_dir=output_dir,
    )
    """
    texts = [_quote(measure), *(f"{name}={_quote(value)}" for name, value in arguments.items())]
    lines = "".join(f"        {text},\n" for text in ("data", *texts))
    return f"wf.show(\n    wf.view(\n{lines}    ),\n    output_dir=output_dir,\n)"


def _quote(value: object) -> str:
    """A literal with the double quotes of the house; JSON's are Python's for text."""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_quote(k)}: {_quote(v)}" for k, v in value.items()) + "}"
    return repr(value)


def write_kept_notebook(
    exhibit: Exhibit, data: AreaData, *, folder: str, cell: str, where: Mapping[str, str]
) -> Path:
    """Write the view as a notebook in the order of the house; return its path."""
    area = data.slug if data.source == "local" else data.name
    values = {"area": area, "month": f"{data.month:%Y-%m}", "source": data.source, **where}
    lines = [f"{n} = {_quote(values.get(n, ''))}  # {why}" for n, why in _PARAMETERS.items()]
    title = f"# {exhibit.subtitle}\n\n{exhibit.question}"
    cells = [
        ("markdown", title, {}), ("code", "\n".join(lines), {"tags": ["parameters"]}),
        ("code", "import wfanalytics as wf\n\nwf.use_style()", {"tags": ["setup"]}),
        ("code", _LOAD, {}), ("code", cell, {}), ("markdown", _LIMITS, {}),
    ]  # fmt: skip
    content = {
        "cells": [_make_cell(i, *parts) for i, parts in enumerate(cells)],
        "metadata": {
            "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python",
                           "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4, "nbformat_minor": 5,
    }  # fmt: skip
    path = Path(folder) / f"{exhibit.key}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path


def _make_cell(number: int, kind: str, text: str, metadata: dict[str, Any]) -> dict[str, Any]:
    cell = {"cell_type": kind, "id": f"kept-{number:02}", "metadata": metadata,
            "source": text.splitlines(keepends=True)}  # fmt: skip
    return cell | ({"execution_count": None, "outputs": []} if kind == "code" else {})
