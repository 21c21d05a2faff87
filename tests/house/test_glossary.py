"""GLOSSARY.md has one line for each measure, in the words of its definition."""

from __future__ import annotations

from wfanalytics.measures.definitions import DEFINITIONS


def test_glossary_has_one_line_for_each_definition(project_root):
    lines = (project_root / "GLOSSARY.md").read_text(encoding="utf-8").splitlines()
    found = [line for line in lines if line.startswith("| `")]
    expected = [
        f"| `{item.id}` | {item.label} | {item.formula} | {item.unit} | {item.better} "
        f"| {item.is_not or '–'} | {item.source} |"
        for item in DEFINITIONS.values()
    ]
    assert found == expected


def test_glossary_explains_the_house_words(project_root):
    text = (project_root / "GLOSSARY.md").read_text(encoding="utf-8")
    words = (
        "measure", "area", "target", "benchmark", "phase", "special cause", "common cause",
        "variation", "assurance", "projection", "suppressed",
    )  # fmt: skip
    assert [word for word in words if f"| **{word}** |" not in text] == []
