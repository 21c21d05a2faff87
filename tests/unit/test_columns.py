"""Numbers, percentages, dates and months in every form councils write them."""

from __future__ import annotations

import datetime

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wfanalytics.clean.columns import (
    is_american,
    parse_date,
    parse_month_text,
    parse_number,
    parse_percent,
)
from wfanalytics.periods import MONTH_NAMES

DAYS = st.dates(datetime.date(1955, 1, 1), datetime.date(2049, 12, 31))


@pytest.mark.parametrize(
    ("text", "value"),
    [("1", 1), ("0.8", 0.8), (".5", 0.5), ("1,396", 1396), ("1,396.5", 1396.5), (" 18.5 ", 18.5),
     ("-2", -2), ("\N{MINUS SIGN}2", -2), ("0", 0), ("007", 7), ("1234567", 1234567),
     ("\N{NO-BREAK SPACE}3\N{NO-BREAK SPACE}", 3)],
)  # fmt: skip
def test_numbers(text, value):
    assert parse_number(text) == value


@pytest.mark.parametrize(
    "text", ["", "-", "n/a", "TBC", "1,39", "13,96", "1.2.3", "1e3", "nan", "inf", "1 396", "0,8",
             "18.5%", "<1", "£5", "#REF!", "٣", "²", "--1", ",", "."],
)  # fmt: skip
def test_what_is_no_number(text):
    assert parse_number(text) is None


@pytest.mark.parametrize(
    ("text", "value"), [("18.5%", 0.185), ("18.5 %", 0.185), (" 100% ", 1), ("0%", 0), ("7%", 0.07)]
)
def test_percentages(text, value):
    assert parse_percent(text) == pytest.approx(value, abs=1e-15)


@pytest.mark.parametrize("text", ["18.5", "%", "<1%", "", "n/a%", "1%%"])
def test_what_is_no_percentage(text):
    assert parse_percent(text) is None


@pytest.mark.parametrize(
    "text",
    ["17/07/2019", "17/7/2019", "17.07.2019", "17-07-2019", "17/07/19", "17-Jul-19", "17 Jul 2019",
     "17-Jul-2019", "17th July 2019", "17 July, 2019", "17 JULY 2019", "2019-07-17",
     "2019-07-17 00:00:00", "2019-07-17T09:30", "43663", " 17/07/2019 "],
)  # fmt: skip
def test_dates(text):
    assert parse_date(text) == pd.Timestamp("2019-07-17")


def test_a_day_up_to_12_is_read_day_first():
    assert parse_date("07/08/2019") == pd.Timestamp("2019-08-07")


@pytest.mark.parametrize(("text", "day"), [("1/9/49", "2049-09-01"), ("1/9/50", "1950-09-01"),
                                           ("1st Sept 2019", "2019-09-01")])  # fmt: skip
def test_short_years_and_september(text, day):
    assert parse_date(text) == pd.Timestamp(day)


@pytest.mark.parametrize(("text", "day"), [("31/12/9999", "9999-12-31"),
                                           ("01/01/1900", "1900-01-01")])  # fmt: skip
def test_open_and_unknown_dates_are_read_as_they_stand(text, day):
    assert parse_date(text) == pd.Timestamp(day)


@pytest.mark.parametrize(
    "text", ["", "07/17/2019", "31/02/2019", "00/07/2019", "17/07/219", "17/07", "July 2019", "TBC",
             "19999", "60001", "2019-13-01", "17 Juli 2019", "١٧/٠٧/٢٠١٩", "1/1/0000"],
)  # fmt: skip
def test_what_is_no_date(text):
    assert parse_date(text) is None


@pytest.mark.parametrize(
    ("text", "end"),
    [("Sept-19", "2019-09-30"), ("Sep 19", "2019-09-30"), ("Sep'19", "2019-09-30"),
     ("SEPTEMBER 2019", "2019-09-30"), ("Feb-20", "2020-02-29"), ("17/07/2019", "2019-07-31"),
     ("2019-07-01", "2019-07-31")],
)  # fmt: skip
def test_months(text, end):
    assert parse_month_text(text) == pd.Timestamp(end)


@pytest.mark.parametrize("text", ["", "Sheet1", "Q1 2019", "2019", "Total", "2019/20"])
def test_what_is_no_month(text):
    assert parse_month_text(text) is None


@pytest.mark.parametrize(
    ("text", "answer"),
    [("07/17/2019", True), ("7-31-19", True), ("12/12/2019", False), ("17/07/2019", False),
     ("13/13/2019", False), ("07/32/2019", False)],
)  # fmt: skip
def test_what_can_only_be_american(text, answer):
    assert is_american(text) is answer


@given(st.text(max_size=20))
def test_no_text_raises(text):
    for parse in (parse_number, parse_percent, parse_date, parse_month_text, is_american):
        parse(text)


@given(st.from_regex(r"[0-9]{1,6}[/.-][0-9]{1,3}[/.-][0-9]{1,5}|[0-9]{1,3}[ -][A-Za-z]{3}-[0-9]*"))
def test_nothing_like_a_date_raises(text):
    parse_date(text)
    parse_month_text(text)


@given(st.integers(-10_000_000, 10_000_000))
def test_whole_numbers_come_back_however_printed(number):
    assert parse_number(str(number)) == parse_number(f"{number:,}") == number


@given(st.decimals(-1000, 1000, places=3))
def test_fractions_and_percentages_come_back(number):
    assert parse_number(str(number)) == float(number)
    assert parse_percent(f"{number} %") == pytest.approx(float(number) / 100, abs=1e-15)


@given(DAYS)
def test_dates_come_back_however_printed(day):
    name = MONTH_NAMES[day.month - 1]
    serial = (day - datetime.date(1899, 12, 30)).days
    forms = (
        f"{day:%d/%m/%Y}", f"{day.day}/{day.month}/{day.year}", f"{day:%d.%m.%Y}",
        f"{day.day}-{name[:3]}-{day.year}", f"{day.day} {name} {day.year}", f"{day:%Y-%m-%d}",
        f"{day:%Y-%m-%d} 00:00:00", f"{day:%d/%m/%y}", str(serial),
    )  # fmt: skip
    expected = pd.Timestamp(day)
    assert {parse_date(text) for text in forms} == {expected}
    assert parse_month_text(f"{name[:3]}-{day:%y}") == expected + pd.offsets.MonthEnd(0)
