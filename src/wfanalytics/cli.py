"""The command line: ``wfanalytics report``, ``batch``, ``verify``, ``check`` and the others."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from wfanalytics.arguments import EXIT_STOPPED, join_parameters, signals_stop_cleanly
from wfanalytics.commands.areas import check, explore, fetch, init, sample
from wfanalytics.commands.reports import batch, report, schedule, verify
from wfanalytics.errors import EXIT_BAD_INPUT, WfanalyticsError

HELP = """Workforce and caseload analytics for English children's services.

Exit codes: 0 done; 1 a part of the report failed or an extract could not be used (the rest is
there and says so); 2 bad input or parameters, a full disk or no right to write, and nothing was
changed; 3 another run is making the same report; 130 stopped with Ctrl-C.
"""

app = typer.Typer(
    help=HELP, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False
)
for command in (report, batch, check, init, explore, schedule, verify, fetch, sample):
    app.command()(command)


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
