"""Workforce and caseload analytics for English children's services.

In a notebook::

    import wfanalytics as wf

    wf.use_style()
    data = wf.open_area("exampleshire", month="2020-09")
    wf.show(wf.exhibits.vacancy_trend(data))

Names are loaded when they are first used, so that importing the package is quick.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wfanalytics.analysis.outlook_scenarios import set_outlook
    from wfanalytics.analysis.overrides import set_targets
    from wfanalytics.measures.area import open_area
    from wfanalytics.measures.area_data import AreaData, select
    from wfanalytics.parameters import check_parameters
    from wfanalytics.present import exhibits
    from wfanalytics.present.charts import plot_bars, plot_shares, plot_stack, plot_trend
    from wfanalytics.present.exhibit import Exhibit, show
    from wfanalytics.present.style import use_style
    from wfanalytics.raw.published import read_published

__version__ = "0.1.0"

#: Public name -> the module that has it.
_HOMES = {
    "AreaData": "wfanalytics.measures.area_data",
    "Exhibit": "wfanalytics.present.exhibit",
    "check_parameters": "wfanalytics.parameters",
    "open_area": "wfanalytics.measures.area",
    "plot_bars": "wfanalytics.present.charts",
    "plot_shares": "wfanalytics.present.charts",
    "plot_stack": "wfanalytics.present.charts",
    "plot_trend": "wfanalytics.present.charts",
    "read_published": "wfanalytics.raw.published",
    "select": "wfanalytics.measures.area_data",
    "set_outlook": "wfanalytics.analysis.outlook_scenarios",
    "set_targets": "wfanalytics.analysis.overrides",
    "show": "wfanalytics.present.exhibit",
    "use_style": "wfanalytics.present.style",
}

__all__ = [
    "AreaData",
    "Exhibit",
    "check_parameters",
    "exhibits",
    "open_area",
    "plot_bars",
    "plot_shares",
    "plot_stack",
    "plot_trend",
    "read_published",
    "select",
    "set_outlook",
    "set_targets",
    "show",
    "use_style",
]


def __getattr__(name: str) -> Any:
    if name == "exhibits":
        return importlib.import_module("wfanalytics.present.exhibits")
    if name in _HOMES:
        return getattr(importlib.import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'wfanalytics' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
