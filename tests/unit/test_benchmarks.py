"""Ranks, quartiles and moves of authorities, counted by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from wfanalytics.analysis.benchmarks import (
    calculate_moves,
    calculate_neighbour_medians,
    calculate_ranks,
    find_neighbour_rows,
    find_standing,
    has_vacancies_equal_to_cover,
)

END = pd.Timestamp("2019-09-30")
MEASURE = "vacancy_rate_fte"


def make_national(values, *, end=END, region="South", status=None):
    return pd.DataFrame(
        {
            "measure": MEASURE,
            "area_name": [f"a{i}" for i in range(len(values))],
            "old_la_code": [str(900 + i) for i in range(len(values))],
            "region_name": region,
            "period_end": end,
            "value": values,
            "status": status or ["suppressed" if np.isnan(v) else "ok" for v in values],
        }
    )


def test_equal_figures_share_the_lowest_place_and_withheld_ones_have_none():
    ranks = calculate_ranks(make_national([0.3, 0.1, np.nan, 0.1]), measure=MEASURE, period_end=END)
    assert ranks["area_name"].tolist() == ["a1", "a3", "a0", "a2"]
    assert ranks["rank"].tolist()[:3] == [1, 1, 3]
    assert np.isnan(ranks["rank"].iloc[3])


@pytest.mark.parametrize(("value", "quartile"), [(0.1, 1), (0.2, 1), (0.3, 2), (0.4, 3), (0.5, 4)])
def test_quartiles_by_linear_interpolation(value, quartile):
    # Of 0.1 to 0.5 the edges are 0.2, 0.3 and 0.4; an edge belongs to the quarter below it.
    national = make_national([0.1, 0.2, 0.3, 0.4, 0.5])
    standing = find_standing(national, measure=MEASURE, period_end=END, value=value)
    assert standing.quartile == quartile


def test_authorities_without_a_figure_are_not_counted():
    national = make_national([0.1, 0.2, np.nan, 0.3])
    standing = find_standing(national, measure=MEASURE, period_end=END, value=0.3)
    assert (standing.rank, standing.count) == (3, 3)


def test_the_region_is_ranked_apart():
    north = make_national([0.05, 0.15], region="North").assign(area_name=["n0", "n1"])
    national = pd.concat([make_national([0.1, 0.2, 0.3]), north])
    standing = find_standing(national, measure=MEASURE, period_end=END, value=0.2, region="South")
    assert (standing.rank, standing.region_rank, standing.region_count) == (4, 2, 3)


def test_no_figures_no_standing():
    assert (
        find_standing(make_national([np.nan]), measure=MEASURE, period_end=END, value=0.1) is None
    )


def test_moves_join_years_on_the_old_code_and_skip_what_is_withheld():
    before = make_national([0.10, 0.20, 0.30], end=pd.Timestamp("2018-09-30"))
    now = make_national([0.15, 0.10, np.nan]).assign(area_name=["renamed", "a1", "a2"])
    moves = calculate_moves(pd.concat([before, now]), measure=MEASURE, period_end=END)
    assert moves.round(9).to_dict() == {"900": 0.05, "901": 0.1}


def test_vacancies_that_equal_the_cover_are_noticed():
    own = pd.DataFrame({"measure": ["vacancy_fte", "agency_cover_fte"], "value": [10.8, 10.8],
                        "status": "ok"})  # fmt: skip
    assert has_vacancies_equal_to_cover(own)
    assert not has_vacancies_equal_to_cover(own.assign(value=[56.3, 75.9]))
    assert not has_vacancies_equal_to_cover(own.assign(value=0.0))
    assert not has_vacancies_equal_to_cover(own.head(1))


def test_a_median_of_neighbours_counts_joint_returns_once_and_skips_what_is_withheld():
    national = make_national([0.1, 0.2, 0.3, 0.4, 0.5, np.nan])
    national.loc[4, "old_la_code"] = "904 / 999"
    codes = ["900", "901", "902", "903", "904", "999", "905", "123"]
    rows = find_neighbour_rows(national, codes=codes, measure=MEASURE, period_end=END)
    assert rows["old_la_code"].tolist() == ["900", "901", "902", "903", "904 / 999", "905"]
    medians = calculate_neighbour_medians(national, codes=codes, measures=[MEASURE], period_end=END)
    assert medians.iloc[0].tolist() == [MEASURE, 0.3, 5]


def test_four_neighbours_make_no_median():
    national = make_national([0.1, 0.2, 0.3, 0.4, np.nan])
    medians = calculate_neighbour_medians(
        national, codes=national["old_la_code"], measures=[MEASURE], period_end=END
    )
    assert np.isnan(medians["median"].iloc[0])
    assert medians["count"].iloc[0] == 4
