"""All of an area's census returns: read once, cleaned in the order of their years."""

from __future__ import annotations

import base64
import contextlib
import dataclasses
import hashlib
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pandas as pd

from wfanalytics.clean.census import Census, clean_census
from wfanalytics.clean.census_checks import TABLE, find_jumps, sum_figures
from wfanalytics.clean.census_rules import RULES
from wfanalytics.clean.identity import read_key
from wfanalytics.clean.kept import hash_code, write_whole
from wfanalytics.clean.reading import list_deliveries
from wfanalytics.clean.repairs import Ledger
from wfanalytics.clean.sealed import seal, unseal
from wfanalytics.errors import InputError
from wfanalytics.frames import FILES_SCHEMA, REPAIRS_SCHEMA, check_files, check_repairs
from wfanalytics.raw.area import Area
from wfanalytics.raw.census import read_census

_FRAMES = ("workers", "authority", "repairs", "files")


@dataclass(frozen=True)
class Returns:
    """The returns that could be used, oldest first, and what was found in all of them."""

    census: tuple[Census, ...]
    repairs: pd.DataFrame
    files: pd.DataFrame


def load_returns(area: Area, *, data_dir: Path) -> Returns:
    """An area's census returns, from ``data/processed`` where a file has not changed.

    A return that cannot be used stops nothing: monthly figures do not rest on it. The ledger
    says why (A30). Each is compared with the year before where that is here too (R11).
    """
    ledger = Ledger(TABLE)
    found: dict[int, list[Census]] = {}
    if TABLE in area.profile.sources:
        key = read_key(is_fictional=area.profile.fictional)
        folder = data_dir / "processed" / area.profile.area / "returns"
        for one in _read_all(area, folder, key, ledger):
            if _is_ours(one, area, ledger):
                found.setdefault(one.as_at.year, []).append(one)
    census = tuple(_take_single(found, ledger))
    repairs = [one.repairs for one in census] + [_compare_years(census), ledger.to_frame()]
    blank = pd.DataFrame(columns=list(FILES_SCHEMA.columns))
    files = pd.concat([one.files for one in census], ignore_index=True) if census else blank
    return Returns(census, pd.concat(repairs, ignore_index=True), check_files(files))


def _read_all(area: Area, folder: Path, key: bytes, ledger: Ledger) -> Iterator[Census]:
    try:
        deliveries = list_deliveries(area, TABLE)
    except InputError as error:
        ledger.note_absence("A30", reason=str(error).removesuffix("."))
        return
    base = f"{hash_code()} {hashlib.sha256(key).hexdigest()}"
    names = set()
    for one in deliveries:
        names.add(name := hashlib.sha256(f"{base} {one.file} {one.sha256}".encode()).hexdigest())
        census = _read_kept(folder / name, key)
        if census is None:
            try:
                raw = read_census(area.folder / one.file)
                census = clean_census(dataclasses.replace(raw, file=one.file), key=key)
            except InputError as error:
                _refuse(ledger, one.file, error.describe())
                continue
            with contextlib.suppress(OSError):
                folder.mkdir(parents=True, exist_ok=True)
                write_whole(seal(_write_frames(census), key), folder / name)
        yield census
    with contextlib.suppress(OSError):
        for path in folder.glob("*"):
            if path.name not in names:
                path.unlink(missing_ok=True)


def _refuse(ledger: Ledger, file: str, reason: str) -> None:
    place = pd.DataFrame({"file": [file], "sheet": [""], "row": [0]})
    ledger.note(place, "A30", reason=reason.removesuffix("."), severity="E")


def _is_ours(census: Census, area: Area, ledger: Ledger) -> bool:
    """Whether a return is this authority's, where profile.yml and the return both say whose."""
    own = area.profile.old_la_code
    if own and census.old_la_code and census.old_la_code not in own:
        _refuse(ledger, census.files["file"].iloc[0],
                f"a return of authority {census.old_la_code}, and old_la_code is {own}: not used",
                )  # fmt: skip
        return False
    return True


def _take_single(found: Mapping[int, Sequence[Census]], ledger: Ledger) -> Iterator[Census]:
    """One return a year; of two nothing says which was accepted, and neither is used."""
    for year, returns in sorted(found.items()):
        if len(returns) == 1:
            yield returns[0]
            continue
        files = [one.files["file"].iloc[0] for one in returns]
        for file in files:
            _refuse(ledger, file, f"{len(files)} returns of {year}: {', '.join(files)}; keep the "
                    "one DfE accepted")  # fmt: skip


def _compare_years(census: Sequence[Census]) -> pd.DataFrame:
    """R11: figures of each return that are far from those of the year before."""
    rows = [
        {"table": TABLE, "file": now.files["file"].iloc[0], "sheet": "", "row": 0, "column": name,
         "rule": "R11", "severity": RULES["R11"].severity, "before": "", "after": "",
         "reason": RULES["R11"].title, "is_row_refused": False}
        for before, now in pairwise(census) if now.as_at.year == before.as_at.year + 1
        for name in find_jumps(sum_figures(now.workers, now.authority),
                               sum_figures(before.workers, before.authority))
    ]  # fmt: skip
    return check_repairs(pd.DataFrame(rows, columns=list(REPAIRS_SCHEMA.columns)))


def _write_frames(census: Census) -> bytes:
    held = {"as_at": census.as_at.isoformat(), "old_la_code": census.old_la_code}
    for name in _FRAMES:
        content = io.BytesIO()
        getattr(census, name).to_parquet(content, index=False)
        held[name] = base64.b64encode(content.getvalue()).decode()
    return json.dumps(held).encode()


def _read_kept(path: Path, key: bytes) -> Census | None:
    """A return as it was kept; None where it was not, or was damaged since."""
    try:
        held = json.loads(unseal(path.read_bytes(), key))
    except (OSError, ValueError):
        return None
    frames = {name: pd.read_parquet(io.BytesIO(base64.b64decode(held[name]))) for name in _FRAMES}
    return Census(pd.Timestamp(held["as_at"]), held["old_la_code"], **frames)
