"""A waterfall, read off its axes."""

from __future__ import annotations

import pandas as pd
import pytest
from tests.charts.reading import check_words

from wfanalytics.present.waterfall import plot_waterfall


def make_steps(values, names=None):
    names = names or ["July 2018", *[f"part {n}" for n in range(len(values) - 2)], "July 2019"]
    return pd.DataFrame({"name": names, "value": values, "text": [f"{v:+.1f}" for v in values]})


def test_bars_run_from_level_to_level():
    axes = plot_waterfall(make_steps([63.5, 66.4, -98.7, -1.4, 29.8]))
    spans = [(bar.get_x(), bar.get_x() + bar.get_width()) for bar in axes.patches]
    expected = [(0, 63.5), (63.5, 129.9), (31.2, 129.9), (29.8, 31.2), (0, 29.8)]
    assert [end for span in spans for end in span] == pytest.approx(
        [end for span in expected for end in span]
    )
    colours = [bar.get_facecolor() for bar in axes.patches]
    assert colours[0] == colours[4]
    assert colours[2] == colours[3]
    assert len(set(colours)) == 3


def test_a_level_that_falls_below_nothing_stays_on_the_chart():
    axes = plot_waterfall(make_steps([2.0, -5.0, -3.0]))
    assert axes.get_xlim()[0] <= -3


@pytest.mark.parametrize("values", [
    [100.0, 0.1, -0.1, 0.1, -0.1, 0.1, -0.1, 0.1, 100.1], [0.0, 500.25, 500.25], [3.0, -3.0, 0.0],
])  # fmt: skip
def test_words_never_collide(values):
    names = ["September 2018", *["agency staff made permanent"] * (len(values) - 2), "May 2019"]
    check_words(plot_waterfall(make_steps(values, names), label="Vacancies, FTE").figure)
