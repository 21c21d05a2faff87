"""The monthly job: check everything, run the notebooks, put the pack in place whole."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from wfanalytics.analysis.overrides import set_targets
from wfanalytics.analysis.refused import list_refused
from wfanalytics.errors import ParameterError, unknown_name
from wfanalytics.measures.area import open_area
from wfanalytics.measures.area_data import AreaData
from wfanalytics.parameters import Value, check_parameters, parse_parameters
from wfanalytics.periods import format_month
from wfanalytics.present.exhibit import SavedExhibit, read_exhibit
from wfanalytics.raw.area import find_data_dir
from wfanalytics.raw.earlier import REPORTED
from wfanalytics.report.documents import PaperChoices, choose_paper, write_documents
from wfanalytics.report.failure import NOTE, describe_failure
from wfanalytics.report.jobs import Job, OnEvent, OpenedArea, run_jobs
from wfanalytics.report.lock import hold_lock
from wfanalytics.report.manifest import make_manifest
from wfanalytics.report.notebooks import Notebook, count_cells, find_notebooks
from wfanalytics.report.pack import Pack, Part, replace_folder
from wfanalytics.report.release import Gate, Masked
from wfanalytics.report.reported import list_reported
from wfanalytics.report.sections import Report
from wfanalytics.report.server import EngineName, choose_engine, warm_server
from wfanalytics.report.shelf import write_shelf
from wfanalytics.thresholds import MANAGERS, MANAGERS_ONLY, PUBLIC

#: Parameters a run sets itself, and the option that sets each on the command line.
RUN_OPTIONS = {
    "area": "--area",
    "month": "--month",
    "output_dir": "--output",
    "data_dir": "--data-dir",
    "reports_dir": "--output",
    "audience": "--audience",
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
    engine: str = "",
    jobs: int | None = None,
    keep: int = 0,
    is_listed: bool = True,
    sections: Sequence[str] = (),
    template: str | Path = "",
    audience: str = PUBLIC,
) -> Pack:
    """Run every numbered notebook for an area and month and write the pack.

    ``parameters`` are by name, typed or as text; ``output`` receives ``<area>/<month>/`` (the
    project's ``reports`` unless given). ``sections`` chooses and orders the paper's sections, and
    ``template`` is a council's own Word document, whose styles the paper takes. A notebook that
    fails leaves its part out, says so in its place, and the rest is there. ``engine`` is ``fork``
    or ``plain``, ``jobs`` how many notebooks run at once, ``keep`` how many replaced packs of the
    month stay beside the new one; without ``is_listed`` the list of all reports waits for a
    later run to renew it. A report for ``managers`` shows counts of few people, says so in every
    file and is put in ``<month>-managers``.

    Raises
    ------
    ParameterError, InputError
        before any notebook runs and before anything is written, for a bad parameter or input.
    BusyError
        when another run is making this very report.
    """
    started = datetime.now(UTC)
    data_folder = find_data_dir(data_dir)
    project = data_folder.parent
    notebooks = find_notebooks(Path(notebooks_dir or project / "notebooks"))
    values = _check_values(area, month, parameters or {}, notebooks)
    chosen = choose_engine(engine)
    warm_server(chosen)
    call = {name: str(values[name]) for name in ("area", "month", "source", "published_file")}
    call |= {"data_dir": str(data_folder), "audience": audience}
    reports = Path(output or project / "reports").absolute()
    opened = open_area(**call, reports_dir=str(reports))
    choices = choose_paper(
        opened, data_dir=data_folder, notebooks=notebooks, sections=sections, template=template
    )
    is_public = audience == PUBLIC
    folder = reports / opened.slug / (month if is_public else f"{month}-{audience}")
    masked = Masked(opened.measures, rules=opened.disclosure, audience=audience)
    with hold_lock(folder), replace_folder(folder, keep=keep) as building:
        gate = Gate(building, masked, tables=opened.tables)
        values |= {"data_dir": str(data_folder), "output_dir": "charts"}
        values |= {"reports_dir": str(reports), "audience": audience}
        parts = _run_notebooks(
            notebooks, values, gate=gate, opened=OpenedArea(opened, call),
            engine=chosen, at_once=jobs, on_progress=on_progress,
        )  # fmt: skip
        targets: dict[str, Any] = {name: values[name] for name in TARGETS if name in values}
        name = REPORTED if is_public else f"measures-{audience}.csv"
        gate.write(name, list_reported(set_targets(opened, **targets)))
        _write_documents(
            gate, opened, values, parts, started=started, engine=chosen, choices=choices
        )
        if note := describe_failure(building, parts, opened):
            gate.write(NOTE, note)
        gate.release(when=datetime.now(UTC))
    if is_listed:
        write_shelf(reports)
    moved = tuple(_moved(part, folder / "charts") for part in parts)
    return Pack(folder, moved, list_refused(opened))


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
    gate: Gate,
    opened: OpenedArea,
    engine: EngineName,
    at_once: int | None,
    on_progress: OnProgress | None,
) -> list[Part]:
    work = gate.folder / "work"
    work.mkdir()
    jobs = []
    for notebook in notebooks:
        given = {name: values[name] for name in notebook.parameters if name in values}
        output, folder = work / notebook.path.name, work / notebook.name
        folder.mkdir()
        jobs.append(Job(notebook, output, given, folder, str(values["reports_dir"])))
    counter = _count_up(notebooks, on_progress)
    runs = run_jobs(jobs, engine=engine, at_once=at_once, opened=opened, on_event=counter)
    parts = [Part(run, _collect(job, gate)) for run, job in zip(runs, jobs, strict=True)]
    shutil.rmtree(work)
    return parts


def _count_up(notebooks: Sequence[Notebook], on_progress: OnProgress | None) -> OnEvent | None:
    """What reports a notebook that begins, and each cell done, to who follows the run."""
    if on_progress is None:
        return None
    total, done, begun = sum(count_cells(notebook) for notebook in notebooks), 0, 0

    def report(index: int, event: str) -> None:
        nonlocal done, begun
        is_start = event == "start"
        done, begun = (done, begun + 1) if is_start else (done + 1, begun)
        title = notebooks[index].title
        on_progress(Progress(title, begun, len(notebooks), done, total, is_start))

    return report


def _collect(job: Job, gate: Gate) -> tuple[SavedExhibit, ...]:
    """Take what one notebook saved into the pack; its exhibits, in the order it showed them."""
    for path in (job.output, job.output.with_suffix(".html")):
        if path.is_file():
            gate.take(path, f"notebooks/{path.name}")
    saved, charts = job.folder / "charts", gate.folder / "charts"
    shown = sorted(
        map(read_exhibit, saved.glob("*.json")), key=lambda item: (item.number, item.key)
    )
    kept = []
    for record in [item.folder / f"{item.stem}.json" for item in shown]:
        if (charts / record.name).exists():
            continue  # a key two notebooks use is the first one's
        for path in saved.glob(f"{record.stem}.*"):
            gate.take(path, f"charts/{path.name}")
        kept.append(read_exhibit(charts / record.name))
    return tuple(kept)


def _write_documents(
    gate: Gate,
    area: AreaData,
    values: Mapping[str, Value],
    parts: Sequence[Part],
    *,
    started: datetime,
    engine: EngineName,
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
        engine=engine,
    )
    gate.write("manifest.json", json.dumps(manifest, ensure_ascii=False, indent=1) + "\n")
    month = format_month(area.month)
    report = Report(
        title=f"{area.name}: workforce and caseload, {month}"
        f"{', for managers only' if area.audience == MANAGERS else ''}",
        month=month,
        organisation=choices.organisation,
        is_fictional=area.is_fictional,
        mark=MANAGERS_ONLY if area.audience == MANAGERS else "",
        parts=tuple(parts),
        manifest=manifest,
        sections=choices.sections,
    )
    end = area.month.to_pydatetime()
    write_documents(gate, report, end=end, template=choices.template, engine=engine)


def _moved(part: Part, charts: Path) -> Part:
    """The same part, its exhibits' files where the finished pack has them."""
    return replace(part, exhibits=tuple(replace(item, folder=charts) for item in part.exhibits))
