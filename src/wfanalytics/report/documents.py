"""Every document of a pack, from what its notebooks saved."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from wfanalytics.measures.area_data import AreaData
from wfanalytics.present.exhibit import SavedExhibit, guard_formula
from wfanalytics.raw.area import read_area
from wfanalytics.report.notebooks import Notebook
from wfanalytics.report.page import make_page
from wfanalytics.report.paper import make_paper
from wfanalytics.report.paper_style import open_document
from wfanalytics.report.release import Gate
from wfanalytics.report.sections import Report, check_sections
from wfanalytics.report.server import EngineName, work_beside
from wfanalytics.report.workbook import make_workbook

PAPER, WORKBOOK, PAGE = "paper.docx", "tables.xlsx", "index.html"
_INDEX_COLUMNS = ("key", "question", "headline", "status", "files", "alt text")


@dataclass(frozen=True)
class PaperChoices:
    """What a council chose for its paper, checked before any notebook runs."""

    organisation: str
    sections: tuple[str, ...] = ()
    template: Path | None = None


def choose_paper(
    area: AreaData,
    *,
    data_dir: Path,
    notebooks: Sequence[Notebook],
    sections: Iterable[str] = (),
    template: str | Path = "",
) -> PaperChoices:
    """The organisation, sections and template of the paper; the area's profile where none is given.

    Raises
    ------
    ParameterError
        for a section that no notebook makes, naming the nearest.
    InputError
        for a template that is missing a style, naming those that are missing.
    """
    organisation = area.name
    usual: tuple[str, ...] = ()
    if area.source == "local":
        profile = read_area(area.slug, data_dir=data_dir).profile
        organisation, usual = profile.organisation or area.name, profile.sections
    names = [notebook.name for notebook in notebooks]
    chosen = check_sections(tuple(sections) or usual, notebooks=names)
    path = Path(template).expanduser().absolute() if str(template) else None
    if path is not None:
        open_document(path)
    return PaperChoices(organisation, chosen, path)


def write_documents(
    gate: Gate,
    report: Report,
    *,
    end: datetime,
    template: Path | None,
    engine: EngineName = "plain",
) -> None:
    """Write the page, the Word paper, the workbook and the index of charts through the gate.

    ``end`` is the last day of the month reported; it is the documents' date, so that the same
    inputs give the same files. The workbook takes as long as all others, and is made beside them.
    """
    date = end.replace(tzinfo=UTC, microsecond=0)
    with work_beside(engine, partial(make_workbook, report, date=date)) as workbook:
        gate.write(PAGE, make_page(report))
        gate.write(PAPER, make_paper(report, date=date, template=template))
        gate.write(WORKBOOK, workbook())
    exhibits = [item for part in report.parts for item in part.exhibits]
    gate.write("charts/index.csv", _make_index(exhibits))


def _make_index(exhibits: Sequence[SavedExhibit]) -> bytes:
    """``charts/index.csv``: what each file of the paste kit shows."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(_INDEX_COLUMNS)
    for item in exhibits:
        row = (item.key, item.question, item.headline, item.status, " ".join(item.files))
        writer.writerow([guard_formula(cell) for cell in (*row, item.alt_text)])
    return text.getvalue().encode("utf-8-sig")
