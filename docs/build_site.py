"""The reader's site: ``python docs/build_site.py`` puts its pages together, and builds them.

``docs/`` is written for a checkout: its pages link to GLOSSARY.md and to files of the project. Here
they are copied, with those links turned to pages of the site, and a page of charts is added,
drawn by the code of today. zensical then builds them, and stops at a link that leads nowhere.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import wfanalytics as wf

ROOT = Path(__file__).resolve().parents[1]
PAGES = ROOT / "build" / "pages"
#: Pages of the site that stand in the project's own folder.
OF_ROOT = {
    "GLOSSARY.md": "glossary.md", "CHANGELOG.md": "changelog.md", "CONTRIBUTING.md":
    "contributing.md", "README.md": "index.md",
}  # fmt: skip
SHOWN = ("vacancy_trend", "agency_trend", "leavers_year", "caseload_trend", "outlook_vacancies")
#: The picture of the first page, which the checkout has too.
FIRST = {"vacancy_trend": "uncovered-vacancies.png"}
_LINK = re.compile(r"\[([^\]]*)\]\((?!https?:)([^)#\s]+)(#[^)\s]*)?\)")


def turn_links(text: str) -> str:
    """Links as the site has them; one to a file that is not on it becomes the file's name."""

    def turn(match: re.Match[str]) -> str:
        words, target, anchor = match[1], match[2], match[3] or ""
        name = OF_ROOT.get(target.removeprefix("../"), target.removeprefix("docs/"))
        if (PAGES / name).exists():
            return f"[{words}]({name}{anchor})"
        return f"{words} (`{target.removeprefix('../')}`)"

    return _LINK.sub(turn, text)


def copy_pages() -> None:
    """Every page and picture of ``docs``, and the project's own pages."""
    shutil.rmtree(PAGES, ignore_errors=True)
    kinds = shutil.ignore_patterns("*.py", "*.ipynb", "__pycache__")
    shutil.copytree(ROOT / "docs", PAGES, ignore=kinds)
    for name, page in OF_ROOT.items():
        if name != "README.md":
            shutil.copy(ROOT / name, PAGES / page)
    write_charts()
    for path in PAGES.rglob("*.md"):
        path.write_text(turn_links(path.read_text("utf-8")), encoding="utf-8", newline="\n")


def write_charts() -> None:
    """A page of the sample's charts, each with its sentences and the call that makes it."""
    data = wf.open_area("exampleshire", month="2020-09")
    lines = ["# Charts of the sample", "", "Drawn when this site was built. Exampleshire is "
             "fictional, and so is every figure here.", ""]  # fmt: skip
    for name in SHOWN:
        exhibit = getattr(wf.exhibits, name)(data)
        (PAGES / FIRST.get(name, f"{name}.png")).write_bytes(exhibit.png)
        lines += [f"## {exhibit.headline}", "", f"*{exhibit.subtitle}*", "", *exhibit.sentences]
        lines += ["", f"![{exhibit.alt_text}]({FIRST.get(name, name + '.png')})", "", "```python",
                  f"wf.show(wf.exhibits.{name}(data))", "```", ""]  # fmt: skip
    (PAGES / "charts.md").write_text("\n".join(lines), encoding="utf-8", newline="\n")


def main() -> int:
    """Build the site into ``build/site``; return the builder's exit code."""
    copy_pages()
    builder = Path(sys.executable).with_name("zensical")
    command = str(builder) if builder.is_file() else "zensical"
    return subprocess.run([command, "build", "--clean", "--strict"], cwd=ROOT).returncode


if __name__ == "__main__":
    sys.exit(main())
