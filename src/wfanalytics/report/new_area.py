"""``wfanalytics init``: from a folder of unknown extracts to an area's folder, or a plain no."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from wfanalytics.clean.declared import cut_sheet, find_second_table
from wfanalytics.clean.given import add_parts, find_across, find_given
from wfanalytics.clean.grids import Grid
from wfanalytics.clean.propose import Line, Proposal, propose
from wfanalytics.clean.recognise import recognise
from wfanalytics.clean.team_list import TeamList, list_teams
from wfanalytics.errors import InputError, ParameterError, WfanalyticsError
from wfanalytics.raw.area import find_data_dir
from wfanalytics.raw.census import read_census
from wfanalytics.raw.fetch import find_fetched
from wfanalytics.raw.published import read_published_areas, read_shipped_areas
from wfanalytics.raw.tables import RawSheet, read_sheets
from wfanalytics.report.area_text import (
    Identity,
    write_csv_text,
    write_empty_lists,
    write_profile_text,
)
from wfanalytics.report.extract_places import Places, place_copies, place_inside
from wfanalytics.report.init_words import (
    describe_found,
    list_doubts,
    list_lost,
    name_sheet,
    try_cleaning,
)
from wfanalytics.report.pack import replace_folder
from wfanalytics.settings import FilePart, Profile, TeamAlias, is_area_slug

#: Our own files: taken over where the folder has them, never taken for extracts.
LISTS = ("teams.csv", "targets.csv", "events.csv", "people.csv")
OWN_FILES = ("profile.yml", "commentary.yml", *LISTS)
#: In the area's folder: whatever repository that lies in, nothing of it is ever committed.
IGNORE = "# Personal data: nothing in this folder may be committed.\n*\n"


@dataclass
class Found:
    """What is in the folder: sheets read, and files and sheets that could not be placed."""

    folder: Path
    sheets: list[RawSheet] = field(default_factory=list)
    own: dict[str, Path] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    parts: dict[tuple[str, str], FilePart] = field(default_factory=dict)
    """File and sheet -> what its name stands for."""
    across: set[str] = field(default_factory=set)
    """Files with a column a week."""
    returns: dict[str, int] = field(default_factory=dict)
    """Statutory returns and their years."""

    @property
    def count(self) -> int:
        """How many files were read."""
        return len({sheet.file for sheet in self.sheets}) + len(self.returns)


def run_init(
    slug: str, folder: Path, *, name: str = "", code: str = "", data_dir: str | Path = ""
) -> list[str]:
    """Recognise the extracts in ``folder``, write the area's files, and say what was done.

    Nothing in ``folder`` is changed and nothing is written over. Extracts outside the area's
    folder are copied into it, unchanged.

    Returns
    -------
    Lines for the analyst: what was recognised and how surely, what could not be placed and why,
    what cleaning makes of it, and the next command. No cell about a person is among them.

    Raises
    ------
    ParameterError
        where the area has a profile already, or the folder is not there, empty or the wrong one.
    InputError
        where no sheet in it holds a known table, or the files cannot be written.
    """
    data = find_data_dir(data_dir)
    area_folder = data / "raw" / slug
    _check_request(slug, folder, area_folder, data)
    found = _read_folder(folder, area_folder)
    shapes, lost = recognise(found.sheets)
    proposals, more = propose(shapes, found.sheets, named=found.parts)
    found.notes += list_lost([*lost, *more])
    if not proposals:
        raise InputError(
            "no sheet holds a table that is known", file=folder,
            found=f"{found.count} files that could be read", remedy=" ".join(found.notes[:5]),
        )  # fmt: skip
    found.notes += add_parts(proposals, found.parts, found.across)
    who = _identify(slug, name, code, data)
    notes = found.notes + list(list_doubts(proposals))
    teams = list_teams(
        proposals, Profile(area=slug, name=who.name, authority_code=slug, sources={})
    )
    _add_returns(proposals, found)
    is_inside = folder.resolve().is_relative_to(area_folder.resolve())
    texts = {"teams.csv": _teams_text(teams), **write_empty_lists(), ".gitignore": IGNORE}
    if is_inside:
        places = place_inside(proposals, folder, area_folder)
        texts["profile.yml"] = _profile_text(who, proposals, places, notes, found)
        _write_inside(area_folder, texts, places, folder)
    else:
        places = place_copies(proposals)
        texts["profile.yml"] = _profile_text(who, proposals, places, notes, found)
        _write_new(area_folder, texts, places, found)
    lines = describe_found(proposals, teams, notes, folder=folder)
    lines += _describe_written(area_folder, texts, places, found, is_inside=is_inside)
    return lines + try_cleaning(slug, data)


def _check_request(slug: str, folder: Path, area_folder: Path, data: Path) -> None:
    if not is_area_slug(slug):
        near = "-".join("".join(c if c.isalnum() else " " for c in slug.casefold()).split())
        raise ParameterError(f"An area's folder is named in small letters, digits, - and _. "
                             f"Try {near!r} instead of {slug!r}.")  # fmt: skip
    if (area_folder / "profile.yml").exists():
        raise ParameterError(f"{area_folder} has a profile.yml already, and init never writes over "
                             "one. Move it away, or choose another area name.")  # fmt: skip
    if not folder.is_dir():
        raise ParameterError(f"There is no folder {folder}. Give the folder that holds the "
                             "extracts, after --from.")  # fmt: skip
    given, ours = folder.resolve(), area_folder.resolve()
    if (data / "raw").resolve().is_relative_to(given):
        raise ParameterError(f"{folder} holds the project's own data folder. Give the folder that "
                             "holds only this council's extracts.")  # fmt: skip
    if not given.is_relative_to(ours) and ours.is_dir() and any(ours.iterdir()):
        raise ParameterError(f"{area_folder} is there already and holds files. Put the extracts "
                             f"into it and run init with --from {area_folder}, or choose another "
                             "area name.")  # fmt: skip


def _read_folder(folder: Path, area_folder: Path) -> Found:
    """Every file below the folder, read or listed with the reason it was not."""
    found = Found(folder)
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and not _is_hidden(path)]
    if not files:
        raise ParameterError(f"There is no file in {folder}.")
    for path in files:
        if path.name in OWN_FILES and (path.parent == folder or path.parent == area_folder):
            if path.name in LISTS and folder.resolve() != area_folder.resolve():
                found.own[path.name] = path
            continue
        file = path.relative_to(folder).as_posix()
        try:
            if path.suffix.lower() == ".xml":
                found.returns[file] = read_census(path).year
            else:
                sheets = read_sheets(path, root=folder)
                found.sheets += [_take_sheet(sheet, found) for sheet in sheets]
        except InputError as error:
            found.notes.append(f"{file}: {error.problem}. {error.remedy or ''}".rstrip(". "))
    return found


def _add_returns(proposals: dict[str, Proposal], found: Found) -> None:
    """Add the statutory returns, which are recognised by reading them."""
    if found.returns:
        grids = [Grid(RawSheet(file, "", [], ""), 0, (), ()) for file in found.returns]
        lines = [Line(file, "return", f"of 30 September {year}")
                 for file, year in found.returns.items()]  # fmt: skip
        proposals["census"] = Proposal("census", grids, known=lines)


def _take_sheet(sheet: RawSheet, found: Found) -> RawSheet:
    """A sheet as it can be recognised: its first table, with what only its name tells."""
    second = find_second_table(sheet)
    if second is not None:
        sheet = cut_sheet(sheet, second)
        found.notes.append(f"{name_sheet(sheet)}: a second table begins in row {second}, and only "
                           "the first is read; put it in a sheet of its own")  # fmt: skip
    if (given := find_given(sheet)) is not None:
        found.parts[sheet.file, sheet.sheet] = given[1]
        return given[0]
    if (across := find_across(sheet)) is not None:
        found.across.add(sheet.file)
        return across
    return sheet


def _is_hidden(path: Path) -> bool:
    return path.name.startswith((".", "~$")) or path.name in ("Thumbs.db", "desktop.ini")


def _identify(slug: str, name: str, code: str, data: Path) -> Identity:
    """Name and code as DfE publishes them, where a published file is here and has the area."""
    plain = (name or slug.replace("-", " ").replace("_", " ")).casefold()
    title = name or slug.replace("-", " ").replace("_", " ").title()
    fetched = find_fetched(data / "raw" / "published" / "fetched")
    shipped = data / "raw" / "published" / "dfe_headline_figures.csv"
    with contextlib.suppress(WfanalyticsError, OSError):
        areas = read_published_areas(fetched) if fetched else read_shipped_areas(shipped)
        mine = areas[areas["area_name"].str.casefold() == plain].sort_values("period_end")
        if len(mine):
            last = mine.iloc[-1].fillna("")
            return Identity(slug, name or str(last["area_name"]), code or str(last["area_code"]),
                            str(last["old_la_code"]), str(last["region_name"]))  # fmt: skip
    return Identity(slug, title, code)


def _teams_text(teams: TeamList) -> str:
    return write_csv_text(tuple(TeamAlias.model_fields), teams.rows())


def _profile_text(
    who: Identity, proposals: Mapping[str, Proposal], places: Places, notes: Sequence[str],
    found: Found,
) -> str:  # fmt: skip
    origin = f"{found.count:,} file{'s' if found.count != 1 else ''}"
    return write_profile_text(who, proposals, places.sources, notes=notes, origin=origin)


def _write_new(area_folder: Path, texts: dict[str, str], places: Places, found: Found) -> None:
    """The area's folder with copies of the extracts, whole or not at all."""
    with replace_folder(area_folder) as building:
        for target, source in places.copies.items():
            path = building / target
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(found.folder / source, path)
        for name, path in found.own.items():
            texts.pop(name, None)
            shutil.copyfile(path, building / name)
        for name, text in texts.items():
            (building / name).write_bytes(text.encode("utf-8"))


def _write_inside(area_folder: Path, texts: dict[str, str], places: Places, folder: Path) -> None:
    """The area's files beside its extracts, the profile last: without it there is no area."""
    for name in (*LISTS, ".gitignore"):
        if (area_folder / name).exists():
            texts.pop(name, None)
    profile = texts.pop("profile.yml")
    contents = {target: (folder / source).read_bytes() for target, source in places.copies.items()}
    contents |= {name: text.encode("utf-8") for name, text in texts.items()}
    texts["profile.yml"] = profile
    with _undone_unless_whole(area_folder) as written:
        for target, content in {**contents, "profile.yml": profile.encode("utf-8")}.items():
            path = area_folder / target
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("xb") as file:
                written.append(path)
                file.write(content)


@contextlib.contextmanager
def _undone_unless_whole(area_folder: Path) -> Iterator[list[Path]]:
    """A list for the files written; they are taken away again where one cannot be."""
    written: list[Path] = []
    try:
        yield written
    except BaseException as error:
        for path in written:
            path.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise InputError(
                f"the area's files cannot be written here ({error.strerror})", file=area_folder,
                remedy="Check that the disk has room and that you may write here.",
            ) from None  # fmt: skip
        raise


def _describe_written(
    area_folder: Path, texts: Mapping[str, str], places: Places, found: Found, *, is_inside: bool
) -> list[str]:
    names = sorted(texts, key=lambda name: (name != "profile.yml", name))
    lines = [f"Written to {area_folder}: {', '.join(names)}"]
    if found.own and not is_inside:
        lines.append(f"Taken over as they are: {', '.join(sorted(found.own))}")
    if places.copies:
        count = f"{len(places.copies):,} file{'s' * (len(places.copies) != 1)}"
        lines.append(f"Copied there unchanged: {count}; those in "
                     f"{found.folder} were only read")  # fmt: skip
    return [*lines, "The extracts hold personal data: its .gitignore keeps that folder out of git"]
