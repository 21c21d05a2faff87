"""A report's folder: built aside, then put in place whole, or not at all."""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from wfanalytics.errors import EXIT_DONE, EXIT_MEASURE_FAILED, InputError
from wfanalytics.present.exhibit import SavedExhibit
from wfanalytics.report.notebooks import NotebookRun


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
def replace_folder(folder: Path, *, keep: int = 0) -> Iterator[Path]:
    """A hidden folder beside ``folder`` that takes its place when the block ends well.

    The folder that was there stays until the new one is whole; then it is removed, or kept as
    ``<name>.older-<number>`` while there are at most ``keep`` of these. When the block fails, or
    is interrupted, nothing changes. The caller holds the place's lock: what earlier runs that
    were killed left behind is cleared away first.

    Raises
    ------
    InputError
        when the place cannot be written to, the disk is full, or a file of the old folder is
        open (Windows).
    """
    building = folder.with_name(f".{folder.name}.building-{os.getpid()}")
    made = [parent for parent in folder.parents if not parent.exists()]
    try:
        _recover(folder)
        building.mkdir(parents=True)
        yield building
        _put_in_place(building, folder, keep)
    except BaseException as error:
        shutil.rmtree(building, ignore_errors=True)
        for parent in made:
            if parent.is_dir() and not any(parent.iterdir()):
                parent.rmdir()
        if isinstance(error, MemoryError):
            error = OSError(errno.ENOMEM, os.strerror(errno.ENOMEM))
        if isinstance(error, OSError):
            raise cannot_write(folder, error) from error
        raise


def _recover(folder: Path) -> None:
    """Undo what a killed run left: put back a folder that was being replaced, drop the rest."""
    if not folder.parent.is_dir():
        return
    for left in sorted(folder.parent.glob(f".{folder.name}.previous-*")):
        if not folder.exists():
            left.rename(folder)
    for left in folder.parent.glob(f".{folder.name}.*-*"):
        shutil.rmtree(left, ignore_errors=True)


def _put_in_place(building: Path, folder: Path, keep: int) -> None:
    previous = folder.with_name(f".{folder.name}.previous-{os.getpid()}")
    if not folder.exists():
        building.rename(folder)
    elif _exchange(building, folder):
        building.rename(previous)
    else:
        folder.rename(previous)
        try:
            building.rename(folder)
        except OSError:
            previous.rename(folder)
            raise
    if previous.exists():
        _shelve(previous, folder, keep)


def _exchange(first: Path, second: Path) -> bool:
    """Swap two folders in one step that cannot be interrupted; False where there is no such."""
    swap = getattr(ctypes.CDLL(None), "renameat2", None) if os.name == "posix" else None
    if swap is None:
        return False
    here, both = -100, 2  # AT_FDCWD, RENAME_EXCHANGE
    return bool(swap(here, os.fsencode(first), here, os.fsencode(second), both) == 0)


def _shelve(previous: Path, folder: Path, keep: int) -> None:
    """Number the replaced folder after those kept before (no clock is asked) and drop the rest."""
    older = sorted(
        folder.parent.glob(f"{folder.name}.older-*"), key=lambda path: int(path.name[-6:])
    )
    if keep:
        number = int(older[-1].name[-6:]) + 1 if older else 1
        older.append(previous.rename(folder.with_name(f"{folder.name}.older-{number:06}")))
    for path in [*older[: max(len(older) - keep, 0)], previous]:
        if path.exists():
            # First out of sight: a kill while its files go must not leave half of it as a pack.
            dropped = path.rename(
                folder.with_name(f".{path.name.lstrip('.')}.dropped-{os.getpid()}")
            )
            shutil.rmtree(dropped, ignore_errors=True)


def cannot_write(folder: Path, error: OSError) -> InputError:
    """The message for a place that cannot be written to, or a machine without memory left."""
    if error.errno == errno.ENOMEM:
        return InputError(
            "there is not enough memory to make the report", file=folder,
            remedy="Close other programs, or use --jobs 1. Nothing was changed.",
        )  # fmt: skip
    return InputError(
        f"the report cannot be written here ({error.strerror})",
        file=folder,
        remedy="Close its files, check that the disk has room and that you may write here.",
    )
