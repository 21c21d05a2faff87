"""Times withholding small counts: the sample's whole frame, and 150 authorities of 2,500 teams.

Prints seconds and how much was withheld; changes nothing. Run it with
``python benchmarks/disclosure.py``.
"""

from __future__ import annotations

import time

import numpy as np
import pandas as pd

from wfanalytics.measures.area import open_area
from wfanalytics.measures.calculate import calculate_measures
from wfanalytics.measures.disclosure import mask_small_counts

AUTHORITIES, TEAMS, SEED = 150, 2_500, 8


def make_authorities() -> tuple[pd.DataFrame, dict[str, dict[str, str]]]:
    """One month's agency staff of every team, its service and its locality; totals beside them."""
    draw = np.random.default_rng(SEED)
    authority = np.sort(draw.integers(0, AUTHORITIES, TEAMS))
    rows = pd.DataFrame({"source": [f"la{n}" for n in authority],
                         "team": [f"t{n}" for n in range(TEAMS)],
                         "value": draw.poisson(6, TEAMS).astype(float)})  # fmt: skip
    for level, number in (("service", 5), ("locality", 4)):
        parts = draw.integers(0, number, TEAMS)
        rows[level] = [f"{a}-{p}" for a, p in zip(rows["source"], parts, strict=True)]
    frames = [
        rows.groupby(["source", level])["value"].sum().reset_index()
        .rename(columns={level: "area_code"}).assign(area_level=level)
        for level in ("team", "service", "locality")
    ]  # fmt: skip
    frame = pd.concat(frames, ignore_index=True)
    parents = {level: dict(zip(rows["team"], rows[level], strict=True))
               for level in ("service", "locality")}  # fmt: skip
    return frame.assign(
        measure="agency_headcount", period_end=pd.Timestamp("2020-09-30"), status="ok",
        period_type="snapshot", numerator=frame["value"], denominator=np.nan,
    ), parents  # fmt: skip


def time_masking(name: str, frame: pd.DataFrame, parents: dict[str, dict[str, str]]) -> None:
    seconds = []
    for _ in range(3):
        start = time.perf_counter()
        masked = mask_small_counts(frame, parents=parents)
        seconds.append(time.perf_counter() - start)
    hidden = int((masked["status"] == "suppressed").sum())
    print(f"{name}: {len(frame):,} figures, {hidden:,} withheld, "
          f"first {seconds[0]:.2f} s, then {min(seconds[1:]):.2f} s")  # fmt: skip


if __name__ == "__main__":
    data = open_area("exampleshire", month="2020-09")
    sample = calculate_measures(
        data.tables, authority_code="X10000001", authority_name=data.name, band=data.band
    )
    time_masking("Exampleshire, 42 months", sample, data.parents)
    time_masking(f"{AUTHORITIES} authorities, {TEAMS:,} teams, one month", *make_authorities())
