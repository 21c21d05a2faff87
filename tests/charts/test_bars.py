"""Bars, shares and stacks, read off their artists."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from wfanalytics.errors import WfanalyticsError
from wfanalytics.present.charts import plot_bars, plot_shares, plot_stack

PARTS = {"in": "permanent", "covered": "covered by agency", "empty": "uncovered"}
ROLES = {"in": "permanent", "covered": "agency", "empty": "uncovered"}


def words(axes):
    return [text.get_text() for text in axes.texts]


def stack_rows(*bars):
    ends = pd.date_range("2019-10-31", periods=len(bars), freq="ME")
    return pd.DataFrame(
        [
            (part, end, value, "missing" if np.isnan(value) else "ok", value / 450)
            for end, bar in zip(ends, bars, strict=True)
            for part, value in zip(PARTS, bar, strict=True)
        ],
        columns=["measure", "period_end", "value", "status", "share"],
    )


def test_stack_starts_at_nought_and_adds_up():
    axes = plot_stack(stack_rows((371, 45, 34), (380, 40, 30)), parts=PARTS, roles=ROLES)
    tops = [(bar.get_y(), bar.get_height()) for bar in axes.patches]
    assert tops == [(0, 371), (0, 380), (371, 45), (380, 40), (416, 34), (420, 30)]
    assert axes.get_ylim()[0] == 0


def test_stack_names_the_latest_parts_with_number_and_share():
    axes = plot_stack(stack_rows((380, 40, 30), (371, 45, 34)), parts=PARTS, roles=ROLES)
    said = words(axes)
    assert "uncovered" in said
    assert "34 FTE (7.6%)" in said
    assert "371 FTE (82.4%)" in said


def test_stack_leaves_out_a_bar_that_lacks_a_part():
    rows = stack_rows((380, 40, 30), (371, float("nan"), 34), (371, 45, 34))
    axes = plot_stack(rows, parts=PARTS, roles=ROLES)
    assert len(axes.patches) == 6
    assert "× no figure" in words(axes)


def test_stack_refuses_a_part_twice():
    rows = stack_rows((380, 40, 30))
    with pytest.raises(WfanalyticsError, match="A part occurs twice for one period_end"):
        plot_stack(pd.concat([rows, rows]), parts=PARTS)


def test_stack_without_a_whole_bar_says_so():
    axes = plot_stack(stack_rows((380, float("nan"), 30)), parts=PARTS)
    assert "No figure for this period" in words(axes)


def test_unknown_colour_role_is_named():
    with pytest.raises(WfanalyticsError, match="No colour is known for empty"):
        plot_stack(stack_rows((1, 1, 1)), parts=PARTS, roles={**ROLES, "empty": "mauve"})


def bar_rows():
    return pd.DataFrame(
        {
            "area_name": ["North", "South", "East"],
            "value": [98.0, 140.0, 3.0],
            "status": ["ok", "ok", "suppressed"],
        }
    )


def test_bars_are_ranked_and_withheld_ones_say_so():
    axes = plot_bars(bar_rows())
    assert [bar.get_width() for bar in axes.patches] == [140, 98]
    assert [w for w in words(axes) if w in ("North", "South", "East")] == ["South", "North", "East"]
    assert "withheld" in words(axes)
    assert "3" not in words(axes)


def test_bars_keep_the_order_given_when_not_ranked():
    assert [bar.get_width() for bar in plot_bars(bar_rows(), ranked=False).patches] == [98, 140]


def test_bars_show_a_band_with_its_words():
    axes = plot_bars(bar_rows(), band=(100, 110), band_label="aim: 100 to 110")
    edges = [line.get_xdata()[0] for line in axes.lines if line.get_label() == "_band edge"]
    assert edges == [100, 110]
    assert "aim: 100 to 110" in words(axes)


def test_bars_use_the_words_given():
    axes = plot_bars(bar_rows().assign(shown=["98 in all", "140 in all", "<5"]), text="shown")
    assert "<5" in words(axes)


def test_forty_one_bars_are_refused():
    rows = pd.DataFrame({"area_name": range(41), "value": 1.0})
    with pytest.raises(WfanalyticsError, match="at most 40 bars; the frame has 41"):
        plot_bars(rows)


def share_rows():
    return pd.DataFrame(
        [
            ("North", "within", 0.25, 2, "ok"),
            ("North", "above", 0.75, "6", "ok"),
            ("South", "within", 0.5, "<5", "ok"),
            ("South", "above", 0.5, "<5", "ok"),
            ("East", "within", np.nan, np.nan, "suppressed"),
            ("East", "above", np.nan, np.nan, "suppressed"),
        ],
        columns=["area_name", "measure", "value", "numerator", "status"],
    )


def test_shares_are_bars_of_one_length_with_their_numbers():
    axes = plot_shares(share_rows(), parts={"within": "within", "above": "above"})
    shares = [bar for bar in axes.patches if str(bar.get_label()) != "_no figure"]
    assert [(bar.get_x(), bar.get_width()) for bar in shares][:2] == [(0, 0.25), (0.25, 0.75)]
    said = words(axes)
    assert said.count("<5") == 2
    assert "withheld to protect people" in said


def test_shares_can_be_ranked_by_a_part():
    axes = plot_shares(
        share_rows(), parts={"within": "within", "above": "above"}, ranked_by="within"
    )
    assert [w for w in words(axes) if w in ("North", "South")] == ["South", "North"]


def test_number_in_a_bar_contrasts_with_it():
    axes = plot_shares(share_rows(), parts={"within": "within", "above": "above"},
                       roles={"within": "within", "above": "above"})  # fmt: skip
    colours = {t.get_text(): t.get_color() for t in axes.texts if t.get_text() in ("2", "6")}
    assert colours == {"2": "#FFFFFF", "6": "#000000"}


def test_a_part_above_the_whole_stands_on_it_and_has_no_share():
    parts, roles = {**PARTS, "over": "over-establishment"}, {**ROLES, "over": "over"}
    rows = stack_rows((380, 40, 30))
    over = rows.iloc[[0]].assign(measure="over", value=12.0, share=0.026)
    axes = plot_stack(pd.concat([rows, over]), parts=parts, roles=roles, above="over",
                      whole_label="establishment")  # fmt: skip
    top = axes.patches[-1]
    assert (top.get_y(), top.get_height()) == (450.0, 12.0)
    line = axes.collections[-1].get_segments()[0]
    assert line[0][1] == line[1][1] == 450.0
    said = words(axes)
    assert "12 FTE" in said
    assert "450 FTE" in said
