"""Text damaged on its way, by being read in another encoding (rule 21)."""

from __future__ import annotations

import contextlib
import re

import pandas as pd

from wfanalytics.clean.coded import is_coded, spread_text
from wfanalytics.clean.columns import spread
from wfanalytics.clean.repairs import Ledger
from wfanalytics.raw.headings import RawTable

#: UTF-8 read as Windows text shows one of these before what was one character.
_MOJIBAKE = re.compile("[ÂÃâ]")
_LOST = "\ufffd"


def mend_text(text: str) -> str:
    """Text as it was before it was read in the wrong encoding.

    >>> mend_text("CafÃ© Ã‰quipe"), mend_text("Château")
    ('Café Équipe', 'Château')
    """
    if _MOJIBAKE.search(text):
        # Proper text with an accent, and damage that cannot be undone, stay as they are.
        with contextlib.suppress(UnicodeEncodeError, UnicodeDecodeError):
            text = text.encode("cp1252").decode("utf-8")
    return text


def fix_text(rows: pd.DataFrame, table: RawTable, ledger: Ledger) -> pd.DataFrame:
    """The rows with their text mended; a character that is lost for good is asked about."""
    changed = {}
    for name in table.headings:
        column = rows[name]
        texts = column.cat.categories if is_coded(column) else set(column)
        if all(text.isascii() for text in texts):
            continue
        is_mended = spread(column, lambda text: mend_text(text) != text, dtype="bool")
        changed[name] = spread_text(column, mend_text)
        ledger.note(rows[is_mended], "A21", column=name, before=column[is_mended],
                    after=changed[name][is_mended])  # fmt: skip
        is_lost = spread(column, lambda text: _LOST in text, dtype="bool")
        ledger.note(rows[is_lost], "A21", column=name, severity="Q",
                    reason="a character was lost before the file came here")  # fmt: skip
    return rows.assign(**changed) if changed else rows
