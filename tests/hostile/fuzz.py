"""Random settings, extracts and parameters: a plain message or an answer, never anything else.

``python -m tests.hostile.fuzz 100000`` (``make fuzz``) tries so many inputs and prints what came
of them; ``test_fuzz.py`` tries fewer. An input is the sample's own, damaged. It must be read or
refused by a message of ours, within :data:`SECONDS`, with no file written anywhere.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import yaml

from wfanalytics.clean.area import clean_area
from wfanalytics.errors import WfanalyticsError
from wfanalytics.parameter_list import PARAMETERS
from wfanalytics.parameters import parse_parameters
from wfanalytics.raw.area import read_area
from wfanalytics.raw.census import read_census
from wfanalytics.raw.outlook import read_outlook
from wfanalytics.raw.tables import read_sheets

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "data" / "raw" / "exampleshire"
SECONDS, LONGEST_MESSAGE = 30, 4_000
PIECES = [
    *(ROOT / "tests" / "disclosure" / "injections.txt").read_text("utf-8").splitlines(),
    "", " ", ",", ";", "\t", "\n", "\r", '"', "'", "\0", "\ufeff", "\u202e", "\u2028", "\ud800",
    "0", "-1", "1e999", "1e-999", "NaN", "inf", "00", "9" * 400, "0301", "١٢٣", "½", "1,5", "7%",
    "2020-13", "2020-02-30", "0000-00-00", "9999-12-31", "31/12/1899", "2020-09", "43983",
    "A" * 5000, "[" * 500, "{" * 500, "- " * 300, "null", "true", "~", ": ", "&a", "*a", "<<: *a",
]  # fmt: skip
#: Settings of small size that are read as a whole, and how many inputs in a hundred are of each.
FILES = {"profile.yml": 8, "targets.csv": 12, "events.csv": 12, "teams.csv": 12,
         "commentary.yml": 6, "outlook.yml": 6}  # fmt: skip
SHARES = {"parameters": 30, "extract": 10, "census": 3, "cleaning": 1} | FILES


def damage(content: bytes, rng: random.Random) -> bytes:
    """The content with a few pieces put in, cut out, doubled or changed."""
    changed = bytearray(content)
    for _ in range(rng.choice([1, 1, 2, 3, 8])):
        place = rng.randrange(len(changed) + 1)
        end = min(place + rng.choice([1, 2, 5, 20, 200]), len(changed))
        piece = rng.choice(PIECES).encode("utf-8", "surrogatepass")
        what = rng.random()
        if what < 0.45:
            changed[place : rng.choice([place, end])] = piece
        elif what < 0.6:
            del changed[place:end]
        elif what < 0.75:
            changed[place:place] = changed[place:end]
        elif changed and what < 0.95:
            changed[place % len(changed)] = rng.randrange(256)
        else:
            changed = changed[:place]
    return bytes(changed)


class Fuzz:
    """A project folder of one small area, and one way to try each kind of input on it."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "data"
        self.area = self.data / "raw" / "exampleshire"
        self.area.mkdir(parents=True)
        self.whole = {name: (SAMPLE / name).read_bytes() for name in FILES}
        for name, content in self.whole.items():
            (self.area / name).write_bytes(content)
        self.extracts = [
            next(SAMPLE.glob("movements/*2020*.csv")).read_bytes()[:3000],
            next(SAMPLE.glob("caseload/*2020-09*")).read_bytes()[:4000],
        ]
        self.census = shorten_census(next(SAMPLE.glob("census/*.xml")).read_text("utf-8"))
        profile = yaml.safe_load(self.whole["profile.yml"])
        self.services = {"Safeguarding"}
        self.profile = profile

    def try_one(self, kind: str, rng: random.Random) -> None:
        """Make one input of a kind and read it."""
        if kind in FILES:
            return self.try_setting(kind, rng)
        method: Callable[[random.Random], None] = getattr(self, f"try_{kind}")
        return method(rng)

    def try_setting(self, name: str, rng: random.Random) -> None:
        """A settings file, damaged."""
        path = self.area / name
        path.write_bytes(damage(self.whole[name], rng))
        try:
            if name == "outlook.yml":
                read_outlook(self.area, services=self.services)
            else:
                read_area("exampleshire", data_dir=self.data)
        finally:
            path.write_bytes(self.whole[name])

    def try_parameters(self, rng: random.Random) -> None:
        """Names and values as typed, and an area that may not exist."""
        names = [*PARAMETERS] if rng.random() < 0.7 else rng.sample(PIECES, 5)
        given = {rng.choice(names): rng.choice(PIECES) for _ in range(rng.choice([1, 1, 2]))}
        parse_parameters(given, allowed=list(PARAMETERS))
        if "area" in given:
            read_area(given["area"], data_dir=self.data)

    def try_extract(self, rng: random.Random) -> None:
        """A list of movements or cases, damaged."""
        path = self.area / "damaged.csv"
        path.write_bytes(damage(rng.choice(self.extracts), rng))
        try:
            read_sheets(path, root=self.area)
        finally:
            path.unlink()

    def try_census(self, rng: random.Random) -> None:
        """A short return, damaged."""
        path = self.area / "damaged.xml"
        path.write_bytes(damage(self.census, rng))
        try:
            read_census(path)
        finally:
            path.unlink()

    def try_cleaning(self, rng: random.Random) -> None:
        """A whole area of one damaged list."""
        place = self.area / "movements"
        place.mkdir(exist_ok=True)
        (place / "2020-21.csv").write_bytes(damage(self.extracts[0], rng))
        try:
            clean_area(read_area("exampleshire", data_dir=self.data))
        finally:
            shutil.rmtree(place)


def shorten_census(text: str) -> bytes:
    """A return of its first three workers."""
    end = "</CSWWWorker>"
    parts = text.split(end)
    last = parts[-1]
    return (end.join(parts[:3]) + end + last).encode()


def run_fuzz(count: int, *, seed: int = 0, share: tuple[int, int] = (0, 1)) -> Counter[str]:
    """Try ``count`` inputs; how many of each kind were read and refused.

    Raises
    ------
    AssertionError
        naming the inputs by kind and number, for a fault, a hang or a file that was written.
    """
    kinds, weights = list(SHARES), list(SHARES.values())
    outcomes: Counter[str] = Counter()
    longest, faults = (0, "", 0), list[str]()
    signal.signal(signal.SIGALRM, _stop)
    with tempfile.TemporaryDirectory() as folder:
        fuzz = Fuzz(Path(folder))
        before = _list(Path(folder))
        for number in range(share[0], count, share[1]):
            rng = random.Random(f"{seed} {number}")
            kind = rng.choices(kinds, weights)[0]
            signal.alarm(SECONDS)
            try:
                fuzz.try_one(kind, rng)
                outcomes[f"{kind} read"] += 1
            except WfanalyticsError as error:
                outcomes[f"{kind} refused"] += 1
                longest = max(longest, (len(str(error)), kind, number))
            except Exception as error:
                faults.append(f"{kind} {number}: {type(error).__name__} {str(error)[:200]}")
            finally:
                signal.alarm(0)
        assert faults == []
        assert longest[0] < LONGEST_MESSAGE, longest
        left = _list(Path(folder)) - before
        assert {path for path in left if "processed" not in path.parts} == set()
    return outcomes


def _stop(number: int, frame: object) -> None:
    raise TimeoutError(f"more than {SECONDS} seconds")


def _list(folder: Path) -> set[Path]:
    return set(folder.rglob("*"))


def main() -> None:
    """Try the number of inputs asked for on both cores, and print what came of them."""
    from multiprocessing import get_context

    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    cores = os.cpu_count() or 1
    started = time.perf_counter()
    with get_context("spawn").Pool(cores) as pool:
        found = pool.starmap(_run_share, [(count, core, cores) for core in range(cores)])
    outcomes = sum(found, Counter())
    rows = pd.Series(outcomes).rename_axis("input").sort_index()
    print(rows.to_string(), f"\n{rows.sum():,} inputs in {time.perf_counter() - started:.0f} s")


def _run_share(count: int, core: int, cores: int) -> Counter[str]:
    return run_fuzz(count, share=(core, cores))


if __name__ == "__main__":
    main()
