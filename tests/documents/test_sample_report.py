"""The main job on the shipped sample: the whole report, its page, paper and workbook.

One run serves every test here; the same words stand everywhere, and none that jar.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime

import openpyxl
import pytest
from tests.documents.accessibility import check_page, find_headings, parse_page, text_of
from tests.documents.test_browser import audit, browser  # noqa: F401
from tests.documents.test_workbook import check_workbook
from tests.documents.word import WP, W, check_paper, list_paragraphs, read_body, words_of
from tests.notebooks.executed import find_differences

from wfanalytics.present.tables import format_table
from wfanalytics.report.paper import make_paper
from wfanalytics.report.run import run_report
from wfanalytics.report.sections import PAGE_ONLY, Report
from wfanalytics.report.verify import verify_pack

LARGEST_PAGE = 5_000_000
TITLE = "Exampleshire: workforce and caseload, September 2020"
ORGANISATION = "Exampleshire County Council (fictional)"
#: What no reader should meet: a gap as a program writes it, minus nothing, a wrong plural,
#: a date the American way.
JARRING = re.compile(
    r"\bnan\b|\bNaN\b|^None$|\bNaT\b|[-−]0\.0%|[-−]0\b(?!\.\d*[1-9])|"
    r"(?<![\d,.])1 (leavers|posts|people|cases|teams|starters|vacancies|rows|months)\b|"
    r"\b(January|February|March|April|May|June|July|August|September|October|November|December)"
    r" \d{1,2}, \d{4}|\b\d{1,2}/\d{1,2}/\d{4}\b"
)


@pytest.fixture(scope="module")
def pack(sample_pack):
    return sample_pack


@pytest.fixture(scope="module")
def exhibits(pack):
    return [item for part in pack.parts for item in part.exhibits]


def test_every_part_is_there(pack):
    assert [part.run.notebook.name for part in pack.parts] == [
        "01_data_quality", "02_vacancies", "03_agency", "04_leavers", "05_caseload",
        "06_benchmarks", "07_outlook", "08_summary",
    ]  # fmt: skip
    assert [part.problems for part in pack.parts] == [()] * 8
    assert pack.exit_code == 0
    assert all(part.exhibits for part in pack.parts)


def test_page_can_be_read_by_everyone(pack):
    page = check_page(pack.page)
    assert pack.page.stat().st_size < LARGEST_PAGE
    assert "could not be made" not in text_of(page)
    headings = [text for level, text in find_headings(page) if level == 3]
    alike = [item for part in pack.parts for item in part.exhibits
             if item.key.startswith("benchmark_")]  # fmt: skip
    shown = [item.headline for part in in_reading_order(pack) for item in part.exhibits
             if item not in alike]  # fmt: skip
    # No file of all authorities is shipped: that is said once, with the questions it leaves open.
    group = "Questions without a figure"
    assert [text for text in headings if text != group] == shown
    assert headings.count(group) == 1
    assert text_of(page).count(alike[0].sentences[0]) == 1
    listed = {text_of(item) for item in page.iter("li")}
    assert len(alike) == 6
    assert {item.question for item in alike} <= listed


def in_reading_order(pack):
    first, *others, last = pack.parts
    return [last, *others, first]


def test_every_picture_is_there_with_its_own_description(pack):
    page = check_page(pack.page)
    alts = [picture.get("alt") for picture in page.iter("img")]
    pictures = [item for part in pack.parts for item in part.exhibits if item.path("png")]
    assert sorted(alts) == sorted(item.alt_text for item in pictures)
    assert len(set(alts)) == len(alts)
    assert len(alts) >= 12


def test_each_chart_has_its_paste_kit(pack):
    for part in pack.parts:
        for item in part.exhibits:
            kinds = {kind for kind in ("png", "svg", "txt", "csv") if item.path(kind)}
            # All authorities' figures are not shipped, so the sample has no benchmark to table.
            # A first report has no revision to table.
            is_tabled = item.status == "ok" and item.key != "revisions"
            needed = {"txt", "csv"} if is_tabled else {"txt"}
            assert needed <= kinds, item.key
            assert ("png" in kinds) == ("svg" in kinds), item.key


def test_notebooks_pages_can_be_read_by_everyone(pack):
    for path in sorted((pack.folder / "notebooks").glob("*.html")):
        page = check_page(path)
        assert "import wfanalytics" not in text_of(page)


def test_a_second_run_makes_the_same_files(pack, project_root, tmp_path):
    """Every chart, table and document to the byte; a notebook and the manifest but for times."""
    again = run_report(
        "exampleshire", month="2020-09", output=tmp_path, data_dir=project_root / "data"
    )
    assert find_differences(pack.folder, again.folder) == []
    assert verify_pack(again.folder, data_dir=project_root / "data") == ()


def test_rows_read_are_kept_or_refused(pack):
    rows = json.loads((pack.folder / "manifest.json").read_text("utf-8"))["rows"]
    assert rows["read"] == rows["kept"] + rows["refused"] > 70_000


def test_the_paper_meets_the_checklist(pack):
    check_paper(pack.folder / "paper.docx", title=TITLE, organisation=ORGANISATION)


def test_the_paper_holds_what_committees_ask_for_and_says_what_it_leaves(pack, exhibits):
    """About 30 pages: the committee's questions; everything stands on the page."""
    words = [text for _, text in list_paragraphs(pack.folder / "paper.docx")]
    headings = [t for s, t in list_paragraphs(pack.folder / "paper.docx") if s == "Heading 3"]
    left = len(exhibits) - len(headings)
    assert 20 <= len(headings) <= 26
    assert set(headings) < {item.headline for item in exhibits}
    assert words[4] == (
        f"This paper holds the {len(headings)} findings that committees ask for first; {left} more "
        "are in index.html, with their tables in tables.xlsx."
    )
    assert {item.key for item in exhibits} > PAGE_ONLY, "every key left out is an exhibit's"


@pytest.fixture(scope="module")
def whole_paper(pack, tmp_path_factory):
    """The paper of ``--sections all``, from the same saved exhibits."""
    manifest = json.loads((pack.folder / "manifest.json").read_text("utf-8"))
    report = Report(
        title=TITLE, month="September 2020", organisation=ORGANISATION, is_fictional=True,
        parts=pack.parts, manifest=manifest, sections=("all",),
    )  # fmt: skip
    path = tmp_path_factory.mktemp("whole") / "paper.docx"
    date = datetime(2020, 9, 30, tzinfo=UTC)
    path.write_bytes(make_paper(report, date=date, template=None))
    return path


def test_the_whole_paper_meets_the_checklist_too(whole_paper):
    check_paper(whole_paper, title=TITLE, organisation=ORGANISATION)


@pytest.mark.parametrize("name", ["chosen", "whole"])
def test_the_contents_name_every_heading(pack, whole_paper, name):
    found = list_paragraphs(whole_paper if name == "whole" else pack.folder / "paper.docx")
    contents = [(style[-1], text) for style, text in found if style.startswith("toc")]
    headings = [(style[-1], text) for style, text in found if style in ("Heading 2", "Heading 3")]
    assert contents == headings


def test_the_workbook_meets_the_checklist(pack, exhibits):
    path = pack.folder / "tables.xlsx"
    check_workbook(path, title=TITLE, organisation=ORGANISATION)
    tables = [item.key for item in exhibits if item.table is not None and len(item.table)]
    assert openpyxl.load_workbook(path).sheetnames == ["Cover", "Contents", "Notes", *tables]


def find_texts(*paths):
    """Every heading, paragraph, point and cell of some pages."""
    tags = ("h3", "p", "li", "td", "th")
    return {text_of(x) for path in paths for x in parse_page(path).iter() if x.tag in tags}


def test_each_exhibit_says_the_same_to_the_letter_everywhere(pack, whole_paper, exhibits):
    body = read_body(whole_paper)
    paper = [text for _, text in list_paragraphs(whole_paper)]
    cells = [words_of(cell) for cell in body.iter(f"{W}tc")]
    alts = {x.get("descr") for x in body.iter(f"{WP}docPr")}
    shown = find_texts(pack.page)
    page_alts = {x.get("alt") for x in parse_page(pack.page).iter("img")}
    notebooks = find_texts(*sorted(pack.folder.glob("notebooks/*.html")))
    for item in exhibits:
        kit = item.path("txt").read_text("utf-8")
        for text in (item.headline, *item.sentences):
            assert text in paper
            # The page says once what several questions lack, and lists the questions below it.
            is_listed = item.key.startswith("benchmark_") and text == item.headline
            assert (item.question if is_listed else text) in shown
            assert text in kit
            assert text in notebooks
        if item.path("png"):
            assert item.alt_text in alts & page_alts
        if item.table is not None:
            printed = set(format_table(item.table).to_numpy().ravel())
            assert printed <= set(cells)
            assert {" ".join(text.split()) for text in printed} <= set(shown)


def test_no_text_jars(pack, whole_paper, exhibits):
    papers = (pack.folder / "paper.docx", whole_paper)
    texts = [text for paper in papers for _, text in list_paragraphs(paper)]
    texts += [words_of(cell) for paper in papers for cell in read_body(paper).iter(f"{W}tc")]
    main = parse_page(pack.page).find("body//main")
    texts += [text_of(x) for x in main.iter() if x.tag in ("p", "h2", "h3", "td", "th", "li")]
    texts += [item.path("txt").read_text("utf-8") for item in exhibits]
    for sheet in openpyxl.load_workbook(pack.folder / "tables.xlsx"):
        texts += [cell.value for row in sheet for cell in row if isinstance(cell.value, str)]
    assert [text for text in texts if JARRING.search(text)] == []


def test_every_page_passes_axe(pack, browser):  # noqa: F811
    pages = [pack.page, *sorted(pack.folder.glob("notebooks/*.html"))]
    for path in [*pages, pack.folder.parents[1] / "index.html"]:
        faults, outside, width = audit(browser, path)
        assert (path.name, faults, outside) == (path.name, [], [])
        assert width <= 320, path.name
