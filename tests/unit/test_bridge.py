"""Why vacancies changed: each part by hand, and parts that add up whatever happened."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.worlds import make_movements, make_posts, make_workers, measure

import wfanalytics as wf
from wfanalytics.analysis.bridge import (
    COVER,
    GROUPS,
    PARTS,
    calculate_bridge,
    calculate_service_bridge,
    find_since,
    walk_posts,
)
from wfanalytics.analysis.bridge_steps import list_people, list_steps
from wfanalytics.errors import ParameterError
from wfanalytics.measures.area_data import AreaData

MONTHS = ("2020-06-30", "2020-07-31", "2020-08-31")
SINCE, UNTIL = pd.Timestamp(MONTHS[0]), pd.Timestamp(MONTHS[-1])
COLUMNS = ("vacancy_fte", "vacancy_rate", "uncovered_fte", "uncovered_rate")


def make_area(posts, workers, movements=()):
    tables = {"posts": make_posts(posts), "workers": make_workers(workers)}
    if movements:
        tables["movements"] = make_movements(list(movements))
    empty = pd.DataFrame()
    return AreaData(
        "shire", "Shire", "local", UNTIL, measure(tables), (), (), tables, empty, empty,
        (13, 16), empty,
    )  # fmt: skip


def each_month(row, months=MONTHS):
    return [{"as_at": month, **row} for month in months]


def parts_of(data, column="vacancy_fte"):
    """The parts that are not 0."""
    bridge = calculate_bridge(data, since=SINCE).set_index("part")[column]
    check_sums(data)
    found = bridge.drop(["start", "end"])
    return {name: value for name, value in found.items() if value}


def check_sums(data):
    bridge = calculate_bridge(data, since=SINCE).set_index("part")
    for column in COLUMNS:
        parts = bridge[column].iloc[:-1].sum()
        if pd.notna(parts) and bridge[column].notna().all():
            assert parts == pytest.approx(bridge.loc["end", column], abs=1e-9)


FULL = each_month({"post_id": "P9"})
HELD = each_month({"worker_id": "W9", "post_id": "P9"})
ONE, LATER = MONTHS[:1], MONTHS[1:]


def test_a_leaver_and_a_starter_in_one_post_are_both_told():
    data = make_area(
        FULL + each_month({"post_id": "P1"}),
        HELD + each_month({"worker_id": "W1"}, ONE) + each_month({"worker_id": "W2"}, LATER),
        [{"date": "2020-07-10", "worker_id": "W1"},
         {"date": "2020-07-20", "worker_id": "W2", "movement": "starter"}],
    )  # fmt: skip
    assert parts_of(data) == {"leavers": 1.0, "starters": -1.0}


def test_a_leaver_from_an_over_filled_post_opens_no_vacancy():
    data = make_area(
        FULL,
        HELD + each_month({"worker_id": "W1", "post_id": "P9", "fte": 0.5}, ONE),
        [{"date": "2020-07-10", "worker_id": "W1", "fte": 0.5}],
    )
    assert parts_of(data) == {}


def test_half_of_a_job_share_leaving_opens_its_half():
    data = make_area(
        FULL,
        each_month({"worker_id": "W1", "post_id": "P9", "fte": 0.6}, ONE)
        + each_month({"worker_id": "W2", "post_id": "P9", "fte": 0.4}),
        [{"date": "2020-07-10", "worker_id": "W1", "fte": 0.6}],
    )
    assert parts_of(data) == {"leavers": 0.6}


def test_somebody_who_takes_another_post_moved_and_the_total_is_unchanged():
    data = make_area(
        FULL + each_month({"post_id": "P1"}) + each_month({"post_id": "P2"}),
        HELD + each_month({"worker_id": "W1"}, ONE)
        + each_month({"worker_id": "W1", "post_id": "P2"}, LATER),
        [{"date": "2020-07-10", "worker_id": "W1", "movement": "internal_move"}],
    )  # fmt: skip
    assert parts_of(data) == {}


def test_a_move_out_of_every_post_opens_one():
    data = make_area(
        FULL + each_month({"post_id": "P1"}),
        HELD + each_month({"worker_id": "W1"}, ONE)
        + each_month({"worker_id": "W1", "post_id": ""}, LATER),
    )  # fmt: skip
    assert parts_of(data) == {"internal_moves": 1.0}


def test_an_agency_worker_made_permanent_fills_the_vacancy_and_ends_the_cover():
    data = make_area(
        FULL + each_month({"post_id": "P1"}),
        HELD + each_month({"worker_id": "W1", "employment": "agency"}, ONE)
        + each_month({"worker_id": "W1"}, LATER),
        [{"date": "2020-07-10", "worker_id": "W1", "movement": "conversion"}],
    )  # fmt: skip
    assert parts_of(data) == {"conversions": -1.0}
    assert parts_of(data, "uncovered_fte") == {"conversions": -1.0, COVER: 1.0}


def test_posts_funded_removed_and_changed():
    data = make_area(
        FULL + each_month({"post_id": "P1"}, LATER) + each_month({"post_id": "P2"}, ONE)
        + each_month({"post_id": "P3", "fte": 0.5}, ONE)
        + each_month({"post_id": "P3", "fte": 0.8}, LATER),
        HELD,
    )  # fmt: skip
    assert parts_of(data) == {
        "posts_funded": 1.0, "posts_removed": -1.0, "reclassified": 0.3,
    }  # fmt: skip


def test_a_post_that_becomes_social_work_is_reclassified_and_not_funded():
    data = make_area(
        FULL + each_month({"post_id": "P1", "role": "support"}, ONE)
        + each_month({"post_id": "P1"}, LATER),
        HELD,
    )  # fmt: skip
    assert parts_of(data) == {"reclassified": 1.0}


def test_fewer_hours_open_part_of_a_post():
    data = make_area(
        FULL,
        each_month({"worker_id": "W1", "post_id": "P9"}, ONE)
        + each_month({"worker_id": "W1", "post_id": "P9", "fte": 0.6}, LATER),
    )
    assert parts_of(data) == {"reclassified": 0.4}


def test_what_the_lists_of_movements_do_not_tell_is_unexplained():
    workers = HELD + each_month({"worker_id": "W1"}, ONE)
    posts = FULL + each_month({"post_id": "P1"})
    stranger = [{"date": "2020-07-10", "worker_id": "W7"}]
    assert parts_of(make_area(posts, workers, stranger)) == {"unexplained": 1.0}
    assert parts_of(make_area(posts, workers)) == {"leavers": 1.0}, "no list: the staff lists tell"


@pytest.mark.parametrize(("day", "part"), [("2020-08-30", "leavers"), ("2020-09-02", "unexplained"),
                                           ("2020-05-31", "leavers")])  # fmt: skip
def test_a_movement_recorded_up_to_31_days_late_still_explains(day, part):
    workers = HELD + each_month({"worker_id": "W1"}, ONE)
    posts = FULL + each_month({"post_id": "P1"})
    movements = [{"date": day, "worker_id": "W1"}]
    assert parts_of(make_area(posts, workers, movements)) == {part: 1.0}


def test_a_changed_definition_takes_what_the_posts_do_not_explain():
    data = make_area(FULL + each_month({"post_id": "P1"}), HELD)
    measures = data.measures.copy()
    is_end = (measures["measure"] == "vacancy_fte") & (measures["period_end"] == UNTIL)
    measures.loc[is_end, ["value", "numerator"]] += 2.0
    measures.loc[is_end, "definition_version"] = "2"
    changed = AreaData(**{**vars(data), "measures": measures})
    assert parts_of(changed) == {"definition_change": 2.0}


def test_a_missing_month_between_is_stepped_over_and_a_missing_end_gives_nothing():
    posts, workers = FULL + each_month({"post_id": "P1"}), HELD + each_month({"worker_id": "W1"})
    without = make_area(posts, [row for row in workers if row["as_at"] != MONTHS[1]])
    assert parts_of(without) == {}
    assert not calculate_bridge(without, since=SINCE).empty
    assert calculate_bridge(without, since=pd.Timestamp(MONTHS[1])).empty


@st.composite
def histories(draw):
    """Three months of lists that need not make sense: posts come, go and change; so do people."""
    posts, workers = {}, {}
    for month in MONTHS:
        for _ in range(draw(st.integers(1, 3))):
            posts[month, f"P{draw(st.integers(0, 3))}"] = {
                "fte": draw(st.integers(1, 10)) / 10,
                "role": draw(st.sampled_from(["case_holder", "case_holder", "support"])),
                "service": draw(st.sampled_from(["Front Door", "Safeguarding"])),
            }
        for _ in range(draw(st.integers(1, 5))):
            key = (
                month,
                f"W{draw(st.integers(0, 4))}",
                draw(st.sampled_from(["", "P0", "P1", "P2"])),
            )
            unknown = draw(st.integers(0, 9)) == 0
            workers[key] = {
                "employment": draw(st.sampled_from(["permanent", "permanent", "agency"])),
                "role": draw(st.sampled_from(["case_holder", "case_holder", "support"])),
                "fte": None if unknown else draw(st.integers(1, 10)) / 10,
                "fte_status": "missing" if unknown else "ok",
            }
    days = list(pd.date_range("2020-06-15", "2020-09-10", freq="9D"))
    kinds = ["leaver", "starter", "conversion", "internal_move"]
    movements = {
        (draw(st.sampled_from(days)), f"W{draw(st.integers(0, 4))}", draw(st.sampled_from(kinds)))
        for _ in range(draw(st.integers(0, 6)))
    }
    return (
        [{"as_at": m, "post_id": p, **row} for (m, p), row in posts.items()],
        [{"as_at": m, "worker_id": w, "post_id": p, **row} for (m, w, p), row in workers.items()],
        [{"date": d, "worker_id": w, "movement": k} for d, w, k in sorted(movements)],
    )


@settings(max_examples=10, deadline=None, derandomize=True)
@given(histories())
def test_parts_add_up_whatever_the_lists_say_and_services_add_up_to_the_authority(history):
    data = make_area(*history)
    bridge = calculate_bridge(data, since=SINCE)
    if bridge.empty:  # nobody's FTE is known, or a month has no list
        return
    check_sums(data)
    assert list(bridge["part"]) == ["start", *PARTS, COVER, "end"]
    # The walk itself leaves nothing over: what is unexplained is what people did, unlisted.
    months = list_steps(data.tables, since=SINCE, until=UNTIL)
    walked = walk_posts(data.tables, list_people(data.tables, months), months)["value"].sum()
    levels = bridge.set_index("part")["vacancy_fte"]
    assert walked == pytest.approx(levels["end"] - levels["start"], abs=1e-9)
    services = calculate_service_bridge(data, since=SINCE)
    shown = services.pivot_table(index="area_name", columns="part", values="value", aggfunc="sum")
    hidden = services[services["status"] == "suppressed"].groupby("area_name").size()
    whole = shown.drop(index=hidden.index)
    parts = whole.reindex(columns=["start", *GROUPS]).sum(axis=1)
    assert ((parts - whole["end"]).abs() < 1e-9).all()
    assert not (hidden == 1).any(), "one cell alone could be had by subtraction"


@st.composite
def lawful_histories(draw):
    """Posts and holders changed one happening at a time, each written down as it happens."""
    posts = {f"P{n}": draw(st.integers(4, 10)) / 10 for n in range(4)}
    held = {f"W{n}": (f"P{n}", draw(st.integers(4, 12)) / 10) for n in range(3)}
    held = {w: (p, min(f, 1.0)) for w, (p, f) in held.items()}
    movements, post_rows, worker_rows, stock = [], [], [], [sum(f for _, f in held.values())]
    flows = {"starter": 0.0, "leaver": 0.0}
    for number, month in enumerate(MONTHS):
        for n in range(draw(st.integers(0, 2)) if number else 0):
            day = pd.Timestamp(month) - pd.Timedelta(days=3 + n)
            if held and draw(st.booleans()):
                gone = draw(st.sampled_from(sorted(held)))
                flows["leaver"] += held[gone][1]
                movements.append({"date": day, "worker_id": gone, "movement": "leaver"})
                del held[gone]
            else:
                new, post = f"N{number}{n}", draw(st.sampled_from(sorted(posts)))
                held[new] = (post, draw(st.integers(1, 10)) / 10)
                flows["starter"] += held[new][1]
                movements.append({"date": day, "worker_id": new, "movement": "starter"})
        post_rows += [{"as_at": month, "post_id": p, "fte": f} for p, f in posts.items()]
        worker_rows += [{"as_at": month, "worker_id": w, "post_id": p, "fte": f}
                        for w, (p, f) in held.items()]  # fmt: skip
    stock.append(sum(f for _, f in held.values()))
    return post_rows, worker_rows, movements, stock, flows, bool(held)


@settings(max_examples=12, deadline=None, derandomize=True)
@given(lawful_histories())
def test_nothing_is_unexplained_when_everything_was_written_down(history):
    posts, workers, movements, stock, flows, _ = history
    # Starters who left again before a month's end are in neither list.
    names = {row["worker_id"] for row in workers}
    movements = [row for row in movements if row["worker_id"] in names]
    # A month without staff is a month without a list.
    if {row["as_at"] for row in workers} != set(MONTHS):
        return
    data = make_area(posts, workers, movements or [{"date": MONTHS[0], "worker_id": "W99"}])
    found = parts_of(data)
    assert set(found) <= {"leavers", "starters"}
    # Stock identity: closing = opening + starters - leavers.
    assert stock[1] == pytest.approx(stock[0] + flows["starter"] - flows["leaver"])


@pytest.fixture(scope="module")
def july():
    return wf.open_area("exampleshire", month="2019-07")


@pytest.mark.parametrize("since", ["2017-04", "2018-03", "2019-02", "2019-06"])
def test_the_sample_has_nothing_unexplained_and_adds_up(july, since):
    start = find_since(july, since)
    bridge = calculate_bridge(july, since=start).set_index("part")
    for column in COLUMNS:
        assert bridge[column].iloc[:-1].sum() == pytest.approx(bridge.loc["end", column], abs=1e-9)
    assert bridge.loc["unexplained", "vacancy_fte"] == 0
    assert bridge.loc["end", "uncovered_rate"] == pytest.approx(0.07, abs=5e-4)


def test_from_february_to_july_2019_the_uncovered_rate_fell_by_eleven_and_a_half_points(july):
    exhibit = wf.exhibits.uncovered_bridge(july, since="2019-02")
    assert exhibit.sentences[0] == (
        "Uncovered vacancies fell by 49.2 FTE between February 2019 and July 2019, "
        "from 79.0 to 29.8."
    )
    assert exhibit.sentences[-1] == (
        "The rate fell by 11.5 percentage points, from 18.5% to 7.0%."
    )  # fmt: skip
    fte = [float(text.replace("\N{MINUS SIGN}", "-")) for text in exhibit.table["FTE"]]
    assert round(sum(fte[:-1]), 9) == fte[-1], "as printed"


def test_a_year_before_unless_asked_and_the_earliest_where_there_is_no_year(july):
    assert find_since(july) == pd.Timestamp("2018-07-31")
    assert find_since(replace(july, month=pd.Timestamp("2018-01-31"))) == pd.Timestamp("2017-04-30")
    assert find_since(replace(july, month=pd.Timestamp("2017-04-30"))) is None


def test_a_month_that_is_not_before_the_reported_one_is_refused(july):
    with pytest.raises(ParameterError) as caught:
        find_since(july, "2019-07")
    assert str(caught.value) == (
        "Parameter 'since' is 2019-07; allowed a month before July 2019."
    )  # fmt: skip


def test_a_month_without_extracts_says_so(july):
    exhibit = wf.exhibits.vacancy_bridge(july, since="2016-01")
    assert exhibit.status == "unavailable"
    assert exhibit.sentences == (
        "Posts and staff lists do not cover both January 2016 and July 2019.",
    )


def test_few_peoples_changes_are_withheld_by_service():
    exhibit = wf.exhibits.vacancy_bridge_services(wf.open_area("exampleshire", month="2020-09"))
    assert exhibit.table["Leavers"].tolist().count("withheld") > 1


def test_leavers_of_services_are_told_apart_for_the_yearly_month_only(july):
    # Of two years that end a month apart the difference is a month's leavers.
    table = wf.exhibits.vacancy_bridge_services(july).table
    assert "Leavers" not in table
    assert table["Staff who left, joined or moved"].str.contains(r"\d").any()
    september = wf.open_area("exampleshire", month="2019-09")
    assert "Leavers" in wf.exhibits.vacancy_bridge_services(september).table
    assert "Leavers" not in wf.exhibits.vacancy_bridge_services(september, since="2019-08").table


@pytest.mark.parametrize("name", ["vacancy_bridge", "uncovered_bridge", "vacancy_bridge_services"])
def test_an_area_without_lists_of_posts_says_what_is_needed(july, name):
    tables = {"workers": july.tables["workers"]}
    exhibit = getattr(wf.exhibits, name)(replace(july, tables=tables))
    assert exhibit.sentences == ("It needs both lists of posts and lists of staff.",)
