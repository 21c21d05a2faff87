"""The report as one page: what the notebooks saved, in reading order, with nothing computed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import jinja2

from wfanalytics.measures.definition import Definition
from wfanalytics.measures.definitions import DEFINITIONS
from wfanalytics.present.exhibit import SavedExhibit
from wfanalytics.present.markup import render_exhibit
from wfanalytics.report.pack import Part
from wfanalytics.report.twin import TEMPLATES

#: What the files of an exhibit are, in words, in the order they are offered.
FILE_KINDS = {
    "png": "Picture (PNG)",
    "svg": "Drawing (SVG)",
    "txt": "Caption and description (text)",
    "csv": "Table (CSV)",
}


def write_page(
    path: Path,
    *,
    parts: Sequence[Part],
    manifest: Mapping[str, Any],
    month: str,
    is_fictional: bool,
) -> None:
    """Write ``index.html``: one file that needs no other and asks nothing of a network.

    ``month`` is as printed, such as "September 2020".
    """
    loader = jinja2.FileSystemLoader(TEMPLATES)
    environment = jinja2.Environment(
        loader=loader, autoescape=jinja2.select_autoescape(["html.j2"]), trim_blocks=True,
        undefined=jinja2.StrictUndefined,
    )  # fmt: skip
    shown = [_dress_part(part) for part in sorted(parts, key=_reading_order)]
    text = environment.get_template("page.html.j2").render(
        title=f"{manifest['area_name']}: workforce and caseload, {month}",
        area=manifest["area_name"],
        fictional=is_fictional,
        parts=shown,
        failed=[part for part in shown if part["problems"]],
        terms=find_terms(parts),
        settings=_describe_settings(manifest["parameters"]),
        run=manifest,
    )
    path.write_text(text, encoding="utf-8")


def find_terms(parts: Sequence[Part]) -> list[Definition]:
    """Definitions of the measures that the exhibits' own words name."""
    words = " ".join(
        text.lower()
        for part in parts
        for item in part.exhibits
        for text in (item.headline, item.subtitle, item.table_caption, *item.sentences)
    )
    named = {item.label: item for item in DEFINITIONS.values() if item.label.lower() in words}
    return list(named.values())


def _describe_settings(parameters: Mapping[str, Any]) -> list[str]:
    """Parameters that differ from a plain run, such as "vacancy_target 6"."""
    shown = {name: value for name, value in parameters.items() if value != "local"}
    if "published_file" in shown:
        shown["published_file"] = Path(shown["published_file"]).name
    return [
        f"{name} {value:g}" if isinstance(value, float) else f"{name} {value}"
        for name, value in shown.items()
    ]


def _reading_order(part: Part) -> tuple[int, str]:
    """Summary first and data quality last, as in a committee paper; the rest as numbered."""
    name = part.run.notebook.name
    if _is_data_quality(part):
        return 2, name
    return (0 if name.endswith("_summary") else 1), name


def _is_data_quality(part: Part) -> bool:
    return part.run.notebook.name.endswith("_data_quality")


def _dress_part(part: Part) -> dict[str, Any]:
    return {
        "name": part.run.notebook.name,
        "title": part.run.notebook.title,
        "question": part.run.notebook.question,
        "problems": part.problems,
        "is_box": _is_data_quality(part),
        "exhibits": [_dress_exhibit(item) for item in part.exhibits],
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
