"""What exhibits of caseload say where nobody is above the band, or few are; counted by hand."""

from __future__ import annotations

from tests.charts.reading import check_words
from tests.charts.small_world import MONTH, open_small
from tests.unit.worlds import make_caseload, make_posts, make_workers

import wfanalytics as wf


def hold(services: dict[str, list[int]], *, weeks: tuple[str, ...] = ("2020-09-27",)):
    """A full-time case holder for each number of cases, in each service's one team."""
    held = [(place, cases) for place, each in services.items() for cases in each]
    return make_caseload([
        {"week_ending": week, "worker_id": f"W{n}", "service": place, "team": place, "cases": cases}
        for week in weeks for n, (place, cases) in enumerate(held)
    ])  # fmt: skip


# --- services ------------------------------------------------------------------------------------
def test_where_nobody_is_above_the_band_the_services_are_shown():
    data = open_small(caseload=hold({"Court": [14] * 6 + [10] * 6, "Duty": [15] * 8}))
    exhibit = wf.exhibits.caseload_spread_services(data)
    assert exhibit.sentences == ("No service has anybody above 16 cases.",)
    assert exhibit.table.to_numpy().tolist() == [["Court", "6", "6"], ["Duty", "0", "8"]]
    assert list(exhibit.table) == ["Service", "Below 13", "13 to 16"]
    check_words(exhibit.figure)


def test_a_service_that_is_withheld_may_have_somebody_above():
    data = open_small(caseload=hold({
        "Court": [14] * 6, "Duty": [15] * 8, "Adoption": [15] * 7 + [20] * 2,
        "Fostering": [15] * 6 + [20] * 3,
    }))  # fmt: skip
    exhibit = wf.exhibits.caseload_spread_services(data)
    assert exhibit.sentences == ("No service that may be shown has anybody above 16 cases.",)
    assert exhibit.table.set_index("Service")["13 to 16"].to_dict() == {
        "Adoption": "withheld", "Court": "6", "Duty": "8", "Fostering": "withheld",
    }  # fmt: skip


def test_where_every_service_is_withheld_the_reason_holds_for_each():
    data = open_small(caseload=hold({"Court": [14] * 2, "Duty": [20] * 8}))
    exhibit = wf.exhibits.caseload_spread_services(data)
    assert exhibit.sentences == (
        "In each service a band has fewer than five people, or would give such a band away: no "
        "count may be shown.",
    )


# --- very many -----------------------------------------------------------------------------------
def test_the_mean_without_one_person_would_tell_that_persons_cases():
    exhibit = wf.exhibits.caseload_heavy(open_small(caseload=hold({"Court": [14] * 16 + [40]})))
    assert exhibit.sentences[1] == (
        "The mean without them is withheld, because it would tell their cases."
    )
    # 16 times 14 and 40 are 264 cases of 17 people.
    assert exhibit.table["Figure"].tolist()[3:] == ["15.5", "withheld"]


def test_shares_withheld_in_every_week_leave_the_mean_and_no_chart():
    data = open_small(caseload=hold({"Court": [14] * 16 + [40]}))
    exhibit = wf.exhibits.caseload_level(data)
    assert exhibit.figure is None
    assert exhibit.alt_text == ""
    assert exhibit.sentences == (
        "In the week ending 27 September 2020 the mean caseload was 15.5 cases per FTE and the "
        "median 14.0.",
        "Of 17 case holders, counted for full time, fewer than five held more than 16 cases and "
        "fewer than five held more than 20.",
    )
    assert exhibit.table.iloc[0].tolist()[-2:] == ["fewer than 5"] * 2


def test_a_share_withheld_throughout_is_named_beside_the_other():
    weeks = ("2020-09-13", "2020-09-20", "2020-09-27")
    data = open_small(caseload=hold({"Court": [14] * 10 + [17] * 6 + [22] * 2}, weeks=weeks))
    exhibit = wf.exhibits.caseload_level(data)
    # Eight of eighteen hold more than 16, and two of them more than 20.
    assert [text.get_text() for text in exhibit.figure.axes[0].texts][2:] == [
        "more than 16", "44%, 27 Sep 2020", "more than 20", "no figure",
        "× no figure: withheld to protect people",
    ]  # fmt: skip
    check_words(exhibit.figure)


def test_where_nobody_has_many_the_week_says_none():
    exhibit = wf.exhibits.caseload_level(open_small(caseload=hold({"Court": [14] * 16})))
    assert exhibit.sentences[1] == (
        "Of 16 case holders, counted for full time, none held more than 16 cases and none held "
        "more than 20."
    )
    assert exhibit.subtitle.endswith("per cent, Shire, the 1 week to 27 September 2020")


# --- hot spots -----------------------------------------------------------------------------------
def staff(places: dict[str, int]):
    """Posts and the permanent staff in them, so many in each team; one more post is empty."""
    rows = [
        {"as_at": MONTH, "post_id": f"{place}{n}", "service": place, "team": place}
        for place, count in places.items() for n in range(count + 1)
    ]  # fmt: skip
    people = [{**row, "worker_id": row["post_id"]} for row in rows if row["post_id"][-1] != "0"]
    return {"posts": make_posts(rows), "workers": make_workers(people)}


def test_a_team_with_cases_and_no_post_is_missing_and_not_withheld():
    data = open_small(caseload=hold({"Court": [14] * 6, "Duty": [20] * 8}), **staff({"Court": 9}))
    exhibit = wf.exhibits.caseload_hotspots(data)
    assert exhibit.sentences == (
        "No team that may be shown is over the band and short of staff at once in September 2020.",
        "For 1 of 2 teams vacancies or a caseload are missing.",
    )
    cells = exhibit.table.set_index("Team")
    # One of ten posts is empty.
    assert cells.loc["Court"].tolist()[:2] == ["10.0%", "14.0"]
    assert cells.loc["Duty"].tolist()[:2] == ["missing", "20.0"]
    check_words(exhibit.figure)


def test_teams_of_few_people_are_told_apart_from_those_without_a_figure():
    data = open_small(
        caseload=hold({"Court": [14] * 6, "Duty": [20] * 8, "Small": [15] * 2, "Other": [15] * 3}),
        **staff({"Court": 9, "Small": 9, "Other": 9}),
    )
    said = wf.exhibits.caseload_hotspots(data).sentences
    assert said[1:] == (
        "For 2 of 4 teams it cannot be shown, to protect people.",
        "For 1 of 4 teams vacancies or a caseload are missing.",
    )


def test_where_no_team_has_both_figures_there_is_no_table():
    exhibit = wf.exhibits.caseload_hotspots(
        open_small(caseload=hold({"Court": [14] * 6, "Duty": [20] * 8}))
    )
    assert exhibit.sentences == ("No team has both vacancies and a caseload that may be shown.",)


def test_without_allocations_the_profile_has_to_ask_for_them():
    assert wf.exhibits.worker_changes(open_small()).sentences == (
        "No allocations are read: they are about children, so profile.yml has to ask for them "
        "(child_data: true).",
    )
