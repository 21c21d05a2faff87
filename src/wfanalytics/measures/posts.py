"""Posts and the people in them, at each month's end.

A post's establishment is divided once: held by permanent staff (up to the post's FTE), covered
by agency staff (up to what is left), and uncovered. The three always add up to it; permanent
FTE above a post's own is over-establishment and never fills another post.

Posts and people of the role ``support`` are not social workers and are left out throughout, so
a support worker fills no social work post. A person whose FTE is unknown counts in people and
not in FTE (DfE leaves them out); a permanent one is taken to fill the post, because a post that
somebody holds is not a vacancy. Vacancy and cover belong to the post's place, people to their
own.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from wfanalytics.frames import EMPLOYMENTS
from wfanalytics.measures.places import (
    Grids,
    align_grids,
    drop_noise,
    find_seen,
    find_too_young,
    sum_by_place,
    sum_windows,
)
from wfanalytics.measures.tidy import Figure
from wfanalytics.periods import working_days

MONTHS_IN_YEAR = 12
#: What the worker list says of each post, FTE.
PARTS = ("vacancy", "cover", "over")


class Stock(NamedTuple):
    """Grids of ``posts``, ``permanent`` and ``agency``, and the places seen in each month."""

    seen: pd.DataFrame
    grids: dict[str, Grids]


def leave_out_support(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows of social workers, or of their posts."""
    return frame[frame["role"] != "support"]


def calculate_post_parts(posts: pd.DataFrame, workers: pd.DataFrame) -> pd.DataFrame:
    """Each social work post with its FTE ``vacancy``, ``cover`` and ``over``.

    What permanent staff hold of the post is ``fte - vacancy``; what is uncovered is
    ``vacancy - cover``.

    >>> posts = pd.DataFrame({"as_at": ["m"], "post_id": ["P"], "role": "case_holder",
    ...                       "fte": 1.0})
    >>> workers = posts.assign(employment="permanent", fte=0.6)
    >>> calculate_post_parts(posts, workers)["vacancy"].tolist()
    [0.4]
    """
    staff = leave_out_support(workers)
    is_permanent = staff["employment"] == "permanent"
    held = staff.assign(
        permanent=staff["fte"].where(is_permanent, 0.0),
        agency=staff["fte"].mask(is_permanent, 0.0),
        unsure=(staff["fte"].isna() & is_permanent).astype(float),
    )
    columns = ["permanent", "agency", "unsure"]
    held = held.groupby(["as_at", "post_id"], as_index=False)[columns].sum()
    parts = leave_out_support(posts).merge(
        held, on=["as_at", "post_id"], how="left", validate="one_to_one"
    )
    parts[columns] = drop_noise(parts[columns].fillna(0.0))
    gap = drop_noise(parts["fte"] - parts["permanent"])
    vacancy = gap.clip(lower=0.0).mask(parts["unsure"] > 0, 0.0)
    parts = parts.assign(
        vacancy=vacancy,
        cover=np.minimum(parts["agency"], vacancy),
        over=(-gap).clip(lower=0.0),
    )
    # Without that month's worker list nobody can say which posts are held.
    is_known = parts["as_at"].isin(workers["as_at"])
    return parts.assign(**{name: parts[name].where(is_known) for name in PARTS})


def sum_posts(posts: pd.DataFrame, workers: pd.DataFrame) -> Grids:
    """Grids of establishment and its parts, FTE."""
    parts = calculate_post_parts(posts, workers)
    return sum_by_place(parts, ["fte", *PARTS], period="as_at", who="post_id")


def sum_staff(workers: pd.DataFrame, employment: str) -> Grids:
    """Grids of one kind of staff: FTE, people, FTE on long absence, days lost to sickness.

    A person in two posts brings the FTE and the days of both rows, and counts as one person.
    """
    staff = leave_out_support(workers)
    staff = staff[staff["employment"] == employment]
    staff = staff.assign(long_absence=staff["fte"].where(staff["absence"] != "none", 0.0))
    columns = ["fte", "long_absence", "days_lost"]
    return sum_by_place(staff, columns, period="as_at", who="worker_id")


def sum_stock(
    posts: pd.DataFrame, workers: pd.DataFrame, *, months: pd.DatetimeIndex,
    has_posts: bool | None = None,
) -> Stock:  # fmt: skip
    """Posts and people on shared places and months; an empty table gives no grids.

    With ``has_posts`` an empty table of posts gives blank ones: none of its extracts is of use.
    """
    has_posts = bool(len(posts)) if has_posts is None else has_posts
    tables = {"posts": (posts, sum_posts(posts, workers))} if has_posts else {}
    if len(workers):
        tables |= {kind: (workers, sum_staff(workers, kind)) for kind in EMPLOYMENTS}
    seen = find_seen([grids["people"].notna() for _, grids in tables.values()], periods=months)
    aligned = {
        name: align_grids(grids, seen=seen, covered=pd.DatetimeIndex(table["as_at"].unique()))
        for name, (table, grids) in tables.items()
    }
    return Stock(seen, aligned)


def list_stock_figures(stock: Stock) -> list[Figure]:
    """Posts, vacancies, staff in post and agency staff, at each month end."""
    figures = []
    if "posts" in stock.grids:
        figures.append(Figure("establishment_fte", stock.grids["posts"]["fte"]))
    if "permanent" in stock.grids:
        figures += _list_people(stock.grids["permanent"], stock.grids["agency"])
    if "posts" in stock.grids and "permanent" in stock.grids:
        figures += _list_vacancies(stock.grids)
    return figures


def _list_people(permanent: Grids, agency: Grids) -> list[Figure]:
    working_fte = agency["fte"] + permanent["fte"]
    working_people = agency["people"] + permanent["people"]
    return [
        Figure("inpost_fte", permanent["fte"]),
        Figure("inpost_headcount", permanent["people"]),
        Figure("long_absence_fte", permanent["long_absence"]),
        Figure("agency_fte", agency["fte"]),
        Figure("agency_headcount", agency["people"]),
        Figure("agency_rate_fte", agency["fte"], working_fte),
        Figure("agency_rate_headcount", agency["people"], working_people),
        Figure("permanent_to_agency_ratio_fte", permanent["fte"], agency["fte"]),
    ]


def _list_vacancies(grids: dict[str, Grids]) -> list[Figure]:
    vacancy, cover = grids["posts"]["vacancy"], grids["posts"]["cover"]
    uncovered = drop_noise(vacancy - cover)
    posts = vacancy + grids["permanent"]["fte"]
    return [
        Figure("vacancy_fte", vacancy),
        Figure("agency_cover_fte", cover),
        Figure("uncovered_vacancy_fte", uncovered),
        Figure("over_establishment_fte", grids["posts"]["over"]),
        Figure("vacancy_rate_fte", vacancy, posts),
        Figure("uncovered_vacancy_rate_fte", uncovered, posts),
        Figure("agency_cover_rate_fte", cover, grids["agency"]["fte"]),
        Figure("vacancy_agency_cover_rate_fte", cover, vacancy),
    ]


def list_absence_figures(stock: Stock) -> list[Figure]:
    """Sickness absence over twelve months.

    Days stay with the place where they were lost. Days of people who left before the month's
    end are on no month-end list and are left out.
    """
    if "permanent" not in stock.grids:
        return []
    permanent = stock.grids["permanent"]
    lost = sum_windows(permanent["days_lost"], MONTHS_IN_YEAR)
    months = pd.DatetimeIndex(stock.seen.columns)
    days = [working_days(month) for month in months]
    too_young = find_too_young(stock.seen, MONTHS_IN_YEAR, since=months[0])
    return [
        Figure("working_days_lost_fte", lost, None, too_young),
        Figure("absence_rate_fte", lost, permanent["fte"] * days, too_young),
    ]
