"""Rows of a long table, whose text columns are codes of their distinct texts.

Every step over them is one over whole arrays of whole numbers, however long the table.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api.types import union_categoricals

Numbers = npt.NDArray[np.int64]
#: Up to so many groups a row, sums are kept for groups that do not occur too.
_DENSE = 4


def is_coded(text: pd.Series) -> bool:
    """Whether a column is held as codes of its distinct texts."""
    return isinstance(text.dtype, pd.CategoricalDtype)


def factorize(column: pd.Series) -> tuple[Numbers, pd.Index]:
    """The place of each row's value among the column's distinct values, and those.

    A column held as codes may list texts that are in none of its rows.
    """
    if is_coded(column):
        return column.array.codes.astype("int64"), column.cat.categories
    codes, distinct = pd.factorize(column, use_na_sentinel=False)
    return codes, pd.Index(distinct)


def take_text(
    texts: Sequence[str] | pd.Series, places: npt.NDArray[np.signedinteger], index: pd.Index
) -> pd.Series:
    """A column of texts, one for each of ``places``, held as codes; its texts in order.

    >>> take_text(["b", "a", "b"], np.array([0, 1, 2]), pd.RangeIndex(3)).cat.codes.tolist()
    [1, 0, 1]
    """
    codes, distinct = pd.factorize(np.asarray(texts, dtype="object"), sort=True)
    codes = codes.astype(np.min_scalar_type(-len(distinct) - 1), copy=False)
    held = pd.Categorical.from_codes(codes[places], categories=pd.Index(distinct, dtype="str"))
    return pd.Series(held, index=index)


def spell_out(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with their codes written out as text."""
    written = {
        name: pd.array(column.cat.categories, dtype="str").take(column.cat.codes)
        for name, column in rows.items()
        if is_coded(column)
    }
    return rows.assign(**written) if written else rows


def spread(text: pd.Series, judge: Callable[[str], object], *, dtype: str = "object") -> pd.Series:
    """``judge`` applied to each distinct value once, then spread over the rows."""
    if is_coded(text):
        judged = np.array([judge(value) for value in text.cat.categories.tolist()], dtype=dtype)
        return pd.Series(judged[text.array.codes], index=text.index, dtype=dtype, copy=False)
    values = text.tolist()
    known = {value: judge(value) for value in set(values)}
    return pd.Series([known[value] for value in values], index=text.index, dtype=dtype)


def is_blank(text: pd.Series) -> pd.Series:
    """The cells with nothing, or only spaces."""
    return spread(text, lambda value: not value.strip(), dtype="bool")


def spread_text(text: pd.Series, judge: Callable[[str], str]) -> pd.Series:
    """``judge`` of each distinct text, text to text, held as the column is."""
    if is_coded(text):
        judged = [judge(value) for value in text.cat.categories.tolist()]
        return take_text(judged, text.array.codes, text.index)
    known = {value: judge(value) for value in set(text)}
    return pd.Series([known[value] for value in text], index=text.index, dtype="object")


def code_rows(rows: pd.DataFrame, names: Sequence[str]) -> tuple[Numbers, int]:
    """A number for each row, the same where all of ``names`` are the same; and how many at most.

    >>> code_rows(pd.DataFrame({"a": [5, 5, 7], "b": ["x", "y", "x"]}), ["a", "b"])
    (array([0, 1, 2]), 4)
    """
    numbers, size = np.zeros(len(rows), "int64"), 1
    for name in names:
        codes, distinct = factorize(rows[name])
        count = max(len(distinct), 1)
        if size * count > np.iinfo("int64").max:
            numbers, found = pd.factorize(numbers)
            size = len(found)
        numbers *= count
        numbers += codes
        size *= count
    return numbers, size


def find_shared(rows: pd.DataFrame, names: Sequence[str]) -> pd.Series:
    """Rows that are, in all of ``names``, as another row is."""
    numbers, _ = code_rows(rows, names)
    ordered = np.sort(numbers)
    again = np.unique(ordered[1:][ordered[1:] == ordered[:-1]])
    is_shared = np.isin(numbers, again) if len(again) else np.zeros(len(rows), "bool")
    return pd.Series(is_shared, index=rows.index)


def find_again(rows: pd.DataFrame, names: Sequence[str]) -> pd.Series:
    """Rows that are, in all of ``names``, as an earlier row is."""
    is_again = find_shared(rows, names)
    if is_again.any():
        is_again[is_again] = rows.loc[is_again, list(names)].duplicated()
    return is_again


def sum_groups(rows: pd.DataFrame, names: Sequence[str], value: str) -> pd.Series:
    """The sum of ``value`` over the rows that are the same in ``names``, for each row."""
    numbers, size = code_rows(rows, names)
    if size > _DENSE * len(rows) + 1_000:
        numbers, _ = pd.factorize(numbers)
    sums = np.bincount(numbers, weights=rows[value].to_numpy())
    return pd.Series(sums[numbers], index=rows.index)


def join_rows(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Tables under one another; columns held as codes stay so."""
    if len(frames) == 1:
        return frames[0].reset_index(drop=True)
    rows = pd.concat(frames, ignore_index=True)
    for name in rows:
        parts = [frame.get(name) for frame in frames]
        if all(part is not None and is_coded(part) for part in parts) and not is_coded(rows[name]):
            rows[name] = union_categoricals(parts, sort_categories=True)
    return rows
