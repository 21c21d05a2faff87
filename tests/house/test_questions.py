"""Each question members asked has exhibits that a notebook shows, or a written reason."""

from __future__ import annotations

import ast
import json
import re

import pytest

from wfanalytics.present import exhibits

ROWS = 31
FEWEST_WORDS = 12


def read_rows(folder):
    text = (folder / "docs" / "questions.md").read_text("utf-8").partition("## Questions")[2]
    lines = [line for line in text.splitlines() if re.match(r"\| \d+ \|", line)]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


@pytest.fixture(scope="module")
def rows(project_root):
    return read_rows(project_root)


@pytest.fixture(scope="module")
def shown(project_root):
    """Keys of the exhibits each notebook shows, by the notebook's name."""
    return {
        path.stem: {key for cell in read_code(path) for key in find_exhibits(cell)}
        for path in (project_root / "notebooks").glob("*.ipynb")
    }


def read_code(path):
    cells = json.loads(path.read_text("utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


def find_exhibits(code):
    """Names after ``wf.exhibits.`` in a cell."""
    return [
        node.attr
        for node in ast.walk(ast.parse(code))
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "wf.exhibits"
    ]


def name_keys(cell):
    return re.findall(r"`([a-z0-9_]+)`", cell)


def test_every_row_is_there_once_and_cites_its_paragraph(rows):
    assert [int(row[0]) for row in rows] == list(range(1, ROWS + 1))
    assert [row[0] for row in rows if not re.search(r"\([A-E] [^)]*\d", row[1])] == []


@pytest.mark.parametrize("number", range(1, ROWS + 1))
def test_the_answer_exists_and_is_shown_where_the_row_says(rows, shown, number):
    _, _, notebooks, answer = rows[number - 1]
    keys = name_keys(answer)
    if notebooks == "none":
        assert answer.startswith("no exhibit"), answer
        assert len(answer.split()) >= FEWEST_WORDS, "a written reason says why"
        return
    named = name_keys(notebooks)
    assert keys
    assert [key for key in keys if key not in exhibits.__all__] == []
    assert [name for name in named if name not in shown] == []
    there = set().union(*(shown[name] for name in named))
    assert [key for key in keys if key not in there] == []
    assert [name for name in named if not shown[name] & set(keys)] == []


def test_exhibits_named_in_reasons_exist(rows):
    reasons = [row[3] for row in rows if row[2] == "none"]
    assert [key for text in reasons for key in name_keys(text) if key not in exhibits.__all__] == []
