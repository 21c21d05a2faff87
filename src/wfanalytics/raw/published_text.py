"""DfE workforce files as checked text: one row an area and year, our field names, no numbers yet.

Everything is read as text first, because any indicator may hold a symbol: columns that were
all numbers in one vintage hold symbols in the next, so a type guessed from the cells would
change from year to year.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise

import pandas as pd

from wfanalytics.errors import InputError

#: Fields that say which area and year a row is about.
KEY_FIELDS = (
    "time_period", "time_identifier", "geographic_level", "country_code", "region_code",
    "region_name", "old_la_code", "new_la_code", "la_name",
)  # fmt: skip
#: Fields some vintages do not hold; the headline file of 2017 to 2022 has no starters.
OPTIONAL_FIELDS = ("country_name", "starters_12m_fte", "starters_12m_headcount")

LEVELS = {"national": "england", "regional": "region", "local authority": "authority"}

DOWNLOAD_AGAIN = "Download the file again from DfE's Explore education statistics."


@dataclass(frozen=True)
class PublishedText:
    """A published file as text.

    ``frame`` has one column a field and, as its index, the line of the file; besides DfE's
    fields it holds ``year``, ``area_level``, ``area_code`` and ``area_name``. ``headings`` says
    what the file itself calls each field.
    """

    name: str
    frame: pd.DataFrame
    headings: dict[str, str]
    unknown_columns: tuple[str, ...]

    @property
    def indicators(self) -> list[str]:
        """Fields that hold figures."""
        return [field for field in self.headings if field not in (*KEY_FIELDS, "country_name")]


@cache
def published_headings() -> dict[str, str]:
    """Field for each normalised heading any known vintage uses, from the table beside this file.

    >>> published_headings()["social_worker_fte"]
    'inpost_fte'
    """
    text = (files("wfanalytics.raw") / "published_headings.csv").read_text(encoding="utf-8")
    return {row["heading"]: row["field"] for row in csv.DictReader(io.StringIO(text))}


def normalise_heading(heading: str) -> str:
    """A heading in lower case, with one underscore for each run of anything else.

    >>> normalise_heading(" Turnover rate FTE % "), normalise_heading("turnover_rate_fte_%")
    ('turnover_rate_fte', 'turnover_rate_fte')
    """
    return re.sub(r"[^a-z0-9]+", "_", heading.lower()).strip("_")


def read_text(content: bytes, *, name: str) -> PublishedText:
    """The rows of a published file as text, with our field names.

    Raises
    ------
    InputError
        naming file, line and column: not UTF-8, a web page, an archive, empty, cut short,
        a column missing or given twice, an area or year that is not one, a key given twice.
    """
    lines = _split_lines(_decode(content, name), name)
    heading_row, *rows = lines
    fields, unknown = _name_columns(heading_row[1], name)
    _check_widths(rows, len(heading_row[1]), name)
    if not rows:
        raise InputError(
            "the file has headings and no rows", file=name, row=1, remedy=DOWNLOAD_AGAIN
        )
    frame = pd.DataFrame(
        [[cell.strip() for cell in row] for _, row in rows],
        columns=heading_row[1], index=[line for line, _ in rows], dtype="str",
    )  # fmt: skip
    frame = frame[list(fields)].rename(columns=fields)
    frame = _add_area(frame, name)
    _check_keys(frame, name, unknown)
    headings = {field: heading for heading, field in fields.items()}
    return PublishedText(name, frame, headings, unknown)


def _decode(content: bytes, name: str) -> str:
    if not content.strip(b"\xef\xbb\xbf\r\n\t "):
        raise InputError("the file is empty", file=name, remedy=DOWNLOAD_AGAIN)
    if content.startswith(b"PK"):
        raise InputError(
            "an archive or a workbook, not a CSV file", file=name,
            remedy="Unpack the archive, or download the data set as CSV.",
        )  # fmt: skip
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in content:
        raise InputError(
            "not UTF-8 text", file=name, found="UTF-16 or binary content", allowed="UTF-8",
            remedy="Do not save the file from a spreadsheet; " + _lower(DOWNLOAD_AGAIN),
        )  # fmt: skip
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            "not UTF-8 text", file=name, row=content[: error.start].count(b"\n") + 1,
            found=f"byte 0x{content[error.start]:02x}", allowed="UTF-8",
            remedy="Do not save the file from a spreadsheet; " + _lower(DOWNLOAD_AGAIN),
        ) from None  # fmt: skip
    if text.lstrip().startswith("<"):
        raise InputError(
            "a web page, not a CSV file", file=name, row=1,
            found=text.lstrip().splitlines()[0][:60],
            remedy="The address may have moved, or a sign-in page answered. " + DOWNLOAD_AGAIN,
        )  # fmt: skip
    return text


def _lower(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:]


def _split_lines(text: str, name: str) -> list[tuple[int, list[str]]]:
    """Rows with the line each starts on; the reader's own count is of the line it ends on."""
    if not text.endswith(("\n", "\r")):
        raise InputError(
            "the last line has no line end, so the file may be cut short", file=name,
            row=text.count("\n") + 1, remedy=DOWNLOAD_AGAIN,
        )  # fmt: skip
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    ends, rows = [0], []
    try:
        for row in reader:
            rows.append(row)
            ends.append(reader.line_num)
    except csv.Error as error:
        raise InputError(
            f"not a readable CSV file ({error})", file=name, row=reader.line_num,
            remedy=DOWNLOAD_AGAIN,
        ) from None  # fmt: skip
    starts = [before + 1 for before, _ in pairwise(ends)]
    return [(line, row) for line, row in zip(starts, rows, strict=True) if any(row)]


def _name_columns(headings: list[str], name: str) -> tuple[dict[str, str], tuple[str, ...]]:
    """Field for each heading of the file that is known, and the headings that are not."""
    known = published_headings()
    fields = {h: known[normalise_heading(h)] for h in headings if normalise_heading(h) in known}
    given = [known.get(normalise_heading(h), h) for h in headings]
    twice = sorted({field for field in given if given.count(field) > 1})
    if twice:
        columns = [h for h, field in zip(headings, given, strict=True) if field == twice[0]]
        raise InputError(
            "two columns give one measure", file=name, row=1, column=twice[0],
            found=", ".join(columns), allowed="one of them", remedy=DOWNLOAD_AGAIN,
        )  # fmt: skip
    missing = sorted(set(known.values()) - set(OPTIONAL_FIELDS) - set(given))
    if missing:
        headed = sorted(heading for heading, field in known.items() if field == missing[0])
        others = f" Also missing: {', '.join(missing[1:])}." if missing[1:] else ""
        raise InputError(
            "a column is missing", file=name, row=1, column=missing[0],
            allowed=f"a column headed {' or '.join(headed)}",
            remedy="Use the Indicators (or headline measures) file of Children's social work "
            f"workforce.{others}",
        )  # fmt: skip
    return fields, tuple(h for h in headings if h not in fields)


def _check_widths(rows: list[tuple[int, list[str]]], width: int, name: str) -> None:
    for line, row in rows:
        if len(row) != width:
            last = line == rows[-1][0] and len(row) < width
            raise InputError(
                "the file is cut short" if last else "a row with cells too few or too many",
                file=name, row=line, found=f"{len(row)} cells", allowed=f"{width} cells",
                remedy=DOWNLOAD_AGAIN,
            )  # fmt: skip


def _add_area(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    """The rows with year, area level, area code and area name; joint authorities stay one."""
    _check_cells(frame, "time_period", r"20\d\d", "a year such as 2023", name)
    _check_cells(frame, "time_identifier", r"(?i)reporting year", "Reporting year", name)
    levels = "National, Regional or Local authority"
    _check_cells(frame, "geographic_level", "(?i)" + "|".join(LEVELS), levels, name)
    level = frame["geographic_level"].str.lower().map(LEVELS)
    is_region, is_authority = level == "region", level == "authority"
    _check_cells(frame[~is_region & ~is_authority], "country_code", "E92000001", "E92000001", name)
    _check_cells(frame[is_region], "region_code", r"E1[23]\d{6}", "a region's code", name)
    _check_cells(frame[is_authority], "new_la_code", r"E\d{8}( / E\d{8})*", "an E-code", name)
    _check_cells(frame[is_authority], "old_la_code", r"\d{3}( / \d{3})*", "three digits", name)
    _check_cells(frame[is_authority], "la_name", r".+", "the authority's name", name)
    code = frame["country_code"].where(~is_region, frame["region_code"])
    names = pd.Series("England", index=frame.index, dtype="str").where(
        ~is_region, frame["region_name"]
    )
    return frame.assign(
        year=frame["time_period"].astype("int64"),
        area_level=level,
        area_code=code.where(~is_authority, frame["new_la_code"]),
        area_name=names.where(~is_authority, frame["la_name"]),
    )


def _check_cells(frame: pd.DataFrame, column: str, pattern: str, allowed: str, name: str) -> None:
    wrong = frame.loc[~frame[column].str.fullmatch(pattern), column]
    if len(wrong):
        raise InputError(
            "not what this column holds", file=name, row=int(wrong.index[0]), column=column,
            found=wrong.iloc[0], allowed=allowed, remedy=DOWNLOAD_AGAIN,
        )  # fmt: skip


def _check_keys(frame: pd.DataFrame, name: str, unknown: tuple[str, ...]) -> None:
    again = frame[frame.duplicated(["year", "area_level", "area_code"])]
    if again.empty:
        return
    row = again.iloc[0]
    hint = (
        f"Columns not known: {', '.join(unknown)}; a file broken down by one of them is another "
        "DfE data set."
        if unknown
        else DOWNLOAD_AGAIN
    )
    raise InputError(
        "an area is given twice for one year", file=name, row=int(again.index[0]),
        column="new_la_code" if row["area_level"] == "authority" else "geographic_level",
        found=f"{row['area_name']}, {row['year']}", allowed="one row", remedy=hint,
    )  # fmt: skip
