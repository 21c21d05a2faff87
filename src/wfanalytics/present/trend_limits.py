"""Control limits on a trend chart: the average, the usual range, and figures out of it.

The usual range is a pale band, named in words; a figure that is more than chance is a triangle
that points up or down, so that its shape says what its colour says.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from wfanalytics.measures.definition import Definition
from wfanalytics.present.style import COLOURS, PALE
from wfanalytics.present.words import format_value

#: Colour role of each kind of special cause.
_ROLES = {
    "improvement": "improvement", "concern": "concern",
    "neutral_high": "second", "neutral_low": "second",
}  # fmt: skip
_SHAPES = {"up": "^", "down": "v"}
#: Above this many figures a stretch of triangles is marked at its ends only.
MOST_TRIANGLES = 60
#: Up to this many, each figure has a marker of its own that the triangle must cover.
FEW_FIGURES = 15
TRIANGLES = "▲ high or rising, ▼ low or falling: more than chance"


def phases_of(control: pd.DataFrame) -> list[pd.DataFrame]:
    """The phases that have a usual range, oldest first, each with its columns of limits."""
    drawn = control[control["usual_low"].notna() & control["usual_high"].notna()]
    return [part for _, part in drawn.groupby("phase")]


def draw_limits(ax: Axes, control: pd.DataFrame) -> None:
    """The band and the average of each phase, under everything else."""
    for part in phases_of(control):
        dates = part["period_end"].to_numpy()
        ax.fill_between(
            dates, part["usual_low"].to_numpy(), part["usual_high"].to_numpy(),
            facecolor=PALE["usual"], edgecolor="none", zorder=0.4, label="_usual",
        )  # fmt: skip
        ax.plot(
            dates, part["centre"].to_numpy(), color=COLOURS["usual"], linewidth=1.0,
            linestyle=(0, (5, 2)), label="_average", zorder=1.2,
        )  # fmt: skip


def draw_special(ax: Axes, control: pd.DataFrame) -> None:
    """A triangle on each figure that is more than chance, the latest aside."""
    rows = control[control["is_special"] & (control["period_end"] < control["period_end"].max())]
    if len(control) > MOST_TRIANGLES:
        rows = rows[_is_end(rows)]
    size = 8.0 if len(control) <= FEW_FIGURES else 5.5
    for (kind, direction), part in rows.groupby(["point_type", "direction"]):
        ax.plot(
            part["period_end"].to_numpy(), part["value"].to_numpy(), linestyle="",
            marker=_SHAPES[str(direction)], color=COLOURS[_ROLES[str(kind)]], markersize=size,
            markeredgecolor="white", markeredgewidth=0.5, zorder=3.2, clip_on=False,
            label=f"_special {direction}",
        )  # fmt: skip


def _is_end(rows: pd.DataFrame) -> pd.Series:
    """Whether a row begins or ends a stretch of neighbours that point the same way."""
    way = rows["direction"] + rows["phase"].astype(str)
    place = pd.Series(rows.index, index=rows.index)
    is_first = (way != way.shift()) | (place.diff() != 1)
    return is_first | is_first.shift(-1, fill_value=True)


def mark_of_latest(control: pd.DataFrame) -> tuple[str, str] | None:
    """Shape and colour of the latest figure where it is more than chance, else None."""
    if control.empty or not control["is_special"].iloc[-1]:
        return None
    row = control.iloc[-1]
    return _SHAPES[row["direction"]], COLOURS[_ROLES[row["point_type"]]]


def name_limits(control: pd.DataFrame, definition: Definition) -> str:
    """The newest phase's usual range in words, for its band; empty without one."""
    parts = phases_of(control)
    if not parts:
        return ""
    row = parts[-1].iloc[-1]
    low, high = (format_value(row[name], definition) for name in ("usual_low", "usual_high"))
    word = "provisional usual range" if row["limits_note"] == "provisional" else "usual range"
    return f"{word} {low} to {high}"


def explain_limits(control: pd.DataFrame) -> str:
    """What the triangles mean, for the foot of the chart; empty where there is none."""
    return TRIANGLES if control["is_special"].any() else ""


def each_average(control: pd.DataFrame) -> Iterator[tuple[pd.Timestamp, pd.Timestamp, float]]:
    """First date, last date and height of each phase's average."""
    for part in phases_of(control):
        ends = part["period_end"].iloc[[0, -1]]
        yield ends.iloc[0], ends.iloc[1], float(part["centre"].iloc[-1])


def list_heights(control: pd.DataFrame) -> list[float]:
    """The heights the scale must reach for the limits."""
    limits = control[["usual_low", "usual_high"]].to_numpy().ravel()
    return [float(value) for value in limits[np.isfinite(limits)]]
