"""The fan chart, read off its axes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from tests.charts.reading import check_lines_miss_words, check_words, drawn_texts

from wfanalytics.present.fan import BANDS, plot_fan
from wfanalytics.present.style import COLOURS, contrast

ENDS = pd.date_range("2020-09-30", periods=4, freq="ME")


@pytest.fixture
def fan():
    """From 10%, 2 points a month upwards; 1, 2 and 3 points on each side a month later."""
    middle = 0.10 + 0.02 * np.arange(4)
    sides = {"50": 0.01, "80": 0.02, "95": 0.03}
    steps = np.arange(4)
    edges = {f"lower_{name}": middle - width * steps for name, width in sides.items()}
    edges |= {f"upper_{name}": middle + width * steps for name, width in sides.items()}
    return pd.DataFrame({"period_end": ENDS, "projected": middle, **edges})


def lines_of(axes):
    return {str(line.get_label()): line for line in axes.lines}


def test_history_fan_scenario_target_and_no_change(make_rows, fan):
    history = make_rows([0.12, 0.11, np.nan, 0.10], start="2020-06-30")
    worse = pd.DataFrame({"period_end": ENDS, "projected": [0.10, 0.14, 0.18, 0.22]})
    axes = plot_fan(history, fan, others={"leaving doubles": worse}, level=0.10, target=0.07)
    lines = lines_of(axes)
    assert lines["_series baseline"].get_ydata() == pytest.approx([0.10, 0.12, 0.14, 0.16])
    assert lines["_series leaving doubles"].get_ydata()[-1] == 0.22
    assert lines["_target"].get_ydata() == [0.07, 0.07]
    assert list(lines["_series no change"].get_ydata()) == [0.10, 0.10]
    assert len([label for label in lines if label == "_missing"]) == 1
    assert len(lines["_missing"].get_xdata()) == 1
    bands = {band.get_label(): band for band in axes.collections}
    heights = {name: band.get_datalim(axes.transData).y1 for name, band in bands.items()}
    assert heights["_band 95"] == pytest.approx(0.25)
    assert heights["_band 50"] == pytest.approx(0.19)
    said = " ".join(text.get_text() for text, _ in drawn_texts(axes.figure))
    for words in ("baseline 16.0%", "(10.0% to 22.0%)", "leaving doubles", "22.0%",
                  "no change 10.0%", "target 7%", "× no figure."):  # fmt: skip
        assert words in said
    check_words(axes.figure)
    check_lines_miss_words(axes)


def test_lines_that_end_together_have_words_apart(make_rows, fan):
    history = make_rows([0.12, 0.11, 0.11, 0.10], start="2020-06-30")
    same = fan[["period_end", "projected"]]
    others = {"agency staff stay until caseload is in its band": same, "nothing changes": same}
    axes = plot_fan(history, fan, others=others, level=0.16, target=0.16)
    check_words(axes.figure)


def test_a_band_is_drawn_across(make_rows, fan):
    rows = make_rows([15.0, 16.0], measure="caseload_fte", start="2020-08-31")
    wide = fan.assign(**{name: fan[name] * 100 + 6 for name in fan.columns[1:]})
    axes = plot_fan(rows, wide, band=(13, 16))
    assert (axes.patches[0].get_y(), axes.patches[0].get_height()) == (13, 3)
    assert "band 13 to 16" in [text.get_text() for text in axes.texts]


def test_the_provisional_month_is_hollow(make_rows, fan):
    history = make_rows([0.12, 0.10], start="2020-08-31")
    history["status"] = ["ok", "provisional"]
    mark = lines_of(plot_fan(history, fan))["_provisional"]
    assert len(mark.get_xdata()) == 1
    assert mark.get_markerfacecolor() == "white"


def test_lines_stand_out_on_every_band():
    for fill in BANDS.values():
        assert contrast(COLOURS["own"], fill) >= 3
