"""What two executions of a notebook have in common: all but times and names of one run."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import nbformat

#: Addresses of objects, IPython's names of cells, and widgets' identifiers.
OF_ONE_RUN = re.compile(r"0x[0-9a-f]+|ipykernel_\d+(/\d+)?|model_id\W+\w+")
#: Cells papermill adds; their identifiers are drawn anew.
ADDED = {"injected-parameters", "papermill-error-cell-tag"}


def comparable(notebook: Any) -> list[dict[str, Any]]:
    """Every cell as it is in any run of the notebook, whatever kernel ran it."""
    return [_describe(cell, set(cell.metadata.get("tags", []))) for cell in notebook.cells]


def find_differences(one: Path, two: Path) -> list[str]:
    """Files of two packs that differ in more than the times, or the engine, that they note."""
    names = [
        {str(path.relative_to(pack)) for path in pack.rglob("*") if path.is_file()}
        for pack in (one, two)
    ]
    # The list of fingerprints has those of the files with times in them.
    both = sorted((names[0] & names[1]) - {"sha256sums.txt"})
    return sorted(names[0] ^ names[1]) + [
        name for name in both if _read(one / name) != _read(two / name)
    ]


def _read(path: Path) -> Any:
    """A file's bytes, or what a notebook or manifest says but for its times."""
    if path.suffix == ".ipynb":
        notebook = nbformat.read(path, as_version=4)
        return comparable(notebook), notebook.metadata.kernelspec, notebook.metadata.language_info
    if path.name in ("manifest.json", "release.json"):
        return _leave_out_times(json.loads(path.read_text("utf-8")))
    return path.read_bytes()


def _leave_out_times(value: Any) -> Any:
    """What a manifest says, but for how long things took and which engine ran them."""
    if isinstance(value, list):
        return [_leave_out_times(item) for item in value]
    if not isinstance(value, dict):
        return value
    times = ("started", "released", "seconds", "cell_seconds", "engine")
    return {name: _leave_out_times(item) for name, item in value.items() if name not in times}


def _describe(cell: Any, tags: set[str]) -> dict[str, Any]:
    run = cell.metadata.get("papermill", {})
    rest = {k: v for k, v in cell.metadata.items() if k not in ("papermill", "execution")}
    return {
        "source": None if "injected-parameters" in tags else cell.source,
        "type": cell.cell_type,
        "id": None if ADDED & tags else cell.id,
        "count": cell.get("execution_count"),
        "outputs": OF_ONE_RUN.sub("", str(_join_streams(cell.get("outputs", [])))),
        "status": [run.get("status"), run.get("exception")],
        "metadata": rest,
    }


def _join_streams(outputs: list[Any]) -> list[dict[str, Any]]:
    """Outputs with what one stream printed in pieces put together: its flushes have no set time."""
    joined: list[dict[str, Any]] = []
    for output in map(dict, outputs):
        last = joined[-1] if joined else {}
        if output["output_type"] == "stream" and output["name"] == last.get("name"):
            last["text"] += output["text"]
        else:
            joined.append(output)
    return joined
