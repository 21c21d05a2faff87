"""Horizontal bars: areas ranked by one value, each named and numbered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from wfanalytics.errors import WfanalyticsError
from wfanalytics.frames import USABLE_STATUSES
from wfanalytics.present import axes as ground
from wfanalytics.present.axes import GAP, pixels
from wfanalytics.present.labels import ASCENT, LINE_HEIGHT, Box, measure_text
from wfanalytics.present.style import COLOURS, PALE, TEXT_COLOURS, styled
from wfanalytics.present.words import NO_FIGURE, SHORT_STATUS_WORDS, each_row
from wfanalytics.rounding import format_number

#: More bars than this do not fit a page.
MOST_BARS = 40
#: Centimetres a bar takes, and each further line of its name.
CM_BAR, CM_LINE = 0.56, 0.45


@styled
def plot_bars(
    frame: pd.DataFrame,
    *,
    value: str = "value",
    name: str = "area_name",
    text: str | None = None,
    decimals: int = 0,
    is_percent: bool = False,
    highlight: Sequence[str] = (),
    band: tuple[float, float] | None = None,
    band_label: str = "",
    ranked: bool = True,
    label: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Horizontal bars, longest first, each with its name before it and its value after it.

    Parameters
    ----------
    frame : a row a bar; one without a usable value (``status``, or an empty ``value``) has no
        bar and says why. ``text``, where given, is the column with the words after the bar.
    highlight : names drawn dark, the others quiet; all dark if none is named.
    band : an aim from low to high, drawn pale and named ``band_label`` above the bars.
    ranked : False keeps the order of the frame.

    Returns the Axes. Raises a plain error for more bars than a page can hold.

    >>> rows = pd.DataFrame({"area_name": ["North", "South"], "value": [3.0, 5.0]})
    >>> [float(bar.get_width()) for bar in plot_bars(rows).patches]
    [5.0, 3.0]
    """
    check_bars(len(frame))
    rows = _bar_rows(frame, value=value, name=name, text=text, is_percent=is_percent,
                     decimals=decimals)  # fmt: skip
    if ranked:
        rows = rows.sort_values("value", ascending=False, kind="stable", ignore_index=True)
    heights = bar_heights(rows["shown"])
    is_new = ax is None
    ax = ground.open_axes(ax)
    place = ground.find_place(ax)
    if rows.empty or rows["value"].isna().all():
        return ground.draw_nothing(ax, title=label)
    if is_new:
        fit_bars(ax, heights, place=place, label=label,
                 more=pixels(ax, LINE_HEIGHT) if band else 0.0)  # fmt: skip
    ends = np.cumsum(heights)
    middles = ends - np.array(heights) / 2
    _draw_bars(ax, rows, middles, highlight)
    ax.set_ylim(ends[-1], 0)
    _finish_bars(ax, rows, middles, place=place, label=label, band=band, band_label=band_label)
    return ax


def check_bars(bars: int) -> None:
    """Refuse more bars than a page holds."""
    if bars > MOST_BARS:
        raise WfanalyticsError(
            f"A chart holds at most {MOST_BARS} bars; the frame has {bars}. Show services instead "
            "of teams, or one chart for each service."
        )


def wrap_names(names: Iterable[object]) -> list[str]:
    """Names on lines of 24 letters, or of 40 where names or bars are too many for that."""
    words = [str(name) for name in names]
    short = [ground.wrap_words(name, 24) for name in words]
    if len(words) <= MOST_BARS // 2 and all(name.count("\n") < 2 for name in short):
        return short
    return [ground.wrap_words(name, 40) for name in words]


def bar_heights(names: Iterable[str]) -> list[float]:
    """Centimetres each bar takes: more where its name runs over two lines."""
    return [CM_BAR + CM_LINE * words.count("\n") for words in names]


def fit_bars(
    ax: Axes, heights: Sequence[float], *, place: Box, label: str, more: float = 0.0
) -> None:
    """Make a new figure as tall as its bars, its title and ``more`` (pixels) need."""
    head = ground.draw_title(ax, label, slot=ground.slot_of(ax, place), draw=False) + more
    ground.fit_height(ax, ground.centimetres(ax, sum(heights)) + head + pixels(ax, 8))


def draw_zero(ax: Axes) -> None:
    """Where the bars start, in place of a scale: each bar has its number."""
    ax.grid(False)
    ax.set_xticks([])
    ax.set_yticks([])
    ax.spines["bottom"].set_visible(False)
    ax.axvline(0, color=COLOURS["event"], linewidth=1.0, label="_zero", zorder=3)


def draw_names(
    ax: Axes, names: Iterable[str], middles: Iterable[float], *, edge: float, ends: bool = True
) -> None:
    """Words beside each bar, ending (or starting) at ``edge`` (pixels)."""
    for words, middle in zip(names, middles, strict=True):
        height = pixels(ax, words.count("\n") * LINE_HEIGHT + ASCENT)
        top = float(ax.transData.transform((0, middle))[1]) + height / 2
        ground.add_words(ax, words, left=edge, top=top, colour=TEXT_COLOURS["plain"], ends=ends)


def _bar_rows(
    frame: pd.DataFrame, *, value: str, name: str, text: str | None, is_percent: bool,
    decimals: int,
) -> pd.DataFrame:  # fmt: skip
    """Rows with ``value``, ``shown`` (the name on its lines) and ``words`` (after the bar)."""
    status = frame["status"] if "status" in frame else pd.Series("ok", index=frame.index)
    values = frame[value].astype("float64").where(status.isin(USABLE_STATUSES))
    words = []
    for number, why in zip(values, status, strict=True):
        if pd.isna(number):
            words.append(SHORT_STATUS_WORDS.get(why) or NO_FIGURE)
        else:
            scaled = number * 100 if is_percent else number
            words.append(f"{format_number(scaled, decimals)}{'%' if is_percent else ''}")
    shown = wrap_names(frame[name])
    found = pd.DataFrame({"value": values.to_numpy(), "shown": shown, "words": words})
    found["name"] = [str(item) for item in frame[name]]
    if text is not None:
        found["words"] = [str(item) for item in frame[text]]
    return found


def _draw_bars(
    ax: Axes, rows: pd.DataFrame, middles: np.ndarray[Any, Any], highlight: Sequence[str]
) -> None:
    for row, middle in zip(each_row(rows), middles, strict=True):
        if pd.notna(row.value):
            role = "bar" if not highlight or row.name in highlight else "quiet bar"
            ax.barh(
                middle, row.value, height=CM_BAR * 0.72, facecolor=COLOURS[role],
                edgecolor="none", label=f"_bar {row.name}", zorder=2,
            )  # fmt: skip


def _finish_bars(
    ax: Axes, rows: pd.DataFrame, middles: np.ndarray[Any, Any], *, place: Box, label: str,
    band: tuple[float, float] | None, band_label: str,
) -> None:  # fmt: skip
    slot = ground.slot_of(ax, place)
    gap = pixels(ax, GAP)
    names = [measure_text(ax, words)[0] for words in rows["shown"]]
    ends = [measure_text(ax, words)[0] for words in rows["words"]]
    top = slot.top - ground.draw_title(ax, label, slot=slot)
    top -= pixels(ax, LINE_HEIGHT) if band else 0
    frame = Box(slot.left + max(names) + gap, slot.bottom, slot.right - max(ends) - gap, top)
    ground.set_frame(ax, frame)
    highest = max(0.0, float(rows["value"].max()), *(band or ()))
    ax.set_xlim(min(0.0, float(rows["value"].min())), highest or 1.0)
    draw_zero(ax)
    draw_names(ax, rows["shown"], middles, edge=frame.left - gap)
    if band:
        # Beside the bars the numbers would cross the band's edges; they stand in a column.
        draw_names(ax, rows["words"], middles, edge=slot.right)
        _draw_bar_band(ax, band, band_label, frame=frame, slot=slot)
        return
    for row, middle in zip(each_row(rows), middles, strict=True):
        x = float(ax.transData.transform((max(0.0, np.nan_to_num(row.value)), middle))[0])
        draw_names(ax, [row.words], [middle], edge=x + gap, ends=False)


def _draw_bar_band(
    ax: Axes, band: tuple[float, float], words: str, *, frame: Box, slot: Box
) -> None:
    ax.axvspan(*band, facecolor=PALE["band"], edgecolor="none", zorder=0.5, label="_band")
    for edge in band:
        ax.axvline(edge, color=COLOURS["target"], linewidth=0.9, zorder=1, label="_band edge")
    middle = float(ax.transData.transform((sum(band) / 2, 0))[0])
    width = measure_text(ax, words)[0]
    left = min(max(slot.left, middle - width / 2), slot.right - width)
    top = frame.top + pixels(ax, LINE_HEIGHT)
    ground.add_words(ax, words, left=left, top=top, colour=TEXT_COLOURS["target"])
