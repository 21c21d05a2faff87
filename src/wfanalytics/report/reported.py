"""The figures of a report, kept in its pack so that a later report can say what moved."""

from __future__ import annotations

from wfanalytics.measures.area_data import AreaData
from wfanalytics.raw.earlier import REPORTED_COLUMNS


def list_reported(data: AreaData) -> str:
    """The figures as the paper shows them, as CSV: masked, the area's all, its parts' of the month.

    One row a figure, with its status, the version of its definition and its source.
    """
    rows = data.measures
    own = rows["area_name"] == data.name if data.source == "published" else (
        rows["area_level"] == "authority"
    )  # fmt: skip
    is_place = rows["area_level"].isin(["service", "locality", "team"])
    kept = rows[
        (rows["breakdown"] == "all") & (own | (is_place & (rows["period_end"] == data.month)))
    ]
    text: str = kept[list(REPORTED_COLUMNS)].to_csv(
        index=False, date_format="%Y-%m-%d", float_format="%.9g", lineterminator="\n"
    )
    return text
