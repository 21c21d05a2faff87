"""What every page must have, read from the finished file as a browser reads it."""

from __future__ import annotations

from pathlib import Path
from xml.etree.ElementTree import Element

import html5lib

#: nbconvert's stand-in for a missing description; it must never leave the building.
PLACEHOLDER = "No description has been provided for this image"


def parse_page(path: Path) -> Element:
    """The page as a tree; any error a browser would have to mend is a failure."""
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    return parser.parse(path.read_text(encoding="utf-8"))


def text_of(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def find_headings(page: Element) -> list[tuple[int, str]]:
    tags = {f"h{level}": level for level in range(1, 7)}
    return [(tags[item.tag], text_of(item)) for item in page.iter() if item.tag in tags]


def check_page(path: Path) -> Element:
    """Check everything that holds for every page; return its tree."""
    page = parse_page(path)
    assert page.get("lang") == "en-GB"
    assert text_of(page.find("head/title"))
    assert len(list(page.iter("main"))) == 1
    check_skip_link(page)
    check_headings(page)
    check_pictures(page)
    check_tables(page)
    check_identifiers(page)
    check_alone(page)
    return page


def check_skip_link(page: Element) -> None:
    first = next(page.find("body").iter("a"))
    assert first.get("href") == "#main"
    assert page.find("body//main[@id='main']") is not None


def check_headings(page: Element) -> None:
    levels = [level for level, _ in find_headings(page)]
    assert levels.count(1) == 1
    assert levels[0] in (1, 2)
    above = 1
    for level in levels[levels.index(1) :]:
        assert level <= above + 1, find_headings(page)
        above = level
    assert all(text for _, text in find_headings(page))


def check_pictures(page: Element) -> None:
    framed = [x for figure in page.iter("figure") for x in figure.iter("img")]
    assert framed == list(page.iter("img"))
    assert all(text_of(figure.find("figcaption")) for figure in page.iter("figure"))
    for picture in page.iter("img"):
        assert picture.get("aria-describedby")
        alt = picture.get("alt", "")
        assert 10 < len(alt) <= 250, alt
        assert alt != PLACEHOLDER
        assert not alt.endswith((".png", ".svg"))


def check_tables(page: Element) -> None:
    parents = {child: parent for parent in page.iter() for child in parent}
    for table in page.iter("table"):
        assert text_of(table.find("caption"))
        assert all(cell.get("scope") in ("col", "row") for cell in table.iter("th"))
        assert all(text_of(cell) for cell in table.iter("th"))
        assert not any(cell.get("colspan") or cell.get("rowspan") for cell in table.iter("td"))
        box = parents[table]
        assert (box.get("role"), box.get("tabindex")) == ("region", "0")
        assert box.get("aria-label")


def check_identifiers(page: Element) -> None:
    names = [item.get("id") for item in page.iter() if item.get("id")]
    assert len(names) == len(set(names)), sorted(n for n in names if names.count(n) > 1)
    for item in page.iter():
        for attribute in ("aria-labelledby", "aria-describedby"):
            if item.get(attribute):
                assert item.get(attribute) in names
        if item.tag == "a" and item.get("href", "").startswith("#"):
            assert item.get("href")[1:] in names


def check_alone(page: Element) -> None:
    """One self-contained file: no script, nothing fetched, links only within the pack."""
    assert not list(page.iter("script"))
    assert not list(page.iter("link"))
    assert not list(page.iter("iframe"))
    for item in page.iter():
        if item.get("src"):
            assert item.get("src").startswith("data:image/png;base64,")
        if item.tag == "a":
            assert "://" not in item.get("href", "")
            assert len(text_of(item)) > 3, "a link's text makes sense alone"
    style = "".join(text_of(item) for item in page.iter("style"))
    assert "url(" not in style
    assert "@import" not in style
