"""Statistical neighbours: for each authority, the ten that DfE's model finds most like it.

Models differ: each is kept under its name, and a comparison says which one it used.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from wfanalytics.errors import InputError

#: Authorities in a set.
NEIGHBOURS = 10
COLUMNS = ("model", "old_la_code", "authority", *(f"sn{n}" for n in range(1, NEIGHBOURS + 1)))
#: What joins the codes of authorities that make one return, such as ``314 / 318``.
JOINT = " / "


@dataclass(frozen=True)
class Neighbours:
    """One authority's neighbours, nearest first, by their three-digit codes, and whose list."""

    codes: tuple[str, ...] = ()
    model: str = ""


def read_groupings(path: str | Path, *, model: str) -> list[dict[str, str]]:
    """Rows of the shipped table from DfE's file of neighbour groupings (April 2021's layout).

    Headings ``LA num``, ``LA Name`` and ``SN1`` to ``SN10``; the closeness in words beside each
    is left out, and so are notes and blank lines between the rows.

    >>> read_groupings("no such file.csv", model="April 2021")
    Traceback (most recent call last):
    ...
    wfanalytics.errors.InputError: no such file.csv: the file cannot be read ...
    """
    lines = _read_lines(Path(path))
    heads = [cell.strip() for cell in lines[0]] if lines else []
    wanted = ["LA num", "LA Name", *(f"SN{n}" for n in range(1, NEIGHBOURS + 1))]
    if missing := [name for name in wanted if name not in heads]:
        raise InputError("a column is missing", file=path, row=1, column=missing[0],
                         remedy="Keep the file as DfE published it.")  # fmt: skip
    places = [heads.index(name) for name in wanted]
    rows = [[line[place].strip() for place in places] for line in lines[1:] if line[0].isdigit()]
    return [dict(zip(COLUMNS, [model, *row], strict=True)) for row in rows]


def find_neighbours(path: str | Path, old_la_code: str) -> Neighbours:
    """An authority's neighbours in the newest model that lists it; none where none does.

    The table has the newest model first. A joint return (``314 / 318``) has the neighbours of
    its members in turn, nearest first, themselves left out, ten in all.

    >>> from wfanalytics.raw.area import find_data_dir
    >>> shipped = find_data_dir() / "raw" / "published" / "statistical_neighbours.csv"
    >>> find_neighbours(shipped, "885").model
    '2025'
    """
    rows = _read_table(Path(path))
    members = old_la_code.split(JOINT)
    for model in dict.fromkeys(row["model"] for row in rows):
        listed = {row["old_la_code"]: row for row in rows if row["model"] == model}
        if all(code in listed for code in members):
            columns = [column for column in COLUMNS if column.startswith("sn")]
            codes = [listed[code][column] for column in columns for code in members]
            kept = dict.fromkeys(code for code in codes if code not in members)
            return Neighbours(tuple(kept)[:NEIGHBOURS], model)
    return Neighbours()


def _read_lines(path: Path) -> list[list[str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return [line for line in csv.reader(file) if line]
    except (OSError, csv.Error, UnicodeDecodeError):
        raise InputError(
            "the file cannot be read", file=path, remedy="Check that it is there, as UTF-8 CSV."
        ) from None


def _read_table(path: Path) -> list[dict[str, str]]:
    lines = _read_lines(path)
    if not lines or tuple(lines[0]) != COLUMNS:
        raise InputError("not a table of neighbours", file=path, row=1, allowed=", ".join(COLUMNS),
                         remedy="Keep the columns of the shipped table.")  # fmt: skip
    for number, line in enumerate(lines[1:], start=2):
        if len(line) != len(COLUMNS):
            raise InputError("too few or too many cells", file=path, row=number,
                             allowed=str(len(COLUMNS)), found=str(len(line)))  # fmt: skip
    return [dict(zip(COLUMNS, line, strict=True)) for line in lines[1:]]
