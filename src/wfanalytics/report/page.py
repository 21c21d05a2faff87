"""The report as one page: what the notebooks saved, in reading order, with nothing computed."""

from __future__ import annotations

from typing import Any

import jinja2

from wfanalytics.present.exhibit import SavedExhibit
from wfanalytics.present.markup import render_exhibit
from wfanalytics.report import TEMPLATES
from wfanalytics.report.pack import Part
from wfanalytics.report.sections import (
    ABBREVIATIONS,
    REFUSED,
    Report,
    describe_failures,
    describe_making,
    describe_run,
    find_terms,
    is_data_quality,
)

#: What the files of an exhibit are, in words, in the order they are offered.
FILE_KINDS = {
    "png": "Picture (PNG)",
    "svg": "Drawing (SVG)",
    "txt": "Caption and description (text)",
    "csv": "Table (CSV)",
}


def make_page(report: Report) -> str:
    """``index.html``: one file that needs no other and asks nothing of a network."""
    loader = jinja2.FileSystemLoader(TEMPLATES)
    environment = jinja2.Environment(
        loader=loader, autoescape=jinja2.select_autoescape(["html.j2"]), trim_blocks=True,
        undefined=jinja2.StrictUndefined,
    )  # fmt: skip
    shown = [_dress_part(report, part) for part in report.shown]
    return environment.get_template("page.html.j2").render(
        title=report.title,
        notice=report.notice,
        opening=_dress_exhibit(report.opening) if report.opening else None,
        parts=shown,
        failed=[part for part in shown if part["problems"]],
        failures=describe_failures(report.shown),
        refused_title=REFUSED,
        refused=report.refused,
        abbreviations=ABBREVIATIONS,
        terms=find_terms(item for part in report.shown for item in part.exhibits),
        making=describe_making(report.manifest),
        last=describe_run(report.manifest),
        version=report.manifest["version"],
    )


def _dress_part(report: Report, part: Part) -> dict[str, Any]:
    # A reason that many questions share is said once, with the questions.
    unanswered = report.unanswered_of(part)
    listed = [item.key for items in unanswered.values() for item in items]
    shown = [item for item in report.exhibits_of(part) if item.key not in listed]
    return {
        "name": part.run.notebook.name,
        "title": part.run.notebook.title,
        "question": part.run.notebook.question,
        "problems": part.problems,
        "is_box": is_data_quality(part),
        "exhibits": [_dress_exhibit(item) for item in shown],
        "unanswered": [
            {"why": " ".join(why), "questions": [item.question for item in items]}
            for why, items in unanswered.items()
        ],
    }


def _dress_exhibit(item: SavedExhibit) -> dict[str, Any]:
    picture = item.path("png")
    html = render_exhibit(item, png=picture.read_bytes() if picture else None, level=3)
    files = [
        {"name": saved.name, "what": what}
        for suffix, what in FILE_KINDS.items()
        if (saved := item.path(suffix)) is not None
    ]
    return {"html": html, "headline": item.headline, "files": files}
