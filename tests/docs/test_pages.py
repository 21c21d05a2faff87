"""The pages made from the code are those the code makes now, and leave nothing out."""

from __future__ import annotations

import pytest
from tests.docs.pages import PAGES, list_messages

from wfanalytics.clean.census_rules import ALL_RULES
from wfanalytics.clean.rules import RULES
from wfanalytics.measures.definitions import DEFINITIONS


@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_what_the_code_makes(name, project_root):
    text = (project_root / "docs" / name).read_text("utf-8")
    assert text == PAGES[name](), "Run `python -m tests.docs.pages` and look at what changed."


def test_every_code_has_a_section_that_says_what_to_do(project_root):
    text = (project_root / "docs/messages.md").read_text("utf-8")
    for code, rule in ALL_RULES.items():
        section = text.partition(f"\n### {code}\n")[2].partition("\n### ")[0]
        assert f"- What to do: {rule.cure}\n" in section + "\n", code


def test_every_measure_has_a_section(project_root):
    text = (project_root / "docs/measures.md").read_text("utf-8")
    sections = [line for line in text.splitlines() if line.startswith("### ")]
    assert sections == [f"### `{measure}`" for measure in DEFINITIONS]


def test_messages_are_found_where_the_code_raises_them():
    """A few that were read in the source by eye."""
    reasons, stops, others = list_messages()
    assert "a second allocation: not counted" in reasons["C10"]
    assert any(text.startswith("The dates look American, month first.") for text in stops["A14"])
    text = "The file is empty. Ask for the extract again."
    assert text in others["Extracts"]
    assert set(reasons) == set(ALL_RULES) > set(RULES)
