"""Each folder is a small world counted by hand: its tables, and the figures they must give.

Input tables are clean tables with the columns that matter; a date may be a run of month ends or
weeks, ``first:last``. In ``expected.csv`` a number may be a fraction. For each measure, level
and period listed there, the figures must be exactly those listed.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest

from wfanalytics.frames import CLEAN_SCHEMAS, check_clean
from wfanalytics.measures.calculate import calculate_measures
from wfanalytics.measures.definitions import DEFINITIONS

HERE = Path(__file__).parent
SCENARIOS = sorted(path.parent for path in HERE.glob("*/expected.csv"))
CUT = ["measure", "period_type", "period_end", "area_level"]
PARTS = ["numerator", "denominator", "value"]
DEFAULTS = {
    "as_at": None, "week_ending": None, "date": None, "absence": "none", "days_lost": "",
    "start_date": "", "is_newly_qualified": False, "is_project_team": False,
    "in_retention_scheme": "", "cases_cin": 0,
    "cases_cp": 0, "cases_cla": 0, "cases_carer": 0, "origin": "", "destination": "", "reason": "",
}  # fmt: skip


def read_text(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def list_dates(text: str, freq: str) -> list[pd.Timestamp]:
    first, _, last = text.partition(":")
    return list(pd.date_range(first, last or first, freq=freq))


def read_table(path: Path) -> pd.DataFrame:
    frame = read_text(path)
    day = frame.columns[0]
    freq = {"as_at": "ME", "week_ending": "7D", "date": "D"}[day]
    frame[day] = [list_dates(text, freq) for text in frame[day]]
    frame = frame.explode(day, ignore_index=True)
    columns = list(CLEAN_SCHEMAS[path.stem].columns)
    if "fte_status" in columns:
        frame["fte_status"] = frame["fte"].map(lambda fte: "ok" if fte else "missing")
    for name in columns:
        if name not in frame:
            frame[name] = DEFAULTS[name]
    for name in {"fte", "days_lost"} & set(columns):
        frame[name] = pd.to_numeric(frame[name].replace("", None))
    if "start_date" in columns:
        frame["start_date"] = pd.NaT
    return check_clean(frame[columns], path.stem)


def read_expected(path: Path) -> pd.DataFrame:
    frame = read_text(path)
    frame["period_end"] = pd.to_datetime(frame["period_end"])
    for name in PARTS:
        frame[name] = [float(Fraction(text)) if text else float("nan") for text in frame[name]]
    return frame.sort_values([*CUT, "area_name"], ignore_index=True)


@pytest.mark.parametrize("folder", SCENARIOS, ids=lambda folder: folder.name)
def test_figures_are_those_counted_by_hand(folder):
    inputs = [path for path in folder.glob("*.csv") if path.stem != "expected"]
    expected = read_expected(folder / "expected.csv")
    frame = calculate_measures(
        {path.stem: read_table(path) for path in inputs},
        authority_code="E1",
        authority_name="Shire",
        band=(13, 16),
    )
    listed = frame[CUT].apply(tuple, axis=1).isin(set(expected[CUT].apply(tuple, axis=1)))
    found = frame.loc[listed, list(expected.columns)]
    found = found.sort_values([*CUT, "area_name"], ignore_index=True)
    pd.testing.assert_frame_equal(found, expected, rtol=0, atol=1e-8, check_dtype=False)


def test_every_definition_has_a_scenario():
    covered = {
        name for folder in SCENARIOS for name in read_text(folder / "expected.csv")["measure"]
    }
    assert covered == set(DEFINITIONS)
