"""What is withheld, and what a reader who subtracts can still find out."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wfanalytics.measures.small_counts import FEWEST_VALUES, find_withheld, find_withheld_cells
from wfanalytics.thresholds import Disclosure

RULES = Disclosure()


@pytest.mark.parametrize(
    ("counts", "hidden"),
    [
        ([6, 7], []),
        ([0, 0, 9], []),
        ([3, 9, 20], [0, 1]),
        ([3, 4, 20], [0, 1]),
        # One and one: their sum, two, would tell both.
        ([1, 1, 9, 20], [0, 1, 2]),
        ([3, 0, 0], [0, 1, 2]),
        # Hiding nobody would hide nothing: the smallest that somebody is in goes with it.
        ([3, 0, 9, 20], [0, 2]),
        ([], []),
    ],
)
def test_withheld_by_hand(counts, hidden):
    assert np.flatnonzero(find_withheld(counts, rules=RULES)).tolist() == hidden


@settings(max_examples=150, deadline=None)
@given(st.lists(st.integers(0, 9), min_size=2, max_size=4).filter(lambda x: sum(x) >= 6))
def test_a_reader_who_subtracts_cannot_narrow_a_withheld_count_to_two_values(counts):
    hidden = find_withheld(counts, rules=RULES)
    if not hidden.any():
        assert not any(0 < n < 5 for n in counts)
        return
    rest = int(np.array(counts)[hidden].sum())
    # A reader knows that true zeros are shown, unless every part is withheld.
    low = 0 if hidden.all() else 1
    cells = [c for c in product(range(low, rest + 1), repeat=int(hidden.sum())) if sum(c) == rest]
    for position in range(int(hidden.sum())):
        assert len({cell[position] for cell in cells}) >= FEWEST_VALUES


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(st.integers(0, 12), min_size=3, max_size=3), min_size=2, max_size=4))
def test_no_row_and_no_column_of_a_table_has_one_withheld_cell_alone(rows):
    counts = np.array(rows)
    hidden = find_withheld_cells(counts, rules=RULES)
    assert hidden[(counts > 0) & (counts < 5)].all()
    for axis in (0, 1):
        assert not (hidden.sum(axis=axis) == 1).any()
