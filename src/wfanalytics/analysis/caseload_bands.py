"""Service by service: how many case holders are below, within and above the band."""

from __future__ import annotations

import numpy as np
import pandas as pd

from wfanalytics.analysis.caseload_spread import take_caseload
from wfanalytics.measures.area_data import AreaData, list_withheld
from wfanalytics.measures.caseload import BANDS, add_holdings
from wfanalytics.measures.small_counts import find_withheld_cells

#: Below and within the band together, where one of them is too small to be shown alone.
NOT_ABOVE = "not_above"


def calculate_service_bands(data: AreaData, *, week: pd.Timestamp) -> pd.DataFrame:
    """A row a service and one of ``below``, ``within``, ``not_above``, ``above``, people.

    No count shown is of few people. A service with one that is, is shown as not above and above
    together, or else withheld; so is one with a case holder who has over half of its cases, and
    one whose case holders the measures withhold. The next smallest go too where the authority's
    own counts would give one away. (By team most counts are of few people, so they are not shown
    at all.)

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
    is_secret = np.asarray(cases.max() > 0.5 * cases.sum())
    for day in (week, data.month):
        withheld = list_withheld(data, "case_holders_headcount", level="service", at=day)
        is_secret = is_secret | np.asarray(counts.index.isin(withheld))
    rest = counts["below"] + counts["within"]
    rules = data.disclosure
    cells = np.column_stack([rest, counts["above"]])
    is_hidden = np.asarray(
        find_withheld_cells(cells, rules=rules, also=is_secret[:, None]).any(axis=1)
    )
    has_above = pd.Series(~is_hidden, index=counts.index)
    cells = counts[["below", "within"]].to_numpy()
    is_joined = find_withheld_cells(cells, rules=rules, also=is_hidden[:, None]).any(axis=1)
    is_split = pd.Series(~is_joined, index=counts.index)
    numbers = pd.DataFrame(
        {
            "below": counts["below"].where(is_split, 0.0),
            "within": counts["within"].where(is_split, 0.0),
            NOT_ABOVE: rest.where(~is_split, 0.0),
            "above": counts["above"],
        }
    ).where(has_above, axis=0)
    numbers = rules.round_people(numbers)
    long = numbers.rename_axis("area_name").reset_index().melt(
        "area_name", var_name="part", value_name="number"
    )  # fmt: skip
    people = long["area_name"].map(rules.round_people(counts["people"]).where(has_above))
    status = long["number"].notna().map({True: "ok", False: "suppressed"})
    return long.assign(value=long["number"] / people, people=people, status=status)
