"""Social workers per child and the retention scheme, counted by hand; small groups withheld."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wfanalytics.analysis.staffing import calculate_take_up
from wfanalytics.analysis.worker_changes import (
    SMALLEST_CHILDREN,
    calculate_several,
    calculate_worker_changes,
)
from wfanalytics.thresholds import Disclosure

RULES = Disclosure()

END = pd.Timestamp("2020-09-30")


def allocate(*rows: tuple[int, int, str, str, str | None], service: str = "S") -> pd.DataFrame:
    """Rows (first child, children, worker, start, end): one allocation for each child."""
    return pd.DataFrame(
        [
            {"child_id": f"{service}{child}", "worker_id": worker, "service": service,
             "start_date": pd.Timestamp(start), "end_date": pd.Timestamp(end) if end else pd.NaT}
            for first, count, worker, start, end in rows
            for child in range(first, first + count)
        ]
    )  # fmt: skip


def test_each_worker_of_a_child_counts_once_and_only_in_the_year():
    rows = allocate(
        (0, 30, "a", "2019-01-01", None), (0, 12, "b", "2020-01-01", "2020-02-01"),
        (0, 12, "a", "2020-03-01", None),  # the same worker again
        (0, 30, "z", "2019-01-01", "2019-09-30"),  # ended the day before the year began
        (0, 30, "", "2020-01-01", None),  # a duty tray
        (0, 30, "y", "2020-10-01", None),  # after the month
    )  # fmt: skip
    found = calculate_worker_changes(rows, month=END)
    assert found[["workers", "is_last", "children"]].to_numpy().tolist() == [
        [1, False, 18], [2, True, 12],
    ]  # fmt: skip
    assert found["share"].tolist() == [0.6, 0.4]


def test_a_group_of_one_to_nine_children_is_merged_with_the_one_before():
    rows = allocate((0, 40, "a", "2020-01-01", None), (0, 15, "b", "2020-02-01", None),
                    (0, 4, "c", "2020-03-01", None))  # fmt: skip
    found = calculate_worker_changes(rows, month=END)
    assert found[["workers", "children"]].to_numpy().tolist() == [[1, 25], [2, 15]]
    assert found["is_last"].tolist() == [False, True]


def test_with_nine_children_there_is_nothing_to_show():
    assert calculate_worker_changes(allocate((0, 9, "a", "2020-01-01", None)), month=END).empty


def test_of_services_one_alone_is_not_left_to_subtract():
    def three(service: str, children: int, several: int) -> pd.DataFrame:
        return allocate(
            (0, children, "a", "2020-01-01", None), (0, several, "b", "2020-02-01", None),
            (0, several, "c", "2020-03-01", None), service=service,
        )  # fmt: skip

    rows = pd.concat([three("S", 100, 20), three("T", 60, 12), three("U", 50, 3)])
    found = calculate_several(rows, month=END, level="service").set_index("area_name")
    assert found["status"].to_dict() == {"S": "ok", "T": "suppressed", "U": "suppressed"}
    assert found.loc["S", "value"] == 0.2
    whole = calculate_several(rows, month=END, level="authority").iloc[0]
    assert (whole["numerator"], whole["denominator"]) == (35, 210)


@settings(deadline=None)
@given(st.lists(st.integers(0, 6), max_size=60))
def test_no_group_shown_is_of_fewer_than_ten_children(workers):
    parts = [
        allocate((child, 1, f"w{n}", "2020-01-01", None))
        for child, count in enumerate(workers) for n in range(count)
    ]  # fmt: skip
    rows = pd.concat(parts) if parts else allocate((0, 1, "", "2020-01-01", None))
    found = calculate_worker_changes(rows, month=END)
    assert (found["children"] >= SMALLEST_CHILDREN).all()
    assert found.empty or found["children"].sum() == sum(count > 0 for count in workers)


def staff(*groups: tuple[str, int, int], start: str = "2017-01-01") -> pd.DataFrame:
    """Groups (service, signed, not signed) of permanent social workers."""
    return pd.DataFrame(
        [
            {"as_at": END, "worker_id": f"{service}{answer}{n}", "service": service,
             "employment": "permanent", "role": "case_holder", "start_date": pd.Timestamp(start),
             "in_retention_scheme": answer}
            for service, yes, no in groups
            for answer, count in (("yes", yes), ("no", no)) for n in range(count)
        ]
    )  # fmt: skip


def test_take_up_counts_people_who_were_asked():
    workers = staff(("S", 17, 3))
    others = [{"employment": "agency"}, {"role": "support"}, {"in_retention_scheme": ""}]
    more = [workers.iloc[[0]].assign(worker_id=f"x{n}", **one) for n, one in enumerate(others)]
    found = calculate_take_up(pd.concat([workers, *more, workers.iloc[[0]]]), rules=RULES).iloc[0]
    assert (found["signed"], found["outside"], found["asked"]) == (17, 3, 20)
    assert found["share"] == pytest.approx(0.85)
    assert found["status"] == "ok"  # the authority's own figure


def test_fifteen_per_cent_outside_of_twenty_people_are_three_and_withheld():
    found = calculate_take_up(
        staff(("S", 17, 3), ("T", 40, 8), ("U", 90, 20)), by="service", rules=RULES
    )
    assert found.set_index("area_name")["status"].to_dict() == {
        "S": "suppressed", "T": "suppressed", "U": "ok",
    }  # fmt: skip
    assert found.loc[found["status"] == "suppressed", ["signed", "asked"]].isna().all(axis=None)


def test_those_asked_are_withheld_where_the_measures_withhold_who_is_in_post():
    workers = staff(("S", 20, 9), ("T", 40, 8), ("U", 90, 20))
    found = calculate_take_up(workers, by="service", rules=RULES, withheld={"S"})
    # T with S, or S would be the authority's less the others'.
    assert found.set_index("area_name")["status"].to_dict() == {
        "S": "suppressed", "T": "suppressed", "U": "ok",
    }  # fmt: skip


def test_services_are_rounded_to_fives_where_the_profile_says_so():
    fives = Disclosure(rounded_to=5)
    found = calculate_take_up(staff(("S", 22, 8), ("T", 40, 10)), by="service", rules=fives)
    found = found.set_index("area_name")
    assert found.loc["S", ["signed", "outside", "asked"]].tolist() == [20, 10, 30]
    assert found.loc["S", "share"] == 20 / 30
    assert calculate_take_up(staff(("S", 22, 8)), rules=fives)["asked"].item() == 30


def test_length_of_service_has_three_bands():
    workers = pd.concat([staff(("S", 10, 5), start="2019-09-30"),
                         staff(("T", 10, 6), start="2015-09-29")])  # fmt: skip
    found = calculate_take_up(workers, by="length", rules=RULES).set_index("area_name")["asked"]
    assert found.to_dict() == {"Under 2 years here": 15, "5 years or more here": 16}
