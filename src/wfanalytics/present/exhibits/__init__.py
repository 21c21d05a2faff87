"""Ready exhibits, one function each: an open area in, an Exhibit out.

>>> import wfanalytics as wf
>>> data = wf.open_area("exampleshire", month="2019-07")
>>> wf.exhibits.vacancy_trend(data).sentences[1]
'Between February 2019 and July 2019 the uncovered vacancy rate fell by 11.5 percentage points, ...'
"""

from wfanalytics.present.exhibits.agency import agency_localities, agency_services, agency_trend
from wfanalytics.present.exhibits.benchmarks import (
    benchmark_absence,
    benchmark_agency,
    benchmark_caseload,
    benchmark_turnover,
    benchmark_vacancy,
)
from wfanalytics.present.exhibits.caseload import (
    caseload_services,
    caseload_shares,
    caseload_teams,
    caseload_trend,
)
from wfanalytics.present.exhibits.leavers import (
    absence_trend,
    leavers_month,
    leavers_year,
    turnover_trend,
)
from wfanalytics.present.exhibits.quality import quality_files, quality_rules, quality_summary
from wfanalytics.present.exhibits.returns import quality_census
from wfanalytics.present.exhibits.summary import scorecard
from wfanalytics.present.exhibits.trust import quality_month
from wfanalytics.present.exhibits.vacancies import (
    vacancy_cover,
    vacancy_gross,
    vacancy_services,
    vacancy_trend,
)

__all__ = [
    "absence_trend",
    "agency_localities",
    "agency_services",
    "agency_trend",
    "benchmark_absence",
    "benchmark_agency",
    "benchmark_caseload",
    "benchmark_turnover",
    "benchmark_vacancy",
    "caseload_services",
    "caseload_shares",
    "caseload_teams",
    "caseload_trend",
    "leavers_month",
    "leavers_year",
    "quality_census",
    "quality_files",
    "quality_month",
    "quality_rules",
    "quality_summary",
    "scorecard",
    "turnover_trend",
    "vacancy_cover",
    "vacancy_gross",
    "vacancy_services",
    "vacancy_trend",
]
