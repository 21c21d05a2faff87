"""Monthly leavers as a rate, with the limits that chance alone gives a small count."""

from __future__ import annotations

from wfanalytics.measures.area_data import AreaData
from wfanalytics.present.exhibit import Exhibit
from wfanalytics.present.exhibits import common


@common.needs_extracts("Is the rate at which people leave out of the usual?")
def leavers_rate(data: AreaData) -> Exhibit:
    """Leavers each month as a share of staff in post, with limits made for small counts."""
    return common.make_trend(
        data, "leaver_rate_headcount", key="leavers_rate", table="movements",
        question="Is the rate at which people leave out of the usual?",
    )  # fmt: skip
