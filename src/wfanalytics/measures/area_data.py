"""What one area holds up to one month, and how to pick a measure from it."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape

import pandas as pd

from wfanalytics.frames import FAULTS_SCHEMA
from wfanalytics.periods import format_month
from wfanalytics.raw.neighbours import Neighbours
from wfanalytics.raw.outlook import Outlook
from wfanalytics.settings import Event, Target
from wfanalytics.thresholds import PUBLIC, Disclosure

FAULT_COLUMNS = list(FAULTS_SCHEMA.columns)
#: The date that says when a row of a clean table is about; ``period_end`` in the measures.
_DATED = {
    "posts": "as_at", "workers": "as_at", "movements": "date", "caseload": "week_ending",
    "summary": "month", "allocations": "start_date",
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class AreaData:
    """Everything about one area up to one month; frames as ``wfanalytics.frames`` has them.

    ``measures`` is masked: figures about part of the authority that rest on fewer than five
    people are withheld. ``tables`` holds the clean rows, which never leave the building.
    ``tables``, ``repairs`` and ``files`` are empty for published figures. ``band`` is the
    caseload band, in cases per FTE. ``stated`` holds figures stated in committee documents,
    ``national`` every authority's published figures with ``old_la_code`` and ``region_name``,
    and those of regions and England; empty where no whole published file is there.
    ``parents`` maps each team to its service and locality, ``owners`` each table to who can mend
    its extracts; ``is_provisional`` says that no later
    month has been delivered.
    """

    slug: str
    name: str
    source: str
    month: pd.Timestamp
    measures: pd.DataFrame
    targets: tuple[Target, ...]
    events: tuple[Event, ...]
    tables: dict[str, pd.DataFrame]
    repairs: pd.DataFrame
    files: pd.DataFrame
    band: tuple[float, float]
    stated: pd.DataFrame
    national: pd.DataFrame = field(default_factory=pd.DataFrame)
    authority_code: str = ""
    parents: dict[str, dict[str, str]] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)
    is_provisional: bool = False
    is_fictional: bool = False
    commentary: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Measure -> a manager's explanation and action for the month, from ``commentary.yml``."""
    old_la_code: str = ""
    """The authority's three-digit code in DfE's files, two for a joint return; or empty."""
    neighbours: Neighbours = field(default_factory=Neighbours)
    """Whom the authority is compared with, and whose list that is."""
    refused: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=FAULT_COLUMNS))
    """Extracts that could not be used (``frames.FAULTS_SCHEMA``): a gap in each ``month``, never a
    zero or another month's figure."""
    newly_qualified_weight: float | None = None
    """What a newly qualified worker's FTE counts for by a local rule; None without one."""
    outlook: Outlook = field(default_factory=Outlook)
    """What is expected, from ``outlook.yml``; recruitment as it was where there is none."""
    census: pd.DataFrame = field(default_factory=pd.DataFrame)
    """DfE's measures at 30 September from the authority's own returns: a measure frame with
    source ``census, <year>``, kept apart from ``measures``; empty where there is no return."""
    doubtful: pd.DataFrame = field(default_factory=pd.DataFrame)
    """Rows refused or asked about, with their date, FTE and cases (``clean.doubtful``)."""
    disclosure: Disclosure = field(default_factory=Disclosure)
    """What is withheld to protect people, from the profile."""
    printed: pd.MultiIndex | None = None
    """Figures of parts that earlier reports printed, by measure, level, code and date."""
    left_out: pd.MultiIndex | None = None
    """Those that they withheld."""
    audience: str = PUBLIC
    """Whom the figures are for: ``public``, or ``managers`` by fewer rules."""

    def __repr__(self) -> str:
        return f"<{self.name}, {self.source} figures to {format_month(self.month)}>"

    def _repr_html_(self) -> str:
        held = calculate_holdings(self)
        heads = "".join(f'<th scope="col" style="text-align:left">{h}</th>' for h in held.columns)
        rows = "\n".join(
            f'<tr><th scope="row" style="text-align:left">{row[0]}</th>'
            + "".join(f'<td style="text-align:left">{escape(cell)}</td>' for cell in row[1:])
            + "</tr>"
            for row in held.itertuples(index=False, name=None)
        )
        caption = "What this area holds"
        notes = [f"{self.name}: {self.source} figures to {format_month(self.month)}."]
        notes += ["The latest month is provisional."] if self.is_provisional else []
        refused = self.refused[~(self.refused["month"] > self.month)]
        files = len(refused.drop_duplicates(["file", "sheet"]))
        notes += [f"Extracts that could not be used: {files}."] if files else []
        return (
            f"<p>{escape(' '.join(notes))}</p>\n"
            f'<div role="region" aria-label="{caption}" tabindex="0" style="overflow-x:auto">'
            f'<table><caption style="text-align:left">{caption}</caption>\n'
            f"<thead><tr>{heads}</tr></thead>\n<tbody>\n{rows}\n</tbody></table></div>"
        )


def list_withheld(data: AreaData, measure: str, *, level: str, at: pd.Timestamp) -> set[str]:
    """Names of the places at a level whose figure of a date is withheld.

    What an exhibit prints of the same people there would give it away.
    """
    rows = data.measures
    is_it = (rows["measure"] == measure) & (rows["area_level"] == level)
    is_it &= (rows["period_end"] == at) & (rows["status"] == "suppressed")
    return set(rows.loc[is_it, "area_name"])


def calculate_holdings(data: AreaData) -> pd.DataFrame:
    """What an open area holds and how fresh it is: a row a table, as printed.

    Columns: ``Held`` (each clean table, then the measures), ``Rows``, and the months of the
    ``First`` and the ``Last`` row up to the area's month; ``Reach it by`` is what to type.

    >>> from wfanalytics.measures.area import open_area
    >>> print(*calculate_holdings(open_area("exampleshire", month="2019-07")).iloc[0], sep=", ")
    posts, 12,716, April 2017, July 2019, data.tables["posts"]
    """
    held = {name: (rows, f'data.tables["{name}"]') for name, rows in data.tables.items()}
    held["measures"] = (data.measures, "data.measures")
    lines = []
    for name, (rows, how) in held.items():
        dates = rows[_DATED.get(name, "period_end")]
        dates = dates[dates <= data.month]
        first, last = map(format_month, (dates.min(), dates.max())) if len(dates) else ("", "")
        lines.append([name, f"{len(dates):,}", first, last, how])
    return pd.DataFrame(lines, columns=["Held", "Rows", "First", "Last", "Reach it by"])


def select(
    data: AreaData,
    measure: str,
    *,
    level: str = "authority",
    period_type: str | None = None,
    area_name: str | None = None,
    source: str = "",
) -> pd.DataFrame:
    """Rows of one measure, in date order: of the area itself, or of every place at a level.

    ``period_type`` leaves out weekly figures unless it is ``week``. ``source="census"`` gives the
    figures of the authority's own census returns, which are never among the others. Values are in
    the unit of the measure, rates as fractions; what is not held gives no rows and no error.

    >>> from wfanalytics.measures.area import open_area
    >>> data = open_area("exampleshire", month="2019-07")
    >>> rows = select(data, "uncovered_vacancy_rate_fte")
    >>> round(float(rows["value"].iloc[-1]), 3)
    0.07
    """
    if source == "census":
        if data.census.empty:
            return data.measures.head(0)
        own = data.census[data.census["measure"] == measure]
        return own.sort_values("period_end", ignore_index=True)
    rows = data.measures[data.measures["measure"] == measure]
    is_week = rows["period_type"] == "week"
    rows = rows[is_week if period_type == "week" else ~is_week]
    if data.source == "published" and level == "authority":
        area_name = area_name or data.name
    else:
        rows = rows[rows["area_level"] == level]
    if area_name is not None:
        rows = rows[rows["area_name"] == area_name]
    return rows.sort_values(["period_end", "area_name"], ignore_index=True)
