"""A separate connection, beside DuckDB's, for small messages between several services on a database."""

from __future__ import annotations

import threading
from contextlib import ExitStack, closing, contextmanager
from typing import TYPE_CHECKING

import psycopg

from core.errors import MachineError
from core.warehouse.advisory import connect, unreachable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.warehouse.address import PostgresAddress

PREPARING = 0x61637_003
"""A number of our own among the advisory locks of the database, beside those of `advisory.py`."""
WAIT_SECONDS = 2.0


class OwnConnection:
    """Connects on use, and reconnects if the connection broke; one thread uses it at a time."""

    def __init__(self, address: PostgresAddress, prepare: str) -> None:
        """Connect to nothing yet. prepare: SQL that creates missing tables."""
        self._address, self._prepare = address, prepare
        self._connection: psycopg.Connection | None = None
        self._guard = threading.Lock()

    @contextmanager
    def use(self) -> Iterator[psycopg.Connection]:
        """Give the connection. A thread waits briefly, for another may wait for an answer that never comes.

        Raises: MachineError.
        """
        if not self._guard.acquire(timeout=WAIT_SECONDS):
            raise MachineError(f"{self._address} does not answer.")
        try:
            yield self._connected()
        except psycopg.Error as trouble:
            if self._connection and self._connection.closed:  # else only a statement took too long: its locks must stay
                self._drop()
            raise unreachable(self._address, trouble) from None
        finally:
            self._guard.release()

    def close(self) -> None:
        """Disconnect."""
        with self._guard:
            self._drop()

    def _connected(self) -> psycopg.Connection:
        if self._connection:
            try:
                self._connection.execute("SELECT 1")
            except psycopg.Error:  # as after a database restart
                if not self._connection.closed:
                    raise
                self._drop()
        if self._connection is None:
            self._connection = self._connect()
        return self._connection

    def _connect(self) -> psycopg.Connection:
        with ExitStack() as unless_it_is_sound:
            connection = unless_it_is_sound.enter_context(closing(connect(self._address)))
            with connection.transaction():
                connection.execute("SELECT pg_advisory_xact_lock(%s)", (PREPARING,))
                connection.execute(self._prepare.encode())
            connection.execute("SET statement_timeout = '2s'")
            unless_it_is_sound.pop_all()
        return connection

    def _drop(self) -> None:
        if self._connection:
            self._connection.close()
            self._connection = None
