"""Times a batch of many areas: one job, two jobs, and a Dask cluster of two workers here.

``python benchmarks/batch.py 20`` copies the sample to 20 areas. With ``--published FILE MONTH``
that many authorities of a DfE file are reported on instead (0 for all of them). ``--ways two``
runs only what it names, of ``first``, ``one``, ``two`` and ``dask``; ``first`` also cleans.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from watch import watch

from wfanalytics.measures.published_area import list_published_areas

ROOT = Path(__file__).resolve().parents[1]
BATCH = (sys.executable, "-m", "wfanalytics", "batch")


def copy_sample(folder: Path, count: int) -> list[str]:
    """A project of ``count`` areas, each the sample under another name; the options of a batch."""
    raw = folder / "data" / "raw"
    sample = ROOT / "data" / "raw"
    shutil.copytree(ROOT / "notebooks", folder / "notebooks")
    shutil.copytree(sample / "published", raw / "published")
    for number in range(1, count + 1):
        name = f"copy{number:02}"
        shutil.copytree(sample / "exampleshire", raw / name)
        profile = (raw / name / "profile.yml").read_text("utf-8")
        text = profile.replace("area: exampleshire", f"area: {name}")
        (raw / name / "profile.yml").write_text(text, "utf-8")
    return ["--areas", "all", "--month", "2020-09", "--data-dir", str(folder / "data")]


def choose_authorities(folder: Path, count: int, file: str, month: str) -> list[str]:
    data = ROOT / "data"
    names = list(list_published_areas(month, published_file=file, data_dir=data))
    (folder / "names.txt").write_text("\n".join(names[: count or None]), "utf-8")
    return ["--areas", str(folder / "names.txt"), "--month", month, "--data-dir", str(data),
            "-p", "source", "published", "-p", "published_file", file]  # fmt: skip


@contextmanager
def start_cluster(folder: Path) -> Iterator[str]:
    """A scheduler and two workers, each a process; the scheduler's address."""
    note = folder / "scheduler.json"
    run = [sys.executable, "-m"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder}
    here = ["--host", "127.0.0.1"]
    started = [subprocess.Popen(
        [*run, "distributed.cli.dask_scheduler", *here, "--port", "0", "--no-dashboard",
         "--scheduler-file", str(note)], **quiet)]  # fmt: skip
    while not note.exists() or not note.read_text().strip():
        time.sleep(0.1)
    address = json.loads(note.read_text())["address"]
    worker = [*run, "distributed.cli.dask_worker", address, *here, "--no-nanny",
              "--nthreads", "1", "--no-dashboard", "--local-directory", str(folder)]  # fmt: skip
    started += [subprocess.Popen(worker, **quiet) for _ in range(2)]
    try:
        yield address
    finally:
        for process in started:
            process.kill()
            process.wait()


WAYS = {
    "first": ("one job, first", ("--jobs", "1")),
    "one": ("one job", ("--jobs", "1")),
    "two": ("two jobs", ("--jobs", "2")),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int)
    parser.add_argument("--published", nargs=2, metavar=("FILE", "MONTH"))
    parser.add_argument("--ways", default="first,one,two,dask")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if asked.published:
            options = choose_authorities(folder, asked.count, *asked.published)
        else:
            options = copy_sample(folder, asked.count)
        print(f"{'way':24}{'s':>8}{'s an area':>11}{'core s':>9}{'MiB':>8}", flush=True)
        for way in asked.ways.split(","):
            if way in WAYS:
                words, jobs = WAYS[way]
                show(words, folder, [*options, *jobs])
                continue
            with start_cluster(folder) as address:
                show("Dask, two workers", folder, [*options, "--scheduler", address])


def show(way: str, folder: Path, options: list[str]) -> None:
    """Run a batch and print what it took; a cluster's workers are in its memory, not its cores."""
    reports = folder / "reports"
    shutil.rmtree(reports, ignore_errors=True)
    seen = watch([*BATCH, *options, "--output", str(reports)], folder)
    (record,) = reports.glob("batch-*.json")
    counts = json.loads(record.read_text("utf-8"))["counts"]
    each = seen.wall / sum(counts.values())
    took = f"{seen.wall:8.1f}{each:11.1f}{seen.cpu:9.1f}{seen.memory:8.0f}"
    print(f"{way:24}{took}   {counts}", flush=True)


if __name__ == "__main__":
    main()
