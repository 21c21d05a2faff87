"""How long staff stay: against published and independent results, and by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.worlds import make_movements, make_workers

from wfanalytics.analysis.tenure import (
    calculate_leaver_bands,
    calculate_survival,
    find_median_years,
    find_permanent_spells,
    find_retention,
)
from wfanalytics.thresholds import Disclosure

RULES = Disclosure()

#: Weeks in remission on 6-MP (Freireich et al. 1963, as in Cox and Oakes 1984, table 1.1), and
#: whether the remission ended; the estimates as printed in Kleinbaum and Klein, Survival Analysis.
WEEKS = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
ENDED = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]
PRINTED = {6: 0.8571, 7: 0.8067, 10: 0.7529, 13: 0.6902, 16: 0.6275, 22: 0.5378, 23: 0.4482}

#: Thirty-two invented spells (entry, end, left) and what lifelines 0.30.3 makes of them:
#: ``KaplanMeierFitter(alpha=0.05).fit(end, left, entry=entry)``.
LATE = [
    (0, 233, 0), (0, 474, 1), (0, 20, 1), (0, 264, 1), (113, 913, 1), (0, 572, 1), (0, 500, 0),
    (0, 404, 0), (0, 310, 0), (1488, 2488, 0), (301, 1301, 0), (0, 530, 0), (0, 273, 1),
    (377, 1034, 1), (0, 541, 0), (832, 962, 1), (0, 62, 1), (0, 123, 0), (432, 1432, 0),
    (353, 1353, 0), (290, 636, 1), (102, 1102, 0), (172, 688, 1), (278, 844, 1), (0, 111, 0),
    (0, 562, 0), (0, 598, 0), (0, 788, 1), (7, 24, 1), (682, 977, 1), (0, 127, 0), (382, 958, 1),
]  # fmt: skip
LIFELINES = [  # days, at risk, survival, lower, upper
    (20, 19, 0.9473684210526316, 0.6811867998062862, 0.992414635519268),
    (24, 18, 0.8947368421052634, 0.6407943545053867, 0.9725853905614296),
    (62, 17, 0.8421052631578948, 0.5865036673745057, 0.9461556040289212),
    (264, 15, 0.7859649122807016, 0.5249245242405941, 0.9139307011547994),
    (273, 14, 0.7298245614035088, 0.46698500147763383, 0.8778594792561304),
    (474, 18, 0.6892787524366474, 0.4348326444519318, 0.8468207915925766),
    (572, 13, 0.6362573099415207, 0.3845773950340236, 0.8073981953919479),
    (636, 11, 0.5784157363104734, 0.3298415099050594, 0.7632098789608516),
    (688, 11, 0.5258324875549759, 0.28548784961508866, 0.7192201977112861),
    (788, 10, 0.4732492387994783, 0.24307606955627994, 0.6731930961948476),
    (844, 10, 0.4259243149195304, 0.2083797515729643, 0.6284762042232959),
    (913, 9, 0.3785993910395825, 0.17486265118499086, 0.582163403835905),
    (958, 8, 0.3312744671596347, 0.14274825998758153, 0.5341818015727949),
    (962, 7, 0.2839495432796869, 0.11229044567740126, 0.4844034591472639),
    (977, 6, 0.23662461939973908, 0.08380861735474603, 0.43262664179078214),
    (1034, 5, 0.18929969551979126, 0.05774143584178861, 0.37854109691151216),
]


def make_spells(rows):
    frame = pd.DataFrame(rows, columns=["entry_days", "end_days", "has_left"])
    return frame.astype({"has_left": bool})


def test_the_published_example_is_reproduced():
    spells = make_spells([(0, week, end) for week, end in zip(WEEKS, ENDED, strict=True)])
    curve = calculate_survival(spells, fewest=1)
    ends = curve[curve["leavers"] > 0].set_index("days")["survival"]
    assert ends.round(4).to_dict() == PRINTED


def test_late_entry_and_intervals_are_those_of_an_independent_package():
    curve = calculate_survival(make_spells(LATE), fewest=1)
    found = curve[curve["leavers"] > 0]
    columns = ["days", "at_risk", "survival", "lower", "upper"]
    np.testing.assert_allclose(found[columns].to_numpy(), LIFELINES, rtol=1e-12)


def test_the_curve_ends_before_too_few_are_at_risk():
    curve = calculate_survival(make_spells(LATE), fewest=14)
    assert curve["at_risk"].min() >= 14
    # One of fourteen leaves on day 273, and the next is first seen on day 278.
    assert curve["days"].iloc[-1] == 273
    assert calculate_survival(make_spells(LATE), fewest=30).empty


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(1, 40), min_size=1, max_size=30))
def test_without_truncation_and_censoring_it_is_the_plain_share(ends):
    curve = calculate_survival(make_spells([(0, end, 1) for end in ends]), fewest=1)
    share = [sum(end > day for end in ends) / len(ends) for day in curve["days"]]
    np.testing.assert_allclose(curve["survival"], share, atol=1e-12)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 30), st.integers(1, 40), st.booleans()), min_size=1, max_size=30
    )
)
def test_the_curve_falls_and_lies_inside_its_interval(rows):
    spells = make_spells([(entry, entry + length, left) for entry, length, left in rows])
    curve = calculate_survival(spells, fewest=1)
    assert (curve["survival"].diff().dropna() <= 1e-12).all()
    inside = curve[curve["lower"].notna()]
    assert (inside["lower"] <= inside["survival"] + 1e-12).all()
    assert (inside["survival"] <= inside["upper"] + 1e-12).all()


def test_retention_and_half_are_read_off_the_curve():
    curve = pd.DataFrame({"days": [100, 731, 1500], "survival": [0.9, 0.5, 0.4],
                          "lower": [0.8, 0.4, 0.3], "upper": [0.95, 0.6, 0.5]})  # fmt: skip
    assert find_retention(curve, years=1) == (0.9, 0.8, 0.95)
    assert find_retention(curve, years=0.1) == (1.0, 1.0, 1.0)
    assert find_retention(curve, years=5) is None
    assert find_median_years(curve) == pytest.approx(731 / 365.25)
    assert find_median_years(curve.head(1)) is None


def listed(worker, first, last, start, **more):
    ends = pd.date_range(first, last, freq="ME")
    return [{"as_at": end, "worker_id": worker, "start_date": pd.Timestamp(start), **more}
            for end in ends]  # fmt: skip


@pytest.fixture(scope="module")
def tables():
    """June to September 2020, watched from the list of 30 June."""
    workers = make_workers(
        [
            # Here since 1 June 2019, still here: 396 days on the first list, 488 at the end.
            *listed("stays", "2020-06-30", "2020-09-30", "2019-06-01"),
            # Started 2 July, left 10 August.
            *listed("starts", "2020-07-31", "2020-07-31", "2020-07-02"),
            # Agency until a permanent post on 1 August; the list keeps the agency start.
            *listed("agency", "2020-06-30", "2020-07-31", "2020-01-01", employment="agency"),
            *listed("agency", "2020-08-31", "2020-09-30", "2020-01-01"),
            # Off the list from August with no leaver recorded.
            *listed("gone", "2020-06-30", "2020-07-31", "2020-06-01"),
            # Left on 15 July and still on that month's list; back on 1 September.
            *listed("back", "2020-06-30", "2020-07-31", "2018-07-01"),
            *listed("back", "2020-09-30", "2020-09-30", "2020-09-01"),
            *listed("support", "2020-06-30", "2020-09-30", "2019-01-01", role="support"),
            {"as_at": "2020-06-30", "worker_id": "no start"},
            {"as_at": "2020-09-30", "worker_id": "no start"},
        ]
    )
    movements = make_movements(
        [
            {"date": "2020-07-02", "worker_id": "starts", "movement": "starter"},
            {"date": "2020-08-10", "worker_id": "starts"},
            {"date": "2020-08-01", "worker_id": "agency", "movement": "conversion"},
            {"date": "2020-07-15", "worker_id": "back"},
            {"date": "2020-09-01", "worker_id": "back", "movement": "starter"},
            # Came and went between two lists.
            {"date": "2020-07-06", "worker_id": "brief", "movement": "starter"},
            {"date": "2020-07-20", "worker_id": "brief"},
            # Left before the first list: never watched.
            {"date": "2020-06-12", "worker_id": "before"},
        ]
    )
    return {"workers": workers, "movements": movements}


def test_spells_are_those_counted_by_hand(tables):
    spells = find_permanent_spells(tables, through=pd.Timestamp("2020-09-30"))
    rows = spells.sort_values(["worker_id", "start"])
    found = [
        (r.worker_id, int(r.entry_days), int(r.end_days), bool(r.has_left))
        for r in rows.itertuples()
    ]
    assert found == [
        ("agency", 0, 61, False),
        ("back", 731, 746, True),
        ("back", 0, 30, False),
        ("brief", 0, 15, True),
        ("gone", 30, 61, False),
        ("starts", 0, 40, True),
        ("stays", 396, 488, False),
    ]


def test_what_comes_after_the_month_is_not_known_yet(tables):
    spells = find_permanent_spells(tables, through=pd.Timestamp("2020-07-31"))
    assert sorted(spells.loc[spells["has_left"], "worker_id"]) == ["back", "brief"]
    assert "agency" not in set(spells["worker_id"])


def test_leavers_by_tenure_and_the_years_they_had_to_leave_in():
    day = pd.Timestamp
    spells = pd.DataFrame(
        [
            # Ten who started on 1 October 2018 and reach two years on the last day but one.
            *[{"start": day("2018-10-01"), "entry": day("2018-10-01"), "end": day("2020-09-30"),
               "has_left": False}] * 10,
            # Six leave after six months, six after four years.
            *[{"start": day("2019-10-01"), "entry": day("2019-10-01"), "end": day("2020-03-31"),
               "has_left": True}] * 6,
            *[{"start": day("2016-04-01"), "entry": day("2018-10-01"), "end": day("2020-03-31"),
               "has_left": True}] * 6,
        ]
    )  # fmt: skip
    rows = calculate_leaver_bands(
        spells, start=day("2019-10-01"), through=day("2020-09-30"), rules=RULES
    )
    rows = rows.set_index("band")
    assert rows["leavers"].tolist() == [6, 6, 0]
    assert rows.loc["first two years", "years"] == pytest.approx(10 + 3, abs=0.05)
    assert rows.loc["third to fifth year", "years"] == pytest.approx(3, abs=0.05)
    assert rows["status"].tolist() == ["ok", "ok", "ok"]
    few = calculate_leaver_bands(spells.head(13), start=day("2019-10-01"),
                                 through=day("2020-09-30"), rules=RULES)  # fmt: skip
    assert few["leavers"].tolist() == [3, 0, 0]
    assert (few["status"] == "suppressed").all()


def test_years_in_which_nobody_was_watched_are_not_said_to_keep_everybody():
    new, long = [(0, 100, 0)] * 12, [(1000, 1500, 0)] * 12
    assert calculate_survival(make_spells(new + long))["days"].tolist() == [100]
    assert calculate_survival(make_spells(long)).empty
    # Twelve who are seen from day 90 on lead over to the others.
    between = [(90, 1100, 0)] * 12
    assert calculate_survival(make_spells(new + between + long))["days"].tolist() == [
        100, 1100, 1500,
    ]  # fmt: skip
