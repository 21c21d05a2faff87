"""DfE's published workforce figures as one measure frame.

``value`` is the published figure (percentages divided by 100), never one rebuilt from parts;
``numerator`` and ``denominator`` are the published counts. A symbol becomes a status and is
never a number. Choices and their reasons: ``docs/published-data.md``.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from wfanalytics.errors import InputError
from wfanalytics.frames import MEASURE_SCHEMA, check_measures
from wfanalytics.periods import working_days, year_before
from wfanalytics.raw.published_cells import (
    AREA,
    area_rows,
    calculate_withheld_vacancies,
    check_totals,
    parse_cells,
    spread,
)
from wfanalytics.raw.published_text import PublishedText, read_text
from wfanalytics.raw.stated import read_stated

__all__ = [
    "RATES", "PublishedFile", "RateParts", "parse_published", "read_extract_file",
    "read_headline_facts", "read_published", "read_published_areas", "read_published_file",
    "read_stated",
]  # fmt: skip

#: DfE's definitions have not changed since the census became individual-level in 2017.
DEFINITION_VERSION = "1"
#: What the source of a figure says that DfE does not publish but its parts give.
DERIVED = "derived from published parts"
#: Uncovered vacancies of England or a region are not derived where authorities that withhold
#: their agency cover could move the rate by half a printed digit (0.05 percentage points).
UNCOVERED_TOLERANCE = 0.0005
#: A rate column is refused when the authorities' rates typically differ from what their counts
#: give by more than this factor: fractions where DfE publishes percentages, or another measure.
UNIT_FACTOR = 3.0
#: Fewer figures than this say nothing about a column.
UNIT_FIGURES = 5
#: FTE, days and rates are published to one decimal; sums of them carry no more than noise below.
_DIGITS = 6


@dataclass(frozen=True)
class RateParts:
    """The published counts a published rate is made of; ``per`` is 100 for a percentage."""

    numerator: str
    denominator: tuple[str, ...]
    per: int = 100
    is_per_working_day: bool = False


RATES = {
    "vacancy_rate_fte": RateParts("vacancy_fte", ("vacancy_fte", "inpost_fte")),
    "agency_rate_fte": RateParts("agency_fte", ("agency_fte", "inpost_fte")),
    "agency_rate_headcount": RateParts(
        "agency_headcount", ("agency_headcount", "inpost_headcount")
    ),
    "agency_cover_rate_fte": RateParts("agency_cover_fte", ("agency_fte",)),
    "vacancy_agency_cover_rate_fte": RateParts("agency_cover_fte", ("vacancy_fte",)),
    "turnover_rate_fte": RateParts("leavers_12m_fte", ("inpost_fte",)),
    "turnover_rate_headcount": RateParts("leavers_12m_headcount", ("inpost_headcount",)),
    "caseload_fte": RateParts("cases", ("case_holders_fte",), per=1),
    "absence_rate_fte": RateParts(
        "working_days_lost_fte", ("inpost_fte",), is_per_working_day=True
    ),
}

#: Measures of the year to 30 September; all others are as at 30 September.
YEAR_MEASURES = (
    "starters_12m_fte", "starters_12m_headcount", "leavers_12m_fte", "leavers_12m_headcount",
    "turnover_rate_fte", "turnover_rate_headcount", "working_days_lost_fte", "absence_rate_fte",
)  # fmt: skip


@dataclass(frozen=True)
class PublishedFile:
    """One published file.

    ``measures`` is a measure frame whose source is ``vintage``. ``areas`` has one row an
    authority and year, with the code to join years on. ``withheld`` lists every cell that held
    a symbol: area, year, measure, the symbol itself and its status. ``unknown_columns`` were
    left alone.
    """

    measures: pd.DataFrame
    areas: pd.DataFrame
    withheld: pd.DataFrame
    vintage: str
    sha256: str
    unknown_columns: tuple[str, ...]


def read_published(path: str | Path, *, vintage: str | None = None) -> pd.DataFrame:
    """Measure frame of a published file; ``source`` is the vintage, such as "DfE 2017 to 2023".

    Rates are fractions, caseload cases per FTE, counts FTE, people, cases or days. Snapshot
    measures are as at 30 September; the others run from 1 October to 30 September. Uncovered
    vacancies are added, their source saying that they are derived.

    Raises
    ------
    InputError
        naming file, line and column, for a file that is not whole or not of this kind.

    >>> read_published("no such file.csv")
    Traceback (most recent call last):
    ...
    wfanalytics.errors.InputError: no such file.csv: the file is not there. ...
    """
    return read_published_file(path, vintage=vintage).measures


def read_published_areas(path: str | Path) -> pd.DataFrame:
    """Authorities of each year: area_code, area_name, old_la_code, region, period_end.

    Years are joined on ``old_la_code``: E-codes change when boundaries do, and so may names.
    """
    return read_published_file(path).areas


def read_published_file(path: str | Path, *, vintage: str | None = None) -> PublishedFile:
    """A whole published file: measures, authorities, withheld cells, vintage and checksum."""
    return parse_published(_read_bytes(path), name=str(path), vintage=vintage)


def read_extract_file(path: str | Path) -> PublishedFile:
    """The shipped extract whole: a file of DfE's shape with a few areas only."""
    return parse_published(_read_bytes(path), name=str(path), is_extract=True)


def read_headline_facts(path: str | Path) -> pd.DataFrame:
    """Measure frame of the shipped extract."""
    return read_extract_file(path).measures


def read_shipped_areas(path: str | Path) -> pd.DataFrame:
    """Authorities of the shipped extract, as :func:`read_published_areas` has them."""
    return read_extract_file(path).areas


def parse_published(
    content: bytes, *, name: str, vintage: str | None = None, is_extract: bool = False
) -> PublishedFile:
    """A published file from its bytes; ``name`` is what a message calls it.

    An extract may lack authorities. A whole file may not: the authorities of a region or of
    England must add up to its published heads in post.
    """
    text = read_text(content, name=name)
    per = {field: RATES[field].per if field in RATES else 1 for field in text.indicators}
    cells = parse_cells(text, per=per)
    if not is_extract:
        check_totals(cells, text)
    years = text.frame["year"]
    vintage = vintage or f"DfE {years.min()} to {years.max()}"
    published = _add_parts(cells).assign(source=vintage)
    _check_units(published, text)
    derived = _calculate_uncovered(cells, is_extract=is_extract)
    derived["source"] = f"{vintage}, {DERIVED}"
    return PublishedFile(
        measures=_as_measures(pd.concat([published, derived])),
        areas=_calculate_areas(text.frame),
        withheld=cells.loc[cells["symbol"].notna(), [*AREA, "measure", "symbol", "status"]],
        vintage=vintage,
        sha256=hashlib.sha256(content).hexdigest(),
        unknown_columns=text.unknown_columns,
    )


def _read_bytes(path: str | Path) -> bytes:
    try:
        return Path(path).read_bytes()
    except FileNotFoundError:
        problem = "the file is not there"
    except OSError as error:
        problem = f"the file cannot be read ({error.strerror})"
    raise InputError(problem, file=path, remedy="Check the name, or run wfanalytics fetch.")


def _add_parts(cells: pd.DataFrame) -> pd.DataFrame:
    """The cells with the published parts of each rate, null where a part is withheld."""
    values = spread(cells, "value")
    days = area_rows(cells)["year"].map(_working_days)
    cells = cells.assign(numerator=float("nan"), denominator=float("nan"))
    for measure, parts in RATES.items():
        is_rate = cells["measure"] == measure
        base = values[list(parts.denominator)].sum(axis=1, min_count=len(parts.denominator))
        if parts.is_per_working_day:
            base = base * days
        lines = cells.index[is_rate]
        cells.loc[is_rate, "numerator"] = values[parts.numerator].loc[lines].to_numpy()
        cells.loc[is_rate, "denominator"] = base.loc[lines].round(_DIGITS).to_numpy()
    return cells


def _check_units(published: pd.DataFrame, text: PublishedText) -> None:
    usable = published[(published["numerator"] > 0) & (published["denominator"] > 0)]
    usable = usable[usable["area_level"] == "authority"]
    factor = usable["value"] * usable["denominator"] / usable["numerator"]
    for measure, factors in factor.groupby(usable["measure"]):
        typical = factors.median()
        if len(factors) >= UNIT_FIGURES and not 1 / UNIT_FACTOR <= typical <= UNIT_FACTOR:
            unit = "per cent" if RATES[str(measure)].per == 100 else "cases for each FTE"
            raise InputError(
                "the rates do not follow from the counts beside them", file=text.name,
                column=text.headings[str(measure)], found=f"typically {typical:.3g} times as much",
                allowed=f"DfE's rate in {unit}",
                remedy="Check that the file is as DfE published it.",
            )  # fmt: skip


def _calculate_uncovered(cells: pd.DataFrame, *, is_extract: bool) -> pd.DataFrame:
    """Vacancies less published agency cover, FTE, and as a rate; below 0 where cover exceeds them.

    A region's count of vacancies includes authorities whose cover is withheld, so the
    difference is only taken where they are too few to matter, never in an extract.
    """
    values, status, areas = spread(cells, "value"), spread(cells, "status"), area_rows(cells)
    base = (values["vacancy_fte"] + values["inpost_fte"]).round(_DIGITS)
    withheld = calculate_withheld_vacancies(cells)
    is_partial = ~((withheld == 0) | (withheld <= UNCOVERED_TOLERANCE * base))
    if is_extract:
        is_partial |= areas["area_level"] != "authority"
    count_status = _first_not_ok(status["vacancy_fte"], status["agency_cover_fte"])
    count_status = count_status.mask((count_status == "ok") & is_partial, "unavailable")
    rate_status = _first_not_ok(count_status, status["inpost_fte"])
    rate_status = rate_status.mask((rate_status == "ok") & (base == 0), "not_applicable")
    count = (values["vacancy_fte"] - values["agency_cover_fte"]).round(_DIGITS)
    count = count.where(count_status == "ok")
    rows = areas.assign(numerator=float("nan"), denominator=float("nan"))
    return pd.concat(
        [
            rows.assign(measure="uncovered_vacancy_fte", value=count, status=count_status),
            rows.assign(
                measure="uncovered_vacancy_rate_fte", numerator=count, denominator=base,
                value=(count / base).where(rate_status == "ok"), status=rate_status,
            ),
        ]
    )  # fmt: skip


def _first_not_ok(first: pd.Series, second: pd.Series) -> pd.Series:
    return first.where(first != "ok", second)


def _as_measures(rows: pd.DataFrame) -> pd.DataFrame:
    dates = {year: _census_date(year) for year in rows["year"].unique()}
    ends = rows["year"].map(dates)
    starts = rows["year"].map({year: year_before(date) for year, date in dates.items()})
    is_year = rows["measure"].isin(YEAR_MEASURES)
    rows = rows.assign(
        period_start=starts.where(is_year, ends),
        period_end=ends,
        period_type=is_year.map({True: "year", False: "snapshot"}),
        breakdown="all",
        breakdown_value="all",
        definition_version=DEFINITION_VERSION,
    )
    rows = rows.sort_values(["measure", "source", "area_level", "area_code", "period_end"])
    return check_measures(rows[list(MEASURE_SCHEMA.columns)].reset_index(drop=True))


def _calculate_areas(frame: pd.DataFrame) -> pd.DataFrame:
    columns = ["area_code", "area_name", "old_la_code", "region_code", "region_name"]
    areas = frame.loc[frame["area_level"] == "authority", [*columns, "year"]]
    areas = areas.assign(period_end=areas["year"].map(_census_date)).drop(columns="year")
    return areas.sort_values(["area_code", "period_end"]).reset_index(drop=True)


def _census_date(year: int) -> pd.Timestamp:
    return pd.Timestamp(year, 9, 30)


def _working_days(year: int) -> int:
    return working_days(_census_date(year))
