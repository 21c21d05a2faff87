"""Everything a notebook of the report imports, imported once: forks of this process have it.

The fork server imports this module before it forks anything, so importing it is its work. Each
name that cannot be imported is in :data:`COLD`: notebooks then import it themselves, slower.
"""

from __future__ import annotations

import gc
import importlib
import os
import sys

#: What the notebooks use, and what runs them.
MODULES = (
    "pandas", "matplotlib.pyplot", "seaborn", "scipy.stats", "wfanalytics.measures.area",
    "wfanalytics.analysis.overrides", "wfanalytics.present.exhibits", "wfanalytics.present.charts",
    "ipykernel.kernelapp", "ipykernel.ipkernel", "matplotlib_inline.backend_inline",
    "wfanalytics.report.jobs", "wfanalytics.report.engine", "wfanalytics.report.twin",
    "wfanalytics.report.workbook",
)  # fmt: skip
#: Numerical libraries that start a thread for each core unless told otherwise; a process with
#: threads must not be forked.
THREAD_SETTINGS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


#: A notebook whose page is written once beforehand: its templates and selectors are then known.
SHORT_NOTEBOOK = """{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [
{"id": "a", "cell_type": "markdown", "metadata": {}, "source": "# Short"},
{"id": "b", "cell_type": "code", "metadata": {}, "source": "", "execution_count": 1, "outputs": [
{"output_type": "display_data", "metadata": {}, "data": {"text/html": "<p>x</p>"}}]}]}"""


def warm_up() -> tuple[str, ...]:
    """Import :data:`MODULES`, single-threaded; return the names that could not be imported.

    The environment is as it was afterwards: what is forked later sees the user's own.
    """
    before = dict(os.environ)
    os.environ.update(dict.fromkeys(THREAD_SETTINGS, "1"))
    cold = []
    for name in MODULES:
        try:
            importlib.import_module(name)
        except ImportError:
            cold.append(name)
    if "wfanalytics.report.twin" not in cold:
        sys.modules["wfanalytics.report.twin"].render_twin(SHORT_NOTEBOOK, title="Short")
    os.environ.clear()
    os.environ.update(before)
    # Objects made so far are never looked at again by the collector, so their pages stay shared.
    gc.collect()
    gc.freeze()
    return tuple(cold)


COLD = warm_up()
