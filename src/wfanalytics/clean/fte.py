"""FTE: the whole column judged first, as percentages are, then each value (rule 16)."""

from __future__ import annotations

import pandas as pd

from wfanalytics.clean.columns import Column
from wfanalytics.clean.repairs import Ledger

#: No contract has more hours a week, and no share of full time as a percentage is more.
MOST_HOURS = 48
MOST_PERCENT = 100
#: A column of which this share, and at least two values, lies above 1 holds something else.
_OTHER_COLUMN = 0.5


def fix_fte(
    rows: pd.DataFrame, column: Column, fte: pd.Series, status: pd.Series, ledger: Ledger
) -> tuple[pd.Series, pd.Series]:
    """Leave an FTE outside 0 to 1 out of the FTE figures; the person still counts."""
    check_fte_column(column, fte)
    is_bad = (fte < 0) | (fte > 1)
    if is_bad.any():
        ledger.note(rows[is_bad], "W16", column="fte", before=rows.loc[is_bad, "fte"],
                    reason="FTE outside 0 to 1")  # fmt: skip
    return fte.mask(is_bad), status.mask(is_bad, "unreliable")


def check_fte_column(column: Column, values: pd.Series) -> None:
    """Refuse a column of hours or of percentages without a sign: to divide them is a guess."""
    above = values > 1
    if above.sum() < 2 or above.sum() <= _OTHER_COLUMN * (values > 0).sum():
        return
    most = values.max()
    if most <= MOST_HOURS:
        problem, unit = "hours a week", "hours"
    elif most <= MOST_PERCENT:
        problem, unit = "percentages without a sign", "percent"
    else:
        problem, unit = "numbers that are no FTE", ""
    remedy = "Correct the column." if not unit else (
        f"Write 'fte: {unit}' in profile.yml: for the source, or for this file's name under files "
        "where other files hold shares."
    )  # fmt: skip
    column.refuse(above, f"the FTE column seems to hold {problem} (rule W16)",
                  allowed="0 to 1 in the whole column", remedy=remedy, rule="W16")  # fmt: skip
