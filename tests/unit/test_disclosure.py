"""Small numbers of people are withheld, and cannot be had by one subtraction."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from wfanalytics.measures.area import open_area
from wfanalytics.measures.disclosure import mask_small_counts
from wfanalytics.thresholds import Disclosure

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


def test_a_rate_is_withheld_with_the_staff_of_its_denominator():
    staff = make_rows({"a": 3, "b": 12}, measure="inpost_headcount")
    rate = make_rows({"a": 6, "b": 7}, measure="agency_rate_headcount", base=20)
    masked = mask_small_counts(pd.concat([staff, rate], ignore_index=True))
    assert hidden(masked, "agency_rate_headcount") == {"a", "b"}


def test_vacancies_before_cover_and_staff_in_post_go_with_few_agency_staff():
    agency = make_rows({"a": 3, "b": 12, "c": 20})
    measures = ["vacancy_fte", "inpost_fte", "inpost_headcount", "uncovered_vacancy_fte"]
    others = [make_rows({"a": 6.0, "b": 9.0, "c": 9.0}, measure=measure) for measure in measures]
    masked = mask_small_counts(pd.concat([agency, *others], ignore_index=True))
    # Beside uncovered vacancies, which stay, each would give the agency's cover away.
    assert all(hidden(masked, measure) == {"a", "b"} for measure in measures[:-1])
    assert hidden(masked, "uncovered_vacancy_fte") == set()


@pytest.mark.parametrize("measure", ["leavers_headcount", "caseload_above_rate",
                                     "long_absence_fte"])  # fmt: skip
def test_what_is_nearly_always_small_is_for_the_authority_only(measure):
    parts = make_rows({"a": 30, "b": 20}, measure=measure, level="service")
    whole = make_rows({"E1": 50}, measure=measure, level="authority")
    assert hidden(mask_small_counts(pd.concat([parts, whole])), measure) == {"a", "b"}


def test_twelve_month_leavers_of_parts_are_shown_at_the_census_date_only():
    rows = make_rows({"a": 30, "b": 20}, measure="leavers_12m_headcount", level="service")
    july = rows.assign(period_end=pd.Timestamp("2020-07-31"))
    assert hidden(mask_small_counts(rows), "leavers_12m_headcount") == set()
    assert hidden(mask_small_counts(july), "leavers_12m_headcount") == {"a", "b"}
    summer = Disclosure(yearly_month=7)
    assert hidden(mask_small_counts(july, rules=summer), "leavers_12m_headcount") == set()


def test_sickness_needs_ten_people_and_no_team():
    staff = make_rows({"a": 9, "b": 30, "c": 40}, measure="inpost_headcount", level="service")
    days = make_rows({"a": 80, "b": 90, "c": 95}, measure="working_days_lost_fte", level="service")
    masked = mask_small_counts(pd.concat([staff, days], ignore_index=True))
    assert hidden(masked, "working_days_lost_fte") == {"a", "b"}
    teams = pd.concat([staff, days], ignore_index=True).assign(area_level="team")
    assert hidden(mask_small_counts(teams), "working_days_lost_fte") == {"a", "b", "c"}


def test_a_sickness_rate_does_not_tell_the_staff_in_post_that_few_agency_staff_withhold():
    """90 days on 20 FTE: 90 ÷ (90 ÷ 5080) ÷ 254 is 20, and with it the agency's cover."""
    agency = make_rows({"a": 3, "b": 12, "c": 20}, level="service")
    staff = make_rows({"a": 20, "b": 30, "c": 40}, measure="inpost_headcount", level="service")
    days = make_rows({"a": 90, "b": 90, "c": 95}, measure="working_days_lost_fte", level="service")
    rate = make_rows({"a": 90, "b": 90, "c": 95}, measure="absence_rate_fte", level="service",
                     base=20 * 254)  # fmt: skip
    masked = mask_small_counts(pd.concat([agency, staff, days, rate], ignore_index=True))
    assert hidden(masked, "inpost_headcount") == {"a", "b"}
    assert hidden(masked, "working_days_lost_fte") == set()
    assert hidden(masked, "absence_rate_fte") == {"a", "b"}


def test_the_rules_may_be_made_stricter_and_not_weaker():
    rows = make_rows({"a": 5, "b": 9, "c": 12})
    assert hidden(mask_small_counts(rows)) == set()
    assert hidden(mask_small_counts(rows, rules=Disclosure(smallest_count=6))) == {"a", "b"}
    with pytest.raises(ValidationError):
        Disclosure(smallest_count=3)


def test_two_small_counts_whose_sum_pins_them_take_a_third():
    # One and two make three: each could only be one or two.
    assert hidden(mask_small_counts(make_rows({"a": 1, "b": 2, "c": 9, "d": 20}))) == {
        "a", "b", "c",
    }  # fmt: skip


def test_a_bridge_between_two_rings_is_not_left_alone():
    # a, b, e are in one service; c, d, e in one locality: e would be the difference of two sums.
    rows = make_rows({"a": 4, "b": 4, "c": 4, "d": 4, "e": 4, "f": 30, "g": 40})
    parents = {
        "service": {"a": "S", "b": "S", "e": "S", "c": "T", "d": "T", "f": "U", "g": "U"},
        "locality": {"a": "L", "b": "L", "c": "M", "d": "M", "e": "M", "f": "N", "g": "N"},
    }
    assert {"a", "b", "c", "d", "e"} < hidden(mask_small_counts(rows, parents=parents))


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
    small = rows["value"].between(1, Disclosure().smallest_count - 1)
    assert is_hidden[small].all()
    others = (rows["value"] > 0) & ~small
    assert is_hidden.sum() != 1 or not others.any()


@pytest.mark.parametrize("level", ["service", "locality", "team"])
def test_the_sample_shows_no_count_of_one_to_four_below_the_authority(level):
    measures = open_area("exampleshire", month="2020-09").measures
    heads = measures[measures["measure"].str.endswith("_headcount")]
    heads = heads[(heads["area_level"] == level) & (heads["numerator"].notna())]
    counts = heads[heads["denominator"].isna()]["value"]
    assert not counts.between(0, Disclosure().smallest_count, inclusive="neither").any()


def test_a_figure_an_earlier_report_printed_is_no_cover_for_another():
    rows = make_rows({"a": 3, "b": 8, "c": 12})
    assert hidden(mask_small_counts(rows)) == {"a", "b"}
    printed = pd.MultiIndex.from_frame(
        rows.loc[rows["area_code"] == "b", ["measure", "area_level", "area_code", "period_end"]]
    )
    # b can be looked up, and a would be one subtraction: c is withheld too.
    assert hidden(mask_small_counts(rows, printed=printed)) == {"a", "c"}


def test_what_an_earlier_report_of_the_month_withheld_stays_out():
    """Shown beside what that report printed, it could give away what was withheld then."""
    now = make_rows({"a": 1.0, "b": 2.0, "c": 0.0}, measure="uncovered_vacancy_fte")
    before = now.assign(period_end=pd.Timestamp("2020-08-31"))
    weeks = make_rows({"a": 7}, measure="case_holders_headcount").assign(period_type="week")
    is_a = now["area_code"] == "a"
    keys = ["measure", "area_level", "area_code", "period_end"]
    left_out = pd.MultiIndex.from_frame(pd.concat([now[is_a], weeks])[keys])
    rows = pd.concat([now, before, weeks], ignore_index=True)
    masked = mask_small_counts(rows, left_out=left_out)
    assert hidden(masked[masked["period_end"] == END], "uncovered_vacancy_fte") == {"a"}
    assert hidden(masked[masked["period_end"] != END], "uncovered_vacancy_fte") == set()
    assert hidden(masked, "case_holders_headcount") == set()
    inside = mask_small_counts(rows, left_out=left_out, audience="managers")
    assert hidden(inside, "uncovered_vacancy_fte") == set()


def test_people_of_parts_may_be_rounded_to_fives_and_their_rates_with_them():
    heads = make_rows({"a": 7, "b": 8, "c": 0, "d": 2, "e": 12})
    rate = make_rows({"a": 7, "b": 8, "c": 0}, measure="agency_rate_headcount", base=42)
    whole = make_rows({"E1": 29}, level="authority")
    rows = pd.concat([heads, rate, whole], ignore_index=True)
    shown = mask_small_counts(rows, rules=Disclosure(rounded_to=5)).set_index("area_code")
    people = shown[shown["measure"] == "agency_headcount"]["value"]
    assert people.dropna().to_dict() == {"b": 10, "c": 0, "e": 10, "E1": 29}
    shares = shown[shown["measure"] == "agency_rate_headcount"]["value"]
    assert shares.dropna().to_dict() == {"b": 10 / 40, "c": 0}
    assert set(shown.loc[["b", "c", "e", "E1"], "status"]) == {"ok"}
    assert mask_small_counts(heads)["value"].dropna().tolist() == [8, 0, 12]


def test_only_figures_of_a_year_wait_for_the_yearly_month():
    july = pd.Timestamp("2020-07-31")
    rows = make_rows({"a": 30, "b": 40}, measure="inpost_headcount").assign(period_end=july)
    assert hidden(mask_small_counts(rows), "inpost_headcount") == set()


@pytest.mark.parametrize(
    ("small_in", "withheld"), [("2019-10-31", {"a", "b"}), ("2019-09-30", set())]
)
def test_turnover_on_average_stock_is_withheld_while_its_mean_holds_a_withheld_month(
    small_in, withheld
):
    # The mean to October 2020 is that of thirteen month ends, from October 2019 on.
    name, end = "turnover_average_stock_headcount", pd.Timestamp("2020-10-31")
    stock = make_rows({"a": 3, "b": 30, "c": 40}, measure="inpost_headcount")
    left = make_rows({"a": 6, "b": 7, "c": 9}, measure="leavers_12m_headcount")
    rate = make_rows({"a": 6, "b": 7, "c": 9}, measure=name, base=50)
    rows = pd.concat(
        [stock.assign(period_end=pd.Timestamp(small_in)), left.assign(period_end=end),
         rate.assign(period_end=end)], ignore_index=True,
    )  # fmt: skip
    assert hidden(mask_small_counts(rows, rules=Disclosure(yearly_month=10)), name) == withheld
