"""From recognised shapes to what a profile would say of each table, and why."""

from __future__ import annotations

import glob
import os
import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from wfanalytics.clean.contents import PLACE_FIELDS, WORDS, find_full_time, find_unit
from wfanalytics.clean.grids import Grid
from wfanalytics.clean.layouts import is_vacant
from wfanalytics.clean.recognise import Placed, Shape
from wfanalytics.clean.rows import MONTH_WORD
from wfanalytics.errors import nearest_name
from wfanalytics.raw.headings import (
    has_table,
    hide_personal,
    known_headings,
    normalise,
    required_fields,
)
from wfanalytics.raw.tables import RawSheet
from wfanalytics.settings import TABLES, FilePart, FteUnit, Source

#: A word that stands in fewer rows than this is not shown where it might be about one person.
_FEW = 5
_PRIVATE_WORDS = ("absence",)
#: This many sheet names are listed; more are put into one pattern.
_MOST_NAMES = 4
_LAYOUTS = {"table": "a plain table", "establishment": "a list of posts with their holders"}
_NEGATIONS = {"not", "no", "non", "never", "without"}
_NAME_WORDS = {"name", "names", "surname", "forename", "forenames", "number", "no"}


@dataclass(frozen=True)
class Line:
    """A heading and the field it is, or may be, with the reason."""

    heading: str
    field: str
    why: str

    @property
    def shown(self) -> str:
        """The heading in messages: hidden where it might be a person's name, not a word for one."""
        is_word = _NAME_WORDS & set(normalise(self.heading).split())
        return self.heading if is_word else hide_personal(self.heading)


@dataclass
class Proposal:
    """What a profile would say of one table."""

    table: str
    grids: list[Grid] = field(default_factory=list)
    holds: str = "table"
    headings: list[Line] = field(default_factory=list)
    """Lines the profile needs: '' for a heading to be left alone."""
    known: list[Line] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=dict)
    """Heading -> service or locality."""
    doubts: list[Line] = field(default_factory=list)
    left: list[Line] = field(default_factory=list)
    missing: tuple[str, ...] = ()
    full_time: float | None = None
    units: dict[tuple[str, str], FteUnit] = field(default_factory=dict)
    """File and sheet -> what its FTE column holds, where it is no share of full time."""
    sheets: tuple[str, ...] = ()
    parts: dict[str, FilePart] = field(default_factory=dict)
    """Name pattern -> what files or sheets of that name stand for."""
    maybe_parts: dict[str, FilePart] = field(default_factory=dict)
    """The same where only a person knows: staff beside a list of agency staff."""
    is_across: bool = False
    """Whether each week has a column."""
    words: dict[str, list[tuple[str, int, str]]] = field(default_factory=dict)
    """Field -> words without a meaning, the rows they were seen in, and a like meaning."""

    @property
    def unit(self) -> FteUnit:
        """What the FTE column of all files holds; where they differ, ``parts`` says."""
        found = {self.units.get(at, "share") for at in self.sheets_at}
        return found.pop() if len(found) == 1 else "share"

    def to_source(self, folder: str, pattern: str) -> Source:
        """The profile's entry of this table."""
        return Source.model_validate({
            "folder": folder, "pattern": pattern, "sheets": self.sheets, "holds": self.holds,
            "headings": self.own_headings, "fte": self.unit,
        })  # fmt: skip

    @property
    def own_headings(self) -> dict[str, str]:
        """The headings as a profile has them."""
        return {line.heading: line.field for line in self.headings}

    @property
    def sheets_at(self) -> list[tuple[str, str]]:
        """File and sheet of each grid."""
        return [(grid.sheet.file, grid.sheet.sheet) for grid in self.grids]

    @property
    def files(self) -> tuple[str, ...]:
        """The files the table is in, in order."""
        return tuple(dict.fromkeys(grid.sheet.file for grid in self.grids))


def propose(
    shapes: Sequence[Shape], sheets: Sequence[RawSheet], *, named: Collection[tuple[str, str]] = ()
) -> tuple[dict[str, Proposal], list[tuple[RawSheet, str]]]:
    """Proposals by table, in the order of ``settings.TABLES``, and sheets they cannot include.

    Those whose name says what their rows are (``named``) may be laid out apart from the others.
    """
    found: dict[str, Proposal] = {}
    lost: list[tuple[RawSheet, str]] = []

    def is_named(shape: Shape) -> bool:
        return all((grid.sheet.file, grid.sheet.sheet) in named for grid in shape.grids)

    for shape in sorted(shapes, key=lambda shape: (is_named(shape), -len(shape.grids))):
        tables = ("posts", "workers") if shape.table == "establishment" else (shape.table,)
        holds = "establishment" if len(tables) == 2 else "table"
        other = next((found[t] for t in tables if t in found and found[t].holds != holds), None)
        if other is not None and not is_named(shape):
            reason = f"it is {_LAYOUTS[holds]}, and most {other.table} extracts are not"
            lost += [(grid.sheet, reason) for grid in shape.grids]
            continue
        for table in tables:
            _add_shape(found.setdefault(table, Proposal(table, holds=holds)), shape)
    for proposal in found.values():
        sure = {normalise(line.heading) for line in (*proposal.headings, *proposal.known)
                if line.field}  # fmt: skip
        for lines in (proposal.doubts, proposal.left):
            lines[:] = [line for line in lines if normalise(line.heading) not in sure]
    _choose_sheets(found, sheets)
    return {table: found[table] for table in TABLES if table in found}, lost


def _add_shape(proposal: Proposal, shape: Shape) -> None:
    """Add the columns of one shape to what is proposed for a table."""
    table = proposal.table
    proposal.grids += shape.grids
    columns = [c for column in shape.columns if (c := _as_table(column, shape, table)) is not None]
    for column in columns:
        line = Line(column.heading, column.field, column.why)
        if column.how in ("known", "proposed"):
            _add_sure(proposal, column, line, shape)
        elif column.how == "contradicted":
            _add_contradicted(proposal, line)
        elif column.how in ("doubtful", "hinted"):
            _add_once(proposal.doubts, line)
        else:
            _add_once(proposal.left, line)
    placed = {column.field for column in columns if column.how in ("known", "proposed")}
    _leave_other_half(proposal, shape)
    optional = {"start_date"} if proposal.holds == "establishment" else set()
    claimed = {column.field for column in columns if column.how == "contradicted"}
    lost = [n for n in required_fields(table) if n not in placed | optional | claimed]
    proposal.missing = tuple(dict.fromkeys((*proposal.missing, *lost)))


def _leave_other_half(proposal: Proposal, shape: Shape) -> None:
    """Leave alone a column about the other half of an establishment list with a name of ours."""
    if shape.table != "establishment":
        return
    aliases = known_headings()[proposal.table]
    for column in shape.columns:
        ours = {*proposal.headings, *proposal.known}
        is_named = any(normalise(line.heading) == normalise(column.heading) for line in ours)
        is_sure = column.how in ("known", "proposed")
        if is_sure and not is_named and normalise(column.heading) in aliases:
            why = f"it is {column.field}, which is not read here"
            proposal.headings.append(Line(column.heading, "", why))


def _as_table(column: Placed, shape: Shape, table: str) -> Placed | None:
    """A column of an establishment list as one of posts or of workers; None where it is not."""
    if shape.table != "establishment" or not column.field or column.field in PLACE_FIELDS:
        return column
    if column.field == "post_fte":
        is_ours = table == "posts" or shape.find("fte") is None
        return replace(column, field="fte") if is_ours else None
    if column.field == "fte" and table == "posts" and shape.find("post_fte") is not None:
        return None
    return column if column.field in known_headings()[table].values() else None


def _add_sure(proposal: Proposal, column: Placed, line: Line, shape: Shape) -> None:
    if line.field in PLACE_FIELDS:
        proposal.places[line.heading] = line.field
        _add_once(
            proposal.headings, Line(line.heading, "", f"the {line.field}: for teams.csv only")
        )
        return
    earlier = {normalise(known.heading): known.field for known in proposal.headings}
    if earlier.get(normalise(line.heading), line.field) != line.field:
        why = f"the same heading is {earlier[normalise(line.heading)]} in other sheets"
        _add_once(proposal.doubts, Line(line.heading, line.field, why))
        return
    needed = _needs_line(line, shape, proposal)
    _add_once(proposal.headings if needed else proposal.known, line)
    if line.field == "fte" and (unit := find_unit(column.contents)) != "share":
        proposal.units |= dict.fromkeys(
            ((grid.sheet.file, grid.sheet.sheet) for grid in shape.grids), unit
        )
        proposal.full_time = find_full_time(column.contents)
    if line.field in WORDS:
        _add_words(proposal, column, line.field)


def _add_contradicted(proposal: Proposal, line: Line) -> None:
    """Leave alone a known heading over other cells; a required one is left for cleaning to say."""
    if line.field in required_fields(proposal.table):
        _add_once(proposal.doubts, line)
    elif all(normalise(line.heading) != normalise(own.heading) for own in proposal.headings):
        proposal.headings.append(Line(line.heading, "", f"{line.why}: left alone"))
        _add_once(proposal.left, Line(line.heading, "", line.why))


def _add_once(lines: list[Line], line: Line) -> None:
    if all(normalise(line.heading) != normalise(other.heading) for other in lines):
        lines.append(line)


def _needs_line(line: Line, shape: Shape, proposal: Proposal) -> bool:
    """Whether a heading is read as its field only where the profile says so."""
    aliases = known_headings()[proposal.table]
    fields = [
        aliases.get(normalise(joined)) or aliases.get(normalise(alone))
        for alone, joined in shape.grids[0].heads
    ]
    keys = [normalise(key) for key in shape.grids[0].keys]
    mine = fields[keys.index(normalise(line.heading))]
    return mine != line.field or fields.count(line.field) > 1


def _add_words(proposal: Proposal, column: Placed, name: str) -> None:
    known = {normalise(word): ours for word, ours in WORDS[name].items()}
    unknown: Counter[str] = Counter()
    for text, count in column.contents.counts.items():
        is_nobody = proposal.holds == "establishment" and is_vacant(text)
        if normalise(text) not in known and not is_nobody:
            unknown[hide_personal(text)] += count
    listed = proposal.words.setdefault(name, [])
    for word, count in unknown.most_common():
        if name not in _PRIVATE_WORDS or count >= _FEW:
            listed.append((word, count, _guess(word, known)))


def _guess(word: str, known: Mapping[str, str]) -> str:
    """Our word for the longest known word inside, or for the one most like it, unless an opposite.

    >>> known = {"funded": "funded", "disestablished": "deleted"}
    >>> [_guess(word, known) for word in ("Funded post", "Fundd", "Not funded", "Established")]
    ['funded', 'funded', '', '']
    """
    text = f" {normalise(word)} ".replace(" sw ", " social worker ")
    if _NEGATIONS & set(text.split()):
        return ""
    inside = sorted((k for k in known if k and f" {k} " in text), key=len)
    near = inside[-1] if inside else nearest_name(text.strip(), [k for k in known if k])
    is_opposite = near and not inside and (near.endswith(text.strip()) or text.endswith(f"{near} "))
    return known[near] if near and not is_opposite else ""


def _choose_sheets(found: Mapping[str, Proposal], sheets: Sequence[RawSheet]) -> None:
    """Name the sheets of a table where another sheet of its files would be taken for it."""
    for table, proposal in found.items():
        ours = {(grid.sheet.file, grid.sheet.sheet) for grid in proposal.grids}
        others = [s for s in sheets if s.file in proposal.files and (s.file, s.sheet) not in ours]
        mistaken = [s for s in others if has_table(s, table, own_headings=proposal.own_headings)]
        if mistaken:
            names = sorted({sheet for _, sheet in ours})
            proposal.sheets = _name_sheets(names, [sheet.sheet for sheet in others])


def _name_sheets(names: Sequence[str], others: Sequence[str]) -> tuple[str, ...]:
    """The names, or one pattern for many, such as ``Staff *``."""
    start = common_start(names)
    if len(names) > _MOST_NAMES and start and not any(o.startswith(start) for o in others):
        return (f"{glob.escape(start)}*",)
    return tuple(glob.escape(name) for name in names)


def common_start(names: Sequence[str]) -> str:
    """What all names begin with, up to a number or month; '' where it is too short to tell.

    >>> common_start(["Staff 2019-07", "Staff 2019-08"]), common_start(["Staff July 2019"])
    ('Staff ', 'Staff ')
    >>> common_start(["Staff", "Posts"])
    ''
    """
    start = re.split(r"\d", os.path.commonprefix([*names]))[0]  # noqa: RUF071 names, not paths
    if month := MONTH_WORD.search(start):
        start = start[: month.start()]
    return start if len(start.strip()) > 2 else ""
