"""What an area's folder may say: its profile, targets, events, team names and run parameters."""

from __future__ import annotations

import math
import re
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from wfanalytics.thresholds import Disclosure

#: A leaver who starts again within this many days has moved, not left (rule 6).
INTERNAL_MOVE_DAYS = 31
#: Full-time hours a week where a profile does not say (national agreement, "Green Book").
FULL_TIME_HOURS = 37.0
#: Case-holder band used where an area has no target of its own: 13 to 16 cases (June 2020).
CASELOAD_BAND = (13.0, 16.0)

#: Letters of a manager's explanation or action: a paragraph, not a page.
LONGEST_COMMENTARY = 800

#: DfE, Children's social work workforce, "Indicators" data set as CSV, reporting year 2025.
#: NOT REACHED when this was built: the data set's page was read in a stored copy, and the form
#: of the CSV address is that of other data sets of the same site. Each release may have a new
#: identifier: take it from the data set's page in DfE's data catalogue.
PUBLISHED_URL = (
    "https://explore-education-statistics.service.gov.uk/data-catalogue/data-set/"
    "6d765688-fb18-4f13-8e8e-be816bc63b17/csv"
)

#: Extract folders of an area, in the order they are read.
TABLES = ("posts", "workers", "movements", "caseload", "summary", "allocations")

#: Tables no measure is made from: a fault in one, of any month, leaves out its own exhibits only.
OPTIONAL_TABLES = ("summary", "allocations")
#: The table each of the others is read with: where no extract of it is left, nothing is.
NEEDED_TABLE = "workers"

_AREA_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


def is_area_slug(text: str) -> bool:
    """Whether ``text`` can name an area's folder: lower-case letters, digits, ``-`` and ``_``.

    >>> is_area_slug("exampleshire"), is_area_slug("../etc")
    (True, False)
    """
    return _AREA_NAME.fullmatch(text) is not None


class SettingsModel(BaseModel):
    """What every part of the settings is: fixed once read, nothing it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


FteUnit = Literal["share", "hours", "percent"]
Layout = Literal["table", "establishment"]


class FilePart(SettingsModel):
    """What files of one name stand for: columns they lack, and headings only they have."""

    values: dict[str, str] = Field(default_factory=dict)
    """Field -> the word that each row of the file would have: ``{movement: leaver}``."""
    headings: dict[str, str] = Field(default_factory=dict)
    fte: FteUnit | None = None
    """What their FTE column holds, where it is not what the other files' does."""
    holds: Layout | None = None
    """Their layout, where it is not the other files': agency staff beside an establishment list."""


class Source(SettingsModel):
    """Where one kind of extract is, in the area's folder or in a database; its own headings."""

    folder: str = ""
    pattern: str = "*"
    query: str = ""
    """One SELECT, in place of a folder."""
    database: str = ""
    """Name of the environment variable that holds the database's address (SQLAlchemy's form)."""
    as_at_column: str = ""
    """A query's column with the date each row's snapshot is about: posts and workers need it."""
    headings: dict[str, str] = Field(default_factory=dict)
    """The council's own heading -> our field, or '' to leave the column alone."""
    sheets: tuple[str, ...] = ()
    """Names of the sheets to read, ``*`` allowed, where a file holds several kinds of table."""
    holds: Layout = "table"
    """``establishment``: a row a post with its holder, from which posts and workers are read."""
    fte: FteUnit = "share"
    """Whether the FTE column holds shares of full time, hours a week, or percentages unsigned."""
    merged: tuple[str, ...] = ()
    """Fields whose cells are merged over several rows, to be filled down: no others are."""
    weeks: Literal["down", "across"] = "down"
    """``across``: caseload with a column a week, headed by its date."""
    files: dict[str, FilePart] = Field(default_factory=dict)
    """File name, ``*`` allowed -> what files of that name stand for."""
    read: bool = True
    """Whether the extracts are read; no, until all columns they need have been named."""

    @field_validator("headings", mode="before")
    @classmethod
    def _may_be_empty(cls, value: object) -> object:
        return {} if value is None else value

    @field_validator("folder", "pattern")
    @classmethod
    def _stays_inside(cls, value: str) -> str:
        if Path(value).is_absolute() or ".." in Path(value).parts:
            raise ValueError("must stay inside the area's folder")
        return value

    @field_validator("database")
    @classmethod
    def _is_variable(cls, value: str) -> str:
        if value and not re.fullmatch(r"[A-Z][A-Z0-9_]*", value):
            raise ValueError("must be the name of an environment variable")
        return value

    @model_validator(mode="after")
    def _folder_or_query(self) -> Source:
        if bool(self.folder) == bool(self.query):
            raise ValueError("give either folder or query")
        if bool(self.query) != bool(self.database) or (self.as_at_column and not self.query):
            raise ValueError("query and database belong together")
        return self


class Profile(SettingsModel):
    """``profile.yml``: who the area is and where its extracts are."""

    area: Annotated[str, Field(pattern=_AREA_NAME.pattern)]
    name: str
    fictional: bool = False
    authority_code: str
    old_la_code: str | None = None
    region: str | None = None
    neighbours: tuple[Annotated[str, Field(pattern=r"^\d{3}$")], ...] = ()
    """Three-digit codes of the authorities to compare with, in place of DfE's own set."""
    full_time_hours: float = Field(default=FULL_TIME_HOURS, gt=0, le=48)
    organisation: str | None = None
    words: dict[str, dict[str, str]] = Field(default_factory=dict)
    """Field (role, employment, ...) -> the council's own word -> our word."""
    owners: dict[str, str] = Field(default_factory=dict)
    """Table (posts, workers, ...) -> the team that can mend its extracts."""
    sections: tuple[str, ...] = ()
    """Sections of the committee paper, in order; all unless given."""
    newly_qualified_weight: float | None = Field(default=None, gt=0, le=1)
    """What a newly qualified worker's FTE counts for in a local, weighted caseload (0.6), shown
    beside DfE's figure; none unless given."""
    disclosure: Disclosure = Field(default_factory=Disclosure)
    """What is withheld to protect people; defaults unless given."""
    child_data: bool = False
    """Whether ``allocations``, which are about children, are read: a decision of its own."""
    sources: dict[
        Literal[
            "posts", "workers", "movements", "caseload", "summary", "allocations", "census"
        ],
        Source,
    ]  # fmt: skip
    """Where each kind of extract is; ``census``: the folder of statutory returns (XML)."""
    unread: tuple[str, ...] = Field(default=(), exclude=True)
    """Tables whose source says ``read: no``; not written in a profile."""

    @model_validator(mode="before")
    @classmethod
    def _list_unread(cls, data: Any) -> Any:
        sources = data.get("sources") if isinstance(data, dict) else None
        if not isinstance(sources, dict):
            return data
        is_off = [name for name, one in sources.items()
                  if isinstance(one, dict) and one.get("read") is False]  # fmt: skip
        return {**data, "unread": is_off}

    @model_validator(mode="before")
    @classmethod
    def _without_child_data(cls, data: Any) -> Any:
        """Leave the allocations out unless the profile says that they may be read."""
        if isinstance(data, dict) and not data.get("child_data"):
            sources = data.get("sources")
            if isinstance(sources, dict) and "allocations" in sources:
                kept = {name: one for name, one in sources.items() if name != "allocations"}
                return {**data, "sources": kept}
        return data

    @field_validator("neighbours", mode="before")
    @classmethod
    def _codes_as_text(cls, value: object) -> object:
        return [str(code) for code in value] if isinstance(value, list) else value

    @field_validator("sources")
    @classmethod
    def _only_readable(cls, value: dict[str, Source]) -> dict[str, Source]:
        return {table: source for table, source in value.items() if source.read}


TargetStatus = Literal["our target", "result elsewhere", "local policy"]


class Target(SettingsModel):
    """One row of ``targets.csv``: a value, or a band from ``low`` to ``high``.

    Rates are fractions (0.07 for 7%). A target is drawn only between its dates.
    """

    measure: str
    scope_level: Literal["authority", "service", "locality", "team", "any team"] = "authority"
    scope_name: str = ""
    value: float | None = None
    low: float | None = None
    high: float | None = None
    valid_from: date
    valid_to: date | None = None
    label: str
    source: str
    status: TargetStatus

    @model_validator(mode="after")
    def _value_or_band(self) -> Target:
        band = self.low is not None and self.high is not None
        if (self.value is None) != band or (self.low is None) != (self.high is None):
            raise ValueError("give either value, or both low and high")
        if band and not self.low < self.high:  # type: ignore[operator]
            raise ValueError("low must be below high")
        if any(x is not None and not math.isfinite(x) for x in (self.value, self.low, self.high)):
            raise ValueError("must be a finite number")
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise ValueError("valid_to is before valid_from")
        return self

    @property
    def is_band(self) -> bool:
        """Whether the target is a band and not one value."""
        return self.value is None


class Event(SettingsModel):
    """One row of ``events.csv``: something that happened, marked on the charts."""

    date: date
    label: str
    kind: Literal["inspection", "pandemic", "policy", "reorganisation", "other"]
    rebase: bool = False
    reason: str = ""

    @model_validator(mode="after")
    def _rebase_has_reason(self) -> Event:
        if self.rebase and not self.reason:
            raise ValueError("a rebase needs its reason")
        return self


class Commentary(SettingsModel):
    """One entry of ``commentary.yml``: a manager's words on one measure in one month, as text."""

    measure: str
    month: Annotated[str, Field(pattern=r"^(19|20)\d\d-(0[1-9]|1[0-2])$")]
    explanation: Annotated[str, Field(max_length=LONGEST_COMMENTARY)] = ""
    action: Annotated[str, Field(max_length=LONGEST_COMMENTARY)] = ""

    @field_validator("explanation", "action")
    @classmethod
    def _one_line(cls, value: str) -> str:
        return " ".join(value.split())

    @model_validator(mode="after")
    def _says_something(self) -> Commentary:
        if not self.explanation and not self.action:
            raise ValueError("give an explanation, an action or both")
        return self


class PersonAlias(SettingsModel):
    """One row of ``people.csv``: what another system calls somebody, and who that is."""

    as_written: str
    registration_number: str


class TeamAlias(SettingsModel):
    """One row of ``teams.csv``: what a team was called between two dates, and what it is."""

    as_written: str
    team: str
    service: str
    locality: str
    valid_from: date
    valid_to: date | None = None
