"""Names in a profile that must be ours: fields, and the meanings of words."""

from __future__ import annotations

from collections.abc import Iterator

from wfanalytics.errors import InputError, unknown_name
from wfanalytics.raw.headings import known_headings
from wfanalytics.raw.lists import read_list
from wfanalytics.settings import Profile, Source


def check_names(profile: Profile, *, file: str) -> Profile:
    """The profile, where each field and meaning it names is there; nothing is lost for a slip.

    Raises
    ------
    InputError
        for a field no table has, or a word's meaning that is none.
    """
    _check_fields(profile, file)
    _check_words(profile, file)
    return profile


def _check_fields(profile: Profile, file: str) -> None:
    for table, source in profile.sources.items():
        fields = {*known_headings().get(table, {}).values(), ""}
        for where, name in _list_names(source):
            if name not in fields:
                raise InputError(
                    unknown_name("field", name, fields - {""}).rstrip("."), file=file,
                    column=f"sources.{table}.{where}",
                )  # fmt: skip


def _list_names(source: Source) -> Iterator[tuple[str, str]]:
    """Where a source names a field, and the name."""
    for own in (source.headings, *(part.headings for part in source.files.values())):
        yield from ((f"headings.{heading}", name) for heading, name in own.items())
    for pattern, part in source.files.items():
        yield from ((f"files.{pattern}.values", name) for name in dict(part.values))


def _check_words(profile: Profile, file: str) -> None:
    meanings: dict[str, set[str]] = {}
    for row in read_list("words"):
        meanings.setdefault(row["field"], set()).add(row["meaning"])
    for field, words in profile.words.items():
        if field not in meanings:
            raise InputError(unknown_name("field", field, meanings).rstrip("."), file=file,
                             column="words")  # fmt: skip
        for word in (word for word, ours in words.items() if ours not in meanings[field]):
            raise InputError(
                "no such meaning", file=file, column=f"words.{field}.{word}", found=words[word],
                allowed=", ".join(sorted(meanings[field] - {""})), remedy="Write one of these.",
            )  # fmt: skip
