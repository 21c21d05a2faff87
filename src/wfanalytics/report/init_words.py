"""What ``wfanalytics init`` says: what was recognised, what not, and what cleaning makes of it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from wfanalytics.analysis.refused import describe_faults
from wfanalytics.clean.area import clean_area
from wfanalytics.clean.given import HEADINGS, find_merged
from wfanalytics.clean.identity import KEY_FILE_VARIABLE, KEY_LENGTH, KEY_VARIABLE
from wfanalytics.clean.propose import Proposal
from wfanalytics.clean.team_list import TeamList
from wfanalytics.errors import WfanalyticsError
from wfanalytics.raw.area import read_area
from wfanalytics.raw.tables import RawSheet

#: Faults and words listed; the rest is counted.
_MOST_FAULTS, _MOST_WORDS = 5, 8


def list_doubts(proposals: Mapping[str, Proposal]) -> Iterator[str]:
    """What could not be placed inside the tables that were recognised."""
    for table, proposal in proposals.items():
        if proposal.missing:
            yield f"{table}: no column is surely {', '.join(proposal.missing)}; not read yet"
        for line in proposal.doubts:
            what = f"may be {line.field}" if line.field else "was not placed"
            more = "; people.csv can say whose names these are" if line.field == "worker_id" else ""
            yield f"{table}: column {line.shown!r} {what}: {line.why}{more}"
        for line in proposal.left:
            yield f"{table}: column {line.shown!r} was left alone: {line.why}"
        for name, heading in find_merged(proposal).items():
            yield (f"{table}: column {heading!r} has blanks below its texts, as merged cells have; "
                   f"where they are, let profile.yml say 'merged: [{name}]'")  # fmt: skip
        for name, words in proposal.words.items():
            if words:
                listed = ", ".join(repr(word) for word, *_ in words[:_MOST_WORDS])
                yield f"{table}: words for {name} without a meaning: {listed}; see profile.yml"


def list_lost(lost: Sequence[tuple[RawSheet, str]]) -> Iterator[str]:
    """A line a reason: the first sheet it is true of, and how many others."""
    for reason in dict.fromkeys(reason for _, reason in lost):
        first, *others = [sheet for sheet, why in lost if why == reason]
        more = f" and {len(others):,} more" if others else ""
        yield f"{name_sheet(first)}{more}: {reason}"


def name_sheet(sheet: RawSheet) -> str:
    """A sheet as messages name it."""
    return f"{sheet.file}, sheet {sheet.sheet}" if sheet.sheet else sheet.file


def describe_found(
    proposals: Mapping[str, Proposal], teams: TeamList, notes: Sequence[str], *, folder: Path
) -> list[str]:
    """Tables, columns and teams, how surely each was recognised, and what was not placed."""
    lines = [f"Recognised in {folder}:"]
    for table, proposal in proposals.items():
        sheets, files = len(proposal.grids), len(proposal.files)
        hidden = sum(grid.sheet.is_hidden for grid in proposal.grids)
        more = [f"{hidden} of them hidden"] if hidden else []
        more += ["an establishment list, with its holders"] if proposal.holds != "table" else []
        more += ["a column a week"] if proposal.is_across else []
        more += [f"FTE as hours of {proposal.full_time:g}"] if proposal.full_time else []
        more += ["FTE as percentages"] if proposal.unit == "percent" else []
        count = f"{sheets:,} sheet{'s' * (sheets != 1)} of {files:,} file{'s' * (files != 1)}"
        if table == "census":
            count = f"{files:,} statutory return{'s' * (files != 1)}"
        lines.append(f"  {table}: {'; '.join([count, *more])}")
        lines += [
            f"    {name}: {word} in every row of {pattern!r}, from the file's name"
            for pattern, part in proposal.parts.items()
            for name, word in part.values.items()
        ]
        # The headings put over what a name tells stand in no file.
        added = set(HEADINGS.values()) if proposal.parts else set()
        lines += [f"    {line.field}: {line.heading!r}, known; {line.why}"
                  for line in proposal.known if line.heading not in added]  # fmt: skip
        lines += [f"    {line.field}: {line.heading!r}, proposed; {line.why}"
                  for line in proposal.headings if line.field]  # fmt: skip
    lines.append(f"  {len(teams.names):,} team name{'s' * (len(teams.names) != 1)}")
    lines += [f"    {note}" for note in teams.describe() if teams.names]
    if notes:
        lines += ["Could not be placed, and why:", *(f"  {note}" for note in notes)]
    return lines


def try_cleaning(slug: str, data: Path) -> list[str]:
    """What cleaning makes of the new area, with the sample's key and nothing kept."""
    command = f"wfanalytics check --area {slug}"
    try:
        area = read_area(slug, data_dir=data)
        if not area.profile.sources:
            return ["Nothing can be read yet: complete profile.yml, then run", f"  {command}"]
        trial = replace(area, profile=area.profile.model_copy(update={"fictional": True}))
        cleaned = clean_area(trial, on_fault="refuse")
    except WfanalyticsError as error:
        return [f"Tried: cleaning stops. {error}", "Mend that, then run", f"  {command}"]
    lines = ["Tried: cleaning gives"]
    for table, files in cleaned.files.groupby("table", sort=False):
        read, kept, refused = (int(files[f"rows_{n}"].sum()) for n in ("read", "kept", "refused"))
        lines.append(f"  {table}: {read:,} rows = {kept:,} kept + {refused:,} refused")
    faults = describe_faults(cleaned.faults)
    lines += [f"  {fault}" for fault in faults[:_MOST_FAULTS]]
    lines += [f"  and {len(faults) - _MOST_FAULTS} more"] if len(faults) > _MOST_FAULTS else []
    if not os.environ.get(KEY_VARIABLE) and not os.environ.get(KEY_FILE_VARIABLE):
        lines.append(f"Set {KEY_VARIABLE} to a secret of {KEY_LENGTH} characters or more: it "
                     "turns registration numbers into pseudonyms")  # fmt: skip
    return [*lines, "Read profile.yml and teams.csv through, then run", f"  {command}"]
