"""One more withheld where one alone could be had by subtraction from the others' total."""

from __future__ import annotations

import pandas as pd


def hide_companions(hidden: pd.Series, size: pd.Series) -> pd.Series:
    """``hidden`` with the smallest of the others added where exactly one row is hidden.

    >>> hide_companions(pd.Series([True, False, False]), pd.Series([3, 40, 20])).tolist()
    [True, False, True]
    """
    if hidden.sum() != 1 or hidden.all():
        return hidden
    return hidden | (hidden.index == size[~hidden].idxmin())
