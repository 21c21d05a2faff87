"""The census return's text as values: codes, numbers, dates. What is none of them stays blank.

The code lists are the census's own. ``StartOrigin`` and ``LeaverDestination`` look alike and
are numbered differently, so they share nothing; codes are compared whole, never in part.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

AGENCY_CODES = {"0": "permanent", "1": "agency"}
YES_NO_CODES = {"0": "no", "1": "yes"}
GENDER_CODES = {"0": "unknown", "1": "male", "2": "female", "9": "unknown"}
SEX_CODES = {"M": "male", "F": "female"}
ETHNICITY_CODES = {code: code for code in (
    "WBRI", "WIRI", "WOTH", "MWBC", "MWBA", "MWAS", "MOTH", "AIND", "APKN", "ABAN", "AOTH",
    "BCRB", "BAFR", "BOTH", "CHNE", "OOTH", "REFU", "NOBT",
)}  # fmt: skip
QUALIFICATION_CODES = {"1": "undergraduate", "2": "postgraduate", "3": "other"}
ROLE_CODES = {
    "1": "senior_manager", "2": "middle_manager", "3": "first_line_manager",
    "4": "senior_practitioner", "5": "case_holder", "6": "qualified_without_cases",
}  # fmt: skip
NOT_COLLECTED = "not yet collected"
ORIGIN_CODES = {
    "1": "newly qualified", "2": "social work, other authority",
    "3": "social work, outside England", "4": "agency", "5": "social work, not an authority",
    "6": "other social care", "7": "no job, not care, or abroad", "8": "other",
    "9": "not known", "10": NOT_COLLECTED,
}  # fmt: skip
DESTINATION_CODES = {
    "1": "social work, other authority", "2": "social work, outside England", "3": "agency",
    "4": "social work, not an authority", "5": "other social care",
    "6": "no job, not care, or abroad", "7": "other", "8": "not known", "9": NOT_COLLECTED,
}  # fmt: skip
REASON_CODES = {
    "1": "resignation", "2": "voluntary redundancy", "3": "compulsory redundancy",
    "4": "dismissed", "5": "retired", "6": "deceased", "7": "other role in the authority",
    "8": "other", "9": "not known", "10": NOT_COLLECTED,
}  # fmt: skip
ABSENCE_CODES = {
    "MAT": "maternity or paternity", "OTH": "other paid", "PUB": "public duties",
    "SIC": "sickness", "TRN": "training", "UNA": "unauthorised", "UNP": "unpaid",
}  # fmt: skip
CAREER_CODES = {
    "1": "newly qualified", "2": "frontline practitioner", "3": "practice supervisor",
    "4": "practice leader",
}  # fmt: skip
ALLOWANCE_CODES = {"0": "none", "1": "all eligible", "2": "some eligible"}

# Not \d, which may mean any script's digits. No more of them than any figure can have.
_DECIMAL = r"[+-]?(?:[0-9]{1,9}(?:\.[0-9]{0,9})?|\.[0-9]{1,9})"
_WHOLE = r"[+-]?[0-9]{1,9}(?:\.0{0,9})?"
# A date of XML in this century or the last; a time zone may follow it and says nothing here.
_DATE = r"(?:19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}(?:Z|[+-][0-9]{2}:[0-9]{2})?"


@dataclass(frozen=True)
class Field:
    """How one element is read: ``codes``, or a number from 0 to ``most``, or a date."""

    column: str
    codes: Mapping[str, str] | None = None
    most: float | None = None
    is_whole: bool = False


_ANY = float("inf")
#: Element -> how it is read. SWENo has its own way; QualInst, which can give a person away and
#: serves no figure, is not read.
WORKER_VALUES = {
    "AgencyWorker": Field("employment", AGENCY_CODES),
    "FTE": Field("fte_contract", most=1),
    "PersonBirthDate": Field("birth_date"),
    "GenderCurrent": Field("gender", GENDER_CODES),
    "Sex": Field("sex", SEX_CODES),
    "Ethnicity": Field("ethnicity", ETHNICITY_CODES),
    "QualLevel": Field("qualification", QUALIFICATION_CODES),
    "StepUpGrad": Field("step_up", YES_NO_CODES),
    "OrgRole": Field("role", ROLE_CODES),
    "RoleStartDate": Field("start_date"),
    "StartOrigin": Field("start_origin", ORIGIN_CODES),
    "RoleEndDate": Field("end_date"),
    "LeaverDestination": Field("leaver_destination", DESTINATION_CODES),
    "ReasonLeave": Field("leaving_reason", REASON_CODES),
    "FTE30": Field("fte_at_date", most=1),
    "Cases30": Field("cases", most=_ANY, is_whole=True),
    "WorkingDaysLost": Field("days_lost", most=_ANY),
    "ContractWeeks": Field("contract_weeks", most=_ANY),
    "FrontlineGrad": Field("frontline", YES_NO_CODES),
    "Absat30Sept": Field("absent_at_date", YES_NO_CODES),
    "ReasonAbsence": Field("absence_reason", ABSENCE_CODES),
    "CFKSSstatus": Field("career_stage", CAREER_CODES),
    "BaseSalary": Field("base_salary", most=_ANY),
    "RRPayments": Field("retention_payments", most=_ANY),
    "OtherPayments": Field("other_payments", most=_ANY),
}
AUTHORITY_VALUES = {
    "NumberOfVacancies": Field("vacancy_fte", most=_ANY),
    "NoAgencyFTE": Field("agency_cover_fte", most=_ANY),
    "NoAgencyHeadcount": Field("agency_cover_headcount", most=_ANY, is_whole=True),
    "RecruitmentBonus": Field("recruitment_bonus", ALLOWANCE_CODES),
    "RetentionBonus": Field("retention_bonus", ALLOWANCE_CODES),
    "PerformanceAward": Field("performance_award", ALLOWANCE_CODES),
    "CarAllowance": Field("car_allowance", ALLOWANCE_CODES),
    "RelocationPackage": Field("relocation_package", ALLOWANCE_CODES),
    "RegionalWeighting": Field("regional_weighting", ALLOWANCE_CODES),
    "CostSWE": Field("registration_cost", ALLOWANCE_CODES),
    "CostDBS": Field("dbs_cost", ALLOWANCE_CODES),
}


@dataclass(frozen=True)
class Values:
    """Elements as values, one row a row of the text.

    ``rows`` has a column for each field; ``given`` and ``is_wrong`` one for each element: whether
    anything stands there, and whether it is no value of that element.
    """

    rows: pd.DataFrame
    given: pd.DataFrame
    is_wrong: pd.DataFrame


def parse_values(text: pd.DataFrame, fields: Mapping[str, Field]) -> Values:
    """Codes as words ('' where there is none), numbers as floats, dates as timestamps.

    >>> text = pd.DataFrame({"OrgRole": ["5", "7"], "FTE30": ["0.8", ""]}, dtype="str")
    >>> parse_values(text, {name: WORKER_VALUES[name] for name in text}).rows
              role  fte_at_date
    0  case_holder          0.8
    1                       NaN
    """
    rows, given, is_wrong = {}, {}, {}
    for element, field in fields.items():
        places, distinct = text[element].factorize()
        found = _parse(pd.Series(distinct, dtype="str"), field)
        is_given = np.asarray(distinct != "", dtype=bool)
        given[element] = is_given[places]
        is_wrong[element] = (is_given & found.isna().to_numpy())[places]
        rows[field.column] = (found.fillna("") if field.codes else found).array.take(places)
    frames = [pd.DataFrame(columns, index=text.index) for columns in (rows, given, is_wrong)]
    return Values(*frames)


def _parse(text: pd.Series, field: Field) -> pd.Series:
    if field.codes is not None:
        return pd.Series([field.codes.get(code) for code in text], dtype="str")
    if field.most is None:
        day = text.where(text.str.fullmatch(_DATE)).str.slice(0, 10)
        return pd.to_datetime(day, format="%Y-%m-%d", errors="coerce").astype("datetime64[us]")
    is_number = text.str.fullmatch(_WHOLE if field.is_whole else _DECIMAL)
    number = pd.to_numeric(text.where(is_number)).astype("float64")
    return number.where(number.between(0, field.most))
