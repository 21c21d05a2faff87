"""Words on charts: large enough, inside the picture, over no line and no other word."""

from __future__ import annotations

from datetime import date

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from tests.charts.reading import check_lines_miss_words, check_words

from wfanalytics.present.charts import plot_bars, plot_shares, plot_stack, plot_trend
from wfanalytics.present.style import (
    COLOURS,
    FONT,
    PALE,
    TEXT_COLOURS,
    contrast,
    new_figure,
    use_style,
)
from wfanalytics.settings import Event

NAN = float("nan")
FALL = [
    0.12, 0.10, 0.116, 0.114, 0.117, 0.12, 0.115, 0.125, 0.124, 0.146, 0.134, 0.134, 0.136, 0.137,
    0.14, 0.148, 0.157, 0.159, 0.169, 0.169, 0.175, 0.187, 0.185, 0.17, 0.134, 0.113, 0.095, 0.07,
    0.067, 0.072, 0.063, 0.065, 0.07, 0.068, 0.065, 0.067, 0.056, 0.078, 0.074, 0.075, 0.081, 0.087,
]  # fmt: skip
EVENTS = [
    Event(date=date(2019, 5, 8), label="Inspection", kind="inspection"),
    Event(date=date(2019, 7, 1), label="Retention scheme agreed by the cabinet", kind="policy"),
    Event(date=date(2020, 3, 23), label="Lockdown", kind="pandemic"),
    Event(date=date(2020, 9, 1), label="New director", kind="other"),
]
STATED = pd.DataFrame(
    {
        "period_end": pd.to_datetime(["2019-02-28", "2019-07-31"]),
        "value": [0.185, 0.07],
        "label": ["stated: 18.5%, before July 2019", "stated: 7%, July 2019"],
    }
)
LONG_NAME = "Bournemouth, Christchurch and Poole Area"

CASES = {
    "one point": {"values": [0.087]},
    "two points": {"values": [0.05, 0.087]},
    "all equal": {"values": [0.07] * 20},
    "all zero": {"values": [0.0] * 20},
    "all missing": {"values": [NAN] * 20},
    "fall": {"values": FALL},
    "gaps": {"values": [NAN if i % 7 == 3 else v for i, v in enumerate(FALL)]},
    "120 months": {"values": list(0.1 + 0.05 * np.sin(np.arange(120) / 9))},
    "300%": {"values": [1.2, 3.0, 2.4, 0.9] * 4},
    "tiny": {"values": [0.001, 0.002]},
    "thousands": {"values": [1396, 12400], "measure": "cases"},
    "180 weeks": {
        "values": list(20 - np.arange(180) / 40),
        "measure": "caseload_fte",
        "freq": "W-SUN",
        "period_type": "week",
    },
    "9 weeks": {
        "values": [15.0] * 9, "measure": "caseload_fte", "freq": "W-SUN", "period_type": "week",
    },
    "9 years": {"values": FALL[:9], "freq": "YE-SEP", "period_type": "snapshot"},
}  # fmt: skip


def targets_for(make_target, measure):
    if measure == "caseload_fte":
        return [make_target(low=13, high=16, label="local policy: 13 to 16 cases", measure=measure)]
    return [
        make_target(value=0.07, label="result aimed at: 7%", status="result elsewhere"),
        make_target(value=0.10, label="overall target: under 10%", valid_from=date(2019, 7, 1)),
        make_target(value=0.075, label="old target", valid_to=date(2018, 7, 1)),
    ]


@pytest.mark.parametrize("name", CASES)
def test_awkward_trends_are_readable(name, make_rows, make_target):
    case = dict(CASES[name])
    rows = make_rows(case.pop("values"), **case)
    aims = targets_for(make_target, case.get("measure"))
    axes = plot_trend(rows, targets=aims, events=EVENTS, stated=STATED)
    check_words(axes.figure)
    check_lines_miss_words(axes)
    assert len(axes.get_yticks()) <= 10


@pytest.mark.parametrize("gap", [0.0, 0.004, 0.05])
def test_four_lines_that_end_close_together_are_all_named(gap, make_rows):
    names = ["West Sussex", LONG_NAME, "South East", "England"]
    rows = pd.concat(
        [
            make_rows([v + i * gap for v in FALL[:9]], area_name=name, freq="YE-SEP")
            for i, name in enumerate(names)
        ]
    )
    axes = plot_trend(rows)
    check_words(axes.figure)
    said = " ".join(text.get_text() for text in axes.texts)
    assert all(name in said for name in names)


def test_small_multiples_share_a_figure(make_rows):
    figure = new_figure(height_cm=14)
    for axes, name in zip(figure.subplots(2, 1), ("North", "South"), strict=True):
        assert plot_trend(make_rows(FALL, area_name=name), label=name, ax=axes) is axes
    check_words(figure)


@pytest.mark.parametrize("count", [1, 9, 40])
@pytest.mark.parametrize("band", [None, (100, 110)])
def test_bars_are_readable(count, band):
    rows = pd.DataFrame(
        {
            "area_name": [f"{LONG_NAME[: 5 + i]} {i}" for i in range(count)],
            "value": np.linspace(0, 140, count),
            "status": "ok",
        }
    )
    rows.loc[rows.index[-1], "status"] = "suppressed" if count > 1 else "ok"
    axes = plot_bars(rows, band=band, band_label="a neighbour’s aim: 100 to 110", label="Cases")
    check_words(axes.figure)


@pytest.mark.parametrize("count", [1, 9, 30])
def test_shares_are_readable(count):
    rows = pd.DataFrame(
        [
            (f"{LONG_NAME[: 8 + i]} {i}", part, share, number, "ok")
            for i in range(count)
            for part, share, number in (("b", 0.02, "<5"), ("w", 0.5, 12), ("a", 0.48, 11))
        ],
        columns=["area_name", "measure", "value", "numerator", "status"],
    )
    parts = {"b": "below 13", "w": "within 13 to 16", "a": "above 16"}
    side = {name: "15.2" for name in rows["area_name"]}
    axes = plot_shares(rows, parts=parts, label="People", side=side, side_label="mean")
    check_words(axes.figure)


@pytest.mark.parametrize("count", [1, 2, 14, 120])
def test_stacks_are_readable(count, make_rows):
    values = {"permanent": 400.0, "agency": 1.0, "uncovered": 0.0}
    rows = pd.concat([make_rows([v] * count, measure=part) for part, v in values.items()])
    axes = plot_stack(rows, parts={part: f"{part} posts" for part in values}, label="Posts, FTE")
    check_words(axes.figure)


def test_every_mark_stands_out_from_white():
    assert {role: c for role, c in COLOURS.items() if contrast(c, "#FFFFFF") < 3} == {}


def test_every_word_can_be_read_on_white_and_on_the_band():
    for ground in ("#FFFFFF", PALE["band"], PALE["withheld"]):
        assert {r: c for r, c in TEXT_COLOURS.items() if contrast(c, ground) < 4.5} == {}


def test_parts_differ_in_grey():
    """Dark, mid and pale: neighbours in a stack differ by 3:1 without colour."""
    stack = [COLOURS["permanent"], COLOURS["agency"]]
    assert contrast(*stack) >= 3
    assert contrast(COLOURS["within"], COLOURS["above"]) >= 3
    assert contrast(COLOURS["within"], PALE["below"]) >= 3


def test_style_changes_nothing_when_a_chart_is_drawn(make_rows):
    before = dict(mpl.rcParams)
    plot_trend(make_rows([0.1, 0.2]))
    assert dict(mpl.rcParams) == before


def test_use_style_sets_the_font_size_and_palette():
    with mpl.rc_context():
        use_style()
        assert mpl.rcParams["font.size"] == 11
        assert mpl.rcParams["font.family"] == [FONT]
        assert mpl.rcParams["axes.prop_cycle"].by_key()["color"][0] == "#12436D"


def test_no_font_is_looked_for_in_vain(make_rows, caplog):
    axes = plot_trend(make_rows(FALL), events=EVENTS)
    axes.figure.canvas.draw()
    assert caplog.text == ""
