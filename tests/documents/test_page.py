"""The page and the notebooks' pages, parsed: they can be read by everyone, and need nothing."""

from __future__ import annotations

import re
from itertools import pairwise

from tests.documents.accessibility import check_page, find_headings, parse_page, text_of

LARGEST_PAGE = 5_000_000


def test_page_can_be_read_by_everyone(small_pack):
    check_page(small_pack.page)
    assert small_pack.page.stat().st_size < LARGEST_PAGE


def test_headings_tell_the_report(small_pack):
    assert find_headings(parse_page(small_pack.page)) == [
        (1, "Exampleshire: workforce and caseload, September 2020"),
        (2, "2 of 5 parts could not be made in full"),
        (2, "Contents"),
        (2, "Summary"),
        (3, "Uncovered vacancies <fell>"),
        (2, "How many are empty?"),
        (3, "Uncovered vacancies <fell>"),
        (2, "How much is agency?"),
        (2, "Who holds cases?"),
        (2, "Where are they?"),
        (3, "Any? There are no posts for September 2020"),
        (3, "Two of three localities are shown"),
        (2, "Words used"),
        (2, "How this report was made"),
    ]


def test_sentence_then_chart_then_table_then_source(small_pack):
    page = parse_page(small_pack.page)
    section = page.find(".//section[@aria-labelledby='vacancy-heading']")
    order = [section.find(f".//{tag}") for tag in ("h3", "figure", "table")]
    everything = list(section.iter())
    sentence = next(item for item in section.iter("p") if "11.5 percentage" in text_of(item))
    source = next(item for item in section.iter("p") if text_of(item) == "Source: Posts")
    found = [order[0], sentence, order[1], order[2], source]
    places = [everything.index(item) for item in found]
    assert all(before < after for before, after in pairwise(places))


def test_alt_text_and_words_are_escaped_and_whole(small_pack):
    page = parse_page(small_pack.page)
    alts = {picture.get("alt") for picture in page.iter("img")}
    assert alts == {'Line chart: "uncovered" vacancies fell from 18.5% to 7.0%.'}
    assert "The rate fell by 11.5 percentage points & met the target." in text_of(page)


def test_files_of_each_chart_are_offered_and_there(small_pack):
    page = parse_page(small_pack.page)
    links = {item.get("href"): text_of(item) for item in page.iter("a")}
    assert links["charts/vacancy.png"] == "Picture (PNG) of “Uncovered vacancies <fell>”"
    inside = [href for href in links if not href.startswith("#")]
    # 4 files of each of 2 charts, 3 of two without, 5 notebooks, manifest, paper, workbook
    assert len(inside) == 19
    assert [href for href in inside if not (small_pack.folder / href).is_file()] == []


def test_failed_parts_are_said_first_and_in_their_place(small_pack):
    page = parse_page(small_pack.page)
    first = page.find(".//section[@aria-labelledby='failed-title']")
    assert [text_of(item) for item in first.iter("li")] == [
        "How much is agency?: an unexpected error (KeyError) in cell 4 of its notebook",
        "Who holds cases?: No caseload for September 2020. Supply the weeks.",
    ]
    place = page.find(".//section[@id='05_caseload']")
    assert "Could not be made: No caseload for September 2020." in text_of(place)


def test_missing_and_withheld_are_said_in_their_place(small_pack):
    page = parse_page(small_pack.page)
    place = page.find(".//section[@id='06_places']")
    missing = place.find(".//section[@aria-labelledby='gap-heading']")
    assert text_of(missing.find("p[2]")) == "There are no posts for September 2020."
    withheld = place.find(".//section[@aria-labelledby='places-heading']")
    assert [text_of(x) for x in withheld.iter("td")] == ["17", "withheld"]


def test_fictional_area_says_so(small_pack):
    assert "Exampleshire is fictional" in text_of(parse_page(small_pack.page))


def test_last_paragraph_says_which_run_this_is(small_pack):
    *_, last = parse_page(small_pack.page).iter("p")
    assert re.fullmatch(
        r"wfanalytics \d+\.\d+\.\d+(, commit [0-9a-f]{12}( with changes not committed)?)?; "
        r"run exampleshire-2020-09-[0-9a-f]{12}; inputs [0-9a-f]{16}\.",
        text_of(last),
    )


def test_code_and_personal_data_stay_out(small_pack):
    text = small_pack.page.read_text(encoding="utf-8")
    assert "import " not in text
    assert "Jane Smith" not in text


def test_notebooks_pages_can_be_read_by_everyone(small_pack):
    pages = sorted((small_pack.folder / "notebooks").glob("*.html"))
    assert len(pages) == 5
    for path in pages:
        page = check_page(path)
        text = text_of(page)
        assert "import " not in text, "code is hidden"
        assert "Jane Smith" not in text
    assert text_of(page.find("head/title")) == "Summary"


def test_notebooks_pages_keep_alt_text(small_pack):
    page = parse_page(small_pack.folder / "notebooks" / "02_vacancies.html")
    (picture,) = page.iter("img")
    assert picture.get("alt") == 'Line chart: "uncovered" vacancies fell from 18.5% to 7.0%.'


def test_a_failed_notebooks_page_says_where_it_stopped(small_pack):
    page = parse_page(small_pack.folder / "notebooks" / "05_caseload.html")
    assert "The notebook stopped here." in text_of(page)
    assert "papermill" not in text_of(page)
