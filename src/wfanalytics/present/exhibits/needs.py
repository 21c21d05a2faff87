"""Which extracts of the reported month an exhibit needs.

Without one of them an exhibit would show an older month as if it were this one, or count what is
not there as nothing.
"""

from __future__ import annotations

_POSTS = ("posts", "workers")
_STAFF = ("workers",)
_MOVED = ("movements",)
_FLOWS = ("movements", "workers")
_PEOPLE = ("posts", "workers", "movements")
_CASES = ("caseload", "workers")

#: Exhibit -> the tables without whose extract of the month it has nothing to show.
NEEDS: dict[str, tuple[str, ...]] = {
    "quality_summary": ("summary",),
    **dict.fromkeys(("vacancy_cover", "vacancy_services"), _POSTS),
    **dict.fromkeys(("vacancy_bridge", "uncovered_bridge", "vacancy_bridge_services"), _PEOPLE),
    **dict.fromkeys((
        "management_layers", "agency_localities", "agency_services", "agency_services_months",
        "agency_service_count", "agency_tenure", "agency_over_year", "agency_projects",
        "absence_reasons", "retention_scheme", "now_and_then", "reconciliation",
    ), _STAFF),
    **dict.fromkeys((
        "agency_conversions", "leaver_reasons", "leaver_destinations", "leavers_seasons",
    ), _MOVED),
    **dict.fromkeys((
        "turnover_roles", "turnover_localities", "tenure_survival", "first_two_years",
        "starter_origins", "leavers_event", "outlook_leavers", "outlook_backtest",
    ), _FLOWS),
    **dict.fromkeys((
        "support_ratio", "caseload_level", "caseload_shares", "caseload_weeks", "caseload_spread",
        "caseload_spread_services", "caseload_services", "caseload_teams",
        "caseload_cases_per_team", "caseload_newly_qualified", "caseload_weighted",
        "caseload_heavy", "caseload_types",
    ), _CASES),
    "caseload_hotspots": ("posts", "caseload", "workers"),
    "worker_changes": ("allocations",),
    **dict.fromkeys((
        "outlook_vacancies", "outlook_scenarios", "outlook_pipeline", "outlook_services",
    ), _PEOPLE),
    "outlook_staff": (*_FLOWS, "caseload"),
}  # fmt: skip

#: Exhibits that go through a year of starters and leavers month by month: one that is not there
#: would count as nobody, or as a change that no list explains.
NEEDS_A_YEAR = frozenset({
    "vacancy_bridge", "uncovered_bridge", "vacancy_bridge_services", "tenure_survival",
    "leavers_event",
})  # fmt: skip

#: Exhibit -> the tables it shows other months or figures without, and says so.
SHOWS_ALSO: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("vacancy_trend", "vacancy_gross"), _POSTS),
    **dict.fromkeys(("agency_trend", "stability_index", "absence_trend"), _STAFF),
    "leavers_month": _MOVED,
    **dict.fromkeys(("leavers_year", "turnover_trend", "leavers_rate"), _FLOWS),
    "caseload_trend": _CASES,
    "outlook_scenarios": ("caseload",),
    **dict.fromkeys((
        "scorecard", "now_and_then", "reconciliation", "benchmark_vacancy", "benchmark_agency",
        "benchmark_turnover", "benchmark_caseload", "benchmark_absence", "benchmark_neighbours",
        "quality_census", "revisions",
    ), ("posts", "workers", "movements", "caseload")),
}  # fmt: skip
