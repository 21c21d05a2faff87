"""The sample's whole pack: its paper and workbook, the same words everywhere, none that jar."""

from __future__ import annotations

import re

import openpyxl
import pytest
from tests.documents.accessibility import parse_page, text_of
from tests.documents.test_browser import audit, browser  # noqa: F401
from tests.documents.test_workbook import check_workbook
from tests.documents.word import WP, W, check_paper, list_paragraphs, read_body, words_of

from wfanalytics.present.tables import format_table

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


def test_the_paper_meets_the_checklist(pack):
    check_paper(pack.folder / "paper.docx", title=TITLE, organisation=ORGANISATION)


def test_the_contents_name_every_heading(pack):
    found = list_paragraphs(pack.folder / "paper.docx")
    contents = [(style[-1], text) for style, text in found if style.startswith("toc")]
    headings = [(style[-1], text) for style, text in found if style in ("Heading 2", "Heading 3")]
    assert contents == headings


def test_the_workbook_meets_the_checklist(pack, exhibits):
    path = pack.folder / "tables.xlsx"
    check_workbook(path, title=TITLE, organisation=ORGANISATION)
    tables = [item.key for item in exhibits if item.table is not None and len(item.table)]
    assert openpyxl.load_workbook(path).sheetnames == ["Cover", "Contents", "Notes", *tables]


def find_texts(*paths):
    """Every heading, paragraph and cell of some pages."""
    tags = ("h3", "p", "td", "th")
    return {text_of(x) for path in paths for x in parse_page(path).iter() if x.tag in tags}


def test_each_exhibit_says_the_same_to_the_letter_everywhere(pack, exhibits):
    body = read_body(pack.folder / "paper.docx")
    paper = [text for _, text in list_paragraphs(pack.folder / "paper.docx")]
    cells = [words_of(cell) for cell in body.iter(f"{W}tc")]
    alts = {x.get("descr") for x in body.iter(f"{WP}docPr")}
    shown = find_texts(pack.page)
    page_alts = {x.get("alt") for x in parse_page(pack.page).iter("img")}
    notebooks = find_texts(*sorted(pack.folder.glob("notebooks/*.html")))
    for item in exhibits:
        kit = item.path("txt").read_text("utf-8")
        for text in (item.headline, *item.sentences):
            assert text in paper
            assert text in shown
            assert text in kit
            assert text in notebooks
        if item.path("png"):
            assert item.alt_text in alts & page_alts
        if item.table is not None:
            printed = set(format_table(item.table).to_numpy().ravel())
            assert printed <= set(cells)
            assert {" ".join(text.split()) for text in printed} <= set(shown)


def test_no_text_jars(pack, exhibits):
    paper = pack.folder / "paper.docx"
    texts = [text for _, text in list_paragraphs(paper)]
    texts += [words_of(cell) for cell in read_body(paper).iter(f"{W}tc")]
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
