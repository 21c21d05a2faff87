"""Columns held as codes, and a long caseload cleaned by the same rules as a short one."""

from __future__ import annotations

import dataclasses

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.extracts import list_workers, make_area, pseudonym

from wfanalytics.clean.caseload import clean_caseload
from wfanalytics.clean.caseload_sums import PLACES, aggregate_caseload
from wfanalytics.clean.coded import find_again, find_shared, join_rows, spell_out, sum_groups
from wfanalytics.clean.identity import FICTIONAL_KEY
from wfanalytics.clean.repairs import Ledger
from wfanalytics.contracts import keep_contract
from wfanalytics.frames import CLEAN_SCHEMAS
from wfanalytics.raw.column_text import ColumnCells
from wfanalytics.raw.headings import find_table
from wfanalytics.raw.tables import read_sheets

TEXTS = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from([0.0, 1.0, 2.5])), max_size=30)


@given(TEXTS)
def test_doubles_and_sums_are_pandas_own(pairs):
    plain = pd.DataFrame(pairs, columns=["who", "cases"]).astype({"who": "str", "cases": float})
    coded = plain.astype({"who": "category"})
    names = ["who", "cases"]
    assert find_again(coded, names).tolist() == plain.duplicated(names).tolist()
    assert find_shared(coded, names).tolist() == plain.duplicated(names, keep=False).tolist()
    added = plain.groupby("who")["cases"].transform("sum").tolist() if pairs else []
    assert sum_groups(coded, ["who"], "cases").tolist() == added


def test_tables_of_other_texts_stay_codes_when_joined():
    frames = [pd.DataFrame({"t": pd.Categorical(texts)}) for texts in (["b", "c"], ["a", "b"])]
    rows = join_rows(frames)
    assert rows["t"].cat.categories.tolist() == ["a", "b", "c"]
    assert spell_out(rows)["t"].tolist() == ["b", "c", "a", "b"]


# --- a contract that is kept ---------------------------------------------------------------------
POST = pd.DataFrame(
    {"as_at": pd.to_datetime(["2019-07-31"]), "post_id": ["P1"], "team": ["A"], "service": ["S"],
     "locality": ["L"], "role": ["support"], "fte": [1.0]}
)  # fmt: skip


def test_a_kept_contract_gives_what_pandera_gives():
    schema = CLEAN_SCHEMAS["posts"]
    for frame in (POST, POST.iloc[:0], POST.iloc[:0].astype("object")):
        pd.testing.assert_frame_equal(keep_contract(frame, schema), schema.validate(frame))


@pytest.mark.parametrize(
    "broken",
    [POST.assign(role="chief"), POST.assign(fte=0.0), POST.assign(fte=float("nan")),
     POST.assign(more=1), POST.drop(columns="team"), pd.concat([POST, POST])],
    ids=["word", "range", "nothing", "column", "no column", "double"],
)  # fmt: skip
def test_a_broken_contract_is_left_to_pandera(broken):
    assert keep_contract(broken, CLEAN_SCHEMAS["posts"]) is None


# --- long caseloads ------------------------------------------------------------------------------
def write_long(path, *, title: str) -> None:
    """40,000 rows, more than one of Arrow's blocks: every rule's row in the first and the last."""
    week = pd.date_range("2019-07-07", periods=8, freq="7D")
    lines = [
        f"{day:%d/%m/%Y},SW{1000 + n},{'Alpha' if n % 3 else 'alpha '},{n % 9},1,2,0"
        for day in week
        for n in range(5_000)
    ]
    first = lines[7]
    lines += [first, first.replace(",SW", ",sw "), "Total,,,160000,40000,80000,0", ",,,,,,"]
    lines += ["01/09/2019,,Alpha,5,0,0,0", "01/09/2019,SW101,Nowhere,3,n/a,0,0"]
    heads = "Week ending,Worker,Team,CIN,CP,LAC,Carers"
    path.write_text("\n".join([title, heads, *lines]) + "\n", "utf-8")


def clean(path, tmp_path):
    area = dataclasses.replace(make_area(), folder=tmp_path)
    (sheet,) = read_sheets(path, root=tmp_path)
    ledger = Ledger("caseload")
    rows = clean_caseload(
        [find_table(sheet, "caseload")], area, key=FICTIONAL_KEY, workers=list_workers(),
        ledger=ledger,
    )  # fmt: skip
    return sheet, spell_out(rows[list(CLEAN_SCHEMAS["caseload"].columns)]), ledger.to_frame()


def test_a_file_read_in_blocks_is_cleaned_as_one_read_row_by_row(tmp_path):
    """Doubles, and a double in another spelling, stand in other blocks than the first row."""
    path, careful = tmp_path / "a.csv", tmp_path / "b" / "a.csv"
    careful.parent.mkdir()
    write_long(path, title="Caseload")
    write_long(careful, title='"Caseload"')  # a quotation mark: read by Python's reader
    sheet, rows, repairs = clean(path, tmp_path)
    other, same_rows, same_repairs = clean(careful, careful.parent)
    assert path.stat().st_size > 1_048_576
    assert isinstance(sheet.cells, ColumnCells)
    assert not isinstance(other.cells, ColumnCells)
    pd.testing.assert_frame_equal(rows, same_rows)
    pd.testing.assert_frame_equal(repairs, same_repairs)
    assert repairs.loc[repairs["rule"] == "A18", "row"].tolist() == [40_003, 40_004]
    assert len(rows) == 40_002


def test_the_sums_of_a_long_file_are_those_of_its_rows(tmp_path):
    path = tmp_path / "a.csv"
    write_long(path, title="Caseload")
    _, rows, repairs = clean(path, tmp_path)
    area = dataclasses.replace(make_area(), folder=tmp_path)
    found = aggregate_caseload(path, area, key=FICTIONAL_KEY, workers=list_workers())
    added = rows.groupby(PLACES)[["cases_cin", "cases"]].sum().sort_index()
    sums = found.sums.set_index(PLACES)
    pd.testing.assert_frame_equal(sums[["cases_cin", "cases"]], added, check_dtype=False)
    pd.testing.assert_frame_equal(found.repairs, repairs)
    assert found.files[["rows_read", "rows_kept", "rows_refused"]].to_numpy().tolist() == [
        [40_005, 40_002, 3]
    ]
    last = sums.loc[pd.Timestamp("2019-09-01")]
    assert last["unallocated"].tolist() == [5, 0]
    assert rows.loc[rows["worker_id"] == pseudonym("SW101"), "cases"].tolist() == [3]
