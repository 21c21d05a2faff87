"""The Word paper: its XML against the checklist, a council's template, sections, sameness."""

from __future__ import annotations

import re

import docx
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.documents.word import (
    WP,
    W,
    check_paper,
    list_paragraphs,
    read_body,
    words_of,
)
from tests.small_project import write_exhibit_notebook

from wfanalytics.errors import InputError, ParameterError
from wfanalytics.report.paper_style import NEEDED_STYLES, open_document
from wfanalytics.report.paper_table import size_tables
from wfanalytics.report.run import run_report
from wfanalytics.report.sections import check_sections

TITLE = "Exampleshire: workforce and caseload, September 2020"
ORGANISATION = "Exampleshire County Council (fictional)"


@pytest.fixture(scope="module")
def paper(small_pack):
    return small_pack.folder / "paper.docx"


def test_paper_meets_the_checklist(paper):
    check_paper(paper, title=TITLE, organisation=ORGANISATION)


def test_words_of_the_paper_in_order(paper):
    found = list_paragraphs(paper)
    headings = [(style, text) for style, text in found if style.startswith("Heading")]
    assert headings == [
        ("Heading 1", TITLE),
        ("Heading 2", "Summary"),
        ("Heading 3", "Uncovered vacancies <fell>"),
        ("Heading 2", "How many are empty?"),
        ("Heading 3", "Uncovered vacancies <fell>"),
        ("Heading 2", "How much is agency?"),
        ("Heading 2", "Who holds cases?"),
        ("Heading 2", "Where are they?"),
        ("Heading 3", "Any? There are no posts for September 2020"),
        ("Heading 3", "Two of three localities are shown"),
        ("Heading 2", "Words used"),
        ("Heading 2", "How this report was made"),
    ]
    words = [text for _, text in found]
    assert words[1:3] == [ORGANISATION, "September 2020"]
    start = words.index("Uncovered vacancies <fell>")
    assert words[start : start + 7] == [
        "Uncovered vacancies <fell>",
        "The rate fell by 11.5 percentage points & met the target.",
        "Figure 1: Uncovered vacancy rate, Exampleshire, 2019, per cent",
        "",  # the picture
        "Table 1: Uncovered vacancy rate by month",
        "Source: Posts",
        "How many are empty?",
    ]


def test_failed_missing_and_withheld_are_said_in_their_place(paper):
    found = list_paragraphs(paper)
    words = [text for _, text in found]
    first = next(text for style, text in found if style == "Intense Quote")
    assert first.startswith("2 of 5 parts could not be made in full: ")
    said = "Could not be made: No caseload for September 2020. Supply the weeks."
    assert words[words.index("Who holds cases?") + 2] == said
    assert (
        words[words.index("Any? There are no posts for September 2020") + 2]
        == "There are no posts for September 2020."
    )
    cells = [words_of(cell) for cell in list(read_body(paper).iter(f"{W}tbl"))[-1].iter(f"{W}tc")]
    assert cells == ["Locality", "Agency staff", "City", "17", "Coast", "withheld"]


def test_managers_words_stand_in_a_box(paper):
    boxed = [text for style, text in list_paragraphs(paper) if style == "Intense Quote"]
    assert "Explanation: Two teams <merged>." in boxed
    assert "Action: Recruit in spring." in boxed


def test_same_words_in_paper_page_and_alt_text(paper, small_pack):
    words = [text for _, text in list_paragraphs(paper)]
    alts = [x.get("descr") for x in read_body(paper).iter(f"{WP}docPr")]
    exhibits = [item for part in small_pack.parts for item in part.exhibits]
    for item in exhibits:
        assert item.headline in words
        assert set(item.sentences) <= set(words)
        assert item.path("png") is None or item.alt_text in alts


def test_last_paragraph_says_which_run_this_is(paper):
    *_, (_, last) = list_paragraphs(paper)
    assert re.fullmatch(
        r"wfanalytics \d+\.\d+\.\d+(, commit [0-9a-f]{12}( with changes not committed)?)?; "
        r"run exampleshire-2020-09-[0-9a-f]{12}; inputs [0-9a-f]{16}\.",
        last,
    )


def test_two_runs_give_the_same_files_and_sections_choose(small_project):
    write_exhibit_notebook(small_project / "notebooks/08_summary.ipynb", key="x", title="Last")
    packs = [
        run_report("exampleshire", month="2020-09", output=small_project / name,
                   sections=["vacancies"])
        for name in ("one", "two")
    ]  # fmt: skip
    for name in ("paper.docx", "tables.xlsx", "index.html", "charts/index.csv"):
        one, two = ((pack.folder / name).read_bytes() for pack in packs)
        assert one == two, name
    headings = [t for s, t in list_paragraphs(packs[0].folder / "paper.docx") if s == "Heading 2"]
    assert headings == ["How many are empty?", "Words used", "How this report was made"]


def test_an_unknown_section_names_the_nearest():
    with pytest.raises(ParameterError) as caught:
        check_sections(["vacancys"], notebooks=["02_vacancies", "08_summary"])
    assert str(caught.value) == (
        "Unknown section 'vacancys'. Did you mean 'vacancies'? Known: summary, vacancies."
    )
    with pytest.raises(ParameterError, match=r"'summary' is given twice"):
        check_sections(["summary", "summary"], notebooks=["08_summary"])


def test_a_councils_template_keeps_its_styles_and_footer(tmp_path):
    path = tmp_path / "council.docx"
    template = docx.Document()
    template.styles["Normal"].font.name = "Georgia"
    template.sections[0].footer.paragraphs[0].text = "Anytown Council"
    template.add_paragraph("Replace this text.")
    template.save(path)
    opened = open_document(path)
    assert opened.styles["Normal"].font.name == "Georgia"
    assert opened.sections[0].footer.paragraphs[0].text == "Anytown Council"
    assert [p.text for p in opened.paragraphs] == []


def test_a_template_without_a_style_is_refused_by_name(tmp_path):
    path = tmp_path / "council.docx"
    template = docx.Document()
    for name in ("Caption", "Intense Quote"):
        template.styles[name].delete()
    template.save(path)
    with pytest.raises(InputError) as caught:
        open_document(path)
    assert str(caught.value) == (
        f"{path}: the template lacks the styles Caption, Intense Quote. Use each once in the "
        "template, save it, and delete the text again."
    )
    assert {"Caption", "Intense Quote"} <= set(NEEDED_STYLES)
    (tmp_path / "x.docx").write_text("not a zip")
    with pytest.raises(InputError, match="not a Word document"):
        open_document(tmp_path / "x.docx")


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.text("abc ", min_size=1, max_size=60), st.text("abc 12", max_size=90)),
        min_size=1, max_size=14, unique_by=lambda pair: pair[0],
    )
)  # fmt: skip
def test_no_table_runs_over_the_margin_and_no_column_is_lost(columns):
    heads = {f"h{name}": [text or "x"] for name, text in columns}
    table = pd.DataFrame(heads)
    pieces = size_tables(table, width_cm=16.0)
    assert all(sum(piece.widths_cm) <= 16.0 + 1e-6 for piece in pieces)
    shown = [name for piece in pieces for name in piece.table.columns]
    assert set(shown) == set(heads)
    assert all(piece.table.columns[0] == next(iter(heads)) for piece in pieces)


def test_a_narrow_table_is_set_large_and_a_wide_one_smaller():
    narrow = pd.DataFrame({"Month": ["September 2020"], "Rate": ["7.0%"]})
    wide = pd.DataFrame({f"Heading {n}": ["1,234,567"] for n in range(7)})
    assert [piece.points for piece in size_tables(narrow, width_cm=16.0)] == [12]
    assert [piece.points for piece in size_tables(wide, width_cm=16.0)] < [12]
    assert len(size_tables(pd.concat([wide.add_suffix(s) for s in "abc"], axis=1), width_cm=16)) > 1
