"""Registration numbers to pseudonyms, with a key that lives outside the project.

A registration number is public and comes from a small range, so a plain or fixed-salt hash of
it can be undone by trying all numbers. HMAC-SHA-256 with a secret key cannot.
"""

from __future__ import annotations

import codecs
import functools
import hashlib
import hmac
import os
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pandas as pd

from wfanalytics.clean.coded import is_coded, spread_text
from wfanalytics.clean.columns import Column, spread
from wfanalytics.clean.repairs import Ledger
from wfanalytics.errors import WfanalyticsError
from wfanalytics.raw.headings import RawTable, normalise

KEY_VARIABLE = "WFANALYTICS_PSEUDONYM_KEY"
KEY_FILE_VARIABLE = "WFANALYTICS_PSEUDONYM_KEY_FILE"
#: Fewer characters could be tried out one after another.
KEY_LENGTH = 16
#: Known to everybody, and used only where a profile says that the area is fictional.
FICTIONAL_KEY = b"nobody in the fictional sample exists"

_LETTERS = re.compile(r"[A-Z]{2}\d")
_REGISTRATION = re.compile(r"([A-Z]{2})?([0-9]{1,10})")
TRAY_WORDS = frozenset({"", "UNALLOCATED", "UNALLOCATEDCASES", "DUTY", "DUTYTRAY", "TEAMTRAY"})


def read_key(*, is_fictional: bool) -> bytes:
    """The pseudonym key: from the environment, or from the file the environment names.

    Raises
    ------
    WfanalyticsError
        where a real area has no key, or one that is too short; the key is never shown.
    """
    if is_fictional:
        return FICTIONAL_KEY
    key = os.environ.get(KEY_VARIABLE, "").strip()
    path = os.environ.get(KEY_FILE_VARIABLE, "").strip()
    if not key and path:
        try:
            content = Path(path).read_bytes()
            # Windows PowerShell's > writes UTF-16, its Set-Content a byte order mark: one key.
            is_wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
            key = content.decode("utf-16" if is_wide else "utf-8-sig").strip()
        except (OSError, UnicodeDecodeError):
            raise WfanalyticsError(
                f"The file named by {KEY_FILE_VARIABLE} cannot be read. Check its path, and that "
                "it holds text."
            ) from None
    if len(key) < KEY_LENGTH:
        state = "is too short" if key else "is missing"
        raise WfanalyticsError(
            f"The key that turns registration numbers into pseudonyms {state}. Set {KEY_VARIABLE} "
            f"to a secret of at least {KEY_LENGTH} characters, or {KEY_FILE_VARIABLE} to a file "
            "outside the project that holds one. Keep it: another key gives other pseudonyms."
        )
    return key.encode()


def pseudonymise(number: str, *, key: bytes) -> str:
    """The pseudonym of one registration number: 16 hexadecimal digits; '' for ''.

    >>> pseudonymise("SW123456", key=FICTIONAL_KEY)
    '17837bb166cd3ddb'
    """
    if not number:
        return ""
    return hmac.new(key, number.encode(), hashlib.sha256).hexdigest()[:16]


def clean_child_ids(column: Column, *, key: bytes) -> pd.Series:
    """Children's references as pseudonyms, which are never those of a worker."""
    reference = spread(column.text, lambda text: re.sub(r"\s", "", text).upper())
    column.refuse(reference == "", "no child is named", allowed="the child's reference",
                  remedy="Correct the cell.")  # fmt: skip
    return spread(reference, lambda text: pseudonymise(f"child {text}", key=key)).astype("str")


def number_people(table: RawTable, people: Mapping[str, str], ledger: Ledger) -> RawTable:
    """The table with the registration numbers that ``people.csv`` gives for what stands there."""
    frame = table.frame
    for name in (name for name in ("worker_id", "secondary_worker") if name in frame):
        known = {text for text in frame[name].unique() if normalise(text) in people}
        if known:
            numbers = spread_text(frame[name], lambda text: people.get(normalise(text), text))
            frame = frame.assign(**{name: numbers})
            reason = "names or numbers of another system: their registration numbers, by people.csv"
            ledger.note_file(table, "A21", column=name, severity="F", reason=reason)
    return replace(table, frame=frame)


def clean_worker_ids(
    column: Column, rows: pd.DataFrame, *, key: bytes, ledger: Ledger, is_tray_allowed: bool = False
) -> pd.Series:
    """Registration numbers as pseudonyms; '' for a duty tray where that is allowed.

    Spaces, small letters and missing letters are repaired (rule 21): in each row where some
    are right, once for the column where none has letters. Anything else is refused, and the
    message does not show it.
    """

    @functools.cache
    def standard(text: str) -> str | None:
        shape = _shape(text)
        return "" if is_tray_allowed and shape in TRAY_WORDS else _standard(shape)

    column.refuse(
        spread(column.text, lambda text: standard(text) is None, dtype="bool"),
        "not a registration number", allowed="SW and 1 to 10 digits",
        remedy="Correct the cell, or give its registration number in people.csv.",
    )  # fmt: skip
    has_letters = spread(column.text, lambda text: bool(_LETTERS.match(_shape(text))), dtype="bool")
    is_number = spread(column.text, lambda text: bool(standard(text)), dtype="bool")
    if not has_letters.any() and is_number.any():
        ledger.note_file(column.table, "A21", column=column.name,
                         reason="numbers without letters: SW put before them")  # fmt: skip
    else:
        is_mended = is_number & spread(
            column.text, lambda text: standard(text) != text, dtype="bool"
        )
        ledger.note(rows[is_mended], "A21", column=column.name)
    names = spread_text(column.text, lambda text: pseudonymise(standard(text) or "", key=key))
    return names if is_coded(names) else names.astype("str")


def _shape(text: str) -> str:
    return "".join(text.split()).upper()


def _standard(text: str) -> str | None:
    match = _REGISTRATION.fullmatch(text)
    if match is None or int(match[2]) == 0:
        return None
    return f"{match[1] or 'SW'}{match[2]}"
