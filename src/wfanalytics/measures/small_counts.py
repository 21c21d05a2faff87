"""Which counts are withheld in a table made from worker rows, so that no total tells one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from wfanalytics.measures.suppression import SMALLEST_RANGE
from wfanalytics.thresholds import Disclosure

#: Fewest values a withheld count may still have for a reader who knows the total.
FEWEST_VALUES = SMALLEST_RANGE + 1


def find_withheld(counts: Sequence[float] | np.ndarray, *, rules: Disclosure) -> np.ndarray:
    """Which of the parts of a published total are withheld, as booleans.

    Counts of few people are; then the next smallest, until nobody who subtracts the parts
    shown from the total can bound a withheld one more tightly than three people. A true 0
    shows, unless hiding it is the only way.

    >>> find_withheld([17, 3, 0, 26], rules=Disclosure()).tolist()
    [True, True, False, False]
    >>> find_withheld([17, 10, 19], rules=Disclosure()).tolist()
    [False, False, False]
    """
    people = np.asarray(counts, dtype=float)
    return _hide_enough(people, np.asarray(rules.is_few(people)), FEWEST_VALUES)


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


def find_withheld_cells(
    counts: np.ndarray,
    *,
    rules: Disclosure,
    also: np.ndarray | bool = False,
    fewest: float = FEWEST_VALUES,
) -> np.ndarray:
    """The same for a table whose row totals and column totals are known; safe, not the fewest.

    ``also`` marks cells withheld elsewhere, so here too. ``fewest`` is how many values a withheld
    count must still have; where the table prints other figures than the counts, so that no sum
    of them is known, ``-inf`` hides pairs and no more.

    >>> counts = np.array([[6, 2, 9], [9, 8, 9], [7, 9, 8]])
    >>> find_withheld_cells(counts, rules=Disclosure()).tolist()
    [[True, True, True], [True, True, False], [True, False, True]]
    """
    people = np.asarray(counts, dtype=float)
    # A true 0 that is withheld elsewhere covers its row and needs no cover in its column.
    zeros = np.broadcast_to(also, people.shape) & (people == 0)
    hidden = (np.asarray(rules.is_few(people)) | also) & ~zeros
    while True:
        before = hidden.copy()
        for line, row, zero in zip(people, hidden, zeros, strict=True):
            row |= _hide_enough(line, row | zero, fewest) & ~zero
        for line, column in zip(people.T, hidden.T, strict=True):
            column[:] = _hide_enough(line, column, fewest)
        if (before == hidden).all():
            return np.asarray(hidden | zeros)


def hide_companions(hidden: pd.Series, size: pd.Series) -> pd.Series:
    """``hidden`` with the smallest of the others added where exactly one row is hidden.

    >>> hide_companions(pd.Series([True, False, False]), pd.Series([3, 40, 20])).tolist()
    [True, False, True]
    """
    if hidden.sum() != 1 or hidden.all():
        return hidden
    return hidden | (hidden.index == size[~hidden].idxmin())
