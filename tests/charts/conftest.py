"""Frames for charts, each countable by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest

from wfanalytics.settings import Target


def _make_rows(values: list[float], **changes: Any) -> pd.DataFrame:
    """A measure frame of one area, a row a month from April 2017; NaN is a missing month."""
    start, freq = changes.pop("start", "2017-04-30"), changes.pop("freq", "ME")
    ends = pd.date_range(start, periods=len(values), freq=freq)
    numbers = np.array(values, dtype=float)
    frame = pd.DataFrame(
        {
            "measure": "uncovered_vacancy_rate_fte",
            "period_start": ends,
            "period_end": ends,
            "period_type": "month",
            "area_level": "authority",
            "area_code": "E1",
            "area_name": "Exampleshire",
            "breakdown": "all",
            "breakdown_value": "all",
            "numerator": np.nan,
            "denominator": np.nan,
            "value": numbers,
            "status": np.where(np.isnan(numbers), "missing", "ok"),
            "definition_version": "1",
            "source": "local",
        }
    )
    return frame.assign(**changes)


@pytest.fixture(scope="session")
def make_rows() -> Callable[..., pd.DataFrame]:
    return _make_rows


def _make_target(**changes: Any) -> Target:
    given = {
        "measure": "uncovered_vacancy_rate_fte",
        "valid_from": date(2017, 1, 1),
        "source": "minutes",
        "status": "our target",
        **changes,
    }
    return Target(**given)


@pytest.fixture(scope="session")
def make_target() -> Callable[..., Target]:
    return _make_target
