"""Recipes for whoever runs the monthly report: cron, systemd, Windows, GitHub, Jupyter."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from xml.sax.saxutils import escape

import jinja2

from wfanalytics.clean.identity import KEY_FILE_VARIABLE
from wfanalytics.errors import ParameterError, unknown_name
from wfanalytics.periods import parse_month
from wfanalytics.raw.area import find_data_dir, read_area
from wfanalytics.report import TEMPLATES

#: Each kind of recipe and the template it is made from.
KINDS = {
    "papermill": "papermill.sh.j2",
    "cron": "crontab.j2",
    "systemd": "systemd.j2",
    "windows": "windows.xml.j2",
    "github": "github.yml.j2",
    "jupyter": "jupyter.md.j2",
}


def describe_schedule(
    kind: str,
    *,
    area: str,
    day: int = 5,
    time: str = "06:30",
    month: str = "last",
    output: str = "",
    data_dir: str = "",
) -> str:
    """A recipe as text: what to save where, where the log goes, what a failure looks like.

    ``day`` and ``time`` are those of every month's run. ``month`` other than ``last`` is for
    trying the recipe. The python, the data and the key's file are those of this installation.

    Raises
    ------
    ParameterError
        for an unknown kind or area, a time that is none, and a real area without a file that
        holds its key: a scheduler passes on no variables.
    """
    if kind not in KINDS:
        raise ParameterError(unknown_name("recipe", kind, KINDS))
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", time):
        raise ParameterError(f"The time {time!r} is not a time. Write it such as 06:30.")
    if month != "last":
        parse_month(month)
    data = find_data_dir(data_dir).resolve()
    is_fictional = read_area(area, data_dir=data).profile.fictional
    reports = Path(output).expanduser().absolute() if output else data.parent / "reports"
    command = [sys.executable, "-m", "wfanalytics", "report", "--area", area, "--month", month,
               "--data-dir", str(data), "--output", str(reports)]  # fmt: skip
    text = _environment().get_template(f"schedule/{KINDS[kind]}").render(
        area=area, day=day, time=time, hour=int(time[:2]), minute=int(time[3:]), month=month,
        is_fictional=is_fictional, project=str(data.parent), data=str(data), reports=str(reports),
        log=str(reports / f"{area}.log"), python=sys.executable, command=command,
        key_name=KEY_FILE_VARIABLE, key_file=_find_key_file(is_fictional=is_fictional),
    )  # fmt: skip
    return text.strip() if kind != "windows" else _as_ascii(text.strip())


def _find_key_file(*, is_fictional: bool) -> str:
    """The file with the pseudonym key, which a scheduled run must be told; "" for the sample."""
    named = os.environ.get(KEY_FILE_VARIABLE, "").strip()
    if not named and not is_fictional:
        raise ParameterError(
            "A scheduled run has none of your own settings. Put the key in a file that only you "
            f"may read, set {KEY_FILE_VARIABLE} to it, and run this again."
        )
    return str(Path(named).expanduser().absolute()) if named else ""


def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES), undefined=jinja2.StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True,
        autoescape=False,  # each text is quoted for its own scheduler
    )  # fmt: skip
    environment.filters |= {
        "sh": shlex.quote,
        "sh_join": shlex.join,
        "cron": lambda text: text.replace("%", "\\%"),
        "json": lambda value: json.dumps(value, ensure_ascii=False),
        "unit": lambda text: text.replace("%", "%%"),
        "unit_quote": _quote_for_systemd,
        "unit_word": lambda text: _quote_for_systemd(text).replace("$", "$$"),
        "cmd_join": subprocess.list2cmdline,
        "xml": escape,
    }
    return environment


def _quote_for_systemd(text: str) -> str:
    """One setting of a unit; in a command a $ stands for itself only where it is doubled."""
    for sign, written in (("\\", "\\\\"), ('"', '\\"'), ("%", "%%")):
        text = text.replace(sign, written)
    return f'"{text}"'


def _as_ascii(text: str) -> str:
    """XML that reads the same in whichever encoding a Windows shell saves it."""
    return text.encode("ascii", "xmlcharrefreplace").decode("ascii")
