"""The command line: ``wfanalytics report``, ``check``, ``sample`` and ``fetch``.

Each command imports what it needs when it runs, so that ``--help`` answers at once.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated

import typer

from wfanalytics.cli_schedule import Month, schedule
from wfanalytics.errors import EXIT_BAD_INPUT, ParameterError, WfanalyticsError

HELP = """Workforce and caseload analytics for English children's services.

Exit codes: 0 done; 1 a part of the report failed or an extract could not be used (the rest is
there and says so); 2 bad input or parameters, and nothing was written; 130 stopped with Ctrl-C.
"""

#: What a shell reports for a command stopped with Ctrl-C.
EXIT_STOPPED = 130

app = typer.Typer(
    help=HELP, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False
)
app.command()(schedule)

Area = Annotated[str, typer.Option(help="Folder under data/raw, such as exampleshire.")]
DataDir = Annotated[str, typer.Option(help="The data folder, where it is not found by itself.")]
Debug = Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")]


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit; an error is one plain message unless ``--debug``."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        with _signals_stop_cleanly():
            app(_join_parameters(given), prog_name="wfanalytics")
    except SystemExit as stop:
        if stop.code == EXIT_STOPPED:
            print("Stopped. No report was changed.", file=sys.stderr)
        raise
    except WfanalyticsError as error:
        if "--debug" in given:
            raise
        print(error, file=sys.stderr)
        sys.exit(error.exit_code)
    except Exception as error:
        if "--debug" in given:
            raise
        # Its text is left out: it may quote a cell about a person.
        print(
            f"Unexpected error ({type(error).__name__}), a fault of wfanalytics. Run the command "
            "again with --debug and report what it prints.",
            file=sys.stderr,
        )
        sys.exit(EXIT_BAD_INPUT)


@contextmanager
def _signals_stop_cleanly() -> Iterator[None]:
    """Ctrl-C, and a scheduler's request to end, unwind what is under way and then exit."""

    def stop(number: int, frame: object) -> None:
        sys.exit(EXIT_STOPPED)

    previous = {name: signal.signal(name, stop) for name in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for name, handler in previous.items():
            signal.signal(name, handler)


def _join_parameters(arguments: Sequence[str]) -> list[str]:
    """``-p NAME VALUE``, as papermill takes it, as one ``-p NAME=VALUE``, as typer can."""
    joined: list[str] = []
    rest = iter(arguments)
    for argument in rest:
        joined.append(argument)
        if argument == "-p":
            name, value = next(rest, None), next(rest, None)
            if name is None or value is None or not name.isidentifier():
                raise ParameterError("Write -p NAME VALUE, such as -p vacancy_target 7.")
            joined.append(f"{name}={value}")
    return joined


def _print_version(wanted: bool) -> None:
    if wanted:
        from wfanalytics import __version__

        print(f"wfanalytics {__version__}")
        raise typer.Exit


@app.callback(no_args_is_help=True)
def _start(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version."
        ),
    ] = False,
) -> None:
    pass


@app.command()
def report(
    *,
    area: Area,
    month: Month,
    output: Annotated[
        str, typer.Option(help="Folder that receives AREA/MONTH/; reports/ unless given.")
    ] = "",
    parameter: Annotated[
        list[str] | None,
        typer.Option("-p", metavar="NAME VALUE", help="A parameter of the notebooks; repeatable."),
    ] = None,
    sections: Annotated[
        str, typer.Option(help="Sections of the paper, in order, such as summary,vacancies.")
    ] = "",
    template: Annotated[
        str, typer.Option(help="Word document (.docx) whose styles the paper takes.")
    ] = "",
    data_dir: DataDir = "",
    debug: Debug = False,
) -> None:
    """Write the report of a month; its path is printed last.

    Exit codes: 0 done; 1 a part failed, or an extract of a month shown could not be used (the
    rest is there and says so); 2 bad input or parameters, and nothing was written; 130 stopped
    with Ctrl-C.
    """
    pairs = [text.split("=", 1) for text in parameter or []]
    names = [name for name, _ in pairs]
    if twice := {name for name in names if names.count(name) > 1}:
        raise ParameterError(f"Parameter {min(twice)!r} is given twice. Give it once.")

    from wfanalytics.report.progress import show_progress
    from wfanalytics.report.run import run_report

    with show_progress() as on_progress:
        pack = run_report(
            area,
            month=month,
            output=output or None,
            parameters=dict(pairs),
            data_dir=data_dir,
            on_progress=on_progress,
            sections=sections.split(",") if sections else (),
            template=template,
        )
    for part in pack.failed:
        print(f"{part.run.notebook.title}: {' '.join(part.problems)}", file=sys.stderr)
    for text in pack.refused:
        print(text, file=sys.stderr)
    print(pack.page)
    raise typer.Exit(pack.exit_code)


@app.command()
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

    Exit codes: 0 nothing to mend; 1 somebody has something to mend; 2 an extract that stops
    the figures. Example: wfanalytics check --area exampleshire --month 2020-09
    """
    from pathlib import Path

    from wfanalytics.report.check import run_check

    outcome = run_check(
        area, month=month, data_dir=data_dir, workbook=Path(workbook) if workbook else None
    )
    print(outcome.as_json() if json else outcome.as_text())
    raise typer.Exit(outcome.exit_code)


@app.command()
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


@app.command()
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


@app.command()
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
