"""Clean tables kept under ``data/processed``, so that an unchanged extract is cleaned once."""

from __future__ import annotations

import contextlib
import hashlib
import json
from pathlib import Path

from wfanalytics.clean.area import Clean, clean_area, list_extracts
from wfanalytics.clean.identity import read_key
from wfanalytics.errors import InputError
from wfanalytics.frames import read_frame, write_frame
from wfanalytics.raw.area import Area
from wfanalytics.raw.tables import hash_file
from wfanalytics.settings import TABLES


def load_clean(area: Area, *, data_dir: Path) -> Clean:
    """An area's clean tables: from ``data/processed`` where nothing has changed, else afresh.

    What is kept is known by the SHA-256 of every input, of the code that cleans and of the key,
    so a changed file, rule or key is never served stale. Where the folder cannot be written, the
    tables are simply not kept.
    """
    folder = data_dir / "processed" / area.profile.area
    fingerprint = _fingerprint(area)
    kept = _read_kept(folder, fingerprint)
    if kept is not None:
        return kept
    clean = clean_area(area)
    with contextlib.suppress(OSError):
        _keep(clean, folder, fingerprint)
    return clean


def _fingerprint(area: Area) -> str:
    key = hashlib.sha256(read_key(is_fictional=area.profile.fictional)).hexdigest()
    lines = [_hash_code(), key]
    for table in (name for name in TABLES if name in area.profile.sources):
        files = list_extracts(area, table)
        lines += [f"{path.relative_to(area.folder)} {hash_file(path)}" for path in files]
    lines += [hash_file(area.folder / name) for name in ("profile.yml", "teams.csv")]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


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
        frames = {name: read_frame(folder / f"{name}.parquet") for name in state["frames"]}
    except (OSError, ValueError, KeyError, TypeError, InputError):
        return None
    repairs, files = frames.pop("repairs"), frames.pop("files")
    return Clean(frames, repairs, files)


def _keep(clean: Clean, folder: Path, fingerprint: str) -> None:
    frames = {**clean.tables, "repairs": clean.repairs, "files": clean.files}
    # Without its state a folder is worth nothing: removed first and written last, a run that is
    # killed in between leaves tables that nobody reads.
    (folder / "state.json").unlink(missing_ok=True)
    for name, frame in frames.items():
        write_frame(frame, folder / f"{name}.parquet")
    state = json.dumps({"fingerprint": fingerprint, "frames": list(frames)})
    temporary = folder / ".state.json"
    temporary.write_text(state, "utf-8")
    temporary.replace(folder / "state.json")
