"""Control charts against the NHS reference implementation: 90 series, every limit and label."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from wfanalytics.analysis.spc import calculate_spc, summarise_spc

SERIES, DATE = ["series_id"], "date"
BETTER = {"increase": "higher", "decrease": "lower", "neutral": "neither"}
LABELS = {
    ("outside", "up"): "Above UCL",
    ("outside", "down"): "Below LCL",
    ("trend", "up"): "7 Point Trend (Increasing)",
    ("trend", "down"): "7 Point Trend (Decreasing)",
    ("two_in_three", "up"): "2 in 3 Above CL",
    ("two_in_three", "down"): "2 in 3 Below CL",
    ("shift", "up"): "7 Points Above CL",
    ("shift", "down"): "7 Points Below CL",
    ("", ""): "Common Cause",
}
ASSURANCE = {"consistent_pass": "pass", "consistent_fail": "fail", "none": ""}


@cache
def read(folder: Path, name: str) -> pd.DataFrame:
    dates = [DATE] if name in ("inputs", "expected") else []
    return pd.read_csv(folder / "spc" / f"{name}.csv", parse_dates=dates)


def calculate(folder: Path, inputs: pd.DataFrame) -> pd.DataFrame:
    """All series in one call, each with its own settings."""
    settings = read(folder, "settings").set_index("series_id")
    of_row = settings.loc[inputs["series_id"]].set_axis(inputs.index)
    return calculate_spc(
        inputs,
        better=of_row["improvement_direction"].map(BETTER),
        target=of_row["target"],
        phases={
            series: pd.to_datetime(dates.split(";")).tolist()
            for series, dates in settings["rebase"].dropna().items()
        },
        baseline_points=of_row["fix_after_n_points"],
        screen=of_row["screen_outliers"],
        by=SERIES,
        date=DATE,
    )


@pytest.fixture(scope="module")
def inputs(reference_dir: Path) -> pd.DataFrame:
    return read(reference_dir, "inputs")


@pytest.fixture(scope="module")
def expected(reference_dir: Path) -> pd.DataFrame:
    return read(reference_dir, "expected")


@pytest.fixture(scope="module")
def result(reference_dir: Path, inputs: pd.DataFrame) -> pd.DataFrame:
    return calculate(reference_dir, inputs)


def wrong_series(found, wanted, frame: pd.DataFrame) -> list[str]:
    """The series in which two columns differ anywhere."""
    differs = np.asarray(found) != np.asarray(wanted)
    return sorted(frame.loc[differs, "series_id"].unique())


def test_the_files_hold_ninety_series_in_one_order(inputs, expected):
    assert inputs["series_id"].nunique() == 90
    assert len(inputs) == 2822
    pd.testing.assert_frame_equal(inputs[["series_id", DATE]], expected[["series_id", DATE]])


@pytest.mark.parametrize(
    ("ours", "theirs"), [("centre", "mean"), ("lower", "lpl"), ("upper", "upl")]
)
def test_limits(result, expected, ours, theirs):
    np.testing.assert_allclose(result[ours], expected[theirs], rtol=0, atol=1e-9)
    assert (result["has_limits"] == expected["lpl"].notna()).all()


def test_the_label_of_every_point(result, expected):
    pairs = zip(result["rule"], result["direction"], strict=True)
    found = [LABELS[pair] for pair in pairs]
    assert wrong_series(found, expected["special_cause_type"], expected) == []
    assert ((result["rule"] != "") == (expected["special_cause_flag"] == 1)).all()


def test_the_type_of_every_point(result, expected):
    wanted = expected["point_type"].str.removeprefix("special_cause_")
    assert wrong_series(result["point_type"], wanted, expected) == []


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("phase", "rebase_group"),
        ("side", "relative_to_mean"),
        ("is_outside", "outside_limits"),
        ("is_near", "close_to_limits"),
        ("is_in_shift", "part_of_shift"),
        ("is_in_trend", "part_of_trend"),
        ("is_in_two_in_three", "part_of_two_in_three"),
        ("is_provisional_limits", "short_group_warning"),
    ],
)
def test_what_is_known_of_every_point(result, expected, ours, theirs):
    # The reference has no answer for a missing value or missing limits: ours is no.
    wanted = expected[theirs].fillna(0).astype(int)
    assert wrong_series(result[ours].astype(int), wanted, expected) == []


def test_the_segments(reference_dir, result):
    wanted = read(reference_dir, "segments_expected").reset_index(drop=True)
    parts = result.groupby(["series_id", "phase"], sort=False)
    counts = {
        name: parts["point_type"].agg(lambda types, kind=kind: (types == kind).sum()).to_numpy()
        for name, kind in {
            "common_cause": "common_cause",
            "special_cause_improvement": "improvement",
            "special_cause_concern": "concern",
        }.items()
    }
    found = summarise_spc(result, by=["series_id", "phase"], date=DATE)
    assert found["series_id"].tolist() == wanted["series_id"].tolist()
    assert found["phase"].tolist() == wanted["rebase_group"].tolist()
    assert parts.size().tolist() == wanted["n"].tolist()
    for ours, theirs in {"centre": "mean", "lower": "lpl", "upper": "upl"}.items():
        np.testing.assert_allclose(found[ours], wanted[theirs], rtol=0, atol=1e-9)
    for name, count in counts.items():
        assert wrong_series(count, wanted[name], wanted) == []
    point_type = wanted["variation_type"].str.removeprefix("special_cause_")
    last = parts["point_type"].last()
    assert wrong_series(last, point_type, wanted) == []
    # Only the last segment is held against the target.
    is_last = ~wanted["series_id"].duplicated(keep="last")
    assurance = found["assurance"].where(is_last, "none")
    assert wrong_series(assurance, wanted["assurance_type"].fillna("none"), wanted) == []


def test_the_summary(reference_dir, result):
    wanted = read(reference_dir, "summary_expected")
    found = summarise_spc(result, by=SERIES, date=DATE)
    assert len(found) == 90
    assert found["series_id"].tolist() == wanted["series_id"].tolist()
    assert wrong_series(found["variation"], wanted["variation_icon"], wanted) == []
    assert wrong_series(found["assurance"], wanted["assurance_type"].fillna("none"), wanted) == []
    icon = found["assurance"].replace(ASSURANCE)
    assert wrong_series(icon, wanted["assurance_icon"].fillna(""), wanted) == []


def test_each_series_alone_and_in_any_order_gives_the_same(reference_dir, inputs, result):
    alone = [calculate(reference_dir, rows) for _, rows in inputs.groupby("series_id")]
    pd.testing.assert_frame_equal(pd.concat(alone).sort_index(), result, check_exact=True)
    shuffled = calculate(reference_dir, inputs.sample(frac=1, random_state=4))
    pd.testing.assert_frame_equal(shuffled.sort_index(), result, check_exact=True)
