"""The frames every layer agrees on, declared once and checked at each layer's door.

A ``check_`` function returns its input, with declared types, or raises
:class:`~wfanalytics.errors.WfanalyticsError` naming the column and the rule broken. It never
prints a value: the tables hold personal data.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pandas as pd
import pandera.pandas as pa

from wfanalytics.contracts import (
    count_column,
    date_column,
    keep_contract,
    keyed_table,
    number_column,
    one_of,
    text_column,
)
from wfanalytics.errors import WfanalyticsError

#: Why a value is not there, or how far it is to be trusted.
STATUSES = (
    "ok", "suppressed", "unavailable", "not_applicable", "rounds_to_zero", "unreliable",
    "missing", "provisional",
)  # fmt: skip
#: Statuses whose value may be drawn and counted.
USABLE_STATUSES = ("ok", "provisional")

AREA_LEVELS = ("england", "region", "authority", "service", "locality", "team")
PERIOD_TYPES = ("week", "month", "quarter", "year", "snapshot")
EMPLOYMENTS = ("permanent", "agency")
MOVEMENTS = ("starter", "leaver", "conversion", "internal_move")
ABSENCES = ("none", "sickness", "maternity", "career_break", "suspension")
#: DfE's six organisational roles, and support staff, who are not social workers.
ROLES = (
    "senior_manager", "middle_manager", "first_line_manager", "senior_practitioner",
    "case_holder", "qualified_without_cases", "support",
)  # fmt: skip
CASE_TYPES = ("cin", "cp", "cla", "carer")

_PLACE = {"team": text_column(), "service": text_column(), "locality": text_column()}

CLEAN_SCHEMAS: dict[str, pa.DataFrameSchema] = {
    # One row a funded post a month end.
    "posts": keyed_table(
        ["as_at", "post_id"],
        {
            "as_at": date_column(),
            "post_id": text_column(),
            **_PLACE,
            "role": one_of(ROLES),
            "fte": number_column(checks=pa.Check.in_range(0, 1, include_min=False)),
        },
    ),
    # One row a worker, post and month end. An agency worker in no established post has ''.
    "workers": keyed_table(
        ["as_at", "worker_id", "post_id"],
        {
            "as_at": date_column(),
            "worker_id": text_column(),
            "post_id": text_column(),
            **_PLACE,
            "role": one_of(ROLES),
            "employment": one_of(EMPLOYMENTS),
            "fte": number_column(nullable=True, checks=pa.Check.in_range(0, 1)),
            "fte_status": one_of(STATUSES),
            "start_date": date_column(nullable=True),
            "is_newly_qualified": pa.Column(bool, coerce=True),
            "absence": one_of(ABSENCES),
            "days_lost": number_column(nullable=True, checks=pa.Check.ge(0)),
            "is_project_team": pa.Column(bool, coerce=True),
            # '' where the list does not say.
            "in_retention_scheme": one_of(("yes", "no", "")),
        },
    ),
    # One row a movement of one person. Agency ends are not movements.
    "movements": keyed_table(
        ["date", "worker_id", "movement"],
        {
            "date": date_column(),
            "worker_id": text_column(),
            "movement": one_of(MOVEMENTS),
            **_PLACE,
            "fte": number_column(nullable=True, checks=pa.Check.in_range(0, 1)),
            "fte_status": one_of(STATUSES),
            "origin": text_column(),
            "destination": text_column(),
            "reason": text_column(),
        },
    ),
    # One row a week, worker and team; worker '' for a duty tray. FTE is the worker list's.
    "caseload": keyed_table(
        ["week_ending", "worker_id", "team"],
        {
            "week_ending": date_column(),
            "worker_id": text_column(),
            **_PLACE,
            # By type where the extract has the type; the total always.
            **{f"cases_{case_type}": number_column(nullable=True) for case_type in CASE_TYPES},
            "cases": count_column(),
            "role": text_column(checks=pa.Check.isin((*ROLES, ""))),
            "employment": text_column(checks=pa.Check.isin((*EMPLOYMENTS, ""))),
            "fte": number_column(nullable=True, checks=pa.Check.in_range(0, 1)),
            "fte_status": one_of(STATUSES),
            "is_newly_qualified": pa.Column(bool, coerce=True),
        },
    ),
    # One row a month and figure that the council's own summary states.
    "summary": keyed_table(
        ["month", "figure"],
        {
            "month": date_column(),
            "figure": text_column(),
            "value": number_column(nullable=True),
            "status": one_of(STATUSES),
        },
    ),
    # One row a child, social worker and start; worker '' for a duty tray, no end while open.
    "allocations": keyed_table(
        ["child_id", "worker_id", "start_date"],
        {
            "child_id": text_column(),
            "worker_id": text_column(),
            **_PLACE,
            "start_date": date_column(),
            "end_date": date_column(nullable=True),
        },
    ),
}

#: One row a repair, query or refusal. Severity: E refused, Q to be asked, F repaired.
REPAIRS_SCHEMA = pa.DataFrameSchema(
    {
        "table": text_column(),
        "file": text_column(),
        "sheet": text_column(),
        "row": pa.Column("int64", coerce=True),
        "column": text_column(),
        "rule": text_column(checks=pa.Check.str_matches(r"^[APWMCLSR]\d\d$")),
        "severity": one_of(("E", "Q", "F")),
        "before": text_column(),
        "after": text_column(),
        "reason": text_column(),
        "is_row_refused": pa.Column(bool, coerce=True),
    },
    strict=True,
)

#: One row a file (or sheet) read. Rows read = kept + refused, always.
FILES_SCHEMA = pa.DataFrameSchema(
    {
        "table": text_column(),
        "file": text_column(),
        "sheet": text_column(),
        "sha256": text_column(),
        "rows_read": count_column(),
        "rows_kept": count_column(),
        "rows_refused": count_column(),
        # The first and last date its rows are about, where they have one.
        "earliest": date_column(nullable=True, required=False),
        "latest": date_column(nullable=True, required=False),
        # Figures of Total rows compared with the rows they are of (rule 12), and those that agree.
        "totals_compared": count_column(),
        "totals_agreeing": count_column(),
        # How a CSV file is written (rule 30); '' for any other.
        "encoding": text_column(),
        "delimiter": text_column(),
    },
    checks=pa.Check(lambda f: f["rows_read"] == f["rows_kept"] + f["rows_refused"]),
    strict=True,
)

#: One row a fault and month end it is about; no month where nothing tells, which stops every run.
FAULTS_SCHEMA = pa.DataFrameSchema(
    {
        "table": text_column(),
        "file": text_column(),
        "sheet": text_column(),
        "month": date_column(nullable=True),
        "rule": text_column(),
        "message": text_column(),
    },
    strict=True,
)

MEASURE_KEY = [
    "measure", "period_start", "period_end", "period_type", "area_level", "area_code",
    "breakdown", "breakdown_value", "source",
]  # fmt: skip

MEASURE_SCHEMA = pa.DataFrameSchema(
    {
        "measure": text_column(),
        "period_start": date_column(),
        "period_end": date_column(),
        "period_type": one_of(PERIOD_TYPES),
        "area_level": one_of(AREA_LEVELS),
        "area_code": text_column(),
        "area_name": text_column(),
        "breakdown": text_column(),
        "breakdown_value": text_column(),
        "numerator": number_column(nullable=True),
        "denominator": number_column(nullable=True),
        "value": number_column(nullable=True),
        "status": one_of(STATUSES),
        "definition_version": text_column(),
        "source": text_column(),
    },
    unique=MEASURE_KEY,
    strict=True,
    ordered=True,
)


def _check(frame: pd.DataFrame, schema: pa.DataFrameSchema, what: str) -> pd.DataFrame:
    sound = keep_contract(frame, schema)
    if sound is not None:
        return sound
    try:
        return schema.validate(frame, lazy=True)
    except pa.errors.SchemaErrors as error:
        cases = error.failure_cases[["column", "check"]].drop_duplicates()
        problems = "; ".join(f"{row.column}: {row.check}" for row in cases.head(5).itertuples())
        raise WfanalyticsError(f"The {what} table breaks its contract ({problems}).") from None


def check_clean(frame: pd.DataFrame, table: str) -> pd.DataFrame:
    """A clean table (``posts``, ``workers``, ...) with declared types, or an error.

    >>> check_clean(pd.DataFrame({"as_at": ["2020-09-30"]}), "posts")
    Traceback (most recent call last):
    ...
    wfanalytics.errors.WfanalyticsError: The posts table breaks its contract (...
    """
    return _check(frame, CLEAN_SCHEMAS[table], table)


def check_repairs(frame: pd.DataFrame) -> pd.DataFrame:
    """The repairs ledger with declared types, or an error."""
    return _check(frame, REPAIRS_SCHEMA, "repairs")


def check_files(frame: pd.DataFrame) -> pd.DataFrame:
    """The list of files read, rows read = kept + refused in each, or an error."""
    return _check(frame, FILES_SCHEMA, "files")


def check_faults(frame: pd.DataFrame) -> pd.DataFrame:
    """The list of faults and the months they are about, with declared types, or an error."""
    return _check(frame, FAULTS_SCHEMA, "faults")


def check_measures(frame: pd.DataFrame) -> pd.DataFrame:
    """A measure frame with declared types, or an error.

    Besides the schema: a usable status has a value, and any other status has none.
    """
    frame = _check(frame, MEASURE_SCHEMA, "measure")
    usable = frame["status"].isin(USABLE_STATUSES)
    if (usable != frame["value"].notna()).any():
        raise WfanalyticsError("A measure has a value without a usable status, or the reverse.")
    return frame


def write_frame(frame: pd.DataFrame, path: Path) -> None:
    """Write a frame as Parquet, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    os.close(handle)
    try:
        frame.to_parquet(temporary, index=False)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
