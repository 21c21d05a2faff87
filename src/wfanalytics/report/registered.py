"""What papermill finds by this package's entry point: ``papermill --engine wfanalytics``.

papermill loads it while it is itself being imported, so nothing here needs papermill until it runs.
"""

from __future__ import annotations

from typing import Any


class RegisteredEngine:
    """The forking engine, imported when a notebook is run with it."""

    @classmethod
    def execute_notebook(cls, *args: Any, **kwargs: Any) -> Any:
        """As papermill's engines do it; see :class:`wfanalytics.report.engine.ForkEngine`."""
        from wfanalytics.report.engine import ForkEngine

        return ForkEngine.execute_notebook(*args, **kwargs)
