"""A fault planted in a copy of the sample: one bad cell in September 2020's extract of a table."""

from __future__ import annotations

from pathlib import Path

import openpyxl

#: Table -> its file, and the place as a message names it.
PLANTED = {
    "posts": ("posts/Establishment 2020-09.xlsx", "sheet Establishment, row 11, column FTE"),
    "workers": ("workers/Staff list 2020-09.xlsx", "sheet Staff, row 11, column FTE"),
    "movements": ("movements/Starters and leavers 2020-21.csv", "row 38, column Type"),
    "caseload": ("caseload/Caseload 2020-09.csv", "row 41, column CIN"),
}
#: Table -> what its fault's message says first.
SAID = {
    table: f"The {table} extract of {months} could not be used: {file}, {place}: "
    for (table, (file, place)), months in zip(
        PLANTED.items(),
        ["September 2020", "September 2020", "April 2020 to September 2020", "September 2020"],
        strict=True,
    )
}


def plant_fault(area: Path, table: str) -> None:
    """Spoil one cell of a table's extract of September 2020 in an area's folder."""
    path = area / PLANTED[table][0]
    if path.suffix == ".xlsx":
        book = openpyxl.load_workbook(path)
        sheet = book.worksheets[0]
        (heading,) = [cell for row in sheet.iter_rows() for cell in row if cell.value == "FTE"]
        sheet.cell(11, heading.column).value = "full"
        book.save(path)
        return
    lines = path.read_bytes().splitlines(keepends=True)
    number = int(PLANTED[table][1].removeprefix("row ").partition(",")[0]) - 1
    cells = lines[number].split(b",")
    cells[1 if table == "movements" else 3] = b"Vanished"
    lines[number] = b",".join(cells)
    path.write_bytes(b"".join(lines))
