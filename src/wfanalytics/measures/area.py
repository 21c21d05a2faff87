"""Open an area: its measures, tables, targets and events, up to the month that is reported."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd

from wfanalytics.clean.area import Clean
from wfanalytics.clean.kept import load_clean
from wfanalytics.clean.returns import load_returns
from wfanalytics.errors import InputError, ParameterError, unknown_name
from wfanalytics.measures.area_checks import check_faults, check_month, check_settings, list_held
from wfanalytics.measures.area_data import AreaData
from wfanalytics.measures.calculate import calculate_measures
from wfanalytics.measures.census import calculate_returns
from wfanalytics.measures.checks import query_figures
from wfanalytics.measures.disclosure import find_dominated, mask_small_counts
from wfanalytics.measures.places import slug_name
from wfanalytics.measures.published_area import (
    find_published,
    list_neighbours,
    list_stated,
    open_published,
    read_national,
)
from wfanalytics.periods import month_end, parse_month
from wfanalytics.raw.area import Area, find_data_dir, read_area
from wfanalytics.raw.earlier import find_printed
from wfanalytics.raw.outlook import read_outlook
from wfanalytics.settings import CASELOAD_BAND, Target
from wfanalytics.thresholds import MANAGERS, PUBLIC

#: Areas opened before in this process, by the call that opened each: see ``remember_area``.
_REMEMBERED: dict[tuple[str | None, ...], AreaData] = {}


def open_area(
    area: str,
    *,
    month: str | None = None,
    source: str = "local",
    published_file: str = "",
    data_dir: str = "",
    audience: str = PUBLIC,
    reports_dir: str = "",
) -> AreaData:
    """An area's figures up to a month, from its own extracts or from what DfE publishes.

    Shows itself in a notebook: what it holds, of which months, and how fresh it is. Its parts
    are ``measures`` (the measure frame; rates are fractions), ``tables`` (clean rows by name, such
    as ``data.tables["posts"]``), ``targets``, ``events``, ``files`` and ``repairs``.

    Parameters
    ----------
    area : a folder under ``data/raw``, or with ``source="published"`` an authority, a region or
        ``England`` by its published name.
    month : the last month, such as ``2020-09``; later rows are left out. The newest month held,
        unless given; it is provisional: the next delivery may correct it.
    published_file : a DfE workforce file; by default the newest fetched, else the shipped table.
    audience : ``public``, or ``managers``, for whom counts of few people are shown.
    reports_dir : a folder of earlier reports beside the project's own: what they printed is
        known, and other figures are withheld in its place.

    Raises
    ------
    ParameterError
        for an unknown area, source, month or audience.
    InputError
        for a month no extract is about, or an extract of which nothing tells the month. Any other
        fault leaves the figures missing that it would corrupt (``refused``).

    >>> open_area("exampleshire", month="2020-09")
    <Exampleshire, local figures to September 2020>
    """
    end = None if month is None else month_end(parse_month(month))
    folder = find_data_dir(data_dir)
    if audience not in (PUBLIC, MANAGERS):
        raise ParameterError(unknown_name("audience", audience, (PUBLIC, MANAGERS)))
    remembered = _REMEMBERED.get((area, month, source, published_file, str(folder), audience))
    if remembered is not None:
        return remembered
    if source == "local":
        return _open_local(area, end, folder, published_file, audience, reports_dir)
    if source == "published":
        return replace(open_published(area, end, folder, published_file), audience=audience)
    raise ParameterError(unknown_name("source", source, ("local", "published")))


def remember_area(
    data: AreaData, *, area: str, month: str, source: str, published_file: str, data_dir: str,
    audience: str = PUBLIC,
) -> None:  # fmt: skip
    """Let this process answer one call of ``open_area`` with what another process opened.

    A report opens its area once; each notebook's process, which lives for one notebook, is
    handed the result.
    """
    folder = str(find_data_dir(data_dir))
    _REMEMBERED[area, month, source, published_file, folder, audience] = data


def _open_local(
    slug: str, end: pd.Timestamp | None, folder: Path, file: str, audience: str, reports: str
) -> AreaData:
    area = read_area(slug, data_dir=folder)
    check_settings(area)
    clean = load_clean(area, data_dir=folder)
    check_faults(clean)
    end = end or _find_newest(clean)
    check_month(clean, end, slug)
    returns = load_returns(area, data_dir=folder)
    printed, left_out = find_printed(folder.parent, slug=slug, reports_dir=reports)
    data = replace(
        describe_local(area, clean, end),
        audience=audience,
        printed=printed,
        left_out=left_out,
        stated=list_stated(folder, area.profile.name),
        neighbours=list_neighbours(folder, area.profile.old_la_code, area.profile.neighbours),
        national=read_national(find_published(folder, file), end),
        census=calculate_returns(
            returns.census, authority_code=area.profile.authority_code,
            authority_name=area.profile.name, through=end,
        ),
    )  # fmt: skip
    measures = calculate_local(data, band=data.band)
    repairs = [clean.repairs, returns.repairs, query_figures(measures, clean.tables.get("summary"))]
    return replace(data, measures=measures, repairs=pd.concat(repairs, ignore_index=True),
                   files=pd.concat([clean.files, returns.files], ignore_index=True))  # fmt: skip


def describe_local(area: Area, clean: Clean, end: pd.Timestamp) -> AreaData:
    """An area's own extracts up to a month, before anything is calculated from them."""
    last = max(date for t in ("posts", "workers") if t in clean.tables
               for date in list_held(clean, t))  # fmt: skip
    return AreaData(
        area.profile.area, area.profile.name, "local", end, pd.DataFrame(), area.targets,
        tuple(e for e in area.events if pd.Timestamp(e.date) <= end), clean.tables,
        clean.repairs, clean.files, find_band(area.targets, end), pd.DataFrame(),
        authority_code=area.profile.authority_code, parents=find_parents(area),
        owners=area.profile.owners, is_provisional=end >= last, is_fictional=area.profile.fictional,
        refused=clean.faults, old_la_code=area.profile.old_la_code or "",
        newly_qualified_weight=area.profile.newly_qualified_weight,
        commentary={
            item.measure: (item.explanation, item.action)
            for item in area.commentary if parse_month(item.month) == end.to_period("M")
        },
        outlook=read_outlook(area.folder, services={team.service for team in area.teams}),
        doubtful=clean.doubtful,
        disclosure=area.profile.disclosure,
    )  # fmt: skip


def find_figure_queries(area: Area, clean: Clean, *, month: pd.Timestamp | None) -> pd.DataFrame:
    """What rules A24 and A25 ask about an area's figures, as ledger rows, up to a month.

    Empty where the figures cannot be calculated: then the ledger says what stops them.
    """
    try:
        check_faults(clean)
        end = month or _find_newest(clean)
        check_month(clean, end, area.profile.area)
    except InputError:
        return clean.repairs.head(0)
    data = describe_local(area, clean, end)
    return query_figures(calculate_local(data, band=data.band), clean.tables.get("summary"))


def calculate_local(data: AreaData, *, band: tuple[float, float]) -> pd.DataFrame:
    """The masked measure frame of an area's clean tables, for a caseload band."""
    measures = calculate_measures(
        data.tables, authority_code=data.authority_code, authority_name=data.name, band=band,
        through=data.month,
        months_refused={
            str(table): set(rows["month"].dropna()) for table, rows in data.refused.groupby("table")
        },
    )  # fmt: skip
    if data.is_provisional:
        measures = _mark_provisional(measures, data.month)
    caseload = data.tables.get("caseload", pd.DataFrame())
    return mask_small_counts(
        measures, parents=data.parents, rules=data.disclosure, audience=data.audience,
        printed=data.printed, left_out=data.left_out,
        dominated=None if caseload.empty else find_dominated(caseload, through=data.month),
    )  # fmt: skip


def _find_newest(clean: Clean) -> pd.Timestamp:
    """The last month that both posts and workers are about; where none is, the last of either.

    A month of which an extract could not be used stays the newest: it is reported, and says so.
    """
    held = [list_held(clean, t) for t in ("posts", "workers") if t in clean.tables]
    newest: pd.Timestamp = max(set.intersection(*held) or set.union(*held))
    return newest


def find_parents(area: Area) -> dict[str, dict[str, str]]:
    """Each team's service and locality, by codes."""
    return {
        level: {slug_name(alias.team): slug_name(getattr(alias, level)) for alias in area.teams}
        for level in ("service", "locality")
    }


def find_band(targets: tuple[Target, ...], end: pd.Timestamp) -> tuple[float, float]:
    """The caseload band used for all months: the authority's newest by ``end``, else 13 to 16."""
    bands = [
        t for t in targets
        if t.measure == "caseload_fte" and t.is_band and t.scope_level == "authority"
        and pd.Timestamp(t.valid_from) <= end and t.status != "result elsewhere"
    ]  # fmt: skip
    if not bands:
        return CASELOAD_BAND
    newest = max(bands, key=lambda t: t.valid_from)
    return (float(newest.low or 0), float(newest.high or 0))


def _mark_provisional(measures: pd.DataFrame, end: pd.Timestamp) -> pd.DataFrame:
    """The month's figures, until a later month has been delivered."""
    is_new = measures["period_end"] > end - pd.offsets.MonthEnd(1)
    is_ok = measures["status"] == "ok"
    return measures.assign(status=measures["status"].mask(is_new & is_ok, "provisional"))
