"""Text damaged on its way, by being read in another encoding (rule 21)."""

from __future__ import annotations

import contextlib
import re

import pandas as pd

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
        odd = [text for text in set(rows[name]) if not text.isascii()]
        if not odd:
            continue
        mended = spread(rows[name], mend_text)
        is_mended = mended != rows[name]
        ledger.note(rows[is_mended], "A21", column=name, before=rows.loc[is_mended, name],
                    after=mended[is_mended])  # fmt: skip
        is_lost = rows[name].str.contains(_LOST, regex=False).astype(bool)
        ledger.note(rows[is_lost], "A21", column=name, severity="Q",
                    reason="a character was lost before the file came here")  # fmt: skip
        changed[name] = mended
    return rows.assign(**changed)
