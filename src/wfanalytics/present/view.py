"""Any measure, place and period as an exhibit: what an analyst asks that no notebook shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import pandas as pd

from wfanalytics.analysis.targets import THIS_RUN, find_targets, override_target
from wfanalytics.errors import ParameterError, unknown_name
from wfanalytics.measures.area_data import AreaData, select
from wfanalytics.measures.definition import DFE, Definition
from wfanalytics.measures.definitions import find_definition
from wfanalytics.measures.places import LEVELS, slug_name
from wfanalytics.periods import format_month, month_end, parse_month
from wfanalytics.present.commentary import describe_level
from wfanalytics.present.exhibit import Exhibit
from wfanalytics.present.exhibits.build import has_figures, make_exhibit
from wfanalytics.present.exhibits.common import draw_places, draw_trend
from wfanalytics.present.exhibits.series import find_control, from_first_figure, list_limits_notes
from wfanalytics.present.words import (
    FEW,
    axis_title,
    each_row,
    fill_few,
    format_period,
    sentence_case,
)
from wfanalytics.settings import Event

#: The targets of ``targets.csv``, in place of a number to try or None for none.
OWN_TARGETS = "own"
TRIED = "The target is one that was tried, not one of the area's own."
#: What a place may be instead of one: bars of each place at a level.
EVERY_PLACE = ""


def view(
    data: AreaData,
    measure: str,
    *,
    level: str = "authority",
    place: str = EVERY_PLACE,
    weekly: bool = False,
    start: str = "",
    end: str = "",
    beside: str = "",
    target: float | str | None = OWN_TARGETS,
    phases: Mapping[str, str] | None = None,
) -> Exhibit:
    """One measure of one place through time, or of every place of a level at one date.

    Parameters
    ----------
    data : as :func:`~wfanalytics.measures.area.open_area` gives it; only its masked measures are
        read, so that figures resting on few people stay withheld.
    measure : such as ``caseload_fte``; ``data.measures["measure"].unique()`` lists them.
    level, place : ``authority``, ``service``, ``locality`` or ``team``, and a name of that level;
        without a name a bar for each.
    weekly : weeks in place of months, where the measure has them.
    start, end : first and last month drawn, such as ``2019-04``. Limits are found from all
        figures up to ``end``.
    beside : another place of the level, or the area itself, drawn as a second line.
    target : ``"own"`` for ``targets.csv``; None for none; a number tries that one, per cent for a
        rate, else in the measure's unit.
    phases : months in which the control limits start anew, each with its reason.

    Raises
    ------
    ParameterError
        for an unknown level, place or month, an impossible target, a phase without a reason.
    WfanalyticsError
        for an unknown measure, naming the nearest.

    >>> from wfanalytics.measures.area import open_area
    >>> data = open_area("exampleshire", month="2019-07")
    >>> view(data, "vacancy_rate_fte", level="service").headline
    'Vacancy rate before agency cover: highest in Family Front Door of those shown'
    """
    definition = find_definition(measure)
    if level not in LEVELS:
        raise ParameterError(unknown_name("level", level, LEVELS))
    data = _limit(data, definition, level=level, end=end, target=target, phases=phases or {})
    name = place or (data.name if level == "authority" else EVERY_PLACE)
    words = f"view {measure} {name or 'every ' + level} {start} {end} {beside}"
    key = slug_name(words + " weekly" * weekly).replace("-", "_")
    asked = _Asked(data, definition, level, name, "week" if weekly else None, key)
    if data.source == "published" and level != "authority":
        return asked.say_nothing("DfE publishes no figures about parts of an authority.")
    if not name:
        return _view_places(asked)
    own = from_first_figure(asked.rows_of(name))
    shown = own if not start else own[own["period_end"] > month_end(parse_month(start) - 1)]
    if not has_figures(shown):
        return asked.say_nothing(_say_why(asked))
    first = shown["period_end"].iloc[0]
    other = asked.rows_of(beside) if beside else own.head(0)
    control = find_control(data, measure, own if not beside else own.head(0))
    cut = (x[x["period_end"] >= first].reset_index(drop=True) for x in (shown, other, control))
    return _view_trend(asked, *cut)


@dataclass(frozen=True)
class _Asked:
    """What is asked for: the measure, of which place or level, by month or by week."""

    data: AreaData
    definition: Definition
    level: str
    name: str
    period_type: str | None
    key: str

    def rows_of(self, name: str) -> pd.DataFrame:
        """The rows of one place of the level, or of the area itself."""
        level = "authority" if name == self.data.name else self.level
        find = partial(select, self.data, self.definition.id, level=level)
        rows = find(period_type=self.period_type, area_name=name)
        if rows.empty and name not in (known := list_places(self.data, level)):
            raise ParameterError(unknown_name(level, name, known))
        return rows

    def make(self, *, notes: Sequence[str] = (), **parts: Any) -> Exhibit:
        """An exhibit of it, with what is the same for all."""
        data, definition = self.data, self.definition
        owner = DFE if data.source == "published" else data.name
        source = f"{owner}, {data.source} figures to {format_month(data.month)}."
        made = make_exhibit(data, source=source, notes=[str(definition), *notes], **parts)
        question = f"{sentence_case(definition.label)}: what do the figures say?"
        return replace(made, key=self.key, question=question)

    def say_nothing(self, why: str) -> Exhibit:
        """An exhibit that says why it has nothing to show."""
        name = self.name or f"every {self.level} of {self.data.name}"
        subtitle = f"{axis_title(self.definition)}, {name}"
        made = self.make(headline="No figure to show", subtitle=subtitle, sentences=(why,))
        return replace(made, status="unavailable")


def list_places(data: AreaData, level: str) -> list[str]:
    """The names of an area's places at a level, those that have been renamed or closed too."""
    names = data.measures.loc[data.measures["area_level"] == level, "area_name"]
    return sorted(names.unique())


def _say_why(asked: _Asked) -> str:
    about = f"{asked.definition.label} for {asked.name}"
    if (asked.rows_of(asked.name)["status"] == "suppressed").any():
        said = f"Figures of {about} are withheld: they rest on {FEW} people."
        return fill_few(said, asked.data.disclosure)
    return f"There is no figure of {about} in these months."


def _limit(
    data: AreaData, definition: Definition, *, level: str, end: str, target: float | str | None,
    phases: Mapping[str, str],
) -> AreaData:  # fmt: skip
    """The area up to a month, with the target and the phases to try."""
    if end:
        last = min(month_end(parse_month(end)), data.month)
        rows = data.measures
        data = replace(data, month=last, measures=rows[rows["period_end"] <= last])
    if target is None:
        data = replace(data, targets=())
    elif target != OWN_TARGETS:
        scale = 100 if definition.unit == "percent" else 1
        tried = override_target((), measure=definition.id, value=float(target) / scale)
        data = replace(
            data, targets=tuple(t.model_copy(update={"scope_level": level}) for t in tried)
        )
    tries = (_try_phase(month, reason) for month, reason in phases.items())
    return replace(data, events=(*data.events, *tries))


def _try_phase(month: str, reason: str) -> Event:
    start = parse_month(month).to_timestamp()
    if not reason.strip():
        raise ParameterError(
            f"New limits from {format_month(start)} need their reason: say what changed then."
        )
    return Event(date=start.date(), label="New limits tried", kind="other", rebase=True,
                 reason=reason.strip().removesuffix("."))  # fmt: skip


def _view_trend(
    asked: _Asked, rows: pd.DataFrame, other: pd.DataFrame, control: pd.DataFrame
) -> Exhibit:
    data, both = asked.data, pd.concat([rows, other], ignore_index=True)
    targets = find_targets(
        data.targets, measure=asked.definition.id, area_level=asked.level, area_name=asked.name,
        start=rows["period_end"].iloc[0], end=rows["period_end"].iloc[-1],
    )  # fmt: skip
    names = [asked.name, *other["area_name"].unique()]
    parts = draw_trend(data, rows, both, names=names, targets=targets, control=control)
    parts["sentences"] += tuple(f"{name}: {describe_level(other)}" for name in names[1:])
    tried = [TRIED for target in targets if target.source == THIS_RUN]
    return asked.make(notes=[*tried, *list_limits_notes(control, rows, data)], **parts)


def _view_places(asked: _Asked) -> Exhibit:
    rows = select(asked.data, asked.definition.id, level=asked.level, period_type=asked.period_type)
    rows = rows[rows["period_end"] == rows["period_end"].max()].reset_index(drop=True)
    if not has_figures(rows):
        return asked.say_nothing(f"No {asked.level} has a figure that may be shown.")
    when = format_period(next(each_row(rows)))
    return asked.make(**draw_places(asked.data, rows, level=asked.level, when=when))
