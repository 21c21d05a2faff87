"""What a report was made from and with: enough to make it again, and to prove it was."""

from __future__ import annotations

import hashlib
import json
import platform
import subprocess
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import wfanalytics
from wfanalytics.analysis.refused import list_refused
from wfanalytics.measures.area_data import AreaData
from wfanalytics.raw.area import read_area
from wfanalytics.raw.database import hash_query
from wfanalytics.report.pack import Part
from wfanalytics.report.sections import order_parts

#: Packages whose version can change what a report says or shows.
PACKAGES = (
    "pandas", "numpy", "scipy", "matplotlib", "papermill", "nbconvert", "pyarrow", "python-docx",
    "gptables",
)  # fmt: skip
#: Files of an area's folder that are not extracts.
SETTINGS_FILES = ("profile.yml", "targets.csv", "events.csv", "teams.csv", "commentary.yml",
                  "outlook.yml", "people.csv")  # fmt: skip
_RUN_NAMES = ("area", "month", "output_dir", "data_dir", "reports_dir", "audience")
ROW_COUNTS = ("read", "kept", "refused")


def make_manifest(
    area: AreaData,
    *,
    month: str,
    data_dir: Path,
    parameters: Mapping[str, object],
    parts: Sequence[Part],
    started: datetime,
    engine: str = "plain",
) -> dict[str, Any]:
    """Inputs with SHA-256, rows, parameters, versions, git commit, timings and exhibits."""
    inputs = _list_inputs(area, data_dir=data_dir, published=str(parameters["published_file"]))
    refused = list_refused(area)
    ended = datetime.now(UTC)
    made = {
        "version": wfanalytics.__version__,
        "versions": {"python": platform.python_version()} | {n: version(n) for n in PACKAGES},
        "git": find_commit(Path(wfanalytics.__file__).parent),
        "parameters": {name: item for name, item in parameters.items() if item not in ("", None)},
        "fingerprint": _fingerprint(inputs),
    }
    notebooks = [_describe_part(part, parameters) for part in parts]
    return {
        "run_id": f"{area.slug}-{month}-{_identify(made, notebooks)}",
        "area": area.slug,
        "area_name": area.name,
        "month": month,
        "audience": area.audience,
        "exit_code": 1 if any(part.problems for part in parts) or refused else 0,
        "started": started.isoformat(timespec="seconds"),
        # The machine's clock may have been set back meanwhile.
        "seconds": max(round((ended - started).total_seconds(), 1), 0.0),
        "engine": engine,
        **made,
        "headline": _find_headline(parts),
        "refused": list(refused),
        "rows": {name: int(area.files[f"rows_{name}"].sum()) for name in ROW_COUNTS},
        "inputs": inputs,
        "notebooks": notebooks,
    }


def _identify(made: Mapping[str, Any], notebooks: Sequence[Mapping[str, Any]]) -> str:
    """What a run is known by: the same inputs, code, settings and outcome give the same.

    No date is in it, so that documents that print it are the same files when made again.
    """
    outcome = [[part[name] for name in ("name", "sha256", "status")] for part in notebooks]
    text = json.dumps([made, outcome], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _find_headline(parts: Sequence[Part]) -> str:
    """The summary's first headline, or the first there is: what the list of reports says."""
    ordered = [item for part in order_parts(parts) for item in part.exhibits]
    return next((item.headline for item in ordered if item.status == "ok"), "")


def find_commit(folder: Path) -> dict[str, Any]:
    """The commit the code was at, and whether it had changes; nulls outside a checkout."""
    commit = _git("rev-parse", "HEAD", folder=folder)
    changes = _git("status", "--porcelain", folder=folder) if commit else None
    return {"commit": commit, "has_changes": None if changes is None else changes != ""}


def _git(*arguments: str, folder: Path) -> str | None:
    try:
        done = subprocess.run(
            ["git", *arguments], cwd=folder, capture_output=True, text=True, timeout=20, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()


def _list_inputs(area: AreaData, *, data_dir: Path, published: str) -> list[dict[str, Any]]:
    folder = data_dir / "raw" / area.slug
    extracts: list[dict[str, Any]] = area.files.drop(
        columns=["earliest", "latest"], errors="ignore"
    ).to_dict(orient="records")
    queries = hash_queries(area, data_dir=data_dir)
    extracts = [{**item, **queries.get(item["file"], {})} for item in extracts]
    settings = [folder / name for name in SETTINGS_FILES]
    shipped = sorted((data_dir / "raw" / "published").glob("*.csv"))
    others = [*settings, *shipped, *([Path(published)] if published else [])]
    return extracts + [
        {"table": "settings", "file": path.name, "sha256": _sha256(path)}
        for path in others
        if path.is_file()
    ]


def hash_queries(area: AreaData, *, data_dir: Path) -> dict[str, dict[str, str]]:
    """SHA-256 of the text of each query that is an extract."""
    if not any(file.startswith("database: ") for file in area.files["file"]):
        return {}
    sources = read_area(area.slug, data_dir=data_dir).profile.sources
    return {
        f"database: {table}": {"query_sha256": hash_query(source.query)}
        for table, source in sources.items()
        if source.query
    }


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _fingerprint(inputs: Sequence[Mapping[str, Any]]) -> str:
    """One SHA-256 over all inputs' names and fingerprints."""
    lines = sorted(f"{item['file']} {item['sha256']}" for item in inputs)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _describe_part(part: Part, given: Mapping[str, object]) -> dict[str, Any]:
    notebook = part.run.notebook
    chosen = [name for name in notebook.defaults if name not in _RUN_NAMES]
    used = {name: given.get(name, notebook.defaults[name]) for name in chosen}
    return {
        "name": notebook.name,
        "title": notebook.title,
        "sha256": _sha256(notebook.path),
        "status": part.run.status,
        "parameters": {name: item for name, item in used.items() if item not in ("", None)},
        "problems": list(part.problems),
        "seconds": round(part.run.seconds, 2),
        "cell_seconds": part.run.cell_seconds,
        "exhibits": [
            {"key": item.key, "headline": item.headline, "status": item.status, "files": item.files}
            for item in part.exhibits
        ],
    }
