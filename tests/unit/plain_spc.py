"""The rules of a control chart as a plain loop, one series at a time: obvious and slow.

Written from the description of the reference alone, and sharing no code with the library, so that
the tests have something independent to compare with and the benchmark something to beat.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence


def mean(values: Sequence[float]) -> float:
    """The mean, right to the last bit: the exact sum of what a first mean leaves over."""
    if not values:
        return math.nan
    first = math.fsum(values) / len(values)
    return first + math.fsum([*values, *([-first] * len(values))]) / len(values)


def sign(difference: float) -> int:
    return (difference > 0) - (difference < 0)


def find_runs(signs: Sequence[int], shortest: int) -> list[tuple[int, int]]:
    """First and last place of each run of equal signs, other than 0, that is long enough."""
    runs, start = [], 0
    for place in range(1, len(signs) + 1):
        if place == len(signs) or signs[place] != signs[start]:
            if signs[start] and place - start >= shortest:
                runs.append((start, place - 1))
            start = place
    return runs


def calculate_series(
    values: Sequence[float],
    *,
    better: str,
    starts: Sequence[int] = (),
    baseline: int | None = None,
    screen: bool = True,
) -> list[dict[str, object]]:
    """One dict a point; ``starts`` holds the places at which a phase begins."""
    edges = sorted({0, *starts, len(values)})
    points: list[dict[str, object]] = []
    for phase, (start, stop) in enumerate(itertools.pairwise(edges)):
        for point in calculate_phase(values[start:stop], better, baseline, screen):
            points.append({"phase": phase, **point})
    return points


def calculate_phase(
    values: Sequence[float], better: str, baseline: int | None, screen: bool
) -> list[dict[str, object]]:
    base = values[:baseline]
    centre = mean([value for value in base if not math.isnan(value)])
    ranges = [abs(after - before) for before, after in itertools.pairwise(base)]
    ranges = [size for size in ranges if not math.isnan(size)]
    size = mean(ranges)
    if screen:
        size = mean([one for one in ranges if one < 3.267 * size])
    lower, upper = centre - 2.66 * size, centre + 2.66 * size
    reach = 2 * 2.66 / 3 * size

    side = [sign(value - centre) for value in values]
    outside = [value > upper or value < lower for value in values]
    near = [
        not out and (value > centre + reach or value < centre - reach)
        for value, out in zip(values, outside, strict=True)
    ]
    step = [0] + [sign(after - before) for before, after in itertools.pairwise(values)]
    in_shift = mark(find_runs(side, 7), len(values))
    in_trend = mark([(first - 1, last) for first, last in find_runs(step, 6)], len(values))
    in_two = find_two_in_three(side, near)

    points = []
    for i, value in enumerate(values):
        rule = (
            "outside" if outside[i]
            else "trend" if in_trend[i]
            else "two_in_three" if in_two[i]
            else "shift" if in_shift[i]
            else ""
        )  # fmt: skip
        is_up = side[i] > 0
        if rule == "trend":
            goes_on = i + 1 < len(values) and in_trend[i + 1]
            is_up = step[i + 1 if goes_on else i] > 0
        direction = ("up" if is_up else "down") if rule else ""
        points.append(
            {
                "value": value, "centre": centre, "lower": lower, "upper": upper,
                "side": side[i], "is_outside": outside[i], "is_near": near[i],
                "is_in_shift": in_shift[i], "is_in_trend": in_trend[i],
                "is_in_two_in_three": in_two[i], "rule": rule, "direction": direction,
                "point_type": name_type(direction, better),
            }
        )  # fmt: skip
    return points


def find_two_in_three(side: Sequence[int], near: Sequence[bool]) -> list[bool]:
    found = [False] * len(side)
    for start in range(len(side) - 2):
        window = range(start, start + 3)
        is_one_side = side[start] != 0 and all(side[i] == side[start] for i in window)
        if is_one_side and sum(near[i] for i in window) >= 2:
            for i in window:
                found[i] = found[i] or near[i]
    return found


def mark(runs: Sequence[tuple[int, int]], length: int) -> list[bool]:
    marked = [False] * length
    for first, last in runs:
        for place in range(first, last + 1):
            marked[place] = True
    return marked


def name_type(direction: str, better: str) -> str:
    if not direction:
        return "common_cause"
    if better == "neither":
        return "neutral_high" if direction == "up" else "neutral_low"
    return "improvement" if (direction == "up") == (better == "higher") else "concern"
