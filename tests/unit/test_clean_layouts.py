"""Extracts laid out another way: months in one sheet, an establishment list, FTE as hours."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from tests.unit.extracts import POST, WORKER, clean, list_notes, make_area, make_table

from wfanalytics.clean.layouts import arrange, check_job_shares
from wfanalytics.clean.repairs import Ledger
from wfanalytics.errors import InputError
from wfanalytics.raw.headings import RawTable, find_table
from wfanalytics.raw.tables import RawSheet
from wfanalytics.settings import Source

POSTS = ["Post number", "Job role", "Team", "Post FTE"]
HOLDERS = [*POSTS, "SWE number", "Contract", "FTE", "Start date"]


def lay_out(
    table: str, raw: RawTable, *, hours: float = 37, **source: str
) -> tuple[list[RawTable], Ledger]:
    ledger = Ledger(table)
    profile = make_area().profile.model_copy(update={"full_time_hours": hours})
    return arrange(raw, Source(folder=table, **source), profile, ledger), ledger


def read(table: str, *rows: list[str], heads: list[str], **own: str) -> RawTable:
    sheet = RawSheet(f"{table}/2019-07.csv", "", [heads, *rows], "0")
    return find_table(sheet, table, own_headings=own)


def notes(ledger: Ledger) -> list[tuple]:
    return [note[:3] for note in list_notes(ledger.to_frame())]


# --- months --------------------------------------------------------------------------------------
def test_a_column_that_says_the_month_divides_the_sheet():
    rows = [{"As at": month, "Number": number} for number in ("P1", "P2")
            for month in ("Jun-19", "31/07/2019")]  # fmt: skip
    total = ("", "Total", "", "4", "", "")
    parts, ledger = lay_out("posts", make_table("posts", *rows, file="all.csv", total=total))
    assert [part.as_at for part in parts] == [
        pd.Timestamp("2019-06-30"),
        pd.Timestamp("2019-07-31"),
    ]
    assert [part.frame["row"].tolist() for part in parts] == [[2, 4], [3, 5]]
    assert [part.refused for part in parts] == [1, 0]
    assert notes(ledger) == [("A12", "E", 6)]
    cleaned, _ = clean("posts", *parts)
    assert cleaned.groupby("as_at").size().tolist() == [2, 2]


def test_the_total_of_all_months_is_compared_once():
    rows = [{"As at": "Jun-19"}, {"As at": "Jul-19"}]
    _, ledger = lay_out("posts", make_table("posts", *rows, total=("Total", "", "", "3")))
    (note, _) = ledger.entries
    assert note["reason"] == "the Total row says 3 and the rows add up to 2"


def test_a_row_without_its_month_is_refused_by_name():
    with pytest.raises(InputError) as error:
        lay_out(
            "posts", make_table("posts", {"As at": "Jul-19"}, {"As at": "soon", "Number": "P2"})
        )
    assert str(error.value) == (
        "posts/2019-07.csv, row 3, column As at: nothing says which month the row is about. "
        "Found 'soon'; allowed 31/07/2019, Jul-19 or July 2019. Fill in the cell."
    )


# --- establishment -------------------------------------------------------------------------------
def test_an_establishment_list_is_read_twice_a03():
    rows = [
        ["P1", "Social Worker", "Alpha", "1", "SW101", "Permanent", "0.8", "01/02/2018"],
        ["P1", "Social Worker", "Alpha", "1", "SW102", "Agency", "0.2", ""],
        ["P2", "Social Worker", "Beta", "0.5", "", "Vacant", "", ""],
        ["", "Social Worker", "Beta", "", "SW103", "Agency", "1", ""],
    ]
    raw = read("posts", *rows, heads=HOLDERS, **{"Post FTE": "fte"})
    (posts,), ledger = lay_out("posts", raw, holds="establishment")
    assert (posts.frame["post_id"].tolist(), posts.refused) == (["P1", "P2"], 2)
    assert [entry["reason"] for entry in ledger.entries] == [
        "a further row of a post, for another holder",
        "no post: the holder is above the establishment",
    ]
    assert posts.unknown == ()
    (holders,), ledger = lay_out("workers", read("workers", *rows, heads=HOLDERS),
                                 holds="establishment")  # fmt: skip
    assert (holders.frame["worker_id"].tolist(), holders.refused) == (
        ["SW101", "SW102", "SW103"],
        1,
    )
    assert notes(ledger) == [("A03", "F", 4)]


def test_two_posts_on_one_row_each_are_no_a03():
    raw = make_table("posts", {}, {"Number": "P2"})
    (posts,), ledger = lay_out("posts", raw, holds="establishment")
    assert (len(posts.frame), ledger.entries) == (2, [])


def test_a_status_without_a_person_is_left_for_cleaning_to_refuse():
    rows = [["P1", "Social Worker", "Alpha", "1", "", "Permanent", "1", "01/02/2018"]]
    (holders,), _ = lay_out("workers", read("workers", *rows, heads=HOLDERS), holds="establishment")
    with pytest.raises(InputError, match="not a registration number"):
        clean("workers", replace(holders, as_at=pd.Timestamp("2019-07-31")))


@pytest.mark.parametrize(("contracts", "is_refused"), [
    (("Permanent", "Permanent"), True), (("Permanent", "Agency"), False),
])  # fmt: skip
def test_a_job_share_with_one_fte_column_is_no_guess(contracts, is_refused):
    rows = [{"SWE number": f"SW{n}", "FTE": "0.5", "Contract": one}
            for n, one in enumerate(contracts, start=1)]  # fmt: skip
    holders = make_table("workers", *rows)
    if not is_refused:
        return check_job_shares(holders, "FTE")
    check_job_shares(holders, "Post FTE")
    with pytest.raises(InputError) as error:
        check_job_shares(holders, "FTE")
    assert str(error.value) == (
        "workers/2019-07.csv, row 3, column FTE: a post has two permanent holders, and one FTE "
        "column cannot tell the post's FTE from theirs (rule P03). "
        "Ask for the post's own FTE in a column of its own."
    )


# --- hours ---------------------------------------------------------------------------------------
def test_hours_are_divided_by_the_full_time_week_of_the_profile():
    raw = make_table("workers", {"FTE": "36"}, {"FTE": "21.6", "SWE number": "SW2"},
                     {"FTE": "n/a", "SWE number": "SW3"})  # fmt: skip
    (part,), ledger = lay_out("workers", raw, hours=36, fte="hours")
    assert part.frame["fte"].tolist() == ["1", "0.6", "n/a"]
    (note,) = ledger.entries
    assert (note["rule"], note["before"], note["after"]) == ("W16", "hours a week", "divided by 36")


def test_a_share_among_hours_is_refused():
    raw = make_table("posts", {"FTE": "37"}, {"FTE": "0.5", "Number": "P2"})
    with pytest.raises(InputError, match="row 3, column FTE: an FTE among hours a week"):
        lay_out("posts", raw, fte="hours")


# --- furniture -----------------------------------------------------------------------------------
def test_a_row_of_units_is_taken_out_a15():
    (part,), ledger = lay_out("workers", make_table("workers", {
        **dict.fromkeys(WORKER, ""), "FTE": "(FTE)", "Start date": "dd/mm/yyyy"}, {}))  # fmt: skip
    assert (part.frame["row"].tolist(), part.refused) == ([3], 1)
    assert notes(ledger) == [("A15", "F", 2)]


def test_a_plain_extract_is_left_as_it_is():
    raw = make_table("posts", POST)
    (part,), ledger = lay_out("posts", raw)
    assert part.frame.equals(raw.frame)
    assert ledger.entries == []
