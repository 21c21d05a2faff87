"""One thing puts files into a pack: the gate. Whatever else writes has its reason here."""

from __future__ import annotations

import ast
from pathlib import Path

import wfanalytics

ROOT = Path(wfanalytics.__file__).parent

#: Calls that put a file somewhere or change one.
WRITES = {
    "write_text", "write_bytes", "savefig", "to_csv", "to_excel", "to_parquet", "to_json", "save",
    "rename", "replace", "copyfile", "copy", "copytree", "move", "symlink_to", "hardlink_to",
    "put_file", "dump", "execute_notebook", "touch", "writestr",
}  # fmt: skip
#: Module and function -> why what it writes is no file of a pack, or the gate's own.
ALLOWED = {
    ("report/release.py", "write"): "the gate",
    ("report/verify.py", "write_sums"): "called by the gate alone: fingerprints of what it wrote",
    ("report/pack.py", "_recover"): "whole folders",
    ("report/pack.py", "_put_in_place"): "whole folders",
    ("report/pack.py", "_shelve"): "whole folders",
    ("report/send.py", "_copy"): "a finished pack, elsewhere",
    ("report/shelf.py", "write_shelf"): "the list of packs, made of what they say",
    ("report/lock.py", "_write_holder"): "the lock of a run",
    ("report/batch.py", "_write_record"): "how the areas of a batch went",
    ("report/engine.py", "run_notebook"): "a notebook in its process, taken in by the gate",
    ("report/notebooks.py", "mark_stopped"): "the same notebook",
    ("report/twin.py", "write_twin"): "its page",
    ("report/lab.py", "_write_settings"): "JupyterLab's own settings",
    ("report/new_area.py", "_write_inside"): "a new area's folder",
    ("report/new_area.py", "_write_new"): "the same",
    ("report/fork.py", "start"): "a pipe to a kernel",
    ("report/check.py", "as_json"): "into text",
    ("report/paper_style.py", "save_docx"): "into memory",
    ("report/paper_style.py", "fix_dates"): "into memory",
    ("report/reported.py", "list_reported"): "into text",
    ("present/picture.py", "render_png"): "into memory",
    ("present/picture.py", "render_svg"): "into memory",
    ("present/exhibit.py", "_write_whole"): "in a notebook's process, taken in by the gate",
    ("present/keep.py", "write_kept_notebook"): "an analyst's own notebook, from JupyterLab",
}  # fmt: skip


def list_writes():
    """Module, function and line of each call in report/ and present/ that writes."""
    for folder in ("report", "present"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            tree = ast.parse(path.read_text(encoding="utf-8"))
            for function in ast.walk(tree):
                if isinstance(function, ast.FunctionDef):
                    for call in ast.walk(function):
                        if isinstance(call, ast.Call) and _writes(call):
                            yield name, function.name, call.lineno


def _writes(call: ast.Call) -> bool:
    if isinstance(call.func, ast.Name):
        opens = call.func.id == "open"
    elif isinstance(call.func, ast.Attribute):
        name = call.func.attr
        # A text's replace takes two; a path's one.
        if name == "replace" and (len(call.args) != 1 or call.keywords):
            return False
        if name in ("rename", "copy") and (call.keywords or (not call.args and name == "copy")):
            return False
        if name in WRITES:
            return True
        opens = name == "open"
    else:
        return False
    modes = [a.value for a in call.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
    return opens and any(set(mode) & set("wax+") and len(mode) <= 3 for mode in modes)


def test_only_the_gate_puts_files_into_a_pack():
    found = set()
    for module, function, line in list_writes():
        key = (module, function)
        assert key in ALLOWED, f"{module}:{line} ({function}) writes a file: give it to the gate"
        found.add(key)
    assert found == set(ALLOWED), "a reason that is no longer needed"
