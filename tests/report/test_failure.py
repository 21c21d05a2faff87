"""What an analyst is told where an extract could not be used: which file, which row, what to do."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd

from wfanalytics.report.failure import describe_failure

SEPTEMBER, AUGUST = pd.Timestamp("2020-09-30"), pd.Timestamp("2020-08-31")
NOTE = """\
# Some extracts could not be used

Everything else in this report is there.

## Extracts that could not be used

- The posts extract of August 2020 could not be used: its figures are missing.
- `posts/2020-08.xlsx`, sheet Posts, row 12, column FTE: no number. Correct the cell.
- `posts/2020-08.xlsx`, sheet Posts: No date. Name the file after its month.
"""


def make_area(repairs, months_refused):
    """What the note reads of an area: its files, repairs, and the months it could not use."""
    columns = ["table", "file", "sheet", "row", "column", "severity", "rule", "reason"]
    files = [("posts", "posts/2020-08.xlsx", "Posts", 0), ("posts", "posts/2020-09.xlsx", "", 9),
             ("caseload", "caseload/2020-08.csv", "", 0)]  # fmt: skip
    return SimpleNamespace(
        month=SEPTEMBER,
        months_refused=months_refused,
        files=pd.DataFrame(files, columns=["table", "file", "sheet", "rows_kept"]),
        repairs=pd.DataFrame(repairs, columns=columns),
    )


def test_the_note_names_file_sheet_row_and_column_of_what_was_refused(tmp_path):
    fault = ("posts", "posts/2020-08.xlsx", "Posts", 12, "FTE", "E", "P01",
             "no number. Correct the cell.")  # fmt: skip
    area = make_area(
        [
            fault,
            (*fault[:3], 13, *fault[4:]),
            (*fault[:3], 0, "", "E", "A30", "No date. Name the file after its month."),
            (*fault[:3], 0, "", "F", "A31", "a repair is no fault"),
            ("posts", "posts/2020-09.xlsx", "", 3, "FTE", "E", "P01", "a row of a file in use"),
            ("caseload", "caseload/2020-08.csv", "", 3, "", "E", "C01", "of no month refused"),
        ],
        (("posts", AUGUST),),
    )
    text = describe_failure(tmp_path, [], area)
    assert text == NOTE


def test_no_more_places_are_named_than_one_reads(tmp_path):
    faults = [("posts", "posts/2020-08.xlsx", "Posts", 2, "FTE", "E", "P01", f"fault {n}.")
              for n in range(14)]  # fmt: skip
    text = describe_failure(tmp_path, [], make_area(faults, (("posts", AUGUST),)))
    *_, last = text.splitlines()
    assert last == "- And 2 more: `wfanalytics check` names them."
    assert text.count("fault ") == 12


def test_nothing_failed_needs_no_note(tmp_path):
    assert describe_failure(tmp_path, [], make_area([], ())) == ""
