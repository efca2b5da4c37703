# ruff: noqa: S608 -- names of tables and columns are ours
"""A warehouse from a file into PostgreSQL, or back: in one transaction, compared cell by cell before it is committed."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

import duckdb

from core.errors import InputError, MachineError
from core.records import NamedTuple
from core.warehouse.address import PostgresAddress, hide_password, with_timeouts
from core.warehouse.database import Session, StatementError, first_line, open_warehouse
from core.warehouse.locking import hold_warehouse
from core.warehouse.postgres import load_extension, lock_for_writing, quote

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from decimal import Decimal
    from pathlib import Path

MADE_WITH_THE_SCHEMA = frozenset({"schema_migrations", "audit_anchor", "evaluations"})
"""Tables that have rows in an empty warehouse."""


class Copied(NamedTuple):
    """What was copied: tables with rows, rows in all, and the credits of all events that count."""

    tables: int
    rows: int
    credits: Decimal


def copy_warehouse(
    source: Path | PostgresAddress, target: Path | PostgresAddress, afterwards: Callable[[Session], object]
) -> Copied:
    """Copy every row of a file into an empty database, or back, completely or not at all, and return a summary.

    Rows written to a database meanwhile are not copied. afterwards: applied to the target in the same transaction.
    Raises: InputError, if it is not one file and one database, or the target holds anything; MachineError, if both differ
    afterwards, and then the target stays empty.
    """
    if isinstance(source, PostgresAddress) == isinstance(target, PostgresAddress):
        raise InputError("Name a file and a database: agentcost migrate-warehouse var/agentcost.duckdb postgresql://…, or back.")
    for place in (source, target):
        with open_warehouse(place):  # migrated, and its file left sound
            pass
    with _both(source, target) as session:
        session.execute("BEGIN TRANSACTION")
        try:
            if isinstance(target, PostgresAddress):
                lock_for_writing(session, "target")
            copied = _copy(session, target)
            session.execute("USE target")
            afterwards(session)
            session.execute("COMMIT")
        except BaseException:
            session.execute("ROLLBACK")
            raise
    return copied


@contextmanager
def _both(source: Path | PostgresAddress, target: Path | PostgresAddress) -> Iterator[Session]:
    """Give a session that sees both warehouses; files are held exclusively."""
    with ExitStack() as held, duckdb.connect() as connection:
        load_extension(connection)
        connection.execute("SET pg_use_ctid_scan = false")
        for name, place in (("source", source), ("target", target)):
            if isinstance(place, PostgresAddress):
                where, options = with_timeouts(place), "TYPE postgres, SCHEMA 'public'"
            else:
                held.enter_context(hold_warehouse(place.expanduser().resolve()))
                where, options = str(place.expanduser().resolve()), "TYPE duckdb"
            read_only = ", READ_ONLY" if name == "source" else ""
            connection.execute(f"ATTACH {quote(where)} AS {name} ({options}{read_only})")
        yield Session(connection, lambda trouble: StatementError(first_line(hide_password(str(trouble)))))


def _copy(session: Session, target: Path | PostgresAddress) -> Copied:
    tables = _tables(session, "source" if isinstance(target, PostgresAddress) else "target")
    for table in sorted(tables.keys() - MADE_WITH_THE_SCHEMA):
        if count := session.value(f"SELECT count(*) FROM target.{table}"):
            raise InputError(f"{target} is not empty: {table} has {count:,} rows. Name a new file or an empty database.")
    counts = {table: _copy_table(session, table, names) for table, names in tables.items()}
    total = session.value("SELECT coalesce(sum(credits), 0) FROM target.usage_rollup WHERE is_finest")
    return Copied(sum(map(bool, counts.values())), sum(counts.values()), total)


def _copy_table(session: Session, table: str, names: str) -> int:
    """Copy a table and return its rows, all of whose cells are the same on both sides."""
    session.execute(f"DELETE FROM target.{table}")
    session.execute(f"INSERT INTO target.{table} ({names}) SELECT {names} FROM source.{table}")
    there, here = (
        session.execute(f"SELECT count(*), sum(CAST(hash(CAST(row({names}) AS VARCHAR)) AS HUGEINT)) FROM {side}.{table}")[0]
        for side in ("source", "target")
    )
    if there != here:
        raise MachineError(f"{table} came out differently ({there[0]:,} rows, {here[0]:,} rows), so nothing was copied.")
    return int(there[0])


def _tables(session: Session, file: str) -> dict[str, str]:
    """Return the columns of every table, as SQL; of the file, because DuckDB takes views of PostgreSQL for tables."""
    rows = session.execute(
        "SELECT table_name, string_agg(column_name, ', ' ORDER BY column_index) FROM duckdb_columns() WHERE database_name = $file"
        " AND table_name IN (SELECT table_name FROM duckdb_tables() WHERE database_name = $file)"
        " GROUP BY table_name ORDER BY table_name",
        {"file": file},
    )
    return dict(rows)
