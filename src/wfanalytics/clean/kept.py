"""Clean tables kept under ``data/processed``, so that an unchanged extract is cleaned once."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
from pathlib import Path

import pandas as pd

from wfanalytics.clean.area import Clean, clean_area, list_extracts
from wfanalytics.clean.identity import read_key
from wfanalytics.errors import InputError
from wfanalytics.raw.area import Area
from wfanalytics.raw.database import add_queries
from wfanalytics.raw.tables import hash_file
from wfanalytics.settings import TABLES


def load_clean(area: Area, *, data_dir: Path) -> Clean:
    """An area's clean tables: from ``data/processed`` where nothing has changed, else afresh.

    What is kept is known by the SHA-256 of every input, of the code that cleans and of the key,
    so a changed file, rule or key is never served stale. Where the folder cannot be written, the
    tables are simply not kept.
    """
    area = add_queries(area)
    folder = data_dir / "processed" / area.profile.area
    fingerprint = _fingerprint(area)
    kept = _read_kept(folder, fingerprint)
    if kept is not None:
        return kept
    clean = clean_area(area, on_fault="refuse")
    with contextlib.suppress(OSError):
        _keep(clean, folder, fingerprint)
    return clean


def _fingerprint(area: Area) -> str:
    key = hashlib.sha256(read_key(is_fictional=area.profile.fictional)).hexdigest()
    lines = [_hash_code(), key]
    for table in (name for name in TABLES if name in area.profile.sources):
        if table in area.queried:
            lines += [f"{part.file} {part.sheet} {part.sha256}" for part in area.queried[table]]
            continue
        files = list_extracts(area, table)
        lines += [f"{path.relative_to(area.folder)} {_hash_extract(path)}" for path in files]
    lines += [hash_file(area.folder / name) for name in ("profile.yml", "teams.csv")]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _hash_extract(path: Path) -> str:
    """An extract's hash, or that it cannot be read: cleaning then says why."""
    try:
        return hash_file(path)
    except InputError:
        return "unreadable"


def _hash_code() -> str:
    """One hash of everything cleaning is made of: rules, words, heading aliases, contracts."""
    package = Path(__file__).parents[1]
    rooms = [path for room in ("raw", "clean") for path in sorted((package / room).glob("*.*"))]
    files = [path for path in rooms if path.suffix in (".py", ".csv")]
    names = [*files, package / "frames.py", package / "settings.py"]
    return hashlib.sha256("".join(hash_file(path) for path in names).encode()).hexdigest()


def _read_kept(folder: Path, fingerprint: str) -> Clean | None:
    try:
        state = json.loads((folder / "state.json").read_text("utf-8"))
        if state["fingerprint"] != fingerprint:
            return None
        frames = {name: _read(folder, name, digest) for name, digest in state["frames"].items()}
        return Clean(repairs=frames.pop("repairs"), files=frames.pop("files"),
                     faults=frames.pop("faults"), tables=frames)  # fmt: skip
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _read(folder: Path, name: str, digest: str) -> pd.DataFrame:
    """A frame that is the one its state is about, whoever wrote in the folder since."""
    content = (folder / f"{name}.parquet").read_bytes()
    if hashlib.sha256(content).hexdigest() != digest:
        raise ValueError("another run's frame")
    return pd.read_parquet(io.BytesIO(content))


def _keep(clean: Clean, folder: Path, fingerprint: str) -> None:
    frames = {**clean.tables, "repairs": clean.repairs, "files": clean.files,
              "faults": clean.faults}  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    digests = {}
    # The state is written last and knows each frame by its hash: after a run that was killed, or
    # two at once over different extracts, frames that do not belong together are not read.
    for name, frame in frames.items():
        content = io.BytesIO()
        frame.to_parquet(content, index=False)
        digests[name] = hashlib.sha256(content.getvalue()).hexdigest()
        _write(content.getvalue(), folder / f"{name}.parquet")
    state = {"fingerprint": fingerprint, "frames": digests}
    _write(json.dumps(state).encode(), folder / "state.json")


def _write(content: bytes, path: Path) -> None:
    """Write a file whole or not at all, under a name of this process until it is."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        temporary.write_bytes(content)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
