"""The library can be read in a day, and the checkout holds nothing large or local."""

from __future__ import annotations

import ast
import re
import subprocess

import pytest
from tests.house.source import list_modules, parse_module

LONGEST_FUNCTION = 45
LONGEST_MODULE = 300
LARGEST_FILE = 1_500_000
LARGEST_SAMPLE = 3_000_000


@pytest.fixture(scope="module")
def tracked(project_root):
    """Files git tracks or would add, without what it ignores."""
    if not (project_root / ".git").exists():
        pytest.skip("not a git checkout: what is committed cannot be listed")
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=project_root, capture_output=True, check=True).stdout
    paths = {project_root / name for name in listed.decode().split("\0") if name}
    return sorted(path for path in paths if path.is_file())


def test_functions_are_short(project_root):
    long = [
        f"{path.name}: {node.name} has {length} lines"
        for path in list_modules(project_root)
        for node in ast.walk(parse_module(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := count_code_lines(node)) > LONGEST_FUNCTION
    ]
    assert long == []


def count_code_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function without its docstring."""
    start = node.lineno
    if ast.get_docstring(node) is not None:
        start = node.body[0].end_lineno
    return node.end_lineno - start + 1


def test_modules_are_short(project_root):
    lengths = {
        path: len(path.read_text("utf-8").splitlines()) for path in list_modules(project_root)
    }
    assert [f"{path.name}: {n}" for path, n in lengths.items() if n > LONGEST_MODULE] == []


def test_committed_files_are_small(tracked, project_root):
    assert [p.name for p in tracked if p.stat().st_size > LARGEST_FILE] == []
    sample = [p for p in tracked if p.is_relative_to(project_root / "data/raw/exampleshire")]
    assert sum(path.stat().st_size for path in sample) < LARGEST_SAMPLE


def test_no_path_of_a_machine_is_committed(tracked, project_root):
    local = re.compile(rb"(?<![\w./-])/(work|home|Users|root|tmp|opt)/[a-z]")
    found = [
        f"{path.relative_to(project_root)}: {match.group().decode()}"
        for path in tracked
        if path.suffix in {".py", ".md", ".toml", ".yml", ".ipynb", ".lock", ".j2", ""}
        for match in local.finditer(path.read_bytes())
    ]
    assert found == []
