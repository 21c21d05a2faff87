"""Small numbers of people, withheld before anybody outside sees them.

A count of one to four people in a part of the authority, and every figure that rests on one,
becomes ``suppressed``; so do as many more as keep each withheld count open by three people or
more to a reader of all the tables (:mod:`wfanalytics.measures.suppression`). What is modelled
and what is not: ``docs/disclosure.md``.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from wfanalytics.measures.caseload import add_holdings, find_last_weeks, list_weeks
from wfanalytics.measures.places import slug_name
from wfanalytics.measures.suppression import find_withheld_places
from wfanalytics.thresholds import MANAGERS, PUBLIC, Disclosure

#: Levels at which figures are withheld; an authority's own totals are published by DfE as they
#: are, counts of one to four included.
MASKED_LEVELS = ("service", "locality", "team")

_IN_POST, _AGENCY, _HOLDERS = "inpost_headcount", "agency_headcount", "case_holders_headcount"
_LEFT, _JOINED = "leavers_12m_headcount", "starters_12m_headcount"
_SICK, _STOCK = "sickness", "inpost_headcount of thirteen months"

#: Measure -> the counts of people it rests on, those in its denominator too: withheld with any
#: of them. Staff in post and vacancies before cover fall with agency staff: beside uncovered
#: vacancies, which members ask for and which stay, they would give the agency's cover away.
#: Establishment and unallocated cases are posts and cases, not people.
RESTS_ON: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(
        ["over_establishment_fte", "uncovered_vacancy_fte", "uncovered_vacancy_rate_fte"],
        (_IN_POST,),
    ),
    **dict.fromkeys(
        ["agency_fte", _AGENCY, "agency_cover_fte", "agency_cover_rate_fte"], (_AGENCY,)
    ),
    **dict.fromkeys(
        ["agency_rate_fte", "agency_rate_headcount", "permanent_to_agency_ratio_fte",
         _IN_POST, "inpost_fte", "vacancy_fte", "vacancy_rate_fte",
         "vacancy_agency_cover_rate_fte"],
        (_AGENCY, _IN_POST),
    ),
    **dict.fromkeys([_LEFT, "leavers_12m_fte"], (_LEFT,)),
    **dict.fromkeys([_JOINED, "starters_12m_fte"], (_JOINED,)),
    **dict.fromkeys(["turnover_rate_fte", "turnover_rate_headcount"], (_LEFT, _AGENCY, _IN_POST)),
    "turnover_average_stock_headcount": (_LEFT, _STOCK),
    **dict.fromkeys(["case_holders_fte", _HOLDERS, "cases", "caseload_fte"], (_HOLDERS,)),
    # Days lost beside their rate would tell of the staff in post they are divided by.
    "absence_rate_fte": (_SICK, _AGENCY, _IN_POST),
    "working_days_lost_fte": (_SICK,),
}  # fmt: skip
#: For the authority only. A month's leavers or starters of one place are nearly always fewer
#: than five; so are those on long absence, and one of the three parts of its case holders.
AUTHORITY_ONLY = (
    "leavers_headcount", "leavers_fte", "leaver_rate_headcount", "starters_headcount",
    "starters_fte", "conversions_headcount", "caseload_below_rate", "caseload_within_rate",
    "caseload_above_rate", "long_absence_fte",
)  # fmt: skip
_PLACE = ["area_level", "area_code", "source", "period_end", "is_week"]
_TEAM = ["area_code", "period_end", "is_week"]
#: What tells a figure of a part in an earlier report.
_PRINTED = ["measure", "area_level", "area_code", "period_end"]
_MONTHS_OF_MEAN = 12
#: More of a team's cases than this, held by one person, would tell that person's caseload.
_MOST_OF_ONE = 0.5


def mask_small_counts(
    measures: pd.DataFrame,
    *,
    parents: Mapping[str, Mapping[str, str]] | None = None,
    rules: Disclosure | None = None,
    audience: str = PUBLIC,
    printed: pd.MultiIndex | None = None,
    left_out: pd.MultiIndex | None = None,
    dominated: pd.MultiIndex | None = None,
) -> pd.DataFrame:
    """The measure frame with everything withheld that could tell of one to four people.

    Withheld rows lose value, numerator and denominator and become ``suppressed``; a true 0
    stays unless it would give another count away; the authority's own figures stay as they are.

    ``parents`` maps a team's code to its ``service`` and ``locality``, whose totals must not
    give a team away either; ``rules`` are the profile's; ``printed`` are the figures of parts
    that earlier reports printed, ``left_out`` those they withheld, which stay so: shown beside
    what was printed then they could give others away
    (:func:`wfanalytics.raw.earlier.find_printed`); ``dominated`` are teams whose cases are mostly
    one person's (:func:`find_dominated`). For ``managers`` only absence and such teams' caseloads,
    and those of few case holders, are withheld.

    >>> row = {"measure": "agency_headcount", "period_end": pd.Timestamp("2020-09-30"),
    ...        "period_type": "snapshot", "area_level": "team", "area_code": "north",
    ...        "source": "local", "value": 3.0, "numerator": 3.0, "denominator": None,
    ...        "status": "ok"}
    >>> mask_small_counts(pd.DataFrame([row]))[["value", "status"]].to_numpy().tolist()
    [[nan, 'suppressed']]
    """
    rules = rules or Disclosure()
    is_part = measures["area_level"].isin(MASKED_LEVELS)
    rows = measures.assign(is_week=measures["period_type"] == "week").loc[is_part]
    cells = _list_cells(rows, rules, audience)
    hidden = _find_hidden(cells, parents or {}, printed, dominated)
    if audience == MANAGERS:
        hide = rows["measure"] == "long_absence_fte"
    else:
        hide = rows["measure"].isin(AUTHORITY_ONLY)
        hide |= rows["measure"].isin(_YEARLY) & (rows["period_end"].dt.month != rules.yearly_month)
    keys = pd.MultiIndex.from_frame(rows[_PLACE])
    for base, places in hidden.items():
        resting = [name for name, bases in RESTS_ON.items() if base in bases]
        hide |= rows["measure"].isin(resting) & keys.isin(places)
    if left_out is not None and audience == PUBLIC:
        told = pd.MultiIndex.from_frame(rows[_PRINTED])
        hide |= ~rows["is_week"] & told.isin(left_out)
    # What nobody knows is missing, and stays so.
    hide &= rows["status"] != "missing"
    chosen = is_part.to_numpy(dtype=bool, copy=True)
    chosen[chosen] = hide.to_numpy()
    parts = {name: measures[name].mask(chosen) for name in ("value", "numerator", "denominator")}
    masked = measures.assign(**parts, status=measures["status"].mask(chosen, "suppressed"))
    return masked if audience == MANAGERS else _round_people(masked, rules)


def find_dominated(caseload: pd.DataFrame, *, through: pd.Timestamp) -> pd.MultiIndex:
    """Teams of whose cases one person holds over half: code, date, and whether that is a week's.

    A month is that of the last week which ends in it.

    >>> rows = pd.DataFrame({"week_ending": pd.Timestamp("2020-09-27"), "team": "North",
    ...     "worker_id": list("ab"), "role": "case_holder", "fte": 1.0, "cases": [9, 8]})
    >>> [str(day.date()) for _, day, _ in find_dominated(rows, through=pd.Timestamp("2020-09-30"))]
    ['2020-09-27', '2020-09-30']
    """
    rows = caseload[caseload["week_ending"] <= through]
    held = add_holdings(rows, band=(0.0, 0.0))
    cases = held.groupby(["team", "week_ending", "worker_id"])["cases"].sum()
    team = cases.groupby(level=["team", "week_ending"])
    share = team.max() / team.sum()
    found = share[share > _MOST_OF_ONE].index.to_frame(index=False)
    last = find_last_weeks(list_weeks(pd.DatetimeIndex(rows["week_ending"].unique()),
                                      through=through))  # fmt: skip
    months = found[found["week_ending"].isin(last)]
    months = months.assign(week_ending=months["week_ending"] + pd.offsets.MonthEnd(0))
    both = pd.concat([found.assign(is_week=True), months.assign(is_week=False)])
    both = both.assign(area_code=both["team"].map(slug_name), period_end=both["week_ending"])
    return pd.MultiIndex.from_frame(both[_TEAM])


def _round_people(masked: pd.DataFrame, rules: Disclosure) -> pd.DataFrame:
    """Head counts of parts rounded half up, and the rates made of them worked out again."""
    if rules.rounded_to == 1:
        return masked
    is_heads = masked["measure"].str.endswith("_headcount")
    is_heads &= masked["area_level"].isin(MASKED_LEVELS)
    top, bottom = (
        rules.round_people(masked[name].astype(float)) for name in ("numerator", "denominator")
    )
    value = (top / bottom.where(bottom > 0)).where(masked["denominator"].notna(), top)
    new = {"numerator": top, "denominator": bottom, "value": value}
    is_lost = is_heads & value.isna() & masked["value"].notna()
    return masked.assign(
        **{name: masked[name].mask(is_heads, column) for name, column in new.items()},
        status=masked["status"].mask(is_lost, "suppressed"),
    )


_YEARLY = tuple(name for name, bases in RESTS_ON.items() if {_LEFT, _JOINED} & set(bases))


def _list_cells(rows: pd.DataFrame, rules: Disclosure, audience: str) -> pd.DataFrame:
    """The counts that are judged, by ``base``: ``people``, and ``limit``, the fewest shown."""
    bases = (_IN_POST, _AGENCY, _HOLDERS, _LEFT, _JOINED)
    cells = rows.loc[rows["measure"].isin(bases) & rows["value"].notna()]
    cells = cells.rename(columns={"measure": "base", "value": "people"})
    cells = cells.assign(limit=float(rules.smallest_count))
    is_yearly = cells["base"].isin([_LEFT, _JOINED])
    cells = cells[~is_yearly | (cells["period_end"].dt.month == rules.yearly_month)]
    limit = float(rules.smallest_sensitive)
    sick = cells[cells["base"] == _IN_POST].assign(base=_SICK, limit=limit)
    if audience == MANAGERS:
        cells = cells[(cells["base"] == _HOLDERS) & (cells["area_level"] == "team")]
    return pd.concat([cells, sick], ignore_index=True)


def _find_hidden(
    cells: pd.DataFrame,
    parents: Mapping[str, Mapping[str, str]],
    printed: pd.MultiIndex | None,
    dominated: pd.MultiIndex | None,
) -> dict[str, pd.MultiIndex]:
    """Base -> the places and dates at which its count is withheld."""
    # Sickness of a team is never shown: only larger parts add up.
    is_never = (cells["base"] == _SICK) & (cells["area_level"] == "team")
    judged = cells[~is_never].reset_index(drop=True)
    is_small = (judged["people"] > 0) & (judged["people"] < judged["limit"])
    if dominated is not None:
        is_team = (judged["base"] == _HOLDERS) & (judged["area_level"] == "team")
        is_small |= is_team & pd.MultiIndex.from_frame(judged[_TEAM]).isin(dominated)
    keys = judged[["base", *_PRINTED[1:]]].assign(base=judged["base"].mask(judged["is_week"], ""))
    is_known = pd.MultiIndex.from_frame(keys).isin([] if printed is None else printed)
    flags = find_withheld_places(judged, is_small, parents=parents, is_known=pd.Series(is_known))
    bases = (_IN_POST, _AGENCY, _HOLDERS, _LEFT, _JOINED, _SICK)
    found = pd.concat([judged[flags], cells[is_never]], ignore_index=True)
    hidden = {
        base: pd.MultiIndex.from_frame(found.loc[found["base"] == base, _PLACE]) for base in bases
    }
    return hidden | {_STOCK: _spread_over_year(hidden[_IN_POST].union(hidden[_AGENCY]))}


def _spread_over_year(places: pd.MultiIndex) -> pd.MultiIndex:
    """The places at each month end whose mean of thirteen would hold the withheld one."""
    frame = places.to_frame(index=False)
    if frame.empty:
        return places
    later = [
        frame.assign(period_end=frame["period_end"] + pd.offsets.MonthEnd(n) if n else
                     frame["period_end"])
        for n in range(_MONTHS_OF_MEAN + 1)
    ]  # fmt: skip
    return pd.MultiIndex.from_frame(pd.concat(later).drop_duplicates())
