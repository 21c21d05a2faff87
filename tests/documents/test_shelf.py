"""reports/index.html: every pack that is there, newest first, and no damaged one stops it."""

from __future__ import annotations

import json
import shutil

import pytest
from tests.documents.accessibility import check_page, find_headings, text_of

from wfanalytics.report.shelf import write_shelf


def make_pack(folder, slug, name, month, *, exit_code=0):
    place = folder / slug / month
    place.mkdir(parents=True)
    content = {"area_name": name, "month": month, "headline": f"In {month} <1> of 2 targets met",
               "exit_code": exit_code}  # fmt: skip
    (place / "manifest.json").write_text(json.dumps(content), encoding="utf-8")
    for file in ("index.html", "paper.docx"):
        (place / file).touch()
    return place


@pytest.fixture
def reports(tmp_path):
    make_pack(tmp_path, "anytown", "Anytown", "2020-08")
    make_pack(tmp_path, "exampleshire", "Exampleshire", "2019-07")
    make_pack(tmp_path, "exampleshire", "Exampleshire", "2020-09", exit_code=1)
    return tmp_path


def items(folder):
    return [text_of(x) for x in check_page(folder / "index.html").iter("li")]


def test_newest_first_by_area_with_headline_and_links(reports):
    page = check_page(write_shelf(reports))
    assert find_headings(page) == [
        (1, "Workforce and caseload reports"), (2, "Exampleshire"), (2, "Anytown"),
    ]  # fmt: skip
    assert items(reports) == [
        "Exampleshire, September 2020: In 2020-09 <1> of 2 targets met (some parts could not be "
        "made), Word paper of Exampleshire, September 2020",
        "Exampleshire, July 2019: In 2019-07 <1> of 2 targets met, "
        "Word paper of Exampleshire, July 2019",
        "Anytown, August 2020: In 2020-08 <1> of 2 targets met, Word paper of Anytown, August 2020",
    ]
    links = [a.get("href") for a in page.iter("a") if not a.get("href").startswith("#")]
    assert len(links) == 6
    assert all((reports / href).is_file() for href in links)


def test_a_pack_deleted_by_hand_leaves_the_list(reports):
    write_shelf(reports)
    shutil.rmtree(reports / "exampleshire" / "2019-07")
    write_shelf(reports)
    assert [text.partition(":")[0] for text in items(reports)] == [
        "Exampleshire, September 2020", "Anytown, August 2020",
    ]  # fmt: skip


@pytest.mark.parametrize("content", ["", "[]", '{"month": "2020-13"}', None])
def test_a_damaged_pack_is_named_and_the_rest_listed(reports, content):
    manifest = reports / "anytown" / "2020-08" / "manifest.json"
    manifest.unlink() if content is None else manifest.write_text(content)
    write_shelf(reports)
    assert len(items(reports)) == 3
    assert items(reports)[-1] == "anytown/2020-08"
    page = check_page(reports / "index.html")
    assert "Reports that cannot be read" in text_of(page)


def test_somebody_elses_page_and_hidden_folders_are_left_alone(reports):
    (reports / "exampleshire" / ".2020-08.building-1").mkdir()
    (reports / "index.html").write_text("<p>Our intranet</p>")
    assert write_shelf(reports) is None
    assert (reports / "index.html").read_text() == "<p>Our intranet</p>"
    (reports / "index.html").unlink()
    write_shelf(reports)
    assert "Reports that cannot be read" not in text_of(check_page(reports / "index.html"))


def test_no_pack_says_so(tmp_path):
    assert "No report is here yet." in text_of(check_page(write_shelf(tmp_path)))
