"""Text to values, one column at a time: the distinct values are judged, then spread.

A value that is no value stays blank with a reason; nothing becomes zero and nothing is guessed.
The column, never the cell, decides how percentages and dates are written.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from wfanalytics.clean.coded import is_blank, is_coded, spread_text
from wfanalytics.clean.coded import spread as spread  # others take it from here
from wfanalytics.clean.repairs import PERSONAL_FIELDS, Ledger, place_rows
from wfanalytics.errors import InputError
from wfanalytics.periods import MONTH_NAMES
from wfanalytics.raw.headings import RawTable, hide_personal, normalise

#: What people write for "there is no number" -> why there is none.
BLANK_WORDS: dict[str, str] = {
    "": "missing", "-": "missing", "–": "missing", "n/a": "missing", "na": "missing",
    "#n/a": "missing", "tbc": "missing", "not known": "missing", "nk": "missing", "..": "missing",
    "c": "suppressed", "x": "unavailable", ":": "unavailable", "z": "not_applicable",
    "u": "unreliable", "low": "rounds_to_zero", "k": "rounds_to_zero",
    "#ref!": "missing", "#div/0!": "missing", "#value!": "missing", "#name?": "missing",
    "#num!": "missing", "#null!": "missing", "#error!": "missing",
}  # fmt: skip
#: What stands between thousands, and a minus sign a typist may use.
_NUMBER_SIGNS = str.maketrans({",": "", "\xa0": "", "\u202f": "", "−": "-"})
#: Of these, what a spreadsheet shows for a formula that failed.
ERROR_WORDS = frozenset(word for word in BLANK_WORDS if word.startswith("#"))
YES_WORDS = frozenset({"yes", "y", "true", "1"})
NO_WORDS = frozenset({"no", "n", "false", "0", ""})

# Excel counts days from 30 December 1899; 20,000 is 1954 and 60,000 is 2064.
_SERIAL_RANGE = (20_000, 60_000)
_EXCEL_EPOCH = pd.Timestamp("1899-12-30")
#: "Open" or "unknown": the first and last days of Excel, Access, Oracle, SQL Server and .NET.
_OPEN_DATES = pd.to_datetime(["9999-12-31", "4712-12-31", "1900-01-01", "1899-12-31", "1899-12-30",
                              "1753-01-01", "0001-01-01"])  # fmt: skip
_OLDEST = pd.Timestamp("1900-01-01")
#: A two-digit year at or above this is in the last century.
_YEAR_PIVOT = 50

_NUMBER = re.compile(r"[-−]?(?=\.?\d)(?:\d{1,3}(?:[,\xa0\u202f]\d{3})+|\d+)?(?:\.\d+)?", re.ASCII)
#: Less than some number: withheld, or too little to print.
_LESS_THAN = re.compile(r"<\s*\d+(\.\d+)?\s*%?", re.ASCII)
_MONTHS = {name.casefold(): i for i, name in enumerate(MONTH_NAMES, start=1)}
_MONTHS |= {name.casefold()[:3]: i for i, name in enumerate(MONTH_NAMES, start=1)} | {"sept": 9}
_TIME = r"(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
_DIGITS = re.compile(rf"(\d{{1,2}})[/.-](\d{{1,2}})[/.-](\d{{4}}|\d{{2}}){_TIME}", re.ASCII)
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[ T]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?", re.ASCII)
_WORDS = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[ -]([A-Za-z]+)[ ,-]*(\d{2}|\d{4})", re.ASCII)
_MONTH_YEAR = re.compile(r"([A-Za-z]+)[ '’-]*(\d{2}|\d{4})", re.ASCII)


@dataclass(frozen=True)
class Column:
    """One column of one raw table: the text, and where it is, for messages."""

    table: RawTable
    name: str
    text: pd.Series

    @property
    def heading(self) -> str:
        """The heading as written."""
        return self.table.headings.get(self.name, self.name)

    def refuse(
        self, is_bad: pd.Series, problem: str, *, allowed: str, remedy: str, rule: str = ""
    ) -> None:
        """Raise for the first bad cell; its text is shown unless it might name a person."""
        if not is_bad.any():
            return
        first = is_bad.idxmax()
        text = self.text[first].strip()
        raise InputError(
            problem, file=self.table.sheet.file, sheet=self.table.sheet.sheet,
            row=int(self.table.frame.loc[first, "row"]),
            column=self.heading,
            found=None if self.name in PERSONAL_FIELDS else hide_personal(text),
            allowed=allowed, remedy=remedy, rule=rule,
        )  # fmt: skip


def take_column(table: RawTable, rows: pd.DataFrame, name: str, *, default: str = "") -> Column:
    """A column of a table's remaining rows; ``default`` in each where the extract has none."""
    text = rows[name] if name in rows else pd.Series(default, index=rows.index, dtype="object")
    return Column(table, name, text)


def blank_status(text: str) -> str:
    """Why a cell has no number; ``ok`` where it may have one.

    >>> blank_status("n/a"), blank_status("<1%"), blank_status("< 5"), blank_status("0.5")
    ('missing', 'rounds_to_zero', 'suppressed', 'ok')
    """
    text = text.strip().casefold()
    if _LESS_THAN.fullmatch(text):
        return "rounds_to_zero" if text.endswith("%") else "suppressed"
    return BLANK_WORDS.get(text, "ok")


def parse_number(text: str) -> float | None:
    """A number as councils write it, thousands separators allowed; None when it is none.

    >>> parse_number("1,396"), parse_number(" 0.8 "), parse_number("full"), parse_number("")
    (1396.0, 0.8, None, None)
    """
    text = text.strip()
    if not _NUMBER.fullmatch(text):
        return None
    number = float(text.translate(_NUMBER_SIGNS))
    return number if math.isfinite(number) else None


def parse_percent(text: str) -> float | None:
    """``18.5%`` or ``18.5 %`` as 0.185; None for anything else.

    >>> parse_percent("18.5 %"), parse_percent("18.5")
    (0.185, None)
    """
    text = text.strip()
    if not text.endswith("%"):
        return None
    number = parse_number(text[:-1])
    return None if number is None else number / 100


def clean_numbers(
    column: Column, ledger: Ledger, *, kind: str = "number"
) -> tuple[pd.Series, pd.Series]:
    """A column of numbers and the status of each.

    ``kind`` is ``number``, or ``fraction`` for a share of one, where a whole column may be
    written as percentages (rule 13). Words that mean "no number" are noted (rule 26) and become
    a blank with a status; any other text is refused by name.

    Returns
    -------
    (values, statuses) : float Series with NaN where there is no value; text Series.
    """
    words = spread_text(column.text, blank_status)
    words = words if is_coded(words) else words.astype("str")
    has_value = spread(column.text, lambda text: blank_status(text) == "ok", dtype="bool")
    values = spread(column.text, parse_number, dtype="float64")
    if has_value.any() and (unread := has_value & values.isna()).any():
        percent = spread(column.text, parse_percent, dtype="float64")
        column.refuse(
            unread & percent.isna(), "not a number",
            allowed="a number, or an empty cell", remedy="Correct the cell.", rule="A26",
        )  # fmt: skip
        if kind == "number":
            column.refuse(unread, "a percentage where a number belongs", allowed="a number",
                          remedy="Correct the cell.", rule="A13")  # fmt: skip
        column.refuse(
            has_value & ~unread, "the column mixes percentages with other numbers",
            allowed="percentages in the whole column, or in none of it",
            remedy="Make the column one or the other.", rule="A13",
        )  # fmt: skip
        values = percent
        _note_percent(column, ledger)
    elif kind == "fraction" and "%" in column.heading and (values > 1).any():
        # 60 under a heading with % is 60%; a cell that Excel shows as 60% arrives as 0.6.
        column.refuse(
            (values > 0) & (values <= 1), "the column mixes percentages with shares of 1",
            allowed="such as 60 in the whole column, or 0.6 in the whole column",
            remedy="Make the column one or the other.", rule="A13",
        )  # fmt: skip
        values = values / 100
        _note_percent(column, ledger)
    if has_value.all():
        return values, words
    is_said = ~has_value & ~is_blank(column.text)
    if is_said.any():
        said = place_rows(column.table).loc[is_said.index[is_said]]
        ledger.note(said, "A26", column=column.name, before=column.text[said.index], after="")
    return values.where(has_value), words


def _note_percent(column: Column, ledger: Ledger) -> None:
    ledger.note_file(column.table, "A13", column=column.name,
                     before="percentages", after="fractions of 1")  # fmt: skip


def parse_date(text: str) -> pd.Timestamp | None:
    """A date in any form rule 14 allows, day first; None when it is none of them.

    >>> [str(parse_date(t))[:10] for t in ("17/07/2019", "17-Jul-19", "17th July 2019",
    ...                                    "2019-07-17", "43663")]
    ['2019-07-17', '2019-07-17', '2019-07-17', '2019-07-17', '2019-07-17']
    >>> parse_date("07/17/2019") is None
    True
    """
    text = text.strip()
    if match := _ISO.fullmatch(text):
        return _date(*(int(part) for part in match.groups()))
    if match := _DIGITS.fullmatch(text):
        day, month, year = match.groups()
        return _date(_year(year), int(month), int(day))
    if match := _WORDS.fullmatch(text):
        day, name, year = match.groups()
        return _date(_year(year), _MONTHS.get(name.casefold(), 0), int(day))
    if re.fullmatch(r"[0-9]{5}", text) and _SERIAL_RANGE[0] <= int(text) <= _SERIAL_RANGE[1]:
        return _EXCEL_EPOCH + pd.Timedelta(days=int(text))
    return None


def parse_month_text(text: str) -> pd.Timestamp | None:
    """``Sept-19``, ``Sep 19``, ``September 2019`` or any date, as the last day of the month.

    >>> parse_month_text("Sept-19"), parse_month_text("17/07/2019")
    (Timestamp('2019-09-30 00:00:00'), Timestamp('2019-07-31 00:00:00'))
    """
    match = _MONTH_YEAR.fullmatch(text.strip())
    if match and match[1].casefold() in _MONTHS:
        date = _date(_year(match[2]), _MONTHS[match[1].casefold()], 1)
    else:
        date = parse_date(text)
    return None if date is None else date + pd.offsets.MonthEnd(0)


def _year(text: str) -> int:
    if len(text) == 4:
        return int(text)
    return int(text) + (1900 if int(text) >= _YEAR_PIVOT else 2000)


def _date(year: int, month: int, day: int) -> pd.Timestamp | None:
    try:
        return pd.Timestamp(year=year, month=month, day=day)
    except ValueError:
        return None


def is_american(text: str) -> bool:
    """Whether a date can only be month-first.

    >>> is_american("07/31/2019"), is_american("07/08/2019"), is_american("31/07/2019")
    (True, False, False)
    """
    match = _DIGITS.fullmatch(text.strip())
    return match is not None and int(match[1]) <= 12 < int(match[2]) <= 31


def clean_dates(column: Column, *, optional: bool = False) -> pd.Series:
    """A column of dates; blanks and open or unknown dates are NaT where optional.

    A column with one date that can only be month-first is refused whole (rule 14): its other
    dates cannot be trusted either.
    """
    dates = spread(column.text, parse_date, dtype="datetime64[us]")
    if dates.isna().any():
        column.refuse(
            spread(column.text, is_american, dtype="bool"),
            "the dates look American, month first",
            allowed="day first, such as 31/07/2019",
            remedy="Export the file again with UK settings. No date in this column was used.",
            rule="A14",
        )
    is_open = dates.isin(_OPEN_DATES)
    is_bad = dates.isna() | is_open | (dates < _OLDEST)
    if optional and is_bad.any():
        is_bad = is_bad & ~is_open & ~is_blank(column.text)
    column.refuse(is_bad, "not a date",
                  allowed="31/07/2019, 31-Jul-19, 31 July 2019 or 2019-07-31",
                  remedy="Correct the cell.", rule="A14")  # fmt: skip
    return dates.mask(is_open) if is_open.any() else dates


def clean_words(
    column: Column, known: Mapping[str, str], *, own: Mapping[str, str] | None = None
) -> pd.Series:
    """A column of words from a list, mapped to ours; any other word is refused by name."""
    words = {normalise(k): v for k, v in known.items()}
    words |= {normalise(k): v for k, v in (own or {}).items()}
    mapped = spread(column.text, lambda text: words.get(normalise(text)))
    listed = ", ".join(sorted(repr(word) for word in words if word)[:12])
    ours = ", ".join(sorted({*known.values()} - {""}))
    column.refuse(
        mapped.isna(), "a word with no known meaning", allowed=listed,
        remedy="Correct the cell, or give the word a meaning under words: "
        f"{column.name} in profile.yml: {ours}.",
    )  # fmt: skip
    return mapped.astype("str")


def clean_flags(column: Column) -> pd.Series:
    """A yes/no column as booleans; blank is no."""
    words = dict.fromkeys(YES_WORDS, "yes") | dict.fromkeys(NO_WORDS, "no")
    return clean_words(column, words) == "yes"
