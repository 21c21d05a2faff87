"""Where each table's extracts lie in an area's folder: where they are, or copied into place."""

from __future__ import annotations

import glob
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from wfanalytics.clean.propose import Proposal, common_start
from wfanalytics.clean.rows import month_in_name


@dataclass
class Places:
    """Folder and file pattern of each table, and the copies to make: target -> file given."""

    sources: dict[str, tuple[str, str]] = field(default_factory=dict)
    copies: dict[str, str] = field(default_factory=dict)


def place_copies(proposals: Mapping[str, Proposal]) -> Places:
    """A folder a table; tables that share all their files share a folder.

    A file that holds several tables beside others of one is copied into the folder of each.
    """
    places = Places()
    for table, proposal in proposals.items():
        _copy_table(places, table, _folder_of(table, proposal, proposals), proposal.files)
    if "posts" in places.sources and places.sources["posts"] == places.sources.get("workers"):
        start = _start_of_posts(proposals) or ""
        places.sources["posts"] = (places.sources["posts"][0], f"{glob.escape(start)}*")
    return places


def _start_of_posts(proposals: Mapping[str, Proposal]) -> str | None:
    """What the names of establishment lists begin with, and no list of agency staff beside them.

    '' where there is none beside them, None where their names do not tell.
    """
    posts = proposals["posts"].files
    names = _flat_names(proposals["workers"].files)
    mine = [name for name, file in zip(names, proposals["workers"].files, strict=True)
            if file in posts]  # fmt: skip
    if len(mine) == len(names):
        return ""
    start = common_start([PurePosixPath(name).stem for name in mine])
    if not start or any(name.startswith(start) for name in {*names} - {*mine}):
        return None
    return start


def _folder_of(table: str, proposal: Proposal, proposals: Mapping[str, Proposal]) -> str:
    if proposal.holds == "establishment":
        return "establishment" if _start_of_posts(proposals) is not None else table
    sharing = [name for name, other in proposals.items() if other.files == proposal.files]
    return "_and_".join(sharing)


def _copy_table(places: Places, table: str, folder: str, files: Sequence[str]) -> None:
    for file, name in zip(files, _flat_names(files), strict=True):
        places.copies[f"{folder}/{name}"] = file
    places.sources[table] = (folder, "*")


def _flat_names(files: Sequence[str]) -> list[str]:
    """Names for files of many folders in one: with their folders where a name needs them.

    A name needs its folder where another file has the same, or where only the folder tells the
    month.

    >>> _flat_names(["a/x.csv", "b/x.csv", "c/y.csv", "2019-07/z.csv"])
    ['a x.csv', 'b x.csv', 'y.csv', '2019-07 z.csv']
    """
    paths = [PurePosixPath(file) for file in files]
    same = Counter(path.name.casefold() for path in paths)
    names = []
    for path in paths:
        in_folder = [part for part in path.parts[:-1] if month_in_name(part) is not None]
        if same[path.name.casefold()] > 1:
            names.append(" ".join(path.parts))
        elif in_folder and month_in_name(path.stem) is None:
            names.append(f"{in_folder[-1]} {path.name}")
        else:
            names.append(path.name)
    return names


def place_inside(proposals: Mapping[str, Proposal], folder: Path, area_folder: Path) -> Places:
    """Extracts that are in the area's folder already, left where they are if a pattern tells them.

    Where none does, because files of several tables lie mixed, they are copied apart.
    """
    places = Places()
    base = folder.resolve().relative_to(area_folder.resolve())
    for table, proposal in proposals.items():
        files = [(base / file).as_posix() for file in proposal.files]
        found = _find_pattern(files, area_folder)
        if found:
            places.sources[table] = found
        else:
            _copy_table(places, table, f"init_{table}", proposal.files)
    return places


def _find_pattern(files: Sequence[str], area_folder: Path) -> tuple[str, str] | None:
    """Folder and pattern that match these files, those to come, and no others."""
    paths = [PurePosixPath(file) for file in files]
    parts = [path.parent.parts for path in paths]
    depth = 0
    while all(len(p) > depth for p in parts) and len({p[depth] for p in parts}) == 1:
        depth += 1
    folder = PurePosixPath(*parts[0][:depth])
    deep = "**/" if any(len(p) > depth for p in parts) else ""
    start = common_start([path.stem for path in paths])
    suffixes = {path.suffix for path in paths}
    suffix = suffixes.pop() if len(suffixes) == 1 else ""
    begin = glob.escape(start)
    for name in ("*", f"*{suffix}", f"{begin}*", f"{begin}*{suffix}"):
        pattern = f"{deep}{name}"
        matched = {
            path.relative_to(area_folder).as_posix()
            for path in (area_folder / folder).glob(pattern)
            if path.is_file() and not path.name.startswith((".", "~$"))
        }
        if matched == set(files) and (name != "*" or folder != PurePosixPath(".")):
            return str(folder), pattern
    return None
