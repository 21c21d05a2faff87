"""What an authority expects: starters, notices, cases, posts and what-ifs, from ``outlook.yml``.

Counts only: the file never names a person.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from wfanalytics.errors import InputError, ParameterError, unknown_name
from wfanalytics.periods import parse_month
from wfanalytics.raw.area import read_yaml

FILE_NAME = "outlook.yml"
#: Months projected unless asked, and at most: further ahead the interval says nothing (5.1).
HORIZON, LONGEST_HORIZON = 6, 12
#: Printed with every projection, and recorded in the manifest.
SEED = 20200604
Stage = Literal["confirmed", "accepted", "hoped"]
#: Chance that somebody at a stage starts, unless the file says otherwise.
STAGES: dict[Stage, float] = {"confirmed": 0.95, "accepted": 0.9, "hoped": 0.7}


def _is_month(value: object) -> object:
    try:
        parse_month(value)
    except ParameterError as error:
        raise ValueError(str(error)) from None
    return value


def _share(value: object) -> object:
    """``12%`` as 0.12."""
    if isinstance(value, str) and value.strip().endswith("%"):
        return float(value.strip()[:-1]) / 100
    return value


Month = Annotated[str, BeforeValidator(_is_month)]
Share = Annotated[float, BeforeValidator(_share), Field(ge=0, le=1)]
People = Annotated[int, Field(ge=0)]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Starters(_Model):
    """People of one stage who are to start in one month and service."""

    start: Month
    service: str
    people: People
    stage: Stage
    newly_qualified: bool = False


class Leavers(_Model):
    """People of one service who have given notice to leave in one month."""

    month: Month
    service: str
    people: People


class Scenario(_Model):
    """A what-if: everything in it holds from ``start`` (the first month projected) on.

    ``name`` reads on after "if": "two more people start each month".
    ``leaving_times`` multiplies the leaving of the ``exposed_share`` of staff for ``months``;
    ``deferred_resignations`` leave at once in the first month; ``starters`` join each month on
    top of the baseline; ``posts_fte`` are funded, or removed where below 0; ``demand`` is a
    share of the cases; ``hold_agency`` keeps agency staff until caseload is within the band.
    """

    name: str
    start: Month | None = None
    months: Annotated[int, Field(ge=1)] = LONGEST_HORIZON
    leaving_times: Annotated[float, Field(ge=0, le=5)] = 1.0
    exposed_share: Share = 1.0
    deferred_resignations: People = 0
    starters: People = 0
    posts_fte: float = 0.0
    demand: Annotated[float, BeforeValidator(_share), Field(ge=-1, le=1)] = 0.0
    hold_agency: bool = False
    service: str = ""
    """The service it is about; the whole authority if empty."""

    @property
    def changes_leaving(self) -> bool:
        """Whether more or fewer people leave than in the baseline."""
        return self.leaving_times != 1 or self.deferred_resignations > 0


#: What every authority may ask without a file of its own.
SCENARIOS = (
    Scenario(name="leaving rises by half", leaving_times=1.5),
    Scenario(name="leaving doubles for three months", leaving_times=2.0, months=3),
    Scenario(name="two more people start each month", starters=2),
)


class Outlook(_Model):
    """``outlook.yml``, and the horizon, scenario and seed of a run."""

    as_at: Month | None = None
    """The month it was written for: earlier reports do not know it."""
    usual_recruitment: bool = True
    """Whether people go on starting as in the last twelve months, after those named."""
    leaving_rate: Share | None = None
    """Leavers a year as a share of staff, in place of the one worked out."""
    agency_ends: People = 0
    """Agency assignments that end each month without a conversion."""
    newly_qualified_share: Share = 0.5
    """What a newly qualified social worker carries at first; all of it after a year."""
    stages: dict[Stage, Share] = STAGES
    starters: tuple[Starters, ...] = ()
    leavers: tuple[Leavers, ...] = ()
    cases: dict[Month, Annotated[float, Field(ge=0)]] = {}
    """Open cases expected at a month's end; straight lines between."""
    aim: Share | None = None
    """Uncovered vacancy rate to recruit for; the authority's target unless given."""
    scenarios: Annotated[tuple[Scenario, ...], Field(min_length=1)] = SCENARIOS
    scenario: str = ""
    """The scenario set beside the baseline; the first unless named."""
    horizon: Annotated[int, Field(ge=1, le=LONGEST_HORIZON)] = HORIZON
    seed: int = SEED

    @model_validator(mode="after")
    def _names_differ(self) -> Outlook:
        names = [item.name for item in self.scenarios]
        if len(set(names)) < len(names) or "baseline" in names:
            raise ValueError("each scenario needs a name of its own, and none is 'baseline'")
        return self


def read_outlook(folder: Path, *, services: Collection[str] = ()) -> Outlook:
    """An area's ``outlook.yml``; without one, recruitment as it was and the usual what-ifs.

    Raises
    ------
    InputError
        for a file that cannot be read or says something it may not, such as a service that is
        not one of ``services``.
    """
    path = folder / FILE_NAME
    if not path.is_file():
        return Outlook()
    outlook = read_yaml(path, Outlook)
    parts: dict[str, tuple[Starters | Leavers | Scenario, ...]] = {
        "starters": outlook.starters,
        "leavers": outlook.leavers,
        "scenarios": outlook.scenarios,
    }
    for part, items in parts.items():
        for number, item in enumerate(items):
            if item.service not in ("", *services):
                raise InputError(unknown_name("service", item.service, services).rstrip("."),
                                 file=f"{folder.name}/{FILE_NAME}",
                                 column=f"{part}.{number}.service")  # fmt: skip
    return outlook
