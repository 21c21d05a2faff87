"""What an analyst is told when part of a report could not be made: ``failure.md``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import nbformat

from wfanalytics.analysis.refused import list_refused
from wfanalytics.measures.area_data import AreaData
from wfanalytics.report.pack import Part
from wfanalytics.report.sections import REFUSED

#: The note's name; it is in a pack only where something failed.
NOTE = "failure.md"
#: What a problem says where there may have been too little memory.
_NO_MEMORY = ("process was stopped", "its Python stopped", "(MemoryError)")


def describe_failure(folder: Path, parts: Sequence[Part], data: AreaData) -> str:
    """Which notebook, step and extract failed, why, what to try; empty where nothing failed.

    ``folder`` is the pack being built, with its executed notebooks.
    """
    failed = [part for part in parts if part.problems]
    refused = list_refused(data)
    if not failed and not refused:
        return ""
    count = f"{len(failed)} of {len(parts)} parts could not be made in full"
    title = count if failed else "Some extracts could not be used"
    text = [f"# {title}\n", "Everything else in this report is there.\n"]
    text += [_describe_part(folder, part) for part in failed]
    if refused:
        text.append("\n".join([f"## {REFUSED}\n", *(f"- {said}" for said in refused)]))
        text.append("")
    return "\n".join(text)


def _describe_part(folder: Path, part: Part) -> str:
    notebook = part.run.notebook
    executed = folder / "notebooks" / notebook.path.name
    where = f"notebooks/{notebook.path.name}"
    is_there = executed.is_file()
    step = _find_step(executed) if is_there and part.run.status == "failed" else ""
    lines = [f"## {notebook.title}\n", f"- Notebook: `{where}`"]
    lines += [f"- Step: {step}"] if step else []
    lines += [f"- What happened: {_sentence(problem)}" for problem in part.problems]
    lines += [f"- What to try: {advice}" for advice in _advise(part)]
    lines += [f"- The executed notebook, as far as it got: `{where}`" if is_there
              else "- No executed notebook was saved."]  # fmt: skip
    return "\n".join(lines) + "\n"


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text[:1].upper()}{text[1:]}."


def _advise(part: Part) -> list[str]:
    """What to do: a message of ours ends with it; for the rest there is a way to see more."""
    problem = part.run.problem
    if any(words in problem for words in _NO_MEMORY):
        return ["Run the report again. If it stops again, use `--jobs 1`, which needs less memory."]
    if "unexpected error" in problem:
        return [
            "Open the notebook in JupyterLab and run it to see the error. It may quote a cell "
            "about a person: do not send it on."
        ]
    return ["Mend what the message names, then run the report again."]


def _find_step(executed: Path) -> str:
    """The last heading above the cell that failed."""
    content = nbformat.read(executed, as_version=4)  # type: ignore[no-untyped-call]
    heading = ""
    for cell in content.cells:
        if cell.cell_type == "markdown" and "papermill-error-cell-tag" not in cell.metadata.get(
            "tags", []
        ):
            headings = [line for line in cell.source.splitlines() if line.startswith("#")]
            heading = headings[-1].lstrip("# ") if headings else heading
        elif cell.metadata.get("papermill", {}).get("exception"):
            return heading
    return heading
