"""Pages in a real browser, and the paper in a real word processor."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
#: WCAG 1.4.10: no scrolling in two directions at this width.
NARROW = 320
#: WCAG 1.4.12: a reader's own spacing of text.
SPACING = """* { line-height: 1.5 !important; letter-spacing: .12em !important;
word-spacing: .16em !important } p { margin-bottom: 2em !important }"""


def find_program(name):
    """The program's path; the test is skipped without it, unless CI makes it compulsory."""
    path = shutil.which(name)
    if path is None and os.environ.get("WFANALYTICS_REQUIRE_REFERENCE") == "1":
        pytest.fail(f"{name} is not installed, and is compulsory here")
    return path or pytest.skip(f"{name} is not installed")


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    path = find_program("chromium")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield opened
        opened.close()


def audit(browser, path):
    """What axe finds at WCAG 2.2 AA, what was asked of the network, and the width needed.

    The width is that of text spaced as a reader may wish; the skip link is the first to have
    the focus, and shows it.
    """
    from axe_playwright_python.sync_playwright import Axe

    page, asked = browser.new_page(), []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    outside = [url for url in asked if not url.startswith(("file:", "data:"))]
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}})
    page.keyboard.press("Tab")
    focus = page.evaluate("[document.activeElement.className, "
                          "getComputedStyle(document.activeElement).outlineStyle]")  # fmt: skip
    assert focus == ["skip", "solid"], path.name
    page.set_viewport_size({"width": NARROW, "height": 600})
    page.add_style_tag(content=SPACING)
    width = page.evaluate("document.documentElement.scrollWidth")
    page.close()
    faults = [
        (x["id"], [n["html"][:120] for n in x["nodes"]]) for x in found.response["violations"]
    ]
    return faults, outside, width


def check_folder(browser, folder):
    pages = [folder / "index.html", *sorted((folder / "notebooks").glob("*.html"))]
    pages.append(folder.parents[1] / "index.html")
    for path in pages:
        faults, outside, width = audit(browser, path)
        assert (path.name, faults) == (path.name, [])
        assert outside == []
        assert width <= NARROW, path.name
    return len(pages)


def test_every_page_passes_axe_and_fits_a_narrow_screen(small_pack, browser):
    assert check_folder(browser, small_pack.folder) == 7


def test_the_paper_opens_and_becomes_pages(small_pack, tmp_path):
    office, reader = find_program("soffice"), find_program("pdftoppm")
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [office, profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path)]
    subprocess.run([*command, str(small_pack.folder / "paper.docx")], check=True,
                   capture_output=True, timeout=180)  # fmt: skip
    pdf = tmp_path / "paper.pdf"
    subprocess.run([reader, "-r", "40", "-png", str(pdf), str(tmp_path / "page")], check=True)
    assert 3 <= len(list(tmp_path.glob("page-*.png"))) <= 6
