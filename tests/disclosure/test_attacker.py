"""A reader of all tables of three successive reports cannot bound a withheld count tightly."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.disclosure.reader import COUNTS, KEY, YEARLY, Reader

from wfanalytics.measures.area import open_area
from wfanalytics.measures.calculate import calculate_measures
from wfanalytics.measures.disclosure import MASKED_LEVELS, find_dominated, mask_small_counts

REPORTS = ("2020-07", "2020-08", "2020-09")
RANGE = 3


@pytest.fixture(scope="module")
def reports():
    """The figures behind three reports, the same as shown, and who belongs to whom."""
    data = open_area("exampleshire", month=REPORTS[-1])
    made = []
    for month in REPORTS:
        end = pd.Period(month).end_time.normalize()
        truth = calculate_measures(
            data.tables, authority_code="X1", authority_name="Exampleshire", through=end
        )
        # A year and more of what went before, as the tables of a report show.
        truth = truth[(truth["period_type"] != "week") & (truth["period_end"] > "2019-08-31")]
        dominated = find_dominated(data.tables["caseload"], through=end)
        shown = mask_small_counts(truth, parents=data.parents, dominated=dominated)
        made.append((truth, shown))
    return made, data.parents


def find_counts(truth, shown):
    """Keys of withheld counts of people, and the authority's own count of each."""
    rows = truth[truth["measure"].isin(COUNTS) & truth["area_level"].isin(MASKED_LEVELS)]
    hidden = shown["status"].reindex(rows.index) == "suppressed"
    keys = [tuple(key) for key in rows.loc[hidden & (rows["numerator"] > 0), KEY].to_numpy()]
    whole = truth[truth["area_level"] == "authority"]
    return keys, whole.set_index(["measure", "period_end"])["numerator"].to_dict()


def test_the_same_month_is_the_same_in_every_report(reports):
    made, _ = reports
    for (_, earlier), (_, later) in pairwise(made):
        both = earlier.merge(later, on=[*KEY, "period_type"], suffixes=("", "_later"))
        assert len(both) > 1000
        assert (both["status"] == both["status_later"]).all()


#: Measures that share a sum or a part are solved together; the others do not meet.
STAFF = ("inpost", "agency", "vacancy", "establishment", "uncovered", "permanent_to", "absence")
SYSTEMS = {
    "staff 2020-07": (STAFF, "2020-07"),
    "staff 2020-08": (STAFF, "2020-08"),
    "staff 2020-09": (STAFF, "2020-09"),
    "case holders 2020-09": (("case",), "2020-09"),
    "leavers of a year": (("leavers", "turnover", "inpost"), ""),
}


@pytest.mark.parametrize("system", SYSTEMS)
def test_no_withheld_count_of_three_reports_can_be_bounded_under_three(system, reports, say):
    made, parents = reports
    starts, month = SYSTEMS[system]
    frames = [truth for truth, _ in made[-1:]] + [shown for _, shown in made]
    chosen = [frame[frame["measure"].str.startswith(starts)] for frame in frames]
    if month:
        is_then = [frame["period_end"].dt.strftime("%Y-%m") == month for frame in chosen]
        chosen = [frame[flags] for frame, flags in zip(chosen, is_then, strict=True)]
    else:
        # Teams' months are as free as their services' are, and many.
        chosen = [frame[(frame["area_level"] != "team") & ~(
            frame["measure"].str.startswith("inpost") & (frame["period_end"] < "2020-09-30")
        )] for frame in chosen]  # fmt: skip
    truth, shown = chosen[0], pd.concat(chosen[1:]).drop_duplicates()
    keys, whole = find_counts(truth, chosen[-1])
    keys = [key for key in keys if month or key[3] == pd.Timestamp("2020-09-30")]
    bounds = Reader(shown, truth, parents).bound(keys)
    tight = {
        key: (low, high)
        for key, (low, high) in bounds.items()
        if high - low < min(RANGE, whole[key[0], key[3]])
    }
    assert tight == {}
    say(f"{system}: {len(keys)} withheld counts, none within fewer than "
        f"{min((int(high - low) for low, high in bounds.values()), default=0)} people")  # fmt: skip


def test_the_reader_finds_what_one_subtraction_gives_away(reports):
    made, parents = reports
    truth = made[-1][0]
    end = pd.Timestamp("2020-09-30")
    rows = truth[(truth["measure"] == "agency_headcount") & (truth["area_level"] == "service")]
    row = rows[(rows["period_end"] == end) & rows["numerator"].between(1, 4)].iloc[0]
    leaky = truth.copy()
    is_it = (leaky["area_code"] == row["area_code"]) & (leaky["area_level"] == "service")
    is_part = leaky["area_level"].isin(["team", "locality"])
    leaky.loc[is_it | is_part, ["numerator", "denominator"]] = np.nan
    key = tuple(row[name] for name in KEY)
    leaky, own = (frame[(frame["measure"] == "agency_headcount") & (frame["period_end"] == end)]
                  for frame in (leaky, truth))  # fmt: skip
    low, high = Reader(leaky, own, parents).bound([key])[key]
    assert low == high == row["numerator"]


@st.composite
def organisations(draw):
    """Teams with a service, a locality and a number of people each; all sums beside them."""
    teams = draw(st.integers(2, 8))
    services = draw(st.lists(st.integers(0, 2), min_size=teams, max_size=teams))
    localities = draw(st.lists(st.integers(0, 2), min_size=teams, max_size=teams))
    people = draw(st.lists(st.integers(0, 14), min_size=teams, max_size=teams))
    rows = pd.DataFrame({"team": [f"t{n}" for n in range(teams)], "people": people,
                         "service": [f"s{n}" for n in services],
                         "locality": [f"l{n}" for n in localities], "authority": "E1"})  # fmt: skip
    frames = [
        rows.groupby(level)["people"].sum().rename_axis("area_code").reset_index()
        .assign(area_level=level)
        for level in ("team", "service", "locality", "authority")
    ]  # fmt: skip
    parents = {level: dict(zip(rows["team"], rows[level], strict=True))
               for level in ("service", "locality")}  # fmt: skip
    truth = pd.concat(frames, ignore_index=True).rename(columns={"people": "value"})
    return truth.assign(
        measure="agency_headcount", period_end=pd.Timestamp("2020-09-30"), source="local",
        period_type="snapshot", numerator=truth["value"].astype(float), denominator=np.nan,
        value=truth["value"].astype(float), status="ok",
    ), parents  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(organisations())
def test_no_organisation_gives_a_count_away(organisation):
    truth, parents = organisation
    shown = mask_small_counts(truth, parents=parents)
    keys, _ = find_counts(truth, shown)
    small = truth[truth["numerator"].between(1, 4) & (truth["area_level"] != "authority")]
    assert {tuple(key) for key in small[KEY].to_numpy()} <= set(keys)
    if shown.loc[shown["area_level"] != "authority", "status"].eq("suppressed").all():
        return  # nothing but the authority's own figure is left: no more can be withheld
    for key, (low, high) in Reader(shown, truth, parents).bound(keys).items():
        assert high - low >= RANGE, (key, low, high)


def test_yearly_figures_of_parts_are_shown_once_a_year(reports):
    made, _ = reports
    shown = made[-1][1]
    rows = shown[shown["measure"].isin(YEARLY) & shown["area_level"].isin(MASKED_LEVELS)]
    assert set(rows.loc[rows["status"] == "ok", "period_end"].dt.month) == {9}
