"""A report's folder: built aside, then put in place whole, or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from wfanalytics.errors import EXIT_DONE, EXIT_MEASURE_FAILED, InputError
from wfanalytics.present.exhibit import SavedExhibit
from wfanalytics.report.engine import NotebookRun


@dataclass(frozen=True)
class Part:
    """One notebook's share of the pack: how it ran and what it saved, in the order shown."""

    run: NotebookRun
    exhibits: tuple[SavedExhibit, ...]

    @property
    def problems(self) -> tuple[str, ...]:
        """What is missing from this part, in plain words; none when all is there."""
        lost = [item for item in self.exhibits if item.status == "failed"]
        said = [" ".join([item.headline, *item.sentences]) for item in lost]
        return tuple(([self.run.problem] if self.run.problem else []) + said)


@dataclass(frozen=True)
class Pack:
    """A finished report: its folder and its parts."""

    folder: Path
    parts: tuple[Part, ...]
    refused: tuple[str, ...] = ()
    """Extracts of the months shown that could not be used, in plain words."""

    @property
    def page(self) -> Path:
        """The page to open first."""
        return self.folder / "index.html"

    @property
    def failed(self) -> tuple[Part, ...]:
        """Parts in which something could not be made."""
        return tuple(part for part in self.parts if part.problems)

    @property
    def exit_code(self) -> int:
        """0 when all is there, 1 when a part failed or an extract could not be used."""
        return EXIT_MEASURE_FAILED if self.failed or self.refused else EXIT_DONE


@contextmanager
def replace_folder(folder: Path) -> Iterator[Path]:
    """A hidden folder beside ``folder`` that takes its place when the block ends well.

    The folder that was there stays until the new one is whole. When the block fails, or is
    interrupted, nothing changes.

    Raises
    ------
    InputError
        when the place cannot be written to, or a file of the old folder is open (Windows).
    """
    building = folder.with_name(f".{folder.name}.building-{os.getpid()}")
    previous = folder.with_name(f".{folder.name}.previous-{os.getpid()}")
    made = [parent for parent in folder.parents if not parent.exists()]
    try:
        building.mkdir(parents=True)
    except OSError as error:
        raise _cannot_write(folder, error) from error
    try:
        yield building
        _swap(building, folder, previous)
    except BaseException:
        shutil.rmtree(building, ignore_errors=True)
        for parent in made:
            if parent.is_dir() and not any(parent.iterdir()):
                parent.rmdir()
        raise
    shutil.rmtree(previous, ignore_errors=True)


def _swap(building: Path, folder: Path, previous: Path) -> None:
    try:
        if folder.exists():
            folder.rename(previous)
        try:
            building.rename(folder)
        except OSError:
            if previous.exists():
                previous.rename(folder)
            raise
    except OSError as error:
        raise _cannot_write(folder, error) from error


def _cannot_write(folder: Path, error: OSError) -> InputError:
    return InputError(
        f"the report cannot be written here ({error.strerror})",
        file=folder,
        remedy="Close its files, check that the disk has room and that you may write here.",
    )
