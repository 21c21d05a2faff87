"""pyproject.toml, environment.yml and requirements.lock say the same thing."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from pathlib import Path

import yaml

#: conda-forge splits some packages; the part without the extras is the one PyPI ships.
CONDA_NAMES = {
    "jupyter_client": "jupyter-client",
    "matplotlib-base": "matplotlib",
    "nbconvert-core": "nbconvert",
    "seaborn-base": "seaborn",
}
#: What is imported under another name than it is installed by.
IMPORT_NAMES = {
    "PIL": "pillow",
    "docx": "python-docx",
    "yaml": "pyyaml",
    "python_calamine": "python-calamine",
    "html5lib": "html5lib",
    "jupyterlab_server": "jupyterlab",
}
#: Of the extras `cluster` and `sql`; imported inside functions.
EXTRAS = {"dask", "distributed", "sqlalchemy"}


def split_requirement(text: str) -> tuple[str, str]:
    """Name and bounds, as in ``("pandas", ">=3.0,<4")``."""
    pattern = r"([A-Za-z0-9_.-]+?)(?:\[\w+\])?\s*([<>=!~].*)?"
    name, bounds = re.fullmatch(pattern, text.strip()).groups()
    return name.lower(), bounds or ""


def read_project(root: Path) -> dict:
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def read_conda(root: Path) -> dict[str, str]:
    entries = yaml.safe_load((root / "environment.yml").read_text("utf-8"))["dependencies"]
    lines = [entry for entry in entries if isinstance(entry, str)]
    lines += next(entry["pip"] for entry in entries if isinstance(entry, dict))
    found = dict(split_requirement(line) for line in lines)
    return {CONDA_NAMES.get(name, name): bounds for name, bounds in found.items()}


def test_conda_environment_has_the_same_bounds(project_root):
    project = read_project(project_root)
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    expected = dict(split_requirement(line) for line in wanted)
    expected["python"] = project["requires-python"]
    conda = read_conda(project_root)
    conda.pop("pip")
    assert conda == expected


def test_every_dependency_is_bounded_and_justified(project_root):
    project = read_project(project_root)
    explained = (project_root / "CONTRIBUTING.md").read_text(encoding="utf-8")
    for line in project["dependencies"]:
        name, bounds = split_requirement(line)
        assert re.fullmatch(r">=[0-9.]+,<[0-9.]+", bounds), line
        assert f"| {name} |" in explained, f"CONTRIBUTING.md does not say why {name} is needed"


def test_lock_pins_every_dependency_within_its_bounds(project_root):
    from packaging.specifiers import SpecifierSet

    lock = (project_root / "requirements.lock").read_text(encoding="utf-8")
    pins: dict[str, list[str]] = {}
    for name, version in re.findall(r"^([a-z0-9._-]+)==([^ \\]+)", lock, flags=re.MULTILINE):
        pins.setdefault(name, []).append(version)
    project = read_project(project_root)
    for line in [*project["dependencies"], *project["optional-dependencies"]["dev"]]:
        name, bounds = split_requirement(line)
        assert name in pins, f"{name} is not in requirements.lock: run `make lock`"
        assert all(SpecifierSet(bounds).contains(version) for version in pins[name]), line


def test_lock_names_no_index_and_no_machine(project_root):
    lock = (project_root / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in lock
    assert "index" not in lock
    assert not re.search(r"^\s*(-e|-i|--(?!hash=))", lock, flags=re.MULTILINE)
    assert not re.search(r"(^|\s)/[a-z]+/", lock)


def test_everything_imported_is_declared(project_root):
    project = read_project(project_root)
    runtime = {split_requirement(line)[0] for line in project["dependencies"]}
    for path in sorted((project_root / "src").rglob("*.py")):
        for name in imported_packages(path):
            package = IMPORT_NAMES.get(name, name).lower().replace("_", "-")
            assert package in runtime | EXTRAS, f"{path.name} imports {name}"


def imported_packages(path: Path) -> set[str]:
    """Top-level names of the third-party packages a module imports."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names.add(str(node.module).split(".")[0])
    return names - set(sys.stdlib_module_names) - {"wfanalytics"}
