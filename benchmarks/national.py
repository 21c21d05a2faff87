"""Times cleaning and adding up a national caseload against plain pandas. Changes nothing.

153 authorities, 104 weeks and 630 workers each: ten million rows in one CSV file, a few of them
twice or with the team written another way. Each side runs in a process of its own, in turn, and
says how much memory it took at most; the two must give the same sums. It takes minutes:
``python benchmarks/national.py [ROUNDS [WORKERS]]``.
"""

from __future__ import annotations

import datetime
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from wfanalytics.clean.caseload_sums import aggregate_caseload
from wfanalytics.clean.identity import FICTIONAL_KEY, pseudonymise
from wfanalytics.raw.area import Area
from wfanalytics.settings import Profile, TeamAlias

WEEKS, WORKERS, ROUNDS = 104, 153 * 630, 3
TEAMS = [f"Team {n}" for n in range(1_530)]
FIRST = 100_000
COUNTS = {"CIN": "cases_cin", "CP": "cases_cp", "LAC": "cases_cla", "Carers": "cases_carer"}


def write_caseload(path: Path, workers: int) -> None:
    random = np.random.default_rng(1)
    people = [f"SW{FIRST + n},{TEAMS[n % len(TEAMS)]}" for n in range(workers)]
    with path.open("w", encoding="utf-8") as file:
        file.write("Week ending,Worker,Team,CIN,CP,LAC,Carers\n")
        for week in pd.date_range("2018-07-08", periods=WEEKS, freq="7D"):
            counts = [random.integers(0, most, workers).tolist() for most in (11, 5, 7)]
            odd = random.integers(0, workers, workers // 1_000).tolist()
            lines = [
                f"{week:%d/%m/%Y},{who},{a},{b},{c},0\n"
                for who, a, b, c in zip(people, *counts, strict=True)
            ]
            for place in odd:
                lines[place] = lines[place].replace("Team", "TEAM ")
            file.writelines([*lines, *(lines[place] for place in odd[:20])])


def list_workers(workers: int) -> pd.DataFrame:
    """The worker list of the first month: FTE is joined where a week has a list."""
    names = [pseudonymise(f"SW{FIRST + n}", key=FICTIONAL_KEY) for n in range(workers)]
    return pd.DataFrame(
        {"as_at": pd.Timestamp("2018-07-31"), "worker_id": names, "post_id": "",
         "role": "case_holder", "employment": "permanent", "fte": 1.0, "fte_status": "ok",
         "is_newly_qualified": False}
    )  # fmt: skip


def add_up_ours(path: Path, workers: int) -> pd.DataFrame:
    profile = Profile(area="nation", name="Nation", fictional=True, authority_code="E92000001",
                      sources={"caseload": {"folder": "caseload"}})  # fmt: skip
    since = datetime.date(2000, 1, 1)
    teams = tuple(
        TeamAlias(as_written=team, team=team, service=team, locality="England", valid_from=since)
        for team in TEAMS
    )
    area = Area(path.parent, profile, (), (), teams)
    return aggregate_caseload(path, area, key=FICTIONAL_KEY, workers=list_workers(workers)).sums


def add_up_plainly(path: Path, workers: int) -> pd.DataFrame:
    """As an analyst writes it in pandas, a column at a time, without a ledger or any check."""
    rows = pd.read_csv(path, dtype=str)
    rows["week_ending"] = pd.to_datetime(rows["Week ending"].str.strip(), format="%d/%m/%Y")
    number = rows["Worker"].str.replace(r"\s", "", regex=True).str.upper()
    rows["number"] = "SW" + number.str.extract(r"^(?:[A-Z]{2})?(\d{1,10})$")[0]
    names = {one: pseudonymise(one, key=FICTIONAL_KEY) for one in rows["number"].unique()}
    rows["worker_id"] = rows["number"].map(names)
    written = rows["Team"].str.casefold().str.split().str.join(" ")
    rows["team"] = written.map({team.casefold(): team for team in TEAMS})
    for heading, name in COUNTS.items():
        text = rows[heading].str.strip().str.replace(",", "")
        rows[name] = pd.to_numeric(text.where(~text.str.lower().isin(["", "-", "n/a", "c", "x"])))
    rows["cases"] = rows[list(COUNTS.values())].sum(axis=1, min_count=1)
    rows = rows.drop_duplicates(["week_ending", "worker_id", "team"])
    rows["month"] = rows["week_ending"].dt.to_period("M")
    people = list_workers(workers).assign(month=pd.Period("2018-07", "M"))
    later = people.assign(month=pd.Period("2018-08", "M"))
    rows = rows.merge(pd.concat([people, later]), on=["month", "worker_id"], how="left")
    holder = (rows["cases"] > 0) & (rows["role"] != "support")
    rows = rows.assign(fte=rows["fte"].where(holder), case_holders=holder)
    names_of_sums = [*COUNTS.values(), "cases", "case_holders", "fte"]
    return rows.groupby(["week_ending", "team"], as_index=False)[names_of_sums].sum(min_count=1)


SIDES: dict[str, Callable[[Path, int], pd.DataFrame]] = {
    "aggregate_caseload": add_up_ours, "plain pandas": add_up_plainly,
}  # fmt: skip


def run_side(name: str, path: Path, workers: int) -> None:
    """One side, in this process: seconds, peak megabytes and the sums' checksum."""
    start = time.perf_counter()
    sums = SIDES[name](path, workers)
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_024
    week = sums["week_ending"].dt.dayofyear
    check = sum((sums[one].fillna(0) * week).sum() for one in (*COUNTS.values(), "cases", "fte"))
    print(seconds, peak, len(sums), int(check))


def main() -> None:
    rounds, workers = [int(text) for text in sys.argv[1:]] + [ROUNDS, WORKERS][len(sys.argv) - 1 :]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "nation.csv"
        write_caseload(path, workers)
        rows = WEEKS * (workers + min(20, workers // 1_000))
        found: dict[str, list[list[str]]] = {name: [] for name in SIDES}
        for _ in range(rounds):
            for name, results in found.items():
                command = [sys.executable, __file__, "--side", name, str(path), str(workers)]
                done = subprocess.run(command, capture_output=True, text=True, check=True)
                results.append(done.stdout.split())
        size = path.stat().st_size / 1e6
    print(f"{rows:,} rows, {size:,.0f} MB, medians of {rounds}")
    print(f"{'side':22}{'median s':>10}{'rows/s':>12}{'peak MB':>10}{'ratio':>8}")
    plain = statistics.median(float(one[0]) for one in found["plain pandas"])
    for name, results in found.items():
        seconds = statistics.median(float(one[0]) for one in results)
        peak = max(float(one[1]) for one in results)
        print(f"{name:22}{seconds:10.1f}{rows / seconds:12,.0f}{peak:10,.0f}{seconds / plain:8.2f}")
    if len({tuple(one[2:]) for results in found.values() for one in results}) > 1:
        sys.exit("The two sides do not give the same sums.")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--side"]:
        run_side(sys.argv[2], Path(sys.argv[3]), int(sys.argv[4]))
    else:
        main()
