"""docs/census.md says what the code does: its rules, limits and years."""

from __future__ import annotations

import pytest

from wfanalytics.clean.census_rules import REQUIRED, RULES
from wfanalytics.raw import census_reader
from wfanalytics.raw.census_shape import YEARS


@pytest.fixture(scope="module")
def page(project_root) -> str:
    return (project_root / "docs" / "census.md").read_text("utf-8")


def list_rules() -> str:
    """The table of rules in Markdown."""
    lines = ["| code | severity | what it finds | what the data's owner can do |",
             "|---|---|---|---|"]  # fmt: skip
    lines += [f"| {r.code} | {r.severity} | {r.title} | {r.cure} |" for r in RULES.values()]
    return "\n".join(lines)


def test_the_page_lists_every_rule_as_the_code_has_it(page):
    assert list_rules() in page, f"Put this table into docs/census.md:\n{list_rules()}"


def test_the_page_says_which_elements_and_years(page):
    text = " ".join(page.split())
    names = [*REQUIRED[3:-1]]
    assert f"birth date, sex, ethnicity, {', '.join(names)} and {REQUIRED[-1]}" in text
    assert f"The returns of {YEARS[0]} to {YEARS[-1]}" in text


def test_the_page_says_the_limits(page):
    text = " ".join(page.split())
    assert (
        f"more than {census_reader.MAX_BYTES // 1_000_000} MB, {census_reader.MAX_WORKERS:,} "
        f"workers, {census_reader.MAX_TEXT:,} characters in one element, "
        f"{census_reader.MAX_TOKEN // 1_000_000} MB in one tag, {census_reader.MAX_DEPTH} levels, "
        f"or {census_reader.MAX_NOTES} kinds"
    ) in text
    for name in ("UTF-8", "UTF-16", "ASCII", "ISO-8859-1", "Windows-1252"):
        assert any(name.lower() in encoding for encoding in census_reader.ENCODINGS)
        assert name in text
