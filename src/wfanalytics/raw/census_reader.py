"""The parser of the census return: expat, its handlers, and what is refused.

The standard library's expat is driven directly: it gives the line of every element and holds one
worker at a time. defusedxml wraps the same parser to refuse what is refused here (a DOCTYPE, and
with it every entity), but gives neither lines nor limits.

No message quotes the content of a worker: the file is statutory personal data.
"""

from __future__ import annotations

import hashlib
from typing import BinaryIO, NoReturn
from xml.parsers import expat

import pandas as pd

from wfanalytics.errors import InputError
from wfanalytics.raw.census_shape import (
    BLOCKS,
    COLLECTION,
    GROUPS,
    HEADER,
    PLACES,
    ROOT,
    WORKER,
    WORKER_FIELDS,
    YEARS,
)
from wfanalytics.raw.headings import hide_personal

#: A return of 200,000 workers, more than all of England has, is some 200 million bytes.
MAX_BYTES, MAX_WORKERS = 500_000_000, 500_000
#: Longest text of one element in characters, and longest tag or comment in bytes.
MAX_TEXT, MAX_TOKEN = 10_000, 1_000_000
MAX_DEPTH = 20
#: More kinds of unknown, repeated or misplaced elements than this, and it is no return.
MAX_NOTES = 200
ENCODINGS = ("utf-8", "utf-16", "us-ascii", "iso-8859-1", "windows-1252")

_CHUNK, _ROWS = 65_536, 5_000
# Until the root element starts, so little at a time that a DOCTYPE is refused before anything
# it declares can be used, whatever limits this machine's expat has of its own.
_PROLOG_CHUNK, _MAX_PROLOG = 64, 65_536
_CUT = {expat.errors.codes[text] for text in (
    expat.errors.XML_ERROR_NO_ELEMENTS, expat.errors.XML_ERROR_UNCLOSED_TOKEN,
    expat.errors.XML_ERROR_PARTIAL_CHAR, expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
)}  # fmt: skip
_AGAIN = "Export the return again, or ask its supplier."
_SHOWN = 40


class CensusReader:
    """Expat's handlers and what they have collected from one file."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.hash = hashlib.sha256()
        self.header: dict[str, str] = {}
        self.header_lines: dict[str, int] = {}
        self.authority: dict[str, str] = {}
        self.frames: list[pd.DataFrame] = []
        self.rows: list[list[str]] = []
        self.lines: list[int] = []
        self.notes: dict[tuple[str, str], list[int]] = {}
        self.row: list[str] = []
        self.text: list[str] = []
        self.depth, self.block, self.place, self.block_place = 0, "", -1, -1
        self.has_root = False
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.XmlDeclHandler = self._declare
        self.parser.StartDoctypeDeclHandler = self._refuse_doctype
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        # The list's own method, because it is called twice for each of a million elements.
        self.parser.CharacterDataHandler = self.text.append

    def read(self, stream: BinaryIO) -> None:
        """Read a whole file, a piece at a time."""
        total = 0
        while piece := stream.read(_CHUNK if self.has_root else _PROLOG_CHUNK):
            total += len(piece)
            self.hash.update(piece)
            self._parse(piece)
            if total > MAX_BYTES:
                self._refuse("the file is too large", allowed=f"{MAX_BYTES:,} bytes")
            if not self.has_root and total > _MAX_PROLOG:
                self._refuse("nothing where the return should begin", allowed=f"<{ROOT}>")
            if total - self.parser.CurrentByteIndex > MAX_TOKEN:
                self._refuse("a tag or comment without an end", allowed=f"{MAX_TOKEN:,} bytes")
            if sum(map(len, self.text)) > MAX_TEXT:
                self._refuse_text()
        if total == 0:
            self._refuse("the file is empty")
        self._parse(b"", is_final=True)

    def _parse(self, piece: bytes, *, is_final: bool = False) -> None:
        try:
            self.parser.Parse(piece, is_final)
        except expat.ExpatError as error:
            if error.code in _CUT:
                self._refuse("the file is cut short", line=error.lineno)
            kind = "not well-formed XML" if self.has_root else "not an XML file"
            self._refuse(f"{kind} ({expat.ErrorString(error.code)})", line=error.lineno)
        except (LookupError, ValueError):
            self._refuse_encoding()

    def _refuse(
        self, problem: str, *, line: int = 0, found: str | None = None,
        allowed: str | None = None, remedy: str = _AGAIN,
    ) -> NoReturn:  # fmt: skip
        line = line or self.parser.CurrentLineNumber
        raise InputError(
            problem, file=f"{self.file}, line {line}", allowed=allowed, remedy=remedy,
            found=None if found is None else _shown(found),
        ) from None  # fmt: skip

    def _refuse_encoding(self) -> NoReturn:
        self._refuse("its encoding is not read", allowed=", ".join(ENCODINGS))

    def _refuse_doctype(self, *_: object) -> None:
        self._refuse(
            "a DOCTYPE, which a census return never has", allowed="plain elements",
            remedy="It can make a program read other files or fill its memory, so nothing was "
            "read. Find out where the file comes from.",
        )  # fmt: skip

    def _declare(self, _: str, encoding: str | None, __: int) -> None:
        if encoding and encoding.lower() not in ENCODINGS:
            self._refuse_encoding()

    def _refuse_text(self) -> NoReturn:
        self._refuse("an element with too much text", allowed=f"{MAX_TEXT:,} characters")

    # --- elements ----------------------------------------------------------------------------
    def _start(self, name: str, _: dict[str, str]) -> None:
        self.text.clear()
        self.depth += 1
        if self.depth == 2:
            self._start_block(name.rpartition(":")[2])
        elif self.depth == 1:
            self.has_root = True
            if name.rpartition(":")[2] != ROOT:
                self._refuse("not a census return", found=f"<{name}>", allowed=f"<{ROOT}>",
                             remedy="Check that it is the CSWW return.")  # fmt: skip
        elif self.depth > MAX_DEPTH:
            self._refuse("elements too deep within others", allowed=f"{MAX_DEPTH} levels")

    def _start_block(self, name: str) -> None:
        self.block, self.place = name, -1
        place = BLOCKS.get(name)
        if place is None:
            self._note("unknown", name)
            return
        if place < self.block_place:
            self._note("order", name)
        elif place == self.block_place < BLOCKS[WORKER]:
            self._note("repeated", name)
        self.block_place = max(place, self.block_place)
        if name == WORKER:
            self.row = [""] * len(WORKER_FIELDS)
            self.lines.append(self.parser.CurrentLineNumber)

    def _end(self, name: str) -> None:
        if self.depth == 3:
            self._end_field(name)
        elif self.depth == 2 and self.block == WORKER:
            self.rows.append(self.row)
            if len(self.rows) == _ROWS:
                self._flush()
        elif self.depth > 3 and self.block == HEADER:
            self._end_field(name)
        elif self.depth > 3 and self.block in PLACES:
            self._note("unknown", f"{self.block}/{name}")
        self.text.clear()
        self.depth -= 1

    def _end_field(self, name: str) -> None:
        places = PLACES.get(self.block)
        if places is None or name in GROUPS:
            return
        place = places.get(name)
        if place is None:
            name = name.rpartition(":")[2]
            place = places.get(name)
        if place is None:
            self._note("unknown", f"{self.block}/{name}")
            return
        value = "".join(self.text).strip()
        if len(value) > MAX_TEXT:
            self._refuse_text()
        if place > self.place:  # in order, so not read before
            self.place = place
        elif self._is_read(name, place):
            self._note("repeated", f"{self.block}/{name}")
            return
        else:
            self._note("order", f"{self.block}/{name}")
        if self.block == WORKER:
            self.row[place] = value
        else:
            self._keep(name, value)

    def _is_read(self, name: str, place: int) -> bool:
        if self.block == WORKER:
            return self.row[place] != ""
        return name in (self.header if self.block == HEADER else self.authority)

    def _keep(self, name: str, value: str) -> None:
        if self.block == HEADER:
            self.header_lines.setdefault(name, self.parser.CurrentLineNumber)
            self.header.setdefault(name, value)
        else:
            self.authority.setdefault(name, value)

    def _note(self, kind: str, element: str) -> None:
        key = kind, _shown(element)
        if key not in self.notes:
            if len(self.notes) >= MAX_NOTES:
                self._refuse("too many elements that a census return does not have",
                             allowed=f"{MAX_NOTES}")  # fmt: skip
            self.notes[key] = [self.parser.CurrentLineNumber, 0]
        self.notes[key][1] += 1

    # --- what has been read ------------------------------------------------------------------
    def _flush(self) -> None:
        frame = pd.DataFrame(self.rows, columns=list(WORKER_FIELDS), dtype="str")
        first = 1 + sum(map(len, self.frames))
        frame.insert(0, "row", range(first, first + len(frame)))
        frame.insert(1, "line", self.lines)
        self.frames.append(frame)
        self.rows, self.lines = [], []
        if first > MAX_WORKERS:
            self._refuse("too many workers", allowed=f"{MAX_WORKERS:,}")

    def finish(self) -> int:
        """The return's year, once the header shows that it is a return of a known year."""
        self._check_header("Collection", COLLECTION, self.header.get("Collection") == COLLECTION)
        year = self.header.get("Year", "")
        self._check_header("Year", f"{YEARS[0]} to {YEARS[-1]}", year in map(str, YEARS))
        if self.rows:
            self._flush()
        if not self.frames:
            self._refuse("the return has no workers", allowed=f"one <{WORKER}> or more")
        return int(year)

    def _check_header(self, name: str, allowed: str, is_right: bool) -> None:
        if is_right:
            return
        found = self.header.get(name)
        self._refuse(
            f"not a return that can be read: {name} of its header", found=found or "nothing",
            allowed=allowed, line=self.header_lines.get(name, 1),
            remedy="Check that it is the CSWW return of a year whose shape is known.",
        )  # fmt: skip


def _shown(text: str) -> str:
    """A name or header text short enough for a message, hidden if it looks like a person's."""
    return hide_personal(text[:_SHOWN])
