"""The tutorial is run as it stands: each command, each change, each output."""

from __future__ import annotations

import os
import shutil
import time

import pytest
from tests.docs.walk import TUTORIAL, make_project, read_steps, walk


@pytest.mark.skipif(
    os.name == "nt" or not shutil.which("bash") or not shutil.which("git"),
    reason="the page's commands are those of bash, and git applies its changes",
)
def test_the_tutorial_does_what_it_says(tmp_path, say):
    steps = read_steps(TUTORIAL.read_text("utf-8"))
    project = make_project(tmp_path / "project")
    started = time.perf_counter()
    said = walk(steps, project)
    say(f"the tutorial, with one notebook: {time.perf_counter() - started:.0f} s")
    shown = [step for step in steps if step.shown is not None]
    assert len(shown) >= 7
    for step, text in zip(steps, said, strict=True):
        if step.shown is not None:
            assert text == step.shown, f"{step.text}\nRun `python -m tests.docs.walk` and look."
    report = project / "reports/northshire/2026-09"
    assert {"index.html", "paper.docx", "tables.xlsx"} <= {path.name for path in report.iterdir()}
    assert (project / "charts/view_newly_qualified_rate_fte_northshire.png").is_file()
