"""One run at a time for an area and month."""

from __future__ import annotations

import re
import subprocess
import sys
import time

import pytest

from wfanalytics.errors import BusyError, InputError
from wfanalytics.report.lock import hold_lock

HOLD = """
import sys, time
from pathlib import Path
from wfanalytics.report.lock import hold_lock
with hold_lock(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def holder(tmp_path):
    command = [sys.executable, "-c", HOLD, str(tmp_path / "exampleshire" / "2020-09")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_second_run_is_told_who_holds_the_place(tmp_path, holder):
    expected = (
        rf"The report of exampleshire for 2020-09 is being made by process {holder.pid} on .+, "
        r"since \d{4}-\d\d-\d\dT\d\d:\d\d.+\. Wait until it has ended\."
    )
    with pytest.raises(BusyError, match=expected) as error:
        hold(tmp_path / "exampleshire" / "2020-09")
    assert error.value.exit_code == 3


def test_another_month_is_free(tmp_path, holder):
    hold(tmp_path / "exampleshire" / "2020-08")


def test_a_killed_holder_leaves_no_lock(tmp_path, holder):
    holder.kill()
    holder.wait()
    hold(tmp_path / "exampleshire" / "2020-09")
    assert [path.name for path in (tmp_path / ".locks").iterdir()] == ["exampleshire-2020-09.lock"]


def test_a_holder_that_has_said_nothing_is_another_process(tmp_path, holder):
    (tmp_path / ".locks" / "exampleshire-2020-09.json").write_text("{")
    with pytest.raises(BusyError, match="is being made by another process"):
        hold(tmp_path / "exampleshire" / "2020-09")


def test_a_place_that_cannot_be_written_to(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match=re.escape("the report cannot be written here (Not a dir")):
        hold(tmp_path / "file" / "exampleshire" / "2020-09")


def hold(folder):
    with hold_lock(folder):
        time.sleep(0)
