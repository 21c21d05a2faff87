"""Figures stated in committee papers, each with its document, paragraph and speaker's role."""

from __future__ import annotations

import csv
from datetime import datetime
from pathlib import Path

import pandas as pd

from wfanalytics.errors import InputError

COLUMNS = (
    "authority", "measure", "value", "unit", "qualifier", "as_at", "as_at_date",
    "as_at_date_source", "document", "paragraph", "stated_by", "kind", "comparable_measure",
    "note",
)  # fmt: skip
#: Without these a figure cannot be cited.
REQUIRED = ("authority", "measure", "as_at", "document", "paragraph", "stated_by", "kind")


def read_stated(path: str | Path) -> pd.DataFrame:
    """Figures stated in committee papers, one row a figure, as stated.

    Columns: ``authority``; ``measure``, a name for the figure, not one of ours; ``value`` in
    ``unit`` (a percentage is 7, not 0.07; null where only a direction was stated) with
    ``qualifier`` (about, under, average or empty); ``as_at`` as written, ``as_at_date`` its
    month end (NaT where undated) and ``as_at_date_source``, which says so when the date is not
    the document's own; ``document``, ``paragraph``, ``stated_by`` (a role), ``kind``;
    ``comparable_measure``, the one of our measures it may stand beside, or empty, and
    ``comparable_value``, the value on that measure's scale (rates from 0 to 1); ``note``.

    A stated vacancy gap is comparable with the uncovered rate, never with DfE's gross rate.

    Raises
    ------
    InputError
        naming file, line and column, for a missing column, an uncited figure, or a value or
        date that is not one.

    >>> read_stated("no such table.csv")
    Traceback (most recent call last):
    ...
    wfanalytics.errors.InputError: no such table.csv: the file cannot be read ...
    """
    rows = _read_rows(Path(path))
    frame = pd.DataFrame(rows, columns=list(COLUMNS), dtype="str")
    values = [_number(row["value"], path, line) for line, row in enumerate(rows, start=2)]
    dates = [_month_end(row["as_at_date"], path, line) for line, row in enumerate(rows, start=2)]
    frame["value"] = pd.Series(values, index=frame.index, dtype="float64")
    frame["as_at_date"] = pd.Series(dates, index=frame.index, dtype="datetime64[us]")
    scaled = frame["value"].where(frame["unit"] != "percent", frame["value"] / 100)
    frame["comparable_value"] = scaled.where(frame["comparable_measure"] != "")
    return frame


def _read_rows(path: Path) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True, restkey="", restval="")
            missing = sorted(set(COLUMNS) - set(reader.fieldnames or ()))
            rows = list(reader)
    except (OSError, csv.Error, UnicodeDecodeError):
        raise InputError(
            "the file cannot be read", file=path, remedy="Check that it is there, as UTF-8 CSV."
        ) from None
    if missing:
        raise InputError(
            "a column is missing", file=path, row=1, column=missing[0],
            allowed=", ".join(COLUMNS), remedy="Keep the columns of the shipped table.",
        )  # fmt: skip
    for line, row in enumerate(rows, start=2):
        empty = [column for column in REQUIRED if not row[column].strip()]
        if empty:
            raise InputError(
                "a stated figure without its source", file=path, row=line, column=empty[0],
                remedy="Say who stated it, when, and in which paragraph of which document.",
            )  # fmt: skip
    return [{column: row[column].strip() for column in COLUMNS} for row in rows]


def _number(text: str, path: str | Path, line: int) -> float:
    try:
        return float(text) if text else float("nan")
    except ValueError:
        raise InputError(
            "not a number", file=path, row=line, column="value", found=text,
            allowed="a number, or nothing", remedy="Put words in the note.",
        ) from None  # fmt: skip


def _month_end(text: str, path: str | Path, line: int) -> pd.Timestamp | None:
    if not text:
        return None
    try:
        date = pd.Timestamp(datetime.strptime(text, "%Y-%m-%d"))
    except ValueError:
        date = None
    if date is None or not date.is_month_end:
        raise InputError(
            "not the last day of a month", file=path, row=line, column="as_at_date", found=text,
            allowed="such as 2019-07-31, or nothing", remedy="Put the wording in as_at.",
        )  # fmt: skip
    return date
