"""The words councils use, and ours. A profile adds its own under ``words``."""

from __future__ import annotations

ROLE_WORDS = {
    "director": "senior_manager",
    "assistant director": "senior_manager",
    "head of service": "senior_manager",
    "service manager": "middle_manager",
    "group manager": "middle_manager",
    "team manager": "first_line_manager",
    "deputy team manager": "first_line_manager",
    "assistant team manager": "first_line_manager",
    "practice supervisor": "first_line_manager",
    "advanced practitioner": "senior_practitioner",
    "senior practitioner": "senior_practitioner",
    "senior social worker": "senior_practitioner",
    "consultant social worker": "senior_practitioner",
    "social worker": "case_holder",
    "newly qualified social worker": "case_holder",
    "independent reviewing officer": "qualified_without_cases",
    "child protection chair": "qualified_without_cases",
    "practice educator": "qualified_without_cases",
    "personal adviser": "support",
    "family support worker": "support",
    "social work assistant": "support",
    "business support officer": "support",
    "student social worker": "support",
}
EMPLOYMENT_WORDS = {
    "permanent": "permanent",
    "perm": "permanent",
    "fixed term": "permanent",
    "employee": "permanent",
    "agency": "agency",
    "agency worker": "agency",
    "locum": "agency",
}
ABSENCE_WORDS = {
    "": "none",
    "none": "none",
    "long-term sick": "sickness",
    "long term sickness": "sickness",
    "sickness": "sickness",
    "maternity": "maternity",
    "maternity leave": "maternity",
    "adoption leave": "maternity",
    "career break": "career_break",
    "suspended": "suspension",
    "suspension": "suspension",
}
FUNDING_WORDS = {
    "": "funded",
    "funded": "funded",
    "active": "funded",
    "yes": "funded",
    "frozen": "frozen",
    "deleted": "deleted",
    "unfunded": "unfunded",
    "no": "unfunded",
}
ALLOCATION_WORDS = {
    "": "primary",
    "primary": "primary",
    "lead": "primary",
    "allocated": "primary",
    "main": "primary",
    "secondary": "secondary",
    "co worker": "secondary",
    "joint": "secondary",
    "second": "secondary",
}
#: How somebody is paid, and what kind of post they are in; '' says nothing.
PAY_ROUTE_WORDS = {
    "": "",
    "payroll": "permanent",
    "council payroll": "permanent",
    "paye": "permanent",
    "agency": "agency",
    "umbrella": "agency",
    "umbrella company": "agency",
    "limited company": "agency",
    "invoice": "agency",
    "managed service": "agency",
}
POST_TYPE_WORDS = {
    "": "",
    "permanent": "permanent",
    "fixed term": "permanent",
    "substantive": "permanent",
    "established": "",
    "agency": "agency",
    "locum": "agency",
    "agency cover": "agency",
}
#: How far a starter is; only ``started`` is one (rule 22).
STAGE_WORDS = {
    "": "started",
    "started": "started",
    "in post": "started",
    "completed": "started",
    "offer": "offer",
    "offered": "offer",
    "accepted": "offer",
    "offer accepted": "offer",
    "confirmed": "offer",
    "pending": "offer",
    "start date agreed": "offer",
    "withdrawn": "offer",
}
MOVEMENT_WORDS = {
    "offer": "offer",
    "offer accepted": "offer",
    "accepted offer": "offer",
    "future starter": "offer",
    "about to start": "offer",
    "starter": "starter",
    "new starter": "starter",
    "joiner": "starter",
    "leaver": "leaver",
    "transfer": "internal_move",
    "internal transfer": "internal_move",
    "internal move": "internal_move",
    "agency end": "agency_end",
    "agency leaver": "agency_end",
    "agency to permanent": "conversion",
    "conversion": "conversion",
}
#: In the retention scheme or not; blank where nobody asked, as for agency staff.
SCHEME_WORDS = {
    "": "", "n/a": "", "not eligible": "", "yes": "yes", "y": "yes", "signed": "yes",
    "signed up": "yes", "no": "no", "n": "no", "not signed": "no", "declined": "no",
}  # fmt: skip
