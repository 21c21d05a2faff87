"""Plain CSV files read column by column give what Python's own reader gives."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wfanalytics.errors import InputError
from wfanalytics.raw import csv_text, tables
from wfanalytics.raw.column_text import ColumnCells, list_columns, read_plain_csv
from wfanalytics.raw.csv_text import _find_delimiter, _read_rows
from wfanalytics.raw.headings import find_table
from wfanalytics.raw.tables import RawSheet, read_sheets

HEAD = ["Week ending,Worker,Team,CIN"]
ROW = "07/07/2019,SW101,Alpha,9"


def plain(content: bytes) -> ColumnCells | None:
    found = read_plain_csv(content, find_delimiter=_find_delimiter)
    return None if found is None else found[0]


def join(lines: list[str], end: str = "\n") -> bytes:
    return "".join(line + end for line in lines).encode()


def rows_of(cells) -> list[list[str]]:
    """The rows without the blank ones' separators and without blank rows at the end."""
    rows = [line if any(line) else [] for line in cells]
    while rows and not rows[-1]:
        rows.pop()
    return rows


CELL = st.text(alphabet="ab1 ÉÂ\u200b\t.-\u00a0", max_size=4)


@given(
    st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=10),
    st.sampled_from([",", ";", "|"]),
    st.sampled_from(["\n", "\r\n"]),
)
def test_plain_text_is_read_as_pythons_reader_does(rows, delimiter, end):
    content = join(["x".join(["title"] * 2), *[delimiter.join(row) for row in rows] * 60], end)
    cells, expected = plain(content), rows_of(_read_rows(content, "a.csv").rows)
    if cells is None:  # nothing below the title
        assert [len(row) for row in expected] == [1]
        return
    assert rows_of(cells) == expected
    assert rows_of(list(cells)[5:]) == rows_of(cells[5:])


@pytest.mark.parametrize(
    "line",
    [b'"x",1,2,3', b"x\x00,1,2,3", b"x\r,1,2,3", b"1,2,3", b"1,2,3,4,5", b"\xc9quipe,1,2,3",
     b"x" * 40_000 + b",1,2,3"],
    ids=["quote", "NUL", "carriage return", "short", "wide", "cp1252", "long cell"],
)  # fmt: skip
def test_what_is_not_plain_is_left_to_the_careful_reader(line):
    lines = join([*HEAD, *[ROW] * 60])
    assert plain(lines) is not None
    assert plain(lines + line + b"\n" + join([ROW])) is None


def test_blank_rows_at_the_end_are_not_read():
    content = join(["title", *HEAD, *[ROW] * 60, f"{ROW[:-1]}"], "\r\n")
    expected = rows_of(_read_rows(content, "a.csv").rows)
    for blank in (b",,,,,\r\n" * 1_000, b"\n\n", b" , \t\r\n;;\n,"):
        cells = plain(content + blank)
        assert (len(cells), rows_of(cells)) == (63, expected)
        assert _read_rows(content + blank, "a.csv").rows == expected


def test_a_short_file_is_left_to_the_careful_reader():
    assert plain(join([*HEAD, *[ROW] * 40])) is None


def test_ragged_titles_blank_rows_and_a_byte_order_mark_are_no_hindrance():
    content = "\ufeff".encode() + join(["Caseload", "", *HEAD, *[ROW] * 60, ",,,", "", ROW, "", ""])
    cells = plain(content)
    assert cells is not None
    assert (cells[0], cells[1], cells[-1]) == (["Caseload"], [], ROW.split(","))
    frame = find_table(RawSheet("caseload/a.csv", "", cells, "0"), "caseload").frame
    assert frame["row"].tolist() == [*range(4, 64), 66]


def test_a_cell_beyond_the_headings_is_refused_wherever_it_stands():
    for place in (10, 70):
        lines = [f"{ROW}," for _ in range(80)]
        lines[place] += "stray"
        sheet = RawSheet("caseload/a.csv", "", plain(join([*HEAD, *lines])), "0")
        with pytest.raises(InputError, match=f"row {place + 2}: a row has more cells"):
            find_table(sheet, "caseload")


def test_columns_of_short_rows_are_filled_with_nothing():
    columns = list_columns([["h"], ["a", "b"], ["c"]], 1)
    assert [[texts[code] for code in codes] for texts, codes in columns] == [["a", "c"], ["b", ""]]


def test_invisible_characters_are_taken_out_of_columns(tmp_path):
    lines = [*HEAD, *[ROW] * 60, ROW.replace("Alpha", "Al\u200bpha")]
    (tmp_path / "a.csv").write_bytes(join(lines))
    (sheet,) = read_sheets(tmp_path / "a.csv", root=tmp_path)
    assert sheet.has_marks
    assert sheet.cells[-1] == sheet.cells[-2] == ROW.split(",")


def test_a_file_above_the_limit_is_read_if_it_is_plain_and_long_ones_are_allowed(
    tmp_path, monkeypatch
):
    path = tmp_path / "a.csv"
    path.write_bytes(join([*HEAD, *[ROW] * 200]))
    (usual,) = read_sheets(path, root=tmp_path)
    for module in (tables, csv_text):
        monkeypatch.setattr(module, "MAX_FILE_BYTES", 2_000)
    (long,) = read_sheets(path, root=tmp_path, most=1_000_000)
    assert (list(long.cells), long.sha256) == (list(usual.cells), usual.sha256)
    path.write_bytes(join([*HEAD, '"x",1,2,3', *[ROW] * 200]))
    with pytest.raises(InputError, match=r"too large.* A longer one is read only as plain text"):
        read_sheets(path, root=tmp_path, most=1_000_000)
    path.write_bytes(join([*HEAD, *[ROW] * 50_000]))
    with pytest.raises(InputError, match="the file is too large"):
        read_sheets(path, root=tmp_path, most=1_000_000)
