"""What the paper shows of what was saved, and where its sentences stand."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest
from tests.documents.word import check_paper, list_paragraphs

from wfanalytics.present.exhibit import Exhibit, read_exhibit, write_exhibit
from wfanalytics.present.style import new_figure
from wfanalytics.report.notebooks import Notebook, NotebookRun
from wfanalytics.report.pack import Part
from wfanalytics.report.paper import make_paper
from wfanalytics.report.paper_table import size_tables
from wfanalytics.report.sections import PAGE_ONLY, Report, find_terms

MANIFEST = {
    "area_name": "Northshire", "rows": {"read": 0}, "parameters": {}, "version": "1.0.0",
    "git": {"commit": ""}, "run_id": "northshire-2020-09-0", "fingerprint": "0" * 64,
    "refused": [],
}  # fmt: skip
LINES = tuple(f"This is sentence {n}, as long as one line of the paper, near enough." * 2
              for n in range(1, 6))  # fmt: skip


def make(folder, key, **changes):
    given = {
        "key": key, "question": f"How is {key}?", "headline": f"Of {key}", "subtitle": "Of it",
        "sentences": (f"It is {key}.",), "figure": None, "alt_text": "", "description": "",
        "table": None, "table_caption": "", "source": "Lists", "notes": (), **changes,
    }  # fmt: skip
    if given["figure"] is not None:
        given |= {"alt_text": "Line chart of it.", "description": "A line."}
    return read_exhibit(write_exhibit(Exhibit(**given), folder))


@pytest.fixture
def write(tmp_path):
    """A paper of the exhibits given, in the section of vacancies."""

    def build(*exhibits, sections=()):
        notebook = Notebook(Path("02_vacancies.ipynb"), "Vacancies", "How many?", ())
        part = Part(NotebookRun(notebook, "done", 1.0), exhibits)
        report = Report("Northshire", "September 2020", "Northshire Council", False, (part,),
                        MANIFEST, sections=sections)  # fmt: skip
        path = tmp_path / "paper.docx"
        date = datetime(2020, 9, 30, tzinfo=UTC)
        path.write_bytes(make_paper(report, date=date, template=None))
        check_paper(path, title="Northshire", organisation="Northshire Council")
        return [text for _, text in list_paragraphs(path)]

    return build


def test_what_is_left_to_the_page_is_counted_and_all_means_all(write, tmp_path):
    left = sorted(PAGE_ONLY)[:2]
    saved = [make(tmp_path, key) for key in ("vacancy_trend", *left, "our_own")]
    words = write(*saved)
    assert words[3] == (
        "This paper holds the 2 findings that committees ask for first; 2 more are in index.html, "
        "with their tables in tables.xlsx."
    )
    assert "Of vacancy_trend" in words
    assert "Of our_own" in words, "a notebook of the council's own is never left out"
    assert not {f"Of {key}" for key in left} & set(words)
    for sections in (("all",), ("vacancies",)):
        words = write(*saved, sections=sections)
        assert {f"Of {item.key}" for item in saved} <= set(words)
        assert not any("ask for first" in text for text in words)


def test_one_reason_is_said_once_in_a_section_and_one_note_once(write, tmp_path):
    why = {"sentences": ("No file was given.",), "status": "unavailable", "source": ""}
    saved = [make(tmp_path, key, **why) for key in ("benchmark_vacancy", "benchmark_agency")]
    saved += [make(tmp_path, key, notes=("FTE is hours.",)) for key in ("one", "two")]
    words = write(*saved)
    assert words.count("No file was given.") == 1
    assert words.count("FTE is hours.") == 1
    assert write(*saved, sections=["all"]).count("No file was given.") == 2


@pytest.mark.parametrize(("height", "before"), [(3.0, 5), (8.5, 2), (24.0, 1)])
def test_sentences_that_would_push_the_chart_away_follow_it(write, tmp_path, height, before):
    figure = new_figure(height_cm=height)
    figure.text(0.1, 0.5, "x")
    words = write(make(tmp_path, "vacancy_trend", sentences=LINES, figure=figure))
    chart = words.index("Figure 1: Of it")
    assert [words.index(text) < chart for text in LINES] == [True] * before + [False] * (5 - before)
    assert [text for text in words if text in LINES] == list(LINES), "in order"


def test_words_break_at_spaces_and_hyphens_and_never_inside(write):
    table = pd.DataFrame({"Month": ["July 2020"] * 2} | {
        f"Over-establishment, FTE {n}": [427.8, 1.0] for n in range(4)
    })  # fmt: skip
    (piece,) = size_tables(table, width_cm=16.0)
    assert piece.points >= 9
    sentence = "a sentence of some words that is longer than a column would like it to be"
    wordy = pd.DataFrame({f"Column {n}": [sentence] for n in range(4)})
    assert [piece.points for piece in size_tables(wordy, width_cm=16.0)] == [9]


def test_pieces_of_a_wide_table_are_about_equally_wide():
    table = pd.DataFrame({"Team": ["A"]} | {f"Column number {n}": ["1,234,567"] for n in range(11)})
    pieces = size_tables(table, width_cm=16.0)
    assert [len(piece.table.columns) for piece in pieces] == [7, 6]


def test_a_word_is_explained_by_people_where_its_fte_only_says_their_fte(tmp_path):
    terms = find_terms([make(tmp_path, "one", sentences=("Leavers and agency staff rose.",))])
    assert [(term.label, term.formula) for term in terms] == [
        ("agency staff", "sum of FTE of agency staff at the date"),
        ("leavers", "permanent staff who left the workforce in the month; internal moves are not "
         "leavers"),
    ]  # fmt: skip
