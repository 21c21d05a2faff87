"""How much of the workforce is agency staff, and where?"""

from __future__ import annotations

from wfanalytics.measures.area_data import AreaData
from wfanalytics.present.exhibit import Exhibit
from wfanalytics.present.exhibits import common


def agency_trend(data: AreaData) -> Exhibit:
    """Agency rate, FTE; England beside it where the figures are published."""
    beside = ["England"] if data.source == "published" and data.name != "England" else []
    return common.make_trend(
        data, "agency_rate_fte", key="agency_trend", table="posts", beside=beside,
        question="How much of the workforce is agency staff?",
    )  # fmt: skip


@common.needs_extracts("Where are agency staff concentrated?")
def agency_localities(data: AreaData) -> Exhibit:
    """Agency workers in each locality, people."""
    return common.make_places(
        data, "agency_headcount", level="locality", key="agency_localities", table="posts",
        question="Where are agency staff concentrated?", also=["agency_rate_headcount"],
    )  # fmt: skip


@common.needs_extracts("What is the ratio in each service?")
def agency_services(data: AreaData) -> Exhibit:
    """Agency rate of each service, with permanent and agency staff in FTE and people."""
    return common.make_places(
        data, "agency_rate_fte", level="service", key="agency_services", table="posts",
        question="What is the ratio of agency to permanent staff in each service?",
        also=["agency_fte", "inpost_fte", "agency_headcount", "inpost_headcount",
              "permanent_to_agency_ratio_fte"],
    )  # fmt: skip
