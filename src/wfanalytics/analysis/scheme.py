"""Who is in the retention scheme and who is outside it, from the flag in the worker lists."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd

from wfanalytics.measures.small_counts import find_withheld_cells
from wfanalytics.thresholds import Disclosure

#: Lengths of service in years: at least this, and how a table calls it.
SERVICE_BANDS = ((0, "Under 2 years here"), (2, "2 to 5 years here"), (5, "5 years or more here"))


def calculate_take_up(
    workers: pd.DataFrame, *, rules: Disclosure, by: str = "", withheld: Collection[str] = ()
) -> pd.DataFrame:
    """People asked, signed and not signed, at each month end in ``workers``.

    Parameters
    ----------
    workers : clean table; only permanent social workers whose flag is yes or no count, each
        person once.
    by : ``service``, ``length`` (of service), or empty for the authority.
    withheld : parts whose permanent staff the measures withhold: those asked would tell them.

    Returns
    -------
    DataFrame with columns as_at, area_name, signed, outside, asked (people), share, status.
    By part, neither signed nor outside are few people, else withheld, with as many more parts as
    keep them so beside the authority's.
    """
    asked = workers[
        workers["in_retention_scheme"].isin(("yes", "no"))
        & (workers["employment"] == "permanent") & (workers["role"] != "support")
    ].drop_duplicates(["as_at", "worker_id"])  # fmt: skip
    place = pd.Series("", index=asked.index)
    if by == "length":
        years = (asked["as_at"] - asked["start_date"]).dt.days / 365.25
        edges = [low for low, _ in SERVICE_BANDS]
        names = [name for _, name in SERVICE_BANDS]
        place = pd.cut(years, [*edges, float("inf")], right=False, labels=names)
    elif by:
        place = asked[by]
    signed = asked["in_retention_scheme"] == "yes"
    keys = [asked["as_at"], place.astype("str").rename("area_name")]
    grouped = signed.groupby(keys)
    frame = pd.DataFrame({"signed": grouped.sum(), "asked": grouped.size()}, dtype=float)
    frame = frame.assign(outside=frame["asked"] - frame["signed"]).reset_index()
    hidden = pd.Series(False, index=frame.index)
    if by:
        for _, rows in frame.groupby("as_at"):
            secret = rows["area_name"].isin(withheld).to_numpy()[:, None]
            people = rows[["signed", "outside"]].to_numpy()
            cells = find_withheld_cells(people, rules=rules, also=secret)
            hidden[rows.index] = np.asarray(cells).any(axis=1)
    people = ["signed", "outside", "asked"]
    if by == "service":
        frame[people] = rules.round_people(frame[people])
    frame = frame.assign(share=frame["signed"] / frame["asked"])
    frame[[*people, "share"]] = frame[[*people, "share"]].mask(hidden)
    return frame.assign(status=hidden.map({True: "suppressed", False: "ok"}))
