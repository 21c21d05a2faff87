"""Targets given as parameters of a run, in place of the area's own."""

from __future__ import annotations

from dataclasses import replace

from wfanalytics.analysis.targets import override_target
from wfanalytics.measures.area import calculate_local
from wfanalytics.measures.area_data import AreaData


def set_targets(
    data: AreaData, *, vacancy_target: float | None = None, caseload_low: float | None = None,
    caseload_high: float | None = None,
) -> AreaData:  # fmt: skip
    """The same area with the targets of this run; None keeps what ``targets.csv`` says.

    Parameters
    ----------
    vacancy_target : uncovered vacancies, per cent of posts.
    caseload_low, caseload_high : ends of the caseload band, cases per FTE. The shares of case
        holders below, within and above the band are counted again.

    Raises
    ------
    ParameterError
        for an impossible target or band.

    >>> import wfanalytics as wf
    >>> data = wf.open_area("exampleshire", month="2020-09")
    >>> set_targets(data, caseload_high=18).band
    (13.0, 18.0)
    """
    value = None if vacancy_target is None else vacancy_target / 100
    targets = override_target(data.targets, measure="uncovered_vacancy_rate_fte", value=value)
    targets = override_target(targets, measure="caseload_fte", low=caseload_low, high=caseload_high)
    if caseload_low is None and caseload_high is None:
        return replace(data, targets=targets)
    band = (
        data.band[0] if caseload_low is None else float(caseload_low),
        data.band[1] if caseload_high is None else float(caseload_high),
    )
    if data.source == "published":
        return replace(data, targets=targets, band=band)
    return replace(data, targets=targets, band=band, measures=calculate_local(data, band=band))
