"""The engine that runs a source's table, through Ibis, which is an optional extra.

Its address and credentials come only from environment variables, and none of our messages repeat them.
"""

from __future__ import annotations

import os
import re
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from core.errors import ConfigError, InputError, MachineError, end_sentence, shorten
from core.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import ibis.expr.types as ir

    from core.config import SourceSettings
    from core.wallet.sources.statement import Dialect

LONGEST_WORDS = 300
BATCH_ROWS = 50_000
SCHEMES = {
    "spark": r"(sc|spark)://.+|local(-cluster)?(\[.+\])?",
    "databricks": r"databricks://token:(?P<token>[^@]+)@(?P<host>[^/]+)/(?P<path>.+)",
    "postgresql": r"postgres(ql)?://.+",
    "duckdb": r"duckdb:///?(?P<file>.+)",
}
EXAMPLES = {
    "spark": "sc://spark.example.com:15002",
    "databricks": "databricks://token:TOKEN@HOST/sql/1.0/warehouses/ID",
    "duckdb": "duckdb:///data/usage.duckdb",
}
CREDENTIALS = re.compile(r"//[^/@\s]*:[^/@\s]*@|(?<=[?&])[^=\s&]*(?:password|token|secret|key)[^=\s&]*=[^&\s]*", re.IGNORECASE)
IBIS_NAMES = {"spark": "pyspark", "postgresql": "postgres"}


class OpenTable(NamedTuple):
    """A table in its engine: its connection, and the settings that the engine's SQL needs."""

    source: SourceSettings
    backend: Any
    table: ir.Table
    dialect: Dialect

    def statement(self, expression: ir.Table) -> str:
        """Return the engine's SQL for an expression."""
        return str(self.backend.compile(expression, pretty=True))

    def write_parquet(self, expression: ir.Table, path: Path) -> None:
        """Write the engine's result to a file. Raises: MachineError."""
        import pyarrow as pa  # noqa: PLC0415 -- of the extra
        import pyarrow.parquet as pq  # noqa: PLC0415 -- as above

        with _explained(self.source, "could not run the statement (agentcost import --source NAME --dry-run shows it)"):
            batches = self.backend.to_pyarrow_batches(expression, chunk_size=BATCH_ROWS)
            schema = expression.schema().to_pyarrow()
            with pq.ParquetWriter(path, schema) as writer:
                for batch in batches:
                    writer.write_table(pa.Table.from_batches([batch]).cast(schema))  # some engines return sums with more digits


@contextmanager
def open_table(source: SourceSettings) -> Iterator[OpenTable]:
    """Connect to a source's engine, yield its table, and disconnect.

    Raises: InputError, without the extra; ConfigError, without an address; MachineError, if there is no such table, or the
    engine does not answer.
    """
    _require_ibis()
    from core.wallet.sources.dialects import dialect_of  # noqa: PLC0415 -- of the extra

    address = require_address(source)
    with _explained(source, "cannot be reached"):
        backend = _connect(source, address)
    try:
        *place, name = source.table.split(".")
        with _explained(source, f"has no table {source.table} that can be read"):
            table = backend.table(name, database=tuple(place) if len(place) > 1 else place[0] if place else None)
        yield OpenTable(source, backend, table, dialect_of(source.engine))
    finally:
        with suppress(Exception):  # it is already read, or has already failed
            if source.engine != "spark":  # others may share its session
                backend.disconnect()


def _require_ibis() -> None:
    if find_spec("ibis") is None:
        raise InputError("Sources are read through Ibis, which is not installed: pip install 'agentcost[lake]'.")


def engine_problems(source: SourceSettings) -> Iterator[str]:
    """Yield the reasons why a source cannot be read that are visible without asking its engine."""
    for require in (_require_ibis, lambda: require_address(source)):
        try:
            require()
        except InputError as trouble:
            yield str(trouble)


def require_address(source: SourceSettings) -> str:
    """Return the address of a source's engine. Raises: ConfigError, if its variable is not set, or is for another engine."""
    address = os.environ.get(source.variable, "").strip()
    example = EXAMPLES.get(source.engine, f"{source.engine}://user:password@host/database")
    if not address:
        raise ConfigError([f"{source.variable} is not set: it says where the engine of source {source.name} is, like {example}"])
    if not re.fullmatch(SCHEMES.get(source.engine, rf"{source.engine}://.+"), address):
        raise ConfigError([f"{source.variable} is not an address of {source.engine}, which is written like {example}"])
    return address


def _connect(source: SourceSettings, address: str) -> Any:  # noqa: ANN401 -- one of Ibis's backends
    import ibis  # noqa: PLC0415 -- of the extra

    if source.engine == "spark":
        return ibis.pyspark.connect(_spark_session(address))
    found = re.fullmatch(SCHEMES.get(source.engine, ""), address)
    if source.engine == "databricks" and found:
        return ibis.databricks.connect(server_hostname=found["host"], http_path=found["path"], access_token=found["token"])
    if source.engine == "duckdb" and found:
        backend = ibis.duckdb.connect(found["file"], read_only=True)
        backend.raw_sql("SET TimeZone = 'UTC'")
        return backend
    if source.engine == "clickhouse":
        return ibis.connect(address, settings={"session_timezone": "UTC"})
    return ibis.connect(address)


def _spark_session(address: str) -> Any:  # noqa: ANN401 -- PySpark's
    from pyspark.sql import SparkSession  # noqa: PLC0415 -- of the extra

    builder = SparkSession.builder.appName("agentcost")
    session = (builder.remote(address) if address.startswith("sc:") else builder.master(address)).getOrCreate()
    session.conf.set("spark.sql.ansi.enabled", "true")  # an amount that does not fit is an error, never a NULL
    return session


@contextmanager
def _explained(source: SourceSettings, what: str) -> Iterator[None]:
    """Name the source in an engine's error, without the credentials that some engines repeat."""
    try:
        yield
    except (InputError, MachineError):
        raise
    except ModuleNotFoundError as missing:
        extra = IBIS_NAMES.get(source.engine, source.engine)
        raise InputError(
            f"{source.engine} needs the package {missing.name}, which is not installed: pip install 'ibis-framework[{extra}]'."
        ) from missing
    except Exception as trouble:  # noqa: BLE001 -- each engine has errors of its own
        words = without_credentials(next(iter(str(trouble).strip().splitlines()), type(trouble).__name__), source)
        raise MachineError(f"Source {source.name} {what}: {end_sentence(shorten(words, LONGEST_WORDS))}") from None


def without_credentials(words: str, source: SourceSettings) -> str:
    """Return an engine's message without the secrets in its address."""
    address = os.environ.get(source.variable, "")
    secrets = {found[1] for found in re.finditer(r"//[^/@\s]*:([^/@\s]+)@", address)}
    for secret in sorted({address, *secrets} - {""}, key=len, reverse=True):
        words = words.replace(secret, "…")
    return CREDENTIALS.sub("…", words)
