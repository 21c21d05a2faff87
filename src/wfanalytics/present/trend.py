"""A measure through time: its line, gaps, targets, events and stated figures.

Drawing the data is here; where the words beside it go is :mod:`.trend_words`' work.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from wfanalytics.errors import WfanalyticsError
from wfanalytics.frames import USABLE_STATUSES
from wfanalytics.measures.definition import Definition
from wfanalytics.measures.definitions import find_definition
from wfanalytics.present import trend_limits, trend_words
from wfanalytics.present.axes import draw_nothing, find_place, find_scale, format_scale, open_axes
from wfanalytics.present.style import COLOURS, PALE, styled
from wfanalytics.present.trend_places import Chart
from wfanalytics.present.words import axis_title
from wfanalytics.settings import Event, Target

#: More lines than this cannot be told apart and labelled beside their ends.
MOST_LINES = 4
#: Up to this many periods each point is marked; above, only the last of each line.
MOST_MARKERS = 15
#: Above this many, their marks would overlap.
MOST_MONTHS = 120
#: A step this much longer than the shortest between two periods is a gap.
GAP_FACTOR = 1.6

#: The scale reaches this much past a stated figure, so that its mark and words have room.
HEADROOM = 1.12

_ROLES = ("own", "second", "third", "fourth")
_MARKERS = ("o", "s", "^", "D")


@dataclass(frozen=True)
class Series:
    """One line of a chart: its rows in time order, the role of its colour, its marker."""

    name: str
    rows: pd.DataFrame
    role: str
    marker: str

    @cached_property
    def usable(self) -> pd.DataFrame:
        """The rows whose value may be drawn."""
        return self.rows[self.rows["status"].isin(USABLE_STATUSES) & self.rows["value"].notna()]

    def segments(self) -> list[pd.DataFrame]:
        """Runs of usable rows of one definition with no gap in time inside."""
        days = self.rows["period_end"].diff().dt.days
        position = pd.Series(range(len(self.rows)), index=self.rows.index)
        rows = self.usable
        is_break = (
            (position[rows.index].diff() != 1)
            | (days[rows.index] > GAP_FACTOR * days.min())
            | (rows["definition_version"] != rows["definition_version"].shift())
        )
        return [part for _, part in rows.groupby(is_break.cumsum())]


@styled
def plot_trend(
    frame: pd.DataFrame,
    *,
    targets: Sequence[Target] = (),
    events: Sequence[Event] = (),
    stated: pd.DataFrame | None = None,
    control: pd.DataFrame | None = None,
    label: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """One measure through time for one to four areas, with targets, events and stated figures.

    Parameters
    ----------
    frame : measure frame of one measure; the lines are its areas, or its breakdown values.
    targets : drawn between their dates and named in words; those of other measures are left out.
    events : upright lines, named above the chart.
    stated : figures stated elsewhere (``period_end``, ``value`` in the measure's own unit,
        ``label``), as :func:`~wfanalytics.present.tables.table_stated` gives them.
    control : limits of a single line, as :func:`~wfanalytics.analysis.control.calculate_control`
        gives them: the usual range is a band, figures out of it are triangles.
    label : the words above the axis; the measure and its unit unless given.

    Raises
    ------
    WfanalyticsError
        for several measures, more than four lines, or a period that occurs twice in a line.

    >>> rows = pd.DataFrame({"measure": "leavers_headcount", "area_name": "Exampleshire",
    ...     "area_level": "authority", "breakdown_value": "all", "period_type": "month",
    ...     "period_end": pd.to_datetime(["2020-08-31", "2020-09-30"]), "value": [2.0, 4.0],
    ...     "status": "ok", "definition_version": "1"})
    >>> plot_trend(rows).lines[0].get_ydata().tolist()
    [2.0, 4.0]
    """
    series = split_series(frame)
    definition = find_definition(str(frame["measure"].iloc[0]))
    title = axis_title(definition) if label is None else label
    may_grow = ax is None
    ax = open_axes(ax)
    if all(item.usable.empty for item in series):
        return draw_nothing(ax, title=title)
    span = find_span(frame)
    targets = [target for target in targets if target.measure == definition.id]
    targets = [target for target in targets if clip_dates(target, span) is not None]
    events = [event for event in events if span[0] <= pd.Timestamp(event.date) <= span[1]]
    events += find_definition_changes(series)
    stated = _stated_within(stated, span)
    limits = None if control is None or control.empty else control
    _set_scales(ax, frame, definition, targets=targets, stated=stated, control=limits)
    for target in targets:
        _draw_target(ax, target, span)
    if limits is not None:
        trend_limits.draw_limits(ax, limits)
    for item in series:
        _draw_series(ax, item, limits)
    ax.plot(
        stated["period_end"].to_numpy(), stated["value"].to_numpy(), "D",
        markersize=8, markerfacecolor="white", markeredgecolor=COLOURS["stated"],
        markeredgewidth=1.8, label="_stated", zorder=4, clip_on=False,
    )  # fmt: skip
    place = find_place(ax)
    chart = Chart(ax, series, definition, targets, events, stated, title, place, limits)
    trend_words.draw_words(chart, may_grow=may_grow)
    return ax


def split_series(frame: pd.DataFrame) -> list[Series]:
    """The lines of a measure frame in order of appearance, each with colour and marker."""
    measures = sorted(set(frame["measure"]))
    if len(measures) != 1:
        found = ", ".join(measures) or "none"
        raise WfanalyticsError(f"A trend shows one measure; the frame has {found}.")
    by = "breakdown_value" if len(set(frame["breakdown_value"])) > 1 else "area_name"
    names = list(dict.fromkeys(frame[by]))
    if len(names) > MOST_LINES:
        raise WfanalyticsError(
            f"A trend shows at most {MOST_LINES} lines; the frame has {len(names)}. Use small "
            "multiples, one chart for each, or choose the areas to compare."
        )
    series, roles = [], list(_ROLES)
    for name, marker in zip(names, _MARKERS, strict=False):
        rows = frame[frame[by] == name].sort_values("period_end", ignore_index=True)
        if rows["period_end"].duplicated().any():
            raise WfanalyticsError(f"The line {name!r} has a period twice.")
        is_england = (rows["area_level"] == "england").all()
        role = "england" if is_england and by == "area_name" else roles.pop(0)
        series.append(Series(str(name), rows, role, marker))
    return series


Span = tuple[pd.Timestamp, pd.Timestamp]


def find_span(frame: pd.DataFrame) -> Span:
    """First and last date of the time axis: the periods and a margin for their marks."""
    first, last = frame["period_end"].min(), frame["period_end"].max()
    margin = max((last - first) * 0.02, pd.Timedelta(days=1 if first < last else 20))
    return first - margin, last + margin


def clip_dates(target: Target, span: Span) -> Span | None:
    """The part of the time axis in which a target is valid, or None."""
    start = max(span[0], pd.Timestamp(target.valid_from))
    end = span[1] if target.valid_to is None else min(span[1], pd.Timestamp(target.valid_to))
    return (start, end) if start <= end else None


def find_definition_changes(series: Sequence[Series]) -> list[Event]:
    """An event for each period whose definition is not the one before it."""
    dates = set()
    for item in series:
        versions = item.rows["definition_version"]
        changed = (versions != versions.shift()) & (versions.index > 0)
        dates |= set(item.rows.loc[changed, "period_end"].dt.date)
    return [Event(date=date, label="definition changed", kind="other") for date in sorted(dates)]


def _stated_within(stated: pd.DataFrame | None, span: Span) -> pd.DataFrame:
    if stated is None:
        return pd.DataFrame({"period_end": pd.to_datetime([]), "value": [], "label": []})
    return stated[stated["period_end"].between(*span)].reset_index(drop=True)


def _set_scales(
    ax: Axes,
    frame: pd.DataFrame,
    definition: Definition,
    *,
    targets: Sequence[Target],
    stated: pd.DataFrame,
    control: pd.DataFrame | None,
) -> None:
    values = [*frame["value"].dropna(), *(HEADROOM * stated["value"])]
    values += [] if control is None else trend_limits.list_heights(control)
    values += [v for t in targets for v in (t.value, t.low, t.high) if v is not None]
    ticks = find_scale(values, definition=definition)
    ax.set_ylim(ticks[0], ticks[-1])
    ax.set_yticks(ticks, format_scale(ticks, is_percent=definition.unit == "percent"))
    ax.set_xlim(*np.array(find_span(frame), dtype="datetime64[us]"))
    if ticks[0] < 0:
        ax.axhline(0, color=COLOURS["event"], linewidth=1.0, label="_zero", zorder=1)


def _draw_target(ax: Axes, target: Target, span: Span) -> None:
    dates = np.array(clip_dates(target, span), dtype="datetime64[us]")
    style: dict[str, Any] = {
        "color": COLOURS["target"],
        "label": f"_target {target.label}",
        "zorder": 2,
    }
    if target.value is not None:
        dashes = "--" if target.status == "result elsewhere" else "-"
        ax.plot(dates, [target.value] * 2, linestyle=dashes, linewidth=1.6, **style)
        return
    low, high = float(target.low or 0), float(target.high or 0)
    ax.fill_between(
        dates, low, high, facecolor=PALE["band"], edgecolor="none", zorder=0.5,
        label=f"_band {target.label}",
    )  # fmt: skip
    for edge in (low, high):
        ax.plot(dates, [edge] * 2, linewidth=0.9, **style)


def _draw_series(ax: Axes, series: Series, control: pd.DataFrame | None) -> None:
    colour = COLOURS[series.role]
    special = None
    if control is not None:
        trend_limits.draw_special(ax, control)
        special = trend_limits.mark_of_latest(control)
    shape, edge = (series.marker, colour) if special is None else special
    parts = series.segments()
    for part in parts:
        is_marked = len(series.rows) <= MOST_MARKERS or len(part) == 1
        ax.plot(
            part["period_end"].to_numpy(), part["value"].to_numpy(), color=colour,
            linestyle="-", marker=series.marker if is_marked else "", markersize=5,
            label=f"_series {series.name}", zorder=3, clip_on=False,
        )  # fmt: skip
    if not parts:
        return
    rows = series.usable
    hollow = rows[rows["status"] == "provisional"]
    latest = rows.tail(1)
    # Weeks lie closer than their marks: there the line itself is hollow up to the last one.
    marks = [len(hollow) - 1] if len(series.rows) > MOST_MONTHS else None
    for chosen, face, name in ((latest, edge, "latest"), (hollow, "white", "provisional")):
        ax.plot(
            chosen["period_end"].to_numpy(), chosen["value"].to_numpy(), marker=shape,
            linestyle="-" if marks and name == "provisional" else "", color="white",
            linewidth=0.8, markersize=7.5, markerfacecolor=face, markeredgecolor=edge,
            markeredgewidth=1.8, label=f"_{name} {series.name}", zorder=3.5, clip_on=False,
            markevery=marks if name == "provisional" else None,
        )  # fmt: skip
    missing = series.rows.drop(rows.index)
    ax.plot(
        missing["period_end"].to_numpy(), np.full(len(missing), 0.025), linestyle="", marker="x",
        markersize=4.5, markeredgewidth=1.2, color=COLOURS["no figure"],
        transform=ax.get_xaxis_transform(), label=f"_missing {series.name}", zorder=3,
    )  # fmt: skip
