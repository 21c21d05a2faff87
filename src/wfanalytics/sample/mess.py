"""The sample's extracts as councils really send them: the truth, then the mess.

Each defect is planted on purpose and written down in ``planted``: rule code, table, file and how
many rows it touches, so that a test can ask whether cleaning found exactly these.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
import xlsxwriter

from wfanalytics.periods import MONTH_NAMES, format_date
from wfanalytics.sample.organisation import FORMER_TEAMS, PLACES, RENAMED, TEAMS
from wfanalytics.sample.world import World

COUNCIL = "Exampleshire County Council (fictional)"

ROLE_WORDS = {
    "middle_manager": "Service Manager", "first_line_manager": "Team Manager",
    "senior_practitioner": "Advanced Practitioner", "case_holder": "Social Worker",
    "qualified_without_cases": "Independent Reviewing Officer", "support": "Personal Adviser",
}  # fmt: skip
ABSENCE_WORDS = {
    "none": "", "sickness": "Long-term sick", "maternity": "Maternity leave",
    "career_break": "Career break", "suspension": "Suspended",
}  # fmt: skip

DUPLICATED_STAFF = ("2017-09", "2018-12", "2020-02")
PERCENT_FTE_MONTH = "2018-06"
TEXT_DATES_FROM = "2019-04"
REPEATED_HEADING_MONTH = "2019-03"
NOT_KNOWN_MONTH = "2019-01"
DUPLICATED_POST_MONTH = "2018-11"
TWICE_DELIVERED = "2019-11"
DUPLICATED_CASELOAD_MONTH = "2018-05"
WORKBOOK_YEAR = ("2017-04", "2018-03")


@dataclass
class Folder:
    """Where the extracts go, and what was planted in them."""

    path: Path
    planted: list[tuple[str, str, str, int, str]] = field(default_factory=list)

    def plant(self, rule: str, table: str, file: str, rows: int, what: str) -> None:
        """Note one planted defect."""
        if rows:
            self.planted.append((rule, table, file, rows, what))


def write_mess(world: World, folder: Path, seed: int) -> pd.DataFrame:
    """Write every extract of the sample under ``folder``; return what was planted."""
    rng = np.random.default_rng(seed + 3)
    target = Folder(folder)
    for name in ("posts", "workers", "movements", "caseload", "summary"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    _write_posts(world, target, rng)
    _write_workers(world, target, rng)
    _write_movements(world, target, rng)
    _write_caseload(world, target, rng)
    _write_summary(world, target)
    return pd.DataFrame(target.planted, columns=["rule", "table", "file", "rows", "what"])


# --- workbooks ---------------------------------------------------------------------------------
def _write_book(path: Path, sheets: dict[str, dict]) -> None:
    """A workbook whose sheets have title rows, a merged heading row, rows and a Total row."""
    book = xlsxwriter.Workbook(str(path))
    book.set_properties({"created": pd.Timestamp("2020-10-01").to_pydatetime(), "author": COUNCIL})
    bold = book.add_format({"bold": True})
    centre = book.add_format({"bold": True, "align": "center"})
    dates = book.add_format({"num_format": "dd/mm/yyyy"})
    for name, sheet in sheets.items():
        page = book.add_worksheet(name)
        for r, title in enumerate(sheet["titles"]):
            page.write(r, 0, title, bold)
        r = len(sheet["titles"]) + 1
        start = 0
        for label, width in sheet.get("groups", ()):
            if width == 1:
                page.write(r, start, label, centre)
            else:
                page.merge_range(r, start, r, start + width - 1, label, centre)
            start += width
        r += 1 if sheet.get("groups") else 0
        page.write_row(r, 0, sheet["headings"], bold)
        for values in sheet["rows"]:
            r += 1
            for c, value in enumerate(values):
                if isinstance(value, pd.Timestamp):
                    page.write_datetime(r, c, value.to_pydatetime(), dates)
                elif value != "":
                    page.write(r, c, value)
        if "total" in sheet:
            page.write_row(r + 2, 0, sheet["total"], bold)
        if "footnote" in sheet:
            page.write(r + 4, 0, sheet["footnote"])
    book.close()
    _squeeze(path)


def _squeeze(path: Path) -> None:
    """Compress a workbook as far as zip goes: the sample is committed."""
    with zipfile.ZipFile(path) as book:
        parts = [(item, book.read(item)) for item in book.infolist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as book:
        for item, content in parts:
            book.writestr(item, content, compresslevel=9)


def _write_posts(world: World, folder: Folder, rng: np.random.Generator) -> None:
    for end, posts in world.tables["posts"].groupby("as_at"):
        month = f"{end:%Y-%m}"
        file = f"posts/Establishment {month}.xlsx"
        rows = [
            [p.post_id, ROLE_WORDS[p.role], _team_as_written(p.team, end), p.fte, "Funded"]
            for p in posts.itertuples()
        ]
        rows.insert(40, ["P0901", "Social Worker", "City Court", 1, "Frozen"])
        rows.insert(90, ["P0902", "Team Manager", "Adoption", 0.5, "Deleted"])
        folder.plant("P03", "posts", file, 2, "frozen and deleted posts")
        if month == DUPLICATED_POST_MONTH:
            rows.insert(120, list(rows[119]))
            folder.plant("A18", "posts", file, 1, "the same post twice")
        folder.plant("A12", "posts", file, 2, "Total row and footnote")
        sheet = {
            "titles": [f"{COUNCIL}: establishment list", f"Position at {format_date(end)}"],
            "groups": [("Post", 2), ("Place", 1), ("Funding", 2)],
            "headings": ["Number", "Job role", "Team", "FTE", "Status"],
            "rows": rows,
            "total": ["Total", "", "", round(sum(row[3] for row in rows), 1), ""],
            "footnote": "Source: finance ledger. Frozen and deleted posts are shown for reference.",
        }
        _write_book(folder.path / file, {"Establishment": sheet})


STAFF_HEADINGS = (
    "SWE number", "Contract", "Post number", "Team", "Job role", "FTE", "Start date",
    "ASYE", "Absence", "Days sick", "Project team",
)  # fmt: skip


def _write_workers(world: World, folder: Folder, rng: np.random.Generator) -> None:
    workers = world.tables["workers"]
    for end, staff in workers.groupby("as_at"):
        month = f"{end:%Y-%m}"
        file = f"workers/Staff list {month}.xlsx"
        rows = [_staff_row(w, end, month) for w in staff.itertuples()]
        _plant_staff(rows, month, file, folder, rng)
        for date, person in world.conversions:
            if date == end:
                _plant_overlap(rows, person, end, workers, month)
                folder.plant("W01", "workers", file, 1, "a conversion still listed as agency")
        fte = "FTE %" if month == PERCENT_FTE_MONTH else "FTE"
        total = [row[5] for row in rows if isinstance(row[5], float)]
        sheet = {
            "titles": [f"{COUNCIL}: staff in post and agency staff", f"As at {format_date(end)}"],
            "groups": [("Person", 2), ("Post", 5), ("First year", 1), ("Absence", 2), ("", 1)],
            "headings": [fte if heading == "FTE" else heading for heading in STAFF_HEADINGS],
            "rows": rows,
            "total": ["Total", "", "", "", "", round(sum(total), 1) if total else ""],
        }
        folder.plant("A12", "workers", file, 1, "Total row")
        _write_book(folder.path / file, {"Staff": sheet})


def _staff_row(w, end: pd.Timestamp, month: str) -> list:  # type: ignore[no-untyped-def]
    start = w.start_date
    return [
        w.worker_id, "Agency" if w.employment == "agency" else "Permanent", w.post_id,
        _team_as_written(w.team, end), ROLE_WORDS[w.role],
        f"{w.fte * 100:g}%" if month == PERCENT_FTE_MONTH else float(w.fte),
        f"{start:%d/%m/%Y}" if month >= TEXT_DATES_FROM else start,
        "Yes" if w.is_newly_qualified else "", ABSENCE_WORDS[w.absence],
        "" if np.isnan(w.days_lost) else int(w.days_lost), "Yes" if w.is_project_team else "",
    ]  # fmt: skip


def _plant_staff(
    rows: list[list], month: str, file: str, folder: Folder, rng: np.random.Generator
) -> None:
    picks = rng.choice(len(rows), 7, replace=False)
    for i in picks[:3]:
        number = str(rows[i][0])
        rows[i][0] = f"{number[:2].lower()} {number[2:]} " if i % 2 else f"{number[:2]} {number[2:]}"
    folder.plant("A21", "workers", file, 3, "registration numbers with spaces or lower case")
    for i in picks[3:5]:
        rows[i][3] = f"{rows[i][3]} "
    rows[picks[5]][3] = str(rows[picks[5]][3]).upper()
    folder.plant("A17", "workers", file, 3, "team names with a trailing space or in capitals")
    if month == PERCENT_FTE_MONTH:
        folder.plant("A13", "workers", file, 1, "FTE as percentages")
    if month == NOT_KNOWN_MONTH:
        agency = [row for row in rows if row[1] == "Agency"]
        for row in agency:
            row[9] = "n/a"
        folder.plant("A26", "workers", file, len(agency), "n/a for agency staff's sickness")
    if month in DUPLICATED_STAFF:
        rows.insert(int(picks[6]) + 1, list(rows[picks[6]]))
        folder.plant("A18", "workers", file, 1, "the same row twice")
    if month == REPEATED_HEADING_MONTH:
        rows.insert(200, list(STAFF_HEADINGS))
        folder.plant("A15", "workers", file, 1, "headings repeated at a page break")


def _plant_overlap(
    rows: list[list], person: str, end: pd.Timestamp, workers: pd.DataFrame, month: str
) -> None:
    """List a converted worker a second time, as agency, the way last month's list had it."""
    before = workers[(workers["worker_id"] == person) & (workers["as_at"] < end)].iloc[-1]
    row = _staff_row(before, end, month)
    rows.append(row)


def _team_as_written(team: str, end: pd.Timestamp) -> str:
    if team == "North Vale Safeguarding" and end.to_period("M") < RENAMED:
        return "North Vale Child Protection"
    return team


# --- csv files ---------------------------------------------------------------------------------
def _write_csv(path: Path, rows: Iterable[Sequence[object]], *, encoding: str) -> None:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))


def month_as_written(date: pd.Timestamp) -> str:
    """A month as councils' spreadsheets have it: ``Sept-19``, ``Jul-19``."""
    name = MONTH_NAMES[date.month - 1]
    return f"{name[:4] if name == 'September' else name[:3]}-{date:%y}"


def _write_movements(world: World, folder: Folder, rng: np.random.Generator) -> None:
    people = world.people.set_index("worker_id")
    movements = world.tables["movements"]
    ends = _agency_ends(world.tables["workers"], movements)
    for year in range(2017, 2021):
        file = f"movements/Starters and leavers {year}-{year - 1999}.csv"
        rows = []
        for m in _in_year(movements, "date", year).itertuples():
            person = people.loc[m.worker_id]
            if m.movement == "internal_move" and year >= 2018:
                # What the payroll sees: an assignment ended, another began.
                left = m.date - pd.Timedelta(days=3)
                rows.append(_movement_row(m, person, "Leaver", left, "", "End of assignment"))
                rows.append(_movement_row(m, person, "Starter", m.date, "", ""))
                folder.plant("M06", "movements", file, 1, "an internal move as leaver and starter")
                continue
            kind = {"leaver": "Leaver", "internal_move": "Transfer"}.get(m.movement, "Starter")
            place = m.destination if m.movement == "leaver" else m.origin
            rows.append(_movement_row(m, person, kind, m.date, place, m.reason))
            if m.movement == "conversion":
                folder.plant("M01", "movements", file, 1, "a conversion recorded as a starter")
        twice = next(row for row in rows if row[1] == "Leaver")
        rows.insert(rows.index(twice) + 1, list(twice))
        folder.plant("A18", "movements", file, 1, "the same leaver twice")
        year_ends = _in_year(ends, "date", year)
        for m in year_ends.itertuples():
            rows.append(_movement_row(m, people.loc[m.worker_id], "Agency end", m.date, "", ""))
        folder.plant("M07", "movements", file, len(year_ends), "agency assignments that ended")
        head = ["Month", "Type", "SWE number", "Name", "Date of birth", "Effective date", "Team",
                "FTE", "From / to", "Reason"]  # fmt: skip
        titles = [[f"{COUNCIL} – starters and leavers, {year}/{year - 1999}"], []]
        _write_csv(folder.path / file, [*titles, head, *rows], encoding="cp1252")


def _movement_row(m, person: pd.Series, kind: str, date: pd.Timestamp, place: str, reason: str) -> list:  # type: ignore[no-untyped-def]  # noqa: E501
    return [
        month_as_written(date), kind, m.worker_id, person["name"],
        f"{person['birth_date']:%d/%m/%Y}", f"{date:%d/%m/%Y}",
        _team_as_written(m.team, date), f"{m.fte:.1f}", place, reason,
    ]  # fmt: skip


def _in_year(frame: pd.DataFrame, column: str, year: int) -> pd.DataFrame:
    """Rows of the financial year that starts in April of ``year``."""
    start, stop = pd.Timestamp(year, 4, 1), pd.Timestamp(year + 1, 4, 1)
    return frame[(frame[column] >= start) & (frame[column] < stop)]


def _agency_ends(workers: pd.DataFrame, movements: pd.DataFrame) -> pd.DataFrame:
    """A few agency workers' last listed month, which one clerk enters with the leavers."""
    agency = workers[(workers["employment"] == "agency") & (workers["post_id"] != "")]
    agency = agency[~agency["worker_id"].isin(movements["worker_id"])]
    last = agency.groupby("worker_id", as_index=False).last()
    last = last[last["as_at"] < workers["as_at"].max()].sort_values("as_at")
    return last.iloc[::20].rename(columns={"as_at": "date"})


CASE_COLUMNS = ["cases_cin", "cases_cp", "cases_cla", "cases_carer", "cases"]
CASE_HEADINGS = ["Week ending", "Worker", "Team", "CIN", "CP", "LAC", "Carers", "Total"]


def _write_caseload(world: World, folder: Folder, rng: np.random.Generator) -> None:
    caseload = world.tables["caseload"]
    codes = {**{t.name: t.code for t in (*TEAMS, *FORMER_TEAMS)}}
    month_of = caseload["week_ending"].dt.strftime("%Y-%m")
    sheets = {}
    for month, rows in caseload.groupby(month_of):
        if WORKBOOK_YEAR[0] <= month <= WORKBOOK_YEAR[1]:
            name = pd.Timestamp(f"{month}-01")
            sheets[f"{MONTH_NAMES[name.month - 1][:3]} {name.year}"] = _caseload_sheet(rows, codes)
        else:
            _write_caseload_csv(rows, month, codes, folder)
    file = "caseload/Caseload 2017-18.xlsx"
    _write_book(folder.path / file, sheets)
    folder.plant("A12", "caseload", file, len(sheets), "a Total row on each sheet")
    folder.plant("A21", "caseload", file, len(sheets), "registration numbers without letters")
    folder.plant("C11", "caseload", "", 1, "no count in Christmas week 2019")


def _caseload_rows(rows: pd.DataFrame, codes: dict[str, str], *, form: str) -> list[list]:
    dates = rows["week_ending"].map(lambda week: _week_as_written(week, form))
    worker = rows["worker_id"].str.removeprefix("SW").where(rows["worker_id"] != "", "UNALLOCATED")
    table = zip(
        dates, worker, rows["team"].map(codes), *(rows[c].astype(int) for c in CASE_COLUMNS), strict=True
    )
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


def _caseload_sheet(rows: pd.DataFrame, codes: dict[str, str]) -> dict:
    return {
        "titles": [f"{COUNCIL}: open cases by allocated worker"],
        "headings": CASE_HEADINGS,
        "rows": _caseload_rows(rows, codes, form="cell"),
        "total": ["Total", "", "", *(int(rows[c].sum()) for c in CASE_COLUMNS)],
    }


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
            row[3] += 1
        _write_csv(folder.path / file, _delivery(produced, heads, early), encoding="utf-8-sig")
        folder.plant("C11", "caseload", file, len(early), "weeks delivered again later")
        folder.plant("A12", "caseload", file, 1, "Total row")
        folder.plant("A21", "caseload", file, 1, "registration numbers without letters")
        file = f"caseload/Caseload {month} resubmitted.csv"
        produced = f"{end + pd.Timedelta(days=10):%d/%m/%Y}"
    folder.plant("A12", "caseload", file, 1, "Total row")
    folder.plant("A21", "caseload", file, 1, "registration numbers without letters")
    _write_csv(folder.path / file, _delivery(produced, heads, body), encoding="utf-8-sig")


def _delivery(produced: str, heads: list[str], body: list[list]) -> list[list]:
    total = ["Total", "", "", *(f"{sum(row[i] for row in body):,}" for i in range(3, len(heads)))]
    return [["Weekly caseload"], [f"Produced {produced}"], heads, *body, total]


def _write_summary(world: World, folder: Folder) -> None:
    wide = world.tables["summary"].pivot(index="month", columns="figure", values="value")
    rows = []
    for month, row in wide.iterrows():
        rates = [row["uncovered_vacancy_rate_fte"], row["agency_rate_fte"]]
        shown = ["n/a" if np.isnan(x) else f"{x * 100:.1f}%" for x in rates]
        leavers = row["leavers_headcount"]
        rows.append([month_as_written(month), *shown, "n/a" if np.isnan(leavers) else int(leavers)])
    head = ["Month", "Vacancy gap", "Agency share of workforce", "Leavers"]
    file = "summary/Workforce summary.csv"
    folder.plant("A26", "summary", file, 36, "n/a before April 2018")
    folder.plant("A13", "summary", file, 2, "two columns of percentages")
    titles = [[f"{COUNCIL} – workforce summary for directors"], []]
    _write_csv(folder.path / file, [*titles, head, *rows], encoding="cp1252")


def team_aliases() -> list[list[str]]:
    """The rows of ``teams.csv``: every name and code, dated."""
    rows = []
    for team in (*TEAMS, *FORMER_TEAMS):
        first = "2018-04-01" if team.name.startswith("Front Door") else "2000-01-01"
        last = ""
        if team in FORMER_TEAMS:
            first, last = "2000-01-01", "2018-03-31"
        place = PLACES[team.name]
        for written in (team.name, team.code):
            rows.append([written, team.name, place.service, place.locality, first, last])
        if team.code == "NSG":
            rows.append(["North Vale Child Protection", team.name, place.service, place.locality,
                         "2000-01-01", "2018-09-30"])  # fmt: skip
    return rows
