"""Cells of a DfE workforce file: a number or a symbol, never both, and whether they add up."""

from __future__ import annotations

import re
from decimal import Decimal

import pandas as pd

from wfanalytics.errors import InputError
from wfanalytics.raw.published_text import DOWNLOAD_AGAIN, PublishedText

#: Symbols of DfE and other official files. ``~`` has had more than one meaning, and ``:`` stood
#: for "not available" until 2021; neither says more than that there is no figure.
SYMBOLS = {
    "c": "suppressed", "x": "unavailable", ":": "unavailable", "..": "unavailable",
    "~": "unavailable", "z": "not_applicable", "low": "rounds_to_zero", "k": "rounds_to_zero",
    "u": "unreliable", "": "missing", "na": "missing", "n/a": "missing",
}  # fmt: skip

#: Authorities in London carry Inner or Outer London, never London itself.
LONDON, LONDON_PARTS = "E12000007", ("E13000001", "E13000002")
#: How far authorities' heads in post may add up to other than the published total.
TOTAL_TOLERANCE = 0.01

AREA = ["year", "area_level", "area_code", "area_name", "region_code"]

#: A number as DfE or a spreadsheet writes it: 1234.5, 1,234.5 or 1e+05. Never negative: minus
#: signs are other people's codes for withheld figures.
_NUMBER = re.compile(r"(\d+|\d{1,3}(,\d{3})+)(\.\d+)?(e\+?\d\d?)?")
_BRACKETS = re.compile(r"^\[(.+)\]$")


def parse_cell(text: str) -> tuple[Decimal | None, str]:
    """A number with status ok, or no number with the symbol's status.

    Raises
    ------
    KeyError
        for anything else.

    >>> parse_cell("16.4"), parse_cell("u"), parse_cell("[low]")
    ((Decimal('16.4'), 'ok'), (None, 'unreliable'), (None, 'rounds_to_zero'))
    """
    lower = text.lower()
    if _NUMBER.fullmatch(lower):
        return Decimal(lower.replace(",", "")), "ok"
    return None, SYMBOLS[_BRACKETS.sub(r"\1", lower)]


def parse_cells(text: PublishedText, *, per: dict[str, int]) -> pd.DataFrame:
    """One row an indicator and row of the file: its area and year, value, status, symbol.

    ``per`` is what to divide an indicator by: 100 turns a percentage into a fraction. The index
    is the line of the file. ``symbol`` is null where there is a number.
    """
    cells = text.frame[[*AREA, *text.indicators]].melt(
        id_vars=AREA, var_name="measure", value_name="text", ignore_index=False
    )
    parsed = {cell: _parse_or_raise(cell, cells, text) for cell in cells["text"].unique()}
    values = [
        float("nan") if (number := parsed[cell][0]) is None else float(number / per[measure])
        for cell, measure in zip(cells["text"], cells["measure"], strict=True)
    ]
    status = cells["text"].map({cell: result[1] for cell, result in parsed.items()})
    return cells.assign(
        value=values, status=status, symbol=cells["text"].where(status != "ok")
    ).drop(columns="text")


def _parse_or_raise(
    cell: str, cells: pd.DataFrame, text: PublishedText
) -> tuple[Decimal | None, str]:
    try:
        return parse_cell(cell)
    except KeyError:
        where = cells["text"] == cell
        raise InputError(
            "neither a number nor a symbol DfE uses", file=text.name,
            row=int(cells.index[where][0]),
            column=text.headings[cells["measure"][where].iloc[0]], found=cell,
            allowed=f"a number from 0, or {' '.join(filter(None, SYMBOLS))}",
            remedy=DOWNLOAD_AGAIN,
        ) from None  # fmt: skip


def calculate_withheld_vacancies(cells: pd.DataFrame) -> pd.Series:
    """Vacancies, in FTE, whose agency cover some authority withholds: one figure a file row.

    For England and each region the sum over its authorities; null where such an authority
    withholds its vacancies too, or the file has no authority of the area. For authorities 0.
    """
    values, status = spread(cells, "value"), spread(cells, "status")
    is_known = status["agency_cover_fte"].isin(("ok", "not_applicable"))
    at_risk = values["vacancy_fte"].where(~is_known, 0.0)
    areas = area_rows(cells)
    totals = _add_up(areas, at_risk)
    return totals.where(areas["area_level"] != "authority", 0.0)


def check_totals(cells: pd.DataFrame, text: PublishedText) -> None:
    """Refuse a file whose authorities do not add up to a published total of heads in post.

    DfE's totals are exact sums. Areas where an authority withholds the figure are left out.
    """
    heads = cells[cells["measure"] == "inpost_headcount"]
    known = heads["value"].where(heads["status"] != "not_applicable", 0.0)
    total = _add_up(heads, known, empty=0.0)
    carried = set(heads.loc[heads["area_level"] == "authority", "region_code"]) | {"E92000001"}
    if carried.intersection(LONDON_PARTS):
        carried.add(LONDON)
    is_wrong = (total - heads["value"]).abs() > TOTAL_TOLERANCE * heads["value"]
    is_wrong &= heads["area_code"].isin(carried) & (heads["area_level"] != "authority")
    if is_wrong.any():
        line = int(heads.index[is_wrong][0])
        row = heads.loc[line]
        raise InputError(
            f"the authorities of {row['area_name']} in {row['year']} do not add up to it",
            file=text.name, row=line, column=text.headings["inpost_headcount"],
            found=f"{total[line]:g}", allowed=f"{row['value']:g}, within 1%",
            remedy="Rows may be missing. " + DOWNLOAD_AGAIN,
        )  # fmt: skip


def spread(cells: pd.DataFrame, column: str) -> pd.DataFrame:
    """One column of the cells as a table: a row a line of the file, a column a measure."""
    return pd.DataFrame(
        {str(measure): group[column] for measure, group in cells.groupby("measure")}
    )


def area_rows(cells: pd.DataFrame) -> pd.DataFrame:
    """Area and year of each line of the file, in the order of :func:`spread`."""
    return cells.loc[~cells.index.duplicated(), AREA].sort_index()


def _add_up(areas: pd.DataFrame, values: pd.Series, *, empty: float = float("nan")) -> pd.Series:
    """For each row, the sum of ``values`` over the authorities of its area and year.

    Null where one of them is null; ``empty`` where the file has none.
    """
    is_authority = areas["area_level"] == "authority"
    sums = {
        (year, code): group.sum(skipna=False)
        for (year, code), group in values[is_authority].groupby(
            [areas["year"][is_authority], areas["region_code"][is_authority]]
        )
    }

    def total(year: int, code: str) -> float:
        regions = {LONDON: LONDON_PARTS, "E92000001": None}.get(code, (code,))
        found = [
            value for (y, region), value in sums.items()
            if y == year and (regions is None or region in regions)
        ]  # fmt: skip
        return sum(found) if found else empty

    codes = zip(areas["year"], areas["area_code"], strict=True)
    return pd.Series([total(year, code) for year, code in codes], index=areas.index, dtype=float)
