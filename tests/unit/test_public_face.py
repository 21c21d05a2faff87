"""The dozen names of ``import wfanalytics as wf``: found by tab, told by their own help."""

from __future__ import annotations

import doctest
import inspect
import re
import subprocess
import sys

import pytest

import wfanalytics as wf
from wfanalytics.errors import WfanalyticsError
from wfanalytics.measures.definitions import DEFINITIONS

FUNCTIONS = [name for name in wf.__all__ if name != "exhibits"]


def test_tab_lists_about_a_dozen_names():
    assert dir(wf) == sorted([*wf.__all__, "__version__"])
    assert 12 <= len(wf.__all__) <= 16


def test_every_name_is_listed_once_and_reached():
    assert set(wf._HOMES) == {*FUNCTIONS}
    for name in FUNCTIONS:
        assert getattr(wf, name).__name__ == name


@pytest.mark.parametrize("name", FUNCTIONS)
def test_help_has_an_example_that_runs(name):
    """pytest runs the example itself: it collects the doctests of ``src``."""
    function = getattr(wf, name)
    examples = doctest.DocTestFinder(recurse=False).find(function, name)
    assert sum(len(test.examples) for test in examples) >= 1
    assert len(inspect.getdoc(function).splitlines()[0]) > 20


@pytest.mark.parametrize("name", wf.exhibits.__all__)
def test_every_exhibit_says_what_it_is(name):
    assert inspect.getdoc(getattr(wf.exhibits, name))


def test_the_page_on_exploring_names_them_all(project_root):
    page = (project_root / "docs" / "explore.md").read_text("utf-8")
    table = page.split("| name | gives |")[1].split("\n\n")[0]
    named = [name for row in table.splitlines() for name in re.findall(r"`(\w+)`", row[:60])]
    assert sorted(named) == sorted(wf.__all__)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'plot_pie'"):
        wf.plot_pie  # noqa: B018


def test_the_explorer_loads_no_widgets_until_it_is_asked_for():
    code = "import sys, wfanalytics as wf; wf.open_area; print('ipywidgets' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@pytest.mark.parametrize("definition", DEFINITIONS.values(), ids=lambda d: d.id)
def test_help_and_glossary_say_the_same_of_a_measure(definition, project_root):
    rows = (project_root / "GLOSSARY.md").read_text("utf-8").splitlines()
    [row] = [row for row in rows if row.startswith(f"| `{definition.id}` |")]
    _, _, label, formula, unit, better, is_not, source, _ = (
        cell.strip() for cell in row.split("|")
    )
    said = str(wf.find_definition(definition.id))
    assert said.casefold().startswith(f"{label} ({unit}, ".casefold())
    assert f": {formula}." in said
    assert said.endswith(f" Source: {source}.")
    assert (" It is not " in said) == (is_not != "–")
    assert is_not == "–" or f" It is not {is_not}." in said
    assert (f"; better: {better}): " in said) == (better != "neither")


def test_a_definition_shows_itself_in_words():
    shown = wf.find_definition("vacancy_rate_fte")._repr_html_()
    assert shown.startswith("<p>Vacancy rate before agency cover (percent, snapshot; better: lower")
    with pytest.raises(WfanalyticsError, match="Did you mean 'vacancy_rate_fte'"):
        wf.find_definition("vacancy_rate_ft")
