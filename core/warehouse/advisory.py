"""PostgreSQL locks that outlive a transaction: who imports files, and which service sends and keeps the schedule.

A lock is held by its own connection, and ends with it, however the process ends. The sending service sends a heartbeat every two
seconds. PostgreSQL ends a connection after twelve seconds of silence; by then that service has ended itself, because it has heard
nothing for eight. So two never send at the same time, even if one is cut off or was asleep.
"""

from __future__ import annotations

import threading
import time
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

import psycopg

from core.errors import MachineError, end_sentence
from core.warehouse.address import hide_password, with_timeouts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from core.warehouse.address import PostgresAddress

IMPORTING, SERVING = 0x61637_001, 0x61637_002
"""Our numbers among the database's advisory locks."""
BEAT_SECONDS, SILENT_SECONDS, GIVEN_UP = 2.0, 8.0, "12s"
FIND_SERVICE = """
    SELECT coalesce(host(client_addr), 'this machine'), backend_start
    FROM pg_locks JOIN pg_stat_activity USING (pid)
    WHERE locktype = 'advisory' AND classid = 0 AND objid = %s AND granted
    ORDER BY backend_start
"""


@contextmanager
def hold_import(address: PostgresAddress) -> Iterator[None]:
    """Announce an import until the end of the block; any number may run at a time. Raises: MachineError."""
    with _connect(address) as connection:
        connection.execute("SELECT pg_advisory_lock_shared(%s)", (IMPORTING,))
        yield


@contextmanager
def keep_imports_out(address: PostgresAddress) -> Iterator[bool]:
    """Give whether no import runs anywhere; if so, none starts until the end of the block. Raises: MachineError."""
    with _connect(address) as connection:
        row = connection.execute("SELECT pg_try_advisory_lock(%s)", (IMPORTING,)).fetchone()
        yield bool(row and row[0])


@contextmanager
def _connect(address: PostgresAddress) -> Iterator[psycopg.Connection]:
    with closing(connect(address)) as connection:
        yield connection


def connect(address: PostgresAddress) -> psycopg.Connection:
    """Return a connection that commits each statement. Raises: MachineError."""
    try:
        return psycopg.connect(with_timeouts(address), autocommit=True)
    except psycopg.Error as trouble:
        raise unreachable(address, trouble) from None


def unreachable(address: PostgresAddress, trouble: psycopg.Error) -> MachineError:
    """Return that the database cannot be reached, and why, without its password."""
    return MachineError(f"{address} cannot be reached: {end_sentence(_first_line(trouble))} See that PostgreSQL runs.")


def _first_line(trouble: psycopg.Error) -> str:
    return hide_password(str(trouble)).strip().partition("\n")[0] or type(trouble).__name__


def find_service(address: PostgresAddress) -> tuple[str, datetime] | None:
    """Return where the sending service is, and since when; None without one. Raises: MachineError."""
    with _connect(address) as connection:
        return connection.execute(FIND_SERVICE, (SERVING,)).fetchone()


class ServiceTurn:
    """Decides which of the services on one database sends messages and keeps the schedule."""

    def __init__(self, address: PostgresAddress, lost: Callable[[str], None]) -> None:
        """Hold nothing yet.

        lost: called in a thread with the reason as soon as this may no longer be the one; it must end the process.
        """
        self._address, self._lost = address, lost
        self._held: tuple[psycopg.Connection, _Heartbeat] | None = None

    def take(self) -> str:
        """Try to become the one; return why that failed, empty on success. Does not wait for another to end."""
        if self._held:
            return ""
        try:
            connection = _take_turn(self._address)
        except MachineError as trouble:
            return str(trouble)
        if connection is None:
            return f"Another service on {self._address} sends messages and keeps the schedule; this one answers."
        beat = _Heartbeat(self._address, connection, self._lost)
        beat.start()
        self._held = connection, beat
        return ""

    def give_back(self) -> None:
        """Let another become the one."""
        if self._held:
            connection, beat = self._held
            beat.stop()
            connection.close()
            self._held = None


def _take_turn(address: PostgresAddress) -> psycopg.Connection | None:
    connection = connect(address)
    try:
        connection.execute(f"SET idle_session_timeout = '{GIVEN_UP}'")
        row = connection.execute("SELECT pg_try_advisory_lock(%s)", (SERVING,)).fetchone()
    except psycopg.Error as trouble:
        connection.close()
        raise unreachable(address, trouble) from None
    if row and row[0]:
        return connection
    connection.close()
    return None


class _Heartbeat:
    """Sends heartbeats, and checks that they arrive."""

    def __init__(self, address: PostgresAddress, connection: psycopg.Connection, lost: Callable[[str], None]) -> None:
        self._address, self._connection, self._lost = address, connection, lost
        self._heard, self._over = time.monotonic(), threading.Event()

    def start(self) -> None:
        """Start. Two threads: one may wait for an answer that never comes."""
        for work in (self._beat, self._watch):
            threading.Thread(target=work, daemon=True).start()

    def stop(self) -> None:
        """Stop the heartbeats."""
        self._over.set()

    def _beat(self) -> None:
        while not self._over.wait(BEAT_SECONDS):
            said = time.monotonic()
            try:
                self._connection.execute("SELECT 1")
            except psycopg.Error as trouble:
                self._end(_first_line(trouble))
                return
            self._heard = said

    def _watch(self) -> None:
        while not self._over.wait(BEAT_SECONDS / 4):
            if time.monotonic() - self._heard > SILENT_SECONDS:
                self._end(f"nothing was heard of it for {SILENT_SECONDS:.0f} s")

    def _end(self, why: str) -> None:
        if not self._over.is_set():
            self._lost(f"{self._address} was lost: {end_sentence(why)} The service ends, because another may take over.")
