"""The pages of ``docs/`` that are made from the code: ``python -m tests.docs.pages`` writes them.

A test compares what stands there with what is made here, so neither can go stale.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

import pandas as pd

from wfanalytics.clean.census_rules import ALL_RULES
from wfanalytics.clean.rules import Rule
from wfanalytics.measures.calculate import calculate_measures
from wfanalytics.measures.definition import Definition
from wfanalytics.measures.definitions import DEFINITIONS

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "wfanalytics"
ERRORS = ("InputError", "ParameterError", "MeasureError", "BusyError", "WfanalyticsError")
NOTED_BY = ("note", "note_file", "note_sheet", "note_absence", "refuse", "add", "_note")
SEVERITIES = {
    "E": "**E**: the row is not used, because the figure would be wrong.",
    "Q": "**Q**: the row is used; its owner should be asked.",
    "F": "**F**: repaired; nothing is lost.",
}
IN_RETURNS = {
    "E": "**E**: the return contradicts the census's own rules, and a figure may be wrong.",
    "Q": "**Q**: its owner should be asked, or will be asked by DfE.",
    "F": "**F**: read all the same.",
}
LETTERS = {
    "A": "every extract", "P": "posts", "W": "workers", "M": "movements", "C": "caseload",
    "L": "allocations", "R": "the census return",
}  # fmt: skip
#: Where a message comes from, by the start of its module's path; the first that fits.
PLACES = (
    ("raw/census clean/census", "Census returns"),
    ("raw/database", "Extracts that are queries of a database"),
    ("raw/fetch raw/download raw/published raw/neighbours raw/outlook", "The Department's files"),
    ("raw/area raw/stated settings clean/team_list clean/given clean/propose report/new_area "
     "report/extract_places report/area_text", "profile.yml and the files beside it"),
    ("raw clean frames", "Extracts"),
    ("report", "The report"),
    ("present analysis measures", "Figures, charts and tables"),
    ("", "Commands and parameters"),
)  # fmt: skip


# --- messages ------------------------------------------------------------------------------------
def read_calls() -> Iterator[tuple[str, ast.Call, Mapping[str, str]]]:
    """Every call in the source: its module, the call, and the module's constant texts."""
    for path in sorted(SOURCE.rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        constants = {
            node.targets[0].id: text
            for node in tree.body
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
            and (text := read_text(node.value, {}))
        }  # fmt: skip
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                yield path.relative_to(SOURCE).as_posix(), node, constants


def read_text(node: ast.expr | None, constants: Mapping[str, str]) -> str:
    """A text in the source, "…" where something is filled in; "" where it is not a text."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    if isinstance(node, ast.JoinedStr):
        parts = [read_text(part, constants) or "…" for part in node.values]
        return "".join(parts)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return (read_text(node.left, constants) or "…") + (read_text(node.right, constants) or "…")
    if isinstance(node, ast.Name):
        return constants.get(node.id, "")
    if isinstance(node, ast.Call) and name_call(node) == "unknown_name":
        kind = read_text(node.args[0], constants) or "…"
        return f"Unknown {kind} '…'. Did you mean '…'? Known: …."
    if isinstance(node, ast.Call) and name_call(node) in ("rstrip", "removesuffix"):
        return read_text(node.func.value, constants).rstrip(".")
    return ""


def name_call(node: ast.Call) -> str:
    return getattr(node.func, "attr", getattr(node.func, "id", ""))


def find_code(node: ast.Call) -> str:
    """The rule's code a call names, or ""."""
    values = [*node.args, *(key.value for key in node.keywords)]
    named = (one.value for one in values if isinstance(one, ast.Constant))
    return next((str(value) for value in named if value in ALL_RULES), "")


def describe_error(node: ast.Call, constants: Mapping[str, str]) -> str:
    """An error's problem, what is allowed and what to do, as its message has them."""
    given = {key.arg: key.value for key in node.keywords}
    texts = (read_text(one, constants) for one in [*node.args, given.get("problem")])
    problem = next((text for text in texts if text), "")
    if not problem.strip("… .:"):
        return ""
    text = problem[0].upper() + problem[1:].rstrip(".") + "."
    allowed, remedy = (read_text(given.get(name), constants) for name in ("allowed", "remedy"))
    text += f" Allowed: {allowed}." if allowed.strip("… ") else ""
    return f"{text} {remedy}" if remedy.strip("… ") else text


def list_messages() -> tuple[dict[str, list[str]], dict[str, list[str]], dict[str, list[str]]]:
    """Reasons in the ledger by code; errors by code; errors without one by where they arise."""
    reasons: dict[str, list[str]] = {code: [] for code in ALL_RULES}
    stops: dict[str, list[str]] = {code: [] for code in ALL_RULES}
    others: dict[str, list[str]] = {title: [] for _, title in PLACES}
    for module, node, constants in read_calls():
        name, code = name_call(node), find_code(node)
        if name in ERRORS or "remedy" in {key.arg for key in node.keywords}:
            text = describe_error(node, constants)
            found = stops[code] if code else others[name_place(module)]
        elif code and name in NOTED_BY:
            given = {key.arg: key.value for key in node.keywords}
            text, found = read_text(given.get("reason"), constants), reasons[code]
        else:
            continue
        if text and text not in found:
            found.append(text)
    return reasons, stops, others


def name_place(module: str) -> str:
    return next(
        title for starts, title in PLACES
        if not starts or any(module.startswith(start) for start in starts.split())
    )  # fmt: skip


def write_rule(rule: Rule, reasons: list[str], stops: list[str]) -> list[str]:
    """One code's section."""
    lines = [f"### {rule.code}", "", f"**{rule.title[0].upper()}{rule.title[1:]}.**", ""]
    meanings = IN_RETURNS if rule.code[0] == "R" else SEVERITIES
    lines += [f"- Usually {meanings[rule.severity]}", f"- What to do: {rule.cure}"]
    lines += [f"- Said as: “{text}”" for text in reasons if text != rule.title]
    lines += [f"- Stops the extract: “{text}”" for text in stops]
    return [*lines, ""]


MESSAGES_START = """\
# What each message means

<!-- Made by `python -m tests.docs.pages` from the code; a test compares. -->

Find the code `wfanalytics check` prints, or search this page for the words of the message. “…” is
where a message names your own file, column, month or number.

A message says where (file, sheet, row as a spreadsheet counts it, column), what was found, what is
allowed and what to do. It never shows a row about a person. Mend the file at its source and put the
corrected file in place of the old one: nothing in `data/raw` is edited by hand or by wfanalytics.

The letter of a code says which extract it is about. Its severity says what becomes of the row:
E not used, Q used and asked about, F repaired. The one given here is the usual one; the ledger has
the one that held. [Cleaning](cleaning.md) explains the decisions behind the rules, [the census
return](census.md) those that begin with R.

| exit code | meaning |
|---|---|
| 0 | done; `check`: nothing to mend |
| 1 | `report`: a part or a figure is missing; the page says which. `check`: mend something |
| 2 | bad input or parameters: one message, nothing written. `check`: no report can be made |
| 3 | another run is making the same report |
| 130 | stopped with Ctrl-C or by the scheduler; no report was changed |
"""


def make_messages_page() -> str:
    """``docs/messages.md``: a section for each code, then the messages without one."""
    reasons, stops, others = list_messages()
    lines = [MESSAGES_START]
    for letter, about in LETTERS.items():
        lines += [f"## {letter}: {about}", ""]
        for rule in (one for one in ALL_RULES.values() if one.code[0] == letter):
            lines += write_rule(rule, reasons[rule.code], stops[rule.code])
    lines += ["## Messages without a code", ""]
    lines += ["These stop a command, or a part of a report, and say what to do themselves.", ""]
    for title, texts in sorted(others.items()):
        lines += [f"### {title}", "", *(f"- {text}" for text in sorted(texts)), ""]
    return "\n".join(lines).rstrip().replace("<", "&lt;").replace("&lt;!--", "<!--") + "\n"


# --- measures ------------------------------------------------------------------------------------
def find_tables() -> dict[str, list[str]]:
    """The clean tables each measure needs: those without which it is absent or another."""
    folder = ROOT / "tests" / "scenarios" / "exampleshire_truth"
    dates = {"posts": "as_at", "workers": "as_at", "movements": "date", "caseload": "week_ending"}
    tables = {
        name: frame[frame[date] > pd.Timestamp("2019-08-31")]
        for name, date in dates.items()
        for frame in [pd.read_parquet(folder / f"{name}.parquet")]
    }
    whole = read_values(tables)
    needed: dict[str, list[str]] = {measure: [] for measure in DEFINITIONS}
    for name in tables:
        left = read_values({key: table for key, table in tables.items() if key != name})
        for measure in DEFINITIONS:
            if left.get(measure) != whole[measure]:
                needed[measure].append(name)
    for measure, names in needed.items():
        # Who holds cases, and on what FTE, is the worker list's: it is joined while cleaning.
        if names == ["caseload"] and measure != "unallocated_cases":
            names.append("workers")
    return needed


def read_values(tables: Mapping[str, pd.DataFrame]) -> dict[str, list[str]]:
    """The authority's figures of each measure in the last month, as texts to compare."""
    frame = calculate_measures(tables, authority_code="E1", authority_name="Shire")
    rows = frame[frame["area_level"] == "authority"].sort_values("period_end")
    last = rows[rows["period_end"] == pd.Timestamp("2020-09-30")]
    figures = last["value"].round(6).astype(str)
    return {name: sorted(group) for name, group in figures.groupby(last["measure"])}


def write_measure(item: Definition, tables: list[str]) -> list[str]:
    """One measure's section."""
    letters = {name[0].upper() for name in tables}
    codes = [code for code, rule in ALL_RULES.items() if code[0] in letters and code[0] != "R"]
    facts = {
        "formula": item.formula,
        "numerator": item.numerator,
        "denominator": item.denominator or "none: a count or sum",
        "unit": f"{item.unit}, shown to {item.decimals} decimal{'s' * (item.decimals != 1)}",
        "period": item.basis,
        "better": item.better,
        "is not": item.is_not or "–",
        "source": item.source,
        "definition": f"version {item.version}",
        "made from": ", ".join(tables),
        "rules": " ".join(f"[{code}](messages.md#{code.lower()})" for code in codes),
    }
    lines = [f"### `{item.id}`", "", f"**{item.label[0].upper()}{item.label[1:]}**", ""]
    return [*lines, *(f"- {key}: {text}" for key, text in facts.items()), ""]


MEASURES_START = """\
# How each number is made

<!-- Made by `python -m tests.docs.pages` from the code; a test compares. -->

Every figure in a report is one of these measures. Its parts travel with it: a rate is always one
sum divided by another, never a mean of rates, and both sums stand beside it in the tables.

1. An extract is read as it comes. Each repair, question and refusal is a row of the ledger, with
   its [rule](messages.md) ([cleaning](cleaning.md)).
2. The clean rows are added up by place and period: numerator, then denominator, then the division.
   A denominator of 0 is "not applicable". A month without an extract is "missing", never 0.
3. Figures about part of an authority that rest on one to four people are withheld.
4. Rates are fractions from 0 to 1 in every file of ours and per cent on every chart. Halves are
   rounded up, once, when a number is shown.

"Made from" names the clean tables without which a figure is absent or another; the rules are those
of these tables. Those that begin with A touch every measure. The words are those of the
[glossary](../GLOSSARY.md), from the same place in the code.
"""


def make_measures_page() -> str:
    """``docs/measures.md``: a section for each measure, grouped by the tables it is made from."""
    needed = find_tables()
    lines = [MEASURES_START]
    for item in DEFINITIONS.values():
        lines += write_measure(item, needed[item.id])
    return "\n".join(lines).rstrip() + "\n"


PAGES = {"messages.md": make_messages_page, "measures.md": make_measures_page}

if __name__ == "__main__":
    for name, make in PAGES.items():
        (ROOT / "docs" / name).write_text(make(), encoding="utf-8", newline="\n")
        print(f"docs/{name}")
