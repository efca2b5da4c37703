"""The warehouse: one DuckDB file that holds the wallet, or a PostgreSQL database that DuckDB reads and writes (`postgres.py`).

After opening, SQL reaches no file but those laid into the warehouse's own spool folder, sees no Python
variable, and cannot change a setting. Many threads may read; one transaction at a time writes.
"""

from __future__ import annotations

import errno
import logging
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, date, datetime
from decimal import Decimal
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, cast

import duckdb

from core.errors import InputError, MachineError, WarehouseBusyError, end_sentence
from core.paths import OWNER_ONLY
from core.warehouse.address import PostgresAddress
from core.warehouse.locking import hold_warehouse
from core.warehouse.queries import STATEMENT_OF
from core.warehouse.statements import migrations, statement

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from core.warehouse.statements import Statement

LOG = logging.getLogger("agentcost.warehouse")

Value = Decimal | date | datetime | str | int | bool | None
Row = tuple[Any, ...]
_Taken = TypeVar("_Taken")
RowT = TypeVar("RowT", bound=tuple[Any, ...])

MEMORY_LIMIT = "2304MiB"  # beside it a process that imports takes some 400 MiB
IN_POSTGRES = "core.warehouse.postgres"
RETRY_SECONDS = 0.05
NUMBER_DIGITS = 4
OTHERS, FOLDER_OF_OWNER = 0o077, 0o700
DISK_REFUSES = frozenset({errno.ENOSPC, errno.EIO, errno.EDQUOT, errno.EROFS})
NO_SPACE = "No space left on device"
INVALIDATED = "database has been invalidated"
TABLES = "SELECT table_name FROM duckdb_tables() WHERE NOT internal AND NOT temporary ORDER BY table_name"
COPY_FILES = """
import os, shutil, sys
for source, target in zip(sys.argv[1::2], sys.argv[2::2]):
    try:
        shutil.copyfile(source, target)
        with open(target, "rb") as copy:
            os.fsync(copy.fileno())
    except OSError as trouble:
        sys.exit(trouble.strerror)
"""
"""Runs in its own process: closing the file in this one would drop DuckDB's lock on it."""
READS = re.compile(r"\s*(?:--[^\n]*\n\s*)*(?:SELECT|WITH|FROM)\b")
HOLDER = re.compile(r"held in (?P<program>\S+) \(PID (?P<pid>\d+)\)")

_writers: defaultdict[Path, threading.Lock] = defaultdict(threading.Lock)


def note_missing(module: str) -> None:
    """Let Python know at once, from now on, that a module is not installed; one that is stays as it is."""
    if find_spec(module) is None:
        sys.modules[module] = cast("Any", None)


# DuckDB looks for it with every parameter that it is given, through all folders of Python's: half of a short statement's time.
note_missing("pandas")


class StatementError(MachineError):
    """A statement that DuckDB refused; the sentence is DuckDB's own first line."""


class DiskFullError(StatementError):
    """There was no space for a write."""

    def __init__(self, path: Path) -> None:
        """Name the file, and say what to do."""
        super().__init__(
            f"The disk of {path} is full. Nothing of what was being written is there, and everything before is. Make room and do "
            "it again; questions are answered meanwhile."
        )


class InvalidatedError(StatementError):
    """The warehouse is unusable until it is reopened: DuckDB could not write or read what it must."""

    def __init__(self, path: Path, reason: str) -> None:
        """Name the file, what happened, and what to do."""
        self.reason = reason
        super().__init__(
            f"{path} had to be closed: {end_sentence(reason)} What was being written is wholly there or not at all. See that its "
            "disk has room and is sound; it is opened again by itself. Where that does not help: agentcost restore BACKUP."
        )


class Hold(Protocol):
    """Permission of a process to write. is_shared: it may only read."""

    is_shared: bool

    def require_held(self) -> None:
        """Raise MachineError, if it may not write, or no longer."""


class Session:
    """A place to run SQL; parameters are always bound, never written into the text."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, explain: Callable[[duckdb.Error], StatementError], tables: str = TABLES
    ) -> None:
        """Run on this connection. explain: turns DuckDB's errors into ours. tables: SQL for the permanent tables."""
        self._connection, self._explain, self._tables = connection, explain, tables
        self._remembered: dict[str, tuple[tuple[str, ...], list[Row]]] | None = None

    @contextmanager
    def remembering(self) -> Iterator[None]:
        """Cache queries until the end of the block: one answer sees one state, and each query runs once.

        The session's own changes are seen.
        """
        before, self._remembered = self._remembered, {} if self._remembered is None else self._remembered
        try:
            yield
        finally:
            self._remembered = before

    def tables(self) -> list[str]:
        """Return the names of the warehouse's tables, in order, without views and temporary tables."""
        return [name for (name,) in self.execute(self._tables)]

    def execute(self, text: str, parameters: Mapping[str, Value] | None = None) -> list[Row]:
        """Run one statement and return its rows; one that changes rows gives their count. Raises: StatementError."""
        bound = {name: _bindable(value) for name, value in (parameters or {}).items()}
        if self._remembered and not READS.match(text):
            self._remembered.clear()
        try:
            self._connection.execute(text, bound) if bound else self._connection.execute(text)
            return self._connection.fetchall() if self._connection.description else []
        except duckdb.Error as trouble:
            raise self._explain(trouble) from trouble

    def value(self, text: str, parameters: Mapping[str, Value] | None = None) -> Any:  # noqa: ANN401 -- whatever the one cell holds
        """Return the one cell that a statement gives; None where it gives no row."""
        rows = self.execute(text, parameters)
        return rows[0][0] if rows else None

    def query(self, name: str, **parameters: Value) -> list[dict[str, Any]]:
        """Return the rows of a statement in `sql/`: exact decimals, dates, and instants in UTC.

        Raises: TypeError, if the parameters are not those of the statement's header.
        """
        found = statement(name)
        _require_parameters(found, parameters)
        columns, rows = self._read(found.text, parameters)
        return [dict(zip(columns, map(_as_utc, row), strict=True)) for row in rows]

    def rows(self, kind: type[RowT], /, **parameters: Value) -> list[RowT]:
        """Return the rows of the statement that a type of `queries.py` is of; see `query`."""
        found = statement(STATEMENT_OF[kind])
        _require_parameters(found, parameters)
        make = cast("Callable[..., RowT]", kind)
        return [make(*map(_as_utc, row)) for row in self._read(found.text, parameters)[1]]

    def _read(self, text: str, parameters: Mapping[str, Value]) -> tuple[tuple[str, ...], list[Row]]:
        """Return the names of a query's columns, and its rows; as they were, where the session remembers."""
        key = f"{text}{sorted(parameters.items())}"
        known = self._remembered.get(key) if self._remembered else None
        if known is not None:
            return known
        rows = self.execute(text, parameters)
        found = tuple(column[0] for column in self._connection.description or ()), rows
        if self._remembered is not None and READS.match(text):
            self._remembered[key] = found
        return found

    def row(self, kind: type[RowT], /, **parameters: Value) -> RowT:
        """Return the one row of a statement that always gives one."""
        return self.rows(kind, **parameters)[0]

    def run(self, name: str, **parameters: Value) -> int:
        """Run a statement in `sql/` that changes rows and return how many it touched."""
        found = statement(name)
        _require_parameters(found, parameters)
        rows = self.execute(found.text, parameters)
        return int(rows[0][0]) if rows and rows[0] and isinstance(rows[0][0], int) else 0

    def progress(self) -> float:
        """Return the running statement's progress, from 0 to 100; below 0 if DuckDB cannot say. For other threads."""
        return float(self._connection.query_progress())


class Warehouse:
    """An open warehouse; safe to share between threads."""

    def __init__(self, path: Path, lock: Hold, connect: Callable[[], duckdb.DuckDBPyConnection]) -> None:
        """Connect; `open_warehouse` is the way in. Raises: MachineError."""
        self.path = path
        self.is_read_only = lock.is_shared
        self.failure: InvalidatedError | None = None
        self.migrations: frozenset[str] = frozenset()  # that it has seen, once they are all run
        self._lock, self._connect = lock, connect
        self._connection = connect()
        self._users, self._guard = 0, threading.Lock()

    @property
    def name(self) -> str:
        """What the warehouse is called in sentences: its file, or its database."""
        return str(self.path)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Give a session that sees one state of the warehouse per statement.

        An invalidated warehouse is first reopened, once nobody uses it.
        Raises: InvalidatedError, as long as it cannot be opened; MachineError.
        """
        with self._guard:
            if self.failure:
                self._open_again(self.failure)
            session, cursor = self._new_session(self._connection)
            self._users += 1
        try:
            yield session
        finally:
            with self._guard:
                cursor.close()
                self._users -= 1

    def _new_session(self, connection: duckdb.DuckDBPyConnection) -> tuple[Session, duckdb.DuckDBPyConnection]:
        cursor = connection.cursor()
        return Session(cursor, self._explain), cursor

    def _open_again(self, failure: InvalidatedError) -> None:
        if self._users:
            raise failure
        self._connection.close()
        try:
            self._connection = self._connect()
        except MachineError as trouble:
            self.failure = InvalidatedError(self.path, str(trouble))
            raise self.failure from trouble
        self.failure = None
        LOG.warning("%s was opened again after: %s", self.path, failure.reason)

    def _explain(self, trouble: duckdb.Error) -> StatementError:
        """Return DuckDB's error, and note if the warehouse became unusable."""
        if not isinstance(trouble, duckdb.FatalException) and INVALIDATED not in str(trouble):
            if NO_SPACE in str(trouble):
                return DiskFullError(self.path)
            return StatementError(first_line(str(trouble)))
        if self.failure is None:
            self.failure = InvalidatedError(self.path, first_line(str(trouble)).removeprefix("FATAL Error: "))
        return self.failure

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Give a new session inside one transaction; see `transaction`."""
        with self.reading() as session, self.transaction(session):
            yield session

    @contextmanager
    def writing_if_free(self) -> Iterator[Session | None]:
        """Give the same without waiting: None if the warehouse is read-only or another writer is active."""
        lock = _writers[self.path]
        if self.is_read_only or not lock.acquire(blocking=False):
            yield None
            return
        try:
            with self.reading() as session:
                self._lock.require_held()
                if not self._begin_if_free(session):
                    yield None
                    return
                with self._in_transaction(session):
                    yield session
        finally:
            lock.release()

    @contextmanager
    def transaction(self, session: Session) -> Iterator[None]:
        """Run the block in one transaction, which is rolled back if anything is raised.

        Waits for the process's other writer. The session's temporary tables stay.
        """
        with _writers[self.path], self._as_one(session):
            yield

    @contextmanager
    def _as_one(self, session: Session) -> Iterator[None]:
        self._lock.require_held()
        self._begin(session)
        with self._in_transaction(session):
            yield

    @contextmanager
    def _in_transaction(self, session: Session) -> Iterator[None]:
        """Commit at the end, or roll back."""
        try:
            yield
            self._lock.require_held()
            session.execute("COMMIT")
        except BaseException:
            with suppress(StatementError):
                session.execute("ROLLBACK")
            raise

    def _begin(self, session: Session) -> None:
        """Start a transaction in which nobody else writes."""
        session.execute("BEGIN TRANSACTION")

    def _begin_if_free(self, session: Session) -> bool:
        """Start such a transaction, unless it would wait for another process; return whether it started."""
        self._begin(session)
        return True

    @contextmanager
    def importing(self) -> Iterator[None]:
        """Announce an import until the end of the block; for a file no other process needs to know."""
        yield

    @contextmanager
    def without_imports(self) -> Iterator[bool]:
        """Give whether no other process imports, and let none start until the end of the block."""
        yield True

    def forget_tables(self, session: Session) -> None:
        """Refresh cached tables and columns; in a file nobody else changes them."""

    def run_script(self, session: Session, script: str) -> None:
        """Run the statements of a migration."""
        session.execute(script)

    def query(self, name: str, **parameters: Value) -> list[dict[str, Any]]:
        """Return the rows of a statement in `sql/`; see `Session.query`."""
        with self.reading() as session:
            return session.query(name, **parameters)

    def rows(self, kind: type[RowT], /, **parameters: Value) -> list[RowT]:
        """Return the rows of a statement in `sql/`, typed; see `Session.rows`."""
        with self.reading() as session:
            return session.rows(kind, **parameters)

    def row(self, kind: type[RowT], /, **parameters: Value) -> RowT:
        """Return the one row of a statement that always gives one."""
        return self.rows(kind, **parameters)[0]

    def execute(self, text: str, parameters: Mapping[str, Value] | None = None) -> list[Row]:
        """Run one statement outside a transaction and return its rows."""
        with self.reading() as session:
            return session.execute(text, parameters)

    @property
    def _spool_root(self) -> Path:
        return spool_folder(self.path)

    @contextmanager
    def spool(self) -> Iterator[Path]:
        """Give an empty folder whose files SQL may read; it is gone afterwards."""
        root = self._spool_root
        try:
            root.mkdir(mode=FOLDER_OF_OWNER, parents=True, exist_ok=True)
            folder = Path(tempfile.mkdtemp(prefix=f"{os.getpid()}-", dir=root))
            try:
                yield folder
            finally:
                shutil.rmtree(folder, ignore_errors=True)
        except OSError as trouble:
            if trouble.errno not in DISK_REFUSES:
                raise
            raise MachineError(
                f"{root} cannot be written: {trouble.strerror}. Nothing of the file at hand is there, and everything before is. "
                "See to the disk, and do it again."
            ) from trouble

    def write_copy(self, path: Path) -> None:
        """Copy the current warehouse to another file; writers wait.

        Raises: MachineError. What is not in the file yet is in its log, which is copied too: nothing is written to the warehouse
        itself.
        """
        pairs = ((self.path, path), (write_ahead_log(self.path), write_ahead_log(path)))
        with _writers[self.path]:
            files = [str(file) for source, target in pairs if source.exists() for file in (source, target)]
            copying = subprocess.run(  # noqa: S603 - our own interpreter
                [sys.executable, "-I", "-S", "-c", COPY_FILES, *files], check=False, capture_output=True, text=True
            )
        if copying.returncode:
            raise MachineError(f"{path} cannot be written: {end_sentence(_last_line(copying.stderr))}")

    def close(self) -> None:
        """Write pending data to the file and release it."""
        self._connection.close()


@contextmanager
def open_warehouse(
    path: str | Path | PostgresAddress, *, read_only: bool = False, wait_seconds: float = 0
) -> Iterator[Warehouse]:
    """Open the warehouse, migrate its schema, lock its configuration, and close it at the end.

    read_only: open an existing warehouse beside other readers; nothing is migrated. wait_seconds: how long to wait for another
    process to release the file. Raises: WarehouseBusyError, if another process still holds it; InputError, if there is nothing to
    read; MachineError, if the file is not a warehouse or was written by a newer agentcost, or the database cannot be reached.
    """
    if isinstance(path, PostgresAddress):
        with import_module(IN_POSTGRES).connect_warehouse(path, read_only=read_only) as database:  # not needed for a file
            bring_up_to_date(database)
            yield database
        return
    file = Path(path).expanduser().resolve()
    _require_place(file, read_only=read_only)
    deadline = time.monotonic() + wait_seconds
    with ExitStack() as held:
        lock = _patiently(lambda: held.enter_context(hold_warehouse(file, is_shared=read_only)), deadline)
        warehouse = _patiently(lambda: Warehouse(file, lock, lambda: _connect(file, read_only=read_only)), deadline)
        held.callback(warehouse.close)
        if not read_only:
            _keep_private(file)
            _remove_left_overs(file)
        bring_up_to_date(warehouse)
        yield warehouse


def spool_folder(path: Path) -> Path:
    """Return the folder beside a warehouse file out of which SQL may read."""
    return path.with_name(f"{path.name}.spool")


def write_ahead_log(path: Path) -> Path:
    """Return the log file beside a warehouse."""
    return path.with_name(f"{path.name}.wal")


def schema_number(warehouse: Warehouse) -> int:
    """Return the number of the newest migration the warehouse has seen; 0 for an empty file."""
    with warehouse.reading() as session:
        is_known = session.value("SELECT count(*) FROM duckdb_tables() WHERE table_name = 'schema_migrations'")
        return int(session.value("SELECT coalesce(max(number), 0) FROM schema_migrations")) if is_known else 0


def _require_place(file: Path, *, read_only: bool) -> None:
    if file.is_dir():
        raise InputError(f"{file} is a folder. Name a file for the warehouse, for example {file / 'agentcost.duckdb'}.")
    if read_only and not file.exists():
        raise InputError(f"There is no warehouse at {file}. Import an export first: agentcost import FILE.")
    if not read_only:
        _make_folder(file.parent)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(mode=FOLDER_OF_OWNER, parents=True, exist_ok=True)
    except OSError as trouble:
        raise MachineError(f"The folder {folder} for the warehouse cannot be made: {trouble.strerror}.") from trouble


def _patiently(take: Callable[[], _Taken], deadline: float) -> _Taken:
    """Return the lock as soon as nobody else holds it. Raises: WarehouseBusyError, if somebody has it at the deadline."""
    while True:
        try:
            return take()
        except WarehouseBusyError:
            if time.monotonic() >= deadline:
                raise
            time.sleep(RETRY_SECONDS)


def _connect(file: Path, *, read_only: bool) -> duckdb.DuckDBPyConnection:
    try:
        connection = duckdb.connect(str(file), read_only=read_only)
    except duckdb.ConnectionException as trouble:
        raise WarehouseBusyError(file, "this process, which opened it another way") from trouble
    except duckdb.Error as trouble:
        if "Could not set lock" in str(trouble):
            raise WarehouseBusyError(file, _holder(str(trouble))) from trouble
        raise MachineError(f"{file} cannot be opened as a warehouse: {first_line(str(trouble))}") from trouble
    shut_the_doors(connection, file.with_name(f"{file.name}.spill"), spool_folder(file))
    return connection


def _keep_private(file: Path) -> None:
    """Remove others' permissions from an earlier umask; somebody else's file is left alone."""
    for one in (file, write_ahead_log(file)):
        with suppress(OSError):
            if one.stat().st_mode & OTHERS:
                one.chmod(OWNER_ONLY)


def _holder(message: str) -> str:
    found = HOLDER.search(message)
    return f"{Path(found['program']).name} (process {found['pid']})" if found else "another process"


def first_line(text: str) -> str:
    """Return the first line of what DuckDB says."""
    return text.strip().splitlines()[0]


def _last_line(text: str) -> str:
    return text.strip().splitlines()[-1] if text.strip() else "the process that copies it was stopped"


def shut_the_doors(connection: duckdb.DuckDBPyConnection, spill: Path, spool: Path) -> None:
    """Set and lock the required settings; a second opening in one process finds them locked already."""
    if connection.execute("SELECT current_setting('lock_configuration')").fetchone() == (True,):
        return
    for setting in (
        "python_enable_replacements = false",
        f"memory_limit = '{MEMORY_LIMIT}'",
        # Without these the service keeps the memory of an import. Source: duckdb issue 14087.
        "allocator_background_threads = true",
        "GLOBAL TimeZone = 'UTC'",
        "autoinstall_known_extensions = false",
        "autoload_known_extensions = false",
        "enable_progress_bar = true",
        "enable_progress_bar_print = false",
        f"temp_directory = {_quote(str(spill))}",
        f"allowed_directories = [{_quote(f'{spool}/')}]",
        "enable_external_access = false",
        "lock_configuration = true",
    ):
        connection.execute(f"SET {setting}")


def _quote(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _remove_left_overs(file: Path) -> None:
    """Empty the spool of killed processes; only the holder of the file may do so."""
    mine = f"{os.getpid()}-"
    for folder in spool_folder(file).glob("*"):
        if not folder.name.startswith(mine):
            shutil.rmtree(folder, ignore_errors=True)


def bring_up_to_date(warehouse: Warehouse) -> None:
    """Run the migrations that a warehouse has not seen. Raises: MachineError, if it has seen one that nobody here knows."""
    scripts = {path.stem: path for path in migrations()}
    seen = _migrations_seen(warehouse)
    require_known(warehouse.name, seen, scripts)
    missing = [script for name, script in scripts.items() if name not in seen]
    if warehouse.is_read_only and missing:
        raise MachineError(
            f"{warehouse.name} has an older schema ({len(seen)} of {len(scripts)}). Run agentcost import once to update it."
        )
    for script in missing:
        _migrate(warehouse, script)
    with warehouse.reading() as session:
        warehouse.forget_tables(session)  # as they were known before another process migrated the warehouse
    warehouse.migrations = frozenset(scripts)


def require_known(name: str, seen: Collection[str], known: Collection[str]) -> None:
    """Raise MachineError, if a warehouse has seen migrations that are not known here."""
    if unknown := {*seen} - {*known}:
        raise MachineError(
            f"{name} was written by a newer agentcost (this one does not know its schema {max(unknown)}). "
            "Update agentcost to open it."
        )


def _migrations_seen(warehouse: Warehouse) -> set[str]:
    """Return the names of the migrations that a warehouse has seen."""
    if not schema_number(warehouse):
        return set()
    return {name for (name,) in warehouse.execute("SELECT name FROM schema_migrations ORDER BY name")}


def _migrate(warehouse: Warehouse, script: Path) -> None:
    with warehouse.writing() as session:
        warehouse.forget_tables(session)
        if script.stem in _migrations_seen(warehouse):  # another thread, or another machine, opened it at the same time
            return
        warehouse.run_script(session, script.read_text(encoding="utf-8"))
        session.execute(
            "INSERT INTO schema_migrations VALUES ($number, $name, $applied_at)",
            {"number": int(script.stem[:NUMBER_DIGITS]), "name": script.stem, "applied_at": datetime.now(UTC)},
        )


def _require_parameters(found: Statement, parameters: Mapping[str, Value]) -> None:
    wanted = {slot.name for slot in found.parameters}
    if wanted != set(parameters):
        raise TypeError(f"{found.name} takes {sorted(wanted)}, not {sorted(parameters)}")


def _bindable(value: Value) -> Value:
    """Return an instant as the naive UTC time that the warehouse stores."""
    if isinstance(value, datetime) and value.tzinfo:
        return value.astimezone(UTC).replace(tzinfo=None)
    return value


def _as_utc(value: Value) -> Value:
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) else value
