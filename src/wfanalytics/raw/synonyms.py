"""What a heading nobody has seen may mean: the words of ``synonyms.csv``, and near misses.

``headings.csv`` says what a heading is; this says only what it may be. Nothing is read under a
synonym until a profile names it.
"""

from __future__ import annotations

import difflib
import functools
import re
from typing import NamedTuple

from wfanalytics.raw.headings import known_headings, normalise
from wfanalytics.raw.lists import read_list

#: How a heading was recognised, the surest first: known, of the same words as a known one, with
#: a word only one field has, or alike in its letters.
ALIAS, SYNONYM, WORD, LIKE = 4, 3, 2, 1
#: Share of words two headings must have in common, or of letters, to be alike.
_SAME_WORDS, _SAME_LETTERS = 0.66, 0.85
_ABBREVIATIONS = {
    "no": "number", "nos": "number", "num": "number", "nr": "number", "nbr": "number",
    "id": "number", "ref": "number", "reference": "number", "identifier": "number",
    "code": "number", "wte": "fte", "reg": "registration", "regn": "registration",
    "perm": "permanent", "dob": "birth", "dept": "department", "loc": "locality",
    "hrs": "hours", "nqsw": "asye", "cpp": "cp", "cic": "cla", "lac": "cla", "wk": "week",
    "mth": "month", "sec": "section",
}  # fmt: skip
_FILLERS = frozenset({"of", "the", "for", "in", "on", "a", "an", "is", "by", "per", "and", "or",
                      "at", "s", "current", "flag", "%", "y", "n"})  # fmt: skip
#: Words in a heading -> the field it is not, though it looks like it, and why.
_TRAPS = (
    ("week_ending", r"\b(commencing|beginning|starting|begins|starts|start|commences|monday|w c)\b",
     "it is the first day of each week; weeks are counted by their last"),
    ("cases_\\w+|cases", r"\b(famil(y|ies)|sibling groups?)\b",
     "it counts families; a case is a child"),
    ("cases_\\w+|cases", r"\b(closed|closures?|referrals?|contacts?|opened|new|unallocated)\b",
     "it does not count the open cases somebody holds"),
    ("start_date", r"\b(end|ended|ends|leaving|left|expiry|expires|birth|dob|review|dbs)\b",
     "it is not the day the post was taken up"),
    ("start_date", r"\bcontinuous\b", "continuous service may have begun in another council"),
    ("worker_id", r"\b(manager|supervisor)s?\b", "it names a manager"),
    ("worker_id",
     r"^(?!.*\b(swe?|reg|registration|hcpc|social)\b).*\b(payroll|employee|assignment|staff)\b",
     "only the registration number is the same in every system"),
    ("team|role", r"\bmanagers?\b", "it names a manager"),
    ("team|role", r"\b(previous|former|old|new|substantive)\b", "it is not about the present"),
    ("uncovered_vacancy_rate_fte|vacancy_rate_fte", r"\bnumber\b", "it is no rate"),
    ("\\w+", r"\btargets?\b", "it is a target, not a result"),
)  # fmt: skip


#: Headings that need no other word to look like a count of cases.
_OTHER_THINGS = re.compile(r"famil(y|ies)|sibling")


class Meaning(NamedTuple):
    """What a heading may mean in one table, how surely, and the known heading it is like."""

    field: str
    level: int
    like: str


@functools.cache
def read_synonyms(table: str) -> dict[str, list[str]]:
    """Field -> headings it is known by, of a table or of ``establishment``."""
    found: dict[str, list[str]] = {}
    for alias, name in _aliases(table).items():
        found.setdefault(name, []).append(alias)
    for row in _rows(table):
        found.setdefault(row["field"], []).extend(row["synonyms"].split("|"))
    return found


@functools.cache
def _telling_words(table: str) -> dict[str, str]:
    """Word -> the field whose headings have it; of two fields, the one listed first."""
    found: dict[str, str] = {}
    for row in _rows(table):
        for word in filter(None, row["words"].split("|")):
            found.setdefault(word, row["field"])
    return found


def _rows(table: str) -> list[dict[str, str]]:
    return [row for row in read_list("synonyms") if table in row["tables"].split()]


def _aliases(table: str) -> dict[str, str]:
    known = known_headings()
    if table != "establishment":
        return known[table]
    funding = {alias: name for alias, name in known["posts"].items() if name == "funding"}
    return funding | known["workers"]


@functools.cache
def is_known(heading: str, table: str) -> bool:
    """Whether a heading has the same words as a known one of a table.

    >>> is_known("No. of post", "posts"), is_known("Social Worker", "posts")
    (True, False)
    """
    return bool(words := _words(normalise(heading))) and words in _known_words(table)


@functools.cache
def _known_words(table: str) -> frozenset[frozenset[str]]:
    found = read_synonyms(table).values()
    return frozenset(_words(normalise(text)) for texts in found for text in texts)


@functools.cache
def find_meanings(heading: str, table: str) -> tuple[Meaning, ...]:
    """What a heading may mean in a table, the surest first; a trap is left out.

    >>> find_meanings("Post number", "posts")[0]
    Meaning(field='post_id', level=4, like='post number')
    >>> find_meanings("Registration ID", "workers")[0]
    Meaning(field='worker_id', level=3, like='registration number')
    >>> find_meanings("Contarct type", "workers")[0]
    Meaning(field='employment', level=1, like='contract type')
    >>> find_meanings("Staff who left", "summary")[0]
    Meaning(field='leavers_headcount', level=2, like='leavers')
    >>> find_meanings("Week commencing", "caseload")
    ()
    """
    text = normalise(heading)
    if not text:
        return ()
    best = {}
    for name, synonyms in read_synonyms(table).items():
        if find_trap(text, name):
            continue
        level, likeness, like = max(_compare(text, synonym) for synonym in synonyms)
        if level:
            best[name] = (level, likeness, like)
    name = _find_telling(text, table)
    if name and best.get(name, (0,))[0] < WORD:
        best[name] = (WORD, 1.0, read_synonyms(table)[name][0])
    if (sure := _aliases(table).get(text)) is not None and sure in best:
        best[sure] = (ALIAS, 1.0, text)
    ordered = sorted(best.items(), key=lambda item: item[1][:2], reverse=True)
    return tuple(Meaning(name, level, like) for name, (level, _, like) in ordered)


def _find_telling(text: str, table: str) -> str:
    """The only field that a word of the heading tells of, or ''."""
    found = {name for word, name in _telling_words(table).items() if word in _words(text)}
    if "uncovered_vacancy_rate_fte" in found:
        found.discard("vacancy_rate_fte")
    name = found.pop() if len(found) == 1 else ""
    return "" if find_trap(text, name) else name


def explain_trap(heading: str, table: str) -> str:
    """Why a heading is not the field it looks like; '' where it looks like none.

    >>> explain_trap("Week commencing", "caseload")
    'it is the first day of each week; weeks are counted by their last'
    """
    text = normalise(heading)
    for name, synonyms in read_synonyms(table).items():
        reason = find_trap(text, name)
        is_near = any(_words(text) & _words(synonym) for synonym in synonyms)
        if reason and (is_near or _OTHER_THINGS.search(text)):
            return reason
    return ""


def find_trap(heading: str, field: str) -> str:
    """Why a heading cannot be a field, or ''.

    >>> find_trap("Payroll number", "worker_id")
    'only the registration number is the same in every system'
    """
    for fields, words, reason in _TRAPS:
        if re.fullmatch(fields, field) and re.search(words, normalise(heading)):
            return reason
    return ""


def _compare(text: str, synonym: str) -> tuple[int, float, str]:
    """Level, likeness and the synonym itself."""
    ours, theirs = _words(text), _words(synonym)
    if ours == theirs:
        return SYNONYM, 1.0, synonym
    common = len(ours & theirs) / len(ours | theirs)
    shorter, longer = sorted((len(text), len(synonym)))
    ratio = 0.0
    if 2 * shorter >= _SAME_LETTERS * (shorter + longer):
        ratio = difflib.SequenceMatcher(None, text, synonym).ratio()
    is_like = common >= _SAME_WORDS or (ratio >= _SAME_LETTERS and shorter > 4)
    return (LIKE if is_like else 0), max(common, ratio), synonym


@functools.cache
def _words(text: str) -> frozenset[str]:
    """A heading's words, abbreviations written out, plurals as one thing, fillers left out."""
    words = [_ABBREVIATIONS.get(word, word) for word in normalise(text).split()]
    kept = [word for word in words if word not in _FILLERS] or words
    return frozenset(
        word[:-1] if len(word) > 3 and word.endswith("s") and word[-2] != "s" else word
        for word in kept
    )
