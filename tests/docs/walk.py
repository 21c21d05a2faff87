"""Walks through a page of ``docs/``: runs its blocks in order and keeps what each prints.

``python -m tests.docs.walk`` walks the tutorial in a project of its own and writes what its
commands print now into the page.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TUTORIAL = ROOT / "docs" / "tutorial.md"
#: What a page prints in place of the folder it was run in.
HERE = "<your folder>"
_BLOCK = re.compile(r"^```(sh|python|diff|text)\n(.*?)^```$", flags=re.MULTILINE | re.DOTALL)
_COMMANDS = {"sh": "{}", "python": "python - <<'BLOCK'\n{}BLOCK\n",
             "diff": "git apply -C1 - <<'BLOCK'\n{}BLOCK\n"}  # fmt: skip


@dataclass(frozen=True)
class Step:
    """A block that is run, and the output the page shows after it, if any."""

    kind: str
    text: str
    shown: str | None


def read_steps(page: str) -> list[Step]:
    """The blocks of a page in order, each with the ``text`` block that follows it."""
    blocks = _BLOCK.findall(page)
    after = [*blocks[1:], ("", "")]
    return [
        Step(kind, text, shown if following == "text" else None)
        for (kind, text), (following, shown) in zip(blocks, after, strict=True)
        if kind != "text"
    ]


def make_project(folder: Path) -> Path:
    """What the tutorial needs of the checkout; one notebook, so that its report is quick."""
    for name in ("src/wfanalytics", "docs", "data/raw/published", "tests/house"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "data/raw/exampleshire", folder / "data/raw/exampleshire",
                    ignore=lambda path, names: [n for n in names if "." not in n])  # fmt: skip
    (folder / "notebooks").mkdir()
    shutil.copy(ROOT / "notebooks/02_vacancies.ipynb", folder / "notebooks")
    shutil.copy(ROOT / "GLOSSARY.md", folder)
    return folder


def walk(steps: list[Step], project: Path) -> list[str]:
    """What each step prints, all run in one shell in the project's folder."""
    script = "".join(
        f"echo '@@@{number}'\n{_COMMANDS[step.kind].format(step.text)}"
        for number, step in enumerate(steps)
    )
    programs = str(Path(sys.executable).parent)
    left_out = {name for name in os.environ if name.startswith("WFANALYTICS_")}
    environment = {
        **{name: value for name, value in os.environ.items() if name not in left_out},
        "PATH": os.pathsep.join([programs, os.environ["PATH"]]),
        "PYTHONPATH": str(project / "src"), "GIT_CEILING_DIRECTORIES": str(project.parent),
    }  # fmt: skip
    done = subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", script], cwd=project, env=environment,
        capture_output=True, text=True,
    )  # fmt: skip
    if done.returncode:
        raise AssertionError(f"{done.stdout}\n{done.stderr}")
    said = done.stdout.replace(str(project), HERE)
    said = re.sub(r"\(noticed \d{4}-\d\d-\d\d\)", "(noticed today)", said)
    return re.split(r"^@@@\d+\n", said, flags=re.MULTILINE)[1:]


def write_outputs() -> None:
    """The tutorial with what its commands print now."""
    page = TUTORIAL.read_text("utf-8")
    with tempfile.TemporaryDirectory() as folder:
        steps = read_steps(page)
        said = walk(steps, make_project(Path(folder).resolve() / "project"))
    outputs = iter(text for step, text in zip(steps, said, strict=True) if step.shown is not None)
    TUTORIAL.write_text(
        _BLOCK.sub(lambda m: f"```text\n{next(outputs)}```" if m[1] == "text" else m[0], page),
        encoding="utf-8", newline="\n",
    )  # fmt: skip


if __name__ == "__main__":
    write_outputs()
