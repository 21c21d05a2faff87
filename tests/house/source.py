"""Reads our own source for the house tests; it imports nothing of ours."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

PACKAGE = "wfanalytics"


def list_modules(root: Path) -> list[Path]:
    """Every module of the package."""
    return sorted((root / "src" / PACKAGE).rglob("*.py"))


def parse_module(path: Path) -> ast.Module:
    """The syntax tree of a module."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def find_imports(path: Path) -> Iterator[str]:
    """Full dotted names a module imports, wherever in it: ``pandas``, ``wfanalytics.raw.area``."""
    for node in ast.walk(parse_module(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
