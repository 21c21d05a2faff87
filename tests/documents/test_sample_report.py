"""The main job on the shipped sample: the whole report, and every page of it."""

from __future__ import annotations

import json

import pytest
from tests.documents.accessibility import check_page, find_headings, text_of
from tests.notebooks.executed import find_differences

from wfanalytics.report.run import run_report
from wfanalytics.report.verify import verify_pack

LARGEST_PAGE = 12_000_000


@pytest.fixture(scope="module")
def pack(sample_pack):
    return sample_pack


def test_every_part_is_there(pack):
    assert [part.run.notebook.name for part in pack.parts] == [
        "01_data_quality", "02_vacancies", "03_agency", "04_leavers", "05_caseload",
        "06_benchmarks", "07_outlook", "08_summary",
    ]  # fmt: skip
    assert [part.problems for part in pack.parts] == [()] * 8
    assert pack.exit_code == 0
    assert all(part.exhibits for part in pack.parts)


def test_page_can_be_read_by_everyone(pack):
    page = check_page(pack.page)
    assert pack.page.stat().st_size < LARGEST_PAGE
    assert "could not be made" not in text_of(page)
    headings = [text for level, text in find_headings(page) if level == 3]
    assert headings == [item.headline for part in in_reading_order(pack) for item in part.exhibits]


def in_reading_order(pack):
    first, *others, last = pack.parts
    return [last, *others, first]


def test_every_picture_is_there_with_its_own_description(pack):
    page = check_page(pack.page)
    alts = [picture.get("alt") for picture in page.iter("img")]
    pictures = [item for part in pack.parts for item in part.exhibits if item.path("png")]
    assert sorted(alts) == sorted(item.alt_text for item in pictures)
    assert len(set(alts)) == len(alts)
    assert len(alts) >= 12


def test_each_chart_has_its_paste_kit(pack):
    for part in pack.parts:
        for item in part.exhibits:
            kinds = {kind for kind in ("png", "svg", "txt", "csv") if item.path(kind)}
            # All authorities' figures are not shipped, so the sample has no benchmark to table.
            # A first report has no revision to table.
            is_tabled = item.status == "ok" and item.key != "revisions"
            needed = {"txt", "csv"} if is_tabled else {"txt"}
            assert needed <= kinds, item.key
            assert ("png" in kinds) == ("svg" in kinds), item.key


def test_notebooks_pages_can_be_read_by_everyone(pack):
    for path in sorted((pack.folder / "notebooks").glob("*.html")):
        page = check_page(path)
        assert "import wfanalytics" not in text_of(page)


def test_a_second_run_makes_the_same_files(pack, project_root, tmp_path):
    """Every chart, table and document to the byte; a notebook and the manifest but for times."""
    again = run_report(
        "exampleshire", month="2020-09", output=tmp_path, data_dir=project_root / "data"
    )
    assert find_differences(pack.folder, again.folder) == []
    assert verify_pack(again.folder, data_dir=project_root / "data") == ()


def test_rows_read_are_kept_or_refused(pack):
    rows = json.loads((pack.folder / "manifest.json").read_text("utf-8"))["rows"]
    assert rows["read"] == rows["kept"] + rows["refused"] > 70_000
