"""``wfanalytics check``: can the extracts be trusted, and who has what to mend?"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from wfanalytics.analysis.quality import describe_problem, find_problems, list_late
from wfanalytics.analysis.refused import describe_faults
from wfanalytics.clean.kept import load_clean
from wfanalytics.clean.returns import load_returns
from wfanalytics.errors import EXIT_BAD_INPUT, EXIT_DONE, EXIT_MEASURE_FAILED
from wfanalytics.measures.area import find_figure_queries
from wfanalytics.measures.area_checks import find_stop
from wfanalytics.periods import format_month, month_end, parse_month
from wfanalytics.raw.area import find_data_dir, read_area
from wfanalytics.report.ledger import write_ledger

#: Problems printed one by one; --json and the workbook have all.
MOST_LINES = 40
#: Files named whose rows changed; --json has all.
MOST_CHANGES = 12
SEVERITIES = {"E": "not used", "Q": "to be asked about", "F": "repaired"}


@dataclass(frozen=True)
class Outcome:
    """What a check found: rows by table, problems, changes, and extracts that stop too early."""

    name: str
    month: pd.Timestamp | None
    rows: pd.DataFrame
    problems: pd.DataFrame
    late: list[str]
    changes: pd.DataFrame
    """What late and corrected extracts changed: rows by file and month (``clean.changes``)."""
    refused: tuple[str, ...] = ()
    """Extracts that could not be used, in sentences; of the month, where one is asked for."""
    unread: tuple[str, ...] = ()
    """Tables whose source in the profile says ``read: no``."""
    stop: str = ""
    """The fault for which no report can be made at all."""

    @property
    def exit_code(self) -> int:
        """0 where nobody has anything to mend, else 1; 2 where no report can be made."""
        if self.stop:
            return EXIT_BAD_INPUT
        is_clear = not self.problems["needs_mending"].any() and not self.late
        return EXIT_DONE if is_clear else EXIT_MEASURE_FAILED

    def as_text(self) -> str:
        """Lines for a person: rows, then what to mend, then what was done without asking."""
        when = "" if self.month is None else f", {format_month(self.month)}"
        lines = [f"{self.name}{when}"]
        for table, row in self.rows.iterrows():
            read, kept, refused = row["rows_read"], row["rows_kept"], row["rows_refused"]
            lines.append(f"  {table}: {read:,} rows = {kept:,} kept + {refused:,} refused")
        lines += [f"  {table}: not read, because profile.yml says 'read: no'"
                  for table in self.unread]  # fmt: skip
        mend = self._list_mending()
        lines += ["", f"No report can be made. {self.stop}"] if self.stop else []
        lines += ["", *self.refused] if self.refused else []
        lines += ["", *self.late] if self.late else []
        lines += ["", "Changed since it was read before:"] if len(self.changes) else []
        lines += [f"  {text}" for text in describe_changes(self.changes).head(MOST_CHANGES)]
        lines += ["", f"To mend: {len(mend)}, newest first" if len(mend) else "Nothing to mend"]
        lines += mend[:MOST_LINES]
        if len(mend) > MOST_LINES:
            lines.append(f"  and {len(mend) - MOST_LINES} more: --json or --workbook has all.")
        done = self.problems[~self.problems["needs_mending"]].groupby(["rule", "severity"])["rows"]
        lines += ["", "Done without asking"] if len(done) else []
        lines += [f"  {rule}: {count:,} {SEVERITIES[severity]}"
                  for (rule, severity), count in done.sum().items()]  # fmt: skip
        return "\n".join(lines)

    def _list_mending(self) -> list[str]:
        """What to mend: the newest place it is in, and how many others."""
        mend = self.problems[self.problems["needs_mending"]]
        same = ["table", "rule", "severity", "reason", "owner"]
        return [
            f"  {describe_problem(found.iloc[0], others=len(found) - 1)}"
            for _, found in mend.groupby(same, sort=False)
        ]

    def as_json(self) -> str:
        """The same, whole, for a program."""
        problems = self.problems.assign(latest=self.problems["latest"].dt.strftime("%Y-%m-%d"))
        content = {
            "area": self.name,
            "month": None if self.month is None else f"{self.month:%Y-%m}",
            "exit_code": self.exit_code,
            "rows": self.rows.to_dict(orient="index"),
            "stop": self.stop,
            "refused": list(self.refused),
            "unread": list(self.unread),
            "late": self.late,
            "changes": self.changes.to_dict(orient="records"),
            "problems": json.loads(problems.to_json(orient="records")),
        }
        return json.dumps(content, ensure_ascii=False, indent=1)


def run_check(
    area: str, *, month: str = "", data_dir: str = "", workbook: Path | None = None
) -> Outcome:
    """Clean an area's extracts and say what was found; write the ledger where asked.

    Raises
    ------
    ParameterError, InputError
        for an unknown area or month, and an extract that stops the figures.
    """
    end = month_end(parse_month(month)) if month else None
    folder = find_data_dir(data_dir)
    opened = read_area(area, data_dir=folder)
    clean = load_clean(opened, data_dir=folder)
    returns = load_returns(opened, data_dir=folder)
    queries = find_figure_queries(opened, clean, month=end)
    clean = replace(
        clean,
        repairs=pd.concat([clean.repairs, returns.repairs, queries], ignore_index=True),
        files=pd.concat([clean.files, returns.files], ignore_index=True),
    )
    problems = find_problems(clean, month=end, owners=opened.profile.owners)
    changes, faults = clean.changes, clean.faults
    if end is not None:
        faults = faults[faults["month"].isna() | (faults["month"] == end)]
        changes = changes[changes["month"].isin([f"{end:%Y-%m}", ""])]
    if workbook is not None:
        write_ledger(clean.repairs, problems, workbook)
    counts = ["rows_read", "rows_kept", "rows_refused"]
    return Outcome(
        opened.profile.name,
        end,
        clean.files.groupby("table", sort=False)[counts].sum(),
        problems,
        [] if end is None else list_late(clean, end),
        changes,
        describe_faults(faults),
        opened.profile.unread,
        find_stop(clean),
    )


def describe_changes(changes: pd.DataFrame) -> pd.Series:
    """A line for each file and month whose rows a late or corrected extract changed.

    >>> row = {"file": "caseload/Caseload 2020-08.csv", "noticed": "2020-10-05", "month": "2020-08",
    ...        "added": 1, "removed": 0, "changed": 2}
    >>> describe_changes(pd.DataFrame([row]))[0]
    'caseload/Caseload 2020-08.csv, August 2020: 1 row added, 2 rows changed (noticed 2020-10-05)'
    """
    return changes.apply(_describe_change, axis=1, result_type="reduce").astype("str")


def _describe_change(change: pd.Series) -> str:
    counts = [(change[name], name) for name in ("added", "removed", "changed") if change[name]]
    said = [f"{count:,} row{'' if count == 1 else 's'} {what}" for count, what in counts]
    when = format_month(month_end(parse_month(change["month"]))) if change["month"] else ""
    when = when or ("a month nothing tells" if said else "no row")
    what = f": {', '.join(said)}" if said else " changed: the same rows in another form"
    return f"{change['file']}, {when}{what} (noticed {change['noticed']})"
