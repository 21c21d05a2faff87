"""The elements of the census return (CSWW), 2020 to 2025, in the order it has them.

From the schemas (XSD) that an open-source pipeline of the London authorities keeps for these
years from 2021; DfE's own could not be opened. 2021, 2022 and 2023 are alike.
"""

from __future__ import annotations

COLLECTION = "CSWW"
#: Years that are read. No description of the 2017 to 2020 files was found: 2020 is taken to be as
#: 2021, and what it has besides is reported.
YEARS = range(2020, 2026)

HEADER_FIELDS = (
    "Collection", "Year", "ReferenceDate", "SourceLevel", "LEA", "SoftwareCode", "DateTime",
)  # fmt: skip
AUTHORITY_FIELDS = (
    "NumberOfVacancies", "NoAgencyFTE", "NoAgencyHeadcount", "RecruitmentBonus", "RetentionBonus",
    "PerformanceAward", "CarAllowance", "RelocationPackage", "RegionalWeighting", "CostSWE",
    "CostDBS", "OtherAllowances",
)  # fmt: skip
# One list serves every year: no year has both GenderCurrent and Sex, or CFKSSstatus and pay.
WORKER_FIELDS = (
    "AgencyWorker", "SWENo", "FTE", "PersonBirthDate", "GenderCurrent", "Sex", "Ethnicity",
    "QualInst", "QualLevel", "StepUpGrad", "OrgRole", "RoleStartDate", "StartOrigin",
    "RoleEndDate", "LeaverDestination", "ReasonLeave", "FTE30", "Cases30", "WorkingDaysLost",
    "ContractWeeks", "FrontlineGrad", "Absat30Sept", "ReasonAbsence", "CFKSSstatus", "BaseSalary",
    "RRPayments", "OtherPayments",
)  # fmt: skip
#: First and last year of the fields that not every year has.
FIELD_YEARS = (
    {"GenderCurrent": (2020, 2023), "Sex": (2024, 2025)}
    | dict.fromkeys(("QualInst", "CFKSSstatus"), (2020, 2024))
    | dict.fromkeys((*AUTHORITY_FIELDS[3:], *WORKER_FIELDS[-3:]), (2025, 2025))
)
ROOT, HEADER, WORKER = "Message", "Header", "CSWWWorker"
#: The authority's own block; 2025 renamed it, though not in every copy of its schema.
AUTHORITY = ("LALevelVacancies", "LALevel")
#: Elements of the header that only hold others.
GROUPS = frozenset({"CollectionDetails", "Source"})

BLOCKS = {HEADER: 0, **dict.fromkeys(AUTHORITY, 1), WORKER: 2}


def _number(names: tuple[str, ...]) -> dict[str, int]:
    return {name: place for place, name in enumerate(names)}


#: Block -> field -> its place in the census's order.
PLACES = {
    HEADER: _number(HEADER_FIELDS),
    **dict.fromkeys(AUTHORITY, _number(AUTHORITY_FIELDS)),
    WORKER: _number(WORKER_FIELDS),
}
