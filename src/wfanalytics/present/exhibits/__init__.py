"""Ready exhibits, one function each: an open area in, an Exhibit out.

>>> import wfanalytics as wf
>>> data = wf.open_area("exampleshire", month="2019-07")
>>> wf.exhibits.vacancy_trend(data).sentences[1]
'Between February 2019 and July 2019 the uncovered vacancy rate fell by 11.5 percentage points, ...'
"""

from wfanalytics.present.exhibits.agency import (
    agency_localities,
    agency_service_count,
    agency_services,
    agency_services_months,
    agency_trend,
)
from wfanalytics.present.exhibits.agency_stay import (
    agency_conversions,
    agency_over_year,
    agency_projects,
    agency_tenure,
)
from wfanalytics.present.exhibits.benchmarks import (
    benchmark_absence,
    benchmark_agency,
    benchmark_caseload,
    benchmark_neighbours,
    benchmark_turnover,
    benchmark_vacancy,
)
from wfanalytics.present.exhibits.bridge import (
    uncovered_bridge,
    vacancy_bridge,
    vacancy_bridge_services,
)
from wfanalytics.present.exhibits.caseload import caseload_shares, caseload_trend
from wfanalytics.present.exhibits.caseload_groups import (
    caseload_heavy,
    caseload_newly_qualified,
    caseload_types,
    caseload_weighted,
)
from wfanalytics.present.exhibits.caseload_places import (
    caseload_cases_per_team,
    caseload_hotspots,
    caseload_services,
    caseload_spread_services,
    caseload_teams,
)
from wfanalytics.present.exhibits.caseload_weeks import (
    caseload_level,
    caseload_spread,
    caseload_weeks,
)
from wfanalytics.present.exhibits.children import worker_changes
from wfanalytics.present.exhibits.leaver_rates import leavers_event, leavers_seasons
from wfanalytics.present.exhibits.leavers import (
    absence_trend,
    leavers_month,
    leavers_rate,
    leavers_year,
    stability_index,
    turnover_localities,
    turnover_roles,
    turnover_trend,
)
from wfanalytics.present.exhibits.movers import (
    absence_reasons,
    leaver_destinations,
    leaver_reasons,
    starter_origins,
)
from wfanalytics.present.exhibits.now_and_then import now_and_then
from wfanalytics.present.exhibits.outlook import (
    outlook_backtest,
    outlook_leavers,
    outlook_pipeline,
    outlook_scenarios,
    outlook_services,
    outlook_staff,
    outlook_vacancies,
)
from wfanalytics.present.exhibits.quality import quality_files, quality_rules, quality_summary
from wfanalytics.present.exhibits.reconcile import reconciliation
from wfanalytics.present.exhibits.retention import (
    first_two_years,
    retention_scheme,
    tenure_survival,
)
from wfanalytics.present.exhibits.revisions import quality_census, revisions
from wfanalytics.present.exhibits.staffing import management_layers, support_ratio
from wfanalytics.present.exhibits.summary import scorecard
from wfanalytics.present.exhibits.trust import quality_month
from wfanalytics.present.exhibits.vacancies import (
    vacancy_cover,
    vacancy_gross,
    vacancy_services,
    vacancy_trend,
)

__all__ = [
    "absence_reasons", "absence_trend", "agency_conversions", "agency_localities",
    "agency_over_year", "agency_projects", "agency_service_count", "agency_services",
    "agency_services_months", "agency_tenure", "agency_trend", "benchmark_absence",
    "benchmark_agency", "benchmark_caseload", "benchmark_neighbours", "benchmark_turnover",
    "benchmark_vacancy", "caseload_cases_per_team", "caseload_heavy", "caseload_hotspots",
    "caseload_level", "caseload_newly_qualified", "caseload_services", "caseload_shares",
    "caseload_spread", "caseload_spread_services", "caseload_teams", "caseload_trend",
    "caseload_types", "caseload_weeks", "caseload_weighted", "first_two_years",
    "leaver_destinations", "leaver_reasons", "leavers_event", "leavers_month", "leavers_rate",
    "leavers_seasons", "leavers_year", "management_layers", "now_and_then", "outlook_backtest",
    "outlook_leavers", "outlook_pipeline", "outlook_scenarios", "outlook_services", "outlook_staff",
    "outlook_vacancies", "quality_census", "quality_files", "quality_month", "quality_rules",
    "quality_summary", "reconciliation", "retention_scheme", "revisions", "scorecard",
    "stability_index", "starter_origins", "support_ratio", "tenure_survival", "turnover_localities",
    "turnover_roles", "turnover_trend", "uncovered_bridge", "vacancy_bridge",
    "vacancy_bridge_services", "vacancy_cover", "vacancy_gross", "vacancy_services",
    "vacancy_trend", "worker_changes",
]  # fmt: skip
