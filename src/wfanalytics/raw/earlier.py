"""Read what an earlier report said: the figures its pack holds, and the files it was made from."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from wfanalytics.errors import InputError, ParameterError
from wfanalytics.periods import month_end, parse_month

#: File of a pack that holds its figures, and the one that names its inputs.
REPORTED, MANIFEST = "measures.csv", "manifest.json"
#: Where a run's notebooks find the reports that were put elsewhere with ``--output``.
REPORTS_VARIABLE = "WFANALYTICS_REPORTS_DIR"
#: Its columns: the key of a figure, what was said, and by which definition and source.
REPORTED_COLUMNS = (
    "measure", "period_end", "period_type", "area_level", "area_code", "area_name", "value",
    "status", "definition_version", "source",
)  # fmt: skip
INPUT_COLUMNS = ("table", "file", "sha256")


@dataclass(frozen=True, eq=False)
class EarlierReport:
    """An earlier month's figures as its pack holds them, and its input files' fingerprints."""

    month: pd.Timestamp
    measures: pd.DataFrame
    inputs: pd.DataFrame


def read_earlier_report(
    reports_dir: str | Path, *, slug: str, before: pd.Timestamp
) -> EarlierReport | None:
    """The newest report of an area for a month before ``before``, or None where there is none.

    Raises
    ------
    InputError
        where the report's figures cannot be read.
    """
    found = {}
    for path in Path(reports_dir).expanduser().glob(f"{slug}/*/{REPORTED}"):
        try:
            month = month_end(parse_month(path.parent.name))
        except ParameterError:  # a pack that is just being built
            continue
        if month < before:
            found[month] = path
    if not found:
        return None
    month = max(found)
    folder = found[month].parent
    return EarlierReport(month, _read_reported(folder / REPORTED), _read_inputs(folder / MANIFEST))


def find_printed(
    project: Path, *, slug: str, reports_dir: str = ""
) -> tuple[pd.MultiIndex, pd.MultiIndex]:
    """Figures of parts in an area's reports: those that any printed, those that all withheld.

    Each is told by measure, level, code and date. The project's own ``reports`` are read, and
    ``reports_dir``, where this report is put; within a run's notebooks that is
    :data:`REPORTS_VARIABLE`.
    A pack whose figures cannot be read is left out; the report's own comparison with it says so.
    """
    given = reports_dir or os.environ.get(REPORTS_VARIABLE, "")
    folders = {(project / "reports").resolve()} | ({Path(given).resolve()} if given else set())
    keys = ["measure", "area_level", "area_code", "period_end"]
    found = [pd.DataFrame(columns=[*keys, "value", "status"])]
    for path in sorted(path for folder in folders for path in folder.glob(f"{slug}/*/{REPORTED}")):
        with suppress(InputError):
            rows = _read_reported(path)
            is_part = (rows["area_level"] != "authority") & (rows["period_type"] != "week")
            found.append(rows.loc[is_part, [*found[0]]])
    every = pd.concat(found)
    printed = pd.MultiIndex.from_frame(every.loc[every["value"].notna(), keys])
    withheld = pd.MultiIndex.from_frame(every.loc[every["status"] == "suppressed", keys])
    return printed, withheld[~withheld.isin(printed)]


def _read_reported(path: Path) -> pd.DataFrame:
    try:
        frame = pd.read_csv(path, dtype="str", keep_default_na=False)
        frame = frame[list(REPORTED_COLUMNS)].assign(
            period_end=pd.to_datetime(frame["period_end"]),
            value=pd.to_numeric(frame["value"].replace("", None)).astype("float64"),
        )
    except (OSError, ValueError, KeyError) as error:
        raise InputError(
            "not the figures of a report",
            file="/".join(path.parts[-3:]),
            remedy="Run that month's report again.",
        ) from error
    return frame


def _read_inputs(path: Path) -> pd.DataFrame:
    try:
        items = json.loads(path.read_text("utf-8"))["inputs"]
        rows = [[str(item[name]) for name in INPUT_COLUMNS] for item in items]
    except (OSError, ValueError, KeyError, TypeError):
        # Without it figures can still be compared; why they moved is then not known.
        rows = []
    return pd.DataFrame(rows, columns=list(INPUT_COLUMNS), dtype="str").drop_duplicates()
