"""A projection: what was, then the futures as a fan, each line named at its end."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from wfanalytics.measures.definition import Definition
from wfanalytics.measures.definitions import find_definition
from wfanalytics.present import axes as ground
from wfanalytics.present.axes import Note
from wfanalytics.present.dates import lay_out_dates
from wfanalytics.present.style import COLOURS, PALE, TEXT_COLOURS, styled
from wfanalytics.present.words import axis_title, format_plain, format_value

#: Intervals drawn, and the pale blue of each, widest first.
BANDS = {"95": "#E4ECF3", "80": "#BFD0DF", "50": "#8FAEC8"}
KEY = "Pale to dark: 95%, 80% and 50% intervals"
_ROLES = ("third", "second", "fourth")
_MARKERS = ("s", "^", "D")
#: Letters on a line of the column at the right.
_LETTERS = 19


@styled
def plot_fan(
    history: pd.DataFrame,
    fan: pd.DataFrame,
    *,
    others: Mapping[str, pd.DataFrame] | None = None,
    level: float | None = None,
    target: float | None = None,
    band: tuple[float, float] | None = None,
) -> Axes:
    """History as a line, then the baseline's middle and its 50%, 80% and 95% intervals.

    Parameters
    ----------
    history : a measure frame of one measure and area; rows without a figure leave a gap.
    fan : ``period_end``, ``projected`` and ``lower_50`` to ``upper_95``, a row a month, the
        last of the history first.
    others : name and rows (``period_end``, ``projected``) of each scenario, at most three.
    level : where "no change" would be; ``target`` a line across and ``band`` a band, in the
        measure's own unit.

    >>> ends = pd.to_datetime(["2020-08-31", "2020-09-30", "2020-10-31"])
    >>> past = pd.DataFrame({"measure": "leavers_headcount", "period_end": ends[:2],
    ...                      "value": [2.0, 4.0], "status": "ok"})
    >>> to_come = pd.DataFrame({"period_end": ends[1:], "projected": [4.0, 5.0]})
    >>> edges = {f"{side}_{n}": [4.0, 5.0] for side in ("lower", "upper") for n in (50, 80, 95)}
    >>> axes = plot_fan(past, to_come.assign(**edges))
    >>> len(axes.collections), axes.lines[0].get_ydata().tolist()
    (3, [2.0, 4.0])
    """
    definition = find_definition(str(history["measure"].iloc[0]))
    others = others or {}
    ax = ground.open_axes()
    place = ground.find_place(ax)
    lines = [rows["projected"] for rows in others.values()]
    known = [value for value in (level, target, *(band or ())) if value is not None]
    values = pd.concat([history["value"], fan["upper_95"], fan["lower_95"], *lines])
    ticks = ground.find_scale([*values.dropna(), *known], definition=definition)
    ax.set_ylim(ticks[0], ticks[-1])
    ax.set_yticks(ticks, ground.format_scale(ticks, is_percent=definition.unit == "percent"))
    first, last = history["period_end"].min(), fan["period_end"].max()
    ax.set_xlim(*np.array([first - pd.Timedelta(days=8), last + pd.Timedelta(days=8)], "M8[us]"))
    _draw_lines(ax, history, fan, others, level=level, target=target)
    notes = _list_notes(fan, others, definition, level=level, target=target)
    if band:
        ax.axhspan(*band, facecolor=PALE["band"], edgecolor=COLOURS["target"], linewidth=0.9,
                   zorder=0.5, label="_band target")  # fmt: skip
        ends = " to ".join(format_plain(edge, definition) for edge in band)
        notes.append(Note((f"band {ends}",), TEXT_COLOURS["target"], sum(band) / 2))
    dates = pd.DatetimeIndex([*history["period_end"], *fan["period_end"].iloc[1:]])
    gaps = " × no figure." if history["value"].isna().any() else ""
    lay_out_dates(ax, dates, notes, place=place, title=axis_title(definition), foot=f"{KEY}.{gaps}")
    return ax


def _draw_lines(
    ax: Axes, history: pd.DataFrame, fan: pd.DataFrame, others: Mapping[str, pd.DataFrame], *,
    level: float | None, target: float | None,
) -> None:  # fmt: skip
    own, dates = COLOURS["own"], fan["period_end"].to_numpy()
    for share, colour in BANDS.items():
        ax.fill_between(
            dates, fan[f"lower_{share}"].to_numpy(), fan[f"upper_{share}"].to_numpy(),
            facecolor=colour, edgecolor=own, linewidth=0.5, zorder=1, label=f"_band {share}",
        )  # fmt: skip
    _draw_history(ax, history)
    ax.plot(dates, fan["projected"].to_numpy(), color=own, linestyle=(0, (4, 1.5)),
            label="_series baseline", zorder=3, clip_on=False)  # fmt: skip
    for (name, rows), role, marker in zip(others.items(), _ROLES, _MARKERS, strict=False):
        ax.plot(
            rows["period_end"].to_numpy(), rows["projected"].to_numpy(), color=COLOURS[role],
            marker=marker, markersize=5, markevery=(1, 1), linestyle=(0, (4, 1.5)),
            label=f"_series {name}", zorder=3.5, clip_on=False,
        )  # fmt: skip
    if level is not None:
        ax.plot(dates[[0, -1]], [level] * 2, color=COLOURS["england"], linewidth=1.2,
                linestyle=(0, (1, 2)), label="_series no change", zorder=2.5)  # fmt: skip
    if target is not None:
        ax.axhline(target, color=COLOURS["target"], linewidth=1.6, zorder=2, label="_target")


def _draw_history(ax: Axes, history: pd.DataFrame) -> None:
    """What was: gaps left open and marked at the foot, provisional points hollow."""
    is_known = history["value"].notna()
    for _, part in history[is_known].groupby((~is_known).cumsum()[is_known]):
        ax.plot(
            part["period_end"].to_numpy(), part["value"].to_numpy(), color=COLOURS["own"],
            marker="o", markersize=5, label="_series history", zorder=3, clip_on=False,
        )  # fmt: skip
    hollow, missing = history[history["status"] == "provisional"], history[~is_known]
    ax.plot(
        hollow["period_end"].to_numpy(), hollow["value"].to_numpy(), "o", markersize=7.5,
        color=COLOURS["own"], markerfacecolor="white", markeredgewidth=1.8, zorder=4,
        label="_provisional", clip_on=False,
    )  # fmt: skip
    ax.plot(
        missing["period_end"].to_numpy(), np.full(len(missing), 0.025), "x", markersize=4.5,
        color=COLOURS["no figure"], transform=ax.get_xaxis_transform(), label="_missing",
    )  # fmt: skip


def _list_notes(
    fan: pd.DataFrame, others: Mapping[str, pd.DataFrame], definition: Definition, *,
    level: float | None, target: float | None,
) -> list[Note]:  # fmt: skip
    """The words at the ends of the lines; heights are in the measure's own unit."""

    def name(words: str, value: float, role: str, *more: str) -> Note:
        lines = [*ground.wrap_words(words, _LETTERS).split("\n"), *more]
        return Note(tuple(lines), TEXT_COLOURS[role], value, len(lines) - len(more))

    end = fan.iloc[-1]
    low, high = (format_value(end[side], definition) for side in ("lower_80", "upper_80"))
    notes = [name(f"baseline {format_value(end['projected'], definition)}", end["projected"], "own",
                  f"({low} to {high})")]  # fmt: skip
    for (words, rows), role in zip(others.items(), _ROLES, strict=False):
        value = float(rows["projected"].iloc[-1])
        notes.append(name(f"{words} {format_value(value, definition)}", value, role))
    if level is not None:
        notes.append(name(f"no change {format_value(level, definition)}", level, "england"))
    if target is not None:
        notes.append(name(f"target {format_plain(target, definition)}", target, "target"))
    return notes
