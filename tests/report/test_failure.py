"""What an analyst is told where an extract could not be used: which file, which row, what to do."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd

from wfanalytics.report.failure import describe_failure

SEPTEMBER, AUGUST, JUNE = map(pd.Timestamp, ("2020-09-30", "2020-08-31", "2020-06-30"))
OLD = pd.Timestamp("2019-08-31")
NOTE = """\
# Some extracts could not be used

Everything else in this report is there.

## Extracts that could not be used

- The posts extract of September 2020 could not be used: posts/2020-09.xlsx, row 12, column FTE: \
not a number. Found 'full'; allowed a number. Correct the cell.
- The movements extract of August 2020 to September 2020 could not be used: moves.csv: no date.
- Missing for September 2020: uncovered vacancies, vacancy rate before agency cover.
- The summary extract could not be used: all.csv: the file is empty.
- The workers extracts of June 2020, August 2020 could not be used: workers/2020-08.xlsx: a list. \
Mend it. 1 more has the same fault.
"""
FULL = "posts/2020-09.xlsx, row 12, column FTE: not a number. Found 'full'; allowed a number. "


def make_area(*faults: tuple[str, pd.Timestamp, str, str], missing: tuple[str, ...] = ()):
    """What the note reads of an area: what was refused, and the figures of its months."""
    rows = [(measure, SEPTEMBER, "missing") for measure in missing]
    rows += [("agency_fte", SEPTEMBER, "ok"), ("agency_fte", AUGUST, "missing")]
    measures = pd.DataFrame(rows, columns=["measure", "period_end", "status"])
    return SimpleNamespace(
        month=SEPTEMBER,
        refused=pd.DataFrame(faults, columns=["table", "month", "file", "message"]),
        measures=measures.assign(area_level="authority", period_type="snapshot"),
    )


def test_the_note_names_file_row_and_column_and_the_figures_that_are_missing(tmp_path):
    """The month's own faults first, then earlier months', none of a month not shown."""
    area = make_area(
        ("summary", pd.NaT, "all.csv", "all.csv: the file is empty."),
        ("workers", AUGUST, "workers/2020-08.xlsx", "workers/2020-08.xlsx: a list. Mend it."),
        ("workers", JUNE, "workers/2020-06.xlsx", "workers/2020-06.xlsx: a list. Mend it."),
        ("posts", SEPTEMBER, "posts/2020-09.xlsx", f"{FULL}Correct the cell."),
        ("movements", AUGUST, "moves.csv", "moves.csv: no date."),
        ("movements", SEPTEMBER, "moves.csv", "moves.csv: no date."),
        ("posts", OLD, "posts/2019-08.xlsx", "posts/2019-08.xlsx: too old to be shown."),
        missing=("vacancy_rate_fte", "uncovered_vacancy_fte"),
    )
    text = describe_failure(tmp_path, [], area)
    assert text == NOTE


def test_nothing_failed_needs_no_note(tmp_path):
    assert describe_failure(tmp_path, [], make_area()) == ""
