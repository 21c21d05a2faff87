"""Small numbers of people are withheld, and cannot be had by one subtraction."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wfanalytics.measures.area import open_area
from wfanalytics.measures.disclosure import SMALLEST_COUNT, mask_small_counts

END = pd.Timestamp("2020-09-30")


def make_rows(counts, *, measure="agency_headcount", level="team", base=None):
    rows = [
        {
            "measure": measure,
            "period_end": END,
            "period_type": "snapshot",
            "area_level": level,
            "area_code": code,
            "source": "local",
            "numerator": float(people),
            "denominator": np.nan if base is None else float(base),
            "value": float(people) if base is None else people / base,
            "status": "ok",
        }
        for code, people in counts.items()
    ]
    return pd.DataFrame(rows)


def hidden(frame, measure="agency_headcount"):
    rows = frame[(frame["measure"] == measure) & (frame["status"] == "suppressed")]
    return set(rows["area_code"])


def test_counts_of_one_to_four_are_withheld_and_five_and_nought_are_not():
    rows = make_rows({"a": 0, "b": 1, "c": 4, "d": 5, "e": 30})
    masked = mask_small_counts(rows)
    assert hidden(masked) == {"b", "c"}
    assert masked.set_index("area_code").loc["b", ["value", "numerator"]].isna().all()
    assert masked.set_index("area_code").loc["a", "value"] == 0


def test_one_withheld_place_takes_the_next_smallest_with_it():
    rows = make_rows({"a": 3, "b": 9, "c": 12})
    assert hidden(mask_small_counts(rows)) == {"a", "b"}


def test_a_service_total_does_not_give_its_one_withheld_team_away():
    rows = make_rows({"a1": 3, "a2": 20, "b1": 2, "b2": 9})
    parents = {"service": {"a1": "A", "a2": "A", "b1": "B", "b2": "B"}}
    assert hidden(mask_small_counts(rows)) == {"a1", "b1"}
    assert hidden(mask_small_counts(rows, parents=parents)) == {"a1", "a2", "b1", "b2"}


def test_the_place_withheld_with_a_small_one_serves_all_its_totals_at_once():
    rows = make_rows({"a1": 4, "a2": 9, "a3": 5, "b1": 5, "b2": 6})
    parents = {
        "service": {"a1": "A", "a2": "A", "a3": "A", "b1": "B", "b2": "B"},
        "locality": {"a1": "N", "a2": "N", "a3": "S", "b1": "N", "b2": "S"},
    }
    # The smallest, a3 and b1, would each leave the other total open and take two more with them.
    assert hidden(mask_small_counts(rows, parents=parents)) == {"a1", "a2"}


def test_what_rests_on_a_withheld_count_is_withheld_with_it():
    heads = make_rows({"a": 3, "b": 2, "c": 12})
    rate = make_rows({"a": 3, "b": 2, "c": 12}, measure="agency_rate_headcount", base=40)
    fte = make_rows({"a": 2.6, "b": 2.0, "c": 11.5}, measure="agency_fte")
    masked = mask_small_counts(pd.concat([heads, rate, fte], ignore_index=True))
    assert hidden(masked, "agency_rate_headcount") == {"a", "b"}
    assert hidden(masked, "agency_fte") == {"a", "b"}


def test_shares_of_case_holders_are_withheld_on_a_small_numerator():
    heads = make_rows({"a": 12, "b": 30}, measure="case_holders_headcount")
    share = make_rows({"a": 3, "b": 20}, measure="caseload_above_rate", base=30)
    masked = mask_small_counts(pd.concat([heads, share], ignore_index=True))
    assert hidden(masked, "caseload_above_rate") == {"a"}


def test_long_absence_below_five_fte_is_withheld():
    rows = make_rows({"a": 0.8, "b": 6.0}, measure="long_absence_fte", level="service")
    assert hidden(mask_small_counts(rows), "long_absence_fte") == {"a"}


def test_vacancies_are_posts_and_an_authority_is_not_masked():
    posts = make_rows({"a": 1.0}, measure="uncovered_vacancy_fte")
    whole = make_rows({"E1": 2}, measure="leavers_headcount", level="authority")
    masked = mask_small_counts(pd.concat([posts, whole], ignore_index=True))
    assert (masked["status"] == "ok").all()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 12), min_size=2, max_size=9))
def test_no_total_leaves_exactly_one_place_withheld(counts):
    rows = make_rows({f"t{i}": n for i, n in enumerate(counts)})
    before = rows.copy()
    masked = mask_small_counts(rows)
    pd.testing.assert_frame_equal(rows, before)
    is_hidden = masked["status"] == "suppressed"
    small = rows["value"].between(1, SMALLEST_COUNT - 1)
    assert is_hidden[small].all()
    others = (rows["value"] > 0) & ~small
    assert is_hidden.sum() != 1 or not others.any()


@pytest.mark.parametrize("level", ["service", "locality", "team"])
def test_the_sample_shows_no_count_of_one_to_four_below_the_authority(level):
    measures = open_area("exampleshire", month="2020-09").measures
    heads = measures[measures["measure"].str.endswith("_headcount")]
    heads = heads[(heads["area_level"] == level) & (heads["numerator"].notna())]
    counts = heads[heads["denominator"].isna()]["value"]
    assert not counts.between(0, SMALLEST_COUNT, inclusive="neither").any()
