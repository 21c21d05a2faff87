"""Open an area: its measures, tables, targets and events, up to the month that is reported."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd

from wfanalytics.clean.area import Clean
from wfanalytics.clean.kept import load_clean
from wfanalytics.clean.returns import load_returns
from wfanalytics.errors import InputError, ParameterError, unknown_name
from wfanalytics.frames import FILES_SCHEMA, MEASURE_SCHEMA, REPAIRS_SCHEMA
from wfanalytics.measures.area_data import AreaData
from wfanalytics.measures.calculate import calculate_measures
from wfanalytics.measures.census import calculate_returns
from wfanalytics.measures.checks import query_figures
from wfanalytics.measures.definitions import DEFINITIONS
from wfanalytics.measures.disclosure import mask_small_counts
from wfanalytics.measures.places import slug_name
from wfanalytics.measures.published_area import find_own_rows, join_codes
from wfanalytics.periods import format_month, month_end, parse_month
from wfanalytics.raw.area import Area, find_data_dir, read_area
from wfanalytics.raw.fetch import find_fetched
from wfanalytics.raw.neighbours import Neighbours, find_neighbours
from wfanalytics.raw.outlook import read_outlook
from wfanalytics.raw.published import read_extract_file, read_published_file
from wfanalytics.raw.stated import COLUMNS, read_stated
from wfanalytics.settings import CASELOAD_BAND, OPTIONAL_TABLES, Target

#: Shipped figures, used where no published file is given or fetched.
SHIPPED_FACTS = "dfe_headline_figures.csv"
STATED_FIGURES = "stated_figures.csv"
NEIGHBOURS_FILE = "statistical_neighbours.csv"
OWN_NEIGHBOURS = "the authority's own list"
#: What an authority's published figures are shown beside.
COMPARATORS = ("england", "region")
_MEASURE_COLUMNS = list(MEASURE_SCHEMA.columns)


def open_area(
    area: str,
    *,
    month: str,
    source: str = "local",
    published_file: str = "",
    data_dir: str = "",
) -> AreaData:
    """An area's figures up to a month, from its own extracts or from what DfE publishes.

    Parameters
    ----------
    area : a folder under ``data/raw``, or with ``source="published"`` an authority, a region or
        ``England`` by its published name.
    month : the last month, such as ``2020-09``; later rows are left out. The last month the
        extracts hold is provisional: the next delivery may correct it.
    published_file : a DfE workforce file; by default the newest fetched, else the shipped table.

    Raises
    ------
    ParameterError
        for an unknown area, source or month.
    InputError
        for an extract that stops the figures, or a month no extract is about.

    >>> open_area("exampleshire", month="2020-09")
    <Exampleshire, local figures to September 2020>
    """
    end = month_end(parse_month(month))
    folder = find_data_dir(data_dir)
    if source == "local":
        return _open_local(area, end, folder, published_file)
    if source == "published":
        return _open_published(area, end, folder, published_file)
    raise ParameterError(unknown_name("source", source, ("local", "published")))


def _open_local(slug: str, end: pd.Timestamp, folder: Path, file: str) -> AreaData:
    area = read_area(slug, data_dir=folder)
    _check_targets(area)
    _check_commentary(area)
    clean = load_clean(area, data_dir=folder)
    _check_faults(clean, end)
    _check_month(clean, end, slug)
    returns = load_returns(area, data_dir=folder)
    data = replace(
        describe_local(area, clean, end),
        stated=_read_stated(folder, area.profile.name),
        neighbours=_find_neighbours(folder, area.profile.old_la_code, area.profile.neighbours),
        national=_read_national(_find_published(folder, file), end),
        census=calculate_returns(
            returns.census, authority_code=area.profile.authority_code,
            authority_name=area.profile.name, through=end,
        ),
    )  # fmt: skip
    measures = calculate_local(data, band=data.band)
    repairs = [clean.repairs, returns.repairs, query_figures(measures)]
    return replace(data, measures=measures, repairs=pd.concat(repairs, ignore_index=True),
                   files=pd.concat([clean.files, returns.files], ignore_index=True))  # fmt: skip


def describe_local(area: Area, clean: Clean, end: pd.Timestamp) -> AreaData:
    """An area's own extracts up to a month, before anything is calculated from them."""
    last = max(clean.tables[t]["as_at"].max() for t in ("posts", "workers") if t in clean.tables)
    return AreaData(
        area.profile.area, area.profile.name, "local", end, pd.DataFrame(), area.targets,
        tuple(e for e in area.events if pd.Timestamp(e.date) <= end), clean.tables,
        clean.repairs, clean.files, find_band(area.targets, end), pd.DataFrame(),
        authority_code=area.profile.authority_code, parents=find_parents(area),
        owners=area.profile.owners, is_provisional=end >= last, is_fictional=area.profile.fictional,
        months_refused=_list_refused(clean), old_la_code=area.profile.old_la_code or "",
        newly_qualified_weight=area.profile.newly_qualified_weight,
        commentary={
            item.measure: (item.explanation, item.action)
            for item in area.commentary if parse_month(item.month) == end.to_period("M")
        },
        outlook=read_outlook(area.folder, services={team.service for team in area.teams}),
        doubtful=clean.doubtful,
    )  # fmt: skip


def find_figure_queries(area: Area, clean: Clean, *, month: pd.Timestamp | None) -> pd.DataFrame:
    """What rules A24 and A25 ask about an area's figures, as ledger rows, up to a month.

    Empty where the figures cannot be calculated: then the ledger says what stops them.
    """
    dates = [clean.tables[t]["as_at"] for t in ("posts", "workers") if t in clean.tables]
    end = month or pd.concat(dates).max()
    try:
        _check_faults(clean, end)
        _check_month(clean, end, area.profile.area)
    except InputError:
        return clean.repairs.head(0)
    data = describe_local(area, clean, end)
    return query_figures(calculate_local(data, band=data.band))


def calculate_local(data: AreaData, *, band: tuple[float, float]) -> pd.DataFrame:
    """The masked measure frame of an area's clean tables, for a caseload band."""
    measures = calculate_measures(
        data.tables, authority_code=data.authority_code, authority_name=data.name, band=band,
        through=data.month,
        months_refused=[month for table, month in data.months_refused if table == "movements"],
    )  # fmt: skip
    if data.is_provisional:
        measures = _mark_provisional(measures, data.month)
    return mask_small_counts(measures, parents=data.parents)


def _check_faults(clean: Clean, end: pd.Timestamp) -> None:
    """Raise the first fault in an extract about the month, or about months nothing tells."""
    faults = clean.faults[~clean.faults["table"].isin(OPTIONAL_TABLES)]
    month = faults["month"]
    stops = faults.loc[month.isna() | (month == end), "message"]
    if len(stops):
        raise InputError(stops.iloc[0].removesuffix("."))


def _list_refused(clean: Clean) -> tuple[tuple[str, pd.Timestamp], ...]:
    pairs = zip(clean.faults["table"], clean.faults["month"], strict=True)
    return tuple((table, month) for table, month in pairs if pd.notna(month))


def find_parents(area: Area) -> dict[str, dict[str, str]]:
    """Each team's service and locality, by codes."""
    return {
        level: {slug_name(alias.team): slug_name(getattr(alias, level)) for alias in area.teams}
        for level in ("service", "locality")
    }


def _check_targets(area: Area) -> None:
    for row, target in enumerate(area.targets, start=2):
        file = f"{area.folder.name}/targets.csv"
        if target.measure not in DEFINITIONS:
            raise InputError(unknown_name("measure", target.measure, DEFINITIONS).rstrip("."),
                             file=file, row=row, column="measure")  # fmt: skip
        highest = target.high if target.value is None else target.value
        if DEFINITIONS[target.measure].unit == "percent" and highest is not None and highest > 1:
            raise InputError(
                "a rate's target has no percentage sign", file=file, row=row, column="value",
                found=f"{highest:g}", allowed=f"{highest:g}%", remedy="Write the % sign.",
            )  # fmt: skip


def _check_commentary(area: Area) -> None:
    for entry in area.commentary:
        if entry.measure not in DEFINITIONS:
            raise InputError(unknown_name("measure", entry.measure, DEFINITIONS).rstrip("."),
                             file=f"{area.folder.name}/commentary.yml",
                             column="measure")  # fmt: skip


def _check_month(clean: Clean, end: pd.Timestamp, slug: str) -> None:
    for table in ("posts", "workers"):
        dates = clean.tables[table]["as_at"] if table in clean.tables else pd.Series([end])
        if not (dates == end).any():
            raise InputError(
                f"no {table} extract is about {format_month(end)}", file=f"{slug}/{table}",
                found=f"{format_month(dates.min())} to {format_month(dates.max())}",
                remedy="Put the month's extract in the folder, or ask for another month.",
            )  # fmt: skip


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


def _find_published(folder: Path, file: str) -> Path | None:
    """The file asked for, else the newest fetched, else None."""
    return Path(file).expanduser() if file else find_fetched(folder / "raw/published/fetched")


def _read_national(path: Path | None, end: pd.Timestamp) -> pd.DataFrame:
    """Every published row up to a date, authorities with their old code and region."""
    if path is None:
        return pd.DataFrame()
    rows = join_codes(read_published_file(path))
    return rows[rows["period_end"] <= end]


def _find_neighbours(folder: Path, code: str | None, own: tuple[str, ...] = ()) -> Neighbours:
    """The authority's own list where it has one, else DfE's newest that lists it, else none."""
    path = folder / "raw" / "published" / NEIGHBOURS_FILE
    if own:
        return Neighbours(own, OWN_NEIGHBOURS)
    return find_neighbours(path, code) if code and path.is_file() else Neighbours()


def _open_published(name: str, end: pd.Timestamp, folder: Path, file: str) -> AreaData:
    path = _find_published(folder, file)
    shipped = folder / "raw" / "published" / SHIPPED_FACTS
    rows = join_codes(read_extract_file(shipped) if path is None else read_published_file(path))
    is_own = find_own_rows(rows, name, end=end)
    if not is_own.any():
        raise ParameterError(
            f"{(path or shipped).name} has no figures for this area up to {format_month(end)}. "
            + unknown_name("area", name, rows["area_name"].unique())
        )
    is_now = rows["period_end"] <= end
    if not (is_own & is_now).any():
        first = rows.loc[is_own, "period_end"].min()
        raise ParameterError(
            f"{(path or shipped).name} starts after {format_month(end)}: its first year ends in "
            f"{format_month(first)}."
        )
    last = rows[is_own & is_now].sort_values("period_end").iloc[-1]
    own_name = str(last["area_name"])
    code = "" if pd.isna(last["old_la_code"]) else str(last["old_la_code"])
    chosen = rows.loc[(is_own | rows["area_level"].isin(COMPARATORS)) & is_now, _MEASURE_COLUMNS]
    # One authority under one name, whatever it was called in earlier years.
    chosen["area_name"] = chosen["area_name"].mask(is_own, own_name)
    return AreaData(
        slug_name(own_name), own_name, "published", end, chosen.reset_index(drop=True), (), (), {},
        pd.DataFrame(columns=list(REPAIRS_SCHEMA.columns)),
        pd.DataFrame(columns=list(FILES_SCHEMA.columns)), CASELOAD_BAND,
        _read_stated(folder, own_name), old_la_code=code,
        national=pd.DataFrame() if path is None else rows[is_now],
        neighbours=_find_neighbours(folder, code),
    )  # fmt: skip


def _read_stated(folder: Path, name: str) -> pd.DataFrame:
    path = folder / "raw" / "published" / STATED_FIGURES
    if not path.is_file():
        return pd.DataFrame(columns=[*COLUMNS, "comparable_value"])
    stated = read_stated(path)
    return stated[stated["authority"] == name].reset_index(drop=True)
