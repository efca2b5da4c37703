# ruff: noqa: PLC0415, ICN001 -- each step imports what it measures, and nothing else
"""The cost of imports, beside DuckDB's own read of the same file, dlt's merge and pandas into SQLite, in one run.

Usage: python benchmarks/wallet_import.py [ROWS] [PEER…]; a peer (dlt, dlt arrow, pandas) that is not installed is left out.
Each measurement runs in its own process, so that its memory is its own. The comparison uses the processor time of all
threads, which other work on the machine affects least; the wall-clock time is printed beside it.
"""

from __future__ import annotations

import hashlib
import json
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROWS = 1_000_000
PEERS = ("dlt", "dlt arrow", "pandas")
DAYS = 100
ROWS_OF_ONE_MORE_DAY = 100_000
CASTS = {
    "eventtime__c": "CAST(eventtime__c AS TIMESTAMPTZ)",
    "processedtime__c": "CAST(processedtime__c AS TIMESTAMPTZ)",
    "unitsconsumed__c": "CAST(unitsconsumed__c AS DECIMAL(18,6))",
    "usagevalue__c": "CAST(usagevalue__c AS DECIMAL(18,6))",
    "multiplier__c": "CAST(multiplier__c AS DECIMAL(18,6))",
}
PANDAS_ROLLUP = """
CREATE TABLE usage_rollup AS
SELECT date(eventtime__c) AS day, carddefinitiondevelopername__c, usagebusinessenvtype__c, usagereportingorgid__c,
    usagetypedevelopername__c, rootresourceidorapiname__c, resourceidorapiname__c, rootresourcetags__c,
    count(*) AS row_count, sum(usagevalue__c) AS actions, sum(unitsconsumed__c) AS credits
FROM events
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
"""
GOALS = {
    ("ours", "duckdb"): "at most 2.3, goal 2",
    ("ours again", "hash"): "at most 1.5",
    ("dlt", "ours"): "at least 5",
    ("dlt arrow", "ours"): "at least 5",
    ("pandas", "ours"): "at least 10",
}


class Taken(NamedTuple):
    """The cost of a step: wall-clock and processor seconds, without starting Python, and gibibytes."""

    seconds: float
    cpu_seconds: float
    memory: float


@contextmanager
def timed() -> Iterator[None]:
    """Report the cost of the work inside to the parent process."""
    started, used = time.perf_counter(), time.process_time()
    yield
    print(json.dumps({"seconds": time.perf_counter() - started, "cpu_seconds": time.process_time() - used}), file=sys.stderr)


def ours(folder: Path, export: Path) -> None:
    """Import the export into a new warehouse, or into the existing one."""
    from core.config.wallet import WalletSettings
    from core.wallet.ingest.pipeline import import_files
    from core.warehouse.database import open_warehouse

    with open_warehouse(folder / "ours.duckdb") as warehouse, timed():
        import_files(warehouse, [export], WalletSettings(time_zone="Europe/Berlin"))


def read_duckdb(folder: Path, export: Path) -> None:
    """Read the export into a table with the same casts, and do nothing else."""
    import duckdb

    header = export.open().readline().strip().split(",")
    columns = ", ".join(f"'{name}': 'VARCHAR'" for name in header)
    select = ", ".join(f"{CASTS.get(name, name)} AS {name}" for name in header)
    with timed(), duckdb.connect(str(folder / "duckdb.duckdb")) as connection:
        connection.execute(
            f"CREATE TABLE events AS SELECT {select}"
            f" FROM read_csv('{export}', auto_detect = false, header = true, columns = {{{columns}}})"
        )


def merge_dlt(folder: Path, export: Path) -> None:
    """Load the export with dlt as in its guide, merged by id."""
    from dlt.sources.filesystem import read_csv

    _merge_dlt(folder, export, read_csv())


def merge_dlt_arrow(folder: Path, export: Path) -> None:
    """Load the export with dlt at its fastest: read by DuckDB, passed as Arrow, merged by id."""
    from dlt.sources.filesystem import read_csv_duckdb

    _merge_dlt(folder, export, read_csv_duckdb(use_pyarrow=True))


def _merge_dlt(folder: Path, export: Path, reader: object) -> None:
    import dlt
    from dlt.sources.filesystem import filesystem

    pipeline = dlt.pipeline(
        "peer", pipelines_dir=str(folder / "dlt"), destination=dlt.destinations.duckdb(str(folder / "dlt.duckdb"))
    )
    files = filesystem(bucket_url=str(export.parent), file_glob=export.name) | reader
    pipeline.run(files.with_name("events").apply_hints(write_disposition="merge", primary_key="id__c"))


def load_pandas(folder: Path, export: Path) -> None:
    """Read the export with pandas and merge it by id into an SQLite table, as dlt does; then sum it by day."""
    import pandas

    with sqlite3.connect(folder / "pandas.sqlite") as connection:
        for frame in pandas.read_csv(export, chunksize=500_000, parse_dates=["eventtime__c", "processedtime__c"]):
            frame.to_sql("incoming", connection, if_exists="replace", index=False)
            names = ", ".join(frame.columns)
            connection.execute(f"CREATE TABLE IF NOT EXISTS events ({names}, PRIMARY KEY (id__c))")
            connection.execute(f"INSERT OR REPLACE INTO events ({names}) SELECT {names} FROM incoming")
        connection.execute(PANDAS_ROLLUP)


def hash_file(_: Path, export: Path) -> None:
    """Read the export and hash it."""
    digest = hashlib.sha256()
    with timed(), export.open("rb", buffering=0) as file:
        while chunk := file.read(1024 * 1024):
            digest.update(chunk)


STEPS = {
    "ours": ours,
    "ours again": ours,
    "one more day": ours,
    "duckdb": read_duckdb,
    "dlt": merge_dlt,
    "dlt arrow": merge_dlt_arrow,
    "pandas": load_pandas,
    "hash": hash_file,
}


def measure(step: str, folder: Path, export: Path) -> Taken | None:
    """Return the cost of a step; None if its library is not installed. Steps without their own timing include Python's start."""
    started, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([sys.executable, __file__, "--step", step, folder, export], capture_output=True, text=True, check=False)
    if done.returncode:
        print(f"{step}: {done.stderr.strip().splitlines()[-1]}", file=sys.stderr)
        return None
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu_seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    told = [json.loads(line) for line in done.stderr.splitlines() if line.startswith('{"seconds"')]
    own = told[-1] if told else {"seconds": time.perf_counter() - started, "cpu_seconds": cpu_seconds}
    return Taken(own["seconds"], own["cpu_seconds"], after.ru_maxrss / 1024**2)


def main(rows: int = ROWS, peers: Sequence[str] = PEERS) -> None:
    """Print a table of the steps and the ratios that matter."""
    from core.wallet.ingest.sample_data import write_events

    folder = Path(tempfile.mkdtemp(prefix="agentcost-bench-"))
    export, one_more = folder / "export.csv", folder / "more.csv"
    try:
        write_events(export, rows, days=DAYS)
        write_events(one_more, ROWS_OF_ONE_MORE_DAY, seed=8, first_day=date(2026, 10, 9), days=1)
        found = {}
        for step in ["hash", "duckdb", "ours", "ours again", "one more day", *peers]:
            taken = measure(step, folder, one_more if step == "one more day" else export)
            if taken:
                found[step] = taken
                print(
                    f"{step:14} {taken.seconds:8.2f} s  {taken.cpu_seconds:8.2f} s of processors  {taken.memory:5.2f} GiB at most"
                )
        for (first, second), goal in GOALS.items():
            if first in found and second in found:
                ratio = found[first].cpu_seconds / found[second].cpu_seconds
                print(f"{first} / {second}, of processors: {ratio:.2f} ({goal})")
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--step"]:
        STEPS[sys.argv[2]](Path(sys.argv[3]), Path(sys.argv[4]))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS, sys.argv[2:] or PEERS)
