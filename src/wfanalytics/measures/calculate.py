"""Every measure for every place and period, from the clean tables."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

import pandas as pd

from wfanalytics.errors import WfanalyticsError
from wfanalytics.frames import CLEAN_SCHEMAS
from wfanalytics.measures.caseload import (
    GRIDS,
    find_last_weeks,
    list_caseload_figures,
    list_weeks,
    sum_caseload,
)
from wfanalytics.measures.flows import list_flow_figures
from wfanalytics.measures.places import AUTHORITY, blank_grid, find_life, list_month_ends
from wfanalytics.measures.posts import Stock, list_absence_figures, list_stock_figures, sum_stock
from wfanalytics.measures.stability import list_stability_figures
from wfanalytics.measures.tidy import finish_frame, tidy_figures
from wfanalytics.settings import CASELOAD_BAND

#: Each table's column of dates.
_DATES = {
    "posts": "as_at", "workers": "as_at", "movements": "date", "caseload": "week_ending",
}  # fmt: skip


def calculate_measures(
    tables: Mapping[str, pd.DataFrame],
    *,
    authority_code: str,
    authority_name: str,
    band: tuple[float, float] = CASELOAD_BAND,
    through: pd.Timestamp | None = None,
    movement_months: Iterable[pd.Timestamp] | None = None,
    months_refused: Mapping[str, Collection[pd.Timestamp]] | None = None,
) -> pd.DataFrame:
    """The measure frame of an authority: each definition, at each level, in each period.

    Parameters
    ----------
    tables : clean tables by name (``frames.CLEAN_SCHEMAS``). The measures of an absent or empty
        one are absent; a month or week missing inside a table is a row of status ``missing``.
    band : lowest and highest caseload, in cases per FTE, that counts as within the band.
    through : last day reported; later rows are ignored, and periods up to it that have not
        come are ``missing``. By default the last day of the tables.
    movement_months : month ends the movement extracts cover. By default each month from the
        first to the last list of posts or workers (without any, of movements), so that a month
        in which nobody moved counts 0.
    months_refused : table -> month ends whose extract could not be used. Their figures are
        ``missing``, never 0, also where nothing is left of the table.

    Returns
    -------
    A measure frame (``frames.MEASURE_SCHEMA``) in the order of its key. Rates are fractions.
    Snapshots and caseloads at a month's last week have ``period_type`` snapshot, flows month,
    twelve-month figures year, and weekly caseloads week.

    Raises
    ------
    WfanalyticsError
        where posts or workers are dated other than at a month's end.

    >>> posts = pd.DataFrame({"as_at": pd.to_datetime(["2020-09-30"]), "post_id": ["P1"],
    ...     "team": ["North"], "service": ["Safeguarding"], "locality": ["Vale"],
    ...     "role": ["case_holder"], "fte": [0.8]})
    >>> frame = calculate_measures({"posts": posts}, authority_code="E1", authority_name="Shire")
    >>> frame[["area_level", "area_code", "value"]].to_numpy().tolist()
    [['authority', 'E1', 0.8], ['locality', 'vale', 0.8], ['service', 'safeguarding', 0.8],
    ['team', 'north', 0.8]]
    """
    clean = {name: _take_table(tables, name, through=through) for name in _DATES}
    refused = months_refused or {}
    dates = [*clean["posts"]["as_at"], *clean["workers"]["as_at"]]
    dates += [*refused.get("posts", ()), *refused.get("workers", ())]
    listed = list_month_ends([date for date in dates if through is None or date <= through])
    moved = tables["movements"]["date"] if "movements" in tables else ()
    covered = _find_covered(listed, moved, through=through, movement_months=movement_months)
    covered = covered[~covered.isin(list(refused.get("movements", ())))]
    frames = _list_monthly(clean, listed=listed, covered=covered, through=through, refused=refused)
    frames += _list_caseload(clean["caseload"], band=band, through=through, refused=refused)
    return finish_frame(frames, authority_code=authority_code, authority_name=authority_name)


def _take_table(
    tables: Mapping[str, pd.DataFrame], name: str, *, through: pd.Timestamp | None
) -> pd.DataFrame:
    """The rows up to ``through``; an empty frame of the right columns where there is none."""
    table = tables.get(name)
    if table is None or table.empty:
        schema = CLEAN_SCHEMAS[name]
        return schema.validate(pd.DataFrame(columns=list(schema.columns)))
    dates = table[_DATES[name]]
    if name in ("posts", "workers") and not dates.dt.is_month_end.all():
        raise WfanalyticsError(
            f"The {name} table holds a date that is not a month's end. Date each extract at the "
            "last day of its month."
        )
    return table if through is None else table[dates <= through]


def _find_covered(
    listed: pd.DatetimeIndex,
    moved: Iterable[pd.Timestamp],
    *,
    through: pd.Timestamp | None,
    movement_months: Iterable[pd.Timestamp] | None,
) -> pd.DatetimeIndex:
    """Month ends the movement extracts cover; none where there are no movements at all."""
    own = list_month_ends(moved)
    if movement_months is not None:
        covered = pd.DatetimeIndex(sorted(movement_months))
    else:
        covered = listed if len(listed) else own
    covered = covered if len(own) else own
    return covered if through is None else covered[covered <= through]


def _list_monthly(
    clean: dict[str, pd.DataFrame],
    *,
    listed: pd.DatetimeIndex,
    covered: pd.DatetimeIndex,
    through: pd.Timestamp | None,
    refused: Mapping[str, Collection[pd.Timestamp]],
) -> list[pd.DataFrame]:
    months = list_month_ends([*listed, *covered, *([] if through is None else [through])])
    frames: list[pd.DataFrame] = []
    stock: Stock | None = None
    if len(listed):
        months_listed = months[months >= listed[0]]
        has_posts = bool(len(clean["posts"]) or refused.get("posts"))
        stock = sum_stock(
            clean["posts"], clean["workers"], months=months_listed, has_posts=has_posts
        )
        figures = [*list_stock_figures(stock), *list_absence_figures(stock)]
        life = find_life(stock.seen)
        frames.append(tidy_figures(figures, life=life))
        if len(clean["workers"]):
            figures = list_stability_figures(clean["workers"], months=life.columns)
            frames.append(tidy_figures(figures, life=life[life.index.isin([AUTHORITY])]))
    if len(covered) or refused.get("movements"):
        newest = clean["workers"]["as_at"].max()
        figures, seen = list_flow_figures(
            clean["movements"], clean["workers"], stock, months=months, covered=covered,
            unlisted=[month for month in refused.get("workers", ()) if not month < newest],
        )  # fmt: skip
        frames.append(tidy_figures(figures, life=find_life(seen)))
    return frames


def _list_caseload(
    caseload: pd.DataFrame,
    *,
    band: tuple[float, float],
    through: pd.Timestamp | None,
    refused: Mapping[str, Collection[pd.Timestamp]],
) -> list[pd.DataFrame]:
    if caseload.empty:
        months = list_month_ends(sorted(refused.get("caseload", ())))
        blank = blank_grid(months if through is None else months[months <= through])
        figures = list_caseload_figures(dict.fromkeys(GRIDS, blank))
        return [tidy_figures(figures, life=blank.isna())] if blank.size else []
    found = pd.DatetimeIndex(caseload["week_ending"].unique())
    weeks = list_weeks(found, through=through or found.max())
    grids, seen = sum_caseload(caseload, weeks=weeks, band=band)
    life = find_life(seen)
    last = find_last_weeks(weeks)
    names = dict(zip(last, last + pd.offsets.MonthEnd(0), strict=True))
    by_month = {name: grid[last].rename(columns=names) for name, grid in grids.items()}
    return [
        tidy_figures(list_caseload_figures(grids), life=life, basis="week"),
        tidy_figures(list_caseload_figures(by_month), life=life[last].rename(columns=names)),
    ]
