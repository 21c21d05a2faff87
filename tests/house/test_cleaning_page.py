"""docs/cleaning.md lists the rules as the code has them."""

from __future__ import annotations

from wfanalytics.clean.rules import RULES
from wfanalytics.raw.tables import BOOK_SUFFIXES, TEXT_SUFFIXES
from wfanalytics.settings import INTERNAL_MOVE_DAYS


def list_rules() -> str:
    """The table of rules in Markdown."""
    lines = ["| code | severity | what it finds | what the data's owner can do |",
             "|---|---|---|---|"]  # fmt: skip
    lines += [f"| {r.code} | {r.severity} | {r.title} | {r.cure} |" for r in RULES.values()]
    return "\n".join(lines)


def test_the_page_lists_every_rule_as_the_code_has_it(project_root):
    text = (project_root / "docs" / "cleaning.md").read_text("utf-8")
    assert list_rules() in text, f"Put this table into docs/cleaning.md:\n{list_rules()}"


def test_every_rule_has_its_test(project_root):
    tests = "".join(path.read_text("utf-8") for path in (project_root / "tests/unit").glob("*.py"))
    assert [code for code in RULES if f'"{code}"' not in tests] == []


def test_the_page_says_which_files_and_how_many_days(project_root):
    text = (project_root / "docs" / "cleaning.md").read_text("utf-8")
    for suffix in (*BOOK_SUFFIXES, *TEXT_SUFFIXES):
        assert f"`{suffix}`" in text
    assert f"within {INTERNAL_MOVE_DAYS} days" in text
