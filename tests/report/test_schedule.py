"""``wfanalytics schedule``: each recipe is run, or checked by the scheduler's own rules."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import jsonschema
import pytest
import yaml
from tests.small_project import copy_project

from wfanalytics.cli import main
from wfanalytics.errors import ParameterError
from wfanalytics.periods import find_last_month, format_month, month_end, parse_month
from wfanalytics.report.schedule import KINDS, describe_schedule

posix_only = pytest.mark.skipif(os.name == "nt", reason="needs a POSIX shell")
#: What each scheduler has a way of its own to quote.
ODD_NAME = 'Rapport d\'été 100% $HOME "x"'


@pytest.fixture(scope="module")
def project(project_root, tmp_path_factory) -> Path:
    """A project whose folder's name has to be quoted everywhere."""
    name = ODD_NAME.replace('"', "") if os.name == "nt" else ODD_NAME
    return copy_project(project_root, tmp_path_factory.mktemp("schedule") / name)


def describe(project: Path, kind: str, **options: object) -> str:
    return describe_schedule(kind, area="exampleshire", data_dir=str(project / "data"), **options)


def run_bare(command: str, folder: Path, project_root: Path) -> subprocess.CompletedProcess[str]:
    """As a scheduler does: a plain shell, next to no environment, another working folder."""
    source = str(project_root / "src")  # this checkout, whichever is installed
    bare = {"HOME": str(folder), "PATH": "/usr/bin:/bin", "PYTHONPATH": source}
    return subprocess.run(
        ["/bin/sh", "-c", command], cwd=folder, env=bare, capture_output=True, text=True
    )


def read_cron_command(text: str) -> str:
    """What cron hands to the shell: its last line after the five fields, ``\\%`` as ``%``."""
    line = text.splitlines()[-1]
    assert line.startswith("30 6 5 * * ")
    assert re.search(r"(?<!\\)%", line) is None, "cron ends a command at a plain %"
    return line.removeprefix("30 6 5 * * ").replace("\\%", "%")


# --- those that can be run -----------------------------------------------------------------------
@posix_only
def test_cron_says_nothing_and_logs_where_the_report_is(project, project_root, tmp_path):
    command = read_cron_command(describe(project, "cron", month="2020-09"))
    done = run_bare(command, tmp_path, project_root)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    log = (project / "reports" / "exampleshire.log").read_text("utf-8").splitlines()
    assert Path(log[-1]).is_file()
    assert log[-1].endswith("exampleshire/2020-09/index.html")


@posix_only
def test_cron_mails_one_line_about_a_failure(project, project_root, tmp_path):
    command = read_cron_command(describe(project, "cron", month="2031-01"))
    done = run_bare(command, tmp_path, project_root)
    log = project / "reports" / "exampleshire.log"
    said = f"wfanalytics: the report of exampleshire ended with exit code 2; see {log}\n"
    assert (done.stdout, done.stderr) == (said, "")
    assert "no posts extract is about January 2031." in log.read_text("utf-8").splitlines()[-1]


@posix_only
def test_papermill_alone_saves_the_notebook_and_its_charts(project, project_root, tmp_path):
    done = run_bare(describe(project, "papermill", month="2020-09"), tmp_path, project_root)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    made = {path.name for path in (project / "reports" / "papermill").rglob("*")}
    assert {"out.ipynb", "charts", "vacancy.png"} <= made


def test_the_cell_for_jupyter_scheduler_raises_where_the_report_fails(project, project_root):
    text = describe(project, "jupyter", month="2031-01")
    cell, job = re.findall(r"```\w+\n(.*?)```", text, flags=re.DOTALL)
    assert json.loads(job)["schedule"] == "30 6 5 * *"
    environment = {**os.environ, "PYTHONPATH": str(project_root / "src")}
    done = subprocess.run(
        [sys.executable, "-c", cell], capture_output=True, text=True, env=environment
    )
    assert done.stderr.endswith("The report of exampleshire ended with exit code 2.\n")
    assert "no posts extract is about January 2031." in done.stdout


# --- those whose rules can be checked ------------------------------------------------------------
def split_units(text: str) -> dict[str, str]:
    parts = re.split(r"^# --- (\S+) ---$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed")
def test_systemd_finds_nothing_wrong_with_the_units(project, tmp_path):
    units = split_units(describe(project, "systemd"))
    for name, text in units.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    paths = [str(tmp_path / name) for name in units]
    command = ["systemd-analyze", "verify", "--user", "--man=no", *paths]
    runtime = {**os.environ, "XDG_RUNTIME_DIR": str(tmp_path)}
    done = subprocess.run(command, capture_output=True, text=True, env=runtime)
    assert [line for line in done.stderr.splitlines() if str(tmp_path) in line] == []
    assert done.returncode == 0, done.stderr


def test_systemd_runs_each_month_and_appends_to_the_log(project):
    units = split_units(describe(project, "systemd", day=12, time="19:05"))
    assert list(units) == ["wfanalytics-exampleshire.service", "wfanalytics-exampleshire.timer"]
    service, timer = units.values()
    assert "\nOnCalendar=*-*-12 19:05:00\n" in timer
    log = str(project / "reports" / "exampleshire.log").replace("%", "%%")
    assert f"\nStandardError=append:{log}\n" in service
    data = str(project / "data").replace("%", "%%").replace("$", "$$").replace('"', '\\"')
    assert f' "--data-dir" "{data}" ' in service


def test_windows_task_has_what_the_schema_requires(project):
    text = describe(project, "windows", day=12, time="19:05")
    assert text.isascii(), "it reads the same in whichever encoding a shell saves it"
    task = ElementTree.fromstring(text)
    space = {"t": "http://schemas.microsoft.com/windows/2004/02/mit/task"}
    assert task.tag == "{http://schemas.microsoft.com/windows/2004/02/mit/task}Task"
    assert task.get("version") == "1.2"
    start = task.findtext("t:Triggers/t:CalendarTrigger/t:StartBoundary", namespaces=space)
    assert start.endswith("T19:05:00")
    month = task.find("t:Triggers/t:CalendarTrigger/t:ScheduleByMonth", space)
    assert month.findtext("t:DaysOfMonth/t:Day", namespaces=space) == "12"
    assert len(month.find("t:Months", space)) == 12
    principal = task.find("t:Principals/t:Principal", space)
    actions = task.find("t:Actions", space)
    assert actions.get("Context") == principal.get("id")
    action = actions.find("t:Exec", space)
    assert action.findtext("t:Command", namespaces=space) == "cmd.exe"
    given = action.findtext("t:Arguments", namespaces=space)
    assert given.startswith('/d /s /c "')
    reports = project / "reports"
    assert given.endswith(f'>> "{reports / "exampleshire.log"}" 2>&1"')
    rest = ["--month", "last", "--data-dir", str(project / "data"), "--output", str(reports)]
    command = [sys.executable, "-m", "wfanalytics", "report", "--area", "exampleshire", *rest]
    assert subprocess.list2cmdline(command) in given


#: The part of GitHub's workflow syntax the recipe uses; nothing else may stand in it.
WORKFLOW = {
    "type": "object",
    "required": ["name", "on", "permissions", "concurrency", "jobs"],
    "additionalProperties": False,
    "properties": {
        "name": {"type": "string"},
        "on": {
            "type": "object",
            "required": ["schedule", "workflow_dispatch"],
            "properties": {
                "schedule": {
                    "type": "array",
                    "items": {
                        "properties": {"cron": {"pattern": r"^\d+ \d+ \d+ \* \*$"}},
                        "required": ["cron"],
                    },
                }
            },
        },
        "permissions": {"const": {"contents": "read"}},
        "concurrency": {"required": ["group"]},
        "jobs": {
            "additionalProperties": {
                "required": ["runs-on", "steps"],
                "additionalProperties": False,
                "properties": {
                    "runs-on": {"enum": ["ubuntu-latest", "self-hosted"]},
                    "timeout-minutes": {"type": "integer"},
                    "steps": {
                        "items": {
                            "oneOf": [{"required": ["uses"]}, {"required": ["run"]}],
                            "additionalProperties": False,
                            "properties": {
                                key: {"type": kind}
                                for key, kind in (
                                    ("name", "string"),
                                    ("uses", "string"),
                                    ("run", "string"),
                                    ("if", "string"),
                                    ("with", "object"),
                                    ("env", "object"),
                                )
                            },
                        }
                    },
                },
            }
        },
    },
}


def read_workflow(text: str) -> dict:
    # YAML 1.1 reads "on" as true, and GitHub as a word.
    workflow = {"on" if key is True else key: part for key, part in yaml.safe_load(text).items()}
    jsonschema.validate(workflow, WORKFLOW)
    return workflow


def test_github_workflow_keeps_to_its_syntax(project):
    steps = read_workflow(describe(project, "github"))["jobs"]["report"]["steps"]
    assert steps[3]["run"].endswith('--area exampleshire --month "$MONTH"')
    assert steps[4]["if"] == "always()"


@pytest.fixture
def real(project, monkeypatch):
    """A real area, and the file that holds its key."""
    folder = project / "data" / "raw" / "north-shire"
    shutil.copytree(folder.with_name("exampleshire"), folder, dirs_exist_ok=True)
    profile = folder / "profile.yml"
    text = profile.read_text("utf-8").replace("exampleshire", "north-shire")
    profile.write_text(text.replace("fictional: true", "fictional: false"), encoding="utf-8")
    monkeypatch.setenv("WFANALYTICS_PSEUDONYM_KEY", "a secret of more than 16 characters")
    monkeypatch.setenv("WFANALYTICS_PSEUDONYM_KEY_FILE", "/keys/ours & theirs.txt")
    yield lambda kind: describe_schedule(kind, area="north-shire", data_dir=str(project / "data"))
    shutil.rmtree(folder)


def test_a_real_areas_report_stays_on_its_own_runner(real):
    job = read_workflow(real("github"))["jobs"]["report"]
    assert job["runs-on"] == "self-hosted"
    assert [step.get("uses") for step in job["steps"]] == [None], "nothing is uploaded"


@pytest.mark.parametrize("kind", KINDS)
def test_each_recipe_passes_on_the_keys_file_and_never_the_key(real, kind):
    text = real(kind)
    name = str(Path("/keys/ours & theirs.txt").absolute())
    written = {"windows": name.replace("&", "&amp;")}.get(kind, name)
    assert "WFANALYTICS_PSEUDONYM_KEY_FILE" in text
    assert json.dumps(written)[1:-1] in text or written in text
    assert "a secret of" not in text


def test_a_real_area_needs_its_key_in_a_file(real, monkeypatch):
    monkeypatch.delenv("WFANALYTICS_PSEUDONYM_KEY_FILE")
    with pytest.raises(
        ParameterError, match=r"^A scheduled run has none of your own settings\. Put"
    ):
        real("cron")


# --- the command ---------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", KINDS)
def test_each_recipe_says_where_the_log_goes_and_what_failure_looks_like(project, kind):
    text = describe(project, kind)
    assert re.search(r"^[-# ]*Log: ", text, flags=re.MULTILINE)
    assert re.search(r"^[-# ]*Failure: ", text, flags=re.MULTILINE)


def test_a_kind_or_time_that_is_none(project, capsys, monkeypatch):
    monkeypatch.chdir(project)
    for options, said in (
        (("--show", "crom"), "Unknown recipe 'crom'. Did you mean 'cron'? Known: "),
        (("--show", "cron", "--time", "6.30"), "The time '6.30' is not a time."),
    ):
        with pytest.raises(SystemExit) as stop:
            main(["schedule", "--area", "exampleshire", *options])
        assert (stop.value.code, capsys.readouterr().err.startswith(said)) == (2, True)


def test_month_last_is_the_month_that_ended_last(project, capsys, monkeypatch):
    monkeypatch.chdir(project)
    with pytest.raises(SystemExit) as stop:
        main(["report", "--area", "exampleshire", "--month", "last"])
    month = format_month(month_end(parse_month(find_last_month())))
    assert stop.value.code == 2
    assert f"no posts extract is about {month}." in capsys.readouterr().err
