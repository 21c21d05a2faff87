"""Can we trust this month?"""

from __future__ import annotations

import pandas as pd

from wfanalytics.clean.census_rules import ALL_RULES
from wfanalytics.measures.area_data import AreaData, select
from wfanalytics.measures.definition import round_shown
from wfanalytics.measures.definitions import find_definition
from wfanalytics.periods import format_date, format_month
from wfanalytics.present.charts import plot_bars
from wfanalytics.present.exhibit import Exhibit
from wfanalytics.present.exhibits.build import NoFigureError, make_exhibit, needs_extracts
from wfanalytics.present.words import NO_FIGURE, format_value, sentence_case
from wfanalytics.rounding import format_number

_DATES = {
    "posts": "as_at", "workers": "as_at", "movements": "date", "caseload": "week_ending",
    "summary": "month", "allocations": "start_date",
}  # fmt: skip
NAMES = {
    "posts": "Establishment", "workers": "Staff lists", "movements": "Starters and leavers",
    "caseload": "Weekly caseload", "summary": "Monthly summary", "census": "Census returns",
    "allocations": "Children's allocations",
}  # fmt: skip
MOST_RULES = 12
#: What was done with a row, by its rule's severity and whether it was refused.
DONE_WORDS = {
    ("E", True): "not used", ("F", True): "left out as a repeat", ("F", False): "repaired",
    ("Q", False): "used, to be asked about", ("E", False): "used, may be wrong",
}  # fmt: skip


@needs_extracts("Is everything here, and is it fresh?")
def quality_files(data: AreaData) -> Exhibit:
    """Extracts read: files, dates covered, rows read, kept and refused."""
    rows = []
    for table, files in data.files.groupby("table", sort=False):
        name = str(table)
        dates = data.tables[name][_DATES[name]] if name in data.tables else files["latest"]
        rows.append(
            {
                "Extract": NAMES[str(table)],
                "Files": int(files["file"].nunique()),
                "First": _say_date(dates.min()),
                "Latest": _say_date(dates.max()),
                "Rows read": int(files["rows_read"].sum()),
                "Rows kept": int(files["rows_kept"].sum()),
                "Rows refused": int(files["rows_refused"].sum()),
            }
        )
    table = pd.DataFrame(rows)
    read, refused = int(table["Rows read"].sum()), int(table["Rows refused"].sum())
    gaps = data.repairs[(data.repairs["rule"] == "C11") & ~data.repairs["is_row_refused"]]
    gaps = gaps[~(pd.to_datetime(gaps["before"], errors="coerce") > data.month)]
    missing = [f"{reason[0].upper()}{reason[1:]}." for reason in gaps["reason"]]
    old = [
        f"{NAMES[name]} extracts stop at {format_date(frame[_DATES[name]].max())}."
        if len(frame)
        else f"{NAMES[name]} extracts have no row that can be used."
        for name, frame in data.tables.items()
        if not frame[_DATES[name]].max() > data.month - pd.offsets.MonthEnd(1)
    ]
    state = "Every extract reaches" if not old else "Not every extract reaches"
    return make_exhibit(
        data, headline=f"{state} {format_month(data.month)}",
        subtitle=f"Extracts read for {data.name}", sentences=(
            f"{format_number(read)} rows were read and {format_number(refused)} of them refused, "
            "each with a reason.",
            *old, *missing,
        ),
        source=f"{data.name}'s extracts.", table=table,
        caption=f"Extracts of {data.name}: files, dates and rows",
    )  # fmt: skip


def _say_date(date: pd.Timestamp) -> str:
    """The date; a table all of whose rows were refused has none."""
    return "none" if pd.isna(date) else format_date(date)


@needs_extracts("What was repaired, asked or refused?")
def quality_rules(data: AreaData) -> Exhibit:
    """Cleaning rules that fired, with the number of rows each touched."""
    key = ["rule", "severity", "is_row_refused"]
    counts = data.repairs.groupby(key).size().reset_index(name="rows")
    counts = counts.sort_values(["rows", "rule"], ascending=[False, True], ignore_index=True)
    if counts.empty:
        return make_exhibit(
            data, headline="Nothing was repaired, asked or refused", subtitle=data.name,
            sentences=("No cleaning rule fired.",), source=f"{data.name}'s extracts.",
        )  # fmt: skip
    titles = [ALL_RULES[rule].title for rule in counts["rule"]]
    done = [DONE_WORDS[s, bool(r)] for s, r in zip(counts[key[1]], counts[key[2]], strict=True)]
    names = [f"{sentence_case(title)} ({words})" for title, words in zip(titles, done, strict=True)]
    shown = counts.assign(name=names).head(MOST_RULES)
    axes = plot_bars(shown, value="rows", name="name", label="Rows each cleaning rule touched")
    sums = counts.groupby(done)["rows"].sum()
    words = "; ".join(
        f"{format_number(sums[word])} {word}" for word in DONE_WORDS.values() if word in sums
    )
    top = counts.iloc[0]
    alt = (
        f"Bar chart: rows each cleaning rule touched, {data.name}. Most: {titles[0]}, "
        f"{format_number(top['rows'])}."
    )
    table = {
        "Rule": counts["rule"],
        "What it found": titles,
        "What was done": done,
        "Rows": counts["rows"],
        "Cure": [ALL_RULES[rule].cure for rule in counts["rule"]],
    }
    return make_exhibit(
        data, headline=f"{len(set(counts['rule']))} cleaning rules fired, each row with a reason",
        subtitle=f"Rows touched by each rule, {data.name}, all months",
        sentences=(f"Rows touched: {words}.",),
        source=f"{data.name}'s extracts and repairs ledger.", axes=axes, alt=alt, table=table,
        caption="Cleaning rules that fired, most rows first",
    )  # fmt: skip


@needs_extracts("Do our figures agree with the council's own summary?")
def quality_summary(data: AreaData) -> Exhibit:
    """Figures of the council's own monthly summary beside those calculated from its extracts."""
    table = _compare_summary(data)
    if table.empty:
        raise NoFigureError("There is no monthly summary to compare with.")
    differs = table["Agrees"] == "no"
    latest = table[table["Month"] == table["Month"].iloc[-1]]
    shown = pd.concat([table[differs], latest]).drop_duplicates().reset_index(drop=True)
    wrong, alike = int(differs.sum()), int((table["Agrees"] == "yes").sum())
    count = "1 figure differs" if wrong == 1 else f"{wrong} figures differ"
    headline = (
        "Our figures agree with the council's own summary" if not differs.any()
        else f"{count} from the council's own summary"
    )  # fmt: skip
    return make_exhibit(
        data, headline=headline, subtitle=f"Stated and calculated figures, {data.name}",
        sentences=(
            f"{format_number(alike)} of {format_number(len(table))} stated "
            "figures are the same when calculated from the extracts.",
        ),
        source="summary", table=shown, caption="Figures that differ, and the latest month's",
    )  # fmt: skip


def _compare_summary(data: AreaData) -> pd.DataFrame:
    """One row a month and figure stated: as stated, as calculated, whether they agree."""
    rows = []
    stated = data.tables.get("summary", pd.DataFrame(columns=["month", "figure", "value"]))
    stated = stated[stated["value"].notna() & (stated["month"] <= data.month)]
    ours = {name: select(data, name).set_index("period_end") for name in set(stated["figure"])}
    for row in stated.sort_values(["month", "figure"]).itertuples():
        definition = find_definition(str(row.figure))
        own = ours[row.figure]["value"].get(row.month, float("nan"))
        same = round_shown(own, definition) == round_shown(row.value, definition)
        agrees = "yes" if same else NO_FIGURE if pd.isna(own) else "no"
        rows.append(
            {
                "Month": format_month(row.month),
                "Figure": definition.label,
                "Stated": format_value(row.value, definition),
                "Calculated": format_value(own, definition),
                "Agrees": agrees,
            }
        )
    return pd.DataFrame(rows, columns=["Month", "Figure", "Stated", "Calculated", "Agrees"])
