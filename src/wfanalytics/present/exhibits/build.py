"""How every exhibit is put together: its question, its refusals, its source line and its notes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import wraps
from typing import Concatenate, ParamSpec, TypeAlias

import pandas as pd
from matplotlib.axes import Axes

from wfanalytics.analysis.refused import describe_refused
from wfanalytics.frames import USABLE_STATUSES
from wfanalytics.measures.area_data import AreaData
from wfanalytics.measures.definitions import find_definition
from wfanalytics.measures.posts import MONTHS_IN_YEAR
from wfanalytics.periods import format_month
from wfanalytics.present.alt_text import ALT_TEXT_LIMIT
from wfanalytics.present.axes import figure_of
from wfanalytics.present.exhibit import Exhibit
from wfanalytics.present.exhibits.needs import NEEDS, NEEDS_A_YEAR, SHOWS_ALSO
from wfanalytics.present.phrases import describe_refusal
from wfanalytics.present.words import fill_few, sentence_case
from wfanalytics.thresholds import Disclosure

PROVISIONAL = "The latest month is provisional: the next delivery of extracts may correct it."
FEW_NOTE = "Figures that rest on {few} people in part of the authority are withheld."
ROUNDED = "People in parts of the authority are rounded to the nearest five."
NOT_PUBLISHED = "DfE does not publish this: it needs the authority's own extracts."
#: Words for an area's own extracts, by the table a measure is made from.
EXTRACTS = {
    "posts": "establishment and staff lists",
    "movements": "starters and leavers lists and staff lists",
    "caseload": "weekly caseload extracts and staff lists",
    "summary": "monthly workforce summary and extracts",
    "several": "extracts",
}

Options = ParamSpec("Options")
#: Display-ready: a frame, or its columns by heading.
Table: TypeAlias = pd.DataFrame | Mapping[str, Sequence[object] | pd.Series]
Maker = Callable[Concatenate[AreaData, Options], Exhibit]


class NoFigureError(Exception):
    """An exhibit has nothing to show: why, and the headline that says so."""

    def __init__(self, reason: str, *, headline: str = "") -> None:
        super().__init__(reason)
        self.headline = headline


def asks(question: str, *, of_extracts: bool = False) -> Callable[[Maker[Options]], Maker[Options]]:
    """Mark a function as the exhibit of its name, which answers ``question``.

    Where it raises :class:`NoFigureError` the exhibit says why it has nothing to show. An extract
    it needs that could not be used stands in its place, or with what it shows beside the month.
    """

    def decorate(maker: Maker[Options]) -> Maker[Options]:
        key = maker.__name__

        @wraps(maker)
        def make(data: AreaData, /, *args: Options.args, **options: Options.kwargs) -> Exhibit:
            try:
                if of_extracts and data.source != "local":
                    raise NoFigureError(NOT_PUBLISHED)
                _check_extracts(data, key, question)
                made = maker(data, *args, **options)
                beside = describe_refused(data, SHOWS_ALSO.get(key, ()))
                made = replace(made, sentences=(*made.sentences, *beside))
            except NoFigureError as none:
                made = make_unavailable(
                    data, key=key, question=question, reason=str(none), headline=none.headline
                )
            made = replace(made, key=key, question=question, audience=data.audience)
            return _say_few(made, data.disclosure)

        return make

    return decorate


def _say_few(made: Exhibit, rules: Disclosure) -> Exhibit:
    """The exhibit's words with the area's own fewest people in them."""
    return replace(
        made, headline=fill_few(made.headline, rules), alt_text=fill_few(made.alt_text, rules),
        description=fill_few(made.description, rules),
        sentences=tuple(fill_few(text, rules) for text in made.sentences),
        notes=tuple(fill_few(text, rules) for text in made.notes),
    )  # fmt: skip


def _check_extracts(data: AreaData, key: str, question: str) -> None:
    """Raise where an extract that an exhibit needs of the month could not be used."""
    gaps = describe_refused(data, NEEDS.get(key, ()))
    if key in NEEDS_A_YEAR and not gaps:
        gaps = describe_refused(data, ("movements",), months=MONTHS_IN_YEAR)
    if gaps:
        headline = f"{question} Missing for {format_month(data.month)}"
        raise NoFigureError(" ".join(gaps), headline=headline)


def needs_extracts(question: str) -> Callable[[Maker[Options]], Maker[Options]]:
    """:func:`asks` for an exhibit that only an area's own extracts can give."""
    return asks(question, of_extracts=True)


def make_unavailable(
    data: AreaData, *, key: str, question: str, reason: str, headline: str = ""
) -> Exhibit:
    """An exhibit that says why it has nothing to show; its headline too, where that is short."""
    return Exhibit(
        key=key, question=question, headline=headline or describe_refusal(question, reason),
        subtitle=f"{data.name}, {format_month(data.month)}", sentences=(reason,),
        status="unavailable",
    )  # fmt: skip


def make_exhibit(
    data: AreaData, *, headline: str, subtitle: str, sentences: Iterable[str], source: str,
    axes: Axes | None = None, alt: str = "", description: str = "", table: Table | None = None,
    caption: str = "",
    measures: Sequence[str] = (), notes: Sequence[str] = (),
) -> Exhibit:  # fmt: skip
    """An exhibit that :func:`asks` gives its key and question.

    ``alt`` is cut to what a picture may carry; ``description`` is ``alt`` whole unless given.
    ``source`` is a table of :data:`EXTRACTS`, or the line itself. ``measures`` are those whose
    formulae open the notes.
    """
    return Exhibit(
        key="unnamed", question="", headline=headline.removesuffix("."), subtitle=subtitle,
        sentences=tuple(sentences), figure=None if axes is None else figure_of(axes),
        alt_text=alt[:ALT_TEXT_LIMIT], description=description or alt,
        table=None if table is None else pd.DataFrame(table), table_caption=caption,
        source=name_source(data, source) if source in EXTRACTS else source,
        notes=list_notes(data, *measures, more=notes),
    )  # fmt: skip


def make_month(
    data: AreaData, *, what: str, headline: str, sentences: Iterable[str], source: str,
    axes: Axes | None = None, alt: str = "", table: Table,
    measures: Sequence[str] = (), notes: Sequence[str] = (),
) -> Exhibit:  # fmt: skip
    """An exhibit of the reported month: ``what`` names it above and in the table's caption."""
    when = format_month(data.month)
    return make_exhibit(
        data, headline=headline, subtitle=f"{what}, {data.name}, {when}", sentences=sentences,
        source=source, axes=axes, alt="" if axes is None else alt, table=table,
        caption=f"{what}, {when}", measures=measures, notes=[*list_provisional(data), *notes],
    )  # fmt: skip


def name_source(data: AreaData, table: str) -> str:
    """The source line of an exhibit: whose extracts, or which published file."""
    if data.source == "published":
        return name_file(data.measures.tail(1))
    return f"{data.name}'s {EXTRACTS[table]}, to {format_month(data.month)}."


def name_file(rows: pd.DataFrame) -> str:
    """The source line of DfE's rows, with the vintage."""
    vintage = str(rows["source"].iloc[0]).split(",")[0]
    return f"Department for Education, Children's social work workforce, {vintage} file."


def list_notes(data: AreaData, *measures: str, more: Sequence[str] = ()) -> tuple[str, ...]:
    """Method notes: each measure's formula and what it is not, then the caller's and the area's."""
    notes = []
    used = [find_definition(measure) for measure in measures]
    labels = [definition.label for definition in used]
    for definition in used:
        # People and FTE of one thing are told apart as the table's headings do.
        unit = f", {definition.unit}" if labels.count(definition.label) > 1 else ""
        formula = f"{sentence_case(definition.label)}{unit}: {definition.formula}."
        notes.append(f"{formula} Not {definition.is_not}." if definition.is_not else formula)
    own = [f"{data.name} is fictional: these figures are invented."] * data.is_fictional
    return (*notes, *more, *own)


def list_provisional(data: AreaData) -> list[str]:
    """The note on a month that may still be corrected, where it may."""
    return [PROVISIONAL] if data.is_provisional else []


def is_provisional(rows: pd.DataFrame) -> bool:
    """Whether any row is provisional."""
    return bool((rows["status"] == "provisional").any())


def has_figures(rows: pd.DataFrame) -> bool:
    """Whether any row has a figure that may be shown."""
    return bool(rows["status"].isin(USABLE_STATUSES).any())
