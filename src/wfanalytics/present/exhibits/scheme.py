"""Who is in the retention scheme, and who is outside it?"""

from __future__ import annotations

import pandas as pd

from wfanalytics.analysis.scheme import SERVICE_BANDS, calculate_take_up
from wfanalytics.measures.area_data import AreaData
from wfanalytics.periods import format_month
from wfanalytics.present.axes import figure_of
from wfanalytics.present.charts import plot_bars
from wfanalytics.present.exhibit import Exhibit
from wfanalytics.present.exhibits import common
from wfanalytics.rounding import format_number

QUESTION = "Who is in the retention scheme, and who is outside it?"
NOTE = (
    "Permanent social workers whose staff list says whether they signed, each counted once. "
    "Parts with one to four people signed, or not signed, are withheld."
)


@common.needs_extracts(QUESTION)
def retention_scheme(data: AreaData) -> Exhibit:
    """Take-up of the retention scheme, and those outside it by service and length of service."""
    when = format_month(data.month)
    workers = data.tables["workers"]
    now = workers[workers["as_at"] == data.month]
    whole = calculate_take_up(now)
    if whole.empty:
        reason = f"The staff list of {when} does not say who is in a retention scheme."
        return common.make_unavailable(
            data, key="retention_scheme", question=QUESTION, reason=reason
        )
    total = whole.iloc[0]
    services, lengths = (calculate_take_up(now, by=by) for by in ("service", "length"))
    order = [name for _, name in SERVICE_BANDS]
    lengths = lengths.set_index("area_name").reindex(order).dropna(subset="as_at").reset_index()
    parts = pd.concat([services, lengths], ignore_index=True)
    signed, asked, outside = (format_number(total[name]) for name in ("signed", "asked", "outside"))
    percent = f"{format_number(total['share'] * 100)}%"
    sentences = [
        f"In {when}, {signed} of {asked} permanent social workers ({percent}) were in the "
        f"retention scheme; {outside} were not.",
        *_compare(workers, data.month, total["share"]),
    ]
    axes = plot_bars(
        services.rename(columns={"share": "value"}), is_percent=True,
        label=f"Share in the retention scheme, by service, {when}",
    )  # fmt: skip
    alt = (
        f"Bar chart, {data.name}, {when}: share of permanent social workers in the retention "
        f"scheme, by service; {percent} in all."
    )
    each = "; ".join(
        f"{row.area_name} {_show(row.share * 100, row.status)}{'%' if row.status == 'ok' else ''}"
        for row in services.itertuples()
    )
    return Exhibit(
        key="retention_scheme", question=QUESTION,
        headline=f"{percent} are in the retention scheme, {outside} people are outside it",
        subtitle=f"Permanent social workers in the retention scheme, {data.name}, {when}",
        sentences=tuple(sentences), figure=figure_of(axes), alt_text=alt,
        description=f"{alt} {each}.", table=_tabulate(parts),
        table_caption=f"In the retention scheme and outside it, people, {when}",
        source=common.name_source(data, "posts"), notes=common.list_notes(data, more=[NOTE]),
    )  # fmt: skip


def _compare(workers: pd.DataFrame, month: pd.Timestamp, share: float) -> list[str]:
    """A year before, where the lists of that month say it."""
    before = month - pd.offsets.MonthEnd(12)
    then = calculate_take_up(workers[workers["as_at"] == before])
    if then.empty:
        return []
    was = f"{format_number(then['share'].iloc[0] * 100)}%"
    now = f"{format_number(share * 100)}%"
    verb = "it was also" if was == now else "it was"
    return [f"A year before, in {format_month(before)}, {verb} {was}."]


def _show(number: float, status: str) -> str:
    return format_number(number) if status == "ok" else "withheld"


def _tabulate(parts: pd.DataFrame) -> pd.DataFrame:
    columns = {"signed": "In the scheme", "outside": "Outside it", "asked": "Asked"}
    table = pd.DataFrame({"Part": parts["area_name"]})
    for name, heading in columns.items():
        table[heading] = [
            _show(number, status)
            for number, status in zip(parts[name], parts["status"], strict=True)
        ]
    table["Share in it"] = [
        f"{format_number(share * 100)}%" if status == "ok" else "withheld"
        for share, status in zip(parts["share"], parts["status"], strict=True)
    ]
    return table
