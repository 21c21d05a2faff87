"""Comparisons with other authorities at their edges: no figure, too few, joint, withheld."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from tests.charts.small_world import NO_REPAIRS

import wfanalytics as wf
from wfanalytics.measures.area_data import AreaData
from wfanalytics.present.exhibits.benchmark_words import describe_cover_years
from wfanalytics.raw.neighbours import Neighbours

END = pd.Timestamp("2019-09-30")
OWN_LIST = "the authority's own list"


def make_rows(measure, values, *, end=END, **columns):
    """A row a value of one measure and 30 September, of authorities a0, a1 and so on."""
    count = len(values)
    rows = {
        "measure": measure, "period_start": end, "period_end": end, "period_type": "snapshot",
        "area_level": "authority", "area_code": [f"E{n}" for n in range(count)],
        "area_name": [f"a{n}" for n in range(count)], "old_la_code": [str(900 + n)
                                                                      for n in range(count)],
        "region_name": "South", "breakdown": "all", "breakdown_value": "all", "value": values,
        "numerator": float("nan"), "denominator": float("nan"), "source": "2025, file.csv",
        "status": ["suppressed" if value != value else "ok" for value in values],
        "definition_version": "1", **columns,
    }  # fmt: skip
    return pd.DataFrame(rows)


def publish(count=35, *, withheld=0):
    """Vacancy rates of 5.0%, 5.1% and so on; the last ones withheld."""
    values = [0.05 + n / 1000 for n in range(count - withheld)]
    return make_rows("vacancy_rate_fte", values + [float("nan")] * withheld)


def open_shire(value=0.07, *, measure="vacancy_rate_fte", end=END, neighbours=(), **changes):
    none = pd.DataFrame()
    listed = Neighbours(tuple(neighbours), OWN_LIST) if neighbours else Neighbours()
    data = AreaData(
        "shire", "Shire", "local", pd.Timestamp("2020-03-31"),
        make_rows(measure, [value], end=end, area_name="Shire"), (), (), {}, NO_REPAIRS, none,
        (13.0, 16.0), none, national=publish(), neighbours=listed,
    )  # fmt: skip
    return replace(data, **changes)


def codes(*numbers):
    return [str(900 + number) for number in numbers]


# --- among all -----------------------------------------------------------------------------------
def test_our_own_figure_takes_the_place_of_the_published_one_where_the_code_is_known():
    exhibit = wf.exhibits.benchmark_vacancy(open_shire(old_la_code="905"))
    # Of a0 to a34 without a5, nineteen are under 7.0%.
    assert exhibit.headline.endswith("Shire is 20th lowest of 35 authorities")
    assert exhibit.sentences[1] == (
        "It is in the second highest quarter; in its region, South, it is 20th lowest of 35; lower "
        "is better."
    )
    rows = exhibit.table.set_index("Authority")
    assert rows.loc["Shire"].tolist() == [20, "South", "7.0%"]


def test_without_a_code_the_area_is_known_by_name_or_stands_beside_the_others():
    named = wf.exhibits.benchmark_vacancy(open_shire(name="a5", measures=make_rows(
        "vacancy_rate_fte", [0.07], area_name="a5")))  # fmt: skip
    assert named.headline.endswith("a5 is 20th lowest of 35 authorities")
    added = wf.exhibits.benchmark_vacancy(open_shire())
    assert added.headline.endswith("Shire is 21st lowest of 36 authorities")
    assert added.sentences[1] == "It is in the second highest quarter; lower is better."


NO_SHARED = "There is no 30 September for which both Shire and other authorities have a figure."


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("benchmark_agency", open_shire(measure="agency_rate_fte")),
        ("benchmark_vacancy", open_shire(end=pd.Timestamp("2018-09-30"))),
        ("benchmark_neighbours", open_shire(end=pd.Timestamp("2018-09-30"),
                                            neighbours=codes(0, 1, 2, 3, 4))),
    ],
)  # fmt: skip
def test_a_measure_or_a_year_that_only_one_side_has_is_not_compared(name, data):
    exhibit = getattr(wf.exhibits, name)(data)
    assert exhibit.status == "unavailable"
    assert exhibit.sentences == (NO_SHARED,)


def test_a_handful_of_authorities_is_no_comparison():
    exhibit = wf.exhibits.benchmark_vacancy(open_shire(national=publish(28)))
    assert exhibit.sentences == (
        "Fewer than 30 authorities have a figure at 30 September 2019: too few to compare with.",
    )


def test_a_region_is_no_authority():
    rows = make_rows("vacancy_rate_fte", [0.07], area_name="England")
    data = open_shire(source="published", name="England", measures=rows)
    assert wf.exhibits.benchmark_vacancy(data).sentences == (
        "England is not an authority with a figure at 30 September 2019.",
    )


def test_many_authorities_without_a_figure_are_counted_and_few_are_named():
    four = wf.exhibits.benchmark_vacancy(open_shire(national=publish(40, withheld=4)))
    assert "4 of the authorities have no published figure." in four.notes
    two = wf.exhibits.benchmark_vacancy(open_shire(national=publish(40, withheld=2)))
    assert "No published figure: a38; a39." in two.notes


# --- neighbours ----------------------------------------------------------------------------------
def test_without_neighbours_the_profile_has_to_name_them():
    assert wf.exhibits.benchmark_neighbours(open_shire()).sentences == (
        "No statistical neighbours are known for Shire: name them as neighbours in profile.yml, by "
        "their three-digit codes.",
    )


def test_four_neighbours_are_too_few():
    exhibit = wf.exhibits.benchmark_neighbours(open_shire(neighbours=codes(0, 1, 2, 3)))
    assert exhibit.sentences == (
        "Too few neighbours have a figure at 30 September 2019 to compare with.",
    )
    among_all = wf.exhibits.benchmark_vacancy(open_shire(neighbours=codes(0, 1, 2, 3)))
    assert not any("neighbours" in sentence for sentence in among_all.sentences)


def test_the_median_of_the_authoritys_own_list():
    data = open_shire(0.052, neighbours=codes(0, 1, 2, 3, 4))
    assert wf.exhibits.benchmark_vacancy(data).sentences[2] == (
        "The median of 5 statistical neighbours was 5.2% (the authority's own list)."
    )
    exhibit = wf.exhibits.benchmark_neighbours(data)
    assert exhibit.headline == (
        "Vacancy rate before agency cover: the same as the median neighbour"
    )
    assert exhibit.sentences[2] == "At their median: vacancies before cover."


def test_neighbours_that_make_no_return_are_counted():
    def note(*gone):
        data = open_shire(neighbours=[*codes(0, 1, 2, 3, 4), *gone])
        notes = wf.exhibits.benchmark_neighbours(data).notes
        return [text for text in notes if " listed " in text]

    assert note() == []
    assert note("800") == ["1 of the 6 listed makes no return of its own that year."]
    assert note("800", "801") == ["2 of the 7 listed make no return of their own that year."]


def test_neither_half_of_a_joint_return_makes_one_of_its_own():
    joint = publish()
    joint.loc[4, ["old_la_code", "area_name"]] = ["904 / 999", "a4 / a99"]
    data = open_shire(national=joint, neighbours=[*codes(0, 1, 2, 3, 4, 5), "999"])
    exhibit = wf.exhibits.benchmark_neighbours(data)
    assert "the median of 6 statistical neighbours" in exhibit.sentences[0]
    assert "2 of the 7 listed make no return of their own that year." in exhibit.notes
    assert "Joint returns count once: a4 / a99." in exhibit.notes


# --- vacancies that are a count of agency staff --------------------------------------------------
def test_many_years_of_vacancies_equal_to_the_cover_are_counted():
    def said(count):
        rows = [
            make_rows(measure, [10.8], end=pd.Timestamp(2017 + year, 9, 30), area_name="Shire")
            for year in range(count) for measure in ("vacancy_fte", "agency_cover_fte")
        ]  # fmt: skip
        (text,) = describe_cover_years(open_shire(source="published", measures=pd.concat(rows)))
        return text.partition(" the vacancies")[0]

    assert said(1) == "In 2017"
    assert said(2) == "In 2017 and 2018"
    assert said(6) == "In 6 years from 2017 to 2022"
