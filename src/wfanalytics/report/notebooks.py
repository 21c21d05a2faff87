"""The notebooks a report is made of: where they are, what they ask, which parameters they take."""

from __future__ import annotations

import ast
import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from wfanalytics.errors import InputError

#: A report runs the numbered notebooks, in order; others, such as explore, are for people.
PATTERN = "[0-9][0-9]_*.ipynb"


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
