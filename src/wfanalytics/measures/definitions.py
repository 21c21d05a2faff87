"""One definition for each measure: what it is, in words, and what it is not.

The single source for labels, units, direction, GLOSSARY and captions. Identifiers are DfE's
own column names wherever DfE publishes the measure, so that local and published figures meet
under one name only when they are one measure.

Formulae and their sources: Department for Education, "Children's social work workforce",
methodology and data guidance; each was recomputed on every published row
(``tests/reference``).
"""

from __future__ import annotations

from wfanalytics.errors import WfanalyticsError, unknown_name
from wfanalytics.measures.definition import DFE, OURS, Definition, define_stock

_DEFINITIONS = (
    # --- posts -------------------------------------------------------------------------------
    define_stock(
        "establishment_fte", "establishment", "FTE",
        "sum of the FTE of funded posts at month end", source=OURS,
        is_not="DfE's denominator, which is vacancies plus staff in post",
    ),
    define_stock(
        "inpost_fte", "permanent staff in post", "FTE",
        "sum of contracted FTE of permanent staff at the date, absent staff included",
        is_not="available staff: long absences are still in post",
    ),
    define_stock(
        "inpost_headcount", "permanent staff in post", "people",
        "people with a permanent contract at the date, each counted once",
    ),
    define_stock(
        "vacancy_fte", "vacancies before agency cover", "FTE",
        "for each funded post, its FTE less the permanent FTE in it, not below 0; then the sum",
        better="lower", is_not="uncovered vacancies: agency cover is still counted as vacant",
    ),
    define_stock(
        "agency_cover_fte", "vacancies covered by agency staff", "FTE",
        "agency FTE in vacant posts, in each post up to its vacancy; then the sum",
        is_not="all agency staff: those above the vacancy, or in no post, are left out",
    ),
    define_stock(
        "uncovered_vacancy_fte", "uncovered vacancies", "FTE",
        "vacancies less vacancies covered by agency staff", source=OURS, better="lower",
        is_not="DfE's vacancies, which include posts covered by agency staff",
    ),
    define_stock(
        "over_establishment_fte", "over-establishment", "FTE",
        "for each funded post, permanent FTE above the post's FTE; then the sum", source=OURS,
        is_not="netted against vacancies elsewhere",
    ),
    Definition(
        "vacancy_rate_fte", "vacancy rate before agency cover", "vacancies before cover",
        "vacancies ÷ (vacancies + permanent staff in post), FTE",
        "vacancies before agency cover", "vacancies + permanent staff in post",
        "percent", 1, "lower", "snapshot", DFE,
        "the uncovered rate: posts covered by agency staff count as vacant",
    ),
    Definition(
        "uncovered_vacancy_rate_fte", "uncovered vacancy rate", "uncovered vacancies",
        "(vacancies − vacancies covered by agency staff) ÷ "
        "(vacancies + permanent staff in post), FTE",
        "uncovered vacancies", "vacancies + permanent staff in post",
        "percent", 1, "lower", "snapshot", OURS,
        "the DfE vacancy rate, which counts covered posts as vacant",
    ),
    # --- agency ------------------------------------------------------------------------------
    define_stock("agency_fte", "agency staff", "FTE", "sum of FTE of agency staff at the date"),
    define_stock(
        "agency_headcount", "agency staff", "people",
        "agency staff at the date, each counted once (DfE does not de-duplicate them)",
    ),
    Definition(
        "agency_rate_fte", "agency rate", "agency rate",
        "agency staff ÷ (agency staff + permanent staff in post), FTE",
        "agency staff", "agency staff + permanent staff in post",
        "percent", 1, "lower", "snapshot", DFE,
        "a share of posts: the denominator is people working, not establishment",
    ),
    Definition(
        "agency_rate_headcount", "agency rate (people)", "agency rate, people",
        "agency staff ÷ (agency staff + permanent staff in post), people",
        "agency staff", "agency staff + permanent staff in post",
        "percent", 1, "lower", "snapshot", DFE, "the FTE rate",
    ),
    Definition(
        "agency_cover_rate_fte", "share of agency staff covering vacancies",
        "agency covering vacancies",
        "vacancies covered by agency staff ÷ agency staff, FTE",
        "vacancies covered by agency staff", "agency staff",
        "percent", 1, "neither", "snapshot", DFE, "the share of vacancies covered",
    ),
    Definition(
        "vacancy_agency_cover_rate_fte", "share of vacancies covered by agency staff",
        "vacancies covered",
        "vacancies covered by agency staff ÷ vacancies, FTE",
        "vacancies covered by agency staff", "vacancies before agency cover",
        "percent", 1, "higher", "snapshot", DFE, "the share of agency staff covering vacancies",
    ),
    Definition(
        "permanent_to_agency_ratio_fte", "permanent staff for each agency worker",
        "permanent per agency",
        "permanent staff in post ÷ agency staff, FTE",
        "permanent staff in post", "agency staff",
        "permanent per agency", 1, "higher", "snapshot", OURS, "the agency rate",
    ),
    # --- leavers and starters ----------------------------------------------------------------
    define_stock(
        "leavers_headcount", "leavers", "people",
        "permanent staff who left the workforce in the month; internal moves are not leavers",
        better="lower", basis="in month", is_not="agency assignments that ended",
    ),
    define_stock("leavers_fte", "leavers", "FTE", "their contracted FTE", better="lower",
           basis="in month"),
    define_stock(
        "starters_headcount", "starters", "people",
        "people who joined the permanent workforce in the month, former agency staff included",
        better="higher", basis="in month", is_not="offers made, or internal moves",
    ),
    define_stock("starters_fte", "starters", "FTE", "their contracted FTE", better="higher",
           basis="in month"),
    define_stock(
        "conversions_headcount", "agency staff made permanent", "people",
        "agency staff who took a permanent post in the month; DfE counts them as starters",
        source=OURS, better="higher", basis="in month",
    ),
    define_stock(
        "leavers_12m_headcount", "leavers in twelve months", "people",
        "leavers in the twelve months to the month's end", better="lower",
        basis="rolling 12 months",
    ),
    define_stock(
        "starters_12m_headcount", "starters in twelve months", "people",
        "starters in the twelve months to the month's end", better="higher",
        basis="rolling 12 months",
    ),
    define_stock("leavers_12m_fte", "leavers in twelve months", "FTE", "their contracted FTE",
           better="lower", basis="rolling 12 months"),
    define_stock("starters_12m_fte", "starters in twelve months", "FTE", "their contracted FTE",
           better="higher", basis="rolling 12 months"),
    Definition(
        "turnover_rate_fte", "turnover (DfE)", "turnover, DfE",
        "leavers in twelve months ÷ permanent staff in post at the end of them, FTE",
        "leavers in twelve months", "permanent staff in post at the end",
        "percent", 1, "lower", "rolling 12 months", DFE,
        "turnover on average stock, which human-resources reports use",
    ),
    Definition(
        "turnover_rate_headcount", "turnover (DfE, people)", "turnover, DfE, people",
        "leavers in twelve months ÷ permanent staff in post at the end of them, people",
        "leavers in twelve months", "permanent staff in post at the end",
        "percent", 1, "lower", "rolling 12 months", DFE, "turnover on average stock",
    ),
    Definition(
        "turnover_average_stock_headcount", "turnover on average stock",
        "turnover, average stock",
        "leavers in twelve months ÷ mean of the thirteen month-end headcounts, people",
        "leavers in twelve months", "mean permanent staff in post",
        "percent", 1, "lower", "rolling 12 months",
        "CIPD crude wastage; not a DfE measure", "DfE turnover, which divides by end stock",
    ),
    Definition(
        "leaver_rate_headcount", "monthly leaver rate", "leavers a month",
        "leavers in the month ÷ mean of permanent staff in post at its start and its end, people",
        "leavers in the month", "mean permanent staff in post",
        "percent", 1, "lower", "in month", OURS, "turnover, which adds up twelve months",
    ),
    Definition(
        "stability_rate_headcount", "stability index", "stability",
        "permanent staff in post both a year ago and now ÷ permanent staff in post a year ago, "
        "people", "in post both times", "in post a year ago",
        "percent", 1, "higher", "rolling 12 months", "CIPD stability index; not a DfE measure",
        "100% less turnover: people who joined and left within the year count in turnover only",
    ),
    # --- caseload ----------------------------------------------------------------------------
    define_stock(
        "cases", "cases held by case holders", "cases",
        "open cases allocated to a named social worker: each child, each carer household",
        is_not="unallocated or duty cases, which are counted apart",
    ),
    define_stock(
        "unallocated_cases", "unallocated cases", "cases",
        "open cases allocated to a duty tray or to nobody", source=OURS, better="lower",
        is_not="part of the caseload",
    ),
    define_stock(
        "case_holders_fte", "case holders", "FTE",
        "FTE of social workers, agency included, with at least one case",
        is_not="all social workers",
    ),
    define_stock(
        "case_holders_headcount", "case holders", "people",
        "social workers, agency included, with at least one case and FTE above 0", source=OURS,
    ),
    Definition(
        "caseload_fte", "average caseload", "cases per social worker",
        "cases ÷ FTE of social workers with at least one case",
        "cases held by case holders", "case holders",
        "cases per FTE", 1, "within band", "snapshot", DFE,
        "cases for each social worker employed, which is about half of it; "
        "a count of difficulty: cases are not graded",
    ),
    Definition(
        "caseload_below_rate", "share of case holders below the band", "below the band",
        "case holders with fewer cases per FTE than the band ÷ case holders, people",
        "case holders below the band", "case holders",
        "percent", 0, "neither", "snapshot", OURS, "a share of cases",
    ),
    Definition(
        "caseload_within_rate", "share of case holders within the band", "within the band",
        "case holders with cases per FTE in the band, ends included ÷ case holders, people",
        "case holders within the band", "case holders",
        "percent", 0, "higher", "snapshot", OURS, "a share of cases",
    ),
    Definition(
        "caseload_above_rate", "share of case holders above the band", "above the band",
        "case holders with more cases per FTE than the band ÷ case holders, people",
        "case holders above the band", "case holders",
        "percent", 0, "lower", "snapshot", OURS, "a share of cases",
    ),
    # --- absence -----------------------------------------------------------------------------
    Definition(
        "absence_rate_fte", "sickness absence rate", "sickness absence",
        "working days lost to sickness in twelve months ÷ (permanent staff in post at the end, "
        "FTE × 253 working days, 254 where the year holds a 29 February)",
        "working days lost", "working days available",
        "percent", 1, "lower", "rolling 12 months", DFE,
        "all absence: maternity, career breaks and suspension are left out",
    ),
    define_stock(
        "working_days_lost_fte", "working days lost to sickness", "days",
        "working days lost to sickness in the twelve months",
        better="lower", basis="rolling 12 months",
    ),
    define_stock(
        "long_absence_fte", "permanent staff on long absence", "FTE",
        "contracted FTE of permanent staff away on maternity leave, long-term sickness, career "
        "break or suspension", source=OURS,
        is_not="vacancies: these staff are in post",
    ),
)  # fmt: skip

DEFINITIONS: dict[str, Definition] = {item.id: item for item in _DEFINITIONS}


def find_definition(measure: str) -> Definition:
    """What a measure is and is not, as GLOSSARY.md has it; shows itself in words in a notebook.

    Raises
    ------
    WfanalyticsError
        for an unknown identifier, naming the nearest.

    >>> find_definition("vacancy_rate_fte").unit
    'percent'
    >>> print(find_definition("agency_rate_headcount"))
    Agency rate (people) (percent, snapshot; better: lower): agency staff ÷ (agency staff +
    permanent staff in post), people. It is not the FTE rate. Source: DfE, Children's social work
    workforce.
    """
    if measure not in DEFINITIONS:
        raise WfanalyticsError(unknown_name("measure", measure, DEFINITIONS))
    return DEFINITIONS[measure]
