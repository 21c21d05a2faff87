"""tables.xlsx and the index of charts: the checklist, numbers as numbers, nothing run."""

from __future__ import annotations

import csv
import io
import re

import openpyxl
import pandas as pd
import pytest

from wfanalytics.report.workbook import number_table


def check_workbook(path, *, title, organisation):
    """Check every line of the workbook checklist that a machine can judge."""
    book = openpyxl.load_workbook(path)
    assert (book.properties.title, book.properties.creator) == (title, organisation)
    assert book.sheetnames[:3] == ["Cover", "Contents", "Notes"]
    names = [table for sheet in book for table in sheet.tables]
    assert len(set(names)) == len(names)
    for sheet in book:
        assert sheet["A1"].value, sheet.title
        assert sheet.sheet_state == "visible"
        assert not sheet.merged_cells.ranges
        assert sheet.freeze_panes is None
        assert sheet.auto_filter.ref is None
        assert not sheet._images
        assert not any(x.hidden for x in sheet.column_dimensions.values())
        filled = [any(cell.value is not None for cell in row) for row in sheet.iter_rows()]
        assert all(filled), f"{sheet.title} has a blank row"
        assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
        if sheet.title != "Cover":
            check_sheet(sheet)
    return book


def check_sheet(sheet):
    (table,) = sheet.tables.values()
    assert table.headerRowCount == 1
    cells = sheet[table.ref]
    heads = [cell.value for cell in cells[0]]
    assert all(heads)
    assert len(set(heads)) == len(heads)
    assert table.autoFilter is None
    assert all(cell.value is not None for row in cells for cell in row)
    assert cells[-1][0].row == sheet.max_row, "nothing stands below the table"
    for position, head in enumerate(heads):
        values = [row[position].value for row in cells[1:]]
        if any(isinstance(v, str) and re.fullmatch(r"\[\w+\]", v) for v in values):
            assert heads[position + 1] == f"{head}, status"


@pytest.fixture(scope="module")
def book(small_pack):
    return check_workbook(
        small_pack.folder / "tables.xlsx",
        title="Exampleshire: workforce and caseload, September 2020",
        organisation="Exampleshire County Council (fictional)",
    )


def test_a_sheet_each_and_a_reason_for_each_without_a_table(book):
    assert book.sheetnames == ["Cover", "Contents", "Notes", "vacancy", "places", "summary"]
    cover = [cell.value for cell in book["Cover"]["A"]]
    assert "No table for “Any?”: There are no posts for September 2020." in cover
    assert [cell.value for cell in book["Contents"]["A"]][-3:] == ["vacancy", "places", "summary"]


def test_numbers_are_numbers_with_a_status_beside_what_is_withheld(book):
    table = book["places"].tables["places"]
    rows = [[cell.value for cell in row] for row in book["places"][table.ref]]
    assert rows == [
        ["Locality", "Agency staff", "Agency staff, status"],
        ["City", 17, "as reported"],
        ["Coast", "[c]", "withheld"],
    ]
    rates = book["vacancy"][book["vacancy"].tables["vacancy"].ref]
    assert [(row[1].value, row[1].number_format) for row in rates[1:]] == [
        (0.185, "0.0%"), (0.07, "0.0%"),
    ]  # fmt: skip


def test_notes_are_numbered_and_named_where_they_apply(book):
    notes = [[cell.value for cell in row] for row in book["Notes"].iter_rows(min_row=3)]
    assert notes[0] == ["Note number", "Note"]
    by_number = dict(notes[1:])
    text = next(c.value for c in book["places"]["A"] if "[note" in str(c.value))
    numbers = [int(n) for n in re.findall(r"\[note (\d+)\]", text)]
    assert "Figures of fewer than five people are withheld." in [by_number[n] for n in numbers]
    assert any("[c] withheld to protect people" in by_number[n] for n in numbers)


def test_a_text_like_a_formula_stays_text(book):
    cells = [cell for cell in book["places"]["A"] if cell.value == "=1+1 is no formula."]
    assert [cell.data_type for cell in cells] == ["s"]


def test_number_table_units_signs_and_words():
    table = pd.DataFrame(
        {"Team": ["A [x](y)", "B"], "FTE": ["1,233.5 FTE", "no figure"], "Change": ["−2", "3"],
         "Mixed": ["7%", "12"], "Parts": [31.5, None]}
    )  # fmt: skip
    frame, formats = number_table(table)
    assert frame.to_dict("list") == {
        "Team": ["A [x] (y)", "B"],
        "FTE": [1233.5, "[x]"],
        "FTE, status": ["as reported", "no figure"],
        "Change": [-2, 3],
        "Mixed": ["7%", "12"],
        "Parts": [31.5, "[x]"],
        "Parts, status": ["as reported", "no figure"],
    }
    assert formats == {"FTE": "#,##0.0", "Change": "#,##0", "Parts": "#,##0.0"}


def test_index_of_charts_names_every_file(small_pack):
    charts = small_pack.folder / "charts"
    text = (charts / "index.csv").read_text("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["key"] for row in rows] == ["vacancy", "gap", "places", "summary"]
    assert [row["status"] for row in rows] == ["ok", "unavailable", "ok", "ok"]
    assert rows[0]["alt text"] == 'Line chart: "uncovered" vacancies fell from 18.5% to 7.0%.'
    named = {name for row in rows for name in row["files"].split()}
    on_disk = {path.name for path in charts.iterdir() if path.suffix != ".json"}
    assert named == on_disk - {"index.csv"}
