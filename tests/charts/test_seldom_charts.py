"""Charts and their words at the edges: no figure, a narrow place, an axes of the caller's."""

from __future__ import annotations

import pandas as pd
import pytest
from matplotlib import pyplot
from matplotlib.figure import Figure
from tests.charts.reading import check_words

from wfanalytics.present.alt_text import (
    describe_alt_text,
    describe_areas_alt_text,
    describe_parts_alt_text,
)
from wfanalytics.present.charts import plot_bars, plot_shares, plot_trend
from wfanalytics.present.commentary import describe_areas, describe_change
from wfanalytics.present.heat import plot_heat
from wfanalytics.present.picture import render_png, render_svg
from wfanalytics.present.ranked import plot_ranked
from wfanalytics.present.waterfall import plot_waterfall

NAN = float("nan")
PARTS = {"in": "within the band", "out": "above the band"}
PLACES = pd.DataFrame({"area_name": ["North", "South"], "value": [3.0, 5.0], "status": "ok"})
SHARES = pd.DataFrame({
    "area_name": "North", "measure": ["in", "out"], "status": "ok", "value": [0.25, 0.75],
    "numerator": [2, 6],
})  # fmt: skip
STEPS = pd.DataFrame({"name": ["July", "left", "August"], "value": [3.0, 2.0, 5.0],
                      "text": ["3", "+2", "5"]})  # fmt: skip
CELLS = pd.DataFrame({"area_name": ["North"], "load": ["17.1"], "load_is_high": [True],
                      "words": ["over the band"]})  # fmt: skip


def texts_of(axes):
    return [" ".join(text.get_text().split()) for text in axes.texts]


# --- an axes of the caller's ---------------------------------------------------------------------
@pytest.mark.parametrize(
    "draw",
    [
        lambda ax: plot_bars(PLACES, ax=ax),
        lambda ax: plot_shares(SHARES, parts=PARTS, ax=ax),
        lambda ax: plot_waterfall(STEPS, ax=ax),
        lambda ax: plot_heat(CELLS, columns={"load": "Cases"}, ax=ax),
    ],
    ids=["bars", "shares", "waterfall", "heat"],
)
def test_an_axes_that_is_given_is_drawn_on_and_its_figure_keeps_its_size(draw):
    figure, (left, right) = pyplot.subplots(1, 2, figsize=(11, 4))
    assert draw(left) is left
    assert left.patches
    assert not right.patches
    assert figure.get_size_inches().tolist() == [11, 4]


def test_a_narrow_chart_labels_its_last_month(make_rows):
    figure = Figure(figsize=(1.2, 2))
    axes = plot_trend(
        make_rows([0.1, 0.2, 0.1, 0.2], start="2020-09-06", freq="7D", period_type="week"),
        ax=figure.add_axes((0.4, 0.3, 0.3, 0.4)),
    )
    assert [label.get_text() for label in axes.get_xticklabels()] == ["Sep 2020"]


# --- no figure -----------------------------------------------------------------------------------
def test_shares_of_nothing_say_so():
    axes = plot_shares(SHARES.head(0), parts=PARTS, label="Case holders")
    assert texts_of(axes) == ["No figure for this period", "Case holders"]


def test_a_line_without_a_figure_is_named_beside_one_with_figures(make_rows):
    both = pd.concat([make_rows([0.1, 0.2]), make_rows([NAN, NAN], area_name="Elsewhere")])
    axes = plot_trend(both)
    assert texts_of(axes)[-3:-1] == ["Elsewhere", "no figure"]
    check_words(axes.figure)
    assert "Elsewhere: no figure" in describe_alt_text(both)


def test_provisional_figures_before_a_final_one_are_told_under_the_chart(make_rows):
    rows = make_rows([0.1, 0.2, 0.1], status=["ok", "provisional", "ok"])
    assert "○ provisional" in texts_of(plot_trend(rows))


def test_places_and_parts_without_a_figure(make_rows):
    none = pd.concat(make_rows([NAN], area_level="team", area_name=n) for n in ("North", "South"))
    assert describe_areas(none) == "No figure for any of them."
    assert describe_areas_alt_text(none, place="Shire") == (
        "Bar chart: uncovered vacancy rate, 2 teams, Shire, April 2017. No figure for any of them."
    )
    assert describe_parts_alt_text(none, parts={"in": "within"}, what="who fills posts, Shire") == (
        "Stacked bar chart: who fills posts, Shire, Apr 2017. No figure for this period."
    )


def test_one_place_is_named_and_not_compared_with_itself(make_rows):
    one = make_rows([0.1], area_level="team", area_name="North")
    assert describe_areas(one) == "The uncovered vacancy rate was 10.0% in North."
    assert describe_areas_alt_text(one, place="Shire").endswith(". Highest: North, 10.0%.")


def test_a_definition_changed_with_the_last_figure_is_said_and_nothing_compared(make_rows):
    rows = make_rows([0.1, 0.2, 0.3], definition_version=["1", "1", "2"])
    said = describe_change(rows, since="2017-04-30")
    assert len(said) == 1
    assert "definition" in said[0]


# --- long keys, and others' places ---------------------------------------------------------------
def test_a_key_that_is_too_long_for_one_line_goes_on_two():
    names = {f"p{n}": f"a part of case holders with a long name {n}" for n in range(4)}
    rows = pd.DataFrame({
        "area_name": "North", "measure": list(names), "status": "ok", "value": 0.25, "numerator": 5,
    })  # fmt: skip
    axes = plot_shares(rows, parts=names, label="Case holders by caseload")
    check_words(axes.figure)
    heights = {round(text.get_position()[1], 3) for text in axes.texts
               if "long name" in text.get_text()}  # fmt: skip
    assert len(heights) > 1


def test_a_ranking_without_the_area_itself_names_nobody():
    rows = pd.DataFrame({
        "measure": "vacancy_rate_fte", "area_name": ["a", "b", "c"], "value": [0.1, 0.2, 0.3],
        "region_name": "South", "status": "ok", "rank": [1.0, 2.0, 3.0],
    })  # fmt: skip
    axes = plot_ranked(rows, own="Shire", own_label="Shire 12.0%")
    assert len(axes.patches) == 3
    assert not any("Shire" in words for words in texts_of(axes))


# --- what managers alone may see -----------------------------------------------------------------
def test_a_picture_for_managers_says_so_once_on_it_and_in_it():
    figure = Figure(figsize=(3, 2))
    mark = "Managers only, not for publication"
    content = render_png(figure, alt_text="A chart.", mark=mark)
    render_svg(figure, title="T", alt_text="A chart.", mark=mark)
    assert [text.get_text() for text in figure.texts] == ["MANAGERS ONLY"]
    assert b"Disclaimer\x00" + mark.encode() in content
    assert b"Disclaimer" not in render_png(Figure(figsize=(3, 2)), alt_text="A chart.")
