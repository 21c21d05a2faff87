"""The words councils use, and ours (``raw/words.csv``). A profile adds its own under ``words``."""

from __future__ import annotations

from wfanalytics.raw.lists import read_list

_WORDS: dict[str, dict[str, str]] = {}
for _row in read_list("words"):
    _WORDS.setdefault(_row["field"], {})[_row["word"]] = _row["meaning"]
ROLE_WORDS = _WORDS["role"]
EMPLOYMENT_WORDS = _WORDS["employment"]
ABSENCE_WORDS = _WORDS["absence"]
FUNDING_WORDS = _WORDS["funding"]
ALLOCATION_WORDS = _WORDS["allocation"]
#: How somebody is paid, and what kind of post they are in; '' says nothing.
PAY_ROUTE_WORDS = _WORDS["pay_route"]
POST_TYPE_WORDS = _WORDS["post_type"]
#: How far a starter is; only ``started`` is one (rule 22).
STAGE_WORDS = _WORDS["stage"]
MOVEMENT_WORDS = _WORDS["movement"]
#: In the retention scheme or not; blank where nobody asked, as for agency staff.
SCHEME_WORDS = _WORDS["in_retention_scheme"]
