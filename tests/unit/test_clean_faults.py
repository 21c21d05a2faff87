"""A fault stops its own extract and months, is written down, and never becomes a zero."""

from __future__ import annotations

import csv
import datetime
from pathlib import Path

import pandas as pd
import pytest
from tests.unit.extracts import DEFAULTS, make_area, make_table, write_area

from wfanalytics.analysis.quality import find_problems
from wfanalytics.analysis.refused import list_refused
from wfanalytics.clean.area import clean_area
from wfanalytics.clean.faults import Faults, clean_confined
from wfanalytics.clean.posts import clean_posts
from wfanalytics.clean.repairs import Ledger
from wfanalytics.errors import InputError
from wfanalytics.measures.area import open_area
from wfanalytics.measures.area_data import select
from wfanalytics.raw.area import read_area

MONTHS = ("2019-06", "2019-07", "2019-08")


def write(path: Path, table: str, *rows: dict[str, str]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(DEFAULTS[table]))
        writer.writeheader()
        writer.writerows({**DEFAULTS[table], **row} for row in rows)


@pytest.fixture
def area(tmp_path):
    """Three months of posts, workers, movements and caseload, a file a month."""
    folder = write_area(tmp_path, tables=("posts", "workers", "movements", "caseload"))
    for number, month in enumerate(MONTHS, start=6):
        write(folder / "posts" / f"{month}.csv", "posts", {}, {"Number": "P2"})
        write(folder / "workers" / f"{month}.csv", "workers", {}, {"SWE number": "SW102"})
        write(folder / "movements" / f"{month}.csv", "movements", {
            "Effective date": f"05/{number:02}/2019",
            "SWE number": f"SW2{number}", "Month": ""})  # fmt: skip
        first = datetime.date(2019, number, 1)
        weeks = [first + datetime.timedelta(days=(6 - first.weekday()) + 7 * k) for k in range(4)]
        write(folder / "caseload" / f"{month}.csv", "caseload",
              *({"Week ending": f"{week:%d/%m/%Y}"} for week in weeks))  # fmt: skip
    return folder


def confined(area: Path):
    return clean_area(read_area("shire", data_dir=area.parents[1]), on_fault="refuse")


def figures(area: Path, measure: str) -> dict[int, tuple[str, float | None]]:
    """Month -> status and value, as reported for August."""
    rows = select(open_area("shire", month="2019-08", data_dir=str(area.parents[1])), measure)
    return {
        row.period_end.month: (row.status, None if pd.isna(row.value) else row.value)
        for row in rows.itertuples() if row.period_type in ("snapshot", "month")
    }  # fmt: skip


def test_without_a_fault_nothing_is_confined(area):
    clean = confined(area)
    assert clean.faults.empty
    assert figures(area, "leavers_headcount") == {
        6: ("ok", 1.0), 7: ("ok", 1.0), 8: ("provisional", 1.0)}  # fmt: skip


def test_the_first_fault_is_raised_unless_it_is_to_be_confined(area):
    write(area / "posts" / "2019-07.csv", "posts", {"FTE": "full"})
    with pytest.raises(InputError, match=r"^posts/2019-07.csv, row 2, column FTE: not a number"):
        clean_area(read_area("shire", data_dir=area.parents[1]))


def test_a_fault_refuses_its_extract_row_by_row_and_names_its_month(area):
    write(area / "posts" / "2019-07.csv", "posts", {}, {"Number": "P2", "FTE": "full"})
    clean = confined(area)
    assert clean.tables["posts"]["as_at"].dt.month.unique().tolist() == [6, 8]
    told = clean.repairs[clean.repairs["file"] == "posts/2019-07.csv"]
    assert told[["rule", "severity", "row", "is_row_refused"]].to_numpy().tolist() == [
        ["A26", "E", 3, True], ["A26", "E", 2, True]]  # fmt: skip
    assert told["reason"].tolist() == [
        "not a number. Found 'full'; allowed a number, or an empty cell. Correct the cell.",
        "refused with its extract: not a number",
    ]
    file = clean.files[clean.files["file"] == "posts/2019-07.csv"].iloc[0]
    assert (file["rows_read"], file["rows_kept"], file["rows_refused"]) == (2, 0, 2)
    assert clean.faults[["table", "month", "rule"]].to_numpy().tolist() == [
        ["posts", pd.Timestamp("2019-07-31"), "A26"]]  # fmt: skip


def test_only_the_figures_it_would_corrupt_are_missing(area):
    write(area / "posts" / "2019-07.csv", "posts", {"FTE": "full"})
    assert figures(area, "vacancy_fte")[7] == ("missing", None)
    assert figures(area, "vacancy_fte")[6][0] == "ok"
    assert figures(area, "inpost_headcount")[7] == ("ok", 2.0)


def test_a_refused_month_of_movements_is_missing_and_not_zero(area):
    write(area / "movements" / "2019-07.csv", "movements",
          {"Type": "Vanished", "Month": "", "Effective date": "05/07/2019"})  # fmt: skip
    assert figures(area, "leavers_headcount") == {
        6: ("ok", 1.0), 7: ("missing", None), 8: ("provisional", 1.0)}  # fmt: skip


def test_rows_of_a_refused_month_in_other_extracts_are_refused_with_it(area):
    """Starters in one file, leavers in another: a month with half of them is not a month."""
    write(area / "movements" / "2019-07.csv", "movements",
          {"Type": "Vanished", "Month": "", "Effective date": "05/07/2019"})  # fmt: skip
    write(
        area / "movements" / "starters.csv",
        "movements",
        {"Type": "Starter", "Month": "", "Effective date": "08/07/2019", "SWE number": "SW300"},
    )
    clean = confined(area)
    assert clean.tables["movements"]["date"].dt.month.tolist() == [6, 8]
    reason = clean.repairs.loc[clean.repairs["file"] == "movements/starters.csv", "reason"]
    assert reason.tolist() == [
        "another extract about this month is refused: the month is not whole"]  # fmt: skip
    assert figures(area, "starters_headcount")[7] == ("missing", None)


def test_the_months_of_a_file_without_one_in_its_name_are_those_of_its_rows(area):
    rows = [{"Month": "", "Effective date": f"05/{n}/2019", "SWE number": f"SW30{n}"}
            for n in ("04", "05", "06")]  # fmt: skip
    write(area / "movements" / "old ones.csv", "movements", *rows, {"Type": "?", "Month": ""})
    found = confined(area).faults
    assert found["month"].dt.month.tolist() == [4, 5, 6, 7]
    assert figures(area, "leavers_headcount") == {
        6: ("missing", None), 7: ("missing", None), 8: ("provisional", 1.0)}  # fmt: skip


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 not a workbook", b"a,b\n1,2\n"])
def test_a_file_that_cannot_be_read_is_listed_with_no_rows(area, content):
    (area / "workers" / "2019-07.csv").write_bytes(content)
    clean = confined(area)
    file = clean.files[clean.files["file"] == "workers/2019-07.csv"].iloc[0]
    assert (file["rows_read"], file["rows_kept"], file["rows_refused"]) == (0, 0, 0)
    note = clean.repairs[clean.repairs["file"] == "workers/2019-07.csv"].iloc[0]
    assert (note["rule"], note["severity"]) == ("A30", "E")
    assert figures(area, "inpost_headcount")[7] == ("missing", None)


def test_a_refused_month_of_caseload_leaves_its_weeks_missing(area):
    write(area / "caseload" / "2019-07.csv", "caseload", {"CIN": "many"})
    data = open_area("shire", month="2019-08", data_dir=str(area.parents[1]))
    weeks = select(data, "cases", period_type="week").set_index("period_end")["status"]
    assert set(weeks[weeks.index.month == 7]) == {"missing"}
    assert set(weeks[:"2019-06-23"]) == {"ok"}


def test_two_extracts_about_one_month_are_both_refused(area):
    write(area / "posts" / "2019-07 again.csv", "posts", {"FTE": "0.5"})
    clean = confined(area)
    assert clean.tables["posts"]["as_at"].dt.month.unique().tolist() == [6, 8]
    assert clean.faults["file"].tolist() == ["posts/2019-07 again.csv", "posts/2019-07.csv"]


def test_a_refused_later_delivery_takes_the_earlier_ones_weeks_with_it(area):
    """Old numbers must not stand in for new ones that could not be read."""
    write(area / "caseload" / "late.csv", "caseload", {"Week ending": "07/07/2019", "CIN": "many"})
    clean = confined(area)
    assert not (clean.tables["caseload"]["week_ending"].dt.month == 7).any()


def test_the_reported_months_own_fault_leaves_out_what_rests_on_it(area):
    """Staff, vacancies and caseload are missing; nobody's list of July stands in for August's."""
    write(area / "workers" / "2019-08.csv", "workers", {}, {"SWE number": "SW5", "Days sick": "-1"})
    data = open_area("shire", month="2019-08", data_dir=str(area.parents[1]))
    assert list_refused(data)[0] == (
        "The workers extract of August 2019 could not be used: workers/2019-08.csv, row 3, column "
        "Days sick: fewer than no days. Found '-1'; allowed 0 or more. Correct the cell."
    )
    for measure in ("inpost_headcount", "vacancy_fte", "caseload_fte", "starters_headcount"):
        assert figures(area, measure)[8] == ("missing", None), measure
    assert figures(area, "inpost_headcount")[7] == ("ok", 2.0)
    assert figures(area, "establishment_fte")[8] == ("provisional", 2.0)
    assert figures(area, "leavers_headcount")[8] == ("provisional", 1.0)
    assert figures(area, "caseload_fte")[7][0] == "ok"


def test_the_newest_month_is_the_newest_delivered_also_where_it_cannot_be_used(area):
    write(area / "posts" / "2019-08.csv", "posts", {"FTE": "full"})
    data = open_area("shire", data_dir=str(area.parents[1]))
    assert (data.month, data.is_provisional) == (pd.Timestamp("2019-08-31"), True)
    july = open_area("shire", month="2019-07", data_dir=str(area.parents[1]))
    assert (july.is_provisional, list_refused(july)) == (False, ())


def test_without_either_list_of_the_month_its_leavers_are_counted(area):
    for table in ("posts", "workers"):
        write(area / table / "2019-08.csv", table, {"FTE": "full"})
    assert figures(area, "leavers_headcount")[8] == ("provisional", 1.0)
    assert figures(area, "establishment_fte")[8] == ("missing", None)


def test_a_starter_of_a_month_without_its_list_is_known_from_the_next(area):
    write(area / "workers" / "2019-07.csv", "workers", {"Days sick": "-1"})
    starter = {"Type": "Starter", "SWE number": "SW300", "Month": ""}
    write(area / "movements" / "2019-07.csv", "movements",
          {**starter, "Effective date": "08/07/2019"})  # fmt: skip
    assert figures(area, "starters_headcount")[7] == ("ok", 1.0)


def test_the_fte_of_case_holders_is_not_taken_from_the_list_before_a_refused_one(area):
    write(area / "workers" / "2019-08.csv", "workers", {"Days sick": "-1"})
    caseload = confined(area).tables["caseload"].set_index("week_ending")
    assert caseload.loc["2019-07", "fte"].notna().all()
    assert caseload.loc["2019-08", "fte"].isna().all()
    (area / "workers" / "2019-08.csv").unlink()  # not delivered yet: the list of July is used
    assert confined(area).tables["caseload"]["fte"].notna().all()


def test_a_fault_in_a_file_of_no_known_month_stops_every_report(area):
    (area / "movements" / "more.csv").write_bytes(b"")
    for month in MONTHS:
        with pytest.raises(InputError) as error:
            open_area("shire", month=month, data_dir=str(area.parents[1]))
        assert str(error.value) == (
            "movements/more.csv: the file is empty. Ask for the extract again."
        )


def test_dates_that_look_american_do_not_tell_their_months(area):
    rows = [{"Month": "", "Effective date": date} for date in ("03/07/2019", "07/31/2019")]
    write(area / "movements" / "more.csv", "movements", *rows)
    assert confined(area).faults["month"].isna().tolist() == [True]


FAULTS = {"posts": {"FTE": "full"}, "workers": {"Days sick": "-1"}, "caseload": {"CIN": "many"},
          "movements": {"Type": "Vanished"}}  # fmt: skip
MAIN = {"posts": "vacancy_fte", "caseload": "caseload_fte", "movements": "leavers_headcount"}


@pytest.mark.parametrize("table", MAIN)
def test_with_a_fault_in_every_extract_of_a_table_its_figures_are_missing(area, table):
    for number, month in enumerate(MONTHS, start=6):
        dates = {"movements": {"Effective date": f"05/{number:02}/2019", "Month": ""},
                 "caseload": {"Week ending": f"16/{number:02}/2019"}}  # fmt: skip
        write(area / table / f"{month}.csv", table, {**FAULTS[table], **dates.get(table, {})})
    clean = confined(area)
    assert len(clean.tables[table]) == 0
    own = clean.files[clean.files["table"] == table]
    assert own[["rows_read", "rows_kept", "rows_refused"]].sum().tolist() == [3, 0, 3]
    assert figures(area, MAIN[table])[8] == ("missing", None)
    assert figures(area, "inpost_headcount")[8] == ("provisional", 2.0)


def test_with_a_fault_in_every_worker_list_nothing_can_be_counted(area):
    for month in MONTHS:
        write(area / "workers" / f"{month}.csv", "workers", FAULTS["workers"])
    with pytest.raises(InputError, match="fewer than no days"):
        confined(area)


@pytest.mark.parametrize(
    ("name", "first", "count"),
    [("moves 2019-20", "2019-04-30", 12), ("moves 2018-2019", "2018-04-30", 12),
     ("moves 2019-21", "NaT", 1), ("moves", "NaT", 1)],
)  # fmt: skip
def test_a_financial_year_in_the_name_tells_the_months_of_an_empty_file(area, name, first, count):
    (area / "movements" / f"{name}.csv").write_bytes(b"")
    months = confined(area).faults["month"]
    assert (str(months.iloc[0])[:10], len(months)) == (first, count)


def test_a_summary_that_cannot_be_used_stops_nothing(area):
    profile = area / "profile.yml"
    profile.write_text(f"{profile.read_text('utf-8')}  summary: {{folder: summary}}\n", "utf-8")
    (area / "summary").mkdir()
    (area / "summary" / "all.csv").write_bytes(b"")
    data = open_area("shire", month="2019-08", data_dir=str(area.parents[1]))
    assert list_refused(data) == (
        "The summary extract could not be used: summary/all.csv: the file is empty. Ask for the "
        "extract again.",
    )
    assert figures(area, "inpost_headcount")[8] == ("provisional", 2.0)


def test_every_fault_asks_somebody_to_mend_it(area):
    """No rule a fault is written under has a cure that says that none is needed."""
    write(area / "posts" / "2019-06.csv", "posts", {"FTE": "60%"}, {"Number": "P2", "FTE": "0.6"})
    write(area / "posts" / "2019-07 again.csv", "posts", {"FTE": "0.5"})
    write(area / "caseload" / "late.csv", "caseload", {"Week ending": "07/07/2019"})
    clean = confined(area)
    assert set(clean.faults["rule"]) == {"A13", "A30"}
    problems = find_problems(clean)
    assert problems.loc[problems["severity"] == "E", "needs_mending"].all()


# --- many faults ---------------------------------------------------------------------------------
def test_however_many_extracts_have_a_fault_all_are_found_in_one_turn():
    turns = []

    def clean(tables, ledger):
        turns.append(len(tables))
        return clean_posts(tables, make_area(), ledger=ledger)

    raw = [make_table("posts", {"FTE": "1" if year < 2018 else "full"}, file=f"posts/{year}-07.csv")
           for year in range(2012, 2024)]  # fmt: skip
    faults, ledger = Faults(is_confined=True), Ledger("posts")
    rows = clean_confined("posts", raw, clean, faults, ledger)
    assert turns == [12, 6]
    assert rows["as_at"].dt.year.tolist() == [*range(2012, 2018)]
    assert [month.year for month in faults.months("posts")] == [*range(2018, 2024)]


def test_of_two_extracts_about_a_month_the_one_with_a_fault_of_its_own_is_at_fault(area):
    write(area / "posts" / "2019-07 again.csv", "posts", {"FTE": "full"})
    clean = confined(area)
    assert clean.faults["file"].tolist() == ["posts/2019-07 again.csv"]
    assert clean.tables["posts"]["as_at"].dt.month.unique().tolist() == [6, 8]
