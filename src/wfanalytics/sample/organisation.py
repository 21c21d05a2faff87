"""Exampleshire's services, localities, teams and posts, and the reorganisation of April 2018."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

#: Two front-door teams of ten became four teams of five.
REORGANISED = pd.Period("2018-04")
#: North Vale Safeguarding was called North Vale Child Protection until then.
RENAMED = pd.Period("2018-10")
POSTS_FUNDED = pd.Period("2019-10")
POSTS_REMOVED = pd.Period("2020-04")

FRONT_DOOR = "Family Front Door"
SAFEGUARDING = "Safeguarding"
LOOKED_AFTER = "Looked After Children"
LEAVING_CARE = "Leaving Care"
FOSTERING = "Fostering and Adoption"
DISABILITY = "Children with Disabilities"

ROLE_ORDER = (
    "middle_manager", "first_line_manager", "senior_practitioner", "case_holder",
    "qualified_without_cases", "support",
)  # fmt: skip


@dataclass(frozen=True)
class Team:
    """One team: its code in the case system, its place, and its posts by :data:`ROLE_ORDER`."""

    name: str
    code: str
    service: str
    locality: str
    size: tuple[int, int, int, int, int, int]


SMALL = (0, 1, 0, 5, 0, 0)
TEAMS = (
    Team("Front Door North A", "FDNA", FRONT_DOOR, "North Vale", SMALL),
    Team("Front Door North B", "FDNB", FRONT_DOOR, "North Vale", SMALL),
    Team("Front Door South A", "FDSA", FRONT_DOOR, "Coast", SMALL),
    Team("Front Door South B", "FDSB", FRONT_DOOR, "Coast", SMALL),
    Team("Multi-Agency Safeguarding Hub", "MASH", FRONT_DOOR, "City", (1, 2, 5, 10, 4, 0)),
    Team("Harbour Safeguarding", "HSG", SAFEGUARDING, "Harbour", (1, 2, 6, 14, 3, 0)),
    Team("Weald Safeguarding", "WSG", SAFEGUARDING, "Weald", (0, 2, 6, 13, 3, 0)),
    Team("North Vale Safeguarding", "NSG", SAFEGUARDING, "North Vale", (0, 2, 6, 13, 3, 0)),
    Team("City Safeguarding", "CSG", SAFEGUARDING, "City", (1, 3, 7, 15, 3, 0)),
    Team("Coast Safeguarding", "OSG", SAFEGUARDING, "Coast", (0, 2, 6, 13, 3, 0)),
    Team("City Court", "CCT", SAFEGUARDING, "City", (0, 2, 5, 11, 2, 0)),
    Team("Coast Court", "OCT", SAFEGUARDING, "Coast", (0, 2, 5, 10, 2, 0)),
    Team("Harbour Looked After Children", "HLA", LOOKED_AFTER, "Harbour", (1, 2, 5, 11, 4, 0)),
    Team("Weald Looked After Children", "WLA", LOOKED_AFTER, "Weald", (0, 2, 5, 10, 4, 0)),
    Team("City Looked After Children", "CLA", LOOKED_AFTER, "City", (0, 2, 6, 12, 4, 0)),
    Team("Coast Looked After Children", "OLA", LOOKED_AFTER, "Coast", (0, 2, 5, 10, 4, 0)),
    Team("City Leaving Care", "CLC", LEAVING_CARE, "City", (0, 2, 4, 8, 3, 4)),
    Team("Coast Leaving Care", "OLC", LEAVING_CARE, "Coast", (0, 2, 4, 8, 3, 4)),
    Team("Fostering Assessment", "FAS", FOSTERING, "City", (1, 2, 5, 9, 4, 0)),
    Team("Fostering Support", "FSP", FOSTERING, "Weald", (0, 2, 5, 10, 4, 0)),
    Team("Adoption", "ADO", FOSTERING, "City", (0, 2, 5, 8, 5, 0)),
    Team("Harbour Children with Disabilities", "HDS", DISABILITY, "Harbour", (0, 2, 4, 9, 3, 0)),
    Team("City Children with Disabilities", "CDS", DISABILITY, "City", (1, 2, 4, 9, 3, 0)),
    Team("Coast Children with Disabilities", "ODS", DISABILITY, "Coast", (0, 2, 4, 8, 3, 0)),
)
FORMER_TEAMS = (
    Team("Front Door North", "FDN", FRONT_DOOR, "North Vale", (0, 1, 0, 10, 0, 0)),
    Team("Front Door South", "FDS", FRONT_DOOR, "Coast", (0, 1, 0, 10, 0, 0)),
)
PLACES = {team.name: team for team in (*TEAMS, *FORMER_TEAMS)}


@dataclass(frozen=True)
class Post:
    """One funded post. ``former_team`` is its team before the reorganisation, or ''."""

    post_id: str
    team: str
    role: str
    fte: float
    former_team: str = ""
    funded_from: pd.Period | None = None
    funded_to: pd.Period | None = None

    def is_funded(self, month: pd.Period) -> bool:
        """Whether the post is in the establishment at the month's end."""
        started = self.funded_from is None or self.funded_from <= month
        return started and (self.funded_to is None or month <= self.funded_to)

    def ends_before(self, month: pd.Period) -> bool:
        """Whether the post's funding stops before ``month``."""
        return self.funded_to is not None and self.funded_to < month

    def team_at(self, month: pd.Period) -> str:
        """The team the post belongs to in ``month``."""
        return self.former_team if self.former_team and month < REORGANISED else self.team


def make_posts(rng: np.random.Generator) -> list[Post]:
    """All posts that are ever funded, about 450 at a time, in post number order."""
    posts: list[Post] = []
    for team in TEAMS:
        former = team.name[:-2] if team.size == SMALL else ""
        for role, count in zip(ROLE_ORDER, team.size, strict=True):
            for n in range(count):
                fte = float(rng.choice((1.0, 0.8, 0.6, 0.5), p=(0.82, 0.1, 0.05, 0.03)))
                if role in ("first_line_manager", "middle_manager") or former:
                    fte = 1.0
                # A second manager for each pair of small teams was funded with the change.
                new = former and role == "first_line_manager" and team.name.endswith("B")
                posts.append(
                    Post(
                        f"P{len(posts) + 1001}", team.name, role, fte,
                        former_team=former,
                        funded_from=REORGANISED if new else _funded_from(team, role, n),
                        funded_to=_funded_to(team, role, n, count),
                    )
                )  # fmt: skip
    return posts


def _funded_from(team: Team, role: str, n: int) -> pd.Period | None:
    new = team.service == LOOKED_AFTER and role == "case_holder" and n == 0
    return POSTS_FUNDED if new else None


def _funded_to(team: Team, role: str, n: int, count: int) -> pd.Period | None:
    ends = team.service == FOSTERING and role == "qualified_without_cases" and n == count - 1
    return POSTS_REMOVED - 1 if ends else None
