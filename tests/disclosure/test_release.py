"""Nothing unmasked leaves, and the log says what was withheld and why."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pandas as pd
import pytest

from wfanalytics.errors import WfanalyticsError
from wfanalytics.report.release import check_masked, release_pack
from wfanalytics.thresholds import Disclosure

WHEN = datetime(2020, 10, 5, 9, 0, tzinfo=UTC)
ROWS = pd.DataFrame(
    {
        "measure": ["agency_headcount", "agency_headcount", "leavers_headcount"],
        "area_level": ["team", "service", "service"],
        "numerator": [None, 8.0, None],
        "status": ["suppressed", "ok", "suppressed"],
    }
)


def test_the_log_says_what_was_released_by_which_rules_and_what_was_withheld(tmp_path):
    (tmp_path / "charts").mkdir()
    (tmp_path / "charts" / "a.txt").write_text("words", encoding="utf-8")
    log = release_pack(tmp_path, check_masked(ROWS, rules=Disclosure()), when=WHEN)
    assert json.loads((tmp_path / "release.json").read_text(encoding="utf-8")) == log
    assert log["released"] == "2020-10-05T09:00:00+00:00"
    assert (log["audience"], log["rules"]["smallest_count"]) == ("public", 5)
    assert list(log["files"]) == ["charts/a.txt"]
    assert log["withheld"] == [
        {"measure": "agency_headcount", "level": "team", "figures": 1,
         "why": "rests on few people, or would give away a figure that does: agency_headcount"},
        {"measure": "leavers_headcount", "level": "service", "figures": 1,
         "why": "shown for the authority only"},
    ]  # fmt: skip


FEW = {"measure": "inpost_headcount", "numerator": 4.0}
MONTHLY = {"measure": "starters_headcount", "numerator": 30.0}


@pytest.mark.parametrize("changes", [FEW, MONTHLY])
def test_unmasked_figures_are_refused(changes):
    with pytest.raises(WfanalyticsError, match="of a service is not masked"):
        check_masked(ROWS.iloc[[1]].assign(**changes), rules=Disclosure())


def test_rows_of_workers_in_an_executed_notebook_stop_the_release(tmp_path):
    cell = {"cell_type": "code", "source": "data.tables['workers'].head()",
            "outputs": [{"data": {"text/plain": "  worker_id  fte\n0  W1  1.0"}}]}  # fmt: skip
    (tmp_path / "x.ipynb").write_text(json.dumps({"cells": [cell]}), encoding="utf-8")
    masked = check_masked(ROWS, rules=Disclosure())
    with pytest.raises(WfanalyticsError, match=r"x\.ipynb shows rows of workers"):
        release_pack(tmp_path, masked, when=WHEN)
    assert not (tmp_path / "release.json").exists()
