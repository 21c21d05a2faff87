"""``reports/index.html``: every pack that is there, newest first, by area."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2

from wfanalytics.periods import format_month, month_end, parse_month
from wfanalytics.report import TEMPLATES
from wfanalytics.report.documents import PAGE, PAPER, WORKBOOK

#: How our own list is known: a file that does not say this is somebody else's, and stays.
MARK = "wfanalytics list of reports"
_MONTH = re.compile(r"\d{4}-\d{2}")


@dataclass(frozen=True)
class Pack:
    """A pack as its own manifest tells it."""

    area: str
    month: str
    folder: str
    headline: str
    is_whole: bool
    documents: tuple[str, ...]

    @property
    def month_name(self) -> str:
        """The month as printed, such as "September 2020"."""
        return format_month(month_end(parse_month(self.month)))


def write_shelf(folder: Path) -> Path | None:
    """Write the list of the packs below ``folder``; return its path.

    None where the folder holds an ``index.html`` of somebody else, or cannot be written to: the
    report itself is there already.
    """
    path = folder / PAGE
    packs, damaged = find_packs(folder)
    text = _environment().get_template("shelf.html.j2").render(
        mark=MARK, groups=_group(packs), damaged=damaged,
        words={PAPER: "Word paper", WORKBOOK: "Workbook"},
    )  # fmt: skip
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        if path.exists() and MARK not in path.read_text(encoding="utf-8", errors="replace"):
            return None
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        return None
    return path


def find_packs(folder: Path) -> tuple[list[Pack], list[str]]:
    """The packs below a folder, and the names of those whose manifest cannot be read."""
    packs, damaged = [], []
    for place in sorted(folder.glob("*/*")):
        if not (place.is_dir() and _MONTH.fullmatch(place.name)):
            continue
        pack = _read_pack(place)
        if pack is None:
            damaged.append(f"{place.parent.name}/{place.name}")
        else:
            packs.append(pack)
    return packs, damaged


def _read_pack(place: Path) -> Pack | None:
    try:
        manifest: dict[str, Any] = json.loads((place / "manifest.json").read_text("utf-8"))
        parse_month(manifest["month"])
        pack = Pack(
            str(manifest["area_name"]), manifest["month"], f"{place.parent.name}/{place.name}",
            str(manifest.get("headline", "")), manifest["exit_code"] == 0,
            tuple(name for name in (PAPER, WORKBOOK) if (place / name).is_file()),
        )  # fmt: skip
    except Exception:  # whatever a damaged file holds, the other packs are listed
        return None
    return pack if (place / PAGE).is_file() else None


def _group(packs: Sequence[Pack]) -> list[tuple[str, list[Pack]]]:
    """Packs by area, newest month first; the area with the newest month first."""
    newest = sorted(packs, key=lambda pack: pack.area)
    newest.sort(key=lambda pack: pack.month, reverse=True)
    areas = dict.fromkeys(pack.area for pack in newest)
    return [(area, [pack for pack in newest if pack.area == area]) for area in areas]


def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES), trim_blocks=True,
        autoescape=jinja2.select_autoescape(["html.j2"]), undefined=jinja2.StrictUndefined,
    )  # fmt: skip
