"""A warehouse in PostgreSQL: DuckDB runs every statement, and reads and writes tables that lie in the database.

Any number of processes and machines use one at a time. Each statement sees one state of the database; each transaction runs on
one connection, at REPEATABLE READ, and begins by locking the table `agentcost_writer`, before it reads anything: one transaction
at a time writes, wherever it runs, and none ever has to be retried because of another. A broken connection loses its lock and its
uncommitted writes.
"""

from __future__ import annotations

import os
import platform
import re
import shutil
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from core.errors import InputError, MachineError, end_sentence
from core.warehouse.address import hide_password, local_path, with_timeouts
from core.warehouse.database import Session, StatementError, Warehouse, first_line, require_known, shut_the_doors, spool_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.warehouse.address import PostgresAddress

CATALOG = "wallet"
EXTENSION = "duckdb_extension_postgres_scanner"
OLDEST_VERSION = 150_000  # PostgreSQL 15, as server_version_num has it
BYTE_ORDERS = frozenset({"C", "POSIX", "C.UTF-8", "C.utf8"})
"""Collations that sort text by bytes, as DuckDB does, so that PostgreSQL's comparisons agree with it."""
CREATE_DATABASE = "createdb --template=template0 --encoding=UTF8 --locale=C.UTF-8 NAME"
TABLES = f"""
    SELECT table_name
    FROM postgres_query('{CATALOG}', '
        SELECT relname::varchar AS table_name FROM pg_class
        WHERE relkind = ''r'' AND relnamespace = ''public''::regnamespace AND NOT starts_with(relname, ''agentcost_'')
    ')
    ORDER BY table_name
"""  # noqa: S608 - ours
"""DuckDB takes PostgreSQL's views for tables."""
HUGE = re.compile(r"\bHUGEINT\b")  # PostgreSQL has no such type, and DOUBLE would round
REASON = re.compile(r"(?:failed: (?:FATAL:\s+)?|ERROR:\s+|FATAL:\s+)(?P<reason>[^\n]+)")
NUL = "with a NULL-byte"
OF_CONNECTION = (
    "Unable to connect",
    "server closed the connection",
    "terminating connection",
    "connection to server",
    "no connection to the server",
    "SSL connection has been closed",
    "could not receive data",
    "could not send data",
)


class UnreachableError(StatementError):
    """The database does not answer, or ended the connection."""

    def __init__(self, name: str, reason: str) -> None:
        """Name the database, and say what to do."""
        super().__init__(
            f"{name} cannot be reached: {end_sentence(reason)} What was being written is wholly there or not at all. See that "
            "PostgreSQL runs and that AGENTCOST_WAREHOUSE names it; it is tried again by itself."
        )


class _SharedHold:
    """The counterpart of a file's lock file: here others write as well, and the database separates them."""

    def __init__(self, name: str, *, is_shared: bool) -> None:
        self.is_shared, self._name = is_shared, name

    def require_held(self) -> None:
        """Raise MachineError, if the warehouse was opened for reading only."""
        if self.is_shared:
            raise MachineError(f"{self._name} is open for reading only.")


class PostgresWarehouse(Warehouse):
    """An open warehouse in PostgreSQL; safe to share between threads."""

    def __init__(self, address: PostgresAddress, *, read_only: bool) -> None:
        """Connect; `open_warehouse` is the way in. Raises: InputError, MachineError."""
        self.address = address
        path = local_path(address)
        hold = _SharedHold(str(address), is_shared=read_only)
        super().__init__(path, hold, lambda: _connect(address, _spool_of(path), read_only=read_only))

    @property
    def name(self) -> str:
        """The address without its password."""
        return str(self.address)

    @property
    def _spool_root(self) -> Path:
        return _spool_of(self.path)

    def _new_session(self, connection: duckdb.DuckDBPyConnection) -> tuple[Session, duckdb.DuckDBPyConnection]:
        cursor = connection.cursor()
        cursor.execute(f"USE {CATALOG}")
        return Session(cursor, self._explain, TABLES), cursor

    def _explain(self, trouble: duckdb.Error) -> StatementError:
        """Return what DuckDB or PostgreSQL said, without the password."""
        if isinstance(trouble, duckdb.FatalException):
            return super()._explain(trouble)
        said = hide_password(str(trouble))
        if not isinstance(trouble, duckdb.ConstraintException) and _is_of_connection(said):
            return UnreachableError(self.name, _reason(said))
        if NUL in said:
            return StatementError("A text holds a NUL character, which PostgreSQL stores nowhere: take it out of the file.")
        return StatementError(first_line(said))

    def _begin(self, session: Session) -> None:
        self._lock_for_writing(session)

    def _lock_for_writing(self, session: Session, how: str = "") -> None:
        session.execute("BEGIN TRANSACTION")
        try:
            lock_for_writing(session, how=how)
            self._require_own_schema(session)
        except MachineError:
            with suppress(StatementError):
                session.execute("ROLLBACK")
            raise

    def _require_own_schema(self, session: Session) -> None:
        """Raise MachineError, if another machine has brought the database to a newer schema since this opened it."""
        if self.migrations:
            seen = session.execute("SELECT name FROM schema_migrations ORDER BY name")
            require_known(self.name, [name for (name,) in seen], self.migrations)

    def _begin_if_free(self, session: Session) -> bool:
        try:
            self._lock_for_writing(session, " NOWAIT")
        except UnreachableError:
            raise
        except StatementError:
            return False
        return True

    @contextmanager
    def importing(self) -> Iterator[None]:
        """Announce an import until the end of the block, so that nobody evaluates alerts in between."""
        from core.warehouse import advisory  # noqa: PLC0415 - questions do without psycopg

        with advisory.hold_import(self.address):
            yield

    @contextmanager
    def without_imports(self) -> Iterator[bool]:
        """Give whether no import runs anywhere, and let none start until the end of the block."""
        from core.warehouse import advisory  # noqa: PLC0415 - as above

        with advisory.keep_imports_out(self.address) as is_free:
            yield is_free

    def forget_tables(self, session: Session) -> None:
        """Refresh cached tables and columns: DuckDB keeps them as they were at first use."""
        session.execute("CALL pg_clear_cache()")

    def run_script(self, session: Session, script: str) -> None:
        """Run the statements of a migration, with the types that PostgreSQL has."""
        session.execute(HUGE.sub("BIGINT", script))

    def write_copy(self, path: Path) -> None:
        """Raise InputError: a database is not copied as a file is."""
        raise InputError(
            f"{self.name} is not copied into {path.name}: back it up as PostgreSQL is, by pg_dump or your provider's snapshots."
        )


def _spool_of(path: Path) -> Path:
    """Return this machine's spool: others may share the folder, and clean only their own."""
    return spool_folder(path) / platform.node()


@contextmanager
def connect_warehouse(address: PostgresAddress, *, read_only: bool) -> Iterator[PostgresWarehouse]:
    """Connect, make what the lock needs, and disconnect in the end. Raises: InputError, MachineError."""
    warehouse = PostgresWarehouse(address, read_only=read_only)
    try:
        if not read_only:
            _remove_left_overs(_spool_of(warehouse.path))
            with warehouse.reading() as session:
                _prepare(session, warehouse.name)
        yield warehouse
    finally:
        warehouse.close()


def _connect(address: PostgresAddress, spool: Path, *, read_only: bool) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    load_extension(connection)
    options = "TYPE postgres, SCHEMA 'public'" + (", READ_ONLY" if read_only else "")
    connection.execute("SET pg_use_ctid_scan = false")  # one connection per scan, so that it sees all that the transaction wrote
    # With more, the caller asks without a pause whether another thread is done, which waits for the database and the processor:
    # two services that answered at once on two processors took ten times as long.
    connection.execute("SET threads = 1")
    try:
        connection.execute(f"ATTACH {quote(with_timeouts(address))} AS {CATALOG} ({options})")
    except duckdb.Error as trouble:
        connection.close()
        raise UnreachableError(str(address), _reason(hide_password(str(trouble)))) from None
    shut_the_doors(connection, spool.with_name(f"{spool.name}.spill"), spool)
    return connection


def load_extension(connection: duckdb.DuckDBPyConnection) -> None:
    """Load DuckDB's extension out of its package: nothing is downloaded, and its signature is checked."""
    found = find_spec(EXTENSION)
    if found is None or found.origin is None:
        raise InputError("AGENTCOST_WAREHOUSE names a PostgreSQL database, which needs more: pip install 'agentcost[postgres]'.")
    version = f"v{duckdb.__version__}"
    file = Path(found.origin).parent / "extensions" / version / "postgres_scanner.duckdb_extension"
    if not file.exists():
        raise InputError(
            f"DuckDB {duckdb.__version__} has no package for PostgreSQL: pip install 'agentcost[postgres]' takes 1.5.5."
        )
    connection.execute(f"LOAD {quote(str(file))}")


def _prepare(session: Session, name: str) -> None:
    """Check that the database is fit for a warehouse, and create the table that writers lock. Raises: InputError."""
    if session.value("SELECT count(*) FROM duckdb_tables() WHERE database_name = 'wallet' AND table_name = 'agentcost_writer'"):
        return
    version, encoding, collation, provider = session.execute(
        f"SELECT * FROM postgres_query('{CATALOG}', $text)",  # noqa: S608 - ours
        {
            "text": "SELECT current_setting('server_version_num')::int, pg_encoding_to_char(encoding)::text, datcollate::text,"
            " datlocprovider::text FROM pg_database WHERE datname = current_database()"
        },
    )[0]
    if version < OLDEST_VERSION:
        raise InputError(f"{name} is PostgreSQL {version // 10_000}; agentcost needs 15 or newer.")
    if encoding != "UTF8" or collation not in BYTE_ORDERS or provider == "i":
        raise InputError(
            f"{name} has encoding {encoding} and collation {collation}, which orders texts otherwise than agentcost does. "
            f"Make the database so: {CREATE_DATABASE}"
        )
    _run(session, "CREATE TABLE IF NOT EXISTS agentcost_writer (is_here boolean)")


def lock_for_writing(session: Session, catalog: str = CATALOG, how: str = "") -> None:
    """Wait in a transaction until nobody else writes; as its first statement, so that it reads all that was committed before."""
    _run(session, f"LOCK TABLE agentcost_writer IN ACCESS EXCLUSIVE MODE{how}", catalog)


def _run(session: Session, text: str, catalog: str = CATALOG) -> None:
    """Run a statement of PostgreSQL's own, within the session's transaction."""
    session.execute(f"CALL postgres_execute('{catalog}', {quote(text)})")


def quote(text: str) -> str:
    """Return a text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def _is_of_connection(said: str) -> bool:
    return any(words in said for words in OF_CONNECTION)


def _reason(said: str) -> str:
    """Return the first line of PostgreSQL's message, without DuckDB's prefix."""
    found = REASON.search(said)
    return found["reason"] if found else first_line(said)


def _remove_left_overs(spool: Path) -> None:
    """Empty this machine's spool of processes that are gone."""
    for folder in spool.glob("*-*"):
        process = folder.name.partition("-")[0]
        if process.isdecimal() and not _is_running(int(process)):
            shutil.rmtree(folder, ignore_errors=True)


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
