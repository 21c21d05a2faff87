"""Whatever the series, the rules taken one series at a time in plain Python give the same."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pandas as pd
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.unit.plain_spc import calculate_series

from wfanalytics.analysis.spc import calculate_spc, summarise_spc
from wfanalytics.analysis.spc_rules import calculate_means, find_segments

CHECKS = settings(max_examples=60, deadline=None, derandomize=True)
COMPARED = [
    "phase", "value", "centre", "lower", "upper", "side", "is_outside", "is_near", "is_in_shift",
    "is_in_trend", "is_in_two_in_three", "rule", "direction", "point_type",
]  # fmt: skip
SETTINGS = ("better", "baseline", "screen")
#: Seven levels about a centre, so that ties, runs and points on the centre are all common.
LEVELS = st.integers(-3, 3)


@st.composite
def figures(draw):
    """Stretches of noise, drift and rest, at one decimal, with a gap now and then."""
    values: list[float] = []
    level = draw(st.integers(0, 20))
    for _ in range(draw(st.integers(1, 5))):
        kind = draw(st.sampled_from(["noise", "rise", "fall", "rest", "leap", "gap"]))
        length = draw(st.integers(1, 10))
        match kind:
            case "noise":
                values += [level + draw(LEVELS) for _ in range(length)]
            case "rise" | "fall":
                step = 1 if kind == "rise" else -1
                values += [level + step * n for n in range(length)]
                level += step * length
            case "rest":
                values += [level] * length
            case "leap":
                level += draw(st.sampled_from([-15, -6, 6, 15]))
            case "gap":
                values.append(math.nan)
    return [value / 10 for value in values] or [math.nan]


@st.composite
def a_series(draw):
    values = draw(figures())
    return {
        "values": values,
        "starts": draw(st.sets(st.integers(0, len(values) - 1), max_size=2)),
        "better": draw(st.sampled_from(["lower", "higher", "neither"])),
        "baseline": draw(st.sampled_from([None, 12, 15])),
        "screen": draw(st.booleans()),
    }


MANY = st.lists(a_series(), min_size=1, max_size=6)


def make_frame(many):
    parts = []
    for number, one in enumerate(many):
        ends = pd.date_range("2017-04-30", periods=len(one["values"]), freq="ME")
        words = {name: one[name] for name in SETTINGS}
        words["baseline"] = words["baseline"] or math.nan
        parts.append(
            pd.DataFrame({"series": number, "period_end": ends, "value": one["values"], **words})
        )
    return pd.concat(parts, ignore_index=True)


def calculate(frame, many):
    starts = {
        number: [pd.Timestamp("2017-04-30") + pd.offsets.MonthEnd(place) for place in one["starts"]]
        for number, one in enumerate(many)
    }
    return calculate_spc(
        frame,
        better=frame["better"],
        baseline_points=frame["baseline"],
        screen=frame["screen"],
        phases=starts,
        by=["series"],
    )


@settings(CHECKS, max_examples=150)
@given(MANY)
def test_all_series_at_once_give_what_a_plain_loop_gives(many):
    result = calculate(make_frame(many), many)
    rows = [
        point
        for one in many
        for point in calculate_series(
            one["values"],
            starts=sorted(one["starts"]),
            **{name: one[name] for name in SETTINGS},
        )
    ]
    expected = pd.DataFrame(rows)[COMPARED]
    pd.testing.assert_frame_equal(result[COMPARED], expected, check_exact=True, check_dtype=False)


@CHECKS
@given(MANY, st.randoms(use_true_random=False))
def test_the_order_of_rows_and_other_series_change_nothing(many, random):
    frame = make_frame(many)
    result = calculate(frame, many)
    order = list(frame.index)
    random.shuffle(order)
    shuffled = calculate(frame.loc[order], many).sort_index()
    pd.testing.assert_frame_equal(shuffled, result, check_exact=True)
    alone = calculate(frame[frame["series"] == 0], many)
    pd.testing.assert_frame_equal(alone, result[result["series"] == 0], check_exact=True)
    summaries = [summarise_spc(part, by=["series"]).iloc[0] for part in (alone, shuffled)]
    pd.testing.assert_series_equal(*summaries, check_exact=True, check_dtype=False)


@CHECKS
@given(a_series(), st.integers(-20, 20))
def test_scaling_by_a_power_of_two_scales_the_limits_and_keeps_the_labels(one, power):
    frame = make_frame([one])
    result = calculate(frame, [one])
    scaled = calculate(frame.assign(value=np.ldexp(frame["value"], power)), [one])
    lines = ["centre", "lower", "upper", "lower_near", "upper_near", "moving_range", "value"]
    expected = result.assign(**{name: np.ldexp(result[name], power) for name in lines})
    pd.testing.assert_frame_equal(scaled, expected, check_exact=True)


@CHECKS
@given(a_series())
def test_a_mirror_image_has_the_same_rules_on_the_other_side(one):
    frame = make_frame([one])
    result = calculate(frame, [one])
    mirrored = calculate(frame.assign(value=-frame["value"]), [one])
    pd.testing.assert_series_equal(mirrored["rule"], result["rule"])
    pd.testing.assert_series_equal(mirrored["side"], -result["side"])
    pd.testing.assert_series_equal(mirrored["lower"], -result["upper"], check_names=False)
    # The slope of a trend is left out: at a join the reference calls every step but a rise a fall.
    is_sided = ~result["rule"].isin(["", "trend"])
    other = {"up": "down", "down": "up"}
    pd.testing.assert_series_equal(
        mirrored.loc[is_sided, "direction"], result.loc[is_sided, "direction"].replace(other)
    )


@CHECKS
@given(st.lists(st.integers(0, 9), min_size=16, max_size=16), st.integers(-1000, 1000))
def test_adding_a_whole_number_moves_sixteen_counts_and_their_centre_alike(counts, added):
    # Sixteen whole numbers have an exact mean, so nothing is rounded before the limits.
    ends = pd.date_range("2017-04-30", periods=16, freq="ME")
    frame = pd.DataFrame({"period_end": ends, "value": counts})
    result = calculate_spc(frame, better="lower", by=[])
    moved = calculate_spc(frame.assign(value=frame["value"] + added), better="lower", by=[])
    assert (moved["centre"] == result["centre"] + added).all()
    same = ["moving_range", "side", "is_in_shift", "is_in_trend", "has_limits"]
    pd.testing.assert_frame_equal(moved[same], result[same])


@CHECKS
@given(st.floats(-1e6, 1e6), st.integers(1, 60), st.booleans())
@example(14.3, 24, False)
def test_a_flat_line_is_on_its_centre_and_breaks_no_rule(value, length, screen):
    ends = pd.date_range("2017-04-30", periods=length, freq="ME")
    frame = pd.DataFrame({"period_end": ends, "value": value})
    result = calculate_spc(frame, better="lower", screen=screen, by=[])
    assert (result["centre"] == value).all()
    assert (result["rule"] == "").all()


WHOLE = st.integers(-1000, 1000) | st.integers(-(10**9), 10**9)
#: Figures as councils have them: counts, decimals, and rates of counts.
NUMBERS = st.one_of(
    WHOLE.map(float),
    st.builds(lambda whole, places: whole / 10**places, WHOLE, st.integers(1, 6)),
    st.builds(lambda part, whole: part / whole, WHOLE, st.integers(1, 1000)),
)


@CHECKS
@given(st.lists(st.lists(NUMBERS, min_size=1, max_size=40), min_size=1, max_size=5))
@example([[0.07, 0.1, 61.63, 0.28, 0.32, 4.9, 0.27]])
@example([[1e9, 1e-9, -1e9, 1e-9]])
@example([[0.1, -0.2, -0.2, 0.3]])
def test_a_mean_is_the_exact_one_rounded_once(many):
    values = np.array([value for one in many for value in one])
    is_start = np.zeros(len(values), dtype=bool)
    is_start[np.cumsum([0, *map(len, many)])[:-1]] = True
    found = calculate_means(values, values == values, find_segments(is_start))
    assert found.tolist() == [float(sum(map(Fraction, one)) / len(one)) for one in many]
