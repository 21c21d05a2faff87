"""Names, numbers, birth dates and comments planted in the extracts are in no file of a report."""

from __future__ import annotations

import base64
import io
import re
import shutil
import zipfile
import zlib
from pathlib import Path

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook
from tests.conftest import PROJECT_ROOT
from tests.small_project import copy_project

from wfanalytics.measures.area import open_area
from wfanalytics.report.run import run_report

#: Planted in: names, birth dates, registration numbers, reasons, places and a comment.
CANARIES = {
    "Name": "Zanzibarquill, Xantheppe", "Date of birth": "07/03/1951", "SWE number": "SW987654",
    "Reason": "Quizzaciously unwell", "From / to": "Ytterbia Borough via Aunt Wynfrith",
}  # fmt: skip
STAFF = {"SWE number": "SW987653", "Comments": "Xylocanary sued",
         "Name": "Quonsettia Vroomfield"}  # fmt: skip


def plant_movements(folder: Path) -> None:
    """A leaver of September whose every personal column holds a canary."""
    path = folder / "movements" / "Starters and leavers 2020-21.csv"
    text = path.read_bytes().decode("cp1252")
    values = {"Month": "Sep-20", "Type": "Leaver", "Effective date": "10/09/2020",
              "Team": "Fostering Support", "FTE": "1.0", **CANARIES}  # fmt: skip
    heading = "Month,Type,SWE number,Name,Date of birth,Effective date,Team,FTE,From / to,Reason"
    assert heading in text
    row = ",".join(f'"{values[name]}"' for name in heading.split(","))
    path.write_bytes(f"{text.rstrip()}\r\n{row}\r\n".encode("cp1252"))


def plant_staff(folder: Path) -> None:
    """Two columns and a person more in the last staff list."""
    path = folder / "workers" / "Staff list 2020-09.xlsx"
    rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    heading = [*rows[4], "Comments", "Name"]
    person = {**dict(zip(rows[4], rows[5], strict=True)), **STAFF}
    table = [*rows[:4], heading, *rows[5:], [person[name] for name in heading]]
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet("Staff")
        for number, row in enumerate(table):
            page.write_row(number, 0, row)


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    """A report of three months of the sample, by the shipped notebooks, and its raw extracts."""
    project = copy_project(PROJECT_ROOT, tmp_path_factory.mktemp("canary") / "project")
    shutil.rmtree(project / "notebooks")
    shutil.copytree(PROJECT_ROOT / "notebooks", project / "notebooks")
    area = project / "data" / "raw" / "exampleshire"
    plant_movements(area)
    plant_staff(area)
    pack = run_report(
        "exampleshire", month="2020-09", output=project / "out", data_dir=project / "data"
    )
    return project, pack


def list_texts(folder: Path) -> dict[str, str]:
    """Every file of a pack as text; zips unpacked, pictures inside pages taken out and read."""
    texts = {}
    for path in folder.rglob("*"):
        if path.is_file():
            for name, content in open_file(path.name, path.read_bytes()):
                texts[f"{path.relative_to(folder)}:{name}"] = content.decode("utf-8", "replace")
    return texts


def open_file(name: str, content: bytes) -> list[tuple[str, bytes]]:
    if content[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(content)) as zipped:
            inside = [(item, zipped.read(item)) for item in zipped.namelist()]
        return [(name, b"")] + [found for item in inside for found in open_file(*item)]
    if content[:8] == b"\x89PNG\r\n\x1a\n":
        return [(name, read_png_texts(content))]
    pictures = re.findall(rb"data:image/png;base64,([A-Za-z0-9+/=\\n]+)", content)
    found = [(name, content)]
    return found + [
        (f"{name} picture", read_png_texts(base64.b64decode(text.replace(b"\\n", b""))))
        for text in pictures
    ]


def read_png_texts(content: bytes) -> bytes:
    """The text chunks of a picture, unpacked."""
    found, place = [], 8
    while place < len(content):
        length, kind = int.from_bytes(content[place : place + 4]), content[place + 4 : place + 8]
        data = content[place + 8 : place + 8 + length]
        if kind in (b"tEXt", b"iTXt"):
            found.append(data)
        elif kind == b"zTXt":
            found.append(zlib.decompress(data.split(b"\0", 1)[1][1:]))
        place += 12 + length
    return b"\n".join(found)


def test_nothing_planted_in_a_personal_column_is_in_any_file(planted):
    project, pack = planted
    texts = list_texts(pack.folder)
    assert len(texts) > 60
    assert any("picture" in name for name in texts)
    words = [*CANARIES.values(), *STAFF.values(), "987654", "987653", "Zanzibarquill", "1951-03-07",
             "Xantheppe", "Wynfrith", "Quizzaciously", "Xylocanary"]  # fmt: skip
    found = {word: name for word in words for name, text in texts.items() if word in text}
    assert found == {}
    kept = (project / "data" / "processed").rglob("*")
    stored = b"".join(path.read_bytes() for path in kept if path.is_file())
    # Why somebody left and whereto is kept for the analyst; who it was is not.
    kept_words = {CANARIES["Reason"], CANARIES["From / to"], "Wynfrith", "Quizzaciously"}
    assert not [word for word in words if word not in kept_words and word.encode() in stored]


def test_nobody_of_the_sample_is_named_or_numbered_in_any_file(planted):
    project, pack = planted
    raw = project / "data" / "raw" / "exampleshire" / "movements"
    rows = "".join(path.read_bytes().decode("cp1252") for path in raw.glob("*.csv"))
    people = set(re.findall(r'(SW\d{6}),"([^"]+)",(\d\d/\d\d/\d{4})', rows))
    assert len(people) > 50
    tables = open_area("exampleshire", month="2020-09", data_dir=str(project / "data")).tables
    pseudonyms = set(tables["workers"]["worker_id"]) | set(tables["caseload"]["worker_id"])
    words = {word for person in people for word in person} | (pseudonyms - {""})
    pattern = re.compile("|".join(map(re.escape, sorted(words))))
    shown = {name: m[0] for name, text in list_texts(pack.folder).items()
             if (m := pattern.search(text))}  # fmt: skip
    assert shown == {}
