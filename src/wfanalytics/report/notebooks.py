"""The notebooks a report is made of: where they are, what they ask, which parameters they take."""

from __future__ import annotations

import ast
import json
import re
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from wfanalytics.errors import InputError

#: A report runs the numbered notebooks, in order; others, such as explore, are for people.
PATTERN = "[0-9][0-9]_*.ipynb"
#: A notebook of the pack takes seconds; one that hangs must not hang the monthly job.
NOTEBOOK_SECONDS = 900


@dataclass(frozen=True)
class Notebook:
    """One notebook: its file, title, question and the parameters it declares, with defaults."""

    path: Path
    title: str
    question: str
    parameters: tuple[str, ...]
    defaults: dict[str, object] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """File name without its ending, such as ``02_vacancies``."""
        return self.path.stem


@dataclass(frozen=True)
class NotebookRun:
    """How one notebook ended; ``problem`` is in plain words, empty when it is done."""

    notebook: Notebook
    status: Literal["done", "failed"]
    seconds: float
    problem: str = ""
    cell_seconds: tuple[float, ...] = ()
    """Of each code cell that ran, in order."""


def find_notebooks(folder: Path) -> tuple[Notebook, ...]:
    """The numbered notebooks of a folder, in order.

    Raises
    ------
    InputError
        for a folder without any, and for a notebook that cannot be read.
    """
    paths = sorted(folder.glob(PATTERN))
    if not paths:
        raise InputError(
            "no numbered notebook is here",
            file=folder,
            allowed="names such as 02_vacancies.ipynb",
            remedy="Run from the project's folder, which holds notebooks/ and data/.",
        )
    return tuple(read_notebook(path) for path in paths)


def read_notebook(path: Path) -> Notebook:
    """A notebook's title (first heading), question (text below it) and parameters."""
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        prose = [_text(cell) for cell in cells if cell["cell_type"] == "markdown"]
        declared = [_text(cell) for cell in cells if _is_tagged(cell, "parameters")]
        defaults = _read_defaults("\n".join(declared))
    except (OSError, ValueError, KeyError, TypeError, SyntaxError) as error:
        raise InputError(
            "not a readable notebook",
            file=path,
            remedy="Restore it: git checkout -- notebooks",
        ) from error
    title, question = _split_opening(prose[0] if prose else "")
    return Notebook(path, title or path.stem, question, tuple(defaults), defaults)


def _text(cell: dict[str, Any]) -> str:
    return "".join(cell["source"])


def _is_tagged(cell: dict[str, Any], tag: str) -> bool:
    return tag in cell.get("metadata", {}).get("tags", [])


def _read_defaults(source: str) -> dict[str, object]:
    """Each name a cell assigns, and its value where that is a plain one."""
    found: dict[str, object] = {}
    for node in ast.parse(source).body:
        if isinstance(node, ast.Assign):
            value = node.value.value if isinstance(node.value, ast.Constant) else None
            found |= {target.id: value for target in node.targets if isinstance(target, ast.Name)}
    return found


def _split_opening(text: str) -> tuple[str, str]:
    """Title and question of a first cell: a heading, then the paragraph below it."""
    match = re.match(r"#\s+(?P<title>[^\n]+)\n*(?P<rest>.*)", text.strip(), flags=re.DOTALL)
    if match is None:
        return "", ""
    paragraph = match["rest"].strip().split("\n\n")[0]
    return match["title"].strip(), " ".join(paragraph.replace("*", "").split())


def count_cells(notebook: Notebook) -> int:
    """Code cells that will run, papermill's own included: what a progress bar counts."""
    cells = json.loads(notebook.path.read_text(encoding="utf-8"))["cells"]
    return len([cell for cell in cells if cell["cell_type"] == "code"]) + 1


def mark_stopped(path: Path) -> None:
    """Say in a saved notebook whose process died that its last cell failed; papermill does not."""
    with suppress(OSError, ValueError, KeyError):
        content = json.loads(path.read_text(encoding="utf-8"))
        code = [cell["metadata"] for cell in content["cells"] if cell["cell_type"] == "code"]
        states = [metadata.get("papermill", {}) for metadata in code]
        begun = [state for state in states if state.get("start_time")]
        for state in [content["metadata"]["papermill"], *begun[-1:]]:
            state |= {"exception": True} | ({"status": "failed"} if "status" in state else {})
        path.write_text(json.dumps(content, indent=1), encoding="utf-8")
