"""One row a measure for the scorecard: target, change, chance, and the light by a written rule."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from wfanalytics.analysis.change import calculate_change
from wfanalytics.analysis.targets import calculate_target_status
from wfanalytics.settings import Target

#: The lights, the one that asks for most first.
LIGHTS = ("red", "amber", "green", "none")
#: The rule in words, printed under the scorecard.
LIGHT_RULE = (
    "Red: the target is missed, and the figure is not better by more than chance.",
    "Amber: near the target; or missed but better by more than chance; or worse by more than "
    "chance, whatever the target.",
    "Green: the target is met, and the figure is not worse by more than chance; or no target, and "
    "better by more than chance.",
    "No rating: no figure; or no target, and neither better nor worse by more than chance.",
)
#: What the sentences above the scorecard are chosen by.
CHOICE_RULE = (
    "The sentences are about the measures with the most urgent light, those that have changed by "
    "more than chance first."
)
SENTENCES = 3


def find_light(rating: str, point_type: str) -> str:
    """The light of a measure: its target's rating, and the kind of its latest point.

    >>> find_light("met", "concern"), find_light("missed", "common_cause")
    ('amber', 'red')
    """
    if rating == "no figure":
        return "none"
    if point_type == "concern":
        return "red" if rating == "missed" else "amber"
    if point_type == "improvement" and rating != "near":
        return "amber" if rating == "missed" else "green"
    if rating == "missed":
        return "red"
    return {"near": "amber", "met": "green"}.get(rating, "none")


def calculate_score(
    rows: pd.DataFrame, *, targets: Iterable[Target], control: pd.DataFrame
) -> pd.DataFrame:
    """The latest row of one measure and area with all that the scorecard says of it.

    Adds the columns of :func:`~wfanalytics.analysis.targets.calculate_target_status`;
    ``year_ago``, the value twelve months before; ``point_type`` of the latest figure, empty
    without limits; and ``light``. ``control`` is of the same series.
    """
    status = calculate_target_status(rows.sort_values("period_end"), targets).tail(1)
    change = calculate_change(rows)
    year_ago = np.nan if change.year_ago is None else change.year_ago["value"]
    has_limits = len(control) > 0 and change.has_figure and pd.notna(control["usual_low"].iloc[-1])
    point_type = str(control["point_type"].iloc[-1]) if has_limits else ""
    light = find_light(str(status["rating"].iloc[0]), point_type)
    return status.assign(year_ago=year_ago, point_type=point_type, light=light)


def choose_scores(scores: pd.DataFrame, *, count: int = SENTENCES) -> pd.DataFrame:
    """The rows that matter most (:data:`CHOICE_RULE`), ties in the scorecard's order."""
    urgency = scores["light"].map({light: i for i, light in enumerate(LIGHTS)})
    is_quiet = scores["point_type"].isin(["", "common_cause"])
    order = pd.DataFrame({"urgency": urgency, "is_quiet": is_quiet, "place": range(len(scores))})
    return scores.loc[order.sort_values(list(order.columns)).index].head(count)
