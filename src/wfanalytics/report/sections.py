"""What a paper holds and in which order, and what both paper and page say about the run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wfanalytics.errors import ParameterError, unknown_name
from wfanalytics.measures.definition import Definition
from wfanalytics.measures.definitions import DEFINITIONS
from wfanalytics.present.exhibit import SavedExhibit
from wfanalytics.report.pack import Part

#: The exhibit that opens the paper where a published figure moved.
REVISIONS = "revisions"
#: Asked for in place of sections: every section, in the paper's own order, whole.
ALL = "all"
#: Exhibits left to the page and the workbook by a paper whose sections nobody chose: what
#: members ask first (docs/questions.md) fills two dozen pages, and everything fills eighty.
PAGE_ONLY = frozenset({
    "agency_conversions", "agency_localities", "agency_over_year", "agency_projects",
    "agency_service_count", "agency_services_months", "benchmark_absence", "benchmark_neighbours",
    "caseload_cases_per_team", "caseload_heavy", "caseload_level", "caseload_services",
    "caseload_spread", "caseload_spread_services", "caseload_teams", "caseload_types",
    "caseload_weeks", "caseload_weighted", "first_two_years", "leaver_destinations",
    "leavers_event", "leavers_month", "leavers_rate", "leavers_seasons", "management_layers",
    "now_and_then", "outlook_backtest", "outlook_leavers", "outlook_pipeline",
    "outlook_services", "outlook_staff", "quality_census", "quality_files", "quality_rules",
    "quality_summary", "stability_index", "starter_origins", "support_ratio", "tenure_survival",
    "turnover_localities", "turnover_roles", "vacancy_bridge", "vacancy_bridge_services",
    "vacancy_gross", "absence_reasons",
})  # fmt: skip
#: Heads what is missing because an extract has a fault.
REFUSED = "Extracts that could not be used"
#: Said once, with the words used.
ABBREVIATIONS = (
    "FTE is full-time equivalent: contracted hours divided by full-time hours. "
    "DfE is the Department for Education."
)


@dataclass(frozen=True)
class Report:
    """All that the paper, the page and the workbook are written from."""

    title: str
    month: str
    """As printed, such as "September 2020"."""
    organisation: str
    is_fictional: bool
    parts: tuple[Part, ...]
    """Every part, as run."""
    manifest: Mapping[str, Any]
    mark: str = ""
    """Whom the report is for, where that is not everybody."""
    sections: tuple[str, ...] = ()
    """Names of the sections shown, in order; unless given, all in the paper's own order, and
    in the paper without :data:`PAGE_ONLY`."""

    @property
    def shown(self) -> tuple[Part, ...]:
        """The parts of the paper and the page, in reading order."""
        return order_parts(self.parts, self.sections)

    @property
    def notice(self) -> str:
        """What the report says first: whom it is for, and that its area is fictional."""
        name = self.manifest["area_name"]
        said = f"{name} is fictional: its people, posts and figures were made up to show what "
        fictional = f"{said}a report looks like." if self.is_fictional else ""
        return f"{self.mark} {fictional}".strip()

    @property
    def refused(self) -> tuple[str, ...]:
        """Extracts that could not be used, and the month's figures that are missing for it."""
        return tuple(self.manifest["refused"])

    @property
    def warnings(self) -> tuple[tuple[str, str], ...]:
        """What the paper says first of what it lacks: each under a name."""
        said = [(REFUSED, " ".join(self.refused))] if self.refused else []
        if failures := describe_failures(self.shown):
            others = "the other parts are complete. Each says in its place what is missing."
            said.append((failures, others))
        return tuple(said)

    @property
    def opening(self) -> SavedExhibit | None:
        """The revisions exhibit, where it says that a published figure moved."""
        found = [x for part in self.shown for x in part.exhibits if x.key == REVISIONS]
        moved = [x for x in found if x.status == "ok" and x.table is not None and len(x.table)]
        return moved[0] if moved else None

    def exhibits_of(self, part: Part) -> list[SavedExhibit]:
        """The exhibits of a part, without the one that opens the paper."""
        return [item for item in part.exhibits if item is not self.opening]

    def paper_exhibits_of(self, part: Part) -> list[SavedExhibit]:
        """Those of them that the paper shows."""
        if self.sections:
            return self.exhibits_of(part)
        kept: list[SavedExhibit] = []
        said: set[tuple[str, ...]] = set()
        for item in self.exhibits_of(part):
            # One reason, such as a file that is not there, is said once in a section.
            if item.key not in PAGE_ONLY and item.sentences not in said:
                kept.append(item)
            said |= {item.sentences} if item.status == "unavailable" else set()
        return kept

    def unanswered_of(self, part: Part) -> dict[tuple[str, ...], list[SavedExhibit]]:
        """Exhibits of a part that have nothing to show for one reason, where it is several's."""
        found: dict[tuple[str, ...], list[SavedExhibit]] = {}
        for item in self.exhibits_of(part):
            if item.status == "unavailable":
                found.setdefault(item.sentences, []).append(item)
        return {reason: items for reason, items in found.items() if len(items) > 1}

    @property
    def choice(self) -> str:
        """What the paper says of the findings it leaves to the page; nothing where it has all."""
        known = [item for part in self.shown for item in self.exhibits_of(part)]
        shown = [item for part in self.shown for item in self.paper_exhibits_of(part)]
        left = len(known) - len(shown)
        return (
            f"This paper holds the {len(shown)} findings that committees ask for first; "
            f"{left} more are in index.html, with their tables in tables.xlsx."
        ) if left else ""  # fmt: skip


def section_name(notebook: str) -> str:
    """The section a notebook makes: its name without the number.

    >>> section_name("01_data_quality")
    'data_quality'
    """
    return notebook.partition("_")[2]


def check_sections(sections: Iterable[str], *, notebooks: Iterable[str]) -> tuple[str, ...]:
    """The sections asked for, each known and named once; or :data:`ALL` alone.

    Raises
    ------
    ParameterError
        naming the nearest, for an unknown section; and for one that is named twice.
    """
    known = [section_name(name) for name in notebooks]
    chosen = tuple(name.strip() for name in sections if name.strip())
    if chosen == (ALL,):
        return chosen
    for name in chosen:
        if name not in known:
            raise ParameterError(unknown_name("section", name, known))
        if chosen.count(name) > 1:
            raise ParameterError(f"Section {name!r} is given twice. Give it once.")
    return chosen


def order_parts(parts: Iterable[Part], sections: Sequence[str] = ()) -> tuple[Part, ...]:
    """The parts chosen, in the order given; else summary first and data quality last."""
    by_name = {section_name(part.run.notebook.name): part for part in parts}
    if sections and tuple(sections) != (ALL,):
        return tuple(by_name[name] for name in sections if name in by_name)
    return tuple(sorted(by_name.values(), key=_reading_order))


def _reading_order(part: Part) -> tuple[int, str]:
    name = part.run.notebook.name
    place = {"summary": 0, "data_quality": 2}.get(section_name(name), 1)
    return place, name


def is_data_quality(part: Part) -> bool:
    """Whether this is the part on whether the month can be trusted."""
    return section_name(part.run.notebook.name) == "data_quality"


def find_terms(exhibits: Iterable[SavedExhibit]) -> list[Definition]:
    """Definitions of the measures that the exhibits' own words name."""
    words = " ".join(
        text.lower()
        for item in exhibits
        for text in (item.headline, item.subtitle, item.table_caption, *item.sentences)
    )
    used = [item for item in DEFINITIONS.values() if item.label.lower() in words]
    # Of a label's people and FTE the first stands: the other's own words lean on it.
    return list({item.label: item for item in reversed(used)}.values())[::-1]


def describe_failures(parts: Sequence[Part]) -> str:
    """How many parts could not be made, as a heading; empty when all is there."""
    failed = sum(bool(part.problems) for part in parts)
    return f"{failed} of {len(parts)} parts could not be made in full" if failed else ""


def describe_making(manifest: Mapping[str, Any]) -> list[str]:
    """What was read and what was set for the run, as sentences."""
    rows, said = manifest["rows"], []
    if rows["read"]:
        said.append(
            f"{len(manifest['inputs'])} files were read, holding {rows['read']:,} rows: "
            f"{rows['kept']:,} were kept and {rows['refused']:,} refused, each with its reason."
        )
    if chosen := _describe_settings(manifest["parameters"]):
        said.append(f"Set for this run: {', '.join(chosen)}.")
    return said


def describe_run(manifest: Mapping[str, Any]) -> str:
    """The last paragraph: version, commit, run and inputs."""
    git = manifest["git"]
    commit = f", commit {git['commit'][:12]}" if git["commit"] else ""
    commit += " with changes not committed" if commit and git["has_changes"] else ""
    made = f"wfanalytics {manifest['version']}{commit}; run {manifest['run_id']}"
    return f"{made}; inputs {manifest['fingerprint'][:16]}."


def _describe_settings(parameters: Mapping[str, Any]) -> list[str]:
    """Parameters that differ from a plain run, such as "vacancy_target 6"."""
    shown = {name: value for name, value in parameters.items() if value != "local"}
    if "published_file" in shown:
        shown["published_file"] = Path(shown["published_file"]).name
    return [
        f"{name} {value:g}" if isinstance(value, float) else f"{name} {value}"
        for name, value in shown.items()
    ]
