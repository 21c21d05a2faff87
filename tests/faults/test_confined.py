"""One bad cell in the reported month's extract: its figures are missing, all others as they were.

For each table; what rests on it is counted on paper, not taken from the code.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest
from tests.faults.planted import PLANTED, SAID, plant_fault
from tests.small_project import copy_project

from wfanalytics.report.run import run_report

KEY = ["measure", "period_end", "period_type", "area_level", "area_code"]
VACANCIES = {
    "vacancy_fte", "agency_cover_fte", "uncovered_vacancy_fte", "over_establishment_fte",
    "vacancy_rate_fte", "uncovered_vacancy_rate_fte", "agency_cover_rate_fte",
    "vacancy_agency_cover_rate_fte",
}  # fmt: skip
STAFF = {
    "inpost_fte", "inpost_headcount", "long_absence_fte", "agency_fte", "agency_headcount",
    "agency_rate_fte", "agency_rate_headcount", "permanent_to_agency_ratio_fte",
}  # fmt: skip
CASES = {
    "cases", "case_holders_fte", "case_holders_headcount", "caseload_fte", "caseload_below_rate",
    "caseload_within_rate", "caseload_above_rate",
}  # fmt: skip
STARTERS = {"starters_headcount", "starters_fte"}
#: Who is on no list may be support staff, and a rate of leavers needs the stock at both ends.
MISSING = {
    "posts": {"establishment_fte"} | VACANCIES,
    "workers": VACANCIES | STAFF | CASES | STARTERS | {"leaver_rate_headcount"},
    "movements": {"leavers_headcount", "leavers_fte", "conversions_headcount",
                  "leaver_rate_headcount"} | STARTERS,
    "caseload": {"unallocated_cases"} | CASES,
}  # fmt: skip


@pytest.fixture(scope="module")
def sound(project_root, tmp_path_factory):
    """A small project whose report is sound: three months of the sample."""
    folder = copy_project(project_root, tmp_path_factory.mktemp("sound") / "project")
    return folder, report(folder)


def report(folder: Path):
    return run_report("exampleshire", month="2020-09", data_dir=folder / "data",
                      notebooks_dir=folder / "notebooks", engine="fork")  # fmt: skip


def read_measures(pack) -> pd.DataFrame:
    (path,) = pack.folder.glob("measures*.csv")
    return pd.read_csv(path).set_index(KEY)


@pytest.mark.parametrize("table", PLANTED)
def test_a_fault_leaves_out_what_rests_on_it_and_nothing_else(sound, tmp_path, table):
    project, good = sound
    folder = tmp_path / "project"
    shutil.copytree(project, folder, ignore=shutil.ignore_patterns("reports"))
    plant_fault(folder / "data" / "raw" / "exampleshire", table)
    pack = report(folder)
    assert (good.exit_code, pack.exit_code) == (0, 1)
    assert pack.refused[0].startswith(SAID[table])
    assert pack.refused[1].startswith("Missing for September 2020: ")
    for name in ("index.html", "failure.md"):
        text = (pack.folder / name).read_text("utf-8").replace("&#39;", "'")
        assert all(said in text for said in pack.refused), name

    before, after = read_measures(good), read_measures(pack)
    assert set(before.index) == set(after.index)
    after = after.reindex(before.index)
    is_same = (before["value"] == after["value"]) | (before["value"].isna() & after["value"].isna())
    is_same &= before["status"] == after["status"]
    moved = after[~is_same]
    assert set(moved["status"]) == {"missing"}
    months = moved.index.get_level_values("period_end")
    first = "2020-07" if table == "movements" else "2020-09"
    assert min(months) >= first
    own = after.xs("authority", level="area_level").reset_index()
    own = own[(own["period_end"] == "2020-09-30") & own["period_type"].isin(["snapshot", "month"])]
    had = set(before.xs("authority", level="area_level").reset_index()["measure"])
    assert set(own.loc[own["status"] == "missing", "measure"]) == MISSING[table] & had
