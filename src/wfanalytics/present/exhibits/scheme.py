"""Who is in the retention scheme, and who is outside it?"""

from __future__ import annotations

import pandas as pd

from wfanalytics.analysis.scheme import SERVICE_BANDS, calculate_take_up
from wfanalytics.measures.area_data import AreaData, list_withheld
from wfanalytics.periods import format_month
from wfanalytics.present.charts import plot_bars
from wfanalytics.present.exhibit import Exhibit
from wfanalytics.present.exhibits.build import NoFigureError, make_exhibit, needs_extracts
from wfanalytics.present.exhibits.simple import show_numbers, show_share
from wfanalytics.rounding import format_number

NOTE = (
    "Permanent social workers whose staff list says whether they signed, each counted once. "
    "Parts with {some} people signed, or not signed, are withheld, and those that would give "
    "another figure away."
)


@needs_extracts("Who is in the retention scheme, and who is outside it?")
def retention_scheme(data: AreaData) -> Exhibit:
    """Take-up of the retention scheme, and those outside it by service and length of service."""
    when = format_month(data.month)
    workers = data.tables["workers"]
    now = workers[workers["as_at"] == data.month]
    rules = data.disclosure
    whole = calculate_take_up(now, rules=rules)
    if whole.empty:
        raise NoFigureError(f"The staff list of {when} does not say who is in a retention scheme.")
    total = whole.iloc[0]
    services = calculate_take_up(
        now, by="service", rules=rules,
        withheld=list_withheld(data, "inpost_headcount", level="service", at=data.month),
    )  # fmt: skip
    lengths = calculate_take_up(now, by="length", rules=rules)
    order = [name for _, name in SERVICE_BANDS]
    lengths = lengths.set_index("area_name").reindex(order).dropna(subset="as_at").reset_index()
    parts = pd.concat([services, lengths], ignore_index=True)
    signed, asked, outside = (format_number(total[name]) for name in ("signed", "asked", "outside"))
    percent = show_share(total["share"])
    sentences = [
        f"In {when}, {signed} of {asked} permanent social workers ({percent}) were in the "
        f"retention scheme; {outside} were not.",
        *_compare(data, total["share"]),
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
        f"{name} {share}"
        for name, share in zip(services["area_name"], _shares(services), strict=True)
    )
    return make_exhibit(
        data, headline=f"{percent} are in the retention scheme, {outside} people are outside it",
        subtitle=f"Permanent social workers in the retention scheme, {data.name}, {when}",
        sentences=sentences, source="posts", axes=axes, alt=alt, description=f"{alt} {each}.",
        table=_tabulate(parts), caption=f"In the retention scheme and outside it, people, {when}",
        notes=[NOTE],
    )  # fmt: skip


def _compare(data: AreaData, share: float) -> list[str]:
    """A year before, where the lists of that month say it."""
    before, workers = data.month - pd.offsets.MonthEnd(12), data.tables["workers"]
    then = calculate_take_up(workers[workers["as_at"] == before], rules=data.disclosure)
    if then.empty:
        return []
    was = show_share(then["share"].iloc[0])
    verb = "it was also" if was == show_share(share) else "it was"
    return [f"A year before, in {format_month(before)}, {verb} {was}."]


def _shares(parts: pd.DataFrame) -> list[str]:
    return [show_share(share) for share in parts["share"].where(parts["status"] == "ok")]


def _tabulate(parts: pd.DataFrame) -> pd.DataFrame:
    columns = {"signed": "In the scheme", "outside": "Outside it", "asked": "Asked"}
    table = pd.DataFrame({"Part": parts["area_name"]})
    for name, heading in columns.items():
        table[heading] = show_numbers(parts[name].where(parts["status"] == "ok"))
    return table.assign(**{"Share in it": _shares(parts)})
