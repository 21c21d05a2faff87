"""Parts of a whole through time, as stacked bars."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from wfanalytics.errors import WfanalyticsError
from wfanalytics.frames import USABLE_STATUSES
from wfanalytics.present import axes as ground
from wfanalytics.present.axes import Note
from wfanalytics.present.dates import lay_out_dates
from wfanalytics.present.style import COLOURS, TEXT_COLOURS, Parts, fill_of, roles_of, styled
from wfanalytics.rounding import format_number, round_to_sum

#: Part of the space between two periods that a bar fills.
_BAR_SHARE = 0.8


@styled
def plot_stack(
    frame: pd.DataFrame,
    *,
    parts: Parts,
    by: str = "measure",
    roles: Mapping[str, str] | None = None,
    above: str = "",
    whole_label: str = "",
    unit: str = "FTE",
    decimals: int = 0,
    label: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Parts of a whole through time as stacked bars, the latest bar's parts in words beside it.

    Parameters
    ----------
    frame : a row a period and part: ``period_end``, ``value``, ``status``, and ``by``; a
        ``share`` column (a fraction), where there is one, is printed beside the latest value,
        the shares rounded so that they add up to 100% as printed.
    parts : words for each value of ``by``, from the bottom of the bars up.
    roles : colour role of a part (``permanent``, ``agency``, ``uncovered``); in order if not
        given. A period that lacks a usable part has no bar and a mark at the foot.
    above : the one of the ``parts``, the last, that stands on the whole and is not part of it.
    whole_label : what the whole is called; a line marks its height on each bar.

    >>> rows = pd.DataFrame({"measure": ["inpost_fte", "uncovered_vacancy_fte"],
    ...     "period_end": pd.Timestamp("2020-09-30"), "value": [400.0, 50.0], "status": "ok"})
    >>> axes = plot_stack(rows, parts={"inpost_fte": "permanent",
    ...                                "uncovered_vacancy_fte": "uncovered"})
    >>> [float(bar.get_height()) for bar in axes.patches]
    [400.0, 50.0]
    """
    ax = ground.open_axes(ax)
    place = ground.find_place(ax)
    wide = spread_parts(frame, index="period_end", by=by, parts=parts).sort_index()
    whole = wide.dropna()
    if whole.empty:
        return ground.draw_nothing(ax, title=label)
    roles = roles_of(parts, roles)
    ticks = ground.find_scale([float(v) for v in whole.sum(axis=1)], definition=None)
    ax.set_ylim(0, ticks[-1])
    ax.set_yticks(ticks, ground.format_scale(ticks, is_percent=False))
    days = wide.index.to_series().diff().dt.days.min()
    width = pd.Timedelta(days=float(days if days > 0 else 30) * _BAR_SHARE)
    ax.set_xlim(*np.array([wide.index[0] - width, wide.index[-1] + width], "datetime64[us]"))
    base = np.zeros(len(whole))
    for part in parts:
        heights = whole[part].to_numpy()
        bars = ax.bar(
            whole.index.to_numpy(), heights, bottom=base, width=width.to_numpy(),
            label=f"_part {parts[part]}", zorder=2, **fill_of(roles[part]),
        )  # fmt: skip
        for bar in bars:
            bar.set_visible(bool(bar.get_height()))
        base = base + heights
    if whole_label:
        tops = base - (whole[above].to_numpy() if above else 0.0)
        half = width.to_numpy() / 2
        ax.hlines(tops, whole.index.to_numpy() - half, whole.index.to_numpy() + half,
                  color=COLOURS["england"], linewidth=1.6, zorder=4, label="_whole")  # fmt: skip
    _mark_missing(ax, wide.index.difference(whole.index))
    latest = frame[frame["period_end"] == whole.index[-1]].set_index(by).loc[list(parts)]
    notes = _name_parts(latest, parts, roles, unit=unit, decimals=decimals, above=above)
    if whole_label:
        words = f"{format_number(float(tops[-1]), decimals)} {unit}"
        notes.append(Note((*ground.wrap_words(whole_label, 18).split("\n"), words),
                          TEXT_COLOURS["england"], float(tops[-1])))  # fmt: skip
    foot = "× no figure" if len(whole) < len(wide) else ""
    lay_out_dates(ax, pd.DatetimeIndex(wide.index), notes, place=place, title=label, foot=foot,
                  colour="no figure")  # fmt: skip
    return ax


def spread_parts(frame: pd.DataFrame, *, index: str, by: str, parts: Parts) -> pd.DataFrame:
    """Usable values with a row an index value and a column a part, in the frame's order."""
    rows = frame[frame[by].isin(list(parts))]
    if rows.duplicated([index, by]).any():
        raise WfanalyticsError(
            f"A part occurs twice for one {index}. Give the chart one area and one breakdown."
        )
    values = rows["value"].where(rows["status"].isin(USABLE_STATUSES))
    wide = rows.assign(value=values).set_index([index, by])["value"].unstack()  # noqa: PD010
    return wide.reindex(index=list(dict.fromkeys(frame[index])), columns=list(parts))


def _mark_missing(ax: Axes, dates: pd.Index) -> None:
    ax.plot(
        dates.to_numpy(), np.full(len(dates), 0.025), linestyle="", marker="x", markersize=4.5,
        markeredgewidth=1.2, color=COLOURS["no figure"], transform=ax.get_xaxis_transform(),
        label="_missing", zorder=3,
    )  # fmt: skip


def _name_parts(
    latest: pd.DataFrame, parts: Parts, roles: Parts, *, unit: str, decimals: int, above: str
) -> list[Note]:
    """What stands beside each part of the latest bar, wanted at the part's middle."""
    heights = latest["value"].to_numpy()
    middles = heights.cumsum() - heights / 2
    shares = _write_shares(latest, above)
    notes = []
    for part, value, share, middle in zip(parts, heights, shares, middles, strict=True):
        words = f"{format_number(value, decimals)} {unit}{share}"
        name = ground.wrap_words(parts[part], 18).split("\n")
        colour = TEXT_COLOURS[roles[part]]
        notes.append(Note((*name, words), colour, float(middle), len(name)))
    return notes


def _write_shares(latest: pd.DataFrame, above: str) -> list[str]:
    """Each part's share in brackets, to one decimal, adding up to 100% as printed."""
    if "share" not in latest:
        return [""] * len(latest)
    inner = [float(share) * 100 for part, share in latest["share"].items() if part != above]
    shown = iter(round_to_sum(inner, 1, total=100))
    return [
        "" if part == above else f" ({format_number(next(shown), 1)}%)" for part in latest.index
    ]
