"""What a measure's definition is made of."""

from __future__ import annotations

import math
from dataclasses import dataclass
from html import escape
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
    As text, and in a notebook, it says in words what the measure is and what it is not.
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

    def __str__(self) -> str:
        name = self.label[0].upper() + self.label[1:]
        good = "" if self.better == "neither" else f"; better: {self.better}"
        isnt = f" It is not {self.is_not}." if self.is_not else ""
        basis = f"{self.unit}, {self.basis}{good}"
        return f"{name} ({basis}): {self.formula}.{isnt} Source: {self.source}."

    def _repr_html_(self) -> str:
        return f"<p>{escape(str(self))}</p>"


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
