"""Which counts of people are withheld in a table made from worker rows, and its total kept safe."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from wfanalytics.measures.disclosure import SMALLEST_COUNT
from wfanalytics.measures.suppression import SMALLEST_RANGE

#: Fewest values a withheld count may still have for a reader who knows the total.
FEWEST_VALUES = SMALLEST_RANGE + 1


def find_withheld(counts: Sequence[float] | np.ndarray) -> np.ndarray:
    """Which of the parts of a published total are withheld, as booleans.

    Counts of one to four are; then the next smallest, until nobody who subtracts the parts
    shown from the total can bound a withheld one more tightly than three people. A true 0
    shows, unless hiding it is the only way.

    >>> find_withheld([17, 3, 0, 26]).tolist()
    [True, True, False, False]
    >>> find_withheld([17, 10, 19]).tolist()
    [False, False, False]
    """
    people = np.asarray(counts, dtype=float)
    return _hide_enough(people, (people > 0) & (people < SMALLEST_COUNT), FEWEST_VALUES)


def _hide_enough(people: np.ndarray, hidden: np.ndarray, fewest: float) -> np.ndarray:
    hidden = hidden.copy()
    while hidden.any() and not hidden.all():
        values = people[hidden].sum() - hidden.sum() + 1
        if hidden.sum() > 1 and values >= fewest:
            break
        shown = np.flatnonzero(~hidden)
        filled = shown[people[shown] > 0]
        choice = filled if len(filled) else shown
        hidden[choice[np.argmin(people[choice])]] = True
    return hidden


def find_withheld_cells(counts: np.ndarray, *, fewest: float = FEWEST_VALUES) -> np.ndarray:
    """The same for a table whose row totals and column totals are known; safe, not the fewest.

    ``fewest`` is how many values a withheld count must still have; where the table prints other
    figures than the counts, so that no sum of them is known, ``-inf`` hides pairs and no more.

    >>> find_withheld_cells(np.array([[6, 2, 9], [9, 8, 9], [7, 9, 8]])).tolist()
    [[True, True, True], [True, True, False], [True, False, True]]
    """
    people = np.asarray(counts, dtype=float)
    hidden = (people > 0) & (people < SMALLEST_COUNT)
    while True:
        before = hidden.copy()
        for table, flags in ((people, hidden), (people.T, hidden.T)):
            for line, row in zip(table, flags, strict=True):
                row[:] = _hide_enough(line, row, fewest)
        if (before == hidden).all():
            return hidden


def find_few(people: pd.Series) -> pd.Series:
    """Which counts are of one to four people."""
    return people.between(1, SMALLEST_COUNT - 1)


def hide_companions(hidden: pd.Series, size: pd.Series) -> pd.Series:
    """``hidden`` with the smallest of the others added where exactly one row is hidden.

    >>> hide_companions(pd.Series([True, False, False]), pd.Series([3, 40, 20])).tolist()
    [True, False, True]
    """
    if hidden.sum() != 1 or hidden.all():
        return hidden
    return hidden | (hidden.index == size[~hidden].idxmin())
