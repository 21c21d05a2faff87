"""The committee paper in Word: what the notebooks saved, in reading order, nothing computed."""

from __future__ import annotations

from datetime import datetime
from html import escape
from pathlib import Path
from typing import Any

from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt

from wfanalytics.present.exhibit import SavedExhibit
from wfanalytics.present.markup import asks_again
from wfanalytics.present.picture import PNG_DPI
from wfanalytics.present.style import CHART_WIDTH_CM
from wfanalytics.report.pack import Part
from wfanalytics.report.paper_style import open_document, save_docx, set_properties, text_width_cm
from wfanalytics.report.paper_table import clean_text, make_table, size_tables
from wfanalytics.report.sections import (
    ABBREVIATIONS,
    Report,
    describe_making,
    describe_run,
    find_terms,
    is_data_quality,
)

#: A paper longer than this many pages gets a list of contents.
PAGES_WITHOUT_CONTENTS = 10
#: Height of a page's text, of a line of 80 letters, a table row, and heading and caption, in cm.
PAGE_CM, LINE_CM, ROW_CM, HEADING_CM, LINE_CHARACTERS = 25.0, 0.6, 0.6, 2.2, 80
#: Heading, sentences and chart stay on one page. More than this would leave half a page empty
#: before them, so that the sentences after the first ones follow the chart.
KEPT_CM = 14.0
OPENING = "What changed since the last report"
WORDS_USED, ABOUT = "Words used", "How this report was made"


def make_paper(report: Report, *, date: datetime, template: Path | None) -> bytes:
    """Write ``paper.docx``; ``date`` stands in its properties in place of today's.

    Raises
    ------
    InputError
        for a template that lacks a style the paper is written in.
    """
    paper = _Paper(open_document(template))
    set_properties(paper.document, title=report.title, author=report.organisation, date=date)
    if report.mark:
        paper.document.sections[0].header.add_paragraph(report.mark)
    _add_cover(paper, report)
    place = 0
    for number, part in enumerate(report.shown):
        _add_part(paper, report, part, number=number)
        if number == 0 and _is_long(report):
            paper.add("Contents", "Caption")
            place = len(paper.document.element.body) - 1
    _add_terms(paper, report)
    paper.add_heading(ABOUT, level=2)
    for sentence in describe_making(report.manifest):
        paper.add(sentence, keep=True)
    paper.add(describe_run(report.manifest))
    if place:
        _add_contents(paper, place)
    return save_docx(paper.document)


class _Paper:
    """A document, its counts of captions, and its headings below the title."""

    def __init__(self, document: Any) -> None:
        self.document = document
        self.width_cm = text_width_cm(document)
        self.figures = self.tables = 0
        self.headings: list[tuple[int, str]] = []
        self._style_ids: dict[str, str | None] = {}
        self.notes: set[str] = set()

    def add(self, text: str, style: str = "Normal", *, keep: bool = False) -> Any:
        """A paragraph; ``keep`` holds it to the next one."""
        paragraph = self.document.add_paragraph(clean_text(text))
        if style not in self._style_ids:
            # python-docx looks through every style each time it is given a name.
            found = self.document.part.get_style_id(style, WD_STYLE_TYPE.PARAGRAPH)
            self._style_ids[style] = found
        paragraph._p.style = self._style_ids[style]
        if keep:
            paragraph.paragraph_format.keep_with_next = True
        return paragraph

    def add_named(self, name: str, text: str, style: str) -> None:
        """A paragraph that begins with its name in bold."""
        paragraph = self.add("", style)
        paragraph.add_run(f"{name}: ").bold = True
        paragraph.add_run(clean_text(text))

    def add_heading(self, text: str, *, level: int, new_page: bool = False) -> None:
        """A heading; those below the title can be gone to from the contents."""
        paragraph = self.add(text, f"Heading {level}")
        paragraph.paragraph_format.page_break_before = True if new_page else None
        if level > 1:
            self.headings.append((level, text))
            number = len(self.headings)
            marks = (
                f'<w:bookmarkStart {nsdecls("w")} w:id="{number}" w:name="{_bookmark(number)}"/>',
                f'<w:bookmarkEnd {nsdecls("w")} w:id="{number}"/>',
            )
            first, last = map(parse_xml, marks)
            paragraph._p.insert(1, first)
            paragraph._p.append(last)

    def add_caption(self, kind: str, number: int, text: str) -> None:
        """A caption whose number Word counts again where the chart is pasted elsewhere."""
        paragraph = self.add(f"{kind} ", "Caption", keep=True)
        paragraph._p.append(
            parse_xml(
                f'<w:fldSimple {nsdecls("w")} w:instr=" SEQ {kind} \\* ARABIC ">'
                f"<w:r><w:t>{number}</w:t></w:r></w:fldSimple>"
            )
        )
        paragraph.add_run(clean_text(f": {text}"))

    def add_picture(self, item: SavedExhibit, png: Path) -> None:
        """A picture in the line of text, its alt text in its own field."""
        self.figures += 1
        self.add_caption("Figure", self.figures, item.subtitle)
        width = Cm(min(CHART_WIDTH_CM, self.width_cm))
        paragraph = self.add("")
        picture = paragraph.add_run().add_picture(str(png), width=width)
        for side in "TBLR":
            # Without these LibreOffice leaves room around it, and it runs over the margin.
            picture._inline.set(f"dist{side}", "0")
        properties = picture._inline.docPr
        properties.set("descr", clean_text(item.alt_text))
        properties.set("name", f"Figure {self.figures}")
        inner = picture._inline.find(f".//{qn('pic:cNvPr')}")
        inner.set("descr", clean_text(item.alt_text))
        inner.set("name", f"Figure {self.figures}")

    def add_table(self, item: SavedExhibit) -> None:
        """The exhibit's table, in as many pieces as its width needs, each with its caption."""
        assert item.table is not None
        pieces = size_tables(item.table, width_cm=self.width_cm)
        style = self.document.styles["Table Grid"].style_id
        for number, piece in enumerate(pieces, start=1):
            of = f", part {number} of {len(pieces)}" if len(pieces) > 1 else ""
            self.tables += 1
            self.add_caption("Table", self.tables, f"{item.table_caption}{of}")
            described = f"{len(piece.table)} rows. Columns: {', '.join(piece.table.columns)}."
            title = f"{item.table_caption}{of}"
            table = make_table(piece, title=title, description=described, style=style)
            self.document.element.body.insert(len(self.document.element.body) - 1, table)


def _bookmark(number: int) -> str:
    return f"_Toc{number:06d}"


def _add_cover(paper: _Paper, report: Report) -> None:
    """Cover lines, what failed, and figures that moved since they were published."""
    paper.add_heading(report.title, level=1)
    for line in (report.organisation, report.month, report.notice, report.choice):
        if line:
            paper.add(line)
    for name, text in report.warnings:
        paper.add_named(name, text, "Intense Quote")
    if report.opening is not None:
        paper.add_heading(OPENING, level=2)
        _add_exhibit(paper, report.opening, is_box=False)


def _list_exhibits(report: Report) -> list[SavedExhibit]:
    opening = [report.opening] if report.opening else []
    return opening + [item for part in report.shown for item in report.paper_exhibits_of(part)]


def _is_long(report: Report) -> bool:
    """Whether the paper, by a fair estimate, has more pages than go without contents."""
    height = 0.0
    for item in _list_exhibits(report):
        height += _picture_cm(item.path("png")) + 4 * LINE_CM
        height += ROW_CM * (0 if item.table is None else len(item.table) + 2)
        texts = (*item.sentences, *item.notes, item.explanation, item.action)
        height += sum(map(_text_cm, texts))
    return height > PAGES_WITHOUT_CONTENTS * PAGE_CM


def _add_contents(paper: _Paper, place: int) -> None:
    """A contents field at a place, its entries already there; Word adds pages when updated."""
    begin = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve">'
        ' TOC \\o "2-3" \\h \\z \\u </w:instrText></w:r><w:r><w:fldChar '
        'w:fldCharType="separate"/></w:r>'
    )
    end = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    styles, count = paper.document.styles, len(paper.headings)
    for number, (level, text) in enumerate(paper.headings, start=1):
        xml = (
            f'<w:p {nsdecls("w")}><w:pPr><w:pStyle w:val="{styles[f"toc {level}"].style_id}"/>'
            f"</w:pPr>{begin if number == 1 else ''}"
            f'<w:hyperlink w:anchor="{_bookmark(number)}" w:history="1"><w:r>'
            f"<w:t>{escape(clean_text(text))}</w:t></w:r></w:hyperlink>"
            f"{end if number == count else ''}</w:p>"
        )
        paper.document.element.body.insert(place + number - 1, parse_xml(xml))


def _add_part(paper: _Paper, report: Report, part: Part, *, number: int) -> None:
    notebook = part.run.notebook
    # The summary has a page of its own, unless the contents follow it.
    is_second = number == 1 and not _is_long(report)
    paper.add_heading(notebook.title, level=2, new_page=is_second)
    if notebook.question:
        paper.add(notebook.question, keep=True)
    for problem in part.problems:
        paper.add_named("Could not be made", problem, "Intense Quote")
    for item in report.paper_exhibits_of(part):
        _add_exhibit(paper, item, is_box=is_data_quality(part))


def _add_exhibit(paper: _Paper, item: SavedExhibit, *, is_box: bool) -> None:
    """Sentences, chart, table, the manager's own words, source and method."""
    paper.add_heading(item.headline, level=3)
    png = item.path("png")
    if asks_again(item):
        paper.add(item.question, keep=True)
    if png is None and item.subtitle:
        paper.add(item.subtitle, keep=True)
    first, others = _split_sentences(item, png)
    style = "Intense Quote" if is_box else "Normal"
    for sentence in first:
        paper.add(sentence, style, keep=png is not None)
    if png is not None:
        paper.add_picture(item, png)
    for sentence in others:
        paper.add(sentence, style)
    has_table = item.table is not None and len(item.table) > 0
    if has_table:
        paper.add_table(item)
    elif png is not None:
        paper.add(item.description or item.alt_text)
    _add_method(paper, item)


def _split_sentences(
    item: SavedExhibit, png: Path | None
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The sentences that stand before the chart, at least one, and those after it."""
    height, count = HEADING_CM + _picture_cm(png), 0
    for sentence in item.sentences:
        height += _text_cm(sentence)
        if png is not None and count and height > KEPT_CM:
            break
        count += 1
    return item.sentences[:count], item.sentences[count:]


def _text_cm(text: str) -> float:
    return LINE_CM * (1 + len(text) // LINE_CHARACTERS) if text else 0.0


def _picture_cm(png: Path | None) -> float:
    if png is None:
        return 0.0
    with png.open("rb") as file:
        # A PNG begins with its size in pixels.
        return int.from_bytes(file.read(24)[20:]) / PNG_DPI * 2.54


def _add_method(paper: _Paper, item: SavedExhibit) -> None:
    """The manager's explanation and action, then source and method not said before."""
    notes = [note for note in item.notes if note not in paper.notes]
    for name, text in (("Explanation", item.explanation), ("Action", item.action)):
        if text:
            paper.add_named(name, text, "Intense Quote")
    if item.source:
        source = paper.add(f"Source: {item.source}", keep=bool(notes))
        source.paragraph_format.space_before = Pt(8)
    for note in notes:
        paper.add(note, "List Bullet")
    paper.notes |= set(notes)


def _add_terms(paper: _Paper, report: Report) -> None:
    if not (terms := find_terms(_list_exhibits(report))):
        return
    paper.add_heading(WORDS_USED, level=2)
    paper.add(ABBREVIATIONS)
    for term in terms:
        is_not = f" Not {term.is_not}." if term.is_not else ""
        paper.add_named(term.label, f"{term.formula}.{is_not} Defined by {term.source}.", "Normal")
