"""Rows that were refused or asked about, with what each would count: FTE, cases, its date.

Only numbers and dates: no name, identifier or place. They say how much is at stake, so that
somebody can tell a slip from a figure that is wrong.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from wfanalytics.clean.columns import parse_date, parse_number, parse_percent
from wfanalytics.clean.repairs import Ledger
from wfanalytics.clean.rows import find_as_at
from wfanalytics.clean.words import EMPLOYMENT_WORDS, MOVEMENT_WORDS
from wfanalytics.errors import InputError
from wfanalytics.frames import CASE_TYPES
from wfanalytics.raw.headings import RawTable, normalise

DOUBTFUL_COLUMNS = ("table", "file", "sheet", "row", "rule", "severity", "reason", "is_row_refused",
                    "date", "kind", "fte", "cases")  # fmt: skip
_TABLES = ("posts", "workers", "movements", "caseload")
#: Rows of these rules hold no data: totals, headings, posts without a holder.
_NO_DATA = ("A03", "A12", "A15")
_DATES = {"movements": "date", "caseload": "week_ending"}
_KINDS = {"workers": ("employment", EMPLOYMENT_WORDS), "movements": ("movement", MOVEMENT_WORDS)}
_PLACE = ["file", "sheet", "row"]


def find_doubtful(
    table: str,
    raw: Sequence[RawTable],
    repairs: pd.DataFrame,
    *,
    words: Mapping[str, Mapping[str, str]],
) -> pd.DataFrame:
    """The rows of posts, workers, movements and caseload that the ledger refuses or asks about.

    Returns
    -------
    DataFrame with :data:`DOUBTFUL_COLUMNS`, one row a ledger row: ``date`` is the row's month
    end, its own date or its week; ``kind`` permanent, agency, starter, leaver, ... or '';
    ``fte`` 0 to 1 and 1 where the row does not say; ``cases`` as the row says, else 0.
    """
    is_row = (repairs["row"] > 0) & (repairs["is_row_refused"] | (repairs["severity"] == "Q"))
    asked = repairs[is_row & ~repairs["rule"].isin(_NO_DATA)]
    places = {place: set(rows) for place, rows in asked.groupby(["file", "sheet"])["row"]}
    found = [
        row for part in raw if table in _TABLES
        for row in _list_values(
            table, part, places.get((part.sheet.file, part.sheet.sheet), set()), words
        )
    ]  # fmt: skip
    values = pd.DataFrame(found, columns=[*_PLACE, "date", "kind", "fte", "cases"])
    values = values.astype({"row": "int64", "fte": "float64", "cases": "float64"})
    values = values.assign(date=pd.to_datetime(values["date"]).astype("datetime64[us]"))
    joined = asked.merge(values.drop_duplicates(_PLACE), on=_PLACE, validate="many_to_one")
    return joined[list(DOUBTFUL_COLUMNS)]


def _list_values(
    table: str, part: RawTable, asked: set[int],
    words: Mapping[str, Mapping[str, str]],
) -> list[tuple[object, ...]]:  # fmt: skip
    sheet, frame = part.sheet, part.frame
    is_asked = frame["row"].isin(asked)
    if not is_asked.any():
        return []
    as_at = None if table in _DATES else _find_month(part)
    name, known = _KINDS.get(table, ("", {}))
    own = {normalise(k): v for k, v in {**known, **words.get(name, {})}.items()}
    rows: list[tuple[object, ...]] = []
    for row in frame[is_asked].to_dict("records"):
        date = as_at if table not in _DATES else parse_date(str(row[_DATES[table]]))
        kind = own.get(normalise(str(row.get(name, ""))), "")
        place = (sheet.file, sheet.sheet, row["row"])
        rows.append((*place, date, kind, _read_fte(row.get("fte")), _read_cases(row)))
    return rows


def _find_month(part: RawTable) -> pd.Timestamp | None:
    try:
        return find_as_at(part, Ledger("posts")) + pd.offsets.MonthEnd(0)
    except InputError:
        return None


def _read_fte(text: object) -> float:
    """The FTE a row says, from 0 to 1; 1, the most it can be, where it says none."""
    number = parse_number(str(text))
    number = parse_percent(str(text)) if number is None else number
    return 1.0 if number is None else min(max(number, 0.0), 1.0)


def _read_cases(row: Mapping[str, object]) -> float:
    stated = parse_number(str(row.get("cases", "")))
    types = (parse_number(str(row.get(f"cases_{name}", ""))) for name in CASE_TYPES)
    return sum(filter(None, types), 0.0) if stated is None else stated
