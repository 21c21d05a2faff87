"""What a column's cells look like, and whether they fit a field, as cleaning would read them."""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass, field

from wfanalytics.clean.columns import (
    BLANK_WORDS,
    NO_WORDS,
    YES_WORDS,
    parse_date,
    parse_month_text,
    parse_number,
    parse_percent,
)
from wfanalytics.clean.fte import MOST_PERCENT
from wfanalytics.clean.identity import TRAY_WORDS
from wfanalytics.clean.layouts import UNITS, is_vacant
from wfanalytics.clean.words import (
    ABSENCE_WORDS,
    EMPLOYMENT_WORDS,
    FUNDING_WORDS,
    MOVEMENT_WORDS,
    ROLE_WORDS,
    SCHEME_WORDS,
)
from wfanalytics.raw import headings
from wfanalytics.raw.headings import hide_personal
from wfanalytics.raw.synonyms import SYNONYM
from wfanalytics.settings import FteUnit

#: How well cells fit a field: like nothing else, as well as others do, not at all.
DISTINCT, FITS, NOT = 2, 1, 0
#: Nearly all cells must fit: a Total row or a slip here and there is usual.
_NEARLY_ALL, _MOST, _MANY = 0.95, 0.7, 0.5
#: A column of hours reaches further than any FTE, and no further than a week.
_HOURS = (1.5, 60.0)
#: Full-time weeks councils have, in hours.
FULL_TIME_WEEKS = (35.0, 36.0, 36.25, 36.5, 37.0, 37.5, 38.0, 39.0, 40.0)
#: This share of team names, post numbers or people must be known from another extract.
_KNOWN = 0.6

WORDS: dict[str, Mapping[str, str]] = {
    "role": ROLE_WORDS, "employment": EMPLOYMENT_WORDS, "absence": ABSENCE_WORDS,
    "funding": FUNDING_WORDS, "movement": MOVEMENT_WORDS, "in_retention_scheme": SCHEME_WORDS,
}  # fmt: skip
DATE_FIELDS = ("start_date", "end_date", "date", "birth_date", "as_at", "week_ending")
#: Fields only ``teams.csv`` needs.
PLACE_FIELDS = ("service", "locality")
TEXT_FIELDS = ("name", "place", "reason")
FLAG_FIELDS = ("is_newly_qualified", "is_project_team")
COUNT_FIELDS = ("cases_cin", "cases_cp", "cases_cla", "cases_carer", "cases", "leavers_headcount",
                "starters_headcount")  # fmt: skip
NUMBER_FIELDS = ("days_lost", "caseload_fte")
RATE_FIELDS = ("uncovered_vacancy_rate_fte", "vacancy_rate_fte", "agency_rate_fte")
FTE_FIELDS = ("fte", "post_fte")
_REGISTRATION = re.compile(r"[A-Za-z]{2}\s?\d{1,10}")
_DIGITS = re.compile(r"\d{3,10}(\.0+)?")
_CODE = re.compile(r"[A-Za-z]{0,6}[-/ ]?\d{1,8}([-/]\d+)?(\.0+)?")
_BLANKS = frozenset(word for word in BLANK_WORDS if word not in ("x", "c", "u", "k", "z"))


normalise = functools.lru_cache(maxsize=100_000)(headings.normalise)
_NO_NAMES = {*ROLE_WORDS, *YES_WORDS, *NO_WORDS}


@dataclass(frozen=True)
class Seen:
    """Team names, post numbers and people (digits) that surely placed columns hold."""

    teams: Set[str] = frozenset()
    posts: Set[str] = frozenset()
    people: Set[str] = frozenset()


NOTHING_SEEN = Seen()


@dataclass(frozen=True)
class Contents:
    """The cells of one column: how often each text stands in it, blanks apart."""

    counts: Counter[str] = field(default_factory=Counter)
    blanks: int = 0

    @classmethod
    def of(cls, cells: Iterable[str]) -> Contents:
        """Count the cells of a column."""
        counts = Counter(cell.strip() for cell in cells)
        blanks = sum(n for text, n in counts.items() if text.casefold() in _BLANKS)
        kept = {text: n for text, n in counts.items() if text.casefold() not in _BLANKS}
        return cls(Counter(kept), blanks)

    @property
    def total(self) -> int:
        """How many cells say something."""
        return self.counts.total()

    def share(self, test: Callable[[str], object]) -> float:
        """The share of cells, of those that say something, that pass a test."""
        passed = sum(n for text, n in self.counts.items() if test(text))
        return passed / self.total if self.total else 0.0

    def numbers(self) -> list[float]:
        """The distinct numbers, percentages as shares."""
        found = (parse_number(text) for text in self.counts)
        shares = (parse_percent(text) for text in self.counts)
        return [x for x in (*found, *shares) if x is not None]


def describe_fit(contents: Contents, name: str) -> str:
    """Why cells fit a field, in words that quote none of them.

    >>> describe_fit(Contents.of(["SW12", "SW13"]), "worker_id")
    '2 cells look like registration numbers'
    """
    what = {
        "worker_id": "registration numbers", "post_id": "post numbers", "team": "names of teams",
        **dict.fromkeys(FTE_FIELDS, UNITS[find_unit(contents)]),
        "week_ending": "dates a week apart", "month": "months", "as_at": "months or dates",
        **dict.fromkeys(("start_date", "end_date", "date", "birth_date"), "dates"),
        **dict.fromkeys(WORDS, f"words for {name}"), **dict.fromkeys(FLAG_FIELDS, "yes or blank"),
        **dict.fromkeys(COUNT_FIELDS, "whole numbers"), **dict.fromkeys(NUMBER_FIELDS, "numbers"),
        **dict.fromkeys(RATE_FIELDS, "percentages"),
    }.get(name, "text")  # fmt: skip
    return f"{contents.total:,} cells look like {what}"


def judge_fit(
    contents: Contents, name: str, *, level: int = 0, seen: Seen = NOTHING_SEEN, heading: str = ""
) -> int:
    """Whether cells fit a field: :data:`DISTINCT`, :data:`FITS` or :data:`NOT`.

    ``level`` is how the heading was recognised: digits alone are somebody's number only where
    the heading says whose, or where the same people stand in another extract.
    """
    if not contents.total:
        return FITS
    judges: dict[str, Callable[[], int]] = {
        "worker_id": lambda: _judge_people(contents, level, seen),
        "post_id": lambda: _judge_posts(contents, seen),
        "month": lambda: _judge_months(contents),
        **dict.fromkeys(WORDS, lambda: _judge_words(contents, name, level)),
        **dict.fromkeys(PLACE_FIELDS, lambda: _judge_names(contents, NOTHING_SEEN)),
        "team": lambda: _judge_names(contents, seen),
        **dict.fromkeys(DATE_FIELDS, lambda: _judge_dates(contents, name)),
        **dict.fromkeys(FTE_FIELDS, lambda: _judge_fte(contents, is_percent="%" in heading)),
    }
    if name in judges:
        return judges[name]()
    return FITS if contents.share(_test_of(name)) >= _NEARLY_ALL else NOT


def _test_of(name: str) -> Callable[[str], object]:
    if name in FLAG_FIELDS:
        return lambda text: normalise(text) in YES_WORDS | NO_WORDS
    if name in COUNT_FIELDS:
        return lambda text: (number := parse_number(text)) is not None and number % 1 == 0 <= number
    if name in NUMBER_FIELDS:
        return lambda text: (number := parse_number(text)) is not None and number >= 0
    if name in RATE_FIELDS:
        return lambda text: parse_percent(text) is not None or (parse_number(text) or 2) <= 1
    if name in TEXT_FIELDS:
        return lambda text: parse_number(text) is None
    return lambda text: True


def _judge_people(contents: Contents, level: int, seen: Seen) -> int:
    def is_tray(text: str) -> bool:
        return "".join(text.split()).upper() in TRAY_WORDS or is_vacant(text)

    trays = contents.share(is_tray)
    people = contents.share(_REGISTRATION.fullmatch)
    if people >= _MANY and people + trays >= _NEARLY_ALL:
        return DISTINCT
    digits = contents.share(lambda text: _REGISTRATION.fullmatch(text) or _DIGITS.fullmatch(text))
    if digits < _MANY or digits + trays < _NEARLY_ALL:
        return NOT
    known = contents.share(lambda text: digits_of(text) in seen.people)
    if known + trays >= _KNOWN:
        return DISTINCT
    return FITS if level >= SYNONYM and not seen.people else NOT


def digits_of(text: str) -> str:
    """The digits of a registration number, by which two systems can be compared."""
    return re.sub(r"\D", "", re.sub(r"\.0+$", "", text))


def _judge_posts(contents: Contents, seen: Seen) -> int:
    known = contents.share(lambda text: post_key(text) in seen.posts)
    if seen.posts and known >= _KNOWN:
        return DISTINCT
    is_code = contents.share(_CODE.fullmatch) >= _NEARLY_ALL
    is_date = contents.share(lambda text: not text.isdigit() and parse_date(text) is not None) > 0
    # Post numbers come in more kinds than people or cases do.
    return FITS if is_code and not is_date and len(contents.counts) >= contents.total / 100 else NOT


def post_key(text: str) -> str:
    """A post's number as numbers are compared."""
    return re.sub(r"\.0+$", "", "".join(text.split()).upper())


@functools.cache
def _plain(name: str) -> frozenset[str]:
    return frozenset(normalise(word) for word in WORDS[name]) - {""}


def _judge_words(contents: Contents, name: str, level: int) -> int:
    """A council's own words fit too, under a heading that says what they are."""
    plain: Counter[str] = Counter()
    for text, n in contents.counts.items():
        plain[normalise(text)] += n
    shares = {
        field: sum(n for text, n in plain.items() if text in _plain(field)) / contents.total
        for field in WORDS
    }
    vacant = contents.share(is_vacant)
    if name == "employment" and shares[name]:
        shares[name] += vacant
    yes_no = contents.share(lambda text: normalise(text) in YES_WORDS | NO_WORDS)
    if shares[name] >= _MOST and yes_no < _MOST:
        return DISTINCT
    is_other = any(share >= _MOST for field, share in shares.items() if field != name)
    is_text = contents.share(lambda text: parse_number(text) is None and parse_date(text) is None)
    # A council's own words come again and again; people's names do not.
    is_again = len(contents.counts) <= max(3, contents.total / 3)
    is_own = level >= SYNONYM and is_text >= _NEARLY_ALL and is_again
    is_known = shares[name] >= _MOST or is_own
    return FITS if is_known and not is_other else NOT


def _judge_names(contents: Contents, seen: Seen) -> int:
    if seen.teams and contents.share(lambda text: normalise(text) in seen.teams) >= _KNOWN:
        return DISTINCT
    is_name = contents.share(
        lambda text: parse_number(text) is None and parse_date(text) is None
        and hide_personal(text) == text and normalise(text) not in _NO_NAMES
    )  # fmt: skip
    few = len(contents.counts) <= max(3, contents.total / 2)
    return FITS if is_name >= _NEARLY_ALL and few else NOT


def _judge_dates(contents: Contents, name: str) -> int:
    dates = {text: parse_date(text) for text in contents.counts}
    months = {text: parse_month_text(text) for text in contents.counts} if name == "as_at" else {}
    good = contents.share(lambda text: dates[text] is not None or months.get(text) is not None)
    if good < _NEARLY_ALL:
        return NOT
    if name != "week_ending":
        return FITS
    days = Counter(date.day_of_week for date in dates.values() if date is not None)
    is_weekly = days.most_common(1)[0][1] >= _MOST * days.total()
    return (DISTINCT if days.total() > 3 else FITS) if is_weekly else NOT


def _judge_months(contents: Contents) -> int:
    if contents.share(lambda text: parse_month_text(text) is not None) < _NEARLY_ALL:
        return NOT
    return FITS if contents.share(lambda text: parse_date(text) is not None) else DISTINCT


def _is_hours(contents: Contents) -> bool:
    numbers = contents.numbers()
    high = [number for number in numbers if number > _HOURS[0]]
    return len(high) >= _MANY * len(numbers) > 0 and max(high) <= _HOURS[1]


def find_unit(contents: Contents) -> FteUnit:
    """What a column of FTE holds: shares of full time, hours a week, or percentages unsigned."""
    if _is_hours(contents):
        return "hours"
    full = contents.share(lambda text: parse_number(text) == MOST_PERCENT)
    is_percent = full >= _MANY and max(contents.numbers()) <= MOST_PERCENT
    return "percent" if is_percent else "share"


def find_full_time(contents: Contents) -> float | None:
    """The full-time week behind a column of hours: the one most people work, or None."""
    weeks = [(n, hours) for text, n in contents.counts.items()
             if (hours := parse_number(text)) in FULL_TIME_WEEKS]  # fmt: skip
    return max(weeks)[1] if weeks else None


def _judge_fte(contents: Contents, *, is_percent: bool) -> int:
    def is_share(text: str) -> bool:
        number = parse_percent(text) if "%" in text else parse_number(text)
        return number is not None and 0 <= number <= (100 if is_percent else _HOURS[0])

    numbers = contents.numbers()
    if contents.share(is_share) >= _NEARLY_ALL:
        return DISTINCT if any(0 < number < 1 for number in numbers) else FITS
    is_number = contents.share(lambda text: parse_number(text) is not None) >= _NEARLY_ALL
    is_week = _is_hours(contents) and find_full_time(contents) is not None
    return FITS if is_number and (is_week or find_unit(contents) == "percent") else NOT
