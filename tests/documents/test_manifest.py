"""The manifest: every input's fingerprint, rows that add up, versions, timings, outcome."""

from __future__ import annotations

import hashlib
import json
import re

import pytest


@pytest.fixture(scope="module")
def manifest(small_pack):
    return json.loads((small_pack.folder / "manifest.json").read_text(encoding="utf-8"))


def test_inputs_are_all_there_with_their_true_fingerprints(manifest, small_pack):
    raw = small_pack.folder.parents[2] / "data" / "raw"
    area = raw / "exampleshire"
    on_disk = {
        hashlib.sha256(path.read_bytes()).hexdigest(): path
        for path in [*area.rglob("*.*"), *(raw / "published").glob("*.csv")]
    }
    assert {item["sha256"] for item in manifest["inputs"]} == set(on_disk)


def test_rows_read_are_kept_or_refused(manifest):
    extracts = [item for item in manifest["inputs"] if "rows_read" in item]
    assert len(extracts) == 15  # with two of allocations and the census return
    for item in extracts:
        assert item["rows_read"] == item["rows_kept"] + item["rows_refused"]
    for count in ("read", "kept", "refused"):
        assert manifest["rows"][count] == sum(item[f"rows_{count}"] for item in extracts)


def test_totals_of_each_file_agree_with_its_rows(manifest):
    """Every caseload delivery ends with a Total of each type; the posts have theirs too."""
    compared = {}
    for item in manifest["inputs"]:
        if "rows_read" in item:
            compared[item["table"]] = compared.get(item["table"], 0) + item["totals_compared"]
            assert item["totals_compared"] == item["totals_agreeing"]
    assert compared["caseload"] > 0


def test_how_each_csv_file_is_written(manifest):
    written = {
        item["table"]: (item["encoding"], item["delimiter"])
        for item in manifest["inputs"] if item["file"].endswith(".csv") and "encoding" in item
    }  # fmt: skip
    assert written["movements"] == ("cp1252", ",")
    assert written["caseload"] == ("utf-8-sig", ",")


def test_what_was_set_and_what_it_was_made_with(manifest):
    assert manifest["parameters"] == {"source": "local", "vacancy_target": 6.0}
    assert (manifest["area"], manifest["month"]) == ("exampleshire", "2020-09")
    assert {"python", "pandas", "numpy", "matplotlib", "papermill"} <= set(manifest["versions"])
    assert re.fullmatch("[0-9a-f]{64}", manifest["fingerprint"])


def test_notebooks_with_outcome_time_and_exhibits(manifest):
    found = [
        (part["name"], part["status"], len(part["exhibits"])) for part in manifest["notebooks"]
    ]
    assert found == [
        ("02_vacancies", "done", 1),
        ("03_agency", "failed", 0),
        ("05_caseload", "failed", 0),
        ("06_places", "done", 2),
        ("08_summary", "done", 1),
    ]
    assert all(part["seconds"] > 0 for part in manifest["notebooks"])
    assert manifest["exit_code"] == 1


def test_executed_notebooks_record_their_parameters(small_pack):
    path = small_pack.folder / "notebooks" / "02_vacancies.ipynb"
    recorded = json.loads(path.read_text("utf-8"))["metadata"]["papermill"]["parameters"]
    assert recorded["vacancy_target"] == 6.0
    assert recorded["output_dir"] == "charts"


def test_pack_holds_what_it_should_and_nothing_else(small_pack):
    names = {path.name for path in small_pack.folder.iterdir()}
    assert names == {
        "index.html", "paper.docx", "tables.xlsx", "manifest.json", "measures.csv",
        "charts", "notebooks", "release.json", "failure.md", "sha256sums.txt",
    }  # fmt: skip
    assert [path.name for path in small_pack.folder.parent.iterdir()] == ["2020-09"]
    assert small_pack.exit_code == 1


def test_progress_names_each_notebook_and_reaches_the_end(small_run):
    _, progress = small_run
    starts = [(state.number, state.notebook) for state in progress if state.is_start]
    assert [number for number, _ in starts] == [1, 2, 3, 4, 5]
    # The one with the most cells first, so that it is not left to run alone.
    assert starts[0][1] == "Where are they?"
    assert sorted(name for _, name in starts) == [
        "How many are empty?", "How much is agency?", "Summary", "Where are they?",
        "Who holds cases?",
    ]  # fmt: skip
    done = [state.cells_done for state in progress]
    assert done == sorted(done)
    assert done[-1] == progress[-1].cells_total
