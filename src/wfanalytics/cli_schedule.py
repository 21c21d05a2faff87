"""For whoever runs the report on a timetable: the option ``--month last``, and ``schedule``."""

from __future__ import annotations

from typing import Annotated

import typer


def _resolve_month(month: str) -> str:
    """``last`` as the month that ended last; anything else as it is."""
    if month != "last":
        return month
    from wfanalytics.periods import find_last_month

    return find_last_month()


Month = Annotated[
    str,
    typer.Option(
        help="Last month reported, such as 2020-09; or last, the month that ended last.",
        callback=_resolve_month,
    ),
]


def schedule(
    *,
    show: Annotated[
        str, typer.Option(help="papermill, cron, systemd, windows, github or jupyter.")
    ],
    area: Annotated[str, typer.Option(help="Folder under data/raw, such as exampleshire.")],
    day: Annotated[int, typer.Option(min=1, max=28, help="Day of the month.")] = 5,
    time: Annotated[str, typer.Option(help="Time of the day.")] = "06:30",
    month: Annotated[
        str, typer.Option(help="A month to try the recipe with, such as 2020-09.")
    ] = "last",
    output: Annotated[str, typer.Option(help="Folder of the reports; reports/ unless given.")] = "",
    data_dir: Annotated[
        str, typer.Option(help="The data folder, where it is not found by itself.")
    ] = "",
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
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
