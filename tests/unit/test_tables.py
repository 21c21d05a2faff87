"""Files to text: encodings, separators, cells of every kind, and files that are none."""

from __future__ import annotations

import datetime
import io
import zipfile

import openpyxl
import pytest
import xlsxwriter

from wfanalytics.errors import InputError
from wfanalytics.raw.tables import hash_file, read_sheets

RESAVE = "Open it in Excel, save it again as .xlsx without a password, and replace it."


def read(folder, name: str, content: bytes):
    (folder / "posts").mkdir(exist_ok=True)
    path = folder / "posts" / name
    path.write_bytes(content)
    return read_sheets(path, root=folder)


def cells(folder, content: bytes, name: str = "a.csv") -> list[list[str]]:
    (sheet,) = read(folder, name, content)
    return sheet.cells


def refusal(folder, name: str, content: bytes) -> str:
    with pytest.raises(InputError) as error:
        read(folder, name, content)
    return str(error.value)


@pytest.fixture
def book():
    """A workbook in memory: fill it through ``book.page``, then read ``book.bytes()``."""

    class Book:
        def __init__(self, **options) -> None:
            self.content = io.BytesIO()
            self.book = xlsxwriter.Workbook(self.content, options)
            self.page = self.book.add_worksheet("Staff")

        def bytes(self) -> bytes:
            self.book.close()
            return self.content.getvalue()

    return Book


# --- csv -----------------------------------------------------------------------------------------
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_encodings(tmp_path, encoding):
    assert cells(tmp_path, "Team,FTE\nSiân – A,1\n".encode(encoding)) == [
        ["Team", "FTE"], ["Siân – A", "1"],
    ]  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("rows", [1, 80])
def test_how_a_file_is_written_is_told(tmp_path, encoding, delimiter, rows):
    """Also of a long plain one, which another reader reads."""
    text = f"Team{delimiter}FTE\n" + f"Siân{delimiter}1\n" * rows
    (sheet,) = read(tmp_path, "a.csv", text.encode(encoding))
    assert (sheet.encoding, sheet.delimiter) == (encoding, delimiter)
    assert sheet.cells[-1] == ["Siân", "1"]


def test_a_workbook_has_neither_encoding_nor_separator(tmp_path, book):
    made = book()
    made.page.write_row(0, 0, ["Team", "FTE"])
    (sheet,) = read(tmp_path, "a.xlsx", made.bytes())
    assert (sheet.encoding, sheet.delimiter) == ("", "")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters(tmp_path, delimiter):
    text = f"A list, and a title\nTeam{delimiter}FTE{delimiter}Role\nA{delimiter}1{delimiter}x\n"
    assert cells(tmp_path, text.encode())[-1] == ["A", "1", "x"]


def test_a_newline_in_quotes_is_one_row(tmp_path):
    assert cells(tmp_path, b'a,b\r\n"x\ny",1\r\n\r\nz,2\r\n') == [
        ["a", "b"], ["x\ny", "1"], [], ["z", "2"],
    ]  # fmt: skip


def test_the_first_row_is_row_1_and_the_file_is_named_inside_its_area(tmp_path):
    (sheet,) = read(tmp_path, "a.csv", b"a,b\n")
    assert (sheet.file, sheet.sheet, sheet.is_hidden) == ("posts/a.csv", "", False)
    assert sheet.sha256 == hash_file(tmp_path / "posts" / "a.csv")


def test_an_unclosed_quote(tmp_path):
    assert refusal(tmp_path, "a.csv", b'a,b\n"x,1\n') == (
        "posts/a.csv, row 2: the text is not a readable CSV file (unexpected end of data). "
        "Look for a quotation mark that is opened and never closed."
    )


def test_nul_bytes(tmp_path):
    assert refusal(tmp_path, "a.csv", b"a,b\n\x00\x00") == (
        "posts/a.csv: the file holds NUL bytes, so it is damaged or not text. "
        "Ask for the extract again."
    )


def test_a_cut_off_utf_16_file(tmp_path):
    assert refusal(tmp_path, "a.csv", "a,b\n1".encode("utf-16")[:-1]) == (
        "posts/a.csv: the text is cut off or damaged. Ask for the extract again."
    )


def test_neither_utf_8_nor_cp1252(tmp_path):
    assert refusal(tmp_path, "a.csv", b"a,\x81\xff\n") == (
        "posts/a.csv: the text is neither UTF-8 nor Windows (cp1252). Save it again as 'CSV UTF-8'."
    )


@pytest.mark.parametrize("content", [b"", b" \r\n", b",,\n,,\n"])
def test_an_empty_file(tmp_path, content):
    assert refusal(tmp_path, "a.csv", content) == (
        "posts/a.csv: the file is empty. Ask for the extract again."
    )


def test_a_missing_file(tmp_path):
    with pytest.raises(InputError) as error:
        read_sheets(tmp_path / "posts" / "a.csv", root=tmp_path)
    assert str(error.value) == (
        "posts/a.csv: the file is not there. Put it back, or ask for it again."
    )


@pytest.mark.parametrize("name", ["a.pdf", "a.xlsb", "a"])
def test_a_kind_that_is_not_read(tmp_path, name):
    ending = f".{name[2:]}" if "." in name else "in nothing"
    assert refusal(tmp_path, name, b"x") == (
        f"posts/{name}: files ending {ending} are not read. Allowed .xlsx, .xlsm, .xls, .ods, "
        ".csv, .txt, .tsv. Save it as .xlsx or .csv, or move it out of the folder."
    )


# --- workbooks -----------------------------------------------------------------------------------
def test_cells_as_text(tmp_path, book):
    made = book()
    percent = made.book.add_format({"num_format": "0.0%"})
    date = made.book.add_format({"num_format": "dd/mm/yyyy"})
    made.page.write_row(0, 0, ["as written ", 17, 0.3, 1e-7, True, False])
    made.page.write_number(1, 0, 0.185, percent)
    made.page.write_datetime(1, 1, datetime.datetime(2019, 7, 31), date)
    made.page.write_datetime(1, 2, datetime.datetime(2019, 7, 31, 9, 30), date)
    made.page.write_string(1, 3, "0017")
    made.page.write_string(1, 4, "18.5%")
    made.page.write_blank(1, 5, None, date)
    assert cells(tmp_path, made.bytes(), "a.xlsx") == [
        ["as written ", "17", "0.3", "0.0000001", "TRUE", "FALSE"],
        ["0.185", "2019-07-31", "2019-07-31 09:30:00", "0017", "18.5%", ""],
    ]


def test_dates_of_a_1904_workbook_are_the_same_days(tmp_path, book):
    made = book(date_1904=True)
    date = made.book.add_format({"num_format": "dd/mm/yyyy"})
    made.page.write_datetime(0, 0, datetime.datetime(2019, 7, 31), date)
    assert cells(tmp_path, made.bytes(), "a.xlsx") == [["2019-07-31"]]


@pytest.mark.parametrize("code", ["#REF!", "#DIV/0!", "#N/A", "#VALUE!", "#NAME?", "#NUM!"])
def test_an_error_is_not_an_empty_cell(tmp_path, book, code):
    made = book()
    made.page.write_row(0, 0, ["Team", "FTE"])
    made.page.write_formula(2, 1, "=1/0", None, code)
    made.page.write(2, 0, "A")
    assert cells(tmp_path, made.bytes(), "a.xlsx") == [["Team", "FTE"], ["", ""], ["A", code]]


def test_errors_are_found_in_their_own_sheet(tmp_path, book):
    made = book()
    made.page.write(0, 0, "x")
    other = made.book.add_worksheet("Other & more")
    other.write(0, 27, "y")
    other.write_formula(1, 27, "=1/0", None, "#DIV/0!")
    first, second = read(tmp_path, "a.xlsx", made.bytes())
    assert (first.sheet, first.cells) == ("Staff", [["x"]])
    assert (second.sheet, second.cells[1][27]) == ("Other & more", "#DIV/0!")


def test_a_formula_that_was_never_calculated(tmp_path):
    made = openpyxl.Workbook()
    made.active["A1"], made.active["B3"] = "FTE", "=1+1"
    content = io.BytesIO()
    made.save(content)
    assert refusal(tmp_path, "a.xlsx", content.getvalue()) == (
        "posts/a.xlsx, sheet Sheet, row 3, column B: a formula whose result was not saved. "
        "Open the workbook in Excel, save it, and replace it."
    )


def test_a_formula_with_a_result_is_its_result(tmp_path, book):
    made = book()
    made.page.write_formula(0, 0, "=1+1", None, 2)
    made.page.write_formula(0, 1, "=A1&A1", None, "22")
    made.page.write(0, 2, "x")
    assert cells(tmp_path, made.bytes(), "a.xlsx") == [["2", "22", "x"]]


def test_a_merged_cell_holds_its_text_once(tmp_path, book):
    made = book()
    made.page.merge_range(0, 0, 0, 2, "Post")
    made.page.write_row(1, 0, ["a", "b", "c"])
    assert cells(tmp_path, made.bytes(), "a.xlsx") == [["Post", "", ""], ["a", "b", "c"]]


def test_hidden_sheets_and_rows_are_read_and_the_sheet_is_marked(tmp_path, book):
    made = book()
    made.page.write_column(0, 0, ["a", "b"])
    made.page.set_row(1, None, None, {"hidden": True})
    hidden = made.book.add_worksheet("Old")
    hidden.write(0, 0, "x")
    hidden.hide()
    first, second = read(tmp_path, "a.xlsx", made.bytes())
    assert (first.cells, first.is_hidden) == ([["a"], ["b"]], False)
    assert (second.sheet, second.is_hidden) == ("Old", True)


def test_an_empty_workbook(tmp_path, book):
    assert "posts/a.xlsx: the file is empty." in refusal(tmp_path, "a.xlsx", book().bytes())


def test_a_corrupt_workbook(tmp_path, book):
    made = book()
    made.page.write(0, 0, "x" * 5000)
    content = made.bytes()
    for damaged in (
        content[:200],
        content[: len(content) // 2],
        b"PK\x03\x04 Jane Smith",
        b"<html>",
    ):
        message = refusal(tmp_path, "a.xlsx", damaged)
        assert message == f"posts/a.xlsx: not a readable workbook. {RESAVE}"


def test_a_zip_that_is_no_workbook(tmp_path):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as parts:
        parts.writestr("notes.txt", "x")
    assert "not a readable workbook" in refusal(tmp_path, "a.xlsx", content.getvalue())


def test_a_password_and_an_old_workbook(tmp_path):
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    locked = old + "EncryptedPackage".encode("utf-16-le")
    assert refusal(tmp_path, "a.xlsx", locked) == (
        f"posts/a.xlsx: the workbook is protected by a password. {RESAVE}"
    )
    assert refusal(tmp_path, "a.xlsx", old) == (
        f"posts/a.xlsx: the workbook is an old .xls workbook. {RESAVE}"
    )


# --- old and open document workbooks -------------------------------------------------------------
@pytest.mark.parametrize("name", ["staff.xls", "staff.ods"])
def test_other_workbooks_give_the_same_text_and_keep_their_errors(project_root, name):
    folder = project_root / "tests" / "fixtures"
    (sheet,) = read_sheets(folder / name, root=folder)
    assert [cell for cell in sheet.cells[0] if cell] == ["Staff in post"]
    assert not any(sheet.cells[1])
    assert sheet.cells[3] == [
        "SW101", "Permanent", "P1", "Alpha", "Team Manager", "1", "2018-04-01", "", "", "3",
    ]  # fmt: skip
    assert sheet.cells[4][-1] == "#N/A"  # calamine alone reads an empty cell here


@pytest.mark.parametrize("name", ["staff.xls", "staff.ods"])
def test_other_workbooks_cut_off_are_refused(project_root, tmp_path, name):
    content = (project_root / "tests" / "fixtures" / name).read_bytes()
    for length in range(0, len(content) // 2, 97):
        with pytest.raises(InputError, match=r"not a readable workbook|the file is empty"):
            read(tmp_path, name, content[:length])


def write_ods(rows: str) -> bytes:
    space = "urn:oasis:names:tc:opendocument:xmlns"
    calc = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as book:
        book.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        book.writestr("META-INF/manifest.xml", "<manifest/>")
        book.writestr(
            "content.xml",
            f'<office:document-content xmlns:office="{space}:office:1.0" '
            f'xmlns:table="{space}:table:1.0" xmlns:text="{space}:text:1.0" xmlns:calcext="{calc}">'
            f'<office:body><office:spreadsheet><table:table table:name="A">{rows}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return content.getvalue()


def test_errors_of_an_ods_file_stand_where_they_are_shown(tmp_path):
    one = '<table:table-cell office:value-type="float" office:value="1"/>'
    rows = (
        f"<table:table-row>{one}</table:table-row>"
        '<table:table-row table:number-rows-repeated="2"><table:table-cell/></table:table-row>'
        '<table:table-row><table:table-cell table:number-columns-repeated="2"/>'
        '<table:table-cell office:value-type="string" office:string-value="" '
        'calcext:value-type="error" table:number-columns-repeated="2"><text:p>#REF!</text:p>'
        f"</table:table-cell>{one}</table:table-row>"
    )
    (sheet,) = read(tmp_path, "a.ods", write_ods(rows))
    assert [[*line, *[""] * (5 - len(line))] for line in sheet.cells] == [
        ["1", "", "", "", ""], [""] * 5, [""] * 5, ["", "", "#REF!", "#REF!", "1"],
    ]  # fmt: skip
