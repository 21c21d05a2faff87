"""Commands that make reports, look after them and put them on a timetable."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from wfanalytics.arguments import split_pairs
from wfanalytics.commands.options import (
    Area,
    DataDir,
    Debug,
    Engine,
    Jobs,
    Month,
    Output,
    Parameters,
)
from wfanalytics.errors import EXIT_MEASURE_FAILED


def report(
    *,
    area: Area,
    month: Month,
    output: Output = "",
    parameter: Parameters = None,
    engine: Engine = "",
    jobs: Jobs = 0,
    keep: Annotated[
        int, typer.Option(min=0, help="Older packs of this month to keep beside the new one.")
    ] = 0,
    sections: Annotated[
        str,
        typer.Option(
            help="Sections of the paper, in order, such as summary,vacancies; all for everything."
        ),
    ] = "",
    template: Annotated[
        str, typer.Option(help="Word document (.docx) whose styles the paper takes.")
    ] = "",
    audience: Annotated[
        str, typer.Option(help="public; or managers: small counts shown, every file says so.")
    ] = "public",
    data_dir: DataDir = "",
    debug: Debug = False,
) -> None:
    """Write the report of a month; its path is printed last.

    Exit codes: 0 done; 1 a part failed, or an extract of a month shown could not be used (the
    rest is there and says so); 2 bad input or parameters, a full disk or no right to write, and
    nothing was changed; 3 another run is making this report; 130 stopped with Ctrl-C.
    """
    from wfanalytics.report.server import choose_engine, warm_server

    # It imports what the notebooks need while this process imports what the run needs.
    warm_server(choose_engine(engine))
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
            audience=audience,
        )
    for part in pack.failed:
        print(f"{part.run.notebook.title}: {' '.join(part.problems)}", file=sys.stderr)
    for text in pack.refused:
        print(text, file=sys.stderr)
    print(pack.page)
    raise typer.Exit(pack.exit_code)


def batch(
    *,
    areas: Annotated[
        str, typer.Option(help="all; names with commas between; or a file with one a line.")
    ],
    month: Month,
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


def schedule(
    *,
    show: Annotated[
        str, typer.Option(help="papermill, cron, systemd, windows, github or jupyter.")
    ],
    area: Area,
    day: Annotated[int, typer.Option(min=1, max=28, help="Day of the month.")] = 5,
    time: Annotated[str, typer.Option(help="Time of the day.")] = "06:30",
    month: Annotated[
        str, typer.Option(help="A month to try the recipe with, such as 2020-09.")
    ] = "last",
    output: Annotated[str, typer.Option(help="Folder of the reports; reports/ unless given.")] = "",
    data_dir: DataDir = "",
    debug: Debug = False,
) -> None:
    """Print a recipe for a scheduler, with the paths of this installation.

    It says where to put it, where the log goes and what a failure looks like. Nothing is
    installed. Example: wfanalytics schedule --show cron --area exampleshire
    """
    from wfanalytics.report.schedule import describe_schedule

    print(
        describe_schedule(
            show, area=area, day=day, time=time, month=month, output=output, data_dir=data_dir
        )
    )
