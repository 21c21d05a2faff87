"""Weekly cases by worker, as one workbook for the first year and a CSV file a month after it."""

from __future__ import annotations

import pandas as pd

from wfanalytics.periods import MONTH_NAMES
from wfanalytics.sample.folder import COUNCIL, Folder, Sheet, write_book, write_csv
from wfanalytics.sample.organisation import FORMER_TEAMS, TEAMS
from wfanalytics.sample.world import World

TWICE_DELIVERED = "2019-11"
DUPLICATED_CASELOAD_MONTH = "2018-05"
WORKBOOK_YEAR = ("2017-04", "2018-03")

CASE_COLUMNS = ["cases_cin", "cases_cp", "cases_cla", "cases_carer", "cases"]
CASE_HEADINGS = ["Week ending", "Worker", "Team", "CIN", "CP", "LAC", "Carers", "Total"]


def write_caseload(world: World, folder: Folder) -> None:
    """Every caseload extract, one week missing and one month delivered twice."""
    caseload = world.tables["caseload"]
    codes = {team.name: team.code for team in (*TEAMS, *FORMER_TEAMS)}
    month_of = caseload["week_ending"].dt.strftime("%Y-%m")
    sheets = {}
    for month, rows in caseload.groupby(month_of):
        if WORKBOOK_YEAR[0] <= month <= WORKBOOK_YEAR[1]:
            name = pd.Timestamp(f"{month}-01")
            sheets[f"{MONTH_NAMES[name.month - 1][:3]} {name.year}"] = _caseload_sheet(rows, codes)
        else:
            _write_caseload_csv(rows, month, codes, folder)
    file = "caseload/Caseload 2017-18.xlsx"
    write_book(folder.path / file, sheets)
    folder.plant("A12", "caseload", file, len(sheets), "a Total row on each sheet")
    folder.plant("A21", "caseload", file, len(sheets), "registration numbers without letters")
    folder.plant("C11", "caseload", "", 1, "no count in Christmas week 2019")


def _caseload_rows(rows: pd.DataFrame, codes: dict[str, str], *, form: str) -> list[list[object]]:
    dates = rows["week_ending"].map(lambda week: _week_as_written(week, form))
    worker = rows["worker_id"].str.removeprefix("SW").where(rows["worker_id"] != "", "UNALLOCATED")
    cases = [rows[column].astype(int) for column in CASE_COLUMNS]
    table = zip(dates, worker, rows["team"].map(codes), *cases, strict=True)
    # The case system leaves out the letters of the registration number.
    return [[row[0], _as_number(row[1]), *row[2:]] for row in table]


def _as_number(text: str) -> object:
    return int(text) if text.isdigit() else text


def _week_as_written(week: pd.Timestamp, form: str) -> object:
    if form == "cell":
        return week
    if form == "words":
        return f"{week.day}-{MONTH_NAMES[week.month - 1][:3]}-{week:%y}"
    return f"{week:%d/%m/%y}"


def _caseload_sheet(rows: pd.DataFrame, codes: dict[str, str]) -> Sheet:
    return Sheet(
        titles=[f"{COUNCIL}: open cases by allocated worker"],
        headings=CASE_HEADINGS,
        rows=_caseload_rows(rows, codes, form="cell"),
        total=["Total", "", "", *(int(rows[c].sum()) for c in CASE_COLUMNS)],
    )


def _write_caseload_csv(
    rows: pd.DataFrame, month: str, codes: dict[str, str], folder: Folder
) -> None:
    end = pd.Period(month).to_timestamp(how="end")
    produced = f"{end + pd.Timedelta(days=3):%d/%m/%Y}"
    form = "words" if month.startswith("2019") else "digits"
    heads = CASE_HEADINGS[:-1]
    file = f"caseload/Caseload {month}.csv"
    body = [row[:-1] for row in _caseload_rows(rows, codes, form=form)]
    if month == DUPLICATED_CASELOAD_MONTH:
        body.insert(300, list(body[299]))
        folder.plant("A18", "caseload", file, 1, "the same row twice")
    if month == TWICE_DELIVERED:
        # The first delivery, replaced a week later: some cases were not yet allocated.
        early = [list(row) for row in body]
        for row in early[::9]:
            row[3] = int(str(row[3])) + 1
        write_csv(folder.path / file, _delivery(produced, heads, early), encoding="utf-8-sig")
        folder.plant("C11", "caseload", file, len(early), "weeks delivered again later")
        folder.plant("A12", "caseload", file, 1, "Total row")
        folder.plant("A21", "caseload", file, 1, "registration numbers without letters")
        file = f"caseload/Caseload {month} resubmitted.csv"
        produced = f"{end + pd.Timedelta(days=10):%d/%m/%Y}"
    folder.plant("A12", "caseload", file, 1, "Total row")
    folder.plant("A21", "caseload", file, 1, "registration numbers without letters")
    write_csv(folder.path / file, _delivery(produced, heads, body), encoding="utf-8-sig")


def _delivery(
    produced: str, heads: list[str], body: list[list[object]]
) -> list[list[object] | list[str]]:
    sums = [sum(int(str(row[i])) for row in body) for i in range(3, len(heads))]
    total = ["Total", "", "", *(f"{number:,}" for number in sums)]
    return [["Weekly caseload"], [f"Produced {produced}"], heads, *body, total]
