"""Engines that hold events for tests: DuckDB in this process, PostgreSQL on loopback, Spark with two workers there."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

import duckdb
import psycopg
import pytest

from core.config.wallet import Engine, SourceSettings
from tests.fakes.lakes.events import LakeEvent, create_table_sql, write_export

NO_POSTGRESQL = "PostgreSQL is not installed"
NO_SPARK = "Spark is not installed: it needs Java and PySpark"
VARIABLE = "AGENTCOST_SOURCE_LAKE"


class LakeEngine(Protocol):
    """An engine with one table at a time."""

    engine: Engine
    address: str

    def create(self) -> str:
        """Make an empty table and return its name."""

    def append(self, table: str, events: Sequence[LakeEvent]) -> None:
        """Add rows."""

    def delete(self, table: str, where: str) -> None:
        """Delete rows."""


def source_of(engine: LakeEngine, table: str, **settings: Any) -> SourceSettings:  # noqa: ANN401 - whatever the settings are
    """Return the source that names a table."""
    return SourceSettings("lake", engine.engine, table, **settings)


class DuckLake:
    """A DuckDB file."""

    engine: Engine = "duckdb"

    def __init__(self, folder: Path) -> None:
        self._path = folder / "lake.duckdb"
        self._made = 0
        self.address = f"duckdb:///{self._path}"

    def create(self) -> str:
        """Make an empty table and return its name."""
        self._made += 1
        self._run(create_table_sql(f"events_{self._made}"))
        return f"events_{self._made}"

    def append(self, table: str, events: Sequence[LakeEvent]) -> None:
        """Add rows."""
        if events:
            rows = write_export(self._path.with_name("rows.csv"), events)
            self._run(f"COPY {table} FROM '{rows}' (HEADER)")

    def delete(self, table: str, where: str) -> None:
        """Delete rows."""
        self._run(f"DELETE FROM {table} WHERE {where}")

    def _run(self, statement: str) -> None:
        with duckdb.connect(str(self._path)) as connection:
            connection.execute(statement)


class PostgresLake:
    """A database of PostgreSQL, whose texts are ordered as people order them."""

    engine: Engine = "postgresql"

    def __init__(self, address: str) -> None:
        self.address = address
        self._made = 0

    def create(self) -> str:
        """Make an empty table and return its name."""
        self._made += 1
        self._run(create_table_sql(f"events_{self._made}"))
        return f"public.events_{self._made}"

    def append(self, table: str, events: Sequence[LakeEvent]) -> None:
        """Add rows."""
        copying = f"COPY {table} FROM STDIN"
        with psycopg.connect(self.address) as connection, connection.cursor() as cursor, cursor.copy(copying) as copy:
            for event in events:
                copy.write_row(event)

    def delete(self, table: str, where: str) -> None:
        """Delete rows."""
        self._run(f"DELETE FROM {table} WHERE {where}")

    def _run(self, statement: str) -> None:
        with psycopg.connect(self.address) as connection:
            connection.execute(statement)


class SparkLake:
    """A Spark with a master and two workers on loopback, each a process of its own."""

    engine: Engine = "spark"
    address = "local-cluster[2,1,1024]"

    def __init__(self, folder: Path) -> None:
        from pyspark.sql import SparkSession  # noqa: PLC0415 -- only where it is installed

        settings = {
            "spark.driver.host": "127.0.0.1",
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.executor.memory": "512m",
            "spark.sql.session.timeZone": "UTC",
            "spark.sql.shuffle.partitions": "2",
            "spark.sql.warehouse.dir": str(folder / "warehouse"),
            "spark.ui.enabled": "false",
        }
        builder = SparkSession.builder.master(self.address).appName("agentcost tests")
        for name, value in settings.items():
            builder = builder.config(name, value)
        self.session = builder.getOrCreate()
        self._folder, self._made = folder, 0

    def create(self) -> str:
        """Make an empty table and return its name."""
        self._made += 1
        kinds = {"text": "STRING", "timestamptz": "TIMESTAMP", "decimal(18,6)": "DECIMAL(18,6)"}
        self.session.sql(f"{create_table_sql(f'events_{self._made}', kinds)} USING parquet")
        return f"events_{self._made}"

    def append(self, table: str, events: Sequence[LakeEvent]) -> None:
        """Add rows."""
        if events:
            rows = write_export(self._folder / "rows.csv", events)
            kinds = self.session.table(table).schema
            self.session.read.csv(str(rows), header=True, schema=kinds, escape='"').write.insertInto(table)

    def delete(self, table: str, where: str) -> None:
        """Spark's plain tables lose no rows."""
        raise NotImplementedError


@contextmanager
def run_spark_lake(folder: Path) -> Iterator[SparkLake]:
    """Give a cluster, or skip the test by the one reason there is."""
    if find_spec("pyspark") is None or shutil.which("java") is None:
        pytest.skip(NO_SPARK)
    lake = SparkLake(folder)
    try:
        yield lake
    finally:
        lake.session.stop()


@contextmanager
def run_postgres_lake() -> Iterator[PostgresLake]:
    """Give a cluster of its own, or skip the test by the one reason there is."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parts[-2]))
    if not found:
        pytest.skip(NO_POSTGRESQL)
    folder = Path(tempfile.mkdtemp(prefix="agentcost-lake-"))
    user: dict[str, Any] = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
    if user:
        shutil.chown(folder, "postgres", "postgres")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    def run(program: str, *arguments: str) -> None:
        with (folder / "said").open("wb") as said:
            subprocess.run([found[-1] / program, *arguments], check=True, cwd=folder, stdout=said, stderr=said, **user)

    try:
        run("initdb", "-D", "data", "-U", "lake", "-A", "trust", "--locale=C.UTF-8", "-E", "UTF8")
        run(
            "pg_ctl",
            "-D",
            "data",
            "-w",
            "-l",
            "log",
            "-o",
            f"-p {port} -c fsync=off -c listen_addresses=127.0.0.1 -k {folder}",
            "start",
        )
        try:
            yield PostgresLake(f"postgresql://lake@127.0.0.1:{port}/postgres")
        finally:
            run("pg_ctl", "-D", "data", "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
