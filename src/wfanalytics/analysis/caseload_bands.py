"""Service by service: how many case holders are below, within and above the band."""

from __future__ import annotations

import pandas as pd

from wfanalytics.analysis.caseload_spread import take_caseload
from wfanalytics.analysis.small_counts import hide_companions
from wfanalytics.measures.area_data import AreaData
from wfanalytics.measures.caseload import BANDS, add_holdings
from wfanalytics.measures.disclosure import SMALLEST_COUNT

#: Below and within the band together, where one of them is too small to be shown alone.
NOT_ABOVE = "not_above"


def calculate_service_bands(data: AreaData, *, week: pd.Timestamp) -> pd.DataFrame:
    """A row a service and one of ``below``, ``within``, ``not_above``, ``above``, people.

    Every count shown is 0 or at least five. A service whose counts are not is shown as not above
    and above together, or else withheld; so is one with fewer than five case holders, or with
    one who holds over half of its cases. Where only one service would be without a count the
    next smallest goes too, since the authority's own counts are known. (By team most counts are
    of one to four people, so they are not shown at all.)

    Returns
    -------
    ``area_name``, ``part``, ``number`` (people), ``value`` (share of the case holders),
    ``people`` (all of them) and ``status``.
    """
    rows = take_caseload(data)
    held = add_holdings(rows[rows["week_ending"] == week], band=data.band)
    held = held[held["service"] != ""]
    cases = held.groupby(["service", "worker_id"])["cases"].sum().groupby("service")
    person = held.drop_duplicates(["service", "worker_id"]).groupby("service")
    counts = person[list(BANDS)].sum().assign(people=person.size())
    is_listed = (counts["people"] >= SMALLEST_COUNT) & (cases.max() <= 0.5 * cases.sum())
    is_clear = {part: (counts[part] == 0) | (counts[part] >= SMALLEST_COUNT) for part in BANDS}
    rest = counts["below"] + counts["within"]
    has_above = is_listed & is_clear["above"] & ((rest == 0) | (rest >= SMALLEST_COUNT))
    has_above = ~hide_companions(~has_above, counts["people"])
    is_split = has_above & is_clear["below"] & is_clear["within"]
    is_split = has_above & ~hide_companions(~is_split, counts["people"])
    numbers = pd.DataFrame(
        {
            "below": counts["below"].where(is_split, 0.0),
            "within": counts["within"].where(is_split, 0.0),
            NOT_ABOVE: rest.where(~is_split, 0.0),
            "above": counts["above"],
        }
    ).where(has_above, axis=0)
    long = numbers.rename_axis("area_name").reset_index().melt(
        "area_name", var_name="part", value_name="number"
    )  # fmt: skip
    people = long["area_name"].map(counts["people"].where(has_above))
    status = long["number"].notna().map({True: "ok", False: "suppressed"})
    return long.assign(value=long["number"] / people, people=people, status=status)
