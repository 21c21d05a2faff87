"""Census returns of an area: read once, measured apart from its extracts, never a stop."""

from __future__ import annotations

import pandas as pd
import pytest
from tests.unit.extracts import write_area

from wfanalytics.clean import returns
from wfanalytics.clean.returns import load_returns
from wfanalytics.measures.area import open_area
from wfanalytics.measures.area_data import select
from wfanalytics.raw.area import read_area
from wfanalytics.sample.census_file import write_fictional_census


@pytest.fixture
def area(tmp_path):
    folder = write_area(tmp_path)
    profile = folder / "profile.yml"
    profile.write_text(profile.read_text() + "  census: {folder: census}\n")
    (folder / "census").mkdir()
    return folder


def load(tmp_path):
    return load_returns(read_area("shire", data_dir=tmp_path), data_dir=tmp_path)


def write(area, year, *, name="", workers=20, **more):
    path = area / "census" / (name or f"{year}.xml")
    write_fictional_census(path, year=year, workers=workers, **more)
    return path


def test_measures_at_30_september_stand_apart_from_the_areas_own(area, tmp_path):
    write(area, 2021, vacancies="2.00")
    write(area, 2022)
    july = open_area("shire", month="2019-07", data_dir=str(tmp_path))
    assert july.census.empty  # both are of later years
    assert select(july, "vacancy_fte", source="census").empty
    for table in ("posts", "workers"):
        text = (area / table / "2019-07.csv").read_text()
        (area / table / "2021-09.csv").write_text(text)
    data = open_area("shire", month="2021-09", data_dir=str(tmp_path))
    rows = select(data, "vacancy_fte", source="census")
    assert rows[["value", "source"]].values.tolist() == [[2.0, "census, 2021"]]
    assert "census, 2021" not in set(data.measures["source"])
    assert select(data, "vacancy_fte")["source"].nunique() == 1
    assert {"census/2021.xml", "census/2022.xml"} <= set(data.files["file"])


def test_an_unchanged_return_is_not_read_again(area, tmp_path, monkeypatch):
    write(area, 2021)
    first = load(tmp_path)
    monkeypatch.setattr(returns, "read_census", None)
    second = load(tmp_path)
    pd.testing.assert_frame_equal(first.census[0].workers, second.census[0].workers)
    pd.testing.assert_frame_equal(first.repairs, second.repairs)
    kept = list((tmp_path / "processed" / "shire" / "returns").iterdir())
    assert len(kept) == 1
    assert b"SW1000001" not in kept[0].read_bytes()
    kept[0].write_bytes(b"damaged")
    monkeypatch.undo()
    assert len(load(tmp_path).census) == 1


def test_a_changed_return_replaces_the_kept_one(area, tmp_path):
    write(area, 2021, vacancies="2.00")
    load(tmp_path)
    write(area, 2021, vacancies="3.00")
    assert load(tmp_path).census[0].authority["vacancy_fte"].tolist() == [3.0]
    assert len(list((tmp_path / "processed" / "shire" / "returns").iterdir())) == 1


@pytest.mark.parametrize("content", ["", "<Message>", "not XML"])
def test_a_return_that_cannot_be_read_stops_nothing(area, tmp_path, content):
    (area / "census" / "bad.xml").write_text(content)
    write(area, 2021)
    found = load(tmp_path)
    assert [one.as_at.year for one in found.census] == [2021]
    row = found.repairs[found.repairs["file"] == "census/bad.xml"].iloc[0]
    assert (row["rule"], row["severity"], row["row"]) == ("A30", "E", 0)
    assert open_area("shire", month="2019-07", data_dir=str(tmp_path)).name == "Shire"


def test_two_returns_of_one_year_are_both_left_out(area, tmp_path):
    write(area, 2021)
    write(area, 2021, name="again.xml", seed=3)
    found = load(tmp_path)
    assert found.census == ()
    reasons = found.repairs["reason"].unique().tolist()
    assert reasons == ["2 returns of 2021: census/2021.xml, census/again.xml; keep the one DfE "
                       "accepted"]  # fmt: skip


def test_another_authoritys_return_is_not_used(area, tmp_path):
    profile = area / "profile.yml"
    profile.write_text(profile.read_text() + 'old_la_code: "938"\n')
    write(area, 2021)
    found = load(tmp_path)
    assert found.census == ()
    assert found.repairs["reason"].tolist() == [
        "a return of authority 999, and old_la_code is 938: not used"
    ]


def test_each_year_is_compared_with_the_one_before(area, tmp_path):
    write(area, 2021, vacancies="10.00")
    write(area, 2022, vacancies="13.00", seed=2020)
    found = load(tmp_path).repairs
    jumps = found[found["rule"] == "R11"]
    assert ("census/2022.xml", "vacancy_fte") in set(
        zip(jumps["file"], jumps["column"], strict=True)
    )


def test_a_folder_without_a_return_is_asked_about(area, tmp_path):
    found = load(tmp_path)
    assert found.census == ()
    assert found.repairs["rule"].tolist() == ["A30"]
    assert "no file matches" in found.repairs["reason"].iloc[0]


def test_without_a_census_source_nothing_is_said(tmp_path):
    write_area(tmp_path)
    found = load(tmp_path)
    assert (found.census, len(found.repairs), len(found.files)) == ((), 0, 0)
