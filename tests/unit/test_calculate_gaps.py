"""What is missing stays missing: never a zero, never an absence, never a guess."""

from __future__ import annotations

import pandas as pd
import pytest
from tests.unit.worlds import (
    make_caseload,
    make_movements,
    make_posts,
    make_workers,
    measure,
    statuses,
    take,
)  # fmt: skip

from wfanalytics.errors import WfanalyticsError
from wfanalytics.measures.definition import round_shown
from wfanalytics.measures.definitions import find_definition

APRIL, MAY, JUNE = "2020-04-30", "2020-05-31", "2020-06-30"
FLOW_HEADS = ("leavers_headcount", "starters_headcount", "conversions_headcount")
YEAR = [str(day.date()) for day in pd.date_range("2019-04-30", "2020-04-30", freq="ME")]


def ends(frame: pd.DataFrame) -> list[str]:
    return [str(day.date()) for day in frame["period_end"]]


def test_a_month_without_lists_is_missing_for_each_place():
    workers = make_workers([{"as_at": APRIL}, {"as_at": JUNE}])
    frame = measure({"workers": workers})
    for level in ("authority", "service", "locality", "team"):
        assert statuses(frame, "inpost_fte", level=level) == [
            (APRIL, "ok"), (MAY, "missing"), (JUNE, "ok"),
        ]  # fmt: skip
    may = take(frame, "agency_rate_fte").iloc[1]
    assert may[["numerator", "denominator", "value"]].isna().all()


def test_vacancies_are_missing_where_only_the_worker_list_is():
    posts = make_posts([{"as_at": APRIL}, {"as_at": MAY}])
    frame = measure({"posts": posts, "workers": make_workers([{"as_at": APRIL}])})
    assert statuses(frame, "establishment_fte") == [(APRIL, "ok"), (MAY, "ok")]
    for name in ("vacancy_fte", "agency_cover_fte", "over_establishment_fte", "inpost_fte"):
        assert statuses(frame, name) == [(APRIL, "ok"), (MAY, "missing")]


def test_staff_are_counted_where_only_the_list_of_posts_is_missing():
    workers = make_workers([{"as_at": APRIL}, {"as_at": MAY}])
    frame = measure({"posts": make_posts([{"as_at": APRIL}]), "workers": workers})
    assert statuses(frame, "vacancy_rate_fte") == [(APRIL, "ok"), (MAY, "missing")]
    assert take(frame, "inpost_fte")["value"].tolist() == [1.0, 1.0]


def test_a_team_left_out_of_one_month_is_missing_there_and_gone_after_its_last():
    beta = {"team": "Beta", "worker_id": "W2", "post_id": "P2"}
    workers = make_workers(
        [{"as_at": day} for day in (APRIL, MAY, JUNE, "2020-07-31")]
        + [{"as_at": APRIL, **beta}, {"as_at": JUNE, **beta}]
    )
    frame = measure({"workers": workers})
    assert statuses(frame, "inpost_headcount", level="team", area_name="Beta") == [
        (APRIL, "ok"), (MAY, "missing"), (JUNE, "ok"),
    ]  # fmt: skip


def test_through_cuts_later_rows_and_shows_what_has_not_come():
    workers = make_workers([{"as_at": day} for day in (APRIL, MAY)])
    cut = measure({"workers": workers}, through=pd.Timestamp(APRIL))
    assert statuses(cut, "inpost_fte") == [(APRIL, "ok")]
    longer = measure({"workers": workers}, through=pd.Timestamp(JUNE))
    assert statuses(longer, "inpost_fte", level="team") == [
        (APRIL, "ok"), (MAY, "ok"), (JUNE, "missing"),
    ]  # fmt: skip


def test_an_unknown_fte_counts_in_people_and_fills_the_post():
    workers = make_workers([{"as_at": APRIL, "fte": None, "fte_status": "missing"}])
    frame = measure({"posts": make_posts([{"as_at": APRIL}]), "workers": workers})
    assert take(frame, "inpost_headcount")["value"].item() == 1
    assert statuses(frame, "inpost_fte") == [(APRIL, "missing")]
    assert take(frame, "vacancy_fte")["value"].item() == 0


def test_agency_staff_of_unknown_fte_cover_nothing_that_is_counted():
    workers = make_workers(
        [
            {"as_at": APRIL, "fte": 0.25},
            {"as_at": APRIL, "worker_id": "A1", "employment": "agency", "fte": None,
             "fte_status": "missing"},
        ]
    )  # fmt: skip
    frame = measure({"posts": make_posts([{"as_at": APRIL}]), "workers": workers})
    assert take(frame, "uncovered_vacancy_fte")["value"].item() == 0.75
    assert take(frame, "agency_headcount")["value"].item() == 1
    assert statuses(frame, "agency_rate_fte") == [(APRIL, "missing")]


def test_without_agency_staff_their_rate_is_zero_and_their_cover_does_not_apply():
    tables = {
        "posts": make_posts([{"as_at": APRIL}]),
        "workers": make_workers([{"as_at": APRIL}]),
    }
    frame = measure(tables)
    assert take(frame, "agency_rate_fte")["value"].item() == 0
    for name in (
        "agency_cover_rate_fte",
        "permanent_to_agency_ratio_fte",
        "vacancy_agency_cover_rate_fte",
    ):
        row = take(frame, name).iloc[0]
        assert (row["status"], row["denominator"]) == ("not_applicable", 0)
        assert pd.isna(row["value"])


def test_fractions_of_a_full_post_leave_no_dust():
    workers = make_workers(
        [
            {"as_at": APRIL, "worker_id": f"W{n}", "fte": fte}
            for n, fte in enumerate((0.7, 0.2, 0.1))
        ]
    )
    frame = measure({"posts": make_posts([{"as_at": APRIL}]), "workers": workers})
    assert take(frame, "vacancy_fte")["value"].item() == 0
    assert take(frame, "over_establishment_fte")["value"].item() == 0
    assert statuses(frame, "vacancy_agency_cover_rate_fte") == [(APRIL, "not_applicable")]


def test_a_half_is_rounded_up_whatever_it_was_divided_by():
    """41 cases on 0.8 FTE are 51.25, in each of two teams; 1 leaver of 16/13 staff is 81.25%."""
    cases = make_caseload(
        [{"week_ending": "2020-01-05", "fte": 0.8, "team": team, "cases": count}
         for team, count in (("Alpha", 14), ("Beta", 27))]
    )  # fmt: skip
    caseload = take(measure({"caseload": cases}), "caseload_fte", level="team")
    definition = find_definition("caseload_fte")
    shown = [round_shown(value, definition) for value in caseload["value"]]
    assert shown == [51.3] * len(caseload)
    # One person at thirteen month ends, another at the first three.
    workers = make_workers(
        [{"as_at": day} for day in YEAR]
        + [{"as_at": day, "worker_id": "W2", "post_id": "P2"} for day in YEAR[:3]]
    )
    left = make_movements([{"date": "2019-07-10", "worker_id": "W2"}])
    frame = measure({"workers": workers, "movements": left})
    turnover = take(frame, "turnover_average_stock_headcount")["value"].iloc[-1]
    assert round_shown(turnover, find_definition("turnover_average_stock_headcount")) == 0.813


def test_support_staff_and_their_posts_are_in_no_measure():
    tables = {
        "posts": make_posts([{"as_at": APRIL, "role": "support"}]),
        "workers": make_workers([{"as_at": APRIL, "role": "support"}]),
    }
    assert measure(tables).empty


def test_twelve_months_need_twelve_months():
    workers = make_workers([{"as_at": day, "days_lost": 1.0} for day in YEAR])
    movements = make_movements([{"date": "2019-05-10", "worker_id": "W2", "fte": 0.5}])
    frame = measure({"workers": workers, "movements": movements})
    for name in ("leavers_12m_headcount", "turnover_rate_fte", "absence_rate_fte"):
        found = statuses(frame, name)
        assert [status for _, status in found] == ["missing"] * 11 + ["ok"] * 2
    assert take(frame, "leavers_12m_headcount")["value"].tolist()[11:] == [1, 1]
    mean = take(frame, "turnover_average_stock_headcount")
    assert [*mean["status"]] == ["missing"] * 12 + ["ok"]


def test_one_month_without_a_worker_list_spoils_what_needs_it_and_nothing_else():
    days = [day for day in YEAR if day != "2019-12-31"]
    workers = make_workers([{"as_at": day} for day in days])
    movements = make_movements([{"date": "2019-12-10", "worker_id": "W2"}])
    frame = measure({"workers": workers, "movements": movements})
    assert take(frame, "leavers_12m_headcount")["value"].iloc[-1] == 1
    assert take(frame, "turnover_rate_headcount")["value"].iloc[-1] == 1
    for name in ("turnover_average_stock_headcount", "absence_rate_fte"):
        assert take(frame, name)["status"].iloc[-1] == "missing"


def test_a_month_the_movement_extracts_do_not_cover_is_missing():
    workers = make_workers([{"as_at": day} for day in (APRIL, MAY, JUNE)])
    movements = make_movements(
        [{"date": "2020-05-31", "worker_id": "W8"}, {"date": "2020-06-01", "worker_id": "W9"}]
    )
    covered = [pd.Timestamp(APRIL), pd.Timestamp(JUNE)]
    frame = measure({"workers": workers, "movements": movements}, movement_months=covered)
    found = take(frame, "leavers_headcount", level="team")
    assert list(zip(ends(found), found["status"], strict=True)) == [
        (APRIL, "ok"), (MAY, "missing"), (JUNE, "ok"),
    ]  # fmt: skip
    assert found["value"].tolist()[::2] == [0, 1]


def test_movements_covered_before_the_first_list_count():
    workers = make_workers([{"as_at": APRIL}])
    movements = make_movements([{"date": "2019-06-15", "worker_id": "W9", "fte": 0.5}])
    frame = measure(
        {"workers": workers, "movements": movements},
        movement_months=[pd.Timestamp(day) for day in YEAR],
    )
    for level in ("authority", "team"):
        last = take(frame, "turnover_rate_fte", level=level).iloc[-1]
        assert (last["numerator"], last["denominator"], last["value"]) == (0.5, 1.0, 0.5)


def test_a_later_team_has_a_count_and_no_twelve_month_rate():
    rows = [{"as_at": day} for day in YEAR]
    rows += [{"as_at": day, "team": "Beta", "worker_id": "W2"} for day in YEAR[6:]]
    movements = make_movements([{"date": "2020-03-10", "worker_id": "W3", "team": "Beta"}])
    frame = measure({"workers": make_workers(rows), "movements": movements})
    last = take(frame, "turnover_rate_headcount", level="team", area_name="Beta").iloc[-1]
    assert (last["numerator"], last["denominator"]) == (1, 1)
    assert last["status"] == "not_applicable"
    count = take(frame, "leavers_12m_headcount", level="team", area_name="Beta").iloc[-1]
    assert count["value"] == 1


def test_a_conversion_alone_is_a_starter_and_an_internal_move_is_nothing():
    movements = make_movements(
        [
            {"date": "2020-04-10", "worker_id": "W1", "movement": "conversion"},
            {"date": "2020-04-10", "worker_id": "W2", "movement": "internal_move"},
        ]
    )
    frame = measure({"movements": movements})
    for level in ("authority", "team"):
        found = {name: take(frame, name, level=level)["value"].item() for name in FLOW_HEADS}
        assert found == dict(zip(FLOW_HEADS, (0, 1, 1), strict=True))


def test_twelve_months_of_leavers_of_unknown_fte_have_no_fte():
    workers = make_workers([{"as_at": day} for day in YEAR])
    unknown = {"date": "2020-04-10", "worker_id": "W2", "fte": None, "fte_status": "missing"}
    frame = measure({"workers": workers, "movements": make_movements([unknown])})
    assert take(frame, "leavers_12m_headcount")["value"].iloc[-1] == 1
    assert take(frame, "leavers_12m_fte")["status"].iloc[-1] == "missing"
    assert take(frame, "turnover_rate_fte")["status"].iloc[-1] == "missing"


def test_movements_go_on_for_each_team_when_the_next_list_has_not_come():
    workers = make_workers([{"as_at": APRIL}])
    movements = make_movements([{"date": "2020-04-10", "worker_id": "W2"}])
    covered = [pd.Timestamp(APRIL), pd.Timestamp(MAY)]
    frame = measure({"workers": workers, "movements": movements}, movement_months=covered)
    for level in ("authority", "team"):
        assert take(frame, "leavers_headcount", level=level)["value"].tolist() == [1, 0]
        assert statuses(frame, "inpost_fte", level=level) == [(APRIL, "ok"), (MAY, "missing")]


def test_through_cuts_movements_and_the_months_they_cover():
    movements = make_movements([{"date": day, "worker_id": "W2"} for day in (APRIL, MAY)])
    covered = [pd.Timestamp(day) for day in (APRIL, MAY, JUNE)]
    frame = measure({"movements": movements}, through=pd.Timestamp(APRIL), movement_months=covered)
    assert statuses(frame, "leavers_headcount") == [(APRIL, "ok")]


def test_a_post_in_no_team_is_in_the_authority_only():
    frame = measure({"posts": make_posts([{"as_at": APRIL, "team": "", "locality": ""}])})
    assert frame["area_level"].tolist() == ["authority", "service"]


def test_movements_alone_give_flows_alone():
    frame = measure({"movements": make_movements([{"date": "2020-04-10", "worker_id": "W1"}])})
    assert take(frame, "leavers_headcount")["value"].tolist() == [1]
    assert not frame["measure"].str.contains("turnover").any()


def test_absent_tables_give_no_measures():
    assert measure({}).empty
    assert set(measure({"posts": make_posts([{"as_at": APRIL}])})["measure"]) == {
        "establishment_fte"
    }


def test_a_list_dated_inside_the_month_is_refused():
    with pytest.raises(WfanalyticsError) as error:
        measure({"posts": make_posts([{"as_at": "2020-04-28"}])})
    assert str(error.value) == (
        "The posts table holds a date that is not a month's end. Date each extract at the last "
        "day of its month."
    )


def test_two_names_with_one_code_are_refused():
    posts = make_posts(
        [{"as_at": APRIL, "team": "Alpha 1"}, {"as_at": APRIL, "team": "Alpha-1", "post_id": "P2"}]
    )
    with pytest.raises(WfanalyticsError) as error:
        measure({"posts": posts})
    assert str(error.value) == (
        "Names that cannot be told apart (team): Alpha 1, Alpha-1. Write one name for both in "
        "teams.csv, or clearly different ones."
    )


# --- caseload -------------------------------------------------------------------------------
def weeks(*days: str, **more: object) -> pd.DataFrame:
    return make_caseload([{"week_ending": day, **more} for day in days])


def test_a_missing_week_is_missing_for_each_place_and_measure():
    frame = measure({"caseload": weeks("2020-06-07", "2020-06-21")})
    weekly = frame[frame["period_type"] == "week"]
    gap = weekly[weekly["period_end"] == "2020-06-14"]
    assert len(gap) == 8 * 4
    assert set(gap["status"]) == {"missing"}
    assert gap[["numerator", "denominator", "value"]].isna().all(axis=None)
    assert set(gap["period_start"]) == {pd.Timestamp("2020-06-08")}


def test_a_week_that_ends_on_another_day_is_no_gap():
    frame = measure({"caseload": weeks("2020-06-07", "2020-06-12", "2020-06-21")})
    found = take(frame, "cases", period_type="week")
    assert ends(found) == ["2020-06-07", "2020-06-12", "2020-06-21"]
    assert set(found["status"]) == {"ok"}


def test_the_month_is_its_last_week():
    caseload = make_caseload(
        [{"week_ending": "2020-05-24", "cases": 10}, {"week_ending": "2020-05-31", "cases": 20}]
    )
    row = take(measure({"caseload": caseload}), "cases", period_type="snapshot").iloc[0]
    assert (row["value"], row["period_start"], row["period_end"]) == (
        20, pd.Timestamp(MAY), pd.Timestamp(MAY),
    )  # fmt: skip


def test_a_month_whose_last_week_is_missing_is_missing():
    frame = measure({"caseload": weeks("2020-05-24", "2020-06-07", "2020-06-28")})
    assert statuses(frame, "caseload_fte", period_type="snapshot") == [
        (MAY, "missing"), (JUNE, "ok"),
    ]  # fmt: skip


def test_a_month_not_yet_over_has_no_month_figure_unless_asked_for():
    caseload = weeks("2020-05-31", "2020-06-07")
    assert statuses(measure({"caseload": caseload}), "cases", period_type="snapshot") == [
        (MAY, "ok")
    ]
    asked = measure({"caseload": caseload}, through=pd.Timestamp(JUNE))
    assert statuses(asked, "cases", period_type="snapshot") == [(MAY, "ok"), (JUNE, "missing")]
    assert len(take(asked, "cases", period_type="week")) == 5


def test_a_week_in_which_nobodys_fte_is_known_is_missing():
    frame = measure({"caseload": weeks("2020-06-07", fte=None, role="", fte_status="missing")})
    for name in ("cases", "case_holders_fte", "case_holders_headcount", "caseload_fte"):
        assert statuses(frame, name, period_type="week") == [("2020-06-07", "missing")]
    assert statuses(frame, "unallocated_cases", period_type="week") == [("2020-06-07", "ok")]


def test_a_team_of_duty_cases_only_has_no_caseload_and_a_true_zero_of_holders():
    caseload = weeks("2020-06-07", worker_id="", role="", fte=None, fte_status="not_applicable")
    frame = measure({"caseload": caseload})
    assert take(frame, "unallocated_cases", period_type="week")["value"].item() == 14
    assert take(frame, "case_holders_headcount", period_type="week")["value"].item() == 0
    assert statuses(frame, "caseload_fte", period_type="week") == [("2020-06-07", "not_applicable")]


@pytest.mark.parametrize(
    ("cases", "fte", "part"),
    [(8, 0.5, "within"), (9, 0.6, "within"), (13, 1.0, "within"), (16, 1.0, "within"),
     (12, 1.0, "below"), (17, 1.0, "above"), (10, 0.5, "above"), (6, 0.5, "below")],
)  # fmt: skip
def test_the_band_is_in_cases_for_each_full_time_equivalent(cases, fte, part):
    frame = measure({"caseload": weeks("2020-06-07", cases=cases, fte=fte)}, band=(13, 16))
    shares = {
        name: take(frame, f"caseload_{name}_rate", period_type="week")["value"].item()
        for name in ("below", "within", "above")
    }
    assert shares == {**dict.fromkeys(shares, 0), part: 1}
