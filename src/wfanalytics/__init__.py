"""Workforce and caseload analytics for English children's services.

In a notebook::

    import wfanalytics as wf

    wf.use_style()
    data = wf.open_area("exampleshire")          # the newest month held; shows what is there
    wf.show(wf.exhibits.vacancy_trend(data))     # a finding of the paper
    wf.view(data, "caseload_fte", level="team")  # any measure, place and period
    wf.explore(data)                             # the same, chosen with the keyboard

``wf.`` and the tab key list these names, and ``wf.view?`` what one takes and gives. Everything
else is reached by its module, such as ``wfanalytics.present.charts.plot_stack``. Names are
loaded when they are first used, so that importing the package is quick.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wfanalytics.analysis.outlook_scenarios import set_outlook
    from wfanalytics.analysis.overrides import set_targets
    from wfanalytics.measures.area import open_area
    from wfanalytics.measures.area_data import select
    from wfanalytics.measures.definitions import find_definition
    from wfanalytics.parameters import check_parameters
    from wfanalytics.present import exhibits
    from wfanalytics.present.charts import plot_bars, plot_trend
    from wfanalytics.present.commentary import describe_measure
    from wfanalytics.present.exhibit import show
    from wfanalytics.present.explore import explore
    from wfanalytics.present.style import use_style
    from wfanalytics.present.tables import table_measures
    from wfanalytics.present.view import view

__version__ = "0.1.0"

#: Public name -> the module that has it.
_HOMES = {
    "check_parameters": "wfanalytics.parameters",
    "describe_measure": "wfanalytics.present.commentary",
    "explore": "wfanalytics.present.explore",
    "find_definition": "wfanalytics.measures.definitions",
    "open_area": "wfanalytics.measures.area",
    "plot_bars": "wfanalytics.present.charts",
    "plot_trend": "wfanalytics.present.charts",
    "select": "wfanalytics.measures.area_data",
    "set_outlook": "wfanalytics.analysis.outlook_scenarios",
    "set_targets": "wfanalytics.analysis.overrides",
    "show": "wfanalytics.present.exhibit",
    "table_measures": "wfanalytics.present.tables",
    "use_style": "wfanalytics.present.style",
    "view": "wfanalytics.present.view",
}

__all__ = [
    "check_parameters",
    "describe_measure",
    "exhibits",
    "explore",
    "find_definition",
    "open_area",
    "plot_bars",
    "plot_trend",
    "select",
    "set_outlook",
    "set_targets",
    "show",
    "table_measures",
    "use_style",
    "view",
]


def __getattr__(name: str) -> Any:
    if name == "exhibits":
        return importlib.import_module("wfanalytics.present.exhibits")
    if name in _HOMES:
        return getattr(importlib.import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'wfanalytics' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
