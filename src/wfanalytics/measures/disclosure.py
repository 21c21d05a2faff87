"""Small numbers of people, withheld before anybody outside sees them.

A count of one to four people in a part of the authority, and every figure that rests on one,
becomes ``suppressed``; so does the next smallest where one alone could be had by subtraction.
Not checked here: what several withheld figures, months, measures or papers give away together.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

#: Fewest people a figure about part of an authority may rest on.
SMALLEST_COUNT = 5
#: Levels at which figures are withheld; an authority's own totals are published by DfE as they
#: are, counts of one to four included.
MASKED_LEVELS = ("service", "locality", "team")

#: Measure -> the count of people it rests on. Vacancies and establishment are posts, not people.
_RESTS_ON = {
    "inpost_fte": "inpost_headcount",
    "inpost_headcount": "inpost_headcount",
    "agency_fte": "agency_headcount",
    "agency_headcount": "agency_headcount",
    "agency_cover_fte": "agency_headcount",
    "agency_rate_fte": "agency_headcount",
    "agency_rate_headcount": "agency_headcount",
    "agency_cover_rate_fte": "agency_headcount",
    "vacancy_agency_cover_rate_fte": "agency_headcount",
    "permanent_to_agency_ratio_fte": "agency_headcount",
    "leavers_headcount": "leavers_headcount",
    "leavers_fte": "leavers_headcount",
    "leaver_rate_headcount": "leavers_headcount",
    "starters_headcount": "starters_headcount",
    "starters_fte": "starters_headcount",
    "conversions_headcount": "conversions_headcount",
    "leavers_12m_headcount": "leavers_12m_headcount",
    "leavers_12m_fte": "leavers_12m_headcount",
    "starters_12m_headcount": "starters_12m_headcount",
    "starters_12m_fte": "starters_12m_headcount",
    "turnover_rate_fte": "leavers_12m_headcount",
    "turnover_rate_headcount": "leavers_12m_headcount",
    "turnover_average_stock_headcount": "leavers_12m_headcount",
    "case_holders_fte": "case_holders_headcount",
    "case_holders_headcount": "case_holders_headcount",
    "cases": "case_holders_headcount",
    "caseload_fte": "case_holders_headcount",
    "caseload_below_rate": "case_holders_headcount",
    "caseload_within_rate": "case_holders_headcount",
    "caseload_above_rate": "case_holders_headcount",
    "absence_rate_fte": "inpost_headcount",
    "working_days_lost_fte": "inpost_headcount",
}
#: Of these the measure frame has no count of people, so the FTE itself is held to the limit.
_OWN_FTE = ("long_absence_fte", "over_establishment_fte")
#: Rates whose denominator is the staff of the place, who may be few where nobody left.
_OF_STAFF = (
    "leaver_rate_headcount", "turnover_rate_headcount", "turnover_average_stock_headcount",
)  # fmt: skip
#: Shares whose numerator is people as well.
_SHARES = ("caseload_below_rate", "caseload_within_rate", "caseload_above_rate")
_ROUNDS = 3
#: Puts places elsewhere behind all places near a hidden one; more people than any place has.
FAR = 1e9
_PLACE = ["period_end", "period_type", "area_level", "area_code", "source"]


def mask_small_counts(
    measures: pd.DataFrame, *, parents: Mapping[str, Mapping[str, str]] | None = None
) -> pd.DataFrame:
    """The measure frame with figures resting on one to four people withheld.

    Where one place alone would be withheld, the next smallest is withheld with it, so that it
    is not the difference between a total and the others. A true 0 stays. Withheld rows lose
    value, numerator and denominator and become ``suppressed``; the authority's own figures stay
    as they are.

    ``parents`` maps a team's code to its ``service`` and ``locality``, whose totals must not
    give a team away either.

    >>> row = {"measure": "agency_headcount", "period_end": pd.Timestamp("2020-09-30"),
    ...        "period_type": "snapshot", "area_level": "team", "area_code": "north",
    ...        "source": "local", "value": 3.0, "numerator": 3.0, "denominator": None,
    ...        "status": "ok"}
    >>> mask_small_counts(pd.DataFrame([row]))[["value", "status"]].to_numpy().tolist()
    [[nan, 'suppressed']]
    """
    is_head = measures["measure"].isin(set(_RESTS_ON.values()))
    heads = measures.loc[is_head & measures["area_level"].isin(MASKED_LEVELS)]
    heads = heads[[*_PLACE, "measure", "value"]]
    heads = heads.rename(columns={"measure": "base", "value": "people"})
    heads = heads.assign(is_hidden=_find_hidden(heads, parents or {}))
    rows = measures[_PLACE].assign(base=measures["measure"].map(_RESTS_ON))
    found = rows.merge(heads, on=[*_PLACE, "base"], how="left", validate="many_to_one")
    hide = pd.Series(found["is_hidden"].eq(True).to_numpy(), index=measures.index)
    hide |= _is_small(measures["value"]) & measures["measure"].isin(_OWN_FTE)
    hide |= _is_small(measures["numerator"]) & measures["measure"].isin(_SHARES)
    hide |= _is_small(measures["denominator"]) & measures["measure"].isin(_OF_STAFF)
    hide &= measures["area_level"].isin(MASKED_LEVELS)
    parts = {name: measures[name].mask(hide) for name in ("value", "numerator", "denominator")}
    return measures.assign(**parts, status=measures["status"].mask(hide, "suppressed"))


def _is_small(people: pd.Series) -> pd.Series:
    return people.between(0, SMALLEST_COUNT, inclusive="neither")


def _find_hidden(heads: pd.DataFrame, parents: Mapping[str, Mapping[str, str]]) -> pd.Series:
    """Which counts are withheld: the small ones, and one more where one would stand alone."""
    total = ["period_end", "period_type", "area_level", "source", "base"]
    for level, parent_of in parents.items():
        heads = heads.assign(**{level: heads["area_code"].map(parent_of).fillna("")})
    # The narrowest totals first: what is hidden for them serves the wider ones too. A place under
    # the same service and locality as a hidden one serves all its totals at once, so it is taken
    # before a smaller one elsewhere. Which place is taken leaves the rule as it is: under no
    # total does a hidden place stand alone. (Rates are hidden with their parts: the frame holds
    # both, and a rate with the totals bounds the rate of a place of few people.)
    groups = [*([*total, level] for level in parents), total]
    nearest = [*total, *parents]
    hidden = _is_small(heads["people"])
    every = hidden * False
    is_open = hidden.groupby([heads[name] for name in total]).transform("any")
    heads, hidden = heads[is_open], hidden[is_open]
    # A place hidden for one total may be the only one under another: a few rounds settle it.
    for _ in range(_ROUNDS):
        for names in groups:
            keys = [heads[name] for name in names]
            alone = hidden.groupby(keys).transform("sum") == 1
            is_near = hidden.groupby([heads[name] for name in nearest]).transform("any")
            shown = heads["people"].where(~hidden & (heads["people"] > 0)) + FAR * ~is_near
            smallest = shown.groupby(keys).rank(method="first") == 1
            hidden |= alone & smallest
    return every | hidden.reindex(every.index, fill_value=False)
