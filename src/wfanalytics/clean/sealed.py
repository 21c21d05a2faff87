"""Readings as bytes that only the pseudonym key opens: they hold names and numbers of people.

A reading kept between runs is text as it came, before registration numbers became pseudonyms.
So it is encrypted (SHAKE-256 as a key stream, a fresh nonce each time) and authenticated
(HMAC-SHA-256) with keys made from the pseudonym key, which lives outside the project.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import zlib
from dataclasses import replace
from typing import Any

import pandas as pd

from wfanalytics.clean.reading import Reading
from wfanalytics.raw.headings import RawTable
from wfanalytics.raw.tables import RawSheet

_NONCE, _TAG = 16, 32


def seal_reading(reading: Reading, *, key: bytes) -> bytes:
    """A reading as bytes that say nothing without the key."""
    content = {
        "found": [_list_table(part) for part in reading.found],
        "refused": [_list_table(part) for part in reading.refused],
        "entries": reading.entries,
        "faults": [{**entry, "month": _list_date(entry["month"])} for entry in reading.faults],
    }
    return seal(zlib.compress(json.dumps(content, ensure_ascii=False).encode(), 1), key)


def unseal_reading(content: bytes, *, key: bytes) -> Reading:
    """The reading that was sealed.

    Raises
    ------
    ValueError
        for bytes that were not sealed with this key, or were changed since.
    """
    held = json.loads(zlib.decompress(unseal(content, key)))
    faults = [{**entry, "month": _read_date(entry["month"], pd.NaT)} for entry in held["faults"]]
    return Reading(
        [_read_table(part) for part in held["found"]],
        [_read_table(part) for part in held["refused"]],
        held["entries"], faults,
    )  # fmt: skip


def _list_table(part: RawTable) -> dict[str, Any]:
    frame = part.frame
    columns = [[name, *_list_column(frame[name])] for name in frame.columns]
    sheet = {**vars(part.sheet), "cells": []}
    return {**vars(part), "sheet": sheet, "frame": columns, "as_at": _list_date(part.as_at)}


def _read_table(held: dict[str, Any]) -> RawTable:
    columns = held["frame"]
    frame = pd.DataFrame({name: _read_column(kind, values) for name, kind, values in columns})
    lists = {name: tuple(held[name]) for name in ("titles", "unknown")}
    part = RawTable(**{**held, **lists, "sheet": RawSheet(**held["sheet"]), "frame": frame})
    return replace(part, as_at=_read_date(held["as_at"], None))


def _list_column(column: pd.Series) -> tuple[str, list[Any]]:
    """A column's type and values; of one held as codes, its texts and the codes."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        return "category", [column.cat.categories.tolist(), column.cat.codes.tolist()]
    return str(column.dtype), column.tolist()


def _read_column(kind: str, values: list[Any]) -> pd.Series:
    if kind != "category":
        return pd.Series(values, dtype=kind)
    texts, codes = values
    return pd.Series(pd.Categorical.from_codes(codes, categories=pd.Index(texts, dtype="object")))


def _list_date(date: Any) -> str:
    return "" if date is None or date is pd.NaT else date.isoformat()


def _read_date(text: str, blank: Any) -> Any:
    return pd.Timestamp(text) if text else blank


def seal(content: bytes, key: bytes) -> bytes:
    """Bytes that say nothing without the key."""
    nonce = os.urandom(_NONCE)
    hidden = _mix(content, nonce, key)
    return nonce + _sign(nonce + hidden, key) + hidden


def unseal(content: bytes, key: bytes) -> bytes:
    """The bytes that were sealed; ValueError for others, or for another key.

    >>> unseal(seal(b"a reading", b"a key"), b"a key")
    b'a reading'
    """
    head = _NONCE + _TAG
    nonce, tag, hidden = content[:_NONCE], content[_NONCE:head], content[head:]
    if not hmac.compare_digest(tag, _sign(nonce + hidden, key)):
        raise ValueError("not sealed with this key")
    return _mix(hidden, nonce, key)


def _sign(content: bytes, key: bytes) -> bytes:
    return hmac.digest(hmac.digest(key, b"sign readings", "sha256"), content, "sha256")


def _mix(content: bytes, nonce: bytes, key: bytes) -> bytes:
    """The content with the key stream laid over it; twice gives the content again."""
    own = hmac.digest(key, b"seal readings", "sha256")
    stream = hashlib.shake_256(own + nonce).digest(len(content))
    number = int.from_bytes(content, "big") ^ int.from_bytes(stream, "big")
    return number.to_bytes(len(content), "big")
