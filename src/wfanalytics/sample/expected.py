"""What the sample area expects of the months after its last: ``outlook.yml``."""

from __future__ import annotations

OUTLOOK = """\
# What Exampleshire expects. Fictional: every number is invented. Counts only, never a name.
# What each line means: docs/outlook.md.
as_at: 2020-09
usual_recruitment: true   # after the last starter named, people go on starting
agency_ends: 1            # assignments ending a month without a conversion
newly_qualified_share: 50%
stages: {confirmed: 95%, accepted: 90%, hoped: 70%}
aim: 7%
starters:
  - {start: 2020-10, service: Safeguarding, people: 8, stage: confirmed, newly_qualified: true}
  - {start: 2020-10, service: Family Front Door, people: 5, stage: confirmed}
  - {start: 2020-10, service: Fostering and Adoption, people: 5, stage: accepted}
  - {start: 2020-11, service: Safeguarding, people: 6, stage: accepted}
  - {start: 2020-11, service: Looked After Children, people: 6, stage: accepted}
  - {start: 2020-12, service: Safeguarding, people: 6, stage: hoped}
  - {start: 2020-12, service: Leaving Care, people: 4, stage: hoped}
leavers:
  - {month: 2020-10, service: Safeguarding, people: 3}
  - {month: 2020-10, service: Looked After Children, people: 1}
  - {month: 2020-11, service: Fostering and Adoption, people: 2}
cases: {2021-03: 3260}    # open cases expected; straight lines to there
scenarios:
  - {name: the payment's end raises leaving by half, leaving_times: 1.5, exposed_share: 85%}
  - name: leaving doubles for three months
    leaving_times: 2
    months: 3
    exposed_share: 85%
    deferred_resignations: 5
  - {name: two more people start each month, starters: 2}
  - {name: ten posts are removed, posts_fte: -10}
  - {name: cases rise by a tenth, demand: 10%}
  - {name: agency staff stay until caseload is in its band, hold_agency: true}
"""
