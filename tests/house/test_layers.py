"""Data goes one way: a layer imports only layers to its left, and heavy tools keep to theirs."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from tests.house.source import PACKAGE, find_imports, list_modules, parse_module

GROUND_FLOOR = ("errors", "periods", "rounding", "settings", "contracts", "frames",
                "parameter_list", "parameters", "thresholds")  # fmt: skip
LAYERS = ("raw", "clean", "measures", "analysis", "present", "report")
#: Outside the flow: the sample writes raw files, the command line calls every layer.
OUTSIDE = {
    "sample": GROUND_FLOOR,
    "cli": ("arguments", "commands"),
    "commands": (*LAYERS, "sample", "arguments"),
    "arguments": (),
    "__init__": LAYERS,
    "__main__": ("cli",),
}

#: Who alone may import what.
KEPT_IN = {
    "matplotlib": {"present"},
    "seaborn": {"present"},
    "afcharts": {"present"},
    "IPython": {"present"},
    "ipywidgets": {"present"},
    "papermill": {"report"},
    "nbconvert": {"report"},
    "nbformat": {"report"},
    "jupyter_client": {"report"},
    "jinja2": {"report"},
    "docx": {"report"},
    "gptables": {"report"},
    "dask": {"report"},
    "distributed": {"report"},
    "xlsxwriter": {"report", "sample"},
    "python_calamine": {"raw"},
    "sqlalchemy": {"raw"},
    "typer": {"cli", "commands"},
    "rich": {"report"},
}

#: Calls that read or write a file, and the modules that may make them.
DISK_CALLS = {
    "open", "read_text", "read_bytes", "write_text", "write_bytes", "mkdir", "unlink",
    "rmtree", "copy", "copytree", "read_csv", "read_excel", "read_parquet", "to_parquet",
    "to_excel", "urlopen", "mkstemp", "mkdtemp",
}  # fmt: skip
DISK_MODULES = (
    "raw/", "report/", "sample/", "frames.py", "present/exhibit.py",
    "present/keep.py",  # the explorer's notebooks
    "clean/identity.py",  # the pseudonym key's own file
    "clean/kept.py",  # keeps the cleaned tables in data/processed
    "clean/returns.py",  # keeps the census returns there
)  # fmt: skip


def find_room(path: Path, root: Path) -> str:
    """The layer (or ground-floor module) a file belongs to."""
    return path.relative_to(root / "src" / PACKAGE).with_suffix("").parts[0]


def list_allowed(room: str) -> set[str]:
    """Rooms that ``room`` may import from, itself included."""
    if room in GROUND_FLOOR:
        return set(GROUND_FLOOR)
    if room in LAYERS:
        return {*GROUND_FLOOR, *LAYERS[: LAYERS.index(room) + 1]}
    return {room, *GROUND_FLOOR, *OUTSIDE[room]}


def test_layers_import_only_to_their_left(project_root):
    wrong = []
    for path in list_modules(project_root):
        room = find_room(path, project_root)
        for name in find_imports(path):
            parts = name.split(".")
            if parts[0] != PACKAGE or parts[1:] in ([], ["__version__"]):
                continue
            if parts[1] not in list_allowed(room):
                wrong.append(f"{path.relative_to(project_root)} imports {name}")
    assert wrong == []


def test_tools_keep_to_their_layer(project_root):
    wrong = [
        f"{path.relative_to(project_root)} imports {name}"
        for path in list_modules(project_root)
        for name in find_imports(path)
        if find_room(path, project_root) not in KEPT_IN.get(name.split(".")[0], {"anywhere"})
        and name.split(".")[0] in KEPT_IN
    ]
    assert wrong == []


def test_disk_is_touched_only_at_the_ends(project_root):
    wrong = []
    for path in list_modules(project_root):
        inside = path.relative_to(project_root / "src" / PACKAGE).as_posix()
        if inside.startswith(DISK_MODULES):
            continue
        for node in ast.walk(parse_module(path)):
            if isinstance(node, ast.Call) and call_name(node) in DISK_CALLS:
                if call_name(node) == "copy" and not is_shutil(node):
                    continue
                wrong.append(f"{inside}:{node.lineno} calls {call_name(node)}")
    assert wrong == []


def call_name(node: ast.Call) -> str:
    """``read_text`` for ``path.read_text()``, ``open`` for ``open()``."""
    match node.func:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
    return ""


def is_shutil(node: ast.Call) -> bool:
    """Whether a ``copy`` copies a file and not a frame."""
    return isinstance(node.func, ast.Attribute) and ast.unparse(node.func.value) == "shutil"


@pytest.mark.parametrize(
    "statement",
    [
        "import wfanalytics",
        "from wfanalytics.cli import main; main(['--help'])",
        "from wfanalytics.cli import main; main(['report', '--help'])",
        "from wfanalytics.cli import main; main(['--version'])",
    ],
)
def test_start_is_light(statement):
    heavy = {"pandas", "numpy", "matplotlib", "pydantic", "papermill", "nbconvert", "pandera"}
    if "report" in statement:
        heavy.remove("pydantic")  # typer itself reads a command's options with it
    code = (
        f"import sys\ntry:\n    {statement.replace('; ', chr(10) + '    ')}\n"
        "except SystemExit as stop:\n    assert not stop.code\n"
        f"print([name for name in {heavy} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"
