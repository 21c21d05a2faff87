"""XmR limits and Making Data Count patterns for many series at once: numpy in, numpy out.

The arrays hold all series one after another, each in order of date. A segment (a phase of one
series: one set of limits) is a stretch of them, and no range, run, trend or window crosses from
one to the next. The rules, oddities included, are those of NHSRplotthedots 0.2.2;
``docs/control-charts.md`` tells them in words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wfanalytics.rounding import FLOAT_DIGITS

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Whole = NDArray[np.signedinteger[Any]]

#: Limits are this many mean moving ranges from the centre: 2.66 exactly, not 3 / 1.128.
LIMIT = 2.66
#: The same for the lines beyond which a point counts as near a limit.
NEAR = 2 * LIMIT / 3
#: Moving ranges of this many mean moving ranges or more are left out of the mean, once.
SCREEN = 3.267
SHIFT_POINTS = 7
TREND_POINTS = 7

#: What the numbers in ``Patterns.rule`` mean; of the patterns a point is in, the last one wins.
RULES = ("", "shift", "two_in_three", "trend", "outside")
SHIFT, TWO_IN_THREE, TREND, OUTSIDE = (np.int8(number) for number in range(1, 5))
#: What the numbers in ``Patterns.direction`` mean.
DIRECTIONS = ("", "up", "down")
DOWN = np.int8(2)

#: 2**27 + 1: multiplying by it splits a float into halves of at most 26 bits (Dekker).
SPLITTER = 134217729.0


@dataclass(frozen=True)
class Segments:
    """Where each segment begins, and how many points it has."""

    starts: Whole
    lengths: Whole

    def spread(self, values: NDArray[Any]) -> NDArray[Any]:
        """One value a segment, repeated for each of its points."""
        return np.repeat(values, self.lengths)


@dataclass(frozen=True)
class Limits:
    """Centre and limits of each segment, and the moving range of each point."""

    centre: Floats
    lower: Floats
    upper: Floats
    lower_near: Floats
    upper_near: Floats
    is_collapsed: Flags
    moving_range: Floats


@dataclass(frozen=True)
class Patterns:
    """What each point is part of, which rule labels it, and from where to where that one reaches.

    ``first`` and ``last`` are positions in the arrays, -1 where no rule fired.
    """

    side: Whole
    is_outside: Flags
    is_near: Flags
    is_in_shift: Flags
    is_in_trend: Flags
    is_in_two_in_three: Flags
    rule: Whole
    direction: Whole
    first: Whole
    last: Whole


@dataclass(frozen=True)
class _Runs:
    """Stretches of equal signs, none crossing a segment."""

    first: Whole
    length: Whole
    sign: Whole

    def mark(self, shortest: int) -> Flags:
        """The points in a run of at least so many, of signs other than 0."""
        return np.repeat((self.length >= shortest) & (self.sign != 0), self.length)

    def find(self, points: Whole) -> tuple[Whole, Whole]:
        """First and last position of the run each point is in."""
        run = np.searchsorted(self.first, points, side="right") - 1
        return self.first[run], self.first[run] + self.length[run] - 1


def find_segments(is_start: Flags) -> Segments:
    """The segments of arrays in which one begins wherever ``is_start`` is true."""
    starts = np.flatnonzero(is_start)
    return Segments(starts, np.diff(starts, append=len(is_start)))


def calculate_means(values: Floats, is_used: Flags, segments: Segments) -> Floats:
    """The mean of the used values of each segment, right to the last bit; NaN where there is none.

    The rules compare strictly with the mean, so its last bit decides labels. Each value is cut
    in two at a power of two so high that the coarse parts add up exactly in any order; the fine
    parts are so small that the rounding of their sum cannot show. The quotient is then
    corrected by its exact remainder. (A plain mean plus the mean of what it leaves over is not
    enough: it is off in the last bit in up to a fifth of skewed series.)

    >>> flat = np.full(24, 14.3)
    >>> one = find_segments(np.arange(24) == 0)
    >>> float(flat.mean()), float(calculate_means(flat, flat > 0, one)[0])
    (14.300000000000002, 14.3)
    """
    starts = segments.starts
    count = np.add.reduceat(is_used, starts, dtype=np.int64)
    used = np.where(is_used, values, 0.0)
    largest = np.maximum.reduceat(np.abs(used), starts) * count
    cut = segments.spread(np.ldexp(1.0, np.frexp(largest)[1] + 1))
    coarse = used + cut
    coarse -= cut
    used -= coarse
    whole, fine = np.add.reduceat(coarse, starts), np.add.reduceat(used, starts)
    total = whole + fine
    rest = fine - (total - whole)  # exact, for whole is a multiple of fine's last bit
    divisor = np.maximum(count, 1).astype(np.float64)
    mean = total / divisor
    head = mean * SPLITTER
    head -= head - mean
    remainder = ((total - head * divisor) - (mean - head) * divisor) + rest
    return np.where(count > 0, mean + remainder / divisor, np.nan)


def calculate_limits(
    values: Floats, segments: Segments, *, baseline_points: Floats, screen: Flags
) -> Limits:
    """Centre and limits of each segment, from its first ``baseline_points`` points (NaN: all).

    A segment has collapsed when no moving range is left after screening, or the mean of those
    left is 0 (or so small that only the rounding of sums can have made it).
    """
    starts = segments.starts
    position = np.arange(len(values)) - segments.spread(starts)
    is_base = ~np.isnan(values) & ~(position >= segments.spread(baseline_points))
    centre = calculate_means(values, is_base, segments)

    moving_range = np.empty_like(values)
    np.abs(values[1:] - values[:-1], out=moving_range[1:])
    moving_range[starts] = np.nan
    is_kept = is_base & ~np.isnan(moving_range)
    has_ranges = np.logical_or.reduceat(is_kept, starts)
    mean_range = calculate_means(moving_range, is_kept, segments)
    is_kept &= (moving_range < segments.spread(SCREEN * mean_range)) | segments.spread(~screen)
    mean_range = calculate_means(moving_range, is_kept, segments)

    largest = np.maximum.reduceat(np.where(is_base, np.abs(values), 0.0), starts)
    return Limits(
        centre=centre,
        lower=centre - LIMIT * mean_range,
        upper=centre + LIMIT * mean_range,
        lower_near=centre - NEAR * mean_range,
        upper_near=centre + NEAR * mean_range,
        is_collapsed=has_ranges & ~(mean_range > largest * 10.0**-FLOAT_DIGITS),
        moving_range=moving_range,
    )


def find_patterns(values: Floats, limits: Limits, segments: Segments) -> Patterns:
    """The patterns of each point and the one rule that labels it.

    A point outside the limits is that first of all, then part of a trend, of two in three, of a
    shift. A pattern marks all of its points, those before it was complete too.
    """
    is_start = np.zeros(len(values), dtype=bool)
    is_start[segments.starts] = True
    side = _find_sign(values, segments.spread(limits.centre))
    is_outside = values > segments.spread(limits.upper)
    is_outside |= values < segments.spread(limits.lower)
    is_near = values > segments.spread(limits.upper_near)
    is_near |= values < segments.spread(limits.lower_near)
    is_near &= ~is_outside

    # A step leads to its point from the one before; the first point of a segment has none.
    step = np.zeros_like(side)
    step[1:] = _find_sign(values[1:], values[:-1])
    step[is_start] = 0
    steps, sides = _find_runs(step, is_start), _find_runs(side, is_start)
    is_step_in = steps.mark(TREND_POINTS - 1)
    is_step_out = _shift_back(is_step_in)
    is_in_shift, is_in_trend = sides.mark(SHIFT_POINTS), is_step_in | is_step_out
    in_window = _find_windows(side, is_near, is_start)
    is_in_two = in_window & is_near

    rule = np.maximum(SHIFT * is_in_shift, TWO_IN_THREE * is_in_two)
    rule = np.maximum(np.maximum(rule, TREND * is_in_trend), OUTSIDE * is_outside)
    # The slope is the step to the next point if that is part of a trend too, be it another one.
    # So does the reference, which labels the last point before a join by the jump across it.
    slope = np.where(_shift_back(is_in_trend & ~is_start), _shift_back(step), step)
    is_up = np.where(rule == TREND, slope, side) > 0
    direction = (rule > 0) * (DOWN - is_up)

    windows = _find_runs(side * in_window, is_start)
    outside = _find_runs(side * is_outside, is_start)
    first, last = _find_reach(rule, (sides, windows, steps, outside), is_step_out, is_in_two)
    return Patterns(
        side, is_outside, is_near, is_in_shift, is_in_trend, is_in_two, rule, direction,
        first, last,
    )  # fmt: skip


def _find_reach(
    rule: Whole, runs: tuple[_Runs, ...], is_step_out: Flags, is_in_two: Flags
) -> tuple[Whole, Whole]:
    """First and last point of the pattern that labels each point; -1 where none does."""
    first, last = np.full((2, len(rule)), -1)
    for code, found in enumerate(runs, start=1):
        points = np.flatnonzero(rule == code)
        if code == TREND:
            # Its runs are of steps. A point shared by two trends is counted with the later one.
            first[points], last[points] = found.find(points + is_step_out[points])
            first[points] -= 1
        else:
            first[points], last[points] = found.find(points)
    # A window's third point need not be near, and is then not part of the pattern.
    points = np.flatnonzero(rule == TWO_IN_THREE)
    marked = np.flatnonzero(is_in_two)
    first[points] = marked[np.searchsorted(marked, first[points])]
    last[points] = marked[np.searchsorted(marked, last[points], side="right") - 1]
    return first, last


def _find_sign(values: Floats, base: Floats) -> Whole:
    """1 above the base, -1 below, 0 on it or where either is missing."""
    return (values > base).astype(np.int8) - (values < base).astype(np.int8)


def _shift_back(values: NDArray[Any]) -> NDArray[Any]:
    """Each point's value is that of the point after it; 0 or false for the last."""
    result = np.zeros_like(values)
    result[:-1] = values[1:]
    return result


def _find_runs(sign: Whole, is_start: Flags) -> _Runs:
    is_new = is_start.copy()
    is_new[1:] |= sign[1:] != sign[:-1]
    runs = find_segments(is_new)
    return _Runs(runs.starts, runs.lengths, sign[runs.starts])


def _find_windows(side: Whole, is_near: Flags, is_start: Flags) -> Flags:
    """Points in three consecutive ones on one side of the centre, two or three of them near."""
    fires = np.zeros(len(side), dtype=bool)
    if len(side) < 3:
        return fires
    a, b, c = (slice(i, len(side) - 2 + i) for i in range(3))
    near = is_near.astype(np.int8)
    is_one_side = (side[a] != 0) & (side[a] == side[b]) & (side[b] == side[c])
    is_firing = is_one_side & (near[a] + near[b] + near[c] >= 2) & ~is_start[b] & ~is_start[c]
    for part in (a, b, c):
        fires[part] |= is_firing
    return fires
