"""The trend chart, read off its artists."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex
from tests.charts.reading import check_lines_miss_words, check_words
from tests.charts.test_layout import CASES, EVENTS, targets_for

from wfanalytics.analysis.control import calculate_control
from wfanalytics.errors import WfanalyticsError
from wfanalytics.present.axes import wrap_words
from wfanalytics.present.charts import plot_trend
from wfanalytics.present.style import COLOURS, PALE
from wfanalytics.settings import Event

NAN = float("nan")
LOCKDOWN = Event(date=date(2017, 6, 23), label="Lockdown", kind="pandemic")


def lines(axes, prefix):
    return [line for line in axes.lines if str(line.get_label()).startswith(prefix)]


def words(axes):
    return " ".join(text.get_text() for text in axes.texts)


def test_line_is_the_data(make_rows):
    axes = plot_trend(make_rows([0.12, 0.1, 0.11]))
    (line,) = lines(axes, "_series")
    assert line.get_xdata().astype("datetime64[D]").astype(str).tolist() == [
        "2017-04-30", "2017-05-31", "2017-06-30",
    ]  # fmt: skip
    assert line.get_ydata().tolist() == [0.12, 0.1, 0.11]
    assert axes.get_ylim()[0] == 0
    assert [tick.get_text() for tick in axes.get_yticklabels()][-1].endswith("%")


def test_gap_breaks_the_line_and_is_marked_at_the_foot(make_rows):
    axes = plot_trend(make_rows([0.12, 0.1, NAN, 0.11, NAN, NAN, 0.09, 0.08]))
    parts = [line.get_ydata().tolist() for line in lines(axes, "_series")]
    assert parts == [[0.12, 0.1], [0.11], [0.09, 0.08]]
    (mark,) = lines(axes, "_missing")
    assert len(mark.get_xdata()) == 3
    assert "× no figure: missing" in words(axes)


def test_single_point_between_gaps_has_a_marker(make_rows):
    values = [0.1] * 10 + [NAN, 0.2, NAN] + [0.1] * 10
    alone = lines(plot_trend(make_rows(values)), "_series")[1]
    assert alone.get_marker() == "o"


def test_month_left_out_of_the_frame_is_a_gap_too(make_rows):
    rows = make_rows([0.12, 0.1, 0.11, 0.1, 0.1]).drop(index=2)
    assert [len(line.get_xdata()) for line in lines(plot_trend(rows), "_series")] == [2, 2]


def test_suppressed_value_is_never_drawn(make_rows):
    rows = make_rows([0.12, 0.5, 0.11])
    rows.loc[1, "status"] = "suppressed"
    axes = plot_trend(rows)
    drawn = [y for line in lines(axes, "_series") for y in line.get_ydata()]
    assert drawn == [0.12, 0.11]
    assert "× no figure: withheld to protect people" in words(axes)


def test_provisional_point_is_hollow_and_named(make_rows):
    rows = make_rows([0.12, 0.1])
    rows.loc[1, "status"] = "provisional"
    axes = plot_trend(rows)
    (mark,) = lines(axes, "_provisional")
    assert mark.get_xdata().astype("datetime64[D]").astype(str).tolist() == ["2017-05-31"]
    assert mark.get_markerfacecolor() == "white"
    assert "provisional" in words(axes)


def test_provisional_weeks_are_a_hollow_line_with_one_mark(make_rows):
    rows = make_rows([15.0] * 180, measure="caseload_fte", freq="W-SUN", period_type="week")
    rows.loc[176:, "status"] = "provisional"
    (mark,) = lines(plot_trend(rows), "_provisional")
    assert len(mark.get_xdata()) == 4
    assert (mark.get_color(), mark.get_linestyle(), mark.get_markevery()) == ("white", "-", [3])


def test_changed_definition_breaks_the_line_and_is_named(make_rows):
    rows = make_rows([0.12, 0.1, 0.11, 0.09], definition_version=["1", "1", "2", "2"])
    axes = plot_trend(rows)
    assert [len(line.get_xdata()) for line in lines(axes, "_series")] == [2, 2]
    (change,) = lines(axes, "_event")
    assert str(change.get_xdata()[0]) == "2017-06-30"
    assert "definition changed" in words(axes)


def test_latest_value_and_month_stand_right_of_the_line(make_rows):
    axes = plot_trend(make_rows([0.12, 0.087]))
    (value,) = [text for text in axes.texts if text.get_text() == "8.7%"]
    assert value.get_position()[0] > axes.get_position().x1
    assert "May 2017" in words(axes)


def test_target_line_runs_between_its_dates(make_rows, make_target):
    aim = make_target(value=0.07, label="our target 7%", valid_from=date(2017, 5, 17),
                      valid_to=date(2017, 6, 30))  # fmt: skip
    axes = plot_trend(make_rows([0.12, 0.1, 0.11, 0.1]), targets=[aim])
    (line,) = lines(axes, "_target")
    assert list(line.get_ydata()) == [0.07, 0.07]
    assert line.get_xdata().astype("datetime64[D]").astype(str).tolist() == [
        "2017-05-17", "2017-06-30",
    ]  # fmt: skip
    assert "our target 7%" in words(axes)


def test_target_of_another_measure_or_time_is_not_drawn(make_rows, make_target):
    aims = [
        make_target(value=0.07, label="a", measure="agency_rate_fte"),
        make_target(value=0.07, label="b", valid_from=date(2020, 1, 1)),
    ]
    assert lines(plot_trend(make_rows([0.12, 0.1]), targets=aims), "_target") == []


def test_result_elsewhere_is_dashed(make_rows, make_target):
    aim = make_target(value=0.07, label="result aimed at: 7%", status="result elsewhere")
    (line,) = lines(plot_trend(make_rows([0.12, 0.1]), targets=[aim]), "_target")
    assert line.get_linestyle() == "--"


def test_band_has_two_edges_a_fill_and_its_words(make_rows, make_target):
    aim = make_target(low=13, high=16, label="local policy: 13 to 16", measure="caseload_fte",
                      status="local policy")  # fmt: skip
    axes = plot_trend(make_rows([20, 15.2], measure="caseload_fte"), targets=[aim])
    assert [list(line.get_ydata()) for line in lines(axes, "_target")] == [[13, 13], [16, 16]]
    assert len(axes.collections) == 1
    assert "13 to 16" in words(axes)


def test_numbers_of_a_band_stay_on_one_line():
    assert wrap_words("our target: 13 to 16 cases", 17) == "our target:\n13 to 16 cases"


def test_event_is_an_upright_line_with_its_month(make_rows):
    axes = plot_trend(make_rows([0.1] * 6), events=[LOCKDOWN])
    (line,) = lines(axes, "_event")
    assert [str(day) for day in line.get_xdata()] == ["2017-06-23", "2017-06-23"]
    assert "Lockdown" in words(axes)
    assert "Jun 2017" in words(axes)


def test_event_outside_the_period_is_left_out(make_rows):
    axes = plot_trend(make_rows([0.1] * 2, start="2018-04-30"), events=[LOCKDOWN])
    assert lines(axes, "_event") == []


def test_stated_figure_is_a_hollow_diamond_with_its_words(make_rows):
    stated = pd.DataFrame(
        {
            "period_end": [pd.Timestamp("2017-07-31")],
            "value": [0.07],
            "label": ["stated: 7%, July 2017"],
        }
    )
    axes = plot_trend(make_rows([0.12] * 12), stated=stated)
    (mark,) = lines(axes, "_stated")
    assert mark.get_ydata().tolist() == [0.07]
    assert (mark.get_marker(), mark.get_markerfacecolor()) == ("D", "white")
    assert "stated:" in words(axes)


def test_england_is_grey_and_the_area_dark_whatever_their_order(make_rows):
    both = pd.concat(
        [
            make_rows([0.17, 0.16], area_name="England", area_level="england"),
            make_rows([0.12, 0.1], area_name="West Sussex"),
        ]
    )
    colours = [to_hex(line.get_color()) for line in lines(plot_trend(both), "_series")]
    assert colours == [COLOURS["england"].lower(), COLOURS["own"].lower()]


def test_lines_are_named_and_marked_differently(make_rows):
    both = pd.concat([make_rows([0.1, 0.2], area_name=name) for name in ("North", "South")])
    axes = plot_trend(both)
    assert len({line.get_marker() for line in lines(axes, "_latest")}) == 2
    assert "North" in words(axes)
    assert "South" in words(axes)


def test_five_lines_are_refused(make_rows):
    five = pd.concat([make_rows([0.1], area_name=name) for name in "ABCDE"])
    with pytest.raises(WfanalyticsError, match="at most 4 lines; the frame has 5"):
        plot_trend(five)


def test_two_measures_are_refused(make_rows):
    both = pd.concat([make_rows([0.1]), make_rows([0.1], measure="agency_rate_fte")])
    with pytest.raises(WfanalyticsError, match="A trend shows one measure; the frame has agency"):
        plot_trend(both)


def test_period_twice_is_refused(make_rows):
    with pytest.raises(WfanalyticsError, match="'Exampleshire' has a period twice"):
        plot_trend(pd.concat([make_rows([0.1]), make_rows([0.1])]))


def test_all_missing_says_so_in_words(make_rows):
    axes = plot_trend(make_rows([NAN, NAN]))
    assert "No figure for this period" in words(axes)
    assert len(axes.lines) == 0


def test_counts_have_whole_ticks(make_rows):
    axes = plot_trend(make_rows([1, 2], measure="leavers_headcount"))
    assert [tick.get_text() for tick in axes.get_yticklabels()] == ["0", "1", "2"]


def test_negative_values_keep_the_zero_line(make_rows):
    axes = plot_trend(make_rows([5.7, -35.0], measure="uncovered_vacancy_fte"))
    assert axes.get_ylim()[0] <= -35
    assert len(lines(axes, "_zero")) == 1


def test_frame_is_untouched(make_rows):
    rows = make_rows([0.12, NAN, 0.1])
    before = rows.copy(deep=True)
    plot_trend(rows)
    pd.testing.assert_frame_equal(rows, before)


def test_time_axis_is_to_scale(make_rows):
    rows = make_rows([0.1, 0.2, 0.3]).assign(
        period_end=pd.to_datetime(["2017-04-30", "2018-04-30", "2020-04-30"])
    )
    axes = plot_trend(rows)
    x = np.concatenate([axes.convert_xunits(line.get_xdata()) for line in lines(axes, "_series")])
    assert (x[2] - x[1]) / (x[1] - x[0]) == pytest.approx(731 / 365)


# --- control limits ------------------------------------------------------------------------------
QUIET = [0.10, 0.12] * 7


def plot_control(rows, **changes):
    return plot_trend(rows, control=calculate_control(rows), **changes)


def test_the_usual_range_is_a_band_named_in_words_with_its_average(make_rows):
    axes = plot_control(make_rows(QUIET))
    (band,) = [item for item in axes.collections if item.get_label() == "_usual"]
    heights = band.get_paths()[0].vertices[:, 1]
    assert (round(heights.min(), 4), round(heights.max(), 4)) == (0.0568, 0.1632)
    assert to_hex(band.get_facecolor()[0]) == PALE["usual"].lower()
    (average,) = lines(axes, "_average")
    assert {round(y, 9) for y in average.get_ydata()} == {0.11}
    assert "usual range 5.7% to 16.3%" in words(axes)
    assert "▲" not in words(axes)


def test_figures_out_of_the_usual_are_triangles_that_point_their_way(make_rows):
    axes = plot_control(make_rows([*QUIET, 0.3, 0.11]))
    (up,) = lines(axes, "_special up")
    assert (up.get_marker(), up.get_ydata().tolist()) == ("^", [0.3])
    assert to_hex(up.get_color()) == COLOURS["concern"].lower()
    (down,) = lines(axes, "_special down")
    assert (down.get_marker(), to_hex(down.get_color())) == ("v", COLOURS["improvement"].lower())
    assert "▲ high or rising, ▼ low or falling: more than chance" in words(axes)


def test_the_latest_figure_is_a_triangle_itself_and_hollow_if_provisional(make_rows):
    rows = make_rows([*QUIET, 0.3])
    (latest,) = lines(plot_control(rows), "_latest")
    assert latest.get_marker() == "^"
    rows.loc[14, "status"] = "provisional"
    (hollow,) = lines(plot_control(rows), "_provisional")
    assert (hollow.get_marker(), hollow.get_markerfacecolor()) == ("^", "white")
    (quiet,) = lines(plot_control(make_rows(QUIET)), "_latest")
    assert quiet.get_marker() == "o"


def test_each_phase_has_a_band_of_its_own(make_rows):
    rows = make_rows([*QUIET, *[0.05, 0.06] * 7])
    event = Event(date=date(2018, 6, 15), label="Joined", kind="reorganisation", rebase=True,
                  reason="Two services are one")  # fmt: skip
    axes = plot_trend(rows, control=calculate_control(rows, events=[event]))
    assert len([item for item in axes.collections if item.get_label() == "_usual"]) == 2
    assert "usual range 2.8% to 8.2%" in words(axes)


def test_short_series_are_called_provisional_and_collapsed_ones_have_no_band(make_rows):
    assert "provisional usual range" in words(plot_control(make_rows([0.1, 0.12, 0.1])))
    flat = plot_control(make_rows([0.1] * 13 + [0.2]))
    assert [item for item in flat.collections if item.get_label() == "_usual"] == []
    assert lines(flat, "_special") == []


def test_yearly_and_rolling_figures_have_no_limits(make_rows):
    for changes in ({"freq": "YE-SEP"}, {"measure": "turnover_rate_fte"}):
        axes = plot_control(make_rows(QUIET, **changes))
        assert len(axes.collections) == 0
        assert "usual" not in words(axes)


@pytest.mark.parametrize("name", ["fall", "gaps", "120 months", "all equal", "two points"])
def test_awkward_trends_with_limits_are_readable(name, make_rows, make_target):
    rows = make_rows(CASES[name]["values"])
    axes = plot_trend(
        rows, control=calculate_control(rows), events=EVENTS,
        targets=targets_for(make_target, None),
    )  # fmt: skip
    check_words(axes.figure)
    check_lines_miss_words(axes)
