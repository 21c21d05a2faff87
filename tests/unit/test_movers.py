"""Reasons, origins, roles, absence and agency stays, counted by hand."""

from __future__ import annotations

import pandas as pd
import pytest
from tests.unit.worlds import make_movements, make_workers

from wfanalytics.analysis.agency import (
    calculate_agency_tenure,
    calculate_projects,
    find_concentration,
    sum_months,
)
from wfanalytics.analysis.movers import calculate_role_turnover, count_words, find_movers
from wfanalytics.analysis.staffing import calculate_absence
from wfanalytics.thresholds import Disclosure

RULES = Disclosure()

MONTH = pd.Timestamp("2020-09-30")


def movers(**groups):
    words = [word for word, count in groups.items() for _ in range(count)]
    return pd.DataFrame({"reason": words})


def test_words_shown_and_put_together():
    rows = count_words(
        movers(resignation=9, retired=5, dismissed=1, deceased=1), "reason", rules=RULES
    )
    # Two people would stand alone under "all others": the next smallest goes with them.
    assert rows[["name", "value"]].to_numpy().tolist() == [["resignation", 9], ["all others", 7]]
    assert rows["share"].tolist() == [9 / 16, 7 / 16]


def test_enough_others_stand_beside_every_shown_group():
    rows = count_words(
        movers(resignation=9, retired=5, dismissed=3, deceased=2), "reason", rules=RULES
    )
    assert rows["value"].tolist() == [9, 5, 5]


def test_fewer_than_ten_people_are_not_told_apart():
    assert count_words(movers(resignation=9), "reason", rules=RULES).empty
    assert len(count_words(movers(resignation=10), "reason", rules=RULES)) == 1


def test_code_numbers_are_read_with_their_own_list():
    codes = pd.DataFrame({"origin": ["4"] * 10, "destination": ["4"] * 10, "reason": ["4"] * 10})
    found = [
        count_words(codes, name, rules=RULES)["name"].item()
        for name in ("origin", "destination", "reason")
    ]
    assert found == ["agency", "social work, not an authority", "dismissed"]


def test_blank_words_are_not_recorded():
    assert count_words(pd.DataFrame({"reason": [""] * 10}), "reason", rules=RULES)[
        "name"
    ].item() == ("not recorded")


def test_movers_of_twelve_months_once_a_month_without_support_staff():
    workers = make_workers([{"as_at": MONTH, "worker_id": "S", "role": "support"}])
    rows = [
        {"date": "2019-09-30", "worker_id": "early"},
        {"date": "2019-10-01", "worker_id": "first"},
        {"date": "2020-09-30", "worker_id": "last"},
        {"date": "2020-10-01", "worker_id": "late"},
        {"date": "2020-05-01", "worker_id": "S"},
        {"date": "2020-06-01", "worker_id": "twice"},
        {"date": "2020-06-20", "worker_id": "twice"},
        {"date": "2020-06-20", "worker_id": "joins", "movement": "starter"},
        {"date": "2020-06-21", "worker_id": "made", "movement": "conversion"},
    ]
    tables = {"movements": make_movements(rows), "workers": workers}
    found = find_movers(tables, "leavers", through=MONTH)["worker_id"].tolist()
    assert found == ["first", "twice", "last"]
    assert find_movers(tables, "starters", through=MONTH)["worker_id"].tolist() == ["joins", "made"]


def staff(role, count, prefix, **more):
    return [{"as_at": MONTH, "worker_id": f"{prefix}{i}", "role": role, **more}
            for i in range(count)]  # fmt: skip


def test_role_turnover_by_hand():
    before = [{"as_at": "2020-06-30", "worker_id": f"L{i}"} for i in range(6)]
    before += [{"as_at": "2020-06-30", "worker_id": f"M{i}", "role": "senior_practitioner"}
               for i in range(5)]  # fmt: skip
    workers = make_workers(
        [
            *staff("case_holder", 30, "C"),
            *staff("case_holder", 10, "A", employment="agency"),
            *staff("senior_practitioner", 20, "P"),
            *staff("first_line_manager", 3, "F"),
            *staff("middle_manager", 4, "G"),
            *before,
        ]
    )
    leavers = [{"date": "2020-07-10", "worker_id": f"{who}{i}"}
               for who, count in (("L", 6), ("M", 5)) for i in range(count)]  # fmt: skip
    tables = {"workers": workers, "movements": make_movements(leavers)}
    rows = calculate_role_turnover(tables, through=MONTH, rules=RULES).set_index("role")
    assert list(rows.index) == ["managers", "senior practitioners", "case holders"]
    assert rows["permanent"].tolist() == [7, 20, 30]
    assert rows.loc["case holders", ["leavers", "turnover", "permanent_share"]].tolist() == [
        6, 6 / 30, 30 / 40,
    ]  # fmt: skip
    assert rows.loc["managers", "turnover"] == 0
    few = {"workers": workers, "movements": make_movements(leavers[:8])}
    rows = calculate_role_turnover(few, through=MONTH, rules=RULES).set_index("role")
    # Two senior practitioners left: withheld, and the six case holders with them.
    assert rows["leavers"].isna().tolist() == [False, True, True]
    assert rows["turnover"].isna().tolist() == [False, True, True]


def test_agency_staff_of_a_role_cannot_be_had_from_everybody_in_it():
    workers = make_workers([
        *staff("case_holder", 30, "C"), *staff("case_holder", 10, "A", employment="agency"),
        *staff("senior_practitioner", 20, "P"),
        *staff("senior_practitioner", 2, "Q", employment="agency"),
        *staff("qualified_without_cases", 12, "N"),
        *staff("qualified_without_cases", 5, "O", employment="agency"),
    ])  # fmt: skip
    tables = {
        "workers": workers,
        "movements": make_movements([{"date": "2019-01-01", "worker_id": "gone"}]),
    }
    rows = calculate_role_turnover(tables, through=MONTH, rules=RULES).set_index("role")
    # Another table prints 22 senior practitioners: beside 20 permanent that is two of agency. The
    # next smallest of each kind, 5 and 12, keep the column totals from telling them.
    assert rows[["permanent", "agency"]].isna().all(axis=1).to_dict() == {
        "senior practitioners": True, "case holders": False, "qualified, without cases": True,
    }  # fmt: skip


def test_a_role_withheld_elsewhere_is_withheld_with_its_companion():
    workers = make_workers([*staff("case_holder", 30, "C"), *staff("senior_practitioner", 3, "P"),
                            *staff("qualified_without_cases", 8, "N")])  # fmt: skip
    tables = {
        "workers": workers,
        "movements": make_movements([{"date": "2019-01-01", "worker_id": "gone"}]),
    }
    rows = calculate_role_turnover(tables, through=MONTH, rules=RULES).set_index("role")
    # Three are withheld among all roles, and the eight with them: here too.
    assert rows["permanent"].isna().to_dict() == {
        "senior practitioners": True, "case holders": False, "qualified, without cases": True,
    }  # fmt: skip


def test_absence_is_averaged_over_the_lists_of_the_year():
    months = pd.date_range("2019-10-31", periods=12, freq="ME")
    away = [{"as_at": month, "worker_id": f"M{i}", "absence": "maternity", "fte": 0.5}
            for i in range(6) for month in months[:6]]  # fmt: skip
    here = [{"as_at": month, "worker_id": "H"} for month in months]
    early = [{"as_at": "2019-09-30", "worker_id": "E", "absence": "maternity"}]
    agency = [{"as_at": MONTH, "worker_id": "A", "absence": "sickness", "employment": "agency"}]
    rows = calculate_absence(
        make_workers([*away, *here, *early, *agency]), through=MONTH, rules=RULES
    )
    whole = rows[rows["service"] == ""].set_index("absence")
    # Six people of half an FTE for six of twelve months: 1.5 FTE.
    assert whole.loc["maternity leave", ["people", "fte", "status"]].tolist() == [6, 1.5, "ok"]
    assert whole.loc["long-term sickness", "people"] == 0


def test_a_few_people_away_are_withheld_with_the_next_reason():
    rows = [{"as_at": MONTH, "worker_id": f"{kind}{i}", "absence": kind}
            for kind, count in (("maternity", 9), ("sickness", 6), ("suspension", 1))
            for i in range(count)]  # fmt: skip
    found = calculate_absence(make_workers(rows), through=MONTH, rules=RULES)
    whole = found[found["service"] == ""].set_index("absence")["status"]
    assert whole.to_dict() == {
        "long-term sickness": "suppressed",
        "maternity leave": "ok",
        "career break or suspension": "suppressed",
    }


def agency_rows(worker, start, months):
    return [{"as_at": month, "worker_id": worker, "employment": "agency",
             "start_date": pd.Timestamp(start)} for month in months]  # fmt: skip


def test_agency_stays_are_banded_by_calendar_months_and_broken_by_a_missing_list():
    ends = ["2020-07-31", "2020-08-31", "2020-09-30"]
    rows = []
    starts = {"new": "2020-07-01", "three": "2020-06-30", "six": "2020-03-30", "year": "2019-09-30"}
    for name, start in starts.items():
        for i in range(5):
            rows += agency_rows(f"{name}{i}", start, ends)
    # A new assignment of somebody who never went away counts from the first.
    rows += agency_rows("moved", "2019-01-01", ends[:1])
    rows += agency_rows("moved", "2020-08-01", ends[1:])
    # Away in August: the stay began again.
    rows += agency_rows("again", "2019-01-01", ends[:1])
    rows += agency_rows("again", "2020-09-01", ends[2:])
    table = calculate_agency_tenure(make_workers(rows), through=MONTH, rules=RULES)
    last = table[(table["period_end"] == MONTH) & (table["breakdown"] == "band")]
    assert dict(zip(last["band"], last["value"], strict=True)) == {
        "under 3 months": 6,
        "3 to 6 months": 5,
        "6 to 12 months": 5,
        "over a year": 6,
        "not known": 0,
    }
    year = table[(table["period_end"] == MONTH) & (table["breakdown"] == "year")]
    assert dict(zip(year["band"], year["value"], strict=True)) == {
        "over a year": 6, "a year or less": 16, "not known": 0,
    }  # fmt: skip
    assert year["share"].tolist() == [6 / 22, 16 / 22, 0.0]


def test_small_bands_are_withheld_with_the_next():
    rows = [row for i in range(9) for row in agency_rows(f"a{i}", "2019-01-01", [MONTH])]
    rows += [row for i in range(2) for row in agency_rows(f"b{i}", "2020-09-01", [MONTH])]
    table = calculate_agency_tenure(make_workers(rows), through=MONTH, rules=RULES)
    band = table[table["breakdown"] == "band"]
    assert band.set_index("band")["status"].to_dict() == {
        "under 3 months": "suppressed", "3 to 6 months": "ok", "6 to 12 months": "ok",
        "over a year": "suppressed", "not known": "ok",
    }  # fmt: skip
    assert band.loc[band["status"] == "suppressed", "value"].isna().all()


def test_project_teams_apart():
    rows = [{**row, "is_project_team": i < 6}
            for i in range(14) for row in agency_rows(f"a{i}", "2020-01-01", [MONTH])]  # fmt: skip
    found = calculate_projects(make_workers(rows), through=MONTH, rules=RULES)
    assert found["value"].tolist() == [6, 8]
    few = calculate_projects(make_workers(rows[2:]), through=MONTH, rules=RULES)
    assert few["status"].tolist() == ["suppressed", "suppressed"]


@pytest.mark.parametrize(
    ("people", "names"),
    [
        ([17, 10, 8, 3], ("a", "b")),
        ([22, 7, 7, 2], ("a",)),
        ([10, 8, 8, 8], None),  # three equals second to the first: that would be all of them
        ([20, 7, 7, 10], ("a", "d")),
        ([12, 8, 8, 9], ("a", "d")),
    ],
)
def test_places_that_together_hold_most(people, names):
    rows = pd.DataFrame({"area_name": list("abcd"), "value": people, "status": "ok"})
    found = find_concentration(rows, total=sum(people))
    assert (None if found is None else found.names) == names
    if found is not None:
        assert 2 * found.people > found.total


def test_withheld_places_are_not_named():
    rows = pd.DataFrame({"area_name": ["a", "b", "c"], "value": [10.0, None, None],
                         "status": ["ok", "suppressed", "suppressed"]})  # fmt: skip
    assert find_concentration(rows, total=25) is None
    assert find_concentration(rows, total=19).names == ("a",)


def test_quarters_end_with_the_month_and_need_all_three_months():
    ends = pd.date_range("2020-01-31", periods=8, freq="ME")
    rows = pd.DataFrame({"period_end": ends, "value": [9.0, 9, 1, 2, 3, 4, 5, 6], "status": "ok"})
    found = sum_months(rows, month=ends[-1], length=3)
    assert found["value"].tolist() == [6, 15]
    assert [str(day.date()) for day in found["period_end"]] == ["2020-05-31", "2020-08-31"]
    rows.loc[7, ["value", "status"]] = [None, "missing"]
    assert sum_months(rows, month=ends[-1], length=3)["status"].tolist() == ["ok", "missing"]
    assert sum_months(rows.head(0), month=ends[-1], length=3).empty


def test_a_project_that_is_a_whole_team_follows_the_teams_own_figure():
    rows = [{**row, "is_project_team": i < 6, "team": "Project" if i < 6 else "Other"}
            for i in range(14) for row in agency_rows(f"a{i}", "2020-01-01", [MONTH])]  # fmt: skip
    named = {"workers": make_workers(rows), "through": MONTH, "rules": RULES}
    assert calculate_projects(**named, withheld=[(MONTH, "Other")])["value"].tolist() == [6, 8]
    found = calculate_projects(**named, withheld=[(MONTH, "Project")])
    assert found["status"].tolist() == ["suppressed", "suppressed"]
    assert found["value"].isna().all()


def test_absence_of_services_follows_the_measures_own_mask():
    rows = [{"as_at": MONTH, "worker_id": f"{service}{i}", "service": service,
             "absence": "maternity" if i < 8 else "sickness"}
            for service in "STU" for i in range(16)]  # fmt: skip
    found = calculate_absence(make_workers(rows), through=MONTH, rules=RULES, withheld={"S"})
    found = found[found["absence"] == "maternity leave"].set_index("service")["status"]
    assert found.to_dict() == {"S": "suppressed", "T": "suppressed", "U": "ok", "": "ok"}
