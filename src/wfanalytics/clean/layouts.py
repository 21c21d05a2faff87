"""Extracts laid out another way, rearranged into what cleaning knows: one table, one month.

Known are: all months in one sheet, with a column that says which; one establishment list, a row a
post with its holder, in place of posts and workers; FTE as hours a week; and weeks dated by their
first day.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from wfanalytics.clean.coded import spread_text
from wfanalytics.clean.columns import (
    Column,
    parse_date,
    parse_month_text,
    parse_number,
    spread,
    take_column,
)
from wfanalytics.clean.repairs import Ledger, place_rows
from wfanalytics.clean.rows import names_total, prepare_rows
from wfanalytics.clean.words import EMPLOYMENT_WORDS
from wfanalytics.errors import InputError
from wfanalytics.raw.headings import RawTable, known_headings, normalise
from wfanalytics.raw.synonyms import find_trap
from wfanalytics.settings import FteUnit, Profile, Source

#: What an establishment list says where a post has no holder; normalised.
VACANT_WORDS = frozenset({"", "vacant", "vacancy", "vacant post", "unfilled", "none", "nil",
                          "n a", "na", "tbc", "no holder"})  # fmt: skip
#: What a row of units under the headings says; normalised.
UNIT_WORDS = frozenset({
    "fte", "wte", "hours", "hrs", "days", "number", "no", "count", "text", "date", "dd mm yyyy",
    "dd mm yy", "yyyy mm dd", "yes no", "y n", "%", "headcount", "cases", "children", "households",
    "code", "name", "share", "0 to 1", "hours a week", "hours per week",
})  # fmt: skip
#: What an FTE column may hold, as messages say it.
UNITS: Mapping[FteUnit, str] = {
    "share": "shares of full time", "hours": "hours a week", "percent": "percentages",
}  # fmt: skip


def arrange(table: RawTable, source: Source, profile: Profile, ledger: Ledger) -> list[RawTable]:
    """One raw table as cleaning knows it, or several: a part a month.

    A row that is taken out on the way is in the ledger, and counted in ``RawTable.refused``.
    """
    table = _refuse_furniture(table, ledger)
    if source.holds == "establishment":
        take, other = (
            (_take_posts, "workers") if ledger.table == "posts" else (_take_holders, "posts")
        )
        table = _without_columns_of(take(table, ledger), other, profile)
    if ledger.table == "caseload" and source.weeks == "down":
        table = _end_weeks(table, ledger)
    parts = _split_months(table, ledger) if "as_at" in table.headings else [table]
    if source.fte != "share" and "fte" in table.headings:
        full_time = profile.full_time_hours if source.fte == "hours" else 100
        parts = [_fix_unit(part, source.fte, full_time, ledger) for part in parts]
    return parts


def is_units(cells: list[str]) -> bool:
    """Whether a row says only what the columns are measured in.

    >>> is_units(["", "text", "(FTE)"]), is_units(["", ""]), is_units(["P1", "text"])
    (True, False, False)
    """
    words = {normalise(cell) for cell in cells} - {""}
    return bool(words) and words <= UNIT_WORDS


def is_vacant(text: str) -> bool:
    """Whether a cell about a post's holder says that there is none, whoever covers it.

    >>> is_vacant("VACANT"), is_vacant("Vacant - agency cover"), is_vacant("Permanent")
    (True, True, False)
    """
    said = normalise(text)
    return said in VACANT_WORDS or said.startswith("vacant ")


def _refuse(table: RawTable, is_bad: pd.Series, ledger: Ledger, rule: str, reason: str) -> RawTable:
    if not is_bad.any():
        return table
    kept = ledger.refuse(place_rows(table), is_bad, rule, reason=reason)
    frame = table.frame.loc[kept.index]
    return replace(table, frame=frame, refused=table.refused + len(table.frame) - len(frame))


def _refuse_furniture(table: RawTable, ledger: Ledger) -> RawTable:
    """Take out a row of units, and the upper row of a heading repeated at a page break."""
    cells, names = table.sheet.cells, list(table.headings)
    units = pd.Series(False, table.frame.index)
    if len(units):
        units.iloc[0] = is_units(table.frame[names].iloc[0].tolist())
    table = _refuse(table, units, ledger, "A15", "a row of units under the headings")
    over = [cell.strip() for cell in cells[table.heading_row - 2]] if table.heading_row > 1 else []
    if len([cell for cell in over if cell]) < 2:
        return table
    is_again = table.frame["first"].isin([cell for cell in over if cell])
    for at in is_again.index[is_again]:
        is_again[at] = [cell.strip() for cell in cells[table.frame.loc[at, "row"] - 1]] == over
    return _refuse(table, is_again, ledger, "A15", "the upper row of repeated headings")


def _is_data(table: RawTable) -> pd.Series:
    """Rows about a post: no Total, no heading repeated among the rows."""
    number = table.frame["post_id"]
    is_total = spread(table.frame["first"], names_total).astype(bool)
    return (number.str.strip() != "") & (number != table.headings["post_id"]) & ~is_total


def _take_posts(table: RawTable, ledger: Ledger) -> RawTable:
    """An establishment list as posts: a post with two holders stands on two rows, counted once."""
    is_again = _is_data(table) & table.frame.duplicated(list(table.headings))
    table = _refuse(table, is_again, ledger, "A03", "a further row of a post, for another holder")
    is_total = spread(table.frame["first"], names_total).astype(bool)
    is_note = (table.frame["filled"] == 1) | is_total
    is_extra = (table.frame["post_id"].str.strip() == "") & ~is_note
    return _refuse(table, is_extra, ledger, "A03", "no post: the holder is above the establishment")


def _take_holders(table: RawTable, ledger: Ledger) -> RawTable:
    """An establishment list as workers: a vacant post has nobody."""
    frame = table.frame
    nobody = spread(frame["worker_id"], is_vacant) & spread(frame["employment"], is_vacant)
    is_empty = _is_data(table) & nobody.astype(bool)
    return _refuse(table, is_empty, ledger, "A03", "a vacant post: nobody holds it")


def _without_columns_of(table: RawTable, other: str, profile: Profile) -> RawTable:
    """The columns that are about the other half of the list are known, though not read here."""
    source = profile.sources.get(other)  # type: ignore[call-overload]
    theirs = {*known_headings()[other], *map(normalise, source.headings if source else ())}
    unknown = tuple(heading for heading in table.unknown if normalise(heading) not in theirs)
    return replace(table, unknown=unknown)


def check_job_shares(
    holders: RawTable, post_heading: str, *, own: Mapping[str, str] | None = None
) -> None:
    """Refuse two permanent holders of a post where one FTE column serves posts and people.

    It can be the post's or the holder's: 0.5 and 0.5 may fill a post of 1, or overfill one of
    0.5, and nothing tells which.
    """
    if holders.headings["fte"] != post_heading:
        return
    words = {normalise(k): v for k, v in {**EMPLOYMENT_WORDS, **(own or {})}.items()}
    frame = holders.frame
    known = spread(frame["employment"], lambda text: words.get(normalise(text)))
    held = frame[(known == "permanent") & (frame["post_id"].str.strip() != "")]
    again = held.duplicated([name for name in ("post_id", "as_at") if name in held])
    if again.any():
        raise InputError(
            "a post has two permanent holders, and one FTE column cannot tell the post's FTE from "
            "theirs (rule P03)",
            file=holders.sheet.file, sheet=holders.sheet.sheet,
            row=int(held.loc[again.idxmax(), "row"]), column=post_heading,
            remedy="Ask for the post's own FTE in a column of its own.",
        )  # fmt: skip


def _split_months(table: RawTable, ledger: Ledger) -> list[RawTable]:
    """A sheet with a date on every row, as one table a date."""
    rows = prepare_rows(table, ledger, sums=("fte",))
    column = take_column(table, rows, "as_at")
    dates = spread(column.text, _read_as_at)
    column.refuse(
        dates.isna(), "nothing says which month the row is about",
        allowed="31/07/2019, Jul-19 or July 2019", remedy="Fill in the cell.",
    )  # fmt: skip
    refused = table.refused + len(table.frame) - len(rows)
    parts = []
    for date in sorted(set(dates)):
        frame = rows.loc[dates == date, table.frame.columns.drop("as_at")]
        heads = {name: text for name, text in table.headings.items() if name != "as_at"}
        parts.append(
            replace(table, frame=frame, headings=heads, unknown=(), as_at=date, refused=refused)
        )
        refused = 0
    return parts


def _end_weeks(table: RawTable, ledger: Ledger) -> RawTable:
    """Weeks dated by their first day, dated by their last: a week has one name, whoever counts."""
    heading = table.headings["week_ending"]
    if not is_first_day(heading):
        return table
    weeks = spread_text(table.frame["week_ending"], end_week)
    ledger.note_file(table, "C11", column="week_ending", severity="F", before="first day",
                     after="last day", reason=f"{heading!r}: six days added")  # fmt: skip
    return replace(table, frame=table.frame.assign(week_ending=weeks))


def is_first_day(heading: str) -> bool:
    """Whether a heading of weeks says their first day, whichever day that is.

    >>> is_first_day("Week commencing"), is_first_day("Week ending Monday")
    (True, False)
    """
    is_end = re.search(r"\b(end\w*|w e)\b", normalise(heading))
    return bool(find_trap(heading, "week_ending")) and not is_end


def end_week(text: str) -> str:
    """The last day of the week that begins on a date; what is no date stays as it is.

    >>> end_week("29/06/2020"), end_week("soon")
    ('2020-07-05', 'soon')
    """
    date = parse_date(text)
    return text if date is None else f"{date + pd.Timedelta(days=6):%Y-%m-%d}"


def _read_as_at(text: str) -> pd.Timestamp | None:
    date = parse_date(text)
    return parse_month_text(text) if date is None else date


def _fix_unit(table: RawTable, unit: FteUnit, full_time: float, ledger: Ledger) -> RawTable:
    """Hours a week, or percentages, as shares of what full time is."""
    what = UNITS[unit]
    column = Column(table, "fte", table.frame["fte"])
    values = spread(column.text, parse_number).astype("float64")
    column.refuse(
        (values > 0) & (values <= 1), f"an FTE among {what}", allowed=f"{what} in every row",
        remedy=f"Write the {what}; or let profile.yml say 'fte: {unit}' only for the files that "
        "hold them, by their names under files.",
    )  # fmt: skip
    share = (values / full_time).round(6).map("{:g}".format)
    ledger.note_file(
        table, "W16", column="fte", severity="F", before=what,
        after=f"divided by {full_time:g}", reason=f"the column holds {what}, says profile.yml",
    )  # fmt: skip
    return replace(table, frame=table.frame.assign(fte=share.where(values.notna(), column.text)))
