"""The story the sample tells, month by month.

It follows what two English councils told their committees between 2018 and 2020: uncovered
vacancies of 18.5% in February 2019 and about 7% in July, agency staff of 10 to 15%, leavers
from about seven a month to about two and rising again, caseloads of about 20 falling into 13 to
16 and pressed upwards after spring 2020.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

#: Fixed, so that the committed sample and its truth can be written again, cell for cell.
#: Chosen as the first seed whose path rounds to 18.5% in February and 7.0% in July 2019.
SEED = 20190731

FIRST_MONTH = pd.Period("2017-04")
LAST_MONTH = pd.Period("2020-09")
MONTHS = pd.period_range(FIRST_MONTH, LAST_MONTH, freq="M")

# Month number (April 2017 is 0) and the level the story gives there; straight lines between.
UNCOVERED = (
    (0, 0.110), (12, 0.130), (18, 0.165), (22, 0.185), (23, 0.168), (24, 0.136), (25, 0.112),
    (26, 0.092), (27, 0.070), (29, 0.069), (35, 0.066), (38, 0.075), (41, 0.087),
)  # fmt: skip
COVERED = ((0, 0.095), (12, 0.105), (22, 0.115), (27, 0.088), (35, 0.084), (41, 0.105))
LEAVERS_A_MONTH = ((0, 6.3), (22, 7.6), (24, 3.0), (26, 2.0), (35, 2.0), (38, 3.0), (41, 5.0))
CONVERSIONS = {3: 1, 9: 1, 15: 1, 20: 1, 23: 2, 24: 2, 25: 2, 26: 2, 27: 1, 31: 1, 37: 1, 40: 1}
PROJECT_TEAM = range(22, 31)  # a team of agency workers engaged as one, above establishment
PROJECT_TEAM_SIZE = 6
# Caseload a full-time case holder carries, by month number.
CASELOAD = ((0, 19.0), (20, 20.6), (27, 19.8), (33, 16.2), (36, 14.2), (39, 15.3), (41, 16.1))

ORIGINS = (
    "newly qualified", "social worker in another authority", "agency elsewhere",
    "other social care", "not known",
)  # fmt: skip
DESTINATIONS = (
    "social worker in another authority", "agency", "other social care",
    "outside social care", "not known",
)  # fmt: skip
REASONS = ("resignation", "resignation", "resignation", "retired", "end of fixed term", "other")
#: No count was taken in Christmas week 2019: a gap that no cleaning can fill.
MISSING_WEEK = pd.Timestamp("2019-12-29")


def find_level(points: Iterable[tuple[float, float]], month: float) -> float:
    """The story's level at a month (April 2017 is 0), on straight lines between its points.

    >>> round(find_level(UNCOVERED, 22), 3)
    0.185
    """
    xs, ys = zip(*points, strict=True)
    return float(np.interp(month, xs, ys))
