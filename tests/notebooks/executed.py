"""What two executions of a notebook have in common: all but times and names of one run."""

from __future__ import annotations

import re
from typing import Any

#: Addresses of objects, IPython's names of cells, and widgets' identifiers.
OF_ONE_RUN = re.compile(r"0x[0-9a-f]+|ipykernel_\d+(/\d+)?|model_id\W+\w+")
#: Cells papermill adds; their identifiers are drawn anew.
ADDED = {"injected-parameters", "papermill-error-cell-tag"}


def comparable(notebook: Any) -> list[dict[str, Any]]:
    """Every cell as it is in any run of the notebook, whatever kernel ran it."""
    return [_describe(cell, set(cell.metadata.get("tags", []))) for cell in notebook.cells]


def _describe(cell: Any, tags: set[str]) -> dict[str, Any]:
    run = cell.metadata.get("papermill", {})
    rest = {k: v for k, v in cell.metadata.items() if k not in ("papermill", "execution")}
    return {
        "source": None if "injected-parameters" in tags else cell.source,
        "type": cell.cell_type,
        "id": None if ADDED & tags else cell.id,
        "count": cell.get("execution_count"),
        "outputs": OF_ONE_RUN.sub("", str(cell.get("outputs", []))),
        "status": [run.get("status"), run.get("exception")],
        "metadata": rest,
    }
