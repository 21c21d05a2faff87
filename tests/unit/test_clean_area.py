"""Cleaning as a whole: no row lost, no input changed, no order that matters, nobody named."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pandas as pd
import pytest
import xlsxwriter
from tests.unit.extracts import (
    DEFAULTS,
    check,
    clean,
    list_notes,
    make_table,
    pseudonym,
    write_area,
)

from wfanalytics.clean.area import clean_area
from wfanalytics.clean.identity import (
    FICTIONAL_KEY,
    KEY_FILE_VARIABLE,
    KEY_VARIABLE,
    pseudonymise,
    read_key,
)
from wfanalytics.clean.repairs import Ledger, count_files
from wfanalytics.clean.rules import RULES
from wfanalytics.errors import InputError, WfanalyticsError
from wfanalytics.raw.area import read_area


def clean_folder(folder: Path):
    return clean_area(read_area("shire", data_dir=folder))


# --- the whole -----------------------------------------------------------------------------------
def test_all_tables_are_cleaned_in_their_order(tmp_path):
    write_area(tmp_path)
    cleaned = clean_folder(tmp_path)
    assert list(cleaned.tables) == ["posts", "workers", "movements", "caseload", "summary"]
    assert cleaned.files["rows_kept"].tolist() == [1, 1, 1, 1, 1]
    assert cleaned.repairs["rule"].tolist() == ["A13"]


def test_a_table_the_profile_does_not_name_is_left_out(tmp_path):
    write_area(tmp_path, tables=("posts", "workers"))
    assert list(clean_folder(tmp_path).tables) == ["posts", "workers"]


def test_movements_need_the_worker_list(tmp_path):
    write_area(tmp_path, tables=("posts", "movements"))
    with pytest.raises(InputError) as error:
        clean_folder(tmp_path)
    assert str(error.value) == (
        "shire/profile.yml, column sources: the movements extracts need the worker list. "
        "Name the workers extracts too, or the columns they need where they say 'read: no'."
    )


def test_an_extract_without_rows_stops_the_run(tmp_path):
    area = write_area(tmp_path)
    (area / "movements" / "2019-08.csv").write_text(",".join(DEFAULTS["movements"]), "utf-8")
    with pytest.raises(InputError, match=re.escape("movements/2019-08.csv, row 1: no rows stand")):
        clean_folder(tmp_path)


def test_a_folder_that_is_not_there_or_empty(tmp_path):
    area = write_area(tmp_path)
    (area / "posts" / "2019-07.csv").rename(area / "posts" / "~$2019-07.csv")
    with pytest.raises(InputError) as error:
        clean_folder(tmp_path)
    assert str(error.value) == (
        "shire/posts: no file matches '*'. Put the posts extracts in the folder."
    )
    (area / "posts" / "~$2019-07.csv").unlink()
    (area / "posts").rmdir()
    with pytest.raises(InputError, match="shire/posts: the folder is not there"):
        clean_folder(tmp_path)


def test_sheets_of_notes_are_left_out_and_hidden_ones_read_both_noted(tmp_path):
    area = write_area(tmp_path, tables=("posts",))
    book = xlsxwriter.Workbook(area / "posts" / "rest.xlsx")
    book.add_worksheet("Notes").write_column(0, 0, ["How to read this", "Team is the team"])
    for name in ("Aug 2019", "Sep 2019"):
        page = book.add_worksheet(name)
        page.write_row(0, 0, list(DEFAULTS["posts"]))
        page.write_row(1, 0, ["P1", "Social Worker", "Alpha", 1, "Funded"])
        if name == "Sep 2019":
            page.hide()
    book.close()
    cleaned = clean_folder(tmp_path)
    assert len(cleaned.tables["posts"]) == 3
    assert cleaned.files["sheet"].tolist() == ["", "Aug 2019", "Sep 2019"]
    assert cleaned.repairs[["rule", "sheet", "severity", "reason"]].to_numpy().tolist() == [
        ["A30", "Notes", "Q", "a sheet without the table: left out"],
        ["A30", "Sep 2019", "Q", "a hidden sheet: read like the others"],
    ]


@pytest.mark.parametrize(
    ("encoding", "delimiter", "reason"),
    [("utf-8", ",", ""), ("utf-8-sig", ",", ""),
     ("cp1252", ",", "read as cp1252 text, cells separated by commas"),
     ("utf-16", "\t", "read as utf-16 text, cells separated by tabs"),
     ("utf-8", ";", "read as utf-8 text, cells separated by semicolons")],
)  # fmt: skip
def test_how_each_csv_file_is_written_is_recorded_a30(tmp_path, encoding, delimiter, reason):
    area = write_area(tmp_path, tables=("posts",))
    lines = [["Posts – a list"], DEFAULTS["posts"], DEFAULTS["posts"].values()]
    text = "\n".join(delimiter.join(line) for line in lines)
    (area / "posts" / "2019-07.csv").write_bytes(text.encode(encoding))
    cleaned = clean_folder(tmp_path)
    assert cleaned.files[["encoding", "delimiter"]].to_numpy().tolist() == [[encoding, delimiter]]
    noted = cleaned.repairs[["rule", "severity", "reason"]].to_numpy().tolist()
    assert noted == ([["A30", "F", reason]] if reason else [])


def test_totals_of_each_sheet_are_compared_and_counted_a12(tmp_path):
    area = write_area(tmp_path, tables=("posts",))
    heads, post = list(DEFAULTS["posts"]), ["P1", "Social Worker", "Alpha", 1, "Funded"]
    book = xlsxwriter.Workbook(area / "posts" / "rest.xlsx")
    for month, totals in (("Aug", ["", 1]), ("Sep", ["Alpha", 1]), ("Oct", ["", 3])):
        page = book.add_worksheet(f"{month} 2019")
        for number, row in enumerate([heads, post, ["Total", "", "", totals[1], ""]]):
            page.write_row(number, 0, row)
        if totals[0]:
            page.write_row(3, 0, ["Alpha Total", "", "", "#REF!", ""])
    book.close()
    found = clean_folder(tmp_path).files.set_index("sheet")
    assert found[["totals_compared", "totals_agreeing"]].T.to_dict("list") == {
        "": [0, 0], "Aug 2019": [1, 1], "Sep 2019": [2, 1], "Oct 2019": [1, 0],
    }  # fmt: skip


# --- no row lost ---------------------------------------------------------------------------------
def test_a_row_that_vanishes_stops_the_run():
    table = make_table("posts", {}, {"Number": "P2"})
    rows, repairs = clean("posts", table)
    assert count_files("posts", [table], rows, repairs)["rows_kept"].tolist() == [2]
    with pytest.raises(WfanalyticsError) as error:
        count_files("posts", [table], rows.iloc[:1], repairs)
    assert str(error.value) == (
        "posts/2019-07.csv: 2 rows were read, but 1 kept and 0 refused. "
        "This is a fault in wfanalytics; please report it."
    )


def test_a_row_refused_twice_stops_the_run():
    table = make_table("posts", {}, {})
    rows, _ = clean("posts", table)
    ledger = Ledger("posts")
    for _ in range(2):
        ledger.refuse(table.frame.assign(file=table.sheet.file, sheet=""),
                      pd.Series([False, True]), "A18")  # fmt: skip
    with pytest.raises(WfanalyticsError, match="2 rows were read, but 1 kept and 2 refused"):
        count_files("posts", [table], rows, ledger.to_frame())


# --- house rules ---------------------------------------------------------------------------------
MANY = {
    "posts": [{"Number": f"P{n}", "FTE": str(n / 10)} for n in range(1, 8)] + [{"Number": "P1",
              "FTE": "0.1"}, {"Number": "P9", "Status": "Frozen"}],
    "workers": [{"SWE number": f"SW{n}", "Post number": f"P{n % 3}", "FTE": f"0.{n}"}
                for n in range(1, 8)] + [{"SWE number": "sw 1", "Post number": "P9", "FTE": "0.9"},
                {"SWE number": "SW7", "Post number": "P8", "Contract": "Agency",
                 "Start date": "01/01/2010"}],
    "movements": [{"SWE number": f"SW{n}", "Effective date": f"{n:02}/07/2019"}
                  for n in range(1, 8)] + [{"SWE number": "SW1", "Type": "Starter",
                  "Effective date": "20/07/2019"}, {"SWE number": "SW2"}],
    "caseload": [{"Worker": f"SW{n}", "CIN": str(n), "Week ending": f"{7 * (1 + n % 3):02}/07/2019"}
                 for n in range(1, 8)] + [{"Worker": "Duty", "Team": "Omega"}],
    "summary": [{"Month": f"{name}-19"} for name in ("Jul", "Aug", "Sept")],
}  # fmt: skip


@pytest.mark.parametrize("table", list(MANY))
def test_the_order_of_rows_changes_nothing(table):
    def cleaned(rows: list[dict]) -> pd.DataFrame:
        frame = check(clean(table, make_table(table, *rows))[0], table)
        return frame.sort_values(list(frame.columns), ignore_index=True)

    expected = cleaned(MANY[table])
    for seed in range(5):
        rows = random.Random(seed).sample(MANY[table], len(MANY[table]))
        pd.testing.assert_frame_equal(cleaned(rows), expected)


@pytest.mark.parametrize("table", list(MANY))
def test_the_input_is_left_as_it_was(table):
    extract = make_table(table, *MANY[table])
    workers, _ = clean("workers", make_table("workers", *MANY["workers"]))
    frames = (extract.frame, workers)
    before = [frame.copy(deep=True) for frame in frames]
    clean(table, extract, workers=workers) if table in ("movements", "caseload") else clean(
        table, extract
    )
    for frame, copy in zip(frames, before, strict=True):
        pd.testing.assert_frame_equal(frame, copy)


@pytest.mark.parametrize("table", ["workers", "movements"])
def test_every_column_may_come_as_text_with_spaces(table):
    spaced = {name: f"  {text} " for name, text in DEFAULTS[table].items()}
    rows, _ = clean(table, make_table(table, spaced))
    plain, _ = clean(table, make_table(table, {}))
    pd.testing.assert_frame_equal(check(rows, table), check(plain, table))


# --- nobody named --------------------------------------------------------------------------------
CANARIES = ("SW7654321", "7654321", "Canary, Coral", "Canary", "29/02/1984")


def say(table: str, *rows: dict[str, str]) -> list[str]:
    """All that cleaning says about some rows: its one message, or each cell of the ledger."""
    try:
        _, repairs = clean(table, make_table(table, *rows))
    except InputError as error:
        return [str(error)]
    return ["", *repairs.astype(str).to_numpy().ravel()]


def name_nobody(text: str) -> bool:
    return not any(canary.casefold() in text.casefold() for canary in CANARIES)


@pytest.mark.parametrize(
    ("table", "own"),
    [("workers", {"SWE number": "sw 7654321 "}),
     ("movements", {"SWE number": "sw7654321", "Name": "Canary, Coral",
                    "Date of birth": "29/02/1984"}),
     ("caseload", {"Worker": "SW 7654321"})],
)  # fmt: skip
def test_no_message_and_no_ledger_row_names_a_person(table, own):
    """One bad cell after another in a row about somebody, and that somebody in every cell."""
    # A second, proper row, so that the column has numbers with letters in it.
    proper = {"SWE number": "SW5", "Post number": "P5", "Worker": "SW5"}
    proper = {name: text for name, text in proper.items() if name in DEFAULTS[table]}
    refused = 0
    for column in DEFAULTS[table]:
        for bad in (*CANARIES[:3], "", "???", "07/17/2019", "150%", "-3"):
            said = say(table, {**own, column: bad}, proper)
            refused += len(said) == 1
            assert all(name_nobody(text) for text in said), said
    assert refused > 20


def test_the_masked_columns_say_that_they_are_masked():
    proper = {"SWE number": "SW5", "Post number": "P5"}
    _, repairs = clean("workers", make_table("workers", {"SWE number": "sw 101"}, proper))
    assert list_notes(repairs)[0][4:6] == ("(personal)", "(personal)")


# --- the key -------------------------------------------------------------------------------------
@pytest.fixture
def keyless(monkeypatch):
    monkeypatch.delenv(KEY_VARIABLE, raising=False)
    monkeypatch.delenv(KEY_FILE_VARIABLE, raising=False)
    return monkeypatch


def test_a_fictional_area_needs_no_key(keyless):
    assert read_key(is_fictional=True) == FICTIONAL_KEY


def test_a_real_area_needs_one(keyless):
    with pytest.raises(WfanalyticsError) as error:
        read_key(is_fictional=False)
    assert str(error.value) == (
        "The key that turns registration numbers into pseudonyms is missing. Set "
        "WFANALYTICS_PSEUDONYM_KEY to a secret of at least 16 characters, or "
        "WFANALYTICS_PSEUDONYM_KEY_FILE to a file outside the project that holds one. Keep it: "
        "another key gives other pseudonyms."
    )


def test_a_short_key_is_refused_and_not_shown(keyless):
    keyless.setenv(KEY_VARIABLE, "canary")
    with pytest.raises(WfanalyticsError, match="is too short") as error:
        read_key(is_fictional=False)
    assert "canary" not in str(error.value)


def test_a_key_in_a_file(keyless, tmp_path):
    keyless.setenv(KEY_FILE_VARIABLE, str(tmp_path / "key"))
    with pytest.raises(WfanalyticsError, match="cannot be read"):
        read_key(is_fictional=False)
    (tmp_path / "key").write_text("sixteen or more letters\n")
    assert read_key(is_fictional=False) == b"sixteen or more letters"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_a_key_as_powershell_writes_it_is_the_same_key(keyless, tmp_path, encoding):
    """Its > writes UTF-16, Set-Content -Encoding utf8 a mark before the text."""
    keyless.setenv(KEY_FILE_VARIABLE, str(tmp_path / "key"))
    (tmp_path / "key").write_text("sixteen or more letters\r\n", encoding)
    assert read_key(is_fictional=False) == b"sixteen or more letters"


def test_another_key_gives_another_pseudonym():
    assert pseudonymise("SW1", key=b"one") != pseudonymise("SW1", key=b"two")
    assert pseudonym("") == ""
    assert re.fullmatch("[0-9a-f]{16}", pseudonym("SW1"))


# --- the rules -----------------------------------------------------------------------------------
def test_every_rule_has_its_test(project_root):
    """A rule's code stands in the name or the body of a test of its own table or of all."""
    folder = project_root / "tests" / "unit"
    text = "".join(path.read_text("utf-8") for path in sorted(folder.glob("test_*.py")))
    for code in RULES:
        named = re.search(rf"def test_\w+_{code.casefold()}\b", text)
        assert named or f'"{code}"' in text, code
    assert {code for code in RULES if not re.search(rf"def test_\w*{code.casefold()}", text)} <= {
        "A13", "A30", "A02",
    }  # fmt: skip


def test_a_rule_says_what_it_finds_and_what_to_do():
    for code, rule in RULES.items():
        assert code == rule.code
        assert rule.title
        assert rule.cure.endswith(".")
