"""One exhibit, many dresses: what a councillor sees, made once and shown or saved.

In a notebook an :class:`Exhibit` displays itself; :func:`write_exhibit` saves it as a paste
kit (picture, caption, alt text, table); :func:`read_exhibit` gives a report what was saved, so
that the report never computes.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import re
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from wfanalytics.errors import InputError, WfanalyticsError
from wfanalytics.present.alt_text import ALT_TEXT_LIMIT
from wfanalytics.present.markup import render_exhibit
from wfanalytics.present.picture import render_png, render_svg
from wfanalytics.present.tables import plain_value
from wfanalytics.thresholds import MANAGERS, MANAGERS_ONLY, PUBLIC

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Status = Literal["ok", "unavailable", "failed"]

_KEY = re.compile(r"[a-z0-9_]+")
#: A cell that starts with one of these is read as a formula by spreadsheets.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
_TEXT_FIELDS = (
    "key", "status", "question", "headline", "subtitle", "sentences", "alt_text", "description",
    "table_caption", "source", "notes", "explanation", "action", "audience",
)  # fmt: skip


@dataclass(frozen=True, eq=False, kw_only=True)
class Told:
    """What an exhibit and a saved exhibit have in common: its words and its table.

    ``headline`` is a finding of about ten words; ``subtitle`` says measure, place, period and
    unit; ``alt_text`` (at most 250 characters) goes into the picture; ``description`` is the
    longer text beside it; ``table`` is display-ready: words and numbers as printed.
    ``explanation`` and ``action`` are a manager's own words, from ``commentary.yml``.
    """

    key: str
    question: str
    headline: str
    subtitle: str
    sentences: tuple[str, ...]
    alt_text: str = ""
    description: str = ""
    table: pd.DataFrame | None = None
    table_caption: str = ""
    source: str = ""
    notes: tuple[str, ...] = ()
    explanation: str = ""
    action: str = ""
    status: Status = "ok"
    audience: str = PUBLIC

    @property
    def stem(self) -> str:
        """The name of its files without suffix."""
        return self.key if self.audience == PUBLIC else f"{self.key}-{self.audience}"


@dataclass(frozen=True, eq=False, kw_only=True)
class Exhibit(Told):
    """A finding with everything needed to show it anywhere.

    Raises
    ------
    WfanalyticsError
        for a key that cannot name a file, and a picture without alt text or with too long a one.

    >>> Exhibit(key="vacancy", question="How many posts are empty?", headline="None is",
    ...         subtitle="", sentences=("No post is empty.",), source="Posts").status
    'ok'
    """

    figure: Figure | None = None

    def __post_init__(self) -> None:
        if _KEY.fullmatch(self.key) is None:
            raise WfanalyticsError(
                f"The exhibit key {self.key!r} cannot name a file. Use lower-case letters, digits "
                "and underscores."
            )
        if self.figure is not None and not self.alt_text.strip():
            raise WfanalyticsError(f"The picture of exhibit {self.key!r} has no alt text.")
        if len(self.alt_text) > ALT_TEXT_LIMIT:
            raise WfanalyticsError(
                f"The alt text of exhibit {self.key!r} has {len(self.alt_text)} characters; "
                f"allowed {ALT_TEXT_LIMIT}. Put the longer text in its description."
            )

    @cached_property
    def png(self) -> bytes | None:
        """The picture as PNG, drawn once; None without a figure."""
        if self.figure is None:
            return None
        return render_png(self.figure, alt_text=self.alt_text, mark=self.mark)

    @cached_property
    def svg(self) -> bytes | None:
        """The picture as SVG, drawn once; None without a figure."""
        if self.figure is None:
            return None
        return render_svg(self.figure, title=self.headline, alt_text=self.alt_text, mark=self.mark)

    @property
    def mark(self) -> str:
        """What every file of an exhibit for managers says of itself; nothing for the public's."""
        return MANAGERS_ONLY if self.audience == MANAGERS else ""

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/html": render_exhibit(self, png=self.png), "text/plain": self.headline}


@dataclass(frozen=True, eq=False, kw_only=True)
class SavedExhibit(Told):
    """An exhibit read back from the folder it was written to: its words, table and files."""

    folder: Path
    files: dict[str, str]
    """SHA-256 by file name."""
    number: int = 0
    """How many were in its folder when it was first saved, itself included."""

    def path(self, suffix: str) -> Path | None:
        """The saved file with this suffix (``png``, ``svg``, ``csv``, ``txt``), or None."""
        name = f"{self.stem}.{suffix}"
        return self.folder / name if name in self.files else None


def show(exhibit: Exhibit, *, output_dir: str | Path = "") -> None:
    """Display an exhibit in a notebook; save it too where ``output_dir`` is given.

    Saved are ``<key>.png`` (300 dpi, 16 cm wide), ``.svg``, ``.txt`` (caption, alt text, source),
    ``.csv`` (the table as printed) and ``.json``, by which a report finds them.

    >>> import tempfile
    >>> from wfanalytics.present.exhibits import scorecard
    >>> from wfanalytics.measures.area import open_area
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     show(scorecard(open_area("exampleshire", month="2019-07")), output_dir=folder)
    ...     sorted(path.name for path in Path(folder).iterdir())
    ['scorecard.csv', 'scorecard.json', 'scorecard.txt']
    """
    ipython = sys.modules.get("IPython")
    if ipython is not None and ipython.get_ipython() is not None:
        from IPython.display import display

        display(exhibit)  # type: ignore[no-untyped-call]
    if str(output_dir):
        write_exhibit(exhibit, output_dir)
    if exhibit.figure is not None and (pyplot := sys.modules.get("matplotlib.pyplot")):
        pyplot.close(exhibit.figure)


def write_exhibit(exhibit: Exhibit, folder: str | Path) -> Path:
    """Save an exhibit's picture, caption, table and record; return the record's path.

    The record (``.json``) is written last and names the others with their fingerprints, so a
    reader that finds it finds them all.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    contents: dict[str, bytes | None] = {
        "png": exhibit.png,
        "svg": exhibit.svg,
        "csv": None if exhibit.table is None else _table_csv(exhibit.table),
        "txt": _caption(exhibit).encode(),
    }
    files = {}
    for suffix, content in contents.items():
        path = folder / f"{exhibit.stem}.{suffix}"
        if content is None:
            path.unlink(missing_ok=True)
        else:
            _write_whole(path, content)
            files[path.name] = hashlib.sha256(content).hexdigest()
    record = {name: getattr(exhibit, name) for name in _TEXT_FIELDS}
    path = folder / f"{exhibit.stem}.json"
    others = [other for other in folder.glob("*.json") if other != path]
    # A report shows exhibits in the order they were saved, which no clock may change.
    record |= {"table": _table_record(exhibit.table), "files": files, "number": len(others) + 1}
    _write_whole(path, json.dumps(record, ensure_ascii=False, indent=1).encode())
    return path


def read_exhibit(path: str | Path) -> SavedExhibit:
    """The exhibit whose record is at ``path``.

    Raises
    ------
    InputError
        for a record that cannot be read, or a file beside it that is missing or was changed.
    """
    path = Path(path)
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        texts = {name: record[name] for name in _TEXT_FIELDS}
        texts |= {name: tuple(record[name]) for name in ("sentences", "notes")}
        table, files, number = record["table"], dict(record["files"]), int(record.get("number", 0))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(
            "not a saved exhibit", file=path, remedy="Run the notebook that writes it again."
        ) from error
    for name, fingerprint in files.items():
        saved = path.parent / name
        if not saved.is_file() or hashlib.sha256(saved.read_bytes()).hexdigest() != fingerprint:
            raise InputError(
                "missing, or changed since it was saved", file=saved,
                remedy="Run the notebook that writes it again.",
            )  # fmt: skip
    frame = None if table is None else pd.DataFrame(**table, dtype=object)
    return SavedExhibit(**texts, table=frame, folder=path.parent, files=files, number=number)


def _caption(exhibit: Exhibit) -> str:
    parts = [
        ("Audience", exhibit.mark),
        ("Headline", exhibit.headline),
        ("Subtitle", exhibit.subtitle),
        ("Text", "\n".join(exhibit.sentences)),
        ("Alt text", exhibit.alt_text),
        ("Description", exhibit.description),
        ("Explanation", exhibit.explanation),
        ("Action", exhibit.action),
        ("Source", exhibit.source),
        ("Notes", "\n".join(exhibit.notes)),
    ]
    return "\n\n".join(f"{name}\n{text}" for name, text in parts if text) + "\n"


def _table_record(table: pd.DataFrame | None) -> dict[str, Any] | None:
    if table is None:
        return None
    rows = table.itertuples(index=False, name=None)
    return {
        "columns": [str(name) for name in table.columns],
        "data": [[plain_value(value) for value in row] for row in rows],
    }


def _table_csv(table: pd.DataFrame) -> bytes:
    record = _table_record(table) or {}
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    for row in [record["columns"], *record["data"]]:
        writer.writerow(["" if value is None else guard_formula(value) for value in row])
    return text.getvalue().encode("utf-8-sig")


def guard_formula(value: object) -> object:
    """A text that a spreadsheet would run as a formula gets an apostrophe; numbers do not."""
    if not isinstance(value, str) or not value.lstrip(" ").startswith(_FORMULA_STARTS):
        return value
    return value if re.fullmatch(r"-?\d+(\.\d+)?", value) else f"'{value}"


def _write_whole(path: Path, content: bytes) -> None:
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        temporary.write_bytes(content)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
