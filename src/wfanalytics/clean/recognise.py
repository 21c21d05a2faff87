"""Recognise unknown extracts: which table a sheet holds, and which column is which field.

A column is placed by its heading and its cells together. A heading that is known is taken; one
that is like a known heading is proposed where the cells agree; one that is not is proposed only
where the cells are like nothing else. Anything less is doubtful, and is left to a person.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from wfanalytics.clean.contents import (
    DISTINCT,
    NOT,
    NOTHING_SEEN,
    PLACE_FIELDS,
    Contents,
    Seen,
    describe_fit,
    digits_of,
    judge_fit,
    post_key,
)
from wfanalytics.clean.grids import KINDS, Grid, find_grid, pool_cells
from wfanalytics.clean.layouts import is_vacant
from wfanalytics.raw.headings import FEWEST_HEADINGS, known_headings, normalise, required_fields
from wfanalytics.raw.synonyms import (
    ALIAS,
    SYNONYM,
    WORD,
    explain_trap,
    find_meanings,
    find_trap,
    read_synonyms,
)
from wfanalytics.raw.tables import RawSheet

#: Cells of these can be told from all others without a heading.
_TELLING = ("worker_id", "employment", "role", "movement", "team", "post_id", "week_ending", "fte",
            "absence", "funding", "month")  # fmt: skip
#: Fewer cells than this tell nothing without a heading.
_FEWEST_CELLS = 5
#: More columns than this that could be a missing field are no hint.
_MOST_HINTS = 3
#: What a heading recognised (a step of its level), cells that fit, and a missing field weigh.
_LEVEL, _FIT, _MISSING = 10, 6, 25


@dataclass(frozen=True)
class Placed:
    """One column: its heading, the field it is or may be, how sure that is, and why."""

    heading: str
    field: str
    how: str
    """known, proposed, doubtful, hinted, contradicted or unknown."""
    why: str
    contents: Contents = dataclasses.field(repr=False, compare=False, default_factory=Contents)
    is_trap: bool = False
    """The heading looks like a field it cannot be."""


@dataclass(frozen=True)
class Shape:
    """Sheets with the same headings: the table they hold and what each column is."""

    table: str
    grids: tuple[Grid, ...]
    columns: tuple[Placed, ...]
    missing: tuple[str, ...]

    def find(self, name: str) -> Placed | None:
        """The column surely placed as a field."""
        return next((c for c in self.columns if c.field == name and c.how in SURE), None)


SURE = ("known", "proposed")


def recognise(sheets: Iterable[RawSheet]) -> tuple[list[Shape], list[tuple[RawSheet, str]]]:
    """Shapes of the sheets that hold a table, and the other sheets with the reason.

    Team names, post numbers and people of surely placed columns help to place the others, so
    the sheets are looked at twice.
    """
    groups: dict[frozenset[str], list[Grid]] = {}
    lost = []
    for sheet in sheets:
        grid = find_grid(sheet)
        if grid is None:
            lost.append((sheet, "no heading row with rows below it was found"))
        else:
            keys = frozenset(normalise(key) for key in grid.keys)
            groups.setdefault(keys, []).append(grid)
    first = (_best_shape(grids, NOTHING_SEEN) for grids in groups.values())
    seen = _collect([shape for shape in first if _is_recognised(shape)])
    shapes = []
    for grids in groups.values():
        shape = _best_shape(grids, seen)
        if _is_recognised(shape):
            shapes.append(shape)
        else:
            lost += [(grid.sheet, _explain_none(shape)) for grid in grids]
    return shapes, lost


def _explain_none(nearest: Shape) -> str:
    children = (known_headings()["allocations"].get(normalise(c.heading)) for c in nearest.columns)
    if "child_id" in children:
        return "it has a row a child; caseload needs a row a worker and week, with how many cases"
    said = "its headings are those of no known table"
    if not nearest.missing or all(column.how not in SURE for column in nearest.columns):
        return said
    return f"{said}; {nearest.table}, the nearest, needs {', '.join(nearest.missing)} too"


def _meanings(head: tuple[str, str], kind: str) -> list[tuple[str, int, str]]:
    """Meanings of a heading alone or under its upper one, the surest first."""
    alone, joined = head
    under = find_meanings(joined, kind) if joined != alone else ()
    both = [*find_meanings(alone, kind), *(one for one in under if one.level >= SYNONYM)]
    best: dict[str, tuple[str, int, str]] = {}
    for meaning in both:
        if meaning.field not in best or meaning.level > best[meaning.field][1]:
            best[meaning.field] = (meaning.field, meaning.level, meaning.like)
    return sorted(best.values(), key=lambda found: -found[1])


def _best_shape(grids: Sequence[Grid], seen: Seen) -> Shape:
    """The best table for sheets with the same headings, whether or not it is good enough."""
    columns = pool_cells(grids)
    candidates = [_place_all(grids[0], columns, kind, seen) for kind in KINDS]
    values = {shape.table: (_value(shape), shape) for shape in candidates}
    if any(map(_names_people, columns.values())):
        values["posts"] = (values["posts"][0] - _MISSING, values["posts"][1])
    establishment = values.pop("establishment")[1]
    if not establishment.missing and _has_vacancies(establishment, grids):
        best = establishment
    else:
        best = max(values.values(), key=lambda item: item[0])[1]
    return dataclasses.replace(best, grids=tuple(grids))


def _names_people(contents: Contents) -> bool:
    """Whether a registration number stands in every row: a list of people, not of posts."""
    return not contents.blanks and judge_fit(contents, "worker_id") == DISTINCT


def _is_recognised(best: Shape) -> bool:
    placed = [column for column in best.columns if column.how in SURE]
    maybe = {column.field for column in best.columns if column.how == "doubtful"}
    lost = [name for name in best.missing if name not in maybe]
    telling = [column for column in placed if column.field not in (*PLACE_FIELDS, "month")]
    is_known_table = len(lost) * 2 <= len(_needed(best.table, set()))
    return len(placed) >= FEWEST_HEADINGS and bool(telling) and is_known_table


def _value(shape: Shape) -> int:
    levels = {"known": ALIAS * _LEVEL + _FIT, "proposed": SYNONYM * _LEVEL + _FIT}
    placed = sum(levels.get(column.how, 0) for column in shape.columns)
    return placed - _MISSING * len(shape.missing)


def _place_all(grid: Grid, columns: dict[str, Contents], kind: str, seen: Seen) -> Shape:
    """Place the columns of one table, the surest first, each field once."""
    heads = {key: head for key, head in zip(grid.keys, grid.heads, strict=True) if key}
    options = sorted(_list_options(heads, columns, kind, seen), key=lambda option: -option[0])
    placed: dict[str, Placed] = {}
    fields: set[str] = set()
    for score, key, name, level, like in options:
        if key in placed or name in fields:
            continue
        contents = columns[normalise(key)]
        rivals = [
            other
            for value, other, rival, *_ in options
            if rival == name and value == score and other != key and other not in placed
        ]
        how, why = _decide(contents, name, level, like, score, rivals)
        placed[key] = Placed(key, name, how, why, contents)
        if how in SURE:
            fields.add(name)
        for rival in rivals:
            placed[rival] = Placed(rival, name, "doubtful", why, columns[normalise(rival)])
    rest = [
        _explain_rest(key, heads[key], columns[normalise(key)], kind, fields)
        for key in heads
        if key not in placed
    ]
    missing = tuple(name for name in _needed(kind, fields) if name not in fields)
    rest = _hint(rest, missing, seen)
    return Shape(kind, (grid,), (*placed.values(), *rest), missing)


def _hint(rest: Sequence[Placed], missing: Sequence[str], seen: Seen) -> list[Placed]:
    """Unknown columns whose cells would do for a field that is missing, as doubtful for it."""
    hinted = {column.heading: column for column in rest}
    for name in missing:
        could_be = [
            column for column in hinted.values()
            if column.how == "unknown" and column.contents.total
            # A week's first day tells its last; nothing else that looks like a field is one.
            and (name == "week_ending"
                 or not (column.is_trap or find_trap(column.heading, name)))
            and judge_fit(column.contents, name, seen=seen, heading=column.heading) != NOT
        ]  # fmt: skip
        for column in could_be if len(could_be) <= _MOST_HINTS else ():
            trap = find_trap(column.heading, name)
            said = f"{trap}, so six days are added" if trap else "heading not known"
            why = f"{said}; {describe_fit(column.contents, name)}"
            hinted[column.heading] = dataclasses.replace(column, field=name, how="hinted", why=why)
    return list(hinted.values())


def _list_options(
    heads: dict[str, tuple[str, str]], columns: dict[str, Contents], kind: str, seen: Seen
) -> Iterator[tuple[int, str, str, int, str]]:
    """Score, column, field, level and likeness of each column and field that go together."""
    for key, head in heads.items():
        contents = columns[normalise(key)]
        known = {name: (level, like) for name, level, like in _meanings(head, kind)}
        for name in read_synonyms(kind):
            level, like = known.get(name, (0, ""))
            if not level and (name not in _TELLING or find_trap(head[1], name)):
                continue
            fit = judge_fit(contents, name, level=level, seen=seen, heading=head[1])
            is_telling = fit == DISTINCT and contents.total >= _FEWEST_CELLS
            if fit == NOT or not (level or is_telling):
                continue
            yield level * _LEVEL + fit * _FIT, key, name, level, like


def _decide(
    contents: Contents, name: str, level: int, like: str, score: int, rivals: Sequence[str]
) -> tuple[str, str]:
    """How sure a placing is, and why."""
    fit = describe_fit(contents, name) if contents.total else "the column is empty"
    said = f"heading like {like!r}; {fit}" if level else f"heading not known; {fit}"
    if rivals:
        return "doubtful", f"two columns could be {name}"
    if level == ALIAS:
        return "known", fit
    is_distinct = score - level * _LEVEL >= DISTINCT * _FIT
    is_sure = contents.total and (level >= WORD or is_distinct)
    return ("proposed" if is_sure else "doubtful"), said


def _explain_rest(
    key: str, head: tuple[str, str], contents: Contents, kind: str, fields: set[str]
) -> Placed:
    """A column that was not placed: contradicted by its cells, a trap, or not known."""
    if reason := explain_trap(head[1], kind) or explain_trap(head[0], kind):
        return Placed(key, "", "unknown", reason, contents, is_trap=True)
    for name, level, like in _meanings(head, kind):
        if name in fields:
            return Placed(key, "", "unknown", f"another column is surer to be {name}", contents)
        why = f"heading like {like!r}, but its cells do not look like it"
        if level == ALIAS:
            return Placed(key, name, "contradicted", why, contents)
        return Placed(key, "", "unknown", why, contents)
    return Placed(key, "", "unknown", "heading not known; nothing in it is like a field", contents)


def _needed(kind: str, fields: set[str]) -> tuple[str, ...]:
    if kind != "establishment":
        return required_fields(kind)
    fte = "fte" if "fte" in fields else "post_fte"
    return ("post_id", "role", "team", fte, "worker_id", "employment")


def _has_vacancies(shape: Shape, grids: Sequence[Grid]) -> bool:
    """Whether some posts have no holder: then the list is of posts and not of people."""
    names = [shape.find(name) for name in ("post_id", "worker_id", "employment")]
    for grid in grids:
        keys = [normalise(key) for key in grid.keys]
        number, person, status = (keys.index(normalise(c.heading)) for c in names if c)
        if any(
            line[number] and is_vacant(line[person]) and is_vacant(line[status])
            for line in grid.lines
        ):
            return True
    return False


def _collect(shapes: Sequence[Shape]) -> Seen:
    """What the surely placed columns of posts and workers hold."""
    found: dict[str, set[str]] = {"team": set(), "post_id": set(), "worker_id": set()}
    read = {"team": normalise, "post_id": post_key, "worker_id": digits_of}
    for shape in shapes:
        for name in found if shape.table in ("posts", "workers", "establishment") else ():
            column = shape.find(name)
            if column is None or (name == "post_id" and shape.table == "workers"):
                continue
            found[name] |= {read[name](text) for text in column.contents.counts}
    return Seen(*({text for text in found[name] if text} for name in found))
