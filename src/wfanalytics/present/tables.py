"""Display tables: words and numbers as printed, ready for HTML, Word and CSV."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from wfanalytics.errors import WfanalyticsError
from wfanalytics.frames import USABLE_STATUSES
from wfanalytics.measures.definition import Definition
from wfanalytics.measures.definitions import find_definition
from wfanalytics.periods import format_month
from wfanalytics.present.phrases import definition_of, in_order
from wfanalytics.present.words import (
    NO_FIGURE,
    SHORT_STATUS_WORDS,
    STATUS_WORDS,
    each_row,
    format_parts,
    format_period,
    format_plain,
    format_with_unit,
    parts_unit,
    sentence_case,
)
from wfanalytics.rounding import find_decimals, format_number, round_half_up

#: What the status column says of a figure that stands.
AS_REPORTED = "as reported"
_PERIOD_HEADINGS = {
    "week": "Week ending",
    "month": "Month",
    "snapshot": "Month end",
    "year": "Year to",
    "quarter": "Quarter to",
}
#: A number as printed, and what stands in its place.
_PRINTED = re.compile(r"[−+-]?[\d,.]+%?( FTE)?")
#: What a cell may say of a count of few people, by any area's rule.
FEW_WORDS = frozenset(f"fewer than {number}" for number in range(5, 21))
NO_COUNT = "no count"
_NO_FIGURE_WORDS = {NO_FIGURE, NO_COUNT, *FEW_WORDS, *SHORT_STATUS_WORDS.values()}


def plain_value(value: object) -> object:
    """A cell as plain Python: text, int, float, bool, or None where there is no value."""
    if isinstance(value, str):
        return value
    is_missing: Any = pd.isna(value)  # type: ignore[call-overload,unused-ignore]
    if is_missing:
        return None
    if isinstance(value, np.generic):
        return value.item()
    return value if isinstance(value, (int, float)) else str(value)


def is_number_column(column: pd.Series) -> bool:
    """Whether a column is one of figures: numbers, printed or not, and words for missing ones.

    >>> is_number_column(pd.Series(["7.0%", "withheld"])), is_number_column(pd.Series(["2 Aug"]))
    (True, False)
    """
    values = [plain_value(value) for value in column]
    words = [v for v in values if isinstance(v, str) and v not in _NO_FIGURE_WORDS]
    numbers = [v for v in values if isinstance(v, (int, float))]
    return bool(numbers or words) and all(_PRINTED.fullmatch(text) for text in words)


def format_table(table: pd.DataFrame) -> pd.DataFrame:
    """The table as text: separators in thousands, one number of decimals down a column.

    >>> format_table(pd.DataFrame({"Team": ["A"], "FTE": [1396.0]})).iloc[0].tolist()
    ['A', '1,396.0']
    """
    columns = [_format_column(table.iloc[:, i]) for i in range(table.shape[1])]
    return pd.DataFrame(dict(enumerate(columns)), dtype=object).set_axis(table.columns, axis=1)


def _format_column(column: pd.Series) -> list[str]:
    values = [plain_value(value) for value in column]
    floats = [v for v in values if isinstance(v, float)]
    decimals = find_decimals(floats, (1, 2, 3)) if floats else 0
    return [
        NO_FIGURE
        if value is None
        else format_number(value, decimals)
        if isinstance(value, (int, float)) and not isinstance(value, bool)
        else str(value)
        for value in values
    ]


def table_trend(frame: pd.DataFrame, *, last: int = 13) -> pd.DataFrame:
    """The last periods of one measure and area, newest last: figure, parts and status in words.

    Columns: the period; the figure as printed, or why there is none; numerator and denominator
    as numbers, for a rate; and the status.

    >>> rows = pd.DataFrame({"measure": ["vacancy_rate_fte"], "period_type": ["month"],
    ...     "period_end": [pd.Timestamp("2020-09-30")], "status": ["ok"], "value": [0.07],
    ...     "numerator": [31.5], "denominator": [450.0], "definition_version": ["1"]})
    >>> print(*table_trend(rows).iloc[0], sep=", ")
    September 2020, 7.0%, 31.5, 450.0, as reported
    """
    definition = definition_of(frame)
    rows = in_order(frame).tail(last)
    kinds = set(rows["period_type"])
    period = _PERIOD_HEADINGS.get(kinds.pop(), "Period") if len(kinds) == 1 else "Period"
    table = {
        period: [format_period(row) for row in each_row(rows)],
        sentence_case(definition.label): [figure_words(row, definition) for row in each_row(rows)],
        **_parts(rows, definition),
    }
    status = pd.Series([STATUS_WORDS.get(s) or AS_REPORTED for s in rows["status"]], rows.index)
    is_old = rows["definition_version"] != rows["definition_version"].iloc[-1]
    table["Status"] = status.mask(is_old, status + ", earlier definition").to_numpy()
    return pd.DataFrame(table)


def table_measures(frame: pd.DataFrame) -> pd.DataFrame:
    """Any rows of a measure frame as a person reads them: a row a figure, in the frame's order.

    Columns, all text: measure, place, period, the figure with its unit or why there is none,
    what it is made of, and its status. Raises a plain error for an unknown measure.

    >>> from wfanalytics.measures.area import open_area
    >>> from wfanalytics.measures.area_data import select
    >>> rows = select(open_area("exampleshire", month="2019-07"), "vacancy_rate_fte").tail(1)
    >>> print(*table_measures(rows).iloc[0], sep=" | ")
    Vacancy rate before agency cover | Exampleshire | July 2019 | 15.8% | 67.8 of 428.0 FTE | as
    reported
    """
    lines = [
        (
            sentence_case(definition.label), row.area_name, format_period(row),
            figure_words(row, definition), format_parts(row, definition),
            STATUS_WORDS.get(row.status) or AS_REPORTED,
        )
        for row in each_row(frame)
        for definition in [find_definition(row.measure)]
    ]  # fmt: skip
    return pd.DataFrame(
        lines, columns=["Measure", "Place", "Period", "Figure", "Made of", "Status"]
    )


def table_areas(frame: pd.DataFrame, *, name: str = "Area") -> pd.DataFrame:
    """The latest period of one or several measures, a row an area in the frame's order.

    A figure that is not there is replaced by the reason in words. For one measure its parts
    and the status have columns of their own.
    """
    rows = frame[frame["period_end"] == frame["period_end"].max()]
    if rows.duplicated(["area_name", "measure"]).any():
        raise WfanalyticsError("A table of areas needs one row for each area and measure.")
    areas = list(dict.fromkeys(rows["area_name"]))
    table: dict[str, Any] = {name: areas}
    measures = list(dict.fromkeys(rows["measure"]))
    for measure in measures:
        definition = find_definition(measure)
        chosen = rows[rows["measure"] == measure].set_index("area_name", drop=False)
        chosen = chosen.reindex(areas)
        chosen["status"] = chosen["status"].fillna("missing")
        heading = sentence_case(definition.label)
        heading = f"{heading}, {definition.unit}" if heading in table else heading
        table[heading] = [figure_words(row, definition) for row in each_row(chosen)]
        if len(measures) == 1:
            table |= _parts(chosen, definition)
            table["Status"] = [STATUS_WORDS.get(s) or AS_REPORTED for s in chosen["status"]]
    return pd.DataFrame(table)


def table_stated(
    stated: pd.DataFrame, *, measure: str, authority: str, also: Iterable[str] = ()
) -> pd.DataFrame:
    """Stated figures as a chart marks them: ``period_end``, ``value`` and ``label``.

    Parameters
    ----------
    stated : as ``raw.stated.read_stated`` gives it.
    measure : the measure of the chart; a figure with no date or number is left out.
    also : other measures whose figures are marked too, each named as what it is, because a
        figure of another measure beside a line is otherwise read as a point of the line.

    >>> row = {"authority": "West Sussex", "comparable_measure": "uncovered_vacancy_rate_fte",
    ...        "comparable_value": 0.07, "as_at": "July 2019", "qualifier": "", "kind": "actual",
    ...        "as_at_date": pd.Timestamp("2019-07-31")}
    >>> table_stated(pd.DataFrame([row]), measure="vacancy_rate_fte", authority="West Sussex",
    ...              also=["uncovered_vacancy_rate_fte"])["label"].item()
    'stated: 7% uncovered vacancies, July 2019'
    """
    wanted = [measure, *also]
    rows = stated[
        (stated["authority"] == authority)
        & stated["comparable_measure"].isin(wanted)
        & (stated["kind"] == "actual")
        & stated["as_at_date"].notna()
        & stated["comparable_value"].notna()
    ]
    labels = []
    for row in each_row(rows):
        definition = find_definition(row.comparable_measure)
        value = format_plain(row.comparable_value, definition)
        words = f"{row.qualifier} {value}".strip()
        other = "" if row.comparable_measure == measure else f" {definition.short}"
        labels.append(f"stated: {words}{other}, {_as_written(row)}")
    return pd.DataFrame(
        {
            "period_end": rows["as_at_date"].to_numpy(),
            "value": rows["comparable_value"].to_numpy(),
            "label": labels,
        }
    )


def _as_written(row: Any) -> str:
    """A month in words; what the document wrote where it gave no month."""
    if re.fullmatch(r"\d{4}-\d{2}", row.as_at):
        return format_month(row.as_at_date)
    return re.sub(r"\s*\(.*?\)", "", row.as_at)


def figure_words(row: Any, definition: Definition) -> str:
    """A figure as printed with its unit, or a word or two on why there is none."""
    if row.status in USABLE_STATUSES and pd.notna(row.value):
        return format_with_unit(row.value, definition)
    return SHORT_STATUS_WORDS.get(row.status) or NO_FIGURE


def _parts(rows: pd.DataFrame, definition: Definition) -> dict[str, Any]:
    """Numerator and denominator as numbers, rounded as printed, headed in words."""
    if not definition.is_rate:
        return {}
    unit = parts_unit(definition)
    found: dict[str, Any] = {}
    for part in ("numerator", "denominator"):
        is_cases = definition.id == "caseload_fte" and part == "numerator"
        counted = "cases" if is_cases else unit
        name = sentence_case(getattr(definition, part))
        heading = name if name.lower().startswith(counted) else f"{name}, {counted}"
        values = rows[part].astype("float64")
        is_whole = (unit == "people" or is_cases) and (values.dropna() % 1 == 0).all()
        rounded = [round_half_up(float(v), 0 if is_whole else 1) for v in values]
        found[heading] = pd.array(rounded, dtype="Float64").astype(
            "Int64" if is_whole else "Float64"
        )
    return found
