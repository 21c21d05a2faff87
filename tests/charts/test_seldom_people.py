"""What exhibits of people say where few, or none, came, went or stayed; counted by hand."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
from tests.charts.reading import check_words
from tests.charts.small_world import list_months, make_staff, open_small
from tests.unit.worlds import make_movements, make_posts, make_workers

import wfanalytics as wf

LONG_AGO, A_YEAR_AGO = pd.Timestamp("2010-01-01"), pd.Timestamp("2019-10-01")


# --- agency staff --------------------------------------------------------------------------------
def test_agency_staff_spread_evenly_are_concentrated_nowhere():
    two = wf.exhibits.agency_localities(open_small(**make_staff({"City": 5, "Coast": 5})))
    assert two.sentences[0] == (
        "The 10 agency staff are spread: no locality, nor two or three together, stands out as "
        "having most of them."
    )


def test_agency_staff_of_the_one_locality_are_not_compared():
    one = wf.exhibits.agency_localities(open_small(**make_staff({"City": 6})))
    assert one.sentences == ("The number of agency staff was 6 in City.",)


def test_localities_that_are_withheld_may_have_most():
    few = make_staff({"City": 5, "Coast": 4, "Weald": 4})
    exhibit = wf.exhibits.agency_localities(open_small(**few))
    assert exhibit.table["Agency staff"].tolist() == ["5", "withheld", "withheld"]
    assert exhibit.sentences[0] == (
        "Some localities' numbers are withheld, so those with most agency staff are not told."
    )


def hire(*, old=0, new=0, unknown=0, project=lambda month: 0, last=None):
    """Agency staff at 13 month ends: since 2010, for 100 days, of no known start, in a project.

    ``last`` is how many long-standing ones are left in the last month.
    """
    months, rows = list_months(13), []
    for number, month in enumerate(months):
        rows += [{"as_at": month, "worker_id": f"P{k}"} for k in range(10)]
        stay = old if last is None or month < months[-1] else last
        staff = [(f"O{k}", LONG_AGO) for k in range(stay)]
        staff += [(f"N{number}-{k}", month - pd.Timedelta(days=100)) for k in range(new)]
        staff += [(f"U{k}", pd.NaT) for k in range(unknown)]
        base = {"as_at": month, "employment": "agency"}
        rows += [{**base, "worker_id": name, "start_date": start} for name, start in staff]
        rows += [{**base, "worker_id": f"J{k}", "is_project_team": True, "team": "Project"}
                 for k in range(project(number))]  # fmt: skip
    return open_small(
        workers=make_workers(rows), posts=make_posts([{"as_at": month} for month in months])
    )


def test_how_many_stay_over_a_year_is_withheld_where_few_do():
    exhibit = wf.exhibits.agency_over_year(hire(old=2, new=3))
    assert exhibit.headline == (
        "Of 5 agency staff in September 2020, how many had been here over a year is withheld"
    )
    assert len(exhibit.sentences) == 1, "and nothing of a year before"
    assert set(exhibit.table.iloc[:, 1:].to_numpy().ravel()) == {"withheld"}
    check_words(exhibit.figure)
    one = wf.exhibits.agency_tenure(hire(old=1))
    assert one.headline.startswith("Of 1 member of agency staff in September 2020, how many")


def test_agency_staff_without_a_start_date_are_a_part_of_their_own():
    exhibit = wf.exhibits.agency_over_year(hire(old=6, new=5, unknown=7))
    assert exhibit.table.iloc[-1].tolist() == ["September 2020", "6", "5", "7"]
    assert exhibit.sentences == (
        "Of 18 agency staff in September 2020, 6 (33%) had been here over a year.",
        "A year before it was 6 (33%).",
    )
    assert "start not known 7 people" in exhibit.alt_text


def test_a_small_project_team_is_withheld_and_the_most_is_of_those_shown():
    exhibit = wf.exhibits.agency_projects(
        hire(old=12, project=lambda month: 3 if month == 12 else 6)
    )
    assert exhibit.sentences == (
        "Of 15 agency staff in September 2020, how many were in project teams is withheld.",
        "The most of those shown was 6 in project teams, first in September 2019.",
    )


def test_a_project_that_has_ended_with_all_agency_work():
    exhibit = wf.exhibits.agency_projects(
        hire(old=6, last=0, project=lambda month: 0 if month == 12 else 6)
    )
    assert exhibit.sentences == (
        "There were no agency staff in September 2020.",
        "The most was 6 in project teams, first in September 2019.",
    )


def convert(months, *dates):
    ends = list_months(months)
    moves = [{"date": date, "movement": "conversion", "worker_id": f"C{n}"}
             for n, date in enumerate(dates)]  # fmt: skip
    return open_small(
        workers=make_workers([{"as_at": end} for end in ends]),
        posts=make_posts([{"as_at": end} for end in ends]),
        movements=make_movements(moves or [
            {"date": "2020-09-02", "movement": "starter", "worker_id": "S"}
        ]),
    )  # fmt: skip


def test_conversions_of_less_than_a_year_are_those_of_three_months():
    one = wf.exhibits.agency_conversions(convert(4, "2020-08-03"))
    assert one.sentences == (
        "1 member of agency staff became permanent in the three months to September 2020.",
    )
    assert one.figure is None
    none = wf.exhibits.agency_conversions(convert(4))
    assert none.sentences == (
        "No members of agency staff became permanent in the three months to September 2020.",
    )


def test_conversions_of_a_quarter_with_a_gap_are_not_known():
    data = convert(7, "2020-05-03")
    rows = data.measures
    is_gap = (rows["measure"] == "conversions_headcount") & (rows["period_end"] == "2020-08-31")
    gap = rows.assign(status=rows["status"].mask(is_gap, "missing"))
    exhibit = wf.exhibits.agency_conversions(replace(data, measures=gap))
    assert exhibit.sentences == (
        "How many became permanent in the three months to September 2020 is not known.",
    )
    assert exhibit.table.iloc[:, 1].tolist() == ["1", "no figure"]


# --- leavers -------------------------------------------------------------------------------------
def serve(*groups, months=14):
    """Permanent staff: of each group so many, since a day, and gone on a day or still here."""
    ends = list_months(months)
    people = [(start, gone) for count, start, gone in groups for _ in range(count)]
    rows = [
        {"as_at": end, "worker_id": f"P{k}", "start_date": start}
        for end in ends for k, (start, gone) in enumerate(people)
        if start <= end and (gone is None or end < pd.Timestamp(gone))
    ]  # fmt: skip
    moves = [{"date": gone, "worker_id": f"P{k}"} for k, (_, gone) in enumerate(people) if gone]
    nobody = [{"date": "2020-09-02", "movement": "internal_move", "worker_id": "P0"}]
    return open_small(
        workers=make_workers(rows), posts=make_posts([{"as_at": end} for end in ends]),
        movements=make_movements(moves or nobody),
    )  # fmt: skip


def test_where_nobody_left_more_than_half_are_still_here():
    new, others = pd.Timestamp("2018-10-01"), pd.Timestamp("2016-10-01")
    stayed = serve((15, new, None), (30, others, None), months=25)
    exhibit = wf.exhibits.tenure_survival(stayed)
    assert exhibit.headline == "More than half are still here after 4.0 years"
    assert exhibit.sentences[-1] == (
        "This rests on 45 spells of service, none of them ended by a leaver."
    )


def test_new_staff_leave_sooner_or_less_often_by_more_than_chance():
    # 12 of 22 new staff, in under 22 years of service, against nobody in 60 of the others'.
    sooner = serve((12, A_YEAR_AGO, "2020-06-10"), (10, A_YEAR_AGO, None), (60, LONG_AGO, None))
    said = wf.exhibits.first_two_years(sooner).sentences
    assert said[0] == (
        "Of 12 leavers in the twelve months to September 2020, 12 (100%) had been here under two "
        "years."
    )
    assert said[2] == "New staff leave sooner: chance alone seldom makes that difference."
    longer = serve((30, A_YEAR_AGO, None), (25, LONG_AGO, "2020-06-10"), (30, LONG_AGO, None))
    said = wf.exhibits.first_two_years(longer).sentences
    assert said[0].endswith(", none had been here under two years.")
    assert said[2] == "New staff leave less often: chance alone seldom makes that difference."


def test_where_nobody_is_new_there_is_nothing_to_compare_and_nothing_withheld():
    exhibit = wf.exhibits.first_two_years(serve((6, LONG_AGO, "2020-06-10"), (30, LONG_AGO, None)))
    assert exhibit.sentences == (
        "Of 6 leavers in the twelve months to September 2020, none had been here under two years.",
        "Nobody was in their first two years: there is nothing to compare.",
    )
    assert exhibit.table["Leavers a year for 100 staff"].tolist()[:2] == ["no figure"] * 2
    assert "first two years: no figure." in exhibit.alt_text
    all_new = wf.exhibits.first_two_years(
        serve((6, A_YEAR_AGO, "2020-06-10"), (30, A_YEAR_AGO, None))
    )
    assert all_new.sentences[1] == (
        "Everybody was in their first two years: there is nothing to compare."
    )


def test_a_year_without_leavers_and_one_with_a_single_leaver():
    nobody = wf.exhibits.first_two_years(serve((30, LONG_AGO, None)))
    assert nobody.sentences == (
        "Nobody in a permanent post left in the twelve months to September 2020.",
    )
    one = wf.exhibits.first_two_years(serve((1, A_YEAR_AGO, "2020-06-10"), (30, LONG_AGO, None)))
    assert one.sentences == (
        "Of 1 leaver in the twelve months to September 2020, how many were in their first two "
        "years is withheld.",
    )


def test_without_leavers_there_is_no_reason_to_tell_apart():
    data = serve((30, LONG_AGO, None))
    for name, flow in (("leaver_reasons", "leavers"), ("starter_origins", "starters")):
        assert getattr(wf.exhibits, name)(data).sentences == (
            f"There were no {flow} in the twelve months to September 2020.",
        )


def test_one_month_is_too_little_to_tell_of_winters():
    assert wf.exhibits.leavers_seasons(convert(1)).sentences == (
        "Too little data: 36 months with 3 whole winters are needed, and there is 1 month.",
    )
