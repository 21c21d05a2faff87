"""Does our own census return agree with our lists and with what was published?"""

from __future__ import annotations

import math

import pandas as pd

from wfanalytics.analysis.returns import compare_return
from wfanalytics.clean.census_rules import ALL_RULES
from wfanalytics.measures.area_data import AreaData
from wfanalytics.measures.definitions import find_definition
from wfanalytics.periods import format_date
from wfanalytics.present.exhibit import Exhibit
from wfanalytics.present.exhibits.build import NoFigureError, make_exhibit, needs_extracts
from wfanalytics.present.words import each_row, format_value, sentence_case
from wfanalytics.rounding import format_number

#: Rules said one by one; the check command lists all.
MOST_RULES = 5
_NOT_HERE = "not here"
_DONE = {"E": "a figure may be wrong", "Q": "to be asked", "F": "read all the same"}


@needs_extracts("Does our census return agree with our own lists?")
def quality_census(data: AreaData) -> Exhibit:
    """The latest census return beside our own lists of that day and DfE's published figures."""
    rows = compare_return(data)
    if rows.empty:
        raise NoFigureError("There is no census return up to this month in the area's folder.")
    when = format_date(rows["period_end"].iloc[0])
    both = rows[rows["returned"].notna() & rows["ours"].notna()]
    same = int(both["is_same_as_ours"].sum())
    count = f"All {same}" if same == len(both) else f"{same} of {len(both)}"
    return make_exhibit(
        data, headline=f"{count} figures of the return agree with our own lists",
        subtitle=f"Census return, own lists and published figures, {data.name}, {when}",
        sentences=(*_describe_differences(both), _describe_published(rows), *_list_rules(data)),
        source=f"{data.name}'s census return and extracts.", table=_tabulate(rows),
        caption=f"Census return and our own lists, {when}", notes=[_NOTE],
    )  # fmt: skip


_NOTE = (
    "The return is made weeks later, from another system: late leavers and posts created since "
    "make the two differ. Figures are compared as printed."
)


def _describe_differences(both: pd.DataFrame) -> list[str]:
    said = []
    for row in each_row(both[~both["is_same_as_ours"]]):
        definition = find_definition(row.measure)
        returned, ours = (format_value(x, definition) for x in (row.returned, row.ours))
        said.append(f"{sentence_case(definition.label)}: {returned} returned, {ours} in our lists.")
    return said


def _describe_published(rows: pd.DataFrame) -> str:
    has = rows["published"].notna() & rows["returned"].notna()
    if not has.any():
        return "DfE's published figures for that day and authority are not here to compare with."
    same = int(rows.loc[has, "is_same_as_published"].sum())
    return f"{same} of {int(has.sum())} figures are the same as DfE published, as printed."


def _list_rules(data: AreaData) -> list[str]:
    """The rules that fired in returns, with how often; nobody's row."""
    is_census = (data.repairs["table"] == "census") & data.repairs["rule"].str.startswith("R")
    counts = data.repairs[is_census].groupby(["severity", "rule"]).size()
    said = [
        f"{rule}, {_DONE[severity]}: {ALL_RULES[rule].title}, {format_number(count)} "
        f"{'time' if count == 1 else 'times'}."
        for (severity, rule), count in counts.items()
    ]
    if not said:
        return ["None of the census's rules fired."]
    more = [f"{len(said) - MOST_RULES} more rules fired; wfanalytics check lists all."]
    return said[:MOST_RULES] + (more if len(said) > MOST_RULES else [])


def _tabulate(rows: pd.DataFrame) -> pd.DataFrame:
    table = {"Figure": [sentence_case(find_definition(name).label) for name in rows["measure"]]}
    for heading, name in (("Return", "returned"), ("Our lists", "ours"),
                          ("Published", "published")):  # fmt: skip
        table[heading] = [
            _NOT_HERE if math.isnan(value) else format_value(value, find_definition(measure))
            for measure, value in zip(rows["measure"], rows[name], strict=True)
        ]
    table["Same"] = ["yes" if same else "no" for same in rows["is_same_as_ours"]]
    return pd.DataFrame(table)
