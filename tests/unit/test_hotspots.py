"""Teams over the band and short of staff, from a frame that can be read."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

import wfanalytics as wf
from wfanalytics.analysis.hotspots import calculate_hotspots
from wfanalytics.measures.area_data import AreaData
from wfanalytics.settings import Target

MONTH = pd.Timestamp("2020-09-30")
V, C, A = "uncovered_vacancy_rate_fte", "caseload_fte", "agency_rate_fte"


def make_area(teams, *, targets=()):
    rows = [("authority", "Shire", V, 0.08), ("authority", "Shire", A, 0.1)]
    for name, values in teams.items():
        rows += [("team", name, m, v) for m, v in zip((V, C, A), values, strict=True)]
    frame = pd.DataFrame(rows, columns=["area_level", "area_name", "measure", "value"])
    frame["status"] = frame["value"].notna().map({True: "ok", False: "suppressed"})
    frame = frame.assign(period_end=MONTH, period_type="snapshot")
    empty = pd.DataFrame()
    return AreaData("shire", "Shire", "local", MONTH, frame, targets, (), {}, empty, empty,
                    (13.0, 16.0), empty)  # fmt: skip


TEAMS = {
    "Both": (0.12, 16.1, 0.2), "Over": (0.05, 20.0, 0.05), "Short": (0.09, 15.0, 0.1),
    "Neither": (0.08, 16.04, None), "Hidden": (0.30, None, None),
}  # fmt: skip


def test_each_team_is_told_in_words_hotspots_first():
    found = calculate_hotspots(make_area(TEAMS))
    assert dict(zip(found["area_name"], found["verdict"], strict=True)) == {
        "Both": "both", "Over": "over", "Short": "short", "Hidden": "unknown", "Neither": "neither",
    }  # fmt: skip
    assert found["area_name"].iloc[0] == "Both"


def test_figures_are_compared_as_printed():
    found = calculate_hotspots(make_area(TEAMS)).set_index("area_name")
    assert not found.loc["Neither", f"{C}_is_high"], "16.04 prints as 16.0"
    assert not found.loc["Neither", f"{V}_is_high"], "the authority's own 8.0%"
    assert found.loc["Both", f"{A}_is_high"]
    assert not found.loc["Short", f"{A}_is_high"]


@pytest.mark.parametrize(("status", "limit"), [("our target", 0.10), ("result elsewhere", 0.08)])
def test_short_of_staff_is_above_our_own_target(status, limit):
    target = Target(measure=V, value=0.10, valid_from=date(2020, 1, 1), label="10%", source="x",
                    status=status)  # fmt: skip
    found = calculate_hotspots(make_area(TEAMS, targets=(target,)))
    assert set(found[f"{V}_limit"]) == {limit}


def test_the_sample_in_exact_words():
    exhibit = wf.exhibits.caseload_hotspots(wf.open_area("exampleshire", month="2019-07"))
    assert exhibit.sentences == (
        "3 teams are over the band and short of staff at once in July 2019.",
        "They are Weald Safeguarding, Coast Leaving Care and Coast Looked After Children.",
        "For 4 of 24 teams it cannot be shown, to protect people.",
    )
    cells = exhibit.figure.axes[0].patches
    assert len(cells) == 3 * 24
    said = [text.get_text() for text in exhibit.figure.axes[0].texts]
    assert said.count("over and short") == 3
