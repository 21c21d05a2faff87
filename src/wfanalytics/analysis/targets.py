"""Where each figure stands against the target that applies to it on that day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from pydantic import ValidationError

from wfanalytics.errors import ParameterError
from wfanalytics.frames import MEASURE_KEY, USABLE_STATUSES
from wfanalytics.measures.definition import Definition, Unit
from wfanalytics.measures.definitions import find_definition
from wfanalytics.rounding import FLOAT_DIGITS, format_number, round_half_up
from wfanalytics.settings import CASELOAD_BAND, Target

#: How far from a target still counts as near, in the unit of the frame. One percentage point is
#: four or five posts of an authority with 450, and one case a holder is an ordinary week's
#: movement: too little to act on. Other units have no such convention, so nothing is near.
NEAR_POINTS: dict[Unit, float] = {"percent": 0.01, "cases per FTE": 1.0}

#: Statuses a figure is rated against, the preferred one first. A result elsewhere is context.
RATING_STATUSES = ("our target", "local policy")

#: Start of a target set for one run where the area has none to take its dates from.
ALWAYS = date(1900, 1, 1)

#: Where such a target comes from.
THIS_RUN = "a parameter of this run"

#: Columns taken from the target, and their types.
_ADDED = {
    "target_low": "float64", "target_high": "float64", "target_value": "float64",
    "target_label": "str", "target_status_text": "str",
}  # fmt: skip
_SERIES = [name for name in MEASURE_KEY if name not in ("period_start", "period_end")]


def find_targets(
    targets: Iterable[Target],
    *,
    measure: str,
    area_level: str = "authority",
    area_name: str = "",
    start: date,
    end: date,
) -> tuple[Target, ...]:
    """Targets for a measure and place that are valid on some day from ``start`` to ``end``.

    A target for the authority is not one for its teams; a target without a place's name, or
    for ``any team``, holds for every place of its level.

    >>> aim = Target(measure="vacancy_rate_fte", value=0.1, valid_from=date(2019, 7, 17),
    ...              label="10%", source="minutes", status="our target")
    >>> found = find_targets([aim], measure="vacancy_rate_fte", start=date(2019, 1, 1),
    ...                      end=date(2019, 7, 31))
    >>> [target.label for target in found]
    ['10%']
    """
    first, last = _day(start), _day(end)
    return tuple(
        target
        for target in targets
        if target.measure == measure
        and _is_in_scope(target, area_level, area_name)
        and target.valid_from <= last
        and (target.valid_to is None or target.valid_to >= first)
    )


def _day(moment: date) -> date:
    day: date = pd.Timestamp(moment).date()
    return day


def _is_in_scope(target: Target, area_level: str, area_name: str) -> bool:
    if target.scope_level == "any team":
        return area_level == "team"
    if target.scope_level != area_level:
        return False
    return area_level == "authority" or target.scope_name in ("", area_name)


def choose_target(targets: Iterable[Target]) -> Target | None:
    """The one target a figure is rated against, or None where there is none.

    Our own before local policy, a place's own before one for every place of its level, then the
    newest; of two that tie, the first listed.
    """
    rating = [target for target in targets if target.status in RATING_STATUSES]
    if not rating:
        return None
    return max(
        rating,
        key=lambda t: (-RATING_STATUSES.index(t.status), t.scope_name != "", t.valid_from),
    )


def find_ceiling(targets: Iterable[Target], *, measure: str, day: date) -> float | None:
    """The highest figure of the authority that meets its target on a day; None without one."""
    found = choose_target(find_targets(targets, measure=measure, start=day, end=day))
    if found is None:
        return None
    return found.high if found.value is None else found.value


def calculate_target_status(frame: pd.DataFrame, targets: Iterable[Target]) -> pd.DataFrame:
    """A measure frame with, for each row, the target valid on its last day and how it stands.

    Adds ``target_low``, ``target_high``, ``target_value``, ``target_label`` and
    ``target_status_text`` of the target rated against; ``gap``, the figure less the target in
    the unit of the frame (for a band, from its nearest edge, and 0 inside it); ``rating``, one of
    met, near, missed, no target and no figure; and ``since``, the first period end of the run of
    that rating which the row belongs to. A figure is rated as printed: 7.04% meets a target of
    7%, because both are read as 7.0%.

    A single value is a ceiling where lower is better or the measure has a band, and a floor
    where higher is better. Where neither is better only a band can be rated.

    >>> row = {"measure": "vacancy_rate_fte", "period_end": pd.Timestamp("2019-07-31"),
    ...        "period_type": "snapshot", "area_level": "authority", "area_code": "E1",
    ...        "area_name": "Shire", "breakdown": "all", "breakdown_value": "all",
    ...        "source": "local", "value": 0.13, "status": "ok"}
    >>> aim = Target(measure="vacancy_rate_fte", value=0.1, valid_from=date(2019, 7, 17),
    ...              label="10%", source="minutes", status="our target")
    >>> result = calculate_target_status(pd.DataFrame([row]), [aim])
    >>> result["rating"].item(), round(result["gap"].item(), 3)
    ('missed', 0.03)
    """
    result = _add_target(frame, tuple(targets))
    value, single = result["value"], result["target_value"]
    low, high = result["target_low"].fillna(single), result["target_high"].fillna(single)
    gap = (value - high).where(value > high, (value - low).where(value < low, value * 0.0))
    gap = gap.mask(low.isna()).round(FLOAT_DIGITS)
    result = result.assign(gap=gap, rating=_rate_rows(result, low=low, high=high))
    return _add_since(result)


def _add_target(frame: pd.DataFrame, targets: Sequence[Target]) -> pd.DataFrame:
    """The rows with the columns of the target each is rated against."""
    key = ["measure", "area_level", "area_name", "period_end"]
    rated = {target.measure for target in targets}
    known: dict[tuple[Any, ...], tuple[float, float, float, str, str]] = {}
    rows = list(zip(*(frame[name] for name in key), strict=True))
    for measure, level, name, end in dict.fromkeys(rows):
        scope = () if measure not in rated else find_targets(
            targets, measure=measure, area_level=level, area_name=name, start=end, end=end
        )  # fmt: skip
        can_rate = [t for t in scope if t.is_band or find_definition(measure).better != "neither"]
        known[measure, level, name, end] = _describe_target(choose_target(can_rate))
    found = [known[row] for row in rows]
    added = pd.DataFrame(found, columns=list(_ADDED), index=frame.index).astype(_ADDED)
    return pd.concat([frame, added], axis=1)


def _describe_target(target: Target | None) -> tuple[float, float, float, str, str]:
    if target is None:
        return (np.nan, np.nan, np.nan, "", "")
    low, high, value = (np.nan if x is None else x for x in (target.low, target.high, target.value))
    return (low, high, value, target.label, target.status)


def _rate_rows(result: pd.DataFrame, *, low: pd.Series, high: pd.Series) -> list[str]:
    has_figure = result["status"].isin(USABLE_STATUSES)
    rows = zip(result["measure"], result["value"], low, high, has_figure, strict=True)
    return [
        "no target" if np.isnan(floor)
        else _rate_value(value, floor, ceiling, find_definition(measure)) if is_there
        else "no figure"
        for measure, value, floor, ceiling, is_there in rows
    ]  # fmt: skip


def _rate_value(value: float, low: float, high: float, definition: Definition) -> str:
    """``met``, ``near`` or ``missed``, for the value as it is printed."""
    scale = 100.0 if definition.unit == "percent" else 1.0
    shown = round_half_up(value * scale, definition.decimals)
    is_single = low == high
    below = low * scale - shown if definition.better != "lower" else 0.0
    if is_single and definition.better == "within band":
        below = 0.0
    above = shown - high * scale if definition.better != "higher" else 0.0
    short = round(max(below, above, 0.0), FLOAT_DIGITS)
    if short == 0:
        return "met"
    return "near" if short <= NEAR_POINTS.get(definition.unit, 0.0) * scale else "missed"


def find_allowed(row: pd.Series, definition: Definition) -> tuple[float, float]:
    """The lowest and the highest figure that meet the target of a rated row.

    >>> from wfanalytics.measures.definitions import find_definition
    >>> row = pd.Series({"target_value": 0.1, "target_low": np.nan, "target_high": np.nan})
    >>> find_allowed(row, find_definition("agency_rate_fte"))
    (-inf, 0.1)
    """
    is_single = pd.notna(row["target_value"])
    names = ("target_value", "target_value") if is_single else ("target_low", "target_high")
    floor, ceiling = (float(row[name]) for name in names)
    has_no_floor = definition.better == "lower" or (is_single and definition.better != "higher")
    return (
        -np.inf if has_no_floor else floor,
        np.inf if definition.better == "higher" else ceiling,
    )


def _add_since(result: pd.DataFrame) -> pd.DataFrame:
    ordered = result.sort_values("period_end", kind="stable")
    series = ordered.groupby(_SERIES, sort=False).ngroup()
    is_new = ordered["rating"] != ordered["rating"].groupby(series).shift()
    run = is_new.groupby(series).cumsum()
    since = ordered["period_end"].groupby([series, run])
    return result.assign(since=since.transform("first"))


def override_target(
    targets: Iterable[Target],
    *,
    measure: str,
    value: float | None = None,
    low: float | None = None,
    high: float | None = None,
) -> tuple[Target, ...]:
    """The targets with the authority's own for one measure replaced for this run.

    ``value``, ``low`` and ``high`` are in the unit of the frame (0.06 for 6%); None for all
    three changes nothing. An edge that is not given is that of the band replaced, or of
    ``settings.CASELOAD_BAND``. The new target holds from the day the first it replaces did;
    where it replaces none, throughout.

    Raises
    ------
    ParameterError
        for an impossible value or band.

    >>> changed = override_target([], measure="uncovered_vacancy_rate_fte", value=0.065)
    >>> changed[0].label
    'target 6.5% (set for this run)'
    """
    kept = tuple(targets)
    if value is None and low is None and high is None:
        return kept
    replaced = [
        t
        for t in kept
        if t.measure == measure and t.scope_level == "authority" and t.status in RATING_STATUSES
    ]
    if value is None:
        low, high = _complete_band(low, high, replaced)
    try:
        new = Target(
            measure=measure,
            value=value,
            low=low,
            high=high,
            valid_from=min((t.valid_from for t in replaced), default=ALWAYS),
            label=_label_target(find_definition(measure), value=value, low=low, high=high),
            source=THIS_RUN,
            status="our target",
        )
    except ValidationError as error:
        reason = str(error.errors()[0]["msg"]).removeprefix("Value error, ")
        raise ParameterError(
            f"The target given for {find_definition(measure).label} is impossible: {reason}."
        ) from None
    return (*(t for t in kept if t not in replaced), new)


def _complete_band(
    low: float | None, high: float | None, replaced: Sequence[Target]
) -> tuple[float | None, float | None]:
    current = choose_target(t for t in replaced if t.is_band)
    edges = (current.low, current.high) if current else CASELOAD_BAND
    return (edges[0] if low is None else low, edges[1] if high is None else high)


def _label_target(
    definition: Definition, *, value: float | None, low: float | None, high: float | None
) -> str:
    is_percent = definition.unit == "percent"

    def print_number(number: float) -> str:
        text = format_number(number * 100 if is_percent else number, 1)
        return text.removesuffix(".0")

    edges = (value,) if value is not None else (low, high)
    words = " to ".join(print_number(edge) for edge in edges if edge is not None)
    return f"target {words}{'%' if is_percent else ''} (set for this run)"
