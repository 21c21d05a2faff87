"""What an analyst is told when part of a report could not be made: ``failure.md``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import nbformat

from wfanalytics.report.pack import Part

#: The note's name; it is in a pack only where something failed.
NOTE = "failure.md"


def write_failure_note(folder: Path, parts: Sequence[Part]) -> Path | None:
    """Say which notebook and step failed, why, and what to try; None where nothing failed.

    ``folder`` is the pack being built, with its executed notebooks.
    """
    failed = [part for part in parts if part.problems]
    if not failed:
        return None
    count = f"{len(failed)} of {len(parts)} parts"
    text = [f"# {count} could not be made in full\n", "Everything else in this report is there.\n"]
    text += [_describe_part(folder, part) for part in failed]
    path = folder / NOTE
    path.write_text("\n".join(text), encoding="utf-8")
    return path


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
    if "process was stopped" in problem or "its Python stopped" in problem:
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
