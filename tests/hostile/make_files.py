"""Hostile files, each with the outcome an analyst must get written beside it.

A case is a function that writes into the area's folder; its decorator holds the outcome: the
whole message, or counts, values and rules. Files are made when the tests run, so that nothing
large or harmful is committed.
"""

from __future__ import annotations

import io
import os
import struct
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import openpyxl
import xlsxwriter

Write = Callable[[Path], None]
HEADS = "Week ending,Worker,Team,CIN,CP,LAC,Carers\n"
ROW = "07/07/2019,SW101,Alpha,9,2,3,0\n"
PEOPLE = "SWE number,Contract,Post number,Team,Job role,FTE,Start date\n"
PERSON = "SW101,Permanent,P1,Alpha,Social Worker,1,01/02/2018\n"
LEFT = "Month,Type,SWE number,Effective date,Team,FTE\n"
LEAVER = "Jul-19,Leaver,SW101,05/07/2019,Alpha,1\n"
RESAVE = "Open it in Excel, save it again as .xlsx without a password, and replace it."
AGAIN = "Ask for the extract again."
QUOTE = "Look for a quotation mark that is opened and never closed."
SHEET = "xl/worksheets/sheet1.xml"


class Case(NamedTuple):
    """A hostile extract of one table: who writes it, and what must come of it."""

    name: str
    table: str
    outcome: str
    write: Write


CASES: list[Case] = []


def case(outcome: str, *, table: str = "caseload") -> Callable[[Write], Write]:
    """Register a writer with its outcome."""

    def register(write: Write) -> Write:
        CASES.append(Case(write.__name__, table, outcome, write))
        return write

    return register


def put(folder: Path, content: str | bytes, name: str = "2019-07.csv") -> None:
    (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)


def make_book(*rows: list[object], sheet: str = "Cases", **options: object) -> bytes:
    """A workbook with these rows, dates written as dates."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, options)
    page = book.add_worksheet(sheet)
    for number, row in enumerate(rows):
        page.write_row(number, 0, row)
    book.close()
    return content.getvalue()


def cases_book() -> bytes:
    return make_book(HEADS.strip().split(","), ["07/07/2019", "SW101", "Alpha", 9, 2, 3, 0])


def change_part(book: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """The workbook with one part rewritten."""
    content = io.BytesIO()
    old = zipfile.ZipFile(io.BytesIO(book))
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == part else old.read(name))
    return content.getvalue()


def add_cell(book: bytes, place: str) -> bytes:
    row = int(place.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    cell = f'<row r="{row}"><c r="{place}"><v>1</v></c></row></sheetData>'.encode()
    return change_part(book, SHEET, lambda part: part.replace(b"</sheetData>", cell))


# --- workbooks -----------------------------------------------------------------------------------
@case(
    "caseload/a.xlsx: the workbook unpacks to too much. Found '1,170 MB'; allowed 400 "
    "MB. Split it by month, or ask for only the columns and months that are needed."
)
def zip_bomb(folder: Path) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new:
        for name, part in read_parts(cases_book()):
            if name != SHEET:
                new.writestr(name, part)
        with new.open(SHEET, "w", force_zip64=True) as sheet:
            block = b'<row r="1"><c r="A1"><v>1</v></c></row>' * 250_000
            for _ in range(120):
                sheet.write(block)
    put(folder, content.getvalue(), "a.xlsx")


def read_parts(book: bytes) -> list[tuple[str, bytes]]:
    parts = zipfile.ZipFile(io.BytesIO(book))
    return [(name, parts.read(name)) for name in parts.namelist()]


@case(
    "caseload/a.xlsx: not a readable workbook. Open it in Excel, save it again as .xlsx "
    "without a password, and replace it."
)
def zip_bomb_that_says_it_is_small(folder: Path) -> None:
    """The directory claims a kilobyte; the part inflates to 300 MB."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as new:
        for name, part in read_parts(cases_book()):
            new.writestr(name, b" " * 300_000_000 if name == "xl/sharedStrings.xml" else part)
    book = content.getvalue().replace(struct.pack("<I", 300_000_000), struct.pack("<I", 1000))
    put(folder, book, "a.xlsx")


@case(
    "caseload/a.xlsx: not a readable workbook. Open it in Excel, save it again as .xlsx "
    "without a password, and replace it."
)
def two_parts_of_one_name(folder: Path) -> None:
    """Two parts of one name: which of them a reader takes is anyone's guess."""
    content = io.BytesIO(cases_book())
    with warnings.catch_warnings(action="ignore"), zipfile.ZipFile(content, "a") as parts:
        parts.writestr(SHEET, "<worksheet/>")
    put(folder, content.getvalue(), "a.xlsx")


@case("1 read, 1 kept, 0 refused; cases 14; fte 1; team Alpha; no rule")
def dimension_that_claims_every_cell(folder: Path) -> None:
    book = change_part(
        cases_book(), SHEET, lambda part: part.replace(b'ref="A1:G2"', b'ref="A1:XFD1048576"')
    )
    put(folder, book, "a.xlsx")


@case(
    "caseload/a.xlsx, sheet Cases: the table is too large. Found '1,048,576 rows and "
    "16,384 columns'; allowed 10,000,000 cells. Delete what stands far from the table. "
    "Split it by month, or ask for only the columns and months that are needed."
)
def cell_in_the_last_corner(folder: Path) -> None:
    put(folder, add_cell(cases_book(), "XFD1048576"), "a.xlsx")


@case("1 read, 1 kept, 0 refused; cases 14; fte 1; team Alpha; no rule")
def a_million_formatted_rows(folder: Path) -> None:
    rows = "".join(f'<row r="{n}"><c r="A{n}" s="0"/></row>' for n in range(3, 1_048_577, 7))
    put(
        folder,
        change_part(
            cases_book(), SHEET,
            lambda part: part.replace(b"</sheetData>", rows.encode() + b"</sheetData>"),
        ),
        "a.xlsx",
    )  # fmt: skip


@case(
    "caseload/a.xlsx, sheet Cases, row 3, column Week ending: not a date. Found '1'; "
    "allowed 31/07/2019, 31-Jul-19, 31 July 2019 or 2019-07-31. Correct the cell."
)
def cells_without_places(folder: Path) -> None:
    rows = b"<row>" + b"<c><v>1</v></c>" * 20 + b"</row>"
    book = change_part(
        cases_book(), SHEET,
        lambda part: part.replace(b"</sheetData>", rows * 10 + b"</sheetData>"),
    )  # fmt: skip
    put(folder, book, "a.xlsx")


@case(
    "caseload/a.xlsx: not a readable workbook. Open it in Excel, save it again as .xlsx "
    "without a password, and replace it."
)
def truncated_workbook(folder: Path) -> None:
    book = cases_book()
    put(folder, book[: len(book) * 2 // 3], "a.xlsx")


@case(
    "caseload/a.xlsx: the workbook is protected by a password. Open it in Excel, save it "
    "again as .xlsx without a password, and replace it."
)
def encrypted_workbook(folder: Path) -> None:
    name = "EncryptedPackage".encode("utf-16-le")
    put(folder, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + name, "a.xlsx")


@case(
    "caseload/a.xlsx: not a readable workbook. Open it in Excel, save it again as .xlsx "
    "without a password, and replace it."
)
def word_document_named_xlsx(folder: Path) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as parts:
        parts.writestr("[Content_Types].xml", "<Types/>")
        parts.writestr("word/document.xml", "<document>Jane Smith</document>")
    put(folder, content.getvalue(), "a.xlsx")


@case(
    "caseload/a.xlsx: not a readable workbook. Open it in Excel, save it again as .xlsx "
    "without a password, and replace it."
)
def web_page_named_xlsx(folder: Path) -> None:
    put(folder, "<html><table><tr><td>SW101 Jane Smith</td></tr></table></html>", "a.xlsx")


@case(
    "caseload/a.xlsx: not a readable workbook. Open it in Excel, save it again as .xlsx "
    "without a password, and replace it."
)
def entities_that_expand(folder: Path) -> None:
    """Ten entities, each ten of the one before: a thousand million texts."""
    lines = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "Jane"}">' for n in range(10))
    kind = f"<!DOCTYPE worksheet [{lines}]>".encode()

    def change(part: bytes) -> bytes:
        head, rest = part.split(b"<worksheet", 1)
        return head + kind + b"<worksheet" + rest.replace(
            b"</sheetData>", b'<row r="9"><c r="A9" t="str"><f>1</f><v>&e9;</v></c></row>'
            b"</sheetData>")  # fmt: skip

    put(folder, change_part(cases_book(), SHEET, change), "a.xlsx")


@case(
    "caseload/a.xlsx, sheet Cases, row 2: a cell is too long. Allowed 32,767 characters. "
    "Look for a quotation mark that is opened and never closed."
)
def cell_of_five_megabytes_in_a_workbook(folder: Path) -> None:
    book = change_part(cases_book(), "xl/sharedStrings.xml",
                       lambda part: part.replace(b"Alpha", b"A" * 5_000_000))  # fmt: skip
    put(folder, book, "a.xlsx")


@case("1 read, 1 kept, 0 refused; cases 14; fte 1; team Alpha; no rule")
def formula_with_a_stale_value(folder: Path) -> None:
    """The saved result says 9; nothing in the file can say it is old."""
    book = change_part(cases_book(), SHEET,
                       lambda part: part.replace(b"<v>9</v>", b"<f>4+4</f><v>9</v>"))  # fmt: skip
    put(folder, book, "a.xlsx")


@case(
    "caseload/a.xlsx, sheet Sheet, row 2, column D: a formula whose result was not "
    "saved. Open the workbook in Excel, save it, and replace it."
)
def formula_never_calculated(folder: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(HEADS.strip().split(","))
    book.active.append(["07/07/2019", "SW101", "Alpha", "=4+5", 2, 3, 0])
    book.save(folder / "a.xlsx")


@case("1 read, 1 kept, 0 refused; cases 14; fte 1; team Alpha; no rule")
def workbook_of_1904(folder: Path) -> None:
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"date_1904": True})
    page = book.add_worksheet()
    page.write_row(0, 0, HEADS.strip().split(","))
    date = book.add_format({"num_format": "dd/mm/yyyy"})
    page.write_number(1, 0, 42_191, date)  # 7 July 2019, counted from 1904
    page.write_row(1, 1, ["SW101", "Alpha", 9, 2, 3, 0])
    book.close()
    put(folder, content.getvalue(), "a.xlsx")


@case("1 read, 1 kept, 0 refused; fte 1; start_date -; team Alpha; no rule", table="workers")
def last_day_before_1900(folder: Path) -> None:
    put(folder, PEOPLE + PERSON.replace("01/02/2018", "31/12/1899"))


@case(
    "workers/2019-07.csv, row 2, column Start date: not a date. Found '05/07/1019'; allowed "
    "31/07/2019, 31-Jul-19, 31 July 2019 or 2019-07-31. Correct the cell.",
    table="workers",
)
def dates_before_1900(folder: Path) -> None:
    put(folder, PEOPLE + PERSON.replace("01/02/2018", "05/07/1019"))


@case(
    "workers/2019-07.csv, row 2, column Start date: not a date. Found '-5'; allowed "
    "31/07/2019, 31-Jul-19, 31 July 2019 or 2019-07-31. Correct the cell.",
    table="workers",
)
def date_number_before_1900(folder: Path) -> None:
    put(folder, PEOPLE + PERSON.replace("01/02/2018", "-5"))


@case(
    "caseload/a.ods: the table is too large. Found '1,048,576 rows and 16,384 columns'; "
    "allowed 10,000,000 cells. Delete what stands far from the table. Split it by month, "
    "or ask for only the columns and months that are needed."
)
def spreadsheet_that_repeats_a_cell(folder: Path) -> None:
    """OpenDocument: one cell, said to stand a million times in each of 16,384 columns."""
    names = (
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    )
    body = (
        f"<office:document-content {names}><office:body><office:spreadsheet>"
        '<table:table table:name="Cases"><table:table-row table:number-rows-repeated="1048576">'
        '<table:table-cell table:number-columns-repeated="16384" office:value-type="float" '
        'office:value="1"><text:p>1</text:p></table:table-cell></table:table-row></table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(folder / "a.ods", "w") as parts:
        parts.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        parts.writestr("content.xml", body)


@case(
    "caseload/a.xls: not a readable workbook. Open it in Excel, save it again as .xlsx "
    "without a password, and replace it."
)
def binary_named_xls(folder: Path) -> None:
    put(folder, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(range(256)) * 20, "a.xls")


def old_book(cells: list[tuple[int, int, float]]) -> bytes:
    """An Excel 97 workbook of one sheet of numbers, by [MS-XLS] and [MS-CFB]."""

    def record(kind: int, data: bytes) -> bytes:
        return struct.pack("<HH", kind, len(data)) + data

    def globals_with(start: int) -> bytes:
        name = b"\x05\x00Cases"
        sheet = record(0x85, struct.pack("<IH", start, 0) + name)
        return record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 6)) + sheet + last

    last = record(0x0A, b"")
    book = globals_with(len(globals_with(0)))
    book += record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 6))
    for row, column, value in cells:
        book += record(0x203, struct.pack("<HHHd", row, column, 0, value))
    book = (book + last).ljust(4096, b"\0")
    end, free = 0xFFFFFFFE, 0xFFFFFFFF
    table = [0xFFFFFFFD, end, *range(3, 10), end]  # itself, the directory, eight of the stream

    def entry(name: str, kind: int, start: int, size: int) -> bytes:
        text = (name + "\0").encode("utf-16-le")
        tree = struct.pack("<BBIII", kind, 1, free, free, 1 if kind == 5 else free)
        return text.ljust(64, b"\0") + struct.pack("<H", len(text)) + tree + bytes(36) + (
            struct.pack("<IQ", start, size))  # fmt: skip

    directory = entry("Root Entry", 5, end, 0) + entry("Workbook", 2, 2, len(book)) + bytes(256)
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(10)
    head += struct.pack("<IIIIIIII", 1, 1, 0, 4096, end, 0, end, 0)
    head += struct.pack("<109I", 0, *[free] * 108)
    fat = struct.pack("<128I", *table, *[free] * (128 - len(table)))
    return head + fat + directory + book


@case(
    "caseload/a.xls, sheet Cases: no column for week_ending, worker_id, team of the caseload "
    "table. Found 'no heading row'; allowed week_ending headed 'w e' or 'week end' or 'week "
    "ending'. Restore the column, or name its new heading under sources in profile.yml."
)
def old_workbook_of_numbers(folder: Path) -> None:
    put(folder, old_book([(0, 0, 17), (1, 1, 18)]), "a.xls")


@case(
    "caseload/a.xls: the table is too large. Found '65,536 rows and 65,536 columns'; allowed "
    "10,000,000 cells. Delete what stands far from the table. Split it by month, or ask for "
    "only the columns and months that are needed."
)
def old_workbook_with_a_cell_in_the_last_corner(folder: Path) -> None:
    put(folder, old_book([(0, 0, 17), (65_535, 65_535, 18)]), "a.xls")


# --- text ----------------------------------------------------------------------------------------
@case(
    "caseload/2019-07.csv: the file holds NUL bytes, so it is damaged or not text. Ask "
    "for the extract again."
)
def nul_bytes(folder: Path) -> None:
    put(folder, HEADS.encode() + b"07/07/2019,SW101\x00\x00,Alpha,9,2,3,0\n")


@case(
    "caseload/2019-07.csv, row 2: the text mixes two encodings, UTF-8 and Windows "
    "(cp1252). Export it again, or save each part as 'CSV UTF-8' and put them together."
)
def two_encodings(folder: Path) -> None:
    put(folder, HEADS.encode() + ROW.replace("Alpha", "Siân").encode()
        + ROW.replace("Alpha", "Siân").replace("07/07", "14/07").encode("cp1252"))  # fmt: skip


@case("1 read, 1 kept, 0 refused; cases 14; fte 1; team Alpha; A30")
def utf_16(folder: Path) -> None:
    put(folder, (HEADS + ROW).replace(",", "\t").encode("utf-16"))


@case(
    "caseload/2019-07.csv: the file holds NUL bytes, so it is damaged or not text. Ask "
    "for the extract again."
)
def utf_16_without_its_mark(folder: Path) -> None:
    put(folder, (HEADS + ROW).encode("utf-16-le"))


@case("1 read, 1 kept, 0 refused; cases 14; fte 1; team Alpha; A17")
def newline_in_a_heading_and_a_cell(folder: Path) -> None:
    put(folder, HEADS.replace("Week ending", '"Week\nending"') + ROW.replace("Alpha", '"Alpha\n"'))


@case(
    "caseload/2019-07.csv, row 3: the text is not a readable CSV file (unexpected end of "
    "data). Look for a quotation mark that is opened and never closed."
)
def unclosed_quotation_mark(folder: Path) -> None:
    put(folder, HEADS + ROW + ROW.replace("Alpha", '"Alpha') + ROW * 3)


@case("1 read, 1 kept, 0 refused; cases 14; fte 1; team Alpha; A30")
def columns_16384(folder: Path) -> None:
    more = "".join(f",Extra {n}" for n in range(16_377))
    put(folder, HEADS.strip() + more + "\n" + ROW.strip() + "," * 16_377 + "\n")


@case(
    "caseload/2019-07.csv, row 2: a cell is too long. Allowed 32,767 characters. Look "
    "for a quotation mark that is opened and never closed."
)
def cell_of_five_megabytes(folder: Path) -> None:
    put(folder, HEADS + ROW.replace("Alpha", "A" * 5_000_000))


@case(
    "caseload/2019-07.csv, row 1: two columns could be cases_cin: 'CIN' and 'CIN'. "
    "Remove or rename one of them."
)
def duplicate_headings(folder: Path) -> None:
    put(folder, HEADS.replace("CP", "CIN") + ROW)


@case("1 read, 1 kept, 0 refused; cases 14; fte 1; team Alpha; A21")
def marks_nobody_sees(folder: Path) -> None:
    """A zero-width space in a heading and a number, a right-to-left mark round a name."""
    row = ROW.replace("SW101", "\u200eSW\u200b101").replace("Alpha", "\u202bAlpha\u202c")
    put(folder, HEADS.replace("Worker", "Wor\u200bker") + row)


@case(
    "summary/2019-07.csv, row 3, column Vacancy gap: the column mixes percentages with "
    "other numbers. Found '0.08'; allowed percentages in the whole column, or in none of "
    "it. Make the column one or the other.",
    table="summary",
)
def percentages_half_as_fractions(folder: Path) -> None:
    put(folder, "Month,Vacancy gap,Leavers\nJul-19,7.0%,2\nAug-19,0.08,3\n")


@case(
    "caseload/2019-07.csv, row 1: no rows stand under the headings. Ask for the extract "
    "again, or move the file out."
)
def every_row_refused(folder: Path) -> None:
    put(folder, HEADS + HEADS * 3 + "Total,,,9,2,3,0\n")


@case(
    "caseload/2019-07.csv, row 1: no rows stand under the headings. Ask for the extract "
    "again, or move the file out."
)
def headings_only(folder: Path) -> None:
    put(folder, HEADS)


@case(
    "caseload/2019-07.csv, row 1: no rows stand under the headings. Ask for the extract "
    "again, or move the file out."
)
def blank_rows_only(folder: Path) -> None:
    put(folder, HEADS + ",,,,,,\n" * 50)


@case("caseload/2019-07.csv: the file is empty. Ask for the extract again.")
def separators_only(folder: Path) -> None:
    put(folder, ",,,,,,\n" * 50)


@case("1 read, 1 kept, 0 refused; cases 14; fte 1; team Alpha; no rule")
def a_million_blank_rows(folder: Path) -> None:
    put(folder, HEADS + ROW + ",,,,,,,,,,,,,,\n" * 1_000_000)


@case(
    "caseload/2019-07.csv: the table is too large. Found '1,000,003 rows and 20 columns'; "
    "allowed 10,000,000 cells. Delete what stands far from the table. Split it by month, "
    "or ask for only the columns and months that are needed."
)
def twenty_million_cells(folder: Path) -> None:
    put(folder, HEADS + ROW + "1," * 6 + "1\n" + ("1," * 19 + "1\n") * 1_000_000)


@case("1 read, 1 kept, 0 refused; cases 14; fte 1; team Not in teams.csv; A17")
def formula_as_text(folder: Path) -> None:
    put(folder, HEADS + ROW.replace("Alpha", "\"=cmd|' /C calc'!A0\""))


@case(
    "caseload/2019-07.csv, row 2, column CIN: not a number. Found '=HYPERLINK(1)'; "
    "allowed a number, or an empty cell. Correct the cell."
)
def formula_where_a_number_belongs(folder: Path) -> None:
    put(folder, HEADS + ROW.replace(",9,", ",=HYPERLINK(1),"))


@case("1 read, 1 kept, 0 refused; cases 14; fte 1; team Not in teams.csv; A17")
def markup_and_sql_for_a_team(folder: Path) -> None:
    put(folder, HEADS + ROW.replace("Alpha", "<script>alert(1)</script>'; DROP TABLE x; --"))


@case(
    "caseload/2019-07.csv, row 1: no rows stand under the headings. Ask for the extract "
    "again, or move the file out."
)
def mixed_separators(folder: Path) -> None:
    put(folder, HEADS + ROW.replace(",", ";"))


@case(
    "caseload/2019-07.csv, row 2, column CIN: not a number. Found '9,5'; allowed a "
    "number, or an empty cell. Correct the cell."
)
def decimal_commas(folder: Path) -> None:
    put(folder, (HEADS + ROW).replace(",", ";").replace(";9;", ";9,5;"))


@case("3 read, 2 kept, 1 refused; cases 14, 14; fte 1, 1; team Alpha, Alpha; A15 A21")
def byte_order_mark_in_the_middle(folder: Path) -> None:
    """Two files put one after another."""
    put(folder, HEADS + ROW + "\ufeff" + HEADS + ROW.replace("07/07", "14/07"))


@case("1 read, 1 kept, 0 refused; cases 14; fte 1; team Alpha; no rule")
def lines_end_in_carriage_returns(folder: Path) -> None:
    put(folder, (HEADS + ROW).replace("\n", "\r"))


@case("1 read, 1 kept, 0 refused; cases 14; fte 1; team Alpha; no rule")
def separators_at_the_end(folder: Path) -> None:
    put(folder, HEADS.replace("\n", ",,,\n") + ROW.replace("\n", ",,,\n"))


@case(
    "caseload/2019-07.csv, row 2: a row has more cells than there are headings. Put "
    "quotation marks round a text that holds the separator."
)
def unquoted_name_with_a_comma(folder: Path) -> None:
    put(folder, HEADS + ROW.replace("Alpha", "Alpha, North"))


@case(
    'caseload/2019-07.csv, row 2, column CIN: not a number. Found "\'9"; allowed a '
    "number, or an empty cell. Correct the cell."
)
def numbers_with_an_apostrophe(folder: Path) -> None:
    put(folder, HEADS + ROW.replace(",9,", ",'9,"))


@case(
    "workers/2019-07.csv, row 2, column SWE number: not a registration number. Allowed "
    "SW and 1 to 10 digits. Correct the cell, or give its registration number in people.csv.",
    table="workers",
)
def number_lost_to_scientific_notation(folder: Path) -> None:
    put(folder, PEOPLE + PERSON.replace("SW101", "1.01E+05"))


@case(
    "2 read, 2 kept, 0 refused; fte 1, 1; start_date 2018-02-01, 2018-02-01; team Alpha, "
    "Alpha; no rule",
    table="workers",
)
def leading_zeros_lost(folder: Path) -> None:
    put(folder, PEOPLE + PERSON + PERSON.replace("SW101", "SW0101").replace("P1", "P2"))


@case(
    "caseload/2019-07.csv, row 2, column CIN: not a count of cases. Found '-9'; allowed "
    "0, 1, 2, .... Correct the cell."
)
def negative_cases(folder: Path) -> None:
    put(folder, HEADS + ROW.replace(",9,", ",-9,"))


@case(
    "caseload/2019-07.csv, row 2, column CIN: not a number. Found '1e309'; allowed a "
    "number, or an empty cell. Correct the cell."
)
def number_beyond_all_numbers(folder: Path) -> None:
    put(folder, HEADS + ROW.replace(",9,", ",1e309,"))


@case(
    "caseload/2019-07.csv, row 2, column CIN: not a number. Found '(not shown)'; allowed "
    "a number, or an empty cell. Correct the cell."
)
def number_of_400_digits(folder: Path) -> None:
    put(folder, HEADS + ROW.replace(",9,", f",{'9' * 400},"))


@case(
    "caseload/2019-07.csv, row 2, column CIN: not a number. Found '٩'; allowed a number, "
    "or an empty cell. Correct the cell."
)
def digits_of_another_script(folder: Path) -> None:
    put(folder, HEADS + ROW.replace(",9,", ",\u0669,"))


@case(
    "caseload/2019-07.csv, row 2, column Week ending: the dates look American, month "
    "first. Found '07/13/2019'; allowed day first, such as 31/07/2019. Export the file "
    "again with UK settings. No date in this column was used."
)
def month_13(folder: Path) -> None:
    put(folder, HEADS + ROW.replace("07/07/2019", "07/13/2019"))


@case("1 read, 1 kept, 0 refused; fte 1; date 2019-07-05; team Alpha; M07", table="movements")
def month_13_in_words(folder: Path) -> None:
    put(folder, LEFT + LEAVER.replace("Jul-19", "2019-13"))


@case("2 read, 1 kept, 1 refused; fte 1; start_date 1950-02-01; team Alpha; W22", table="workers")
def two_digit_year(folder: Path) -> None:
    put(folder, PEOPLE + PERSON.replace("01/02/2018", "01/02/49")
        + PERSON.replace("SW101", "SW102").replace("P1", "P2").replace("2018", "50"))  # fmt: skip


@case(
    "workers/2019-07.csv, row 2, column Start date: not a date. Found '29/02/2019'; "
    "allowed 31/07/2019, 31-Jul-19, 31 July 2019 or 2019-07-31. Correct the cell.",
    table="workers",
)
def leap_day_of_2019(folder: Path) -> None:
    put(folder, PEOPLE + PERSON.replace("01/02/2018", "29/02/2019"))


@case(
    "caseload/2019-07.csv, row 2, column Week ending: not a date. Found '(not shown)'; "
    "allowed 31/07/2019, 31-Jul-19, 31 July 2019 or 2019-07-31. Correct the cell."
)
def five_digits_of_nines_for_a_date(folder: Path) -> None:
    put(folder, HEADS + ROW.replace("07/07/2019", "99999"))


# --- files that are none, and names --------------------------------------------------------------
@case("caseload/2019-08.csv: a link that leads nowhere. Put the file itself in the folder.")
def link_that_leads_to_itself(folder: Path) -> None:
    put(folder, HEADS + ROW)
    (folder / "2019-08.csv").symlink_to(folder / "2019-08.csv")


@case("caseload/2019-08.csv: a link that leads nowhere. Put the file itself in the folder.")
def link_to_a_file_that_is_gone(folder: Path) -> None:
    (folder / "2019-08.csv").symlink_to(folder / "gone.csv")


@case("1 read, 1 kept, 0 refused; cases 14; fte 1; team Alpha; no rule")
def folder_named_csv(folder: Path) -> None:
    put(folder, HEADS + ROW)
    (folder / "2019-08.csv").mkdir()


@case("caseload/2019-08.csv: not an ordinary file. Put the file itself in the folder.")
def pipe_named_csv(folder: Path) -> None:
    put(folder, HEADS + ROW)
    os.mkfifo(folder / "2019-08.csv")


@case(
    "caseload/2019-07.csv: the file cannot be opened (Permission denied). Close it in "
    "other programs and check who may read it."
)
def file_nobody_may_read(folder: Path) -> None:
    put(folder, HEADS + ROW)
    (folder / "2019-07.csv").chmod(0)


@case(
    'caseload/O\'Brien "new"\\n😀.csv, row 1: no rows stand under the headings. Ask for the '
    "extract again, or move the file out."
)
def name_with_quotes_newline_and_picture(folder: Path) -> None:
    put(folder, HEADS, 'O\'Brien "new"\n\U0001f600.csv')


@case("1 read, 1 kept, 0 refused; cases 14; fte 1; team Alpha; no rule")
def lock_file_of_excel(folder: Path) -> None:
    put(folder, HEADS + ROW)
    put(folder, b"\x05Jane Smith" + bytes(100), "~$lock.xlsx")


@case(
    "caseload/2019-07.csv: the file is too large. Found '150 MB'; allowed 100 MB. A "
    "longer one is read only as plain text: UTF-8, no quotation marks, as many cells in every "
    "row. Save it so, or split it by month."
)
def file_of_150_megabytes(folder: Path) -> None:
    put(folder, HEADS + ROW)
    os.truncate(folder / "2019-07.csv", 150_000_000)


@case(
    "250 read, 250 kept, 0 refused; cases 14, 14, 14, 14; fte -, -, -, -; team Alpha, "
    "Alpha, Alpha, Alpha; C11 C27"
)
def many_small_files(folder: Path) -> None:
    for n in range(250):
        row = f"{n % 28 + 1:02}/{n // 28 % 12 + 1:02}/{2012 + n // 336},SW101,Alpha,9,2,3,0\n"
        put(folder, HEADS + row, f"{n:04}.csv")


@case(
    "caseload/notes.pdf: files ending .pdf are not read. Allowed .xlsx, .xlsm, .xls, "
    ".ods, .csv, .txt, .tsv. Save it as .xlsx or .csv, or move it out of the folder."
)
def a_file_of_each_kind_nobody_reads(folder: Path) -> None:
    put(folder, HEADS + ROW)
    put(folder, b"%PDF-1.7 Jane Smith", "notes.pdf")


@case(
    "caseload/nation.csv: the file is too large. Found '480 MB'; allowed 200 MB. Split it by "
    "month, or ask for only the columns and months that are needed. A national file can only be "
    "added up: see 'Very long files' in docs/cleaning.md."
)
def national_file(folder: Path) -> None:
    """Its size alone: it is never opened."""
    with (folder / "nation.csv").open("wb") as file:
        file.write((HEADS + ROW).encode())
        file.truncate(480_000_000)
