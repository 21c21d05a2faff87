"""Which rows of a published file are one authority's: by name, code, or half of a joint return."""

from __future__ import annotations

import pandas as pd

from wfanalytics.raw.neighbours import JOINT
from wfanalytics.raw.published import PublishedFile


def join_codes(published: PublishedFile) -> pd.DataFrame:
    """A file's measure rows, those of authorities with ``old_la_code`` and ``region_name``."""
    areas = published.areas[["area_code", "period_end", "old_la_code", "region_name"]]
    return published.measures.merge(
        areas, on=["area_code", "period_end"], how="left", validate="many_to_one"
    )


def find_own_rows(rows: pd.DataFrame, name: str, *, end: pd.Timestamp) -> pd.Series:
    """Which rows belong to the area called ``name``, whatever it was called in other years.

    A name two authorities have had means the one that had it last, up to ``end``: Dorset is
    838 from 2019 and was 835 before, with other boundaries, and the two are never one line.
    ``835`` itself asks for the former. Half of a joint return's name or code is that return.

    >>> rows = pd.DataFrame({"area_name": ["Dorset", "Dorset"], "old_la_code": ["835", "838"],
    ...                      "period_end": pd.to_datetime(["2018-09-30", "2019-09-30"])})
    >>> find_own_rows(rows, "dorset", end=pd.Timestamp("2023-09-30")).tolist()
    [False, True]
    """
    wanted = name.strip().casefold()
    names, codes = rows["area_name"].str.casefold(), rows["old_la_code"].fillna("")
    for texts in (names, codes):
        if (texts == wanted).any():
            return _keep_one(rows, texts == wanted, end=end)
    for texts in (names, codes):
        halves = {text: text.split(JOINT) for text in texts.unique()}
        is_half = texts.map({text: wanted in parts for text, parts in halves.items()})
        if is_half.any():
            return _keep_one(rows, is_half, end=end)
    return names == wanted


def _keep_one(rows: pd.DataFrame, is_found: pd.Series, *, end: pd.Timestamp) -> pd.Series:
    """The rows of the one code that is newest by ``end``; England and regions have no code."""
    found = rows[is_found]
    known = found[found["period_end"] <= end]
    code = (found if known.empty else known).sort_values("period_end")["old_la_code"].iloc[-1]
    return is_found if pd.isna(code) else rows["old_la_code"] == code
