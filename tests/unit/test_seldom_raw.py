"""Files and settings at their edges: the exact message, or that nothing is lost."""

from __future__ import annotations

import io
from dataclasses import replace

import pandas as pd
import pytest
import xlsxwriter
from tests.unit.census_files import write as write_census
from tests.unit.extracts import write_area
from tests.unit.test_outlook_backtest import make_area
from tests.unit.worlds import make_posts, make_workers

import wfanalytics as wf
from wfanalytics.analysis.outlook_backtest import MEDIAN_RATE, find_centre, list_flows
from wfanalytics.analysis.outlook_opening import find_opening
from wfanalytics.errors import InputError, MeasureError
from wfanalytics.measures.area import open_area
from wfanalytics.measures.area_data import select
from wfanalytics.measures.published_area import find_own_rows
from wfanalytics.raw.area import read_area
from wfanalytics.raw.census import read_census
from wfanalytics.raw.neighbours import read_groupings
from wfanalytics.raw.synonyms import find_meanings
from wfanalytics.raw.tables import read_sheets

SEPTEMBER = pd.Timestamp("2019-09-30")


def read(folder, content: bytes, name: str = "a.csv"):
    path = folder / "posts" / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    return read_sheets(path, root=folder)


# --- files ---------------------------------------------------------------------------------------
def test_two_encodings_in_one_file_are_refused_by_the_first_line_that_tells(tmp_path):
    windows, utf8 = "P1,José\n".encode("cp1252"), "P2,Zoë\n".encode()
    with pytest.raises(InputError) as error:
        read(tmp_path, b"Number,Team\n" + windows + utf8)
    assert str(error.value) == (
        "posts/a.csv, row 3: the text mixes two encodings, UTF-8 and Windows (cp1252). Export it "
        "again, or save each part as 'CSV UTF-8' and put them together."
    )
    (sheet,) = read(tmp_path, b"Number,Team\n" + windows)
    assert (sheet.encoding, sheet.cells[1]) == ("cp1252", ["P1", "José"])


def test_marks_nobody_sees_are_taken_out_of_quoted_text(tmp_path):
    (sheet,) = read(tmp_path, '"Number","Team"\n"P1","Al\u200bpha"\n'.encode())
    assert sheet.has_marks
    assert sheet.cells[1] == ["P1", "Alpha"]


def test_a_chart_on_a_sheet_of_its_own_is_no_sheet_of_cells(tmp_path):
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        chart = book.add_chart({"type": "line"})
        book.add_chartsheet("Picture").set_chart(chart)
        page = book.add_worksheet("Staff")
        page.write_row(0, 0, ["Number", "FTE"])
        page.write_row(1, 0, ["P1", 1])
        chart.add_series({"values": "=Staff!$B$2:$B$2"})
    sheets = read(tmp_path, content.getvalue(), "a.xlsx")
    assert [(sheet.sheet, sheet.cells) for sheet in sheets] == [
        ("Staff", [["Number", "FTE"], ["P1", "1"]]),
    ]  # fmt: skip


def test_a_return_whose_header_stands_twice_is_noted(tmp_path):
    path = write_census(tmp_path)
    text = path.read_text("utf-8")
    header = text[text.index("<Header>") : text.index("</Header>") + len("</Header>")]
    path.write_text(text.replace(header, header * 2), "utf-8")
    notes = read_census(path).notes
    header = notes[notes["element"] == "Header"]
    assert header[["kind", "count"]].to_numpy().tolist() == [["repeated", 1]]


def test_a_heading_of_signs_means_nothing():
    assert find_meanings("–", "workers") == ()


def test_neighbours_as_dfe_publishes_them_have_every_column(tmp_path):
    path = tmp_path / "groupings.csv"
    path.write_text("LA num,SN1\n938,801\n", "utf-8")
    with pytest.raises(InputError) as error:
        read_groupings(path, model="M")
    assert str(error.value) == (
        f"{path}, row 1, column LA Name: a column is missing. Keep the file as DfE published it."
    )


# --- settings ------------------------------------------------------------------------------------
def test_a_percentage_that_is_no_number_is_shown_as_written(tmp_path):
    area = write_area(tmp_path, tables=("posts",))
    (area / "targets.csv").write_text(
        "measure,value,valid_from,label,source,status\n"
        "vacancy_rate_fte,seven%,2019-07-01,ours,Committee,our target\n", "utf-8",
    )  # fmt: skip
    with pytest.raises(InputError) as error:
        read_area("shire", data_dir=tmp_path)
    assert str(error.value).startswith("shire/targets.csv, row 2, column value: ")
    assert "Found 'seven%'. Correct it." in str(error.value)


def test_a_managers_words_about_an_unknown_measure(tmp_path):
    area = write_area(tmp_path, tables=("posts", "workers"))
    (area / "commentary.yml").write_text(
        "- {measure: caseload_ft, month: 2019-07, explanation: Sixty started., action: None.}\n",
        "utf-8",
    )
    with pytest.raises(InputError) as error:
        open_area("shire", data_dir=str(tmp_path))
    assert str(error.value).startswith(
        "shire/commentary.yml, column measure: Unknown measure 'caseload_ft'. Did you mean "
        "'caseload_fte'?"
    )


# --- published figures ---------------------------------------------------------------------------
def test_another_band_for_published_figures_counts_nothing_again():
    data = wf.open_area("West Sussex", month="2019-09", source="published")
    wide = wf.set_targets(data, caseload_high=18)
    assert wide.band == (13.0, 18.0)
    assert wide.measures is data.measures


def test_published_figures_at_a_level_are_those_of_that_level():
    data = wf.open_area("West Sussex", month="2019-09", source="published")
    for level in ("england", "region", "team"):
        rows = select(data, "vacancy_rate_fte", level=level)
        assert set(rows["area_level"]) <= {level}
    assert set(select(data, "vacancy_rate_fte", level="england")["area_name"]) == {"England"}
    assert set(select(data, "vacancy_rate_fte")["area_name"]) == {"West Sussex"}


def test_half_of_a_joint_return_is_that_return():
    rows = pd.DataFrame({
        "area_name": ["Kingston upon Thames / Richmond upon Thames", "Sutton"],
        "old_la_code": ["314 / 318", "319"], "period_end": SEPTEMBER,
    })  # fmt: skip
    for name in ("Richmond upon Thames", "314"):
        assert find_own_rows(rows, name, end=SEPTEMBER).tolist() == [True, False]
    assert not find_own_rows(rows, "Richmond", end=SEPTEMBER).any()


# --- the outlook ---------------------------------------------------------------------------------
def test_published_turnover_that_is_all_later_leaves_the_middle_of_2025():
    later = pd.DataFrame({"measure": "turnover_rate_headcount", "area_level": "authority",
                          "period_end": [pd.Timestamp("2030-09-30")], "value": [0.5]})  # fmt: skip
    data = replace(make_area(20, leavers=4, starters=2), national=later)
    assert find_centre(data, data.month) == MEDIAN_RATE


def test_without_a_figure_there_are_no_flows():
    data = make_area(12, leavers=1, starters=1, missing=None)
    assert list_flows(replace(data, measures=data.measures.head(0))).empty


@pytest.mark.parametrize(
    ("lacking", "said"),
    [
        (["workers"], "There is no staff list"), (["posts"], "There is no establishment list"),
        (["posts", "workers"], "There is no establishment list and no staff list"),
    ],
)  # fmt: skip
def test_a_month_without_one_of_its_lists_is_not_projected_from_nothing(lacking, said):
    data = make_area(12, leavers=1, starters=1)
    tables = {
        "posts": make_posts([{"as_at": data.month}]),
        "workers": make_workers([{"as_at": data.month}]),
    }
    tables |= {name: tables[name].head(0) for name in lacking}
    with pytest.raises(MeasureError) as error:
        find_opening(replace(data, tables=tables))
    with pytest.raises(MeasureError, match=said):
        find_opening(replace(data, tables={n: t for n, t in tables.items() if n not in lacking}))
    assert str(error.value) == f"{said} for March 2018: what is not known cannot be continued."
