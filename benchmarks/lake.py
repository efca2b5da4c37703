"""Events that stay in an engine beside a file import of the same events: processor, memory, and whether all sums are equal.

Usage: python -m benchmarks.lake [ROWS] [ENGINE…]; engines are duckdb, postgresql and, if installed, spark, each on this
machine. Each import runs in its own process. A second import finds nothing new, and reads the days of the last 72 hours.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import duckdb
import psycopg

from benchmarks.postgres import ROOT, processor_below, processor_of
from core.wallet.ingest.sample_data import HEADER, write_events
from core.warehouse import open_warehouse
from tests.fakes.lakes.events import rolled_up
from tests.fakes.postgres import run_cluster
from tests.harness.children import in_child, status_of

if TYPE_CHECKING:
    import resource
    from collections.abc import Sequence

    from tests.fakes.postgres import Cluster

ROWS, DAYS = 1_000_000, 365
TYPES = {
    **dict.fromkeys(("eventtime__c", "processedtime__c"), "TIMESTAMP"),
    **dict.fromkeys(("unitsconsumed__c", "usagevalue__c", "multiplier__c"), "DECIMAL(18, 6)"),
}
SETTINGS = "sources: {{lake: {{engine: {engine}, table: {table}}}}}\n"
SPARK_SETTINGS = """
spark.sql.catalogImplementation hive
spark.sql.warehouse.dir {folder}/tables
spark.hadoop.javax.jdo.option.ConnectionURL jdbc:derby:;databaseName={folder}/catalog;create=true
spark.sql.session.timeZone UTC
spark.driver.memory 3g
spark.driver.host 127.0.0.1
spark.driver.bindAddress 127.0.0.1
spark.ui.enabled false
spark.driver.extraJavaOptions -Dderby.stream.error.file={folder}/derby.log
"""
"""A later session finds a table of an earlier one only in a persistent catalog."""
SPARK, LOOK_SECONDS = "local[2]", 0.2
PROGRAM = "import sys; from bot.cli.main import main; sys.exit(main(sys.argv[1:]))"


class Import(NamedTuple):
    """The cost of an import: wall-clock seconds, processor seconds, those of the engine's own processes; peak megabytes."""

    wall: float
    ours: float
    engine: float
    megabytes: float

    def __str__(self) -> str:
        """Return the cost in words."""
        engine = f" and {self.engine:.1f} s of the engine's" if self.engine else ""
        return f"{self.wall:.1f} s on the wall, {self.ours:.1f} s of processor{engine}, {self.megabytes:.0f} MB"


def measure(folder: Path, variables: dict[str, str], cluster: Cluster | None, *words: str) -> Import:
    """Import in a separate process."""
    before, began = processor_of(cluster) if cluster else 0.0, time.perf_counter()
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **variables}
    process = subprocess.Popen([sys.executable, "-c", PROGRAM, *words], cwd=folder, env=environment, stdout=subprocess.DEVNULL)
    of_children = 0.0
    while not (waited := os.wait4(process.pid, os.WNOHANG))[0]:
        of_children = max(of_children, processor_below(process.pid))
        time.sleep(LOOK_SECONDS)
    _, status, used = waited
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"The import ended with {process.returncode}.")
    engine = processor_of(cluster) - before if cluster else of_children
    return Import(time.perf_counter() - began, used.ru_utime + used.ru_stime, engine, _megabytes(used))


def _megabytes(used: resource.struct_rusage) -> float:
    return used.ru_maxrss / 1024


def sums_of(file: Path) -> dict[str, object]:
    """Return the sums on which answers are based."""
    with open_warehouse(file) as warehouse:
        return rolled_up(warehouse)


def load(engine: str, export: Path, folder: Path, cluster: Cluster | None) -> tuple[str, str]:
    """Put the events into an engine; return its address, and the table's name there."""
    columns = ", ".join(f"{name} {TYPES.get(name, 'STRING' if engine == 'spark' else 'VARCHAR')}" for name in HEADER.split(","))
    if engine == "spark":
        if status := status_of(in_child(lambda: _load_into_spark(export, columns))):
            sys.exit(f"Spark could not take the events; it ended with {status}.")
        return SPARK, "events"
    if cluster is None:
        with duckdb.connect(str(folder / "lake.duckdb")) as connection:
            connection.execute(f"CREATE TABLE events ({columns})")
            connection.execute(f"COPY events FROM '{export}' (HEADER)")
        return f"duckdb:///{folder / 'lake.duckdb'}", "events"
    address = cluster.create(engine).url
    with psycopg.connect(address) as connection, connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE events ({columns})".encode())
        with cursor.copy("COPY events FROM STDIN (FORMAT csv, HEADER)") as copy, export.open("rb") as file:
            while some := file.read(1 << 20):
                copy.write(some)
        cursor.execute("ANALYZE events")
    return address, "public.events"


def _load_into_spark(export: Path, columns: str) -> int:
    from pyspark.sql import SparkSession  # noqa: PLC0415 - only where it is installed

    session = SparkSession.builder.master(SPARK).getOrCreate()
    session.sql(f"CREATE TABLE events ({columns}) USING parquet")
    session.read.csv(str(export), header=True, schema=columns, escape='"').write.insertInto("events")
    session.stop()
    return 0


def main(rows: int = ROWS, engines: Sequence[str] = ("duckdb", "postgresql")) -> None:
    """Print the cost of each import."""
    with ExitStack() as until_the_end:
        folder = Path(until_the_end.enter_context(tempfile.TemporaryDirectory()))
        export, file = folder / "events.csv", folder / "file.duckdb"
        write_events(export, rows, seed=7, days=DAYS)
        print(
            f"a file of {export.stat().st_size / 1e6:.0f} MB: {measure(folder, _at(file), None, 'import', str(export))}",
            flush=True,
        )
        expected = sums_of(file)
        (folder / "spark-defaults.conf").write_text(SPARK_SETTINGS.format(folder=folder), encoding="utf-8")
        os.environ["SPARK_CONF_DIR"] = str(folder)
        for engine in engines:
            cluster = until_the_end.enter_context(run_cluster()) if engine == "postgresql" else None
            address, table = load(engine, export, folder, cluster)
            target = folder / f"{engine}.duckdb"
            (folder / "app.yaml").write_text(SETTINGS.format(engine=engine, table=table), encoding="utf-8")
            for nth in ("first", "again"):
                took = measure(folder, _at(target) | {"AGENTCOST_SOURCE_LAKE": address}, cluster, "import", "--source", "lake")
                print(f"{engine}, {nth}: {took}", flush=True)
            print(
                f"{engine}: sums {'equal' if sums_of(target) == expected else 'NOT equal'}, {_size(target)} beside {_size(file)}"
            )


def _at(file: Path) -> dict[str, str]:
    return {"AGENTCOST_WAREHOUSE": str(file)}


def _size(file: Path) -> str:
    return f"{file.stat().st_size / 1e6:.0f} MB"


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]), **({"engines": sys.argv[2:]} if sys.argv[2:] else {}))
