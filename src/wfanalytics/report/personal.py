"""Does a file hold the number of a person, a child or a post? Each is read before it leaves.

Pseudonyms and posts' numbers are in the clean tables and nowhere else, so one in a file came from
their rows. Whatever is inside a file is read too: parts of a docx or xlsx, words in a picture,
pictures in a page or a notebook.
"""

from __future__ import annotations

import base64
import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import chain

import pandas as pd

#: An identifier that can be no other word: letters and at least three digits, five or more in all.
_DISTINCT = re.compile(r"(?=.*[A-Za-z])(?=(?:.*\d){3})[0-9A-Za-z_-]{5,}")
#: Words of a file; those with a stroke in them are looked at where an identifier has one.
_WORD, _JOINED = re.compile(rb"[0-9A-Za-z]{5,}"), re.compile(rb"[0-9A-Za-z_-]{5,}")
_ENCODED = re.compile(rb"[A-Za-z0-9+/=\\]*")
_PNG, _ZIP, _PNG_ENCODED = b"\x89PNG\r\n\x1a\n", b"PK\x03\x04", b"iVBORw0KGgo"


def list_identifiers(tables: Mapping[str, pd.DataFrame]) -> frozenset[bytes]:
    """Every identifier of the clean tables that can be told from another word.

    >>> tables = {"posts": pd.DataFrame({"post_id": ["P1001", "", "17"], "fte": 1.0})}
    >>> list_identifiers(tables)
    frozenset({b'P1001'})
    """
    columns = [rows[name] for rows in tables.values() for name in rows if name.endswith("_id")]
    found = chain.from_iterable(column.dropna().unique() for column in columns)
    return frozenset(text.encode() for text in map(str, found) if _DISTINCT.fullmatch(text))


def has_identifier(content: bytes, identifiers: frozenset[bytes]) -> bool:
    """Whether a file's content holds one of them, in whatever is inside it.

    >>> has_identifier(b"{'post': 'P1001'}", frozenset({b"P1001"}))
    True
    """
    return any(
        not identifiers.isdisjoint(pattern.findall(text))
        for text in _list_texts(content) for pattern in _choose_patterns(identifiers)
    )  # fmt: skip


@lru_cache(maxsize=1)
def _choose_patterns(identifiers: frozenset[bytes]) -> tuple[re.Pattern[bytes], ...]:
    is_joined = any(b"-" in name or b"_" in name for name in identifiers)
    return (_WORD, _JOINED) if is_joined else (_WORD,)


def _list_texts(content: bytes) -> Iterator[bytes]:
    """The texts of a file, unpacked."""
    if content.startswith(_ZIP):
        with zipfile.ZipFile(io.BytesIO(content)) as zipped:
            for name in zipped.namelist():
                yield name.encode()
                yield from _list_texts(zipped.read(name))
    elif content.startswith(_PNG):
        yield _read_picture(content)
    else:
        yield from _list_words(content)


def _list_words(content: bytes) -> Iterator[bytes]:
    """A text without the letters of its encoded pictures, and the words in those."""
    start = 0
    while (place := content.find(_PNG_ENCODED, start)) >= 0:
        encoded = _ENCODED.match(content, place)
        assert encoded is not None  # it may be empty, so there is one
        yield _unescape(content[start:place])
        letters = encoded[0].replace(b"\\n", b"").rstrip(b"\\")
        yield _read_picture(base64.b64decode(letters[: len(letters) // 4 * 4]))
        start = encoded.end()
    yield _unescape(content[start:])


def _unescape(text: bytes) -> bytes:
    """JSON's ends of lines as blanks, so that their letter does not join the next word."""
    return text.replace(b"\\n", b" ").replace(b"\\t", b" ").replace(b"\\r", b" ")


def _read_picture(content: bytes) -> bytes:
    """The words of a PNG."""
    found, place = [], len(_PNG)
    while place < len(content):
        length, kind = int.from_bytes(content[place : place + 4]), content[place + 4 : place + 8]
        data = content[place + 8 : place + 8 + length]
        if kind in (b"tEXt", b"iTXt"):
            found.append(data)
        elif kind == b"zTXt":
            found.append(zlib.decompress(data.split(b"\0", 1)[1][1:]))
        place += 12 + length
    return b"\n".join(found)
