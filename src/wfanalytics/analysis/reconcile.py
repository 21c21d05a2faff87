"""Our figure, or one stated or returned, beside DfE's, and each step from one to the other.

A chain starts at our own figure and ends at DfE's; each step changes one thing (the date, the
definition), so its difference is what that thing does, and the differences add up to the whole.
What no step explains is the last difference. Asides count one thing otherwise at DfE's date and
are in no sum.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from wfanalytics.analysis.benchmarks import is_own
from wfanalytics.frames import USABLE_STATUSES
from wfanalytics.measures.area_data import AreaData
from wfanalytics.measures.caseload import add_holdings
from wfanalytics.measures.definition import round_shown
from wfanalytics.measures.definitions import find_definition

#: DfE's measure -> ours that committees see, which differs in definition only for vacancies.
OURS = {
    "vacancy_rate_fte": "uncovered_vacancy_rate_fte",
    "agency_rate_fte": "agency_rate_fte",
    "turnover_rate_fte": "turnover_rate_fte",
    "caseload_fte": "caseload_fte",
    "absence_rate_fte": "absence_rate_fte",
    "inpost_fte": "inpost_fte",
}
#: DfE's measure -> the same counted otherwise, step by name.
ASIDES = {
    "agency_rate_fte": {"people": "agency_rate_headcount"},
    "turnover_rate_fte": {
        "people": "turnover_rate_headcount", "average stock": "turnover_average_stock_headcount",
    },
    "inpost_fte": {"people": "inpost_headcount"},
}  # fmt: skip
STEPS = ("ours", "stated", "date", "cover", "census", "published")
COLUMNS = ["chain", "step", "measure", "period_end", "value", "difference", "is_aside"]
MONTHS_IN_YEAR = 12

Node = tuple[str, str, pd.Timestamp, float]
#: What is compared, in the order a return is checked in.
COMPARED = (
    "inpost_fte", "vacancy_fte", "vacancy_rate_fte", "agency_fte", "agency_rate_fte",
    "starters_12m_headcount", "leavers_12m_headcount", "turnover_rate_fte", "cases",
    "caseload_fte", "absence_rate_fte",
)  # fmt: skip
_PLACE = ["measure", "period_end"]


def calculate_reconciliation(data: AreaData) -> pd.DataFrame:
    """Chains from an authority's own figures to DfE's, one row a step.

    Columns: ``chain``, DfE's measure; ``step``, of :data:`STEPS` or an aside's name; the
    ``measure``, ``period_end`` and ``value`` it arrives at; ``difference`` from the step before
    (for an aside, from ours at DfE's date). Rates are fractions. A step without a figure is
    left out, so the next difference holds both; without a published figure the chain ends at
    the authority's own census return of that date, where there is one, which stands between its
    extracts and what DfE published, else at ours on DfE's definition.

    >>> import wfanalytics as wf
    >>> rows = calculate_reconciliation(wf.open_area("exampleshire", month="2020-03"))
    >>> rows.loc[rows["chain"] == "vacancy_rate_fte", "step"].tolist()
    ['ours', 'date', 'cover']
    """
    ours = _index(data.measures[data.measures["area_level"] == "authority"])
    published = _index_published(data)
    returned = ours.iloc[:0] if data.census.empty else _index(data.census)
    end = find_census_date(data)
    chains = []
    for target, measure in OURS.items():
        nodes = [("ours", measure, data.month), ("date", measure, end), ("cover", target, end)]
        found = list(_take(ours, nodes))
        found += _take(returned, [("census", target, end)])
        found += _take(published, [("published", target, end)])
        base = ours.get((target, end), float("nan"))
        others = {} if pd.isna(base) else ASIDES.get(target, {})
        asides = [*_take(ours, [(step, name, end) for step, name in others.items()])]
        asides += _count_caseloads(data, ours, end) if target == "caseload_fte" else []
        chains.append(_tidy(target, found, asides, base=base))
    return pd.concat(chains, ignore_index=True)


def calculate_stated(data: AreaData) -> pd.DataFrame:
    """Chains from figures stated in committee papers to DfE's, one row a step.

    The columns of :func:`calculate_reconciliation`, ``chain`` being the stated figure's own
    name. A stated uncovered rate goes on to DfE's uncovered and then to its gross rate; leavers
    a month stand beside a twelfth of DfE's year.
    """
    published = _index_published(data)
    dates = published.index.get_level_values("period_end")
    stated = data.stated
    if stated.empty or not len(dates):
        return _tidy("", [], [], base=float("nan"))
    rows = stated[(stated["kind"] == "actual") & (stated["comparable_measure"] != "")]
    rows = rows[rows["as_at_date"].notna() & rows["comparable_value"].notna()]
    chains = [_tidy("", [], [], base=float("nan"))]
    for row in rows[rows["as_at_date"] <= data.month].itertuples():
        measure, date = str(row.comparable_measure), pd.Timestamp(row.as_at_date)
        end = dates[abs(dates - date).argmin()]
        nodes: list[Node] = [("stated", measure, date, float(row.comparable_value))]
        if measure == "leavers_headcount":
            year = published.get(("leavers_12m_headcount", end), float("nan"))
            nodes.append(("published", "leavers_headcount", end, year / MONTHS_IN_YEAR))
        else:
            target = DFES.get(measure, measure)
            steps = [("date", measure, end)] if target != measure else []
            nodes += _take(published, [*steps, ("published", target, end)])
        chains.append(_tidy(str(row.measure), nodes, [], base=float("nan")))
    return pd.concat(chains, ignore_index=True)


#: Measures of ours that DfE does not publish -> the one a reader would take for it.
DFES = {ours: target for target, ours in OURS.items()}


def find_census_date(data: AreaData) -> pd.Timestamp:
    """The published 30 September nearest to the month; the last one, where none is published."""
    dates = _index_published(data).index.get_level_values("period_end")
    if len(dates):
        return pd.Timestamp(dates[abs(dates - data.month).argmin()])
    end = pd.Timestamp(data.month.year, 9, 30)
    return end if end <= data.month else end - pd.DateOffset(years=1)


def _index(rows: pd.DataFrame) -> pd.Series:
    """Figures by measure and date, of one authority."""
    rows = rows[rows["status"].isin(USABLE_STATUSES) & (rows["period_type"] != "week")]
    return rows.set_index(["measure", "period_end"])["value"]


def _index_published(data: AreaData) -> pd.Series:
    if data.source == "published":
        return _index(data.measures[data.measures["area_name"] == data.name])
    if data.national.empty:
        return _index(data.measures.iloc[:0])
    return _index(data.national[is_own(data.national, data)])


def _take(
    figures: pd.Series, nodes: list[tuple[str, str, pd.Timestamp]]
) -> Iterator[Node]:  # fmt: skip
    """The nodes that have a figure; one that repeats the last measure and date is left out."""
    last = None
    for step, measure, date in nodes:
        if (measure, date) in figures.index and (measure, date) != last:
            last = (measure, date)
            yield step, measure, date, float(figures[last])


def _count_caseloads(data: AreaData, figures: pd.Series, end: pd.Timestamp) -> Iterator[Node]:
    """Caseload without agency staff, of the role "case holder" only, and for every worker."""
    everybody = figures.get(("inpost_fte", end), 0.0) + figures.get(("agency_fte", end), 0.0)
    if "caseload" not in data.tables or ("caseload_fte", end) not in figures.index:
        return
    table = data.tables["caseload"]
    weeks = table["week_ending"]
    week = weeks[weeks.between(end.replace(day=1), end)].max()
    held = add_holdings(table[weeks == week], band=data.band)
    for step, is_in in {
        "no agency": held["employment"] == "permanent",
        "role": held["role"] == "case_holder",
    }.items():
        people = [held.loc[part, "worker_id"].nunique() for part in (is_in, ~is_in)]
        # Few people on either side could be told from the two caseloads.
        if people[0] and not any(map(data.disclosure.is_few, people)):
            cases, fte = held.loc[is_in, ["cases", "share_fte"]].sum()
            yield step, "caseload_fte", end, float(cases / fte)
    if everybody > 0 and ("cases", end) in figures.index:
        yield "all social workers", "caseload_fte", end, float(figures["cases", end] / everybody)


def _tidy(chain: str, nodes: list[Node], asides: list[Node], *, base: float) -> pd.DataFrame:
    frame = pd.DataFrame([*nodes, *asides], columns=["step", "measure", "period_end", "value"])
    is_aside = pd.Series([False] * len(nodes) + [True] * len(asides), dtype=bool)
    difference = frame["value"].diff().mask(is_aside, frame["value"] - base)
    return frame.assign(chain=chain, difference=difference, is_aside=is_aside)[COLUMNS]


def compare_return(data: AreaData) -> pd.DataFrame:
    """The figures of the latest return up to the month, with ours and the published ones.

    Returns
    -------
    DataFrame, one row a measure of :data:`COMPARED`: measure, period_end, ``returned``, ``ours``
    (the authority's own extracts, same day), ``published`` (DfE's), each NaN where there is
    none; ``is_same_as_ours`` and ``is_same_as_published`` as rounded for print, False where one
    is missing. Empty where there is no return.
    """
    columns = [*_PLACE, "returned", "ours", "published", "is_same_as_ours", "is_same_as_published"]
    if data.census.empty:
        return pd.DataFrame(columns=columns)
    end = data.census["period_end"].max()
    returned = _take_compared(data.census, end).rename("returned")
    own = data.measures
    is_plain = (own["breakdown"] == "all") & (own["area_level"] == "authority")
    ours = _take_compared(own[is_plain & own["period_type"].isin(("snapshot", "year"))], end)
    found = pd.concat(
        [returned, ours.rename("ours"), _take_compared(_find_published(data), end)], axis=1
    )
    found = found.set_axis(["returned", "ours", "published"], axis=1).reindex(list(COMPARED))
    rows = found.rename_axis("measure").reset_index().assign(period_end=end)
    shown = {
        name: pd.Series([round_shown(value, find_definition(measure))
                         for value, measure in zip(rows[name], rows["measure"], strict=True)])
        for name in ("returned", "ours", "published")
    }  # fmt: skip
    return rows.assign(
        is_same_as_ours=shown["returned"] == shown["ours"],
        is_same_as_published=shown["returned"] == shown["published"],
    )[columns]


def _take_compared(rows: pd.DataFrame, end: pd.Timestamp) -> pd.Series:
    if rows.empty:
        return pd.Series(dtype="float64")
    now = rows[(rows["period_end"] == end) & rows["measure"].isin(COMPARED)]
    return now.set_index("measure")["value"]


def _find_published(data: AreaData) -> pd.DataFrame:
    """DfE's rows of the authority, by its code: its name may be written another way."""
    if data.national.empty:
        return data.national
    return data.national[data.national["area_code"] == data.authority_code]
