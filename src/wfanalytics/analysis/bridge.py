"""Why vacancies changed between two month ends, in parts that add up to the change exactly.

Month by month, each post's vacancy is worked out again after each thing that happened to it, in
this order: people went (leavers, internal moves), hours changed, the post itself was funded,
removed or changed, people came (internal moves, agency staff made permanent, starters). The
vacancy never falls below 0, so a leaver from an over-filled post opens no vacancy. What the lists
do not tell is ``unexplained``; what a new definition of the measure adds, ``definition_change``.
Parts of a service are withheld where few people are behind one.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
import pandas as pd

from wfanalytics.analysis.bridge_steps import Tables, list_people, list_steps, pair_posts
from wfanalytics.errors import ParameterError
from wfanalytics.measures.area_data import AreaData, list_withheld, select
from wfanalytics.measures.small_counts import find_withheld_cells
from wfanalytics.periods import format_month, month_end, parse_month
from wfanalytics.rounding import FLOAT_DIGITS
from wfanalytics.thresholds import MANAGERS

#: Parts of a change, in the order they are told.
PARTS = (
    "leavers", "starters", "conversions", "internal_moves", "posts_funded", "posts_removed",
    "reclassified", "definition_change", "unexplained",
)  # fmt: skip
#: One more part for uncovered vacancies.
COVER = "agency_cover"
_WENT = ("leavers", "internal_moves", "reclassified", "unexplained")
_CAME = ("internal_moves", "conversions", "starters", "reclassified", "unexplained")
_KEY = ["step", "post_id"]
_MONTHS_BEFORE = 12
#: Columns of the table, each of the parts it adds up; fewer parts leave fewer small cells.
GROUPS = {
    "staff": (),
    "leavers": ("leavers",),
    "joiners": ("starters", "conversions", "internal_moves"),
    "posts": ("posts_funded", "posts_removed", "reclassified"),
    "rest": ("definition_change", "unexplained"),
}
#: What the measures withhold of a group's people.
_MEASURE_OF = {"leavers": "leavers_12m_headcount", "joiners": "starters_12m_headcount"}


class Walk(NamedTuple):
    """The month ends of a walk, what became of each person, and what each part added to a post."""

    months: pd.DatetimeIndex
    people: pd.DataFrame
    added: pd.DataFrame


def find_since(data: AreaData, since: str | None = None) -> pd.Timestamp | None:
    """The month end a change is counted from: as asked, else a year before, else the earliest.

    None where there is no earlier month with both posts and staff lists.

    Raises
    ------
    ParameterError
        for a month that is not before the one reported.
    """
    if since:
        asked = month_end(parse_month(since))
        if asked >= data.month:
            raise ParameterError(
                f"Parameter 'since' is {since}; allowed a month before {format_month(data.month)}."
            )
        return asked
    wanted = data.month - pd.offsets.MonthEnd(_MONTHS_BEFORE)
    months = list_steps(data.tables, since=pd.Timestamp.min, until=data.month)
    earlier = months[months < data.month]
    if earlier.empty:
        return None
    return max(wanted, pd.Timestamp(earlier[0]))


def calculate_bridge(data: AreaData, *, since: pd.Timestamp) -> pd.DataFrame:
    """Parts of the change in the authority's vacancies from ``since`` to the month reported.

    Returns
    -------
    A row ``start``, one a part of ``PARTS`` and ``agency_cover``, and a row ``end``, with columns
    ``vacancy_fte`` and ``uncovered_fte`` (FTE; of a part, what it added) and ``vacancy_rate``,
    ``uncovered_rate`` (fractions). Start and parts add up to the end in each column. Empty where
    either month has no figure, or neither post nor staff.

    A rate's change is shared out by the identity d(V/D) = (dV - r dD) / D, r and D the means of
    both ends, which is exact and treats both ends alike.
    """
    if not has_both_ends(data, since=since):
        return pd.DataFrame()
    ends = _list_ends(data, since)
    walk = walk_area(data, since)
    stock = (walk.people["held_1"] - walk.people["held_0"]).groupby(walk.people["part"]).sum()
    vacancy = walk.added.groupby("part")["value"].sum()
    parts = pd.DataFrame({"vacancy": vacancy, "stock": stock}).reindex(PARTS).fillna(0.0)
    change = ends.iloc[1] - ends.iloc[0]
    versions = select(data, "vacancy_fte").set_index("period_end")["definition_version"]
    is_same = versions[since] == versions[data.month]
    rest = "unexplained" if is_same else "definition_change"
    parts.loc[rest] += change[["vacancy", "stock"]] - parts.sum()
    parts.loc[COVER] = 0.0
    return _share_out(parts.round(FLOAT_DIGITS), ends, change)


def has_both_ends(data: AreaData, *, since: pd.Timestamp) -> bool:
    """Whether there is a change to explain: both months have their figures, and posts."""
    ends = _list_ends(data, since)
    return bool(ends.notna().all(axis=None) and (ends["vacancy"] + ends["stock"] > 0).all())


def _list_ends(data: AreaData, since: pd.Timestamp) -> pd.DataFrame:
    """Vacancies, agency cover and staff in post at both ends, FTE."""
    names = {"vacancy": "vacancy_fte", "cover": "agency_cover_fte", "stock": "inpost_fte"}
    found = {name: select(data, m).set_index("period_end")["value"] for name, m in names.items()}
    return pd.DataFrame(found).reindex([since, data.month])


def _share_out(parts: pd.DataFrame, ends: pd.DataFrame, change: pd.Series) -> pd.DataFrame:
    base = ends["vacancy"] + ends["stock"]
    cover = pd.Series(0.0, index=parts.index)
    cover[COVER] = -change["cover"]
    columns = {}
    for name, level, added in (
        ("vacancy", ends["vacancy"], parts["vacancy"]),
        ("uncovered", ends["vacancy"] - ends["cover"], parts["vacancy"] + cover),
    ):
        rate = level / base.where(base > 0)
        effect = (added - rate.mean() * (parts["vacancy"] + parts["stock"])) / base.mean()
        for unit, values, by_part in (("fte", level, added), ("rate", rate, effect)):
            columns[f"{name}_{unit}"] = [values.iloc[0], *by_part, values.iloc[1]]
    rows = pd.DataFrame(columns)
    fte = ["vacancy_fte", "uncovered_fte"]
    rows[fte] = rows[fte].round(FLOAT_DIGITS) + 0.0
    return rows.assign(part=["start", *parts.index, "end"])


@lru_cache(maxsize=2)
def walk_area(data: AreaData, since: pd.Timestamp) -> Walk:
    """The walk from a month end to the month reported, worked out once for every bridge of it."""
    months = list_steps(data.tables, since=since, until=data.month)
    people = list_people(data.tables, months)
    return Walk(months, people, walk_posts(data.tables, people, months))


def walk_posts(tables: Tables, people: pd.DataFrame, months: pd.DatetimeIndex) -> pd.DataFrame:
    """What each part added to each post's vacancy, FTE: ``post_id``, ``service``, ``part``, value.

    A post that changes service leaves the one (a fall there) and joins the other (a rise), both
    ``reclassified``. ``people`` is that of :func:`list_people`.
    """
    posts = pair_posts(tables["posts"], months).set_index(_KEY)
    held = _sum_people(people, posts.index, ["held_0", "unsure_0"]).to_numpy().T
    fte = posts["fte_0"].to_numpy()
    found: list[pd.DataFrame] = []
    so_far = _vacancy(fte, held)

    def note(part: pd.Series | str, service: pd.Series, value: np.ndarray) -> None:
        found.append(posts[[]].assign(part=part, service=service, value=value).reset_index())

    for is_in, order in ((False, _WENT), (True, _CAME)):
        for part in order:
            chosen = people[(people["part"] == part) & (people["is_in"] == is_in)]
            moved = [_sum_people(chosen, posts.index, [f"held_{e}", f"unsure_{e}"]) for e in (0, 1)]
            held = (held + (moved[1].to_numpy() - moved[0].to_numpy()).T).round(FLOAT_DIGITS)
            after = _vacancy(fte, held)
            note(part, posts[f"service_{int(is_in)}"], after - so_far)
            so_far = after
        if not is_in:
            fte = posts["fte_1"].to_numpy()
            after = _vacancy(fte, held)
            has_moved = (posts["service_0"] != posts["service_1"]).to_numpy()
            note(posts["part"], posts["service_0"], np.where(has_moved, 0.0, after) - so_far)
            note(posts["part"], posts["service_1"], np.where(has_moved, after, 0.0))
            so_far = after
    rows = pd.concat(found, ignore_index=True)
    return rows[rows["value"] != 0]


def _sum_people(people: pd.DataFrame, posts: pd.MultiIndex, columns: list[str]) -> pd.DataFrame:
    return people.groupby(_KEY)[columns].sum().reindex(posts).fillna(0.0)


def _vacancy(fte: np.ndarray, held: np.ndarray) -> np.ndarray:
    """FTE less the FTE held, not below 0; 0 where somebody of unknown FTE holds the post."""
    gap = np.clip(fte - held[0], 0.0, None).round(FLOAT_DIGITS)
    return np.where(held[1] > 0, 0.0, gap)


def calculate_service_bridge(data: AreaData, *, since: pd.Timestamp) -> pd.DataFrame:
    """Vacancies of each service at both ends, FTE, and what each group of parts added.

    Returns
    -------
    A row a service and one of ``start``, the groups and ``end``, with ``value`` and ``status``:
    ``suppressed`` where few people are behind it, or where it would give such a one away; the
    whole row where its vacancies at either end are withheld. Leavers and joiners are one group,
    ``staff``, but for the years that the measures show of services.
    """
    groups = _choose_groups(data, since)
    group_of = {part: group for group, parts in groups.items() for part in parts}
    months, people, walked = walk_area(data, since)
    walked = walked.assign(group=walked["part"].map(group_of))
    added = walked.pivot_table(index="service", columns="group", values="value", aggfunc="sum")
    ends = select(data, "vacancy_fte", level="service")
    ends = ends[ends["period_end"].isin([since, data.month])]
    secret = set(ends.loc[ends["status"] == "suppressed", "area_name"])
    wide = ends.pivot_table(
        index="area_name", columns="period_end", values="value", dropna=False, observed=True
    )
    wide = wide.reindex(columns=[since, data.month]).fillna(0.0)
    wide.columns = pd.Index(["start", "end"])
    wide = wide.join(added.reindex(columns=list(groups))).fillna(0.0)
    rest = wide["end"] - wide["start"] - wide[list(groups)].sum(axis=1)
    wide["rest"] = (wide["rest"] + rest).round(FLOAT_DIGITS)
    counts = _count_people(data, people, months, group_of).reindex(wide.index).fillna(0.0)
    also = [counts.index.isin(list_withheld(data, _MEASURE_OF.get(group, ""), level="service",
                                            at=data.month)) for group in counts]  # fmt: skip
    # The table prints FTE, so nobody can add up the people behind its cells.
    cells = find_withheld_cells(
        counts.to_numpy(), rules=data.disclosure, also=np.column_stack(also), fewest=-np.inf
    )
    hidden = pd.DataFrame(cells, counts.index, counts.columns)
    order = ["start", *groups, "end"]
    rows = wide[order].round(FLOAT_DIGITS).stack().rename("value").reset_index()  # noqa: PD013
    rows.columns = pd.Index(["area_name", "part", "value"])
    hidden = hidden.reindex(columns=order, fill_value=False)
    hidden.loc[hidden.index.isin(secret)] = True
    is_hidden = hidden.to_numpy().ravel()
    status = pd.Series("ok", index=rows.index).mask(is_hidden, "suppressed")
    return rows.assign(value=rows["value"].mask(is_hidden), status=status)


def _choose_groups(data: AreaData, since: pd.Timestamp) -> dict[str, tuple[str, ...]]:
    """Who left and who joined apart for whole years to the yearly month, as the measures have them.

    Shown every month, the difference of two would be a month's leavers of a service.
    """
    groups = {group: parts for group, parts in GROUPS.items() if parts}
    is_yearly = since.month == data.month.month == data.disclosure.yearly_month
    if is_yearly or data.audience == MANAGERS:
        return groups
    rest = {group: parts for group, parts in groups.items() if group not in _MEASURE_OF}
    return {"staff": groups["leavers"] + groups["joiners"], **rest}


def _count_people(
    data: AreaData, people: pd.DataFrame, months: pd.DatetimeIndex, group_of: dict[str, str]
) -> pd.DataFrame:
    """How many different people are behind each service and group; a stay unchanged is nobody."""
    posts = pair_posts(data.tables["posts"], months)[["step", "post_id", "service_0", "service_1"]]
    moved = people[(people["held_0"] != people["held_1"])
                   | (people["unsure_0"] != people["unsure_1"])]  # fmt: skip
    moved = moved.merge(posts, on=["step", "post_id"], how="inner", validate="many_to_one")
    service = moved["service_1"].where(moved["is_in"], moved["service_0"])
    return (
        moved.assign(service=service, group=moved["part"].map(group_of))
        .pivot_table(index="service", columns="group", values="worker_id", aggfunc="nunique")
        .reindex(columns=list(dict.fromkeys(group_of.values()))).fillna(0.0)
    )  # fmt: skip
