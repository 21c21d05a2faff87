"""What is kept of cleaning under ``data/processed``, so that an unchanged extract is read once.

Kept are each extract's reading (sealed: it is text as it came), each clean table, and the state
that says what they were made of. A file is read again only where it, the code or its entry in
the profile changed; a table is cleaned again only where one of its readings changed, or what it
is cleaned with. All a table's rows are cleaned together, so that doubles, second deliveries and
moves are seen across files.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import zlib
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from wfanalytics.clean.area import NEEDS, Clean, clean_table, join_tables, list_tables
from wfanalytics.clean.changes import CHANGE_COLUMNS, count_changes
from wfanalytics.clean.identity import read_key
from wfanalytics.clean.reading import Delivery, Reading, list_deliveries, read_delivery
from wfanalytics.clean.sealed import seal_reading, unseal_reading
from wfanalytics.raw.area import Area
from wfanalytics.raw.database import add_queries
from wfanalytics.raw.tables import hash_file

#: Frames that have rows of every table, beside the tables themselves.
_SHARED = ("repairs", "files", "faults", "doubtful")
_READINGS = "readings"
#: A longer extract is read again whenever its table is cleaned: keeping it would take more memory
#: than reading it.
_MOST_ROWS = 1_000_000


@dataclass
class _Store:
    """One area's folder of kept things. Mutable on purpose: a run adds to it what is new."""

    folder: Path
    area: Area
    key: bytes
    base: str
    """One hash of what every reading rests on: the code, the key and the profile."""
    old: dict[str, Any]
    frames: dict[str, pd.DataFrame]
    """Frames kept whole: tables by name, and ``_SHARED`` where all of them are."""
    new: dict[str, Any] = field(default_factory=lambda: {"tables": {}, "readings": {}})
    contents: dict[str, bytes] = field(default_factory=dict)
    """Name in the folder -> what is to be written there."""
    changes: dict[str, list[list[object]]] = field(default_factory=dict)
    """File -> rows of ``CHANGE_COLUMNS``, of files that changed since the run before."""


def load_clean(area: Area, *, data_dir: Path) -> Clean:
    """An area's clean tables: from ``data/processed`` where nothing has changed, else afresh.

    What is kept is known by the SHA-256 of every input, of the code that cleans and of the key,
    so a changed file, rule or key is never served stale. Where the folder cannot be written, the
    tables are simply not kept.
    """
    area = add_queries(area)
    key = read_key(is_fictional=area.profile.fictional)
    store = _open_store(data_dir / "processed" / area.profile.area, area, key)
    done: dict[str, Clean] = {}
    for table in list_tables(area):
        done[table] = _load_table(store, table, done)
    clean = join_tables(list(done.values()))
    clean = replace(clean, changes=_list_changes(store))
    if store.new != {name: store.old[name] for name in store.new} or store.contents:
        with contextlib.suppress(OSError):
            _keep(store, clean)
    return clean


def _open_store(folder: Path, area: Area, key: bytes) -> _Store:
    profile = area.profile.model_dump_json(include={"sources", "full_time_hours", "words"})
    people = json.dumps(area.people, sort_keys=True)
    base = _hash(hash_code(), hashlib.sha256(key).hexdigest(), profile, people)
    old = _read_state(folder)
    digests = {**old["frames"], **{name: one["digest"] for name, one in old["tables"].items()}}
    frames = {}
    for name, digest in digests.items():
        with contextlib.suppress(OSError, ValueError):
            frames[name] = _read_frame(folder / f"{name}.parquet", digest)
    return _Store(folder, area, key, base, old, frames)


def _read_state(folder: Path) -> dict[str, Any]:
    """The state as the last whole run left it; of no run where it cannot be read."""
    names = ("frames", "tables", "readings", "changes")
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        held = json.loads((folder / "state.json").read_text("utf-8"))
        if all(isinstance(held[name], dict) for name in names):
            return {name: held[name] for name in names}
    return {name: {} for name in names}


def _load_table(store: _Store, table: str, done: dict[str, Clean]) -> Clean:
    """One table: as kept, where all it is made of is the same, else cleaned."""
    deliveries = list_deliveries(store.area, table)
    files = [f"{one.file} {one.sha256}" for one in deliveries]
    needs = [store.new["tables"][name]["digest"] for name in NEEDS.get(table, ()) if name in done]
    needs += [f"{name} {done[name].months_refused(name)}" for name in NEEDS.get(table, ())
              if name in done]  # fmt: skip
    made_of = _hash(store.base, hash_file(store.area.folder / "teams.csv"), *files, *needs)
    was = store.old["tables"].get(table, {})
    store.new["readings"][table] = {
        one.file: {"id": _hash(store.base, table, one.file, one.sha256), "sha256": one.sha256}
        for one in deliveries if one.sha256
    }  # fmt: skip
    if was.get("made_of") == made_of and {table, *_SHARED} <= set(store.frames):
        store.new["tables"][table] = was
        shared = {name: _of_table(store.frames[name], table) for name in _SHARED}
        return Clean({table: store.frames[table]}, **shared)
    readings = [_take_reading(store, table, one) for one in deliveries]
    clean = clean_table(table, store.area, readings, done, key=store.key, is_confined=True)
    if table not in clean.tables:  # left out whole for a fault
        return clean
    _note_changes(store, table, dict(zip([one.file for one in deliveries], readings, strict=True)))
    content = _write_frame(clean.tables[table])
    store.contents[f"{table}.parquet"] = content
    store.new["tables"][table] = {"made_of": made_of, "digest": _hash_bytes(content)}
    return clean


def _of_table(frame: pd.DataFrame, table: str) -> pd.DataFrame:
    return frame[frame["table"] == table].reset_index(drop=True)


def _take_reading(store: _Store, table: str, delivery: Delivery) -> Reading:
    """A delivery's reading: as kept, or read now and to be kept."""
    held = store.new["readings"][table].get(delivery.file)
    if held is None:  # a file that cannot be opened
        return read_delivery(store.area, table, delivery, is_confined=True)
    reading = _find_reading(store, held["id"])
    if reading is None:
        reading = read_delivery(store.area, table, delivery, is_confined=True)
        if sum(len(part.frame) for part in reading.found) <= _MOST_ROWS:
            content = seal_reading(reading, key=store.key)
            with contextlib.suppress(OSError):  # now: a run that is killed has not read in vain
                (store.folder / _READINGS).mkdir(parents=True, exist_ok=True)
                write_whole(content, store.folder / _READINGS / held["id"])
    return reading


def _find_reading(store: _Store, name: str) -> Reading | None:
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError, zlib.error):
        content = (store.folder / _READINGS / name).read_bytes()
        return unseal_reading(content, key=store.key)
    return None


def _note_changes(store: _Store, table: str, readings: dict[str, Reading]) -> None:
    """Count what changed in each file of a table since it was last cleaned."""
    was = store.old["readings"].get(table)
    if was is None:
        return
    now = store.new["readings"][table]
    for file in sorted({*was, *now}):
        before, after = (held.get(file, {}).get("sha256", "") for held in (was, now))
        if before == after:
            continue
        old = _find_reading(store, was[file]["id"]) if before else Reading()
        if old is not None:
            counts = count_changes(table, old, readings[file] if after else Reading())
            head = [table, file, f"{datetime.now(UTC):%Y-%m-%d}", before, after]
            store.changes[file] = [[*head, *count] for count in counts or [("", 0, 0, 0)]]


def _list_changes(store: _Store) -> pd.DataFrame:
    """The last change of each file, also those of earlier runs."""
    held = {**store.old["changes"], **store.changes}
    store.new["changes"] = held
    rows = [row for file in sorted(held) for row in held[file]]
    frame = pd.DataFrame(rows, columns=list(CHANGE_COLUMNS))
    return frame.sort_values(["noticed", "month"], ascending=False, kind="stable",
                             ignore_index=True)  # fmt: skip


def _hash(*lines: str) -> str:
    return _hash_bytes("\n".join(lines).encode())


def _hash_bytes(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def hash_code() -> str:
    """One hash of everything cleaning is made of: rules, words, heading aliases, contracts."""
    package = Path(__file__).parents[1]
    rooms = [path for room in ("raw", "clean") for path in sorted((package / room).glob("*.*"))]
    files = [path for path in rooms if path.suffix in (".py", ".csv")]
    names = [*files, package / "frames.py", package / "settings.py"]
    return _hash_bytes("".join(hash_file(path) for path in names).encode())


def _read_frame(path: Path, digest: str) -> pd.DataFrame:
    """A frame that is the one its state is about, whoever wrote in the folder since."""
    content = path.read_bytes()
    if _hash_bytes(content) != digest:
        raise ValueError("another run's frame")
    return pd.read_parquet(io.BytesIO(content))


def _write_frame(frame: pd.DataFrame) -> bytes:
    content = io.BytesIO()
    frame.to_parquet(content, index=False)
    return content.getvalue()


def _keep(store: _Store, clean: Clean) -> None:
    # The state is written last and knows each frame by its hash: after a run that was killed, or
    # two at once over different extracts, frames that do not belong together are not read.
    for name in _SHARED:
        store.contents[f"{name}.parquet"] = _write_frame(getattr(clean, name))
    digests = {name: _hash_bytes(store.contents[f"{name}.parquet"]) for name in _SHARED}
    store.folder.mkdir(parents=True, exist_ok=True)
    for name, content in store.contents.items():
        write_whole(content, store.folder / name)
    state = {**store.new, "frames": digests}
    write_whole(json.dumps(state).encode(), store.folder / "state.json")
    needed = {one["id"] for held in store.new["readings"].values() for one in held.values()}
    for path in (store.folder / _READINGS).glob("*"):
        if path.name not in needed:
            path.unlink(missing_ok=True)


def write_whole(content: bytes, path: Path) -> None:
    """Write a file whole or not at all, under a name of this process until it is."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        temporary.write_bytes(content)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
