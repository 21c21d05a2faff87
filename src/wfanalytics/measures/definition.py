"""What a measure's definition is made of."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from wfanalytics.rounding import round_half_up

Better = Literal["lower", "higher", "within band", "neither"]
Unit = Literal["percent", "FTE", "people", "cases", "cases per FTE", "permanent per agency", "days"]
Basis = Literal["snapshot", "in month", "rolling 12 months", "week"]

DFE = "DfE, Children's social work workforce"
OURS = "wfanalytics; not a DfE measure"


@dataclass(frozen=True)
class Definition:
    """What one measure is. Rates are fractions from 0 to 1 until they are displayed.

    ``label`` names the measure in a sentence; ``short`` on a chart. ``numerator`` and
    ``denominator`` are the parts in words (empty for a plain count or sum). ``decimals`` is how
    many are displayed. ``version`` changes with the formula and breaks the line on a chart.
    """

    id: str
    label: str
    short: str
    formula: str
    numerator: str
    denominator: str
    unit: Unit
    decimals: int
    better: Better
    basis: Basis
    source: str
    is_not: str
    version: str = "1"

    @property
    def is_rate(self) -> bool:
        """Whether the measure has a denominator."""
        return self.denominator != ""


def round_shown(value: float, definition: Definition) -> float:
    """A value rounded as displayed, still in its own unit (a rate stays a fraction)."""
    if not math.isfinite(value):
        return value
    scale = 100 if definition.unit == "percent" else 1
    return round_half_up(value * scale, definition.decimals) / scale


def define_stock(
    id: str, label: str, unit: Unit, formula: str, *, source: str = DFE,
    better: Better = "neither", is_not: str = "", basis: Basis = "snapshot",
) -> Definition:  # fmt: skip
    """A plain count or sum: no denominator, decimals by unit."""
    decimals = 1 if unit == "FTE" else 0
    return Definition(
        id, label, label, formula, label, "", unit, decimals, better, basis, source, is_not
    )
