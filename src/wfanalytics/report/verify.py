"""Is a pack still what was made, and are its inputs still what it was made from?"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from wfanalytics.errors import InputError

#: The fingerprints of a pack's files, as ``sha256sum --check`` reads them too.
SUMS = "sha256sums.txt"


def write_sums(folder: Path) -> Path:
    """Write the SHA-256 of every file of a finished folder, by name; return the list's path."""
    path = folder / SUMS
    lines = [f"{digest}  {name}\n" for name, digest in hash_files(folder).items()]
    path.write_text("".join(lines), encoding="utf-8", newline="\n")
    return path


def verify_pack(folder: Path, *, data_dir: Path | None = None) -> tuple[str, ...]:
    """What differs from when a pack was made, a sentence each; nothing when all is the same.

    Files of the pack are compared with its list, and, where ``data_dir`` is there, the inputs
    with the manifest. What a database held cannot be looked at again.

    Raises
    ------
    InputError
        for a folder that is no pack, or whose list cannot be read.
    """
    try:
        lines = (folder / SUMS).read_text(encoding="utf-8").splitlines()
        listed = {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        inputs = manifest["inputs"]
    except (OSError, ValueError, KeyError) as error:
        raise InputError(
            "not a pack, or its list of files cannot be read", file=folder,
            allowed=f"a folder with {SUMS} and manifest.json",
            remedy="Give the folder of one month, such as reports/exampleshire/2020-09.",
        ) from error  # fmt: skip
    found = hash_files(folder)
    said = [f"{name}: is gone." for name in listed if name not in found]
    said += [f"{name}: was added." for name in found if name not in listed]
    said += [f"{n}: has changed." for n, digest in listed.items() if found.get(n, digest) != digest]
    if data_dir is not None:
        said += _verify_inputs(manifest["area"], inputs, data_dir)
    return tuple(sorted(said))


def _verify_inputs(area: str, inputs: list[dict[str, Any]], data_dir: Path) -> list[str]:
    said = []
    for item in inputs:
        name = str(item["file"])
        if name.startswith("database: "):
            continue
        places = [data_dir / "raw" / area / name, data_dir / "raw" / "published" / name]
        places = [path for path in places if path.is_file()]
        if not places:
            said.append(f"Input {name}: is gone.")
        elif hashlib.sha256(places[0].read_bytes()).hexdigest() != item["sha256"]:
            said.append(f"Input {name}: has changed since the report was made.")
    return said


def hash_files(folder: Path) -> dict[str, str]:
    """The SHA-256 of each file of a pack but its list of them, by name."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != SUMS)
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in paths
    }
