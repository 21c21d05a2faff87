"""Whatever the council's staffing looks like, these hold; figures are checked another way."""

from __future__ import annotations

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.worlds import make_caseload, make_posts, make_workers, measure

LEVELS = ("authority", "service", "locality", "team")
SERVICE = {"Alpha": "Front Door", "Beta": "Safeguarding", "Gamma": "Safeguarding"}
LOCALITY = {"Alpha": "North", "Beta": "North", "Gamma": "South"}
TENTHS = st.integers(1, 10)
TEAM = st.sampled_from(sorted(SERVICE))
DAY = "2020-09-30"
CHECKS = settings(max_examples=12, deadline=None, derandomize=True)


def place(team: str) -> dict[str, str]:
    return {"team": team, "service": SERVICE[team], "locality": LOCALITY[team]}


@st.composite
def staffing(draw):
    """Posts and workers; a worker may sit in another team than the post, or in no post."""
    posts = [
        {"as_at": DAY, "post_id": f"P{n}", "fte": draw(TENTHS) / 10, **place(draw(TEAM))}
        for n in range(draw(st.integers(1, 6)))
    ]
    ids = ["", *(post["post_id"] for post in posts)]
    workers = [
        {"as_at": DAY, "worker_id": f"W{n}", "post_id": draw(st.sampled_from(ids)),
         "employment": draw(st.sampled_from(["permanent", "agency"])),
         "role": draw(st.sampled_from(["case_holder", "first_line_manager", "support"])),
         "fte": draw(TENTHS) / 10, **place(draw(TEAM))}
        for n in range(draw(st.integers(1, 8)))
    ]  # fmt: skip
    return posts, workers


@st.composite
def holdings(draw):
    """One week of cases; a worker may hold cases in two teams."""
    rows = []
    for n in range(draw(st.integers(1, 6))):
        person = {"worker_id": f"W{n}", "fte": draw(TENTHS) / 10}
        for team in draw(st.sets(TEAM, min_size=1, max_size=2)):
            cases = draw(st.integers(0, 25))
            rows.append({"week_ending": "2020-09-27", "cases": cases, **person, **place(team)})
    return rows


def split_posts(posts: list[dict], workers: list[dict]) -> dict[tuple[str, str], list[int]]:
    """Establishment, within, cover, uncovered and over of each place, in tenths, one by one."""
    totals: dict[tuple[str, str], list[int]] = {}
    for post in posts:
        held = {"permanent": 0, "agency": 0}
        for worker in workers:
            if worker["post_id"] == post["post_id"] and worker["role"] != "support":
                held[worker["employment"]] += round(worker["fte"] * 10)
        fte = round(post["fte"] * 10)
        within = min(held["permanent"], fte)
        cover = min(held["agency"], fte - within)
        parts = [fte, within, cover, fte - within - cover, max(held["permanent"] - fte, 0)]
        for level in LEVELS:
            key = (level, "Shire" if level == "authority" else post[level])
            so_far = totals.setdefault(key, [0] * 5)
            totals[key] = [a + b for a, b in zip(so_far, parts, strict=True)]
    return totals


def pick(frame: pd.DataFrame) -> dict[tuple[str, str, str], float]:
    keys = zip(frame["measure"], frame["area_level"], frame["area_name"], strict=True)
    return dict(zip(keys, frame["value"], strict=True))


@CHECKS
@given(staffing())
def test_establishment_is_held_covered_and_uncovered_at_each_level(world):
    posts, workers = world
    found = pick(measure({"posts": make_posts(posts), "workers": make_workers(workers)}))
    for (level, name), parts in split_posts(posts, workers).items():
        establishment, within, cover, uncovered, over = parts
        assert establishment == within + cover + uncovered
        for measure_id, tenths in {
            "establishment_fte": establishment,
            "vacancy_fte": cover + uncovered,
            "agency_cover_fte": cover,
            "uncovered_vacancy_fte": uncovered,
            "over_establishment_fte": over,
        }.items():
            assert abs(found[measure_id, level, name] - tenths / 10) < 1e-9


@CHECKS
@given(staffing(), st.randoms(use_true_random=False))
def test_places_add_up_and_the_order_of_rows_does_not_matter(world, random):
    posts, workers = world
    tables = {"posts": make_posts(posts), "workers": make_workers(workers)}
    before = {name: table.copy() for name, table in tables.items()}
    frame = measure(tables)
    for name, table in tables.items():
        pd.testing.assert_frame_equal(table, before[name])
    random.shuffle(posts)
    random.shuffle(workers)
    again = measure({"posts": make_posts(posts), "workers": make_workers(workers)})
    pd.testing.assert_frame_equal(frame, again)
    sums = frame.groupby(["measure", "area_level"])["numerator"].sum(min_count=1).dropna()
    for (name, _), total in sums.items():
        assert abs(total - sums[name, "authority"]) < 1e-8


@CHECKS
@given(holdings())
def test_caseload_shares_are_a_whole_and_teams_add_up(rows):
    frame = measure({"caseload": make_caseload(rows)}, band=(13, 16))
    frame = frame[frame["period_type"] == "week"]
    shares = frame[frame["measure"].str.fullmatch("caseload_(below|within|above)_rate")]
    whole = shares.groupby(["area_level", "area_name"])["value"].sum(min_count=1).dropna()
    assert ((whole - 1).abs() < 1e-9).all()
    found = pick(frame)
    held = [row for row in rows if row["cases"] > 0]
    people = {row["worker_id"]: row["fte"] for row in held}
    assert found["cases", "authority", "Shire"] == sum(row["cases"] for row in held)
    assert found["case_holders_headcount", "authority", "Shire"] == len(people)
    for level in LEVELS:
        fte = frame[(frame["measure"] == "case_holders_fte") & (frame["area_level"] == level)]
        assert abs(fte["value"].sum() - sum(people.values())) < 1e-7
