"""Who works in which post at each month end, permanent or agency."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import replace

import pandas as pd

from wfanalytics.clean.columns import (
    Column,
    clean_dates,
    clean_flags,
    clean_numbers,
    clean_words,
    take_column,
)
from wfanalytics.clean.declared import FROM_NAME, find_part
from wfanalytics.clean.faults import check_one_delivery, find_months
from wfanalytics.clean.fte import fix_fte
from wfanalytics.clean.identity import clean_worker_ids, pseudonymise
from wfanalytics.clean.places import add_places
from wfanalytics.clean.repairs import Ledger, clean_each
from wfanalytics.clean.rows import (
    clean_post_ids,
    find_as_at,
    prepare_rows,
    refuse_doubles,
)
from wfanalytics.clean.words import ABSENCE_WORDS, EMPLOYMENT_WORDS, ROLE_WORDS, SCHEME_WORDS
from wfanalytics.clean.worker_checks import (
    check_contracts,
    check_dates,
    check_payroll,
    fix_newly_qualified,
    query_posts,
    query_sums,
)
from wfanalytics.errors import InputError, raise_first
from wfanalytics.periods import format_month
from wfanalytics.raw.area import Area
from wfanalytics.raw.headings import RawTable, normalise

#: Columns that have done their work once the list is read; some name people.
_READ_ONCE = ["payroll_number", "email", "supplier", "day_rate", "pay_route", "post_type",
              "end_date", "newly_qualified_end", "first"]  # fmt: skip
_OTHER_PEOPLE = (
    "Keep the right one in the folder and move the others out; where one lists agency staff only, "
    "write its name under files in profile.yml, with 'values: {employment: agency}'."
)


def clean_workers(
    tables: Sequence[RawTable],
    area: Area,
    *,
    key: bytes,
    ledger: Ledger,
    posts: pd.DataFrame | None = None,
    delivered: Sequence[RawTable] = (),
) -> pd.DataFrame:
    """Workers as ``frames.CLEAN_SCHEMAS`` has them, with each row's file, sheet and row.

    A month may have a staff list and a list of agency staff, where the profile says that a file's
    name stands for a contract; then each month needs both. Nobody is permanent and agency at
    once (rule 1): where a permanent line began later, the agency line is the stale one and is
    refused; where nothing tells, the file is. ``posts`` is the clean establishment: a worker in
    a post it does not have that month is asked about. ``delivered`` are all extracts, with those
    that were refused: their months are not whole for another reason.
    """
    lists: dict[str, dict[pd.Timestamp, list[RawTable]]] = {}

    def clean_one(table: RawTable) -> pd.DataFrame:
        as_at = find_as_at(table, ledger)
        rows = _clean_one(table, as_at, area, key, ledger)
        lists.setdefault(_named_kind(table, area), {}).setdefault(as_at, []).append(table)
        return rows

    workers = pd.concat(clean_each(tables, clean_one), ignore_index=True)
    for dates in lists.values():
        check_one_delivery(dates, remedy=_OTHER_PEOPLE)
    left = {id(table) for table in tables}
    refused = [find_months(one, "workers") for one in delivered if id(one) not in left]
    _check_both_lists(workers, lists, besides={month for months in refused for month in months})
    workers = _fix_two_statuses(workers, tables, ledger)
    problem = "one person stands twice in one post, with different details (rule A18)"
    workers = refuse_doubles(workers, ["as_at", "worker_id", "post_id"], problem, ledger)
    query_sums(workers, ledger)
    if posts is not None:
        query_posts(workers, posts, ledger)
    return workers


def _clean_one(
    table: RawTable, as_at: pd.Timestamp, area: Area, key: bytes, ledger: Ledger
) -> pd.DataFrame:
    rows = prepare_rows(table, ledger, sums=("fte",), may_be_empty=_is_named(table))
    words = area.profile.words
    column = functools.partial(take_column, table, rows)
    fte, fte_status = clean_numbers(column("fte"), ledger, kind="fraction")
    fte, fte_status = fix_fte(rows, column("fte"), fte, fte_status, ledger)
    days, _ = clean_numbers(column("days_lost"), ledger)
    column("days_lost").refuse(days < 0, "fewer than no days", allowed="0 or more",
                               remedy="Correct the cell.")  # fmt: skip
    employment = column("employment")
    role = clean_words(column("role"), ROLE_WORDS, own=words.get("role"))
    absence = column("absence")
    placed = add_places(rows, pd.Series(as_at, rows.index), teams=area.teams, ledger=ledger)
    cleaned = placed.assign(
        as_at=as_at,
        worker_id=_name_people(column, rows, role, key, ledger),
        post_id=clean_post_ids(column("post_id"), rows, ledger),
        role=role,
        employment=clean_words(employment, EMPLOYMENT_WORDS, own=words.get("employment")),
        fte=fte,
        fte_status=fte_status,
        start_date=clean_dates(column("start_date"), optional=True),
        is_newly_qualified=clean_flags(column("is_newly_qualified")),
        absence=clean_words(absence, ABSENCE_WORDS, own=words.get("absence")),
        days_lost=days,
        is_project_team=clean_flags(column("is_project_team")),
        in_retention_scheme=clean_words(column("in_retention_scheme"), SCHEME_WORDS),
    )
    is_new = fix_newly_qualified(table, cleaned, cleaned["is_newly_qualified"], ledger)
    cleaned = cleaned.assign(is_newly_qualified=is_new)
    check_contracts(table, cleaned, area, ledger)
    if "payroll_number" in rows:
        check_payroll(column("payroll_number"), cleaned, ledger)
    cleaned = check_dates(table, cleaned, ledger)
    return cleaned.drop(columns=_READ_ONCE, errors="ignore")


def _name_people(
    column: Callable[[str], Column], rows: pd.DataFrame, role: pd.Series, key: bytes, ledger: Ledger
) -> pd.Series:
    """Pseudonyms of registration numbers; of payroll numbers for support staff without one."""
    numbers = column("worker_id")
    payroll = column("payroll_number").text.str.strip()
    is_other = (role == "support") & (numbers.text.str.strip() == "") & (payroll != "")
    if not is_other.any():
        return clean_worker_ids(numbers, rows, key=key, ledger=ledger)
    known = replace(numbers, text=numbers.text[~is_other])
    names = clean_worker_ids(known, rows[~is_other], key=key, ledger=ledger)
    other = payroll[is_other].map(lambda text: pseudonymise(f"payroll {text.upper()}", key=key))
    return pd.concat([names, other]).reindex(rows.index)


def _is_named(table: RawTable) -> bool:
    """Whether a file's name, and no column, says permanent or agency."""
    return table.headings["employment"] == FROM_NAME


def _named_kind(table: RawTable, area: Area) -> str:
    """What a file's name says its people are; '' where a column does."""
    if not _is_named(table):
        return ""
    part = find_part(table.sheet, area.profile.sources["workers"])
    word = dict(part.values)["employment"]
    words = {**EMPLOYMENT_WORDS, **area.profile.words.get("employment", {})}
    return words.get(normalise(word), word)


def _check_both_lists(
    workers: pd.DataFrame,
    lists: Mapping[str, Mapping[pd.Timestamp, Sequence[RawTable]]],
    *,
    besides: Set[pd.Timestamp],
) -> None:
    """Refuse a month without a list of staff the others have: nobody there is not the same as none.

    Only a list whose name stands for a contract tells that there are two; a list with a column
    for it may hold everybody.
    """
    kinds = {kind for kind in lists if kind}
    present = set(workers.groupby(["as_at", "employment"], observed=True).groups)
    faults = []
    for month in sorted({month for dates in lists.values() for month in dates} - besides):
        found = [table for dates in lists.values() for table in dates.get(month, ())]
        for kind in sorted({*kinds, "permanent"} if kinds else ()):
            if (month, kind) not in present and month not in lists.get(kind, {}):
                faults.append(InputError(
                    f"no list of {kind} staff is about {format_month(month)}, and other months "
                    "have one", file=found[0].sheet.file, sheet=found[0].sheet.sheet,
                    row=min(found[0].frame["row"], default=None),
                    remedy="Put that month's list in the folder: without it none of them counts.",
                ))  # fmt: skip
    raise_first(faults)


def _fix_two_statuses(
    rows: pd.DataFrame, tables: Sequence[RawTable], ledger: Ledger
) -> pd.DataFrame:
    is_agency = rows["employment"] == "agency"
    who = ["as_at", "worker_id"]
    other = rows[~is_agency].groupby(who)["start_date"].agg(["max", "size"])
    other = rows[who].join(other, on=who)
    both = is_agency & other["size"].notna()
    is_stale = both & (rows["start_date"] < other["max"])
    unclear = rows[both & ~is_stale].drop_duplicates(["file", "sheet"])
    heads = {(t.sheet.file, t.sheet.sheet): t.headings["employment"] for t in tables}
    raise_first([
        InputError(
            "one person is listed as permanent and as agency, and the start dates do not show "
            "that the agency line is the older one (rule W01)",
            file=file, sheet=sheet, row=int(row), column=heads[file, sheet], rule="W01",
            remedy="Remove the line that no longer holds.",
        )
        for file, sheet, row in zip(
            unclear["file"], unclear["sheet"], unclear["row"], strict=True)
    ])  # fmt: skip
    return ledger.refuse(rows, is_stale, "W01", column="employment")
