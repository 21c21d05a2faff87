"""Any text at all gives a value, a blank with a reason, or a refusal that says where."""

from __future__ import annotations

import datetime

import pandas as pd
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.unit.extracts import DEFAULTS, check, clean, make_table

from wfanalytics.clean.columns import (
    blank_status,
    parse_date,
    parse_month_text,
    parse_number,
    parse_percent,
)
from wfanalytics.clean.declared import read_week
from wfanalytics.clean.identity import FICTIONAL_KEY, pseudonymise
from wfanalytics.clean.rows import month_in_name, names_total
from wfanalytics.clean.text import mend_text
from wfanalytics.errors import InputError
from wfanalytics.frames import STATUSES
from wfanalytics.periods import MONTH_NAMES
from wfanalytics.raw.csv_text import DELIMITERS, read_csv_text
from wfanalytics.raw.headings import normalise

# What people type, and what nobody does.
TYPED = st.text(alphabet="0123456789.,-−/% :<xzcuSWpJulySept'’\xa0\u202f", max_size=14)
TEXT = st.one_of(TYPED, st.text(max_size=20))
DAYS = st.dates(datetime.date(1950, 1, 1), datetime.date(2049, 12, 31))
FEW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


# --- any text ------------------------------------------------------------------------------------
@given(TEXT)
@example("9" * 400)
@example("1,2345")
@example("٣")
def test_any_text_is_a_finite_number_or_none(text):
    for parse in (parse_number, parse_percent):
        number = parse(text)
        assert number is None or abs(number) < float("inf")


@given(TEXT)
@example("31/02/2019")
@example("99999")
@example("0000-01-01")
@example("01/01/0000")
def test_any_text_is_a_day_or_none(text):
    for parse in (parse_date, parse_month_text):
        day = parse(text)
        assert day is None or day == day.normalize()


@given(TEXT)
def test_any_text_has_a_status(text):
    assert blank_status(text) in STATUSES
    if blank_status(text) != "ok":
        assert parse_number(text) is None
        assert parse_percent(text) is None


@given(TEXT)
def test_any_text_names_a_month_a_total_a_week_a_field_or_nothing(text):
    month = month_in_name(text)
    assert month is None or month.is_month_end
    assert names_total(text) in (True, False)
    assert read_week(text) is None or parse_date(read_week(text)) is not None
    assert normalise(normalise(text)) == normalise(text)


@given(st.binary(max_size=80) | st.text(alphabet='a;,|\t"\r\n é', max_size=80).map(str.encode))
@example(b'"a\nb",c\n')
@example(b"\xff\xfea")
def test_any_bytes_are_a_csv_file_or_refused_in_words(content):
    try:
        rows, encoding, delimiter = read_csv_text(content, file="caseload/a.csv")
    except InputError:
        return
    assert encoding in ("utf-8", "utf-8-sig", "utf-16", "cp1252")
    assert delimiter in DELIMITERS
    assert all(isinstance(cell, str) for row in rows for cell in row)


@given(st.text(max_size=20))
def test_mending_twice_changes_no_more_than_mending_ascii(text):
    assert isinstance(mend_text(text), str)
    if text.isascii():
        assert mend_text(text) == text


@pytest.mark.parametrize("table", list(DEFAULTS))
@FEW
@given(data=st.data(), text=TEXT)
def test_any_cell_is_cleaned_or_refused_with_its_place(table, data, text):
    """Whatever stands in one cell, the row is kept in the contract, or refused in words."""
    column = data.draw(st.sampled_from(list(DEFAULTS[table])))
    other = {"SWE number": "SW5", "Number": "P5", "Post number": "P5", "Worker": "SW5",
             "Month": "Jun-19", "Effective date": "05/06/2019"}  # fmt: skip
    other = {name: value for name, value in other.items() if name in DEFAULTS[table]}
    extract = make_table(table, {column: text}, other)
    try:
        rows, repairs = clean(table, extract)
    except InputError:
        return
    check(rows, table)
    kept = rows.drop_duplicates("row") if table == "summary" else rows
    assert len(kept) + repairs["is_row_refused"].sum() == len(extract.frame)


# --- round trips ---------------------------------------------------------------------------------
@given(st.decimals(-99_999_999, 99_999_999, places=3))
def test_a_number_printed_in_any_form_is_read_back(number):
    forms = [f"{number}", f"{number:,}", f" {number} ", f"{number:,}".replace(",", "\xa0"),
             f"{number}".replace("-", "−")]  # fmt: skip
    assert {parse_number(form) for form in forms} == {float(number)}


@given(st.integers(0, 100_000))
def test_a_percentage_printed_in_any_form_is_read_back(tenths):
    forms = [f"{tenths / 10}%", f"{tenths / 10} %", f"{tenths / 10:,.1f}%"]
    assert {parse_percent(form) for form in forms} == {tenths / 10 / 100}


@given(DAYS)
def test_a_date_printed_in_any_form_is_read_back(day):
    month, short = MONTH_NAMES[day.month - 1], MONTH_NAMES[day.month - 1][:3]
    forms = [
        f"{day:%d/%m/%Y}", f"{day.day}/{day.month}/{day:%Y}", f"{day:%d/%m/%y}",
        f"{day:%d.%m.%Y}", f"{day:%d-%m-%Y}", f"{day.day}-{short}-{day:%y}",
        f"{day.day} {month} {day.year}", f"{day.day}th {month} {day.year}", day.isoformat(),
        f"{day.isoformat()} 00:00:00", f"{day.isoformat()}T00:00:00", f"{day:%d/%m/%Y} 00:00",
    ]  # fmt: skip
    serial = (day - datetime.date(1899, 12, 30)).days
    forms += [str(serial)] if serial >= 20_000 else []
    assert {parse_date(form) for form in forms} == {pd.Timestamp(day)}


@given(DAYS)
def test_a_month_printed_in_any_form_is_read_back(day):
    month, short = MONTH_NAMES[day.month - 1], MONTH_NAMES[day.month - 1][:3]
    forms = [f"{month} {day.year}", f"{short}-{day:%y}", f"{short} {day.year}", f"{short}'{day:%y}",
             f"{day:%d/%m/%Y}"]  # fmt: skip
    forms += [f"Sept-{day:%y}"] if day.month == 9 else []
    assert {parse_month_text(form) for form in forms} == {
        pd.Timestamp(day) + pd.offsets.MonthEnd(0)
    }


@FEW
@given(st.lists(st.integers(1, 100), min_size=2, max_size=6))
def test_an_fte_written_as_share_or_percentage_is_read_back(hundredths):
    expected = [number / 100 for number in hundredths]
    for form in ("{:.2f}", "{:.0%}", "{:.1%}"):
        rows = [{"FTE": form.format(number / 100), "SWE number": f"SW{i}"}
                for i, number in enumerate(hundredths, start=1)]  # fmt: skip
        assert clean("workers", make_table("workers", *rows))[0]["fte"].tolist() == expected


@FEW
@given(st.integers(1, 9_999_999_999))
def test_a_registration_number_written_in_any_form_is_one_person(number):
    forms = [f"SW{number}", f" sw{number} ", f"SW {number}", f"Sw\xa0{number}", str(number)]
    rows = [{"SWE number": form, "Post number": f"P{i}", "FTE": "0.1"}
            for i, form in enumerate(forms)]  # fmt: skip
    found = set(clean("workers", make_table("workers", *rows))[0]["worker_id"])
    assert found == {pseudonymise(f"SW{number}", key=FICTIONAL_KEY)}
