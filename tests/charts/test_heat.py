"""A heat table, read off its cells."""

from __future__ import annotations

import pandas as pd
from tests.charts.reading import check_words

from wfanalytics.present.heat import plot_heat
from wfanalytics.present.style import contrast


def make_rows():
    return pd.DataFrame({
        "area_name": ["North", "Children with Disabilities South", "West"],
        "load": ["17.1", "12.0", "withheld"], "load_is_high": [True, False, None],
        "empty": ["4.0%", "18.0%", "3.0%"], "empty_is_high": [False, True, False],
        "words": ["over the band", "short of staff", "cannot be shown"],
    })  # fmt: skip


def test_cells_are_dark_where_high_pale_where_not_and_grey_without_a_figure():
    axes = plot_heat(make_rows(), columns={"load": "Cases per FTE", "empty": "Vacancies"})
    fills = [patch.get_facecolor() for patch in axes.patches]
    assert fills[0] == fills[4]
    assert fills[1] == fills[3] == fills[5]
    assert len({fills[0], fills[1], fills[2]}) == 3
    for text in axes.texts:
        if text.get_text() in ("17.1", "18.0%"):
            assert contrast(text.get_color(), "#12436D") >= 4.5


def test_words_never_collide():
    headings = {"load": "Average cases per FTE", "empty": "Uncovered vacancies"}
    check_words(plot_heat(make_rows(), columns=headings, label="Teams").figure)
