"""What papermill finds by this package's entry point: ``papermill --engine wfanalytics``.

papermill loads it while papermill is being imported: nothing here needs it before a notebook runs.
"""

from __future__ import annotations

from typing import Any


class _WhenAsked:
    """The forking engine, imported when papermill first asks something of it."""

    def __getattr__(self, name: str) -> Any:
        from wfanalytics.report.engine import ForkEngine

        return getattr(ForkEngine, name)


REGISTERED_ENGINE = _WhenAsked()
