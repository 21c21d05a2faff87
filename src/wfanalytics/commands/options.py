"""Options that several commands take."""

from __future__ import annotations

from typing import Annotated

import typer

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
