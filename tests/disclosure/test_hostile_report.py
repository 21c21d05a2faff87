"""A managers' report whose names and words are injections: text in every format, and no canary.

``injections.txt`` holds 200 known strings: HTML, script, formulas, TeX, Markdown, templates,
code, paths, XML and Word fields.
"""

from __future__ import annotations

import csv
import io
import re
import shutil
import zipfile
from contextlib import suppress
from pathlib import Path
from xml.etree import ElementTree

import html5lib
import nbformat
import pytest
import yaml
from docx import Document
from docx.oxml.ns import qn
from openpyxl import load_workbook
from tests.conftest import PROJECT_ROOT
from tests.disclosure.test_canaries import (
    CANARIES,
    STAFF,
    list_texts,
    plant_movements,
    plant_staff,
)
from tests.documents.test_browser import find_program
from tests.small_project import LOAD, copy_project, write_notebook

from wfanalytics.measures.places import slug_name
from wfanalytics.report.run import run_report
from wfanalytics.thresholds import MANAGERS_ONLY

HERE = Path(__file__).parent
INJECTIONS = (HERE / "injections.txt").read_text("utf-8").splitlines()
#: A code is made of a name's letters and digits, so two names must differ in them. The first is
#: a team's, the second its service's.
NAMES = list({slug_name(text): text for text in INJECTIONS if slug_name(text)}.values())
KEY, COMMANDS = "canary-key-of-Vexillology", set()
ALL_200 = """\
import pathlib
import pandas as pd
from wfanalytics.present.axes import figure_of
from wfanalytics.present.charts import plot_bars
from wfanalytics.present.exhibit import Exhibit, show
lines = pathlib.Path("FILE").read_text("utf-8").splitlines()
for n in range(0, 200, 20):
    some = lines[n : n + 20]
    rows = pd.DataFrame({"area_name": some, "value": range(20), "status": "ok"})
    axes = plot_bars(rows, decimals=0, is_percent=False, label=some[0])
    table = pd.DataFrame({"Team": some, "Cases": [str(x) for x in range(20)], some[1]: some})
    made = Exhibit(key=f"injection_{n}", question=some[2], headline=some[3], subtitle=some[4],
        sentences=tuple(some), figure=figure_of(axes), alt_text=some[5][:250],
        description=some[6], table=table, table_caption=some[7], source=some[8],
        notes=tuple(some), explanation=some[9], action=some[10], audience="managers")
    show(made, output_dir=output_dir)"""


def rename(folder: Path) -> None:
    """Teams, services and localities of the sample under names that are injections."""
    path = folder / "teams.csv"
    rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8"))))
    names = iter(NAMES)
    named: dict[tuple[str, str], str] = {}
    for row in rows:
        for column in ("team", "service", "locality"):
            if (column, row[column]) not in named:
                named[column, row[column]] = next(names)
            row[column] = named[column, row[column]]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def write_words(folder: Path) -> None:
    measures = ("uncovered_vacancy_rate_fte", "agency_rate_fte", "caseload_fte")
    said = [{"measure": measure, "month": "2020-09", "explanation": INJECTIONS[n],
             "action": INJECTIONS[-1 - n]} for n, measure in enumerate(measures)]  # fmt: skip
    (folder / "commentary.yml").write_text(yaml.safe_dump(said), "utf-8")


@pytest.fixture(scope="module")
def pack(tmp_path_factory):
    """The report, of three months of the sample, by the shipped notebooks and one more."""
    project = copy_project(PROJECT_ROOT, tmp_path_factory.mktemp("hostile") / "project")
    shutil.rmtree(project / "notebooks")
    shutil.copytree(PROJECT_ROOT / "notebooks", project / "notebooks")
    source = ALL_200.replace("FILE", str(HERE / "injections.txt"))
    # A notebook's own Markdown is its author's page, not data.
    write_notebook(project / "notebooks" / "09_more.ipynb", LOAD, source, title="More")
    area = project / "data" / "raw" / "exampleshire"
    plant_movements(area)
    plant_staff(area)
    rename(area)
    write_words(area)
    # An area of real people needs a key.
    profile = area / "profile.yml"
    profile.write_text(profile.read_text("utf-8").replace("fictional: true", "fictional: false"),
                       "utf-8")  # fmt: skip
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WFANALYTICS_PSEUDONYM_KEY", KEY)
        made = run_report(
            "exampleshire", month="2020-09", output=project / "out", data_dir=project / "data",
            audience="managers", parameters={"scenario": "", "service": NAMES[1]},
            on_progress=lambda _: COMMANDS.update(list_commands()),
        )  # fmt: skip
    return made


def list_commands() -> set[bytes]:
    """The command lines of all processes, as everybody on the machine may read them."""
    found = set()
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            found.add(path.read_bytes())
    return found


@pytest.fixture(scope="module")
def texts(pack):
    return list_texts(pack.folder)


def plain(text: str) -> str:
    """Without what a format may change: white space and invisible characters."""
    return re.sub(r"\s+", "", text)


def test_there_are_200_injections():
    assert len(set(INJECTIONS)) == len(INJECTIONS) == 200


def test_every_part_is_there(pack):
    assert {part.run.notebook.name: part.problems for part in pack.parts if part.problems} == {}


def test_every_file_says_whom_it_is_for(pack, texts):
    assert pack.folder.name == "2020-09-managers"
    files = {}
    for name, text in texts.items():
        file = name.split(":")[0]
        files[file] = files.get(file, False) or "anagers" in text or "managers" in file
    assert [file for file, says in files.items() if not says] == []
    for document in (Document(pack.folder / "paper.docx").sections[0].header,):
        assert MANAGERS_ONLY in [paragraph.text for paragraph in document.paragraphs]


def test_managers_see_nothing_planted_in_a_personal_column(texts):
    words = [*CANARIES.values(), *STAFF.values(), "987654", "Zanzibarquill", "1951-03-07",
             "Xantheppe", "Wynfrith", "Quizzaciously", "Xylocanary"]  # fmt: skip
    assert {word: name for word in words for name, text in texts.items() if word in text} == {}


def test_the_key_is_in_no_file_and_on_no_command_line(pack, texts):
    assert [name for name, text in texts.items() if KEY in text] == []
    stored = (pack.folder.parents[2] / "data" / "processed").rglob("*")
    assert not [path for path in stored if path.is_file() and KEY.encode() in path.read_bytes()]
    assert not [command for command in COMMANDS if KEY.encode() in command]


def test_word_shows_text_and_runs_no_field(pack):
    document = Document(pack.folder / "paper.docx")
    body = document.element.body
    said = plain("".join(node.text or "" for node in body.iter(qn("w:t"))))
    assert [text for text in INJECTIONS if plain(text) not in said] == []
    fields = [node.get(qn("w:instr")) for node in body.iter(qn("w:fldSimple"))]
    fields += [node.text for node in body.iter(qn("w:instrText"))]
    assert {field.split()[0] for field in fields} <= {"SEQ", "PAGEREF", "TOC", "PAGE", "NUMPAGES"}
    outside = [part for part in document.part.rels.values() if part.is_external]
    assert [part.target_ref for part in outside] == []


def test_the_workbook_holds_text_and_no_formula_or_link(pack):
    with zipfile.ZipFile(pack.folder / "tables.xlsx") as zipped:
        sheets = [zipped.read(n).decode() for n in zipped.namelist() if "worksheets/" in n]
        assert not [sheet for sheet in sheets if re.search(r"<f[ >]", sheet)]
        assert not [sheet for sheet in sheets if "attacker.invalid" in sheet]
    book = load_workbook(pack.folder / "tables.xlsx")
    cells = {plain(str(cell.value)) for page in book for row in page for cell in row if cell.value}
    # gptables reads "](" as a link and "$$" as a note: these are written apart.
    wanted = {text: plain(text.replace("](", "] (").replace("$$", "$")) for text in INJECTIONS}
    lost = [t for t, want in wanted.items() if want not in cells and f"{want}(aswritten)" not in
            cells]  # fmt: skip
    assert lost == []


def test_no_cell_of_a_csv_file_is_a_formula(pack):
    found = set()
    for path in pack.folder.rglob("*.csv"):
        for row in csv.reader(io.StringIO(path.read_text("utf-8-sig"))):
            for cell in row:
                found.add(cell.removeprefix("'"))
                start = cell.lstrip(" ")[:1]
                assert start not in ("=", "+", "@", "\t") or re.fullmatch(r"\+\d[\d.,]*.*", cell)
    assert {text for text in INJECTIONS if text.removeprefix("'") not in found} == set()


def test_drawings_hold_words_and_nothing_that_acts(pack):
    said = ""
    for path in (pack.folder / "charts").glob("*.svg"):
        tree = ElementTree.parse(path)
        for node in tree.iter():
            assert node.tag.rpartition("}")[2] not in ("script", "foreignObject", "image", "a")
            for name, value in node.attrib.items():
                assert not name.startswith("on")
                assert not name.endswith("href") or value.startswith("#")
            said += node.text or ""
    assert [t for t in INJECTIONS if plain(t)[:40] not in plain(said)] == []


def test_pages_hold_words_and_nothing_that_acts(pack):
    for path in [pack.page, *(pack.folder / "notebooks").glob("*.html")]:
        tree = html5lib.parse(path.read_text("utf-8"), namespaceHTMLElements=False)
        for node in tree.iter():
            if not isinstance(node.tag, str):
                continue
            assert node.tag not in ("iframe", "object", "embed", "base", "form", "video", "audio")
            assert not [name for name in node.attrib if str(name).startswith("on")]
            for name in ("href", "src"):
                value = node.get(name) or ""
                assert not re.match(r"(?i)javascript:|vbscript:|.*attacker\.invalid", value)
    said = plain("".join(html5lib.parse(pack.page.read_text("utf-8")).itertext()))
    assert [text for text in INJECTIONS if plain(text) not in said] == []


def test_executed_notebooks_are_valid_and_run_nothing_of_them(pack):
    for path in (pack.folder / "notebooks").glob("*.ipynb"):
        notebook = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
        kinds = {kind for cell in notebook.cells for output in cell.get("outputs", [])
                 for kind in output.get("data", {})}  # fmt: skip
        assert kinds <= {"text/html", "text/plain"}
    cells = nbformat.read(pack.folder / "notebooks" / "03_agency.ipynb", as_version=4).cells
    injected = next(c.source for c in cells if "injected-parameters" in c.metadata.get("tags", []))
    assert f"service = {NAMES[1]!r}".replace("'", '"') in injected.replace("'", '"')


def test_no_script_runs_and_no_request_leaves(pack):
    from playwright.sync_api import sync_playwright

    path, asked, dialogs = find_program("chromium"), [], []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        for path in [pack.page, *sorted((pack.folder / "notebooks").glob("*.html"))]:
            page = browser.new_page()
            page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
            page.on("request", lambda request: asked.append(request.url))
            page.goto(path.as_uri())
            page.close()
        browser.close()
    assert dialogs == []
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
