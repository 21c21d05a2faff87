"""DfE's current workforce file, fetched whole or not at all, with a record of what it was."""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from wfanalytics.errors import InputError
from wfanalytics.raw.download import KEPT, check_address, download
from wfanalytics.raw.published import PublishedFile, parse_published

#: What was fetched, when and from where; beside the files.
RECORD = "fetched.json"
TIMEOUT = 60.0
ATTEMPTS = 3
WAIT = 1.0


@dataclass(frozen=True)
class FetchResult:
    """One download. ``changed`` is false where the same bytes were there already."""

    path: Path
    sha256: str
    vintage: str
    bytes: int
    changed: bool


def fetch_published(
    url: str,
    folder: str | Path,
    *,
    timeout: float = TIMEOUT,
    attempts: int = ATTEMPTS,
    wait: float = WAIT,
) -> FetchResult:
    """Download DfE's workforce file into ``folder`` if it is one, and record it there.

    Parameters
    ----------
    url : an http or https address; see ``settings.PUBLISHED_URL``.
    folder : made if missing. The file is named after its years.
    timeout : seconds each attempt may take.
    attempts : tries in all. Only faults that may pass are tried again.
    wait : seconds before the second attempt, doubled before each further one.

    Raises
    ------
    InputError
        for an address that cannot be used, a server that does not give a whole file, or a
        file that is not DfE's. Files already in the folder are then untouched.

    >>> fetch_published("ftp://example.org/file.csv", "downloads")
    Traceback (most recent call last):
    ...
    wfanalytics.errors.InputError: ftp://example.org/file.csv: not a web address. ...
    """
    check_address(url)
    folder = Path(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=folder, prefix=".download-", suffix=".part")
    except OSError as error:
        raise _cannot_write(folder, error) from error
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            download(url, file, timeout=timeout, attempts=attempts, wait=wait)
        return _keep(temporary, url, folder)
    except OSError as error:
        raise _cannot_write(folder, error) from error
    finally:
        temporary.unlink(missing_ok=True)


def find_fetched(folder: str | Path) -> Path | None:
    """The file fetched last, or None; one changed since it was fetched is an error."""
    record = _read_record(Path(folder))
    if not record:
        return None
    latest = record[-1]
    path = Path(folder) / str(latest["file"])
    if not path.is_file() or _sha256(path.read_bytes()) != latest["sha256"]:
        raise InputError(
            "not the file that was fetched", file=path, remedy="Run wfanalytics fetch again."
        )
    return path


def _keep(temporary: Path, url: str, folder: Path) -> FetchResult:
    """Name the download after its years and record it, if it is a whole file of DfE's."""
    content = temporary.read_bytes()
    published = _parse(content, url)
    path = folder / (re.sub(r"\W+", "_", published.vintage.lower()) + ".csv")
    changed = not path.is_file() or _sha256(path.read_bytes()) != published.sha256
    result = FetchResult(path, published.sha256, published.vintage, len(content), changed)
    record = [row for row in _read_record(folder) if row["file"] != path.name]
    if changed:
        os.replace(temporary, path)
        path.chmod(0o644)
    facts = asdict(result) | {"file": path.name, "address": url, "fetched_at": _now()}
    keys = ("file", "address", "fetched_at", "vintage", "sha256", "bytes")
    record.append({key: facts[key] for key in keys})
    temporary.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
    os.replace(temporary, folder / RECORD)
    (folder / RECORD).chmod(0o644)
    return result


def _parse(content: bytes, url: str) -> PublishedFile:
    try:
        return parse_published(content, name=url)
    except InputError as error:
        raise InputError(
            error.problem, file=url, row=error.row, column=error.column, found=error.found,
            allowed=error.allowed, remedy=f"{error.remedy} {KEPT}",
        ) from None  # fmt: skip


def _read_record(folder: Path) -> list[dict[str, Any]]:
    try:
        text = (folder / RECORD).read_text(encoding="utf-8")
        rows: list[dict[str, Any]] = json.loads(text)
        return [{**row, "file": Path(row["file"]).name} for row in rows]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, TypeError, KeyError):
        raise InputError(
            "not readable as a record of what was fetched", file=folder / RECORD,
            remedy="Delete it and run wfanalytics fetch again.",
        ) from None  # fmt: skip


def _cannot_write(folder: Path, error: OSError) -> InputError:
    return InputError(
        f"the folder cannot be written ({error.strerror})", file=folder,
        remedy="Check that it is a folder, that you may write there, and that the disk has room.",
    )  # fmt: skip


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
