"""What is different on Windows, as far as Linux can show it: docs/windows.md lists it.

Everything runs under a locale whose encoding is cp1252, with UTF-8 mode off, on files whose lines
end with CR LF, in a folder with a long name, spaces and accents, and without fork.
"""

from __future__ import annotations

import ast
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from tests.small_project import MONTHS, copy_project

ENCODING = "CP1252"
NAME = "en_GB.CP1252"
#: 200 characters of folders: Windows takes 260, and a pack needs 60 below it.
LONG = Path("Données de l'équipe " + "x" * 80) / ("Children's services – 2020 " + "y" * 80)


@pytest.fixture(scope="module")
def environment(tmp_path_factory, project_root):
    """The environment of a Windows console here, on Linux."""
    if os.name == "nt":
        return {**os.environ, "PYTHONUTF8": "0"}
    folder = tmp_path_factory.mktemp("locale")
    made = shutil.which("localedef") and subprocess.run(
        ["localedef", "-i", "en_GB", "-f", ENCODING, str(folder / NAME)], capture_output=True
    )
    if not made or not (folder / NAME).is_dir():
        pytest.skip(f"no locale with the encoding {ENCODING} can be made here")
    rest = {name: value for name, value in os.environ.items() if not name.startswith("LC_")}
    return {
        **rest, "LOCPATH": str(folder), "LC_ALL": NAME, "LANG": NAME, "PYTHONUTF8": "0",
        "PYTHONCOERCECLOCALE": "0", "WFANALYTICS_ENGINE": "plain",
        "PYTHONPATH": str(project_root / "src"),
    }  # fmt: skip


@pytest.fixture(scope="module")
def project(project_root, tmp_path_factory) -> Path:
    """Three months of the sample, every text file of it with CR LF."""
    folder = copy_project(project_root, tmp_path_factory.mktemp("w") / LONG)
    for path in (folder / "data/raw/exampleshire").rglob("*"):
        if path.suffix in (".csv", ".yml", ".xml"):
            text = path.read_bytes().replace(b"\r\n", b"\n")
            path.write_bytes(text.replace(b"\n", b"\r\n"))
    return folder


def run(project: Path, environment: dict[str, str], *arguments: str):
    command = [sys.executable, "-m", "wfanalytics", *arguments]
    return subprocess.run(command, cwd=project, env=environment, capture_output=True)


def test_the_locale_is_what_it_says(project, environment):
    code = (
        "import locale, sys; print(locale.getencoding(), sys.flags.utf8_mode, sys.stdout.encoding)"
    )
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True)
    assert done.stdout.decode().lower().split() == ["cp1252", "0", "cp1252"]


def test_check_keeps_every_row_it_should(project, environment, project_root):
    done = run(project, environment, "check", "--area", "exampleshire", "--json")
    assert done.stderr == b""
    rows = json.loads(done.stdout.decode(ENCODING))["rows"]
    for table in ("posts", "workers"):
        truth = pd.read_parquet(
            project_root / f"tests/scenarios/exampleshire_truth/{table}.parquet"
        )
        is_copied = truth["as_at"].dt.strftime("%Y-%m").isin(MONTHS)
        assert rows[table]["rows_kept"] == is_copied.sum() > 0


def test_the_report_is_whole(project, environment):
    done = run(project, environment, "report", "--area", "exampleshire", "--month", "2020-09")
    assert (done.returncode, done.stderr.decode(ENCODING).splitlines()) == (
        0, ["1 of 1: How many are empty?"]
    )  # fmt: skip
    pack = project / "reports/exampleshire/2020-09"
    assert {"index.html", "paper.docx", "tables.xlsx", "charts"} <= {p.name for p in pack.iterdir()}
    manifest = json.loads((pack / "manifest.json").read_text("utf-8"))
    assert all("\\" not in name for name in json.dumps(manifest["inputs"]).split('"'))
    longest = max(len(path.relative_to(project).as_posix()) for path in pack.rglob("*"))
    assert longest <= 60 + len("reports/exampleshire/2020-09/")
    for path in (pack / "index.html", pack / "charts/vacancy.csv", pack / "charts/vacancy.txt"):
        path.read_bytes().decode("utf-8")


def test_an_unknown_folder_becomes_an_area(project, environment, project_root):
    script = str(project_root / "docs" / "tutorial_extracts.py")
    made = subprocess.run([sys.executable, script, "Données"], cwd=project, env=environment)
    assert made.returncode == 0
    done = run(project, environment, "init", "northshire", "--from", "Données")
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"\r" not in (project / "data/raw/northshire/profile.yml").read_bytes()


def test_every_file_of_ours_is_opened_with_its_encoding_named(project_root):
    """As ruff's PLW1514 would say, which is a preview still."""
    wrong = []
    for path in sorted((project_root / "src").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and lacks_encoding(node):
                wrong.append(f"{path.relative_to(project_root)}:{node.lineno}")
    assert wrong == []


def lacks_encoding(node: ast.Call) -> bool:
    """Whether a call reads or writes text in whichever encoding the system has."""
    name = getattr(node.func, "attr", getattr(node.func, "id", ""))
    named = {key.arg for key in node.keywords}
    words = [one.value for one in node.args if isinstance(one, ast.Constant)]
    if name in ("read_text", "write_text"):
        return "encoding" not in named and len(node.args) < (1 if name == "read_text" else 2)
    if name in ("open", "fdopen", "NamedTemporaryFile"):
        is_file = any(isinstance(word, str) and set(word) <= set("rwaxbt+") for word in words)
        return is_file and "encoding" not in named and not any("b" in str(w) for w in words)
    return False
