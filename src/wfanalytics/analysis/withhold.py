"""Which cells of a table of places by parts rest on too few people to be shown."""

from __future__ import annotations

import numpy as np
import pandas as pd

from wfanalytics.measures.disclosure import SMALLEST_COUNT


def find_withheld(people: pd.DataFrame) -> pd.DataFrame:
    """Cells that rest on one to four people, and one more wherever one would stand alone.

    ``people`` has a row a place and a column a part; a cell is how many people it rests on. Rows
    and columns have totals that are shown, so a cell alone in either could be had by
    subtraction: the cell with the next fewest people goes too, an empty one if there is no other.

    >>> people = pd.DataFrame([[3, 6, 9], [8, 7, 9]], columns=["left", "joined", "moved"])
    >>> find_withheld(people).to_numpy().tolist()
    [[True, True, False], [True, True, False]]
    """
    counts = people.to_numpy(dtype=float)
    hidden = (counts > 0) & (counts < SMALLEST_COUNT)
    # Empty cells come last: hiding nothing hides least.
    order = np.where(counts > 0, counts, np.inf)
    for _ in range(hidden.size):
        before = hidden.copy()
        for lines, ranks in ((hidden, order), (hidden.T, order.T)):
            for line, rank in zip(lines, ranks, strict=True):
                if line.sum() == 1 and not line.all():
                    shown = np.flatnonzero(~line)
                    line[shown[np.argmin(rank[shown])]] = True
        if (before == hidden).all():
            break
    return pd.DataFrame(hidden, index=people.index, columns=people.columns)


def hide_companions(hidden: pd.Series, size: pd.Series) -> pd.Series:
    """``hidden`` with the smallest of the others added where exactly one row is hidden.

    >>> hide_companions(pd.Series([True, False, False]), pd.Series([3, 40, 20])).tolist()
    [True, False, True]
    """
    if hidden.sum() != 1 or hidden.all():
        return hidden
    return hidden | (hidden.index == size[~hidden].idxmin())
