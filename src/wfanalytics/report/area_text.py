"""The text of the files ``wfanalytics init`` writes, each line with its reason in plain English."""

from __future__ import annotations

import csv
import io
import json
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from wfanalytics.clean.given import find_merged
from wfanalytics.clean.propose import Line, Proposal
from wfanalytics.settings import FULL_TIME_HOURS, Event, Target

WIDTH = 96


@dataclass(frozen=True)
class Identity:
    """Who the area is, as far as it is known."""

    slug: str
    name: str
    code: str = ""
    old_code: str = ""
    region: str = ""


def write_profile_text(
    who: Identity,
    proposals: Mapping[str, Proposal],
    places: Mapping[str, tuple[str, str]],
    *,
    notes: Sequence[str],
    origin: str,
) -> str:
    """``profile.yml``; ``places`` is the folder and file pattern of each table."""
    lines = _comment(
        f"{who.name}: who the area is, and where its extracts are. Written by `wfanalytics init` "
        f"from the headings and contents of {origin}. Read it through before the first report: a "
        "line that begins with # is not read, and everything after a # says why the line is there."
    )
    lines += ["", f"area: {who.slug}", f"name: {_quote(who.name)}", *_code_lines(who)]
    lines += _hours_lines(proposals.values())
    lines += _owner_lines(proposals) + _word_lines(proposals.values())
    lines += _comment("Where each extract is: a folder inside this one, and which of its files. A "
                      "new month's file is read when it is put there.")  # fmt: skip
    lines.append("sources:")
    for table, proposal in proposals.items():
        lines += _source_lines(proposal, *places[table])
    if notes:
        lines += ["", *_comment("What could not be placed:")]
        lines += [line for note in notes for line in _comment(f"- {note}")]
    return "\n".join(lines) + "\n"


def _code_lines(who: Identity) -> list[str]:
    if not who.code:
        return [
            f"authority_code: {_quote(who.slug)}  # not known: write the code, such as E10000032"
        ]
    lines = [f"authority_code: {_quote(who.code)}  # as in DfE's published figures"]
    lines += [f"old_la_code: {_quote(who.old_code)}"] if who.old_code else []
    return lines + ([f"region: {_quote(who.region)}"] if who.region else [])


def _hours_lines(proposals: Iterable[Proposal]) -> list[str]:
    weeks = [p.full_time for p in proposals if p.full_time]
    hours = max(set(weeks), key=weeks.count) if weeks else FULL_TIME_HOURS
    why = (
        "the week most people work in the extracts; FTE is hours divided by it"
        if weeks else "not in the extracts: the national agreement's week; used where FTE is hours"
    )  # fmt: skip
    return [f"full_time_hours: {hours:g}  # {why}"]


def _owner_lines(proposals: Mapping[str, Proposal]) -> list[str]:
    lines = ["", *_comment("Who can mend each extract; `wfanalytics check` names them.")]
    return [*lines, "# owners:", *(f"#   {table}: (team)" for table in proposals)]


def _word_lines(proposals: Iterable[Proposal]) -> list[str]:
    found: dict[str, list[tuple[str, int, str]]] = {}
    for proposal in proposals:
        for name, words in proposal.words.items():
            said = [word for word, *_ in found.setdefault(name, [])]
            found[name] += [entry for entry in words if entry[0] not in said]
    if not any(found.values()):
        return [""]
    lines = ["", *_comment(
        "Words in the extracts that have no meaning yet. Cleaning stops at them: take the # away "
        "where the meaning is right, or change it. The number is the rows looked at that have it."
    ), "# words:"]  # fmt: skip
    for name, words in found.items():
        if words:
            lines.append(f"#   {name}:")
            lines += [f"#     {_quote(word)}: {ours or '(meaning)'}  # {count:,} rows"
                      for word, count, ours in words]  # fmt: skip
    return [*lines, ""]


def _source_lines(proposal: Proposal, folder: str, pattern: str) -> list[str]:
    lines = [f"  {proposal.table}:", f"    folder: {_quote(folder)}",
             f"    pattern: {_quote(pattern)}"]  # fmt: skip
    if proposal.missing:
        lines.append(f"    read: no  # no column is surely {', '.join(proposal.missing)}: name it "
                     "under headings, or its one value under files, then take this line away",
                     )  # fmt: skip
    if proposal.sheets:
        lines.append(f"    sheets: [{', '.join(_quote(name) for name in proposal.sheets)}]")
    if proposal.holds == "establishment":
        lines.append("    holds: establishment  # a row a post with its holder")
    if proposal.unit != "share":
        lines.append(f"    fte: {proposal.unit}  # divided by "
                     f"{'full_time_hours' if proposal.unit == 'hours' else '100'}")  # fmt: skip
    lines += _part_lines(proposal)
    if proposal.headings or proposal.doubts or proposal.left:
        lines.append("    headings:")
    lines += [f"      {_heading_line(line)}" for line in proposal.headings]
    if doubts := [line for line in proposal.doubts if line.field]:
        lines.append("      # In doubt: take the # away where it is right.")
        lines += [f"      # {_heading_line(line)}" for line in doubts]
    if proposal.left:
        lines += _comment("Left alone: `wfanalytics check` asks about these until the # is taken "
                          'away; "" leaves a column alone for good.', indent="      ")  # fmt: skip
        lines += [f'      # {_quote(line.shown)}: ""  # {line.why}' for line in proposal.left]
    return lines


def _part_lines(proposal: Proposal) -> list[str]:
    across = ["    weeks: across  # a column a week, headed by its date"]
    lines = across if proposal.is_across else []
    if merged := find_merged(proposal):
        lines.append(f"    # merged: [{', '.join(merged)}]  # take the # away where its blanks are "
                     "merged cells")  # fmt: skip
    lines += ["    files:  # what is true only of files of a name"] if proposal.parts else []
    for pattern, part in [*proposal.parts.items(), *proposal.maybe_parts.items()]:
        values = ", ".join(f"{name}: {word}" for name, word in part.values.items())
        heads = ", ".join(f"{_quote(head)}: {name}" for head, name in part.headings.items())
        said = [f"values: {{{values}}}"] if values else []
        said += [f"headings: {{{heads}}}"] if heads else []
        said += [f"fte: {part.fte}"] if part.fte else []
        said += [f"holds: {part.holds}"] if part.holds else []
        sign = "# " if pattern in proposal.maybe_parts else ""
        lines.append(f"      {sign}{_quote(pattern)}: {{{', '.join(said)}}}")
    return lines


def _heading_line(line: Line) -> str:
    field = line.field or '""'
    return f"{_quote(line.heading)}: {field}  # {line.why}"


def _quote(text: str) -> str:
    """Text as YAML cannot mistake it."""
    return json.dumps(text, ensure_ascii=False)


def _comment(text: str, *, indent: str = "") -> list[str]:
    start = f"{indent}# "
    return textwrap.wrap(text, WIDTH, initial_indent=start, subsequent_indent=start,
                         break_long_words=False, break_on_hyphens=False)  # fmt: skip


def write_csv_text(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A CSV file as text."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([headings, *rows])
    return text.getvalue()


def write_empty_lists() -> dict[str, str]:
    """``targets.csv`` and ``events.csv`` with their headings and no rows."""
    return {
        "targets.csv": write_csv_text(tuple(Target.model_fields), ()),
        "events.csv": write_csv_text(tuple(Event.model_fields), ()),
    }
