"""Who is in the retention scheme and who is outside it, from the flag in the worker lists."""

from __future__ import annotations

import pandas as pd

from wfanalytics.analysis.small_counts import find_few, hide_companions

#: Lengths of service in years: at least this, and how a table calls it.
SERVICE_BANDS = ((0, "Under 2 years here"), (2, "2 to 5 years here"), (5, "5 years or more here"))


def calculate_take_up(workers: pd.DataFrame, *, by: str = "") -> pd.DataFrame:
    """People asked, signed and not signed, at each month end in ``workers``.

    Parameters
    ----------
    workers : clean table; only permanent social workers whose flag is yes or no count, each
        person once.
    by : ``service``, ``length`` (of service), or empty for the authority.

    Returns
    -------
    DataFrame with columns as_at, area_name, signed, outside, asked (people), share, status.
    By part, both signed and outside are at least five people or none, else withheld, with
    one more part where one alone could be had by subtraction.
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
        hidden = find_few(frame["signed"]) | find_few(frame["outside"])
        for _, rows in frame.groupby("as_at"):
            hidden[rows.index] = hide_companions(hidden[rows.index], rows["outside"])
    frame = frame.assign(share=frame["signed"] / frame["asked"])
    numbers = ["signed", "outside", "asked", "share"]
    frame[numbers] = frame[numbers].mask(hidden)
    return frame.assign(status=hidden.map({True: "suppressed", False: "ok"}))
