"""Notebooks are thin: order, tags, short cells, nothing computed, nothing stored.

The rules are design, not taste: a notebook says what is asked and what was found, and the
library does the work, so that two notebooks cannot compute one number in two ways.
"""

from __future__ import annotations

import ast
import itertools
import json
from pathlib import Path

import pytest

NOTEBOOKS = sorted((Path(__file__).resolve().parents[2] / "notebooks").glob("*.ipynb"))
#: Notebooks that are opened by a person and never run by the report.
NOT_IN_REPORT = {"explore"}

LONGEST_CELL = 5
FORBIDDEN_NODES = (
    ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, ast.For, ast.While, ast.Try,
    ast.With, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp,
)  # fmt: skip
FORBIDDEN_CALLS = {"groupby", "merge", "apply", "read_csv", "read_excel", "open", "eval", "exec"}
FORBIDDEN_PATH_WORDS = ("/", "\\", ".csv", ".xlsx", ".yml", ".parquet")


@pytest.fixture(scope="module", params=NOTEBOOKS, ids=lambda path: path.stem)
def notebook(request):
    return json.loads(request.param.read_text(encoding="utf-8"))


def source(cell: dict) -> str:
    return "".join(cell["source"])


def code_cells(notebook: dict) -> list[dict]:
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def tagged(notebook: dict, tag: str) -> list[int]:
    """Positions of the cells with a tag."""
    tags = [cell.get("metadata", {}).get("tags", []) for cell in notebook["cells"]]
    return [index for index, names in enumerate(tags) if tag in names]


def test_order_of_cells(notebook):
    first = notebook["cells"][0]
    assert first["cell_type"] == "markdown"
    lines = source(first).splitlines()
    assert lines[0].startswith("# ")
    assert "?" in source(first), "the first cell asks the notebook's question"
    assert tagged(notebook, "parameters") == [1]
    assert tagged(notebook, "setup") == [2]
    assert notebook["cells"][-1]["cell_type"] == "markdown"
    assert "does not tell" in source(notebook["cells"][-1])


def test_one_title(notebook):
    prose = [source(cell) for cell in notebook["cells"] if cell["cell_type"] == "markdown"]
    headings = [line for text in prose for line in text.splitlines() if line.startswith("#")]
    assert [line for line in headings if line.startswith("# ")] == headings[:1]
    levels = [len(line) - len(line.lstrip("#")) for line in headings]
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_cells_are_short_and_compute_nothing(notebook):
    for cell in code_cells(notebook):
        tree = ast.parse(source(cell))
        lines = sum(isinstance(node, ast.stmt) for node in ast.walk(tree))
        limit = LONGEST_CELL if "parameters" not in cell["metadata"].get("tags", []) else 20
        assert lines <= limit, f"{lines} statements in:\n{source(cell)}"
        for node in ast.walk(tree):
            assert not isinstance(node, FORBIDDEN_NODES), source(cell)
            if isinstance(node, ast.Call):
                name = ast.unparse(node.func).rpartition(".")[2]
                assert name not in FORBIDDEN_CALLS, source(cell)


def test_parameters_are_known_literals_with_comments(notebook):
    from wfanalytics.parameter_list import PARAMETERS

    text = source(notebook["cells"][1])
    statements = ast.parse(text).body
    assert statements
    for node in statements:
        assert isinstance(node, ast.Assign), text
        assert isinstance(node.value, ast.Constant), ast.unparse(node)
        assert ast.unparse(node.targets[0]) in PARAMETERS, ast.unparse(node)
        assert "#" in text.splitlines()[node.lineno - 1], f"no comment: {ast.unparse(node)}"


def test_parameters_are_checked_before_anything_else(notebook):
    cells = [source(cell) for cell in code_cells(notebook)[1:3]]
    assert any(text.startswith("wf.check_parameters(globals())") for text in cells)


def test_no_path_outside_parameters(notebook):
    for cell in notebook["cells"][2:]:
        if cell["cell_type"] != "code":
            continue
        for node in ast.walk(ast.parse(source(cell))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                assert not any(word in node.value for word in FORBIDDEN_PATH_WORDS), node.value


def test_no_outputs_are_stored(notebook):
    assert not any(cell["outputs"] or cell["execution_count"] for cell in code_cells(notebook))


def test_no_figure_is_typed_in_prose(notebook):
    """A number in prose would go stale; months, notebooks' numbers and rules are not figures."""
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            assert "%" not in source(cell), source(cell)


def test_kernel_is_the_plain_python_one(notebook):
    assert notebook["metadata"]["kernelspec"]["name"] == "python3"


def test_the_report_has_its_notebooks():
    expected = {
        "01_data_quality", "02_vacancies", "03_agency", "04_leavers", "05_caseload", "07_outlook",
        "08_summary",
    }  # fmt: skip
    assert expected <= {path.stem for path in NOTEBOOKS}


def test_report_notebooks_are_numbered():
    names = [path.stem for path in NOTEBOOKS if path.stem not in NOT_IN_REPORT]
    assert all(name[:2].isdigit() and name[2] == "_" for name in names)
    assert len({name[:2] for name in names}) == len(names)
