"""The command line: ``wfanalytics report``, ``batch``, ``verify``, ``check`` and the others.

Each command imports what it needs when it runs, so that ``--help`` answers at once.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from wfanalytics.arguments import EXIT_STOPPED, join_parameters, signals_stop_cleanly, split_pairs
from wfanalytics.errors import EXIT_BAD_INPUT, EXIT_MEASURE_FAILED, WfanalyticsError

HELP = """Workforce and caseload analytics for English children's services.

Exit codes: 0 done; 1 a part of the report failed or an extract could not be used (the rest is
there and says so); 2 bad input or parameters, a full disk or no right to write, and nothing was
changed; 3 another run is making the same report; 130 stopped with Ctrl-C.
"""

app = typer.Typer(
    help=HELP, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False
)

Area = Annotated[str, typer.Option(help="Folder under data/raw, such as exampleshire.")]
DataDir = Annotated[str, typer.Option(help="The data folder, where it is not found by itself.")]
Output = Annotated[
    str, typer.Option(help="Folder that receives AREA/MONTH/; reports/ unless given.")
]
Parameters = Annotated[
    list[str] | None,
    typer.Option("-p", metavar="NAME VALUE", help="A parameter of the notebooks; repeatable."),
]
Engine = Annotated[
    str, typer.Option(help="fork, or plain for kernels started anew; the fastest unless given.")
]
Jobs = Annotated[
    int, typer.Option(min=0, help="How many run at once; 0, as many as there are cores.")
]
Debug = Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")]


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit; an error is one plain message unless ``--debug``."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        with signals_stop_cleanly():
            app(join_parameters(given), prog_name="wfanalytics")
    except SystemExit as stop:
        if stop.code == EXIT_STOPPED:
            made = "What was made is whole; --resume makes the rest."
            said = made if given[:1] == ["batch"] else "No report was changed."
            print(f"Stopped. {said}", file=sys.stderr)
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
    month: Annotated[str, typer.Option(help="Last month reported, such as 2020-09.")],
    output: Output = "",
    parameter: Parameters = None,
    engine: Engine = "",
    jobs: Jobs = 0,
    keep: Annotated[
        int, typer.Option(min=0, help="Older packs of this month to keep beside the new one.")
    ] = 0,
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
    rest is there and says so); 2 bad input or parameters, a full disk or no right to write, and
    nothing was changed; 3 another run is making this report; 130 stopped with Ctrl-C.
    """
    from wfanalytics.report.progress import show_progress
    from wfanalytics.report.run import run_report

    with show_progress() as on_progress:
        pack = run_report(
            area,
            month=month,
            output=output or None,
            parameters=split_pairs(parameter),
            data_dir=data_dir,
            on_progress=on_progress,
            engine=engine,
            jobs=jobs or None,
            keep=keep,
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
def batch(
    *,
    areas: Annotated[
        str, typer.Option(help="all; names with commas between; or a file with one a line.")
    ],
    month: Annotated[str, typer.Option(help="Last month reported, such as 2020-09.")],
    output: Output = "",
    parameter: Parameters = None,
    jobs: Jobs = 0,
    resume: Annotated[
        bool, typer.Option("--resume", help="Leave out areas an earlier batch has done.")
    ] = False,
    scheduler: Annotated[
        str, typer.Option(help="Address of a running Dask cluster, such as tcp://10.0.0.5:8786.")
    ] = "",
    send_to: Annotated[
        str, typer.Option(help="Copy each report here too: a folder, or s3://bucket/reports.")
    ] = "",
    engine: Engine = "",
    data_dir: DataDir = "",
    debug: Debug = False,
) -> None:
    """Write the reports of many areas; the path of their record is printed last.

    All authorities DfE publishes: wfanalytics batch --areas all --month 2024-09
    -p source published. Exit codes: 0 every report is whole; 1 some are not; 2 bad input or
    parameters; 130 stopped with Ctrl-C (--resume goes on from there).
    """
    from wfanalytics.report.batch_command import run_batch_command

    code = run_batch_command(
        areas, month=month, output=output, pairs=split_pairs(parameter), jobs=jobs or None,
        resume=resume, scheduler=scheduler, engine=engine, data_dir=data_dir, send_to=send_to,
    )  # fmt: skip
    raise typer.Exit(code)


@app.command()
def verify(
    pack: Annotated[str, typer.Argument(help="A pack's folder, reports/AREA/MONTH.")],
    *,
    data_dir: DataDir = "",
    debug: Debug = False,
) -> None:
    """Say what changed in a pack, or in its inputs, since it was made.

    Exit codes: 0 nothing; 1 something has changed; 2 not a pack.
    """
    from pathlib import Path

    from wfanalytics.raw.area import find_data_dir
    from wfanalytics.report.verify import verify_pack

    changes = verify_pack(Path(pack), data_dir=find_data_dir(data_dir))
    print(*(changes or ["The pack and its inputs are as they were when it was made."]), sep="\n")
    raise typer.Exit(EXIT_MEASURE_FAILED if changes else 0)


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
