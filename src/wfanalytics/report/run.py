"""The monthly job: check everything, run the notebooks, put the pack in place whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from wfanalytics.analysis.overrides import set_targets
from wfanalytics.analysis.quality import list_refused_months
from wfanalytics.errors import ParameterError, unknown_name
from wfanalytics.measures.area import open_area
from wfanalytics.measures.area_data import AreaData
from wfanalytics.parameters import Value, check_parameters, parse_parameters
from wfanalytics.periods import format_month
from wfanalytics.present.exhibit import SavedExhibit, read_exhibit
from wfanalytics.raw.area import find_data_dir
from wfanalytics.raw.earlier import REPORTED
from wfanalytics.report.documents import PaperChoices, choose_paper, write_documents
from wfanalytics.report.engine import count_cells, run_notebook
from wfanalytics.report.manifest import make_manifest, write_manifest
from wfanalytics.report.notebooks import Notebook, find_notebooks
from wfanalytics.report.pack import Pack, Part, replace_folder
from wfanalytics.report.release import check_masked, release_pack
from wfanalytics.report.reported import write_reported
from wfanalytics.report.sections import Report
from wfanalytics.report.shelf import write_shelf
from wfanalytics.report.twin import write_twin

#: Parameters a run sets itself, and the option that sets each on the command line.
RUN_OPTIONS = {
    "area": "--area",
    "month": "--month",
    "output_dir": "--output",
    "data_dir": "--data-dir",
    "reports_dir": "--output",
}
#: Parameters that replace the area's own targets, and with them some figures.
TARGETS = ("vacancy_target", "caseload_low", "caseload_high")


@dataclass(frozen=True)
class Progress:
    """How far a run is: the notebook at work, and the cells done of all cells."""

    notebook: str
    number: int
    count: int
    cells_done: int
    cells_total: int
    is_start: bool = False
    """Whether the notebook has just begun."""


OnProgress = Callable[[Progress], None]


def run_report(
    area: str,
    *,
    month: str,
    output: str | Path | None = None,
    parameters: Mapping[str, object] | None = None,
    data_dir: str | Path = "",
    notebooks_dir: str | Path | None = None,
    on_progress: OnProgress | None = None,
    sections: Sequence[str] = (),
    template: str | Path = "",
) -> Pack:
    """Run every numbered notebook for an area and month and write the pack.

    ``parameters`` are by name, typed or as text; ``output`` receives ``<area>/<month>/`` (the
    project's ``reports`` unless given). ``sections`` chooses and orders the paper's sections, and
    ``template`` is a council's own Word document, whose styles the paper takes. A notebook that
    fails leaves its part out, says so in its place, and the rest is there.

    Raises
    ------
    ParameterError, InputError
        before any notebook runs and before anything is written, for a bad parameter or input.
    """
    started = datetime.now(UTC)
    data_folder = find_data_dir(data_dir)
    project = data_folder.parent
    notebooks = find_notebooks(Path(notebooks_dir or project / "notebooks"))
    values = _check_values(area, month, parameters or {}, notebooks)
    opened = open_area(
        area,
        month=month,
        source=str(values["source"]),
        published_file=str(values["published_file"]),
        data_dir=str(data_folder),
    )
    choices = choose_paper(
        opened, data_dir=data_folder, notebooks=notebooks, sections=sections, template=template
    )
    reports = Path(output or project / "reports").absolute()
    folder = reports / opened.slug / month
    with replace_folder(folder) as building:
        values |= {"data_dir": str(data_folder), "output_dir": "charts"}
        values |= {"reports_dir": str(reports)}
        parts = _run_notebooks(notebooks, values, building=building, on_progress=on_progress)
        targets: dict[str, Any] = {name: values[name] for name in TARGETS if name in values}
        write_reported(set_targets(opened, **targets), building / REPORTED)
        _write_documents(building, opened, values, parts, started=started, choices=choices)
        masked = check_masked(opened.measures, rules=opened.disclosure)
        release_pack(building, masked, when=datetime.now(UTC))
    write_shelf(reports)
    moved = tuple(_moved(part, folder / "charts") for part in parts)
    return Pack(folder, moved, list_refused_months(opened))


def _check_values(
    area: str, month: str, given: Mapping[str, object], notebooks: Sequence[Notebook]
) -> dict[str, Value]:
    """All parameters of the run, typed; those not given are those of the notebooks."""
    declared = {name for notebook in notebooks for name in notebook.parameters}
    for name in given:
        if name in RUN_OPTIONS:
            raise ParameterError(f"Parameter {name!r} is set with {RUN_OPTIONS[name]}.")
        if name not in declared:
            raise ParameterError(unknown_name("parameter", name, declared - set(RUN_OPTIONS)))
    typed = parse_parameters(given, allowed=declared)
    check_parameters({"area": area, "month": month})
    published = typed.get("published_file")
    if isinstance(published, str) and published:
        # A kernel's working folder is the pack's, not the analyst's.
        typed["published_file"] = str(Path(published).expanduser().absolute())
    return {"source": "local", "published_file": "", **typed, "area": area, "month": month}


def _run_notebooks(
    notebooks: Sequence[Notebook],
    values: Mapping[str, Value],
    *,
    building: Path,
    on_progress: OnProgress | None,
) -> list[Part]:
    charts, saved = building / "charts", building / "notebooks"
    charts.mkdir()
    saved.mkdir()
    counts = [count_cells(notebook) for notebook in notebooks]
    parts: list[Part] = []
    for index, notebook in enumerate(notebooks):
        state = Progress(
            notebook.title, index + 1, len(notebooks), sum(counts[:index]), sum(counts)
        )
        seen = {path.name for path in charts.glob("*.json")}
        run = run_notebook(
            notebook,
            output=saved / notebook.path.name,
            parameters={name: values[name] for name in notebook.parameters if name in values},
            folder=building,
            on_cell=_count_up(state, on_progress),
        )
        if (saved / notebook.path.name).is_file():
            write_twin(saved / notebook.path.name, title=notebook.title)
        parts.append(Part(run, _read_new(charts, seen)))
    return parts


def _count_up(state: Progress, on_progress: OnProgress | None) -> Callable[[], None]:
    """Report that a notebook begins; return what reports each cell done after that."""
    done = state.cells_done
    if on_progress:
        on_progress(replace(state, is_start=True))

    def report() -> None:
        nonlocal done
        done += 1
        if on_progress:
            on_progress(replace(state, cells_done=done))

    return report


def _read_new(charts: Path, seen: set[str]) -> tuple[SavedExhibit, ...]:
    """Exhibits saved since, in the order in which the notebook showed them."""
    records = [path for path in charts.glob("*.json") if path.name not in seen]
    records.sort(key=lambda path: (path.stat().st_mtime_ns, path.name))
    return tuple(read_exhibit(path) for path in records)


def _write_documents(
    building: Path,
    area: AreaData,
    values: Mapping[str, Value],
    parts: Sequence[Part],
    *,
    started: datetime,
    choices: PaperChoices,
) -> None:
    chosen = {name: value for name, value in values.items() if name not in RUN_OPTIONS}
    manifest = make_manifest(
        area,
        month=str(values["month"]),
        data_dir=Path(str(values["data_dir"])),
        parameters=chosen,
        parts=parts,
        started=started,
    )
    write_manifest(manifest, building / "manifest.json")
    month = format_month(area.month)
    report = Report(
        title=f"{area.name}: workforce and caseload, {month}",
        month=month,
        organisation=choices.organisation,
        is_fictional=area.is_fictional,
        parts=tuple(parts),
        manifest=manifest,
        sections=choices.sections,
    )
    end = area.month.to_pydatetime()
    write_documents(building, report, end=end, template=choices.template)


def _moved(part: Part, charts: Path) -> Part:
    """The same part, its exhibits' files where the finished pack has them."""
    return replace(part, exhibits=tuple(replace(item, folder=charts) for item in part.exhibits))
