"""The shipped neighbours against DfE's file, and areas whose name or code is shared."""

from __future__ import annotations

import csv

import pandas as pd
import pytest

import wfanalytics as wf
from wfanalytics.errors import ParameterError
from wfanalytics.measures.area_data import select
from wfanalytics.raw.neighbours import COLUMNS, read_groupings


@pytest.fixture(scope="module")
def path(reference_dir):
    return str(reference_dir / "dfe" / "csww_indicators_2017_to_2023.csv")


def open_published(path, area, month="2023-09"):
    return wf.open_area(area, month=month, source="published", published_file=path)


def test_the_shipped_rows_of_april_2021_are_dfes(reference_dir, project_root):
    file = reference_dir / "dfe" / "New_Statistical_Neighbour_Groupings_April_2021.csv"
    shipped = project_root / "data/raw/published/statistical_neighbours.csv"
    with shipped.open(encoding="utf-8", newline="") as text:
        reader = csv.DictReader(text)
        assert tuple(reader.fieldnames) == COLUMNS
        rows = [row for row in reader if row["model"] == "April 2021"]
    assert rows == read_groupings(file, model="April 2021")
    assert len(rows) == 156


def test_dorset_is_two_authorities_and_never_one_line(path):
    now = select(open_published(path, "Dorset"), "vacancy_rate_fte")
    assert now["period_end"].dt.year.tolist() == [2019, 2020, 2021, 2022, 2023]
    before = open_published(path, "Dorset", month="2018-09")
    assert before.old_la_code == "835"
    assert select(before, "vacancy_rate_fte")["period_end"].dt.year.tolist() == [2017, 2018]
    former = select(open_published(path, "835"), "vacancy_rate_fte")
    assert former["area_code"].unique().tolist() == ["E10000009"]
    with pytest.raises(ParameterError):
        open_published(path, "999")


def test_half_of_a_joint_return_is_the_joint_return(path):
    for name in ("Richmond upon Thames", "314", "314 / 318"):
        data = open_published(path, name)
        assert data.name == "Kingston upon Thames / Richmond upon Thames"
        assert len(select(data, "vacancy_rate_fte")) == 7


def test_years_are_joined_where_only_the_code_of_a_boundary_changed(path):
    rows = select(open_published(path, "North Yorkshire"), "vacancy_rate_fte")
    assert rows["period_end"].dt.year.tolist() == list(range(2017, 2024))
    assert (rows["period_end"] == pd.Timestamp("2023-09-30")).any()
