"""How caseloads are spread, counted by hand; few people are never shown."""

from __future__ import annotations

import math
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.worlds import make_caseload, measure

import wfanalytics as wf
from wfanalytics.analysis.caseload_bands import NOT_ABOVE, calculate_service_bands
from wfanalytics.analysis.caseload_groups import (
    calculate_heavy,
    calculate_newly_qualified,
    calculate_types,
)
from wfanalytics.analysis.caseload_spread import (
    calculate_before_after,
    calculate_distribution,
    calculate_weekly_spread,
    find_week,
    list_holders,
)
from wfanalytics.measures.area_data import AreaData, select
from wfanalytics.measures.disclosure import find_dominated, mask_small_counts
from wfanalytics.thresholds import Disclosure

RULES = Disclosure()

WEEK = pd.Timestamp("2020-09-27")
MONTH = pd.Timestamp("2020-09-30")
BAND = (13.0, 16.0)


def make_area(rows, *, month=MONTH, **more):
    tables = {"caseload": make_caseload(rows)}
    measures = measure(tables, band=BAND, through=month)
    empty = pd.DataFrame()
    return AreaData("shire", "Shire", "local", month, measures, (), (), tables, empty, empty,
                    BAND, empty, **more)  # fmt: skip


def people(cases, *, week="2020-09-27", start=0, **more):
    """One full-time case holder for each number of cases."""
    return [
        {"week_ending": week, "worker_id": f"W{start + n}", "cases": count, **more}
        for n, count in enumerate(cases)
    ]


TEN = [8, 12, 13, 14, 15, 16, 16, 17, 21, 28]


def test_mean_median_and_shares_of_ten_people_are_counted_by_hand():
    row = calculate_weekly_spread(make_area(people(TEN))).iloc[-1]
    assert row["mean"] == 16.0
    assert row["median"] == 15.5
    assert (row["people_below"], row["people_within"], row["people_above"]) == (2, 5, 3)
    assert math.isnan(row["people_over_16"]), "three people"
    more = calculate_weekly_spread(make_area(people([*TEN, 22, 22, 22]))).iloc[-1]
    assert (more["people_over_16"], more["people_over_20"]) == (6, 5)


def test_each_is_counted_for_full_time_and_fte_shares_weigh_by_hours():
    half = {"week_ending": "2020-09-27", "worker_id": "H", "cases": 9, "fte": 0.5}
    row = calculate_weekly_spread(make_area([*people([14, 15]), half])).iloc[-1]
    assert row["mean"] == pytest.approx(38 / 2.5)
    assert (row["people_above"], row["fte_above"], row["fte_within"]) == (1, 0.5, 2.0)


def test_a_person_in_two_teams_is_one_case_holder():
    both = [{**people([9])[0], "team": team} for team in ("Alpha", "Beta")]
    row = calculate_weekly_spread(make_area(both)).iloc[-1]
    assert (row["people"], row["fte"], row["people_above"]) == (1, 1.0, 1)


def test_no_median_of_nine_people():
    assert math.isnan(calculate_weekly_spread(make_area(people(TEN[:9]))).iloc[-1]["median"])


def test_a_week_that_was_not_counted_is_missing_and_not_nought():
    data = make_area(people(TEN, week="2020-09-13") + people(TEN))
    rows = calculate_weekly_spread(data)
    assert rows["status"].tolist() == ["ok", "missing", "ok"]
    assert math.isnan(rows["people"].iloc[1])


def test_later_weeks_than_the_month_are_left_out():
    rows = people(TEN, week="2020-08-30") + people(TEN)
    assert find_week(make_area(rows, month=pd.Timestamp("2020-08-31"))) == pd.Timestamp(
        "2020-08-30"
    )
    assert len(calculate_weekly_spread(make_area(rows, month=pd.Timestamp("2020-08-31")))) == 1


def test_before_and_after_are_sums_of_their_weeks_and_need_half_of_them():
    weeks = pd.date_range("2020-08-02", "2020-09-27", freq="7D")
    rows = [row for n, week in enumerate(weeks)
            for row in people([10 if n < 4 else 20], week=str(week.date()))]  # fmt: skip
    spread = calculate_weekly_spread(make_area(rows))
    found = calculate_before_after(spread, date=pd.Timestamp("2020-08-30"), weeks=4)
    assert found["mean"].tolist() == [10.0, 20.0]
    assert found["weeks"].tolist() == [4, 4]
    late = calculate_before_after(spread, date=pd.Timestamp("2020-09-27"), weeks=4)
    assert late.empty, "one week after"


def test_bars_of_fewer_than_five_join_the_next_and_nothing_is_lost():
    cases = [5] * 2 + [12] * 4 + [13] * 5 + [16] * 6 + [17] * 7 + [19] * 5 + [40]
    rows = calculate_distribution(list_holders(make_area(people(cases))), band=BAND, rules=RULES)
    found = [(row.low, row.high, row.side, row.people) for row in rows.itertuples(index=False)]
    assert found == [
        (-math.inf, 13, "below", 6), (13, 14.5, "within", 5), (14.5, 16, "within", 6),
        (16, 18, "above", 7), (18, math.inf, "above", 6),
    ]  # fmt: skip


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.lists(st.floats(0.5, 60), min_size=1, max_size=80))
def test_a_distribution_holds_everybody_and_no_small_bar_beside_another(loads):
    rows = calculate_distribution(pd.DataFrame({"load": loads}), band=BAND, rules=RULES)
    assert rows["people"].sum() == len(loads)
    assert (rows["low"].iloc[1:].to_numpy() == rows["high"].iloc[:-1].to_numpy()).all()
    for side, bars in rows.groupby("side"):
        inside = sum(13 <= load <= 16 for load in loads)
        wanted = {"below": sum(load < 13 for load in loads), "within": inside,
                  "above": sum(load > 16 for load in loads)}[side]  # fmt: skip
        assert bars["people"].sum() == wanted
        assert len(bars) == 1 or (bars["people"] >= 5).all()


def service(name, below, within, above, start):
    cases = [10] * below + [14] * within + [18] * above
    return people(cases, start=start, service=name, team=f"{name} team")


def bands_of(rows):
    found = calculate_service_bands(make_area(rows), week=WEEK)
    return found.pivot_table(index="area_name", columns="part", values="number", dropna=False)


def test_bands_of_five_are_shown_and_smaller_ones_joined_or_withheld():
    rows = (
        service("A", 5, 6, 7, 0) + service("B", 3, 6, 7, 100) + service("C", 2, 7, 9, 200)
        + service("D", 6, 6, 4, 300) + service("E", 5, 5, 2, 400)
    )  # fmt: skip
    found = bands_of(rows)
    assert found.loc["A", ["below", "within", "above"]].tolist() == [5, 6, 7]
    assert found.loc["B", ["below", NOT_ABOVE, "above"]].tolist() == [0, 9, 7]
    assert found.loc["D"].isna().all()
    assert found.loc["E"].isna().all()


def test_one_service_alone_is_never_the_only_one_withheld():
    rows = service("A", 5, 6, 7, 0) + service("B", 9, 9, 9, 100) + service("C", 6, 6, 3, 200)
    found = bands_of(rows)
    assert found.loc["C"].isna().all()
    assert found.loc["A"].isna().all(), "else C is the total less the others"
    assert found.loc["B"].notna().all()


def test_a_service_of_few_or_of_one_large_holder_is_withheld():
    few = service("A", 0, 0, 4, 0)
    one = people([14] * 5, start=100, service="B") + people([90], start=150, service="B")
    found = bands_of(few + one + service("C", 5, 5, 5, 200))
    assert found.loc[["A", "B"]].isna().all(axis=None)
    assert found.loc["C"].notna().all()


def test_a_team_in_which_one_holds_over_half_is_withheld_and_not_alone():
    week = people([5] * 5, team="Alpha") + people([60], start=50, team="Alpha")
    before = people([14] * 6, team="Alpha", week="2020-08-30")
    others = [
        row for day in ("2020-09-27", "2020-08-30")
        for row in people([14] * 6, start=100, team="Beta", week=day)
        + people([15] * 9, start=200, team="Gamma", week=day)
    ]  # fmt: skip
    tables = {"caseload": make_caseload(week + before + others)}
    dominated = find_dominated(tables["caseload"], through=MONTH)
    assert [(code, str(day.date()), is_week) for code, day, is_week in dominated] == [
        ("alpha", "2020-09-27", True), ("alpha", "2020-09-30", False),
    ]  # fmt: skip
    measures = measure(tables, band=BAND, through=MONTH)
    for audience in ("public", "managers"):
        masked = mask_small_counts(measures, dominated=dominated, audience=audience)
        rows = masked[(masked["area_level"] == "team") & (masked["period_type"] == "snapshot")]
        for name in ("caseload_fte", "cases", "case_holders_fte", "case_holders_headcount"):
            last = rows[(rows["measure"] == name) & (rows["period_end"] == MONTH)]
            assert last.set_index("area_name")["status"].to_dict() == {
                "Alpha": "suppressed", "Beta": "suppressed", "Gamma": "ok",
            }  # fmt: skip
        august = rows[(rows["measure"] == "cases") & (rows["period_end"] < MONTH)]
        assert (august["status"] == "ok").all()


def test_bands_of_services_are_rounded_to_fives_where_the_profile_says_so():
    rows = service("A", 7, 8, 9, 0) + service("B", 9, 9, 9, 100)
    found = calculate_service_bands(make_area(rows, disclosure=Disclosure(rounded_to=5)), week=WEEK)
    shown = found[found["area_name"] == "A"].set_index("part")["number"]
    assert shown[["below", "within", "above"]].to_list() == [5, 10, 10]
    assert set(found["people"]) == {25}


def test_half_of_a_teams_cases_with_one_person_is_not_over_half():
    half, more = (make_caseload(people([10] * 4) + people([most], start=50)) for most in (40, 41))
    assert find_dominated(half, through=MONTH).empty
    assert len(find_dominated(more, through=MONTH)) == 2


def test_a_week_that_ends_with_its_month_is_that_months_last():
    may = make_caseload(
        people([10] * 4, week="2020-05-31") + people([41], start=50, week="2020-05-31")
    )
    dominated = find_dominated(may, through=pd.Timestamp("2020-05-31"))
    assert [(str(day.date()), is_week) for _, day, is_week in dominated] == [
        ("2020-05-31", True), ("2020-05-31", False),
    ]  # fmt: skip


def test_bands_are_withheld_where_the_measures_withhold_the_case_holders():
    rows = service("A", 5, 6, 7, 0) + service("B", 9, 9, 9, 100) + service("C", 6, 6, 8, 200)
    data = make_area(rows)
    is_it = (data.measures["measure"] == "case_holders_headcount") & (
        data.measures["area_name"] == "A"
    )
    hidden = data.measures.assign(status=data.measures["status"].mask(is_it, "suppressed"))
    found = calculate_service_bands(replace(data, measures=hidden), week=WEEK)
    # C is the next smallest above the band.
    assert found.groupby("area_name")["status"].first().to_dict() == {
        "A": "suppressed", "B": "ok", "C": "suppressed",
    }  # fmt: skip


def test_a_rule_of_ten_people_joins_bars_and_withholds_bands_of_nine():
    ten = Disclosure(smallest_count=10)
    cases = [11] * 9 + [12] * 9 + [13] * 9 + [15] * 9
    bars = calculate_distribution(list_holders(make_area(people(cases))), band=BAND, rules=ten)
    assert bars["people"].tolist() == [18, 18, 0]
    rows = service("A", 9, 9, 10, 0) + service("B", 12, 11, 10, 100) + service("C", 12, 12, 9, 200)
    found = calculate_service_bands(make_area(rows, disclosure=ten), week=WEEK)
    shown = found.pivot_table(index="area_name", columns="part", values="number", dropna=False)
    assert shown.loc["C"].isna().all()


def test_newly_qualified_staff_are_apart_and_withheld_below_five():
    new = people([10] * 5, start=100, is_newly_qualified=True)
    row = calculate_newly_qualified(make_area(people([16] * 5) + new), weight=0.6).iloc[0]
    assert (row["new_mean"], row["other_mean"], row["mean"]) == (10.0, 16.0, 13.0)
    assert row["weighted"] == pytest.approx(130 / (5 + 0.6 * 5))
    few = calculate_newly_qualified(make_area(people([16] * 5) + new[:4])).iloc[0]
    assert math.isnan(few["new_mean"])
    assert math.isnan(few["other_mean"]), "the others' mean would give theirs away"


def test_very_many_cases_are_counted_and_the_mean_is_given_without_them():
    managers = people([12, 9], start=200, role="first_line_manager")
    tray = {"week_ending": "2020-09-27", "worker_id": "", "cases": 7, "role": "", "fte": None,
            "fte_status": "not_applicable"}  # fmt: skip
    data = make_area([*people([15] * 100 + [36, 35]), *managers, tray], audience="managers")
    row = calculate_heavy(data, week=WEEK).iloc[0]
    assert (row["people_many"], row["people_managers"], row["tray_cases"]) == (1, 1, 7)
    assert row["mean"] == pytest.approx((1500 + 71 + 21) / 104)
    assert row["mean_without"] == pytest.approx((1500 + 35 + 9) / 102)


def test_in_a_small_authority_the_mean_without_one_person_is_withheld():
    row = calculate_heavy(make_area(people([15] * 9 + [50])), week=WEEK).iloc[0]
    assert math.isnan(row["people_many"])
    assert row["people_managers"] == 0
    assert math.isnan(row["mean_without"])


def test_types_add_up_to_the_cases_with_those_of_no_type_apart():
    rows = people([14, 10], cases_cin=4, cases_cp=2, cases_cla=1, cases_carer=1)
    found = calculate_types(make_area(rows), months=1).set_index("measure")
    assert found["value"].to_dict() == {"cin": 8, "cp": 4, "cla": 2, "carer": 2, "unknown": 8}
    assert found["share"].sum() == pytest.approx(1)


@pytest.fixture(scope="module")
def september():
    return wf.open_area("exampleshire", month="2020-09")


def test_the_weeks_of_the_sample_agree_with_the_measures(september):
    spread = calculate_weekly_spread(september).set_index("week_ending")
    for name, measure_id in (("mean", "caseload_fte"), ("people", "case_holders_headcount"),
                             ("fte", "case_holders_fte"), ("cases", "cases")):  # fmt: skip
        ours = select(september, measure_id, period_type="week").set_index("period_end")["value"]
        pd.testing.assert_series_equal(
            ours, spread[name].reindex(ours.index), check_names=False, check_freq=False
        )
    for part in ("below", "within", "above"):
        ours = select(september, f"caseload_{part}_rate", period_type="week")
        ours = ours.set_index("period_end")["numerator"]
        assert (ours.dropna() == spread[f"people_{part}"].reindex(ours.dropna().index)).all()


def test_a_local_weight_is_shown_only_where_the_profile_gives_one_and_beside_dfes(september):
    assert wf.exhibits.caseload_weighted(september).sentences == (
        "The area's profile gives no weight for newly qualified staff.",
    )
    data = AreaData(**{**vars(september), "newly_qualified_weight": 0.6})
    exhibit = wf.exhibits.caseload_weighted(data)
    assert exhibit.sentences == (
        "In the week ending 27 September 2020 the average caseload was 16.3 cases per FTE by "
        "DfE's measure.",
        "With newly qualified staff counted at 0.6 of their FTE, it was 16.3.",
    )
    assert list(exhibit.table.columns)[1].startswith("DfE's measure")


def test_a_weight_in_the_profile_reaches_the_area():
    from wfanalytics.settings import Profile

    given = {"area": "x", "name": "X", "authority_code": "E1",
             "sources": {"posts": {"folder": "posts"}}}  # fmt: skip
    assert Profile(**given).newly_qualified_weight is None
    assert Profile(**given, newly_qualified_weight=0.6).newly_qualified_weight == 0.6
    with pytest.raises(ValueError, match="less than or equal to 1"):
        Profile(**given, newly_qualified_weight=6)


def test_a_typical_caseload_in_exact_words(september):
    assert wf.exhibits.caseload_level(september).sentences == (
        "In the week ending 27 September 2020 the mean caseload was 16.3 cases per FTE and the "
        "median 16.0.",
        "Of 209 case holders, counted for full time, 94 (45%) held more than 16 cases and 14 (7%) "
        "held more than 20.",
        "In the 13 weeks before “Lockdown” (23 March 2020) the mean was 15.3; in the 13 weeks "
        "after, 14.7.",
    )


def test_heavy_caseloads_in_exact_words():
    data = make_area(people([15] * 100 + [36]))
    exhibit = wf.exhibits.caseload_heavy(data)
    assert exhibit.headline == (
        "Fewer than five case holders with more than 35 cases, no manager with more than 10"
    )
    assert exhibit.sentences == (
        "In the week ending 27 September 2020 fewer than five people held more than 35 cases, and "
        "no manager more than 10.",
        "The mean caseload is 15.2 with them and 15.0 without them.",
    )
    assert exhibit.table["Figure"].tolist()[:2] == ["fewer than 5", "0"]
    inside = wf.exhibits.caseload_heavy(replace(data, audience="managers"))
    assert inside.headline == "1 case holder with more than 35 cases, no manager with more than 10"


def test_no_exhibit_of_caseload_names_a_worker_or_a_maximum(september):
    most = int(september.tables["caseload"]["cases"].max())
    for name in ("caseload_level", "caseload_spread", "caseload_spread_services", "caseload_heavy"):
        exhibit = getattr(wf.exhibits, name)(september)
        said = " ".join([exhibit.headline, *exhibit.sentences, exhibit.table.to_string()])
        assert f" {most} cases" not in said
        workers = september.tables["caseload"]["worker_id"].unique()
        assert not any(worker and worker in said for worker in workers)


@pytest.mark.parametrize("name", [n for n in wf.exhibits.__all__ if n.startswith("caseload_")])
def test_without_caseload_extracts_or_for_a_published_area_each_exhibit_says_why(september, name):
    is_caseload = september.measures["measure"].str.contains("case")
    bare = AreaData(
        **{**vars(september), "tables": {}, "measures": september.measures[~is_caseload]}
    )
    exhibit = getattr(wf.exhibits, name)(bare)
    assert exhibit.status == "unavailable"
    assert exhibit.sentences[0].endswith(".")
    if name != "caseload_trend":
        published = AreaData(**{**vars(bare), "source": "published"})
        assert "DfE does not publish this" in getattr(wf.exhibits, name)(published).sentences[0]
