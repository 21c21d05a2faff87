"""An authority in the Department's published figures: which rows are its own, and all it needs."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import pandas as pd

from wfanalytics.errors import ParameterError, unknown_name
from wfanalytics.frames import FILES_SCHEMA, MEASURE_SCHEMA, REPAIRS_SCHEMA
from wfanalytics.measures.area_data import AreaData
from wfanalytics.measures.places import slug_name
from wfanalytics.periods import format_month, month_end, parse_month
from wfanalytics.raw.area import find_data_dir
from wfanalytics.raw.fetch import find_fetched
from wfanalytics.raw.neighbours import JOINT, Neighbours, find_neighbours
from wfanalytics.raw.published import PublishedFile, read_extract_file, read_published_file
from wfanalytics.raw.stated import COLUMNS, read_stated
from wfanalytics.settings import CASELOAD_BAND

#: Shipped figures, used where no published file is given or fetched.
SHIPPED_FACTS = "dfe_headline_figures.csv"
STATED_FIGURES = "stated_figures.csv"
NEIGHBOURS_FILE = "statistical_neighbours.csv"
OWN_NEIGHBOURS = "the authority's own list"
#: What an authority's published figures are shown beside.
COMPARATORS = ("england", "region")
_MEASURE_COLUMNS = list(MEASURE_SCHEMA.columns)


def find_published(folder: Path, file: str) -> Path | None:
    """The file asked for, else the newest fetched, else None."""
    return Path(file).expanduser() if file else find_fetched(folder / "raw/published/fetched")


def read_national(path: Path | None, end: pd.Timestamp) -> pd.DataFrame:
    """Every published row up to a date, authorities with their old code and region."""
    if path is None:
        return pd.DataFrame()
    rows = join_codes(read_published_file(path))
    return rows[rows["period_end"] <= end]


def list_neighbours(folder: Path, code: str | None, own: tuple[str, ...] = ()) -> Neighbours:
    """The authority's own list where it has one, else DfE's newest that lists it, else none."""
    path = folder / "raw" / "published" / NEIGHBOURS_FILE
    if own:
        return Neighbours(own, OWN_NEIGHBOURS)
    return find_neighbours(path, code) if code and path.is_file() else Neighbours()


def list_published_areas(
    month: str, *, published_file: str = "", data_dir: str | Path = ""
) -> tuple[str, ...]:
    """Every authority with published figures by a month, by its newest name, in order."""
    folder = find_data_dir(data_dir)
    rows = _read_published_rows(folder, find_published(folder, published_file))
    is_now = (rows["period_end"] <= month_end(parse_month(month))) & (
        rows["area_level"] == "authority"
    )
    newest = rows[is_now].sort_values("period_end").drop_duplicates("area_code", keep="last")
    return tuple(sorted(newest["area_name"].unique()))


def _read_published_rows(folder: Path, path: Path | None) -> pd.DataFrame:
    """All published rows, read once in a process however many areas are opened from them."""
    file = path or folder / "raw" / "published" / SHIPPED_FACTS
    state = file.stat() if file.is_file() else None
    stamp = (state.st_mtime_ns, state.st_size) if state else (0, 0)
    return _read_once(file, path is None, stamp)


@lru_cache(maxsize=2)
def _read_once(file: Path, is_shipped: bool, stamp: tuple[int, int]) -> pd.DataFrame:
    return join_codes(read_extract_file(file) if is_shipped else read_published_file(file))


def open_published(name: str, end: pd.Timestamp | None, folder: Path, file: str) -> AreaData:
    """An authority, region or England as published, up to a date or the newest it has."""
    path = find_published(folder, file)
    shipped = folder / "raw" / "published" / SHIPPED_FACTS
    rows = _read_published_rows(folder, path)
    newest = end or rows["period_end"].max()
    is_own = find_own_rows(rows, name, end=newest)
    if not is_own.any():
        raise ParameterError(
            f"{(path or shipped).name} has no figures for this area up to {format_month(newest)}. "
            + unknown_name("area", name, rows["area_name"].unique())
        )
    end = end or rows.loc[is_own, "period_end"].max()
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
        list_stated(folder, own_name), old_la_code=code,
        national=pd.DataFrame() if path is None else rows[is_now],
        neighbours=list_neighbours(folder, code),
    )  # fmt: skip


def list_stated(folder: Path, name: str) -> pd.DataFrame:
    """Figures an authority stated in its committee's documents."""
    path = folder / "raw" / "published" / STATED_FIGURES
    if not path.is_file():
        return pd.DataFrame(columns=[*COLUMNS, "comparable_value"])
    stated = read_stated(path)
    return stated[stated["authority"] == name].reset_index(drop=True)


def join_codes(published: PublishedFile) -> pd.DataFrame:
    """A file's measure rows, those of authorities with ``old_la_code`` and ``region_name``."""
    areas = published.areas[["area_code", "period_end", "old_la_code", "region_name"]]
    return published.measures.merge(
        areas, on=["area_code", "period_end"], how="left", validate="many_to_one"
    )


def find_own_rows(rows: pd.DataFrame, name: str, *, end: pd.Timestamp) -> pd.Series:
    """Which rows belong to the area called ``name``, whatever it was called in other years.

    A name two authorities have had means the one that had it last, up to ``end``: Dorset is
    838 from 2019 and was 835 before, with other boundaries, and the two are never one line.
    ``835`` itself asks for the former. Half of a joint return's name or code is that return.

    >>> rows = pd.DataFrame({"area_name": ["Dorset", "Dorset"], "old_la_code": ["835", "838"],
    ...                      "period_end": pd.to_datetime(["2018-09-30", "2019-09-30"])})
    >>> find_own_rows(rows, "dorset", end=pd.Timestamp("2023-09-30")).tolist()
    [False, True]
    """
    wanted = name.strip().casefold()
    names, codes = rows["area_name"].str.casefold(), rows["old_la_code"].fillna("")
    for texts in (names, codes):
        if (texts == wanted).any():
            return _keep_one(rows, texts == wanted, end=end)
    for texts in (names, codes):
        halves = {text: text.split(JOINT) for text in texts.unique()}
        is_half = texts.map({text: wanted in parts for text, parts in halves.items()})
        if is_half.any():
            return _keep_one(rows, is_half, end=end)
    return names == wanted


def _keep_one(rows: pd.DataFrame, is_found: pd.Series, *, end: pd.Timestamp) -> pd.Series:
    """The rows of the one code that is newest by ``end``; England and regions have no code."""
    found = rows[is_found]
    known = found[found["period_end"] <= end]
    code = (found if known.empty else known).sort_values("period_end")["old_la_code"].iloc[-1]
    return is_found if pd.isna(code) else rows["old_la_code"] == code
