"""How the paper looks: our own styles, or those of a council's template; language, properties."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Emu, Pt, RGBColor

from wfanalytics.errors import InputError

#: Built-in styles the paper is written in; a template must have each.
NEEDED_STYLES = (
    "Normal", "Heading 1", "Heading 2", "Heading 3", "Caption", "List Bullet", "Intense Quote",
    "Table Grid",
)  # fmt: skip
LANGUAGE = "en-GB"
FONT = "Arial"
BODY_POINTS = 12
#: Dark blue of the Government Analysis Function's palette.
HEADING_COLOUR = RGBColor(0x12, 0x43, 0x6D)
#: Points, and space before and after in points, of each style.
_SIZES = {
    "Normal": (BODY_POINTS, 0, 5),
    "Heading 1": (22, 0, 8),
    "Heading 2": (17, 20, 6),
    "Heading 3": (14, 16, 5),
    "Caption": (BODY_POINTS, 6, 4),
    "List Bullet": (BODY_POINTS, 0, 3),
    "Intense Quote": (BODY_POINTS, 6, 6),
}
#: Every file in a document has this date, so that the same paper is the same file.
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)


def open_document(template: Path | None) -> Any:
    """A document without content: a council's template, or an A4 page in our own styles.

    Raises
    ------
    InputError
        for a template that is no Word document, or lacks a style the paper is written in.
    """
    document = Document() if template is None else _open_template(template)
    if template is None:
        section = document.sections[0]
        section.page_width, section.page_height = Cm(21.0), Cm(29.7)
        section.left_margin = section.right_margin = Cm(2.5)
        section.top_margin = section.bottom_margin = Cm(2.3)
        for name, (points, before, after) in _SIZES.items():
            _set_style(document.styles[name], points, before, after)
    _add_contents_styles(document)
    _set_language(document)
    _add_page_numbers(document)
    return document


def text_width_cm(document: Any) -> float:
    """Width between the margins."""
    section = document.sections[-1]
    return float(Emu(section.page_width - section.left_margin - section.right_margin).cm)


def set_properties(document: Any, *, title: str, author: str, date: datetime) -> None:
    """Title, author and language, and the report's own date in place of today's."""
    core = document.core_properties
    core.title, core.author, core.last_modified_by = title, author, author
    core.language, core.comments, core.keywords, core.subject = LANGUAGE, "", "", ""
    core.created = core.modified = date
    core.revision = 1


def save_docx(document: Any) -> bytes:
    """A Word document as a file whose bytes are the same every time."""
    saved = io.BytesIO()
    document.save(saved)
    return fix_dates(saved)


def fix_dates(saved: IO[bytes]) -> bytes:
    """A docx or xlsx anew with one fixed date in place of each file's own."""
    anew = io.BytesIO()
    with zipfile.ZipFile(saved) as book:
        contents = [(item.filename, book.read(item)) for item in book.infolist()]
    with zipfile.ZipFile(anew, "w") as book:
        for name, content in contents:
            entry = zipfile.ZipInfo(name, _ZIP_DATE)
            is_picture = name.endswith(".png")
            entry.compress_type = zipfile.ZIP_STORED if is_picture else zipfile.ZIP_DEFLATED
            book.writestr(entry, content)
    return anew.getvalue()


def _open_template(path: Path) -> Any:
    try:
        document = Document(str(path))
    except (PackageNotFoundError, ValueError, KeyError, OSError, zipfile.BadZipFile) as error:
        raise InputError(
            "not a Word document",
            file=path,
            allowed="a .docx file",
            remedy="Open it in Word and save it as Word Document (.docx).",
        ) from error
    has = {style.name for style in document.styles}
    if missing := [name for name in NEEDED_STYLES if name not in has]:
        raise InputError(
            f"the template lacks the styles {', '.join(missing)}",
            file=path,
            remedy="Use each once in the template, save it, and delete the text again.",
        )
    body = document.element.body
    for child in list(body):
        if child.tag != qn("w:sectPr"):
            body.remove(child)
    return document


def _set_style(style: Any, points: int, before: int, after: int) -> None:
    is_heading, is_box = style.name.startswith("Heading"), style.name == "Intense Quote"
    font, layout = style.font, style.paragraph_format
    font.name, font.size, font.italic = FONT, Pt(points), False
    font.bold = is_heading or style.name == "Caption"
    font.color.rgb = HEADING_COLOUR if is_heading else RGBColor(0x0B, 0x0C, 0x0C)
    fonts = style.element.rPr.rFonts
    for name in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{name}"), None)
    fonts.set(qn("w:cs"), FONT)
    layout.space_before, layout.space_after, layout.line_spacing = Pt(before), Pt(after), 1.08
    layout.keep_with_next = True if is_heading or style.name == "Caption" else None
    layout.widow_control = True
    if is_box:
        layout.left_indent = layout.right_indent = Cm(0.3)
        old = style.element.pPr.find(qn("w:pBdr"))
        old.getparent().replace(old, _box_border())


def _box_border() -> Any:
    sides = "".join(
        f'<w:{side} w:val="single" w:sz="12" w:space="6" w:color="12436D"/>'
        for side in ("top", "left", "bottom", "right")
    )
    return parse_xml(f"<w:pBdr {nsdecls('w')}>{sides}</w:pBdr>")


def _add_contents_styles(document: Any) -> None:
    names = {style.name for style in document.styles}
    for level, indent in ((2, 0.0), (3, 0.8)):
        if (name := f"toc {level}") not in names:
            style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH, builtin=True)
            style.base_style = document.styles["Normal"]
            style.paragraph_format.left_indent = Cm(indent)
            style.paragraph_format.space_after = Pt(1)


def _set_language(document: Any) -> None:
    for element in (document.styles.element, document.element):
        for tag in element.iter(qn("w:lang")):
            tag.set(qn("w:val"), LANGUAGE)
    defaults = document.styles.element.find(f".//{qn('w:rPrDefault')}/{qn('w:rPr')}")
    if defaults is not None and defaults.find(qn("w:lang")) is None:
        language = OxmlElement("w:lang")
        language.set(qn("w:val"), LANGUAGE)
        defaults.append(language)
    for tag in document.settings.element.iter(qn("w:themeFontLang")):
        tag.set(qn("w:val"), LANGUAGE)


def _add_page_numbers(document: Any) -> None:
    """ "Page 2 of 9" in the footer, unless a template has a footer of its own."""
    footer = document.sections[-1].footer
    if any(
        p.text.strip() or p._p.xpath(".//w:instrText|.//w:fldSimple") for p in footer.paragraphs
    ):
        return
    paragraph = footer.paragraphs[0]
    for words, field in (("Page ", "PAGE"), (" of ", "NUMPAGES")):
        paragraph.add_run(words)
        xml = f'<w:fldSimple {nsdecls("w")} w:instr="{field}"><w:r><w:t>1</w:t></w:r></w:fldSimple>'
        paragraph._p.append(parse_xml(xml))
