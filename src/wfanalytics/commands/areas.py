"""Commands about an area's own files, the sample's and the Department's."""

from __future__ import annotations

from typing import Annotated

import typer

from wfanalytics.commands.options import Area, DataDir, Debug


def check(
    *,
    area: Area,
    month: Annotated[
        str, typer.Option(help="Only files about this month, such as 2020-09; all unless given.")
    ] = "",
    json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
    workbook: Annotated[
        str, typer.Option(help="Also write the repairs ledger to this .xlsx file.")
    ] = "",
    data_dir: DataDir = "",
    debug: Debug = False,
) -> None:
    """Check the extracts: what was found, repaired, queried and refused, newest first.

    Exit codes: 0 nothing to mend; 1 somebody has something to mend; 2 no report can be made.
    Example: wfanalytics check --area exampleshire --month 2020-09
    """
    from pathlib import Path

    from wfanalytics.report.check import run_check

    outcome = run_check(
        area, month=month, data_dir=data_dir, workbook=Path(workbook) if workbook else None
    )
    print(outcome.as_json() if json else outcome.as_text())
    raise typer.Exit(outcome.exit_code)


def init(
    area: Annotated[str, typer.Argument(help="Its folder's name to be, such as west-sussex.")],
    *,
    origin: Annotated[
        str, typer.Option("--from", metavar="FOLDER", help="The folder that holds the extracts.")
    ],
    name: Annotated[str, typer.Option(help="The area's name, where it is not AREA's.")] = "",
    code: Annotated[str, typer.Option(help="Its code, such as E10000032.")] = "",
    data_dir: DataDir = "",
    debug: Debug = False,
) -> None:
    """Look at a folder of unknown extracts and set up an area from it.

    Writes profile.yml, teams.csv, targets.csv and events.csv with their reasons, and says what
    could not be placed. The files in FOLDER are only read. Example: wfanalytics init
    west-sussex --from "Extracts from HR"
    """
    from pathlib import Path

    from wfanalytics.report.new_area import run_init

    folder = Path(origin).expanduser()
    print(*run_init(area, folder, name=name, code=code, data_dir=data_dir), sep="\n")


def explore(
    *,
    browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help="Whether to open a browser.")
    ] = True,
    data_dir: DataDir = "",
    debug: Debug = False,
) -> None:
    """Open the notebooks in JupyterLab, the explorer first, and say where.

    Only this machine can reach it, with the token in the address. Stop it with Ctrl-C.
    Example: wfanalytics explore --no-browser
    """
    from wfanalytics.report.lab import run_lab

    def say(address: str) -> None:
        print(f"JupyterLab is at {address}\nStop it with Ctrl-C.", flush=True)

    run_lab(data_dir=data_dir, browser=browser, on_start=say)


def sample(
    *,
    output: Annotated[
        str, typer.Option(help="Folder to write; data/raw/exampleshire unless given.")
    ] = "",
    debug: Debug = False,
) -> None:
    """Write the fictional area Exampleshire, always the same."""
    from pathlib import Path

    from wfanalytics.raw.area import find_data_dir
    from wfanalytics.sample import write_sample

    folder = Path(output) if output else find_data_dir() / "raw" / "exampleshire"
    write_sample(folder)
    print(folder)


def fetch(
    *,
    url: Annotated[str, typer.Option(help="Address of the file; DfE's unless given.")] = "",
    output: Annotated[
        str, typer.Option(help="Folder to keep it in; data/raw/published/fetched unless given.")
    ] = "",
    data_dir: DataDir = "",
    debug: Debug = False,
) -> None:
    """Download the Department for Education's current file."""
    from wfanalytics.raw.area import find_data_dir
    from wfanalytics.raw.fetch import fetch_published
    from wfanalytics.settings import PUBLISHED_URL

    folder = output or find_data_dir(data_dir) / "raw" / "published" / "fetched"
    result = fetch_published(url or PUBLISHED_URL, folder)
    print(f"{'New' if result.changed else 'Unchanged'}: {result.vintage}, {result.bytes:,} bytes")
    print(result.path)
