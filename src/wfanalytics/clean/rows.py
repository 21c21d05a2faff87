"""Rows that are not data: repeated headings, totals, footnotes, doubles, second deliveries."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd

from wfanalytics.clean.coded import find_again, find_shared, is_blank
from wfanalytics.clean.columns import (
    BLANK_WORDS,
    ERROR_WORDS,
    Column,
    parse_date,
    parse_month_text,
    parse_number,
    spread,
)
from wfanalytics.clean.repairs import Ledger, place_rows
from wfanalytics.clean.text import fix_text
from wfanalytics.errors import InputError, raise_first
from wfanalytics.periods import format_date, format_month
from wfanalytics.raw.headings import RawTable, hide_personal, normalise, required_fields

# Normalised: "Total", "Grand total", "Sum of FTE", and Excel's "City Safeguarding Total".
_TOTAL = re.compile(r"(grand |sub |service |team )*(total|totals|sum)\b.*|.*\b(sub)?totals?")
_GRAND_TOTALS = frozenset({"total", "totals", "grand total", "sum"})
_SUBTOTAL_WORDS = re.compile(r"\b((sub)?totals?|sum|of|team|service|for)\b")
_PRODUCED = re.compile(r"\b(produced|extracted|run on|created|printed)\b", re.IGNORECASE)
_DATE_IN_TEXT = re.compile(
    r"\d{4}-\d{2}-\d{2}|\d{1,2}[/.]\d{1,2}[/.]\d{2,4}"
    r"|\d{1,2}(?:st|nd|rd|th)? [A-Za-z]{3,9},? \d{4}|\d{1,2}-[A-Za-z]{3,4}-\d{2,4}"
)
# 2019-07, 201907, 2019-07-31 and 20190731; 31-07-2019 and 07-2019; July 2019 and Jul19.
_DAY = r"(?:[0-2]\d|3[01])"
_YEAR_FIRST = re.compile(rf"(?<!\d)(20\d\d)[-_ .]?(0[1-9]|1[0-2])(?:[-_ .]?{_DAY})?(?!\d)")
_MONTH_FIRST = re.compile(rf"(?<!\d)(?:{_DAY}[-_ .])?(0[1-9]|1[0-2])[-_ .](20\d\d)(?!\d)")
MONTH_WORD = re.compile(
    r"(?<![a-z])(jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)"
    r"(?:uary|ruary|ch|il|e|y|ust|ember|tember|ober)?"
    r"(?:[-_ .']*(20\d\d|\d\d)(?![-/]?\d))?(?![a-z])",
    re.IGNORECASE,
)
_UP_TO = re.compile(r"(?<![a-z])(to|until|since|from)(?![a-z])", re.IGNORECASE)
_TOTAL_TOLERANCE = 0.051  # half the last digit of one decimal, and a little for adding floats
_NO_POST = frozenset({*BLANK_WORDS, "none"})
_BOOKKEEPING = ("row", "first", "filled", "file", "sheet")


def prepare_rows(
    table: RawTable, ledger: Ledger, *, sums: Sequence[str] = (), may_be_empty: bool = False
) -> pd.DataFrame:
    """A raw table's data rows, with their file and sheet; the rest goes to the ledger.

    ``sums`` are the fields a Total row adds up; a total that does not agree is queried. A list
    that ``may_be_empty``, of one kind of staff, is asked about where it is.

    Raises
    ------
    InputError
        where nothing is left: an extract without rows is a failed export, not a quiet month.
    """
    rows = fix_text(place_rows(table), table, ledger)
    for heading in table.unknown:
        ledger.note_file(
            table, "A30", column=heading,
            reason=f"column {hide_personal(heading)!r} was not read: profile.yml gives it no field",
        )  # fmt: skip
    rows = ledger.refuse(rows, _is_heading(rows, table), "A15")
    is_total = _is_total(rows, required_fields(ledger.table))
    is_note = (rows["filled"] == 1) & (len(table.headings) > 2)
    if is_total.any():
        _check_totals(rows[~is_total & ~is_note], rows[is_total], ledger, sums)
    rows = ledger.refuse(rows, is_total | is_note, "A12")
    if rows.empty and may_be_empty:
        ledger.note_file(table, "A30", severity="Q", reason="the list is empty: taken as nobody")
    elif rows.empty:
        raise InputError(
            "no rows stand under the headings", file=table.sheet.file, sheet=table.sheet.sheet,
            row=table.heading_row, remedy="Ask for the extract again, or move the file out.",
        )  # fmt: skip
    fields = [name for name in rows.columns if name not in _BOOKKEEPING]
    return ledger.refuse(rows, find_again(rows, fields), "A18")


def _is_heading(rows: pd.DataFrame, table: RawTable) -> pd.Series:
    is_like = rows["first"].isin([*table.headings.values(), *table.unknown])
    if not is_like.any():
        return is_like
    same = [rows[name].str.strip() == heading for name, heading in table.headings.items()]
    return is_like & (sum(same, start=pd.Series(0, rows.index)) > len(table.headings) / 2)


def _is_total(rows: pd.DataFrame, needed: Sequence[str]) -> pd.Series:
    """Rows that begin as a total does and leave empty what every data row has."""
    is_total = spread(rows["first"], names_total, dtype="bool")
    for row in is_total.index[is_total]:
        blank = [name for name in needed if name in rows and not rows.loc[row, name].strip()]
        is_total[row] = bool(blank) or len(needed) == 1
    return is_total


def names_total(text: str) -> bool:
    """Whether a row's first text begins or ends as that of a total does.

    >>> names_total("Grand Total"), names_total("City Safeguarding Total"), names_total("Toton")
    (True, True, False)
    """
    lower = text.casefold()
    is_likely = "total" in lower or lower.startswith("sum")
    return is_likely and _TOTAL.fullmatch(normalise(text)) is not None


def _check_totals(
    body: pd.DataFrame, totals: pd.DataFrame, ledger: Ledger, sums: Sequence[str]
) -> None:
    """Compare the one grand total, and each team's, with the rows they are of (rule 12)."""
    is_grand = [normalise(text) in _GRAND_TOTALS for text in totals["first"]]
    if sum(is_grand) == 1:
        _compare(body, totals[is_grand], ledger, sums)
    if "team" not in body:
        return
    teams = spread(body["team"], normalise)
    for place in totals.index[[not one for one in is_grand]]:
        named = _SUBTOTAL_WORDS.sub(" ", normalise(totals.loc[place, "first"]))
        of_team = body[teams == normalise(named)]
        if len(of_team):
            _compare(of_team, totals.loc[[place]], ledger, sums)


def _compare(body: pd.DataFrame, grand: pd.DataFrame, ledger: Ledger, sums: Sequence[str]) -> None:
    for name in (field for field in sums if field in body):
        text = grand[name].iloc[0]
        stated = parse_number(text)
        added = spread(body[name], parse_number, dtype="float64").sum()
        if stated is not None:
            severity, agrees = "Q", bool(abs(stated - added) <= _TOTAL_TOLERANCE)
            reason = f"the Total row says {stated:g} and the rows add up to {added:g}"
        elif text.strip().casefold() in ERROR_WORDS:
            severity, agrees, reason = "E", False, "the Total row holds an error"
        else:
            continue
        ledger.totals[*grand.iloc[0][["file", "sheet", "row"]], name] = agrees
        if not agrees:
            ledger.note(grand, "A12", column=name, severity=severity, before=text, reason=reason)


def clean_post_ids(column: Column, rows: pd.DataFrame, ledger: Ledger) -> pd.Series:
    """Post numbers written one way, so that two extracts agree; '' where there is none.

    ``p1001 `` and ``P 1001`` become ``P1001``, and ``1001.0`` becomes ``1001`` (rule 21).
    """
    posts = spread(column.text, _standard_post)
    is_changed = posts != column.text
    if is_changed.any():
        is_word = is_changed & (posts == "") & ~is_blank(column.text)
        ledger.note(rows[is_word], "A26", column="post_id", before=column.text[is_word])
        is_mended = is_changed & (posts != "")
        ledger.note(rows[is_mended], "A21", column="post_id", before=column.text[is_mended],
                    after=posts[is_mended])  # fmt: skip
    return posts.astype("str")


def _standard_post(text: str) -> str:
    if text.strip().casefold() in _NO_POST:
        return ""
    number = "".join(text.split()).upper()
    return re.sub(r"\.0+$", "", number) if "." in number else number


def refuse_doubles(rows: pd.DataFrame, key: Sequence[str], problem: str, ledger: Ledger,
                   ) -> pd.DataFrame:  # fmt: skip
    """Rows that are the same once cleaned, refused; two that differ and share a key, an error.

    Rule 18 repairs a row that stands twice. Where the two say different things nothing tells
    which is right, and to take either would be a guess.
    """
    is_shared = find_shared(rows, key)
    if not is_shared.any():
        return rows
    values = [name for name in rows.columns if name not in (*_BOOKKEEPING, "month")]
    # Rows the same in all values have one key too, where those hold the key.
    among = rows[is_shared] if set(key) <= set(values) else rows
    is_same = pd.Series(False, rows.index)
    is_same[among.index] = among.duplicated(values)
    rows, among = ledger.refuse(rows, is_same, "A18"), rows[is_shared & ~is_same]
    again = among[among.duplicated(list(key))]
    own = again[again.index.isin(among.index[among.duplicated(["file", "sheet", *key])])]
    found = pd.concat([again[:1], own.drop_duplicates(["file", "sheet"])])
    raise_first([
        InputError(problem, file=file, sheet=sheet, row=int(row), rule="A18",
                   remedy="Keep the right row, or add the two up in one.")
        for file, sheet, row in zip(found["file"], found["sheet"], found["row"], strict=True)
    ])  # fmt: skip
    return rows


def find_as_at(table: RawTable, ledger: Ledger) -> pd.Timestamp:
    """The month end a snapshot file is about: from its titles, sheet name or file name.

    Raises
    ------
    InputError
        where none of them names a date, or they name different months (rule 2).
    """
    sheet = table.sheet
    if table.as_at is not None:
        return _month_end(table, table.as_at, ledger)
    dated = [_date_in(text) for text in table.titles if not _PRODUCED.search(text)]
    title = next((date for date in dated if date is not None), None)
    name = month_of_file(table)
    date = title if title is not None else name
    if date is None:
        months = {month_in_name(text) for text in table.titles if not _PRODUCED.search(text)}
        date = months.pop() if len(months := months - {None}) == 1 else None
    if date is None:
        raise InputError(
            "nothing says which month this is", file=sheet.file, sheet=sheet.sheet,
            remedy="Put 2019-07 in the file's name; where a column says it, write that column's "
            "heading under headings in profile.yml, as as_at.",
        )  # fmt: skip
    if name is not None and date + pd.offsets.MonthEnd(0) != name:
        raise InputError(
            "the title and the file's name are about different months",
            file=sheet.file, sheet=sheet.sheet, found=format_date(date),
            allowed=f"a date in {format_month(name)}", remedy="Correct whichever is wrong.",
            rule="A02",
        )  # fmt: skip
    return _month_end(table, date, ledger)


def _month_end(table: RawTable, date: pd.Timestamp, ledger: Ledger) -> pd.Timestamp:
    end = date + pd.offsets.MonthEnd(0)
    if end != date:
        ledger.note_file(table, "A02", before=format_date(date),
                         reason="used as the month's end")  # fmt: skip
    return end


def month_of_file(table: RawTable) -> pd.Timestamp | None:
    """The month (its last day) in a sheet's name or in a file's name; None for neither.

    ``2011-12`` may be December 2011 or the financial year: it says nothing.

    Raises
    ------
    InputError
        where the two name different months.
    """
    of_sheet = month_in_name(table.sheet.sheet)
    of_file = month_in_name(table.sheet.file.rsplit("/", 1)[-1].rpartition(".")[0])
    if of_sheet is None or of_file is None:
        return of_sheet if of_file is None else of_file
    if of_sheet != of_file:
        raise InputError(
            "the sheet and the file are named after different months", file=table.sheet.file,
            sheet=table.sheet.sheet, remedy="Rename whichever is wrong.",
        )  # fmt: skip
    return of_file


def month_in_name(text: str) -> pd.Timestamp | None:
    """The one month (its last day) that a file's or sheet's name is about, or None.

    A name with two months, or with "to" or "from", is about more than one month.

    >>> month_in_name("Staff list July 2019"), month_in_name("Staff 201907")
    (Timestamp('2019-07-31 00:00:00'), Timestamp('2019-07-31 00:00:00'))
    >>> month_in_name("Caseload 2011-12"), month_in_name("Apr to Sept 2019")
    (None, None)
    """
    words = list(MONTH_WORD.finditer(text))
    if len(words) > 1 or _UP_TO.search(text):
        return None
    named = [f"{word[1]} {word[2]}" for word in words if word[2]]
    numbers = [(match[1], match[2]) for match in _YEAR_FIRST.finditer(text)]
    numbers += [(match[2], match[1]) for match in _MONTH_FIRST.finditer(text)]
    named += [
        f"{year}-{month}-01" for year, month in numbers if int(month) != (int(year) + 1) % 100
    ]
    found = {parse_month_text(name) for name in named}
    return found.pop() if len(found) == 1 else None


def produced_on(table: RawTable) -> pd.Timestamp | None:
    """The date an extract says it was produced, or None."""
    dated = (_date_in(text) for text in table.titles if _PRODUCED.search(text))
    return next((date for date in dated if date is not None), None)


def _date_in(text: str) -> pd.Timestamp | None:
    match = _DATE_IN_TEXT.search(text)
    return parse_date(match[0]) if match else None
