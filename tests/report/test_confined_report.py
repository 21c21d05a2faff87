"""The sample's whole report with faults in the reported month's posts, movements and return.

Each exhibit stands as it does without the faults, or says in its place what is missing and why.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from docx import Document
from tests.faults.planted import SAID, plant_fault

from wfanalytics.report.run import run_report

#: Nobody's figures of the month: what they are about is how good the extracts are.
ABOUT_THE_EXTRACTS = {"quality_month", "quality_files", "quality_rules", "quality_summary",
                      "quality_census"}  # fmt: skip
WITHOUT_POSTS = {"vacancy_cover", "vacancy_services", "caseload_hotspots", "outlook_vacancies"}
WITHOUT_MOVEMENTS = {"leaver_reasons", "turnover_roles", "first_two_years", "outlook_leavers"}
STILL_THERE = {"agency_trend", "agency_services", "stability_index", "caseload_level",
               "caseload_teams", "absence_trend", "management_layers"}  # fmt: skip


@pytest.fixture(scope="module")
def pack(project_root, tmp_path_factory):
    folder = tmp_path_factory.mktemp("confined") / "data"
    shutil.copytree(project_root / "data", folder, ignore=shutil.ignore_patterns("processed"))
    for table in ("posts", "movements"):
        plant_fault(folder / "raw" / "exampleshire", table)
    (folder / "raw" / "exampleshire" / "census" / "CSWW 2020.xml").write_bytes(b"")
    return run_report("exampleshire", month="2020-09", data_dir=folder,
                      notebooks_dir=project_root / "notebooks", output=folder.parent)  # fmt: skip


def read_records(folder: Path) -> dict[str, dict]:
    records = [json.loads(path.read_text("utf-8")) for path in folder.glob("charts/*.json")]
    return {record["key"]: record for record in records}


def test_every_part_is_made_and_the_exit_code_is_1(pack):
    assert pack.failed == ()
    assert (pack.exit_code, len(pack.refused)) == (1, 3)


def test_each_exhibit_is_as_it_was_or_says_why_not(pack, sample_pack):
    sound, found = read_records(sample_pack.folder), read_records(pack.folder)
    assert set(found) == set(sound)
    reasons = (SAID["posts"], SAID["movements"])
    same, gone = set(), set()
    for key in set(found) - ABOUT_THE_EXTRACTS:
        texts = " ".join(found[key]["sentences"])
        if any(reason in texts for reason in reasons):
            gone |= {key} if found[key]["status"] == "unavailable" else set()
        else:
            names = ("headline", "sentences", "table", "status", "description")
            assert [found[key].get(n) for n in names] == [sound[key].get(n) for n in names], key
            same.add(key)
    assert gone >= WITHOUT_POSTS | WITHOUT_MOVEMENTS
    assert same >= STILL_THERE


def test_the_headlines_and_the_scorecard_say_missing(pack):
    found = read_records(pack.folder)
    assert found["quality_month"]["headline"].startswith("No: figures of September 2020 are miss")
    assert found["vacancy_trend"]["headline"] == "No figure for September 2020: missing"
    assert found["vacancy_cover"]["headline"] == ("Who fills the posts? Missing for September 2020")
    assert found["scorecard"]["headline"].endswith("; 4 of 7 figures missing")


def test_the_paper_and_the_page_say_so_first(pack):
    page = (pack.folder / "index.html").read_text("utf-8").replace("&#39;", "'")
    top = page[: page.index("Contents")]
    paper = Document(pack.folder / "paper.docx")
    cover = [paragraph.text for paragraph in paper.paragraphs][:12]
    for said in pack.refused:
        assert said in top
        assert any(said in text for text in cover)
