"""What every Word paper must have, read from the finished file's own XML."""

from __future__ import annotations

import zipfile
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
PIC = "{http://schemas.openxmlformats.org/drawingml/2006/picture}"
DC = "{http://purl.org/dc/elements/1.1/}"
EMU_PER_CM, TWIPS_PER_CM = 360_000, 1440 / 2.54
STYLES = {
    "Heading 1", "Heading 2", "Heading 3", "Normal", "Caption", "List Bullet", "Intense Quote",
    "Table Grid", "toc 2", "toc 3", "Footer", "Header",
}  # fmt: skip


def read_xml(path: Path, name: str) -> Element:
    with zipfile.ZipFile(path) as book:
        return ElementTree.fromstring(book.read(name))


def read_body(path: Path) -> Element:
    return read_xml(path, "word/document.xml").find(f"{W}body")


def words_of(element: Element) -> str:
    return "".join(text.text or "" for text in element.iter(f"{W}t"))


def style_names(path: Path) -> dict[str, str]:
    found = read_xml(path, "word/styles.xml").iter(f"{W}style")
    names = {s.get(f"{W}styleId"): s.find(f"{W}name").get(f"{W}val") for s in found}
    return {
        k: v.replace("heading", "Heading").replace("caption", "Caption") for k, v in names.items()
    }


def list_paragraphs(path: Path) -> list[tuple[str, str]]:
    """(style, words) of each paragraph outside tables, in order."""
    names = style_names(path)
    body = read_body(path)
    return [(names[_style_id(p)], words_of(p)) for p in body.iter(f"{W}p") if p in list(body)]


def _style_id(paragraph: Element) -> str:
    style = paragraph.find(f"{W}pPr/{W}pStyle")
    return "Normal" if style is None else style.get(f"{W}val")


def check_paper(path: Path, *, title: str, organisation: str) -> None:
    """Check every line of the Word checklist that a machine can judge."""
    check_properties(path, title, organisation)
    check_styles(path)
    check_structure(path)
    check_drawings(path)
    check_grids(path)
    check_footer(path)


def check_properties(path: Path, title: str, organisation: str) -> None:
    core = read_xml(path, "docProps/core.xml")
    assert core.find(f"{DC}title").text == title
    assert core.find(f"{DC}creator").text == organisation
    for name in ("word/styles.xml", "word/document.xml"):
        languages = [x.get(f"{W}val") for x in read_xml(path, name).iter(f"{W}lang")]
        assert set(languages) <= {"en-GB"}
    assert "en-GB" in [x.get(f"{W}val") for x in read_xml(path, "word/styles.xml").iter(f"{W}lang")]


def check_styles(path: Path) -> None:
    """12 point or more, 9 in a table; nothing centred or justified, in italics or in capitals."""
    names = style_names(path)
    for style in read_xml(path, "word/styles.xml").iter(f"{W}style"):
        if names[style.get(f"{W}styleId")] in STYLES - {"Table Grid", "Footer", "Header"}:
            sizes = [int(x.get(f"{W}val")) for x in style.iter(f"{W}sz")]
            assert min(sizes, default=24) >= 24, names[style.get(f"{W}styleId")]
            marks = [x for tag in ("i", "caps", "smallCaps") for x in style.iter(f"{W}{tag}")]
            assert all(x.get(f"{W}val") in ("0", "false") for x in marks)
            assert not list(style.iter(f"{W}jc"))
    body = read_body(path)
    assert min((int(x.get(f"{W}val")) for x in body.iter(f"{W}sz")), default=18) >= 18
    assert {x.get(f"{W}val") for x in body.iter(f"{W}jc")} <= {"left", "right"}
    assert not [x for tag in ("i", "caps", "smallCaps") for x in body.iter(f"{W}{tag}")]


def check_structure(path: Path) -> None:
    paragraphs = list_paragraphs(path)
    assert {style for style, _ in paragraphs} <= STYLES
    levels = [int(style[-1]) for style, _ in paragraphs if style.startswith("Heading")]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(b <= a + 1 for a, b in pairwise(levels))
    pictures = read_body(path).findall(f"{W}p")
    empty = [p for p in pictures if not words_of(p).strip() and p.find(f".//{W}drawing") is None]
    assert empty == [], "no paragraph is there for its space"
    tags = {x.tag.rpartition("}")[2] for x in read_body(path).iter()}
    assert not tags & {"txbxContent", "textbox", "anchor", "pict"}


def check_drawings(path: Path) -> None:
    """Pictures in the line of text, described, within the margins, held to their caption."""
    body = read_body(path)
    children = list(body)
    for number, paragraph in enumerate(children):
        for inline in paragraph.iter(f"{WP}inline"):
            alt = inline.find(f"{WP}docPr").get("descr")
            assert 10 < len(alt) <= 250
            assert not alt.endswith(".png")
            # Word takes both along when the picture is copied into another document.
            assert [x.get("descr") for x in inline.iter(f"{PIC}cNvPr")] == [alt]
            assert int(inline.find(f"{WP}extent").get("cx")) <= 16.01 * EMU_PER_CM
            assert [inline.get(f"dist{side}") for side in "TBLR"] == ["0"] * 4
            caption = children[number - 1]
            assert words_of(caption).startswith("Figure ")
            check_kept(path, caption)


def check_grids(path: Path) -> None:
    children = list(read_body(path))
    for number, table in enumerate(children):
        if table.tag != f"{W}tbl":
            continue
        caption = children[number - 1]
        assert words_of(caption).startswith("Table ")
        check_kept(path, caption)
        properties = table.find(f"{W}tblPr")
        assert properties.find(f"{W}tblCaption").get(f"{W}val") in words_of(caption)
        assert properties.find(f"{W}tblDescription").get(f"{W}val")
        assert properties.find(f"{W}tblLook").get(f"{W}firstRow") == "1"
        rows = table.findall(f"{W}tr")
        heads = [row for row in rows if row.find(f"{W}trPr/{W}tblHeader") is not None]
        assert heads == rows[:1]
        assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in rows)
        assert len({len(row.findall(f"{W}tc")) for row in rows}) == 1
        assert all(words_of(cell).strip() for cell in table.iter(f"{W}tc"))
        used = {x.tag for x in table.iter()}
        assert not used & {f"{W}gridSpan", f"{W}vMerge"}
        assert table.find(f".//{W}tc//{W}tbl") is None
        width = sum(int(x.get(f"{W}w")) for x in table.iter(f"{W}gridCol"))
        assert width <= 16.02 * TWIPS_PER_CM


def check_kept(path: Path, paragraph: Element) -> None:
    assert paragraph.find(f"{W}pPr/{W}keepNext") is not None, words_of(paragraph)


def check_footer(path: Path) -> None:
    with zipfile.ZipFile(path) as book:
        footers = [name for name in book.namelist() if "footer" in name and "rels" not in name]
        text = "".join(book.read(name).decode() for name in footers)
    assert 'w:instr="PAGE"' in text
