"""What an earlier report said of a month, what is said now, and why the two differ."""

from __future__ import annotations

import pandas as pd

from wfanalytics.frames import USABLE_STATUSES
from wfanalytics.measures.definition import round_shown
from wfanalytics.measures.definitions import DEFINITIONS, find_definition

#: What makes a figure of an earlier report and one of today the same figure.
KEY = ("measure", "period_end", "period_type", "area_level", "area_code")
REASONS = ("definition", "published file", "corrected", "late", "provisional", "unknown")

_FLOWS = ("leavers", "starters", "conversions", "turnover", "leaver_rate")
_CASES = ("case", "unallocated")
_STAFF = (
    "inpost", "agency_fte", "agency_headcount", "agency_rate", "permanent_to_agency", "absence",
    "long_absence", "working_days", "stability",
)  # fmt: skip


def find_tables(measure: str) -> tuple[str, ...]:
    """The extracts a measure is made from, the main one first.

    >>> find_tables("leavers_12m_headcount"), find_tables("caseload_fte")
    (('movements', 'workers'), ('caseload', 'workers'))
    """
    if measure.startswith(_FLOWS):
        return ("movements", "workers")
    if measure.startswith(_STAFF):
        return ("workers",)
    return ("caseload", "workers") if measure.startswith(_CASES) else ("posts", "workers")


def calculate_revisions(
    reported: pd.DataFrame, measures: pd.DataFrame, *, inputs: pd.DataFrame, files: pd.DataFrame
) -> pd.DataFrame:
    """The figures of an earlier report that are printed differently now, and why.

    Parameters
    ----------
    reported : as ``raw.earlier`` reads it; ``inputs``, the files that report was made from.
    measures : the masked measure frame of today; ``files``, the files it is made from.

    Returns
    -------
    DataFrame with the key of a figure, ``old`` and ``new`` (in the measure's unit, as printed),
    ``old_status`` and ``new_status``, ``difference``, ``reason`` (:data:`REASONS`) and ``file``,
    the extract that explains it. A figure that is no longer withheld or missing, or is now, has
    moved too. Attribute ``compared`` counts the figures that were compared.
    """
    known = reported[reported["measure"].isin(DEFINITIONS)]
    names = {"value": "new", "status": "new_status", "definition_version": "new_version",
             "source": "new_source"}  # fmt: skip
    today = measures.loc[measures["breakdown"] == "all", [*KEY, *names]]
    both = known.rename(columns={"value": "old", "status": "old_status"}).merge(
        today.rename(columns=names), on=list(KEY), how="inner", validate="one_to_one"
    )
    for side in ("old", "new"):
        both[side] = _print_values(both, side)
    is_same = (both["old"] == both["new"]) | (both["old"].isna() & both["new"].isna())
    moved = both[~is_same].reset_index(drop=True)
    reasons = _find_reasons(moved, inputs=inputs, files=files)
    result = moved.assign(
        difference=moved["new"] - moved["old"],
        reason=[reason for reason, _ in reasons],
        file=[file for _, file in reasons],
    )
    result.attrs["compared"] = len(both)
    return result


def _print_values(rows: pd.DataFrame, side: str) -> list[float]:
    """Values as printed, still in their own unit; null where no figure may be shown."""
    figures = zip(rows["measure"], rows[side], rows[f"{side}_status"], strict=True)
    return [
        round_shown(value, find_definition(measure)) if status in USABLE_STATUSES else float("nan")
        for measure, value, status in figures
    ]


def _find_reasons(
    moved: pd.DataFrame, *, inputs: pd.DataFrame, files: pd.DataFrame
) -> list[tuple[str, str]]:
    before = dict(zip(zip(inputs["table"], inputs["file"], strict=True), inputs["sha256"],
                      strict=True))  # fmt: skip
    corrected: dict[str, str] = {}
    late: dict[str, list[tuple[pd.Timestamp, str]]] = {}
    for item in files.to_dict("records"):
        known = before.get((item["table"], item["file"]))
        if known is None:
            first = pd.Timestamp(item.get("earliest", pd.NaT))
            late.setdefault(item["table"], []).append((first, item["file"]))
        elif known != item["sha256"]:
            corrected.setdefault(item["table"], item["file"])
    has_inputs = len(before) > 0
    return [
        _find_reason(row, corrected, late if has_inputs else {}) for row in moved.to_dict("records")
    ]


def _find_reason(
    row: dict[str, object],
    corrected: dict[str, str],
    late: dict[str, list[tuple[pd.Timestamp, str]]],
) -> tuple[str, str]:
    if row["definition_version"] != row["new_version"]:
        return ("definition", "")
    if row["source"] != row["new_source"]:
        return ("published file", str(row["new_source"]))
    for table in find_tables(str(row["measure"])):
        if table in corrected:
            return ("corrected", corrected[table])
        # A file of a later month is no news about this one.
        for first, file in late.get(table, []):
            if first <= row["period_end"]:
                return ("late", file)
    return ("provisional" if row["old_status"] == "provisional" else "unknown", "")
