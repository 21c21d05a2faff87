"""What the pages show works: code, settings, commands and links."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest
import typer
import yaml

import wfanalytics as wf
from wfanalytics.cli import app

ROOT = Path(__file__).resolve().parents[2]
PAGES = [*sorted((ROOT / "docs").glob("*.md")), ROOT / "README.md", ROOT / "CONTRIBUTING.md"]
#: Tested whole, in a shell of its own (test_tutorial.py).
WALKED = "tutorial.md"


def list_blocks(kind: str) -> list[tuple[str, str]]:
    """Page and text of each fenced block of a kind."""
    block = re.compile(rf"^```{kind}\n(.*?)^```$", flags=re.MULTILINE | re.DOTALL)
    return [(path.name, text) for path in PAGES for text in block.findall(path.read_text("utf-8"))]


@pytest.fixture(scope="module")
def known():
    """The names an example may take for granted: an open area, and one series."""
    data = wf.open_area("exampleshire", month="2020-09")
    return {"wf": wf, "data": data, "rows": wf.select(data, "vacancy_rate_fte")}


@pytest.mark.parametrize(("page", "code"), [b for b in list_blocks("python") if b[0] != WALKED])
def test_python_runs(page, code, known, tmp_path, monkeypatch, reference_dir):
    (census,) = (ROOT / "data/raw/exampleshire/census").glob("*.xml")
    shutil.copy(census, tmp_path / "census_2025.xml")
    published = sorted(reference_dir.rglob("csww_indicators_2017_to_2023*.csv"))
    if published:
        shutil.copy(published[0], tmp_path / "csww_indicators_2017_to_2023.csv")
    elif "csww_indicators" in code:
        pytest.skip("the Department's file is not there")
    monkeypatch.setenv("WFANALYTICS_DATA", str(ROOT / "data"))
    monkeypatch.setenv("WFANALYTICS_PSEUDONYM_KEY", "sixteen letters or more")
    monkeypatch.chdir(tmp_path)
    exec(compile(code, page, "exec"), dict(known))


@pytest.mark.parametrize(("page", "text"), list_blocks("yaml"))
def test_settings_are_yaml(page, text):
    assert yaml.safe_load(text), page


def list_commands() -> list[tuple[str, str]]:
    """Each ``wfanalytics`` line of the shell blocks, continued lines joined."""
    found = []
    for page, text in list_blocks("sh"):
        for line in text.replace("\\\n", " ").splitlines():
            if line.startswith("wfanalytics "):
                found.append((page, re.split(r" \| | \|\| |; ", line.partition(" #")[0])[0]))
    return found


@pytest.mark.parametrize(("page", "line"), list_commands())
def test_commands_and_options_exist(page, line):
    _, name, *rest = shlex.split(line)
    commands = typer.main.get_command(app).commands
    assert name in commands, page
    options = {option for param in commands[name].params for option in param.opts}
    assert [word for word in rest if word.startswith("-") and word not in options] == []


def slug(heading: str) -> str:
    """A heading's anchor, as GitHub and the site make it."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def list_links(path: Path) -> list[str]:
    text = re.sub(r"^```.*?^```$", "", path.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    return re.findall(r"\]\(([^)\s]+)\)", text.replace("\n", " "))


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_links_lead_somewhere(path):
    broken = []
    for link in list_links(path):
        if "://" in link:
            continue
        name, _, anchor = link.partition("#")
        target = (path.parent / name).resolve() if name else path
        headings = []
        if target.suffix == ".md" and target.is_file():
            lines = re.findall(r"^#+ (.*)$", target.read_text("utf-8"), flags=re.MULTILINE)
            headings = [slug(line) for line in lines]
        if not target.exists() or (anchor and anchor not in headings):
            broken.append(link)
    assert broken == []


def test_every_page_is_led_to():
    """From the site's first page, or from the README."""
    links = {link.partition("#")[0].removeprefix("docs/") for path in (
        ROOT / "docs/index.md", ROOT / "README.md") for link in list_links(path)}  # fmt: skip
    pages = {path.name for path in (ROOT / "docs").glob("*.md")} - {"index.md"}
    assert pages - links == set()
