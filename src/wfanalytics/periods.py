"""Months, weeks and dates as English councils write them, independent of the locale."""

from __future__ import annotations

import datetime
import re

import pandas as pd

from wfanalytics.errors import ParameterError, show_text

MONTH_NAMES = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip

#: Working days DfE counts in a year, and in a year that holds a 29 February
#: (published file: 253 fits 2017-19, 2021-23 and 2025; 254 fits 2020 and 2024).
WORKING_DAYS = 253
WORKING_DAYS_LEAP = 254


def parse_month(text: object) -> pd.Period:
    """A month written ``2020-09`` as a monthly Period.

    Raises
    ------
    ParameterError
        for anything else: a number, ``Sep 2020``, ``2020-13``.

    >>> parse_month("2020-09")
    Period('2020-09', 'M')
    """
    if isinstance(text, str) and re.fullmatch(r"(19|20)\d\d-(0[1-9]|1[0-2])", text):
        return pd.Period(text, freq="M")
    raise ParameterError(
        f"The month {show_text(repr(text))} is not a month. Write year and month as four digits, "
        "a hyphen and two digits, such as 2020-09."
    )


def find_last_month(today: datetime.date | None = None) -> str:
    """The month that ended last, as ``2020-09``; seen from today unless told.

    >>> find_last_month(datetime.date(2021, 1, 31))
    '2020-12'
    """
    first = (today or datetime.date.today()).replace(day=1)
    return (first - datetime.timedelta(days=1)).strftime("%Y-%m")


def month_end(month: pd.Period) -> pd.Timestamp:
    """Last day of a month, at midnight.

    >>> month_end(pd.Period("2020-09"))
    Timestamp('2020-09-30 00:00:00')
    """
    return month.to_timestamp(how="end").normalize()


def year_before(date: pd.Timestamp) -> pd.Timestamp:
    """First day of the twelve months that end on ``date`` (a month end).

    >>> year_before(pd.Timestamp("2020-09-30"))
    Timestamp('2019-10-01 00:00:00')
    """
    return (date.to_period("M") - 11).to_timestamp()


def working_days(date: pd.Timestamp) -> int:
    """DfE's working days in the twelve months ending on ``date`` (a month end).

    >>> working_days(pd.Timestamp("2019-09-30")), working_days(pd.Timestamp("2020-09-30"))
    (253, 254)
    """
    days = (date - year_before(date)).days + 1
    return WORKING_DAYS_LEAP if days == 366 else WORKING_DAYS


def format_date(date: pd.Timestamp) -> str:
    """A date as printed in a paper.

    >>> format_date(pd.Timestamp("2019-07-05"))
    '5 July 2019'
    """
    return f"{date.day} {MONTH_NAMES[date.month - 1]} {date.year}"


def format_month(date: pd.Timestamp, *, short: bool = False) -> str:
    """A month as printed in a paper, or short enough for a chart.

    >>> format_month(pd.Timestamp("2019-09-30")), format_month(pd.Timestamp("2019-09-30"),
    ...                                                        short=True)
    ('September 2019', 'Sep 2019')
    """
    name = MONTH_NAMES[date.month - 1]
    return f"{name[:3] if short else name} {date.year}"
