"""Placing words: geometry countable on paper, and what must hold for any."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wfanalytics.present.labels import Box, find_free, spread_labels, stack_rows

numbers = st.floats(min_value=0, max_value=1000, allow_nan=False)


def test_labels_that_fit_stay_where_they_are():
    assert spread_labels([10, 50, 90], [10, 10, 10], low=0, high=100) == [10, 50, 90]


def test_labels_on_one_spot_part_equally():
    assert spread_labels([50, 50, 50], [10, 10, 10], low=0, high=100) == [40, 50, 60]


def test_label_over_the_edge_is_pushed_back():
    assert spread_labels([99], [10], low=0, high=100) == [95]


def test_labels_keep_their_order():
    placed = spread_labels([52, 50], [10, 10], low=0, high=100)
    assert placed == [56, 46]


@given(st.lists(st.tuples(numbers, st.floats(min_value=1, max_value=100)), min_size=1, max_size=8))
def test_labels_never_overlap_and_stay_inside_where_there_is_room(labels):
    centres, heights = zip(*labels, strict=True)
    placed = spread_labels(centres, heights, low=0, high=1000)
    spans = sorted((c - h / 2, c + h / 2) for c, h in zip(placed, heights, strict=True))
    for (_, top), (bottom, _) in pairwise(spans):
        assert top <= bottom + 1e-6
    assert spans[0][0] >= -1e-6
    assert spans[-1][1] <= 1000 + 1e-6


def test_first_free_place_is_taken():
    candidates = [Box(0, 0, 10, 10), Box(20, 0, 30, 10), Box(40, 0, 50, 10)]
    found = find_free(
        candidates, inside=Box(0, 0, 100, 100), boxes=[Box(5, 5, 8, 8)], lines=[(25, -5, 25, 50)]
    )
    assert found == Box(40, 0, 50, 10)


def test_no_place_is_none():
    assert find_free([Box(0, 0, 10, 10)], inside=Box(1, 1, 9, 9)) is None


@pytest.mark.parametrize(
    ("line", "is_crossed"),
    [
        ((0, 5, 20, 5), True),
        ((0, 20, 20, 20), False),
        ((5, 5, 6, 6), True),
        ((0, 10, 20, 10), False),
        ((-5, 5, 5, 15), False),
        ((-4, 5, 6, 15), True),
        ((5, -9, 5, 99), True),
    ],
)
def test_line_through_a_box(line, is_crossed):
    assert Box(0, 0, 10, 10).is_crossed(line) is is_crossed


def test_flags_apart_share_a_row():
    assert stack_rows([10, 60], [30, 30], low=0, high=100, gap=2) == [(0, 12.0), (0, 62.0)]


def test_flag_near_the_edge_turns_round():
    assert stack_rows([90], [30], low=0, high=100, gap=2) == [(0, 58.0)]


def test_flags_that_cannot_be_parted_have_a_row_each():
    placed = stack_rows([40, 50, 60], [99, 99, 99], low=0, high=100, gap=2)
    assert sorted(row for row, _ in placed) == [0, 1, 2]


@given(st.lists(st.tuples(numbers, st.floats(min_value=5, max_value=300)), max_size=6))
def test_flags_of_a_row_never_overlap(flags):
    anchors, widths = [a for a, _ in flags], [w for _, w in flags]
    placed = stack_rows(anchors, widths, low=0, high=1000, gap=2)
    spans = sorted((row, left, left + w) for (row, left), w in zip(placed, widths, strict=True))
    for one, other in pairwise(spans):
        assert one[0] != other[0] or one[2] <= other[1]
