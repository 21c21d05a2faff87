"""A census return cleaned: typed tables without registration numbers or days of birth.

The registration number becomes a pseudonym, the date of birth an age band of DfE's. Leavers
stay whole: end date, destination and reason.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd
import pandera.pandas as pa

from wfanalytics.clean.census_checks import TABLE, Parsed, check_census, has_authority, sum_figures
from wfanalytics.clean.census_rules import Facts, whole_years
from wfanalytics.clean.census_values import AUTHORITY_VALUES, WORKER_VALUES, parse_values
from wfanalytics.clean.identity import pseudonymise
from wfanalytics.contracts import keep_contract
from wfanalytics.errors import InputError, WfanalyticsError
from wfanalytics.frames import EMPLOYMENTS, ROLES, STATUSES, check_files
from wfanalytics.periods import year_before
from wfanalytics.raw.census import CensusReturn
from wfanalytics.raw.census_shape import AUTHORITY_FIELDS

#: The bands DfE publishes, by first age.
AGE_BANDS = {0: "under 20", 20: "20 to 29", 30: "30 to 39", 40: "40 to 49", 50: "50 to 59",
             60: "60 and over"}  # fmt: skip
_NUMBER, _ZERO = r"[A-Z]{2}[0-9]{1,10}", r"[A-Z]{2}0+"


def _columns(kind: str, *names: str, nullable: bool = True) -> dict[str, pa.Column]:
    return {name: pa.Column(kind, coerce=True, nullable=nullable) for name in names}


def _words(name: str, *words: str) -> dict[str, pa.Column]:
    return {name: pa.Column("str", pa.Check.isin(words), coerce=True)}


#: One row a worker and role. ``fte`` is what the figures count: see :func:`add_places`.
WORKERS_SCHEMA = pa.DataFrameSchema(
    {
        "as_at": pa.Column("datetime64[us]", coerce=True),
        "row": pa.Column("int64", coerce=True),
        **_columns("str", "worker_id", nullable=False),
        **_words("employment", *EMPLOYMENTS),
        **_words("role", *ROLES, ""),
        "fte": pa.Column("float64", pa.Check.in_range(0, 1), coerce=True, nullable=True),
        **_words("fte_status", *STATUSES),
        **_columns("float64", "fte_contract", "fte_at_date", "cases", "days_lost",
                   "contract_weeks", "base_salary", "retention_payments", "other_payments"),
        **_words("age_band", *AGE_BANDS.values(), ""),
        **_words("sex", "female", "male", "unknown", ""),
        **_columns("str", "ethnicity", "qualification", "step_up", "frontline", "start_origin",
                   "leaver_destination", "leaving_reason", "absent_at_date", "absence_reason",
                   "career_stage", nullable=False),
        **_columns("datetime64[us]", "start_date", "end_date"),
        **_columns("bool", "is_in_post", "is_starter", "is_leaver", nullable=False),
    },
    unique=["as_at", "row"],
    strict=True,
)  # fmt: skip

#: One row a return: what the authority says of itself.
AUTHORITY_SCHEMA = pa.DataFrameSchema(
    {
        "as_at": pa.Column("datetime64[us]", coerce=True),
        **_columns("str", "old_la_code", nullable=False),
        **{
            field.column: pa.Column("str" if field.codes else "float64", coerce=True,
                                    nullable=not field.codes)
            for field in AUTHORITY_VALUES.values()
        },
        **_columns("str", "other_allowances", nullable=False),
    },
    strict=True,
)  # fmt: skip


@dataclass(frozen=True)
class Census:
    """One cleaned return, with what was found wrong in it and how many rows it had."""

    as_at: pd.Timestamp
    old_la_code: str
    # Not printed: personal data.
    workers: pd.DataFrame = field(repr=False)
    authority: pd.DataFrame = field(repr=False)
    repairs: pd.DataFrame = field(repr=False)
    files: pd.DataFrame = field(repr=False)


def clean_census(raw: CensusReturn, *, key: bytes, previous: Census | None = None) -> Census:
    """Clean a return and check it against the rules of ``docs/census.md``.

    Parameters
    ----------
    key : the pseudonym key, from ``clean.identity.read_key``.
    previous : last year's return of the same authority, for the comparison of R11.

    Raises
    ------
    InputError
        where ``previous`` is another authority's or another year's.
    """
    code = raw.header.get("LEA", "") if has_authority(raw) else ""
    end = pd.Timestamp(raw.year, 9, 30)
    if previous is not None and (
        previous.old_la_code != code or previous.as_at != end.replace(year=raw.year - 1)
    ):
        raise InputError(
            "the earlier return is not of the same authority and the year before",
            file=raw.file, remedy="Give last year's return of this authority, or none.",
        )  # fmt: skip
    parsed = _parse(raw, key=key, end=end)
    before = sum_figures(previous.workers, previous.authority) if previous else {}
    repairs = check_census(raw, parsed, previous=before)
    rows = parsed.facts.rows
    kept = rows[rows["employment"] != ""]
    files = pd.DataFrame([{
        "table": TABLE, "file": raw.file, "sheet": "", "sha256": raw.sha256,
        "rows_read": len(rows), "rows_kept": len(kept), "rows_refused": len(rows) - len(kept),
        "earliest": end, "latest": end,
        "totals_compared": 0, "totals_agreeing": 0, "encoding": "", "delimiter": "",
    }])  # fmt: skip
    return Census(
        end, code, _check(_reduce(kept, end=end), WORKERS_SCHEMA),
        _check(parsed.authority.assign(as_at=end, old_la_code=code), AUTHORITY_SCHEMA),
        repairs, check_files(files),
    )  # fmt: skip


def _parse(raw: CensusReturn, *, key: bytes, end: pd.Timestamp) -> Parsed:
    workers = parse_values(raw.workers, WORKER_VALUES)
    numbers = pseudonymise_numbers(raw.workers["SWENo"], key=key)
    rows = workers.rows.assign(row=raw.workers["row"], worker_id=numbers)
    start = year_before(end)
    own = {name: [raw.authority.get(name, "")] for name in AUTHORITY_FIELDS}
    text = pd.DataFrame(own, dtype="str")
    authority = parse_values(text, AUTHORITY_VALUES)
    return Parsed(
        Facts(workers.given, add_places(rows, start=start, end=end), start, end),
        workers.is_wrong,
        authority.rows.assign(other_allowances=text["OtherAllowances"]),
        authority.is_wrong,
    )


def pseudonymise_numbers(text: pd.Series, *, key: bytes) -> pd.Series:
    """Registration numbers as pseudonyms, '' where there is none; the same as in worker lists."""
    shape = text.str.upper()
    is_number = shape.str.fullmatch(_NUMBER) & ~shape.str.fullmatch(_ZERO)
    places, distinct = shape.where(is_number, "").factorize()
    names = pd.Series([pseudonymise(number, key=key) for number in distinct], dtype="str")
    return names.take(places).set_axis(text.index)


def add_places(workers: pd.DataFrame, *, start: pd.Timestamp, end: pd.Timestamp) -> pd.DataFrame:
    """Where each worker belongs: in post on 30 September, starter, leaver; and the FTE counted.

    A role that ended on 30 September is a leaver's, not one in post. Who starts and leaves in
    the same year is in neither flow. Agency workers are never starters or leavers. FTE is the
    one at the date for staff in post and the contracted one for leavers; where that is 0 or
    blank, the other.
    """
    started, ended = workers["start_date"], workers["end_date"]
    has_ended = ended <= end
    is_staff = workers["employment"] == "permanent"
    began_in_year = started.between(start, end)
    at_date, contract = workers["fte_at_date"], workers["fte_contract"]
    fte = _first_above_zero(at_date, contract)
    fte = fte.mask(has_ended, _first_above_zero(contract, at_date))
    return workers.assign(
        is_in_post=~has_ended & ~(started > end),
        is_starter=is_staff & began_in_year & ~has_ended,
        is_leaver=is_staff & ended.between(start, end) & ~began_in_year,
        fte=fte,
        fte_status=fte.isna().map({True: "missing", False: "ok"}),
    )


def _first_above_zero(first: pd.Series, second: pd.Series) -> pd.Series:
    return first.where((first > 0) | ~(second > 0), second).fillna(second)


def _reduce(values: pd.DataFrame, *, end: pd.Timestamp) -> pd.DataFrame:
    """Only the contract's columns: an age band for the date of birth, one column for sex."""
    ages = whole_years(values["birth_date"], pd.Series(end, index=values.index))
    edges = [*AGE_BANDS, float("inf")]
    band = pd.cut(ages, edges, right=False, labels=list(AGE_BANDS.values()))
    sex = values["sex"].where(values["sex"] != "", values["gender"])
    rows = values.assign(as_at=end, age_band=band.astype("str").fillna(""), sex=sex)
    return rows[list(WORKERS_SCHEMA.columns)].reset_index(drop=True)


def _check(frame: pd.DataFrame, schema: pa.DataFrameSchema) -> pd.DataFrame:
    sound = keep_contract(frame, schema)
    if sound is not None:
        return sound
    try:
        return schema.validate(frame, lazy=True)
    except pa.errors.SchemaErrors as error:
        broken = sorted({str(name) for name in error.failure_cases["column"]})
        raise WfanalyticsError(
            f"The census table breaks its contract ({', '.join(broken)})."
        ) from None
