"""A reader of every table of several reports, who knows what adds up and solves for the rest.

Written apart from the library's own search: all places are unknowns, what is printed is an
equation, and whole numbers are whole (HiGHS, mixed integers).
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from wfanalytics.periods import working_days

PLACES = ("service", "locality", "team")
#: Measure -> what its numerator and its denominator are sums of.
PARTS = {
    "inpost_headcount": (["inpost_headcount"], []),
    "inpost_fte": (["inpost_fte"], []),
    "agency_headcount": (["agency_headcount"], []),
    "agency_fte": (["agency_fte"], []),
    "agency_cover_fte": (["agency_cover_fte"], []),
    "vacancy_fte": (["vacancy_fte"], []),
    "establishment_fte": (["inpost_fte", "vacancy_fte", "-over_establishment_fte"], []),
    "over_establishment_fte": (["over_establishment_fte"], []),
    "uncovered_vacancy_fte": (["vacancy_fte", "-agency_cover_fte"], []),
    "vacancy_rate_fte": (["vacancy_fte"], ["vacancy_fte", "inpost_fte"]),
    "uncovered_vacancy_rate_fte": (
        ["vacancy_fte", "-agency_cover_fte"], ["vacancy_fte", "inpost_fte"]),
    "agency_rate_fte": (["agency_fte"], ["agency_fte", "inpost_fte"]),
    "agency_rate_headcount": (["agency_headcount"], ["agency_headcount", "inpost_headcount"]),
    "agency_cover_rate_fte": (["agency_cover_fte"], ["agency_fte"]),
    "vacancy_agency_cover_rate_fte": (["agency_cover_fte"], ["vacancy_fte"]),
    "permanent_to_agency_ratio_fte": (["inpost_fte"], ["agency_fte"]),
    "absence_rate_fte": ([], ["inpost_fte"]),
    "leavers_headcount": (["leavers_headcount"], []),
    "starters_headcount": (["starters_headcount"], []),
    "conversions_headcount": (["conversions_headcount"], []),
    "leavers_12m_headcount": (["leavers_12m_headcount"], []),
    "starters_12m_headcount": (["starters_12m_headcount"], []),
    "leavers_12m_fte": (["leavers_12m_fte"], []),
    "turnover_rate_headcount": (["leavers_12m_headcount"], ["inpost_headcount"]),
    "turnover_rate_fte": (["leavers_12m_fte"], ["inpost_fte"]),
    "case_holders_headcount": (["case_holders_headcount"], []),
    "case_holders_fte": (["case_holders_fte"], []),
    "caseload_fte": (["cases"], ["case_holders_fte"]),
}  # fmt: skip
#: FTE is at most the people whose FTE it is.
PEOPLE_OF = {
    "inpost_fte": "inpost_headcount", "agency_fte": "agency_headcount",
    "agency_cover_fte": "agency_headcount", "leavers_12m_fte": "leavers_12m_headcount",
    "case_holders_fte": "case_holders_headcount",
}  # fmt: skip
YEARLY = {"leavers_12m_headcount": "leavers_headcount",
          "starters_12m_headcount": "starters_headcount"}  # fmt: skip
#: A range as wide as this need not be found wider.
ENOUGH = 3
COUNTS = tuple(dict.fromkeys([*PEOPLE_OF.values(), *YEARLY, *YEARLY.values()]))
KEY = ["measure", "area_level", "area_code", "period_end"]


class Reader:
    """The linear system implied by what is shown; unknowns are people and FTE of each place."""

    def __init__(self, shown: pd.DataFrame, truth: pd.DataFrame, parents: dict) -> None:
        self.true = truth.set_index(KEY)["numerator"].to_dict()
        self.names: dict[tuple, int] = {}
        self.rows: list[tuple[dict[int, float], float, float]] = []
        for key in self.true:
            if key[0] in _UNKNOWNS and not np.isnan(self.true[key]):
                self.names[key] = len(self.names)
        self._read(shown)
        self._add_up(parents)
        self._people_have_fte()
        self._years_are_months()

    def _equal(self, terms: dict[int, float], value: float) -> None:
        self.rows.append((terms, value, value))

    def _read(self, shown: pd.DataFrame) -> None:
        for row in shown.itertuples():
            for names, part in zip(PARTS.get(row.measure, ([], [])),
                                   (row.numerator, row.denominator), strict=True):  # fmt: skip
                terms = {}
                for name in names:
                    key = (name.lstrip("-"), row.area_level, row.area_code, row.period_end)
                    if key in self.names:
                        terms[self.names[key]] = -1.0 if name.startswith("-") else 1.0
                if len(terms) == len(names) > 0 and pd.notna(part):
                    self._equal(terms, float(part) / self._find_scale(row))

    def _find_scale(self, row: tuple) -> float:
        """What a part is multiplied by: FTE available for work are days of a year."""
        return working_days(row.period_end) if row.measure == "absence_rate_fte" else 1.0

    def _add_up(self, parents: dict) -> None:
        groups: dict[tuple, dict[int, float]] = {}
        values: dict[tuple, float] = {}
        for key, number in self.names.items():
            for group, sign in list_sums(key, parents):
                groups.setdefault(group, {})[number] = sign
                # With what it differs by where people are in two places.
                values[group] = values.get(group, 0.0) + sign * self.true[key]
        for group, terms in groups.items():
            if len(terms) > 1:
                self._equal(terms, values[group])

    def _people_have_fte(self) -> None:
        for (measure, *place), number in self.names.items():
            heads = self.names.get((PEOPLE_OF.get(measure), *place))
            if heads is not None:
                self.rows.append(({number: 1.0, heads: -1.0}, -np.inf, 0.0))

    def _years_are_months(self) -> None:
        for (measure, level, code, end), number in self.names.items():
            months = [
                self.names.get((YEARLY.get(measure), level, code, end - pd.offsets.MonthEnd(n)))
                if n else self.names.get((YEARLY.get(measure), level, code, end))
                for n in range(12)
            ]  # fmt: skip
            if None not in months:
                self._equal({number: -1.0, **dict.fromkeys(months, 1.0)}, 0.0)

    def bound(self, keys: list[tuple]) -> dict[tuple, tuple[float, float]]:
        """How low and how high each unknown can be: its very ends, where they are near."""
        coords = [(r, n, s) for r, (terms, _, _) in enumerate(self.rows) for n, s in terms.items()]
        row, column, sign = zip(*coords, strict=True)
        sums = csr_array((sign, (row, column)), shape=(len(self.rows), len(self.names)))
        low, high = (np.array([r[i] for r in self.rows], float) for i in (1, 2))
        slack = 1e-7
        rules = LinearConstraint(sums, low - slack, high + slack)
        whole = np.array([name in COUNTS for name, *_ in self.names], dtype=int)
        low, high = np.full(len(self.names), np.inf), np.full(len(self.names), -np.inf)
        for key in keys:
            place = self.names[key]
            goal = np.zeros(len(self.names))
            goal[place] = 1.0
            for sign in (1.0, -1.0):
                # What one answer says of other counts is as possible as of the one asked for.
                if high[place] - low[place] < ENOUGH:
                    end = _solve(sign * goal, rules, whole)
                    assert end.status == 0, end.message
                    low, high = np.minimum(low, end.x), np.maximum(high, end.x)
        low, high = low.round(), high.round()
        return {key: (low[self.names[key]], high[self.names[key]]) for key in keys}


def _solve(goal: np.ndarray, rules: LinearConstraint, whole: np.ndarray):
    """The lowest the goal can be; HiGHS now and then fails on a system it has presolved."""
    for presolve in (True, False):
        end = milp(goal, constraints=rules, integrality=whole, bounds=Bounds(0, 400),
                   options={"presolve": presolve})  # fmt: skip
        if end.status == 0:
            break
    return end


def list_sums(key: tuple, parents: dict) -> list[tuple[tuple, float]]:
    """The sums a place's figure is in, and its sign in each."""
    measure, level, code, end = key
    if level == "authority":
        return [((measure, end, part, ""), -1.0) for part in PLACES]
    sums = [((measure, end, level, ""), 1.0)]
    if level != "team":
        return [*sums, ((measure, end, level, code), -1.0)]
    up = [(kind, parent_of[code]) for kind, parent_of in parents.items() if code in parent_of]
    return sums + [((measure, end, kind, name), 1.0) for kind, name in up]


_UNKNOWNS = {name.lstrip("-") for parts in PARTS.values() for names in parts for name in names} - {
    "cases"
}


def bound_cells(true: pd.DataFrame, shown: pd.DataFrame, *, rows: pd.Series) -> dict:
    """How low and how high each withheld count of an exhibit's table can be.

    A reader knows each column's sum, the authority's, the sum of a row where ``rows`` has it from
    another table, and what is shown.
    """
    hidden = shown.isna().to_numpy()
    number = np.cumsum(hidden).reshape(hidden.shape) - 1
    sums: list[tuple[list[int], float]] = []
    for axis, totals in ((0, true.sum()), (1, rows)):
        for place, total in enumerate(totals.to_numpy(dtype=float)):
            line = hidden.take(place, 1 - axis)
            if line.any() and not np.isnan(total):
                known = np.nansum(shown.to_numpy(dtype=float).take(place, 1 - axis))
                sums.append((list(number.take(place, 1 - axis)[line]), total - known))
    matrix = np.array([[float(n in cells) for n in range(int(hidden.sum()))] for cells, _ in sums])
    right = np.array([total for _, total in sums])
    rules = LinearConstraint(matrix, right - 1e-7, right + 1e-7)
    whole = np.ones(int(hidden.sum()), dtype=int)
    found = {}
    for row, column in zip(*np.nonzero(hidden & (true.to_numpy() > 0)), strict=True):
        goal = np.zeros(len(whole))
        goal[number[row, column]] = 1.0
        ends = [sign * _solve(sign * goal, rules, whole).fun for sign in (1.0, -1.0)]
        found[true.index[row], true.columns[column]] = tuple(round(end) for end in ends)
    return found
