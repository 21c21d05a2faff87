"""Do tests notice when the code is wrong? ``python benchmarks/mutants.py spc 40``

Changes one operator, number or condition of a module at a time (40 of them, spread evenly) and
runs the module's own tests on each. A change no test notices is printed: either a test is
missing, or the change makes no difference; docs/testing.md says which. Each mutant runs in a
fork of a process that has imported pandas and pytest already, so this needs Linux or macOS.
"""

from __future__ import annotations

import ast
import contextlib
import importlib
import io
import os
import sys
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SECONDS = 240
OPTIONS = ("-x", "-q", "--assert=plain", "-p", "no:cacheprovider")
#: Modules, by a short name, and the tests that are about them.
SUBJECTS = {
    "spc": (
        ("analysis/spc.py", "analysis/spc_points.py", "analysis/spc_rules.py",
         "analysis/control.py"),
        ("tests/unit/test_spc.py", "tests/unit/test_spc_counts.py", "tests/unit/test_control.py",
         "tests/unit/test_spc_properties.py"),
    ),
    "measures": (
        ("measures/posts.py", "measures/flows.py", "measures/caseload.py", "measures/stability.py",
         "measures/calculate.py", "measures/tidy.py"),
        ("tests/scenarios/test_scenarios.py", "tests/unit/test_calculate_survivors.py",
         "tests/unit/test_calculate_gaps.py", "tests/unit/test_calculate_properties.py"),
    ),
    "disclosure": (
        ("measures/disclosure.py", "measures/small_counts.py"),
        ("tests/unit/test_disclosure.py", "tests/unit/test_small_counts.py",
         "tests/unit/test_caseload_spread.py"),
    ),
}  # fmt: skip
_SWAPS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult,
    ast.And: ast.Or, ast.Or: ast.And, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip


def change(node: ast.AST) -> ast.AST | None:
    """The node changed in place of itself, or None where nothing of it is changed."""
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        return ast.copy_location(ast.Constant(not node.value), node)
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return ast.copy_location(ast.Constant(node.value + 1), node)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.Invert | ast.USub):
        return node.operand
    if isinstance(node, ast.Compare) and type(node.ops[0]) in _SWAPS:
        node.ops[0] = _SWAPS[type(node.ops[0])]()
        return node
    if isinstance(node, ast.BinOp | ast.BoolOp) and type(node.op) in _SWAPS:
        node.op = _SWAPS[type(node.op)]()
        return node
    return None


class OneChange(ast.NodeTransformer):
    """Changes the n-th place that can be changed; annotations and docstrings stay."""

    def __init__(self, wanted: int) -> None:
        self.wanted, self.seen, self.line, self.before = wanted, 0, 0, ""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.body = [self.visit(statement) for statement in node.body]
        node.args.kw_defaults = [value and self.visit(value) for value in node.args.kw_defaults]
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        node.value = node.value and self.visit(node.value)
        return node

    def generic_visit(self, node: ast.AST) -> ast.AST:
        before = ast.unparse(node) if isinstance(node, ast.expr) else ""
        changed = change(deepcopy(node))
        if changed is not None:
            self.seen += 1
            if self.seen == self.wanted + 1:
                self.line, self.before = node.lineno, before
                return ast.fix_missing_locations(changed)
        return super().generic_visit(node)


def list_mutants(path: Path, count: int) -> Iterator[tuple[str, str]]:
    """A description and the changed source of each mutant of a module."""
    source = path.read_text("utf-8")
    counter = OneChange(-1)
    counter.visit(ast.parse(source))
    total = counter.seen
    for number in sorted({round(i * total / count) for i in range(count)}):
        mutant = OneChange(number)
        tree = mutant.visit(ast.parse(source))
        if mutant.line:
            yield f"{path.name}:{mutant.line}: {mutant.before}", ast.unparse(tree)


def survives(path: Path, source: str, tests: list[str]) -> bool:
    """Whether the tests pass although the module is changed."""
    child = os.fork()
    if child == 0:
        code = 3
        try:
            name = ".".join(path.relative_to(ROOT / "src").with_suffix("").parts)
            loader = importlib.machinery.SourceFileLoader(name, str(path))
            loader.get_code = lambda _: compile(source, str(path), "exec")  # type: ignore[method-assign]
            finder = type("Finder", (), {"find_spec": staticmethod(
                lambda full, *_: importlib.util.spec_from_loader(full, loader)
                if full == name else None)})  # fmt: skip
            sys.meta_path.insert(0, finder)
            import signal

            signal.alarm(SECONDS)
            import pytest

            with contextlib.redirect_stdout(io.StringIO()), open(os.devnull, "w") as null:
                os.dup2(null.fileno(), 1)
                os.dup2(null.fileno(), 2)
                code = int(pytest.main([*OPTIONS, *tests]))
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def main(subject: str, count: int) -> None:
    """Print each survivor and how many there were."""
    for module in ("hypothesis", "pandas", "pandera.pandas", "pytest", "scipy.stats"):
        importlib.import_module(module)
    os.chdir(ROOT)
    modules, tests = SUBJECTS[subject]
    made = alive = 0
    for module in modules:
        path = ROOT / "src/wfanalytics" / module
        if not survives(path, path.read_text("utf-8"), list(tests)):
            sys.exit(f"{module} fails its tests unchanged")
        for said, source in list_mutants(path, max(1, round(count / len(modules)))):
            made += 1
            if survives(path, source, list(tests)):
                alive += 1
                print(f"survived: {said}", flush=True)
    print(f"{subject}: {made} mutants, {made - alive} noticed ({(made - alive) / made:.0%})")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 40)
