"""What the worker list says twice: columns that must agree, and people who must fit posts."""

from __future__ import annotations

import pandas as pd

from wfanalytics.clean.columns import (
    BLANK_WORDS,
    Column,
    clean_dates,
    clean_numbers,
    spread,
    take_column,
)
from wfanalytics.clean.repairs import Ledger
from wfanalytics.clean.words import PAY_ROUTE_WORDS, POST_TYPE_WORDS
from wfanalytics.raw.area import Area
from wfanalytics.raw.headings import RawTable, normalise

#: One person's FTE, or a post's, may add up to this much more: rounding.
FTE_MARGIN = 0.005
#: A day rate outside this, in pounds, is asked about.
DAY_RATES = (100, 1_000)
#: The newly qualified year takes twelve months, with leave and part-time work up to two years.
NEWLY_QUALIFIED_DAYS = 730


def check_contracts(table: RawTable, rows: pd.DataFrame, area: Area, ledger: Ledger) -> None:
    """Refuse the list where a contract and another column disagree about agency (rule 1).

    Pay route and post type say what somebody is now. A supplier or an address may be left over
    from before, so those are asked about.
    """
    is_agency = rows["employment"] == "agency"
    for name, words in (("pay_route", PAY_ROUTE_WORDS), ("post_type", POST_TYPE_WORDS)):
        if name not in rows:
            continue
        column = take_column(table, rows, name)
        own = {normalise(k): v for k, v in (area.profile.words.get(name) or {}).items()}
        known = words | own
        said = column.text.map(lambda text, known=known: known.get(normalise(text), "?"))
        ledger.note(rows[said == "?"], "W01", column=name, severity="Q",
                    before=column.text[said == "?"],
                    reason="a word with no known meaning: not compared with the contract",
                    )  # fmt: skip
        column.refuse(
            said.isin(("permanent", "agency")) & ((said == "agency") != is_agency),
            "the contract and this column disagree about who is agency staff (rule W01)",
            allowed="two columns that agree", remedy="Correct whichever is wrong.", rule="W01",
        )  # fmt: skip
    _query_agency(table, rows, is_agency, ledger)


def _query_agency(
    table: RawTable, rows: pd.DataFrame, is_agency: pd.Series, ledger: Ledger
) -> None:  # fmt: skip
    """Ask about suppliers, addresses and day rates that do not fit (rules 1 and 29)."""
    if "supplier" in rows:
        has_one = ~spread(rows["supplier"], _is_blank).astype(bool)
        ledger.note(rows[has_one & ~is_agency], "W01", column="supplier", severity="Q",
                    reason="a supplier beside a permanent contract")  # fmt: skip
        ledger.note(rows[~has_one & is_agency], "W29", column="supplier",
                    reason="an agency worker without a supplier")  # fmt: skip
    if "email" in rows:
        domain = spread(rows["email"], lambda text: text.strip().casefold().rpartition("@")[2])
        usual = domain[domain != ""].mode()
        is_other = (domain != "") & ~domain.isin(usual) & ~is_agency
        ledger.note(rows[is_other], "W01", column="email", severity="Q",
                    reason="a permanent contract, and an address of another organisation",
                    )  # fmt: skip
    if "day_rate" in rows:
        rates, _ = clean_numbers(take_column(table, rows, "day_rate"), ledger)
        is_odd = is_agency & rates.notna() & ~rates.between(*DAY_RATES)
        ledger.note(rows[is_odd], "W29", column="day_rate", before=rows["day_rate"][is_odd],
                    reason="a day rate outside 100 to 1,000 pounds")  # fmt: skip


def _is_blank(text: str) -> bool:
    return text.strip().casefold() in (*BLANK_WORDS, "none", "nil", "no")


def check_dates(table: RawTable, rows: pd.DataFrame, ledger: Ledger) -> pd.DataFrame:
    """Refuse people who have not started (rule 22); ask about contracts that ended (rule 7)."""
    if "end_date" in rows:
        ends = clean_dates(take_column(table, rows, "end_date"), optional=True)
        is_agency = rows["employment"] == "agency"
        for is_odd, reason in (
            (ends < rows["start_date"], "ends before it starts"),
            ((ends < rows["as_at"]) & ~(ends < rows["start_date"]), "had ended by the list's date"),
        ):
            for chosen, rule, what in (
                (is_odd & ~is_agency, "W07", "a contract that"),
                (is_odd & is_agency, "W29", "an assignment that"),
            ):
                ledger.note(rows[chosen], rule, column="end_date", before=rows["end_date"][chosen],
                            reason=f"{what} {reason}")  # fmt: skip
    return ledger.refuse(rows, rows["start_date"] > rows["as_at"], "W22", column="start_date")


def fix_newly_qualified(
    table: RawTable, rows: pd.DataFrame, is_new: pd.Series, ledger: Ledger
) -> pd.Series:
    """Somebody whose newly qualified year has ended is not newly qualified (rule 20)."""
    if "newly_qualified_end" in rows:
        ends = clean_dates(take_column(table, rows, "newly_qualified_end"), optional=True)
        is_over = is_new & (ends < rows["as_at"])
        ledger.note(rows[is_over], "W20", column="is_newly_qualified", before="yes", after="no",
                    severity="F", reason="the newly qualified year had ended")  # fmt: skip
        is_new = is_new & ~is_over
        is_known = ends.notna()
    else:
        is_known = pd.Series(False, rows.index)
    is_long = (rows["as_at"] - rows["start_date"]).dt.days > NEWLY_QUALIFIED_DAYS
    ledger.note(rows[is_new & is_long & ~is_known], "W20", column="is_newly_qualified")
    return is_new


def check_payroll(column: Column, rows: pd.DataFrame, ledger: Ledger) -> None:
    """Ask about one person with two payroll numbers, and one number of two people (rule 18)."""
    number = spread(column.text, lambda text: "" if _is_blank(text) else text.strip().upper())
    pairs = rows[["worker_id"]].assign(number=number)[number != ""].drop_duplicates()
    for name, reason in (
        ("worker_id", "one registration number, two payroll numbers"),
        ("number", "one payroll number, two registration numbers"),
    ):
        again = pairs.index[pairs.duplicated(name)]
        ledger.note(rows.loc[again], "W18", column="worker_id", reason=reason)


def query_sums(workers: pd.DataFrame, ledger: Ledger) -> None:
    """Ask about one person with more than one full-time contract (rule 16)."""
    total = workers.groupby(["as_at", "worker_id"])["fte"].transform("sum")
    is_much = total > 1 + FTE_MARGIN
    ledger.note(workers[is_much], "W16", column="fte", before=total[is_much].map("{:g}".format),
                reason="the FTE of one person adds up to more than 1")  # fmt: skip


def query_posts(workers: pd.DataFrame, posts: pd.DataFrame, ledger: Ledger) -> None:
    """Ask about people whose post is not funded that month, or is too small for them.

    Agency staff without a post number are above the establishment, which needs no question.
    More permanent FTE than the post has is over-establishment, more agency FTE than its vacancy
    over-cover: the measures keep both apart (rules 3, 4 and 5).
    """
    keys = ["as_at", "post_id"]
    size = posts[[*keys, "fte"]].rename(columns={"fte": "post_fte"})
    held = workers.merge(size, on=keys, how="left").set_axis(workers.index)
    is_agency = held["employment"] == "agency"
    is_listed = held["as_at"].isin(posts["as_at"].unique())
    is_extra = (held["post_id"] == "") & is_agency
    is_lost = is_listed & ~is_extra & held["post_fte"].isna()
    ledger.note(workers[is_lost], "W04", column="post_id", before=workers["post_id"][is_lost])
    sums = held.assign(
        permanent=held["fte"].mask(is_agency, 0.0), agency=held["fte"].where(is_agency, 0.0),
        people=(~is_agency).astype(int),
    ).groupby(keys)[["permanent", "agency", "people"]].transform("sum")  # fmt: skip
    is_over = sums["permanent"] > held["post_fte"] + FTE_MARGIN
    vacancy = (held["post_fte"] - sums["permanent"]).clip(lower=0)
    for is_odd, rule, total, reason in (
        (is_over & ~is_agency & (sums["people"] > 1), "W03", sums["permanent"], ""),
        (is_over & ~is_agency & (sums["people"] == 1), "W04", sums["permanent"],
         "more permanent FTE than the post has: shown as over-establishment"),
        ((sums["agency"] > vacancy + FTE_MARGIN) & is_agency, "W05", sums["agency"], ""),
    ):  # fmt: skip
        chosen = is_odd & ~held[is_odd].duplicated(keys).reindex(held.index, fill_value=True)
        ledger.note(workers[chosen], rule, column="fte", reason=reason,
                    before=total[chosen].map("{:g}".format))  # fmt: skip
