"""Children's allocations: read only where the profile asks, pseudonymised, nothing guessed."""

from __future__ import annotations

import csv

import pandas as pd
import pytest
from tests.unit.extracts import ALLOCATION, check, clean, list_notes, make_table, write_area

from wfanalytics.clean.area import clean_area
from wfanalytics.clean.identity import FICTIONAL_KEY, pseudonymise
from wfanalytics.errors import InputError
from wfanalytics.raw.area import read_area


def rules(repairs: pd.DataFrame) -> list[tuple[str, int, bool]]:
    return [(note[0], note[2], note[6]) for note in list_notes(repairs)]


def test_children_and_workers_are_pseudonyms_and_an_open_end_is_empty():
    rows, repairs = clean("allocations", make_table("allocations", {}))
    frame = check(rows, "allocations")
    assert frame.loc[0, "child_id"] == pseudonymise("child C1", key=FICTIONAL_KEY)
    assert frame.loc[0, "worker_id"] == pseudonymise("SW101", key=FICTIONAL_KEY)
    assert pd.isna(frame.loc[0, "end_date"])
    assert repairs.empty


def test_a_childs_pseudonym_is_never_a_workers():
    rows, _ = clean("allocations", make_table("allocations", {"Child ID": "SW101"}))
    assert rows.loc[0, "child_id"] != rows.loc[0, "worker_id"]


def test_the_newest_delivery_of_an_allocation_holds_l11():
    first = make_table("allocations", {}, file="allocations/2019-03.csv")
    second = make_table("allocations", {"Allocated to": "01/04/2019"},
                        file="allocations/2019-06.csv")  # fmt: skip
    rows, repairs = clean("allocations", first, second)
    assert rows["end_date"].tolist() == [pd.Timestamp("2019-04-01")]
    assert rules(repairs) == [("L11", 2, True)]
    assert repairs["file"].tolist() == ["allocations/2019-03.csv"]


def test_an_end_before_the_start_is_refused_l07():
    rows, repairs = clean("allocations", make_table(
        "allocations", {"Allocated to": "31/01/2019"}, {"Child ID": "C2"}))  # fmt: skip
    assert len(rows) == 1
    assert rules(repairs) == [("L07", 2, True)]


def test_two_workers_at_once_and_an_unknown_one_are_asked_about_l10_l27():
    rows, repairs = clean("allocations", make_table(
        "allocations", {}, {"Allocated worker": "SW999", "Allocated from": "01/03/2019"},
    ))  # fmt: skip
    assert len(rows) == 2
    assert sorted(rules(repairs)) == [("L10", 2, False), ("L27", 3, False)]


def test_a_duty_tray_is_nobody():
    rows, repairs = clean("allocations", make_table("allocations", {"Allocated worker": "Duty"}))
    assert rows["worker_id"].tolist() == [""]
    assert repairs.empty


def test_a_row_without_a_child_is_an_error_that_shows_nobody():
    with pytest.raises(InputError, match="column Child ID: no child is named") as error:
        clean("allocations", make_table("allocations", {"Child ID": " "}))
    assert "SW101" not in str(error.value)


def write_allocations(tmp_path, *, switch: str, child: str = "C1"):
    folder = write_area(tmp_path, tables=("posts", "workers", "allocations"))
    profile = folder / "profile.yml"
    profile.write_text(f"{switch}{profile.read_text('utf-8')}", "utf-8")
    with (folder / "allocations" / "all.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, list(ALLOCATION))
        writer.writeheader()
        writer.writerow({**ALLOCATION, "Child ID": child})
    return folder


def test_allocations_are_not_read_unless_the_profile_asks(tmp_path):
    folder = write_allocations(tmp_path, switch="", child="")
    (folder / "allocations" / "broken.csv").write_bytes(b"\x00\x00")
    cleaned = clean_area(read_area("shire", data_dir=folder.parents[1]), on_fault="refuse")
    assert "allocations" not in cleaned.tables
    assert cleaned.faults.empty


def test_with_the_switch_they_are_read(tmp_path):
    folder = write_allocations(tmp_path, switch="child_data: true\n")
    cleaned = clean_area(read_area("shire", data_dir=folder.parents[1]))
    assert len(cleaned.tables["allocations"]) == 1


def test_a_fault_in_them_leaves_them_out_and_stops_nothing_else(tmp_path):
    folder = write_allocations(tmp_path, switch="child_data: true\n", child="")
    area = read_area("shire", data_dir=folder.parents[1])
    cleaned = clean_area(area, on_fault="refuse")
    assert "allocations" not in cleaned.tables
    assert len(cleaned.tables["workers"]) > 0
    assert "no child is named" in cleaned.faults["message"].iloc[0]
    with pytest.raises(InputError, match="no child is named"):
        clean_area(area)
