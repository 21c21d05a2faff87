"""What happened to each post, and to each person in it, from one month end to the next.

A person's change of post is told apart by the two staff lists and, where somebody came or went,
by the lists of starters and leavers. What no list tells is ``unexplained``.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from wfanalytics.measures.posts import leave_out_support
from wfanalytics.settings import INTERNAL_MOVE_DAYS

Tables = Mapping[str, pd.DataFrame]
_PERSON = ["step", "worker_id"]
_KEY = [*_PERSON, "post_id"]


def list_steps(tables: Tables, *, since: pd.Timestamp, until: pd.Timestamp) -> pd.DatetimeIndex:
    """Month ends from one to the other that have both posts and staff lists."""
    both = set(tables["posts"]["as_at"]) & set(tables["workers"]["as_at"])
    return pd.DatetimeIndex(sorted(month for month in both if since <= month <= until))


def pair_steps(frame: pd.DataFrame, months: pd.DatetimeIndex, *, on: list[str]) -> pd.DataFrame:
    """Each row of a month's list beside the same row of the next month's, a row a step.

    Columns of the earlier list end in ``_0``, of the later in ``_1``; ``is_0`` and ``is_1`` say
    whether the row stands there. Step 0 is from the first month to the second.
    """
    position = {month: number for number, month in enumerate(months)}
    frame = frame[frame["as_at"].isin(months)]
    step = frame["as_at"].map(position).astype("int64")
    sides = [frame.assign(step=step, is_=True), frame.assign(step=step - 1, is_=True)]
    sides = [side[side["step"].between(0, len(months) - 2)] for side in sides]
    named = [
        side.drop(columns="as_at").rename(
            columns={name: f"{name.rstrip('_')}_{end}" for name in side if name not in on}
        )
        for end, side in enumerate(sides)
    ]
    paired = named[0].merge(named[1], on=on, how="outer", validate="one_to_one")
    return paired.assign(is_0=paired["is_0"].eq(True), is_1=paired["is_1"].eq(True))


def pair_posts(posts: pd.DataFrame, months: pd.DatetimeIndex) -> pd.DataFrame:
    """A row a post and step: ``fte_0``, ``fte_1`` (0 where it is no social work post), ``part``.

    ``part`` is what a change of the post itself is called.
    """
    own = posts.assign(fte=posts["fte"].where(posts["role"] != "support", 0.0))
    own = own[["as_at", "post_id", "service", "fte"]]
    paired = pair_steps(own, months, on=["step", "post_id"])
    part = pd.Series("reclassified", index=paired.index)
    part = part.mask(~paired["is_0"], "posts_funded").mask(~paired["is_1"], "posts_removed")
    return paired.assign(
        part=part,
        fte_0=paired["fte_0"].fillna(0.0),
        fte_1=paired["fte_1"].fillna(0.0),
        service_0=paired["service_0"].fillna(paired["service_1"]),
        service_1=paired["service_1"].fillna(paired["service_0"]),
    )


def list_people(tables: Tables, months: pd.DatetimeIndex) -> pd.DataFrame:
    """A row a person, post and step: FTE held before and after, and the ``part`` it belongs to.

    ``held_0`` and ``held_1`` are permanent social work FTE (0 where unknown), ``unsure_0`` and
    ``unsure_1`` 1 where the FTE is unknown. ``is_in`` marks people who came into the post.
    """
    staff = tables["workers"]
    own = leave_out_support(staff)
    own = own[own["employment"] == "permanent"][["as_at", "worker_id", "post_id", "fte"]]
    people = pair_steps(own, months, on=_KEY)
    known = people[["fte_0", "fte_1"]].notna().all(axis=1)
    part = pd.Series("reclassified", index=people.index).where(known, "unexplained")
    is_out, is_in = people["is_0"] & ~people["is_1"], people["is_1"] & ~people["is_0"]
    part = part.mask(is_out, _name_ways(people, staff, tables, months, end=1))
    part = part.mask(is_in, _name_ways(people, staff, tables, months, end=0))
    sides = {
        f"{name}_{end}": values
        for end in (0, 1)
        for name, values in (
            ("held", people[f"fte_{end}"].fillna(0.0)),
            ("unsure", (people[f"is_{end}"] & people[f"fte_{end}"].isna()).astype(float)),
        )
    }
    return people[_KEY].assign(**sides, part=part, is_in=is_in)


def _name_ways(
    people: pd.DataFrame, staff: pd.DataFrame, tables: Tables, months: pd.DatetimeIndex, *, end: int
) -> pd.Series:
    """The part of each person who left a post (``end`` 1) or came into one (``end`` 0).

    ``end`` is the side of the step on which the person is looked for elsewhere.
    """
    stands = people[people[f"is_{end}"]]
    is_elsewhere = _is_among(people, stands)
    listed = staff[["as_at", "worker_id", "employment"]].assign(
        step=staff["as_at"].map({month: number - end for number, month in enumerate(months)})
    )
    movements = tables.get("movements", pd.DataFrame())
    has_list = len(movements) > 0
    if has_list:
        movements = movements[movements["date"] < months[-1] + pd.Timedelta(days=1)]
    words = {
        kind: _is_among(people, _near(movements, kind, months))
        for kind in ("leaver", "conversion", "starter", "internal_move")
    }
    if end == 1:
        found = [("leavers", words["leaver"])]
    else:
        is_agency = _is_among(people, listed[listed["employment"] == "agency"])
        found = [("conversions", words["conversion"] | is_agency), ("starters", words["starter"])]
    ways = [
        ("internal_moves", is_elsewhere), *found, ("reclassified", _is_among(people, listed)),
        ("internal_moves", words["internal_move"]),
    ]  # fmt: skip
    # Without any list of movements, the staff lists alone tell who came and went.
    rest = "unexplained" if has_list else ("leavers" if end == 1 else "starters")
    part = pd.Series(rest, index=people.index)
    for name, is_so in reversed(ways):
        part = part.mask(is_so, name)
    return part


def _is_among(people: pd.DataFrame, others: pd.DataFrame) -> pd.Series:
    """Whether the person is among others in the same step."""
    found = pd.MultiIndex.from_frame(people[_PERSON])
    return pd.Series(found.isin(pd.MultiIndex.from_frame(others[_PERSON])), index=people.index)


def _near(movements: pd.DataFrame, kind: str, months: pd.DatetimeIndex) -> pd.DataFrame:
    """Step and person of each movement in the step, or within 31 days of it (late records)."""
    rows = movements[movements["movement"] == kind] if len(movements) else movements
    if rows.empty:
        return pd.DataFrame({"step": [], "worker_id": []})
    late = pd.Timedelta(days=INTERNAL_MOVE_DAYS)
    dates = rows["date"].to_numpy()
    is_near = (dates > (months[:-1] - late).to_numpy()[:, None]) & (
        dates <= (months[1:] + late).to_numpy()[:, None]
    )
    step, row = is_near.nonzero()
    found = pd.DataFrame({"step": step, "worker_id": rows["worker_id"].to_numpy()[row]})
    return found.drop_duplicates()
