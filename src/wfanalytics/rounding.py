"""Numbers as printed: rounded half up, as DfE rounds and as readers expect.

Python and numpy round half to even, so 11.25 would print as 11.2 where DfE prints 11.3.
"""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal

#: Digits kept before rounding, so that 0.1125 * 100 is 11.25 and not 11.249999999999998.
FLOAT_DIGITS = 9

MINUS = "\N{MINUS SIGN}"


def round_half_up(value: float, decimals: int = 0) -> float:
    """Round to ``decimals`` places, ties away from zero; NaN stays NaN.

    >>> round_half_up(11.25, 1), round_half_up(0.5), round_half_up(-6.25, 1)
    (11.3, 1.0, -6.3)
    """
    if not math.isfinite(value):
        return value
    exact = Decimal(repr(round(float(value), FLOAT_DIGITS)))
    rounded = float(exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP))
    return rounded + 0.0  # never -0.0


def format_number(value: float, decimals: int = 0) -> str:
    """A number with thousands separators and a true minus sign.

    >>> format_number(1396), format_number(-0.04, 1), format_number(-6.25, 1)
    ('1,396', '0.0', '−6.3')
    """
    rounded = round_half_up(value, decimals)
    text = f"{abs(rounded):,.{decimals}f}"
    return f"{MINUS}{text}" if rounded < 0 else text
