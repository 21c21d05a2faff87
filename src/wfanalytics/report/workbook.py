"""``tables.xlsx``: cover, contents, notes and each table on a sheet, in the form of gptables."""

from __future__ import annotations

import importlib
import io
import re
import warnings
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any

import pandas as pd

from wfanalytics.present.exhibit import SavedExhibit
from wfanalytics.present.tables import FEW_WORDS, NO_COUNT, is_number_column, plain_value
from wfanalytics.present.words import NO_FIGURE, SHORT_STATUS_WORDS
from wfanalytics.report.paper_style import fix_dates
from wfanalytics.report.paper_table import clean_text
from wfanalytics.report.sections import Report, describe_making, describe_run

#: Symbols of the Government Analysis Function, by the word that a table prints.
SYMBOLS = {
    SHORT_STATUS_WORDS["suppressed"]: "[c]",
    SHORT_STATUS_WORDS["unavailable"]: "[x]",
    SHORT_STATUS_WORDS["missing"]: "[x]",
    NO_FIGURE: "[x]",
    NO_COUNT: "[x]",
    **dict.fromkeys(FEW_WORDS, "[c]"),
    SHORT_STATUS_WORDS["not_applicable"]: "[z]",
    SHORT_STATUS_WORDS["rounds_to_zero"]: "[low]",
    SHORT_STATUS_WORDS["unreliable"]: "[u]",
}
SYMBOL_NOTE = (
    "Symbols: [c] withheld to protect people; [x] not available; [z] not applicable; [low] "
    "rounds to zero; [u] not reliable enough to publish. The status column beside says why."
)
#: Text that is read as a number: sign, digits, per cent sign, unit.
_PRINTED = re.compile(r"(?P<sign>[−+-]?)(?P<digits>[\d,]+(\.\d+)?)(?P<percent>%?)(?P<unit> FTE)?")
_WIDEST, _LONGEST_SHEET = 60, 31


def make_workbook(report: Report, *, date: datetime) -> bytes:
    """Write the tables of every exhibit; ``date`` stands in the properties."""
    notes = {SYMBOL_NOTE: "symbols"}
    exhibits = [item for part in report.parts for item in part.exhibits]
    shown = [item for item in exhibits if item.table is not None and len(item.table)]
    sheets = {item.key[:_LONGEST_SHEET]: _make_sheet(item, notes) for item in shown}
    if not sheets:
        sheets = {"no_tables": _say_nothing(report)}
    table = pd.DataFrame({"Reference": list(notes.values()), "Note": list(notes)})
    cover = _gptables().Cover(
        title=report.title,
        intro=[report.organisation, report.month, *([report.notice] if report.notice else [])],
        about=[*map(_guard, report.refused), *describe_making(report.manifest),
               *_list_absent(exhibits),
               describe_run(report.manifest)],
    )  # fmt: skip
    saved = io.BytesIO()
    with warnings.catch_warnings():
        # gptables uses a pandas option that warns, and asks for a reason in place of each gap.
        warnings.simplefilter("ignore")
        book = _gptables().produce_workbook(
            saved, sheets, cover=cover, notes_table=table, auto_width=False,
            workbook_options={"strings_to_formulas": False, "strings_to_urls": False},
        )  # fmt: skip
    _set_widths(book, sheets, table)
    book.set_properties(
        {"title": report.title, "author": report.organisation, "company": report.organisation,
         "created": date.replace(tzinfo=None)}
    )  # fmt: skip
    book.close()
    return fix_dates(saved)


@cache
def _gptables() -> Any:
    """gptables, which on import leaves a file of its own open and warns of it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        return importlib.import_module("gptables")


def number_table(table: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, str]]:
    """The table with numbers as numbers, a status beside withheld ones; number formats.

    >>> frame, formats = number_table(pd.DataFrame({"Team": ["A", "B"], "Rate": ["7.0%",
    ...                                                                        "withheld"]}))
    >>> print(frame.to_dict("list"), formats)
    {'Team': ['A', 'B'], 'Rate': [0.07, '[c]'], 'Rate, status': ['as reported', 'withheld']} \
{'Rate': '0.0%'}
    """
    columns: dict[str, list[Any]] = {}
    formats: dict[str, str] = {}
    for position, heading in enumerate(table.columns):
        values = [plain_value(value) for value in table.iloc[:, position]]
        texts = [clean_text(NO_FIGURE if v is None else str(v)) for v in values]
        name = _free_name(_guard(str(heading)), columns)
        if not is_number_column(table.iloc[:, position]) or len(_units(texts)) > 1:
            columns[name] = [_guard(text) for text in texts]
            continue
        unit = (_units(texts) or {("", "")}).pop()
        name = _free_name(f"{name}, FTE" if unit[1] and "FTE" not in name else name, columns)
        columns[name] = [SYMBOLS.get(text, text) if text in SYMBOLS else _number(text)
                         for text in texts]  # fmt: skip
        decimals = max(len(_decimals(text)) for text in texts)
        point = f".{'0' * decimals}" if decimals else ""
        formats[name] = f"0{point}%" if unit[0] else f"#,##0{point}"
        if any(text in SYMBOLS for text in texts):
            words = [text if text in SYMBOLS else "as reported" for text in texts]
            columns[_free_name(f"{name}, status", columns)] = words
    return pd.DataFrame(columns, dtype=object), formats


def _units(texts: list[str]) -> set[tuple[str, str]]:
    """The percent sign and unit that the numbers of a column carry."""
    found = [_PRINTED.fullmatch(text) for text in texts]
    return {(match["percent"], match["unit"] or "") for match in found if match}


def _decimals(text: str) -> str:
    match = _PRINTED.fullmatch(text)
    return match["digits"].partition(".")[2] if match else ""


def _number(text: str) -> float | int | str:
    match = _PRINTED.fullmatch(text)
    if match is None:
        return text
    value = Decimal(match["digits"].replace(",", "")) * (-1 if match["sign"] in ("−", "-") else 1)
    value = value / 100 if match["percent"] else value
    return int(value) if value == value.to_integral_value() else float(value)


def _free_name(name: str, used: dict[str, list[Any]]) -> str:
    number = 2
    free = name
    while free in used:
        free, number = f"{name} ({number})", number + 1
    return free


def _guard(text: str) -> str:
    """Text that gptables would read as a link or a note, or refuse for having no letter."""
    text = clean_text(text).replace("](", "] (").replace("$$", "$")
    return text if any(c.isalnum() for c in text) else f"{text} (as written)".strip()


def _make_sheet(item: SavedExhibit, notes: dict[str, str]) -> Any:
    assert item.table is not None
    frame, formats = number_table(item.table)
    references = []
    for note in item.notes:
        references.append(notes.setdefault(_guard(note), f"n{len(notes)}"))
    marks = "".join(f"$${name}$$" for name in [*references, "symbols"])
    return _gptables().GPTable(
        table=frame,
        table_name=item.key,
        title=_guard(item.table_caption or item.headline),
        subtitles=[_guard(text) for text in (item.headline, *item.sentences) if text],
        instructions=f"This worksheet contains one table.{marks}",
        source=f"Source: {_guard(item.source)}" if item.source else None,
        index_columns={2: 0},
        additional_formatting=[
            {"column": {"columns": [name], "format": {"num_format": form, "align": "right"}}}
            for name, form in formats.items()
        ],
    )


def _say_nothing(report: Report) -> Any:
    return _gptables().GPTable(
        table=pd.DataFrame({"Table": ["No table could be made; the cover says why."]}),
        table_name="no_tables", title=report.title,
        instructions="This worksheet contains one table.$$symbols$$", index_columns={2: 0},
    )  # fmt: skip


def _list_absent(exhibits: list[SavedExhibit]) -> list[str]:
    """Why an exhibit has no table here."""
    absent = [item for item in exhibits if item.table is None or not len(item.table)]
    said = [
        [*([] if item.question in item.headline else [f"{item.headline}."]), *item.sentences]
        for item in absent
    ]
    return [
        _guard(f"No table for “{item.question}”: {' '.join(texts)}")
        for item, texts in zip(absent, said, strict=True)
    ]


def _set_widths(book: Any, sheets: dict[str, Any], notes: pd.DataFrame) -> None:
    """Columns as wide as their text, up to a limit; gptables' own know none."""
    tables = {name: sheet.table for name, sheet in sheets.items()}
    contents = pd.DataFrame(
        {"Sheet name": list(sheets), "Table description": [str(s.title) for s in sheets.values()]}
    )
    numbered = pd.DataFrame({"Note number": [""] * len(notes), "Note": notes["Note"]})
    for name, table in {**tables, "Contents": contents, "Notes": numbered}.items():
        page = book.get_worksheet_by_name(name)
        for position, heading in enumerate(table.columns):
            longest = max(len(str(value)) for value in [heading, *table[heading]])
            page.set_column(position, position, min(longest * 1.2 + 2, _WIDEST))
