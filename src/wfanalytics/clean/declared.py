"""What ``profile.yml`` declares of an extract, and a sheet cannot say in a column.

Merged cells are filled down only in the columns the profile names; a column is taken from the
file's name only where the profile says so; weeks side by side become rows only where it says
so. A second table below the first is never read with it.
"""

from __future__ import annotations

import fnmatch
import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import pandas as pd

from wfanalytics.clean.columns import parse_date, spread
from wfanalytics.clean.layouts import end_week, is_first_day
from wfanalytics.clean.repairs import Ledger
from wfanalytics.clean.rows import names_total
from wfanalytics.errors import InputError
from wfanalytics.raw.headings import RawTable, heading_texts, known_headings, normalise
from wfanalytics.raw.synonyms import is_known
from wfanalytics.raw.tables import RawSheet
from wfanalytics.settings import FilePart, Source

FROM_NAME = "(the file's name)"
#: A row with so many known headings, and this share of its cells, begins a table.
_FEWEST, _SHARE = 3, 0.6
#: Tables are put one below another by hand: a longer sheet is one export, and is not searched.
_MOST_LINES = 5_000
_WEEK_WORDS = re.compile(r"^(w/?[ec]|wk|week( ending| end| commencing)?)\b[ :]*", re.IGNORECASE)


def find_part(sheet: RawSheet, source: Source) -> FilePart:
    """What the profile says of files or sheets of this name; an empty part where nothing."""
    names = (sheet.file.rsplit("/", 1)[-1], sheet.sheet)
    for pattern, part in source.files.items():
        if any(fnmatch.fnmatchcase(name, pattern) for name in names):
            return part
    return FilePart()


def add_values(table: RawTable, values: Mapping[str, str]) -> RawTable:
    """The table with the columns its file's name stands for."""
    new = {name: text for name, text in values.items() if name not in table.headings}
    headings = {**table.headings, **dict.fromkeys(new, FROM_NAME)}
    return replace(table, frame=table.frame.assign(**new), headings=headings)


def fill_merged(table: RawTable, fields: Sequence[str], ledger: Ledger) -> RawTable:
    """The table with the merged cells of declared columns filled down (rule 15).

    A merged cell holds its text in its first row only. Totals and footnotes stay as they are.
    """
    frame = table.frame
    is_data = ~spread(frame["first"], names_total).astype(bool) & (frame["filled"] > 1)
    for name in (field for field in fields if field in frame):
        is_blank = frame[name].str.strip() == ""
        above = frame[name].where(is_data & ~is_blank).ffill()
        is_filled = is_blank & is_data & above.notna()
        frame = frame.assign(**{name: frame[name].mask(is_filled, above)})
        if is_filled.any():
            reason = f"merged cells: {is_filled.sum()} rows filled down"
            ledger.note_file(table, "A15", column=name, severity="F", reason=reason)
    return replace(table, frame=frame)


def spread_weeks(sheet: RawSheet, table: RawTable) -> list[RawTable]:
    """A sheet with a column a week as one table a week; a blank cell is no row.

    Raises
    ------
    InputError
        where no heading is a date.
    """
    heads = [alone for alone, _ in heading_texts(sheet.cells, table.heading_row - 1)]
    found = {place: week for place, head in enumerate(heads) if (week := read_week(head))}
    if not found:
        raise InputError(
            "no heading is the date of a week", file=sheet.file, sheet=sheet.sheet,
            row=table.heading_row, allowed="a date, such as 05/07/2020, over each week's cases",
            remedy="Take 'weeks: across' out of profile.yml where the weeks stand in rows.",
        )  # fmt: skip
    unknown = tuple(text for text in table.unknown if read_week(text) is None)
    parts = []
    for place, week in found.items():
        lines = (sheet.cells[row - 1] for row in table.frame["row"])
        cases = pd.Series([line[place] if place < len(line) else "" for line in lines],
                          table.frame.index, dtype="object")  # fmt: skip
        has_cases = cases.str.strip() != ""
        frame = table.frame.assign(week_ending=week, cases=cases)[has_cases]
        headings = {**table.headings, "week_ending": heads[place], "cases": heads[place]}
        parts.append(replace(table, frame=frame, headings=headings, unknown=unknown))
        unknown = ()  # said once
    return [part for part in parts if len(part.frame)]


def read_week(heading: str) -> str | None:
    """The date a heading such as ``w/e 05/07/2020`` gives, as written; None for no date.

    >>> read_week("w/e 05/07/2020"), read_week("Worker")
    ('05/07/2020', None)
    >>> read_week("w/c 29/06/2020")
    '2020-07-05'
    """
    text = _WEEK_WORDS.sub("", heading.strip())
    if parse_date(text) is None:
        return None
    return end_week(text) if is_first_day(heading) else text


def find_second_table(sheet: RawSheet) -> int | None:
    """The row (from 1) where another table begins below the first; None where none does."""
    heads = _list_heading_rows(sheet) if len(sheet.cells) <= _MOST_LINES else iter(())
    first = next(heads, None)
    if first is None:
        return None
    # Titles, both rows of a heading split in two, and units: any may come again at a page break.
    top = {normalise(cell) for line in sheet.cells[: first[0] + 2] for cell in line}
    for row, texts in heads:
        if row > first[0] + 2 and len(texts & top) * 2 < len(texts):
            return row
    return None


def cut_sheet(sheet: RawSheet, row: int) -> RawSheet:
    """The sheet above a row."""
    return replace(sheet, cells=sheet.cells[: row - 1])


def _list_heading_rows(sheet: RawSheet) -> Iterator[tuple[int, frozenset[str]]]:
    """Rows that hold headings and nothing else, with their known texts."""
    for number, line in enumerate(sheet.cells, start=1):
        start = next((cell for cell in line if cell), "")
        if not _is_heading(start):
            continue
        filled = [cell for cell in line if cell.strip()]
        known = frozenset(normalise(cell) for cell in filled if _is_heading(cell))
        has_digits = any(c.isdigit() for cell in filled for c in cell)
        if not has_digits and len(known) >= max(_FEWEST, _SHARE * len(filled)):
            yield number, known


@functools.lru_cache(maxsize=20_000)
def _is_heading(text: str) -> bool:
    is_short = bool(text.strip()) and len(text) < 60 and not any(c.isdigit() for c in text)
    return is_short and any(is_known(text, kind) for kind in known_headings())
