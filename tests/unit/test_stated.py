"""Figures stated in committee papers: what they may stand beside, and that each is cited."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from wfanalytics.errors import InputError
from wfanalytics.measures.definitions import DEFINITIONS
from wfanalytics.raw.stated import COLUMNS, read_stated

GOOD = {
    "authority": "Exampleshire", "measure": "vacancy_gap", "value": "7", "unit": "percent",
    "qualifier": "about", "as_at": "2019-07", "as_at_date": "2019-07-31",
    "as_at_date_source": "the document", "document": "minutes, 17 July 2019",
    "paragraph": "22.1", "stated_by": "Director", "kind": "actual",
    "comparable_measure": "uncovered_vacancy_rate_fte", "note": "",
}  # fmt: skip


def write(tmp_path: Path, *rows: dict[str, str], columns: tuple[str, ...] = COLUMNS) -> Path:
    lines = [",".join(columns)]
    lines += [",".join(f'"{(GOOD | row)[column]}"' for column in columns) for row in rows]
    path = tmp_path / "stated.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def shipped(project_root: Path) -> pd.DataFrame:
    return read_stated(project_root / "data" / "raw" / "published" / "stated_figures.csv")


def stated(frame: pd.DataFrame, authority: str, measure: str) -> pd.Series:
    return frame.set_index(["authority", "measure"]).loc[(authority, measure)]


def test_a_percentage_stays_as_stated_and_is_a_fraction_beside_our_measure(tmp_path: Path) -> None:
    cases = {"value": "20", "unit": "cases per social worker", "comparable_measure": "caseload_fte"}
    frame = read_stated(write(tmp_path, {}, cases, {"comparable_measure": ""}))
    assert frame["value"].to_list() == [7, 20, 7]
    assert frame["comparable_value"].to_list()[:2] == [0.07, 20]
    assert pd.isna(frame["comparable_value"].iloc[2])
    assert frame["as_at_date"].iloc[0] == pd.Timestamp("2019-07-31")


def test_a_direction_has_no_value_and_an_undated_figure_no_date(tmp_path: Path) -> None:
    frame = read_stated(write(tmp_path, {"value": "", "as_at": "autumn", "as_at_date": ""}))
    assert frame[["value", "as_at_date", "comparable_value"]].isna().to_numpy().all()
    assert frame["as_at"].item() == "autumn"


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"paragraph": " "}, "row 3, column paragraph: a stated figure without its source."),
        ({"value": "7%"}, "row 3, column value: not a number. Found '7%'"),
        ({"as_at_date": "2019-07-17"}, "row 3, column as_at_date: not the last day of a month."),
        ({"as_at_date": "31/07/2019"}, "row 3, column as_at_date: not the last day of a month."),
    ],
)
def test_a_figure_that_cannot_be_cited_or_read(
    tmp_path: Path, row: dict[str, str], words: str
) -> None:
    with pytest.raises(InputError) as caught:
        read_stated(write(tmp_path, {}, row))
    assert words in str(caught.value)


def test_a_missing_column_or_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="row 1, column note: a column is missing"):
        read_stated(write(tmp_path, {}, columns=COLUMNS[:-1]))
    with pytest.raises(InputError, match="the file cannot be read"):
        read_stated(tmp_path / "no.csv")


# --- the shipped table ---------------------------------------------------------------------------


def test_the_stated_gap_is_comparable_with_the_uncovered_rate_only(shipped: pd.DataFrame) -> None:
    gap = stated(shipped, "West Sussex", "vacancy_gap")
    assert (gap["value"], gap["unit"], gap["paragraph"]) == (7, "percent", "22.1")
    assert (gap["comparable_measure"], gap["comparable_value"]) == (
        "uncovered_vacancy_rate_fte",
        0.07,
    )
    assert gap["as_at_date"] == pd.Timestamp("2019-07-31")
    assert "vacancy_rate_fte" not in set(shipped["comparable_measure"])


def test_what_each_stated_figure_may_stand_beside(shipped: pd.DataFrame) -> None:
    marked = shipped[shipped["comparable_measure"] != ""]
    found = marked[["measure", "value", "comparable_measure"]].to_numpy().tolist()
    assert found == [
        ["vacancy_gap_before", 18.5, "uncovered_vacancy_rate_fte"],
        ["vacancy_gap", 7, "uncovered_vacancy_rate_fte"],
        ["vacancy_gap_overall_target", 10, "uncovered_vacancy_rate_fte"],
        ["agency_share_of_workforce", 10, "agency_rate_fte"],
        ["leavers_per_month_before", 7, "leavers_headcount"],
        ["leavers_per_month", 2, "leavers_headcount"],
        ["cases_per_social_worker", 20, "caseload_fte"],
        ["caseload_target_min", 13, "caseload_fte"],
        ["caseload_target_max", 16, "caseload_fte"],
    ]
    assert set(marked["authority"]) == {"West Sussex"}
    assert set(marked["comparable_measure"]) <= set(DEFINITIONS)


def test_the_date_of_the_higher_gap_is_the_presss_and_says_so(shipped: pd.DataFrame) -> None:
    before = stated(shipped, "West Sussex", "vacancy_gap_before")
    assert before["as_at"] == "before July 2019 (no date given)"
    assert before["as_at_date"] == pd.Timestamp("2019-02-28")
    assert "press report of 11 September 2019" in before["as_at_date_source"]
    others = shipped[shipped["measure"] != "vacancy_gap_before"]
    assert set(others["as_at_date_source"]) == {"", "the document"}
    assert (others["as_at_date"].isna() == (others["as_at_date_source"] == "")).all()
    assert pd.isna(stated(shipped, "West Sussex", "leavers_per_month_before")["as_at_date"])


def test_the_shipped_table_holds_the_workforce_rows_of_the_reference(
    shipped: pd.DataFrame, reference_dir: Path
) -> None:
    reference = pd.read_csv(reference_dir / "seed_figures.csv", dtype="str", keep_default_na=False)
    reference = reference[reference["scope"] == "workforce"].reset_index(drop=True)
    assert len(shipped) == len(reference) == 37
    for column in ("authority", "measure", "as_at", "paragraph", "stated_by", "kind"):
        assert shipped[column].to_list() == reference[column].to_list(), column
    values = pd.to_numeric(reference["value"].replace("", None))
    pd.testing.assert_series_equal(shipped["value"], values, check_dtype=False)
