"""What is withheld to protect people: the ``disclosure`` block of an area's profile.

Sources: ICO guidance on anonymisation; ONS pages on statistical disclosure control; the
defaults are ours and stricter than DfE's practice, which publishes counts of one to four.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

#: Whom figures are for: everybody, or the authority's own managers, by fewer rules.
PUBLIC, MANAGERS = "public", "managers"
#: Said in every file for managers.
MANAGERS_ONLY = "For managers only, not for publication: small numbers of people are shown."

#: The rules' own version, in the release log; raised when a rule changes.
RULES_VERSION = "5"


class Disclosure(BaseModel):
    """``disclosure:`` in ``profile.yml``; each entry may be made stricter, none weaker.

    >>> Disclosure(smallest_count=6).smallest_sensitive
    10
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    smallest_count: int = Field(default=5, ge=5, le=20)
    """Fewest people a figure about a part of the authority may rest on: 5 withholds 1 to 4."""
    smallest_sensitive: int = Field(default=10, ge=10, le=50)
    """The same for sickness, which is shown for services and localities, never for teams."""
    rounded_to: Literal[1, 5] = 1
    """5 rounds head counts of services, localities and teams half up to fives, and the rates made
    of them; the authority's own stay as DfE publishes them."""
    yearly_month: int = Field(default=9, ge=1, le=12)
    """Month at whose end twelve-month leavers and starters of parts are shown, once a year:
    DfE's census is in September. Shown monthly, their differences give single months away."""

    def is_few(self, people: Any) -> Any:
        """Whether counts are of somebody, but of fewer people than may be told of.

        >>> Disclosure().is_few(4), Disclosure().is_few(5), Disclosure().is_few(0)
        (True, False, False)
        """
        return (people > 0) & (people < self.smallest_count)

    def round_people(self, people: Any) -> Any:
        """Head counts of parts as they are printed: half up to ``rounded_to``.

        >>> Disclosure(rounded_to=5).round_people(7.0), Disclosure().round_people(7.0)
        (5.0, 7.0)
        """
        return (people / self.rounded_to + 0.5) // 1 * self.rounded_to
