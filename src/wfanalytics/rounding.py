"""Numbers as printed: rounded half up, as DfE rounds and as readers expect.

Python and numpy round half to even, so 11.25 would print as 11.2 where DfE prints 11.3.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
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


def find_decimals(values: Sequence[float], allowed: Sequence[int] = (0, 1, 2, 3)) -> int:
    """The fewest decimals that print all the values exactly; the most allowed where none do.

    >>> find_decimals([1.0, 2.5]), find_decimals([1 / 3])
    (1, 3)
    """
    most = allowed[-1]
    return next(d for d in allowed if d == most or all(abs(v - round(v, d)) < 1e-9 for v in values))


def format_number(value: float, decimals: int = 0) -> str:
    """A number with thousands separators and a true minus sign.

    >>> format_number(1396), format_number(-0.04, 1), format_number(-6.25, 1)
    ('1,396', '0.0', '−6.3')
    """
    rounded = round_half_up(value, decimals)
    text = f"{abs(rounded):,.{decimals}f}"
    return f"{MINUS}{text}" if rounded < 0 else text


def round_to_sum(values: Sequence[float], decimals: int, *, total: float) -> list[float]:
    """Parts rounded half up so that, as printed, they add up to ``total`` as printed.

    Where they do not, the parts nearest to the other rounding give way, one last digit each; a
    part that is 0 stays 0 unless all are.

    >>> round_to_sum([84.45, 8.87, 6.68], 1, total=100)
    [84.4, 8.9, 6.7]
    >>> round_to_sum([2.0, -1.25, 0.0], 1, total=0.8)
    [2.0, -1.2, 0.0]
    """
    unit = 10.0**-decimals
    rounded = [round_half_up(value, decimals) for value in values]
    short = round(float(round_half_up((round_half_up(total, decimals) - sum(rounded)) / unit)))
    step = math.copysign(unit, short)
    near = [(value - shown) * step for value, shown in zip(values, rounded, strict=True)]
    movable = [i for i, value in enumerate(values) if value] or list(range(len(values)))
    for place in range(abs(short)):
        order = sorted(movable, key=lambda i: -near[i])
        chosen = order[place % len(order)]
        rounded[chosen] = round_half_up(rounded[chosen] + step, decimals)
    return rounded
