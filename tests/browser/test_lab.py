"""JupyterLab in a real browser: notebooks run at once, and the explorer answers every choice."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys

import pytest
from tests.conftest import PROJECT_ROOT
from tests.small_project import copy_project

NOTEBOOKS = ("02_vacancies", "04_leavers", "03_agency")
#: Milliseconds for one thing to come about on a busy machine; in all the tests take a minute.
PATIENCE = 90_000
RUN = re.compile(r"\[\d+\]:")
ALL_RUN = """() => {
    const prompts = [...document.querySelectorAll(
        '.jp-NotebookPanel:not(.lm-mod-hidden) .jp-CodeCell .jp-InputPrompt')];
    return prompts.length > 3 && prompts.every(p => /^\\[\\d+\\]:$/.test(p.textContent.trim()));
}"""
#: Chooses an option and measures, in the page, how long the sentences take to change.
CHOOSE = """async ([label, option]) => {
    const box = document.querySelector('.jp-OutputArea .widget-vbox');
    const field = [...box.querySelectorAll('label')].find(l => l.textContent === label)
        .parentElement.querySelector('select, input');
    const said = () => box.querySelector('section')?.parentElement.innerText;
    const before = said(), start = performance.now();
    const plain = text => text.replaceAll('\\u00a0', ' ');
    field.value = field.tagName === 'SELECT'
        ? [...field.options].find(o => plain(o.textContent) === option).value : option;
    field.dispatchEvent(new Event('change', {bubbles: true}));
    while (said() === before && performance.now() - start < 30000)
        await new Promise(done => setTimeout(done, 2));
    return [before, said(), performance.now() - start];
}"""
#: Each choice is one that changes what three months of the sample say.
CHOICES = (
    ("Measure", "Average caseload, cases per social worker (FTE)"),
    ("Figures", "by week"),
    ("Figures", "by month"),
    ("From", "August 2020"),
    ("To", "August 2020"),
    ("To", "the newest"),
    ("Target", "none"),
    ("Target to try", "15"),
    ("Level", "service"),
    ("Place", "Safeguarding"),
    ("Compare with", "Exampleshire"),
    ("Level", "team"),
    ("Level", "authority"),
)
#: The labels in the order of the tab key; what is of no use yet is passed over.
TAB_ORDER = [
    "Area", "Measure", "Level", "Place", "Figures", "From", "To", "Compare with", "Target",
    "Limits from", "because", "Try these limits", "Drop tried limits", "Copy this chart",
    "Keep as a cell", "Keep as a notebook",
]  # fmt: skip
#: What the element that the keyboard is in is called.
FOCUSED = """() => {
    const at = document.activeElement;
    return at.labels?.[0]?.textContent || at.textContent;
}"""


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """Three months of the sample with the real notebooks."""
    folder = copy_project(PROJECT_ROOT, tmp_path_factory.mktemp("lab") / "a project")
    for name in (*NOTEBOOKS, "explore"):
        shutil.copy(PROJECT_ROOT / "notebooks" / f"{name}.ipynb", folder / "notebooks")
    return folder


@pytest.fixture(scope="module")
def address(project, tmp_path_factory):
    """Where `wfanalytics explore` says that JupyterLab is."""
    settings = tmp_path_factory.mktemp("settings")
    path = settings / "@jupyterlab" / "notebook-extension" / "tracker.jupyterlab-settings"
    path.parent.mkdir(parents=True)
    # All cells in the page, in sight or not, so that the test can see them.
    path.write_text(json.dumps({"windowingMode": "none"}))
    with subprocess.Popen(
        [sys.executable, "-m", "wfanalytics", "explore", "--no-browser"],
        cwd=project, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        env={**os.environ, "JUPYTERLAB_SETTINGS_DIR": str(settings)},
    ) as process:  # fmt: skip
        lines = iter(process.stdout.readline, "")
        yield next(line for line in lines if "JupyterLab is at" in line).split()[-1]
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0, "Ctrl-C ends it in good order"


@pytest.fixture(scope="module")
def page(address):
    from playwright.sync_api import sync_playwright

    path = shutil.which("chromium")
    if path is None and os.environ.get("WFANALYTICS_REQUIRE_REFERENCE") == "1":
        pytest.fail("chromium is not installed, and is compulsory here")
    if path is None:
        pytest.skip("chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        opened = browser.new_page(viewport={"width": 1280, "height": 900})
        opened.set_default_timeout(PATIENCE)
        yield opened
        browser.close()


def run_all(page, address, name):
    """Open a notebook alone and choose Run All Cells, as a person does."""
    alone = f"lab/workspaces/{name}/tree/{name}.ipynb"
    page.goto(address.replace("lab/tree/explore.ipynb", alone))
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    page.wait_for_function(ALL_RUN)
    for kind in ("error", "stderr"):
        assert page.locator(f'[data-mime-type="application/vnd.jupyter.{kind}"]').count() == 0


@pytest.fixture(scope="module")
def explorer(page, address):
    """The explorer's choices, with everything run."""
    run_all(page, address, "explore")
    box = page.locator(".jp-OutputArea .widget-vbox").first
    box.locator("section h3").wait_for()
    return box


def test_it_is_on_this_machine_only_asks_for_a_token_and_shows_the_outline(page, address):
    where = r"http://127\.0\.0\.1:\d+/lab/tree/explore\.ipynb\?token=[0-9a-f]{32,}"
    assert re.fullmatch(where, address)
    assert page.goto(address.split("?")[0]).url.startswith(address.split("/lab")[0] + "/login")
    page.goto(address)
    page.locator(".jp-TableOfContents").get_by_text("Choose, and see").wait_for()


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_run_all_gives_charts_and_no_error(page, address, name):
    run_all(page, address, name)
    shown = page.locator(".jp-OutputArea section")
    assert shown.locator("h3").count() >= 2
    widths = "images => images.map(image => image.naturalWidth)"
    drawn = shown.locator("img").evaluate_all(widths)
    assert drawn
    assert min(drawn) > 0


def test_the_keyboard_reaches_every_choice_in_order(page, explorer):
    explorer.get_by_label("Area", exact=True).focus()
    reached = []
    for _ in TAB_ORDER:
        reached.append(page.evaluate(FOCUSED))
        page.keyboard.press("Tab")
    assert reached == TAB_ORDER


def test_the_keyboard_alone_changes_what_is_said(page, explorer):
    headline = explorer.locator("section h3")
    before = headline.inner_text()
    explorer.get_by_label("Measure", exact=True).focus()
    page.keyboard.press("ArrowDown")
    headline.filter(has_not_text=before).wait_for(timeout=20_000)
    explorer.get_by_label("Limits from", exact=True).focus()
    page.keyboard.press("ArrowDown")
    explorer.get_by_role("button", name="Try these limits").focus()
    page.keyboard.press("Enter")
    explorer.get_by_text("need their reason: say what changed then.").wait_for()


def test_every_choice_changes_the_sentences_and_says_so_soon(page, explorer, say):
    explorer.get_by_label("Measure", exact=True).select_option(index=0)
    explorer.locator("section h3").filter(has_text="Establishment").wait_for()
    times = []
    for choice in CHOICES:
        if choice[0] == "Target to try":
            explorer.get_by_label("Target", exact=True).select_option("one to try")
            explorer.locator("input:enabled[type=number]").wait_for()
        before, after, took = page.evaluate(CHOOSE, list(choice))
        assert before != after, choice
        times.append(took)
    say(
        f"explorer, in the browser: {statistics.median(times):.0f} ms from a choice to its "
        f"sentences, median of {len(times)}; the longest {max(times):.0f} ms"
    )


def test_a_chart_is_copied_and_a_view_kept_as_a_cell(page, explorer, project):
    explorer.get_by_role("button", name="Copy this chart").click()
    explorer.get_by_text("Saved in").wait_for()
    assert {path.suffix for path in (project / "notebooks" / "kept").iterdir()} == {
        ".png", ".svg", ".txt", ".csv", ".json",
    }  # fmt: skip
    explorer.get_by_role("button", name="Keep as a cell").click()
    explorer.get_by_text("Copy the cell below").wait_for()
    assert explorer.get_by_label("Kept cell").input_value().startswith("wf.show(\n    wf.view(")
