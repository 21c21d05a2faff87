"""Read an area's folder: who it is, what it aims at, what happened, what its teams are called."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from wfanalytics.errors import InputError, ParameterError, WfanalyticsError, unknown_name
from wfanalytics.raw.headings import normalise
from wfanalytics.raw.profile_names import check_names
from wfanalytics.raw.tables import RawSheet, read_sheets
from wfanalytics.settings import (
    Commentary,
    Event,
    PersonAlias,
    Profile,
    Target,
    TeamAlias,
    is_area_slug,
)

#: Environment variable that names the data folder where it cannot be found.
DATA_VARIABLE = "WFANALYTICS_DATA"

#: Columns of the area's own lists that hold dates.
_DATES = ("date", "valid_from", "valid_to")
_DAY_FIRST = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")

Row = TypeVar("Row", bound=BaseModel)


@dataclass(frozen=True)
class Area:
    """One authority's folder, read and checked."""

    folder: Path
    profile: Profile
    targets: tuple[Target, ...]
    events: tuple[Event, ...]
    teams: tuple[TeamAlias, ...]
    commentary: tuple[Commentary, ...] = ()
    people: dict[str, str] = field(default_factory=dict, repr=False)
    """What other systems call somebody, normalised -> the registration number."""
    queried: dict[str, list[RawSheet]] = field(default_factory=dict)
    """Results of the sources that are queries, once they are read."""


def find_data_dir(data_dir: str | Path = "") -> Path:
    """The folder that holds ``raw/`` and ``processed/``.

    Looks at ``data_dir``, then at the environment variable ``WFANALYTICS_DATA``, then for a
    ``data/raw`` in the working folder or above it, then beside an editable installation.
    """
    given = str(data_dir) or os.environ.get(DATA_VARIABLE, "")
    if given:
        folder = Path(given).expanduser()
        if (folder / "raw").is_dir():
            return folder.resolve()
        raise ParameterError(f"The data folder {given!r} has no folder 'raw' in it.")
    here = Path.cwd()
    checkout = Path(__file__).resolve().parents[3]
    for folder in (here, *here.parents, checkout):
        if (folder / "data" / "raw").is_dir():
            return folder / "data"
    raise WfanalyticsError(
        "No data folder was found: there is no data/raw here or above. Change to the project's "
        f"folder, or set {DATA_VARIABLE} to the folder that holds 'raw'."
    )


def read_area(slug: str, *, data_dir: Path) -> Area:
    """Read ``data_dir/raw/<slug>``: its profile, targets, events and team names.

    Raises
    ------
    ParameterError
        for an area that has no folder, naming those that have.
    InputError
        for a file that is missing or says something it may not.
    """
    known = list_areas(data_dir)
    if not is_area_slug(slug) or slug not in known:
        raise ParameterError(unknown_name("area", slug, known))
    folder = data_dir / "raw" / slug
    file = _label(folder / "profile.yml")
    profile = check_names(read_yaml(folder / "profile.yml", Profile), file=file)
    if profile.area != slug:
        raise InputError(
            "the area's name is not its folder's", file=file, column="area",
            found=profile.area, allowed=slug, remedy="Make the two the same.",
        )  # fmt: skip
    teams = _read_rows(folder / "teams.csv", TeamAlias)
    _check_teams(teams, _label(folder / "teams.csv"))
    return Area(
        folder,
        profile,
        tuple(target for _, target in _read_rows(folder / "targets.csv", Target)),
        tuple(event for _, event in _read_rows(folder / "events.csv", Event)),
        tuple(alias for _, alias in teams),
        _read_commentary(folder / "commentary.yml"),
        _read_people(folder / "people.csv"),
    )


def list_areas(data_dir: Path) -> list[str]:
    """The folders that have a profile: the areas that can be opened."""
    return sorted(path.parent.name for path in (data_dir / "raw").glob("*/profile.yml"))


def team_key(text: str) -> str:
    """A team's name as names are compared: without case, spare spaces or a choice of ``&``.

    >>> team_key(" Fostering  & Adoption")
    'fostering and adoption'
    """
    return " ".join(text.casefold().replace("&", " and ").split())


def _check_teams(teams: list[tuple[int, TeamAlias]], file: str) -> None:
    """Refuse a name that is two teams on one day: nothing would say which."""
    known: dict[str, list[TeamAlias]] = {}
    for row, alias in teams:
        if alias.valid_to is not None and alias.valid_to < alias.valid_from:
            raise InputError("valid_to is before valid_from", file=file, row=row,
                             column="valid_to", remedy="Correct it.")  # fmt: skip
        others = known.setdefault(team_key(alias.as_written), [])
        if any(_overlap(alias, other) for other in others):
            raise InputError(
                "the name is in another row too, for some of the same days", file=file, row=row,
                column="as_written", found=alias.as_written,
                remedy="Set valid_from and valid_to so that a name is one team on one day.",
            )  # fmt: skip
        others.append(alias)


def _overlap(one: TeamAlias, other: TeamAlias) -> bool:
    starts_in_time = other.valid_to is None or one.valid_from <= other.valid_to
    return starts_in_time and (one.valid_to is None or other.valid_from <= one.valid_to)


def _label(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def _read_yaml(path: Path) -> object:
    try:
        return yaml.safe_load(path.read_text("utf-8"))
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        raise InputError(
            "not readable as YAML", file=_label(path), row=mark.line + 1 if mark else None,
            remedy=f"Compare it with exampleshire/{path.name}.",
        ) from None  # fmt: skip


def read_yaml(path: Path, model: type[Row]) -> Row:
    """A settings file of an area, checked; an :class:`InputError` says what it may not say."""
    content = _read_yaml(path)
    if not isinstance(content, dict):
        raise InputError("holds no settings", file=_label(path), allowed="name: value lines")
    try:
        return model.model_validate(content)
    except ValidationError as error:
        raise _plain(error, path, model) from None


def _read_commentary(path: Path) -> tuple[Commentary, ...]:
    """A manager's words, one entry a measure and month; none where the file is not there."""
    content = _read_yaml(path) if path.is_file() else None
    if content is not None and not isinstance(content, list):
        raise InputError("holds no list of entries", file=_label(path),
                         allowed="entries that begin with '- measure:'")  # fmt: skip
    entries: dict[tuple[str, str], Commentary] = {}
    for number, item in enumerate(content or [], start=1):
        try:
            entry = Commentary.model_validate(item)
        except ValidationError as error:
            raise _plain(error, path, Commentary, entry=number) from None
        if (entry.measure, entry.month) in entries:
            raise InputError(
                f"entry {number} is about a measure and month that another entry is about",
                file=_label(path), found=f"{entry.measure}, {entry.month}",
                remedy="Write one entry for both.",
            )  # fmt: skip
        entries[entry.measure, entry.month] = entry
    return tuple(entries.values())


def _read_people(path: Path) -> dict[str, str]:
    """Names and numbers of other systems, each one person's; no message shows any."""
    found: dict[str, str] = {}
    for row, alias in _read_rows(path, PersonAlias) if path.is_file() else ():
        name = normalise(alias.as_written)
        if found.setdefault(name, alias.registration_number) != alias.registration_number:
            raise InputError(
                "what is written here is another person in a row above", file=_label(path), row=row,
                column="as_written", remedy="Where two people share a name, use a number that "
                "tells them apart, such as the case system's own.",
            )  # fmt: skip
    return found


def _read_rows(path: Path, model: type[Row]) -> list[tuple[int, Row]]:
    """Each row as a spreadsheet counts it, from 1, and what it says."""
    if not path.is_file():
        raise InputError(
            "the file is not there", file=_label(path),
            remedy=f"Make it with the headings {', '.join(model.model_fields)}; "
            "it may have no rows.",
        )  # fmt: skip
    heads, *lines = read_sheets(path, root=path.parents[1])[0].cells
    names = [name.strip() for name in heads]
    _check_headings(path, names, model)
    return [
        (number, _read_row(path, number, names, line, model))
        for number, line in enumerate(lines, start=2)
        if any(cell.strip() for cell in line)
    ]


def _check_headings(path: Path, names: list[str], model: type[BaseModel]) -> None:
    for name in names:
        if name not in model.model_fields:
            raise InputError(unknown_name("heading", name, model.model_fields).rstrip("."),
                             file=_label(path), row=1)  # fmt: skip
    needed = [n for n, f in model.model_fields.items() if f.is_required() and n not in names]
    if needed:
        raise InputError("a heading is missing", file=_label(path), row=1,
                         allowed=", ".join(needed), remedy="Add the column.")  # fmt: skip
    if len(set(names)) < len(names):
        raise InputError("a heading stands twice", file=_label(path), row=1,
                         found=", ".join(names), remedy="Remove one of the two.")  # fmt: skip


def _read_row(path: Path, number: int, names: list[str], line: list[str], model: type[Row]) -> Row:
    if any(cell.strip() for cell in line[len(names) :]):
        raise InputError("more cells than headings", file=_label(path), row=number,
                         remedy="Put quotation marks round a text with commas.")  # fmt: skip
    cells = {name: text for name, cell in zip(names, line, strict=False) if (text := cell.strip())}
    given = {
        name: _fraction(text)
        if name in ("value", "low", "high")
        else _date(text)
        if name in _DATES
        else text
        for name, text in cells.items()
    }
    try:
        return model.model_validate(given)
    except ValidationError as error:
        raise _plain(error, path, model, row=number) from None


def _date(text: str) -> str:
    """``01/04/2026``, as Excel writes a date of the file back, as 2026-04-01: day first."""
    found = _DAY_FIRST.fullmatch(text)
    return f"{found[3]}-{found[2]:0>2}-{found[1]:0>2}" if found and int(found[2]) <= 12 else text


def _fraction(text: str) -> object:
    """``7%`` as 0.07; anything else is left for the model to judge."""
    if text.endswith("%"):
        try:
            return float(text[:-1]) / 100
        except ValueError:
            return text
    return text


def _plain(
    error: ValidationError, path: Path, model: type[BaseModel], *, row: int | None = None,
    entry: int | None = None,
) -> InputError:  # fmt: skip
    """A pydantic error as one sentence."""
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"])
    which = "" if entry is None else f"entry {entry}: "
    if first["type"] == "extra_forbidden":
        name = str(first["loc"][-1])
        known = [known for known, setting in model.model_fields.items() if not setting.exclude]
        return InputError(which + unknown_name("setting", name, known).rstrip("."),
                          file=_label(path), row=row)  # fmt: skip
    problem = first["msg"].removeprefix("Value error, ")
    is_date = first["type"].startswith("date_")
    problem = "not a date" if is_date else problem
    # Somebody may have written a database's address there, with its password.
    is_shown = first["type"] != "missing" and where and not where.endswith("database")
    found = first["input"] if is_shown and not isinstance(first["input"], dict) else None
    return InputError(which + problem[0].lower() + problem[1:], file=_label(path), row=row,
                      column=where or None, found=found,
                      allowed="such as 2026-04-01 or 01/04/2026" if is_date else None,
                      remedy="Correct it.")  # fmt: skip
